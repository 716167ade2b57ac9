"""Percentages against the number of answers, and numbers made from others of their table."""

from decimal import Decimal

import pytest

from pipelines.quality.printed_figure import State
from pipelines.quality.rounding import Percentage, fits_by_largest_remainder, fits_by_rounding, possible_numbers
from tests.made_up_figures import audit_of, causes, only


def line(*values: str) -> list[Percentage]:
    return [Percentage(Decimal(value), len(value.partition(".")[2])) for value in values]


def answers(n: int | None, *lines: str) -> str:
    drawn = [f"evaluation | Répondantes | personnes | count | {n} | figure"] if n else []
    for number, values in enumerate(lines):
        for level, value in enumerate(values.split()):
            drawn.append(f"evaluation | Question {number} | niveau {level} | percent | {value} | part")
    return "\n".join(drawn)


@pytest.mark.parametrize(
    ("n", "values", "fits"),
    [
        (23, "0 4 22 74", True),
        (23, "0 10 31 59", False),
        (8, "0 13 38 50", True),
        (8, "0 13 38 49", False),
        (3, "33 33 33", True),
        (41, "68.3 31.7", True),
        (41, "68.4 31.6", False),
    ],
)
def test_a_line_is_possible_where_whole_counts_give_it(n: int, values: str, fits: bool) -> None:
    assert fits_by_rounding(line(*values.split()), n) is fits


def test_the_numbers_of_answers_that_a_line_may_come_from_are_found() -> None:
    assert possible_numbers(line("0", "10", "31", "59"), 2) == (29, 39)


def test_the_method_of_largest_remainders_gives_a_line_that_plain_rounding_does_not() -> None:
    assert fits_by_largest_remainder(line("34", "33", "33"), 3)
    assert not fits_by_largest_remainder(line("35", "33", "32"), 3)
    assert not fits_by_rounding(line("34", "33", "33"), 3)


def test_a_line_that_cannot_be_is_told_with_the_cell_and_the_nearest_possible_one() -> None:
    outcome = only(audit_of(answers(9, "11 44 33 13")), "percentages")

    assert outcome.state is State.DISAGREES
    assert [(gap.measure, gap.printed, gap.nearest) for gap in outcome.cells] == [("niveau 3", 13, 11)]
    assert causes(outcome) == ["the percentage of {cell} was adjusted so that the line makes 100"]


def test_a_report_that_rounds_by_largest_remainders_is_right() -> None:
    found = audit_of(answers(9, "11 11 33 45", "0 11 45 44", "11 45 33 11", "0 22 22 56"))

    assert {outcome.state for outcome in found.outcomes} == {State.VERIFIED}


def test_a_report_that_pushes_its_last_cell_is_told_for_each_line_that_it_makes_impossible() -> None:
    found = audit_of(answers(8, "13 25 38 24", "0 13 13 74", "13 0 38 49", "0 25 63 12"))

    assert [outcome.state for outcome in found.outcomes] == [*[State.DISAGREES] * 3, State.VERIFIED]


def test_a_line_that_makes_99_by_plain_rounding_is_right() -> None:
    assert only(audit_of(answers(9, "11 11 33 44")), "percentages").state is State.VERIFIED


def test_without_the_number_of_answers_a_line_must_make_100() -> None:
    assert only(audit_of(answers(None, "33 33 33")), "percentages").state is State.VERIFIED
    assert only(audit_of(answers(None, "30 33 33")), "percentages").state is State.DISAGREES


def test_several_answers_a_person_make_no_whole() -> None:
    found = audit_of(answers(10, "60 70 40", "50 90 20"))

    assert {outcome.state for outcome in found.outcomes} == {State.VERIFIED}
    assert only(audit_of(answers(10, "60 75 40")), "percentages").state is State.DISAGREES


def test_a_share_is_compared_with_its_count_and_its_total() -> None:
    drawn = """
        lien | A     | nombre | count   | 20  | part
        lien | A     | %      | percent | 40  | part
        lien | B     | nombre | count   | 15  | part
        lien | B     | %      | percent | {} | part
        lien | C     | nombre | count   | 15  | part
        lien | C     | %      | percent | 30  | part
        lien | Total | nombre | count   | 50  | total
    """

    assert {outcome.state for outcome in audit_of(drawn.format(30)).outcomes} == {State.VERIFIED}
    wrong = [outcome for outcome in audit_of(drawn.format(35)).outcomes if outcome.state is State.DISAGREES]
    assert [(outcome.row, outcome.recomputed) for outcome in wrong] == [("B", 30)]


def test_a_percentage_of_two_numbers_of_its_line_is_verified() -> None:
    drawn = """
        trousses | Adultes | recues    | count   | 41   | figure
        trousses | Adultes | jointes   | count   | 28   | figure
        trousses | Adultes | taux      | percent | 68.3 | figure
    """

    assert only(audit_of(drawn), "share").state is State.VERIFIED


def test_a_lone_percentage_must_be_possible_with_the_number_of_answers() -> None:
    drawn = """
        bilan | Répondantes  | personnes | count   | 23 | figure
        bilan | Satisfaction | taux      | percent | {} | figure
    """

    assert only(audit_of(drawn.format(87)), "share").state is State.VERIFIED
    assert only(audit_of(drawn.format(90)), "share").state is State.DISAGREES


@pytest.mark.parametrize(
    ("change", "state"), [("49.8", State.VERIFIED), ("33.3", State.DISAGREES), ("149.8", State.DISAGREES)]
)
def test_a_change_between_two_years_is_recomputed(change: str, state: State) -> None:
    drawn = f"""
        journee | Chandails | chandails                  | count   | 472 | figure
        journee | Chandails | chandails_annee_precedente | count   | 315 | figure
        journee | Chandails | hausse                     | percent | {change} | figure
    """
    outcome = only(audit_of(drawn), "evolution")

    assert outcome.state is state
    assert "mistyped" not in " ".join(causes(outcome))


def test_a_change_whose_years_are_not_printed_is_not_judged() -> None:
    drawn = "reseaux | Année | hausse_interactions | percent | 337.5 | figure"

    assert only(audit_of(drawn), "evolution").state is State.NOT_JUDGED


@pytest.mark.parametrize(("mean", "state"), [("2.5", State.VERIFIED), ("3.5", State.DISAGREES)])
def test_an_average_of_two_numbers_is_recomputed(mean: str, state: State) -> None:
    drawn = f"""
        soutien | Année | soutiens | count | 253 | figure
        soutien | Année | dossiers | count | 101 | figure
        soutien | Année | moyenne  | count | {mean} | figure
    """

    assert only(audit_of(drawn), "average").state is state


@pytest.mark.parametrize(("mean", "state"), [("25", State.VERIFIED), ("27", State.NOT_JUDGED), ("52", State.DISAGREES)])
def test_an_average_of_the_lines_lies_between_them(mean: str, state: State) -> None:
    drawn = f"""
        ateliers | A       | eleves | count | 20 | part
        ateliers | B       | eleves | count | 30 | part
        ateliers | Moyenne | eleves | count | {mean} | part
    """

    assert only(audit_of(drawn), "average").state is state
