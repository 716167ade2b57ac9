"""The table that a file holds, text file or sheet, with the account of every record of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingest.account import Reason, RecordAccount, Role, SetAside, make_account
from pipelines.ingest.text_layout import lay_out
from pipelines.ingest.text_lines import Dialect, Record

_NOT_TOLD = (Role.ROW, Role.HEADER, Role.BLANK)


@dataclass(frozen=True)
class LineAround:
    """A record that is no row of the table, as it lies: a line of a text file, a row of a sheet."""

    line: int
    mark: Role | Reason
    cells: tuple[str, ...]


@dataclass(frozen=True)
class FileTable:
    """A file as it lies: its rows, and what became of every record that is none."""

    encoding: str
    #: The names of the columns as written; empty where the file names none.
    header: tuple[str, ...]
    #: How many lines the names took.
    header_lines: int
    width: int
    rows: tuple[tuple[str, ...], ...]
    #: The line of the file, or row of the sheet, that each row begins at.
    lines: tuple[int, ...]
    #: The records that are neither row, header nor empty.
    set_aside: tuple[SetAside, ...]
    account: RecordAccount
    #: None for a sheet.
    dialect: Dialect | None = None
    #: Characters that nobody sees, removed; and groups that look encoded twice, left as they are.
    invisible: int = 0
    twice_encoded: int = 0
    #: The last line has no end: the file may have been cut off.
    is_last_line_open: bool = False
    #: The records of `set_aside` with their cells: only the screen for identifiers looks at them.
    around: tuple[LineAround, ...] = ()


def lay_out_table(records: Sequence[Record], encoding: str) -> FileTable:
    """Recognise the table among the physical records of a file."""
    layout = lay_out(records)
    pairs = list(zip(records, layout.marks, strict=True))
    return FileTable(
        encoding=encoding,
        header=layout.header,
        header_lines=layout.header_lines,
        width=layout.width,
        rows=tuple(record.cells for record, mark in pairs if mark is Role.ROW),
        lines=tuple(record.line for record, mark in pairs if mark is Role.ROW),
        set_aside=tuple(SetAside(record.line, mark) for record, mark in pairs if mark not in _NOT_TOLD),
        account=make_account(layout.marks),
        around=tuple(LineAround(record.line, mark, record.cells) for record, mark in pairs if mark not in _NOT_TOLD),
    )
