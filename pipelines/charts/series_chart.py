"""A series of years: the totals of several tables by year, and what became of each since the year before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from pipelines.charts import theme
from pipelines.charts.alternative_text import fit_sentences
from pipelines.charts.bar_chart import narrow_rows, not_collected_chart
from pipelines.charts.chart import Chart, TableTwin, TwinCell, TwinRow
from pipelines.charts.comparable_years import hatched_years, marker_of, say_not_comparable
from pipelines.charts.counted_rows import SIGNS, CountedRows, as_drawn, read_rows, write_cell
from pipelines.charts.twin_bars import with_bars_across
from pipelines.charts.wording import missing_of_years, table_notes, units_of
from pipelines.charts.year_changes import total_change
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language
from pipelines.tables.dimension import TableCode


def series_chart(tables: Sequence[ReleaseTable], language: Language) -> Chart:
    """The chart of tables by year, of one breakdown; the bars are the totals of the first.

    Raises `ValueError` for tables that are not by year.
    """
    if any(len(table.dimensions) != 2 or not table.dimensions[0].is_time for table in tables):
        raise ValueError("a series takes tables by year")
    told = [table for table in tables if table.is_collected]
    if not told:
        return not_collected_chart(tables[0], language)
    first = told[0]
    years = first.dimensions[0].classes
    changes = [change for table in told for change in total_change(table, language)]
    marks = [say_not_comparable(language)] if any(hatched_years(years)) else []
    figure, narrow = _draw(first, years, language)
    notes = dict.fromkeys(note for table in told for note in table_notes(table, language))
    return Chart(
        id=tables[0].id,
        title=first.title.in_language(language),
        subtitle=f"{first.period}; {', '.join(units_of(table, language) for table in told)}",
        alternative=fit_sentences([_head(first, years, language), *marks, *changes]),
        table=with_bars_across(_twin(told, years, language)),
        figure=figure,
        narrow=narrow,
        missing=missing_of_years(_rows(first, years, language), language),
        notes=(*changes, *marks, *notes),
    )


def _rows(table: ReleaseTable, years: Sequence[TableCode], language: Language) -> list[tuple[str, CountedRows]]:
    return [(year.label.in_language(language), read_rows(table, language, year.code, None)) for year in years]


def _head(table: ReleaseTable, years: Sequence[TableCode], language: Language) -> str:
    counts = "; ".join(
        language.say("{label}: {count}", label=year.label, count=_total(table, year, language)) for year in years
    )
    return language.say("Bars by year, {units} ({counts}).", units=units_of(table, language), counts=counts)


def _draw(table: ReleaseTable, years: Sequence[TableCode], language: Language) -> tuple[dict[str, Any], dict[str, Any]]:
    """A bar a year; where a break parts two years, an empty row says so."""
    places, gaps = _places(years)
    cells = [table.cell(year.code, TOTAL) for year in years]
    values = [as_drawn(cell.value, table.unit.measure) for cell in cells]
    largest = round(max((value or 0 for value in values), default=0))
    traces = []
    for year, place, value, is_hatched in zip(years, places, values, hatched_years(years), strict=True):
        label = theme.plotly_text(year.label.in_language(language))
        trace = theme.bar_trace([place], [value], label, theme.BAR, width=0.68, name=label)
        traces.append(trace | {"marker": marker_of(theme.BAR, is_hatched=is_hatched)})
    numbers = [
        theme.value_note(value or 0, place, _total(table, year, language))
        for year, place, value in zip(years, places, values, strict=True)
    ]
    numbers += [theme.value_note(0, gap, language.say("break in the series")) for gap in gaps]
    labels = [theme.wrap_label(year.label.in_language(language)) for year in years]
    labels += ["—" for _ in gaps]
    bottom = places[-1] + 0.6
    layout = {
        "height": round((bottom + 0.7) * theme.ROW_HEIGHT + 38),
        "margin": theme.MARGIN,
        "barmode": "overlay",
        "xaxis": theme.count_axis(largest, language, room=1.3),
        "yaxis": theme.row_axis([*places, *gaps], labels, bottom),
        "annotations": numbers,
    }
    return theme.checked_figure(traces, layout, language), narrow_rows(bottom, largest)


def _places(years: Sequence[TableCode]) -> tuple[list[float], list[float]]:
    """Where each year's bar stands, and the empty rows between those that a break parts."""
    places: list[float] = [0]
    gaps: list[float] = []
    for _, year in pairwise(years):
        if year.is_after_break:
            gaps.append(places[-1] + 1)
        places.append(places[-1] + (2 if year.is_after_break else 1))
    return places[: len(years)], gaps


def _total(table: ReleaseTable, year: TableCode, language: Language) -> str:
    cell = table.by_codes.get((year.code, TOTAL))
    return SIGNS[CellStatus.NOT_COLLECTED] if cell is None else write_cell(cell, language, table.unit.measure)


def _twin(tables: Sequence[ReleaseTable], years: Sequence[TableCode], language: Language) -> TableTwin:
    """The years across, a line a table."""
    lines = []
    for table in tables:
        cells = []
        for year in years:
            cell = table.by_codes.get((year.code, TOTAL))
            raw = None if cell is None else as_drawn(cell.value, table.unit.measure)
            cells.append(TwinCell(_total(table, year, language), raw))
        units = units_of(table, language)
        lines.append(TwinRow(units[:1].upper() + units[1:], tuple(cells), "total"))
    title = tables[0].title.in_language(language)
    return TableTwin(
        title, (language.say("Counted"), *(year.label.in_language(language) for year in years)), tuple(lines)
    )
