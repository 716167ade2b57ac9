"""Why a choice of hidden cells is not enough: the attacker's programme for each end, and the cut that its duals give.

A cut says: of these rows, hide enough that their coefficients add up to one, or this small cell does
not reach this end. It holds for every choice that is good, so what the cuts ask together bounds the
least number of cells from below (Fischetti and Salazar's method).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from pipelines.disclosure.method.least_parts import Booleans, Integers, Part, Reals
from pipelines.disclosure.method.secondary import Requirements

TOLERANCE = 1e-6
#: A dual below this is noise of the solver; leaving it out only makes a cut ask for less.
_NOISE = 1e-9


class OutOfTime(Exception):
    """The deadline is past, or the solver gave up: what is known so far is the answer."""


@dataclass(frozen=True)
class End:
    """One end of what a small cell must be able to be: its row, up (1) or down (-1), and how far."""

    row: int
    direction: int
    distance: float


@dataclass(frozen=True)
class Cut:
    """At least one, of the coefficients of the rows that are hidden; each above 0 and at most 1."""

    rows: tuple[int, ...]
    coefficients: tuple[float, ...]

    def sum_of(self, shares: Reals) -> float:
        """What these shares give of the one that is needed."""
        return float(np.array(self.coefficients) @ shares[list(self.rows)])


@dataclass(frozen=True)
class Reach:
    """How far a cell goes, the change of every row that takes it there, and a cut where that is not far enough."""

    distance: float
    is_enough: bool
    changes: Reals
    cut: Cut | None


class Attacker:
    """The programme of one part, solved again and again with other bounds and ends.

    A choice gives each row a share from 0 (shown) to 1 (hidden); a row that is hidden in part can
    change in part, which is what makes cuts before any whole choice is known.
    """

    def __init__(self, part: Part, deadline: float) -> None:
        self._part = part
        self._deadline = deadline
        self._matrix = sparse.vstack([part.incidence, part.ties]).tocsr()
        self._turned = sparse.csr_array(self._matrix.T)
        self._count = len(part.falls)
        self._all = np.arange(self._matrix.shape[0], dtype=np.int32)
        self._moved: tuple[int, ...] = ()
        self._lower = np.concatenate([np.zeros(self._count), part.tie_low])
        self._upper = np.concatenate([np.zeros(self._count), part.tie_high])
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        # Primal simplex: the true counts are within the bounds, and an end is a few steps from them. The dual
        # method, or another end's basis, takes ten times as long.
        options: dict[str, Any] = {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "presolve": "off",
            "simplex_strategy": 4,
        }
        for option, value in options.items():
            self._solver.setOptionValue(option, value)
        self._pass()

    def _pass(self) -> None:
        programme = highspy.HighsLp()
        rows, columns = self._matrix.shape
        programme.num_col_, programme.num_row_ = columns, rows
        programme.col_cost_ = np.zeros(columns)
        programme.col_lower_ = -self._part.unknowns
        programme.col_upper_ = np.full(columns, highspy.kHighsInf)
        programme.row_lower_, programme.row_upper_ = self._lower, self._upper
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = self._matrix.indptr
        programme.a_matrix_.index_ = self._matrix.indices
        programme.a_matrix_.value_ = self._matrix.data.astype(float)
        self._solver.passModel(programme)

    def _limits(self, shares: Reals, distance: float) -> tuple[Reals, Reals]:
        """How far each row can fall and rise under these shares, on the way to an end at this distance."""
        # Where cells lie in one two-way table, nothing need change by more than the small cell does; elsewhere
        # this only makes the search for a cut more careful: the cut itself is worked out with no such limit.
        rises = np.where(shares > 1 - TOLERANCE, np.inf, distance * shares)
        return self._part.falls * shares, rises

    def reach(self, end: End, shares: Reals) -> Reach:
        """The furthest that the end's cell goes its way, up to its distance."""
        falls, rises = self._limits(shares, end.distance)
        self._lower[: self._count], self._upper[: self._count] = -falls, rises
        self._cap(end, falls, rises)
        self._solver.changeRowsBounds(len(self._all), self._all, self._lower, self._upper)
        self._aim(end)
        self._run()
        solution = self._solver.getSolution()
        changes = self._part.incidence @ np.array(solution.col_value)
        distance = float(end.direction * changes[end.row])
        if distance >= end.distance - TOLERANCE:
            return Reach(distance, True, changes, None)
        return Reach(distance, False, changes, self._cut(end, -np.array(solution.row_dual)))

    def _run(self) -> None:
        if time.monotonic() > self._deadline:
            raise OutOfTime
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            # The start left by another end led astray: once more, from nothing.
            self._solver.clearSolver()
            self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise OutOfTime

    def _cap(self, end: End, falls: Reals, rises: Reals) -> None:
        if end.direction > 0:
            self._upper[end.row] = min(rises[end.row], end.distance)
        else:
            self._lower[end.row] = -min(falls[end.row], end.distance)

    def _aim(self, end: End) -> None:
        matrix = self._part.incidence
        if self._moved:
            old = np.array(self._moved, dtype=np.int32)
            self._solver.changeColsCost(len(old), old, np.zeros(len(old)))
        members = matrix.indices[matrix.indptr[end.row] : matrix.indptr[end.row + 1]].astype(np.int32)
        self._solver.changeColsCost(len(members), members, np.full(len(members), -float(end.direction)))
        self._moved = tuple(members.tolist())

    def _cut(self, end: End, prices: Reals) -> Cut | None:
        """What the prices of the rows prove: a bound on the end's change for any choice, so a need of any good one."""
        prices = np.where(np.abs(prices) < _NOISE, 0.0, prices)
        goal = np.zeros(self._matrix.shape[1])
        goal[list(self._moved)] = end.direction
        rest = goal - self._turned @ prices
        # Unknowns can fall by their count only, and rise without end: a gain per rise would prove nothing.
        if rest.max(initial=0.0) > 1e-7:
            return None
        ties = prices[self._count :]
        known = float(-np.minimum(rest, 0.0) @ self._part.unknowns)
        limits = np.where(ties > 0, self._part.tie_high, self._part.tie_low)
        known += float(np.sum(ties[ties != 0] * limits[ties != 0]))
        rows = prices[: self._count]
        falls = self._part.falls.copy()
        if end.direction < 0:
            falls[end.row] = min(falls[end.row], end.distance)
        given = np.where(rows < 0, -rows * falls, 0.0)
        rising = rows > 0
        if end.direction > 0 and rising[end.row]:
            given[end.row], rising[end.row] = rows[end.row] * end.distance, False
        if bool(np.any(rising & self._part.is_open)):
            return None
        need = end.distance - known - float(given[self._part.is_open].sum())
        return self._clip(np.where(rising, np.inf, given), need)

    def _clip(self, given: Reals, need: float) -> Cut | None:
        if need <= 1e-5:
            return None
        choices = np.flatnonzero((self._part.costs > 0) & (given > _NOISE))
        # A row that gives more than is needed gives enough. Rounded up: what the solver leaves out is not asked.
        shares = np.minimum(given[choices] / need * (1 + 1e-7) + 1e-9, 1.0)
        return Cut(tuple(choices.tolist()), tuple(shares.tolist()))


