"""What may be counted of groups, follow-ups, the waiting list and evaluations."""

from __future__ import annotations

from pipelines.units.unit import Dimension, Unit, UnitTable

_SESSION, _PERSON, _WAITING = "core_session", "core_group_person", "core_waiting"

GROUP_UNITS: dict[Unit, UnitTable] = {
    Unit.GROUP: UnitTable("core_group", "group_id", ("group", "group_id")),
    # A woman who follows two groups begins twice: retention is told of each group.
    Unit.GROUP_BEGINNER: UnitTable(_PERSON, "group_person_key", ("attendance", "person_id"), period="begun_period"),
    Unit.GROUP_FINISHER: UnitTable(_PERSON, "group_person_key", ("group", "end_date"), period="finished_period"),
    # An anonymous presence has no person_id: it is a presence, and no person that could be told from another.
    Unit.GROUP_PERSON: UnitTable("core_attendance", "person_id", ("attendance", "person_id")),
    Unit.SESSION: UnitTable(_SESSION, "session_id", ("session", "session_id")),
    Unit.ATTENDANCE: UnitTable("core_attendance", "attendance_key", ("attendance", "session_id")),
    Unit.GROUP_ANIMATION_MINUTE: UnitTable(
        _SESSION, "session_id", ("session", "session_minutes"), adds="animation_minutes"
    ),
    Unit.GROUP_PREPARATION_MINUTE: UnitTable(
        _SESSION, "session_id", ("session", "preparation_minutes"), adds="minutes_before"
    ),
    Unit.GROUP_MINUTE: UnitTable(_SESSION, "session_id", ("session", "session_minutes"), adds="minutes"),
    Unit.FOLLOW_UP_OPENED: UnitTable("core_follow_up", "follow_up_id", ("follow_up", "follow_up_id")),
    Unit.FOLLOW_UP_ENDED: UnitTable("core_follow_up", "follow_up_id", ("follow_up", "end_date"), period="end_period"),
    Unit.WAIT_BEGUN: UnitTable(_WAITING, "waiting_id", ("waiting", "waiting_id")),
    Unit.WAIT_AT_YEAR_END: UnitTable("core_waiting_at_year_end", "waiting_id", ("waiting", "start_date")),
    Unit.WAIT_STARTED: UnitTable(_WAITING, "waiting_id", ("waiting", "start_date"), period="started_period"),
    Unit.RESPONDENT: UnitTable(
        "core_evaluation", "evaluation_id", ("evaluation", "respondent_count"), adds="respondents"
    ),
    Unit.EVALUATION_ANSWER: UnitTable(
        "core_evaluation_answer", "answer_key", ("evaluation_answer", "answer_count"), adds="answer_count"
    ),
}

GROUP_DIMENSIONS = (
    Dimension(
        "group_type",
        "core_group",
        "group_type_code",
        "group_type",
        ("group", "group_type_code"),
        also_in=frozenset({_SESSION, _PERSON, "core_attendance"}),
    ),
    Dimension(
        "follow_up_type",
        "core_follow_up",
        "service_type_code",
        "service_type",
        ("follow_up", "service_type_code"),
    ),
    Dimension("follow_up_end", "core_follow_up", "end_reason_code", "follow_up_end", ("follow_up", "end_reason_code")),
    Dimension(
        "priority",
        _WAITING,
        "priority_code",
        "priority",
        ("waiting", "priority_code"),
        also_in=frozenset({"core_waiting_at_year_end"}),
    ),
    Dimension("waiting_delay", _WAITING, "delay_code", "waiting_delay", ("waiting", "start_date")),
    Dimension(
        "evaluation_occasion",
        "core_evaluation",
        "occasion_code",
        "evaluation_occasion",
        ("evaluation", "occasion_code"),
    ),
    Dimension(
        "evaluation_item",
        "core_evaluation_answer",
        "item_code",
        "evaluation_item",
        ("evaluation_answer", "item_code"),
    ),
    Dimension(
        "evaluation_level",
        "core_evaluation_answer",
        "level_code",
        "evaluation_level",
        ("evaluation_answer", "level_code"),
    ),
)
