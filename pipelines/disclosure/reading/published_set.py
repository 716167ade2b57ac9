"""What an attacker holds: published cells, and what everybody knows of the codes they are told in.

Nothing here knows a true count that was not published. A cell is a group of records, said by the codes
that define it; a margin leaves its dimension out, so the same group has one meaning in every table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The (dimension, code) pairs that define a group of records, sorted; the empty one is everybody.
Where = tuple[tuple[str, str], ...]
#: The code of the records that no published code of a dimension keeps.
REST = "_rest"
#: The dimensions that releases are told apart by, beside the period.
CENTRE = "centre"
UNIT = "unit"
#: In the place of a dimension: those of a total of persons who are not in a line.
NOT_IN_LINE = "_not_in_line"
#: Before the codes that a class leaves out: all the other codes of the dimension.
EXCEPT = "_except+"


@dataclass(frozen=True)
class PublishedCell:
    """One published cell; `value` is None where it is hidden.

    `universe` says what is counted and among whom (requests, aggressions): cells of two universes are
    never added together. `spread`: how far the true count may be from a rounded value.
    `is_certain_zero`: everybody knows that nothing can be there. `may_be_zero`: hidden
    in a table that hides zeros as well.
    """

    table: str
    where: Where
    value: int | None
    universe: str = ""
    is_certain_zero: bool = False
    may_be_zero: bool = False
    spread: int = 0

    @property
    def least(self) -> int:
        """The least that a shown value stands for."""
        return max((self.value or 0) - self.spread, 0)

    @property
    def most(self) -> int:
        """The most that a shown value stands for."""
        return (self.value or 0) + self.spread


@dataclass(frozen=True)
class Nesting:
    """Every code of the dimension `fine` belongs to one code of `coarse`, and everybody knows which."""

    fine: str
    coarse: str
    parent_of: Mapping[str, str]


@dataclass(frozen=True)
class PersonLine:
    """A line of a table of persons, and its total: nobody is in the line who is not in the total."""

    line: PublishedCell
    total: PublishedCell

    @property
    def rest(self) -> Where:
        """The persons of the total who are not in the line."""
        return tuple(sorted((*self.line.where, (NOT_IN_LINE, ""))))


@dataclass(frozen=True)
class PublishedSet:
    """All that was ever published about the same people, to be attacked together.

    `dimensions`: all the leaf codes of each dimension, which together hold every record. `groups`: for a
    dimension, its class codes with the leaves each covers. `multi_answer`: dimensions of which one unit
    may carry several codes, and carries one at least. `watched`: groups that no table publishes and
    that must not be deduced either. `person_lines`: where a person is counted once in each line that she is
    in, and once in the total.
    """

    dimensions: Mapping[str, tuple[str, ...]]
    cells: tuple[PublishedCell, ...]
    zeros_are_published: bool
    k: int
    groups: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    nestings: tuple[Nesting, ...] = ()
    multi_answer: frozenset[str] = frozenset()
    watched: tuple[PublishedCell, ...] = ()
    person_lines: tuple[PersonLine, ...] = ()
    #: Hours, each by the group of records that it is the hours of: no count, and in no sum with counts.
    hours: tuple[PublishedCell, ...] = ()

    @property
    def is_rounded(self) -> bool:
        return any(cell.spread for cell in self.cells)

    def is_open(self, cell: PublishedCell) -> bool:
        """Whether a cell may be small for all that it says itself: hidden, or rounded and low."""
        return cell.value is None or (cell.spread > 0 and cell.least < self.k)

    @property
    def universes(self) -> tuple[str, ...]:
        return tuple(sorted({cell.universe for cell in self.cells}))

    def leaves_of(self, dimension: str, code: str) -> frozenset[str]:
        """The leaf codes that a code of a dimension covers; a `KeyError` if it is neither leaf nor class."""
        classes = self.groups.get(dimension, {})
        if code in classes:
            return classes[code]
        if code not in self.dimensions[dimension]:
            raise KeyError(f"a code of the dimension {dimension} is not among its codes")
        return frozenset({code})
