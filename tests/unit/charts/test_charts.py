"""The three kinds of chart, seen from outside: what is drawn, what is written, what the table holds."""

import json
from dataclasses import replace

import pytest

from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.chart import MIME_CHART, MIME_PLOTLY
from pipelines.charts.key_figures import key_figures
from pipelines.charts.panel_chart import MOST_PANELS, panel_chart
from pipelines.charts.trend_chart import trend_chart
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.language import NO_BREAK_SPACE, Language
from tests.made_up_release import (
    AGE,
    FORM,
    MISSING,
    RELATIONSHIP,
    by_year,
    cell,
    cross_table,
    dimension,
    made_up_release,
    made_up_tables,
    not_collected,
    table,
)

FRENCH, ENGLISH = Language("fr"), Language("en")
FRUIT = dimension("fruit", {"pomme": "Pomme", "figue": "Figue", "datte": "Datte"})


def chart_of(source, language=FRENCH):
    if source.id.endswith("_by_year"):
        return trend_chart(source, language)
    return bar_chart(source, language) if len(source.dimensions) == 1 else panel_chart(source, language)


def drawn_values(chart):
    return [value for trace in chart.figure["data"] for value in trace["x"]]


def written(chart):
    return [note["text"] for note in chart.figure["layout"]["annotations"]]


@pytest.mark.parametrize("source", made_up_tables(), ids=lambda source: source.id)
@pytest.mark.parametrize("language", [FRENCH, ENGLISH], ids=lambda language: language.code)
def test_each_chart_has_a_title_with_its_unit_and_a_short_alternative(source, language):
    chart = chart_of(source, language)

    assert source.unit_label.in_language(language) in chart.title
    assert 0 < len(chart.alternative) <= 250
    assert "bdata" not in json.dumps(chart.payload())


def test_a_bar_carries_its_number_and_its_share():
    chart = bar_chart(table("fruits", FRUIT, {"pomme": 43, "figue": 106}), FRENCH)

    assert written(chart)[1] == f"43 (28,9{NO_BREAK_SPACE}%)"
    assert drawn_values(chart) == [106, 43, 0]


def test_bars_begin_at_zero():
    chart = bar_chart(table("fruits", FRUIT, {"pomme": 43, "figue": 40}), FRENCH)

    assert chart.figure["layout"]["xaxis"]["range"][0] == 0


def test_missing_answers_are_drawn_apart_and_in_another_colour():
    chart = bar_chart(table("fruits", FRUIT, {"pomme": 4, "figue": 3, "datte": 2, "refus": 100}), FRENCH)
    [trace] = chart.figure["data"]

    assert list(trace["x"]) == [4, 3, 2, 100]
    assert trace["y"][-1] - trace["y"][-2] > 1
    assert trace["marker"]["color"][-1] not in trace["marker"]["color"][:-1]
    assert written(chart)[-1] == "100"


def test_a_hidden_cell_has_no_bar_and_a_sign():
    source = table("fruits", FRUIT, {"pomme": 9, "figue": CellStatus.HIDDEN, "datte": 5}, total=20)

    chart = bar_chart(source, FRENCH)

    assert drawn_values(chart) == [9, 5, None]
    assert written(chart)[-1] == "s"
    assert "1" in chart.alternative
    assert chart.table.rows[2].cells[0].text == "s"
    assert chart.table.rows[2].cells[0].raw is None


def test_details_stand_under_their_class_in_the_table_alone():
    counts = {"classe_famille": 3, "pere": 2, "mere": 1, "classe_inconnu": 4, "inconnu": 4}

    chart = bar_chart(table("liens", RELATIONSHIP, counts), FRENCH)

    kinds = [(row.label, row.kind) for row in chart.table.rows]
    assert kinds[:2] == [("Inconnu", "answer"), ("Inconnu", "detail")]
    assert kinds[2:5] == [("Famille proche", "answer"), ("Père", "detail"), ("Mère", "detail")]
    assert len(drawn_values(chart)) == len(RELATIONSHIP.classes)


def test_the_alternative_holds_the_highest_and_the_lowest():
    chart = bar_chart(table("fruits", FRUIT, {"pomme": 43, "figue": 100, "datte": 6}), FRENCH)

    assert f"Figue, 100 (67,1{NO_BREAK_SPACE}%)" in chart.alternative
    assert f"Datte, 6 (4,0{NO_BREAK_SPACE}%)" in chart.alternative


def test_a_long_alternative_is_cut_between_sentences():
    long_names = dimension("noms", {"a": "Très " * 60, "b": "Long " * 60})

    chart = bar_chart(table("noms", long_names, {"a": 5, "b": 4}), FRENCH)

    assert len(chart.alternative) <= 250
    assert chart.alternative.endswith(".")


def test_a_table_that_is_not_collected_is_said_and_not_drawn():
    chart = bar_chart(not_collected("delay", FRUIT), FRENCH)

    assert chart.figure is None
    assert chart.table is None
    assert chart.alternative == FRENCH.say("Not collected: this centre's export does not hold this information.")
    assert "Le centre ne note pas la date de l'agression." in chart.notes
    assert MIME_PLOTLY not in chart._repr_mimebundle_()


def test_a_centre_without_a_case_has_a_chart():
    chart = bar_chart(table("fruits", FRUIT, {}), FRENCH)

    assert drawn_values(chart) == [0, 0, 0]
    assert [row.cells[0].text for row in chart.table.rows] == ["0"] * 6


def test_labels_of_a_chart_are_never_markup():
    evil = dimension("noms", {"a": "<img src=x onerror=alert(1)>", "b": "<b>gras</b>"})

    figure = json.dumps(bar_chart(table("noms", evil, {"a": 5}), FRENCH).figure)

    assert "<img" not in figure
    assert "<b>" not in figure


