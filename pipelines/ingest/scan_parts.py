"""What the parts of a workbook must not hold, searched while they are inflated, without parsing them."""

from __future__ import annotations

import re

from pipelines.ingest.guard_file import FileRefused, GuardCode
from pipelines.language import Message, msg

#: What one sheet may hold; the room that its cells span counts too, since a reader makes it whole.
MAX_CELLS = 5_000_000
MAX_COLUMNS = 1_000
MAX_SPAN = 20_000_000
_OVERLAP = 4_096
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{0,40})[\"']", re.IGNORECASE)
_PLAIN_ENCODINGS = (b"utf-8", b"us-ascii", b"ascii")
#: A cell with something in it: a formatted empty cell, however far out, is no cell of the table.
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]{0,200}?\s)?r=\"([A-Z]{1,3})(\d{1,7})\"[^>]{0,200}(?<!/)>")
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_EXTERNAL = re.compile(rb"<[^>]*TargetMode\s*=\s*\"External\"[^>]*>")
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|ms-excel\.sheet\.binary", re.IGNORECASE)
_ODS_ROW = re.compile(rb"<table:table-row(\s[^>]*|)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)>")
_ODS_COLUMNS = re.compile(rb"number-columns-repeated=\"(\d+)\"")
_ODS_ROWS = re.compile(rb"number-rows-repeated=\"(\d+)\"")
_ODS_LINK = re.compile(
    rb"<table:(?:dde-link|table-source|cell-range-source)\b|<script:event-listener|<office:dde-source"
)


class XmlScan:
    """Looks at every XML part: no document type, no entity, no encoding that would hide one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._tail = b""
        self._is_first = True

    def refuse(self, code: GuardCode, **reason: int) -> FileRefused:
        """The refusal of this code, in words."""
        return FileRefused(code, self.file, why=_reason(code, reason))

    def feed(self, piece: bytes) -> None:
        """The next bytes of the part."""
        window = self._tail + piece
        self.look(window, len(self._tail))
        self._tail = window[-_OVERLAP:]
        self._is_first = False

    def look(self, window: bytes, already_seen: int) -> None:
        """Search the bytes; the first `already_seen` of them were in the window before."""
        if self._is_first:
            declared = _ENCODING.search(window[:400])
            is_wide = b"\x00" in window[:4] or window[:2] in (b"\xff\xfe", b"\xfe\xff")
            if is_wide or (declared and declared.group(1).strip().lower() not in _PLAIN_ENCODINGS):
                raise self.refuse(GuardCode.XML_ENCODING)
        if _DTD.search(window, max(0, already_seen - 16)):
            raise self.refuse(GuardCode.XML_DTD)

    def close(self) -> None:
        """The part has ended."""


class RelationScan(XmlScan):
    """Looks at the lists of relations and of types: links are allowed to a page, never to a source of data."""

    def look(self, window: bytes, already_seen: int) -> None:
        """Search the bytes for a link that is not one a person clicks, and for types with macros."""
        for relation in _EXTERNAL.findall(window):
            if b"/hyperlink" not in relation:
                raise self.refuse(GuardCode.EXTERNAL_LINK)
        if _MACRO_TYPE.search(window):
            raise self.refuse(GuardCode.MACRO)


class SheetScan(XmlScan):
    """Counts the cells of a sheet of an XLSX and the room they span."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._cells = 0
        self._columns: set[bytes] = set()
        self._last_row = 0

    def look(self, window: bytes, already_seen: int) -> None:
        """Count the cells that begin in the new bytes or were cut at their edge."""
        # A cell cut at the edge is counted when its tag is whole; `feed` keeps the window from its start.
        self._cells += len(_ANY_CELL.findall(window)) - len(_ANY_CELL.findall(window[:already_seen]))
        found = _CELL.findall(window)
        self._columns.update({column for column, _ in found})
        if found:
            self._last_row = max(self._last_row, int(found[-1][1]), int(found[0][1]))
        width = max((_column_number(column) for column in self._columns), default=0)
        if width > MAX_COLUMNS:
            raise self.refuse(GuardCode.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
        if self._cells > MAX_CELLS or width * self._last_row > MAX_SPAN:
            raise self.refuse(GuardCode.TOO_MANY_CELLS, limit=MAX_CELLS)


class SpreadsheetScan(XmlScan):
    """Counts the cells of the sheets of an ODS, whose repetitions are written as numbers."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._pieces: list[bytes] = []

    def look(self, window: bytes, already_seen: int) -> None:
        """Keep the bytes: rows must be whole to be counted."""
        self._pieces.append(window[already_seen:])

    def close(self) -> None:
        """Count what every row stands for."""
        content = b"".join(self._pieces)
        if b":encryption-data" in content:
            raise self.refuse(GuardCode.PASSWORD)
        if _ODS_LINK.search(content):
            raise self.refuse(GuardCode.EXTERNAL_LINK)
        cells = 0
        for row in _ODS_ROW.finditer(content):
            repeated = _ODS_ROWS.search(row.group(1))
            width = filled = 0
            for cell in _ODS_CELL.findall(row.group(2)):
                times = _ODS_COLUMNS.search(cell)
                width += int(times.group(1)) if times else 1
                filled = width if b"value-type" in cell else filled
            if filled > MAX_COLUMNS:
                raise self.refuse(GuardCode.TOO_MANY_COLUMNS, limit=MAX_COLUMNS)
            cells += filled * (int(repeated.group(1)) if repeated else 1)
            if cells > MAX_CELLS:
                raise self.refuse(GuardCode.TOO_MANY_CELLS, limit=MAX_CELLS)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _reason(code: GuardCode, reason: dict[str, int]) -> Message:
    if code is GuardCode.TOO_MANY_COLUMNS:
        return msg("a sheet has more than {limit} columns", **reason)
    if code is GuardCode.TOO_MANY_CELLS:
        return msg("a sheet has more than {limit} cells, or spreads them too far apart", **reason)
    return {
        GuardCode.XML_DTD: msg("one of its parts declares a document type, which a workbook never needs"),
        GuardCode.XML_ENCODING: msg("one of its parts is not written in UTF-8"),
        GuardCode.EXTERNAL_LINK: msg("it holds links to other files or sources"),
        GuardCode.MACRO: msg("it holds macros"),
        GuardCode.PASSWORD: msg("it is protected by a password"),
    }[code]
