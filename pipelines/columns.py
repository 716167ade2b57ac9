"""The column dictionary: what an export is mapped to.

Each column is defined once, here: the configuration of a centre, the load package, the SQL models,
the expectation suites and the tables all use these names. A column that a centre's export does not
hold stays null in the core tables, and a table that needs it is "not collected" (`units`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell of the column is, once mapped."""

    IDENTIFIER = "identifier"
    DATE = "date"
    INTEGER = "integer"
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


#: Ages and dates carry, beside them, the kind of missing answer: `age_at_request_missing`.
MISSING_SUFFIX = "_missing"
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
    )
}
