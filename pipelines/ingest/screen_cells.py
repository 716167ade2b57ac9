"""One column as the rules of the screen look at it: its distinct cells, how often each, and their plain form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import polars as pl


class IdentifierKind(StrEnum):
    """What kind of thing that names a person."""

    EMAIL = "email"
    WEB_ADDRESS = "web_address"
    PHONE = "phone"
    HEALTH_INSURANCE_NUMBER = "health_insurance_number"
    SOCIAL_INSURANCE_NUMBER = "social_insurance_number"
    POSTAL_CODE = "postal_code"
    BIRTH_DATE = "birth_date"
    PERSON_NAME = "person_name"
    ADDRESS = "address"
    FILE_NUMBER = "file_number"
    FREE_TEXT = "free_text"
    NAMING_COLUMN = "naming_column"


#: What a rule found: the distinct cells of each kind.
Found = Mapping[IdentifierKind, frozenset[str]]
#: One rule of the screen.
Rule = Callable[["ColumnCells"], Found]

#: Spaces and hyphens that look alike are alike to the rules.
_LOOK_ALIKE = {
    **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u3000\t\r\n", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    "\u2019": "'",
    "\uff20": "@",
}
#: A cell that turns up no more often than this is an intruder among cells that repeat.
RARE_COUNT = 3
#: A form that fewer cells of a column have is an intruder's form.
INTRUDER_SHARE = 0.02


@dataclass(frozen=True)
class ColumnCells:
    """The cells of one column; `plain` and `counts` go with `distinct`, cell by cell, without the empty ones."""

    name: str
    distinct: pl.Series
    plain: pl.Series
    counts: pl.Series
    _masks: dict[str, pl.Series] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def filled(self) -> int:
        """How many cells are not empty."""
        return int(self.counts.sum())

    def matching(self, pattern: str) -> pl.Series:
        """Which of the distinct cells hold the pattern (of the `regex` crate: no look-around)."""
        if pattern not in self._masks:
            self._masks[pattern] = self.plain.str.contains(pattern)
        return self._masks[pattern]

    def look_for(self, patterns: Iterable[str]) -> None:
        """Search many patterns at once, which is several times faster than one after the other."""
        wanted = [pattern for pattern in dict.fromkeys(patterns) if pattern not in self._masks]
        masks = (
            self.plain.alias("plain")
            .to_frame()
            .select(pl.col("plain").str.contains(pattern).alias(str(place)) for place, pattern in enumerate(wanted))
        )
        self._masks.update(zip(wanted, masks.get_columns(), strict=True))

    def part(self, name: str, start: int, length: int) -> ColumnCells:
        """Some of the distinct cells as a column of their own, with what was searched in all of them."""
        masks = {pattern: mask.slice(start, length) for pattern, mask in self._masks.items()}
        distinct, plain, counts = (each.slice(start, length) for each in (self.distinct, self.plain, self.counts))
        return ColumnCells(name, distinct, plain, counts, masks)

    @cached_property
    def words(self) -> pl.Series:
        """How many words each distinct cell has."""
        return self.plain.str.count_matches(r"[\p{L}\p{N}'-]+")

    def share(self, mask: pl.Series) -> float:
        """The share of the filled cells that are under the mask."""
        return float(self.counts.filter(mask).sum()) / self.filled if self.filled else 0.0

    def cells(self, mask: pl.Series) -> frozenset[str]:
        """The distinct cells under the mask, as they lie in the file."""
        return frozenset(self.distinct.filter(mask).to_list())

    @cached_property
    def rare(self) -> pl.Series:
        """Which of the distinct cells turn up so seldom that they are no word of a list."""
        return self.counts <= RARE_COUNT

    @cached_property
    def has_short_or_repeated_cells(self) -> bool:
        """Whether a sentence would be a stranger: the cells are codes, or words that repeat."""
        is_usual = (self.counts > RARE_COUNT) | (self.words <= 3)
        return self.filled >= 20 and self.share(is_usual) >= 0.9

    @cached_property
    def is_closed_list(self) -> bool:
        """Whether the cells are words of a list: few of them, nearly all repeated."""
        common = self.counts > RARE_COUNT
        return self.filled >= 20 and self.share(common) >= 0.9 and self.distinct.len() <= max(20, self.filled * 0.2)


def each_alone(column: ColumnCells) -> Iterator[ColumnCells]:
    """Each distinct cell as a column of its own, with what was searched in all of them at once."""
    once = pl.Series("count", [1], dtype=column.counts.dtype)
    for place in range(column.distinct.len()):
        yield replace(column.part(column.name, place, 1), counts=once)


def search_columns(counted: Mapping[str, pl.DataFrame], patterns: Iterable[str]) -> Iterator[ColumnCells]:
    """Columns, each by its distinct cells (`cell`, `count`), with the patterns searched in all of them at once.

    A search costs as much to begin as to read a few thousand cells: a table of hundreds of short columns
    is searched in the time of one.
    """
    places = (pl.lit(place, dtype=pl.Int64).alias("place") for place in range(len(counted)))
    cells = pl.concat([cells.with_columns(place) for cells, place in zip(counted.values(), places, strict=True)])
    plain = cells["cell"]
    if not plain.str.contains(r"^[ -~]*$").all():
        plain = plain.str.replace_many(list(_LOOK_ALIKE), list(_LOOK_ALIKE.values()))
    cells = cells.with_columns(plain.str.strip_chars().alias("plain")).filter(pl.col("plain") != "")
    together = ColumnCells("", cells["cell"], cells["plain"], cells["count"])
    together.look_for(patterns)
    ends = cells["place"].search_sorted(pl.int_range(len(counted), eager=True), side="right").to_list()
    for name, start, end in zip(counted, [0, *ends], ends, strict=False):
        yield together.part(name, start, end - start)


def distinct_cells(values: pl.Series) -> pl.DataFrame:
    """The distinct cells of a column of strings, trimmed of nothing, and how often each stands there."""
    return values.drop_nulls().alias("cell").value_counts(name="count")


def cells_of(texts: Iterable[str], name: str = "", patterns: Iterable[str] = ()) -> ColumnCells:
    """A few texts that lie around a table, in the form that the rules look at."""
    counted = distinct_cells(pl.Series(name, list(texts), dtype=pl.String))
    return next(search_columns({name: counted}, patterns))
