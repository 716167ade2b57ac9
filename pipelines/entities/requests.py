"""Requests for help, and what was told in each."""

from __future__ import annotations

from pipelines.entities.entity import Column, Entity, Kind

REQUEST_ENTITIES = (
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
        day="request_date",
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
