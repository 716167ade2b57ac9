"""Parts against totals: what adds up, what does not, and what only a person can tell."""

from decimal import Decimal

import pytest

from pipelines.quality.printed_figure import State
from tests.made_up_figures import audit_of, causes, only

HOURS = """
    suivis | A     | heures | hour | 215.5 | part
    suivis | B     | heures | hour | 229.0 | part
    suivis | C     | heures | hour | 42.25 | part
    suivis | Total | heures | hour | {total} | total
"""


def test_a_total_that_is_the_sum_of_its_parts_is_verified() -> None:
    outcome = only(audit_of(HOURS.format(total="486.75")), "total")

    assert (outcome.state, outcome.lines) == (State.VERIFIED, (2, 3, 4, 5))


@pytest.mark.parametrize(
    ("total", "cause"),
    [
        ("444.5", "a line was forgotten in the total: {rows}"),
        ("529", "a line was counted twice in the total: {rows}"),
        ("468.75", "two digits of the total changed places"),
        ("4867.5", "the decimal sign of the total moved"),
        ("486.25", "one digit of the total was mistyped"),
        ("487", "rounding, or a half hour"),
        ("257.75", "a line was forgotten in the total: {rows}"),
        ("600", "a line of {gap} may be missing from the printed table"),
        ("430.35", "a line may have been added or changed after the total was made"),
    ],
)
def test_a_total_that_does_not_agree_is_told_with_its_likely_cause(total: str, cause: str) -> None:
    outcome = only(audit_of(HOURS.format(total=total)), "total")

    assert outcome.state is State.DISAGREES
    assert (outcome.printed, outcome.recomputed) == (Decimal(total), Decimal("486.75"))
    assert cause in causes(outcome)


def test_hours_and_minutes_that_were_added_as_decimals_are_recognised() -> None:
    drawn = """
        suivis | A     | heures | hour | 3.5  | part
        suivis | B     | heures | hour | 2.75 | part
        suivis | Total | heures | hour | 6.15 | total
    """
    drawn_as_clock = drawn.replace("3.5 ", "3.30").replace("2.75", "2.45").replace("6.15", "6.25")

    assert "hours and minutes were added as decimals: 3h30 is 3.5, not 3.30" in causes(
        only(audit_of(drawn_as_clock), "total")
    )
    assert only(audit_of(drawn.replace("6.15", "6.25")), "total").state is State.VERIFIED


def test_a_total_copied_from_another_column_is_recognised() -> None:
    drawn = """
        suivis | A     | personnes  | count | 31 | part
        suivis | A     | rencontres | count | 58 | part
        suivis | B     | personnes  | count | 17 | part
        suivis | B     | rencontres | count | 90 | part
        suivis | Total | rencontres | count | 48 | total
    """

    assert causes(only(audit_of(drawn), "total"))[0] == "the total was copied from elsewhere: {name}"


def test_one_total_of_several_columns_covers_those_that_detail_it() -> None:
    drawn = """
        groupes | Printemps | heures_preparation | hour  | 22   | part
        groupes | Printemps | heures_animation   | hour  | 38.5 | part
        groupes | Printemps | participantes      | count | 5    | part
        groupes | Hiver     | heures_animation   | hour  | 84   | part
        groupes | Total     | heures             | hour  | {}   | total
    """

    assert only(audit_of(drawn.format("144.5")), "total").state is State.VERIFIED
    assert only(audit_of(drawn.format("145.5")), "total").state is State.DISAGREES


def test_a_total_of_people_covers_their_roles() -> None:
    drawn = """
        animations | Mai   | participants | count | 42 | part
        animations | Mai   | intervenants | count | 3  | part
        animations | Juin  | stagiaires   | count | 1  | part
        animations | Total | personnes    | count | {} | total
    """

    assert only(audit_of(drawn.format(46)), "total").state is State.VERIFIED
    assert only(audit_of(drawn.format(45)), "total").state is State.TO_EXPLAIN
    assert only(audit_of(drawn.format(49)), "total").state is State.DISAGREES


def test_persons_who_may_be_in_several_lines_are_asked_about_and_never_called_wrong() -> None:
    drawn = """
        services | A     | personnes | count | 118 | part
        services | B     | personnes | count | 61  | part
        services | Total | personnes | count | {} | total
    """

    assert only(audit_of(drawn.format(150)), "total").state is State.TO_EXPLAIN
    assert only(audit_of(drawn.format(180)), "total").state is State.DISAGREES
    assert only(audit_of(drawn.format(117)), "total").state is State.DISAGREES


def test_a_line_that_details_another_is_asked_about() -> None:
    drawn = """
        demandes | Femmes       | demandes | count | 40 | part
        demandes | dont mineures | demandes | count | 7 | part
        demandes | Proches      | demandes | count | 12 | part
        demandes | Total        | demandes | count | 52 | total
    """

    assert only(audit_of(drawn), "total").state is State.TO_EXPLAIN


def test_subtotals_and_the_total_of_all_are_each_judged() -> None:
    drawn = """
        heures | A          | heures | hour | 10 | part
        heures | B          | heures | hour | 20 | part
        heures | Sous-total | heures | hour | 30 | subtotal
        heures | C          | heures | hour | 5  | part
        heures | D          | heures | hour | 6  | part
        heures | Sous-total | heures | hour | 12 | subtotal
        heures | Total      | heures | hour | 41 | total
    """

    states = [outcome.state for outcome in audit_of(drawn).outcomes]

    assert states == [State.VERIFIED, State.DISAGREES, State.VERIFIED]


def test_an_average_line_is_no_part_of_a_total() -> None:
    drawn = """
        ateliers | A       | eleves | count | 20 | part
        ateliers | B       | eleves | count | 30 | part
        ateliers | Moyenne | eleves | count | 25 | part
        ateliers | Total   | eleves | count | 50 | total
    """

    assert {outcome.state for outcome in audit_of(drawn).outcomes} == {State.VERIFIED}


def test_shares_may_miss_100_by_their_rounding_and_rates_are_no_sum() -> None:
    shares = """
        lien | A     | part | percent | 33.3 | part
        lien | B     | part | percent | 33.3 | part
        lien | C     | part | percent | {} | part
        lien | Total | part | percent | 100 | total
    """

    assert only(audit_of(shares.format("33.3")), "total").state is State.VERIFIED
    assert only(audit_of(shares.format("31.3")), "total").state is State.DISAGREES
    assert only(audit_of(shares.format("90.0")), "total").state is State.NOT_JUDGED


def test_a_total_without_parts_is_not_judged() -> None:
    drawn = """
        annee | A     | publications | count | 12 | part
        annee | Total | heures       | hour  | 20 | total
    """

    assert only(audit_of(drawn), "total").state is State.NOT_JUDGED
