"""What each record of a file is: title, header, row of the table, total, note, or something to reject.

Everything is decided on evidence within the file, and every record gets exactly one role. What is
not certain to be something else is a row of the table, or is rejected with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from pipelines.ingest.account import Reason, Role
from pipelines.ingest.cell_forms import is_typed
from pipelines.ingest.text_header import HeaderBlock, find_header, is_header_of_another, typed_columns
from pipelines.ingest.text_lines import Fault, Record
from pipelines.ingest.text_marks import is_note, is_title, is_total

_LOOK_AHEAD = 5
#: Fewer rows than these do not tell what a column holds.
_ENOUGH_ROWS = 3
#: With fewer records of several cells than this share, the file has one column.
_LEAST_WIDE = 0.25
#: More "total" lines than this share are a category of the data that happens to be called so.
_MOST_TOTALS = 0.05

_FAULTS = {
    Fault.OPEN_QUOTE: Reason.OPEN_QUOTE,
    Fault.STRAY_QUOTE: Reason.STRAY_QUOTE,
    Fault.STRAY_RETURN: Reason.STRAY_RETURN,
    Fault.NUL: Reason.NUL,
    Fault.LOST_CHARACTER: Reason.LOST_CHARACTER,
    Fault.LONG_CELL: Reason.LONG_CELL,
    Fault.LONG_LINE: Reason.LONG_LINE,
}


@dataclass(frozen=True)
class Layout:
    """The role or the reason of every record, in their order, and the names of the columns."""

    #: Empty where the first record is a row already.
    header: tuple[str, ...]
    width: int
    marks: tuple[Role | Reason, ...]
    header_lines: int


def lay_out(records: Sequence[Record]) -> Layout:
    """Give each record its role."""
    marks: list[Role | Reason | None] = [_first_mark(record) for record in records]
    sound = [place for place, mark in enumerate(marks) if mark is None]
    first, last = _main_table(records, sound)
    before = [place for place in sound if place < first]
    inside = [place for place in sound if first <= place <= last]
    width = len(records[first].cells) if inside else 0
    above = records[before[-1]].cells if before else ()
    block = find_header([records[place].cells for place in inside], width, above)
    if block.is_line_above:
        marks[before.pop()] = Role.HEADER
    for place in before:
        marks[place] = _mark_of_line_above(records[place].cells, block)
    for place in inside[: block.titles]:
        marks[place] = Role.PREAMBLE
    start = block.titles + (0 if block.is_line_above else block.lines)
    for place in inside[block.titles : start]:
        marks[place] = Role.HEADER
    body = [*inside[start:], *(place for place in sound if place > last)]
    _mark_body(records, marks, body, replace(block, typed=_typed_at_first(records, marks, inside[start:], block)))
    return Layout(block.names, block.width, tuple(mark or Role.ROW for mark in marks), block.lines)


def _typed_at_first(
    records: Sequence[Record], marks: Sequence[Role | Reason | None], rows: Sequence[int], block: HeaderBlock
) -> tuple[bool, ...]:
    """Which columns hold numbers or dates in the rows before the first empty line: another table may follow it."""
    gaps = (count for count, (_, below) in enumerate(pairwise(rows), start=1) if marks[below - 1] is Role.BLANK)
    first = [records[place].cells for place in rows[: next(gaps, len(rows))]]
    sound = [cells for cells in first if len(cells) == block.width]
    return typed_columns(sound, block.width) if len(sound) >= _ENOUGH_ROWS else block.typed


def _first_mark(record: Record) -> Role | Reason | None:
    if record.fault is not None:
        return _FAULTS[record.fault]
    return Role.BLANK if record.is_blank else None


def _main_table(records: Sequence[Record], sound: Sequence[int]) -> tuple[int, int]:
    """The first and last record of the first long stretch of one width, two columns wide where there is one."""
    stretches = _stretches([(place, len(records[place].cells)) for place in sound])
    if not stretches:
        return 0, -1
    wide = [stretch for stretch in stretches if stretch.width > 1]
    if sum(stretch.count for stretch in wide) < _LEAST_WIDE * len(sound):
        wide = stretches
    longest = max(stretch.count for stretch in wide)
    chosen = next(stretch for stretch in wide if stretch.count >= longest / 2)
    if longest == 1:
        chosen = wide[0]
    return chosen.first, chosen.last


@dataclass(frozen=True)
class _Stretch:
    """Records of one width, with no more than a few others among them."""

    first: int
    last: int
    width: int
    count: int


def _stretches(widths: Sequence[tuple[int, int]]) -> list[_Stretch]:
    found: list[_Stretch] = []
    start = 0
    while start < len(widths):
        width = widths[start][1]
        end = last = start
        count = 0
        # Titles and notes of one cell are no table that goes on behind the rows between them.
        while end < len(widths) and end - last <= (_LOOK_AHEAD if width > 1 else 1):
            if widths[end][1] == width:
                last = end
                count += 1
            end += 1
        found.append(_Stretch(widths[start][0], widths[last][0], width, count))
        start = last + 1
    return found


def _mark_of_line_above(cells: Sequence[str], block: HeaderBlock) -> Role | Reason:
    """A title, or a name and its value, is a heading; a longer line is not: it may be a row."""
    answers = [cell for cell in cells if cell.strip()]
    if block.names and (len(answers) <= 2 < block.width or is_title(cells)) and len(cells) <= block.width:
        return Role.PREAMBLE
    if not block.names and is_title(cells):
        return Role.PREAMBLE
    return _of_another_width(cells, block) or Reason.OTHER_TABLE


def _of_another_width(cells: Sequence[str], block: HeaderBlock) -> Reason | None:
    if len(cells) == block.width:
        return None
    return Reason.TOO_MANY_CELLS if len(cells) > block.width else Reason.TOO_FEW_CELLS


def _mark_body(
    records: Sequence[Record], marks: list[Role | Reason | None], body: Sequence[int], block: HeaderBlock
) -> None:
    """Rows, and what stands among and after them."""
    _mark_totals(records, marks, body, block)
    _mark_notes(records, marks, body, block)
    left = [place for place in body if marks[place] is None]
    # The record after which no other has the width of the table.
    end = max((place for place in left if len(records[place].cells) == block.width), default=-1)
    others = _widths_of_other_tables([records[place].cells for place in left if place > end])
    is_other = False
    for place, below in zip_longest(left, left[1:]):
        cells = records[place].cells
        is_after_blank = place > 0 and marks[place - 1] is Role.BLANK and len(cells) == block.width
        is_other = is_other or (
            is_after_blank and is_header_of_another(cells, records[below].cells if below is not None else (), block)
        )
        if block.names and cells == block.last_line:
            marks[place] = Role.REPEATED_HEADER
        elif is_other or (place > end and len(cells) in others):
            marks[place] = Reason.OTHER_TABLE
        else:
            marks[place] = _of_another_width(cells, block)


def _widths_of_other_tables(rows: Sequence[Sequence[str]]) -> set[int]:
    """Several rows of one width, the first of them in words alone, are a table of their own."""
    widths = Counter(len(cells) for cells in rows)
    return {
        width
        for width, count in widths.items()
        if count > 1 < width and not any(map(is_typed, next(cells for cells in rows if len(cells) == width)))
    }


def _mark_totals(
    records: Sequence[Record], marks: list[Role | Reason | None], body: Sequence[int], block: HeaderBlock
) -> None:
    totals = [place for place in body if len(records[place].cells) == block.width and is_total(records[place].cells)]
    if block.names and len(totals) <= max(3, _MOST_TOTALS * len(body)):
        for place in totals:
            marks[place] = Role.TOTAL


def _mark_notes(
    records: Sequence[Record], marks: list[Role | Reason | None], body: Sequence[int], block: HeaderBlock
) -> None:
    """The sentences at the very end; the first of them must show by itself that it is a note."""
    if block.width < 2:
        return
    start = len(body)
    while start and len([cell for cell in records[body[start - 1]].cells if cell.strip()]) == 1:
        start -= 1
    for place in body[start:]:
        follows = place > 0 and marks[place - 1] in (Role.BLANK, Role.FOOTER)
        if is_note(records[place].cells, follows_blank=follows):
            marks[place] = Role.FOOTER
