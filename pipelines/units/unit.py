"""What a unit of count and a dimension are: where each stands in the core tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Measure(StrEnum):
    """What the numbers of a unit are: whole things, minutes, seen as hours by a reader, or cents, seen as dollars."""

    COUNT = "count"
    MINUTES = "minutes"
    AMOUNT = "cents"


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
    UNMET_NEED = "unmet_need"
    MEMBER = "member"
    NEW_MEMBER = "new_member"
    NEW_MEMBER_ORGANISATION = "new_member_organisation"
    VOLUNTEER = "volunteer"
    VOLUNTEERING = "volunteering"
    VOLUNTEERING_MINUTE = "volunteering_minute"
    TRAINING = "training"
    TRAINING_PARTICIPANT = "training_participant"
    TRAINING_MINUTE = "training_minute"
    COMMUNICATION_ITEM = "communication_item"
    COMMUNICATION_PLACE = "communication_place"
    COMMUNICATION_REACH = "communication_reach"
    COMMUNICATION_BEST_REACH = "communication_best_reach"
    COMMUNICATION_INTERACTION = "communication_interaction"
    COMMUNICATION_SPEAKER = "communication_speaker"
    COMMITTEE_MEETING = "committee_meeting"
    COMMITTEE_PARTICIPANT = "committee_participant"
    COMMITTEE_MINUTE = "committee_minute"
    AID = "aid"
    AID_CENT = "aid_cent"
    COMPLAINT = "complaint"
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
    RESPONDENT = "respondent"
    EVALUATION_ANSWER = "evaluation_answer"

    @property
    def measure(self) -> Measure:
        if self.value.endswith("_minute"):
            return Measure.MINUTES
        return Measure.AMOUNT if self.value.endswith("_cent") else Measure.COUNT

    @property
    def counts_persons(self) -> bool:
        """Whether each unit is a distinct person, who may be in several lines and in several years."""
        return self.value.startswith("person_") or self in (Unit.GROUP_PERSON, Unit.VOLUNTEER)


@dataclass(frozen=True)
class UnitTable:
    """Where the units are: a core table, and the column that tells two of them apart.

    `adds` is the column that is added up where one row is several units (its minutes, its participants); with
    `is_largest` its largest number is told instead, and neither lines nor years add up.
    `needs` is the entity column without which the unit is not collected. `at_hand_as` is the kind of record whose days
    say which years are at hand; left out, it is that of the table with the year.
    `period` is the column that says in which year the unit counts: a follow-up is opened in one year and ended in
    another.
    """

    table: str
    key: str
    needs: tuple[str, str]
    adds: str = ""
    is_largest: bool = False
    at_hand_as: str = ""
    period: str = "period"


@dataclass(frozen=True)
class CodeSource:
    """Where one code of a dimension comes from; `code` is the word of that column's own list, where it has one."""

    entity: str
    column: str
    code: str = ""


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
    #: Where codes come from different columns: without its own, a code is not collected, which is not zero.
    code_sources: Mapping[str, CodeSource] = field(default_factory=dict)
    #: The core tables, beside `table`, that carry the same column: their units take the code from their own row.
    also_in: frozenset[str] = frozenset()

    def table_for(self, unit_table: str) -> str:
        """The table that the code of a unit of this table is taken from."""
        return unit_table if unit_table in self.also_in else self.table
