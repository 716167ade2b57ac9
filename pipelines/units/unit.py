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
    MEETING_MINUTE = "meeting_minute"
    PERSON_ACCOMPANIED = "person_accompanied"
    ACCOMPANIMENT = "accompaniment"
    ACCOMPANIMENT_MINUTE = "accompaniment_minute"
    KIT = "kit"
    ACTIVITY = "activity"
    ACTIVITY_GROUP = "activity_group"
    ANIMATION_MINUTE = "animation_minute"
    TRAVEL_MINUTE = "travel_minute"
    ACTIVITY_MINUTE = "activity_minute"
    PARTICIPANT = "participant"
    WORK_MINUTE = "work_minute"
    GROUP = "group"
    GROUP_BEGINNER = "group_beginner"
    GROUP_FINISHER = "group_finisher"
    GROUP_PERSON = "group_person"
    SESSION = "session"
    ATTENDANCE = "attendance"
    GROUP_ANIMATION_MINUTE = "group_animation_minute"
    GROUP_PREPARATION_MINUTE = "group_preparation_minute"
    GROUP_MINUTE = "group_minute"
    FOLLOW_UP_OPENED = "follow_up_opened"
    FOLLOW_UP_ENDED = "follow_up_ended"
    WAIT_BEGUN = "wait_begun"
    WAIT_AT_YEAR_END = "wait_at_year_end"
    WAIT_STARTED = "wait_started"
    NEED_UNMET = "need_unmet"
    RESPONDENT = "respondent"
    EVALUATION_ANSWER = "evaluation_answer"

    @property
    def measure(self) -> Measure:
        return Measure.MINUTES if self.value.endswith("_minute") else Measure.COUNT


@dataclass(frozen=True)
class UnitTable:
    """Where the units are: a core table, and the column that tells two of them apart.

    `adds` is the column that is added up where one row is several units (its minutes, its participants).
    `needs` is the entity column without which the unit is not collected. `period` is the column that says in
    which year the unit counts: a follow-up is opened in one year and ended in another.
    """

    table: str
    key: str
    needs: tuple[str, str]
    adds: str = ""
    period: str = "period"


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
    #: The core tables, beside `table`, that carry the same column: their units take the code from their own row.
    also_in: frozenset[str] = frozenset()

    def table_for(self, unit_table: str) -> str:
        """The table that the code of a unit of this table is taken from."""
        return unit_table if unit_table in self.also_in else self.table
