"""The attacker's equations: unknown whole numbers of records, and what the published cells say of them.

The full table over all dimensions would be too large to write down. Published cells never cross some
dimensions, so it is enough to keep one smaller table of unknowns for each clique of a triangulated graph
of the dimensions that are crossed, and to ask that neighbouring tables agree on what they share. On a
tree of cliques, whole numbers that agree pairwise always come from one set of records: nothing is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipelines.disclosure.attacker.attack_answers import covers
from pipelines.disclosure.attacker.attack_cliques import Relation, Tree, build_tree, grid_of
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet, Where

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
#: A bound that is none.
NO_BOUND = -1
_YES_NO = ("no", "yes")


@dataclass(frozen=True)
class System:
    """`low <= matrix @ unknowns <= high` with unknowns whole and not negative, by rows of one matrix.

    `starts`, `columns`, `weights`: the matrix, compressed by rows. `high` is `NO_BOUND` without end.
    `row_of`: the row of a group of records; `published`: the rows of published cells. `unknowns`: for each
    column one of the unknowns that it is the sum of; `column_of`: the column of each unknown that a row holds.
    """

    column_count: int
    starts: Ints
    columns: Ints
    weights: Ints
    low: Ints
    high: Ints
    row_of: Mapping[Where, int]
    published: Ints
    unknowns: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    column_of: Mapping[int, int] = field(default_factory=dict)

    def totals(self, point: Ints) -> Ints:
        """The value of every row at a point."""
        products = np.concatenate((self.weights * point[self.columns], np.zeros(1, np.int64)))
        sums = np.add.reduceat(products, self.starts[:-1])
        # `reduceat` gives the next entry, not zero, for a row without any.
        return np.where(np.diff(self.starts) == 0, 0, sums)

    def is_solved_by(self, point: Ints) -> bool:
        """Whether the whole numbers give exactly what was published."""
        if (point < 0).any():
            return False
        totals = self.totals(point)
        below = (self.high == NO_BOUND) | (totals <= self.high)
        return bool((totals >= self.low).all() and below.all())


class Space:
    """The unknowns of one universe: the cells of every clique's table that may hold somebody."""

    def __init__(self, published: PublishedSet, cells: Sequence[PublishedCell], limit: int) -> None:
        self._published = published
        self._codes: dict[str, tuple[str, ...]] = dict(published.dimensions)
        relations = list(_nested(published))
        for name in sorted(published.multi_answer):
            relations += self._split(name)
        families = {frozenset(self._resolve(where)) for where in {cell.where for cell in cells}}
        self.tree: Tree = build_tree(families, self._codes, relations)
        self._grids = [grid_of(clique, self._codes, relations, limit) for clique in self.tree.cliques]
        self._alive: list[Bools] = [np.ones(len(grid), dtype=np.bool_) for grid in self._grids]

    def _split(self, name: str) -> Iterator[Relation]:
        """Several answers a unit: each code is a question of its own, answered yes or no."""
        classes = self._published.groups.get(name, {})
        for code in (*self._published.dimensions[name], *classes):
            self._codes[question(name, code)] = _YES_NO
        for code, leaves in classes.items():
            for leaf in sorted(leaves):
                allowed = frozenset({("no", "no"), ("no", "yes"), ("yes", "yes")})
                yield Relation(question(name, leaf), question(name, code), allowed)

    def _resolve(self, where: Where) -> dict[str, frozenset[str]]:
        codes: dict[str, frozenset[str]] = {}
        for dimension, code in where:
            leaves = self._published.leaves_of(dimension, code)
            if dimension in self._published.multi_answer:
                dimension, leaves = question(dimension, code), frozenset({"yes"})
            codes[dimension] = codes.get(dimension, leaves) & leaves
        return codes

    def _members(self, clique: int, codes: Mapping[str, frozenset[str]]) -> Bools:
        members: Bools = np.ones(len(self._grids[clique]), dtype=np.bool_)
        for place, dimension in enumerate(self.tree.cliques[clique]):
            if dimension in codes:
                kept = np.array([code in codes[dimension] for code in self._codes[dimension]], dtype=np.bool_)
                members &= kept[self._grids[clique][:, place]]
        return members

    def _homes(self, where: Where) -> list[int]:
        """The cliques that hold all the dimensions of a cell, the smallest first."""
        dimensions = self._resolve(where).keys()
        homes = [number for number, clique in enumerate(self.tree.cliques) if dimensions <= set(clique)]
        return sorted(homes, key=lambda number: (len(self._grids[number]), number))

    def kill(self, where: Where) -> None:
        """A published zero: nobody is in any of its parts."""
        for clique in self._homes(where):
            self._alive[clique] &= ~self._members(clique, self._resolve(where))

    def spread_zeros(self) -> None:
        """What one table says is empty is empty in its neighbours too."""
        is_changing = True
        while is_changing:
            is_changing = False
            for first, second, shared in self.tree.links:
                keys = [self._keys(clique, shared) for clique in (first, second)]
                both = np.intersect1d(keys[0][self._alive[first]], keys[1][self._alive[second]])
                for clique, key in zip((first, second), keys, strict=True):
                    kept = self._alive[clique] & np.isin(key, both)
                    is_changing |= bool((kept != self._alive[clique]).any())
                    self._alive[clique] = kept

    def _keys(self, clique: int, shared: Sequence[str]) -> Ints:
        """One number for each combination of the codes that two tables share."""
        keys = np.zeros(len(self._grids[clique]), dtype=np.int64)
        for dimension in shared:
            place = self.tree.cliques[clique].index(dimension)
            keys = keys * len(self._codes[dimension]) + self._grids[clique][:, place]
        return keys

    @property
    def _offsets(self) -> Ints:
        return np.concatenate(([0], np.cumsum([len(grid) for grid in self._grids]))).astype(np.int64)

    def unknowns_of(self, where: Where) -> Ints:
        """The unknowns that add up to a cell."""
        home = self._homes(where)[0]
        members = np.flatnonzero(self._members(home, self._resolve(where)) & self._alive[home])
        unknowns: Ints = self._offsets[home] + members
        return unknowns

    def places_of(self, clique: int, codes: Mapping[str, frozenset[str]]) -> Ints:
        """The unknowns of a clique that a record may be one of, of which these leaf codes are known."""
        members = np.flatnonzero(self._members(clique, codes) & self._alive[clique])
        places: Ints = self._offsets[clique] + members
        return places

    def tables_of(self, unknowns: Ints) -> list[dict[tuple[str, ...], int]]:
        """The counts of each clique's table, by the codes of its dimensions; empty ones are left out."""
        tables = []
        for clique, grid, offset in zip(self.tree.cliques, self._grids, self._offsets.tolist(), strict=False):
            counts = unknowns[offset : offset + len(grid)]
            codes = [self._codes[dimension] for dimension in clique]
            tables.append(
                {
                    tuple(of[place] for of, place in zip(codes, grid[line].tolist(), strict=True)): int(counts[line])
                    for line in np.flatnonzero(counts).tolist()
                }
            )
        return tables

    @property
    def unknown_count(self) -> int:
        """How many unknowns there are in all tables together."""
        return int(self._offsets[-1])

    def agreements(self) -> Iterator[tuple[Ints, Ints]]:
        """Pairs of sets of unknowns with the same sum: one group of records, seen from two tables."""
        for first, second, shared in self.tree.links:
            keys = [self._keys(clique, shared) for clique in (first, second)]
            for key in np.unique(keys[0][self._alive[first]]):
                sides = [
                    self._offsets[clique] + np.flatnonzero((of == key) & self._alive[clique])
                    for clique, of in zip((first, second), keys, strict=True)
                ]
                yield sides[0], sides[1]


