"""Counts that several contributors gave, as the centres of a federation: no cell tells about one of them.

A cell that adds up several contributors is protected where too few stand behind it, or one holds nearly all
of it; so is what two such cells differ by. It stays at least k-1 either way from its true count, as far as
the published zeros leave that possible. A cell that is broken down by contributor follows the rule of k alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipelines.disclosure.attacker.attack import MOST_UNKNOWNS, AttackReport
from pipelines.disclosure.attacker.attack_model import build_system
from pipelines.disclosure.attacker.attack_programme import OutOfTime
from pipelines.disclosure.attacker.attack_solver import Searcher
from pipelines.disclosure.method.linked_tables import Definition, InnerCounts, LinkedTables
from pipelines.disclosure.method.secondary import Booleans, Whole
from pipelines.disclosure.primary import too_few_contributors
from pipelines.disclosure.reading.published import EXCEPT, PublishedCell, PublishedSet, Where
from pipelines.disclosure.table_specification import TableSpecification, parents_of

_Pair = tuple[Definition, Definition]


@dataclass(frozen=True)
class WideCell:
    """A group that has to keep every end from `low` to `high`: units, both included.

    `without`: the column and the code that are taken away from the records of `told`, for what two cells differ by.
    """

    told: Where
    low: int
    high: int
    without: tuple[str, str] | None = None

    @property
    def where(self) -> Where:
        """The group as the attack knows it."""
        if self.without is None:
            return self.told
        column, code = self.without
        return tuple(sorted((*self.told, (column, EXCEPT + code))))


class Contributors:
    """Who stands behind each cell; without a column that says so, nobody is told about."""

    def __init__(self, inner: InnerCounts, asked: TableSpecification) -> None:
        self._asked = asked
        self._inner = inner
        self._parents = parents_of(inner)
        self._own = frozenset() if asked.contributor is None else _at_or_below(asked.contributor, inner)
        self._codes = {
            column: np.array([row[place] for row in inner.rows], dtype=object)
            for place, column in enumerate(inner.columns)
        }
        self._counts = np.array(list(inner.rows.values()), dtype=np.int64)
        self._masks: dict[tuple[str, str], Booleans] = {}
        if asked.contributor is not None:
            names, self._giver = np.unique(self._codes[asked.contributor].astype(str), return_inverse=True)
            self._number = len(names)

    def differences(self, linked: LinkedTables) -> list[_Pair]:
        """Two cells one step apart, of k units or more between them that too few contributors gave."""
        if self._asked.contributor is None:
            return []
        return [
            (whole, part)
            for part in linked.numbers
            for whole, _ in self._wider(part)
            if whole in linked.numbers and self._is_told(self._given(whole) - self._given(part))
        ]

    def told(self, linked: LinkedTables) -> Booleans:
        """The distinct cells, those that are watched included, that would tell about a contributor."""
        found = np.zeros(len(linked.counts), dtype=bool)
        if self._asked.contributor is None:
            return found
        for definition, number in linked.numbers.items():
            found[number] |= self._is_told(self._given(definition))
        for (whole, part), number in zip(linked.differences, linked.difference_numbers, strict=True):
            found[number] |= self._is_told(self._given(whole) - self._given(part))
        for definition, number in linked.numbers.items():
            # The same records, published as those of one contributor.
            found[number] &= not self._is_broken_down(definition)
        return found

    def wide_cells(self, linked: LinkedTables, low: Whole, high: Whole) -> list[WideCell]:
        """The groups told about, under all their names, with the ends that each keeps."""
        told = self.told(linked)
        numbers = linked.numbers.items()
        cells = [WideCell(where, int(low[at]), int(high[at])) for where, at in numbers if told[at]]
        for (whole, part), at in zip(linked.differences, linked.difference_numbers, strict=True):
            ways = (step for wider, step in self._wider(part) if wider == whole and told[at])
            cells += [WideCell(whole, int(low[at]), int(high[at]), without=way) for way in ways]
        return cells

    def _is_told(self, given: Whole) -> bool:
        is_large = int(given.sum()) >= self._asked.k
        return is_large and too_few_contributors(given.tolist(), self._asked.min_contributors, self._asked.max_share)

    def _is_broken_down(self, definition: Definition) -> bool:
        return any(column in self._own for column, _ in definition)

    def _given(self, definition: Definition) -> Whole:
        """How much of a cell each contributor gave."""
        kept = np.ones(len(self._counts), dtype=bool)
        for column, code in definition:
            if (column, code) not in self._masks:
                self._masks[column, code] = np.asarray(self._codes[column] == code)
            kept &= self._masks[column, code]
        return np.bincount(self._giver[kept], self._counts[kept], self._number).astype(np.int64)

    def _wider(self, definition: Definition) -> Iterator[tuple[Definition, tuple[str, str]]]:
        """The cells one step around a cell, and what is left out: a code, or its place taken by the one above."""
        for place, (column, code) in enumerate(definition):
            others = (*definition[:place], *definition[place + 1 :])
            if column in self._own:
                continue
            yield others, (column, code)
            for (fine, coarse), parent_of in self._parents.items():
                if fine == column and code in parent_of:
                    yield tuple(sorted((*others, (coarse, parent_of[code])))), (column, code)


def _at_or_below(column: str, inner: InnerCounts) -> frozenset[str]:
    """The column, and those that are nested in it: a cell of theirs is of one contributor."""
    found = {column}
    for _ in inner.nested:
        found |= {fine for fine, coarse in inner.nested if coarse in found}
    return frozenset(found)


def watch_groups(published: PublishedSet, cells: Sequence[WideCell]) -> PublishedSet:
    """The same published cells, and beside them the groups that no table names."""
    groups = {name: dict(of) for name, of in published.groups.items()}
    watched = []
    for cell in cells:
        if cell.without is not None:
            column, code = cell.without
            groups.setdefault(column, {})[EXCEPT + code] = frozenset(published.dimensions[column]) - {code}
            watched.append(PublishedCell("", cell.where, None))
    return replace(published, groups=groups, watched=(*published.watched, *watched))


def too_narrow(cells: Sequence[WideCell], report: AttackReport, nothing_shown: PublishedSet, deadline: float) -> int:
    """How many of these cells the attack narrows more than hiding all that can be hidden would.

    `nothing_shown`: the same tables with everything hidden that can be. What is not proved in time counts.
    """
    searchers = [(each.system.row_of, each.searcher) for each in report.searched]
    narrow = [
        cell
        for cell in cells
        if not any(cell.where in rows and _is_wide(searcher, rows[cell.where], cell) for rows, searcher in searchers)
    ]
    if not narrow:
        return 0
    try:
        _, system = build_system(nothing_shown, "", MOST_UNKNOWNS)
        widest = Searcher(system, deadline=deadline, k=0)
        widest.start()
    except OutOfTime:
        return len(narrow)
    return sum(
        not any(
            cell.where in rows and _is_wide(searcher, rows[cell.where], _reachable(cell, widest, system.row_of))
            for rows, searcher in searchers
        )
        for cell in narrow
    )


def _is_wide(searcher: Searcher, row: int, cell: WideCell) -> bool:
    try:
        seen = searcher.seen(row)
        is_low = seen.low <= cell.low or searcher.least(row) <= cell.low
        if not is_low:
            return False
        if searcher.reaches(row, cell.high):
            return True
        most = searcher.most(row)
    except OutOfTime:
        return False
    return most is None or most >= cell.high


def _reachable(cell: WideCell, widest: Searcher, rows: Mapping[Where, int]) -> WideCell:
    """The ends that hiding everything would leave, where they are nearer than those asked."""
    try:
        low, most = widest.least(rows[cell.where]), widest.most(rows[cell.where])
    except OutOfTime:
        return cell
    return replace(cell, low=max(cell.low, low), high=cell.high if most is None else min(cell.high, most))
