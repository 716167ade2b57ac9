"""Linked tables as one system: distinct groups of persons, and the inner cells that they are sums of.

Two cells that count the same persons are one cell, whatever table or label they stand in. The
unknowns of an attacker are the inner cells: every combination of codes that could hold somebody.
Those that no table tells apart are one unknown, and those under a published zero are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

#: One cell of a table: the code of each column that it depends on; the columns that it sums over are absent.
Definition = tuple[tuple[str, str], ...]
#: Above this the system is not built: no machine of a centre would solve it in the time it has.
MOST_INNER_CELLS = 400_000


class TooManyInnerCells(Exception):
    """The tables cross too many columns to be protected together."""


@dataclass(frozen=True)
class TableShape:
    """A published table with all its margins.

    `sides`: for each side the columns that are alternative groupings of it. `where`: the records it is about.
    """

    sides: tuple[tuple[str, ...], ...]
    where: Mapping[str, str]


@dataclass(frozen=True)
class InnerCounts:
    """The counts of persons by every combination of codes that occurs; the others are zero."""

    columns: tuple[str, ...]
    rows: Mapping[tuple[str, ...], int]
    #: (column, other): each code of the column belongs to one code of the other, as everyone knows.
    nested: Sequence[tuple[str, str]]

    @cached_property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of each column, sorted."""
        return {column: tuple(sorted({row[place] for row in self.rows})) for place, column in enumerate(self.columns)}


@dataclass(frozen=True)
class LinkedTables:
    """The distinct cells of a set of tables over their inner cells.

    `incidence[cell, inner]` is true where the inner cell is part of the cell. `definitions[table]`
    gives each cell of a table by its number here. The counts are true ones: never a thing to write.
    """

    incidence: npt.NDArray[np.bool_]
    inner_counts: npt.NDArray[np.int64]
    definitions: tuple[Mapping[Definition, int], ...]

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """The true count of each distinct cell."""
        return self.incidence.astype(np.int64) @ self.inner_counts


def watch_differences(linked: LinkedTables, pairs: Sequence[tuple[int, int]]) -> LinkedTables:
    """The same system with a cell more for each pair: what the first cell has and the second has not.

    No table names these groups; they stand after the cells of the tables, each once.
    """
    differences = [linked.incidence[whole] & ~linked.incidence[part] for whole, part in pairs]
    rows = {row.tobytes(): row for row in [*linked.incidence, *differences]}
    return LinkedTables(np.array(list(rows.values())), linked.inner_counts, linked.definitions)


def link_tables(tables: Sequence[TableShape], inner: InnerCounts) -> LinkedTables:
    """Build the system; raises `TooManyInnerCells` where it would be too large to solve."""
    used = _used_columns(tables)
    combinations, counts = _inner_cells(inner, used)
    masks = _masks(combinations, used)
    rows: dict[bytes, int] = {}
    incidence: list[npt.NDArray[np.bool_]] = []
    definitions: list[dict[Definition, int]] = []
    for table in tables:
        numbers: dict[Definition, int] = {}
        for definition in _definitions(table, inner):
            mask = np.ones(len(counts), dtype=bool)
            for column, code in definition:
                mask &= masks[column, code]
            key = np.packbits(mask).tobytes()
            if key not in rows:
                rows[key] = len(incidence)
                incidence.append(mask)
            numbers[definition] = rows[key]
        definitions.append(numbers)
    merged, owners = np.unique(np.array(incidence), axis=1, return_inverse=True)
    sums = np.bincount(owners.ravel(), weights=counts, minlength=merged.shape[1]).astype(np.int64)
    return LinkedTables(merged, sums, tuple(definitions))


def _used_columns(tables: Sequence[TableShape]) -> tuple[str, ...]:
    named = [column for table in tables for side in table.sides for column in side]
    return tuple(dict.fromkeys([*named, *(column for table in tables for column in table.where)]))


def _inner_cells(inner: InnerCounts, used: Sequence[str]) -> tuple[list[tuple[str, ...]], npt.NDArray[np.int64]]:
    """Every combination of the used columns that could hold somebody, and how many it holds."""
    families = _families(inner, used)
    size = 1
    for _, tuples in families:
        size *= len(tuples)
    if size > MOST_INNER_CELLS:
        raise TooManyInnerCells
    order = [column for columns, _ in families for column in columns]
    places = [inner.columns.index(column) for column in used]
    held: dict[tuple[str, ...], int] = {}
    for row, count in inner.rows.items():
        key = tuple(row[place] for place in places)
        held[key] = held.get(key, 0) + count
    positions = [order.index(column) for column in used]
    combinations = []
    for parts in product(*(tuples for _, tuples in families)):
        flat = [code for part in parts for code in part]
        combinations.append(tuple(flat[position] for position in positions))
    return combinations, np.array([held.get(combination, 0) for combination in combinations], dtype=np.int64)


def _families(inner: InnerCounts, used: Sequence[str]) -> list[tuple[list[str], list[tuple[str, ...]]]]:
    """Columns that nest in one another vary together: only the combinations that exist are possible."""
    families: list[list[str]] = []
    for column in used:
        linked = [family for family in families if any(_related(inner, column, other) for other in family)]
        families = [family for family in families if family not in linked]
        families.append([column, *(other for family in linked for other in family)])
    found = []
    for family in families:
        places = [inner.columns.index(column) for column in family]
        found.append((family, sorted({tuple(row[place] for place in places) for row in inner.rows})))
    return found


def _related(inner: InnerCounts, one: str, other: str) -> bool:
    return (one, other) in inner.nested or (other, one) in inner.nested


def _masks(
    combinations: Sequence[tuple[str, ...]], used: Sequence[str]
) -> dict[tuple[str, str], npt.NDArray[np.bool_]]:
    masks = {}
    for place, column in enumerate(used):
        codes = np.array([combination[place] for combination in combinations])
        for code in np.unique(codes):
            masks[column, str(code)] = codes == code
    return masks


def _definitions(table: TableShape, inner: InnerCounts) -> list[Definition]:
    """Every cell of the table, margins and total included."""
    fixed = list(table.where.items())
    sides = [[None, *((column, code) for column in side for code in inner.codes[column])] for side in table.sides]
    definitions = []
    for choice in product(*sides):
        definitions.append(tuple(sorted([*fixed, *(part for part in choice if part is not None)])))
    return definitions
