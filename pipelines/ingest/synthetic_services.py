"""The made-up meetings, accompaniments and forensic kits: as many, with as many persons and hours, as told.

Persons come from the requests of the same year where they can, and have no meeting before their request;
the others are invented pseudonyms, of women who asked in another year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.ingest.service_settings import Dealt, Kits, Service, ServiceSettings
from pipelines.ingest.synthetic_draws import Days, Numbers, draw_words
from pipelines.ingest.synthetic_requests import ADULT_AGE
from pipelines.ingest.synthetic_settings import Words
from pipelines.ingest.synthetic_shares import YearOfWork, as_hours, deal, quarters

#: Invented pseudonyms begin here: no request has so high a number.
_FIRST_INVENTED = 900_000
#: Who asks so late in the year has hardly a meeting in it; follow-ups need some weeks.
_DAYS_LEFT_FOR_FIRST, _DAYS_LEFT = 14, 100
#: A first meeting is within so many working days of the request.
_LONGEST_WAIT = 20
# Quarters of an hour: from half an hour to half a working day, and how much of that is with the person.
_SHORTEST, _LONGEST = 2, 16
#: How long after a kit the centre is written to, and after that calls: most within two days.
_DAYS_TO_WRITE = 3
_CALL_AFTER = np.array([0, 1, 1, 2, 2, 3, 5, 9])
#: No kit comes so near the end of a year that its meetings would be of the next one.
_LAST_KIT = 45


@dataclass
class People:
    """The persons of a year, by what they may be given, and the first day on which each may have a meeting."""

    among: dict[str, Sequence[str]]
    first_day: dict[str, np.datetime64]
    year: YearOfWork
    invented: int = 0

    def choose(self, rng: np.random.Generator, group: str, count: int, days_left: int) -> list[str]:
        """So many persons of the group, invented ones where there are no more of them with time left."""
        last = np.datetime64(self.year.end) - days_left
        known = [person for person in self.among.get(group, ()) if self.first_day[person] <= last]
        chosen = [known[place] for place in rng.permutation(len(known))[:count]]
        return chosen + [self.invent() for _ in range(count - len(chosen))]

    def invent(self) -> str:
        """Somebody of whom this year has no request."""
        self.invented += 1
        person = f"P{_FIRST_INVENTED + 1_000 * int(self.year.short) + self.invented:06d}"
        self.first_day[person] = np.datetime64(self.year.first_day)
        return person


def people_of(requests: pd.DataFrame, year: YearOfWork) -> People:
    """The persons who asked in the year, each from the day after her first request."""
    of_year = requests[requests["year"] == year.label]
    survivors = of_year[of_year["group"] == "survivor"].drop_duplicates("person_id")
    relatives = of_year[of_year["group"] == "relative"].drop_duplicates("person_id")
    groups = {
        "survivors": survivors,
        "adults": survivors[survivors["age"] >= ADULT_AGE],
        "teens": survivors[survivors["age"] < ADULT_AGE],
        "relatives": relatives,
    }
    days = of_year.groupby("person_id")["date"].min()
    first_day = {str(person): np.datetime64(day, "D") + 1 for person, day in days.items()}
    return People({name: list(frame["person_id"]) for name, frame in groups.items()}, first_day, year)


def draw_kits(told: Kits, words: Words, people: People, rng: np.random.Generator) -> pd.DataFrame:
    """One row per kit; who was reached has a pseudonym, and meetings from the day of the call."""
    year = people.year
    received = year.some(told.received)
    reached = min(year.some(told.reached), received)
    called = max(reached, received - year.some(told.never_called, at_least=0))
    open_days = year.working_days[year.working_days < np.datetime64(year.end) - _LAST_KIT]
    days = np.sort(rng.choice(open_days, size=received))
    calls = days + rng.choice(_CALL_AFTER, size=received).astype("timedelta64[D]")
    place = rng.permutation(received)
    is_reached, is_called = place < reached, place < called
    persons = [people.invent() if one else "" for one in is_reached]
    people.first_day.update({person: call for person, call in zip(persons, calls, strict=True) if person})
    people.among["kits"] = [person for person in persons if person]
    return pd.DataFrame(
        {
            "kit_id": [f"T{year.short}-{number:04d}" for number in range(1, received + 1)],
            "person_id": persons,
            "kit_date": days - rng.integers(0, _DAYS_TO_WRITE + 1, size=received).astype("timedelta64[D]"),
            "received": days,
            "first_call": np.where(is_called, calls, np.datetime64("NaT")),
            "is_reached": np.where(is_reached, words.yes, words.no),
            "age_group": told.label,
        }
    )


def draw_meetings(settings: ServiceSettings, people: People, rng: np.random.Generator) -> pd.DataFrame:
    """One row per meeting of each type of service, in the order of the days."""
    meetings = pd.concat([_meetings_of(service, people, rng) for service in settings.service], ignore_index=True)
    meetings = _numbered(meetings, "meeting_id", f"R{people.year.short}")
    length = meetings.pop("quarters").to_numpy()
    # What is longer than an hour and a half with the person was spent on what comes after.
    preparation = np.where(length >= _SHORTEST + 2, 1, 0)
    travel = np.where(rng.random(len(length)) < 0.1, np.minimum(length // 4, 2), 0)
    direct = np.minimum(length - preparation - travel, 6)
    parts = {"direct": direct, "preparation": preparation, "travel": travel}
    meetings = meetings.assign(**{name: as_hours(part) for name, part in parts.items()})
    meetings["debrief"] = as_hours(length - direct - preparation - travel)
    meetings["mode"] = draw_words(rng, settings.mode, len(meetings))
    return meetings


def draw_accompaniments(settings: ServiceSettings, people: People, rng: np.random.Generator) -> pd.DataFrame:
    """One row per accompaniment of each purpose, in the order of the days."""
    frames = [_dealt(told, people, "survivors", _DAYS_LEFT, rng) for told in settings.accompaniment]
    accompaniments = _numbered(pd.concat(frames, ignore_index=True), "accompaniment_id", f"C{people.year.short}")
    accompaniments["hours"] = as_hours(accompaniments.pop("quarters").to_numpy())
    accompaniments["mode"] = draw_words(rng, settings.mode, len(accompaniments))
    return accompaniments


def _meetings_of(service: Service, people: People, rng: np.random.Generator) -> pd.DataFrame:
    is_soon = service.is_first or service.among == "kits"
    days_left = _DAYS_LEFT_FOR_FIRST if is_soon else _DAYS_LEFT
    meetings = _dealt(service, people, service.among, days_left, rng, _LONGEST_WAIT if service.is_first else None)
    if service.is_first:
        # Whatever else the person is given comes after.
        people.first_day.update(
            {
                str(person): np.datetime64(day, "D")
                for person, day in meetings.groupby("person_id")["date"].min().items()
            }
        )
    return meetings


def _dealt(
    told: Dealt, people: People, group: str, days_left: int, rng: np.random.Generator, wait: int | None = None
) -> pd.DataFrame:
    """The meetings told, dealt out to their persons on different days; `wait` working days at most for each."""
    year = people.year
    persons = people.choose(rng, group, year.some(told.persons), days_left)
    meetings = min(year.some(told.meetings, at_least=len(persons)), told.at_most * len(persons))
    counts: Numbers = deal(rng, meetings, len(persons), 1, told.at_most)
    days = [
        np.sort(rng.choice(_open_days(people, person)[:wait], size=count, replace=False))
        for person, count in zip(persons, counts, strict=True)
    ]
    return pd.DataFrame(
        {
            "person_id": np.repeat(np.array(persons, dtype=object), counts),
            "date": np.concatenate(days),
            "label": told.label,
            "quarters": deal(rng, year.some(quarters(told.hours)), meetings, _SHORTEST, _LONGEST),
        }
    )


def _open_days(people: People, person: str) -> Days:
    days = people.year.working_days
    return days[days >= people.first_day[person]]


def _numbered(frame: pd.DataFrame, name: str, prefix: str) -> pd.DataFrame:
    """The rows in the order of the days, each with its number in the year."""
    ordered = frame.sort_values("date", kind="stable", ignore_index=True)
    ordered.insert(0, name, [f"{prefix}-{number:05d}" for number in range(1, len(ordered) + 1)])
    return ordered
