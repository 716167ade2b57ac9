"""The attacker: from published cells alone, what can be deduced of every hidden one.

This code shares nothing with the method that chose what to hide: it is the gate that distrusts it.

It does not know which hidden cells are small, so it judges all of them alike. A hidden cell is safe when
everything that the rule and the published zeros leave possible stays possible: all of 1..k-1 (0..k-1
where zeros are hidden too), those aside that the zeros alone exclude, and at least four values in all
(the safety level S1). The published zeros alone put no end to a cell (twice the records give the same
zeros), so they only exclude values below some `allowed_low`. A hidden cell that is surely k or more was
not hidden because it is small, and knowing so harms nobody; known exactly, it is refused all the same,
for it may be hidden for another reason. A proof that does not end in time counts as a danger.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipelines.disclosure.attack_cliques import TooManyUnknowns
from pipelines.disclosure.attack_differences import small_differences
from pipelines.disclosure.attack_model import System, build_system
from pipelines.disclosure.attack_solver import Bounds, Contradiction, OutOfTime, Searcher, pattern_of
from pipelines.disclosure.published import PublishedCell, PublishedSet, Where
from pipelines.errors import InputRefused
from pipelines.language import msg

#: Beyond so many unknowns in one clique of dimensions the attack is not tried: nothing is proved then.
MOST_UNKNOWNS = 400_000
#: A hidden cell keeps at least so many possible values, unless k alone leaves fewer (disclosure.md, 5.2).
FEWEST_VALUES = 4


class Verdict(StrEnum):
    """What the attacker says of a cell; all but the first two are refused."""

    SAFE = "safe"
    #: Surely k or more.
    LARGE = "large"
    #: A shown cell that the rule hides.
    SHOWN_SMALL = "shown_small"
    #: One possible value.
    EXACT = "exact"
    #: Surely below k, and some small value is excluded.
    TOO_NARROW = "too_narrow"
    #: Some small value is excluded, and k or more is possible: a danger if the cell is small.
    TOO_NARROW_IF_SMALL = "too_narrow_if_small"
    #: A group that no table publishes, known to be 1..k-1.
    IMPLICIT_SMALL = "implicit_small"
    #: The attack did not end in time.
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True)
class Finding:
    """What is known of one group of records: `low` to `high`, both included, None without end or not proven.

    `allowed_low`: what the published zeros alone leave, where it matters. `minus`: the group taken away
    from `where`, for a difference of two shown cells.
    """

    table: str
    where: Where
    low: int | None
    high: int | None
    allowed_low: int | None
    verdict: Verdict
    universe: str = ""
    minus: Where | None = None

    @property
    def is_safe(self) -> bool:
        return self.verdict in (Verdict.SAFE, Verdict.LARGE)


@dataclass(frozen=True)
class AttackReport:
    """One finding for each hidden and each watched cell, and one for each shown number that betrays a group."""

    findings: tuple[Finding, ...]
    k: int

    @property
    def unsafe(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_safe)

    @property
    def is_safe(self) -> bool:
        return not self.unsafe

    @property
    def proved(self) -> tuple[Finding, ...]:
        """What a stranger is sure of, who does not know which hidden cells are small."""
        return tuple(
            finding
            for finding in self.unsafe
            if finding.verdict is not Verdict.TOO_NARROW_IF_SMALL
            and (finding.verdict is not Verdict.EXACT or (finding.high or 0) < self.k)
        )

    @property
    def hides_smallness(self) -> bool:
        """Whether nobody can prove of any hidden cell that it is below k (the level S2)."""
        return self.is_safe and all(finding.high is None or finding.high >= self.k for finding in self.findings)

    def unsafe_given(self, small: Collection[tuple[str, Where]]) -> tuple[Finding, ...]:
        """What is refused once the true small cells, as (universe, where), are known: for who holds the counts.

        A cell that is not small and not known to be small needs no interval.
        """
        lenient = (Verdict.EXACT, Verdict.TOO_NARROW_IF_SMALL)
        return tuple(
            finding
            for finding in self.unsafe
            if finding.verdict not in lenient or (finding.universe, finding.where) in small
        )


def attack(published: PublishedSet, *, time_limit_s: float) -> AttackReport:
    """The interval of every hidden cell, as someone finds it who has all that was published.

    Raises `InputRefused` if no set of records at all gives these cells: a file was altered, or two
    releases are not about the same records.
    """
    deadline = time.monotonic() + time_limit_s
    findings: list[Finding] = []
    for universe in published.universes:
        findings += _shown_small(published, universe)
        findings += (
            Finding(whole.table, whole.where, value, value, None, Verdict.IMPLICIT_SMALL, universe, part.where)
            for whole, part, value in small_differences(published, universe)
        )
        findings += _attack_universe(published, universe, deadline)
    return AttackReport(tuple(findings), published.k)


def _shown_small(published: PublishedSet, universe: str) -> Iterator[Finding]:
    lowest = 1 if published.zeros_are_published else 0
    for cell in published.cells:
        if cell.universe != universe or cell.value is None or cell.is_certain_zero:
            continue
        if lowest <= cell.value < published.k:
            yield Finding(cell.table, cell.where, cell.value, cell.value, None, Verdict.SHOWN_SMALL, universe)


def _attack_universe(published: PublishedSet, universe: str, deadline: float) -> list[Finding]:
    hidden = [cell for cell in published.cells if cell.universe == universe and cell.value is None]
    watched = [cell for cell in published.watched if cell.universe == universe]
    try:
        system = build_system(published, universe, MOST_UNKNOWNS)
        searcher = Searcher(system, deadline=deadline, k=max(published.k, FEWEST_VALUES))
        searcher.start()
        judge = _Judge(published, system, searcher, deadline)
    except (TooManyUnknowns, OutOfTime):
        return [_not_proven(cell) for cell in (*hidden, *watched)]
    except Contradiction:
        raise _contradictory(hidden or list(published.cells)) from None
    return [*map(judge.judge_hidden, hidden), *map(judge.judge_watched, watched)]


class _Judge:
    """The verdicts of one universe; cells of the same records are searched once."""

    def __init__(self, published: PublishedSet, system: System, searcher: Searcher, deadline: float) -> None:
        self._k = published.k
        self._lowest = int(published.zeros_are_published)
        self._system = system
        self._searcher = searcher
        pattern = pattern_of(system, zeros_are_published=published.zeros_are_published)
        self._pattern = Searcher(pattern, deadline=deadline, k=0)
        self._pattern.start()
        self._row_of = _first_rows(system)
        self._bounds: dict[int, Bounds] = {}

    def judge_hidden(self, cell: PublishedCell) -> Finding:
        row = self._row_of[self._system.row_of[cell.where]]
        try:
            bounds = self._bounds_of(row)
            allowed = self._allowed_low(row, bounds)
            verdict = self._verdict(row, bounds, allowed)
        except OutOfTime:
            return _not_proven(cell)
        return Finding(cell.table, cell.where, bounds.low, bounds.high, allowed, verdict, cell.universe)

    def judge_watched(self, cell: PublishedCell) -> Finding:
        row = self._row_of[self._system.row_of[cell.where]]
        try:
            bounds = self._bounds_of(row)
        except OutOfTime:
            return _not_proven(cell)
        is_known = bounds.low == bounds.high and 1 <= bounds.low < self._k
        verdict = Verdict.IMPLICIT_SMALL if is_known else Verdict.SAFE
        return Finding(cell.table, cell.where, bounds.low, bounds.high, None, verdict, cell.universe)

    def _bounds_of(self, row: int) -> Bounds:
        if row not in self._bounds:
            self._bounds[row] = self._searcher.bounds(row)
        return self._bounds[row]

    def _allowed_low(self, row: int, bounds: Bounds) -> int:
        """The least value that the zeros alone leave; it is never above `low`, and asked only where it matters."""
        if bounds.low <= self._lowest or bounds.low >= self._k:
            return self._lowest
        return self._pattern.least(row)

    def _verdict(self, row: int, bounds: Bounds, allowed_low: int) -> Verdict:
        if bounds.low == bounds.high:
            return Verdict.EXACT
        if bounds.low >= self._k:
            return Verdict.LARGE
        required = range(max(self._lowest, allowed_low), self._k)
        is_wide = bounds.high is None or bounds.high - bounds.low + 1 >= FEWEST_VALUES
        # A value between the ends can still be impossible in whole numbers: each is proved.
        if is_wide and bounds.low <= required.start and all(self._is_possible(row, value) for value in required):
            return Verdict.SAFE
        is_small = bounds.high is not None and bounds.high < self._k
        return Verdict.TOO_NARROW if is_small else Verdict.TOO_NARROW_IF_SMALL

    def _is_possible(self, row: int, value: int) -> bool:
        return self._searcher.is_possible(row, value)


def _first_rows(system: System) -> dict[int, int]:
    """For each row of a group, the first row of the same unknowns and bounds: one group under several names."""
    first: dict[bytes, int] = {}
    same: dict[int, int] = {}
    for row in system.row_of.values():
        entries = slice(system.starts[row], system.starts[row + 1])
        bounds = np.array([system.low[row], system.high[row]])
        key = b"|".join(part.tobytes() for part in (system.columns[entries], system.weights[entries], bounds))
        same[row] = first.setdefault(key, row)
    return same


def _not_proven(cell: PublishedCell) -> Finding:
    return Finding(cell.table, cell.where, None, None, None, Verdict.NOT_PROVEN, cell.universe)


def _contradictory(cells: list[PublishedCell]) -> InputRefused:
    return InputRefused(
        msg("The published cells contradict each other"),
        where=msg("in the tables {tables}", tables=", ".join(sorted({cell.table for cell in cells}))),
        why=msg("no set of records gives them all: a file was changed, or they are not about the same records"),
        to_do=msg("Make the release again, and attack together only what is about the same records"),
    )
