"""The same number told twice: the total of a table repeated in a summary, or a label given in two places.

Two labels alike prove nothing by themselves (every table has a line "Preparation"): a line of a table repeats the
total of another table of its section when its label is the name of that table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from pipelines.language import Message, msg
from pipelines.quality.audit_settings import AuditWords
from pipelines.quality.printed_figure import (
    PERCENT,
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
    words_of,
)

_BRACKETS = re.compile(r"\(([^()]*)\)")
#: Small numbers meet by chance: a label alike in part and the same value is evidence from here on.
_TELLING = 10
_MOST_TABLES = 8


def check_repeats(tables: Tables, words: AuditWords) -> Iterator[Outcome]:
    """One outcome for each number that is surely told elsewhere too."""
    heads = _headline_figures(tables)
    for place, figures in tables.items():
        of_report = [head for head in heads if head.place.report == place.report and head.place != place]
        of_section = [head for head in of_report if head.place.section == place.section]
        # A summary of the whole report stands in a section of its own; one among others is about these.
        summary = _Summary(figures, of_section or of_report, words)
        if of_section or summary.is_called_so:
            yield from summary.judge()
    yield from _check_places(tables, words)
    yield from _check_copies(tables)


def _headline_figures(tables: Tables) -> list[Figure]:
    """What a summary would repeat of a table: its totals, or its only line."""
    heads = []
    for figures in tables.values():
        totals = [figure for figure in figures if figure.part is Part.TOTAL]
        heads += totals or (list(figures) if len(rows_of(figures)) == 1 else [])
    return [head for head in heads if head.unit != PERCENT]


class _Summary:
    """A table whose lines may be the totals of other tables of its section."""

    def __init__(self, figures: Sequence[Figure], heads: Sequence[Figure], words: AuditWords) -> None:
        self.lines = [figure for figure in figures if figure.part in (Part.PART, Part.FIGURE)]
        self.heads = heads
        self.words = words
        self.matches = {line: same for line in self.lines if (same := self._named_alike(line))}
        agreeing = sum(any(head.value == line.value for head in same) for line, same in self.matches.items())
        self.is_called_so = any(holds(figure.place.table, words.summary) for figure in figures[:1])
        is_of_section = all(head.place.section == self.lines[0].place.section for head in heads) if self.lines else True
        #: The name says so in its own section, or other lines do repeat totals.
        self.is_summary = agreeing > 1 or (self.is_called_so and is_of_section)

    def judge(self) -> Iterator[Outcome]:
        for line in self.lines:
            if line in self.matches:
                yield self._compare(line, self.matches[line])
            elif same := self._alike_in_part(line) or self._several(line):
                yield _same(line, same)

    def _named_alike(self, line: Figure) -> list[Figure]:
        subject = self.words.subject_of(line.row)
        return [
            head
            for head in self.heads
            if subject
            and (head.measure, head.unit) == (line.measure, line.unit)
            and subject == self.words.subject_of(head.place.table)
        ]

    def _compare(self, line: Figure, same: Sequence[Figure]) -> Outcome:
        agreeing = [head for head in same if head.value == line.value] or self._several(line)
        if agreeing:
            return _same(line, agreeing)
        state = State.DISAGREES if self.is_summary else State.TO_EXPLAIN
        return _different(line, same[0], state)

    def _alike_in_part(self, line: Figure) -> list[Figure]:
        """The same number under a label that shares a word with the name of a table: evidence for, never against."""
        subject = self.words.subject_of(line.row)
        if line.value < _TELLING:
            return []
        return [
            head
            for head in self.heads
            if (head.measure, head.unit, head.value) == (line.measure, line.unit, line.value)
            and subject & self.words.subject_of(head.place.table)
        ][:1]

    def _several(self, line: Figure) -> list[Figure]:
        """The totals of several tables whose names begin with the label, and which add up to the line."""
        subject = self.words.subject_of(line.row)
        family = [
            head
            for head in self.heads
            if subject
            and (head.measure, head.unit) == (line.measure, line.unit)
            and subject < self.words.subject_of(head.place.table)
        ]
        if line.value >= _TELLING and 1 < len(family) <= _MOST_TABLES:
            for size in range(len(family), 1, -1):
                for chosen in combinations(family, size):
                    if total_of(chosen) == line.value:
                        return list(chosen)
        return []


def _check_places(tables: Tables, words: AuditWords) -> Iterator[Outcome]:
    """`Committee (text)` and `Committee (summary)`: one quantity, where the brackets say where it was printed."""
    seen: dict[tuple[str, str, str, str, tuple[str, ...]], Figure] = {}
    for figures in tables.values():
        for figure in figures:
            brackets = _BRACKETS.findall(figure.row)
            if not brackets or not all(_is_place(text, words) for text in brackets):
                continue
            label = words_of(_BRACKETS.sub(" ", figure.row))
            key = (figure.place.report, figure.place.section, figure.measure, figure.unit, label)
            first = seen.setdefault(key, figure)
            if first is not figure:
                is_same = first.value == figure.value
                yield _same(figure, [first]) if is_same else _different(figure, first, State.DISAGREES)


def _is_place(text: str, words: AuditWords) -> bool:
    said = {word for word in words_of(text) if not word.isdigit()}
    return bool(said & {*words.places}) and said <= {*words.places, *words.empty, "p"}


def _check_copies(tables: Tables) -> Iterator[Outcome]:
    """The same line and column twice in one table; parts may be two lines with the same label."""
    for figures in tables.values():
        seen: dict[tuple[str, str, str], Figure] = {}
        for figure in figures:
            if figure.part is Part.FIGURE:
                first = seen.setdefault((figure.row, figure.measure, figure.unit), figure)
                if first is not figure:
                    is_same = first.value == figure.value
                    yield _same(figure, [first]) if is_same else _different(figure, first, State.DISAGREES)


def _same(line: Figure, same: Sequence[Figure]) -> Outcome:
    names = ", ".join(dict.fromkeys(f"{head.place.table} / {head.row}" for head in same))
    return _outcome(line, same, State.VERIFIED, msg("the same as {names}", names=names))


def _different(line: Figure, other: Figure, state: State) -> Outcome:
    told = msg(
        "{printed} is printed here, and {other} in {name}",
        printed=line.value,
        other=other.value,
        name=f"{other.place.table} / {other.row}",
    )
    return _outcome(line, [other], state, told, other.value, _causes(line, other))


def _causes(line: Figure, other: Figure) -> tuple[Message, ...]:
    if sorted(str(line.value.normalize())) == sorted(str(other.value.normalize())):
        return (msg("two digits changed places when the number was copied"),)
    return (msg("one of the two was corrected and the other was not, or they count different things"),)


def _outcome(
    line: Figure,
    others: Sequence[Figure],
    state: State,
    told: Message,
    right: Decimal | None = None,
    causes: tuple[Message, ...] = (),
) -> Outcome:
    return Outcome(
        check=Check.TWICE,
        state=state,
        place=line.place,
        row=line.row,
        measure=line.measure,
        told=told,
        line=line.line,
        lines=lines_of([line, *others]),
        printed=line.value,
        recomputed=line.value if right is None else right,
        causes=causes,
    )
