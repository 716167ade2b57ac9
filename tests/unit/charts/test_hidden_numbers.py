"""What is hidden is not drawn, not written, not ranked, and nobody can tell why it is hidden."""

import json

import pytest

from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.key_figures import key_figures
from pipelines.charts.panel_chart import panel_chart
from pipelines.charts.trend_chart import trend_chart
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import ReleaseCell
from pipelines.language import NO_BREAK_SPACE, Language
from tests.hidden_release import HIDING, hide, hide_codes, public_release
from tests.made_up_release import (
    AGE,
    FORM,
    by_year,
    cross_table,
    dimension,
    made_up_tables,
    table,
)

FRENCH, ENGLISH = Language("fr"), Language("en")
FRUIT = dimension("fruit", {"pomme": "Pomme", "figue": "Figue", "datte": "Datte"})
FRUITS = table("fruits", FRUIT, {"pomme": 60, "figue": 30, "datte": 9, "refus": 11}, total=110)


def draw(source, language=ENGLISH):
    if source.id.endswith("_by_year"):
        return trend_chart(source, language)
    return bar_chart(source, language) if len(source.dimensions) == 1 else panel_chart(source, language)


def drawn(chart):
    return [value for trace in chart.figure["data"] for value in trace["x"]]


def text_of(chart):
    return " ".join((chart.title, chart.subtitle, chart.alternative, chart.missing, *chart.notes))


@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
def test_a_chart_has_as_many_bars_as_shown_cells(hiding):
    source = hide(by_year(FRUITS), hiding)
    chart = draw(source)
    answers = [
        one for one in source.cells if one.codes[1] in FRUIT.by_code and not FRUIT.by_code[one.codes[1]].is_missing
    ]
    shown = [one for one in answers if one.value is not None]

    assert (chart.figure is None) == (not shown)
    if shown:
        assert sorted(value for value in drawn(chart) if value is not None) == sorted(one.value for one in shown)
        assert drawn(chart).count(None) == len(answers) - len(shown)


def test_no_answer_is_said_to_be_the_largest_while_another_is_hidden():
    chart = bar_chart(hide_codes(FRUITS, "figue"), ENGLISH)

    assert "Highest" not in chart.alternative
    assert "Lowest" not in chart.alternative
    assert "Largest of the numbers shown: Pomme" in chart.alternative


def test_no_cell_of_a_cross_table_is_said_to_be_the_largest_while_another_is_hidden():
    source = hide_codes(cross_table("croisé", AGE, FRUIT, lambda a, b: 6 + len(a)), "figue")

    assert "Largest number shown: " in panel_chart(source, ENGLISH).alternative


def test_no_class_of_a_year_is_said_to_be_the_largest_while_another_is_hidden():
    source = hide(by_year(FRUITS), lambda one: one.codes == ("2023-2024", "figue"))

    assert "Largest number shown in 2023-2024: Pomme" in trend_chart(source, ENGLISH).alternative


def test_zeros_beside_hidden_cells_are_not_said_to_be_all():
    chart = bar_chart(hide_codes(table("fruits", FRUIT, {"datte": 9}), "datte"), ENGLISH)

    assert "No case" not in chart.alternative


def test_answers_that_are_all_missing_are_cases():
    chart = bar_chart(table("fruits", FRUIT, {"refus": 9}, total=9), ENGLISH)

    assert "No case" not in chart.alternative


def test_hidden_rows_come_last_and_by_name_whatever_they_hide():
    sizes = dimension("taille", {"z": "Zeste", "a": "Amande", "m": "Mangue", "b": "Banane"})
    chart = bar_chart(hide_codes(table("t", sizes, {"z": 900, "a": 1, "m": 7, "b": 2}), "z", "a", "b"), FRENCH)

    assert [row.label for row in chart.table.rows[:4]] == ["Mangue", "Amande", "Banane", "Zeste"]


def test_an_axis_ends_after_the_longest_bar_that_is_shown():
    smaller = table("fruits", FRUIT, {"pomme": 2, "figue": 30, "datte": 9, "refus": 11}, total=110)

    with_large, without = (bar_chart(hide_codes(source, "pomme"), FRENCH) for source in (FRUITS, smaller))

    assert with_large.figure["layout"]["xaxis"]["range"] == without.figure["layout"]["xaxis"]["range"]
    assert with_large.narrow == without.narrow


