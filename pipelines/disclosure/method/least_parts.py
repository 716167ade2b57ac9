"""One part of the linked tables, as small as it can be written for the proof of the least number.

Cells that count the same records, once what everybody knows is set apart, change together: they are
one row, which changes if all its cells are hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.disclosure.method.alternative_counts import Block
from pipelines.disclosure.method.secondary import Requirements

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """Rows of cells that change together, over the unknowns that they are sums of.

    Every figure is a change from the true counts: an unknown can fall by `unknowns`, a row that is
    hidden by `falls`; the change of each tie lies between `tie_low` and `tie_high`. `rows[place]` is the
    row of the distinct cell `cells[place]`.
    """

    incidence: Any
    falls: Reals
    unknowns: Reals
    ties: Any
    tie_low: Reals
    tie_high: Reals
    cells: Integers
    rows: Integers
    #: Hidden whatever is chosen: the small cells, and what was hidden before.
    is_open: Booleans
    #: How many further cells are hidden if the row is; 0 where there is nothing to choose.
    costs: Integers
    #: What hiding them takes from a reader.
    weights: Reals

    def hidden_rows(self, hidden: Booleans) -> Booleans:
        """The rows that can change when these cells are hidden: those of which none is shown."""
        return np.asarray(np.bincount(self.rows[~hidden[self.cells]], minlength=len(self.falls)) == 0)

    def cells_of(self, rows: Booleans) -> Integers:
        """The cells of these rows."""
        return self.cells[rows[self.rows]]


def write_part(block: Block, counts: Integers, needs: Requirements, certain: Booleans, weights: Reals) -> Part:
    """The part of a block. `certain`: the cells that are hidden in any case; `weights`: of each distinct cell."""
    first, rows = _distinct_rows(block)
    number = len(first)
    falls = np.full(number, np.inf)
    np.minimum.at(falls, rows, np.maximum(counts - needs.least, 0)[block.cells].astype(float))
    undecided = ~certain[block.cells]
    costs = np.bincount(rows[undecided], minlength=number)
    return Part(
        incidence=block.sums[first].astype(float),
        falls=falls,
        unknowns=block.counts.astype(float),
        ties=block.sums[len(block.cells) :].astype(float),
        tie_low=block.low,
        tie_high=block.high,
        cells=block.cells,
        rows=rows,
        is_open=costs == 0,
        costs=costs,
        weights=np.bincount(rows, np.where(undecided, weights[block.cells], 0.0), number).astype(float),
    )


def _distinct_rows(block: Block) -> tuple[Integers, Integers]:
    """Where each distinct row stands first, and the distinct row of each cell."""
    sums = block.sums[: len(block.cells)].sorted_indices()
    numbers: dict[bytes, int] = {}
    rows: list[int] = []
    first: list[int] = []
    for place in range(len(block.cells)):
        key = sums.indices[sums.indptr[place] : sums.indptr[place + 1]].tobytes()
        number = numbers.setdefault(key, len(first))
        if number == len(first):
            first.append(place)
        rows.append(number)
    return np.array(first, dtype=np.int64), np.array(rows, dtype=np.int64)
