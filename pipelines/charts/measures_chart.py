"""Several tables of one breakdown side by side: persons, meetings and hours of each service.

The bars are those of the first table; its companions stand beside it in the table twin. Hours are kept in
whole minutes, sums of money in whole cents, and both are written as a reader says them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.charts import theme
from pipelines.charts.alternative_text import fit_sentences
from pipelines.charts.bar_chart import narrow_rows, not_collected_chart
from pipelines.charts.chart import Chart, TableTwin, TwinCell, TwinRow
from pipelines.charts.counted_rows import CountedRow, CountedRows, as_drawn, read_rows, write_cell
from pipelines.charts.twin_bars import with_bars
from pipelines.charts.wording import missing_sentence, period_of, short_label, table_notes, units_of
from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language


def measures_chart(tables: Sequence[ReleaseTable], language: Language) -> Chart:
    """The chart of one-way tables by one and the same dimension; raises `ValueError` for others.

    A table that the export does not allow is named in a note; where none is there, the chart says so.
    """
    if any(len(table.dimensions) != 1 for table in tables) or len({table.dimensions[0].name for table in tables}) != 1:
        raise ValueError("measures stand side by side by one and the same dimension")
    told = [table for table in tables if table.is_collected]
    if not told:
        return not_collected_chart(tables[0], language)
    first = told[0]
    rows = read_rows(first, language, None)
    figure, narrow = _draw(first, rows, language)
    notes = dict.fromkeys(note for table in told for note in table_notes(table, language))
    absent = [table for table in tables if not table.is_collected]
    why = dict.fromkeys(note.in_language(language) for table in absent for note in table.notes)
    return Chart(
        id=tables[0].id,
        title=first.title.in_language(language),
        subtitle=f"{period_of(first, language)}; {', '.join(units_of(table, language) for table in told)}",
        alternative=_describe(first, rows, language),
        table=with_bars(_twin(told, rows, language), range(1), ("answer", "missing")),
        figure=figure,
        narrow=narrow,
        missing=missing_sentence(rows, language),
        notes=(*notes, *(_absence(table, language) for table in absent), *why),
        tables=tuple(dict.fromkeys(table.id for table in (*told, *absent))),
    )


def _absence(table: ReleaseTable, language: Language) -> str:
    """Why a measure does not stand beside the others: anonymous contacts are meetings, and no persons."""
    units = units_of(table, language)
    if table.unit.counts_persons:
        return language.say(
            "Number not known ({units}): the export has no pseudonym of persons. "
            "Nobody can say how many different persons they were.",
            units=units,
        )
    return language.say("Not collected by this centre's export: {units}.", units=units)


def _draw(table: ReleaseTable, rows: CountedRows, language: Language) -> tuple[dict[str, Any], dict[str, Any]]:
    drawn = (*rows.answered, *rows.shown_missing)
    values = [row.drawn for row in drawn]
    labels = [theme.wrap_label(row.label) for row in drawn]
    largest = round(max((value or 0 for value in values), default=0))
    colours = [theme.BAR] * len(rows.answered) + [theme.MISSING] * len(rows.shown_missing)
    trace = theme.bar_trace(
        range(len(drawn)), values, theme.plotly_text(units_of(table, language)), colours, width=0.68
    )
    numbers = [
        theme.value_note(value or 0, place, row.count_text(language))
        for place, (row, value) in enumerate(zip(drawn, values, strict=True))
    ]
    bottom = len(drawn) - 0.4
    tallest = max((theme.count_lines(label) for label in labels), default=1)
    layout = {
        "height": round((bottom + 0.7) * max(theme.ROW_HEIGHT, 17 * tallest) + 38),
        "margin": theme.MARGIN,
        "xaxis": theme.count_axis(largest, language, room=1.3),
        "yaxis": theme.row_axis(range(len(drawn)), labels, bottom),
        "annotations": numbers,
        "bargap": 0.3,
    }
    return theme.checked_figure([trace], layout, language), narrow_rows(bottom, largest)


def _describe(table: ReleaseTable, rows: CountedRows, language: Language) -> str:
    """Kind of drawing, period, total, highest, how many numbers are hidden; at most 250 characters."""
    total = write_cell(rows.total, language, rows.measure)
    head = language.say(
        "Horizontal bars, {period}, {units}: {total} in all.",
        period=period_of(table, language),
        units=units_of(table, language),
        total=total,
    )
    sentences = [head]
    if known := [row for row in rows.answered if row.value]:
        highest = max(known, key=lambda row: row.value or 0)
        row = f"{short_label(highest.label)}, {highest.count_text(language)}"
        # Of what is hidden nobody knows whether it is larger.
        if rows.hides_answers:
            sentences.append(language.say("Largest of the numbers shown: {row}.", row=row))
        else:
            sentences.append(language.say("Highest: {row}.", row=row))
    if rows.hidden_count:
        sentences.append(language.say("Hidden numbers: {count}.", count=rows.hidden_count))
    return fit_sentences(sentences)


def _twin(tables: Sequence[ReleaseTable], rows: CountedRows, language: Language) -> TableTwin:
    lines: list[TwinRow] = []
    for row in rows.answered:
        lines.append(_line(row, "answer", tables, language))
        lines.extend(_line(child, "detail", tables, language) for child in row.children)
    lines.extend(_line(row, "missing", tables, language) for row in rows.shown_missing)
    totals = tuple(_cell(table, TOTAL, language) for table in tables)
    lines.append(TwinRow(language.say("Total"), totals, "total"))
    header = (rows.dimension.title.in_language(language), *(_heading(table, language) for table in tables))
    caption = f"{tables[0].title.in_language(language)}, {tables[0].period}"
    return TableTwin(caption, header, tuple(lines))


def _heading(table: ReleaseTable, language: Language) -> str:
    units = units_of(table, language)
    return units[:1].upper() + units[1:]


def _line(row: CountedRow, kind: str, tables: Sequence[ReleaseTable], language: Language) -> TwinRow:
    return TwinRow(row.label, tuple(_cell(table, row.code, language) for table in tables), kind)


def _cell(table: ReleaseTable, code: str, language: Language) -> TwinCell:
    """A kind of missing answer that a table does not list is nobody's there."""
    cell = table.by_codes.get((code,))
    if cell is None:
        return TwinCell(language.number(0), 0)
    measure = table.unit.measure
    return TwinCell(write_cell(cell, language, measure), as_drawn(cell.value, measure))
