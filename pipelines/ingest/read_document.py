"""The tables of a Word document, each with the heading it stands under and the words just above it.

The document is read as a stream of events: nothing is built that could grow beyond the text itself. Deleted text
of tracked changes is left out, inserted text is in; of a drawing, the version that Word shows is read once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from pipelines.ingest.guard_container import guard_document
from pipelines.ingest.guard_file import FileRefused, GuardCode
from pipelines.language import msg

_WORDS = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_HEADING = re.compile(r"(?:heading|titre)\s*\d|(?:title|titre|titreprincipal)$", re.IGNORECASE)
#: Elements whose text a reader of the document does not see, or sees elsewhere.
_HIDDEN = {"moveFrom", "Fallback", "instrText", "delText"}
_MOST_DEEP = 200
_MOST_CELLS = 500_000
_MOST_COLUMNS = 100


@dataclass(frozen=True)
class PrintedTable:
    """A table of a document as printed: rows of texts, all as long as the longest."""

    section: str
    #: The words just above it; empty where there are none.
    caption: str
    rows: tuple[tuple[str, ...], ...]


def read_document(content: bytes, file: str) -> tuple[PrintedTable, ...]:
    """Read the tables of a .docx in their order; raises `FileRefused` for what the guards do not let through."""
    reader = _Reader(file)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(guard_document(content, file), True)
    except expat.ExpatError:
        raise FileRefused(GuardCode.NOT_SOUND, file, why=msg("one of its parts is damaged")) from None
    return tuple(table for _, table in sorted(reader.tables, key=lambda found: found[0]))


@dataclass
class _Cell:
    paragraphs: list[str] = field(default_factory=list)
    span: int = 1
    #: The cell goes on from the one above.
    is_covered: bool = False


@dataclass
class _OpenTable:
    number: int
    section: str
    caption: str
    rows: list[list[str]] = field(default_factory=list)
    cells: list[_Cell] = field(default_factory=list)
    skipped: int = 0


class _Reader:
    """What is open at this point of the document."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.tables: list[tuple[int, PrintedTable]] = []
        self._open: list[_OpenTable] = []
        self._paragraphs: list[list[str]] = []
        self._styles: list[str] = []
        self._section = ""
        self._above = ""
        self._is_text = False
        self._hidden = 0
        self._deep = 0
        self._cells = 0
        self._started = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        self._deep += 1
        if self._deep > _MOST_DEEP:
            raise FileRefused(GuardCode.NOT_SOUND, self.file, why=msg("one of its parts is damaged"))
        if self._hidden or tag in _HIDDEN:
            self._hidden += 1
        elif space in _WORDS:
            value = next((attributes[f"{each} val"] for each in _WORDS if f"{each} val" in attributes), "")
            self._start_word(tag, value)

    def _start_word(self, tag: str, value: str) -> None:
        if tag == "p":
            self._paragraphs.append([])
            self._styles.append("")
        elif tag == "t":
            self._is_text = True
        elif tag in ("tab", "br", "cr") and self._paragraphs:
            self._paragraphs[-1].append(" ")
        elif tag == "pStyle" and self._styles:
            self._styles[-1] = value
        elif tag == "tbl":
            self._started += 1
            self._open.append(_OpenTable(self._started, self._section, self._above))
        elif self._open:
            self._start_in_table(self._open[-1], tag, value)

    def _start_in_table(self, table: _OpenTable, tag: str, value: str) -> None:
        if tag == "tr":
            table.cells, table.skipped = [], 0
        elif tag == "tc":
            table.cells.append(_Cell())
        elif tag == "gridBefore":
            table.skipped = _whole(value)
        elif tag == "gridSpan" and table.cells:
            table.cells[-1].span = _whole(value)
        elif tag == "vMerge" and table.cells:
            table.cells[-1].is_covered = value in ("", "continue")

    def end(self, name: str) -> None:
        _, _, tag = name.rpartition(" ")
        self._deep -= 1
        if self._hidden:
            self._hidden -= 1
        elif name.rpartition(" ")[0] in _WORDS:
            self._end_word(tag)

    def _end_word(self, tag: str) -> None:
        if tag == "t":
            self._is_text = False
        elif tag == "p" and self._paragraphs:
            self._end_paragraph(" ".join("".join(self._paragraphs.pop()).split()), self._styles.pop())
        elif tag == "tr" and self._open:
            self._end_row(self._open[-1])
        elif tag == "tbl" and self._open:
            self._end_table(self._open.pop())

    def text(self, data: str) -> None:
        if self._is_text and not self._hidden and self._paragraphs:
            self._paragraphs[-1].append(data)

    def _end_paragraph(self, text: str, style: str) -> None:
        if not text:
            return
        if self._open and self._open[-1].cells:
            self._open[-1].cells[-1].paragraphs.append(text)
        elif not self._open:
            if _HEADING.match(style):
                self._section = text
            self._above = text

    def _end_row(self, table: _OpenTable) -> None:
        row = [""] * table.skipped
        above = table.rows[-1] if table.rows else []
        for cell in table.cells:
            place = len(row)
            text = " ".join(cell.paragraphs)
            if cell.is_covered and not text and place < len(above):
                text = above[place]
            row += [text, *[""] * (cell.span - 1)]
        table.cells = []
        table.rows.append(row)
        self._cells += len(row)
        if self._cells > _MOST_CELLS or len(row) > _MOST_COLUMNS:
            why = msg("a sheet has more than {limit} cells, or spreads them too far apart", limit=_MOST_CELLS)
            raise FileRefused(GuardCode.TOO_MANY_CELLS, self.file, why=why)

    def _end_table(self, table: _OpenTable) -> None:
        if not self._open:
            self._above = ""
        width = max((len(row) for row in table.rows), default=0)
        rows = tuple(tuple(row + [""] * (width - len(row))) for row in table.rows)
        if rows and width:
            self.tables.append((table.number, PrintedTable(table.section, table.caption, rows)))


def _whole(value: str) -> int:
    return min(int(value), _MOST_COLUMNS + 1) if value.isascii() and value.isdigit() and value != "0" else 1
