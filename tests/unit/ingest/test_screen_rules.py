"""One identifier among thousands of cells is found, whatever its kind; what only looks like one passes."""

import random

import polars as pl
import pytest

from pipelines.ingest.read_export import RawTable
from pipelines.ingest.screen_identifiers import IdentifierKind, Place, screen_identifiers
from pipelines.language import Language

ROWS = 400
RELATIONS = ("Père", "Oncle", "Voisin", "Ami de la famille", "Conjoint", "Ne sait pas")
PLACES = (
    "Joliette",
    "Robert-Cliche",
    "Pierre-De Saurel",
    "Marguerite-D'Youville",
    "Saint-Charles-Borromée",
    "Ville-Marie",
)


def words(*listed: str, seed: int = 1) -> list[str]:
    return random.Random(seed).choices(listed, k=ROWS)


def numbers(length: int, seed: int = 2) -> list[str]:
    chance = random.Random(seed)
    return [str(chance.randint(10 ** (length - 1), 10**length - 1)) for _ in range(ROWS)]


def found(columns: dict[str, list[str]], name: str = "demandes.csv") -> list[tuple[IdentifierKind, tuple[int, ...]]]:
    table = RawTable(name, "0" * 64, "utf-8", pl.DataFrame(columns))
    return [(finding.kind, finding.rows) for finding in screen_identifiers(table)]


PLANTED = [
    ("m.tremblay@exemple.org", IdentifierKind.EMAIL),
    ("m.tremblay (at) exemple.org", IdentifierKind.EMAIL),
    ("https://exemple.org/marie", IdentifierKind.WEB_ADDRESS),
    ("@marie.tremblay", IdentifierKind.WEB_ADDRESS),
    ("450 755-0123", IdentifierKind.PHONE),
    ("450.755.0123 poste 12", IdentifierKind.PHONE),
    ("4507550123", IdentifierKind.PHONE),
    ("+33 6 12 34 56 78", IdentifierKind.PHONE),
    ("tél. 755-0123", IdentifierKind.PHONE),
    ("TREM 8552 1514", IdentifierKind.HEALTH_INSURANCE_NUMBER),
    ("trem85021514", IdentifierKind.HEALTH_INSURANCE_NUMBER),
    ("TREM 85O2 1514", IdentifierKind.HEALTH_INSURANCE_NUMBER),
    ("046 454 286", IdentifierKind.SOCIAL_INSURANCE_NUMBER),
    ("046454286", IdentifierKind.SOCIAL_INSURANCE_NUMBER),
    ("J6E\u00a03Z1", IdentifierKind.POSTAL_CODE),
    ("j6e3z1", IdentifierKind.POSTAL_CODE),
    ("1985-03-12", IdentifierKind.BIRTH_DATE),
    ("née le 12 mars 1985", IdentifierKind.BIRTH_DATE),
    ("12 mars 1985", IdentifierKind.BIRTH_DATE),
    ("Marie Tremblay", IdentifierKind.PERSON_NAME),
    ("TREMBLAY, Marie", IdentifierKind.PERSON_NAME),
    ("marie tremblay", IdentifierKind.PERSON_NAME),
    ("Mme Ouellet", IdentifierKind.PERSON_NAME),
    ("Oksana Kowalczyk", IdentifierKind.PERSON_NAME),
    ("123, rue Notre-Dame, app. 4", IdentifierKind.ADDRESS),
    ("45 5e Avenue", IdentifierKind.ADDRESS),
    ("12 Elm Road", IdentifierKind.ADDRESS),
    ("C.P. 123", IdentifierKind.ADDRESS),
    ("705-01-123456-231", IdentifierKind.FILE_NUMBER),
    ("plainte no 2301234", IdentifierKind.FILE_NUMBER),
    ("T6524-150685-02", IdentifierKind.FILE_NUMBER),
    ("Elle a peur de le croiser à l'école.", IdentifierKind.FREE_TEXT),
    ("Ne pas laisser de message sur la boîte vocale. Rappeler mardi.", IdentifierKind.FREE_TEXT),
]


@pytest.mark.parametrize(("value", "kind"), PLANTED)
def test_one_cell_among_the_words_of_a_list_is_found_with_its_row(value: str, kind: IdentifierKind) -> None:
    cells = words(*RELATIONS)
    cells[41] = value

    assert (kind, (43,)) in found({"Lien": cells})


@pytest.mark.parametrize(("value", "kind"), PLANTED)
def test_one_cell_among_case_numbers_is_found_with_its_row(value: str, kind: IdentifierKind) -> None:
    cells = [f"D23-{number:05d}" for number in range(ROWS)]
    cells[41] = value

    assert (kind, (43,)) in found({"No demande": cells})


