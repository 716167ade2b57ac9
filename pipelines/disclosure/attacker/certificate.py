"""Certificates of a release: for each hidden cell, two other sets of records that give the same report.

They come from the attack, which knows nothing but what is published, so they may be published too: "with
these people instead, the report would be the same, and this cell would be 1; with those, 4". The files
and their check are in `certificate_files.py` and `certificate_check.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.attacker.attack_cover import cover
from pipelines.disclosure.attacker.attack_model import NO_BOUND, Ints, question
from pipelines.disclosure.attacker.attack_records import join_tables
from pipelines.disclosure.attacker.attack_report import AttackReport, Searched
from pipelines.disclosure.attacker.certificate_files import SEVERAL, CertificateCell, Certificates, CertificateSet
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet


def certify(published: PublishedSet, *, time_limit_s: float, report: AttackReport | None = None) -> Certificates:
    """The certificates of every hidden cell that has two possible values; `report`: its attack, if it was made.

    Few sets serve many cells. Raises `InputRefused` as `attack` does.
    """
    report = report or attack(published, time_limit_s=time_limit_s, exact_ends=False)
    sets: list[CertificateSet] = []
    cells: list[CertificateCell] = []
    for searched in report.searched:
        hidden = [cell for cell in published.cells if cell.universe == searched.universe and published.is_open(cell)]
        ends = {cell: pair for cell in hidden if (pair := _ends(searched, cell, published.k))}
        points, served = _points_for(searched, ends, published.k)
        first = len(sets) + 1
        for number, point in enumerate(points, start=first):
            sets.append(_record_set(published, searched, number, point))
        for cell, ((low, value_low), (high, value_high)) in served.items():
            named = (cell.table, cell.where, cell.universe)
            cells.append(CertificateCell(*named, first + low, value_low, first + high, value_high))
    return Certificates(tuple(sets), tuple(cells))


#: A row of the system and a value of it.
_Goal = tuple[int, int]


#: For each end, the number of a solution and the value that it gives.
_Served = dict[PublishedCell, tuple[tuple[int, int], tuple[int, int]]]


def _ends(searched: Searched, cell: PublishedCell, k: int) -> tuple[_Goal, _Goal] | None:
    """The lowest value met, and k-1 or what is nearest to it; None where no two were met."""
    row = searched.system.row_of[cell.where]
    met = searched.searcher.met(row)
    if len(met) < 2:
        return None
    highest = min(met[1:], key=lambda value: (abs(value - (k - 1)), value))
    return (row, met[0]), (row, highest)


def _points_for(
    searched: Searched, ends: Mapping[PublishedCell, tuple[_Goal, _Goal]], k: int
) -> tuple[list[Ints], _Served]:
    """Solutions for all the cells; one that is surely k or more needs any two values, no certain ones."""
    small = {cell for cell, (low, _) in ends.items() if low[1] < k}
    numbers, points = _shared_points(searched, [goal for cell in small for goal in ends[cell]])
    totals = np.array([searched.system.totals(point) for point in points])
    rows = {cell: low[0] for cell, (low, _) in ends.items()}
    if any(np.ptp(totals[:, row]) == 0 for row in rows.values()):
        numbers, points = _shared_points(searched, [goal for pair in ends.values() for goal in pair])
        totals = np.array([searched.system.totals(point) for point in points])
    served: _Served = {}
    for cell, (low, high) in ends.items():
        values = totals[:, rows[cell]]
        places = (numbers[low], numbers[high]) if low in numbers else (int(values.argmin()), int(values.argmax()))
        served[cell] = ((places[0], int(values[places[0]])), (places[1], int(values[places[1]])))
    return points, served


def _shared_points(searched: Searched, goals: Sequence[_Goal]) -> tuple[dict[_Goal, int], list[Ints]]:
    """As few solutions as one finds one after the other, and which of them serves each goal.

    Parts that have nothing in common share a solution: each gives its own piece.
    """
    numbers: dict[_Goal, int] = {}
    chosen: list[list[Ints]] = []
    for part in searched.searcher.parts:
        places = {goal: searched.searcher.place(part, *goal) for goal in sorted(set(goals))}
        own = {goal: place for goal, place in places.items() if place is not None}
        picked = cover(part, sorted(set(own.values())))
        by_place = {place: number for number, (_, served) in enumerate(picked) for place in served}
        numbers |= {goal: by_place[place] for goal, place in own.items()}
        chosen.append([point for point, _ in picked])
    points = []
    for number in range(max((len(of) for of in chosen), default=1)):
        point = np.where(searched.searcher.known == NO_BOUND, 0, searched.searcher.known)
        for part, of in zip(searched.searcher.parts, chosen, strict=True):
            point[part.part.columns] = of[min(number, len(of) - 1)]
        points.append(point)
    return numbers, points


def _record_set(published: PublishedSet, searched: Searched, number: int, point: Ints) -> CertificateSet:
    unknowns = np.zeros(searched.space.unknown_count, dtype=np.int64)
    unknowns[searched.system.unknowns] = point
    questions = _Questions(published)
    names, records = join_tables(searched.space.tree, searched.space.tables_of(unknowns), questions.beside)
    told: dict[tuple[str, ...], int] = {}
    dimensions = questions.dimensions_of(names)
    for codes, count in records.items():
        record = questions.answers_of(dict(zip(names, codes, strict=True)), dimensions)
        told[record] = told.get(record, 0) + count
    return CertificateSet(number, searched.universe, dimensions, told)


@dataclass(frozen=True)
class _Questions:
    """Dimensions of several answers, which the attack takes as one question for each code."""

    published: PublishedSet

    def codes_of(self, dimension: str) -> Iterator[tuple[str, str]]:
        """Each code of a dimension with its question, the details before the classes."""
        for code in (*self.published.dimensions[dimension], *self.published.groups.get(dimension, {})):
            yield code, question(dimension, code)

    def beside(self, new: Sequence[str]) -> Sequence[str]:
        """Of the questions of which a record answers one at least, those that a new one is among.

        A class and its detail may come together: the class is what the others are beside.
        """
        for level in self._levels:
            for name in new:
                if name in level:
                    return level[name]
        return ()

    @cached_property
    def _levels(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The questions of classes, and of codes in none, with those beside them; then the details of classes."""
        upper: dict[str, list[str]] = {}
        details: dict[str, list[str]] = {}
        for dimension in self.published.multi_answer:
            classes = self.published.groups.get(dimension, {})
            covered = frozenset[str]().union(*classes.values())
            together = [name for code, name in self.codes_of(dimension) if code not in covered]
            upper |= dict.fromkeys(together, together)
            for leaves in classes.values():
                names = [question(dimension, leaf) for leaf in sorted(leaves)]
                details |= dict.fromkeys(names, names)
        return upper, details

    def dimensions_of(self, names: Sequence[str]) -> tuple[str, ...]:
        owner = {name: dimension for dimension in self.published.multi_answer for _, name in self.codes_of(dimension)}
        return tuple(sorted({owner.get(name, name) for name in names}))

    def answers_of(self, record: Mapping[str, str], dimensions: Sequence[str]) -> tuple[str, ...]:
        """A record's codes; a class is told where none of its details is."""
        told = []
        for dimension in dimensions:
            if dimension not in self.published.multi_answer:
                told.append(record[dimension])
                continue
            answers: list[str] = []
            for code, name in self.codes_of(dimension):
                leaves = self.published.groups.get(dimension, {}).get(code, frozenset())
                if record.get(name) == "yes" and not leaves & set(answers):
                    answers.append(code)
            told.append(SEVERAL.join(answers))
        return tuple(told)
