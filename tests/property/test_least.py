"""The proven least number against every choice of cells, each judged by a plain programme of this file."""

import itertools
import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.disclosure.method.least import improve
from pipelines.disclosure.method.linked_tables import InnerCounts, LinkedTables, TableShape, cells_of, link_cells
from pipelines.disclosure.method.secondary import Requirements, Suppression, suppress

K = 5
FAR = 10**9
#: Codes of each column, and the tables by their columns.
SHAPES = {
    "one way": ((6,), [(0,)]),
    "two way": ((2, 4), [(0, 1)]),
    "square": ((3, 3), [(0, 1)]),
    "linked": ((2, 2, 3), [(0, 1), (0, 2), (1, 2)]),
    "chained": ((3, 2, 2), [(0, 1), (1, 2)]),
}
FEW = 12


def drawn(shape: str, seed: int, zeros: str) -> tuple[LinkedTables, Requirements, np.ndarray]:
    """Made-up persons, what must stay open of them, and now and then a cell that is out already or hidden before."""
    sizes, tables = SHAPES[shape]
    chance = random.Random(seed)
    names = tuple(f"v{place}" for place in range(len(sizes)))
    cells = itertools.product(*([f"c{code}" for code in range(size)] for size in sizes))
    inner = InnerCounts(names, +Counter({cell: chance.choice((0, 1, 2, 3, 6, 9, 14)) for cell in cells}), ())
    shapes = [TableShape(tuple((names[place],) for place in places), {}) for places in tables]
    linked = link_cells([cell for shape in shapes for cell in cells_of(shape, inner)], inner)
    size, least = len(linked.counts), 1 if zeros == "published" else 0
    fixed = (linked.counts == 0) & (least == 1)
    before = np.zeros(size, dtype=bool)
    if chance.random() < 0.4:
        fixed[chance.randrange(size)] = True
    if chance.random() < 0.4:
        before[chance.randrange(size)] = True
    small = (linked.counts >= least) & (linked.counts < K) & ~fixed
    whole = np.ones(size, dtype=np.int64)
    return linked, Requirements(small, least * whole, 4 * whole, fixed, least * whole, 4), before & ~fixed


@dataclass
class Judge:
    """What each cell can be when a choice is hidden: one programme for each question, and nothing shared."""

    linked: LinkedTables
    needs: Requirements

    def extreme(self, cell: int, sign: int, hidden: np.ndarray) -> float:
        """The least (sign 1) or the greatest (-1) that the cell can be; a greatest above 100 is told as 100."""
        rows, ties = self.linked.incidence.toarray().astype(float), self.linked.ties.toarray().astype(float)
        above, below = np.isfinite(self.linked.tie_high), np.isfinite(self.linked.tie_low)
        limits = [-rows[hidden], ties[above], -ties[below], rows[[cell]]]
        values = [-self.needs.least[hidden], self.linked.tie_high[above], -self.linked.tie_low[below], [100.0]]
        shown = ~hidden
        answer = linprog(
            sign * rows[cell],
            A_ub=np.vstack(limits),
            b_ub=np.concatenate(values),
            A_eq=rows[shown] if shown.any() else None,
            b_eq=self.linked.counts[shown] if shown.any() else None,
        )
        assert answer.status == 0
        return sign * float(answer.fun)

    def ends(self) -> list[tuple[int, int, int]]:
        """Each small cell, the direction, and the value that must be possible."""
        found = []
        for cell in np.flatnonzero(self.needs.small).tolist():
            least, greatest = (self.extreme(cell, sign, ~self.needs.fixed) for sign in (1, -1))
            lowest = max(int(self.needs.low[cell]), int(np.ceil(least - 1e-6)))
            highest = max(int(self.needs.high[cell]), lowest + self.needs.values - 1)
            found += [(cell, 1, lowest), (cell, -1, min(highest, int(np.floor(greatest + 1e-6))))]
        return found

    def is_missed(self, end: tuple[int, int, int], hidden: np.ndarray) -> bool:
        cell, sign, value = end
        return sign * self.extreme(cell, sign, hidden) > sign * value + 1e-6

    def is_good(self, ends: list[tuple[int, int, int]], hidden: np.ndarray) -> bool:
        for end in ends:
            if self.is_missed(end, hidden):
                # What says no to one choice often does to the next: it is asked first.
                ends.remove(end)
                ends.insert(0, end)
                return False
        return True


def least_by_trying(judge: Judge, ends: list[tuple[int, int, int]], certain: np.ndarray) -> int:
    """The least number of further cells of any good choice: all choices, the smallest first."""
    choices = np.flatnonzero(~certain & ~judge.needs.fixed)
    for number in range(len(choices) + 1):
        for chosen in itertools.combinations(choices, number):
            hidden = certain.copy()
            hidden[list(chosen)] = True
            if judge.is_good(ends, hidden):
                return number
    raise AssertionError("with everything hidden every end is possible")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    shape=st.sampled_from(sorted(SHAPES)),
    seed=st.integers(0, 10**6),
    zeros=st.sampled_from(["published", "protect"]),
    start=st.sampled_from(["the search", "everything hidden"]),
)
def test_the_proven_number_is_the_least_of_all_choices_and_every_end_stays_open(
    shape: str, seed: int, zeros: str, start: str
) -> None:
    linked, needs, before = drawn(shape, seed, zeros)
    certain = needs.small | before
    assume(needs.small.any() and (~certain & ~needs.fixed).sum() <= FEW)
    judge = Judge(linked, needs)
    ends = judge.ends()
    # From far off, a cut that asks for too much is seen: it keeps the least choice from being found.
    found = suppress(linked, needs, before, deadline=FAR) if start == "the search" else Suppression(~needs.fixed, 0)

    result = improve(linked, needs, found, before, weights=np.ones(len(certain)), deadline=FAR)

    assert result.is_proven
    assert result.proven_least == int((result.hidden & ~certain).sum()) == least_by_trying(judge, ends, certain)
    assert result.hidden[certain].all()
    assert not result.hidden[needs.fixed].any()
    assert judge.is_good(ends, result.hidden)
