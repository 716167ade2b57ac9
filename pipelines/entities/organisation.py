"""The life of the organisation: who belongs to it, what it does beside the services, what it gives and answers for.

No record of it names anybody: members, volunteers and persons aided are numbers of the centre, or nothing.
"""

from __future__ import annotations

from pipelines.entities.entity import Column, Entity, Kind

ORGANISATION_ENTITIES = (
    Entity(
        "member",
        "one row per membership, of a person or of an organisation",
        (
            Column("member_id", Kind.IDENTIFIER, is_required=True),
            Column("member_type_code", Kind.CODE, vocabulary="member_type"),
            Column("since_date", Kind.DATE, is_required=True),
            Column("until_date", Kind.DATE),
            Column("organisation_id", Kind.IDENTIFIER),
        ),
        day="since_date",
    ),
    Entity(
        "volunteering",
        "one row per time that a volunteer gave",
        (
            Column("volunteering_id", Kind.IDENTIFIER, is_required=True),
            Column("volunteer_id", Kind.IDENTIFIER),
            Column("volunteering_date", Kind.DATE, is_required=True),
            Column("volunteering_type_code", Kind.CODE, vocabulary="volunteering_type"),
            Column("volunteer_role_code", Kind.CODE, vocabulary="volunteer_role"),
            Column("training_level_code", Kind.CODE, vocabulary="training_level"),
            Column("minutes", Kind.DURATION),
        ),
        day="volunteering_date",
    ),
    Entity(
        "training",
        "one row per course that people of the organisation were at",
        (
            Column("training_id", Kind.IDENTIFIER, is_required=True),
            Column("training_date", Kind.DATE, is_required=True),
            Column("training_topic_code", Kind.CODE, vocabulary="training_topic"),
            Column("training_audience_code", Kind.CODE, vocabulary="training_audience"),
            Column("participant_count", Kind.INTEGER),
            Column("minutes", Kind.DURATION),
        ),
        day="training_date",
    ),
    Entity(
        "communication",
        "one row per post, issue, mention or thing handed out, or per line that counts several of them",
        (
            Column("communication_id", Kind.IDENTIFIER, is_required=True),
            Column("communication_date", Kind.DATE, is_required=True),
            Column("channel_code", Kind.CODE, is_required=True, vocabulary="communication_channel"),
            Column("topic_code", Kind.CODE, vocabulary="communication_topic"),
            Column("item_count", Kind.INTEGER),
            Column("place_count", Kind.INTEGER),
            Column("reach_count", Kind.INTEGER),
            Column("interaction_count", Kind.INTEGER),
            Column("speaker_count", Kind.INTEGER),
        ),
        day="communication_date",
    ),
    Entity(
        "committee_work",
        "one row per line of work for a table, a committee or a partner: meetings, or what is done between them",
        (
            Column("committee_work_id", Kind.IDENTIFIER, is_required=True),
            Column("committee_date", Kind.DATE, is_required=True),
            Column("area_code", Kind.CODE, vocabulary="area"),
            Column("committee_code", Kind.CODE, is_required=True, vocabulary="committee"),
            Column("committee_task_code", Kind.CODE, vocabulary="committee_task"),
            Column("meeting_count", Kind.INTEGER),
            Column("participant_count", Kind.INTEGER),
            Column("minutes", Kind.DURATION),
        ),
        day="committee_date",
    ),
    Entity(
        "aid",
        "one row per gift or loan to a person",
        (
            Column("aid_id", Kind.IDENTIFIER, is_required=True),
            Column("person_id", Kind.IDENTIFIER),
            Column("aid_date", Kind.DATE, is_required=True),
            Column("aid_purpose_code", Kind.CODE, vocabulary="aid_purpose"),
            Column("aid_kind_code", Kind.CODE, vocabulary="aid_kind"),
            Column("amount_cents", Kind.AMOUNT, is_required=True),
        ),
        day="aid_date",
    ),
    Entity(
        "complaint",
        "one row per complaint that the organisation received about its services",
        (
            Column("complaint_id", Kind.IDENTIFIER, is_required=True),
            Column("complaint_date", Kind.DATE, is_required=True),
            Column("complaint_nature_code", Kind.CODE, vocabulary="complaint_nature"),
            Column("complaint_outcome_code", Kind.CODE, vocabulary="complaint_outcome"),
            Column("closed_date", Kind.DATE),
        ),
        day="complaint_date",
    ),
)
