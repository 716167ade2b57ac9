"""From the tables of a document to printed figures."""

from decimal import Decimal

import pytest

from pipelines.ingest.read_document import PrintedTable
from pipelines.quality.printed_figure import COUNT, HOUR, PERCENT, Part
from pipelines.quality.read_figures import MONEY, parse_number
from pipelines.quality.report_figures import figures_of
from pipelines.quality.screen_tables import LONGEST_TABLE, screen_tables
from tests.made_up_figures import SETTINGS


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("178", "178", ""),
        ("1 378,5", "1378.5", ""),
        ("1\u00a0378,5", "1378.5", ""),
        ("33\u202f517", "33517", ""),
        ("1,378.5", "1378.5", ""),
        ("1378h30", "1378.5", HOUR),
        ("1 378 h 30", "1378.5", HOUR),
        ("0h45", "0.75", HOUR),
        ("229 h", "229", HOUR),
        ("36 heures", "36", HOUR),
        ("68,3\u00a0%", "68.3", PERCENT),
        ("2 750 $", "2750", MONEY),
        ("$2,750.00", "2750", MONEY),
        ("\u22123", "-3", ""),
    ],
)
def test_a_number_is_read_in_the_forms_of_a_french_report(text: str, value: str, unit: str) -> None:
    number = parse_number(text)

    assert number is not None
    assert (number.value, number.unit) == (Decimal(value), unit)


@pytest.mark.parametrize("text", ["", "-", "environ 230", "185+", "2023-2024", "12 à 15", "3h75", "1 37 8", "IVAC"])
def test_what_is_no_exact_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def read(rows: list[list[str]], caption: str = "Tableau") -> list[tuple[object, ...]]:
    table = PrintedTable("Section", caption, tuple(tuple(row) for row in rows))
    return [
        (figure.place.table, figure.row, figure.measure, figure.unit, figure.value, figure.part)
        for figure in figures_of([table], "rapport", SETTINGS.words)
    ]


def test_lines_columns_units_and_totals_are_recognised() -> None:
    rows = [["Type", "Personnes", "Heures", "%"], ["IVAC", "32", "73h30", "66,7"], ["Total", "48", "147", "100"]]

    assert read(rows) == [
        ("Tableau", "IVAC", "Personnes", COUNT, 32, Part.PART),
        ("Tableau", "IVAC", "Heures", HOUR, Decimal("73.5"), Part.PART),
        ("Tableau", "IVAC", "%", PERCENT, Decimal("66.7"), Part.PART),
        ("Tableau", "Total", "Personnes", COUNT, 48, Part.TOTAL),
        ("Tableau", "Total", "Heures", HOUR, 147, Part.TOTAL),
        ("Tableau", "Total", "%", PERCENT, 100, Part.TOTAL),
    ]


@pytest.mark.parametrize(
    ("label", "part"),
    [
        ("Total", Part.TOTAL),
        ("TOTAL DES HEURES", Part.TOTAL),
        ("Grand total", Part.TOTAL),
        ("Ensemble", Part.TOTAL),
        ("Sous-total", Part.SUBTOTAL),
        ("Interventions", Part.PART),
    ],
)
def test_the_words_of_a_line_say_what_it_is(label: str, part: Part) -> None:
    assert read([["", "Heures"], ["A", "1"], ["B", "3"], [label, "4"]])[-1][-1] is part


def test_headers_of_two_lines_and_years_are_names() -> None:
    rows = [["", "Femmes", "", ""], ["Lien", "2022", "2023", "2024"], ["Père", "1", "2", "3"]]

    assert [measure for _, _, measure, *_ in read(rows)] == ["Femmes 2022", "2023", "2024"]


def test_a_column_of_totals_is_audited_line_by_line_where_it_adds_up() -> None:
    rows = [["Lien", "Femmes", "Ados", "Total"], ["Père", "4", "3", "7"], ["Mère", "1", "1", "3"]]
    across = [found for found in read(rows) if found[0] == "Tableau (→)"]

    assert ("Tableau (→)", "Total", "Mère", COUNT, 3, Part.TOTAL) in across
    assert [found for found in read([*rows[:1], ["Père", "4", "3", "12"]]) if found[0] == "Tableau (→)"] == []


def test_the_number_of_answers_is_read_from_the_caption() -> None:
    rows = [["Énoncé", "oui", "non"], ["Utile", "74 %", "26 %"]]

    assert read(rows, "Rencontre 1 (n = 23)")[-1][1:] == ("n", "n", COUNT, 23, Part.FIGURE)


def test_shares_that_a_spreadsheet_keeps_below_one_are_percentages() -> None:
    rows = [["Lien", "Nombre", "Pourcentage"], ["A", "28", "0.682926829268293"], ["B", "13", "0.317073170731707"]]

    assert [value for _, _, measure, _, value, _ in read(rows) if measure == "Pourcentage"] == [
        Decimal("68.29"),
        Decimal("31.71"),
    ]


def test_lists_of_people_and_exports_are_left_out_and_told_by_number_alone() -> None:
    people = PrintedTable("", "", (("Qui", "Numéro"), ("A", "514 555-0142"), ("B", "450 555-0199")))
    export = PrintedTable("", "", tuple((str(row), "1") for row in range(LONGEST_TABLE + 1)))
    sound = PrintedTable("", "", (("École", "Élèves"), ("Thérèse-Martin", "19")))
    kept, notices = screen_tables([people, export, sound])

    assert kept == [sound]
    assert [notice.parameters["number"] for notice in notices] == ["1", "2"]


def test_commas_that_all_stand_before_three_digits_group_thousands() -> None:
    english = [["", "Persons"], ["A", "1,204"], ["B", "831"], ["Total", "2,035"]]
    french = [["", "Heures"], ["A", "1,5"], ["B", "8,125"]]

    assert [value for *_, value, _ in read(english)] == [1204, 831, 2035]
    assert [value for *_, value, _ in read(french)] == [Decimal("1.5"), Decimal("8.125")]


def test_a_line_that_only_begins_with_the_word_total_is_one_where_it_is_near_the_sum() -> None:
    indicators = [["", "Nombre"], ["Population", "2008"], ["Total des familles", "99"], ["Logements", "1300"]]
    hours = [["", "Heures"], ["A", "400"], ["B", "500"], ["Total des heures", "980"]]

    assert [part for *_, part in read(indicators)] == [Part.PART, Part.FIGURE, Part.PART]
    assert [part for *_, part in read(hours)] == [Part.PART, Part.PART, Part.TOTAL]
