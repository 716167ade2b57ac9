"""Read the files of an export strictly: nothing is guessed that the configuration says.

Every cell is text until it is mapped. A file is read whole or refused whole, with the line where it
stops making sense; every record after the header is accounted for.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.guard_file import FileForm, FileRefused, GuardCode, guard_file
from pipelines.ingest.open_container import open_container, rows_of_sheet
from pipelines.ingest.read_workbook import Workbook
from pipelines.language import Message, msg

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: The row of the sheet, or the line of a file without line breaks in its cells, of the first record.
FIRST_RECORD_ROW = 2
MAX_FILE_BYTES = 50_000_000
CONTAINER_SUFFIXES = (".xlsx", ".ods", ".zip")
#: A cell longer than this is a document, not an answer.
MAX_CELL_CHARACTERS = 4_096


@dataclass(frozen=True)
class RawTable:
    """One file as it lies: every cell as text, in the order of the file."""

    name: str
    sha256: str
    encoding: str
    #: All columns are strings; the header is as in the file, trimmed and composed (NFC).
    frame: pl.DataFrame
    #: What lies around the cells of a sheet, for the screen; nothing for a text file.
    workbook: Workbook | None = None
    sheet: str = ""
    #: The columns that the centre's contract drops: their cells were never kept.
    dropped: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        return self.frame.height


def read_source(folder: Path, source: SourceSettings) -> tuple[RawTable, ...]:
    """Read all the files of a kind, in the order of their names; none at all is a refusal."""
    paths = sorted(path for path in folder.glob(source.files) if path.is_file())
    if not paths:
        raise InputRefused(
            msg("No file of the export is called {pattern}", pattern=source.files),
            where=msg("in {folder}", folder=folder.name),
            to_do=msg(
                "Put the export in that folder, or correct [[source]] {source} of the centre's configuration",
                source=source.id,
            ),
        )
    return tuple(table for path in paths for table in read_tables(path, source))


def read_file(path: Path, source: SourceSettings) -> RawTable:
    """Read a file that holds one table, as the source says."""
    tables = read_tables(path, source)
    if len(tables) != 1:
        raise InputRefused(
            msg("The file {file} holds {count} tables", file=path.name, count=len(tables)),
            to_do=msg("Give a folder with one file for each table"),
        )
    return tables[0]


def read_tables(path: Path, source: SourceSettings) -> tuple[RawTable, ...]:
    """Read a text file, a workbook, or every table of a ZIP, as the source says."""
    form = guard_file(path)
    content = _read_bytes(path)
    if form is FileForm.TEXT:
        if path.suffix.lower() in CONTAINER_SUFFIXES:
            raise FileRefused(GuardCode.NOT_SOUND, path.name, why=msg("it is not a sound workbook, or not a sound ZIP"))
        return (_text_table(path.name, content, source),)
    tables = []
    for opened in open_container(content, path.name, source):
        if opened.sheet is None:
            tables.append(_text_table(opened.name, opened.content, source))
            continue
        table = _table(opened.name, opened.content, "xlsx", rows_of_sheet(opened.sheet), source)
        tables.append(replace(table, workbook=opened.workbook, sheet=opened.sheet.name))
    return tuple(tables)


def _text_table(file: str, content: bytes, source: SourceSettings) -> RawTable:
    text, encoding = decode(content, source.encoding, file)
    return _table(file, content, encoding, _csv_rows(text, source.delimiter, file), source)


def _table(file: str, content: bytes, encoding: str, rows: list[list[str]], source: SourceSettings) -> RawTable:
    header = _header(rows[0] if rows else [], file)
    _require_whole_rows(rows, len(header), file)
    dropped = tuple(name for name in header if name.casefold() in {compose(name).casefold() for name in source.drop})
    columns = zip(*rows[1:], strict=True) if len(rows) > 1 else ([] for _ in header)
    kept = {name: list(cells) for name, cells in zip(header, columns, strict=True) if name not in dropped}
    frame = pl.DataFrame(kept, schema=dict.fromkeys(kept, pl.String))
    return RawTable(file, hashlib.sha256(content).hexdigest(), encoding, frame, dropped=dropped)


def _read_bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputRefused(
            msg("The file {file} is too large", file=path.name),
            why=msg("it holds {size} bytes, the limit is {limit}", size=size, limit=MAX_FILE_BYTES),
            to_do=msg("Export one year at a time"),
        )
    return path.read_bytes()


def decode(content: bytes, encoding: str, file: str) -> tuple[str, str]:
    """The text of a file and its encoding: as declared, else by its mark, strict UTF-8, then Windows-1252.

    A declared encoding that does not fit is a refusal, never a repair.
    """
    for mark, marked_encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark) and (encoding == "auto" or marked_encoding.startswith(encoding)):
            encoding = marked_encoding
    candidates = ("utf-8", "cp1252") if encoding == "auto" else (encoding,)
    for candidate in candidates:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text, candidate
    raise InputRefused(
        msg("The characters of {file} cannot be read", file=file),
        why=msg("it is not written in {encoding}", encoding=" / ".join(candidates)),
        to_do=msg("Export the file again as CSV UTF-8, or correct the encoding in the centre's configuration"),
    )


def _csv_rows(text: str, delimiter: str, file: str) -> list[list[str]]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    # newline="" keeps line breaks inside quotes as they are; the csv module ends records itself.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            if row:
                rows.append(row)
    except csv.Error as error:
        raise InputRefused(
            msg("The file {file} cannot be read", file=file),
            where=msg("line {line}", line=str(reader.line_num)),
            why=_csv_fault(error),
            to_do=msg("Export the file again; do not open and save it in a spreadsheet in between"),
        ) from None
    return rows


def _csv_fault(error: csv.Error) -> Message:
    if "field limit" in str(error):
        return msg("a cell holds more than {limit} characters", limit=MAX_CELL_CHARACTERS)
    return msg("a quotation mark is not closed or not doubled")


def _header(cells: Sequence[str], file: str) -> list[str]:
    header = [compose(cell) for cell in cells]
    if not header or not all(header):
        raise InputRefused(
            msg("The file {file} has no complete header", file=file),
            where=msg("line {line}", line="1"),
            why=msg("the first line must name every column"),
            to_do=msg("Export the file again with its column names"),
        )
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise InputRefused(
            msg("The file {file} names a column twice", file=file),
            where=msg("line {line}", line="1"),
            why=msg("the column {column} appears more than once", column=", ".join(twice)),
            to_do=msg("Remove the repeated column from the export"),
        )
    return header


def _require_whole_rows(rows: Sequence[Sequence[str]], width: int, file: str) -> None:
    ragged = [number for number, row in enumerate(rows, start=1) if len(row) != width]
    if ragged:
        raise InputRefused(
            msg("The file {file} has rows of unequal length", file=file),
            where=msg("row {rows}", rows=first_numbers(ragged)),
            why=msg("the header names {width} columns", width=width),
            to_do=msg("Export the file again; do not open and save it in a spreadsheet in between"),
        )


def compose(text: str) -> str:
    """Trimmed, in composed Unicode form, with no-break spaces made plain: how names are compared."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "").strip()


def first_numbers(numbers: Iterable[int], limit: int = 5) -> str:
    """The first row numbers of a list, for a message: `2, 7, 9, ...`."""
    listed = list(numbers)
    return ", ".join(str(number) for number in listed[:limit]) + (", ..." if len(listed) > limit else "")
