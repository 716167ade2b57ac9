"""Complementary suppression: which further cells to hide so that no hidden small cell can be narrowed.

For each small cell, and each end of the interval that it must keep, a linear programme looks for
another set of counts that gives the same published tables and puts the cell at that end; whatever
published cell such a set has to change is hidden. A second pass shows again every cell that no end
needs. The alternative sets are kept: they are the reason why a cell is hidden.

This is the search, not the guarantee: bounds here are linear, and what it returns is attacked by
independent code before anything is written (disclosure.md, section 4).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from pipelines.disclosure.linked_tables import LinkedTables

_TOLERANCE = 1e-6
_NO_LIMIT = highspy.kHighsInf
Booleans = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]


class NotReachedInTime(Exception):
    """The search did not end within its time: nothing may be published of these tables."""


@dataclass(frozen=True)
class Requirements:
    """What the published tables must keep open.

    `small[cell]`: the cells to protect, of which every count from `low` to `high` must stay possible, as
    far as it is with everything hidden that can be. `fixed`: cells that cannot be hidden: zeros that
    are published, and what is already out.
    """

    small: Booleans
    low: int
    high: int
    fixed: Booleans
    #: The least that a hidden cell can be, as everyone knows: 1 where zeros are published.
    least: int
    #: How many values at least each must keep, where the zeros exclude the lowest ones.
    values: int


@dataclass(frozen=True)
class Suppression:
    """What to hide, small cells included, and how many programmes it took to know."""

    hidden: Booleans
    programmes: int


def suppress(
    linked: LinkedTables, requirements: Requirements, hidden_before: Booleans, *, deadline: float
) -> Suppression:
    """Hide the small cells, what was hidden before, and as few others as the search finds.

    The same input gives the same cells. `deadline` is on the monotonic clock; past it `NotReachedInTime`
    is raised.
    """
    search = _Search(linked, requirements, requirements.small | hidden_before, deadline)
    search.hide_what_is_needed()
    search.show_what_is_not()
    return Suppression(search.hidden, search.programmes)


class _Model:
    """One programme, solved again and again with other bounds and costs.

    Its variables are the change of each inner cell, then the rise and the fall of each cell.
    """

    def __init__(self, linked: LinkedTables, fixed: Booleans, least: int) -> None:
        self._cells, self._inner = linked.incidence.shape
        self._falls = np.where(fixed, 0.0, np.maximum(linked.counts - least, 0)).astype(float)
        self._rises = np.where(fixed, 0.0, _NO_LIMIT)
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self._solver.setOptionValue(option, value)
        self._pass(linked)

    def _pass(self, linked: LinkedTables) -> None:
        programme = highspy.HighsLp()
        programme.num_col_ = self._inner + 2 * self._cells
        programme.num_row_ = self._cells
        programme.col_cost_ = np.zeros(programme.num_col_)
        programme.col_lower_ = np.concatenate([-linked.inner_counts.astype(float), np.zeros(2 * self._cells)])
        programme.col_upper_ = np.concatenate([np.full(self._inner, _NO_LIMIT), self._rises, self._falls])
        programme.row_lower_ = np.zeros(self._cells)
        programme.row_upper_ = np.zeros(self._cells)
        starts, indices, values = [0], [], []
        for cell in range(self._cells):
            members = np.flatnonzero(linked.incidence[cell])
            indices += [*members, self._inner + cell, self._inner + self._cells + cell]
            values += [1.0] * len(members) + [-1.0, 1.0]
            starts.append(len(indices))
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.array(starts)
        programme.a_matrix_.index_ = np.array(indices)
        programme.a_matrix_.value_ = np.array(values)
        self._solver.passModel(programme)

    def allow(self, cells: Booleans) -> None:
        """Let exactly these cells change."""
        for cell in range(self._cells):
            self._bound(cell, self._rises[cell] if cells[cell] else 0.0, self._falls[cell] if cells[cell] else 0.0)

    def forbid(self, cell: int) -> None:
        self._bound(cell, 0.0, 0.0)

    def permit(self, cell: int) -> None:
        self._bound(cell, self._rises[cell], self._falls[cell])

    def charge(self, cell: int, cost: float) -> None:
        """The price of changing the cell by one."""
        for column in self._columns(cell):
            self._solver.changeColCost(column, cost)

    def reach(self, cell: int, change: float) -> Reals | None:
        """The cheapest change of the inner cells that moves the cell so; None if there is none."""
        rise, fall = max(change, 0.0), max(-change, 0.0)
        if rise > self._rises[cell] or fall > self._falls[cell] + _TOLERANCE:
            return None
        upper = [self._solver.getCol(column)[3] for column in self._columns(cell)]
        self._set(cell, (rise, rise), (fall, fall))
        self._solver.run()
        solved = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        values = np.array(self._solver.getSolution().col_value) if solved else None
        self._set(cell, (0.0, upper[0]), (0.0, upper[1]))
        return values

    def changed(self, values: Reals) -> Booleans:
        """The cells that a solution changes."""
        moves = values[self._inner :].reshape(2, self._cells).sum(axis=0)
        return np.asarray(moves > _TOLERANCE)

    def furthest(self, cell: int, wanted: int) -> float:
        """How far the cell can go towards a change that it cannot make whole."""
        kept = [self._solver.getCol(column)[1] for column in range(self._inner, self._inner + 2 * self._cells)]
        for column in range(self._inner, self._inner + 2 * self._cells):
            self._solver.changeColCost(column, 0.0)
        moved, other = self._columns(cell) if wanted > 0 else self._columns(cell)[::-1]
        bound = self._solver.getCol(moved)[3]
        self._solver.changeColCost(moved, -1.0)
        self._solver.changeColBounds(moved, 0.0, float(abs(wanted)))
        still = self._solver.getCol(other)[3]
        self._solver.changeColBounds(other, 0.0, 0.0)
        self._solver.run()
        reached = -float(self._solver.getInfo().objective_function_value)
        self._solver.changeColBounds(moved, 0.0, bound)
        self._solver.changeColBounds(other, 0.0, still)
        for column, cost in enumerate(kept, start=self._inner):
            self._solver.changeColCost(column, cost)
        return float(np.sign(wanted)) * reached

    def _columns(self, cell: int) -> tuple[int, int]:
        return self._inner + cell, self._inner + self._cells + cell

    def _bound(self, cell: int, rise: float, fall: float) -> None:
        self._set(cell, (0.0, rise), (0.0, fall))

    def _set(self, cell: int, rise: tuple[float, float], fall: tuple[float, float]) -> None:
        for column, bounds in zip(self._columns(cell), (rise, fall), strict=True):
            self._solver.changeColBounds(column, *bounds)


class _Search:
    """The two passes, and the alternative set that each end of each interval rests on."""

    def __init__(self, linked: LinkedTables, requirements: Requirements, hidden: Booleans, deadline: float) -> None:
        self._linked = linked
        self._needs = requirements
        self._deadline = deadline
        self._model = _Model(linked, requirements.fixed, requirements.least)
        self._witnesses: dict[tuple[int, int], Booleans] = {}
        self._must_hide = hidden.copy()
        self.hidden = hidden.copy()
        self.programmes = 0

    def hide_what_is_needed(self) -> None:
        """For each end in turn, the cheapest alternative set; what it changes is hidden."""
        # A larger count is a dearer loss to a reader, but not in proportion.
        prices = 1.0 + np.log1p(self._linked.counts)
        for cell, price in enumerate(prices):
            self._model.charge(cell, 0.0 if self.hidden[cell] else float(price))
        counts = self._linked.counts
        # The smallest counts first: they have the fewest ways out.
        for cell in sorted(map(int, np.flatnonzero(self._needs.small)), key=lambda number: (counts[number], number)):
            count = int(counts[cell])
            lowest = count + self._open(cell, self._needs.low - count)
            highest = max(self._needs.high, lowest + self._needs.values - 1)
            self._open(cell, highest - count)

    def show_what_is_not(self) -> None:
        """Show each further cell again, the largest first, if every end that used it finds another way."""
        self._model.allow(self.hidden)
        further = np.flatnonzero(self.hidden & ~self._must_hide)
        for cell in sorted(further, key=lambda number: (-self._linked.counts[number], number)):
            self._model.forbid(int(cell))
            found = self._without(int(cell))
            if found is None:
                self._model.permit(int(cell))
            else:
                self.hidden[cell] = False
                self._witnesses.update(found)

    def _without(self, cell: int) -> dict[tuple[int, int], Booleans] | None:
        found = {}
        for end, changed in self._witnesses.items():
            if changed[cell]:
                other = self._reach(*end)
                if other is None:
                    return None
                found[end] = other
        return found

    def _open(self, cell: int, wanted: int) -> int:
        """Hide what keeps the cell from this change, or from the furthest one towards it; returns that change."""
        change, changed = self._nearest(cell, wanted) if wanted else (0, np.zeros(len(self.hidden), dtype=bool))
        for other in np.flatnonzero(changed & ~self.hidden):
            self.hidden[other] = True
            self._model.charge(int(other), 0.0)
        if change:
            self._witnesses[cell, change] = changed
        return change

    def _nearest(self, cell: int, wanted: int) -> tuple[int, Booleans]:
        """The change wanted, or the furthest one towards it that hiding everything would leave possible."""
        changed = self._reach(cell, wanted)
        if changed is not None:
            return wanted, changed
        furthest = self._model.furthest(cell, wanted)
        whole = int(np.sign(wanted) * np.floor(abs(furthest) + _TOLERANCE))
        changed = self._reach(cell, whole) if whole else np.zeros(len(self.hidden), dtype=bool)
        if changed is None:
            raise AssertionError("an end that was possible is not")
        return whole, changed

    def _reach(self, cell: int, change: int) -> Booleans | None:
        if time.monotonic() > self._deadline:
            raise NotReachedInTime
        self.programmes += 1
        values = self._model.reach(cell, change)
        return None if values is None else self._model.changed(values)
