"""What may be counted of members, volunteering, training, communications, committees, aid and complaints."""

from __future__ import annotations

from pipelines.units.unit import Dimension, Unit, UnitTable

ORGANISATION_UNITS: dict[Unit, UnitTable] = {
    # A stock: without the day on which memberships end, nobody knows who was a member on the last day of a past year.
    Unit.MEMBER: UnitTable("core_membership", "member_id", ("member", "until_date"), adds="at_year_end"),
    Unit.NEW_MEMBER: UnitTable("core_membership", "member_id", ("member", "since_date"), adds="joined"),
    Unit.NEW_MEMBER_ORGANISATION: UnitTable("core_membership", "joined_organisation_id", ("member", "organisation_id")),
    # Without a pseudonym the time counts, and nobody who could be told from another.
    Unit.VOLUNTEER: UnitTable("core_volunteering", "volunteer_id", ("volunteering", "volunteer_id")),
    Unit.VOLUNTEERING: UnitTable("core_volunteering", "volunteering_id", ("volunteering", "volunteering_id")),
    Unit.VOLUNTEERING_MINUTE: UnitTable(
        "core_volunteering", "volunteering_id", ("volunteering", "minutes"), adds="minutes"
    ),
    Unit.TRAINING: UnitTable("core_training", "training_id", ("training", "training_id")),
    Unit.TRAINING_PARTICIPANT: UnitTable(
        "core_training", "training_id", ("training", "participant_count"), adds="participant_count"
    ),
    Unit.TRAINING_MINUTE: UnitTable("core_training", "training_id", ("training", "minutes"), adds="minutes"),
    Unit.COMMUNICATION_ITEM: UnitTable(
        "core_communication", "communication_id", ("communication", "item_count"), adds="item_count"
    ),
    Unit.COMMUNICATION_PLACE: UnitTable(
        "core_communication", "communication_id", ("communication", "place_count"), adds="place_count"
    ),
    Unit.COMMUNICATION_REACH: UnitTable(
        "core_communication", "communication_id", ("communication", "reach_count"), adds="reach_count"
    ),
    Unit.COMMUNICATION_BEST_REACH: UnitTable(
        "core_communication", "communication_id", ("communication", "reach_count"), adds="reach_count", is_largest=True
    ),
    Unit.COMMUNICATION_INTERACTION: UnitTable(
        "core_communication", "communication_id", ("communication", "interaction_count"), adds="interaction_count"
    ),
    Unit.COMMUNICATION_SPEAKER: UnitTable(
        "core_communication", "communication_id", ("communication", "speaker_count"), adds="speaker_count"
    ),
    Unit.COMMITTEE_MEETING: UnitTable(
        "core_committee_work", "committee_work_id", ("committee_work", "meeting_count"), adds="meeting_count"
    ),
    Unit.COMMITTEE_PARTICIPANT: UnitTable(
        "core_committee_work", "committee_work_id", ("committee_work", "participant_count"), adds="participant_count"
    ),
    Unit.COMMITTEE_MINUTE: UnitTable(
        "core_committee_work", "committee_work_id", ("committee_work", "minutes"), adds="minutes"
    ),
    Unit.AID: UnitTable("core_aid", "aid_id", ("aid", "aid_id")),
    Unit.AID_CENT: UnitTable("core_aid", "aid_id", ("aid", "amount_cents"), adds="amount_cents"),
    Unit.COMPLAINT: UnitTable("core_complaint", "complaint_id", ("complaint", "complaint_id")),
}


def _told_by(entity: str, *names: str) -> tuple[Dimension, ...]:
    """Code columns that are called as their lists, in the core table of their kind of record."""
    return tuple(Dimension(name, f"core_{entity}", f"{name}_code", name, (entity, f"{name}_code")) for name in names)


ORGANISATION_DIMENSIONS = (
    Dimension("member_type", "core_membership", "member_type_code", "member_type", ("member", "member_type_code")),
    *_told_by("volunteering", "volunteering_type", "volunteer_role", "training_level"),
    *_told_by("training", "training_topic", "training_audience"),
    Dimension(
        "communication_channel",
        "core_communication",
        "channel_code",
        "communication_channel",
        ("communication", "channel_code"),
    ),
    Dimension(
        "communication_topic",
        "core_communication",
        "topic_code",
        "communication_topic",
        ("communication", "topic_code"),
    ),
    *_told_by("committee_work", "area", "committee", "committee_task"),
    *_told_by("aid", "aid_purpose", "aid_kind"),
    *_told_by("complaint", "complaint_nature", "complaint_outcome"),
)
