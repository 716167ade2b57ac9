"""Complementary suppression: which further cells to hide so that no hidden small cell can be narrowed.

For each small cell, and each end of the interval that it must keep, a linear programme looks for
another set of counts that gives the same published tables and puts the cell at that end; whatever
published cell such a set has to change is hidden. A second pass shows again every cell that no end
needs. The alternative sets are kept: they are the reason why a cell is hidden, and a share of one is
another, so that few ends need a programme of their own.

This is the search, not the guarantee: bounds here are linear, and what it returns is attacked by
independent code before anything is written (disclosure.md, section 4).
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.disclosure.method.alternative_counts import TOLERANCE, AlternativeCounts, Block, split_blocks
from pipelines.disclosure.method.linked_tables import LinkedTables

Booleans = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


class NotReachedInTime(Exception):
    """The search did not end within its time: nothing may be published of these tables."""


@dataclass(frozen=True)
class Requirements:
    """What the published tables must keep open, for each distinct cell.

    `small`: the cells to protect, of which every count from `low` to `high` must stay possible, as far as
    it is with everything hidden that can be. A `high` below the count asks nothing above it. `fixed`: cells
    that cannot be hidden: zeros that are published, and what is already out.
    """

    small: Booleans
    low: Whole
    high: Whole
    fixed: Booleans
    #: The least that a hidden cell can be, as everyone knows: 1 where its zero would be published.
    least: Whole
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
    hidden = requirements.small | hidden_before
    programmes = 0
    for block in split_blocks(linked, requirements.fixed):
        if requirements.small[block.cells].any():
            search = _Search(block, linked.counts[block.cells], requirements, hidden[block.cells], deadline)
            search.hide_what_is_needed()
            search.show_what_is_not()
            hidden[block.cells] = search.hidden
            programmes += search.programmes
    return Suppression(hidden, programmes)


class _Search:
    """The two passes over one block, and the alternative set that each end of each interval rests on."""

    def __init__(
        self, block: Block, counts: Whole, requirements: Requirements, hidden: Booleans, deadline: float
    ) -> None:
        self._counts = counts
        self._small = requirements.small[block.cells]
        self._low, self._high = requirements.low[block.cells], requirements.high[block.cells]
        self._values = requirements.values
        self._deadline = deadline
        falls = np.maximum(counts - requirements.least[block.cells], 0).astype(float)
        self._model = AlternativeCounts(block, falls)
        self._alternatives = _Alternatives(len(counts))
        self._ends: list[tuple[int, int]] = []
        self._must_hide = hidden.copy()
        self.hidden = hidden.copy()
        self.programmes = 0

    def hide_what_is_needed(self) -> None:
        """For each end in turn, the cheapest alternative set; what it changes is hidden."""
        self._charge()
        # The smallest counts first: they have the fewest ways out.
        for cell in sorted(np.flatnonzero(self._small).tolist(), key=lambda number: (self._counts[number], number)):
            count = int(self._counts[cell])
            lowest = count + self._open(cell, min(int(self._low[cell]) - count, 0))
            highest = max(int(self._high[cell]), lowest + self._values - 1)
            self._open(cell, max(highest - count, 0))

    def show_what_is_not(self) -> None:
        """Show each further cell again, the largest first, if every end that used it finds another way."""
        self._model.allow(self.hidden)
        further = np.flatnonzero(self.hidden & ~self._must_hide).tolist()
        for cell in sorted(further, key=lambda number: (-self._counts[number], number)):
            self._model.forbid(cell)
            before = self._alternatives.drop(cell)
            if self._all_ends_open():
                self.hidden[cell] = False
            else:
                self._model.permit(cell)
                self._alternatives.restore(before)

    def _all_ends_open(self) -> bool:
        return all(self._alternatives.has(*end) or self._reach(*end) is not None for end in self._ends)

    def _charge(self) -> None:
        # A larger count is a dearer loss to a reader, but not in proportion.
        self._model.charge(np.where(self.hidden, 0.0, 1.0 + np.log1p(self._counts)))

    def _open(self, cell: int, wanted: int) -> int:
        """Hide what keeps the cell from this change, or from the furthest one towards it; returns that change."""
        change = wanted
        if wanted and not self._alternatives.has(cell, wanted):
            change, changes = self._nearest(cell, wanted)
            needed = (changes != 0) & ~self.hidden
            if needed.any():
                self.hidden |= needed
                self._charge()
        if change:
            self._ends.append((cell, change))
        return change

    def _nearest(self, cell: int, wanted: int) -> tuple[int, Reals]:
        """The change wanted, or the furthest one towards it that hiding everything would leave possible."""
        changes = self._reach(cell, wanted)
        if changes is not None:
            return wanted, changes
        furthest = self._model.furthest(cell, wanted)
        whole = int(np.sign(wanted) * np.floor(abs(furthest) + TOLERANCE))
        changes = self._reach(cell, whole) if whole else np.zeros(len(self.hidden))
        if changes is None:
            raise AssertionError("an end that was possible is not")
        return whole, changes

    def _reach(self, cell: int, change: int) -> Reals | None:
        if time.monotonic() > self._deadline:
            raise NotReachedInTime
        self.programmes += 1
        changes = self._model.reach(cell, change)
        if changes is not None:
            self._alternatives.add(changes)
        return changes


class _Alternatives:
    """Sets of counts that give the same published tables, as the change of each cell."""

    def __init__(self, cells: int) -> None:
        self._rows: list[Reals] = []
        self._rise, self._fall = np.zeros(cells), np.zeros(cells)

    def add(self, changes: Reals) -> None:
        self._rows.append(changes)
        np.maximum(self._rise, changes, out=self._rise)
        np.maximum(self._fall, -changes, out=self._fall)

    def has(self, cell: int, change: int) -> bool:
        """Whether some set moves the cell as far: the right share of its changes moves it just so."""
        furthest = self._rise[cell] if change > 0 else self._fall[cell]
        return bool(furthest >= abs(change) - TOLERANCE)

    def drop(self, cell: int) -> list[Reals]:
        """Forget the sets that change the cell; returns all that there were."""
        before = self._rows
        self._keep([row for row in before if row[cell] == 0])
        return before

    def restore(self, rows: list[Reals]) -> None:
        """Know again what was dropped, beside what was found since."""
        known = {id(row) for row in rows}
        self._keep([*rows, *(row for row in self._rows if id(row) not in known)])

    def _keep(self, rows: list[Reals]) -> None:
        cells = len(self._rise)
        self._rise, self._fall = np.zeros(cells), np.zeros(cells)
        self._rows = []
        for row in rows:
            self.add(row)
