"""Why each cell of a protected release is hidden, and what could be published instead.

For the coordinator and for the ledger's private reasons: it tells which hidden cells are small, so it never
leaves the centre. No count of a cell is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipelines.disclosure.release_table import Protection


class HiddenBecause(StrEnum):
    """The reason for one hidden cell; a cell with several has the first of them that applies."""

    #: It is about 1 to k-1 persons.
    SMALL = "small"
    #: Everybody of a group, or all but fewer than k, gave this one answer.
    GROUP = "group"
    #: Of hours: the number of meetings that they are the hours of is hidden.
    COUNT_HIDDEN = "count_hidden"
    #: Of hours: few persons have any of them, or one has nearly all.
    FEW_HOLD = "few_hold"
    #: A release that is out hides it.
    HIDDEN_BEFORE = "hidden_before"
    #: Without it, subtractions would give back a cell that is hidden for another reason.
    PROTECTS_OTHERS = "protects_others"


class AlternativeKind(StrEnum):
    """What a table could become so that fewer cells are hidden."""

    CLASSES_ONLY = "classes_only"
    DROP_TABLE = "drop_table"
    MERGE_CODES = "merge_codes"


@dataclass(frozen=True)
class Alternative:
    """One thing that could be published instead, and its cost in cells.

    `codes`: what would be merged, of the table's dimensions; empty for the other kinds. `hidden_cells`: how
    many cells would then be hidden, all tables of the release together. `cells_lost`: how many cells fewer,
    shown or hidden, the tables would have.
    """

    kind: AlternativeKind
    codes: tuple[str, ...]
    hidden_cells: int
    cells_lost: int


@dataclass(frozen=True)
class TableProtectionReport:
    """What is hidden of one table; `hidden` has the codes of each cell as the release table has them."""

    table_id: str
    cells: int
    hidden: Mapping[tuple[str, ...], HiddenBecause]
    alternatives: tuple[Alternative, ...]

    def __post_init__(self) -> None:
        if len(self.hidden) > self.cells:
            raise ValueError("a table cannot hide more cells than it has")

    def because(self, reason: HiddenBecause) -> tuple[tuple[str, ...], ...]:
        """The cells that are hidden for this reason, in the table's order."""
        return tuple(codes for codes, given in self.hidden.items() if given is reason)


@dataclass(frozen=True)
class ProtectionReport:
    """What the protection of one release did; internal, for it counts and names the small cells.

    `narrowest`: how many values the narrowest interval of a hidden small cell keeps, None without such a cell.
    `share_of_counts_shown`: units told in shown inner cells over all units, from 0 to 1. `further`: distinct
    cells hidden beside the small ones; `proven_least`: how many of them any pattern needs, as far as proved.
    `merged`: steps of the merging plan that hold (`MergingStep.name`). `frozen`: periods told as they were
    released; `late_records`: by period, records entered since its release. `insider`: by number of records that
    somebody already knows, the hidden small cells that she could narrow (S4).
    """

    protection: Protection
    tables: tuple[TableProtectionReport, ...]
    narrowest: int | None
    share_of_counts_shown: float
    proven_least: int | None
    further: int
    merged: tuple[str, ...]
    frozen: tuple[str, ...]
    late_records: Mapping[str, int]
    ledger_version: int
    solver: str
    seconds: float
    insider: Mapping[int, int]

    def __post_init__(self) -> None:
        if not 0 <= self.share_of_counts_shown <= 1:
            raise ValueError("a share is between 0 and 1")

    @property
    def cells(self) -> int:
        return sum(table.cells for table in self.tables)

    @property
    def hidden_cells(self) -> int:
        return sum(len(table.hidden) for table in self.tables)
