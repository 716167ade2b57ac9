"""Numbers that a text or a grid gives after the names of a hidden cell: `Mère : 3`, a row and its column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.page_numbers import CellId, read_numbers, without_fingerprints
from pipelines.disclosure.release_table import Release
from pipelines.tables.dimension import PERIOD

#: How far before a number its names may stand, in characters.
_REACH = 200
#: JSON keys that name the class of what is told, not what is told.
_ABOVE = ("parent", "within")
_BETWEEN = re.compile(r"[\s:,;=()\[\]{}\"'<>|–-]*")
#: A code of a dimension, a table, or the margin of some dimension.
_Name = tuple[str, str]
_TABLE = "\x00table"
_MARGIN = "\x00margin"
_TOTALS = (TOTAL, "Total")


class NamedNumbers:
    """Finds the values of hidden cells beside the codes, labels and titles of a release.

    `hidden`: the cells that are looked for with their values; with None, any number at their place is one.
    """

    def __init__(self, release: Release, hidden: Mapping[CellId, int | None]) -> None:
        self._hidden = hidden
        self._tables = {table.id: table for table in release.tables}
        self._names: dict[str, set[_Name]] = {}
        for table in release.tables:
            for text in (table.id, table.title.fr, table.title.en):
                self._names.setdefault(_folded(text), set()).add((_TABLE, table.id))
            for dimension in table.dimensions:
                for code in dimension.codes:
                    for text in (code.code, code.label.fr, code.label.en):
                        self._names.setdefault(_folded(text), set()).add((dimension.name, code.code))
        for text in _TOTALS:
            self._names.setdefault(_folded(text), set()).add((_MARGIN, TOTAL))
        ordered = sorted(self._names, key=lambda text: (-len(text), text))
        spaced = (re.sub(r"(\\?\s)+", r"\\s+", re.escape(text)) for text in ordered)
        self._token = re.compile(rf"(?<!\w)(?P<name>{'|'.join(spaced)})(?!\w)|(?<!\w)\d", re.IGNORECASE)
        self._cells = self._by_value()

    def in_text(self, text: str) -> Iterator[CellId]:
        """The hidden cells whose number follows their names."""
        text = without_fingerprints(text)
        said: list[tuple[int, set[_Name]]] = []
        number_ends = 0
        for match in self._token.finditer(text):
            if match["name"]:
                said.append((match.end(), self._names[_folded(match["name"])]))
            elif match.start() >= number_ends:
                digits = re.compile(r"\d+(?:[.,]\d+)?").match(text, match.start())
                assert digits is not None
                number_ends = digits.end()
                yield from self._told(_near(text, said, match.start()), _number(digits[0]))

    def in_json(self, value: Any, near: Sequence[set[_Name]] = ()) -> Iterator[CellId]:
        """The hidden cells whose number stands in their object or list, or under their names."""
        if isinstance(value, Mapping):
            own = [names for key, text in value.items() if key not in _ABOVE for names in self._named(text)]
            for key, item in value.items():
                yield from self.in_json(item, [*near, *own, *self._named(key)])
            lists = [item for item in value.values() if isinstance(item, list)]
            for words in lists:
                for numbers in (item for item in lists if len(item) == len(words)):
                    for word, number in zip(words, numbers, strict=True):
                        yield from self.in_json(number, [*near, *own, *self._named(word)])
        elif isinstance(value, list):
            own = [names for text in value for names in self._named(text)]
            for item in value:
                yield from self.in_json(item, [*near, *own])
        elif isinstance(value, str):
            for number in _numbers_in(without_fingerprints(value)) if not self._named(value) else ():
                yield from self._told(near, number)
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            yield from self._told(near, Decimal(str(value)))

    def _named(self, text: object) -> list[set[_Name]]:
        names = self._names.get(_folded(text)) if isinstance(text, str) else None
        return [names] if names is not None else []

    def in_grid(self, grid: Sequence[Sequence[str]]) -> Iterator[CellId]:
        """The hidden cells whose number stands in their row and column.

        A grid that gives the id of its table is of that one, whatever titles stand in it: the title of a
        dimension may be that of another table. Where it gives several, each is that of its column.
        """
        tables: list[set[_Name]] = []
        identified = {
            place: text.strip() for line in grid for place, text in enumerate(line) if text.strip() in self._tables
        }
        above: dict[int, set[_Name]] = {}
        for line in grid:
            left: list[set[_Name]] = []
            for place, text in enumerate(line):
                names = self._names.get(_folded(text))
                if names is None:
                    heads = [above[place]] if place in above else []
                    of = self._identified_at(place, identified) if identified else tables[-1:]
                    # A word of several dimensions (a refusal) gives way to the word of one.
                    near = sorted(
                        (names for names in (*heads, *left) if not (identified and _is_table(names))),
                        key=lambda names: -len({name for name, _ in names}),
                    )
                    for value in _numbers_in(text):
                        yield from self._told([*of, *near], value, places=[*heads, *left])
                    continue
                tables += [names] if _is_table(names) else []
                left.append(names)
                # The heading of a row is none of the rows below it.
                if place:
                    above[place] = names

    def _told(
        self, near: Sequence[set[_Name]], value: Decimal | None, *, places: Sequence[set[_Name]] = ()
    ) -> Iterator[CellId]:
        """The hidden cells of this value that the names just before it are those of.

        `places`: the names of its row and column; a cell of a table that has no such side is another one.
        """
        if value is None:
            return
        last: dict[str, set[str]] = {}
        table: set[str] = set()
        for names in near:
            for dimension in {dimension for dimension, _ in names}:
                codes = {code for name, code in names if name == dimension}
                if dimension == _TABLE:
                    table, last = codes, {} if codes != table else last
                else:
                    last[dimension] = codes
        margins = last.pop(_MARGIN, None)
        has_total = margins is not None or bool(table)
        for cell, needed in (*self._cells.get(value, ()), *self._cells.get(None, ())):
            if (
                (not table or cell[0] in table)
                and self._has_place(cell[0], places)
                and self._is_named(cell[0], needed, last, has_total=has_total)
            ):
                yield cell

    @staticmethod
    def _identified_at(place: int, identified: Mapping[int, str]) -> list[set[_Name]]:
        """The table that a column is of: that of its own id, or of the only one that the grid gives.

        The first column holds labels and sentences, whose years and sizes are no cells of it.
        """
        ids = set(identified.values()) if place else set()
        of = identified.get(place, ids.pop() if len(ids) == 1 else None)
        return [{(_TABLE, of)}] if of else []

    def _has_place(self, table: str, places: Sequence[set[_Name]]) -> bool:
        """Whether each of these names can be a code of the table, which has its one year without saying so.

        A word of several dimensions (a refusal) is not of the one that the other name is of.
        """
        of = self._tables[table]
        own = {side.name for side in of.dimensions} | {_TABLE, _MARGIN}
        sides = [{name for name, _ in names} for names in places]
        taken = {name for names in sides if len(names) == 1 for name in names}
        for names, dimensions in zip(places, sides, strict=True):
            can_be = {name for name, code in names if name in own or (name == PERIOD and code == of.period)}
            if not (can_be if len(dimensions) == 1 else can_be - taken):
                return False
        return True

    def _is_named(
        self, table: str, needed: Mapping[str, str], last: Mapping[str, set[str]], *, has_total: bool
    ) -> bool:
        if not needed and not has_total:
            return False
        if any(code not in last.get(name, ()) for name, code in needed.items()):
            return False
        # Labels of other tables may be the same words: what is said must be all of this cell, and no more of its table.
        return not any(side.name in last and side.name not in needed for side in self._tables[table].dimensions)

    def _by_value(self) -> dict[Decimal | None, list[tuple[CellId, Mapping[str, str]]]]:
        """The cells of each value with the code that each of their dimensions asks for."""
        cells: dict[Decimal | None, list[tuple[CellId, Mapping[str, str]]]] = {}
        for cell, value in self._hidden.items():
            if cell[0] in self._tables:
                sides = zip(self._tables[cell[0]].dimensions, cell[1], strict=True)
                needed = {side.name: code for side, code in sides if code != TOTAL}
                cells.setdefault(None if value is None else Decimal(value), []).append((cell, needed))
        return cells


def _near(text: str, said: Sequence[tuple[int, set[_Name]]], place: int) -> list[set[_Name]]:
    """The names before a number: in reach of it once a table was named, right before it in any other text."""
    if any(_is_table(names) for _, names in said):
        return [names for end, names in said if place - end <= _REACH or _is_table(names)]
    if said and _BETWEEN.fullmatch(text, said[-1][0], place):
        return [said[-1][1]]
    return []


def _is_table(names: set[_Name]) -> bool:
    return any(dimension == _TABLE for dimension, _ in names)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _number(digits: str) -> Decimal | None:
    try:
        return Decimal(digits.replace(",", "."))
    except InvalidOperation:
        return None


def _numbers_in(text: str) -> Iterator[Decimal]:
    """The numbers of a grid's cell: a spreadsheet writes a float, a document what a reader reads."""
    yield from (value for value, is_share in read_numbers(text, "fr") if not is_share)
