"""Lengths of time: every way that platforms write them gives whole minutes, or the file is refused with its place."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import ConfigurationError, InputRefused
from pipelines.ingest.durations import HOURS, MINUTES, read_minutes
from pipelines.language import Language
from tests.small_centre import SmallCentre

REQUESTS = """
    request_id | request_date
    D1         | 2023-04-01
"""


def meetings(*cells: str) -> str:
    rows = [f"R{number} | 2023-05-01 | {cell}" for number, cell in enumerate(cells, start=1)]
    return "\n".join(["meeting_id | meeting_date | direct_minutes", *rows])


def minutes_of(folder: Path, *cells: str) -> pl.DataFrame:
    load = SmallCentre(folder, request=REQUESTS, meeting=meetings(*cells)).load()
    return pl.read_parquet(load.frame_file("meeting"))


@given(minutes=st.integers(0, 100_000), gap=st.sampled_from(["", " ", "  ", "\u00a0"]), mark=st.sampled_from("hH:"))
def test_hours_with_their_minutes_give_the_same_minutes_however_they_are_spaced(minutes, gap, mark):
    assert read_minutes(f"{minutes // 60}{gap}{mark}{gap}{minutes % 60:02d}", HOURS, ",") == minutes


@given(quarters=st.integers(0, 100_000), decimal=st.sampled_from(",."))
def test_decimal_hours_give_whole_minutes(quarters, decimal):
    whole, rest = divmod(quarters, 4)
    cell = f"{whole}{decimal}{('00', '25', '5', '750')[rest]}"

    assert read_minutes(cell, HOURS, decimal) == 15 * quarters


@given(minutes=st.integers(0, 1_000_000))
def test_minutes_are_minutes(minutes):
    assert read_minutes(str(minutes), MINUTES, ",") == minutes
    assert read_minutes(f"{minutes},0", MINUTES, ",") == minutes


@given(cell=st.text(max_size=12), form=st.sampled_from([HOURS, MINUTES]), decimal=st.sampled_from(",."))
def test_any_text_is_a_length_of_time_or_nothing(cell, form, decimal):
    minutes = read_minutes(cell, form, decimal)

    assert minutes is None or minutes >= 0


@pytest.mark.parametrize(
    "cell", ["1,33", "0,01", "1.5", "1h60", "1:5", "1:30:20", "-1,5", "+2", "deux", "1 h 30 h", "1,5 h 20", "1e3", ""]
)
def test_what_is_no_whole_minute_or_no_length_of_time_is_not_read(cell):
    assert read_minutes(cell, HOURS, ",") is None


@pytest.mark.parametrize("cell", ["1h30", "1:30", "90,5", "1,5"])
def test_a_column_of_minutes_holds_no_hours(cell):
    assert read_minutes(cell, MINUTES, ",") is None


@pytest.mark.parametrize(("cell", "minutes"), [("2 h", 120), ("1h30min", 90), ("01:30:00", 90), ("0", 0), ("7", 420)])
def test_other_ways_of_writing_hours(cell, minutes):
    assert read_minutes(cell, HOURS, ",") == minutes


def test_a_column_of_hours_is_kept_in_minutes_with_the_kind_of_what_is_missing(tmp_path):
    frame = minutes_of(tmp_path, "1,5", "1 h 30", "?", "0")

    assert frame["direct_minutes"].to_list() == [90, 90, None, 0]
    assert frame["direct_minutes_missing"].to_list() == [None, None, "ne_sait_pas", None]


def test_a_length_of_time_that_cannot_be_read_refuses_the_file_with_its_rows_and_without_its_value(tmp_path):
    with pytest.raises(InputRefused) as refused:
        minutes_of(tmp_path, "1,5", "1,3333", "zqx")
    line = refused.value.one_line(Language("fr"))

    assert "meeting.csv" in line
    assert "3, 4" in line
    assert "direct_minutes" in line
    assert "durée en minutes entières" in line
    assert "1,3333" not in line
    assert "zqx" not in line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (', duration = "hours"', ""),
        ('duration = "hours"', 'duration = "days"'),
        ('from = "request_date"', 'from = "request_date", duration = "hours"'),
    ],
    ids=["not said", "no such unit", "of another column"],
)
def test_hours_or_minutes_is_said_of_lengths_of_time_and_of_them_alone(tmp_path, before, after):
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=meetings("2"))
    text = centre.settings.read_text(encoding="utf-8")
    assert before in text
    centre.settings.write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ConfigurationError):
        centre.load()
