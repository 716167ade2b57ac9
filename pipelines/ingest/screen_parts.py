"""The cells of a table as the screen goes through them: a small table whole, a large one in sets that fit in memory.

Every cell is looked at. The rules judge a column over its distinct cells with their counts; only a
column of very many distinct cells is judged in several sets of them, drawn without regard to what
they say, each as large as a whole file that is read in memory.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.ingest.large_table import LargeTable, sql_text
from pipelines.ingest.screen_cells import ColumnCells, distinct_cells, search_columns

#: A set of distinct cells holds at most so many, and about so many characters.
SET_CELLS = 500_000
_SET_CHARACTERS = 50_000_000
_CELLS_TOLD = 1_000
#: Short columns are searched together until they hold so many cells.
_CELLS_TOGETHER = 50_000


@dataclass(frozen=True)
class FrameCells:
    """A table in memory; `places` says where each of its rows stands in the file."""

    frame: pl.DataFrame
    places: pl.Series
    most_cells = sys.maxsize

    @property
    def names(self) -> Sequence[str]:
        return self.frame.columns

    def cells(self, patterns: Sequence[str]) -> Iterator[ColumnCells]:
        """The distinct cells of each column, as many short columns at once as make one long one."""
        together = max(1, _CELLS_TOGETHER // max(1, self.frame.height))
        for start in range(0, self.frame.width, together):
            columns = self.frame.get_columns()[start : start + together]
            yield from search_columns({column.name: distinct_cells(column) for column in columns}, patterns)

    def frames(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        yield self.frame.select(columns)

    def rows_of(self, column: str, cells: Iterable[str]) -> tuple[int, ...]:
        """The rows that hold one of the cells."""
        return tuple(self.places.filter(self.frame[column].is_in(list(cells))))


@dataclass(frozen=True)
class LargeCells:
    """A large table; so many cells are kept of each finding, to tell some of its rows."""

    table: LargeTable
    most_cells = _CELLS_TOLD

    @property
    def names(self) -> Sequence[str]:
        return list(self.table.columns)

    def cells(self, patterns: Sequence[str]) -> Iterator[ColumnCells]:
        """The distinct cells of each column over the whole file, in sets of nearly the same size."""
        for column in self.names:
            for counted in self._distinct_cells(column):
                yield from search_columns({column: counted}, patterns)

    def _distinct_cells(self, column: str) -> Iterator[pl.DataFrame]:
        from pipelines.ingest.large_text import connect_bounded

        counted = self.table.staged.with_suffix(".cells")
        name = self.table.columns[column]
        query = f"select {name} as cell, count(*) as count from {self.table.relation} group by {name}"  # noqa: S608
        with connect_bounded(counted.parent) as connection:
            connection.execute(f"copy ({query}) to '{sql_text(counted)}' (format parquet, compression lz4)")
            found = connection.execute(
                f"select count(*), sum(length(cell)) from read_parquet('{sql_text(counted)}')"  # noqa: S608
            ).fetchone()
        distinct, characters = found or (0, 0)
        sets = max(1, -(-distinct // SET_CELLS), -(-int(characters or 0) // _SET_CHARACTERS))
        size = -(-distinct // sets) or 1
        try:
            for start in range(0, distinct, size):
                yield pl.scan_parquet(counted).slice(start, size).collect()
        finally:
            counted.unlink()

    def frames(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        for frame, _ in self.table.frames(columns):
            yield frame

    def rows_of(self, column: str, cells: Iterable[str]) -> tuple[int, ...]:
        """The first rows that hold one of the cells."""
        wanted = list(cells)
        rows: list[int] = []
        for frame, lines in self.table.frames([column]):
            rows.extend(lines.filter(frame[column].is_in(wanted)))
            if len(rows) >= _CELLS_TOLD:
                break
        return tuple(rows[:_CELLS_TOLD])
