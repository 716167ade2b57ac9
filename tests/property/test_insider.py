"""What somebody finds who knows one or two records of a hidden cell: judged by trying every set of records."""

import random
from collections import Counter
from functools import cache
from itertools import combinations, product

import numpy as np
import pytest

from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.attacker.insider import InsiderCell, Insiders
from pipelines.disclosure.explain_release import explain
from pipelines.disclosure.insider_records import insider_cells, record_codes
from pipelines.disclosure.protect_release import ProtectedRelease
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet, Where
from tests.judge_releases import Register
from tests.random_centre import Size, draw_centre

SIDES = {"a": ("a0", "a1"), "b": ("b0", "b1"), "c": ("c0", "c1")}
ATOMS = [dict(zip(SIDES, codes, strict=True)) for codes in product(*SIDES.values())]
#: Two linked tables: age by link, link by residence, say; nobody publishes all three together.
TABLES = (("a", "b"), ("b", "c"))
MOST_KNOWN = 2


def groups() -> list[Where]:
    """Every cell of the two tables, margins and total included."""
    named = {
        tuple(sorted((name, code) for name, code in zip(table, codes, strict=True) if code))
        for table in TABLES
        for codes in product(*((None, *SIDES[name]) for name in table))
    }
    return sorted(named)


def holds(where: Where) -> list[bool]:
    return [all(atom[name] == code for name, code in where) for atom in ATOMS]


class Tiny:
    """Drawn records, and the cells of the two tables, some of them hidden: no zero, and not the total."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        weights = [chance.choice((0, 1, 3)) for _ in ATOMS]
        weights[chance.randrange(len(ATOMS))] += 1
        self.records = chance.choices(range(len(ATOMS)), weights, k=chance.randint(5, 9))
        counts = Counter(self.records)
        self.counts = np.array([counts[atom] for atom in range(len(ATOMS))])
        self.true = {where: int(self.counts @ np.array(holds(where))) for where in groups()}
        rate = chance.choice((0.5, 0.8, 1.0))
        self.hidden = [where for where, n in self.true.items() if n and where and chance.random() < rate]

    def published(self) -> PublishedSet:
        cells = tuple(PublishedCell("t", where, None if where in self.hidden else n) for where, n in self.true.items())
        return PublishedSet(dimensions=SIDES, cells=cells, zeros_are_published=True, k=5)

    def cells(self) -> list[InsiderCell]:
        return [
            InsiderCell(where, tuple(n for n, atom in enumerate(self.records) if holds(where)[atom]))
            for where in self.hidden
        ]

    def narrowed(self, known: int) -> int:
        """The same question, answered by the list of all sets of records."""
        matrix = np.array([holds(where) for where in self.true])
        is_hidden = np.array([where in self.hidden for where in self.true])
        values = every_count(len(self.records)) @ matrix.T
        fits = (values == matrix @ self.counts)[:, ~is_hidden].all(axis=1) & (values[:, is_hidden] > 0).all(axis=1)
        possible = every_count(len(self.records))[fits]
        return sum(self._gives_away(cell, known, possible) for cell in self.cells() if len(cell.records) > known)

    def _gives_away(self, cell: InsiderCell, known: int, possible: np.ndarray) -> bool:
        for chosen in combinations(cell.records, known):
            hers = Counter(self.records[record] for record in chosen)
            agree = np.all([possible[:, atom] >= n for atom, n in hers.items()], axis=0)
            if len(set((possible[agree] @ np.array(holds(cell.where))).tolist())) == 1:
                return True
        return False

    def found(self, known: int) -> int:
        codes = [{name: frozenset({code}) for name, code in ATOMS[atom].items()} for atom in self.records]
        return Insiders(attack(self.published(), time_limit_s=30), codes, MOST_KNOWN).count_narrowed(
            self.cells(), known
        )


@cache
def every_count(total: int) -> np.ndarray:
    """Every way to share a total among the kinds of records, a line each."""
    bars = np.array(list(combinations(range(total + len(ATOMS) - 1), len(ATOMS) - 1)))
    edges = np.hstack((np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + len(ATOMS) - 1)))
    return np.diff(edges, axis=1) - 1


@pytest.mark.parametrize("known", [1, 2])
@pytest.mark.parametrize("seed", range(25))
def test_an_insider_finds_what_the_list_of_all_sets_of_records_leaves(seed: int, known: int) -> None:
    tiny = Tiny(seed)

    assert tiny.found(known) == tiny.narrowed(known)


def test_who_knows_two_records_finds_what_nobody_else_does() -> None:
    tiny = Tiny(20)

    assert [tiny.found(known) for known in (0, 1, 2)] == [0, 0, 2]


def test_an_insider_may_find_nothing_at_all() -> None:
    tiny = Tiny(0)

    assert [tiny.found(known) for known in (0, 1, 2)] == [0, 0, 0]


def test_who_is_alone_in_a_cell_has_nobody_to_find() -> None:
    tiny = Tiny(1)
    alone = [cell for cell in tiny.cells() if len(cell.records) == 1]

    insiders = Insiders(attack(tiny.published(), time_limit_s=30), [{}] * len(tiny.records), MOST_KNOWN)
    assert alone
    assert insiders.count_narrowed(alone, 1) == 0


@pytest.fixture(scope="module", params=[0, 7])
def protected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ProtectedRelease:
    """Two drawn centres: of several units, and with a question that allows several answers."""
    centre = draw_centre(request.param, Size(persons=(40, 90), dimensions=(3, 4), years=(1, 3)))
    register = Register(centre, tmp_path_factory.mktemp("release"))
    return register.publish(centre.requests, max(one.period for one in centre.requests), "public").protected


def test_the_records_of_each_small_cell_are_those_it_counts(protected: ProtectedRelease) -> None:
    cells = insider_cells(protected)

    joint = protected.cells
    numbers = [joint.linked.numbers[joint.columns.of_where(cell.where)] for cell in cells]
    printed = {joint.number(table, cell.codes) for table in protected.tables for cell in table.cells}
    assert sorted(numbers) == sorted(number for number in printed if (protected.small & protected.hidden)[number])
    assert [len(cell.records) for cell in cells] == protected.cells.counts[numbers].tolist()


def test_who_knows_no_record_finds_nothing_in_a_protected_release(protected: ProtectedRelease) -> None:
    insiders = Insiders(protected.attack, record_codes(protected), MOST_KNOWN)

    assert insiders.count_narrowed(insider_cells(protected), 0) == 0


def test_the_report_tells_what_one_and_two_known_records_narrow(protected: ProtectedRelease) -> None:
    report = explain(protected, [], frozen=[], late_records={}, ledger_version=1)

    assert report.insider.keys() == {1, 2}
    assert all(narrowed <= int(protected.small.sum()) for narrowed in report.insider.values())
