"""Which lines name the columns: none, one or several, told from rows by what the columns hold below.

A header speaks in words where the rows speak in numbers and dates. Where no column holds any, the
first line is the header, as everybody writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingest.cell_forms import is_typed, is_year
from pipelines.ingest.text_marks import is_title

_SAMPLE = 200
_MOST_LINES = 5
_MOSTLY = 0.8
#: What stands for "no answer" among numbers: it is not a word of a header.
_NO_ANSWER = frozenset(
    ("", "-", "--", ".", "..", "...", "na", "n/a", "nd", "n/d", "n.d.", "nan", "null", "none", "s.o.", "*")
)

Cells = tuple[str, ...]


@dataclass(frozen=True)
class HeaderBlock:
    """The lines that name the columns, and how wide the rows are."""

    #: One name a column, several lines joined; empty where no line names them.
    names: Cells
    #: Lines of the table before the header, and lines of the header itself.
    titles: int
    lines: int
    #: How many cells a sound row has.
    width: int
    #: The header is the line before the table, one name shorter or one empty cell longer than its rows.
    is_line_above: bool
    last_line: Cells
    #: Which columns hold numbers or dates.
    typed: tuple[bool, ...]


def find_header(rows: Sequence[Cells], width: int, above: Cells) -> HeaderBlock:
    """The header of a table; `above` is the line just above it, which has another number of cells."""
    whole = [row for row in rows if len(row) == width]
    typed = typed_columns(whole[1:] or whole, width)
    names = _names_of_other_width(whole, width, above, typed)
    if names:
        return HeaderBlock(names, 0, 1, len(names), True, above, typed)
    titles = _count_titles(rows, width)
    start = whole[titles:] if titles else whole
    # In a small table the lower half speaks for the rows.
    below = min(_MOST_LINES, len(start) - max(1, len(start) // 2)) if start else 0
    typed = typed_columns(start[below:], width)
    lines = _count_lines(start, typed)
    last = start[lines - 1] if lines else ()
    return HeaderBlock(_join(start[:lines]), titles, lines, width, False, last, typed)


def is_header_of_another(cells: Cells, below: Cells, block: HeaderBlock) -> bool:
    """Whether a line after an empty one names the columns of another table of the same sheet or file.

    It speaks in words where the rows hold numbers or dates. A table narrower than the first, as a sheet
    lays it out, leaves cells empty at its side; then the line below it must fill no others.
    """
    answers = [cell for cell, typed in zip(cells, block.typed, strict=False) if typed]
    if answers and all(map(_is_word, answers)):
        return True
    spoken = [cell for cell in cells if cell.strip()]
    is_narrow = len(below) == len(cells) and all(
        cell.strip() or not under.strip() for cell, under in zip(cells, below, strict=True)
    )
    return len(spoken) > 1 and is_narrow and any(cell.strip() for cell in answers) and all(map(_is_word, spoken))


def _is_word(cell: str) -> bool:
    return not is_typed(cell) and cell.strip().lower() not in _NO_ANSWER


def typed_columns(rows: Sequence[Cells], width: int) -> tuple[bool, ...]:
    """Which columns hold numbers or dates, judged on the first rows."""
    sample = rows[:_SAMPLE]
    typed = []
    for column in range(width):
        answers = [row[column] for row in sample if row[column].strip().lower() not in _NO_ANSWER]
        typed.append(bool(answers) and sum(map(is_typed, answers)) >= _MOSTLY * len(answers))
    return tuple(typed)


def _names_of_other_width(rows: Sequence[Cells], width: int, above: Cells, typed: Sequence[bool]) -> Cells:
    """The names on the line above, where all rows agree that it is their header; else nothing."""
    if len(above) < 2 or not rows or not all(map(_is_word, (cell for cell in above if cell.strip()))):
        return ()
    if len(above) == width + 1 and not above[-1].strip() and all(above[:-1]):
        return above[:-1]
    if len(above) != width - 1 or not all(cell.strip() for cell in above):
        return _names_of_ragged_rows(rows, above, typed)
    if all(not row[-1].strip() for row in rows):
        # Each row, but not the header, ends with a delimiter.
        return (*above, "")
    # The names of the rows stand in a first column that has no name of its own.
    return ("", *above) if not typed[0] and any(typed[1:]) else ()


def _names_of_ragged_rows(rows: Sequence[Cells], above: Cells, typed: Sequence[bool]) -> Cells:
    """A full line of words above rows that hold no such line: it is the header, and no row agrees with it."""
    if all(cell.strip() for cell in above) and any(typed) and _looks_like_row(rows[0], typed):
        return above
    return ()


def _looks_like_row(cells: Cells, typed: Sequence[bool]) -> bool:
    answers = [cell for cell, is_number in zip(cells, typed, strict=True) if is_number]
    return any(is_typed(cell) for cell in answers) and not _are_years(answers)


def _count_titles(rows: Sequence[Cells], width: int) -> int:
    """Titles have one filled cell, the first; a fuller line must follow."""
    titles = 0
    while titles + 1 < len(rows) and width > 1 and len(rows[titles]) == width and is_title(rows[titles]):
        titles += 1
    return titles if titles and titles < len(rows) and sum(1 for cell in rows[titles] if cell.strip()) > 1 else 0


def _count_lines(rows: Sequence[Cells], typed: Sequence[bool]) -> int:
    if not rows:
        return 0
    if not any(typed) or len(rows) == 1:
        return 0 if rows[0] and all(is_typed(cell) for cell in rows[0] if cell.strip()) else 1
    if not _speaks(rows[0], typed):
        return 0
    lines = 1
    while lines < min(_MOST_LINES, len(rows) - 1) and _goes_on(rows, lines, typed):
        lines += 1
    return lines


def _speaks(cells: Cells, typed: Sequence[bool]) -> bool:
    """Words, or years one after the other, in the columns that hold numbers."""
    answers = [cell for cell, is_number in zip(cells, typed, strict=True) if is_number and cell.strip()]
    if not answers:
        return not any(is_typed(cell) for cell in cells if cell.strip())
    return not any(map(is_typed, answers)) or _are_years(answers)


def _are_years(answers: Sequence[str]) -> bool:
    years = [cell for cell in answers if is_typed(cell)]
    return len(years) > 1 and all(map(is_year, years)) and len(set(years)) == len(years)


def _goes_on(rows: Sequence[Cells], place: int, typed: Sequence[bool]) -> bool:
    """Whether the line still belongs to the header: a full line of words, or one that only completes it."""
    cells = rows[place]
    if cells == rows[0]:
        return True
    over_numbers = [cell for cell, is_number in zip(cells, typed, strict=True) if is_number]
    spoken = [cell for cell in over_numbers if cell.strip()]
    if not spoken or not all(map(_is_word, spoken)):
        return False
    below = rows[place + 1 : place + 1 + _SAMPLE]
    columns = [column for column, cell in enumerate(cells) if cell.strip() and typed[column]]
    if any(row[column] == cells[column] for row in below for column in columns):
        return False
    begins_empty = not cells[0].strip() and any(row[0].strip() for row in below)
    return begins_empty or len(spoken) == len(over_numbers)


def _join(lines: Sequence[Cells]) -> Cells:
    """One name a column; a group's name, written once over its columns, is repeated over each."""
    if len(lines) < 2:
        return lines[0] if lines else ()
    fullest = max(range(len(lines)), key=lambda place: sum(1 for cell in lines[place] if cell.strip()))
    spread = [_spread(line) if place < fullest else line for place, line in enumerate(lines)]
    return tuple(" ".join(cell.strip() for cell in column if cell.strip()) for column in zip(*spread, strict=True))


def _spread(line: Cells) -> Cells:
    named: list[str] = []
    for cell in line:
        named.append(cell if cell.strip() or not named else named[-1])
    return tuple(named)