def test_details_are_shown_under_a_hidden_class():
    source = next(one for one in made_up_tables() if one.id == "relationship")
    rows = bar_chart(hide_codes(source, "classe_famille"), FRENCH).table.rows
    place = next(place for place, row in enumerate(rows) if row.label == "Famille proche")

    assert rows[place].cells[0].text == "s"
    assert [row.cells[0].text for row in rows[place + 1 : place + 4]] == ["20", "14", "1"]


def test_no_percentage_is_written_where_its_base_is_hidden():
    chart = bar_chart(hide_codes(FRUITS, "figue", "refus"), FRENCH)

    assert "%" not in json.dumps(chart.figure["layout"]["annotations"]) + chart.alternative + chart.subtitle
    assert {row.cells[1].text for row in chart.table.rows} == {""}


def test_no_share_of_several_answers_is_written_where_the_total_is_hidden():
    source = table("formes", FORM, {"penetration": 90, "attouchements": 110}, total=162)

    chart = bar_chart(hide_codes(source, TOTAL), FRENCH)

    assert f"{NO_BREAK_SPACE}%" not in json.dumps(chart.table.rows, default=vars, ensure_ascii=False)


def test_a_total_is_told_even_where_the_number_with_an_answer_is_hidden():
    chart = bar_chart(hide_codes(FRUITS, "figue", "refus"), ENGLISH)

    assert chart.subtitle == "2023-2024; 110 requests; the number with an answer is hidden"


def test_hidden_missing_answers_are_not_none():
    chart = bar_chart(hide_codes(FRUITS, "refus", "non_demande"), ENGLISH)

    assert chart.missing == "No answer: the number is hidden."


def test_missing_answers_hidden_in_every_year_are_told_once():
    chart = trend_chart(hide_codes(by_year(FRUITS), "refus", "non_demande"), ENGLISH)

    assert chart.missing == "No answer: the number is hidden."


def test_totals_of_years_are_told_where_every_number_with_an_answer_is_hidden():
    chart = trend_chart(hide_codes(by_year(FRUITS), "figue", "refus"), ENGLISH)

    totals = "(2021-2022: 106; 2022-2023: 108; 2023-2024: 110)"
    assert chart.subtitle == f"Number of requests {totals}; the number with an answer is hidden"
    assert chart.alternative.startswith(f"Bars by year, requests {totals}.")


def test_a_hidden_year_is_said_in_a_word():
    chart = trend_chart(hide_codes(by_year(FRUITS), "2022-2023"), ENGLISH)

    assert "2022-2023: hidden number" in chart.subtitle
    assert "2022-2023: hidden number" in chart.alternative


def test_a_table_of_which_nothing_can_be_drawn_keeps_its_total():
    chart = bar_chart(hide(FRUITS, HIDING["all but the totals"]), ENGLISH)

    assert chart.figure is None
    assert "hidden to protect people" in chart.alternative
    assert chart.table.rows[-1].cells[0].text == "110"


@pytest.mark.parametrize("hidden", [("pomme",), ("figue",)], ids=["large", "small"])
def test_the_sign_is_explained_beside_the_chart(hidden):
    assert "s: number hidden to protect people." in bar_chart(hide_codes(FRUITS, *hidden), ENGLISH).notes


def test_a_chart_that_hides_nothing_explains_no_sign():
    assert "s: number" not in text_of(bar_chart(FRUITS, ENGLISH))


def test_a_hidden_year_of_a_key_figure_is_said_in_a_word():
    release = public_release(tables=(FRUITS, hide_codes(by_year(FRUITS), "2022-2023")))

    [figure] = key_figures(release, ENGLISH).figures

    assert figure.comparison == ("2021-2022: 106", "2022-2023: hidden number")


@pytest.mark.parametrize("status", [status for status in CellStatus if status is not CellStatus.SHOWN])
def test_a_cell_that_is_not_shown_can_carry_no_number(status):
    with pytest.raises(ValueError, match="if, and only if"):
        ReleaseCell(("pomme",), 3, status)
