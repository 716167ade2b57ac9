"""A table read along one of its sides: what each row says, in the order in which a chart shows it.

All charts and their table twins are made from these rows, so a number, a percentage or a hidden
cell is written the same way wherever it stands.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import ReleaseCell, ReleaseTable
from pipelines.language import Language, Message, msg
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.tables.percentages import apportion, share_of
from pipelines.units import Measure

#: What stands in the place of a number that is not there. Zero is a number: it is written 0.
SIGNS = {CellStatus.HIDDEN: "s", CellStatus.STRUCTURAL_ZERO: "–", CellStatus.NOT_COLLECTED: ".."}
#: The same in words, for sentences and for who hears the page.
SIGN_WORDS: dict[CellStatus, Message] = {
    CellStatus.HIDDEN: msg("hidden number"),
    CellStatus.STRUCTURAL_ZERO: msg("impossible case"),
    CellStatus.NOT_COLLECTED: msg("number not collected"),
}

#: How many of a measure make one of what a reader sees: an hour, a dollar.
_AS_SEEN = {Measure.MINUTES: 60, Measure.AMOUNT: 100}


@dataclass(frozen=True)
class CountedRow:
    """One code and its count; `share` is in tenths of a percent of the base, None where there is none."""

    code: str
    label: str
    cell: ReleaseCell
    share: int | None = None
    children: tuple[CountedRow, ...] = ()
    measure: Measure = Measure.COUNT

    @property
    def value(self) -> int | None:
        return self.cell.value

    @property
    def drawn(self) -> float | None:
        """How long its bar is: a count as it is, minutes as hours."""
        return as_drawn(self.value, self.measure)

    @property
    def known_count(self) -> int | None:
        """The count as arithmetic sees it: what cannot be anything but zero, or was not written down, adds nothing."""
        adds_nothing = self.cell.status in (CellStatus.STRUCTURAL_ZERO, CellStatus.NOT_COLLECTED)
        return 0 if adds_nothing else self.cell.value

    def count_text(self, language: Language) -> str:
        """The number, or the sign that stands for it."""
        return write_cell(self.cell, language, self.measure)

    def share_text(self, language: Language) -> str:
        return "" if self.share is None or self.value is None else language.percent(self.share)

    def full_text(self, language: Language) -> str:
        """`43 (28,9 %)`, `43` where there is no base, or the sign."""
        share = self.share_text(language)
        return f"{self.count_text(language)} ({share})" if share else self.count_text(language)

    def said(self, language: Language) -> str:
        """The full text as a sentence takes it: a word in the place of a sign."""
        return say_cell(self.cell, language) if self.value is None else self.full_text(language)


@dataclass(frozen=True)
class CountedRows:
    """The rows of one side of a table, the other sides held still.

    `base` is what the shares are shares of: the units with an answer, or all the units where one
    may give several answers; None where a hidden cell keeps it from being known. Of rounded numbers it is
    what the total leaves, and the parts need not make it up.
    """

    dimension: TableDimension
    total: ReleaseCell
    answered: tuple[CountedRow, ...]
    missing: tuple[CountedRow, ...]
    base: int | None
    measure: Measure = Measure.COUNT

    @property
    def missing_count(self) -> int | None:
        """How many units have no answer; None if that is hidden."""
        counts = _known_counts(self.missing)
        return None if counts is None else sum(counts)

    @property
    def shown_missing(self) -> tuple[CountedRow, ...]:
        """The kinds of missing answer that occur."""
        return tuple(row for row in self.missing if row.known_count != 0)

    @property
    def hidden_count(self) -> int:
        rows = (*self.answered, *self.missing)
        return sum(row.cell.status is CellStatus.HIDDEN for row in rows)

    @property
    def hides_answers(self) -> bool:
        """Whether some answer is hidden: then nobody can say which one is the largest, or the smallest."""
        return any(row.cell.status is CellStatus.HIDDEN for row in self.answered)

    @property
    def hides_all_answers(self) -> bool:
        """Whether there are answers, and not one number among them."""
        return bool(self.answered) and all(row.cell.status is CellStatus.HIDDEN for row in self.answered)


def write_cell(cell: ReleaseCell, language: Language, measure: Measure = Measure.COUNT) -> str:
    """The number of a cell as this language writes it (`129`, `215 h 30`), or the sign of its status."""
    return SIGNS[cell.status] if cell.value is None else write_value(cell.value, language, measure)


def say_cell(cell: ReleaseCell, language: Language) -> str:
    """The number of a cell, or in a word why there is none."""
    return language.text(SIGN_WORDS[cell.status]) if cell.value is None else language.number(cell.value)


def say_count(count: int | None, language: Language, measure: Measure = Measure.COUNT) -> str:
    """A number made from several cells; None where a hidden one keeps it from being known."""
    return language.text(SIGN_WORDS[CellStatus.HIDDEN]) if count is None else write_value(count, language, measure)


def write_value(value: int, language: Language, measure: Measure) -> str:
    """A number as its measure is written: minutes are read as hours, cents as dollars."""
    if measure is Measure.AMOUNT:
        return language.amount(value)
    return language.number(value) if measure is Measure.COUNT else language.duration(value)


def as_drawn(value: int | None, measure: Measure) -> float | None:
    """A count as it is, minutes as hours, cents as dollars."""
    return value if value is None or measure is Measure.COUNT else value / _AS_SEEN[measure]


def read_rows(table: ReleaseTable, language: Language, *place: str | None) -> CountedRows:
    """The rows along the dimension marked None in `place`, which holds the other dimensions' codes.

    The details of a class are there where the table holds them. Raises `KeyError` if the table lacks
    another cell: a table comes with all its margins.
    """
    side = place.index(None)
    dimension, measure = table.dimensions[side], table.unit.measure
    # A person may be in several lines, as an aggression may have several forms.
    overlap = dimension.is_multi_answer or table.unit.counts_persons

    def codes(code: str) -> tuple[str, ...]:
        return tuple(code if held is None else held for held in place)

    def cell(code: str) -> ReleaseCell:
        return table.cell(*codes(code))

    def row(code: TableCode, children: tuple[CountedRow, ...] = ()) -> CountedRow:
        label = code.label.in_language(language)
        return CountedRow(code.code, label, cell(code.code), children=children, measure=measure)

    def details(code: TableCode) -> tuple[CountedRow, ...]:
        # A cross-table may be counted by classes alone.
        leaves = [leaf for leaf in dimension.children(code.code) if codes(leaf.code) in table.by_codes]
        return tuple(row(leaf) for leaf in leaves)

    total = cell(TOTAL)
    missing = tuple(row(code) for code in dimension.missing)
    classes = tuple(row(code, details(code)) for code in dimension.classes)
    base = total.value if overlap else _base(total, classes, missing, is_rounded=table.is_rounded)
    # Each rounded number stands alone: no share is bent to make a whole of them.
    shared = _with_shares(classes, base, overlap=overlap or table.is_rounded)
    return CountedRows(dimension, total, _in_reading_order(shared, dimension.is_ordered), missing, base, measure)


def _base(
    total: ReleaseCell, classes: tuple[CountedRow, ...], missing: tuple[CountedRow, ...], *, is_rounded: bool
) -> int | None:
    answers = _known_counts(classes)
    if answers is not None and not is_rounded:
        return sum(answers)
    absent = _known_counts(missing)
    if total.value is None or absent is None:
        return None
    return max(total.value - sum(absent), 0)


def _with_shares(rows: tuple[CountedRow, ...], base: int | None, *, overlap: bool) -> tuple[CountedRow, ...]:
    """Shares that make the whole exactly, or each on its own where answers overlap or cells are hidden."""
    known = _known_counts(rows)
    if base and known is not None and not overlap:
        shares: list[int | None] = list(apportion(known))
    else:
        shares = [_share_alone(row, base) for row in rows]
    return tuple(
        replace(row, share=share, children=_details_with_shares(row, share, base, overlap=overlap))
        for row, share in zip(rows, shares, strict=True)
    )


def _details_with_shares(
    row: CountedRow, share: int | None, base: int | None, *, overlap: bool
) -> tuple[CountedRow, ...]:
    """The details of a class divide its share among them, where all of them are known."""
    known = _known_counts(row.children)
    if share is not None and known is not None and not overlap:
        shares: list[int | None] = list(apportion(known, share))
    else:
        shares = [_share_alone(child, base) for child in row.children]
    return tuple(replace(child, share=part) for child, part in zip(row.children, shares, strict=True))


def _known_counts(rows: tuple[CountedRow, ...]) -> list[int] | None:
    counts = [row.known_count for row in rows if row.known_count is not None]
    return counts if len(counts) == len(rows) else None


def _share_alone(row: CountedRow, base: int | None) -> int | None:
    # A rounded part can be more than a rounded whole: more than 100% says nothing to a reader.
    return None if row.known_count is None or not base or row.known_count > base else share_of(row.known_count, base)


def _in_reading_order(rows: tuple[CountedRow, ...], is_ordered: bool) -> tuple[CountedRow, ...]:
    """Largest first, what is hidden last and by name: no order may tell which hidden cell is larger."""
    sorted_rows = tuple(replace(row, children=_in_reading_order(row.children, is_ordered)) for row in rows)
    if is_ordered:
        return sorted_rows
    known = [row for row in sorted_rows if row.known_count is not None]
    hidden = [row for row in sorted_rows if row.known_count is None]
    known.sort(key=lambda row: -(row.known_count or 0))
    hidden.sort(key=lambda row: _alphabetical(row.label))
    return (*known, *hidden)


def _alphabetical(label: str) -> str:
    """A key that files `É` with `E`, as a French reader does."""
    bare = unicodedata.normalize("NFD", label.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
