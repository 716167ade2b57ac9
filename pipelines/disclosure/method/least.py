"""The least number of further cells to hide, with its proof: an exact method that begins from what the search found.

A master programme chooses the cells to hide so that every cut known holds; the attacker's programme
judges the choice and answers with further cuts, first for choices in shares (cheap, and most of the
proof), then for whole ones. What the master needs at least is a proven bound, whatever is cut short
(disclosure.md, section 4, step 4).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipelines.disclosure.method.alternative_counts import split_blocks
from pipelines.disclosure.method.least_cuts import TOLERANCE, Attacker, Cut, End, OutOfTime, Witnesses, required_ends
from pipelines.disclosure.method.least_master import Choice, Master, NothingFewer
from pipelines.disclosure.method.least_parts import Booleans, Integers, Part, Reals, write_part
from pipelines.disclosure.method.linked_tables import LinkedTables
from pipelines.disclosure.method.secondary import Requirements, Suppression

#: Rounds of cuts in shares that may pass without a higher bound: past them whole choices prove more.
_PATIENCE = 5
#: Rounds of the search for a lighter choice of the least number. A number, not a time: the same input, the same cells.
_LIGHTER_ROUNDS = 3


@dataclass(frozen=True)
class Improvement:
    """What to hide, small cells included, and how near that is to the least.

    `proven_least`: no choice hides fewer further cells than this (each distinct cell counts one);
    None if the time did not allow any bound. `cuts`: how many needs the proof rests on.
    """

    hidden: Booleans
    proven_least: int | None
    is_proven: bool
    cuts: int


def improve(
    linked: LinkedTables,
    requirements: Requirements,
    found: Suppression,
    hidden_before: Booleans,
    *,
    weights: Reals,
    deadline: float,
) -> Improvement:
    """Look for fewer further cells than the search found, and prove how few there must be.

    Among choices of the same number it looks for a lighter one by `weights` (of each distinct cell, not
    negative). Past `deadline` (monotonic clock) the best choice so far is returned with the bound so
    far: never more cells than `found`. In time, the same input gives the same cells.
    """
    certain = requirements.small | hidden_before
    hidden = certain.copy()
    least, cuts, is_bounded = 0, 0, True
    for block in split_blocks(linked, requirements.fixed):
        if not (requirements.small & found.hidden)[block.cells].any():
            continue
        part = write_part(block, linked.counts, requirements, certain, weights)
        proof = _Proof(part, requirements, linked.counts, found.hidden, deadline)
        proof.run()
        if proof.least is None:
            is_bounded = False
            hidden[block.cells] |= found.hidden[block.cells]
        else:
            least += proof.least
            hidden[part.cells_of(proof.best)] = True
        cuts += proof.cuts
    further = int((hidden & ~certain).sum())
    return Improvement(hidden, least if is_bounded else None, is_bounded and least == further, cuts)


class _Proof:
    """The work on one part: the best choice so far, and the bound so far."""

    def __init__(
        self, part: Part, requirements: Requirements, counts: Integers, found: Booleans, deadline: float
    ) -> None:
        self._part = part
        self._requirements = requirements
        self._counts = counts
        self._deadline = deadline
        self._attacker = Attacker(part, deadline)
        self._master = Master(part)
        self._ends: list[End] = []
        self._all = range(0)
        self._witnesses = Witnesses(part, [])
        self.best = part.hidden_rows(found) & (part.costs > 0)
        self.least: int | None = None

    @property
    def cuts(self) -> int:
        return self._master.cuts

    def run(self) -> None:
        """Improve and prove, until the two meet or the time ends."""
        if not self.best.any():
            self.least = 0
            return
        try:
            self._ends = required_ends(self._part, self._attacker, self._requirements, self._counts)
            self._all, self._witnesses = range(len(self._ends)), Witnesses(self._part, self._ends)
            if self._short(self._whole(self.best), self._all)[0]:
                # Less than the search promises; the attack before writing will say so. Nothing is built on it.
                return
            self._prove()
            self._lighten()
        except (OutOfTime, NothingFewer):
            return

    def _prove(self) -> None:
        try:
            self._bound(0)
            self._prove_whole()
        except NothingFewer:
            self.least = self._cost(self.best)

    def _prove_in_shares(self) -> None:
        highest, patience = 0.0, _PATIENCE
        while patience:
            choice = self._master.share()
            self._bound(choice.least)
            patience = _PATIENCE if choice.cost > highest + 0.01 else patience - 1
            highest = max(highest, choice.cost)
            if not self._master.add(self._short(choice.shares, self._all)[1]):
                return

    def _prove_whole(self) -> None:
        while True:
            self._prove_in_shares()
            choice = self._choose()
            self._bound(choice.least)
            if not choice.is_settled:
                raise OutOfTime
            mended = self._judge(choice)
            if self._cost(mended) < self._cost(self.best):
                self.best = mended
            self._bound(choice.least)

    def _lighten(self) -> None:
        """Among choices of the least number, look for one that takes less from a reader."""
        self._master.prefer(self._part.weights, self._cost(self.best))
        for _ in range(_LIGHTER_ROUNDS):
            choice = self._choose()
            is_lighter = self._weight(self._chosen(choice)) < self._weight(self.best) - TOLERANCE
            if not choice.is_settled or not is_lighter:
                return
            mended = self._judge(choice)
            if self._cost(mended) == self._cost(self.best) and self._weight(mended) < self._weight(self.best):
                self.best = mended

    def _choose(self) -> Choice:
        return self._master.choose(self._deadline - time.monotonic())

    def _judge(self, choice: Choice) -> Booleans:
        """The choice if it is good, else a good one made of it; the master learns what was lacking."""
        chosen = self._chosen(choice)
        short, cuts = self._short(self._whole(chosen), self._all)
        if short and not self._master.add([*cuts, *self._master.missed(self._whole(chosen))]):
            # The duals say nothing that the master does not know: what is left is the noise of the numbers.
            raise OutOfTime
        return self._mend(chosen, short, cuts) if short else chosen

    def _short(self, shares: Reals, places: Iterable[int]) -> tuple[list[int], list[Cut]]:
        """The ends, of those at these places, that are not reached under these shares; what each says is lacking."""
        standing = self._witnesses.standing(shares)
        short, cuts = [], []
        for place in places:
            if standing[place]:
                continue
            reach = self._attacker.reach(self._ends[place], shares)
            if reach.is_enough:
                self._witnesses.keep(place, reach.changes)
                continue
            short.append(place)
            if reach.cut is not None and reach.cut.sum_of(shares) < 1 - 10 * TOLERANCE:
                cuts.append(reach.cut)
        return short, cuts

    def _mend(self, chosen: Booleans, short: list[int], cuts: list[Cut]) -> Booleans:
        """Hide more until every end is reached, then show again what none needs."""
        chosen = chosen.copy()
        while short:
            lacking = np.zeros(len(chosen))
            for cut in cuts:
                lacking[list(cut.rows)] += cut.coefficients
            lacking[chosen] = 0.0
            if not lacking.any():
                return self.best
            chosen[int(np.argmax(lacking / np.maximum(self._part.costs, 1)))] = True
            # An end once reached stays so: only those that were missed are asked again.
            short, cuts = self._short(self._whole(chosen), short)
            self._master.remember(cuts)
        return self._without_needless(chosen)

    def _without_needless(self, chosen: Booleans) -> Booleans:
        chosen = chosen.copy()
        rows = np.flatnonzero(chosen)
        for row in rows[np.lexsort((rows, -self._part.weights[rows]))]:
            chosen[row] = False
            chosen[row] = not self._is_good(chosen)
        return chosen

    def _is_good(self, chosen: Booleans) -> bool:
        shares = self._whole(chosen)
        # A cut that is not satisfied says no without a programme.
        if self._master.missed(shares):
            return False
        # The first end that is missed says no for all.
        for place in np.flatnonzero(~self._witnesses.standing(shares)).tolist():
            short, cuts = self._short(shares, [place])
            if short:
                self._master.remember(cuts)
                return False
        return True

    def _chosen(self, choice: Choice) -> Booleans:
        return (choice.shares > 0.5) & (self._part.costs > 0)

    def _whole(self, chosen: Booleans) -> Reals:
        return np.where(self._part.is_open | chosen, 1.0, 0.0)

    def _cost(self, chosen: Booleans) -> int:
        return int(self._part.costs[chosen].sum())

    def _weight(self, chosen: Booleans) -> float:
        return float(self._part.weights[chosen].sum())

    def _bound(self, least: int) -> None:
        """Take the bound, and look between it and the best choice; raises `NothingFewer` where they meet."""
        self.least = max(least, self.least or 0)
        if self.least >= self._cost(self.best):
            raise NothingFewer
        self._master.bound(self.least, self._cost(self.best) - 1)
