"""Coded records: what years they are of, how two sets are joined, and which kinds of record there are."""

from pipelines.tables.coded_records import CodedRecords, answers_of
from pipelines.units import RECORD_UNITS

REQUEST, AGGRESSION, LINK = RECORD_UNITS
COLUMNS = ("period", "person", "is_request", "is_aggression", "is_aggressor_link", "residence")
RECORDS = CodedRecords(
    COLUMNS,
    (
        ("2022-2023", "1", "yes", "yes", "yes", "joliette"),
        ("2022-2023", "1", "no", "no", "yes", "joliette"),
        ("2023-2024", "2", "yes", "no", "no", "matawinie"),
    ),
)


def test_records_tell_their_years() -> None:
    assert RECORDS.periods == ("2022-2023", "2023-2024")


def test_the_records_of_a_year_are_those_of_that_year_alone() -> None:
    assert RECORDS.of_periods(["2023-2024"]).rows == RECORDS.rows[2:]


def test_the_kinds_of_record_are_the_units_that_one_counts_as_the_fullest_first() -> None:
    assert RECORDS.kinds == ((REQUEST, AGGRESSION, LINK), (LINK,), (REQUEST,))


def test_a_question_that_one_set_was_not_asked_is_not_told_there() -> None:
    other = CodedRecords((*COLUMNS[:5], "delay"), (("2021-2022", "1", "yes", "no", "no", "week"),))

    joined = RECORDS.joined_with(other)

    assert joined.columns == (*COLUMNS, "delay")
    assert joined.rows[0][-1] == "non_disponible"
    assert joined.rows[-1] == ("2021-2022", "1", "yes", "no", "no", "non_disponible", "week")


def test_several_answers_are_each_an_answer() -> None:
    assert answers_of("a|b") == {"a", "b"}
