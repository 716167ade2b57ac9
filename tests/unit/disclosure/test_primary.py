"""The primary rule: persons are counted, groups that tell everybody's answer are found."""

import numpy as np
import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.primary import groups_told, require, too_few_contributors
from pipelines.disclosure.release_table import SafetyLevel
from tests.judge_releases import real_policy
from tests.made_up_release import dimension

STANDARD, STRICT = (real_policy().profiles[name] for name in ("standard", "strict"))
RELATION = dimension("relationship", {"partner": "Partenaire", "friend": "Ami"}, missing=())
AGE = dimension("age_at_request", {"young": "Jeune", "old": "Vieux"}, missing=())


def asked(counts: list[int], persons: list[int], *, profile=STANDARD, fixed: int = -1, telling: int = -1):
    places = np.arange(len(counts))
    none = np.zeros(len(counts), dtype=bool)
    return require(np.array(counts), np.array(persons), profile, places == fixed, none, places == telling)


def test_one_person_with_five_requests_is_one_person() -> None:
    assert asked([5, 5], [1, 5]).small.tolist() == [True, False]


def test_the_smallest_group_that_is_shown_has_k_persons() -> None:
    assert asked([4, 5], [4, 5]).small.tolist() == [True, False]


def test_nobody_is_no_small_group_where_zeros_are_published() -> None:
    needs = asked([0, 1], [0, 1])

    assert needs.small.tolist() == [False, True]
    assert needs.fixed.tolist() == [True, False]


def test_nobody_is_protected_where_zeros_are() -> None:
    needs = asked([0, 1], [0, 1], profile=STANDARD.model_copy(update={"zeros": "protect"}))

    assert needs.small.tolist() == [True, True]
    assert not needs.fixed.any()
    assert needs.low.tolist() == [0, 0]


def test_what_is_out_cannot_be_hidden_any_more() -> None:
    needs = asked([2, 9], [2, 9], fixed=0)

    assert not needs.small.any()
    assert needs.fixed.tolist() == [True, False]


def test_every_small_value_stays_possible() -> None:
    needs = asked([2], [2])

    assert (needs.low[0], needs.high[0], needs.values) == (1, 4, 4)


def test_the_strict_profile_asks_that_a_hidden_cell_may_be_large() -> None:
    assert STRICT.level is SafetyLevel.S2
    assert asked([7], [7], profile=STRICT).high[0] == 10


def test_of_a_group_that_tells_all_k_may_be_elsewhere() -> None:
    needs = asked([12], [12], telling=0)

    assert needs.small[0]
    assert needs.low[0] <= 12 - STANDARD.k


def told(persons: dict[tuple[str, ...], int], *, sides=(AGE, RELATION), sensitive=("relationship",)):
    return groups_told("t", sides, persons, sensitive, 5)


def test_a_line_of_which_everybody_gives_one_answer_is_told() -> None:
    found = told({("young", TOTAL): 9, ("young", "partner"): 9})

    assert [(group.line, group.answer, group.others) for group in found] == [
        (("young", TOTAL), ("young", "partner"), 0)
    ]


@pytest.mark.parametrize(("others", "is_told"), [(4, True), (5, False)])
def test_fewer_than_k_other_answers_do_not_protect(others: int, *, is_told: bool) -> None:
    found = told({("young", TOTAL): 20 + others, ("young", "partner"): 20, ("young", "friend"): others})

    assert bool(found) is is_told


def test_a_group_of_fewer_than_k_is_hidden_as_a_small_one() -> None:
    assert told({("young", TOTAL): 4, ("young", "partner"): 4}) == []


def test_a_question_that_is_not_sensitive_tells_nothing() -> None:
    assert told({("young", TOTAL): 9, ("young", "partner"): 9}, sensitive=("residence",)) == []


def test_a_total_of_two_centres_tells_one_about_the_other() -> None:
    assert too_few_contributors([10, 12], 3, 0.8)
    assert not too_few_contributors([10, 12, 9], 3, 0.8)


def test_a_centre_that_gave_nothing_does_not_count() -> None:
    assert too_few_contributors([10, 12, 0], 3, 0.8)


def test_a_centre_that_holds_nearly_all_is_recognised() -> None:
    assert too_few_contributors([81, 10, 9], 3, 0.8)
    assert not too_few_contributors([80, 10, 10], 3, 0.8)


def test_nobody_in_any_centre_tells_nothing() -> None:
    assert not too_few_contributors([0, 0], 3, 0.8)
