"""A two-way table as small bar charts, one per class of the first dimension, all to one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.charts import theme
from pipelines.charts.alternative_text import describe_panels, say_nothing_drawn
from pipelines.charts.bar_chart import not_collected_chart
from pipelines.charts.chart import Chart, TableTwin, TwinCell, TwinRow
from pipelines.charts.counted_rows import CountedRows, as_drawn, read_rows, write_cell
from pipelines.charts.twin_bars import with_bars
from pipelines.charts.wording import chart_title, missing_of_side, of_units, table_notes, units_of
from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language

#: More panels than this are no longer read; the table twin holds them all.
MOST_PANELS = 12
_MOST_COLUMNS = 4
_LINE_PIXELS = 17
_FOOT_PIXELS = 26
_GUTTER = 0.02
_NARROW_MARGIN = 136

Panel = tuple[str, CountedRows]


def panel_chart(table: ReleaseTable, language: Language) -> Chart:
    """The chart of a two-way table; raises `ValueError` if it has another number of dimensions."""
    if len(table.dimensions) != 2:
        raise ValueError("a panel chart takes a two-way table")
    if not table.is_collected:
        return not_collected_chart(table, language)
    sides = read_rows(table, language, None, TOTAL)
    across = read_rows(table, language, TOTAL, None)
    panels = _panels(table, sides, across, language)
    drawn = [panel for panel in panels if panel[1].total.value != 0][:MOST_PANELS]
    hides_all = bool(drawn) and all(rows.hides_all_answers for _, rows in drawn)
    figure, narrow = _draw(table, drawn, language) if drawn and not hides_all else (None, {})
    return Chart(
        id=table.id,
        title=chart_title(table, language),
        subtitle=_subtitle(table, language),
        alternative=say_nothing_drawn(language) if hides_all else describe_panels(table, drawn, language),
        table=with_bars(_twin(table, sides, across, language), range(len(across.answered))),
        figure=figure,
        narrow=narrow,
        missing=" ".join(missing_of_side(rows, language) for rows in (sides, across)),
        notes=(*table_notes(table, language), *(() if hides_all else _notes(table, panels, drawn, language))),
    )


def _panels(table: ReleaseTable, sides: CountedRows, across: CountedRows, language: Language) -> list[Panel]:
    """One panel a class, its bars in the order of the margin so that all the panels read alike."""
    order = {row.code: rank for rank, row in enumerate(across.answered)}
    panels = []
    for side in sides.answered:
        rows = read_rows(table, language, side.code, None)
        answered = tuple(sorted(rows.answered, key=lambda row: order[row.code]))
        panels.append((side.label, replace(rows, answered=answered)))
    return panels


@dataclass(frozen=True)
class _Grid:
    """Where the panels lie, in shares of the drawing."""

    panels: int
    columns: int
    head_pixels: float
    bars_pixels: float

    @property
    def lines(self) -> int:
        return -(-self.panels // self.columns)

    @property
    def height(self) -> float:
        return self.lines * (self.head_pixels + self.bars_pixels + _FOOT_PIXELS)

    def across(self, index: int) -> list[float]:
        # All of one width: with one scale, a bar is as long in any panel as its number is large.
        width = (1 - _GUTTER * (self.columns - 1)) / self.columns
        left = index % self.columns * (width + _GUTTER)
        return [left, min(left + width, 1)]

    def down(self, index: int) -> list[float]:
        top = index // self.columns * (self.height / self.lines) + self.head_pixels
        return [1 - (top + self.bars_pixels) / self.height, 1 - top / self.height]


def _draw(table: ReleaseTable, panels: Sequence[Panel], language: Language) -> tuple[dict[str, Any], dict[str, Any]]:
    bars = panels[0][1].answered
    labels = [theme.wrap_label(row.label, 38) for row in bars]
    pixels = max(22, 15 * max((theme.count_lines(label) for label in labels), default=1))
    columns = _columns(len(panels))
    headings = _heading_texts(panels, 56 // columns, language)
    grid = _Grid(len(panels), columns, _head_pixels(headings), pixels * len(bars))
    largest = max((row.value or 0 for _, rows in panels for row in rows.answered), default=0)
    layout: dict[str, Any] = {"height": round(grid.height + 4), "margin": {**theme.MARGIN, "t": 0, "b": 4}}
    numbers: list[dict[str, Any]] = []
    traces = []
    for index, (name, rows) in enumerate(panels):
        x_axis, y_axis = _axes(index)
        traces.append(_panel_trace(name, rows, units_of(table, language), index, language))
        layout[f"xaxis{_suffix(index)}"] = {
            **theme.count_axis(largest, language, room=1.35, at_most=3),
            "domain": grid.across(index),
            "anchor": y_axis,
        }
        layout[f"yaxis{_suffix(index)}"] = {
            **theme.row_axis(range(len(bars)), [] if index % columns else labels, len(bars) - 0.4),
            "domain": grid.down(index),
            "anchor": x_axis,
            "showticklabels": index % columns == 0,
        }
        numbers.extend(_numbers(rows, index, language))
    layout["annotations"] = [*_headings(headings, grid), *numbers]
    return theme.checked_figure(traces, layout, language), _narrow(panels, language)


def _narrow(panels: Sequence[Panel], language: Language) -> dict[str, Any]:
    """On a phone the panels stand one below the other."""
    labels = [theme.wrap_label(row.label, 20) for row in panels[0][1].answered]
    pixels = max(24, 14 * max((theme.count_lines(label) for label in labels), default=1))
    headings = _heading_texts(panels, 26, language)
    grid = _Grid(len(panels), 1, _head_pixels(headings), pixels * len(labels))
    changes: dict[str, Any] = {
        "height": round(grid.height + 4),
        "margin.l": _NARROW_MARGIN,
        "xaxis*.domain": [0, 1],
        "yaxis*.showticklabels": True,
        "yaxis*.ticktext": labels,
        "yaxis*.tickfont": {"size": 11},
    }
    for index in range(len(panels)):
        # The headings are the figure's first annotations.
        changes[f"annotations.{index}.text"] = f"<b>{headings[index]}</b>"
        changes[f"annotations.{index}.x"] = 0
        changes[f"annotations.{index}.y"] = grid.down(index)[1]
        changes[f"yaxis{_suffix(index)}.domain"] = grid.down(index)
    return changes


def _columns(panels: int) -> int:
    """As many as fit, without a last line of a single panel where that can be had."""
    if panels <= _MOST_COLUMNS:
        return panels
    return 3 if panels % _MOST_COLUMNS in (1, 2) and panels % 3 != 1 else _MOST_COLUMNS


def _suffix(index: int) -> str:
    return "" if index == 0 else str(index + 1)


def _axes(index: int) -> tuple[str, str]:
    return f"x{_suffix(index)}", f"y{_suffix(index)}"


def _panel_trace(name: str, rows: CountedRows, units: str, index: int, language: Language) -> dict[str, Any]:
    hovers = [
        "<br>".join(theme.plotly_text(line) for line in (name, row.label, f"{row.full_text(language)} {units}"))
        for row in rows.answered
    ]
    values = [row.value for row in rows.answered]
    x_axis, y_axis = _axes(index)
    return theme.bar_trace(range(len(values)), values, hovers, theme.BAR, width=0.7, xaxis=x_axis, yaxis=y_axis)


def _numbers(rows: CountedRows, index: int, language: Language) -> list[dict[str, Any]]:
    x_axis, y_axis = _axes(index)
    return [
        theme.value_note(row.value or 0, place, row.count_text(language), xref=x_axis, yref=y_axis)
        for place, row in enumerate(rows.answered)
    ]


def _heading_texts(panels: Sequence[Panel], width: int, language: Language) -> list[str]:
    counts = ("s" if rows.base is None else language.number(rows.base) for _, rows in panels)
    return [
        theme.wrap_label(f"{name} (n\u00a0=\u00a0{count})", width)
        for (name, _), count in zip(panels, counts, strict=True)
    ]


def _head_pixels(headings: Sequence[str]) -> float:
    return 16 + _LINE_PIXELS * max(theme.count_lines(heading) for heading in headings)


def _headings(texts: Sequence[str], grid: _Grid) -> list[dict[str, Any]]:
    return [
        {
            "xref": "paper",
            "yref": "paper",
            "x": grid.across(index)[0],
            "y": grid.down(index)[1],
            "yanchor": "bottom",
            "text": f"<b>{text}</b>",
        }
        for index, text in enumerate(texts)
    ]


def _subtitle(table: ReleaseTable, language: Language) -> str:
    total = table.total
    if total.value is None:
        return table.period
    return language.say(
        "{period}; n = {count} {units}", period=table.period, count=total.value, units=units_of(table, language)
    )


def _notes(table: ReleaseTable, panels: Sequence[Panel], drawn: Sequence[Panel], language: Language) -> tuple[str, ...]:
    notes = [
        language.say(
            "All the panels have the same scale; n is the number {of_units} with an answer in each.",
            of_units=of_units(table, language),
        )
    ]
    if any(dimension.is_multi_answer for dimension in table.dimensions):
        units = units_of(table, language)
        notes.append(
            language.say("Several answers are possible: the same {units} may count in several bars.", units=units)
        )
    if len(drawn) == MOST_PANELS and len(panels) > MOST_PANELS:
        notes.append(language.say("{count} panels are drawn; the table has them all.", count=MOST_PANELS))
    elif len(drawn) < len(panels):
        notes.append(language.say("Panels without a case are not drawn; the table has them all."))
    return tuple(notes)


def _twin(table: ReleaseTable, sides: CountedRows, across: CountedRows, language: Language) -> TableTwin:
    columns, measure = [*across.answered, *across.shown_missing], table.unit.measure
    codes = [*(row.code for row in columns), TOTAL]
    lines = [
        *((row.code, row.label, "answer") for row in sides.answered),
        *((row.code, row.label, "missing") for row in sides.shown_missing),
        (TOTAL, language.say("Total"), "total"),
    ]
    rows = []
    for code, label, kind in lines:
        of_line = (table.cell(code, column) for column in codes)
        cells = (TwinCell(write_cell(cell, language, measure), as_drawn(cell.value, measure)) for cell in of_line)
        rows.append(TwinRow(label, tuple(cells), kind))
    header = (sides.dimension.title.in_language(language), *(row.label for row in columns), language.say("Total"))
    return TableTwin(f"{chart_title(table, language)}, {table.period}", header, tuple(rows))
