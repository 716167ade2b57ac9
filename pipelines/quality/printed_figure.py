"""A number that a report printed, and what an audit can say of it.

Everything here is about aggregate numbers that are already out: they may be told, unlike a value of a case.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from pipelines.language import Message


class Part(StrEnum):
    """What a number is in its table; a `figure` stands alone."""

    PART = "part"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    FIGURE = "figure"


PERCENT = "percent"
COUNT = "count"
HOUR = "hour"
#: Nobody prints more: what a spreadsheet keeps further (a third of an hour) is rounded, and so is what it adds up to.
FINEST_DECIMALS = 4


@dataclass(frozen=True, order=True)
class TableKey:
    """Where a table is: its report, its section, its name."""

    report: str
    section: str
    table: str


@dataclass(frozen=True)
class Figure:
    """One printed number; `decimals` is how many it was printed with, `line` where it is in the file read."""

    place: TableKey
    row: str
    measure: str
    unit: str
    value: Decimal
    decimals: int
    part: Part
    line: int

    @property
    def half_step(self) -> Decimal:
        """How far the true value may be from the printed one: half a unit of its last decimal."""
        return Decimal(5).scaleb(-self.decimals - 1)


@dataclass(frozen=True)
class PrintedFigures:
    """The figures of one file; `notices` tell what of a document was left out."""

    figures: tuple[Figure, ...]
    notices: tuple[Message, ...] = ()
    #: Whether `line` of a figure is a line of the file, or only its rank.
    has_lines: bool = True


class Check(StrEnum):
    """The kinds of checks, in the order in which they are told."""

    TOTAL = "total"
    PERCENTAGES = "percentages"
    SHARE = "share"
    EVOLUTION = "evolution"
    AVERAGE = "average"
    TWICE = "told_twice"
    RULE = "rule"
    ORDER = "no_more_than"


class State(StrEnum):
    """What a check found: `to_explain` may be right, but only a person of the centre can say so."""

    VERIFIED = "verified"
    DISAGREES = "disagreement"
    TO_EXPLAIN = "to_explain"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class CellGap:
    """One cell of a line that cannot be: what was printed, and the nearest that can (none where nothing can)."""

    measure: str
    printed: Decimal
    nearest: Decimal | None


@dataclass(frozen=True)
class Outcome:
    """What one check says of one number, or of one line of numbers."""

    check: Check
    state: State
    place: TableKey
    row: str
    measure: str
    #: The sentence for a reader; the causes are likely ones, the likeliest first.
    told: Message
    #: Where the figure is in the file, and all the figures that were looked at.
    line: int
    lines: tuple[int, ...]
    printed: Decimal | None = None
    recomputed: Decimal | None = None
    causes: tuple[Message, ...] = ()
    cells: tuple[CellGap, ...] = ()
    #: Numbers of answers that the percentages could come from.
    possible_n: tuple[int, ...] = field(default=())


Tables = Mapping[TableKey, tuple[Figure, ...]]


def group_by_table(figures: Iterable[Figure]) -> dict[TableKey, tuple[Figure, ...]]:
    """The figures of each table, in the order of the file."""
    tables: dict[TableKey, list[Figure]] = {}
    for figure in figures:
        tables.setdefault(figure.place, []).append(figure)
    return {place: tuple(found) for place, found in tables.items()}


def rows_of(figures: Iterable[Figure]) -> dict[str, tuple[Figure, ...]]:
    """The figures of each line of a table, in the order of the file."""
    rows: dict[str, list[Figure]] = {}
    for figure in figures:
        rows.setdefault(figure.row, []).append(figure)
    return {row: tuple(found) for row, found in rows.items()}


@lru_cache(maxsize=65_536)
def words_of(label: str) -> tuple[str, ...]:
    """The words of a label as they are compared: no accent, no capital, no plural ending."""
    plain = unicodedata.normalize("NFKD", label.replace("œ", "oe").replace("Œ", "oe").casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(_singular(word) for word in re.findall(r"[a-z0-9]+", bare))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def holds(label: str, words: Iterable[str]) -> bool:
    """Whether one of the words is in the label."""
    return not set(words).isdisjoint(words_of(label))


def lines_of(figures: Iterable[Figure]) -> tuple[int, ...]:
    """Where the figures are in the file."""
    return tuple(sorted(figure.line for figure in figures))


def total_of(figures: Iterable[Figure]) -> Decimal:
    """The sum of the values."""
    return sum((figure.value for figure in figures), Decimal(0))


def agrees(total: Figure, parts: Iterable[Figure]) -> bool:
    """Whether the parts add up to the total; each rounded number may be half of its last decimal away."""
    listed = list(parts)
    is_rounded = total.unit == PERCENT or any(figure.decimals >= FINEST_DECIMALS for figure in (total, *listed))
    slack = sum((figure.half_step for figure in (total, *listed)), Decimal(0)) if is_rounded else Decimal(0)
    return abs(total.value - total_of(listed)) <= slack
