"""Linked tables as one system: distinct groups of records, and the unknown counts that they are sums of.

Two cells that count the same records are one cell, whatever table or label they stand in. The unknowns
of an attacker are the cells of one smaller table for each clique of columns (`linked_cliques.py`), tied
where two cliques overlap. Those that no row tells apart are one unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.disclosure.method.linked_columns import Cover, Definition, InnerCounts
from pipelines.disclosure.method.linked_rows import TooManyInnerCells, gather_rows
from pipelines.disclosure.method.linked_unknowns import merge_unknowns

__all__ = [
    "Cover",
    "Definition",
    "InnerCounts",
    "LinkedTables",
    "TableShape",
    "TooManyInnerCells",
    "cells_of",
    "link_cells",
    "watch_differences",
]


@dataclass(frozen=True)
class TableShape:
    """A published table with all its margins.

    `sides`: for each side the columns that are alternative groupings of it. `where`: the records it is about.
    """

    sides: tuple[tuple[str, ...], ...]
    where: Mapping[str, str]


@dataclass(frozen=True)
class LinkedTables:
    """The distinct cells of a set of tables over their unknowns. The counts are true ones: never a thing to write.

    `incidence[cell, unknown]` is 1 where the unknown is part of the cell. `ties @ unknowns` lies between
    `tie_low` and `tie_high`: 0 and 0 where two cliques agree, 0 and infinity for several answers a unit.
    `numbers` gives the distinct cell of every definition that was asked for.
    """

    incidence: Any  # a scipy.sparse.csr_array, which has no type to say
    ties: Any
    tie_low: npt.NDArray[np.float64]
    tie_high: npt.NDArray[np.float64]
    inner_counts: npt.NDArray[np.int64]
    numbers: Mapping[Definition, int]
    #: The distinct cell that each tie makes agree, -1 where the tables have no such cell; None if none is known.
    tie_cells: npt.NDArray[np.int64] | None = None
    #: The pairs (whole, part) whose difference is a cell too, and the distinct cell that each is.
    differences: tuple[tuple[Definition, Definition], ...] = ()
    difference_numbers: tuple[int, ...] = ()

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """The true count of each distinct cell."""
        return np.asarray(self.incidence @ self.inner_counts, dtype=np.int64)


def cells_of(shape: TableShape, inner: InnerCounts) -> list[Definition]:
    """Every cell of the table, margins and total included."""
    fixed = list(shape.where.items())
    sides = [[None, *((column, code) for column in side for code in inner.codes[column])] for side in shape.sides]
    chosen = product(*sides)
    return [tuple(sorted([*fixed, *(part for part in choice if part is not None)])) for choice in chosen]


def link_cells(definitions: Iterable[Definition], inner: InnerCounts) -> LinkedTables:
    """Build the system of these cells; raises `TooManyInnerCells` where it would be too large to solve."""
    return _link(tuple(dict.fromkeys(definitions)), (), inner)


def watch_differences(
    linked: LinkedTables, pairs: Sequence[tuple[Definition, Definition]], inner: InnerCounts
) -> LinkedTables:
    """The same cells, and after them one for each pair: what the first group has and the second has not.

    No table names these groups; each stands once, beside those that were watched before.
    """
    return _link(tuple(linked.numbers), tuple(dict.fromkeys((*linked.differences, *pairs))), inner)


def _link(
    definitions: tuple[Definition, ...], pairs: tuple[tuple[Definition, Definition], ...], inner: InnerCounts
) -> LinkedTables:
    rows = gather_rows(definitions, pairs, inner)
    incidence, ties, counts = merge_unknowns(rows.incidence, rows.ties, rows.tie_high, rows.inner_counts)
    number_of, kept = _distinct(incidence)
    numbers = {definition: int(number_of[cell]) for definition, cell in rows.numbers.items()}
    tie_cells = np.where(rows.tie_cells >= 0, number_of[rows.tie_cells], -1)
    told = np.flatnonzero(np.diff(ties.indptr))
    return LinkedTables(
        incidence=incidence[kept],
        ties=ties[told],
        tie_low=np.zeros(len(told)),
        tie_high=rows.tie_high[told],
        inner_counts=counts,
        numbers=numbers,
        tie_cells=tie_cells[told],
        differences=pairs,
        difference_numbers=tuple(int(number_of[cell]) for cell in rows.pair_numbers),
    )


def _distinct(incidence: Any) -> tuple[npt.NDArray[np.int64], list[int]]:
    """The rows of the same unknowns are one cell, at its first place."""
    first: dict[bytes, int] = {}
    numbers: list[int] = []
    kept: list[int] = []
    for row in range(incidence.shape[0]):
        key = incidence.indices[incidence.indptr[row] : incidence.indptr[row + 1]].tobytes()
        if key not in first:
            first[key] = len(kept)
            kept.append(row)
        numbers.append(first[key])
    return np.array(numbers, dtype=np.int64), kept
