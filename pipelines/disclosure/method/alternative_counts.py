"""One linear programme: the cheapest other set of counts that gives the same published tables.

Its variables are the change of each unknown, then the rise and the fall of each cell that can be hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from pipelines.disclosure.method.linked_tables import LinkedTables

TOLERANCE = 1e-6
_NO_LIMIT = highspy.kHighsInf
Booleans = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """A part of the system that nothing unknown ties to the rest: its cells, and rows over its own unknowns.

    `cells` are numbers of cells that can change; `sums` has a line for each of them, then the `bound` lines,
    whose change stays between `low` and `high`. `counts` are those of the unknowns.
    """

    cells: Whole
    sums: Any
    low: Reals
    high: Reals
    counts: Whole


def split_blocks(linked: LinkedTables, fixed: Booleans) -> list[Block]:
    """The connected parts of the system, once what everybody knows of the fixed cells is set apart."""
    bound, low, high = _bound_rows(linked, fixed)
    alive = _alive(linked, fixed, bound, (low == 0) & (high == 0))
    free = np.flatnonzero(~fixed)
    matrix = sparse.vstack([linked.incidence[free], bound], format="csr")[:, np.flatnonzero(alive)]
    matrix.eliminate_zeros()
    counts = linked.inner_counts[alive]
    rows, unknowns = matrix.shape
    links = sparse.block_array([[None, matrix], [matrix.T, None]], format="csr")
    number, part_of = csgraph.connected_components(links, directed=False)
    is_used = np.diff(matrix.indptr) > 0
    blocks = []
    row_order = np.argsort(part_of[:rows], kind="stable")
    unknown_order = np.argsort(part_of[rows:], kind="stable")
    row_ends = np.searchsorted(part_of[:rows][row_order], np.arange(number + 1))
    unknown_ends = np.searchsorted(part_of[rows:][unknown_order], np.arange(number + 1))
    for part in range(number):
        own_rows = row_order[row_ends[part] : row_ends[part + 1]]
        own = unknown_order[unknown_ends[part] : unknown_ends[part + 1]]
        own_rows = own_rows[is_used[own_rows]]
        if len(own_rows) and own_rows[0] < len(free):
            others = own_rows[own_rows >= len(free)] - len(free)
            cells = free[own_rows[own_rows < len(free)]]
            blocks.append(Block(cells, matrix[own_rows][:, own], low[others], high[others], counts[own]))
    return blocks


def _bound_rows(linked: LinkedTables, fixed: Booleans) -> tuple[Any, Reals, Reals]:
    """Fixed cells, and ties; a tie of a group that is shown for certain is two rows, that meet nowhere."""
    ties = linked.ties
    told = ties @ linked.inner_counts
    low, high = linked.tie_low - told, linked.tie_high - told
    is_split = np.zeros(ties.shape[0], dtype=bool)
    if linked.tie_cells is not None:
        is_split = (linked.tie_cells >= 0) & fixed[linked.tie_cells]
    apart, together = ties[np.flatnonzero(is_split)], np.flatnonzero(~is_split)
    rows = sparse.vstack(
        [linked.incidence[np.flatnonzero(fixed)], apart.maximum(0), apart.minimum(0), ties[together]], format="csr"
    )
    zeros = np.zeros(rows.shape[0] - len(together))
    return rows, np.concatenate([zeros, low[together]]), np.concatenate([zeros, high[together]])


def _alive(linked: LinkedTables, fixed: Booleans, bound: Any, is_equal: Booleans) -> Booleans:
    """The unknowns that are not zero for everybody: under a fixed zero, or tied to nothing else."""
    counts = linked.inner_counts
    equal = bound[np.flatnonzero(is_equal)]
    more, less = (equal == 1).astype(np.int64), (equal == -1).astype(np.int64)
    # A row of one sign keeps the sum it has; only a sum of zero proves anything.
    lone = (np.diff(more.indptr) == 0) | (np.diff(less.indptr) == 0)
    is_zero = lone & ((more + less) @ counts == 0)
    alive = np.ones(len(counts), dtype=bool)
    while True:
        rises, falls = more @ alive.astype(np.int64), less @ alive.astype(np.int64)
        dead_more, dead_less = is_zero | ~lone & (falls == 0), is_zero | ~lone & (rises == 0)
        dead = (more.T @ dead_more.astype(np.int64) + less.T @ dead_less.astype(np.int64)) > 0
        if not (dead & alive).any():
            return alive
        alive &= ~dead


class AlternativeCounts:
    """One programme, solved again and again with other bounds and costs; cells are numbered within the block."""

    def __init__(self, block: Block, falls: Reals) -> None:
        self._cells, self._unknowns = len(block.cells), len(block.counts)
        self._falls = falls
        self._rises = np.full(self._cells, _NO_LIMIT)
        self._allowed = np.ones(self._cells, dtype=bool)
        self._costs = np.zeros(self._cells)
        self._columns = np.arange(self._unknowns, self._unknowns + 2 * self._cells, dtype=np.int32)
        self._solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
            self._solver.setOptionValue(option, value)
        self._pass(block)

    def _pass(self, block: Block) -> None:
        own = sparse.identity(self._cells, dtype=np.float64, format="csr")
        bound = len(block.low)
        moves = sparse.vstack([sparse.hstack([-own, own]), sparse.csr_array((bound, 2 * self._cells))])
        matrix = sparse.hstack([block.sums.astype(np.float64), moves], format="csr")
        programme = highspy.HighsLp()
        programme.num_col_ = self._unknowns + 2 * self._cells
        programme.num_row_ = self._cells + bound
        programme.col_cost_ = np.zeros(programme.num_col_)
        programme.col_lower_ = np.concatenate([-block.counts.astype(float), np.zeros(2 * self._cells)])
        programme.col_upper_ = np.concatenate([np.full(self._unknowns, _NO_LIMIT), self._rises, self._falls])
        programme.row_lower_ = np.concatenate([np.zeros(self._cells), block.low])
        programme.row_upper_ = np.concatenate([np.zeros(self._cells), block.high])
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = matrix.indptr
        programme.a_matrix_.index_ = matrix.indices
        programme.a_matrix_.value_ = matrix.data
        self._solver.passModel(programme)

    def allow(self, cells: Booleans) -> None:
        """Let exactly these cells change."""
        self._allowed = cells.copy()
        upper = np.concatenate([np.where(cells, self._rises, 0.0), np.where(cells, self._falls, 0.0)])
        self._solver.changeColsBounds(len(upper), self._columns, np.zeros(len(upper)), upper)

    def forbid(self, cell: int) -> None:
        self._allowed[cell] = False
        self._set(cell, (0.0, 0.0), (0.0, 0.0))

    def permit(self, cell: int) -> None:
        self._allowed[cell] = True
        self._free(cell)

    def charge(self, costs: Reals) -> None:
        """The price of changing each cell by one."""
        self._costs = costs.copy()
        self._solver.changeColsCost(2 * self._cells, self._columns, np.concatenate([costs, costs]))

    def reach(self, cell: int, change: float) -> Reals | None:
        """The change of each cell in the cheapest set that moves the cell so; None if there is none."""
        rise, fall = max(change, 0.0), max(-change, 0.0)
        if fall > self._falls[cell] + TOLERANCE:
            return None
        self._set(cell, (rise, rise), (fall, fall))
        self._solver.run()
        solved = self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        changes = self._changes() if solved else None
        self._free(cell)
        return changes

    def furthest(self, cell: int, wanted: int) -> float:
        """How far the cell can go towards a change that it cannot make whole."""
        costs = np.zeros(2 * self._cells)
        costs[cell if wanted > 0 else self._cells + cell] = -1.0
        self._solver.changeColsCost(2 * self._cells, self._columns, costs)
        goal = float(abs(wanted))
        self._set(cell, (0.0, goal if wanted > 0 else 0.0), (0.0, 0.0 if wanted > 0 else min(goal, self._falls[cell])))
        self._solver.run()
        reached = -float(self._solver.getInfo().objective_function_value)
        self._free(cell)
        self.charge(self._costs)
        return float(np.sign(wanted)) * reached

    def _changes(self) -> Reals:
        """Rise less fall; a cell that is paid for in both is counted as moved by what it moves."""
        values = np.array(self._solver.getSolution().col_value)[self._unknowns :]
        changes = values[: self._cells] - values[self._cells :]
        changes[np.abs(changes) <= TOLERANCE] = 0.0
        return np.asarray(changes)

    def _free(self, cell: int) -> None:
        rise, fall = (self._rises[cell], self._falls[cell]) if self._allowed[cell] else (0.0, 0.0)
        self._set(cell, (0.0, rise), (0.0, fall))

    def _set(self, cell: int, rise: tuple[float, float], fall: tuple[float, float]) -> None:
        self._solver.changeColBounds(self._unknowns + cell, *rise)
        self._solver.changeColBounds(self._unknowns + self._cells + cell, *fall)
