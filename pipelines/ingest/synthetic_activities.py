"""The made-up activities, those who were there, and the ledger of hours: as many groups, pupils and hours as told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.ingest.service_settings import ServiceSettings, SingleActivity, Workshop, Workshops
from pipelines.ingest.synthetic_draws import Numbers
from pipelines.ingest.synthetic_shares import YearOfWork, as_hours, deal, quarters

#: Groups that one place has in one day, and pupils of a group.
_MOST_GROUPS, _PUPILS = 4, (12, 36)
#: Quarters of an hour: the longest day of animation, of a line of the ledger, and the most travel of a day.
_LONGEST_DAY, _LONGEST_LINE, _LONGEST_TRAVEL = 28, 32, 6
#: A line of the ledger is about so long; the shortest is a quarter of an hour.
_USUAL_LINE = 24
#: What the platform writes beside an hour of no project.
_NO_PROJECT = "Hors projet"


@dataclass(frozen=True)
class _Given:
    """One activity before it has its number: where, for how many groups, how long, and who was there."""

    label: str
    setting: str
    site: str
    groups: int
    animation: int
    preparation: int
    travel: int
    audience: dict[str, int]
    date: np.datetime64
    funder: str


def draw_activities(
    settings: ServiceSettings, year: YearOfWork, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The activities (one row each) and those who were there (one row per activity and role)."""
    told = settings.workshops
    workshops = [given for each in told.workshop for given in _given_workshops(each, told, year, rng)] if told else []
    # Places come in turn over all the workshops, so that each of them has some.
    sites = [f"S{1 + place % told.sites:02d}" for place in range(len(workshops))] if told else []
    single = [
        given for place, each in enumerate(settings.activity, start=1) for given in _given_days(each, place, year, rng)
    ]
    given = [(one, site) for one, site in zip(workshops, sites, strict=True)] + [(one, one.site) for one in single]
    given.sort(key=lambda pair: (pair[0].date, pair[0].label))
    activities, audiences = [], []
    for number, (one, site) in enumerate(given, start=1):
        activity_id = f"V{year.short}-{number:04d}"
        hours = as_hours(np.array([one.animation, one.preparation, one.travel]))
        activities.append((activity_id, one.date, one.label, one.setting, site, one.groups, *hours, one.funder))
        audiences += [(activity_id, role, count) for role, count in one.audience.items() if count]
    columns = ["activity_id", "date", "label", "setting", "site", "groups", "animation", "preparation", "travel"]
    columns.append("funder")
    return pd.DataFrame(activities, columns=columns), pd.DataFrame(audiences, columns=["activity_id", "role", "count"])


def _given_workshops(
    workshop: Workshop, told: Workshops, year: YearOfWork, rng: np.random.Generator
) -> Iterator[_Given]:
    groups_in_all = year.some(workshop.groups)
    pupils_in_all = year.some(workshop.pupils, at_least=groups_in_all)
    visits = max(1, round(groups_in_all / 2))
    groups = deal(rng, groups_in_all, visits, 1, _MOST_GROUPS)
    pupils = deal(rng, pupils_in_all, groups_in_all, *_PUPILS)
    of_visit = np.add.reduceat(pupils, np.concatenate([[0], np.cumsum(groups)[:-1]]))
    length, rest = divmod(year.some(quarters(workshop.animation_hours), at_least=groups_in_all), groups_in_all)
    # Groups have the same time each; what cannot be divided goes to the last visit.
    animation = groups * length
    animation[-1] += rest
    travel = deal(rng, year.some(quarters(workshop.travel_hours), at_least=0), visits, 0, _LONGEST_TRAVEL)
    parts = zip(groups, of_visit, animation, travel, year.draw_days(rng, visits), strict=True)
    for count, there, minutes, on_the_way, day in parts:
        audience = {told.role: int(there)}
        yield _Given(
            workshop.label, told.setting, "", int(count), int(minutes), 0, int(on_the_way), audience, day, told.funder
        )


def _given_days(told: SingleActivity, place: int, year: YearOfWork, rng: np.random.Generator) -> Iterator[_Given]:
    """The activity on its day, or on as many days as its hours need."""
    animation = year.some(quarters(told.hours))
    preparation = year.some(quarters(told.preparation_hours), at_least=0)
    days = -(-(animation + preparation) // _LONGEST_DAY)
    lengths = deal(rng, animation, days, 1, _LONGEST_DAY)
    before = deal(rng, preparation, days, 0, _LONGEST_DAY)
    there = {role: deal(rng, year.some(count), days, 0, count) for role, count in told.audience.items()}
    is_dated = told.date is not None and year.first_day <= told.date < year.end
    dates = [np.datetime64(told.date)] * days if is_dated else list(year.draw_days(rng, days))
    for day in range(days):
        audience = {role: int(counts[day]) for role, counts in there.items()}
        lasts = int(lengths[day]), int(before[day])
        yield _Given(told.label, told.setting, f"L{place:02d}", 1, *lasts, 0, audience, dates[day], told.funder)


def draw_work_hours(settings: ServiceSettings, year: YearOfWork, rng: np.random.Generator) -> pd.DataFrame:
    """One row per line of the ledger, in the order of the days; a line is never longer than a working day."""
    lines = []
    for volet in settings.volet:
        for label, hours in volet.hours.items():
            total = year.some(quarters(hours))
            parts = deal(rng, total, -(-total // _USUAL_LINE), 1, _LONGEST_LINE)
            days = year.draw_days(rng, len(parts))
            task = f"{volet.label} / {label}"
            ends = _ends_of_steps(settings.steps_of_task.get(task, {}), total)
            lines += [
                (days[place], task, step, length, volet.funder) for place, step, length in _cut_by_steps(parts, ends)
            ]
    ledger = pd.DataFrame(lines, columns=["date", "task", "project_step", "hours", "funder"])
    ledger = ledger.sort_values("date", kind="stable", ignore_index=True)
    ledger["hours"] = as_hours(ledger["hours"].to_numpy())
    ledger.insert(0, "work_id", [f"H{year.short}-{number:05d}" for number in range(1, len(ledger) + 1)])
    return ledger


def _ends_of_steps(steps: Mapping[str, float], total: int) -> list[tuple[str, int]]:
    """Each step with the quarter of the task at which it ends: as the settings part the task, in a year of any size."""
    if not steps:
        return [(_NO_PROJECT, total)]
    ends = itertools.accumulate(steps.values())
    return [(step, round(end / sum(steps.values()) * total)) for step, end in zip(steps, ends, strict=True)]


def _cut_by_steps(parts: Numbers, ends: Sequence[tuple[str, int]]) -> Iterator[tuple[int, str, int]]:
    """The lines of a task, end to end: a line is cut where a step ends and the next one begins."""
    starts = np.cumsum(parts) - parts
    for place, (start, length) in enumerate(zip(starts, parts, strict=True)):
        began = 0
        for step, end in ends:
            within = min(start + length, end) - max(start, began)
            if within > 0:
                yield place, step, int(within)
            began = end
