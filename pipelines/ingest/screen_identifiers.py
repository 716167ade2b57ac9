"""Find what must not be in a depersonalised export: by rules, without a model.

The screen tells the kind, the place, the number of cells and the rows; never a value. A column that
the centre's contract drops is gone before the screen sees the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from pipelines.errors import InputRefused
from pipelines.ingest.large_table import LargeTable
from pipelines.ingest.read_export import first_numbers
from pipelines.ingest.read_source import SourceFile
from pipelines.ingest.read_workbook import Sheet
from pipelines.ingest.screen_birth_dates import TimeColumn, find_unsaid_birth_dates, time_column
from pipelines.ingest.screen_cells import ColumnCells, IdentifierKind
from pipelines.ingest.screen_headers import is_naming_column
from pipelines.ingest.screen_lines import find_in_lines
from pipelines.ingest.screen_names import find_names
from pipelines.ingest.screen_numbers import find_numbers
from pipelines.ingest.screen_parts import FrameCells, LargeCells
from pipelines.ingest.screen_surroundings import PATTERNS, Place, find_in_file_name, find_in_headers, find_in_workbook
from pipelines.ingest.screen_texts import find_texts
from pipelines.ingest.template_words import OWN_SENTENCES
from pipelines.language import Message, join, msg

__all__ = ["Finding", "IdentifierKind", "Place", "refuse_identifiers", "screen_identifiers"]

_KIND_NAMES = {
    IdentifierKind.EMAIL: msg("e-mail address"),
    IdentifierKind.WEB_ADDRESS: msg("web address or account"),
    IdentifierKind.PHONE: msg("telephone number"),
    IdentifierKind.HEALTH_INSURANCE_NUMBER: msg("health insurance number"),
    IdentifierKind.SOCIAL_INSURANCE_NUMBER: msg("social insurance number"),
    IdentifierKind.POSTAL_CODE: msg("postal code"),
    IdentifierKind.BIRTH_DATE: msg("birth date, or a whole date where none is expected"),
    IdentifierKind.PERSON_NAME: msg("name of a person"),
    IdentifierKind.ADDRESS: msg("civic address"),
    IdentifierKind.FILE_NUMBER: msg("number of a file, a licence or an account"),
    IdentifierKind.FREE_TEXT: msg("free text"),
    IdentifierKind.NAMING_COLUMN: msg("name of a column that holds personal data"),
}
_PLACE_NAMES = {
    Place.FILE_NAME: msg("name of the file"),
    Place.SHEET_NAME: msg("name of a sheet"),
    Place.PROPERTY: msg("properties of the document"),
    Place.AUTHOR: msg("author of the document"),
    Place.COMMENT: msg("comments"),
    Place.TEXT: msg("texts, links and printed margins"),
}
_RULES = (find_numbers, find_texts, find_names)


@dataclass(frozen=True)
class Finding:
    """Cells of one column, or texts of one place, that look like one kind of identifier.

    `rows` are those of the file, the header being 1; of a large file, some. `column` is empty outside
    the cells; `sheet` is the number (from 1) of a sheet that is not the one read. Where a header is
    itself the identifier, `column` is the number of the column and not its name.
    """

    kind: IdentifierKind
    column: str
    count: int
    rows: tuple[int, ...]
    place: Place = Place.CELLS
    sheet: int = 0

    @property
    def refuses(self) -> bool:
        """Whether the file is refused for it; who saved the file is told only."""
        return self.place is not Place.AUTHOR

    def message(self) -> Message:
        """The finding in words: place, kind, how many, which rows."""
        kind = _KIND_NAMES[self.kind]
        if self.place in _PLACE_NAMES:
            return msg("{place}: {kind} ({count})", place=_PLACE_NAMES[self.place], kind=kind, count=self.count)
        if self.place is Place.HEADER:
            return msg("header of column number {column}: {kind}", column=self.column, kind=kind)
        if self.place is Place.LINE:
            rows = first_numbers(self.rows)
            return msg("lines that are no rows of the table: {kind}, rows {rows}", kind=kind, rows=rows)
        told = {"column": self.column, "kind": kind, "count": self.count, "rows": first_numbers(self.rows)}
        if self.sheet:
            return msg("sheet number {sheet}, column {column}: {kind}, {count} cells", sheet=self.sheet, **told)
        if not self.rows:
            return msg("column {column}: {kind}", column=self.column, kind=kind)
        return msg("column {column}: {kind}, {count} cells, rows {rows}", **told)


def screen_identifiers(table: SourceFile) -> tuple[Finding, ...]:
    """Every finding of a table: its file's name, its headers, its cells, the lines and all else around them."""
    in_names = {kind for name in (table.name, *table.archive_paths) for kind in find_in_file_name(name)}
    findings = [Finding(kind, "", 1, (), Place.FILE_NAME) for kind in sorted(in_names)]
    cells = LargeCells(table) if isinstance(table, LargeTable) else FrameCells(table.frame, table.row_numbers)
    findings.extend(_screen_columns(cells))
    lines = find_in_lines(table.around)
    findings += [Finding(kind, "", len(rows), rows, Place.LINE) for kind, rows in lines.items()]
    if isinstance(table, LargeTable):
        return tuple(findings)
    if table.workbook is not None:
        findings += [Finding(kind, "", count, (), place) for place, kind, count in find_in_workbook(table.workbook)]
        for number, sheet in enumerate(table.workbook.sheets, start=1):
            if sheet.name != table.sheet and sheet.rows:
                rows = pl.int_range(1, len(sheet.rows) + 1, eager=True)
                findings.extend(_screen_columns(FrameCells(_frame_of_sheet(sheet), rows), sheet=number))
    return tuple(findings)


