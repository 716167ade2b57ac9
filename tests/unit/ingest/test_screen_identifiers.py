"""What names a person is found by its form; what only looks like it passes."""

import polars as pl
import pytest

from pipelines.errors import InputRefused
from pipelines.ingest.read_export import RawTable
from pipelines.ingest.screen_identifiers import IdentifierKind, refuse_identifiers, screen_identifiers
from pipelines.language import Language


def table(**columns: list[str]) -> RawTable:
    return RawTable("demandes.csv", "0" * 64, "utf-8", pl.DataFrame(columns))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("m.tremblay@exemple.org", IdentifierKind.EMAIL),
        ("450 755-0123", IdentifierKind.PHONE),
        ("(450) 755-0123", IdentifierKind.PHONE),
        ("TREM 8552 1514", IdentifierKind.HEALTH_INSURANCE_NUMBER),
        ("trem85521514", IdentifierKind.HEALTH_INSURANCE_NUMBER),
        ("TREM 8532 1514", None),
        ("046 454 286", IdentifierKind.SOCIAL_INSURANCE_NUMBER),
        ("046 454 287", None),
        ("J6E 3Z1", IdentifierKind.POSTAL_CODE),
        ("j6e3z1", IdentifierKind.POSTAL_CODE),
        ("D2023-0417", None),
        ("2023-04-17 12:30:00", None),
        ("1 378,50", None),
    ],
)
def test_a_cell_is_known_by_its_form(value: str, kind: IdentifierKind | None) -> None:
    found = [finding.kind for finding in screen_identifiers(table(reponse=["x", value]))]

    assert found == ([kind] if kind else [])


@pytest.mark.parametrize("header", ["Nom", "Prénom", "Date de naissance", "Courriel", "No de téléphone", "NAM"])
def test_a_column_called_like_personal_data_is_found(header: str) -> None:
    assert [finding.kind for finding in screen_identifiers(table(**{header: ["x"]}))] == [IdentifierKind.NAMING_COLUMN]


@pytest.mark.parametrize("header", ["No demande", "Nombre de rencontres", "Type de demandeur", "Nomade"])
def test_a_column_that_only_looks_like_it_passes(header: str) -> None:
    assert screen_identifiers(table(**{header: ["x"]})) == ()


def test_the_refusal_tells_kind_column_and_rows_but_no_value() -> None:
    with pytest.raises(InputRefused) as caught:
        refuse_identifiers(table(note=["rien", "m.tremblay@exemple.org", "rien"]))

    told = caught.value.one_line(Language("fr"))
    assert "note" in told
    assert "3" in told
    assert "tremblay" not in told
