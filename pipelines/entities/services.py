"""What the centre gives and does, beside the requests: no record of it belongs to a request."""

from __future__ import annotations

from pipelines.entities.entity import Column, Entity, Kind

SERVICE_ENTITIES = (
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
        day="meeting_date",
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
        day="accompaniment_date",
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
        day="received_date",
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
            Column("funder_code", Kind.CODE, vocabulary="funder"),
        ),
        day="activity_date",
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
            #: What the time of a project was for; a line of no project has none.
            Column("project_step_code", Kind.CODE, vocabulary="project_step"),
            Column("minutes", Kind.DURATION, is_required=True),
            Column("funder_code", Kind.CODE, vocabulary="funder"),
        ),
        day="work_date",
    ),
)
