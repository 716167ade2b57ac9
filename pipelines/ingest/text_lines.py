"""From the characters of a file to its physical records: nothing is left out, nothing is repaired.

The grammar is strict (RFC 4180 with the delimiter and the quotation mark that were decided on): a
quoted cell ends before a delimiter or the end of the record, a quotation mark inside it is doubled,
and a cell that is not quoted holds none. A line that breaks it is a record of its own, with its
fault, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.ingest.text_encoding import LOST

#: A cell longer than this is a document, not an answer.
MAX_CELL_CHARACTERS = 4_096
MAX_LINE_CHARACTERS = 65_536
#: They are seen by nobody and make two equal words unequal; the mark inside a quoted cell is one of them.
INVISIBLE = "\u200b\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_NO_INVISIBLE = dict.fromkeys(map(ord, INVISIBLE))
_ANY_INVISIBLE = re.compile(f"[{INVISIBLE}]")


class Fault(StrEnum):
    """Why a record cannot be read."""

    OPEN_QUOTE = "open_quote"
    STRAY_QUOTE = "stray_quote"
    STRAY_RETURN = "stray_return"
    NUL = "nul"
    LOST_CHARACTER = "lost_character"
    LONG_CELL = "long_cell"
    LONG_LINE = "long_line"


@dataclass(frozen=True)
class Dialect:
    """How cells and records are told apart; `quote` is empty where the file knows no quotation."""

    delimiter: str
    quote: str = '"'
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One physical record: the line of the file it begins at (from 1), how many it takes, its cells or its fault."""

    line: int
    lines: int
    cells: tuple[str, ...]
    fault: Fault | None = None

    @property
    def is_blank(self) -> bool:
        return self.fault is None and not any(cell.strip() for cell in self.cells)


def remove_invisible(text: str) -> tuple[str, int]:
    """The text without the characters that nobody sees, and how many they were."""
    count = len(_ANY_INVISIBLE.findall(text))
    return (text.translate(_NO_INVISIBLE) if count else text), count


def find_newline(text: str) -> str:
    """The sign that ends a line: a carriage return alone only where it is the commoner."""
    feeds = text.count("\n")
    alone = text.count("\r") - text.count("\r\n")
    return "\r" if alone > feeds else "\n"


def split_lines(text: str, newline: str) -> list[str]:
    """The physical lines, each with its end; the last one may have none."""
    lines = text.split(newline)
    last = lines.pop()
    ended = [line + newline for line in lines]
    return [*ended, last] if last else ended


def split_records(lines: Sequence[str], dialect: Dialect) -> list[Record]:
    """Every physical record, in order; each line belongs to exactly one.

    What comes out is checked against what went in; an `AssertionError` is a fault of the program.
    """
    records = list(_records(lines, dialect))
    if sum(record.lines for record in records) != len(lines):
        raise AssertionError("a line was lost or read twice")
    return records


def _records(lines: Sequence[str], dialect: Dialect) -> Iterator[Record]:
    start = 0
    while start < len(lines):
        reader = _Reader(lines, start, dialect)
        yield from reader.sound_records()
        start = reader.next_line
        if start < len(lines):
            # A cell that is broken further down takes the lines up to there with it: they are inside it.
            end = max(start, reader.stopped_at) if reader.problem == _BAD_LINE else start
            yield Record(start + 1, end - start + 1, (), _fault_of(lines[end], reader.problem))
            start = end + 1


_BAD_LINE = "bad line"
_STRAY = "stray"


class _Reader:
    """One run of the csv module, from a line to the first fault: it ends by itself and cannot be resumed."""

    def __init__(self, lines: Sequence[str], start: int, dialect: Dialect) -> None:
        self._lines = lines
        self._dialect = dialect
        self._record = _strict_record(dialect)
        self.next_line = start
        self.stopped_at = start
        self.problem = ""

    def sound_records(self) -> Iterator[Record]:
        csv.field_size_limit(MAX_CELL_CHARACTERS)
        start = self.next_line
        quote = self._dialect.quote
        reader = csv.reader(
            self._feed(start),
            delimiter=self._dialect.delimiter,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            strict=True,
        )
        try:
            for cells in reader:
                end = start + reader.line_num
                if quote and quote in self._lines[self.next_line] and not self._is_strict(cells, end):
                    self.problem = _STRAY
                    return
                yield Record(self.next_line + 1, end - self.next_line, tuple(cells))
                self.next_line = end
        except csv.Error as error:
            self.problem = str(error)

    def _feed(self, start: int) -> Iterator[str]:
        for place in range(start, len(self._lines)):
            line = self._lines[place]
            if len(line) > MAX_LINE_CHARACTERS or "\x00" in line or LOST in line:
                self.stopped_at = place
                raise csv.Error(_BAD_LINE)
            yield line

    def _is_strict(self, cells: Sequence[str], end: int) -> bool:
        """The csv module lets a quotation mark pass inside a cell that is not quoted; we do not."""
        if not any(self._dialect.quote in cell for cell in cells):
            return True
        raw = "".join(self._lines[self.next_line : end])
        return self._record.fullmatch(raw.rstrip("\r\n")) is not None


def _strict_record(dialect: Dialect) -> re.Pattern[str]:
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote or "\x00")
    cell = rf"(?:{quote}(?:[^{quote}]|{quote}{quote})*+{quote}|[^{quote}{delimiter}]*+)"
    return re.compile(rf"(?s){cell}(?:{delimiter}{cell})*+")


def _fault_of(line: str, problem: str) -> Fault:
    if len(line) > MAX_LINE_CHARACTERS:
        return Fault.LONG_LINE
    if "\x00" in line:
        return Fault.NUL
    if LOST in line:
        return Fault.LOST_CHARACTER
    if "field limit" in problem:
        return Fault.LONG_CELL
    if "unexpected end" in problem:
        return Fault.OPEN_QUOTE
    return Fault.STRAY_RETURN if "new-line" in problem else Fault.STRAY_QUOTE
