"""What may be counted of requests, aggressions and links: sums over the records of requests."""

from __future__ import annotations

from pipelines.units.unit import Dimension, Unit, UnitTable

REQUEST_UNITS: dict[Unit, UnitTable] = {
    Unit.REQUEST: UnitTable("core_request", "request_id", ("request", "request_id")),
    Unit.AGGRESSION: UnitTable("core_aggression", "aggression_id", ("aggression", "aggression_id")),
    Unit.AGGRESSOR_LINK: UnitTable("core_aggressor_link", "link_id", ("aggressor_link", "aggression_id")),
}

REQUEST_DIMENSIONS = (
    Dimension(
        "requester_type",
        "core_request",
        "requester_type_code",
        "requester_type",
        ("request", "requester_type_code"),
    ),
    Dimension("age_at_request", "core_request", "age_at_request_code", "age_at_request", ("request", "age_at_request")),
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