@pytest.mark.parametrize(
    "cells",
    [
        numbers(9),
        numbers(10),
        [str(514_000_0000 + number) for number in range(ROWS)],
        [str(100_000_000 + 7 * number) for number in range(ROWS)],
        [f"CALA{20230000 + number}" for number in range(ROWS)],
        [f"A{number % 10}B{number // 10 % 10}D{number // 100}" for number in range(ROWS)],
        words("Rose", "Marin", "Noël", "Olivier", "Pierre", "Claire"),
        words(*PLACES),
        words("Centre Marie-Vincent", "Hôpital Pierre-Le Gardeur", "Maison Marguerite", "CLSC"),
        words("2023-04-17", "2023-05-02", "2022-11-30"),
        ["257.6530709", *(f"{number / 7:.7f}" for number in range(1, ROWS))],
        words("0,25", "1,5", "12"),
        words("Personne en position d'autorité (enseignant, entraîneur)", "Membre de la famille"),
    ],
    ids=(
        "9 digits", "10 digits", "in order, 514", "in order", "letters and year", "A1B2D3", "words that are names",
        "places", "services", "dates", "averages", "hours", "long labels",
    ),
)  # fmt: skip
def test_a_column_that_only_looks_like_it_passes(cells: list[str]) -> None:
    assert found({"Valeur": cells}) == []


def test_a_rare_word_that_is_a_given_name_passes() -> None:
    cells = words("Bleu", "Vert", "Jaune")
    cells[7] = "Rose"

    assert found({"Couleur": cells}) == []


def test_a_column_of_social_insurance_numbers_is_beyond_chance() -> None:
    def valid(number: int) -> str:
        digits = [int(figure) for figure in f"{number:08d}"]
        total = sum(figure if place % 2 == 0 else sum(divmod(2 * figure, 10)) for place, figure in enumerate(digits))
        return f"{number:08d}{-total % 10}"

    cells = [valid(int(number)) for number in numbers(8)]

    assert [kind for kind, _ in found({"Code": cells})] == [IdentifierKind.SOCIAL_INSURANCE_NUMBER]


def test_a_column_of_telephones_without_separators_is_found() -> None:
    chance = random.Random(3)
    cells = [
        f"{chance.choice((450, 514, 438, 819))}{chance.randint(200, 999)}{chance.randint(0, 9999):04d}"
        for _ in range(ROWS)
    ]

    assert [kind for kind, _ in found({"Code": cells})] == [IdentifierKind.PHONE]


def test_a_column_of_names_is_found_whatever_its_header() -> None:
    chance = random.Random(4)
    cells = [
        f"{chance.choice(('Julie', 'Karine', 'Sophie'))} {chance.choice(('Roy', 'Gagnon', 'Vézina'))}"
        for _ in range(ROWS)
    ]

    assert IdentifierKind.PERSON_NAME in [kind for kind, _ in found({"Champ 3": cells})]


def test_a_column_of_comments_is_free_text() -> None:
    cells = [f"Rappeler la cliente le {number}, elle préfère le matin." for number in range(ROWS)]

    assert IdentifierKind.FREE_TEXT in [kind for kind, _ in found({"Champ 3": cells})]


def test_the_day_from_which_the_age_is_counted_is_a_birth_date() -> None:
    chance = random.Random(5)
    ages = [chance.randint(12, 80) for _ in range(ROWS)]
    columns = {
        "Date 1": [f"2023-06-{chance.randint(1, 28):02d}" for _ in ages],
        "Date 2": [f"{2022 - age}-09-{chance.randint(1, 28):02d}" for age in ages],
        "Âge": [str(age) for age in ages],
    }

    assert [kind for kind, _ in found(columns)] == [IdentifierKind.BIRTH_DATE]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Contact par courriel", ["Oui", "Non", ""]),
        ("Téléphone", ["3", "12", "1"]),
        ("Année de naissance", ["1985", "1990", ""]),
        ("Nom de l'organisme", ["CAVAC", "CLSC", "DPJ"]),
        ("LOCATION_NAME", ["Bar", "Hotel", "Field"]),
        ("pais_nacimiento", ["Argentina", "Bolivia", "Perú"]),
        ("Nom", ["", "", ""]),
        ("Passeport perdu", ["12", "0", "3"]),
        ("cell_precision", ["0.98761234", "1", "0.5"]),
    ],
)
def test_a_header_that_its_cells_deny_passes(header: str, cells: list[str]) -> None:
    assert found({header: cells}) == []


def test_a_first_line_of_data_in_the_place_of_the_header_is_found_and_not_repeated() -> None:
    table = RawTable("a.csv", "0" * 64, "utf-8", pl.DataFrame({"No": ["1"], "450 755-0123": ["x"]}))

    told = screen_identifiers(table)

    assert [(finding.place, finding.column) for finding in told] == [(Place.HEADER, "2")]
    assert "755" not in Language("fr").text(told[0].message())


def test_the_name_of_a_file_can_be_an_identifier() -> None:
    assert [kind for kind, _ in found({"No": ["1"]}, "dossier_Marie_Tremblay.csv")] == [IdentifierKind.PERSON_NAME]


@pytest.mark.parametrize(
    "name", ["demandes.csv", "export_2023-2024.csv", "llamados_atendidos_2019.csv", "Agressions (2).csv"]
)
def test_the_name_of_a_file_is_mostly_none(name: str) -> None:
    assert found({"No": ["1"]}, name) == []
