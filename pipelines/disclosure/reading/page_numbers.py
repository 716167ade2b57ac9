"""Numbers as a reader of a page meets them, and which of them the shown cells of a release explain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Language, Message, Text
from pipelines.tables.dimension import TableDimension

#: A cell of a release: its table and its codes.
CellId = tuple[str, tuple[str, ...]]
WHOLE_IN_TENTHS = 1000
#: A question that does not concern the unit: the share of known answers is of the others.
_NOT_APPLICABLE = "sans_objet"
_NUMBERS = {
    "fr": re.compile(r"(\d{1,3}(?:[\u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)([\u00a0\u202f ]?%)?"),
    "en": re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)([\u00a0\u202f ]?%)?"),
}
#: A SHA-256, or the beginning that a card shows of it: no number that counts anything is written so, and its digits
#: are every number by chance.
_FINGERPRINT = re.compile(r"(?<!\w)(?:[0-9a-f]{64}|[0-9a-f]{16})(?!\w)")
_MINUTES_AN_HOUR = 60
_DURATION = re.compile(
    r"(?<![\d,.])(?P<hours>\d{1,3}(?:[\u00a0\u202f,]\d{3})*)\u00a0h(?:\u00a0(?P<minutes>\d\d))?(?!\w)"
)
#: Where our sentences cut a long label.
_CUTS = (40, 50, 60)
#: Sentences with a number that counts no person: it is taken out before the numbers are read.
_TOLD_APART = (
    "Hidden numbers: {count}.",
    "Small bar charts, {period}: {bars}, by {side} ({count} panels).",
    "The last {count} years are drawn; the table has them all.",
    "{count} panels are drawn; the table has them all.",
    "{count} rules checked on {suite}",
    "Figure {count}. {title}",
    "Table {count}. {title}",
)


@dataclass(frozen=True)
class PageNumber:
    """A number found in a page; a share is in tenths of a percent.

    `cells`: those it may be about, the table alone where the place tells no cell (`is_placed` false), nothing
    where it stands in a place that no cell has.
    """

    table: str
    place: str
    value: Decimal
    is_share: bool = False
    is_placed: bool = False
    cells: tuple[CellId, ...] = ()


def read_numbers(text: str, language: str) -> Iterator[tuple[Decimal, bool]]:
    """The numbers of a text as its language writes them, and whether each is a percentage (then in tenths)."""
    for match in _NUMBERS[language].finditer(text):
        digits = re.sub(r"[\u00a0\u202f]", "", match[1])
        plain = digits.replace(",", ".") if language == "fr" else digits.replace(",", "")
        value = Decimal(plain)
        yield (value * 10, True) if match[2] else (value, False)


def without_fingerprints(text: str) -> str:
    """The text without the fingerprints in it."""
    return _FINGERPRINT.sub(" ", text)


def in_minutes(text: str) -> str:
    """The text with its hours as the whole minutes that a table holds."""
    return _DURATION.sub(lambda match: str(_minutes_of(match)), text)


def read_durations(text: str, language: str, *, are_decimal: bool) -> Iterator[Decimal]:
    """The minutes of the lengths of time in a text: `215 h 30`, or `215.5` for programs; any other number as it is."""
    if are_decimal:
        # A third of an hour has no end.
        yield from (Decimal(round(float(number) * _MINUTES_AN_HOUR)) for number in re.findall(r"\d+(?:\.\d+)?", text))
        return
    yield from (Decimal(_minutes_of(match)) for match in _DURATION.finditer(text))
    yield from (value for value, _ in read_numbers(_DURATION.sub(" ", text), language))


def _minutes_of(match: re.Match[str]) -> int:
    return int(re.sub(r"\D", "", match["hours"])) * _MINUTES_AN_HOUR + int(match["minutes"] or 0)


class KnownTexts:
    """The texts of a release that hold digits of their own: `12-17 ans`, `2023-2024`."""

    def __init__(self, release: Release, language: str) -> None:
        self.language = language
        texts = {text for text in _texts(release) if re.search(r"\d", text) and not re.fullmatch(r"\d{1,3}", text)}
        texts |= {text[: cut - 1].rstrip() + "…" for text in texts for cut in _CUTS if len(text) > cut}
        ordered = sorted(texts, key=lambda text: (-len(text), text))
        any_space = (re.sub(r"(\\?\s|\u00a0)+", r"\\s+", re.escape(text)) for text in ordered)
        self._known = re.compile(rf"(?<!\d)(?:{'|'.join(any_space)})(?!\d)", re.IGNORECASE) if texts else None
        self._apart = [_numbered_sentence(msgid, Language(language)) for msgid in _TOLD_APART]

    def without_them(self, text: str) -> str:
        """The text with nothing but numbers that are counts or shares."""
        text = re.sub(r"<br\s*/?>", " ", text)
        if self._known is not None:
            text = self._known.sub(" ", text)
        for sentence in self._apart:
            text = sentence.sub(r"\g<1> ", text)
        return text


def _texts(release: Release) -> Iterator[str]:
    def both(text: Text) -> tuple[str, str]:
        return text.fr, text.en

    yield release.period
    # It begins the names of the files that a reader saves.
    yield release.centre_id
    yield from both(release.centre_name)
    for table in release.tables:
        yield table.period
        told = (table.title, table.population, table.unit_label, table.coverage, table.definition, *table.notes)
        for text in filter(None, told):
            yield from both(text)
            yield from (words.rstrip(".") for words in both(text))
        for dimension in table.dimensions:
            yield from both(dimension.title)
            for code in dimension.codes:
                yield from both(code.label)


def _numbered_sentence(msgid: str, language: Language) -> re.Pattern[str]:
    names = re.findall(r"\{(\w+)\}", msgid)
    said = language.text(Message(msgid, {name: f"\x00{name}\x00" for name in names}))
    before, after = said.split("\x00count\x00")
    # The digits of the other parts are gone by then, and parts of them with it.
    parts = (re.sub("\x00\\w+\x00", ".*?", re.escape(part)) for part in (before, after))
    start, end = (re.sub(r"(\\?\s|\u00a0)+", r"\\s+", part) for part in parts)
    return re.compile(rf"({start})[\d\s]*\d(?={end})")


class TableFacts:
    """What the shown cells of a table say: counts, sums that a reader makes, and shares of them."""

    def __init__(self, table: ReleaseTable) -> None:
        self._table = table

    def explains(self, value: Decimal, *, is_share: bool) -> bool:
        """Whether some shown cell, or a sum or a share of shown cells, is this number."""
        if not is_share:
            return value in self._counts
        return any(self._is_share(value, count, base) for bases in self._bases.values() for base in bases
                   for count in self._shown | self._counts)  # fmt: skip

    def is_number_of(self, codes: tuple[str, ...], value: Decimal, *, is_share: bool) -> bool:
        """Whether this cell is shown, and this is its number or its share of a line that is known."""
        cell = self._table.by_codes.get(codes)
        if cell is None or cell.value is None:
            return False
        if not is_share:
            return value == cell.value
        lines = (codes[:place] + (TOTAL,) + codes[place + 1 :] for place in range(len(codes)))
        bases = {base for line in lines for base in self._bases.get(line, ())}
        return any(self._is_share(value, cell.value, base) for base in bases)

    @staticmethod
    def _is_share(value: Decimal, count: int, base: int) -> bool:
        """Shares of a class divide the share of the class: each may be two tenths away."""
        return base > 0 and abs(value * base - WHOLE_IN_TENTHS * count) < 2 * base

    @cached_property
    def _shown(self) -> frozenset[int]:
        return frozenset(cell.value for cell in self._table.cells if cell.value is not None)

    @cached_property
    def _counts(self) -> frozenset[int]:
        sums = {base for bases in self._bases.values() for base in bases}
        return self._shown | sums | {0} | self._missing

    @cached_property
    def _missing(self) -> frozenset[int]:
        known = (self._sum(line, place, _missing(self._table.dimensions[place])) for line, place in self._lines())
        return frozenset(value for value in known if value is not None)

    @cached_property
    def _bases(self) -> dict[tuple[str, ...], frozenset[int]]:
        """For each margin, the numbers that shares along it may be of."""
        bases: dict[tuple[str, ...], set[int]] = {}
        for line, place in self._lines():
            dimension = self._table.dimensions[place]
            total = self._table.by_codes.get(line)
            missing = self._sum(line, place, _missing(dimension))
            answers = self._sum(line, place, [code.code for code in dimension.classes])
            whole = total.value if total is not None else None
            beside = self._sum(line, place, [code for code in _missing(dimension) if code == _NOT_APPLICABLE])
            found = (whole, answers, *(None if whole is None or of is None else whole - of for of in (missing, beside)))
            bases.setdefault(line, set()).update(value for value in found if value is not None)
        return {line: frozenset(of) for line, of in bases.items()}

    def _lines(self) -> Iterator[tuple[tuple[str, ...], int]]:
        """Every margin with the place of the dimension that it adds up."""
        for place in range(len(self._table.dimensions)):
            lines = {codes[:place] + (TOTAL,) + codes[place + 1 :] for codes in self._table.by_codes}
            yield from ((line, place) for line in sorted(lines))

    def _sum(self, line: tuple[str, ...], place: int, codes: Sequence[str]) -> int | None:
        total = 0
        for code in codes:
            cell = self._table.by_codes.get((*line[:place], code, *line[place + 1 :]))
            if cell is None or (cell.value is None and cell.status is not CellStatus.STRUCTURAL_ZERO):
                return None
            total += cell.value or 0
        return total


def _missing(dimension: TableDimension) -> list[str]:
    return [code.code for code in dimension.missing]


def cells_at(table: ReleaseTable, *sides: Iterable[str]) -> tuple[CellId, ...]:
    """The cells of a table at every combination of these codes, those that it holds."""
    found: list[tuple[str, ...]] = [()]
    for side in sides:
        found = [(*codes, code) for codes in found for code in side]
    return tuple((table.id, codes) for codes in found if codes in table.by_codes)
