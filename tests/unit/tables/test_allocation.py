"""What each audience claims: counts by funder put together, nothing twice, and the whole ledger in the end."""

from dataclasses import replace

import pytest

from pipelines.errors import QualityGateFailed
from pipelines.language import Language, Text
from pipelines.tables.allocation import Claim, claimed_tables, require_claimed_once
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.tables.table_spec import AllocationSettings
from pipelines.units import Unit

TEXT = Text("texte", "text")
PSOC = Claim("psoc", Text("PSOC", "PSOC"), ("psoc",))
STATE = Claim("etat", Text("État", "State"), ("msp", "scf"))
SETTINGS = AllocationSettings.model_validate(
    {
        **dict.fromkeys(("dimension", "without_profile", "not_allocated", "note"), {"fr": "texte", "en": "text"}),
        "table": [{"id": "claimed", "of": "by_funder", "ledger": "ledger", "title": {"fr": "titre", "en": "title"}}],
    }
)
HOURS = {"psoc": 600, "msp": 120, "scf": 60, "dons": 30, "non_disponible": 15}


def counted(table_id: str, counts: dict[str, int], total: int, missing: tuple[str, ...] = ()) -> CountTable:
    codes = tuple(TableCode(code, TEXT, is_missing=code in missing) for code in counts)
    cells = [CountedCell((code,), count, 0) for code, count in {**counts, "_total": total}.items()]
    side = TableDimension("funder", TEXT, codes)
    return CountTable(table_id, TEXT, Unit.WORK_MINUTE, TEXT, TEXT, "2023-2024", (side,), tuple(cells), (), True)


BY_FUNDER = counted("by_funder", HOURS, 825, missing=("non_disponible",))
LEDGER = counted("ledger", {"tache": 825}, 825)


def claimed(*claims: Claim, ledger: CountTable = LEDGER) -> dict[str, int]:
    [table] = claimed_tables((BY_FUNDER, ledger), claims, SETTINGS)
    return {cell.codes[0]: cell.count for cell in table.cells}


def test_each_audience_claims_the_hours_of_its_funders_and_the_rest_is_told_apart() -> None:
    assert claimed(PSOC, STATE) == {
        "psoc": 600,
        "etat": 180,
        "_without_profile": 30,
        "_not_allocated": 15,
        "_total": 825,
    }


def test_without_an_audience_that_claims_everything_is_told_apart() -> None:
    assert claimed() == {"_without_profile": 810, "_not_allocated": 15, "_total": 825}


def test_hours_that_two_audiences_claim_stop_the_report() -> None:
    with pytest.raises(QualityGateFailed) as stop:
        claimed(PSOC, STATE, Claim("double", TEXT, ("scf",)))

    assert "etat, double" in stop.value.one_line(Language("en"))


def test_the_same_funder_twice_in_one_audience_is_found_too() -> None:
    with pytest.raises(QualityGateFailed):
        require_claimed_once([Claim("etat", TEXT, ("msp", "msp"))])


@pytest.mark.parametrize("total", [824, 826])
def test_hours_that_are_not_the_ledgers_stop_the_report(total: int) -> None:
    with pytest.raises(QualityGateFailed) as stop:
        claimed(PSOC, STATE, ledger=counted("ledger", {"tache": total}, total))

    assert "claimed" in stop.value.one_line(Language("en"))


def test_hours_that_the_funders_do_not_add_up_to_stop_the_report() -> None:
    lost = replace(BY_FUNDER, cells=tuple(cell for cell in BY_FUNDER.cells if cell.codes != ("scf",)))

    with pytest.raises(QualityGateFailed):
        claimed_tables((lost, LEDGER), (PSOC, STATE), SETTINGS)


def test_what_the_export_does_not_tell_is_not_claimed() -> None:
    absent = replace(BY_FUNDER, cells=(), is_collected=False)

    [table] = claimed_tables((absent, LEDGER), (PSOC,), SETTINGS)

    assert (table.is_collected, table.cells) == (False, ())


def test_a_catalogue_without_an_allocation_has_no_such_table() -> None:
    assert claimed_tables((BY_FUNDER, LEDGER), (PSOC,), None) == ()
