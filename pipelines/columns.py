"""What may be counted, and by what: units and dimensions over the core tables.

The columns of an export are `pipelines/entities.py`. A table that needs a column that a centre's
export does not hold is "not collected".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What one unit of a count is. Persons, requests, aggressions and links are never added together."""

    REQUEST = "request"
    AGGRESSION = "aggression"
    AGGRESSOR_LINK = "aggressor_link"


#: The core table of which one row is one unit, and the column that identifies it.
UNIT_TABLES: dict[Unit, tuple[str, str]] = {
    Unit.REQUEST: ("core_request", "request_id"),
    Unit.AGGRESSION: ("core_aggression", "aggression_id"),
    Unit.AGGRESSOR_LINK: ("core_aggressor_link", "link_id"),
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
    )
}
