"""A bound counts only when whole numbers reach it, whatever the solver's halves say."""

import time

import numpy as np
import pytest

from pipelines.disclosure.attacker.attack_model import NO_BOUND, System
from pipelines.disclosure.attacker.attack_parts import Contradiction
from pipelines.disclosure.attacker.attack_solver import Bounds, Searcher

#: Three unknowns, each pair of which adds up to one at most: halves reach 1.5 in all, whole numbers one.
TRIANGLE = [[0, 1], [1, 2], [0, 2]]


def system_of(rows, bounds):
    places = np.array([column for row in rows for column in row], dtype=np.int64)
    return System(
        column_count=int(places.max()) + 1,
        starts=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        columns=places,
        weights=np.ones(len(places), dtype=np.int64),
        low=np.array([low for low, _ in bounds], dtype=np.int64),
        high=np.array([high for _, high in bounds], dtype=np.int64),
        row_of={(("row", str(number)),): number for number in range(len(rows))},
        published=np.arange(len(rows), dtype=np.int64),
    )


def searcher_of(rows, bounds):
    return Searcher(system_of(rows, bounds), deadline=time.monotonic() + 10, k=5)


def test_a_value_that_only_halves_reach_is_not_possible():
    rows = [*TRIANGLE, *([column + 3 for column in row] for row in TRIANGLE), list(range(6))]
    searcher = searcher_of(rows, [(0, 1)] * 6 + [(0, NO_BOUND)])
    searcher.start()

    bounds = searcher.bounds(6)

    assert bounds == Bounds(0, 2)


def test_equations_that_only_halves_solve_are_a_contradiction():
    searcher = searcher_of(TRIANGLE, [(1, 1)] * 3)

    with pytest.raises(Contradiction):
        searcher.start()


@pytest.mark.parametrize("point", [(1, 1, 0), (-1, 1, 0)], ids=["too_much", "less_than_nobody"])
def test_a_point_that_does_not_give_what_was_published_is_no_proof(point):
    system = system_of(TRIANGLE, [(0, 1)] * 3)

    assert not system.is_solved_by(np.array(point))
