"""From a workbook or a ZIP of tables to rows of texts: which sheets, which members, under which name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.guard_container import guard_container
from pipelines.ingest.guard_file import FileForm
from pipelines.ingest.read_workbook import Sheet, Workbook, read_workbook
from pipelines.language import msg


@dataclass(frozen=True)
class OpenedTable:
    """One table of a file: a sheet with its workbook, or the bytes of a text file, in a ZIP or not."""

    name: str
    form: FileForm
    content: bytes
    workbook: Workbook | None = None
    sheet: Sheet | None = None
    #: All the files of the ZIP that it lies in, with their folders, and how many of them are no tables.
    archive_paths: tuple[str, ...] = ()
    unread: int = 0


def open_container(content: bytes, file: str, source: SourceSettings) -> Iterator[OpenedTable]:
    """The tables of a workbook or a ZIP, judged by the guards and read in the child process.

    A workbook gives the sheet that the source names, else its only visible sheet that holds anything;
    a ZIP gives each of its tables, under the name `archive.zip/table.csv`.
    """
    container = guard_container(content, file)
    if container.form is not FileForm.ZIP:
        yield _open_sheet(content, file, container.form, source)
        return
    for member in container.members:
        name = f"{file}/{member.name}"
        if member.form is FileForm.TEXT:
            opened = OpenedTable(name, member.form, member.content)
        else:
            opened = _open_sheet(member.content, name, member.form, source)
        yield replace(opened, archive_paths=container.paths, unread=len(container.unread))


def _open_sheet(content: bytes, name: str, form: FileForm, source: SourceSettings) -> OpenedTable:
    workbook = read_workbook(content, name, date_format=source.date_format, decimal=source.decimal)
    return OpenedTable(name, form, content, workbook, choose_sheet(workbook, source))


def choose_sheet(workbook: Workbook, source: SourceSettings) -> Sheet:
    """The sheet that the source reads; a choice that nobody made is a refusal."""
    if source.sheet is not None:
        for sheet in workbook.sheets:
            if sheet.name == source.sheet:
                return sheet
        raise InputRefused(
            msg("The workbook {file} holds no sheet {sheet}", file=workbook.name, sheet=source.sheet),
            to_do=msg("Correct the sheet in [[source]] {source} of the centre's configuration", source=source.id),
        )
    filled = [sheet for sheet in workbook.sheets if sheet.rows and sheet.is_visible]
    if len(filled) == 1:
        return filled[0]
    if not filled and len(workbook.sheets) == 1:
        return workbook.sheets[0]
    raise InputRefused(
        msg("The workbook {file} holds {count} sheets", file=workbook.name, count=len(workbook.sheets)),
        to_do=msg("Name the sheet in [[source]] {source} of the centre's configuration", source=source.id),
    )


def sheet_names(content: bytes, file: str) -> tuple[str, ...]:
    """The sheets of a workbook that a person sees and that hold anything."""
    guard_container(content, file)
    return tuple(sheet.name for sheet in read_workbook(content, file).sheets if sheet.is_visible and sheet.rows)


def rows_of_sheet(sheet: Sheet) -> list[list[str]]:
    """The rows of a sheet from its first one to the last that holds anything."""
    rows = [list(row) for row in sheet.rows]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows
