"""The system of linked tables: one number for one group of records, and no count that is not theirs."""

from itertools import chain

import numpy as np
import pytest
from scipy.optimize import linprog

from pipelines.disclosure.method import linked_rows
from pipelines.disclosure.method.linked_tables import (
    Cover,
    Definition,
    InnerCounts,
    LinkedTables,
    TableShape,
    TooManyInnerCells,
    cells_of,
    link_cells,
    watch_differences,
)

#: Two towns in the north, one in the south, two years; made-up persons.
INNER = InnerCounts(
    columns=("town", "region", "age", "link", "year", "centre"),
    rows={
        ("apple", "north", "young", "kin", "y1", "us"): 4,
        ("apple", "north", "old", "kin", "y1", "us"): 3,
        ("birch", "north", "old", "other", "y1", "us"): 2,
        ("cedar", "south", "young", "other", "y1", "us"): 6,
        ("cedar", "south", "old", "kin", "y2", "us"): 5,
        ("apple", "north", "mid", "other", "y2", "us"): 1,
    },
    nested=(("town", "region"),),
)
TABLES = (
    TableShape((("town", "region"),), {}),
    TableShape((("region",), ("age",)), {}),
    TableShape((("age",), ("link",)), {"year": "y1"}),
    TableShape((("year",), ("link",)), {}),
)


def every_cell(inner: InnerCounts, *tables: TableShape) -> list[Definition]:
    return list(chain.from_iterable(cells_of(table, inner) for table in tables))


def held(inner: InnerCounts, definition: Definition) -> int:
    asked = [(inner.columns.index(column), code) for column, code in definition]
    return sum(count for row, count in inner.rows.items() if all(row[place] == code for place, code in asked))


def least_and_most(linked: LinkedTables, cell: int, known: list[Definition]) -> tuple[float, float]:
    """What the counts of the known cells leave of another: the system is used as an attacker uses it."""
    rows = [linked.numbers[definition] for definition in known]
    ends = []
    for sign in (1, -1):
        found = linprog(
            sign * linked.incidence[[cell]].toarray()[0],
            A_eq=np.vstack([linked.incidence[rows].toarray(), linked.ties[linked.tie_high == 0].toarray()]),
            b_eq=np.concatenate([linked.counts[rows], np.zeros((linked.tie_high == 0).sum())]),
            A_ub=-linked.ties[linked.tie_high > 0].toarray() if (linked.tie_high > 0).any() else None,
            b_ub=np.zeros((linked.tie_high > 0).sum()) if (linked.tie_high > 0).any() else None,
        )
        ends.append(sign * round(found.fun, 6))
    return ends[0], ends[1]


def test_every_cell_counts_its_records() -> None:
    definitions = every_cell(INNER, *TABLES)

    linked = link_cells(definitions, INNER)

    assert {d: int(linked.counts[linked.numbers[d]]) for d in definitions} == {d: held(INNER, d) for d in definitions}


def test_the_true_counts_agree_wherever_two_cliques_meet() -> None:
    linked = link_cells(every_cell(INNER, *TABLES), INNER)

    assert linked.ties.shape[0] > 0
    assert not (linked.ties @ linked.inner_counts).any()


def test_a_region_of_one_town_is_that_town_in_every_table() -> None:
    towns = {(f"town{number}", "north" if number else "south", f"age{number % 2}"): 1 for number in range(30)}
    inner = InnerCounts(("town", "region", "age"), towns, (("town", "region"),))

    linked = link_cells(every_cell(inner, TableShape((("town",),), {}), TABLES[1]), inner)

    assert linked.numbers[(("town", "town0"),)] == linked.numbers[(("region", "south"),)]


def test_a_region_less_all_its_towns_but_one_is_that_town() -> None:
    towns = {(f"town{number}", "north" if number > 1 else "south", f"age{number % 2}"): number for number in range(30)}
    inner = InnerCounts(("town", "region", "age"), towns, (("town", "region"),))
    linked = link_cells(every_cell(inner, TableShape((("town",),), {}), TABLES[1]), inner)

    last = linked.numbers[(("town", "town1"),)]

    assert least_and_most(linked, last, [(("region", "south"),), (("town", "town0"),)]) == (1, 1)


def test_kinds_of_record_tie_two_columns_that_no_table_crosses() -> None:
    kinds = [("both", "yes", "yes"), *[("later", "no", "yes")] * 2, *[("neither", "no", "no")] * 3]
    rows = {(*kinds[number % 6], f"age{number}"): 1 for number in range(30)}
    columns = ("record", "is_request", "is_aggression", "age")
    inner = InnerCounts(columns, rows, (("record", "is_request"), ("record", "is_aggression")))
    aggressions, requests = (("is_aggression", "yes"),), (("is_request", "yes"),)
    linked = link_cells([aggressions, requests, *every_cell(inner, TableShape((("age",),), {}))], inner)

    assert least_and_most(linked, linked.numbers[requests], [(), aggressions]) == (0, 15)


def test_a_column_of_one_code_says_nothing() -> None:
    linked = link_cells([(), (("centre", "us"),), (("age", "old"),), (("age", "old"), ("centre", "us"))], INNER)

    assert linked.numbers[()] == linked.numbers[(("centre", "us"),)]
    assert len(linked.counts) == 2


