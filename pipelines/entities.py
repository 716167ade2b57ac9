"""The entity dictionary: what an export is mapped to.

Each column is defined once, here: the configuration of a centre, the load package, the SQL models and
the expectation suites all use these names. A column that a centre's export does not hold stays null in
the core tables, and a kind of record that it does not hold has no row. What may be counted, and by
what, is `pipelines/units.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell of the column is, once mapped."""

    IDENTIFIER = "identifier"
    DATE = "date"
    INTEGER = "integer"
    #: A length of time, kept in whole minutes however the export writes it.
    DURATION = "duration"
    BOOLEAN = "boolean"
    CODE = "code"


@dataclass(frozen=True)
class Column:
    """One column of an entity; `vocabulary` is the code list of a `CODE` column."""

    name: str
    kind: Kind
    is_required: bool = False
    vocabulary: str = ""


@dataclass(frozen=True)
class Entity:
    """One kind of record of a load package; `grain` says what a row is."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    is_required: bool = False

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)


#: What is neither a code nor the number of a record carries, beside it, its kind of missing answer:
#: `age_at_request_missing`.
MISSING_SUFFIX = "_missing"
WITH_MISSING_KIND = frozenset({Kind.DATE, Kind.INTEGER, Kind.DURATION, Kind.BOOLEAN})
#: Where each row came from: the load, the file (its rank in the manifest) and the record number in it.
ORIGIN_COLUMNS = ("load_id", "source_file", "source_row")

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        Entity(
            "request",
            "one row per request for help",
            (
                Column("request_id", Kind.IDENTIFIER, is_required=True),
                Column("person_id", Kind.IDENTIFIER),
                Column("request_date", Kind.DATE, is_required=True),
                Column("requester_type_code", Kind.CODE, vocabulary="requester_type"),
                Column("age_at_request", Kind.INTEGER),
            ),
            is_required=True,
        ),
        Entity(
            "aggression",
            "one row per aggression told in a request",
            (
                Column("aggression_id", Kind.IDENTIFIER, is_required=True),
                Column("request_id", Kind.IDENTIFIER, is_required=True),
                Column("aggression_date", Kind.DATE),
                Column("age_at_aggression", Kind.INTEGER),
                Column("location_code", Kind.CODE, vocabulary="location"),
                Column("aggressor_count_code", Kind.CODE, vocabulary="aggressor_count"),
            ),
        ),
        Entity(
            "aggression_form",
            "one row per form of an aggression",
            (
                Column("aggression_id", Kind.IDENTIFIER, is_required=True),
                Column("form_code", Kind.CODE, is_required=True, vocabulary="aggression_form"),
            ),
        ),
        Entity(
            "aggressor_link",
            "one row per aggressor of an aggression",
            (
                Column("aggression_id", Kind.IDENTIFIER, is_required=True),
                Column("relationship_code", Kind.CODE, is_required=True, vocabulary="relationship"),
            ),
        ),
        Entity(
            "referral",
            "one row per referral source of a request",
            (
                Column("request_id", Kind.IDENTIFIER, is_required=True),
                Column("referral_source_code", Kind.CODE, is_required=True, vocabulary="referral_source"),
                Column("is_main", Kind.BOOLEAN),
            ),
        ),
        Entity(
            "disposition",
            "one row per request: what happened after it and after the first meeting",
            (
                Column("request_id", Kind.IDENTIFIER, is_required=True),
                Column("after_request_code", Kind.CODE, vocabulary="disposition_after_request"),
                Column("after_first_meeting_code", Kind.CODE, vocabulary="disposition_after_first_meeting"),
            ),
        ),
        Entity(
            "residence",
            "one row per request: where the person lives",
            (
                Column("request_id", Kind.IDENTIFIER, is_required=True),
                Column("residence_code", Kind.CODE, is_required=True, vocabulary="residence"),
            ),
        ),
        Entity(
            "meeting",
            "one row per meeting with a person, in person or not",
            (
                Column("meeting_id", Kind.IDENTIFIER, is_required=True),
                Column("person_id", Kind.IDENTIFIER),
                Column("meeting_date", Kind.DATE, is_required=True),
                Column("service_type_code", Kind.CODE, vocabulary="service_type"),
                Column("mode_code", Kind.CODE, vocabulary="contact_mode"),
                Column("direct_minutes", Kind.DURATION),
                Column("preparation_minutes", Kind.DURATION),
                Column("debrief_minutes", Kind.DURATION),
                Column("travel_minutes", Kind.DURATION),
            ),
        ),
        Entity(
            "accompaniment",
            "one row per time that a person was accompanied in a step of hers",
            (
                Column("accompaniment_id", Kind.IDENTIFIER, is_required=True),
                Column("person_id", Kind.IDENTIFIER),
                Column("accompaniment_date", Kind.DATE, is_required=True),
                Column("purpose_code", Kind.CODE, vocabulary="accompaniment_purpose"),
                Column("mode_code", Kind.CODE, vocabulary="contact_mode"),
                Column("minutes", Kind.DURATION),
            ),
        ),
        Entity(
            "kit",
            "one row per forensic kit that a designated centre told us of",
            (
                Column("kit_id", Kind.IDENTIFIER, is_required=True),
                Column("person_id", Kind.IDENTIFIER),
                Column("kit_date", Kind.DATE),
                Column("received_date", Kind.DATE, is_required=True),
                Column("first_call_date", Kind.DATE),
                Column("is_reached", Kind.BOOLEAN),
                Column("age_group_code", Kind.CODE, vocabulary="kit_age_group"),
            ),
        ),
        Entity(
            "activity",
            "one row per activity of prevention or awareness",
            (
                Column("activity_id", Kind.IDENTIFIER, is_required=True),
                Column("activity_date", Kind.DATE, is_required=True),
                Column("activity_type_code", Kind.CODE, is_required=True, vocabulary="activity_type"),
                Column("setting_code", Kind.CODE, vocabulary="setting"),
                Column("site_id", Kind.IDENTIFIER),
                Column("group_count", Kind.INTEGER),
                Column("animation_minutes", Kind.DURATION),
                Column("preparation_minutes", Kind.DURATION),
                Column("travel_minutes", Kind.DURATION),
            ),
        ),
        Entity(
            "audience",
            "one row per activity and role of those who were there",
            (
                Column("activity_id", Kind.IDENTIFIER, is_required=True),
                Column("role_code", Kind.CODE, is_required=True, vocabulary="audience_role"),
                Column("participant_count", Kind.INTEGER, is_required=True),
            ),
        ),
        Entity(
            "work_hours",
            "one row per line of the ledger of hours",
            (
                Column("work_id", Kind.IDENTIFIER, is_required=True),
                Column("work_date", Kind.DATE, is_required=True),
                Column("task_code", Kind.CODE, is_required=True, vocabulary="task"),
                Column("minutes", Kind.DURATION, is_required=True),
                Column("funder_code", Kind.CODE, vocabulary="funder"),
            ),
        ),
    )
}

#: For the kinds of records that have one: the day that says of which year a record is.
DATE_OF_RECORD: dict[str, str] = {
    "request": "request_date",
    "meeting": "meeting_date",
    "accompaniment": "accompaniment_date",
    "kit": "received_date",
    "activity": "activity_date",
    "work_hours": "work_date",
}
#: What the centre gives and does, beside the requests: no record of it belongs to a request.
SERVICES = frozenset({"meeting", "accompaniment", "kit", "activity", "audience", "work_hours"})
#: The code lists of columns that no export holds: the core tables make them.
DERIVED_VOCABULARIES = ("age_at_request", "age_at_aggression", "delay", "kit_reached", "call_delay")
