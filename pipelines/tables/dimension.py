"""The sides of a table: what it is broken down by, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipelines.language import Text

#: The dimension of a comparison of years; its codes are the labels of the periods.
PERIOD = "period"
#: The dimension of a table of school years, which begin on 1 July.
SCHOOL_YEAR = "school_year"


@dataclass(frozen=True)
class TableCode:
    """A row or column heading; `parent` is the code of its class, empty at the upper level.

    `within` is its class where the table does not list that class: everybody may know the code lists, and an
    attack reckons with it.
    """

    code: str
    label: Text
    parent: str = ""
    is_missing: bool = False
    within: str = ""
    #: Of a year: told in part, or after a break since the year before it. It is not to be compared with the others.
    is_part: bool = False
    is_after_break: bool = False


@dataclass(frozen=True)
class TableDimension:
    """A side of a table, its codes in the order in which they are read."""

    name: str
    title: Text
    codes: tuple[TableCode, ...]
    #: Whether the codes have an order of their own (ages, years), which no chart may sort away.
    is_ordered: bool = False
    #: Whether one unit may carry several codes; then the cells add up to more than their margin.
    is_multi_answer: bool = False

    @property
    def is_time(self) -> bool:
        """Whether the codes are years."""
        return self.name in (PERIOD, SCHOOL_YEAR)

    @cached_property
    def by_code(self) -> Mapping[str, TableCode]:
        return {code.code: code for code in self.codes}

    @property
    def classes(self) -> tuple[TableCode, ...]:
        """The upper level, the kinds of missing answer aside."""
        return tuple(code for code in self.codes if not code.parent and not code.is_missing)

    def children(self, parent: str) -> tuple[TableCode, ...]:
        return tuple(code for code in self.codes if code.parent == parent)

    @property
    def missing(self) -> tuple[TableCode, ...]:
        return tuple(code for code in self.codes if code.is_missing)
