"""Lines of percentages that make a whole (a question and its answers), against the number of answers.

A report has one way of rounding. Each percentage may be rounded by itself; a line may be made to give 100 by the
method of largest remainders, as bilan itself does, and is then right too. A cell that was pushed by hand so that
the line gives 100 is not: it says something that no count gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.language import Message, msg
from pipelines.quality.audit_settings import AuditWords
from pipelines.quality.printed_figure import (
    COUNT,
    PERCENT,
    CellGap,
    Check,
    Figure,
    Outcome,
    Part,
    State,
    Tables,
    holds,
    lines_of,
    rows_of,
    total_of,
)
from pipelines.quality.rounding import (
    Percentage,
    fits_all_but_one,
    fits_by_largest_remainder,
    fits_by_rounding,
    possible_numbers,
    printed_share,
)

_WHOLE = Decimal(100)
#: A lone line of percentages this near to 100 was meant to make it; further away, several answers were allowed.
_NEAR = Decimal(10)
_NUMBERS_TOLD = 4


@dataclass(frozen=True)
class AnswerLine:
    """The percentages of one question; `n` is the number of answers, where the report gives it."""

    cells: tuple[Figure, ...]
    n: Figure | None
    #: Whether one answer was allowed, so that the line makes 100.
    is_whole: bool

    @property
    def percentages(self) -> list[Percentage]:
        return [Percentage(cell.value, cell.decimals) for cell in self.cells]

    @property
    def total(self) -> Decimal:
        return total_of(self.cells)

    @property
    def slack(self) -> Decimal:
        """How far from 100 ordinary rounding may bring the sum."""
        return sum((cell.half_step for cell in self.cells), Decimal(0))


def check_percentages(tables: Tables, words: AuditWords) -> Iterator[Outcome]:
    """One outcome for each line of percentages, the way of rounding being judged report by report."""
    lines = {place: answer_lines(figures, words) for place, figures in tables.items()}
    for report in dict.fromkeys(place.report for place in tables):
        own = [line for place, found in lines.items() if place.report == report for line in found]
        is_largest_remainder = _uses_largest_remainder(own)
        for line in own:
            yield _judge(line, is_largest_remainder=is_largest_remainder)


def answer_lines(figures: Sequence[Figure], words: AuditWords) -> list[AnswerLine]:
    """The lines of a table that hold several percentages, those that compare years aside."""
    found = []
    for cells in rows_of(figures).values():
        percents = tuple(
            cell
            for cell in cells
            if cell.unit == PERCENT and cell.part is Part.PART and not holds(cell.measure, words.evolution)
        )
        if len(percents) > 1 and len({cell.measure for cell in percents}) == len(percents):
            found.append((percents, number_of_answers(figures, percents[0].row, words)))
    near = [abs(total_of(cells) - _WHOLE) <= (_NEAR if len(found) == 1 else len(cells)) for cells, _ in found]
    is_whole = 2 * sum(near) >= len(near)
    return [AnswerLine(cells, n, is_whole) for cells, n in found]


def number_of_answers(figures: Sequence[Figure], row: str, words: AuditWords) -> Figure | None:
    """The number that the percentages of a line are of: said in the line, else the only one of its table."""
    counts = [figure for figure in figures if figure.unit == COUNT and figure.value == int(figure.value) > 0]
    in_line = [count for count in counts if count.row == row and holds(count.measure, words.answers)]
    of_table = [count for count in counts if holds(count.row, words.answers)]
    for choice in (in_line, of_table):
        if len({count.value for count in choice}) == 1:
            return choice[0]
    return None


def _uses_largest_remainder(lines: Sequence[AnswerLine]) -> bool:
    """Whether the report's lines were rounded so; a few that were not are faults, many are another way."""
    whole = [line for line in lines if line.is_whole and line.n is not None]
    by_method = [_fits_by_method(line) for line in whole]
    needing = [fits for line, fits in zip(whole, by_method, strict=True) if not _fits(line) or not fits]
    against = sum(not fits for fits in needing)
    return against <= max(1, len(needing) // 5)


def _fits(line: AnswerLine) -> bool:
    return line.n is not None and fits_by_rounding(line.percentages, int(line.n.value))


def _fits_by_method(line: AnswerLine) -> bool:
    return line.n is not None and fits_by_largest_remainder(line.percentages, int(line.n.value))


def _judge(line: AnswerLine, *, is_largest_remainder: bool) -> Outcome:
    if not line.is_whole:
        return _judge_several_answers(line)
    if line.n is None:
        if abs(line.total - _WHOLE) <= line.slack:
            return _outcome(line, State.VERIFIED, msg("adds up to {total}%", total=line.total))
        return _outcome(line, State.DISAGREES, _sum_told(line), (msg("one percentage was mistyped or forgotten"),))
    n = int(line.n.value)
    if _fits(line):
        return _outcome(line, State.VERIFIED, msg("possible with {n} answers", n=n))
    if is_largest_remainder and _fits_by_method(line):
        return _outcome(line, State.VERIFIED, msg("possible with {n} answers, rounded so that the line makes 100", n=n))
    return _impossible(line, n)


def _judge_several_answers(line: AnswerLine) -> Outcome:
    """Each percentage by itself, since one person may have given several answers."""
    if line.n is None:
        return _outcome(line, State.NOT_JUDGED, msg("the number of answers is not printed"))
    n = int(line.n.value)
    if all(percentage.counts_of(n) for percentage in line.percentages):
        return _outcome(line, State.VERIFIED, msg("possible with {n} answers", n=n))
    return _impossible(line, n)


def _impossible(line: AnswerLine, n: int) -> Outcome:
    others = tuple(number for number in possible_numbers(line.percentages, _NUMBERS_TOLD) if number != n)
    moved = fits_all_but_one(line.percentages, n) if line.is_whole else None
    gaps = _gaps(line, n, moved)
    told = msg(
        "with {n} answers, these percentages cannot be: {cells}",
        n=n,
        cells=", ".join(gap.measure for gap in gaps) or " + ".join(cell.measure for cell in line.cells),
    )
    if line.is_whole and line.total != _WHOLE:
        told = msg("{first}; {second}", first=told, second=_sum_told(line))
    return _outcome(line, State.DISAGREES, told, _causes(line, moved, others), gaps, others if not moved else ())


def _gaps(line: AnswerLine, n: int, moved: tuple[int, int] | None) -> tuple[CellGap, ...]:
    gaps = []
    for place, (cell, percentage) in enumerate(zip(line.cells, line.percentages, strict=True)):
        if not percentage.counts_of(n):
            is_moved = moved is not None and moved[0] == place
            count = moved[1] if moved and is_moved else round(float(cell.value) * n / 100)
            gaps.append(CellGap(cell.measure, cell.value, printed_share(min(max(count, 0), n), n, cell.decimals)))
    return tuple(gaps)


def _causes(line: AnswerLine, moved: tuple[int, int] | None, others: tuple[int, ...]) -> tuple[Message, ...]:
    if moved:
        cell = line.cells[moved[0]].measure
        return (msg("the percentage of {cell} was adjusted so that the line makes 100", cell=cell),)
    if others:
        numbers = ", ".join(str(number) for number in others)
        return (msg("the line was counted on another number of answers (possible: {numbers})", numbers=numbers),)
    return (msg("a percentage was mistyped, or the number of answers is not that of this line"),)


def _sum_told(line: AnswerLine) -> Message:
    return msg("the line adds up to {total}%, not 100%", total=line.total)


def _outcome(
    line: AnswerLine,
    state: State,
    told: Message,
    causes: tuple[Message, ...] = (),
    cells: tuple[CellGap, ...] = (),
    possible_n: tuple[int, ...] = (),
) -> Outcome:
    return Outcome(
        check=Check.PERCENTAGES,
        state=state,
        place=line.cells[0].place,
        row=line.cells[0].row,
        measure=", ".join(gap.measure for gap in cells) or "%",
        told=told,
        line=line.cells[0].line,
        lines=lines_of([*line.cells, *([line.n] if line.n else [])]),
        printed=cells[0].printed if cells else line.total,
        recomputed=cells[0].nearest if cells else None,
        causes=causes,
        cells=cells,
        possible_n=possible_n,
    )
