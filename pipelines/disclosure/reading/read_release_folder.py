"""Read back everything that was published, as a stranger who holds all the folders would.

A release folder's numbers are taken from `cells.csv` and `tables.json`; its page, its annex, its sentences and its
pictures are read back and must say the same and nothing more, and no workbook may have a number where they have
none. What
`bilan protect-table` wrote is about other people, and stands alone.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.named_numbers import NamedNumbers
from pipelines.disclosure.reading.page_numbers import CellId
from pipelines.disclosure.reading.published import PublishedSet, publish_releases
from pipelines.disclosure.reading.read_html import Page, take_apart
from pipelines.disclosure.reading.read_kit import DOCUMENT_FILE, kit_files, read_kit_file
from pipelines.disclosure.reading.read_page import LARGEST_PAGE, PageLeak, read_page
from pipelines.disclosure.reading.read_published import SPEC_FILE, read_protected_folder
from pipelines.disclosure.reading.unpack_file import Unreadable, unpack
from pipelines.disclosure.release_files import CELLS_FILE, TABLES_FILE, parse_release
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable
from pipelines.errors import InputRefused
from pipelines.language import Message, msg, msg_count

PAGE_FILE = "dashboard.html"
#: A release has about 1,500 cells; a file beyond this is no release.
LARGEST_FILE = 50_000_000
_MOST_NAMED = 5
_WITH_GRIDS = (".xlsx", ".docx", ".pptx", ".ods", ".odt")
#: Each value below k is tried for each hidden cell.
_LARGEST_K = 100


def read_folders(folders: Sequence[Path]) -> PublishedSet:
    """All that these folders publish, to be attacked together.

    Raises `InputRefused` for a folder that holds no public release, for a page that says more than the cells
    beside it, and for protected tables that are not alone.
    """
    if not folders:
        raise _refused(None, msg("no folder was given"))
    protected = [folder for folder in folders if (folder / SPEC_FILE).is_file()]
    if protected and len(folders) > 1:
        raise _refused(
            msg("in {folder}", folder=protected[0].name),
            msg("nothing tells whether its tables are about the same people as another folder's"),
        )
    if protected:
        return read_protected_folder(protected[0])
    return publish_releases([read_release_folder(folder) for folder in folders])


def read_release_folder(folder: Path) -> Release:
    """The release of a folder, once its other files are found to say the same; raises `InputRefused`."""
    where = msg("in {folder}", folder=folder.name)
    release, leaks = open_release_folder(folder)
    page = ""
    if (folder / PAGE_FILE).is_file():
        page = _text_of(folder / PAGE_FILE, where, LARGEST_PAGE)
        leaks += read_page(page, release)
    leaks += _leaks_of_kit(folder, take_apart(page), release, where)
    for path in sorted(folder.iterdir()):
        if path.suffix in _WITH_GRIDS and path.name != DOCUMENT_FILE:
            leaks += _leaks_of_grids(path, release, where)
    if leaks:
        raise _says_more(where, leaks)
    return release


def open_release_folder(folder: Path) -> tuple[Release, list[PageLeak]]:
    """What `cells.csv` and `tables.json` tell, and where the second tells more; raises `InputRefused`."""
    where = msg("in {folder}", folder=folder.name)
    texts = {name: _text_of(folder / name, where, LARGEST_FILE) for name in (TABLES_FILE, CELLS_FILE)}
    try:
        release = parse_release(texts[TABLES_FILE], texts[CELLS_FILE])
        leaks = list(_told_missing(texts[TABLES_FILE], release))
        is_sound = all(map(_is_sound_table, release.tables)) and _is_sound_rule(release.protection)
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError, csv.Error):
        # Whatever the fault, its own words may hold a cell's value: they are not repeated.
        is_sound = False
    if not is_sound:
        raise _refused(where, msg("its files are not in the form that a report has, or were changed"))
    return release, leaks


def _is_sound_table(table: ReleaseTable) -> bool:
    """Whether the cells are those that the table's own description allows."""
    sides = [{TOTAL, *(code.code for code in side.codes)} for side in table.dimensions]
    classes = {(side.name, code.code) for side in table.dimensions for code in side.codes if not code.parent}
    return (
        len(table.by_codes) == len(table.cells)
        and all(len(cell.codes) == len(sides) for cell in table.cells)
        and all(code in side for cell in table.cells for code, side in zip(cell.codes, sides, strict=True))
        and all(cell.value is None or cell.value >= 0 for cell in table.cells)
        and all(
            not code.parent or (side.name, code.parent) in classes for side in table.dimensions for code in side.codes
        )
    )


