"""The attacker's verdict on each hidden and each watched cell: the rule is told in `attack.py`."""

from __future__ import annotations

import numpy as np

from pipelines.disclosure.attacker.attack_model import System
from pipelines.disclosure.attacker.attack_programme import OutOfTime
from pipelines.disclosure.attacker.attack_report import Finding, Searched, Verdict
from pipelines.disclosure.attacker.attack_solver import Bounds, Searcher, pattern_of
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet

#: A hidden cell keeps at least so many possible values, unless k alone leaves fewer (disclosure.md, 5.2).
FEWEST_VALUES = 4


class Judge:
    """The verdicts of one universe; cells of the same records are searched once."""

    def __init__(self, published: PublishedSet, searched: Searched, deadline: float, *, exact_ends: bool) -> None:
        self._k = published.k
        self._is_rounded = published.is_rounded
        self._lowest = int(published.zeros_are_published)
        self._system = searched.system
        self._searcher = searched.searcher
        self._deadline = deadline
        self._exact_ends = exact_ends
        self._pattern = pattern_of(searched.system, zeros_are_published=published.zeros_are_published)
        self._lazy_patterns: Searcher | None = None
        self._row_of = _first_rows(searched.system)
        self._judged: dict[int, tuple[Bounds, int, Verdict]] = {}

    def judge_hidden(self, cell: PublishedCell) -> Finding:
        row = self._row_of[self._system.row_of[cell.where]]
        try:
            if row not in self._judged:
                self._judged[row] = self._judge(row)
        except OutOfTime:
            return not_proven(cell)
        bounds, allowed, verdict = self._judged[row]
        return _finding(cell, bounds, allowed, verdict)

    def judge_watched(self, cell: PublishedCell) -> Finding:
        row = self._row_of[self._system.row_of[cell.where]]
        seen = self._searcher.seen(row)
        try:
            is_enough = not self._exact_ends and seen.low != seen.high
            bounds = seen if is_enough else self._searcher.bounds(row)
        except OutOfTime:
            return not_proven(cell)
        is_known = bounds.low == bounds.high and 1 <= bounds.low < self._k
        return _finding(cell, bounds, None, Verdict.IMPLICIT_SMALL if is_known else Verdict.SAFE)

    def _judge(self, row: int) -> tuple[Bounds, int, Verdict]:
        # The small values first: their solutions show, for most cells, all that the verdict asks.
        lowest = self._least(row)
        is_open = all(self._is_possible(row, value) for value in range(lowest, self._k))
        if is_open and self._is_rounded and not self._exact_ends and self._k - lowest >= FEWEST_VALUES:
            return self._searcher.seen(row), lowest, Verdict.SAFE
        bounds = self._bounds(row)
        allowed = lowest if is_open else self._allowed_low(row, bounds)
        return bounds, allowed, self._verdict(row, bounds, allowed)

    def _bounds(self, row: int) -> Bounds:
        """The exact ends, or a highest value met that leaves nothing to ask."""
        low = self._searcher.least(row)
        enough = max(self._k, low + FEWEST_VALUES - 1)
        if not self._exact_ends and self._searcher.reaches(row, enough):
            return Bounds(low, self._searcher.seen(row).high, is_exact=False)
        return Bounds(low, self._searcher.most(row))

    def _allowed_low(self, row: int, bounds: Bounds) -> int:
        """The least value that the zeros alone leave; it is never above `low`, and asked only where it matters."""
        lowest = self._least(row)
        if self._is_rounded or bounds.low <= lowest or bounds.low >= self._k:
            return lowest
        if self._lazy_patterns is None:
            self._lazy_patterns = Searcher(self._pattern, deadline=self._deadline, k=0)
            self._lazy_patterns.start()
        return self._lazy_patterns.least(row)

    def _verdict(self, row: int, bounds: Bounds, allowed_low: int) -> Verdict:
        if self._is_rounded and bounds.high == 0:
            # Nobody is there, and nobody is told of.
            return Verdict.SAFE
        if bounds.low == bounds.high:
            return Verdict.EXACT
        if bounds.low >= self._k:
            return Verdict.LARGE
        required = range(max(self._least(row), allowed_low), self._k)
        is_wide = bounds.high is None or bounds.high - bounds.low + 1 >= FEWEST_VALUES
        # A value between the ends can still be impossible in whole numbers: each is proved.
        if is_wide and bounds.low <= required.start and all(self._is_possible(row, value) for value in required):
            return Verdict.SAFE
        is_small = bounds.high is not None and bounds.high < self._k
        return Verdict.TOO_NARROW if is_small else Verdict.TOO_NARROW_IF_SMALL

    def _least(self, row: int) -> int:
        """The least that the rule leaves: 1 for what is hidden where zeros are published, or rounded like the rest."""
        if self._is_rounded:
            return 1
        return min(self._lowest, int(self._system.low[row]))

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


def _finding(cell: PublishedCell, bounds: Bounds, allowed: int | None, verdict: Verdict) -> Finding:
    return Finding(
        cell.table,
        cell.where,
        bounds.low,
        bounds.high,
        allowed,
        verdict,
        cell.universe,
        are_ends_exact=bounds.is_exact,
    )


def not_proven(cell: PublishedCell) -> Finding:
    """What is said of a cell whose proof did not end in time."""
    return Finding(cell.table, cell.where, None, None, None, Verdict.NOT_PROVEN, cell.universe)
