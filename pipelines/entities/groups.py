"""Groups and who came, follow-ups, the waiting list, and what those who came said of it.

A place in the year is told by the day of each record: a group that goes past 31 March has sessions in two years.
"""

from __future__ import annotations

from pipelines.entities.entity import Column, Entity, Kind

GROUP_ENTITIES = (
    Entity(
        "group",
        "one row per group of persons helped, open or closed",
        (
            Column("group_id", Kind.IDENTIFIER, is_required=True),
            Column("group_type_code", Kind.CODE, is_required=True, vocabulary="group_type"),
            Column("capacity", Kind.INTEGER),
            Column("start_date", Kind.DATE),
            Column("end_date", Kind.DATE),
        ),
        day="start_date",
    ),
    Entity(
        "session",
        "one row per session of a group",
        (
            Column("session_id", Kind.IDENTIFIER, is_required=True),
            Column("group_id", Kind.IDENTIFIER, is_required=True),
            Column("session_date", Kind.DATE, is_required=True),
            Column("facilitator_count", Kind.INTEGER),
            # How long it lasted by the clock, once, however many led it.
            Column("session_minutes", Kind.DURATION),
            Column("preparation_minutes", Kind.DURATION),
        ),
        day="session_date",
    ),
    Entity(
        "attendance",
        "one row per session and person who was there",
        (
            Column("session_id", Kind.IDENTIFIER, is_required=True),
            Column("person_id", Kind.IDENTIFIER),
        ),
    ),
    Entity(
        "follow_up",
        "one row per follow-up of a person, from its beginning to its end",
        (
            Column("follow_up_id", Kind.IDENTIFIER, is_required=True),
            Column("person_id", Kind.IDENTIFIER),
            Column("service_type_code", Kind.CODE, vocabulary="service_type"),
            Column("start_date", Kind.DATE, is_required=True),
            Column("end_date", Kind.DATE),
            Column("end_reason_code", Kind.CODE, vocabulary="follow_up_end"),
        ),
        day="start_date",
    ),
    Entity(
        "waiting",
        "one row per time that a person waited for a service",
        (
            Column("waiting_id", Kind.IDENTIFIER, is_required=True),
            Column("request_id", Kind.IDENTIFIER),
            Column("person_id", Kind.IDENTIFIER),
            Column("service_type_code", Kind.CODE, vocabulary="service_type"),
            Column("priority_code", Kind.CODE, vocabulary="priority"),
            Column("waiting_since", Kind.DATE, is_required=True),
            Column("offer_date", Kind.DATE),
            # The wait ends on one of these two days: the service began, or it never will.
            Column("start_date", Kind.DATE),
            Column("closed_date", Kind.DATE),
            Column("unmet_need_code", Kind.CODE, vocabulary="unmet_need"),
        ),
        day="waiting_since",
    ),
    Entity(
        "priority_criterion",
        "one row per criterion of priority that was told of a wait",
        (
            Column("waiting_id", Kind.IDENTIFIER, is_required=True),
            Column("criterion_code", Kind.CODE, is_required=True, vocabulary="priority_criterion"),
        ),
    ),
    Entity(
        "evaluation",
        "one row per evaluation: the questionnaires of one meeting or group, together",
        (
            Column("evaluation_id", Kind.IDENTIFIER, is_required=True),
            Column("evaluation_date", Kind.DATE, is_required=True),
            Column("occasion_code", Kind.CODE, is_required=True, vocabulary="evaluation_occasion"),
            Column("respondent_count", Kind.INTEGER),
        ),
        day="evaluation_date",
    ),
    Entity(
        "evaluation_answer",
        "one row per evaluation, question and level: how many answered so, never a percentage",
        (
            Column("evaluation_id", Kind.IDENTIFIER, is_required=True),
            Column("item_code", Kind.CODE, is_required=True, vocabulary="evaluation_item"),
            Column("level_code", Kind.CODE, is_required=True, vocabulary="evaluation_level"),
            Column("answer_count", Kind.INTEGER, is_required=True),
        ),
    ),
)
