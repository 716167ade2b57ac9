"""Persons, meetings and hours of each service, side by side."""

from dataclasses import replace

import pytest

from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.measures_chart import measures_chart
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_files import not_collected_cell
from pipelines.language import Language
from pipelines.units import Unit
from tests.made_up_release import dimension, table

FRENCH = Language("fr")
SERVICES = {"premiere_rencontre": "Première rencontre", "rencontre_urgence": "Rencontre d'urgence"}


def service_table(unit, counts, total=None):
    side = dimension("service_type", SERVICES, missing=())
    return replace(table(unit.value, side, counts, total=total, unit=Unit.REQUEST), unit=unit)


def test_each_measure_has_a_column_and_hours_are_written_as_hours() -> None:
    meetings = service_table(Unit.MEETING, {"premiere_rencontre": 129, "rencontre_urgence": 142})
    minutes = service_table(Unit.MEETING_MINUTE, {"premiere_rencontre": 12_930, "rencontre_urgence": 13_740})

    chart = measures_chart([meetings, minutes], FRENCH)

    assert chart.table is not None
    rows = {row.label: [cell.text for cell in row.cells] for row in chart.table.rows}
    assert rows["Première rencontre"] == ["129", "215\u00a0h\u00a030"]
    assert rows["Total"] == ["271", "444\u00a0h\u00a030"]


def test_a_program_takes_hours_as_a_number_of_hours() -> None:
    minutes = service_table(Unit.MEETING_MINUTE, {"premiere_rencontre": 12_930})

    chart = measures_chart([minutes], FRENCH)

    assert chart.table is not None and chart.figure is not None
    assert [row.cells[0].raw for row in chart.table.rows if row.label == "Première rencontre"] == [215.5]
    assert 215.5 in chart.figure["data"][0]["x"]


def test_sums_of_money_are_written_and_drawn_in_dollars() -> None:
    aids = service_table(Unit.AID_CENT, {"premiere_rencontre": 123_450, "rencontre_urgence": 2_500_000})

    chart = measures_chart([aids], FRENCH)

    assert chart.table is not None and chart.figure is not None
    assert [row.cells[0].text for row in chart.table.rows][-1] == "26\u00a0234,50\u00a0$"
    assert 25_000 in chart.figure["data"][0]["x"]
    assert "25\u00a0000\u00a0$" in chart.alternative


def test_a_total_of_persons_is_not_the_sum_of_its_lines() -> None:
    persons = service_table(Unit.PERSON_MET, {"premiere_rencontre": 118, "rencontre_urgence": 61}, total=150)

    chart = measures_chart([persons], FRENCH)

    assert chart.table is not None
    assert chart.table.rows[-1].cells[0].raw == 150


def test_a_hidden_number_is_a_sign_in_every_column() -> None:
    minutes = service_table(Unit.MEETING_MINUTE, {"premiere_rencontre": CellStatus.HIDDEN}, total=0)

    chart = measures_chart([minutes], FRENCH)

    assert chart.table is not None
    hidden = next(row.cells[0] for row in chart.table.rows if row.label == "Première rencontre")
    assert (hidden.text, hidden.raw) == ("s", None)


def test_a_measure_that_the_export_does_not_hold_is_named_and_the_others_are_shown() -> None:
    meetings = service_table(Unit.MEETING, {"premiere_rencontre": 129})
    persons = replace(service_table(Unit.PERSON_MET, {}), is_collected=False, cells=(not_collected_cell(1),))

    chart = measures_chart([persons, meetings], FRENCH)

    assert chart.table is not None
    assert chart.table.header[1:] == ("Demandes",)
    assert any(note.startswith("Nombre inconnu") and "aucun pseudonyme" in note for note in chart.notes)


def test_tables_by_other_dimensions_do_not_stand_side_by_side() -> None:
    other = table("other", dimension("task", {"a": "A"}), {})

    with pytest.raises(ValueError, match="one and the same dimension"):
        measures_chart([service_table(Unit.MEETING, {}), other], FRENCH)


def test_the_largest_of_what_is_shown_is_not_called_the_largest() -> None:
    meetings = service_table(Unit.MEETING, {"premiere_rencontre": 129, "rencontre_urgence": 142})
    assert "Le plus grand nombre" in measures_chart([meetings], FRENCH).alternative

    cells = tuple(
        replace(cell, value=None, status=CellStatus.HIDDEN) if cell.codes == ("premiere_rencontre",) else cell
        for cell in meetings.cells
    )
    alternative = measures_chart([replace(meetings, cells=cells)], FRENCH).alternative

    assert "Le plus grand des nombres montrés" in alternative
    assert "Nombres masqués" in alternative


def test_hours_are_nowhere_told_in_minutes() -> None:
    minutes = service_table(Unit.WORK_MINUTE, {"premiere_rencontre": 12_930, "rencontre_urgence": 13_740})

    for chart in (bar_chart(minutes, FRENCH), measures_chart([minutes], FRENCH)):
        assert chart.table is not None
        cells = [cell.text for row in chart.table.rows for cell in row.cells]
        for text in (chart.subtitle, chart.alternative, chart.missing, *cells):
            assert "26\u00a0670" not in text
            assert "12\u00a0930" not in text
        # The drawing too: its bars, its axis.
        assert chart.figure is not None
        assert max(chart.figure["data"][0]["x"]) == 229
        assert 229 < chart.figure["layout"]["xaxis"]["range"][1] < 400
    assert "444\u00a0h\u00a030" in bar_chart(minutes, FRENCH).subtitle
    assert "444\u00a0h\u00a030" in bar_chart(minutes, FRENCH).alternative
