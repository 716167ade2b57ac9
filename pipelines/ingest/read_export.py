"""Read the files of an export strictly: nothing is guessed that the configuration says.

Every cell is text until it is mapped. Each physical record of a file is loaded, rejected with its
reason, or recognised as a line that is no row; a file with rejected records is refused, unless the
centre's contract says how many may be set aside.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.account import Reason, RecordAccount, Role, in_words
from pipelines.ingest.file_table import FileTable, LineAround, lay_out_table
from pipelines.ingest.guard_file import FileForm, FileRefused, GuardCode, guard_file
from pipelines.ingest.open_container import OpenedTable, open_container, rows_of_sheet
from pipelines.ingest.read_text import TextContract, read_text
from pipelines.ingest.read_workbook import Workbook
from pipelines.ingest.text_lines import MAX_CELL_CHARACTERS, Record
from pipelines.language import Message, msg

#: The row of the sheet, or the line of the file, of the first record below a header of one line.
FIRST_RECORD_ROW = 2
MAX_FILE_BYTES = 50_000_000
TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
CONTAINER_SUFFIXES = (".xlsx", ".ods", ".zip")


@dataclass(frozen=True)
class RawTable:
    """One file as it lies: every cell as text, in the order of the file."""

    name: str
    sha256: str
    encoding: str
    #: All columns are strings; the header is as in the file, trimmed and composed (NFC).
    frame: pl.DataFrame
    #: The line of the file, or row of the sheet, where each record begins; without it, they follow the header.
    lines: Sequence[int] | pl.Series | None = None
    account: RecordAccount | None = None
    #: What lies around the cells of a sheet, for the screen; nothing for a text file.
    workbook: Workbook | None = None
    sheet: str = ""
    #: Whether the file is larger, and these are some of its records.
    is_part: bool = False
    #: The records that are no rows, for the screen; what they say in a dropped column is left out.
    around: tuple[LineAround, ...] = ()
    #: All the files of the ZIP that the table lies in, with their folders.
    archive_paths: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        return self.frame.height

    def parts(self) -> Iterator[RawTable]:
        """The file as one part: only large files have several."""
        yield self

    @property
    def row_numbers(self) -> pl.Series:
        """Where each record stands in its file, for messages and for the origin of a row."""
        if self.lines is not None:
            return pl.Series("source_row", self.lines, dtype=pl.Int64)
        rows = pl.int_range(FIRST_RECORD_ROW, self.records + FIRST_RECORD_ROW, eager=True, dtype=pl.Int64)
        return rows.alias("source_row")


def source_files(folder: Path, source: SourceSettings) -> tuple[Path, ...]:
    """The files of a kind, in the order of their names; none at all is a refusal."""
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
    return tuple(paths)


def read_file(path: Path, source: SourceSettings) -> RawTable:
    """Read a file that holds one table, as the source says."""
    return _raw_table(open_one(path, source), source)


def read_tables(path: Path, source: SourceSettings) -> tuple[RawTable, ...]:
    """Read a text file, a workbook, or every table of a ZIP; raises `InputRefused` with the line at fault."""
    return tuple(_raw_table(opened, source) for opened in open_tables(path, source))


def open_one(path: Path, source: SourceSettings) -> OpenedTable:
    """The only table of a file; raises `InputRefused` where there are several."""
    opened = tuple(open_tables(path, source))
    if len(opened) != 1:
        raise InputRefused(
            msg("The file {file} holds {count} tables", file=path.name, count=len(opened)),
            to_do=msg("Give a folder with one file for each table"),
        )
    return opened[0]


def open_tables(path: Path, source: SourceSettings) -> Iterator[OpenedTable]:
    """The tables of a file that has passed the guards, not yet laid out."""
    form = guard_file(path)
    content = read_bytes(path)
    if form is not FileForm.TEXT:
        yield from open_container(content, path.name, source)
        return
    if path.suffix.lower() in CONTAINER_SUFFIXES:
        raise FileRefused(GuardCode.NOT_SOUND, path.name, why=msg("it is not a sound workbook, or not a sound ZIP"))
    yield OpenedTable(path.name, FileForm.TEXT, content)


def read_table(opened: OpenedTable, source: SourceSettings) -> FileTable:
    """The table with the account of its records, whatever was rejected."""
    if opened.sheet is not None:
        rows = rows_of_sheet(opened.sheet)
        records = [Record(row, 1, tuple(cells)) for row, cells in enumerate(rows, start=1)]
        return lay_out_table(records, opened.form.value)
    return read_text(opened.content, contract_of(source), opened.name)


def contract_of(source: SourceSettings) -> TextContract:
    """What the configuration says of a text file; a delimiter that it does not name is decided on evidence."""
    return TextContract(source.encoding, source.delimiter if "delimiter" in source.model_fields_set else None)


def is_large(path: Path) -> bool:
    """Whether a text file is too large to be read record by record."""
    return path.stat().st_size > MAX_FILE_BYTES and guard_file(path) is FileForm.TEXT


def _raw_table(opened: OpenedTable, source: SourceSettings) -> RawTable:
    table = read_table(opened, source)
    require_no_rejects(table, source, opened.name)
    dropped = {compose(name).casefold() for name in source.drop}
    # A column without a name is left out: it holds nothing, or `columns_of` would have refused it.
    kept = {
        name: place
        for place, name in enumerate(columns_of(table, opened.name))
        if name and name.casefold() not in dropped
    }
    columns = {name: [row[place] for row in table.rows] for name, place in kept.items()}
    return RawTable(
        name=opened.name,
        sha256=hashlib.sha256(opened.content).hexdigest(),
        encoding=table.encoding,
        frame=pl.DataFrame(columns, schema=dict.fromkeys(kept, pl.String)),
        lines=table.lines,
        account=table.account,
        workbook=opened.workbook,
        sheet=opened.sheet.name if opened.sheet else "",
        archive_paths=opened.archive_paths,
        around=_without_dropped(table, frozenset(range(table.width)) - frozenset(kept.values())),
    )


def _without_dropped(table: FileTable, dropped: frozenset[int]) -> tuple[LineAround, ...]:
    """The records around the table, without their cells in the columns that the contract drops.

    In a rejected record of another width nobody knows which cells those are: it is told and never kept.
    """
    if not dropped:
        return table.around
    return tuple(
        replace(line, cells=tuple("" if place in dropped else cell for place, cell in enumerate(line.cells)))
        if len(line.cells) == table.width and line.mark not in (Role.PREAMBLE, Role.FOOTER)
        else line
        for line in table.around
        if len(line.cells) == table.width or isinstance(line.mark, Role)
    )


def read_bytes(path: Path) -> bytes:
    """The whole of a file; raises `InputRefused` where it is too large to be held in memory."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputRefused(
            msg("The file {file} is too large", file=path.name),
            why=msg("it holds {size} bytes, the limit is {limit}", size=size, limit=MAX_FILE_BYTES),
            to_do=msg(
                "Give a smaller export of the same platform, such as one year; "
                "`bilan ingest` and `bilan convert` take a text file of any size"
            ),
        )
    return path.read_bytes()


