"""The rows of linked tables: each cell and each tie as a sum of the unknowns of its cliques.

The records are first parted by the codes of a column, where that makes the cliques smaller (the years of
a series: only one of them has cross-tables). Each part has cliques of its own, and nothing ties two parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from pipelines.disclosure.method.linked_cliques import Clique, CliqueTree, plan_cliques
from pipelines.disclosure.method.linked_columns import Definition, Domain, InnerCounts, Nestings
from pipelines.disclosure.method.linked_counts import CliqueTable, Records, TooManyInnerCells

__all__ = ["Rows", "TooManyInnerCells", "gather_rows"]

Pair = tuple[Definition, Definition]
#: Above this the system is not built: no machine of a centre would solve it in the time it has.
MOST_UNKNOWNS = 400_000


@dataclass(frozen=True)
class Rows:
    """Cells, ties and true counts, before unknowns are merged.

    `numbers` gives the row of each definition, `pair_numbers` that of each pair.
    """

    incidence: Any
    ties: Any
    tie_high: npt.NDArray[np.float64]
    tie_cells: npt.NDArray[np.int64]
    inner_counts: npt.NDArray[np.int64]
    numbers: Mapping[Definition, int]
    pair_numbers: tuple[int, ...]


@dataclass(frozen=True)
class _Asked:
    """What the rows must say: each distinct cell once, then the differences."""

    cells: tuple[Definition, ...]
    pairs: tuple[Pair, ...]
    numbers: Mapping[Definition, int]
    pair_numbers: tuple[int, ...]
    by_domain: Mapping[Domain | None, int]


@dataclass(frozen=True)
class _Part:
    """The records of one context, and how its definitions and differences read there."""

    context: Definition
    cells: Mapping[int, Definition]
    pairs: Mapping[int, tuple[Definition, Definition | None]]
    covers: Sequence[tuple[Definition, tuple[Definition, ...]]]
    #: By the place of an order among those known, its two sides as they read here; None where a side has no record.
    orders: Mapping[int, tuple[Definition | None, Definition | None]]

    @property
    def groups(self) -> set[Clique]:
        """The columns that must stand together."""
        differing = [[*whole, *(part or ())] for whole, part in self.pairs.values()]
        covering = [[*whole, *part] for whole, parts in self.covers for part in parts]
        ordered = [side for sides in self.orders.values() for side in sides if side is not None]
        named = [*self.cells.values(), *differing, *covering, *ordered]
        return {frozenset(column for column, _ in pairs) for pairs in named}


@dataclass
class _Entries:
    """The entries of a matrix as they are found."""

    rows: list[npt.NDArray[np.int64]] = field(default_factory=list)
    columns: list[npt.NDArray[np.int64]] = field(default_factory=list)
    values: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def add(self, row: int, columns: npt.NDArray[np.int64], value: int = 1) -> None:
        self.rows.append(np.full(len(columns), row, dtype=np.int64))
        self.columns.append(columns)
        self.values.append(np.full(len(columns), value, dtype=np.int64))

    def matrix(self, rows: int, columns: int) -> Any:
        none = np.empty(0, dtype=np.int64)
        places = (np.concatenate([none, *self.rows]), np.concatenate([none, *self.columns]))
        found = sparse.csr_array((np.concatenate([none, *self.values]), places), shape=(rows, columns))
        found.sum_duplicates()
        found.eliminate_zeros()
        return found


def gather_rows(definitions: Sequence[Definition], pairs: Sequence[Pair], inner: InnerCounts) -> Rows:
    """The rows of all the parts; raises `TooManyInnerCells` where they would have too many unknowns."""
    nestings = Nestings(inner)
    asked = _ask(definitions, pairs, nestings)
    parts, trees = _best_parts(asked, inner, nestings)
    if sum(tree.size for tree in trees) > MOST_UNKNOWNS:
        raise TooManyInnerCells
    gathering = _Gathering(asked, Records(inner, nestings), nestings, len(inner.orders))
    for part, tree in zip(parts, trees, strict=True):
        gathering.add(part, tree)
    return gathering.rows()


def _ask(definitions: Sequence[Definition], pairs: Sequence[Pair], nestings: Nestings) -> _Asked:
    """Two definitions that leave the same codes possible are one cell."""
    cells: list[Definition] = []
    numbers: dict[Definition, int] = {}
    by_domain: dict[Domain | None, int] = {}
    for definition in definitions:
        domain = nestings.domain(definition) if _is_known(definition, nestings) else None
        if domain not in by_domain:
            by_domain[domain] = len(cells)
            cells.append(definition)
        numbers[definition] = by_domain[domain]
    different: dict[tuple[Domain | None, Domain | None], int] = {}
    kept: list[Pair] = []
    pair_numbers = []
    for whole, part in pairs:
        key = nestings.domain(whole), nestings.domain(part)
        if key not in different:
            different[key] = len(cells) + len(kept)
            kept.append((whole, part))
        pair_numbers.append(different[key])
    return _Asked(tuple(cells), tuple(kept), numbers, tuple(pair_numbers), by_domain)


def _is_known(definition: Definition, nestings: Nestings) -> bool:
    return all(code in nestings.codes[column] for column, code in definition)


def _best_parts(asked: _Asked, inner: InnerCounts, nestings: Nestings) -> tuple[list[_Part], list[CliqueTree]]:
    """All the records as one part, or parted by the column that most cells name, whichever has fewer unknowns."""
    uses: dict[str, int] = {}
    for definition in asked.cells:
        for column, _ in definition:
            uses[column] = uses.get(column, 0) + 1
    often = sorted((column for column in uses if uses[column] * 4 > len(asked.cells)), key=lambda c: (-uses[c], c))
    best: tuple[list[_Part], list[CliqueTree]] | None = None
    ways: list[list[Definition]] = [[()]]
    ways += [[((column, code),) for code in inner.codes[column]] for column in often[:4]]
    for contexts in ways:
        parts = [_part(asked, context, inner, nestings) for context in contexts]
        trees = _plan(parts, nestings)
        if best is None or sum(tree.size for tree in trees) < sum(tree.size for tree in best[1]):
            best = parts, trees
    assert best is not None
    return best


def _plan(parts: Sequence[_Part], nestings: Nestings) -> list[CliqueTree]:
    """The cliques of each part; years with the same tables have the same ones, and are planned once."""
    planned: dict[tuple[frozenset[Clique], frozenset[tuple[str, int]]], CliqueTree] = {}
    trees = []
    for part in parts:
        left = nestings.domain(part.context) or frozenset()
        key = frozenset(part.groups), frozenset((column, len(codes)) for column, codes in left)
        if key not in planned:
            planned[key] = plan_cliques(key[0], part.context, nestings)
        trees.append(planned[key])
    return trees


def _part(asked: _Asked, context: Definition, inner: InnerCounts, nestings: Nestings) -> _Part:
    def read(definition: Definition) -> Definition | None:
        if not _is_known(definition, nestings) or nestings.domain((*definition, *context)) is None:
            return None
        return nestings.shorten(definition, context)

    cells = {number: found for number, cell in enumerate(asked.cells) if (found := read(cell)) is not None}
    pairs = {
        number: (found, read(part))
        for number, (whole, part) in enumerate(asked.pairs, start=len(asked.cells))
        if (found := read(whole)) is not None
    }
    covers = []
    for cover in inner.covers:
        whole = read(cover.whole)
        if whole is not None:
            possible = [read(tuple(sorted({*cover.whole, *part}))) for part in cover.parts]
            covers.append((whole, tuple(part for part in possible if part is not None)))
    orders = {number: (read(lesser), read(greater)) for number, (lesser, greater) in enumerate(inner.orders)}
    return _Part(context, cells, pairs, covers, orders)


class _Gathering:
    """The rows as part after part is added."""

    def __init__(self, asked: _Asked, records: Records, nestings: Nestings, orders: int) -> None:
        """`orders`: how many are known; they come before the ties, for each adds up over all the parts."""
        self._asked, self._records, self._nestings = asked, records, nestings
        self._cells, self._ties = _Entries(), _Entries()
        self._tie_high: list[float] = [np.inf] * orders
        self._tie_cells: list[int] = [-1] * orders
        self._counts: list[npt.NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
        self._unknowns = 0

    def add(self, part: _Part, tree: CliqueTree) -> None:
        """The unknowns, cells and ties of one part."""
        tables = []
        for clique in tree.cliques:
            table = self._records.table(clique, part.context, self._unknowns)
            self._counts.append(table.counts)
            self._unknowns += len(table.counts)
            tables.append(table)
        for number, definition in part.cells.items():
            host = _host(tables, definition)
            self._cells.add(number, host.where(host.mask(definition)))
        for number, (whole, inside) in part.pairs.items():
            host = _host(tables, (*whole, *(inside or ())))
            mask = host.mask(whole)
            if inside is not None:
                mask &= ~host.mask(inside)
            self._cells.add(number, host.where(mask))
        for one, other in tree.edges:
            self._tie(part, tables[one], tables[other])
        for entry in part.covers:
            self._cover(tables, *entry)
        for number, sides in part.orders.items():
            for side, value in zip(sides, (-1, 1), strict=True):
                if side is not None:
                    host = _host(tables, side)
                    self._ties.add(number, host.where(host.mask(side)), value)

    def _tie(self, part: _Part, one: CliqueTable, other: CliqueTable) -> None:
        """The sums over what two cliques share agree."""
        shared = sorted(set(one.columns) & set(other.columns))
        groups: dict[tuple[str, ...], list[tuple[npt.NDArray[np.int64], int]]] = {}
        for table, value in ((one, 1), (other, -1)):
            for codes, unknowns in table.by_codes(shared):
                groups.setdefault(codes, []).append((unknowns, value))
        for codes, sides in sorted(groups.items()):
            domain = self._nestings.domain((*part.context, *zip(shared, codes, strict=True)))
            for unknowns, value in sides:
                self._ties.add(len(self._tie_high), unknowns, value)
            self._tie_high.append(0.0)
            self._tie_cells.append(self._asked.by_domain.get(domain, -1))

    def _cover(self, tables: Sequence[CliqueTable], whole: Definition, parts: tuple[Definition, ...]) -> None:
        """For each combination of what the cliques of the answers share: no fewer answers than records."""
        hosts = [_host(tables, (*whole, *part)) for part in parts] or [_host(tables, whole)]
        shared = sorted(set[str].intersection(*(set(host.columns) for host in hosts)))
        answered = {id(host): np.zeros(len(host.counts), dtype=bool) for host in hosts}
        for host, part in zip(hosts, parts, strict=False):
            answered[id(host)] |= host.mask(part)
        distinct = list({id(host): host for host in hosts}.values())
        rows: dict[tuple[str, ...], int] = {}
        for codes, unknowns in distinct[0].by_codes(shared, distinct[0].mask(whole)):
            rows[codes] = len(self._tie_high)
            self._ties.add(rows[codes], unknowns, -1)
            self._tie_high.append(np.inf)
            self._tie_cells.append(-1)
        for host in distinct:
            for codes, unknowns in host.by_codes(shared, host.mask(whole) & answered[id(host)]):
                if codes in rows:
                    self._ties.add(rows[codes], unknowns)

    def rows(self) -> Rows:
        """All that was added."""
        cells = len(self._asked.cells) + len(self._asked.pairs)
        return Rows(
            self._cells.matrix(cells, self._unknowns),
            self._ties.matrix(len(self._tie_high), self._unknowns),
            np.array(self._tie_high, dtype=np.float64),
            np.array(self._tie_cells, dtype=np.int64),
            np.concatenate(self._counts),
            self._asked.numbers,
            self._asked.pair_numbers,
        )


def _host(tables: Sequence[CliqueTable], pairs: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> CliqueTable:
    """The smallest table that has all these columns."""
    needed = {column for column, _ in pairs}
    return min((table for table in tables if needed <= set(table.columns)), key=lambda table: len(table.counts))
