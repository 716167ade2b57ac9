"""How much of a year is covered, from the days that a centre says it lacks."""

import datetime

import pytest

from pipelines.continuity import BreakSettings, CoverageSettings, covered_share
from pipelines.language import Text

APRIL = 4
YEAR = (datetime.date(2022, 4, 1), datetime.date(2023, 3, 31))
WHY = Text("sur papier", "on paper")


def span(begins: str, ends: str, share: int | None) -> CoverageSettings:
    days = {"from": datetime.date.fromisoformat(begins), "to": datetime.date.fromisoformat(ends)}
    return CoverageSettings.model_validate({"entity": "meeting", "share": share, "reason": WHY, **days})


@pytest.mark.parametrize(
    ("spans", "share"),
    [
        ((), 100),
        ((span("2022-04-01", "2022-09-30", 0),), 50),
        ((span("2022-04-01", "2023-03-31", 60),), 60),
        ((span("2022-01-01", "2022-06-30", 0), span("2023-01-01", "2023-12-31", 0)), 50),
        ((span("2022-04-01", "2022-04-01", 0),), 99),
        ((span("2021-01-01", "2021-12-31", 0),), 100),
        ((span("2022-04-01", "2023-03-31", 0), span("2022-04-01", "2023-03-31", 0)), 0),
        ((span("2022-04-01", "2022-04-30", None),), None),
        ((span("2021-04-01", "2021-04-30", None),), 100),
    ],
)
def test_a_year_is_covered_by_the_days_that_it_does_not_lack(spans, share) -> None:
    assert covered_share(spans, APRIL, *YEAR) == share


def test_a_year_may_be_given_by_its_name() -> None:
    named = CoverageSettings(entity="meeting", year="2022-2023", share=40, reason=WHY)

    assert named.days(APRIL) == YEAR
    assert covered_share((named,), APRIL, *YEAR) == 40


@pytest.mark.parametrize(
    ("concerns", "column", "is_touched"),
    [
        ((), ("meeting", "direct_minutes"), True),
        (("meeting",), ("meeting", "direct_minutes"), True),
        (("meeting.direct_minutes",), ("meeting", "direct_minutes"), True),
        (("meeting.direct_minutes",), ("meeting", "meeting_id"), False),
        (("kit",), ("meeting", "meeting_id"), False),
    ],
)
def test_a_break_touches_what_it_concerns(concerns, column, is_touched) -> None:
    told = BreakSettings(year="2022-2023", concerns=concerns, what=WHY)

    assert told.touches([column]) is is_touched
    assert told.day(APRIL) == YEAR[0]
