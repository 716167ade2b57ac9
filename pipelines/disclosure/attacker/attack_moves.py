"""From one set of records to another that gives the same published cells, by the smallest change.

A smallest change turns around a circle of cells, one record up here and one down there, so it nearly
always is in whole numbers and touches little. Changes are kept: what could be done to one set of records
can often be done to another, without a search.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.disclosure.attacker.attack_model import NO_BOUND, Ints, System
from pipelines.disclosure.attacker.attack_programme import Answer, Programme, Reals

#: How many known changes are tried on known solutions before a new one is searched.
_TRIES = 400
#: What a change in fractions is multiplied by, to be one in whole numbers.
_TIMES = (1, 2, 3, 4)
_TOLERANCE = 1e-6


class Moves:
    """The changes between solutions of one system."""

    def __init__(self, system: System, *, deadline: float) -> None:
        self._system = system
        self._linear = Programme(_doubled(system), is_whole=False, deadline=deadline)
        self._chance = np.random.default_rng(0)
        self._known: dict[bytes, tuple[Ints, Ints]] = {}

    def nearest(self, base: Ints, row: int, value: int, spread: float, kept: Ints | int = 0) -> Answer:
        """The nearest point to a solution at which a row has a value, perhaps of halves; raises `OutOfTime`.

        `spread`: how far the costs of changing one cell and another are apart, by chance. `kept`: what of the
        solution's columns stays, for who knows that it is there.
        """
        totals = self._system.totals(base)
        low = (self._system.low - totals).astype(np.float64)
        high = np.where(self._system.high == NO_BOUND, np.inf, self._system.high - totals)
        low[row] = high[row] = value - totals[row]
        self._linear.bound_all(low, high, np.concatenate((np.full(len(base), np.inf), base - kept)))
        self._linear.begin_at_zero()
        # A little chance in the costs: of many smallest changes the search takes a corner, not a mixture.
        answer = self._linear.best(1 + spread * self._chance.random(2 * len(base)))
        if answer.point is None:
            return answer
        up, down = np.split(answer.point, 2)
        self._keep(up - down)
        return Answer(answer.value, base + up - down)

    def _keep(self, change: Reals) -> None:
        """Remember a change, or a multiple of one in halves or thirds, with its opposite."""
        for times in _TIMES:
            whole = np.rint(times * change).astype(np.int64)
            if abs(times * change - whole).max(initial=0) < _TOLERANCE:
                for way in (whole, -whole):
                    self._known.setdefault(way.tobytes(), (way, self._system.totals(way)))
                return

    def changes(self) -> list[tuple[Ints, Ints]]:
        """The changes met so far, each with what it does to every row."""
        return list(self._known.values())

    def known(self, points: Sequence[Ints], values: Ints, row: int, value: int) -> Ints | None:
        """A solution with this value of the row, made of one of the points and a known change.

        `values`: the value of the row at each point.
        """
        if not self._known:
            return None
        changes = [change for change, _ in self._known.values()]
        effects = np.array([totals[row] for _, totals in self._known.values()])
        fits = np.argwhere(values[:, None] + effects == value)[:_TRIES]
        for point, change in fits.tolist():
            made: Ints = points[point] + changes[change]
            if self._system.is_solved_by(made):
                return made
        return None


def _doubled(system: System) -> System:
    """The same equations for what is added to each column, and then for what is taken away."""
    count = system.column_count
    rows = np.repeat(np.arange(len(system.low)), np.diff(system.starts))
    rows = np.concatenate((rows, rows))
    order = np.argsort(rows, kind="stable")
    return System(
        column_count=2 * count,
        starts=2 * system.starts,
        columns=np.concatenate((system.columns, system.columns + count))[order],
        weights=np.concatenate((system.weights, -system.weights))[order],
        low=system.low,
        high=system.high,
        row_of={},
        published=system.published,
    )
