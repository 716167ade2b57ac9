"""Lowest and highest whole values of a cell, each proved by a set of counts that anybody can add up.

The solver works in floating point and is only trusted to search: a value counts as possible when the
whole numbers behind it, checked in exact arithmetic, give what was published. A solver's slip can make
an interval look narrower than it is, and no small value look possible that is not. That a value is
impossible, or that a cell has no highest one, rests on the solver alone.

Every solution that is met serves all the cells at once: most values of most cells are seen in passing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipelines.disclosure.attacker.attack_model import NO_BOUND, Ints, System
from pipelines.disclosure.attacker.attack_moves import Moves
from pipelines.disclosure.attacker.attack_parts import Contradiction, Part, split_system
from pipelines.disclosure.attacker.attack_programme import Answer, OutOfTime, Programme

#: How far the solver's numbers may be from the whole number that they stand for.
_TOLERANCE = 1e-6
_LEAST, _MOST = 1, -1
#: How many corners are tried for a first solution, then how many starts for each other one, before the
#: slower search in whole numbers.
_CORNERS, _BASES = 10, 3
#: How unlike the costs of two cells are, in one round of starts after the other.
_SPREADS = (0.1, 3.0, 30.0)


@dataclass(frozen=True)
class Bounds:
    """The whole values of a cell that a proof stands behind; `high` is None without end.

    `is_exact`: False where only the widest values met are told, and others may lie beyond them.
    """

    low: int
    high: int | None
    is_exact: bool = True


class PartSearch:
    """One part of the equations, and everything that is known of its solutions."""

    def __init__(self, part: Part, watched: Sequence[int], *, deadline: float, k: int) -> None:
        """`watched`: the rows of the part whose values are noted, from 0 to `k` each."""
        self.part = part
        self._system = part.system
        self._deadline = deadline
        self._linear = Programme(part.system, is_whole=False, deadline=deadline)
        self._lazy_whole: Programme | None = None
        self._lazy_moves: Moves | None = None
        self._rows = np.array(sorted(watched), dtype=np.int64)
        self._place = {row: place for place, row in enumerate(self._rows.tolist())}
        self._chance = np.random.default_rng(0)
        self._met = np.zeros((len(self._rows), k + 1), dtype=np.bool_)
        self._ends = np.zeros((len(self._rows), 2), dtype=np.int64)
        self.points: list[Ints] = []
        self._totals: list[Ints] = []

    def start(self) -> None:
        """Find one solution; raises `Contradiction` if there is none."""
        for _ in range(_CORNERS):
            answer = self._linear.best(self._chance.random(self._system.column_count))
            if answer.is_impossible:
                raise Contradiction
            if answer.point is not None and self._note(answer.point) is not None:
                return
        answer = self._whole.best(np.zeros(self._system.column_count))
        if answer.point is None or self._note(answer.point) is None:
            raise Contradiction

    def seen(self, row: int) -> Bounds:
        """The lowest and highest value of the solutions met so far."""
        low, high = self._ends[self._place[row]].tolist()
        return Bounds(low, high, is_exact=False)

    def _is_met(self, row: int, value: int) -> bool:
        place = self._place[row]
        if 0 <= value < self._met.shape[1]:
            return bool(self._met[place, value])
        return bool((self._ends[place] == value).any())

    def is_possible(self, row: int, value: int) -> bool:
        """Whether some solution has this value; raises `OutOfTime`."""
        return self._is_met(row, value) or self._solve_at(row, value)

    def extreme(self, row: int, sense: int) -> int | None:
        """The lowest (`sense` 1) or highest (-1) whole value of a row, None without end; raises `OutOfTime`."""
        end = 0 if sense == _LEAST else 1
        seen, bound = int(self._ends[self._place[row], end]), int((self._system.low, self._system.high)[end][row])
        if seen == bound:
            return seen
        costs = np.zeros(self._system.column_count)
        entries = slice(self._system.starts[row], self._system.starts[row + 1])
        costs[self._system.columns[entries]] = sense * self._system.weights[entries]
        answer = self._linear.best(costs)
        if answer.value is None or answer.point is None:
            if answer.is_impossible:
                # A solution is known: a solver that finds none has proved nothing.
                raise OutOfTime
            return None
        self._note(answer.point)
        nearest = sense * math.ceil(answer.value - _TOLERANCE)
        # The corner that the linear bound was read at need not be a set of records: another point can be.
        if self.is_possible(row, nearest):
            return nearest
        found = self._whole.best(costs)
        point = None if found.point is None else self._note(found.point)
        if point is None:
            raise OutOfTime
        return self._value(point, row)

    def met(self, row: int) -> list[int]:
        """The values of a row that are noted: 0 to k, and the ends."""
        place = self._place[row]
        small = np.flatnonzero(self._met[place]).tolist()
        return sorted({*small, *self._ends[place].tolist()})

    def changes(self) -> list[tuple[Ints, Ints]]:
        """The changes from one solution to another that were met, each with what it does to every row."""
        return self._moves.changes()

    @property
    def _whole(self) -> Programme:
        if self._lazy_whole is None:
            self._lazy_whole = Programme(self._system, is_whole=True, deadline=self._deadline)
        return self._lazy_whole

    @property
    def _moves(self) -> Moves:
        if self._lazy_moves is None:
            self._lazy_moves = Moves(self._system, deadline=self._deadline)
        return self._lazy_moves

    def _solve_at(self, row: int, value: int) -> bool:
        """Whether a solution with this value of the row was found."""
        place = self._place[row]
        values = np.array([totals[place] for totals in self._totals])
        made = self._moves.known(self.points, values, row, value)
        if made is not None and self._note(made.astype(np.float64)) is not None:
            return True
        closest = np.argsort(abs(values - value), kind="stable")[:_BASES].tolist()
        for number, spread in zip(closest * len(_SPREADS), np.repeat(_SPREADS, len(closest)), strict=True):
            answer = self._moves.nearest(self.points[number], row, value, spread)
            if answer.is_impossible:
                return False
            if self._is_at(answer, row, value):
                return True
        self._whole.bound(row, value, value)
        try:
            return self._is_at(self._whole.best(np.zeros(self._system.column_count)), row, value)
        finally:
            self._whole.release(row)

    def _is_at(self, answer: Answer, row: int, value: int) -> bool:
        """Whether a point is a solution with this value: a corner of halves can be rounded to another one."""
        point = None if answer.point is None else self._note(answer.point)
        return point is not None and self._value(point, row) == value

    def _value(self, point: Ints, row: int) -> int:
        entries = slice(self._system.starts[row], self._system.starts[row + 1])
        return int((self._system.weights[entries] * point[self._system.columns[entries]]).sum())

    def _note(self, corner: NDArray[np.float64]) -> Ints | None:
        """Remember the values that a true solution gives to every cell; anything else is thrown away."""
        point = np.rint(corner).astype(np.int64)
        if not self._system.is_solved_by(point):
            return None
        is_first = not self.points
        totals = self._system.totals(point)[self._rows]
        small = np.flatnonzero((totals >= 0) & (totals < self._met.shape[1]))
        new = small[~self._met[small, totals[small]]]
        self._met[new, totals[new]] = True
        lower, higher = totals < self._ends[:, 0], totals > self._ends[:, 1]
        if is_first:
            lower, higher = np.ones_like(lower), np.ones_like(higher)
        for end, better in enumerate((lower, higher)):
            self._ends[better, end] = totals[better]
        if is_first or len(new) or lower.any() or higher.any():
            self.points.append(point)
            self._totals.append(totals)
        return point


class Searcher:
    """One system of equations, searched part by part."""

    def __init__(self, system: System, *, deadline: float, k: int) -> None:
        """`deadline` is a moment of `time.monotonic()`; values from 0 to `k` are noted as they are met."""
        self._system = system
        self._deadline = deadline
        self._k = k
        self.parts: list[PartSearch] = []
        self._home: dict[int, tuple[PartSearch, int]] = {}

    def start(self) -> None:
        """Find one solution; raises `Contradiction` if there is none, `OutOfTime`."""
        split = split_system(self._system)
        self._constants, self.known = split.constants, split.known
        named = set(self._system.row_of.values())
        for part in split.parts:
            own = {row: local for row, local in part.row_at.items() if row in named}
            search = PartSearch(part, sorted(set(own.values())), deadline=self._deadline, k=self._k)
            search.start()
            self.parts.append(search)
            self._home |= {row: (search, local) for row, local in own.items()}

    def seen(self, row: int) -> Bounds:
        """The lowest and highest value of a row among the solutions met so far."""
        constant = int(self._constants[row])
        if row not in self._home:
            return Bounds(constant, constant)
        part, local = self._home[row]
        seen = part.seen(local)
        return Bounds(seen.low + constant, (seen.high or 0) + constant, is_exact=False)

    def least(self, row: int) -> int:
        """The lowest whole value of a row; raises `OutOfTime`."""
        low = self._extreme(row, _LEAST)
        if low is None:
            raise AssertionError("a count has no lowest value")
        return low

    def most(self, row: int) -> int | None:
        """The highest whole value of a row, None without end; raises `OutOfTime`."""
        return self._extreme(row, _MOST)

    def bounds(self, row: int) -> Bounds:
        """The lowest and highest whole value of a row; raises `OutOfTime`."""
        return Bounds(self.least(row), self.most(row))

    def is_possible(self, row: int, value: int) -> bool:
        """Whether some set of records that gives what was published has this value; raises `OutOfTime`."""
        rest = value - int(self._constants[row])
        if row not in self._home:
            return rest == 0
        part, local = self._home[row]
        return rest >= 0 and part.is_possible(local, rest)

    def met(self, row: int) -> list[int]:
        """Values of a row that solutions met have, the lowest and highest among them."""
        constant = int(self._constants[row])
        if row not in self._home:
            return [constant]
        part, local = self._home[row]
        return [value + constant for value in part.met(local)]

    def place(self, part: PartSearch, row: int, value: int) -> tuple[int, int] | None:
        """The row and the value within a part; None if the row is not of that part."""
        home = self._home.get(row)
        if home is None or home[0] is not part:
            return None
        return home[1], value - int(self._constants[row])

    def reaches(self, row: int, value: int) -> bool:
        """Whether this value or a higher one was met, perhaps by looking for it now; raises `OutOfTime`."""
        return (self.seen(row).high or 0) >= value or self.is_possible(row, value)

    def _extreme(self, row: int, sense: int) -> int | None:
        constant = int(self._constants[row])
        if row not in self._home:
            return constant
        part, local = self._home[row]
        found = part.extreme(local, sense)
        return None if found is None else found + constant


def pattern_of(system: System, *, zeros_are_published: bool) -> System:
    """What the published zeros alone say: every other published cell may be any number, from 1 up."""
    low, high = system.low.copy(), system.high.copy()
    is_empty = high[system.published] == 0
    high[system.published] = np.where(is_empty, 0, NO_BOUND)
    low[system.published] = np.where(is_empty, 0, np.minimum(low[system.published], int(zeros_are_published)))
    return replace(system, low=low, high=high)
