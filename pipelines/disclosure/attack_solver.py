"""Lowest and highest whole values of a cell, each proved by a set of counts that anybody can add up.

The solver works in floating point and is only trusted to search: a value counts as possible when the
whole numbers behind it, checked in exact arithmetic, give what was published. A solver's slip can make
an interval look narrower than it is, and no small value look possible that is not. That a value is
impossible, or that a cell has no highest one, rests on the solver alone.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from pipelines.disclosure.attack_model import NO_BOUND, Ints, System

#: How far the solver's numbers may be from the whole number that they stand for.
_TOLERANCE = 1e-6
_LEAST, _MOST = 1, -1
#: How many corners are tried before the slower search in whole numbers.
_CORNERS = 10


class Contradiction(Exception):
    """No set of records gives what was published."""


class OutOfTime(Exception):
    """The time allowed ended before a proof."""


@dataclass(frozen=True)
class Bounds:
    """The whole values of a cell that a proof stands behind; `high` is None without end."""

    low: int
    high: int | None


@dataclass(frozen=True)
class _Answer:
    value: float | None
    point: Ints | None


class Searcher:
    """One system of equations, and everything that is known of its solutions."""

    def __init__(self, system: System, *, deadline: float, k: int) -> None:
        """`deadline` is a moment of `time.monotonic()`; values from 0 to `k` are noted as they are met."""
        self._system = system
        self._deadline = deadline
        self._k = k
        self._linear = _solver(system, is_whole=False)
        self._whole = _solver(system, is_whole=True)
        self._met: dict[int, set[int]] = {row: set() for row in system.row_of.values()}
        self._no_costs = np.zeros(system.column_count)
        self._ends: dict[int, list[int]] = {}
        self._rows = np.array(sorted(self._met), dtype=np.int64)

    def start(self) -> None:
        """Find one solution; raises `Contradiction` if there is none."""
        if self._system.column_count == 0:
            self._note(np.zeros(0, dtype=np.int64))
        elif self._best(self._whole, self._no_costs).point is None:
            raise Contradiction

    def bounds(self, row: int) -> Bounds:
        """The lowest and highest whole value of a row; raises `OutOfTime`."""
        low = self._extreme(row, _LEAST)
        if low is None:
            raise AssertionError("a count has no lowest value")
        return Bounds(low, self._extreme(row, _MOST))

    def least(self, row: int) -> int:
        """The lowest whole value of a row; raises `OutOfTime`."""
        low = self._extreme(row, _LEAST)
        if low is None:
            raise AssertionError("a count has no lowest value")
        return low

    def is_possible(self, row: int, value: int) -> bool:
        """Whether some set of records that gives what was published has this value; raises `OutOfTime`."""
        return value in self._met[row] or self._solve_at(row, value)

    def _extreme(self, row: int, sense: int) -> int | None:
        costs = np.zeros(self._system.column_count)
        entries = slice(self._system.starts[row], self._system.starts[row + 1])
        costs[self._system.columns[entries]] = sense * self._system.weights[entries]
        if not costs.any():
            return 0
        if sense == _LEAST and self._ends[row][0] == self._system.low[row]:
            return self._ends[row][0]
        answer = self._best(self._linear, costs)
        if answer.value is None:
            return None
        if not math.isfinite(answer.value):
            # A solution is known: a solver that finds none has proved nothing.
            raise OutOfTime
        nearest = sense * math.ceil(answer.value - _TOLERANCE)
        # The corner that the linear bound was read at need not be a set of records: another point can be.
        if nearest in self._ends[row] or self._solve_at(row, nearest):
            return nearest
        answer = self._best(self._whole, costs)
        if answer.point is None:
            raise OutOfTime
        return self._value(answer.point, row)

    def _solve_at(self, row: int, value: int) -> bool:
        """Whether a solution with this value of the row was found."""
        before = (int(self._system.low[row]), int(self._system.high[row]))
        solvers = (self._linear, self._whole)
        for solver in solvers:
            _bound(solver, row, value, value)
        try:
            return self._has_corner(row, value) or self._is_at(self._best(self._whole, self._no_costs), row, value)
        finally:
            for solver in solvers:
                _bound(solver, row, *before)

    def _has_corner(self, row: int, value: int) -> bool:
        """Whether one of a few corners is a set of records: most are, and a corner is quick to reach."""
        chance = np.random.default_rng(0)
        tries = (self._best(self._linear, chance.random(self._system.column_count)) for _ in range(_CORNERS))
        return any(self._is_at(answer, row, value) for answer in tries)

    def _is_at(self, answer: _Answer, row: int, value: int) -> bool:
        """Whether a point is a solution with this value: a corner of halves can be rounded to another one."""
        return answer.point is not None and self._value(answer.point, row) == value

    def _value(self, point: Ints, row: int) -> int:
        entries = slice(self._system.starts[row], self._system.starts[row + 1])
        return int((self._system.weights[entries] * point[self._system.columns[entries]]).sum())

    def _best(self, solver: highspy.Highs, costs: NDArray[np.float64]) -> _Answer:
        """The least cost and the whole point that has it; a cost without end has neither."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        # HiGHS compares the limit with all its linear runs together, but with each run in whole numbers alone.
        spent = solver.getRunTime() if solver is self._linear else 0.0
        solver.setOptionValue("time_limit", spent + left)
        places = np.arange(self._system.column_count, dtype=np.int32)
        solver.changeColsCost(len(places), places, costs)
        solver.run()
        status = solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return _Answer(None, None)
        if status == highspy.HighsModelStatus.kInfeasible:
            return _Answer(math.inf, None)
        if status != highspy.HighsModelStatus.kOptimal:
            raise OutOfTime
        point = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
        return _Answer(solver.getInfo().objective_function_value, self._note(point))

    def _note(self, point: Ints) -> Ints | None:
        """Remember the values that a true solution gives to every cell; anything else is thrown away."""
        if not self._system.is_solved_by(point):
            return None
        totals = self._system.totals(point)[self._rows]
        for row, value in zip(self._rows.tolist(), totals.tolist(), strict=True):
            if value <= self._k:
                self._met[row].add(value)
            ends = self._ends.setdefault(row, [value, value])
            ends[:] = min(ends[0], value), max(ends[1], value)
        return point


