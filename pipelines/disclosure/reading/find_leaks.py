"""For who holds the true counts: is a hidden number anywhere in the files that are to leave?

Every file of the folder is read, in every encoding, and each number in it is set against the hidden cell of
its place: the same row, bar or position, or the words just before it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.disclosure.reading.named_numbers import NamedNumbers
from pipelines.disclosure.reading.page_numbers import CellId, TableFacts
from pipelines.disclosure.reading.read_figure import decode_arrays
from pipelines.disclosure.reading.read_html import LooseText, Page, take_apart
from pipelines.disclosure.reading.read_kit import kit_files, read_kit_file
from pipelines.disclosure.reading.read_page import is_explained, open_page, page_numbers
from pipelines.disclosure.reading.read_release_folder import PAGE_FILE, open_release_folder
from pipelines.disclosure.reading.unpack_file import LARGEST_FILE, Unpacked, Unreadable, unpack
from pipelines.disclosure.release_files import CELLS_FILE, TABLES_FILE
from pipelines.disclosure.release_table import Release
from pipelines.errors import InputRefused
from pipelines.language import msg

#: Invented counts that give the published tables: they may be true by chance.
ALTERNATIVES = ("certificate_sets.csv", "certificate_cells.csv")
#: Of what the coordinator takes along, the files whose every word is judged by what the cells say.
_JUDGED_WHOLE = (".docx", ".txt", ".svg")
_PAGE_ENDINGS = (".html", ".htm")


@dataclass(frozen=True)
class Leak:
    """Where a hidden number can be read; never the number."""

    file: str
    table: str
    codes: tuple[str, ...]
    place: str


def find_leaks(folder: Path, hidden: Mapping[CellId, int]) -> list[Leak]:
    """Every place of a release folder where the value of a hidden cell stands.

    `hidden`: the true count of each hidden cell, by its table and codes. Raises `InputRefused` for a file that
    cannot be read, for nothing is known of it then.
    """
    release, told = open_release_folder(folder)
    named = NamedNumbers(release, hidden)
    missing = (Leak(TABLES_FILE, *cell, leak.place) for leak in told for cell in leak.cells if cell in hidden)
    leaks: dict[Leak, None] = dict.fromkeys(missing)
    page, kit = _page_of(folder), kit_files(folder)
    for path in sorted(folder.rglob("*")):
        if path in kit:
            leaks |= dict.fromkeys(_leaks_of_kit(path, folder, page, release))
        if path.is_file() and path.name not in ALTERNATIVES and not (path in kit and path.suffix in _JUDGED_WHOLE):
            name = path.relative_to(folder).as_posix()
            if path.stat().st_size > LARGEST_FILE:
                raise _unreadable(name)
            leaks |= dict.fromkeys(_leaks_of_file(name, path.read_bytes(), release, hidden, named))
    return list(leaks)


def _page_of(folder: Path) -> Page:
    path = folder / PAGE_FILE
    return take_apart(path.read_bytes().decode("utf-8", errors="replace")) if path.is_file() else Page()


def _leaks_of_kit(path: Path, folder: Path, page: Page, release: Release) -> Iterator[Leak]:
    """Whatever these say beyond the cells is none of theirs to tell, hidden or not."""
    name = path.relative_to(folder).as_posix()
    try:
        for leak in read_kit_file(path, folder, page, release):
            yield from (Leak(name, *cell, leak.place) for cell in leak.cells or ((leak.table, ()),))
    except Unreadable:
        fault = _unreadable(name)
    else:
        return
    raise fault


def _leaks_of_file(
    name: str, content: bytes, release: Release, hidden: Mapping[CellId, int], named: NamedNumbers
) -> Iterator[Leak]:
    if name == CELLS_FILE:
        yield from _leaks_of_cells(content, hidden)
        return
    try:
        parts = list(unpack(name, content))
    except Unreadable:
        raise _unreadable(name) from None
    if name.endswith(_PAGE_ENDINGS):
        page = open_page(content.decode("utf-8", errors="replace"))
        yield from _leaks_of_page(name, page, release, hidden)
        # The page as a whole is one text to `unpack`; its parts are told apart here.
        loose = [
            *page.texts,
            *(script for script in page.scripts if script.place != "script" or _names(script, release)),
        ]
        parts = [*parts[1:], Unpacked(name, [text.text for text in loose])]
    for part in parts:
        for text in part.texts:
            yield from (Leak(part.name, *cell, "text") for cell in _cells_told(text, named))
        for grid in part.grids:
            yield from (Leak(part.name, *cell, "grid") for cell in named.in_grid(grid))


def _names(script: LooseText, release: Release) -> bool:
    """Whether a script speaks of a table at all: the drawing library does not."""
    return any(f'"{table.id}"' in script.text or f"'{table.id}'" in script.text for table in release.tables)


def _cells_told(text: str, named: NamedNumbers) -> Iterator[CellId]:
    """The cells that a text tells: JSON by its objects, with its typed arrays decoded, any other by its words."""
    try:
        value = decode_arrays(json.loads(text)) if text.lstrip()[:1] in ("{", "[") else None
        told = list(named.in_json(value)) if value is not None else None
    except (ValueError, KeyError, TypeError, RecursionError):
        told = None
    yield from named.in_text(text) if told is None else told


def _leaks_of_cells(content: bytes, hidden: Mapping[CellId, int]) -> Iterator[Leak]:
    """In `cells.csv` a hidden row has no number at all, in any column."""
    for row in csv.reader(io.StringIO(content.decode("utf-8", errors="replace"), newline="")):
        table, sides, others = row[0] if row else "", row[3:9], [*row[1:3], *row[9:]]
        codes = tuple(code for name, code in zip(sides[::2], sides[1::2], strict=False) if name)
        value = hidden.get((table, codes))
        if value is not None and any(str(value) in other for other in others):
            yield Leak(CELLS_FILE, table, codes, "row")


def _leaks_of_page(name: str, page: Page, release: Release, hidden: Mapping[CellId, int]) -> Iterator[Leak]:
    facts = {table.id: TableFacts(table) for table in release.tables}
    by_table: dict[str, list[tuple[CellId, int]]] = {}
    for cell, value in hidden.items():
        by_table.setdefault(cell[0], []).append((cell, value))
    for number in page_numbers(page, release):
        if is_explained(number, facts):
            continue
        near = [(cell, hidden[cell]) for cell in number.cells if cell in hidden]
        for cell, value in near if number.is_placed else by_table.get(number.table, []):
            # A share of what is hidden tells of it, whatever its base.
            if number.value == Decimal(value) or (number.is_share and number.is_placed):
                yield Leak(name, *cell, number.place)


def _unreadable(name: str) -> InputRefused:
    return InputRefused(
        msg("A file of the release cannot be searched for hidden numbers"),
        where=msg("in {file}", file=name),
        why=msg("it is too large, damaged, or not what its name says"),
        to_do=msg("Make the report again, then give its folder"),
    )
