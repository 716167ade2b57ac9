"""The made-up members, as many on each last day as told, and the time that volunteers give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipelines.ingest.organisation_settings import Members, OrganisationSettings, Told, Volunteering
from pipelines.ingest.synthetic_shares import YearOfWork, as_hours, deal, quarters

#: Who was a member before the years told joined so many days before them: no year is made for one membership alone.
_LONGEST_AGO, _NOT_SINCE = 4_400, 740
#: Quarters of an hour that somebody gives in a day.
_LONGEST_DAY = 48


def draw_members(settings: Sequence[Members], years: Sequence[YearOfWork], rng: np.random.Generator) -> pd.DataFrame:
    """One row per membership, the oldest first; whoever left has the last day of the membership."""
    rows = [row for told in settings for row in _memberships(told, years, rng)]
    frame = pd.DataFrame(rows, columns=["label", "since", "until", "organisation"])
    frame = frame.sort_values("since", kind="stable", ignore_index=True)
    frame.insert(0, "id", [f"M{number:04d}" for number in range(1, len(frame) + 1)])
    return frame


def _memberships(told: Members, years: Sequence[YearOfWork], rng: np.random.Generator) -> list[dict[str, Any]]:
    told_years = [year for year in years if year.label in told.year]
    if not told_years:
        return []
    first = np.datetime64(told_years[0].first_day)
    # Of the years that are not made, all that is left is who is still a member.
    past = [label for label in sorted(told.year) if label < told_years[0].label]
    count = told.year[past[-1]].at_end if past else told.before
    days = first - rng.integers(_NOT_SINCE, _LONGEST_AGO, size=count).astype("timedelta64[D]")
    rows = [_membership(told.label, day) for day in days]
    for year in told_years:
        figures = told.year[year.label]
        still = [row for row in rows if np.isnat(row["until"])]
        leaving = len(still) + figures.joined - figures.at_end
        for place, day in zip(rng.permutation(len(still))[:leaving], year.draw_days(rng, leaving), strict=True):
            # The last day of the year is one of membership: whoever leaves in the year has an earlier one.
            still[place]["until"] = min(day, np.datetime64(year.end) - 2)
        joined = [_membership(told.label, day) for day in year.draw_days(rng, figures.joined)]
        for place, row in enumerate(joined):
            if figures.organisations:
                row["organisation"] = f"G{year.short}-{1 + place % figures.organisations:03d}"
        rows += joined
    return rows


def _membership(label: str, day: np.datetime64) -> dict[str, Any]:
    return {"label": label, "since": day, "until": np.datetime64("NaT"), "organisation": ""}


def draw_volunteering(
    settings: OrganisationSettings,
    year: YearOfWork,
    year_of: Callable[[Told], YearOfWork | None],
    rng: np.random.Generator,
) -> Iterator[dict[str, Any]]:
    """One row per time given; whoever gave least so far comes first, so that each of them gives some."""
    persons = [
        (f"V{place}{number:03d}", group.role, group.level)
        for place, group in enumerate(settings.volunteers, start=1)
        for number in range(1, year.some(group.persons) + 1)
    ]
    given = dict.fromkeys(persons, 0)
    # Lines that are open to few roles first: nobody else's time is missing there.
    for line in sorted(settings.volunteering, key=lambda line: len(line.roles) or len(persons) + 1):
        own = year_of(line)
        if own is not None:
            yield from _times(line, own, given, rng)


def _times(
    line: Volunteering, year: YearOfWork, given: dict[tuple[str, str, str], int], rng: np.random.Generator
) -> Iterator[dict[str, Any]]:
    times = year.some(line.times)
    lengths: Sequence[float | None] = [None] * times
    if line.hours is not None:
        lengths = as_hours(deal(rng, year.some(quarters(line.hours)), times, 1, _LONGEST_DAY))
    for day, hours in zip(year.draw_days(rng, times), lengths, strict=True):
        able = [person for person in given if not line.roles or person[1] in line.roles]
        least = min(given[person] for person in able)
        chosen = [person for person in able if given[person] == least]
        person = chosen[int(rng.integers(len(chosen)))]
        given[person] += 1
        number, role, level = person
        row = {"date": day, "label": line.label, "hours": hours}
        yield {"volunteer": number, "role": role, "level": level, **row}
