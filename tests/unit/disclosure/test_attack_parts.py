"""What is known splits the equations; nothing that is said is lost on the way."""

import numpy as np
import pytest

from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.attacker.attack_model import NO_BOUND, System
from pipelines.disclosure.attacker.attack_parts import Contradiction, split_system
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet


def system_of(*rows):
    """Each row is its weights by column, then its lowest and highest value."""
    weights = [weight for row, _, _ in rows for _, weight in sorted(row.items())]
    columns = [column for row, _, _ in rows for column in sorted(row)]
    return System(
        column_count=max(columns) + 1,
        starts=np.cumsum([0, *(len(row) for row, _, _ in rows)]).astype(np.int64),
        columns=np.array(columns, dtype=np.int64),
        weights=np.array(weights, dtype=np.int64),
        low=np.array([low for _, low, _ in rows], dtype=np.int64),
        high=np.array([high for _, _, high in rows], dtype=np.int64),
        row_of={(("row", str(number)),): number for number in range(len(rows))},
        published=np.arange(len(rows), dtype=np.int64),
    )


AGREEMENT = ({0: 1, 1: 1, 2: -1, 3: -1}, 0, 0)


def test_an_agreement_about_a_known_group_is_two_parts():
    parts = split_system(system_of(({0: 1, 1: 1}, 9, 9), AGREEMENT)).parts

    assert [(part.columns.tolist(), part.system.low.tolist()) for part in parts] == [([0, 1], [9]), ([2, 3], [9])]


def test_a_number_that_is_known_goes_from_table_to_table():
    rows = [({0: 1, 1: 1}, 9, 9), ({2: -1, 3: -1, 4: 1, 5: 1}, 0, 0), AGREEMENT]

    parts = split_system(system_of(*rows)).parts

    assert [part.columns.tolist() for part in parts] == [[0, 1], [2, 3], [4, 5]]


def test_an_agreement_about_a_hidden_group_stays_one_part():
    parts = split_system(system_of(({0: 1, 1: 1}, 1, NO_BOUND), AGREEMENT)).parts

    assert [part.columns.tolist() for part in parts] == [[0, 1, 2, 3]]


def test_one_unknown_after_the_other_is_given_away():
    split = split_system(system_of(({0: 1}, 3, 3), ({0: 1, 1: 1}, 7, 7), ({1: 1, 2: 1, 3: 1}, 9, 9)))

    assert (split.known.tolist(), [part.system.low.tolist() for part in split.parts]) == ([3, 4, -1, -1], [[5]])


def test_a_group_of_nobody_empties_all_its_parts():
    split = split_system(system_of(({0: 1, 1: 1}, 0, 0), ({0: 1, 1: 1, 2: 1, 3: 1}, 5, 5)))

    assert (split.known.tolist(), [part.columns.tolist() for part in split.parts]) == ([0, 0, -1, -1], [[2, 3]])


@pytest.mark.parametrize(
    "rows",
    [
        [({0: 1}, 3, 3), ({0: 1}, 4, 4)],
        [({0: 1}, 3, 3), ({0: 1, 1: 1}, 2, 2)],
        [({0: 1}, 3, 3), ({0: 1}, 4, NO_BOUND)],
    ],
    ids=["two_numbers", "a_part_above_its_whole", "below_its_lowest"],
)
def test_numbers_that_disagree_on_the_way_are_a_contradiction(rows):
    with pytest.raises(Contradiction):
        split_system(system_of(*rows))


def two_tables(total_of_a):
    """Two tables about the same ages; what is hidden of the one tells of the other only if their ages are."""
    cells = [
        ((), 60), ((("age", "a"),), total_of_a), ((("age", "b"),), 40),
        *(((("age", "a"), ("sex", sex)), None) for sex in "fh"), *(((("age", "b"), ("sex", sex)), 20) for sex in "fh"),
        *(((("age", "a"), ("town", town)), None) for town in "mn"),
        *(((("age", "b"), ("town", town)), 20) for town in "mn"),
    ]  # fmt: skip
    return PublishedSet(
        dimensions={"age": ("a", "b"), "sex": ("f", "h"), "town": ("m", "n")},
        cells=tuple(PublishedCell("t", where, value) for where, value in cells),
        zeros_are_published=True,
        k=5,
    )


def test_parts_give_the_intervals_of_the_whole():
    report = attack(two_tables(20), time_limit_s=10)

    assert {(found.low, found.high) for found in report.findings} == {(1, 19)}


def test_ends_that_were_not_searched_for_are_told_so():
    report = attack(two_tables(20), time_limit_s=10, exact_ends=False)

    assert {found.are_ends_exact for found in report.findings} == {False}


def test_ends_that_were_searched_for_are_told_so():
    report = attack(two_tables(20), time_limit_s=10)

    assert {found.are_ends_exact for found in report.findings} == {True}
