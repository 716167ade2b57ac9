"""What the made-up services are dealt out from: a `config/demonstration/<id>/services.toml`, with printed figures."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.ingest.synthetic_settings import Weighted

Label = Annotated[str, StringConstraints(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Some = Annotated[int, Field(ge=1)]
#: Hours by quarters: what a ledger is kept in.
Hours = Annotated[float, Field(ge=0, multiple_of=0.25)]
#: Whose requests the persons of a service come from.
Among = Literal["survivors", "adults", "teens", "relatives", "kits", "nobody"]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dealt(_Settings):
    """Meetings and hours of so many persons, of whom none has more than `at_most`."""

    label: Label
    persons: Some
    meetings: Some
    hours: Hours
    at_most: Some

    @model_validator(mode="after")
    def _can_be_dealt_out(self) -> Dealt:
        if not self.persons <= self.meetings <= self.persons * self.at_most:
            raise ValueError("each person has a meeting, and none more than at_most")
        return self


class Service(Dealt):
    """One type of service, as the summary of a year tells it."""

    among: Among
    #: Whether it is the first thing that a person is given: a few weeks after her request, before the rest.
    is_first: bool = False


class Kits(_Settings):
    """The forensic kits of a year: how many came, and how many of those women were reached."""

    label: Label
    received: Some
    reached: Count
    never_called: Count

    @model_validator(mode="after")
    def _adds_up(self) -> Kits:
        if self.reached + self.never_called > self.received:
            raise ValueError("nobody is reached without a kit, or without a call")
        return self


class Workshop(_Settings):
    """One workshop, given to groups of pupils."""

    label: Label
    groups: Some
    pupils: Some
    animation_hours: Hours
    travel_hours: Hours


class Workshops(_Settings):
    """The workshops of a programme, the number of places where they are given, and who pays for them."""

    setting: Label
    role: Label
    funder: str = ""
    sites: Some
    workshop: Annotated[tuple[Workshop, ...], Field(min_length=1)]


class SingleActivity(_Settings):
    """One activity with those who were there, by role; without a date it has one of the year's days."""

    label: Label
    setting: Label
    date: datetime.date | None = None
    funder: str = ""
    hours: Hours
    preparation_hours: Hours = 0
    audience: Annotated[dict[str, Some], Field(min_length=1)]


class Volet(_Settings):
    """One part of the ledger of hours: the lines, and who pays for them."""

    label: Label
    funder: Label
    hours: Annotated[dict[str, Hours], Field(min_length=1)]


class Project(_Settings):
    """What the time of a task of the ledger (`Prévention / Défis-Logis`) was for, as a report parts it into steps."""

    label: Label
    task: Label
    hours: Annotated[dict[str, Hours], Field(min_length=1)]


class ServiceSettings(_Settings):
    """A `config/demonstration/<id>/services.toml`: each figure says there whether it was printed or invented.

    What an organisation does not give is absent.
    """

    scale: dict[str, Annotated[float, Field(gt=0, le=1)]]
    mode: tuple[Weighted, ...] = ()
    service: tuple[Service, ...] = ()
    kits: Kits | None = None
    accompaniment: tuple[Dealt, ...] = ()
    workshops: Workshops | None = None
    activity: tuple[SingleActivity, ...] = ()
    volet: tuple[Volet, ...] = ()
    project: tuple[Project, ...] = ()

    @model_validator(mode="after")
    def _says_how_persons_are_met(self) -> ServiceSettings:
        if (self.service or self.accompaniment) and not self.mode:
            raise ValueError("meetings and accompaniments need a [[mode]]")
        return self

    @model_validator(mode="after")
    def _parts_whole_tasks_into_steps(self) -> ServiceSettings:
        for task, steps in self.steps_of_task.items():
            volet, label = task.split(" / ", maxsplit=1)
            told = next((each.hours.get(label, 0) for each in self.volet if each.label == volet), 0)
            if sum(steps.values()) != told:
                raise ValueError(f"the hours of the projects of {task} are not those of its line")
        return self

    @property
    def steps_of_task(self) -> Mapping[str, Mapping[str, float]]:
        """By task that projects part: the hours of each step of each of them, `Défis-Logis / Création de contenu`."""
        steps: dict[str, dict[str, float]] = {}
        for project in self.project:
            of_task = steps.setdefault(project.task, {})
            of_task |= {f"{project.label} / {step}": hours for step, hours in project.hours.items()}
        return steps

    @property
    def most_meetings(self) -> Mapping[str, int]:
        """By service: how many meetings a person has at most in a year."""
        return {service.label: service.at_most for service in self.service}
