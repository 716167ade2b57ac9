"""Bars inside a table twin, as long as its drawing's: the picture that remains where no script runs.

Each is a share of the longest one that is shown, so that it tells nothing which the numbers beside it do not: a
hidden number has none, whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.charts.chart import TableTwin, TwinCell, TwinRow

#: The longest bar.
FULL = 100


def with_bars(twin: TableTwin, columns: range, kinds: Sequence[str] = ("answer",)) -> TableTwin:
    """The twin with bars of one scale in these columns of its rows of these kinds."""
    drawn = [row for row in twin.rows if row.kind in kinds]
    longest = _longest(cell for row in drawn for cell in row.cells[columns.start : columns.stop])
    return replace(twin, rows=tuple(_drawn(row, columns, longest) if row.kind in kinds else row for row in twin.rows))


def with_bars_across(twin: TableTwin) -> TableTwin:
    """The twin with bars in its first row, whose numbers are of one unit."""
    if not twin.rows:
        return twin
    first, *others = twin.rows
    return replace(twin, rows=(_drawn(first, range(len(first.cells)), _longest(first.cells)), *others))


def _longest(cells: Iterable[TwinCell]) -> float:
    return max((cell.raw for cell in cells if cell.raw is not None), default=0)


def _drawn(row: TwinRow, columns: range, longest: float) -> TwinRow:
    cells = (
        replace(cell, bar=round(FULL * cell.raw / longest))
        if place in columns and cell.raw is not None and longest
        else cell
        for place, cell in enumerate(row.cells)
    )
    return replace(row, cells=tuple(cells))
