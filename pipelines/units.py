"""What may be counted: the units of count, and the dimensions that they are broken down by.

Each names the core table and the columns that it is counted from; where a centre's export does not hold
what it needs, a table of it is "not collected".
"""

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

    @property
    def measure(self) -> Measure:
        return Measure.MINUTES if self.value.endswith("_minute") else Measure.COUNT


#: The units that protection knows: all are sums over the records of requests (`tables.coded_records`).
RECORD_UNITS = (Unit.REQUEST, Unit.AGGRESSION, Unit.AGGRESSOR_LINK)


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


UNIT_TABLES: dict[Unit, UnitTable] = {
    Unit.REQUEST: UnitTable("core_request", "request_id", ("request", "request_id")),
    Unit.AGGRESSION: UnitTable("core_aggression", "aggression_id", ("aggression", "aggression_id")),
    Unit.AGGRESSOR_LINK: UnitTable("core_aggressor_link", "link_id", ("aggressor_link", "aggression_id")),
    # An anonymous contact has no person_id: it is a meeting, and no person that could be told from another.
    Unit.PERSON_MET: UnitTable("core_meeting", "person_id", ("meeting", "person_id")),
    Unit.MEETING: UnitTable("core_meeting", "meeting_id", ("meeting", "meeting_id")),
    Unit.MEETING_MINUTE: UnitTable("core_meeting", "meeting_id", ("meeting", "direct_minutes"), adds="minutes"),
    Unit.PERSON_ACCOMPANIED: UnitTable("core_accompaniment", "person_id", ("accompaniment", "person_id")),
    Unit.ACCOMPANIMENT: UnitTable("core_accompaniment", "accompaniment_id", ("accompaniment", "accompaniment_id")),
    Unit.ACCOMPANIMENT_MINUTE: UnitTable(
        "core_accompaniment", "accompaniment_id", ("accompaniment", "minutes"), adds="minutes"
    ),
    Unit.KIT: UnitTable("core_kit", "kit_id", ("kit", "kit_id")),
    Unit.ACTIVITY: UnitTable("core_activity", "activity_id", ("activity", "activity_id")),
    Unit.ACTIVITY_GROUP: UnitTable("core_activity", "activity_id", ("activity", "group_count"), adds="group_count"),
    Unit.ANIMATION_MINUTE: UnitTable(
        "core_activity", "activity_id", ("activity", "animation_minutes"), adds="animation_minutes"
    ),
    Unit.TRAVEL_MINUTE: UnitTable(
        "core_activity", "activity_id", ("activity", "travel_minutes"), adds="travel_minutes"
    ),
    Unit.ACTIVITY_MINUTE: UnitTable("core_activity", "activity_id", ("activity", "animation_minutes"), adds="minutes"),
    Unit.PARTICIPANT: UnitTable(
        "core_audience", "audience_key", ("audience", "participant_count"), adds="participant_count"
    ),
    Unit.WORK_MINUTE: UnitTable("core_work_hours", "work_id", ("work_hours", "minutes"), adds="minutes"),
}


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


DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        Dimension(
            "requester_type",
            "core_request",
            "requester_type_code",
            "requester_type",
            ("request", "requester_type_code"),
        ),
        Dimension(
            "age_at_request", "core_request", "age_at_request_code", "age_at_request", ("request", "age_at_request")
        ),
        Dimension(
            "age_at_aggression",
            "core_aggression",
            "age_at_aggression_code",
            "age_at_aggression",
            ("aggression", "age_at_aggression"),
        ),
        Dimension("location", "core_aggression", "location_code", "location", ("aggression", "location_code")),
        Dimension(
            "aggressor_count",
            "core_aggression",
            "aggressor_count_code",
            "aggressor_count",
            ("aggression", "aggressor_count_code"),
        ),
        Dimension("delay", "core_aggression", "delay_code", "delay", ("aggression", "aggression_date")),
        Dimension(
            "aggression_form", "core_aggression_form", "form_code", "aggression_form", ("aggression_form", "form_code")
        ),
        Dimension(
            "relationship",
            "core_aggressor_link",
            "relationship_code",
            "relationship",
            ("aggressor_link", "relationship_code"),
        ),
        Dimension(
            "referral_source",
            "core_referral",
            "referral_source_code",
            "referral_source",
            ("referral", "referral_source_code"),
            only_where="is_main",
        ),
        Dimension("residence", "core_residence", "residence_code", "residence", ("residence", "residence_code")),
        Dimension(
            "disposition_after_request",
            "core_disposition",
            "after_request_code",
            "disposition_after_request",
            ("disposition", "after_request_code"),
        ),
        Dimension(
            "disposition_after_first_meeting",
            "core_disposition",
            "after_first_meeting_code",
            "disposition_after_first_meeting",
            ("disposition", "after_first_meeting_code"),
        ),
        Dimension(
            "service_type", "core_meeting", "service_type_code", "service_type", ("meeting", "service_type_code")
        ),
        Dimension(
            "accompaniment_purpose",
            "core_accompaniment",
            "purpose_code",
            "accompaniment_purpose",
            ("accompaniment", "purpose_code"),
        ),
        Dimension("kit_reached", "core_kit", "reached_code", "kit_reached", ("kit", "is_reached")),
        Dimension("call_delay", "core_kit", "call_delay_code", "call_delay", ("kit", "first_call_date")),
        Dimension(
            "activity_type", "core_activity", "activity_type_code", "activity_type", ("activity", "activity_type_code")
        ),
        Dimension("audience_role", "core_audience", "role_code", "audience_role", ("audience", "role_code")),
        Dimension("task", "core_work_hours", "task_code", "task", ("work_hours", "task_code")),
    )
}

_REQUEST_TABLES = frozenset(
    {
        "core_request",
        "core_aggression",
        "core_aggression_form",
        "core_aggressor_link",
        "core_referral",
        "core_disposition",
        "core_residence",
    }
)
#: The dimensions of the records of requests, which protection crosses.
RECORD_DIMENSIONS = {name: dimension for name, dimension in DIMENSIONS.items() if dimension.table in _REQUEST_TABLES}
