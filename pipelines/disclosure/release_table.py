"""The only type that leaves the counting side: charts, notebooks, pages and files take nothing else.

A release table knows its labels, its unit and its notes, so that whatever draws it needs neither the
database nor the code lists. A cell that is not shown has no value here: what is not in the object
cannot leak from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.language import Text, msg
from pipelines.language import both_languages as both_languages
from pipelines.tables.dimension import PERIOD, TableDimension
from pipelines.units import Unit


class SafetyLevel(StrEnum):
    """What a published release withstands (disclosure.md, 5.2)."""

    #: No hidden small cell can be narrowed below what the rule itself says of it.
    S1 = "S1"
    #: And nobody can prove of a hidden cell that it is small.
    S2 = "S2"


@dataclass(frozen=True)
class Protection:
    """The rule that a release was protected by, as everybody may know it; never the reason for one cell.

    `record_kinds`: the records that occur, each as the units that it counts as at once: a request with its
    first aggression and its first link, a further link alone. It ties tables of different units together.
    `rounding`: every count is a multiple of it, less than that away from the true one; 1 where counts are true.
    """

    k: int
    level: SafetyLevel
    zeros_are_published: bool
    record_kinds: tuple[tuple[Unit, ...], ...]
    rounding: int = 1

    @property
    def is_rounded(self) -> bool:
        return self.rounding > 1


@dataclass(frozen=True)
class ReleaseCell:
    """One published cell; `codes` has one code a dimension, `_total` for a margin."""

    codes: tuple[str, ...]
    value: int | None
    status: CellStatus

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.status is CellStatus.SHOWN):
            raise ValueError("a cell has a value if, and only if, it is shown")


@dataclass(frozen=True)
class ReleaseTable:
    """A published table with all its margins, of zero (a total alone) to three dimensions."""

    id: str
    title: Text
    unit: Unit
    unit_label: Text
    population: Text
    period: str
    dimensions: tuple[TableDimension, ...]
    cells: tuple[ReleaseCell, ...]
    notes: tuple[Text, ...] = ()
    is_collected: bool = True
    #: Codes of the first dimension whose units are not of the population: the total leaves them out.
    leaves_out: tuple[str, ...] = ()
    #: How much of the year's records the export holds, where it is known not to hold all: `couverte à 50 %`.
    coverage: Text | None = None
    #: Whether a hidden cell of this table may be zero: so where a line would tell everybody's answer.
    hides_zeros: bool = False
    #: Every count is a multiple of this, on its own: a total need not be the sum of its parts.
    rounding: int = 1
    #: What one unit is, and the query that counted them: names and codes, without a number.
    definition: Text | None = None
    query: str = ""

    @property
    def is_rounded(self) -> bool:
        return self.rounding > 1

    @property
    def periods(self) -> tuple[str, ...]:
        """The years that the table tells: its own, or those that it compares."""
        years = [code.code for side in self.dimensions if side.name == PERIOD for code in side.codes]
        # A comparison's own label, "first - last", is the name of no period.
        return tuple(years) or (self.period,)

    @cached_property
    def by_codes(self) -> Mapping[tuple[str, ...], ReleaseCell]:
        return {cell.codes: cell for cell in self.cells}

    def cell(self, *codes: str) -> ReleaseCell:
        """The cell at these codes; a `KeyError` if the table does not hold it."""
        return self.by_codes[codes]

    @property
    def total(self) -> ReleaseCell:
        return self.cell(*[TOTAL] * len(self.dimensions))

    @property
    def missing_count(self) -> int | None:
        """How many units lack an answer on some dimension of a one-way table; None if that is hidden."""
        if len(self.dimensions) != 1 or not self.is_collected:
            return None
        cells = [self.cell(code.code) for code in self.dimensions[0].missing]
        values = [cell.value for cell in cells]
        return None if None in values else sum(value for value in values if value is not None)


@dataclass(frozen=True)
class UntoldTable:
    """A table that this audience would get, and that is not published; `reason` is a sentence for its readers."""

    id: str
    title: Text
    reason: Text


@dataclass(frozen=True)
class Release:
    """All the tables of one centre, period and audience.

    `audience` is the id of a file of `config/audiences`. Without `protection` the counts are true, and the
    release must not leave the centre. `agreement` is what was agreed with who it is for, in the agreement's words.
    """

    centre_id: str
    centre_name: Text
    is_fictitious: bool
    period: str
    audience: str
    tables: tuple[ReleaseTable, ...]
    protection: Protection | None = None
    untold: tuple[UntoldTable, ...] = ()
    agreement: Text | None = None

    @property
    def is_internal(self) -> bool:
        return self.protection is None

    def table(self, table_id: str) -> ReleaseTable:
        """The table of this id; a `KeyError` names it if the release does not hold it."""
        for table in self.tables:
            if table.id == table_id:
                return table
        raise KeyError(table_id)


def untold_tables(titles: Mapping[str, Text], told: Iterable[ReleaseTable]) -> tuple[UntoldTable, ...]:
    """Of the tables that were counted, given by id and title, those that are not among the told ones."""
    published = {table.id for table in told}
    sentence = msg("This table is not published: too few persons in each cell to protect everybody.")
    reason = both_languages(sentence)
    return tuple(UntoldTable(table, title, reason) for table, title in titles.items() if table not in published)
