"""What the made-up groups, waits and evaluations are dealt out from: `config/demonstration/demo/groups.toml`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pipelines.ingest.service_settings import Count, Hours, Label, Some
from pipelines.ingest.synthetic_settings import Share, Span, Weighted

#: Weeks of the year of the funders, from its first day; the last ones leave room for a session's weekday.
Week = Annotated[int, Field(ge=0, le=50)]
_QUARTERS = 4


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Settings):
    """One group of the year: who came, how many sessions, and the hours of all who led them.

    `persons_of` takes its persons from a group told before it; `leavers` are those who left before its end, by
    year. An open group has no end, and whoever wants comes.
    """

    name: Label
    label: Label
    persons: Some
    sessions: Some
    facilitators: Some
    animation_hours: Hours
    preparation_hours: Hours = 0
    weeks: tuple[Week, Week]
    capacity: Some | None = None
    persons_of: str = ""
    attends: Share = 1
    is_open: bool = False
    #: Each session is with one of them alone.
    is_one_by_one: bool = False
    leavers: dict[str, Count] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _can_be_dealt_out(self) -> Group:
        if round(self.animation_hours * _QUARTERS) % self.facilitators:
            raise ValueError("all who lead a group are there as long")
        if self.is_one_by_one and self.sessions != self.persons:
            raise ValueError("one session for each person")
        if self.weeks[1] < self.weeks[0]:
            raise ValueError("a group ends after it begins")
        return self


class FollowUps(_Settings):
    """Which services are followed up, and how those follow-ups end; `maximum` is the word for the rule's limit."""

    services: Annotated[tuple[Label, ...], Field(min_length=1)]
    maximum: Label
    end: Annotated[tuple[Weighted, ...], Field(min_length=1)]


class Priority(Weighted):
    """One priority: how often it is given to an adult, to a teen, and for which criteria, so many at least."""

    teen_weight: Annotated[float, Field(ge=0)]
    criteria: Annotated[tuple[Label, ...], Field(min_length=1)]
    at_least: Some
    days: Span


class Waits(_Settings):
    """Who waits before a follow-up, and who never gets to it."""

    services: Annotated[tuple[Label, ...], Field(min_length=1)]
    #: The word for the service that a teen waits for.
    teen_service: Label
    share: Share
    never_served: Count
    days_to_close: Span
    days_to_offer: Span
    priority: Annotated[tuple[Priority, ...], Field(min_length=1)]
    unmet_need: Annotated[tuple[Weighted, ...], Field(min_length=1)]


class Evaluation(_Settings):
    """What those who came said of one meeting: by question, how many gave each answer, in the order of `levels`."""

    label: Label
    week: Week
    respondents: Some
    answers: Annotated[dict[str, tuple[Count, ...]], Field(min_length=1)]


class GroupSettings(_Settings):
    """`config/demonstration/demo/groups.toml`: each figure says there whether it was printed or invented."""

    #: The service whose persons come to groups.
    among: Label
    group: Annotated[tuple[Group, ...], Field(min_length=1)]
    follow_ups: FollowUps
    waits: Waits
    levels: Annotated[tuple[Label, ...], Field(min_length=2)]
    evaluation: Annotated[tuple[Evaluation, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> GroupSettings:
        told: set[str] = set()
        for group in self.group:
            if group.persons_of and group.persons_of not in told:
                raise ValueError(f"no group before it is called {group.persons_of}")
            told.add(group.name)
        for one in self.evaluation:
            for counts in one.answers.values():
                if len(counts) != len(self.levels) or sum(counts) != one.respondents:
                    raise ValueError("each question has an answer of each respondent, by level")
        return self