def _is_sound_rule(rule: Protection | None) -> bool:
    return rule is None or (2 <= rule.k <= _LARGEST_K and bool(rule.record_kinds))


def _told_missing(tables: str, release: Release) -> Iterator[PageLeak]:
    """`tables.json` counts the missing answers of a table: only what its shown cells add up to."""
    for described in json.loads(tables)["tables"]:
        table = release.table(described["id"])
        if described["missing"] != table.missing_count:
            codes = [code.code for side in table.dimensions[:1] for code in side.missing]
            yield PageLeak(table.id, tuple((table.id, (code,)) for code in codes), TABLES_FILE)


def _leaks_of_kit(folder: Path, page: Page, release: Release, where: Message) -> Iterator[PageLeak]:
    """What the annex, the sentences and the pictures say that the cells do not."""
    for path in kit_files(folder):
        try:
            yield from read_kit_file(path, folder, page, release)
        except Unreadable:
            fault = _refused(where, msg("the file {name} is damaged or too large", name=path.name))
        else:
            continue
        raise fault


def _leaks_of_grids(path: Path, release: Release, where: Message) -> Iterator[PageLeak]:
    """The cells that a workbook or a document gives a number, where the release hides them."""
    hidden = {
        (table.id, cell.codes): None
        for table in release.tables
        for cell in table.cells
        if cell.status is CellStatus.HIDDEN
    }
    named = NamedNumbers(release, hidden)
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
        parts = list(unpack(path.name, content))
    except Unreadable:
        raise _refused(where, msg("the file {name} is damaged or too large", name=path.name)) from None
    for part in parts:
        for grid in part.grids:
            yield from (PageLeak(cell[0], (cell,), part.name) for cell in named.in_grid(grid))


def _text_of(path: Path, where: Message, largest: int) -> str:
    if not path.is_file():
        raise _refused(where, msg("the file {name} is absent", name=path.name))
    if path.stat().st_size > largest:
        raise _refused(where, msg("the file {name} is too large to be one of a report", name=path.name))
    try:
        # Not `read_text`: it would turn a carriage return inside a quoted cell into a line feed.
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise _refused(where, msg("its files are not in the form that a report has, or were changed"))


def _says_more(where: Message, leaks: Sequence[PageLeak]) -> InputRefused:
    places = list(dict.fromkeys(_place_of(leak) for leak in leaks))
    named = "; ".join(places[:_MOST_NAMED]) + ("…" if len(places) > _MOST_NAMED else "")
    return InputRefused(
        msg_count(
            "A release says {count} thing that its cells do not say",
            "A release says {count} things that its cells do not say",
            len(leaks),
        ),
        where=where,
        why=msg("at {places}", places=named),
        to_do=msg("Do not publish this folder; make the report again"),
    )


def _place_of(leak: PageLeak) -> str:
    """The table, the cell if one is meant, and where it stands: names alone, never a number that was read."""
    cells: tuple[CellId, ...] = leak.cells[:1]
    codes = "/".join(code for _, of in cells for code in of)
    return " ".join(part for part in (leak.table, codes, f"({leak.place})") if part)


def _refused(where: Message | None, why: Message) -> InputRefused:
    return InputRefused(
        msg("Published tables cannot be read back"),
        where=where,
        why=why,
        to_do=msg("Give the folders of public releases, or one folder that protect-table wrote"),
    )