def columns_of(table: FileTable, file: str) -> list[str]:
    """The names of the columns; a column without name and without content gets an empty one, and is left out.

    Raises `InputRefused` where a column that holds something has no name, or two have the same.
    """
    header = [compose(cell) for cell in table.header]
    unnamed = [column for column, name in enumerate(header) if not name]
    if any(row[column].strip() for row in table.rows for column in unnamed):
        raise incomplete_header(file)
    require_own_names(header, file)
    return header


def incomplete_header(file: str) -> InputRefused:
    """The refusal of a file with a column that holds something and has no name."""
    return InputRefused(
        msg("The file {file} has no complete header", file=file),
        where=msg("line {line}", line="1"),
        why=msg("the first line must name every column"),
        to_do=msg("Export the file again with its column names"),
    )


def require_own_names(header: Sequence[str], file: str) -> None:
    """Raise `InputRefused` where no column has a name, or two have the same."""
    if not any(header):
        raise incomplete_header(file)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise InputRefused(
            msg("The file {file} names a column twice", file=file),
            where=msg("line {line}", line="1"),
            why=msg("the column {column} appears more than once", column=", ".join(twice)),
            to_do=msg("Remove the repeated column from the export"),
        )


_WIDTHS = (Reason.TOO_FEW_CELLS, Reason.TOO_MANY_CELLS)


def require_no_rejects(table: FileTable, source: SourceSettings, file: str) -> None:
    """Raise `InputRefused` where more records were rejected than the contract lets be set aside."""
    rejected = [record for record in table.set_aside if record.is_rejected]
    if len(rejected) <= source.max_rejected:
        return
    reason = rejected[0].mark
    alike = [record.line for record in rejected if record.mark is reason]
    if reason in _WIDTHS:
        what = msg("The file {file} has rows of unequal length", file=file)
        where = msg("row {rows}", rows=first_numbers(alike))
        why = msg("the header names {width} columns", width=table.width)
    else:
        what = msg("The file {file} cannot be read", file=file)
        where = msg("line {line}", line=first_numbers(alike))
        why = _reason_in_words(reason)
    raise InputRefused(
        what,
        where=where,
        why=why,
        to_do=msg(
            "Export the file again; do not open and save it in a spreadsheet in between. "
            "`bilan convert` lists each rejected row with its reason"
        ),
    )


def _reason_in_words(reason: object) -> Message:
    if reason is Reason.LONG_CELL:
        return msg("a cell holds more than {limit} characters", limit=MAX_CELL_CHARACTERS)
    assert isinstance(reason, Reason)
    return in_words(reason)


def compose(text: str) -> str:
    """Trimmed, in composed Unicode form, with no-break spaces made plain: how names are compared."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\ufeff", "").strip()


def first_numbers(numbers: Iterable[int], limit: int = 5) -> str:
    """The first row numbers of a list, for a message: `2, 7, 9, ...`."""
    listed = list(numbers)
    return ", ".join(str(number) for number in listed[:limit]) + (", ..." if len(listed) > limit else "")
