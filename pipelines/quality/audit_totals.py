"""Parts against totals: what a table printed at its foot, and what its lines add up to.

Which lines make a total is judged by evidence, never by the name of a table: the same column first; else the
columns that detail it (hours -> hours of preparation + hours of animation; persons -> participants + workers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pipelines.language import Message, msg, msg_count
from pipelines.quality.audit_causes import likely_causes
from pipelines.quality.audit_settings import AuditWords
from pipelines.quality.printed_figure import (
    PERCENT,
    Check,
    Figure,
    Outcome,
    Part,
    State,
    Tables,
    agrees,
    holds,
    lines_of,
    total_of,
    words_of,
)

_MOST_COLUMNS = 8
_WHOLE = Decimal(100)
#: Shares that miss 100 by more are rates, each of a whole of its own.
_NEAR = Decimal(10)


def check_totals(tables: Tables, words: AuditWords) -> Iterator[Outcome]:
    """One outcome for each printed total of each table."""
    for figures in tables.values():
        by_column: dict[tuple[str, str], list[Figure]] = {}
        for figure in figures:
            if figure.part in (Part.TOTAL, Part.SUBTOTAL) and _is_sum(figure, words):
                by_column.setdefault((figure.measure, figure.unit), []).append(figure)
        for totals in by_column.values():
            if len(totals) > 1:
                yield from _TotalsOfColumn(figures, totals, words).judge()
            else:
                yield _Total(figures, totals[0], words).judge()


def _is_sum(total: Figure, words: AuditWords) -> bool:
    """Rates, changes and averages of a whole are no sums of those of its parts; shares of it make 100."""
    if total.unit == PERCENT:
        return total.value == _WHOLE and not holds(total.measure, words.evolution)
    return not holds(total.measure, words.average)


class _Total:
    """The one total of a column, with the rest of its table."""

    def __init__(self, figures: Sequence[Figure], total: Figure, words: AuditWords) -> None:
        self.total = total
        self.words = words
        self.figures = figures
        self.parts = [figure for figure in figures if figure.part is Part.PART and figure.unit == total.unit]
        self.own = [part for part in self.parts if part.measure == total.measure and not _is_beside(part, words)]

    def judge(self) -> Outcome:
        if not self.own:
            return self._judge_columns()
        right = total_of(self.own)
        if agrees(self.total, self.own):
            return self._verified(self.own)
        detailed = [*self.own, *self._detailing()]
        if len(detailed) > len(self.own) and agrees(self.total, detailed):
            return self._verified(detailed)
        if self.total.unit == PERCENT and abs(right - _WHOLE) > _NEAR:
            told = msg("these percentages are no shares of one whole")
            return _outcome(self.total, State.NOT_JUDGED, told, self.own, None)
        if (doubt := self._doubt(right)) is not None:
            return _outcome(self.total, State.TO_EXPLAIN, doubt, self.own, right)
        return _disagreement(self.total, self.own, self._elsewhere())

    def _verified(self, parts: Sequence[Figure]) -> Outcome:
        return _outcome(self.total, State.VERIFIED, _sum_told(parts), parts, total_of(parts))

    def _detailing(self) -> list[Figure]:
        """The parts in other columns that detail the total's, none of which has a total of its own."""
        totalled = {figure.measure for figure in self.figures if figure.part is Part.TOTAL}
        name = words_of(self.total.measure)
        is_about_people = holds(self.total.measure, self.words.people)
        return [
            part
            for part in self.parts
            if part.measure not in totalled
            and not _is_beside(part, self.words)
            and (
                words_of(part.measure)[: len(name)] == name
                or (is_about_people and holds(part.measure, self.words.people))
            )
        ]

    def _judge_columns(self) -> Outcome:
        family = self._detailing()
        if family and agrees(self.total, family):
            return self._verified(family)
        for chosen in _some_columns(family or self._others()):
            if agrees(self.total, chosen):
                return self._agrees_with_some(chosen, family)
        if family:
            return _disagreement(self.total, family, self._elsewhere())
        told = msg("no line of the table says what this total is made of")
        return _outcome(self.total, State.NOT_JUDGED, told, [], None)

    def _others(self) -> list[Figure]:
        totalled = {figure.measure for figure in self.figures if figure.part is Part.TOTAL}
        return [part for part in self.parts if part.measure not in totalled and not _is_beside(part, self.words)]

    def _agrees_with_some(self, chosen: Sequence[Figure], family: Sequence[Figure]) -> Outcome:
        """Where the name of the total covers more columns than those that make it, a person must say which."""
        if not family:
            return self._verified(chosen)
        columns = ", ".join(dict.fromkeys(part.measure for part in chosen))
        told = msg("the total agrees with some of its columns only: {columns}", columns=columns)
        return _outcome(self.total, State.TO_EXPLAIN, told, family, total_of(family))

    def _doubt(self, right: Decimal) -> Message | None:
        """A reading of the table by which the total would be right, and that only a person can confirm."""
        printed = self.total.value
        for line, part in enumerate(self.own):
            if right - part.value == printed and (
                holds(part.row, self.words.of_which) or _adds_neighbours(self.own, line)
            ):
                return msg("the total agrees if this line is a part of others: {row}", row=part.row)
        largest = max(part.value for part in self.own)
        if holds(self.total.measure, self.words.distinct) and largest <= printed < right:
            return msg(
                "the parts add up to {right}, the total is {printed}: right only if a person in several lines is "
                "counted once, which a note under the table should say",
                right=right,
                printed=printed,
            )
        return None

    def _elsewhere(self) -> dict[str, Decimal]:
        """The sums of the other columns, one of which may have been copied."""
        columns: dict[str, list[Figure]] = {}
        for figure in self.figures:
            if figure.part is Part.PART and figure.measure != self.total.measure:
                columns.setdefault(figure.measure, []).append(figure)
        return {name: total_of(parts) for name, parts in columns.items() if len(parts) > 1}


