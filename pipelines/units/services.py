"""What may be counted of services, activities and hours."""

from __future__ import annotations

from pipelines.units.unit import Dimension, Unit, UnitTable

SERVICE_UNITS: dict[Unit, UnitTable] = {
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

SERVICE_DIMENSIONS = (
    Dimension("service_type", "core_meeting", "service_type_code", "service_type", ("meeting", "service_type_code")),
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
    Dimension("school_part", "core_activity", "school_part_code", "school_part", ("activity", "activity_date")),
    Dimension("audience_role", "core_audience", "role_code", "audience_role", ("audience", "role_code")),
    Dimension("task", "core_work_hours", "task_code", "task", ("work_hours", "task_code")),
    Dimension(
        "project_step", "core_work_hours", "project_step_code", "project_step", ("work_hours", "project_step_code")
    ),
)