def question(dimension: str, code: str) -> str:
    """The dimension, answered yes or no, that stands for one code of a dimension of several answers."""
    return f"{dimension}={code}"


def _nested(published: PublishedSet) -> Iterator[Relation]:
    for nesting in published.nestings:
        yield Relation(nesting.fine, nesting.coarse, frozenset(nesting.parent_of.items()))


def build_system(published: PublishedSet, universe: str, limit: int) -> tuple[Space, System]:
    """The unknowns and equations of one universe; raises `TooManyUnknowns` beyond `limit` unknowns in a clique."""
    cells = [cell for cell in published.cells if cell.universe == universe]
    watched = [cell for cell in published.watched if cell.universe == universe]
    space = Space(published, [*cells, *watched], limit)
    for cell in cells:
        if cell.value == 0 and cell.most == 0:
            space.kill(cell.where)
    space.spread_zeros()
    rows = _Rows()
    for cell in cells:
        if cell.value is not None:
            rows.add_group(cell.where, space.unknowns_of(cell.where), cell.least, cell.most)
        else:
            # A zero would have been published: what is hidden is somebody.
            rows.add_group(
                cell.where,
                space.unknowns_of(cell.where),
                int(published.zeros_are_published and not cell.may_be_zero),
                NO_BOUND,
            )
    for cell in watched:
        rows.add_group(cell.where, space.unknowns_of(cell.where), 0, NO_BOUND)
    for first, second in space.agreements():
        rows.add({**dict.fromkeys(first.tolist(), 1), **dict.fromkeys(second.tolist(), -1)}, 0, 0)
    for whole, parts in covers(published, cells):
        weights: dict[int, int] = defaultdict(int)
        for where, weight in [(whole, -1), *((part, 1) for part in parts)]:
            for unknown in space.unknowns_of(where).tolist():
                weights[unknown] += weight
        rows.add(weights, 0, NO_BOUND)
    for told in published.person_lines:
        if told.line.universe == universe:
            line, total = (space.unknowns_of(cell.where) for cell in (told.line, told.total))
            rows.add_rest(told.rest, total, line)
    return space, rows.compressed({cell.where for cell in cells})


