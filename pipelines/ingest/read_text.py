"""Read one text file (CSV, TSV, TXT) whole: every physical record is in the table, set aside, or recognised.

What the centre's contract says is obeyed; what it leaves open is decided once, on evidence, and then
holds for the whole file. Cells stay as they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingest.account import RecordAccount, Role, SetAside, make_account
from pipelines.ingest.text_dialect import decide_dialect
from pipelines.ingest.text_encoding import AUTO, decode_text
from pipelines.ingest.text_layout import lay_out
from pipelines.ingest.text_lines import Dialect, remove_invisible, split_lines, split_records


@dataclass(frozen=True)
class TextContract:
    """What is said of a text file; what is not said is decided on evidence."""

    encoding: str = AUTO
    delimiter: str | None = None


@dataclass(frozen=True)
class TextTable:
    """A text file as it lies: its rows, and what became of every record that is none."""

    encoding: str
    dialect: Dialect
    #: The names of the columns as written; empty where the file names none.
    header: tuple[str, ...]
    #: How many lines the names took.
    header_lines: int
    width: int
    rows: tuple[tuple[str, ...], ...]
    #: The line of the file that each row begins at.
    lines: tuple[int, ...]
    set_aside: tuple[SetAside, ...]
    account: RecordAccount
    #: Characters that nobody sees, removed; and groups that look encoded twice, left as they are.
    invisible: int
    twice_encoded: int
    #: The last line has no end: the file may have been cut off.
    is_last_line_open: bool

    @property
    def rejected(self) -> Sequence[SetAside]:
        return [record for record in self.set_aside if record.is_rejected]


def read_text(content: bytes, contract: TextContract, file: str) -> TextTable:
    """Read the bytes of a file; raises `InputRefused` where they are no text or read in two ways."""
    decoded = decode_text(content, contract.encoding, file)
    text, invisible = remove_invisible(decoded.text)
    dialect = decide_dialect(text, contract.delimiter)
    lines = split_lines(text, dialect.newline)
    records = split_records(lines, dialect)
    layout = lay_out(records)
    pairs = list(zip(records, layout.marks, strict=True))
    return TextTable(
        encoding=decoded.encoding,
        dialect=dialect,
        header=layout.header,
        header_lines=layout.header_lines,
        width=layout.width,
        rows=tuple(record.cells for record, mark in pairs if mark is Role.ROW),
        lines=tuple(record.line for record, mark in pairs if mark is Role.ROW),
        set_aside=tuple(
            SetAside(record.line, mark) for record, mark in pairs if mark not in (Role.ROW, Role.HEADER, Role.BLANK)
        ),
        account=make_account(layout.marks),
        invisible=invisible,
        twice_encoded=decoded.twice_encoded,
        is_last_line_open=bool(lines) and not lines[-1].endswith(dialect.newline),
    )