class Witnesses:
    """For each end the last changes that reached it: while they are possible no programme need be solved."""

    def __init__(self, part: Part, ends: Sequence[End]) -> None:
        self._falls = part.falls
        self._distances = np.array([end.distance for end in ends])
        # Not a number is within no limits: nothing is known yet.
        self._changes = np.full((len(ends), len(part.falls)), np.nan)

    def keep(self, place: int, changes: Reals) -> None:
        """These changes reach the end at this place."""
        self._changes[place] = changes

    def standing(self, shares: Reals) -> Booleans:
        """The ends that their last changes still reach under these shares."""
        rises = np.where(shares > 1 - TOLERANCE, np.inf, np.outer(self._distances, shares))
        is_within = (self._changes >= -self._falls * shares - TOLERANCE) & (self._changes <= rises + TOLERANCE)
        return np.asarray(is_within.all(axis=1))


def required_ends(part: Part, attacker: Attacker, needs: Requirements, counts: Integers) -> list[End]:
    """The ends that each small cell must reach, as far as they are possible with all hidden that can be."""
    everything = np.where(part.is_open | (part.costs > 0), 1.0, 0.0)
    furthest: dict[tuple[int, int], float] = {}
    for cell, row in zip(part.cells.tolist(), part.rows.tolist(), strict=True):
        if not needs.small[cell]:
            continue
        count, low, high = (int(figures[cell]) for figures in (counts, needs.low, needs.high))
        lowest = count - _possible(attacker, row, -1, count - low, everything) if low < count else low
        highest = max(high, lowest + needs.values - 1)
        for direction, distance in ((-1, count - lowest), (1, highest - count)):
            reached = _possible(attacker, row, direction, distance, everything) if distance > 0 else 0
            furthest[row, direction] = max(reached, furthest.get((row, direction), 0))
    return [End(row, way, float(distance)) for (row, way), distance in furthest.items() if distance > 0]


def _possible(attacker: Attacker, row: int, direction: int, distance: int, everything: Reals) -> int:
    reach = attacker.reach(End(row, direction, float(distance)), everything)
    return int(np.floor(reach.distance + TOLERANCE))
