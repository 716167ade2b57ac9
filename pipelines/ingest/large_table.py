"""A text file too large for memory as a table: its rows lie in a private file and are taken in parts, like small files.

Every cell there is text, and the columns that the contract drops are not in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipelines.ingest.account import RecordAccount, SetAside
from pipelines.ingest.file_table import LineAround
from pipelines.ingest.read_export import RawTable

if TYPE_CHECKING:
    from pipelines.ingest.large_lines import RowPlaces

#: The column that says what a row is, where it is none of the table.
MARK = "mark"


@dataclass(frozen=True)
class LargeTable:
    """One large file, its rows in a private file; it holds no cell in memory."""

    name: str
    sha256: str
    encoding: str
    delimiter: str
    #: As the file writes it.
    header: tuple[str, ...]
    #: The names of the columns as `RawTable` has them, each with the name of its column in `staged`.
    columns: Mapping[str, str]
    staged: Path
    account: RecordAccount
    set_aside: tuple[SetAside, ...]
    places: RowPlaces
    #: All rows of `staged`, and those of them that are no rows of the table.
    rows: int
    is_marked: bool
    rows_a_part: int
    #: The lines that are no rows, for the screen; what a rejected one says is left out where columns are dropped.
    around: tuple[LineAround, ...] = ()
    #: A large file lies in no ZIP.
    archive_paths: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        return self.account.loaded

    def parts(self) -> Iterator[RawTable]:
        """The rows in their order, so many at a time, each part as a small file would be."""
        for frame, lines in self.frames(tuple(self.columns)):
            yield RawTable(self.name, self.sha256, self.encoding, frame, lines=lines, is_part=True)

    def frames(self, names: Sequence[str]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
        """Some columns, so many rows at a time, each with the line of the file that it begins at."""
        wanted = [pl.col(self.columns[name]).alias(name) for name in names]
        rows = pl.scan_parquet(self.staged)
        for start in range(0, self.rows, self.rows_a_part):
            part = rows.slice(start, self.rows_a_part)
            frame = part.select(wanted).collect()
            lines = pl.Series("source_row", self.places.lines_of(start, frame.height), dtype=pl.Int64)
            if self.is_marked:
                is_row = part.select(pl.col(MARK) == "").collect().to_series()
                frame, lines = frame.filter(is_row), lines.filter(is_row)
            yield frame, lines

    def count_identical(self) -> int:
        """How many rows say the same in every column as one before them."""
        # Imported here, most exports have no large file, and do without DuckDB until the database is built.
        from pipelines.ingest.large_text import connect_bounded

        columns = ", ".join(self.columns.values())
        with connect_bounded(self.staged.parent) as connection:
            found = connection.execute(
                f"select count(*) from (select distinct {columns} from {self.relation})"  # noqa: S608 (names are ours)
            ).fetchone()
        return self.records - int(found[0] if found else 0)

    @property
    def relation(self) -> str:
        """SQL for the rows of the table."""
        return f"(from read_parquet('{sql_text(self.staged)}') where {MARK} = '')"


def sql_text(text: object) -> str:
    """A text between apostrophes of SQL."""
    return str(text).replace("'", "''")
