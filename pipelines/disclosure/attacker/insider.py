"""What somebody could find who is in the tables herself: the level S4, a report and no gate (disclosure.md, 5.2).

Of a hidden small cell she knows one record, her own, or two, with all that was answered. She asks what the
attacker asks, of those sets of records alone that hold hers. Where all of them give the cell one number, she
knows how many others are in it. Another set is looked for near the true one: hers is in both. That there is
none is proved by a programme in real numbers.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from pipelines.disclosure.attacker.attack import AttackReport
from pipelines.disclosure.attacker.attack_model import NO_BOUND, Ints
from pipelines.disclosure.attacker.attack_moves import Moves
from pipelines.disclosure.attacker.attack_programme import OutOfTime
from pipelines.disclosure.attacker.attack_report import Searched
from pipelines.disclosure.attacker.attack_solver import PartSearch
from pipelines.disclosure.reading.published import Where

#: Of one record, for each dimension or question of the attack, the leaf codes that it may have.
Codes = Mapping[str, frozenset[str]]
#: Seconds for all the programmes together; what is not settled then, or not in whole numbers, counts as narrowed.
_TIME_LIMIT = 20.0
#: How unlike the costs of two unknowns are, in one try after the other: another corner, where one is of halves.
_SPREADS = (0.1, 3.0, 30.0)
#: The unknowns of a part that are known to hold records, and how many each.
_Knowledge = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class InsiderCell:
    """A hidden small cell, and the numbers of the records in it: true data, never to be written."""

    where: Where
    records: tuple[int, ...]


class Insiders:
    """All those who know records that were published in tables, and what the attack found of these tables."""

    def __init__(self, report: AttackReport, records: Sequence[Codes], most_known: int) -> None:
        """`records`: every record that the tables count. `most_known`: how many somebody may know at most."""
        deadline = time.monotonic() + _TIME_LIMIT
        self._universes = [_Universe(searched, records, most_known, deadline) for searched in report.searched]

    def count_narrowed(self, cells: Sequence[InsiderCell], known: int) -> int:
        """How many cells hold `known` records whose knowledge gives away how many others there are.

        A cell without any other record is not counted: there is nobody left to know about.
        """
        others = [cell for cell in cells if len(cell.records) > known]
        return sum(any(universe.is_narrowed(cell, known) for universe in self._universes) for cell in others)


class _Universe:
    """The parts of the equations of one universe, and the unknowns of each that hold each record."""

    def __init__(self, searched: Searched, records: Sequence[Codes], most_known: int, deadline: float) -> None:
        self._searched = searched
        columns = _columns_of(searched, records)
        self._parts = [_PartSets(part, columns, most_known, deadline) for part in searched.searcher.parts]

    def is_narrowed(self, cell: InsiderCell, known: int) -> bool:
        """Whether some `known` records of the cell give its number away."""
        row = self._searched.system.row_of.get(cell.where)
        if row is None:
            return False
        for part in self._parts:
            place = self._searched.searcher.place(part.search, row, len(cell.records))
            if place is not None:
                return part.is_narrowed(*place, cell.records, known)
        # The attack knows the number already, whoever asks.
        return True


def _columns_of(searched: Searched, records: Sequence[Codes]) -> list[list[int]]:
    """For each record its column in each clique; of places that the tables do not tell apart, the first."""
    column_of, cliques = searched.system.column_of, searched.space.tree.cliques
    met: dict[tuple[int, tuple[frozenset[str] | None, ...]], list[int]] = {}
    found: list[list[int]] = []
    for record in records:
        found.append([])
        for number, clique in enumerate(cliques):
            key = number, tuple(record.get(name) for name in clique)
            if key not in met:
                places = searched.space.places_of(number, record).tolist()
                met[key] = [column_of[place] for place in places if place in column_of][:1]
            found[-1] += met[key]
    return found


class _PartSets:
    """One part of the attacker's equations, the true set of records in it, and other sets that give the same cells."""

    def __init__(
        self, search: PartSearch, columns_of: Sequence[Sequence[int]], most_known: int, deadline: float
    ) -> None:
        self.search = search
        self._system = search.part.system
        local = {column: place for place, column in enumerate(search.part.columns.tolist())}
        self._unknowns = [[local[column] for column in columns if column in local] for columns in columns_of]
        every = [unknown for unknowns in self._unknowns for unknown in unknowns]
        self._truth = np.bincount(every, minlength=self._system.column_count).astype(np.int64)
        self._is_true = self._system.is_solved_by(self._truth)
        self._most_known = most_known
        self._moves = Moves(self._system, deadline=deadline)
        self._sets = np.array([*self._changed(search.changes()), *search.points], dtype=np.int64)
        self._size = len(self._sets)

    def is_narrowed(self, row: int, value: int, records: Sequence[int], known: int) -> bool:
        """Whether some `known` of these records of a row, whose true number is `value`, give that number away."""
        every = dict.fromkeys(self._knowledge(chosen) for chosen in combinations(records, known))
        if all(self._has_met(row, value, each) for each in every):
            return False
        # Whoever asks: a set that keeps all the records of the cell answers them all.
        self._keep_all(row, value, records)
        return not all(self._has_met(row, value, each) or self._finds(row, value, each) for each in every)

    def _changed(self, changes: Sequence[tuple[Ints, Ints]]) -> list[Ints]:
        """The true set with each change that the attack met: near it, so that few records are elsewhere."""
        system, totals = self._system, self._system.totals(self._truth)
        high = np.where(system.high == NO_BOUND, np.iinfo(np.int64).max, system.high)
        return [
            self._truth + change
            for change, effect in changes
            if self._is_true
            and ((totals + effect >= system.low) & (totals + effect <= high)).all()
            and (self._truth + change >= 0).all()
        ]

    def _knowledge(self, records: Sequence[int]) -> _Knowledge:
        held: dict[int, int] = {}
        for record in records:
            for unknown in self._unknowns[record]:
                held[unknown] = held.get(unknown, 0) + 1
        return frozenset(held.items())

    def _has_met(self, row: int, value: int, knowledge: _Knowledge) -> bool:
        """Whether a set that was met agrees with the knowledge and gives the row another number."""
        sets = self._sets[: self._size]
        entries = slice(self._system.starts[row], self._system.starts[row + 1])
        agrees = sets[:, self._system.columns[entries]] @ self._system.weights[entries] != value
        for unknown, least in knowledge:
            agrees &= sets[:, unknown] >= least
        return bool(agrees.any())

    def _keep_all(self, row: int, value: int, records: Sequence[int]) -> None:
        every = frozenset((unknown, min(held, self._most_known)) for unknown, held in self._knowledge(records))
        self._search(row, value, value + 1, every, _SPREADS[:1])

    def _finds(self, row: int, value: int, knowledge: _Knowledge) -> bool:
        """Whether a search meets such a set: of numbers without a gap, a neighbour of the true one is possible too."""
        return any(self._search(row, value, other, knowledge, _SPREADS) for other in (value + 1, value - 1))

    def _search(self, row: int, value: int, other: int, knowledge: _Knowledge, spreads: Sequence[float]) -> bool:
        if not self._is_true:
            return False
        kept = np.zeros(self._system.column_count, dtype=np.int64)
        for unknown, least in knowledge:
            kept[unknown] = least
        for spread in spreads:
            try:
                answer = self._moves.nearest(self._truth, row, other, spread, kept)
            except OutOfTime:
                return False
            if answer.point is None:
                return False
            point = np.rint(answer.point).astype(np.int64)
            if self._system.is_solved_by(point):
                self._note(point)
                if self._has_met(row, value, knowledge):
                    return True
        return False

    def _note(self, point: Ints) -> None:
        if self._size == len(self._sets):
            self._sets = np.concatenate((self._sets, np.zeros_like(self._sets)))
        self._sets[self._size] = point
        self._size += 1
