"""French as Quebec writes it, to the code point: what looks right on screen may still be the wrong space."""

import datetime
from decimal import Decimal

import pytest

from pipelines.language import Language, Message, msg, msg_count

FRENCH = Language("fr")
ENGLISH = Language("en")


def code_points(text: str) -> list[str]:
    return [f"U+{ord(character):04X}" for character in text if not character.isascii()]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1378.5, "1\u00a0378,5"),
        (Decimal("2488"), "2\u00a0488"),
        (1_234_567, "1\u00a0234\u00a0567"),
        (0, "0"),
        (-3, "-3"),
    ],
)
def test_french_numbers_have_a_comma_and_a_no_break_space(value, written):
    assert FRENCH.number(value) == written


def test_the_thousands_space_is_not_the_narrow_one():
    assert code_points(FRENCH.number(1378.5)) == ["U+00A0"]


def test_english_numbers_have_a_point_and_a_comma():
    assert ENGLISH.number(1378.5) == "1,378.5"


@pytest.mark.parametrize(
    ("tenths", "french", "english"),
    [
        (421, "42,1\u00a0%", "42.1%"),
        (1000, "100,0\u00a0%", "100.0%"),
        (0, "0,0\u00a0%", "0.0%"),
        (5, "0,5\u00a0%", "0.5%"),
    ],
)
def test_percentages_are_given_in_tenths(tenths, french, english):
    assert (FRENCH.percent(tenths), ENGLISH.percent(tenths)) == (french, english)


def test_the_first_of_a_month_is_an_ordinal():
    assert FRENCH.date(datetime.date(2023, 4, 1)) == "1er\u00a0avril 2023"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (datetime.date(2024, 3, 31), "31\u00a0mars 2024"),
        (datetime.date(2021, 8, 11), "11\u00a0août 2021"),
        (datetime.date(2021, 2, 21), "21\u00a0février 2021"),
    ],
)
def test_other_days_are_plain(day, written):
    assert FRENCH.date(day) == written


def test_english_dates_are_written_out():
    assert ENGLISH.date(datetime.date(2023, 4, 1)) == "April 1, 2023"


def test_a_message_without_a_translation_is_said_as_it_is():
    assert FRENCH.text(Message("Nobody translated {thing}", {"thing": "this"})) == "Nobody translated this"


def test_counts_in_a_message_are_written_as_numbers():
    assert FRENCH.text(Message("{count} x", {"count": 1378})) == "1\u00a0378 x"


def test_text_that_looks_like_a_number_stays_as_it_is():
    assert FRENCH.text(Message("x {line}", {"line": "1378"})) == "x 1378"


def test_a_message_inside_a_message_is_said_in_the_same_language():
    assert ENGLISH.text(msg("before {inner}", inner=Message("n {count}", {"count": 1000}))) == "before n 1,000"


@pytest.mark.parametrize(("count", "written"), [(1, "1 row"), (2, "2 rows"), (1000, "1,000 rows")])
def test_a_counted_message_agrees_with_its_count(count, written):
    assert ENGLISH.text(msg_count("{count} row", "{count} rows", count)) == written


def test_braces_in_what_fills_a_message_are_not_filled_again():
    assert ENGLISH.text(msg("{file}: read", file="{secret}.csv")) == "{secret}.csv: read"


def test_a_page_says_its_language_and_country():
    assert (FRENCH.html_tag, ENGLISH.html_tag) == ("fr-CA", "en-CA")


def test_a_language_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="language must be one of"):
        Language("de")


@pytest.mark.parametrize(
    ("minutes", "written"), [(12_930, "215\u00a0h\u00a030"), (2_520, "42\u00a0h"), (5, "0\u00a0h\u00a005")]
)
def test_minutes_are_written_as_hours(minutes: int, written: str) -> None:
    assert Language("fr").duration(minutes) == written


@pytest.mark.parametrize(
    ("cents", "french", "english"),
    [
        (2_500_000, "25\u00a0000\u00a0$", "$25,000"),
        (123_450, "1\u00a0234,50\u00a0$", "$1,234.50"),
        (5, "0,05\u00a0$", "$0.05"),
        (0, "0\u00a0$", "$0"),
    ],
)
def test_cents_are_written_as_dollars(cents: int, french: str, english: str) -> None:
    assert (FRENCH.amount(cents), ENGLISH.amount(cents)) == (french, english)