def test_a_town_outside_its_region_holds_nobody_for_sure() -> None:
    outside = (("region", "south"), ("town", "apple"))

    linked = link_cells([outside, (("town", "apple"),)], INNER)

    assert linked.incidence[[linked.numbers[outside]]].nnz == 0


def test_a_code_that_nobody_has_holds_nobody() -> None:
    linked = link_cells([(("age", "ancient"),), ()], INNER)

    assert linked.counts[linked.numbers[(("age", "ancient"),)]] == 0


def test_what_no_table_tells_apart_is_one_unknown() -> None:
    linked = link_cells(every_cell(INNER, TableShape((("region",),), {})), INNER)

    assert sorted(linked.inner_counts) == [10, 11]


def test_two_tables_without_a_common_column_still_have_the_same_total() -> None:
    ages, links = every_cell(INNER, TableShape((("age",),), {})), every_cell(INNER, TableShape((("link",),), {}))
    linked = link_cells([*ages, *links], INNER)

    total = linked.numbers[()]

    assert least_and_most(linked, total, [definition for definition in links if definition]) == (21, 21)


def test_a_circle_of_tables_is_closed() -> None:
    inner = InnerCounts(("a", "b", "c", "d"), {("x",) * 4: 5, ("y",) * 4: 5}, ())
    pairs = [TableShape(((one,), (other,)), {}) for one, other in ("ab", "bc", "cd", "ad")]
    linked = link_cells(every_cell(inner, *pairs), inner)

    apart = linked.numbers[("a", "x"), ("d", "y")]

    assert least_and_most(linked, apart, every_cell(inner, *pairs[:3])) == (0, 0)


def test_a_tie_knows_the_cell_whose_count_it_says_twice() -> None:
    tables = [TableShape((("age",), ("link",)), {}), TableShape((("town",), ("link",)), {})]
    listed = [cell for cell in every_cell(INNER, *tables) if cell not in [(("link", "kin"),), (("link", "other"),)]]
    linked = link_cells([*listed, (("link", "kin"),)], INNER)

    sums = linked.ties.maximum(0) @ linked.inner_counts

    assert linked.tie_cells is not None
    assert sorted(linked.tie_cells)[0] == -1
    assert [int(linked.counts[cell]) for cell in linked.tie_cells if cell >= 0] == [held(INNER, (("link", "kin"),))]
    assert sums.sum() == 21


def test_a_year_with_one_ways_alone_is_not_crossed_by_the_tables_of_another() -> None:
    columns = ("year", "a", "b", "c")
    codes = [f"c{number}" for number in range(8)]
    rows = {(f"y{n % 10}", codes[n % 8], codes[n * 3 % 8], codes[n * 5 % 7]): 1 for n in range(560)}
    inner = InnerCounts(columns, rows, ())
    crosses = [TableShape(((one,), (other,)), {"year": "y0"}) for one, other in ("ab", "bc", "ac")]
    series = [TableShape((("year",), (column,)), {}) for column in "abc"]

    linked = link_cells(every_cell(inner, *crosses, *series), inner)

    assert len(linked.inner_counts) < 8 * 8 * 7 + 9 * (8 + 8 + 7) + 1


def test_the_rest_of_a_group_becomes_a_cell_after_the_others() -> None:
    linked = link_cells(every_cell(INNER, *TABLES), INNER)
    rest = ((("region", "north"),), (("town", "apple"),))

    watching = watch_differences(linked, [((), (("age", "old"),)), rest], INNER)

    assert watching.numbers == linked.numbers
    assert watching.counts[len(linked.counts) :].tolist() == [11]
    assert watching.difference_numbers == (len(linked.counts), linked.numbers[(("town", "birch"),)])


def test_a_difference_is_watched_once() -> None:
    linked = link_cells(every_cell(INNER, *TABLES), INNER)
    pair = ((), (("age", "old"),))
    watching = watch_differences(linked, [pair], INNER)

    again = watch_differences(watching, [pair], INNER)

    assert len(again.counts) == len(watching.counts) == len(linked.counts) + 1


def test_several_answers_are_no_fewer_than_the_records() -> None:
    rows = {("yes", "no", "old"): 4, ("yes", "yes", "old"): 2, ("no", "yes", "young"): 3, ("no", "yes", "old"): 1}
    parts = ((("blow", "yes"),), (("threat", "yes"),))
    inner = InnerCounts(("blow", "threat", "age"), rows, (), (Cover((), parts),))
    by_age = [(), *parts, (("age", "old"),), *(tuple(sorted((("age", "old"), *part))) for part in parts)]
    linked = link_cells(by_age, inner)

    asked = linked.numbers[(("age", "old"), ("threat", "yes"))]

    known = [(("age", "old"),), (("age", "old"), ("blow", "yes"))]
    assert least_and_most(linked, asked, known) == (held(inner, known[0]) - held(inner, known[1]), 7)


def test_tables_that_no_machine_could_solve_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_rows, "MOST_UNKNOWNS", 5)

    with pytest.raises(TooManyInnerCells):
        link_cells(every_cell(INNER, *TABLES), INNER)
