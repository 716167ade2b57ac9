"""The two ends of a large text file: what it is, and which lines above and below its table are no rows."""

from __future__ import annotations

import codecs
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import InputRefused
from pipelines.ingest.account import Role, SetAside
from pipelines.ingest.file_table import LineAround
from pipelines.ingest.read_text import TextContract
from pipelines.ingest.text_dialect import decide_dialect
from pipelines.ingest.text_encoding import UTF8_TWICE, decode_text
from pipelines.ingest.text_layout import Layout, lay_out
from pipelines.ingest.text_lines import Dialect, Record, split_lines, split_records
from pipelines.language import msg

_HEAD_BYTES = 2_000_000
_TAIL_BYTES = 65_536
_CHUNK_BYTES = 8_000_000
#: What DuckDB reads as it lies.
_PLAIN = ("utf-8", "utf-8-sig")
_AFTER = (Role.TOTAL, Role.FOOTER, Role.BLANK)


@dataclass(frozen=True)
class Ends:
    """What the ends of a file tell of the whole."""

    encoding: str
    dialect: Dialect
    header: tuple[str, ...]
    width: int
    #: The last line of names as written: where it stands again, it is no row.
    header_line: tuple[str, ...]
    #: The line and the record (from 1) of the first row; those above are recognised.
    first_row_line: int
    first_row_record: int
    #: How many bytes at the end are lines that are no rows.
    after_bytes: int
    above: Counter[Role]
    #: The lines above the first row that hold nothing at all.
    empty_above: int
    #: What the lines above and below the rows say, for the screen; those below are numbered from 1.
    lines_above: tuple[LineAround, ...]
    lines_below: tuple[LineAround, ...]

    @property
    def after(self) -> tuple[Role, ...]:
        """What the lines below the last row are, in their order."""
        return tuple(line.mark for line in self.lines_below if isinstance(line.mark, Role))

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """The titles above the table, by their lines."""
        return tuple(SetAside(line.line, line.mark) for line in self.lines_above)


def find_ends(path: Path, contract: TextContract) -> Ends:
    """Decide on the ends of a file; raises `InputRefused` as `read_text` does, and where it begins with no table."""
    head, tail = _read_ends(path)
    whole_lines = head if not tail else head[: head.rfind(b"\n") + 1]
    decoded = decode_text(whole_lines, contract.encoding, path.name)
    dialect = decide_dialect(decoded.text, contract.delimiter)
    lines = split_lines(decoded.text, dialect.newline)
    records = split_records(lines, dialect)
    layout = lay_out(records)
    first = next((place for place, mark in enumerate(layout.marks) if mark is Role.ROW), None)
    # DuckDB takes the end of the first line for that of all.
    ends = {lines[record.line + record.lines - 2].endswith("\r\n") for record in records if record.fault is None}
    if first is None or dialect.newline != "\n" or not layout.header or len(ends) > 1:
        raise InputRefused(
            msg("The large file {file} is not regular", file=path.name),
            why=msg("its beginning holds no header with rows below it, or its lines end in two ways"),
            to_do=msg("Export one year at a time: a smaller file is read row by row, and each fault is told"),
        )
    above = Counter(mark for mark in layout.marks[:first] if isinstance(mark, Role))
    below, after_bytes = _lines_after(tail, decoded.encoding, dialect, records[first - 1 : first + 50], layout)
    return Ends(
        encoding=decoded.encoding,
        dialect=dialect,
        header=layout.header,
        width=layout.width,
        header_line=[record.cells for record, mark in zip(records, layout.marks, strict=True) if mark is Role.HEADER][
            -1
        ],
        first_row_line=records[first].line,
        first_row_record=first + 1,
        after_bytes=after_bytes,
        above=above,
        lines_above=tuple(
            LineAround(record.line, mark, record.cells)
            for record, mark in zip(records[:first], layout.marks, strict=False)
            if mark not in (Role.HEADER, Role.BLANK)
        ),
        lines_below=below,
        empty_above=sum(1 for record in records[:first] if not any(record.cells) and len(record.cells) < 2),
    )


def _read_ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        size = os.fstat(file.fileno()).st_size
        file.seek(max(len(head), size - _TAIL_BYTES))
        return head, file.read()


def _lines_after(
    tail: bytes, encoding: str, dialect: Dialect, sample: list[Record], layout: Layout
) -> tuple[tuple[LineAround, ...], int]:
    """The total and the notes at the end, found with some rows of the beginning above them."""
    if not tail or encoding not in _PLAIN:
        return (), 0
    text = tail[tail.find(b"\n") + 1 :].decode("utf-8", errors="replace")
    lines = split_lines(text, dialect.newline)
    records = [*sample, *split_records(lines, dialect)]
    marks = lay_out(records).marks
    count = 0
    while count < len(records) - len(sample) and marks[-count - 1] in _AFTER:
        count += 1
    if all(mark is Role.BLANK for mark in marks[len(marks) - count :]):
        return (), 0
    taken = sum(record.lines for record in records[len(records) - count :])
    size = sum(len(line.encode()) for line in lines[len(lines) - taken :])
    last = zip(records[len(records) - count :], marks[len(marks) - count :], strict=True)
    return tuple(LineAround(place, mark, record.cells) for place, (record, mark) in enumerate(last, start=1)), size


def require_no_copy(path: Path, contract: TextContract) -> None:
    """Refuse a file of which a copy would be needed: what a contract drops is written nowhere."""
    if not _is_plain(find_ends(path, contract)):
        raise InputRefused(
            msg("The columns to drop of the large file {file} cannot be left out of its copy", file=path.name),
            why=msg("it is not in UTF-8, or lines that are no rows stand at its end"),
            to_do=msg("Export it as CSV UTF-8 without lines below the table, or one year at a time"),
        )


def _is_plain(ends: Ends) -> bool:
    return ends.encoding in _PLAIN and not ends.after_bytes


def plain_copy(path: Path, ends: Ends, folder: Path) -> Path:
    """The file itself if it is UTF-8 to its last row; else a private copy that is."""
    if _is_plain(ends):
        return path
    copy = folder / "plain.csv"
    left = path.stat().st_size - ends.after_bytes
    decode = codecs.getincrementaldecoder("utf-8" if ends.encoding == UTF8_TWICE else ends.encoding)("replace").decode
    with path.open("rb") as source, copy.open("wb") as target:
        while left > 0:
            chunk = source.read(min(_CHUNK_BYTES, left))
            if not chunk:
                break
            left -= len(chunk)
            target.write(decode(chunk, left <= 0).encode())
    return copy
