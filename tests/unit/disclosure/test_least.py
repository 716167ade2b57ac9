"""The least number of further cells on tables small enough to know it by thinking; the counts are made up."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from scipy import sparse

from pipelines.disclosure.method.least import Improvement, improve
from pipelines.disclosure.method.linked_tables import (
    Definition,
    InnerCounts,
    LinkedTables,
    TableShape,
    cells_of,
    link_cells,
)
from pipelines.disclosure.method.secondary import Requirements, Suppression, suppress

K = 5
FAR = 10**9


def one_way(**counts: int) -> LinkedTables:
    """A column with all its codes, and the total."""
    inner = InnerCounts(("a",), {(code,): count for code, count in counts.items()}, ())
    return link_cells(cells_of(TableShape((("a",),), {}), inner), inner)


def two_way(rows: list[list[int]]) -> LinkedTables:
    """Rows r0, r1, ... by columns c0, c1, ..., with all the margins."""
    counts = {(f"r{i}", f"c{j}"): count for i, row in enumerate(rows) for j, count in enumerate(row)}
    inner = InnerCounts(("a", "b"), counts, ())
    return link_cells(cells_of(TableShape((("a",), ("b",)), {}), inner), inner)


def needs(linked: LinkedTables, shown: Iterable[Definition] = ()) -> Requirements:
    """Every count of 1 to 4 hidden and open from 1 to 4; zeros published; what was shown before stays so."""
    ones = np.ones(len(linked.counts), dtype=np.int64)
    fixed = linked.counts == 0
    for definition in shown:
        fixed[linked.numbers[definition]] = True
    small = (linked.counts > 0) & (linked.counts < K) & ~fixed
    return Requirements(small=small, low=ones, high=(K - 1) * ones, fixed=fixed, least=ones, values=4)


def nothing(linked: LinkedTables) -> np.ndarray:
    return np.zeros(len(linked.counts), dtype=bool)


def improved(
    linked: LinkedTables,
    required: Requirements,
    found: np.ndarray | None = None,
    before: np.ndarray | None = None,
    prices: Mapping[Definition, float] | None = None,
    deadline: float = FAR,
) -> Improvement:
    """From what hides all that can be, unless told; every cell weighs one but those of `prices`."""
    hidden = ~required.fixed if found is None else found
    weights = np.ones(len(linked.counts))
    for definition, price in (prices or {}).items():
        weights[linked.numbers[definition]] = price
    earlier = nothing(linked) if before is None else before
    return improve(linked, required, Suppression(hidden, 0), earlier, weights=weights, deadline=deadline)


def further(result: Improvement, required: Requirements) -> int:
    return int((result.hidden & ~required.small).sum())


def test_one_small_count_beside_its_total_needs_one_more_cell() -> None:
    linked = one_way(x=3, y=20, z=30)

    result = improved(linked, needs(linked))

    assert (further(result, needs(linked)), result.proven_least, result.is_proven) == (1, 1, True)


def test_several_small_counts_that_protect_one_another_need_none() -> None:
    linked = one_way(x=3, y=2, z=4, w=40)

    result = improved(linked, needs(linked))

    assert (further(result, needs(linked)), result.proven_least, result.is_proven) == (0, 0, True)


def test_one_small_count_inside_a_table_needs_the_three_others_of_a_rectangle() -> None:
    linked = two_way([[2, 9, 11, 7], [8, 12, 9, 10], [15, 7, 6, 9], [6, 13, 8, 30]])

    result = improved(linked, needs(linked))

    assert (further(result, needs(linked)), result.proven_least) == (3, 3)


def test_a_neighbour_that_cannot_fall_far_enough_is_not_protection_alone() -> None:
    # 1 rises to 4 only if others fall by 3, and the two 2s fall by one each.
    linked = one_way(x=1, y=2, z=2, w=50)

    result = improved(linked, needs(linked))

    assert (further(result, needs(linked)), result.proven_least) == (1, 1)


def test_among_choices_of_the_least_number_the_lightest_is_kept() -> None:
    linked = one_way(x=3, y=20, z=30)

    result = improved(linked, needs(linked), prices={(): 9.0, (("a", "y"),): 5.0, (("a", "z"),): 0.5})

    assert result.hidden[linked.numbers[("a", "z"),]]


def test_a_lighter_choice_replaces_what_the_search_found() -> None:
    linked = one_way(x=3, y=20, z=30)
    found = needs(linked).small.copy()
    found[linked.numbers[()]] = True

    result = improved(linked, needs(linked), found, prices={(): 9.0, (("a", "y"),): 5.0, (("a", "z"),): 0.5})

    assert np.flatnonzero(result.hidden & ~needs(linked).small).tolist() == [linked.numbers[("a", "z"),]]


def test_the_number_comes_before_the_weight() -> None:
    linked = two_way([[2, 9, 11], [8, 12, 9], [15, 7, 6]])
    dear = {definition: 100.0 for definition, cell in linked.numbers.items() if linked.counts[cell] in (8, 9, 12)}

    result = improved(linked, needs(linked), prices=dear)

    assert further(result, needs(linked)) == 3


def test_what_the_search_found_is_kept_where_it_is_the_least() -> None:
    linked = one_way(x=3, y=20, z=30)
    found = suppress(linked, needs(linked), nothing(linked), deadline=FAR)

    result = improved(linked, needs(linked), found.hidden)

    assert int(result.hidden.sum()) == int(found.hidden.sum())


def test_what_was_hidden_before_stays_so_and_is_not_counted() -> None:
    linked = one_way(x=3, y=20, z=30)
    before = nothing(linked)
    before[linked.numbers[("a", "y"),]] = True

    result = improved(linked, needs(linked), before=before)

    assert result.hidden[before].all()
    assert result.proven_least == 0


def test_what_was_shown_before_is_never_hidden() -> None:
    linked = one_way(x=3, y=20, z=30)
    required = needs(linked, shown=[(), (("a", "z"),)])

    result = improved(linked, required)

    assert result.hidden.tolist() == (required.small | (linked.counts == 20)).tolist()
    assert result.is_proven


def test_tables_with_nothing_in_common_are_proven_apart_and_added() -> None:
    inner = InnerCounts(("a", "b"), {("x", "u"): 3, ("y", "u"): 17, ("y", "v"): 20, ("z", "w"): 30, ("z", "t"): 2}, ())
    linked = link_cells(
        [*cells_of(TableShape((("a",),), {}), inner), *cells_of(TableShape((("b",),), {}), inner)], inner
    )
    required = needs(linked, shown=[()])

    result = improved(linked, required)

    assert (further(result, required), result.proven_least, result.is_proven) == (2, 2, True)


def test_an_end_that_is_impossible_with_all_hidden_is_not_asked() -> None:
    # Two persons in two codes, no zero published elsewhere: the total cannot be less than two.
    linked = one_way(x=1, y=1)

    result = improved(linked, needs(linked))

    assert (further(result, needs(linked)), result.is_proven) == (0, True)


def test_four_values_are_asked_where_the_zeros_exclude_the_lowest() -> None:
    # The class k has two codes of at least one, so 2 to 5 is asked of it. 4 would do with z, which can fall by 2.
    counts = {("x", "k"): 1, ("y", "k"): 1, ("z", "m"): 3, ("w", "m"): 20}
    inner = InnerCounts(("a", "b"), counts, (("a", "b"),))
    linked = link_cells(cells_of(TableShape((("a", "b"),), {}), inner), inner)
    before = nothing(linked)
    before[[linked.numbers[("a", code),] for code in "xyz"]] = True
    required = needs(linked, shown=[()])
    required = replace(required, small=np.arange(len(before)) == linked.numbers[("b", "k"),])

    result = improved(linked, required, before=before)

    assert (result.proven_least, result.is_proven) == (2, True)


def rising_by_four(linked: LinkedTables) -> Requirements:
    """Only x is asked to be able to rise, from 10 to 14; the total is out already."""
    quiet = needs(linked, shown=[()])
    is_asked = np.arange(len(linked.counts)) == linked.numbers[("a", "x"),]
    low, high = np.where(is_asked, 10, 1), np.where(is_asked, 14, 4)
    return replace(quiet, small=is_asked, low=low, high=high, values=1)


def without_u(u: int) -> LinkedTables:
    """x of ten and three codes of three are published, and the total with u, which is not."""
    inner = InnerCounts(("a",), {("x",): 10, ("y",): 3, ("z",): 3, ("w",): 3, ("u",): u}, ())
    return link_cells([(), *((("a", code),) for code in "xyzw")], inner)


def test_as_many_cells_are_hidden_as_their_falls_add_up_to() -> None:
    linked = one_way(x=10, y=3, z=3, w=3)

    result = improved(linked, rising_by_four(linked))

    assert (result.proven_least, further(result, rising_by_four(linked))) == (2, 2)


def test_what_a_cell_hidden_before_gives_is_not_asked_again() -> None:
    linked = one_way(x=10, y=3, z=3, w=3)
    before = nothing(linked)
    before[linked.numbers[("a", "y"),]] = True

    result = improved(linked, rising_by_four(linked), before=before)

    assert (result.proven_least, int((result.hidden & ~before).sum()) - 1) == (1, 1)


def test_what_is_in_no_table_gives_no_more_than_it_has() -> None:
    linked = without_u(2)

    result = improved(linked, rising_by_four(linked))

    assert (result.proven_least, further(result, rising_by_four(linked))) == (1, 1)


def test_what_a_tie_holds_back_is_not_given() -> None:
    free = without_u(40)
    is_u = np.asarray(free.inner_counts == 40, dtype=float)
    tied = replace(
        free, ties=sparse.csr_array(is_u.reshape(1, -1)), tie_low=np.array([38.0]), tie_high=np.array([50.0])
    )
    tied = replace(tied, tie_cells=np.array([-1]))

    results = [improved(linked, rising_by_four(linked)) for linked in (free, tied)]

    assert [(result.proven_least, further(result, rising_by_four(free))) for result in results] == [(0, 0), (1, 1)]


def test_past_the_deadline_what_the_search_found_is_returned_without_a_bound() -> None:
    linked = two_way([[2, 9, 11], [8, 12, 9], [15, 7, 6]])
    found = ~needs(linked).fixed

    result = improved(linked, needs(linked), found, deadline=time.monotonic() - 1)

    assert result.hidden.tolist() == found.tolist()
    assert (result.proven_least, result.is_proven) == (None, False)


def test_a_choice_that_protects_less_than_it_should_is_returned_as_it_is_and_not_called_proven() -> None:
    linked = one_way(x=3, y=20, z=30)
    other = two_way([[2, 9, 11], [8, 12, 9], [15, 7, 6]])
    too_little = needs(other).small.copy()
    too_little[other.numbers[("a", "r0"),]] = True

    result = improved(other, needs(other), too_little)

    assert result.hidden.tolist() == too_little.tolist()
    assert not result.is_proven
    assert improved(linked, needs(linked)).is_proven


def test_a_lower_end_alone_is_asked_where_the_upper_one_lies_below_the_count() -> None:
    # Group disclosure: of 20 records at least 5 must be able to be elsewhere, and more than 20 need not be possible.
    linked = one_way(x=20, y=6, z=30)
    quiet = needs(linked)
    is_asked = np.arange(len(linked.counts)) == linked.numbers[("a", "x"),]
    required = replace(quiet, small=is_asked, low=np.where(is_asked, 15, 1), high=np.where(is_asked, 18, 4), values=1)

    result = improved(linked, required)

    assert (further(result, required), result.is_proven) == (1, True)


def test_the_same_input_gives_the_same_cells() -> None:
    chance = np.random.default_rng(7)
    linked = two_way((chance.exponential(9, size=(6, 7)) ** 1.3).astype(int).tolist())
    found = suppress(linked, needs(linked), nothing(linked), deadline=FAR).hidden

    results = [improved(linked, needs(linked), found) for _ in range(2)]

    assert results[0].hidden.tolist() == results[1].hidden.tolist()
    assert results[0].is_proven
