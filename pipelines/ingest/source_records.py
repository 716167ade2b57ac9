"""The records of one file on their way to core: which are left out and why, and where each one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.ingest.large_table import LargeTable
from pipelines.ingest.read_export import RawTable, compose
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.read_source import SourceFile
from pipelines.language import Text


@dataclass(frozen=True)
class LeftOut:
    """Records that the centre's statistics are not about, and why."""

    reason: Text
    count: int


@dataclass(frozen=True)
class SourceTable:
    """One file, or a part of it: the records that are kept, each with its row in the file (the header being row 1)."""

    file: RawTable
    frame: pl.DataFrame
    rows: pl.Series
    set_aside: tuple[LeftOut, ...] = ()
    #: How many records a declared correction changed.
    corrected: int = 0

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def sha256(self) -> str:
        return self.file.sha256

    @property
    def height(self) -> int:
        return self.frame.height

    def columns_named(self, names: Sequence[str]) -> list[str]:
        """The columns of these names, as the file writes them; without regard to case where none is exact."""
        wanted = {compose(name) for name in names}
        if exact := [column for column in self.frame.columns if column in wanted]:
            return exact
        forms = {compare_form(name) for name in names}
        return [column for column in self.frame.columns if compare_form(column) in forms]

    def keep(self, kept: pl.Series, reason: Text) -> SourceTable:
        """Only the records that `kept` says; the others are counted under the reason."""
        left_out = kept.len() - int(kept.sum())
        if not left_out:
            return self
        return replace(
            self,
            frame=self.frame.filter(kept),
            rows=self.rows.filter(kept),
            set_aside=(*self.set_aside, LeftOut(reason, left_out)),
        )


def all_records(file: RawTable) -> SourceTable:
    """Every record of a file."""
    return SourceTable(file, file.frame, file.row_numbers)


def identical_records(table: SourceFile) -> int:
    """How many records say the same in every column as one before them: real, or exported twice, none can tell."""
    if isinstance(table, LargeTable):
        return table.count_identical()
    return table.records - table.frame.n_unique() if table.frame.width else 0
