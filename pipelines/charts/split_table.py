"""A two-way table as several one-way tables that stand side by side: its margin, then one for each column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Text


def split_table(table: ReleaseTable) -> tuple[ReleaseTable, ...]:
    """The margin of the first side under its unit, then the columns under their names.

    Raises `ValueError` if it has another number of dimensions.
    """
    if len(table.dimensions) != 2:
        raise ValueError("a table is split along the second of two dimensions")
    if not table.is_collected:
        return (replace(table, dimensions=table.dimensions[:1]),)
    return tuple(_columns(table))


def _columns(table: ReleaseTable) -> Iterator[ReleaseTable]:
    columns = [(TOTAL, table.unit_label)]
    columns += [(code.code, code.label) for code in table.dimensions[1].codes]
    for column, name in columns:
        yield _column(table, column, name)


def _column(table: ReleaseTable, column: str, name: Text) -> ReleaseTable:
    cells = tuple(replace(cell, codes=cell.codes[:1]) for cell in table.cells if cell.codes[1] == column)
    return replace(table, unit_label=name, dimensions=table.dimensions[:1], cells=cells)