def pattern_of(system: System, *, zeros_are_published: bool) -> System:
    """What the published zeros alone say: every other published cell may be any number, from 1 up."""
    low, high = system.low.copy(), system.high.copy()
    is_empty = high[system.published] == 0
    high[system.published] = np.where(is_empty, 0, NO_BOUND)
    low[system.published] = np.where(is_empty, 0, int(zeros_are_published))
    return replace(system, low=low, high=high)


def _solver(system: System, *, is_whole: bool) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    # One thread and one seed: the same files give the same answer.
    options = {"output_flag": False, "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.0}
    for name, value in options.items():
        solver.setOptionValue(name, value)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = system.column_count, len(system.low)
    model.col_cost_ = np.zeros(system.column_count)
    model.col_lower_ = np.zeros(system.column_count)
    model.col_upper_ = np.full(system.column_count, highspy.kHighsInf)
    model.row_lower_ = system.low.astype(np.float64)
    model.row_upper_ = np.where(system.high == NO_BOUND, highspy.kHighsInf, system.high.astype(np.float64))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = system.starts.astype(np.int32)
    model.a_matrix_.index_ = system.columns.astype(np.int32)
    model.a_matrix_.value_ = system.weights.astype(np.float64)
    if is_whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * system.column_count
    solver.passModel(model)
    return solver


def _bound(solver: highspy.Highs, row: int, low: int, high: int) -> None:
    solver.changeRowBounds(row, float(low), highspy.kHighsInf if high == NO_BOUND else float(high))
