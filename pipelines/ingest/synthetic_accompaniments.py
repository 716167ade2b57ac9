"""Made-up accompaniments of persons who come back from year to year: as many, with as many persons, as told.

A report that counts persons over several years needs the same pseudonym for the same person in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.ingest.service_settings import Hours, Some
from pipelines.ingest.synthetic_draws import draw_words
from pipelines.ingest.synthetic_settings import Count, Weighted
from pipelines.ingest.synthetic_shares import YearOfWork, as_hours, deal, quarters

#: Quarters of an hour: the shortest and the longest accompaniment.
_SHORTEST, _LONGEST = 1, 16
#: No person has more accompaniments in a year, where the total allows.
_AT_MOST = 12


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AccompanimentsOfYear(_Settings):
    """Persons of a year, how many of them for the first time, their accompaniments and hours."""

    persons: Some
    new: Count
    accompaniments: Some
    hours: Hours

    @model_validator(mode="after")
    def _adds_up(self) -> AccompanimentsOfYear:
        if not self.new <= self.persons <= self.accompaniments:
            raise ValueError("a new person is a person, and each has an accompaniment")
        return self


class AccompanimentSettings(_Settings):
    """`config/demonstration/<id>/accompaniments.toml`: each figure says there whether it was printed or invented."""

    mode: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    purpose: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    year: Annotated[dict[str, AccompanimentsOfYear], Field(min_length=1)]

    @model_validator(mode="after")
    def _only_known_persons_come_back(self) -> AccompanimentSettings:
        known = 0
        for label in sorted(self.year):
            told = self.year[label]
            if told.persons - told.new > known:
                raise ValueError(f"{label}: more persons come back than there were before")
            known += told.new
        return self


def draw_accompaniments_over_years(
    settings: AccompanimentSettings,
    years: Sequence[YearOfWork],
    requests: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per accompaniment, by year then day; a year without figures is not among the years given."""
    known: list[str] = []
    frames = []
    for year in years:
        asked = requests[(requests["year"] == year.label) & (requests["group"] == "survivor")]
        frame, persons = _draw_year(settings, year, known, asked, rng)
        known = list(dict.fromkeys([*known, *persons]))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _draw_year(
    settings: AccompanimentSettings,
    year: YearOfWork,
    known: Sequence[str],
    asked: pd.DataFrame,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, list[str]]:
    told = settings.year[year.label]
    persons = year.some(told.persons)
    returning = min(year.some(told.persons - told.new, at_least=0), len(known))
    chosen = [known[place] for place in rng.permutation(len(known))[:returning]]
    chosen += _new_persons(persons - returning, year, known, asked)
    accompaniments = year.some(told.accompaniments, at_least=persons)
    counts = deal(rng, accompaniments, persons, 1, _AT_MOST)
    since = {str(person): np.datetime64(day, "D") for person, day in asked.groupby("person_id")["date"].min().items()}
    days = [
        np.sort(rng.choice(_open_days(year, since.get(person)), size=count))
        for person, count in zip(chosen, counts, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "person_id": np.repeat(np.array(chosen, dtype=object), counts),
            "date": np.concatenate(days),
            "label": draw_words(rng, settings.purpose, accompaniments),
            "mode": draw_words(rng, settings.mode, accompaniments),
            "hours": as_hours(deal(rng, year.some(quarters(told.hours)), accompaniments, _SHORTEST, _LONGEST)),
        }
    )
    frame = frame.sort_values("date", kind="stable", ignore_index=True)
    frame.insert(0, "accompaniment_id", [f"C{year.short}-{number:05d}" for number in range(1, accompaniments + 1)])
    return frame, chosen


def _new_persons(count: int, year: YearOfWork, known: Sequence[str], asked: pd.DataFrame) -> list[str]:
    """Persons who asked in the year and were never accompanied, then pseudonyms of others."""
    never = [str(person) for person in dict.fromkeys(asked["person_id"]) if person not in set(known)]
    invented = [f"P9{year.short}{number:03d}" for number in range(1, count + 1)]
    return [*never, *invented][:count]


def _open_days(year: YearOfWork, since: np.datetime64 | None) -> np.ndarray:
    """The working days from the day after her request; all of them where that leaves none."""
    days = year.working_days
    after = days if since is None else days[days > since]
    return after if len(after) else days[-1:]