@dataclass
class _ColumnFindings:
    """What the rules say of one column, over all the sets of cells that it is looked at in."""

    filled: int = 0
    is_naming: bool = False
    time: TimeColumn | None = None
    counts: Counter[IdentifierKind] = field(default_factory=Counter)
    #: The cells to tell the rows of: all, or enough of them.
    cells: dict[IdentifierKind, set[str]] = field(default_factory=dict)

    def add(self, column: ColumnCells, most_cells: int) -> None:
        self.filled += column.filled
        self.is_naming = self.is_naming or is_naming_column(column)
        self.time = self.time or time_column(column)
        for kind, cells in _found_in(column).items():
            self.counts[kind] += int(column.counts.filter(column.distinct.is_in(list(cells))).sum())
            kept = self.cells.setdefault(kind, set())
            kept.update(islice(cells, max(0, most_cells - len(kept))))


def _screen_columns(table: FrameCells | LargeCells, sheet: int = 0) -> Iterator[Finding]:
    telling = find_in_headers(table.names)
    columns = {column: _ColumnFindings() for column in table.names}
    for cells in table.cells(PATTERNS):
        columns[cells.name].add(cells, table.most_cells)
    births = find_unsaid_birth_dates([each.time for each in columns.values() if each.time], table.frames)
    for number, (column, found) in enumerate(columns.items(), start=1):
        name = str(number) if number in telling else column
        for kind in sorted(telling.get(number, ())):
            yield Finding(kind, name, 1, (), Place.HEADER, sheet)
        if found.is_naming:
            yield Finding(IdentifierKind.NAMING_COLUMN, name, found.filled, (), sheet=sheet)
        elif column in births:
            yield Finding(IdentifierKind.BIRTH_DATE, name, found.filled, (), sheet=sheet)
        for kind, kept in found.cells.items():
            yield Finding(kind, name, found.counts[kind], table.rows_of(column, kept), sheet=sheet)


def _found_in(column: ColumnCells) -> dict[IdentifierKind, frozenset[str]]:
    found: dict[IdentifierKind, frozenset[str]] = {}
    if not column.filled:
        return found
    for rule in _RULES:
        found.update({kind: cells for kind, cells in rule(column).items() if cells})
    return found


def _frame_of_sheet(sheet: Sheet) -> pl.DataFrame:
    """A sheet that is not read, as the rules look at it: its first row stands for headers, and for a row too."""
    names = [f"{number}" for number in range(1, len(sheet.rows[0]) + 1)]
    rows = [["" if cell in OWN_SENTENCES else cell for cell in row] for row in sheet.rows]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def refuse_identifiers(table: SourceFile) -> None:
    """Raise `InputRefused` when the table holds anything that names a person."""
    findings = [finding for finding in screen_identifiers(table) if finding.refuses]
    if not findings:
        return
    is_in_name = any(finding.place is Place.FILE_NAME for finding in findings)
    raise InputRefused(
        msg("A file of the export may name people in its own name")
        if is_in_name
        else msg("The file {file} may name people", file=table.name),
        where=join(finding.message() for finding in findings),
        to_do=msg(
            "Remove this from the export of the case platform, then export again; "
            "nothing was kept of this file. A column that cannot be removed there can be named in drop, "
            "in [[source]] of the centre's configuration"
        ),
    )
