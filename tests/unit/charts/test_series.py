"""Years that are not alike: a break, a year covered in part. What is drawn says so, and no sentence tells a fall."""

import json
from dataclasses import replace

import pytest

from pipelines import show_comparison, show_series
from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.comparable_years import first_comparable, hatched_years
from pipelines.charts.key_figures import key_figures
from pipelines.charts.series_chart import series_chart
from pipelines.charts.trend_chart import trend_chart
from pipelines.codes import TOTAL
from pipelines.language import NO_BREAK_SPACE, Language, Text
from pipelines.tables.dimension import TableCode
from pipelines.units import Unit
from tests.made_up_release import YEARS, by_year, cell, dimension, made_up_release, table

FRENCH, ENGLISH = Language("fr"), Language("en")
FRUIT = dimension("fruit", {"pomme": "Pomme", "figue": "Figue"}, missing=())
HALF = Text("couverte à 50,0\u00a0%", "50.0% of it covered")


def years_of(counts, *, unit=Unit.MEETING, label="rencontres", **marks):
    """A table by year, with these totals; `marks` gives a year its place, covered in part (`part`) or after a break."""
    compared = by_year(table("fruits", FRUIT, {"pomme": 1}))
    codes = []
    for place, code in enumerate(compared.dimensions[0].codes):
        is_part = marks.get("part") == place
        words = Text(f"{code.code} ({HALF.fr})", f"{code.code} ({HALF.en})") if is_part else code.label
        codes.append(replace(code, label=words, is_part=is_part, is_after_break=marks.get("after_break") == place))
    cells = [
        cell((year, fruit), count)
        for year, count in zip(YEARS, counts, strict=True)
        for fruit in ("pomme", "figue", TOTAL)
    ]
    side = replace(compared.dimensions[0], codes=tuple(codes))
    label = Text(label, f"{label} (en)")
    return replace(
        compared, cells=tuple(cells), dimensions=(side, FRUIT), unit=unit, unit_label=label, id="fruits_by_year"
    )


def told(chart) -> str:
    return json.dumps([chart.alternative, chart.notes, chart.subtitle], ensure_ascii=False)


def patterns(chart) -> list[bool]:
    return ["pattern" in trace["marker"] for trace in chart.figure["data"]]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [(100, 80, "en baisse de 20,0"), (80, 100, "en hausse de 25,0"), (80, 80, "comme avant")],
)
def test_two_whole_years_without_a_break_rise_or_fall(before, after, words):
    assert words in told(series_chart([years_of((90, before, after))], FRENCH))


@pytest.mark.parametrize("marks", [{"after_break": 2}, {"part": 2}, {"part": 1}])
@pytest.mark.parametrize("draw", [trend_chart, lambda one, language: series_chart([one], language)])
def test_nothing_falls_across_a_break_or_a_year_told_in_part(marks, draw):
    chart = draw(years_of((90, 100, 40), **marks), FRENCH)

    assert "en baisse" not in told(chart)
    assert "Hachuré" in chart.alternative
    assert any(patterns(chart))


def test_the_alternative_sets_the_last_year_beside_none_that_it_cannot_be_compared_with():
    chart = trend_chart(years_of((90, 100, 40), after_break=2), ENGLISH)

    assert "Largest in 2023-2024" in chart.alternative
    assert "; in 20" not in chart.alternative


def test_the_alternative_sets_the_last_year_beside_the_first_after_the_break():
    chart = trend_chart(years_of((90, 100, 40), after_break=1), ENGLISH)

    assert "; in 2022-2023: 100" in chart.alternative


def test_years_before_a_break_are_hatched_and_the_break_has_a_row_of_its_own():
    chart = series_chart([years_of((90, 100, 40), after_break=2)], FRENCH)

    assert patterns(chart) == [True, True, False]
    assert "rupture dans la série" in [note["text"] for note in chart.figure["layout"]["annotations"]]
    assert [trace["y"][0] for trace in chart.figure["data"]] == [0, 1, 3]


def test_the_coverage_of_a_year_stands_in_every_place_where_its_numbers_do():
    chart = trend_chart(years_of((90, 40, 100), part=1), FRENCH)

    assert "2022-2023 (couverte à 50,0" in chart.subtitle
    assert any("couverte à 50,0" in heading for heading in chart.table.header)
    assert any("couverte à 50,0" in note["text"] for note in chart.figure["layout"]["annotations"])
    assert "couverte à 50,0" in chart.alternative


def test_a_year_covered_in_part_says_so_in_its_own_charts():
    source = replace(table("fruits", FRUIT, {"pomme": 3}), coverage=HALF)

    chart = bar_chart(source, FRENCH)
    [figure] = key_figures(made_up_release(tables=(source,)), FRENCH).figures

    assert "couverte à 50,0" in chart.subtitle
    assert "couverte à 50,0" in chart.alternative
    assert "couverte à 50,0" in figure.explanation


def test_hours_of_a_series_are_written_and_drawn_as_hours():
    hours = years_of((60, 90, 120), unit=Unit.MEETING_MINUTE, label="heures")

    chart = series_chart([hours], FRENCH)

    assert [trace["x"][0] for trace in chart.figure["data"]] == [1, 1.5, 2]
    assert [one.text for one in chart.table.rows[0].cells] == [
        f"1{NO_BREAK_SPACE}h",
        f"1{NO_BREAK_SPACE}h{NO_BREAK_SPACE}30",
        f"2{NO_BREAK_SPACE}h",
    ]


def test_persons_who_may_be_in_several_lines_have_shares_of_all_the_persons():
    persons = years_of((40, 40, 40), unit=Unit.PERSON_MET, label="personnes")

    chart = trend_chart(persons, FRENCH)

    assert "plusieurs lignes" in chart.subtitle
    assert [row.cells[-1].text for row in chart.table.rows[:2]] == [f"40 (100,0{NO_BREAK_SPACE}%)"] * 2


def test_how_many_answers_are_known_is_told_by_year():
    asked = dimension("fruit", {"pomme": "Pomme"})
    chart = trend_chart(by_year(table("fruits", asked, {"pomme": 30, "refus": 10})), FRENCH)

    [note] = [note for note in chart.notes if note.startswith("Réponses connues")]
    assert f"2023-2024{NO_BREAK_SPACE}: 75,0{NO_BREAK_SPACE}%" in note


def test_a_table_without_a_whole_year_has_nothing_to_be_compared_with():
    release = made_up_release(tables=(table("fruits", FRUIT, {"pomme": 3}),))

    for chart in (show_comparison(release, "fruits", "fr"), show_series(release, ("fruits",), "fr")):
        assert chart.figure is None
        assert chart.alternative == FRENCH.say("Only one year is at hand: there is nothing to compare yet.")


def test_a_series_of_a_single_year_says_nothing_of_a_change():
    one = years_of((90, 100, 40))
    side = replace(one.dimensions[0], codes=one.dimensions[0].codes[-1:])
    chart = series_chart([replace(one, dimensions=(side, FRUIT))], FRENCH)

    assert "en baisse" not in told(chart)


def codes(*marks):
    return [TableCode(str(place), FRUIT.title, **mark) for place, mark in enumerate(marks)]


def test_a_year_told_in_part_parts_nothing_but_itself():
    years = codes({}, {"is_part": True}, {})

    assert hatched_years(years) == (False, True, False)
    assert first_comparable(years) == 0


def test_a_last_year_told_in_part_is_compared_with_none():
    assert first_comparable(codes({}, {}, {"is_part": True})) is None
