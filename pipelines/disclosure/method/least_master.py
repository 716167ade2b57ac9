"""The master programme of the proof: the fewest cells that satisfy every cut known, in shares or whole."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from pipelines.disclosure.method.least_cuts import TOLERANCE, Cut
from pipelines.disclosure.method.least_parts import Part, Reals

#: How far above a whole number a bound must be before the next one is proven.
_DOUBT = 1e-4


@dataclass(frozen=True)
class Choice:
    """A share of each row of the part, and what it says of every choice that satisfies the cuts.

    `least`: none hides fewer cells. `is_settled`: the time sufficed to find the cheapest one.
    """

    shares: Reals
    cost: float
    least: int
    is_settled: bool


class NothingFewer(Exception):
    """No choice within the bounds satisfies the cuts: the best one known is proven."""


class Master:
    """Grows by cuts and closes in on better choices; nothing that it excludes is good and better than the best."""

    def __init__(self, part: Part) -> None:
        self._rows = np.flatnonzero(part.costs > 0)
        self._places = {row: place for place, row in enumerate(self._rows.tolist())}
        self._open = part.is_open
        # A line for each cut known, in their order, then lines to come.
        self._known: dict[Cut, None] = {}
        self._coefficients = np.zeros((256, len(part.falls)))
        self._asked: set[Cut] = set()
        self._is_whole = False
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
            self._solver.setOptionValue(option, value)
        # The cost is a whole number: less than one apart is proven.
        self._solver.setOptionValue("mip_abs_gap", 0.999)
        costs, size = part.costs[self._rows].astype(float), len(self._rows)
        none = np.zeros(0, dtype=np.int32)
        self._all = np.arange(size, dtype=np.int32)
        self._solver.addCols(size, costs, np.zeros(size), np.ones(size), 0, none, none, np.zeros(0))
        self._solver.addRow(0.0, float(costs.sum()), size, self._all, costs)

    @property
    def cuts(self) -> int:
        """How many cuts it asks for."""
        return len(self._asked)

    def bound(self, least: int, most: int) -> None:
        """Look only for choices of this many cells."""
        self._solver.changeRowBounds(0, float(least), float(most))

    def prefer(self, weights: Reals, cost: int) -> None:
        """Look for the lightest choice of exactly this many cells, to a twentieth of its weight."""
        self.bound(cost, cost)
        self._solver.changeColsCost(len(self._all), self._all, weights[self._rows].astype(float))
        self._solver.setOptionValue("mip_abs_gap", TOLERANCE)
        self._solver.setOptionValue("mip_rel_gap", 0.05)

    def add(self, cuts: Iterable[Cut]) -> int:
        """Ask for these cuts from now on; returns how many are new."""
        new = [cut for cut in dict.fromkeys(cuts) if cut not in self._asked]
        for cut in new:
            self._asked.add(cut)
            places = np.array([self._places[row] for row in cut.rows], dtype=np.int32)
            self._solver.addRow(1.0, highspy.kHighsInf, len(places), places, np.array(cut.coefficients))
        self.remember(new)
        return len(new)

    def remember(self, cuts: Iterable[Cut]) -> None:
        """Know these cuts, without asking for them: most of those that a repair meets would only be ballast."""
        for cut in cuts:
            if cut not in self._known:
                if len(self._known) == len(self._coefficients):
                    self._coefficients = np.concatenate([self._coefficients, np.zeros_like(self._coefficients)])
                self._coefficients[len(self._known), list(cut.rows)] = cut.coefficients
                self._known[cut] = None

    def missed(self, shares: Reals) -> list[Cut]:
        """The cuts known that these shares do not satisfy."""
        sums = self._coefficients[: len(self._known)] @ shares
        places = np.flatnonzero(sums < 1 - 10 * TOLERANCE)
        if not len(places):
            return []
        known = list(self._known)
        return [known[place] for place in places]

    def share(self) -> Choice:
        """The cheapest choice in shares; raises `NothingFewer` if there is none within the bounds."""
        self._integrality(highspy.HighsVarType.kContinuous)
        self._solver.setOptionValue("time_limit", highspy.kHighsInf)
        return self._solve()

    def choose(self, seconds: float) -> Choice:
        """A cheapest whole choice; raises `NothingFewer` if there is none within the bounds."""
        self._integrality(highspy.HighsVarType.kInteger)
        self._solver.setOptionValue("time_limit", max(seconds, 0.0))
        return self._solve()

    def _integrality(self, kind: Any) -> None:
        self._is_whole = kind == highspy.HighsVarType.kInteger
        kinds = np.full(len(self._all), int(kind), dtype=np.uint8)
        self._solver.changeColsIntegrality(len(self._all), self._all, kinds)

    def _solve(self) -> Choice:
        self._solver.run()
        status, info = self._solver.getModelStatus(), self._solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise NothingFewer
        is_settled = status == highspy.HighsModelStatus.kOptimal
        # What a whole programme proved stays true where its time ended.
        bound = max(info.mip_dual_bound if self._is_whole else info.objective_function_value * is_settled, 0.0)
        shares = np.where(self._open, 1.0, 0.0)
        if is_settled:
            shares[self._rows] = np.clip(self._solver.getSolution().col_value, 0.0, 1.0)
        return Choice(shares, bound, math.ceil(bound - _DOUBT), is_settled)
