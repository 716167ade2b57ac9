"""The search: what it hides keeps every end of every small cell open, judged here by another solver."""

import dataclasses
import random
import time
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from pipelines.disclosure.method.alternative_counts import split_blocks
from pipelines.disclosure.method.linked_tables import (
    Definition,
    InnerCounts,
    LinkedTables,
    TableShape,
    cells_of,
    link_cells,
)
from pipelines.disclosure.method.secondary import NotReachedInTime, Requirements, suppress

K = 5


def drawn(table: str) -> LinkedTables:
    """A two-way table as it is read, margins left out: lines are `a`, columns are `b`."""
    lines = [line.split() for line in table.strip().splitlines()]
    rows = {(f"a{a}", f"b{b}"): int(count) for a, line in enumerate(lines) for b, count in enumerate(line)}
    inner = InnerCounts(("a", "b"), rows, ())
    return link_cells(cells_of(TableShape((("a",), ("b",)), {}), inner), inner)


def needs(linked: LinkedTables, *fixed: Definition, **more: object) -> Requirements:
    """Small below 5, zeros published."""
    is_fixed = linked.counts == 0
    is_fixed[[linked.numbers[cell] for cell in fixed]] = True
    every = np.ones(len(is_fixed), dtype=np.int64)
    small = (linked.counts > 0) & (linked.counts < K) & ~is_fixed
    asked = Requirements(small, every, (K - 1) * every, is_fixed, every, 4)
    return dataclasses.replace(asked, **more)


def hide(linked: LinkedTables, asked: Requirements) -> np.ndarray:
    nothing = np.zeros(len(linked.counts), dtype=bool)
    return suppress(linked, asked, nothing, deadline=time.monotonic() + 30).hidden


def interval(linked: LinkedTables, asked: Requirements, hidden: np.ndarray, cell: int) -> tuple[float, float]:
    """The least and the greatest count of the cell in any set that gives the same shown cells."""
    rows = linked.incidence.toarray()
    equal = np.vstack([rows[~hidden], linked.ties.toarray()])
    told = np.concatenate([linked.counts[~hidden], np.zeros(linked.ties.shape[0])])
    found = []
    for sign in (1, -1):
        solved = linprog(sign * rows[cell], A_eq=equal, b_eq=told, A_ub=-rows[hidden], b_ub=-asked.least[hidden])
        found.append(sign * solved.fun if solved.status == 0 else sign * -np.inf)
    return found[0], found[1]


def whole_interval(linked: LinkedTables, asked: Requirements, hidden: np.ndarray, cell: int) -> tuple[int, int]:
    """The ends in whole numbers, as far as the level asks for them."""
    low, high = interval(linked, asked, hidden, cell)
    return max(1, int(np.ceil(low - 1e-6))), int(np.floor(min(K - 1, high) + 1e-6))


def at(linked: LinkedTables, **codes: str) -> int:
    return linked.numbers[tuple(sorted(codes.items()))]


LARGE_AND_ONE = """
    3 20 30
    40 50 60
    70 80 90
"""
#: The first pass hides four further cells here, of which one is not needed in the end.
FIVE_SMALL = """
    6  3  9 20
    2  1 20  7
    6  6 20 20
   12  3  6  3
"""
SEVERAL_YEARS = {"y0": 40, "y1": 70, "y2": 55}


def several_years() -> LinkedTables:
    """Two two-ways a year that share a column, and the totals of all the years."""
    chance = random.Random(3)
    rows: Counter[tuple[str, ...]] = Counter()
    for year, number in SEVERAL_YEARS.items():
        for _ in range(number):
            rows[year, *(f"c{chance.choice((0, 0, 0, 1, 1, 2))}" for _ in range(3))] += 1
    inner = InnerCounts(("year", "a", "b", "c"), dict(rows), ())
    tables = [TableShape((("year",), *sides), {}) for sides in ((("a",), ("b",)), (("b",), ("c",)))]
    return link_cells([cell for table in tables for cell in cells_of(table, inner)], inner)


def totals(years: Mapping[str, int]) -> list[Definition]:
    return [(), *((("year", year),) for year in years)]


def test_one_small_cell_takes_three_others_with_it() -> None:
    hidden = hide(drawn(LARGE_AND_ONE), needs(drawn(LARGE_AND_ONE)))

    assert hidden.sum() == 4


