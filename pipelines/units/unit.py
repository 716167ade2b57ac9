"""What a unit of count and a dimension are: where each stands in the core tables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """What the numbers of a unit are: whole things, or minutes, which a reader sees as hours."""

    COUNT = "count"
    MINUTES = "minutes"


class Unit(StrEnum):
    """What one unit of a count is. Persons, requests, aggressions and links are never added together."""

    REQUEST = "request"
    AGGRESSION = "aggression"
    AGGRESSOR_LINK = "aggressor_link"
    PERSON_MET = "person_met"
    MEETING = "meeting"
    #: What the lines of a table of persons met count, and no table by itself: a person of two services is two.
    PERSON_IN_SERVICE = "person_in_service"
    MEETING_MINUTE = "meeting_minute"
    PERSON_ACCOMPANIED = "person_accompanied"
    ACCOMPANIMENT = "accompaniment"
    #: The same of a table of persons accompanied.
    PERSON_FOR_PURPOSE = "person_for_purpose"
    ACCOMPANIMENT_MINUTE = "accompaniment_minute"
    KIT = "kit"
    ACTIVITY = "activity"
    ACTIVITY_GROUP = "activity_group"
    ANIMATION_MINUTE = "animation_minute"
    TRAVEL_MINUTE = "travel_minute"
    ACTIVITY_MINUTE = "activity_minute"
    PARTICIPANT = "participant"
    WORK_MINUTE = "work_minute"

    @property
    def measure(self) -> Measure:
        return Measure.MINUTES if self.value.endswith("_minute") else Measure.COUNT


@dataclass(frozen=True)
class UnitTable:
    """Where the units are: a core table, and the column that tells two of them apart.

    `adds` is the column that is added up where one row is several units (its minutes, its participants).
    `needs` is the entity column without which the unit is not collected.
    """

    table: str
    key: str
    needs: tuple[str, str]
    adds: str = ""


@dataclass(frozen=True)
class Dimension:
    """Something a table is broken down by: a code column of a core table.

    `source` is the entity column whose absence from an export makes the dimension not collected.
    """

    name: str
    table: str
    column: str
    vocabulary: str
    source: tuple[str, str]
    #: Joined to a coarser unit, only the rows where this boolean column is true count.
    only_where: str = ""
