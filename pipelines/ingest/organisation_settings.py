"""What the made-up life of an organisation is dealt out from: `config/demonstration/demo/organisation.toml`.

Whatever an organisation does not have is left out; a number that is not told stays empty in the export.
"""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.ingest.service_settings import Count, Hours, Label, Some


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MembersOfYear(_Settings):
    """Who joined in a year, of how many organisations, and how many are members on its last day."""

    joined: Count
    organisations: Count = 0
    at_end: Count

    @model_validator(mode="after")
    def _has_enough_members(self) -> MembersOfYear:
        if self.organisations > self.joined:
            raise ValueError("each organisation has a member who joined")
        return self


class Members(_Settings):
    """One type of member: how many there were before the first year, then year by year."""

    label: Label
    before: Count
    year: Annotated[dict[Label, MembersOfYear], Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Members:
        stocks = [self.before, *(self.year[label].at_end for label in sorted(self.year))]
        for label, (before, after) in zip(sorted(self.year), pairwise(stocks), strict=True):
            left = before + self.year[label].joined - after
            if not 0 <= left <= before:
                raise ValueError(f"{label}: as many leave as joined, were there and are no more")
        return self


class Told(_Settings):
    """One line of a report. Its figures are scaled to each year, or those of the year `only` as they are."""

    only: Label | None = None


class Volunteers(_Settings):
    """Persons who give time, by what they are: the same persons from one year to the next."""

    role: Label
    level: Label
    persons: Some


class Volunteering(Told):
    """Time given to one thing, so many times, by volunteers of these roles; by all where none is named."""

    label: Label
    times: Some
    hours: Hours | None = None
    roles: tuple[Label, ...] = ()


class Course(Told):
    """Courses on one topic; participants and hours are those of all of them together."""

    topic: Label
    audience: Label
    courses: Some
    participants: Count | None = None
    hours: Hours | None = None


class Communication(Told):
    """What was posted, sent or handed out by one channel, in so many lines; `best_reach` is the largest of a line."""

    channel: Label
    topic: Label
    lines: Some = 1
    date: datetime.date | None = None
    items: Count | None = None
    places: Count | None = None
    reach: Count | None = None
    best_reach: Count | None = None
    interactions: Count | None = None
    speakers: Count | None = None

    @model_validator(mode="after")
    def _can_be_dealt_out(self) -> Communication:
        best, reach = self.best_reach, self.reach or 0
        if best is not None and not best <= reach <= best * self.lines:
            raise ValueError("the best reach is of one line, and no line has more")
        return self


class Committee(Told):
    """Work for one table, committee or partner: a line a meeting, or lines of work without any."""

    area: Label
    committee: Label
    task: Label
    date: datetime.date | None = None
    meetings: Count = 0
    hours: Hours | None = None
    participants: Count | None = None


class Aid(Told):
    """Gifts or loans for one need: how many, of how many dollars in all, to how many persons with a pseudonym."""

    purpose: Label
    kind: Label
    gifts: Some
    dollars: Some
    persons: Count = 0

    @model_validator(mode="after")
    def _can_be_dealt_out(self) -> Aid:
        if self.persons > self.gifts or self.dollars < self.gifts:
            raise ValueError("each person has a gift, and each gift is of a dollar at least")
        return self


class Complaints(Told):
    """Complaints of one nature and outcome; without `closed_after` days they are still being dealt with."""

    nature: Label
    outcome: Label
    complaints: Some
    closed_after: Count | None = None


class OrganisationSettings(_Settings):
    """`organisation.toml` of a demonstration: each figure says there whether it was printed or invented."""

    scale: dict[str, Annotated[float, Field(gt=0, le=1)]]
    members: tuple[Members, ...] = ()
    volunteers: tuple[Volunteers, ...] = ()
    volunteering: tuple[Volunteering, ...] = ()
    training: tuple[Course, ...] = ()
    communication: tuple[Communication, ...] = ()
    committee: tuple[Committee, ...] = ()
    aid: tuple[Aid, ...] = ()
    complaint: tuple[Complaints, ...] = ()

    @model_validator(mode="after")
    def _every_volunteer_gives_time(self) -> OrganisationSettings:
        roles = {group.role for group in self.volunteers}
        named = {role for line in self.volunteering for role in line.roles}
        if unknown := sorted(named - roles):
            raise ValueError(f"no [[volunteers]] has the role {', '.join(unknown)}")
        for role in sorted(roles):
            open_to = (line.times for line in self.volunteering if not line.roles or role in line.roles)
            if sum(open_to) < sum(group.persons for group in self.volunteers if group.role == role):
                raise ValueError(f"{role}: each of them gives time at least once")
        return self