class _TotalsOfColumn:
    """Several totals in one column: subtotals of the lines above or below each, then perhaps a grand total."""

    def __init__(self, figures: Sequence[Figure], totals: Sequence[Figure], words: AuditWords) -> None:
        self.totals = totals
        column = (totals[0].measure, totals[0].unit)
        self.column = [
            figure
            for figure in figures
            if (figure.measure, figure.unit) == column
            and figure.part is not Part.FIGURE
            and not _is_beside(figure, words)
        ]

    def judge(self) -> Iterator[Outcome]:
        for total in self.totals:
            choices = [choice for choice in self._choices(self.column.index(total)) if choice]
            if not choices:
                told = msg("no line of the table says what this total is made of")
                yield _outcome(total, State.NOT_JUDGED, told, [], None)
                continue
            agreeing = [choice for choice in choices if agrees(total, choice)]
            if agreeing:
                yield _outcome(total, State.VERIFIED, _sum_told(agreeing[0]), agreeing[0], total.value)
            else:
                nearest = min(choices, key=lambda choice: abs(total_of(choice) - total.value))
                yield _disagreement(total, nearest, {})

    def _choices(self, place: int) -> Iterator[list[Figure]]:
        """What the total may be made of: its block above or below, all the lines, the subtotals and loose lines."""
        above = self.column[:place]
        start = max((index for index, figure in enumerate(above) if figure.part is not Part.PART), default=-1)
        yield above[start + 1 :]
        below = self.column[place + 1 :]
        end = next((index for index, figure in enumerate(below) if figure.part is not Part.PART), len(below))
        yield below[:end]
        yield [figure for figure in self.column if figure.part is Part.PART]
        yield [figure for figure in above if figure.part is not Part.PART] + above[start + 1 :]
        yield [figure for figure in self.column if figure.part is Part.SUBTOTAL and figure is not self.column[place]]


def _is_beside(figure: Figure, words: AuditWords) -> bool:
    return figure.part is Part.PART and (holds(figure.row, words.beside) or holds(figure.measure, words.average))


def _adds_neighbours(parts: Sequence[Figure], line: int) -> bool:
    """Whether a line is the sum of at least two lines just above it, or just below."""
    for step in (-1, 1):
        rest, place = parts[line].value, line + step
        taken = 0
        while 0 <= place < len(parts) and rest > 0:
            rest -= parts[place].value
            place, taken = place + step, taken + 1
        if rest == 0 and taken > 1:
            return True
    return False


def _some_columns(parts: Sequence[Figure]) -> Iterator[list[Figure]]:
    """The parts of every choice of columns, the largest choices first."""
    columns = dict.fromkeys(part.measure for part in parts)
    if len(columns) <= _MOST_COLUMNS:
        for size in range(len(columns), 0, -1):
            for chosen in combinations(columns, size):
                yield [part for part in parts if part.measure in chosen]


def _sum_told(parts: Sequence[Figure]) -> Message:
    columns = ", ".join(dict.fromkeys(part.measure for part in parts))
    return msg_count("one line ({columns})", "sum of {count} lines ({columns})", len(parts), columns=columns)


def _disagreement(total: Figure, parts: Sequence[Figure], elsewhere: dict[str, Decimal]) -> Outcome:
    right = total_of(parts)
    told = msg(
        "the total printed is {printed}, its {count} parts add up to {right} (difference {gap})",
        printed=total.value,
        count=len(parts),
        right=right,
        gap=abs(total.value - right),
    )
    return _outcome(total, State.DISAGREES, told, parts, right, likely_causes(total, parts, elsewhere))


def _outcome(
    total: Figure,
    state: State,
    told: Message,
    parts: Sequence[Figure],
    right: Decimal | None,
    causes: tuple[Message, ...] = (),
) -> Outcome:
    return Outcome(
        check=Check.TOTAL,
        state=state,
        place=total.place,
        row=total.row,
        measure=total.measure,
        told=told,
        line=total.line,
        lines=lines_of([total, *parts]),
        printed=total.value,
        recomputed=right,
        causes=causes,
    )
