"""The tables of a report that already exists: a Word document, a workbook, or a text file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipelines.errors import InputRefused, UsageError
from pipelines.ingest.guard_container import guard_container, is_document
from pipelines.ingest.guard_file import FileForm, FileRefused, GuardCode, guard_file
from pipelines.ingest.open_container import rows_of_sheet
from pipelines.ingest.read_document import PrintedTable, read_document
from pipelines.ingest.read_export import compose, first_numbers, read_bytes
from pipelines.ingest.read_workbook import read_workbook
from pipelines.ingest.text_dialect import decide_dialect
from pipelines.ingest.text_encoding import AUTO, decode_text
from pipelines.ingest.text_lines import remove_invisible, split_lines, split_records
from pipelines.language import msg

DOCUMENT_SUFFIX = ".docx"


def read_report(path: Path) -> tuple[PrintedTable, ...]:
    """The tables of a .docx, .xlsx, .ods or text file, those of a sheet being told apart by the empty rows between.

    Raises `InputRefused` for a file that cannot be read for certain.
    """
    if not path.is_file():
        raise UsageError(
            msg("There is no report to read"),
            where=msg("{file}", file=path.name),
            to_do=msg("Give a DOCX, XLSX, ODS or CSV file"),
        )
    form = guard_file(path)
    content = read_bytes(path)
    if path.suffix.lower() == DOCUMENT_SUFFIX or (form is FileForm.CONTAINER and is_document(content)):
        return read_document(content, path.name)
    if form is FileForm.TEXT:
        return tuple(_blocks(_rows_of_text(content, path.name), ""))
    if guard_container(content, path.name).form is FileForm.ZIP:
        raise FileRefused(
            GuardCode.FILE_FORM,
            path.name,
            why=msg("it is a file of the form {form}, whatever its name says", form="ZIP"),
            to_do=msg("Give a DOCX, XLSX, ODS or CSV file"),
        )
    sheets = read_workbook(content, path.name).sheets
    return tuple(table for sheet in sheets if sheet.is_visible for table in _blocks(rows_of_sheet(sheet), sheet.name))


def _rows_of_text(content: bytes, file: str) -> list[list[str]]:
    """Every record as it lies: totals and titles, which an export sets aside, are what an audit is about."""
    text, _ = remove_invisible(decode_text(content, AUTO, file).text)
    dialect = decide_dialect(text)
    records = split_records(split_lines(text, dialect.newline), dialect)
    if faulty := [record.line for record in records if record.fault is not None]:
        raise InputRefused(
            msg("The file {file} cannot be read", file=file),
            where=msg("line {line}", line=first_numbers(faulty)),
            to_do=msg("Save the report again as DOCX, XLSX or CSV"),
        )
    return [list(record.cells) for record in records]


def _blocks(rows: Iterable[Sequence[str]], section: str) -> Iterator[PrintedTable]:
    """Tables between empty rows; a row with one text alone is the title of the table below it."""
    title = ""
    block: list[Sequence[str]] = []
    for row in (*rows, ()):
        filled = [cell for cell in row if cell.strip()]
        is_title = len(filled) == 1 and bool(row[0].strip()) and len(row) > 1
        if len(filled) > 1 or (filled and block and not is_title):
            block.append(row)
            continue
        if block:
            yield PrintedTable(section, title, _squared(block))
            block, title = [], ""
        if filled:
            title = compose(filled[0])


def _squared(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Rows of equal length, without the columns that are empty from top to bottom."""
    width = max(len(row) for row in rows)
    full = [[compose(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    kept = [column for column in range(width) if any(row[column] for row in full)]
    return tuple(tuple(row[column] for column in kept) for row in full)