def test_several_answers_are_told():
    chart = bar_chart(table("formes", FORM, {"penetration": 90, "attouchements": 110}, total=162), ENGLISH)

    assert any("together they exceed 100%" in note for note in chart.notes)
    assert chart.table.header[-1] == "Share of the total"


def test_panels_share_one_scale_and_one_width():
    source = cross_table("croisé", AGE, RELATIONSHIP, lambda a, b: len(a) * len(b))

    layout = panel_chart(source, FRENCH).figure["layout"]

    axes = [layout[name] for name in layout if name.startswith("xaxis")]
    assert len(axes) == len(AGE.classes)
    assert len({tuple(axis["range"]) for axis in axes}) == 1
    assert len({round(axis["domain"][1] - axis["domain"][0], 6) for axis in axes}) == 1


def test_panels_hold_classes_and_their_table_the_missing_answers_too():
    source = cross_table("croisé", AGE, RELATIONSHIP, lambda a, b: 2)

    chart = panel_chart(source, FRENCH)

    assert len(drawn_values(chart)) == len(AGE.classes) * len(RELATIONSHIP.classes)
    assert [row.kind for row in chart.table.rows] == ["answer"] * 4 + ["missing"] * 2 + ["total"]
    assert len(chart.table.header) == 1 + len(RELATIONSHIP.classes) + len(MISSING) + 1


def test_a_hidden_cell_of_a_panel_has_a_sign():
    source = cross_table("croisé", AGE, FRUIT, lambda a, b: 6)
    hidden = ("groupe_12_17", "figue")
    cells = tuple(cell(one.codes, CellStatus.HIDDEN) if one.codes == hidden else one for one in source.cells)

    chart = panel_chart(replace(source, cells=cells), FRENCH)

    assert drawn_values(chart).count(None) == 1
    assert written(chart).count("s") == 1


def test_more_panels_than_can_be_read_are_left_to_the_table():
    many = dimension("sources", {f"s{number}": f"Source {number}" for number in range(MOST_PANELS + 3)})

    chart = panel_chart(cross_table("croisé", many, FRUIT, lambda a, b: 1), ENGLISH)

    assert len(chart.figure["data"]) == MOST_PANELS
    assert "12 panels are drawn; the table has them all." in chart.notes


def test_years_are_compared_in_the_order_of_the_last_one():
    chart = trend_chart(by_year(table("fruits", FRUIT, {"pomme": 5, "figue": 9})), FRENCH)

    assert [trace["name"] for trace in chart.figure["data"]] == ["2021-2022", "2022-2023", "2023-2024"]
    assert list(chart.figure["data"][-1]["x"]) == [9, 5, 0]
    assert chart.table.header[1:] == ("2021-2022", "2022-2023", "2023-2024")


def test_the_years_are_named_beside_the_first_bars():
    chart = trend_chart(by_year(table("fruits", FRUIT, {"pomme": 5, "figue": 9})), ENGLISH)

    assert [text.split(":")[0] for text in written(chart)[::3]] == ["2021-2022", "2022-2023", "2023-2024"]


def test_a_single_year_has_nothing_to_be_compared_with():
    chart = trend_chart(by_year(table("fruits", FRUIT, {"pomme": 5}), years=("2023-2024",)), FRENCH)

    assert chart.figure is None
    assert chart.alternative == FRENCH.say("Only one year is at hand: there is nothing to compare yet.")


def test_a_hidden_cell_of_a_year_has_a_sign():
    chart = trend_chart(by_year(table("fruits", FRUIT, {"pomme": CellStatus.HIDDEN, "figue": 9}, total=20)), FRENCH)

    assert drawn_values(chart).count(None) == 3
    assert len([text for text in written(chart) if text == "s"]) == 3


def test_only_four_years_are_drawn_and_all_are_in_the_table():
    years = tuple(f"{year}-{year + 1}" for year in range(2017, 2024))

    chart = trend_chart(by_year(table("fruits", FRUIT, {"pomme": 50}), years=years), FRENCH)

    assert len(chart.figure["data"]) == 4
    assert len(chart.table.header) == 8


def test_a_chart_refuses_another_kind_of_table():
    one_way = table("fruits", FRUIT, {})

    for draw, source in ((bar_chart, by_year(one_way)), (panel_chart, one_way), (trend_chart, one_way)):
        with pytest.raises(ValueError, match="takes a"):
            draw(source, FRENCH)


def test_key_figures_are_one_a_unit():
    figures = key_figures(made_up_release(), FRENCH).figures

    assert [(figure.label, figure.raw) for figure in figures] == [
        ("demandes", 1378),
        ("agressions", 162),
        ("liens", 149),
    ]
    assert figures[0].text == f"1{NO_BREAK_SPACE}378"
    assert len(figures[0].comparison) == 2


def test_a_hidden_total_is_a_sign_among_the_key_figures():
    source = table("fruits", FRUIT, {"pomme": 3})
    hidden = tuple(cell(one.codes, CellStatus.HIDDEN) if one.codes == (TOTAL,) else one for one in source.cells)

    [figure] = key_figures(made_up_release(tables=(replace(source, cells=hidden),)), FRENCH).figures

    assert (figure.text, figure.raw) == ("s", None)


def test_a_notebook_gets_the_drawing_the_page_and_plain_words():
    bundle = bar_chart(table("fruits", FRUIT, {"pomme": 3}), FRENCH)._repr_mimebundle_()

    assert set(bundle) == {MIME_CHART, MIME_PLOTLY, "text/plain"}
    assert bundle[MIME_CHART]["kind"] == "chart"
    assert "Titre" in bundle[MIME_PLOTLY]["layout"]["title"]["text"]
