"""Count the records of a large file apart from the engine that reads it, so that the two can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from pipelines.errors import InputRefused
from pipelines.ingest.large_ends import Ends
from pipelines.ingest.text_encoding import LOST
from pipelines.ingest.text_lines import INVISIBLE
from pipelines.language import msg

_CHUNK_BYTES = 4_000_000
_MOST_LINES_OF_A_CELL = 200
_FEED, _RETURN = 10, 13
_LOST = LOST.encode()
_INVISIBLE = tuple(character.encode() for character in INVISIBLE)
_INVISIBLE_BEGIN = tuple({character[:1] for character in _INVISIBLE})
_MARK = b"\xef\xbb\xbf"

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LineCount:
    """The physical records of a file and how many of them are empty lines."""

    records: int
    #: The records (from 1) that are empty lines.
    blank: Places
    #: Physical lines: more than the records where a cell holds several.
    lines: int
    #: For each line end inside a cell, in order, the record (from 1) that the cell belongs to.
    inside: Places
    #: The bytes of the longest record: no cell is longer.
    longest: int
    #: Whether there are characters that nobody sees, which the reader leaves out.
    has_invisible: bool

    def lines_of(self, records: Places) -> Places:
        """The lines that records begin at."""
        return records + np.searchsorted(self.inside, records)


@dataclass(frozen=True)
class RowPlaces:
    """Where the rows of a table stand in their file: from a first record on, without some."""

    lines: LineCount
    first: int
    #: The records behind the first row that are no rows of the table, in order.
    gaps: Places

    def lines_of(self, start: int, count: int) -> Places:
        """The lines that the rows from `start` on (from 0) begin at."""
        rows = np.arange(start, start + count)
        passed = np.searchsorted(self.gaps - self.first - np.arange(self.gaps.size), rows, side="right")
        return self.lines.lines_of(self.first + rows + passed)


def count_lines(path: Path, ends: Ends, file: str) -> LineCount:
    """Count the line ends outside quotation marks, without cutting the file into cells.

    Raises `InputRefused` for what no record may hold: NUL, a character that was lost, a quotation
    mark that neither begins nor ends a cell and is not doubled inside one.
    """
    quote = ends.dialect.quote.encode()
    records = lines = longest = 0
    has_invisible = False
    inside: list[Places] = []
    blank: list[Places] = []
    last = b"\n"
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            # A chunk ends with a line and outside a quoted cell, so that nothing is cut in two.
            chunk += content.readline()
            chunk += _rest_of_cell(content, chunk.count(quote), quote)
            if b"\x00" in chunk or (b"\xef" in chunk and _LOST in chunk):
                raise _unfit(file)
            has_invisible = has_invisible or _has_invisible(chunk if lines else chunk.removeprefix(_MARK))
            letters = np.frombuffer(chunk, dtype=np.uint8)
            feeds = np.flatnonzero(letters == _FEED)
            lines += feeds.size
            marks = np.flatnonzero(letters == quote[0])
            if marks.size:
                is_inside = _inside(letters, marks, feeds, ord(ends.dialect.delimiter), file)
                inside.append(records + 1 + np.searchsorted(feeds[~is_inside], feeds[is_inside]))
                feeds = feeds[~is_inside]
            lengths = np.diff(feeds, prepend=-1) - 1
            longest = max(longest, int(lengths.max(initial=0)), letters.size - 1 - int(feeds[-1] if feeds.size else -1))
            blank.append(records + 1 + _blank(letters, feeds, lengths))
            records += feeds.size
            last = chunk[-1:]
    is_open = last != b"\n"
    return LineCount(records + is_open, _joined(blank), lines + is_open, _joined(inside), longest, has_invisible)


def _joined(places: list[Places]) -> Places:
    return np.concatenate([*places, np.empty(0, np.int64)])


def _has_invisible(chunk: bytes) -> bool:
    return any(begin in chunk for begin in _INVISIBLE_BEGIN) and any(sign in chunk for sign in _INVISIBLE)


def _rest_of_cell(content: BinaryIO, marks: int, quote: bytes) -> bytes:
    """The lines up to the end of a quoted cell that goes on behind the chunk."""
    rest = b""
    for _ in range(_MOST_LINES_OF_A_CELL):
        if marks % 2 == 0:
            break
        line = content.readline()
        rest += line
        marks += line.count(quote)
    return rest


def _inside(letters: Bytes, marks: Places, feeds: Places, delimiter: int, file: str) -> npt.NDArray[np.bool_]:
    """Which line ends are inside a quoted cell; each mark must begin or end a cell, or be doubled in one."""
    if marks.size % 2:
        raise _unfit(file)
    opening, closing = marks[0::2], marks[1::2]
    quote = letters[marks[0]]
    before = letters[np.maximum(opening - 1, 0)]
    after = letters[np.minimum(closing + 1, letters.size - 1)]
    begins = (before == delimiter) | (before == _FEED) | (before == quote) | (opening == 0)
    ends = (after == delimiter) | (after == _FEED) | (after == _RETURN) | (after == quote)
    if not (begins.all() and (ends | (closing == letters.size - 1)).all()):
        raise _unfit(file)
    first, last = np.searchsorted(feeds, opening), np.searchsorted(feeds, closing)
    inside = np.zeros(feeds.size, dtype=np.bool_)
    for start, end in zip(first[last > first], last[last > first], strict=True):
        inside[start:end] = True
    return inside


def _blank(letters: Bytes, feeds: Places, lengths: Places) -> Places:
    """Which lines hold nothing, or nothing but the return before their end."""
    return np.flatnonzero((lengths == 0) | ((lengths == 1) & (letters[feeds - 1] == _RETURN)))


def _unfit(file: str) -> InputRefused:
    return InputRefused(
        msg("The large file {file} is not regular", file=file),
        why=msg("it holds NUL, a lost character, or a quotation mark inside a cell"),
        to_do=msg("Export one year at a time: a smaller file is read row by row, and each fault is told"),
    )
