"""Numbers made from others of the same table: shares beside counts, changes between two years, averages.

What a percentage is of is judged by evidence: a base that gives most lines of a column is the base of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from pipelines.language import Message, msg
from pipelines.quality.audit_percentages import answer_lines, number_of_answers
from pipelines.quality.audit_settings import AuditWords
from pipelines.quality.printed_figure import (
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
    words_of,
)
from pipelines.quality.rounding import Percentage, printed_share


def check_ratios(tables: Tables, words: AuditWords) -> Iterator[Outcome]:
    """One outcome for each percentage that is no part of a line, and for each average."""
    for figures in tables.values():
        rows = rows_of(figures)
        in_lines = {cell for line in answer_lines(figures, words) for cell in line.cells}
        columns: dict[str, list[Figure]] = {}
        for figure in figures:
            if figure.unit != PERCENT and (holds(figure.measure, words.average) or holds(figure.row, words.average)):
                yield _judge_average(figure, figures, rows[figure.row], words)
            elif figure.unit == PERCENT and holds(figure.measure, words.evolution):
                yield _judge_evolution(figure, rows[figure.row], words)
            elif figure.unit == PERCENT and figure not in in_lines:
                columns.setdefault(figure.measure, []).append(figure)
        for shares in columns.values():
            yield from _Shares(figures, shares, words).judge()


_WHOLE = Decimal(100)


@dataclass(frozen=True)
class _Base:
    """What a share may be of: for each line, the count and what it is divided by."""

    is_total: bool
    pairs: Mapping[Figure, tuple[Figure, Figure]]


class _Shares:
    """One column of percentages, with the counts of its table."""

    def __init__(self, figures: Sequence[Figure], shares: Sequence[Figure], words: AuditWords) -> None:
        self.figures = figures
        #: A whole is 100 % of itself: that is judged with the totals.
        self.shares = [share for share in shares if share.part in (Part.PART, Part.FIGURE) or share.value != _WHOLE]
        self.words = words
        self.rows = rows_of(figure for figure in figures if figure.unit != PERCENT and figure.value >= 0)
        parts = [share.value for share in self.shares if share.part is Part.PART]
        self.makes_whole = len(parts) > 1 and sum(parts) == 100

    def judge(self) -> Iterator[Outcome]:
        bases = [base for base in self._bases() if self._is_proved(base)]
        pairs = max(bases, key=self._agreeing).pairs if bases else {}
        for share in self.shares:
            if share in pairs:
                yield self._judge_share(share, *pairs[share])
            elif share.part in (Part.PART, Part.FIGURE):
                yield self._judge_alone(share)

    def _agreeing(self, base: _Base) -> int:
        return sum(self._agrees(share, *pair) for share, pair in base.pairs.items())

    def _is_proved(self, base: _Base) -> bool:
        """A total is the base where half of the lines agree; another column, where all but one of several do."""
        agreeing, lines = self._agreeing(base), len(base.pairs)
        if base.is_total:
            return agreeing >= 1 and 2 * agreeing >= lines
        return agreeing >= 1 and (agreeing == lines or (agreeing > 1 and agreeing >= lines - 1))

    def _bases(self) -> Iterator[_Base]:
        """The total of a column of counts, or another number of the same line."""
        totals = {figure.measure: figure for figure in self.figures if figure.part is Part.TOTAL}
        names = dict.fromkeys(figure.measure for figures in self.rows.values() for figure in figures)
        for name in names:
            if name in totals and totals[name].value > 0:
                parts = [share for share in self.shares if share.part is Part.PART]
                pairs = {share: (count, totals[name]) for share in parts if (count := self._count(share, name))}
                if pairs:
                    yield _Base(is_total=True, pairs=pairs)
        for first, second in permutations(names, 2):
            pairs = {
                share: (count, base)
                for share in self.shares
                if (count := self._count(share, first)) and (base := self._count(share, second)) and base.value > 0
            }
            if pairs:
                yield _Base(is_total=False, pairs=pairs)

    def _count(self, share: Figure, measure: str) -> Figure | None:
        return next((figure for figure in self.rows.get(share.row, ()) if figure.measure == measure), None)

    def _agrees(self, share: Figure, count: Figure, base: Figure) -> bool:
        """A column that makes exactly 100 was rounded as a whole: each share may be rounded either way."""
        gap = abs(Fraction(share.value) - 100 * Fraction(count.value) / Fraction(base.value))
        half = Fraction(share.half_step)
        return gap < 2 * half if self.makes_whole else gap <= half

    def _judge_share(self, share: Figure, count: Figure, base: Figure) -> Outcome:
        seen = [share, count, base]
        if self._agrees(share, count, base):
            told = msg("{count} of {base}", count=count.value, base=base.value)
            return _outcome(Check.SHARE, State.VERIFIED, share, seen, told)
        right = printed_share(Fraction(count.value) / Fraction(base.value), 1, share.decimals)
        told = msg(
            "{printed}% is printed, {count} of {base} is {right}%",
            printed=share.value,
            count=count.value,
            base=base.value,
            right=right,
        )
        causes = (msg("the percentage or one of the two numbers was changed or mistyped"),)
        return _outcome(Check.SHARE, State.DISAGREES, share, seen, told, right, causes)

    def _judge_alone(self, share: Figure) -> Outcome:
        n = number_of_answers(self.figures, share.row, self.words)
        if n is None:
            told = msg("what this percentage is of is not printed")
            return _outcome(Check.SHARE, State.NOT_JUDGED, share, [share], told)
        if Percentage(share.value, share.decimals).counts_of(int(n.value)):
            told = msg("possible with {n} answers", n=int(n.value))
            return _outcome(Check.SHARE, State.VERIFIED, share, [share, n], told)
        nearest = printed_share(round(Fraction(share.value) * int(n.value) / 100), int(n.value), share.decimals)
        told = msg("with {n} answers, {printed}% cannot be", n=int(n.value), printed=share.value)
        causes = (msg("a percentage was mistyped, or the number of answers is not that of this line"),)
        return _outcome(Check.SHARE, State.DISAGREES, share, [share, n], told, nearest, causes)


def _judge_evolution(change: Figure, row: Sequence[Figure], words: AuditWords) -> Outcome:
    counts = [figure for figure in row if figure.unit != PERCENT]
    pairs = [(now, before) for now in counts for before in counts if _is_year_before(before, now, words)]
    pairs = [(now, before) for now, before in pairs if before.value > 0]
    if len(pairs) != 1:
        told = msg("the numbers of the two years are not printed")
        return _outcome(Check.EVOLUTION, State.NOT_JUDGED, change, [change], told)
    now, before = pairs[0]
    exact = 100 * (Fraction(now.value) - Fraction(before.value)) / Fraction(before.value)
    seen = [change, now, before]
    # A fall is often printed without its sign, the word for it being in the label.
    if min(abs(exact - Fraction(change.value)), abs(-exact - Fraction(change.value))) <= Fraction(change.half_step):
        told = msg("from {before} to {now}", before=before.value, now=now.value)
        return _outcome(Check.EVOLUTION, State.VERIFIED, change, seen, told)
    right = printed_share(exact / 100, 1, change.decimals)
    told = msg(
        "{printed}% is printed, from {before} to {now} is {right}%",
        printed=change.value,
        before=before.value,
        now=now.value,
        right=right,
    )
    causes = (_evolution_cause(change, now, before),)
    return _outcome(Check.EVOLUTION, State.DISAGREES, change, seen, told, right, causes)


def _is_year_before(before: Figure, now: Figure, words: AuditWords) -> bool:
    """`shirts_previous_year` beside `shirts`, or the column of an earlier year beside that of a later one."""
    if before.unit != now.unit or before is now:
        return False
    named = [word for word in words_of(before.measure) if word not in (*words.earlier, "annee", "an")]
    is_named = holds(before.measure, words.earlier) and tuple(named) == words_of(now.measure)
    years = [_year(before.measure), _year(now.measure)]
    return is_named or (0 not in years and years[0] < years[1])


def _year(measure: str) -> int:
    return next((int(word) for word in words_of(measure) if len(word) == 4 and word.isdigit()), 0)


def _evolution_cause(change: Figure, now: Figure, before: Figure) -> Message:
    reverse = 100 * abs(Fraction(now.value) - Fraction(before.value)) / Fraction(now.value) if now.value else None
    if reverse is not None and abs(reverse - Fraction(change.value)) <= Fraction(change.half_step):
        return msg("the change was divided by the later year")
    if abs(100 * Fraction(now.value) / Fraction(before.value) - Fraction(change.value)) <= Fraction(change.half_step):
        return msg("the later year was divided by the earlier one, and 100 not taken off")
    return msg("the percentage or one of the two numbers was changed or mistyped")


def _judge_average(mean: Figure, figures: Sequence[Figure], row: Sequence[Figure], words: AuditWords) -> Outcome:
    """An average line is compared with the lines above it, an average column with the other columns of its line."""
    if holds(mean.row, words.average) and not holds(mean.measure, words.average):
        parts = [part for part in figures if (part.measure, part.part) == (mean.measure, Part.PART)]
        parts = [part for part in parts if part.unit == mean.unit and not holds(part.row, words.beside)]
        return _judge_mean_line(mean, parts)
    counts = [figure for figure in row if figure.unit != PERCENT and not holds(figure.measure, words.average)]
    pairs = [(above, below) for above, below in permutations(counts, 2) if below.value > 0]
    fitting = [pair for pair in pairs if _is_ratio(mean, *pair)]
    if fitting:
        told = msg("{above} divided by {below}", above=fitting[0][0].value, below=fitting[0][1].value)
        return _outcome(Check.AVERAGE, State.VERIFIED, mean, [mean, *fitting[0]], told)
    if len(counts) != 2 or not pairs:
        told = msg("what this average is of is not printed")
        return _outcome(Check.AVERAGE, State.NOT_JUDGED, mean, [mean], told)
    above, below = min(pairs, key=lambda pair: abs(pair[0].value / pair[1].value - mean.value))
    right = printed_share(Fraction(above.value) / Fraction(below.value) / 100, 1, mean.decimals)
    return _wrong_average(mean, [mean, above, below], right)


def _is_ratio(mean: Figure, above: Figure, below: Figure) -> bool:
    return abs(Fraction(above.value) / Fraction(below.value) - Fraction(mean.value)) <= Fraction(mean.half_step)


def _judge_mean_line(mean: Figure, parts: Sequence[Figure]) -> Outcome:
    if len(parts) < 2:
        told = msg("what this average is of is not printed")
        return _outcome(Check.AVERAGE, State.NOT_JUDGED, mean, [mean], told)
    values = [part.value for part in parts]
    exact = sum((Fraction(value) for value in values), Fraction(0)) / len(values)
    if abs(exact - Fraction(mean.value)) <= Fraction(mean.half_step):
        told = msg("average of {count} lines", count=len(parts))
        return _outcome(Check.AVERAGE, State.VERIFIED, mean, [mean, *parts], told)
    if min(values) <= mean.value <= max(values):
        told = msg("no plain average of the lines; it may be a weighted one")
        return _outcome(Check.AVERAGE, State.NOT_JUDGED, mean, [mean, *parts], told)
    return _wrong_average(mean, [mean, *parts], printed_share(exact / 100, 1, mean.decimals))


def _wrong_average(mean: Figure, seen: Sequence[Figure], right: Decimal) -> Outcome:
    told = msg("the average printed is {printed}, the numbers give {right}", printed=mean.value, right=right)
    causes = (msg("the average was made from numbers that were changed since, or of other lines"),)
    return _outcome(Check.AVERAGE, State.DISAGREES, mean, seen, told, right, causes)


def _outcome(
    check: Check,
    state: State,
    figure: Figure,
    seen: Sequence[Figure],
    told: Message,
    right: Decimal | None = None,
    causes: tuple[Message, ...] = (),
) -> Outcome:
    cells = (CellGap(figure.measure, figure.value, right),) if state is State.DISAGREES else ()
    return Outcome(
        check=check,
        state=state,
        place=figure.place,
        row=figure.row,
        measure=figure.measure,
        told=told,
        line=figure.line,
        lines=lines_of(dict.fromkeys(seen)),
        printed=figure.value,
        recomputed=right,
        causes=causes,
        cells=cells,
    )
