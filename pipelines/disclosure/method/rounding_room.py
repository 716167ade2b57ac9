"""Which rounded cells leave a small cell too little room, by a linear programme over the true system.

The attack says that a cell is too narrow, not why. Here the cell is asked to have a value, every rounded cell
may break its bounds at a cost, and those that do break them stand in the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

from pipelines.disclosure.method.linked_tables import LinkedTables

_TOLERANCE = 1e-6
#: What it costs to break a bound that turning the cell would move, and one that only hiding it would.
_TURN, _HIDE = 1.0, 3.0


@dataclass
class RoundedCells:
    """The distinct cells that are shown rounded, by number: `values` holds what is shown.

    `fixed`: out already, and known for ever. `turned`: rounded the other way than the hash says.
    """

    values: dict[int, int]
    fixed: frozenset[int]
    turned: set[int]
    base: int
    counts: npt.NDArray[np.int64]

    def can_turn(self, number: int, *, up: bool) -> bool:
        """Whether the other multiple is still less than the base away from the true count."""
        if number in self.fixed or number in self.turned:
            return False
        gap = int(self.counts[number]) - self.values[number]
        return gap > 0 if up else gap < 0

    def turn(self, number: int, *, up: bool) -> None:
        self.values[number] += self.base if up else -self.base
        self.turned.add(number)


def in_the_way(
    linked: LinkedTables, cells: RoundedCells, empty: Sequence[int], number: int, value: int
) -> list[tuple[int, bool]]:
    """The shown cells that keep a cell from having a value, each with whether it would have to be larger.

    `empty`: cells of which everybody knows that nobody is there. Nothing where what is out already forbids it.
    """
    shown = sorted(cells.values)
    count, size = len(shown), linked.incidence.shape[1]
    equal = np.isfinite(linked.tie_high)
    asked = sparse.vstack([linked.ties[np.flatnonzero(equal)], linked.incidence[[number, *empty]]], format="csr")
    wanted = np.zeros(asked.shape[0])
    wanted[int(equal.sum())] = value
    bounds, limits = _bounds(linked, cells, shown)
    costs = [[_TURN if cells.can_turn(each, up=up) else _HIDE for each in shown] for up in (True, False)]
    most = [0.0 if each in cells.fixed else np.inf for each in shown]
    answer = linprog(
        np.concatenate([np.zeros(size), *costs]),
        A_ub=bounds,
        b_ub=limits,
        A_eq=sparse.hstack([asked, sparse.csr_array((asked.shape[0], 2 * count))], format="csr"),
        b_eq=wanted,
        bounds=[*[(0.0, np.inf)] * size, *((0.0, end) for end in (*most, *most))],
        method="highs",
    )
    if answer.x is None:
        return []
    above, below = np.split(answer.x[size:], 2)
    broken = np.flatnonzero(np.maximum(above, below) > _TOLERANCE).tolist()
    return [(shown[place], bool(above[place] > below[place])) for place in broken]


def _bounds(linked: LinkedTables, cells: RoundedCells, shown: list[int]) -> tuple[Any, npt.NDArray[np.float64]]:
    """What each shown number leaves its count, which may be broken either way, and the ties that have no end."""
    told = linked.incidence[shown]
    count = len(shown)
    nothing, identity = sparse.csr_array((count, count)), sparse.eye_array(count, format="csr")
    high = np.array([cells.values[each] + cells.base - 1 for each in shown], dtype=np.float64)
    low = np.maximum(high - 2 * (cells.base - 1), 0)
    ties = linked.ties[np.flatnonzero(np.isinf(linked.tie_high))]
    rows = [
        sparse.hstack([told, -identity, nothing]),
        sparse.hstack([-told, nothing, -identity]),
        sparse.hstack([-ties, sparse.csr_array((ties.shape[0], 2 * count))]),
    ]
    return sparse.vstack(rows, format="csr"), np.concatenate([high, -low, np.zeros(ties.shape[0])])