def test_every_end_stays_open() -> None:
    linked = several_years()
    asked = needs(linked)

    hidden = hide(linked, asked)

    everything = ~asked.fixed
    for cell in np.flatnonzero(asked.small):
        low, high = interval(linked, asked, hidden, cell)
        lowest, highest = interval(linked, asked, everything, cell)
        assert low <= max(1, np.ceil(lowest - 1e-6)) + 1e-6
        assert high >= min(K - 1, np.floor(highest + 1e-6)) - 1e-6


def test_no_further_cell_can_be_shown_again() -> None:
    linked = drawn(FIVE_SMALL)
    asked = needs(linked)
    hidden = hide(linked, asked)
    small = np.flatnonzero(asked.small)
    kept = [whole_interval(linked, asked, hidden, cell) for cell in small]

    further = np.flatnonzero(hidden & ~asked.small)
    assert len(further)
    for cell in further:
        fewer = hidden.copy()
        fewer[cell] = False
        assert [whole_interval(linked, asked, fewer, other) for other in small] != kept


def test_what_is_already_out_stays_shown() -> None:
    linked = drawn(LARGE_AND_ONE)
    out = (("a", "a1"), ("b", "b1"))
    alone = hide(linked, needs(linked))
    assert alone.any()

    hidden = hide(linked, needs(linked, out, (("a", "a0"),), (("b", "b0"),)))

    assert not hidden[[linked.numbers[out], at(linked, a="a0"), at(linked, b="b0")]].any()


def test_a_large_cell_of_one_person_needs_only_its_lower_end() -> None:
    linked = drawn("30 20 30\n40 6 60\n70 80 90")
    asked = needs(linked)
    cell = at(linked, a="a0", b="b0")
    asked.small[cell] = True

    hidden = hide(linked, asked)

    assert interval(linked, asked, hidden, cell)[0] == pytest.approx(1)


def test_a_zero_that_is_protected_keeps_its_own_least_count() -> None:
    linked = drawn("3 20 30\n40 3 60\n70 80 90")
    cell = at(linked, a="a0", b="b0")
    none, every = np.zeros(len(linked.counts), dtype=bool), np.ones(len(linked.counts), dtype=np.int64)
    is_cell = np.arange(len(linked.counts)) == cell
    asked = needs(linked, small=is_cell, fixed=none, low=0 * every, least=np.where(is_cell, 0, 1))

    hidden = hide(linked, asked)

    low, high = interval(linked, asked, hidden, cell)
    assert low == pytest.approx(0)
    assert high >= K - 1


def test_every_cell_that_can_change_is_in_one_block() -> None:
    linked = several_years()
    fixed = needs(linked, *totals(SEVERAL_YEARS)).fixed

    cells = np.concatenate([block.cells for block in split_blocks(linked, fixed)])

    assert sorted(cells) == np.flatnonzero(~fixed).tolist()


def test_a_tie_whose_group_is_shown_parts_the_system() -> None:
    inner = InnerCounts(("a", "b"), {(f"a{n % 4}", f"b{n % 3}"): n + 1 for n in range(12)}, ())
    tables = [TableShape((("a",),), {}), TableShape((("b",),), {})]
    linked = link_cells([cell for table in tables for cell in cells_of(table, inner)], inner)

    apart = split_blocks(linked, needs(linked, ()).fixed)
    together = split_blocks(linked, needs(linked).fixed)

    assert (len(apart), len(together)) == (2, 1)


def test_the_same_tables_hide_the_same_cells_whether_they_part_or_not() -> None:
    linked = several_years()
    asked = needs(linked, *totals(SEVERAL_YEARS))
    whole = dataclasses.replace(linked, tie_cells=None)

    assert hide(linked, asked).sum() == hide(whole, asked).sum()


def test_the_unknowns_under_a_published_zero_are_none() -> None:
    linked = drawn("0 20 30\n40 50 60\n70 80 90")

    (block,) = split_blocks(linked, linked.counts == 0)

    assert len(block.counts) == 8


def test_no_ties_is_a_system_too() -> None:
    linked = drawn(LARGE_AND_ONE)
    assert isinstance(linked.ties, sparse.csr_array)

    assert linked.ties.shape == (0, 9)


def test_past_its_time_the_search_gives_nothing() -> None:
    linked = several_years()

    with pytest.raises(NotReachedInTime):
        suppress(linked, needs(linked), linked.counts < 0, deadline=time.monotonic() - 1)


def test_the_same_input_hides_the_same_cells() -> None:
    first, second = several_years(), several_years()

    assert (hide(first, needs(first)) == hide(second, needs(second))).all()