class _Rows:
    """Rows in the making; two cells of the same group of records share one."""

    def __init__(self) -> None:
        self._weights: list[dict[int, int]] = []
        self._bounds: list[tuple[int, int]] = []
        self._row_of: dict[Where, int] = {}

    def add(self, weights: Mapping[int, int], low: int, high: int) -> int:
        self._weights.append({unknown: weight for unknown, weight in weights.items() if weight})
        self._bounds.append((low, high))
        return len(self._bounds) - 1

    def add_group(self, where: Where, unknowns: Ints, low: int, high: int) -> None:
        if where not in self._row_of:
            self._row_of[where] = self.add(dict.fromkeys(unknowns.tolist(), 1), low, high)
            return
        # Told twice: both hold, and if they differ the system has no solution, as it should.
        row = self._row_of[where]
        before = self._bounds[row]
        highs = [bound for bound in (before[1], high) if bound != NO_BOUND]
        self._bounds[row] = (max(before[0], low), min(highs) if highs else NO_BOUND)

    def add_rest(self, where: Where, whole: Ints, part: Ints) -> None:
        """What a group has more than another, whose records are others: it is not less than nobody."""
        if where not in self._row_of:
            weights: dict[int, int] = defaultdict(int)
            for unknowns, weight in ((whole, 1), (part, -1)):
                for unknown in unknowns.tolist():
                    weights[unknown] += weight
            self._row_of[where] = self.add(weights, 0, NO_BOUND)

    def compressed(self, published: set[Where]) -> System:
        """Unknowns that every row treats alike become one: only their sum can matter."""
        marks: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row, weights in enumerate(self._weights):
            for unknown, weight in weights.items():
                marks[unknown].append((row, weight))
        column_of: dict[tuple[tuple[int, int], ...], int] = {}
        unknowns: list[int] = []
        for unknown in sorted(marks):
            if column_of.setdefault(tuple(marks[unknown]), len(column_of)) == len(unknowns):
                unknowns.append(unknown)
        entries = sorted((row, column, weight) for mark, column in column_of.items() for row, weight in mark)
        table = np.array(entries, dtype=np.int64).reshape(-1, 3)
        counts = np.bincount(table[:, 0], minlength=len(self._bounds))
        bounds = np.array(self._bounds, dtype=np.int64).reshape(-1, 2)
        return System(
            column_count=len(column_of),
            starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            columns=table[:, 1],
            weights=table[:, 2],
            low=bounds[:, 0],
            high=bounds[:, 1],
            row_of=self._row_of,
            published=np.array(sorted(self._row_of[where] for where in published), dtype=np.int64),
            unknowns=np.array(unknowns, dtype=np.int64),
            column_of={unknown: column_of[tuple(mark)] for unknown, mark in marks.items()},
        )
