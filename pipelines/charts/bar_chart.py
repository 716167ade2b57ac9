"""A one-way table as horizontal bars: classes, then apart and in grey the missing answers."""

from __future__ import annotations

from typing import Any

from pipelines.charts import theme
from pipelines.charts.alternative_text import describe_bars, say_nothing_drawn
from pipelines.charts.chart import Chart, TableTwin, TwinCell, TwinRow
from pipelines.charts.counted_rows import CountedRow, CountedRows, as_drawn, read_rows, write_cell
from pipelines.charts.twin_bars import with_bars
from pipelines.charts.wording import (
    chart_title,
    count_and_period,
    inside_sentence,
    missing_heading,
    missing_sentence,
    table_notes,
    units_of,
)
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language
from pipelines.tables.dimension import PERIOD

#: The empty place, in rows, between the answers and the missing ones; its heading stands there.
_GAP = 1


def bar_chart(table: ReleaseTable, language: Language) -> Chart:
    """The chart of a one-way table; raises `ValueError` if it has another number of dimensions."""
    if len(table.dimensions) != 1:
        raise ValueError("a bar chart takes a one-way table")
    if not table.is_collected:
        return not_collected_chart(table, language)
    rows = read_rows(table, language, None)
    hides_all = rows.hides_all_answers and all(row.value is None for row in rows.shown_missing)
    figure, narrow = (None, {}) if hides_all else _draw(table, rows, language)
    return Chart(
        id=table.id,
        title=chart_title(table, language),
        subtitle=count_and_period(table, rows, language),
        alternative=say_nothing_drawn(language) if hides_all else describe_bars(table, rows, language),
        table=with_bars(_twin(table, rows, language), range(1), ("answer", "missing")),
        figure=figure,
        narrow=narrow,
        missing=missing_sentence(rows, language),
        notes=table_notes(table, language),
    )


def not_collected_chart(table: ReleaseTable, language: Language) -> Chart:
    """A chart without a drawing: says that the centre's export does not hold what it needs."""
    return Chart(
        id=table.id,
        title=chart_title(table, language),
        subtitle=table.period,
        alternative=language.say("Not collected: this centre's export does not hold this information."),
        table=None,
        notes=table_notes(table, language),
        is_collected=False,
        subject="" if table.dimensions[0].name == PERIOD else inside_sentence(table.title.in_language(language)),
    )


def _draw(table: ReleaseTable, rows: CountedRows, language: Language) -> tuple[dict[str, Any], dict[str, Any]]:
    missing = rows.shown_missing
    drawn = (*rows.answered, *missing)
    positions = _positions(len(rows.answered), len(missing))
    values = [row.drawn for row in drawn]
    largest = round(max((value or 0 for value in values), default=0))
    trace = theme.bar_trace(
        positions,
        values,
        theme.plotly_text(units_of(table, language)),
        [theme.BAR] * len(rows.answered) + [theme.MISSING] * len(missing),
        width=0.68,
    )
    labels = [theme.wrap_label(row.label) for row in drawn]
    texts = [row.full_text(language) for row in drawn]
    numbers = [
        theme.value_note(value or 0, position, text)
        for value, position, text in zip(values, positions, texts, strict=True)
    ]
    bottom = (positions[-1] if positions else 0) + 0.6
    tallest = max((theme.count_lines(label) for label in labels), default=1)
    height = (bottom + 0.7) * max(theme.ROW_HEIGHT, 17 * tallest) + 38
    ticks, tick_labels = list(positions), list(labels)
    if missing:
        ticks.append(len(rows.answered) - 0.05)
        tick_labels.append(f"<i>{missing_heading(rows, language)}</i>")
    layout = {
        "height": round(height),
        "margin": theme.MARGIN,
        "xaxis": theme.count_axis(largest, language, room=1.3),
        "yaxis": theme.row_axis(ticks, tick_labels, bottom),
        "annotations": numbers,
        "bargap": 0.3,
    }
    return theme.checked_figure([trace], layout, language), narrow_rows(bottom, largest)


def narrow_rows(bottom: float, largest: int) -> dict[str, Any]:
    """On a phone each label stands above its bar, so that the bars keep the width of the screen.

    `labels` is how far above, in rows.
    """
    return {
        "height": round((bottom + 0.7) * 52 + 38),
        "margin.l": 4,
        "yaxis.showticklabels": False,
        "xaxis.range": [0, max(largest, 1) * 1.5],
        "labels": 0.34,
        "bargap": 0.6,
    }


def _positions(answered: int, missing: int) -> list[float]:
    return [*range(answered), *(answered + _GAP + index for index in range(missing))]


def _twin(table: ReleaseTable, rows: CountedRows, language: Language) -> TableTwin:
    def line(row: CountedRow, kind: str) -> TwinRow:
        percentage = None if row.share is None or row.value is None else row.share / 10
        cells = (
            TwinCell(row.count_text(language), as_drawn(row.value, rows.measure)),
            TwinCell(row.share_text(language), percentage),
        )
        return TwinRow(row.label, cells, kind)

    lines: list[TwinRow] = []
    for row in rows.answered:
        lines.append(line(row, "answer"))
        lines.extend(line(child, "detail") for child in row.children)
    lines.extend(line(row, "missing") for row in rows.missing)
    total = TwinCell(write_cell(rows.total, language, rows.measure), as_drawn(rows.total.value, rows.measure))
    lines.append(TwinRow(language.say("Total"), (total, TwinCell("")), "total"))
    share_heading = (
        language.say("Share of the total") if rows.dimension.is_multi_answer else language.say("Share of the answers")
    )
    header = (rows.dimension.title.in_language(language), language.say("Number"), share_heading)
    return TableTwin(f"{chart_title(table, language)}, {table.period}", header, tuple(lines))
