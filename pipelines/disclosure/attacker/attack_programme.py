"""One linear or whole-number programme of the attacker's, solved again and again by HiGHS."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from pipelines.disclosure.attacker.attack_model import NO_BOUND, System

Reals = NDArray[np.float64]
_OPTIMAL = highspy.HighsModelStatus.kOptimal
_INFEASIBLE = highspy.HighsModelStatus.kInfeasible
_ENDLESS = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)


class OutOfTime(Exception):
    """The time allowed ended before a proof."""


@dataclass(frozen=True)
class Answer:
    """The least cost, and the point that has it: in floating point, nothing is proved by it.

    `value` is None where the cost has no end, and infinite where the programme has no solution.
    """

    value: float | None
    point: Reals | None

    @property
    def is_impossible(self) -> bool:
        return self.value == math.inf


class Programme:
    """A system of equations, in floating point or in whole numbers, under changing costs and bounds."""

    def __init__(self, system: System, *, is_whole: bool, deadline: float) -> None:
        self._system = system
        self._is_whole = is_whole
        self._deadline = deadline
        self._places = np.arange(system.column_count, dtype=np.int32)
        self._solver = _solver(system, is_whole=is_whole)

    def bound(self, row: int, low: int, high: int) -> None:
        """Other bounds for one row; `high` may be `NO_BOUND`."""
        self._solver.changeRowBounds(row, float(low), highspy.kHighsInf if high == NO_BOUND else float(high))

    def bound_all(self, low: Reals, high: Reals, most: Reals) -> None:
        """Other bounds for all rows, and the most that each column may be; infinite where there is none."""
        rows = np.arange(len(low), dtype=np.int32)
        # The type stubs of HiGHS forget this method.
        self._solver.changeRowsBounds(len(rows), rows, low, high)  # type: ignore[attr-defined]
        self._solver.changeColsBounds(len(self._places), self._places, np.zeros(len(self._places)), most)

    def begin_at_zero(self) -> None:
        """Forget the last solution: the next search starts where every column is zero."""
        basis = highspy.HighsBasis()
        basis.col_status = [highspy.HighsBasisStatus.kLower] * self._system.column_count
        basis.row_status = [highspy.HighsBasisStatus.kBasic] * len(self._system.low)
        basis.valid, basis.alien = True, False
        self._solver.setBasis(basis)

    def release(self, row: int) -> None:
        """The row's own bounds again."""
        self.bound(row, int(self._system.low[row]), int(self._system.high[row]))

    def best(self, costs: Reals) -> Answer:
        """The least cost over all solutions; raises `OutOfTime`."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        # HiGHS compares the limit with all its linear runs together, but with each run in whole numbers alone.
        spent = 0.0 if self._is_whole else self._solver.getRunTime()
        self._solver.setOptionValue("time_limit", spent + left)
        self._solver.changeColsCost(len(self._places), self._places, costs)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in _ENDLESS:
            return Answer(None, None)
        if status == _INFEASIBLE:
            return Answer(math.inf, None)
        if status != _OPTIMAL:
            raise OutOfTime
        point = np.array(self._solver.getSolution().col_value)
        return Answer(self._solver.getInfo().objective_function_value, point)


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
