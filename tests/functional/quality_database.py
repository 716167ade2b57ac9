"""A small, made-up database of core tables in which every rule holds, for the tests of the rules.

Every cell that could be told from another carries a marker, so that a leak can be searched for.
"""

import datetime
from pathlib import Path

import duckdb

from pipelines.codes import Code, Vocabularies, Vocabulary
from pipelines.config import Centre
from pipelines.entities import ENTITIES
from pipelines.quality.validate import ValidationRequest
from tests.random_centre import source_of

#: Begins every identifier of the made-up cases; no output may hold it.
MARKER = "zqx"
REQUESTS = 12
#: The day of the checks, after every date of the tables.
DAY = datetime.date(2024, 6, 30)
_CODES = {
    "missing_kind": ("non_demande", "ne_sait_pas", "refus", "sans_objet", "a_classer"),
    "requester_type": ("victime",),
    "age_at_request": ("adulte",),
    "age_at_aggression": ("adulte",),
    "delay": ("court",),
    "location": ("endroit_a",),
    "aggressor_count": ("un",),
    "aggression_form": ("forme_a", "forme_b"),
    "relationship": ("lien_a",),
    "referral_source": ("source_a", "source_b"),
    "disposition_after_request": ("suite_a",),
    "disposition_after_first_meeting": ("suite_a",),
    "residence": ("lieu_a",),
    "service_type": ("service_a",),
    "contact_mode": ("mode_a",),
    "accompaniment_purpose": ("but_a",),
    "kit_reached": ("rejointe", "non_rejointe"),
    "call_delay": ("tot",),
    "kit_age_group": ("adulte",),
    "activity_type": ("activite_a",),
    "setting": ("milieu_a",),
    "audience_role": ("role_a", "role_b"),
    "task": ("tache_a",),
    "project_step": ("projet_a",),
    "funder": ("bailleur_a",),
    "gender": ("genre_a",),
    "language": ("langue_a",),
    "person_public": ("public_a", "public_b"),
    "discrimination": ("discrimination_a",),
    "member_type": ("membre_a",),
    "volunteering_type": ("militance_a",),
    "volunteer_role": ("titre_a",),
    "training_level": ("etape_a",),
    "training_topic": ("theme_a",),
    "training_audience": ("public_a",),
    "communication_channel": ("moyen_a",),
    "communication_topic": ("sujet_a",),
    "area": ("volet_a",),
    "committee": ("table_a",),
    "committee_task": ("travail_a",),
    "aid_purpose": ("besoin_a",),
    "aid_kind": ("don_a",),
    "complaint_nature": ("nature_a",),
    "complaint_outcome": ("issue_a",),
    "group_type": ("groupe_a",),
    "follow_up_end": ("fin_a",),
    "priority": ("priorite_1",),
    "priority_criterion": ("critere_a", "critere_b"),
    "waiting_delay": ("court",),
    "unmet_need": ("raison_a",),
    "evaluation_occasion": ("occasion_a",),
    "evaluation_item": ("question_a",),
    "evaluation_level": ("oui", "non"),
}

_CORE_TABLES = f"""
create table core_request as
select
    '{MARKER}-d' || i as request_id,
    '{MARKER}-p' || i as person_id,
    '{MARKER}-p' || i as person_key,
    date '2023-05-01' + (i * 20)::integer as request_date,
    '2023-2024' as period,
    'victime' as requester_type_code,
    case when i = 3 then null else 20 + i end::integer as age_at_request,
    case when i = 3 then 'refus' end as age_at_request_missing,
    case when i = 3 then 'refus' else 'adulte' end as age_at_request_code,
    'load' as load_id, 1 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_aggression as
select
    '{MARKER}-a' || i as aggression_id,
    '{MARKER}-d' || i as request_id,
    request_date,
    age_at_request,
    case when i = 4 then null else request_date - 10 end as aggression_date,
    case when i = 4 then 'ne_sait_pas' end as aggression_date_missing,
    case when i = 3 then null else 19 + i end::integer as age_at_aggression,
    case when i = 3 then 'refus' end as age_at_aggression_missing,
    case when i = 3 then 'refus' else 'adulte' end as age_at_aggression_code,
    'endroit_a' as location_code,
    'un' as aggressor_count_code,
    case when i = 4 then null else 10 end::integer as delay_days,
    case when i = 4 then 'ne_sait_pas' else 'court' end as delay_code,
    'load' as load_id, 2 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i)
join core_request on request_id = '{MARKER}-d' || i;

create table core_aggression_form as
select aggression_id, form_code, load_id, 2 as source_file, source_row
from core_aggression, (values ('forme_a'), ('forme_b')) as forms(form_code);

create table core_aggressor_link as
select
    aggression_id || '-lien' as link_id,
    aggression_id,
    case when source_row = 5 then 'non_demande' else 'lien_a' end as relationship_code,
    load_id, 3 as source_file, source_row
from core_aggression;

create table core_referral as
select request_id, 'source_a' as referral_source_code, true as is_main, load_id, 4 as source_file, source_row
from core_request
union all
select request_id, 'source_b', false, load_id, 4, source_row + 100 from core_request;

create table core_disposition as
select
    request_id, 'suite_a' as after_request_code, 'sans_objet' as after_first_meeting_code,
    load_id, 5 as source_file, source_row
from core_request;

create table core_residence as
select request_id, 'lieu_a' as residence_code, load_id, 1 as source_file, source_row from core_request;

create table core_person as
select
    request_id, 'genre_a' as gender_code, 'langue_a' as language_code,
    load_id, 12 as source_file, source_row
from core_request;

create table core_person_public as
select request_id, 'public_a' as public_code, load_id, 12 as source_file, source_row from core_request;

create table core_discrimination as
select request_id, 'discrimination_a' as discrimination_code, load_id, 12 as source_file, source_row
from core_request;

create table core_meeting as
select
    '{MARKER}-r' || i as meeting_id,
    '{MARKER}-p' || i as person_key,
    date '2023-05-02' + (i * 20)::integer as meeting_date,
    '2023-2024' as period,
    'service_a' as service_type_code,
    case when i = 5 then 'non_demande' else 'mode_a' end as mode_code,
    case when i = 4 then null else 60 end::integer as direct_minutes,
    15 as preparation_minutes, 15 as debrief_minutes, 0 as travel_minutes,
    case when i = 4 then 30 else 90 end::integer as minutes,
    'load' as load_id, 6 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_accompaniment as
select
    '{MARKER}-c' || i as accompaniment_id,
    '{MARKER}-p' || i as person_key,
    date '2023-05-03' + (i * 20)::integer as accompaniment_date,
    '2023-2024' as period,
    'but_a' as purpose_code, 'mode_a' as mode_code,
    120 as minutes,
    'load' as load_id, 7 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_kit as
select
    '{MARKER}-t' || i as kit_id,
    '{MARKER}-t' || i as person_key,
    date '2023-05-03' + (i * 20)::integer as kit_date,
    date '2023-05-04' + (i * 20)::integer as received_date,
    '2023-2024' as period,
    case when i = 4 then null else date '2023-05-04' + (i * 20)::integer end as first_call_date,
    case when i = 4 then 'non_rejointe' else 'rejointe' end as reached_code,
    'adulte' as age_group_code,
    case when i = 4 then 'refus' else 'tot' end as call_delay_code,
    'load' as load_id, 8 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_activity as
select
    '{MARKER}-v' || i as activity_id,
    date '2023-05-05' + (i * 20)::integer as activity_date,
    '2023-2024' as period,
    'activite_a' as activity_type_code, 'milieu_a' as setting_code,
    2 as group_count, 210 as animation_minutes, 0 as preparation_minutes, 30 as travel_minutes,
    'bailleur_a' as funder_code,
    'load' as load_id, 9 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_audience as
select
    activity_id || '-public' as audience_key,
    activity_id, 'role_a' as role_code, 50 as participant_count,
    load_id, 10 as source_file, source_row
from core_activity;

create table core_work_hours as
select
    '{MARKER}-h' || i as work_id,
    date '2023-05-06' + (i * 20)::integer as work_date,
    '2023-2024' as period,
    'tache_a' as task_code, 'projet_a' as project_step_code, 420 as minutes, 'bailleur_a' as funder_code,
    'load' as load_id, 11 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_member as
select
    '{MARKER}-m' || i as member_id,
    'membre_a' as member_type_code,
    date '2023-05-06' + (i * 20)::integer as since_date,
    case when i = 4 then date '2023-12-01' end as until_date,
    'load' as load_id, 12 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_volunteering as
select
    '{MARKER}-b' || i as volunteering_id,
    date '2023-05-06' + (i * 20)::integer as volunteering_date,
    '2023-2024' as period,
    'militance_a' as volunteering_type_code, 'titre_a' as volunteer_role_code, 'etape_a' as training_level_code,
    90 as minutes,
    'load' as load_id, 13 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_training as
select
    '{MARKER}-f' || i as training_id,
    date '2023-05-06' + (i * 20)::integer as training_date,
    '2023-2024' as period,
    'theme_a' as training_topic_code, 'public_a' as training_audience_code,
    12 as participant_count, 4320 as minutes,
    'load' as load_id, 14 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_communication as
select
    '{MARKER}-k' || i as communication_id,
    date '2023-05-06' + (i * 20)::integer as communication_date,
    '2023-2024' as period,
    'moyen_a' as channel_code, case when i = 4 then 'non_demande' else 'sujet_a' end as topic_code,
    1 as item_count, 2 as place_count, 500 as reach_count, 20 as interaction_count, 0 as speaker_count,
    'load' as load_id, 15 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_committee_work as
select
    '{MARKER}-q' || i as committee_work_id,
    date '2023-05-06' + (i * 20)::integer as committee_date,
    '2023-2024' as period,
    'volet_a' as area_code, 'table_a' as committee_code, 'travail_a' as committee_task_code,
    1 as meeting_count, 12 as participant_count, 2520 as minutes,
    'load' as load_id, 16 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_aid as
select
    '{MARKER}-e' || i as aid_id,
    '{MARKER}-p' || i as person_key,
    date '2023-05-06' + (i * 20)::integer as aid_date,
    '2023-2024' as period,
    'besoin_a' as aid_purpose_code, 'don_a' as aid_kind_code, 7500::bigint as amount_cents,
    'load' as load_id, 17 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_complaint as
select
    '{MARKER}-l' || i as complaint_id,
    date '2023-05-06' + (i * 20)::integer as complaint_date,
    '2023-2024' as period,
    'nature_a' as complaint_nature_code, 'issue_a' as complaint_outcome_code,
    case when i = {REQUESTS} then null else date '2023-05-16' + (i * 20)::integer end as closed_date,
    'load' as load_id, 18 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);
create table core_group as
select
    '{MARKER}-g' || i as group_id,
    'groupe_a' as group_type_code,
    8 as capacity,
    date '2023-05-07' + (i * 20)::integer as start_date,
    case when i = 4 then null else date '2023-05-08' + (i * 20)::integer end as end_date,
    '2023-2024' as period,
    'load' as load_id, 12 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_session as
select
    '{MARKER}-s' || source_row as session_id,
    group_id,
    start_date as session_date,
    period,
    case when source_row = 5 then null else 2 end as facilitator_count,
    case when source_row = 5 then null else 180 end as session_minutes,
    30 as preparation_minutes,
    load_id, 13 as source_file, source_row
from core_group;

create table core_attendance as
select
    session_id || '-presence' as attendance_key,
    session_id,
    case when source_row = 5 then null else '{MARKER}-p1' end as person_id,
    load_id, 14 as source_file, source_row
from core_session;

create table core_follow_up as
select
    '{MARKER}-f' || i as follow_up_id,
    'service_a' as service_type_code,
    date '2023-05-09' + (i * 20)::integer as start_date,
    case when i = 4 then null else date '2023-05-10' + (i * 20)::integer end as end_date,
    '2023-2024' as period,
    case when i = 4 then 'sans_objet' else 'fin_a' end as end_reason_code,
    'load' as load_id, 15 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_waiting as
select
    '{MARKER}-w' || i as waiting_id,
    case when i = 4 then null else '{MARKER}-d' || i end as request_id,
    'service_a' as service_type_code,
    'priorite_1' as priority_code,
    date '2023-05-11' + (i * 20)::integer as waiting_since,
    case when i < 7 then date '2023-05-12' + (i * 20)::integer end as offer_date,
    case when i < 7 then date '2023-05-13' + (i * 20)::integer end as start_date,
    case when i > 7 then date '2023-05-14' + (i * 20)::integer end as closed_date,
    '2023-2024' as period,
    false as is_ended_twice,
    false as is_ended_undated,
    case when i < 7 then 'court' else 'refus' end as delay_code,
    case when i > 7 then 'raison_a' else 'sans_objet' end as unmet_need_code,
    'load' as load_id, 16 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_priority_criterion as
select waiting_id, 'critere_a' as criterion_code, load_id, 17 as source_file, source_row
from core_waiting;

create table core_evaluation as
select
    '{MARKER}-e' || i as evaluation_id,
    date '2023-05-15' + (i * 20)::integer as evaluation_date,
    '2023-2024' as period,
    'occasion_a' as occasion_code,
    9 as respondent_count,
    'load' as load_id, 18 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);

create table core_evaluation_answer as
select
    evaluation_id || '-reponse' as answer_key,
    evaluation_id, 'question_a' as item_code, 'oui' as level_code,
    9 as answer_count, respondent_count, 9 as answers_to_item,
    load_id, 19 as source_file, source_row
from core_evaluation;
"""


def write_database(path: Path) -> Path:
    """The tables in which every rule holds."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(_CORE_TABLES)
    return path


def write_defect(database: Path, statement: str) -> None:
    """Change the tables of a database as a broken export would have left them."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(statement)


def vocabularies() -> Vocabularies:
    """The code lists that the tables use."""
    return Vocabularies(
        {
            name: Vocabulary(
                name, tuple(Code(code, code, code, "", order, None, None, "") for order, code in enumerate(codes))
            )
            for name, codes in _CODES.items()
        }
    )


def centre_that_collects(*entities: str, is_fictitious: bool = True) -> Centre:
    """A centre whose export holds every column of these entities; of all of them if none is named."""
    settings = [
        {"name": name, "source": "export", "columns": {column.name: source_of(column) for column in entity.columns}}
        for name, entity in ENTITIES.items()
        if not entities or name in entities
    ]
    return Centre.model_validate(
        {
            "id": "fictif",
            "name": {"fr": "Centre Exemple (fictif)", "en": "Example centre (fictional)"},
            "identity_purpose": {"fr": "Essai", "en": "Trial"},
            "is_fictitious": is_fictitious,
            "period": {"kind": "fiscal"},
            "source": [{"id": "export", "files": "*.csv"}],
            "entity": settings,
        }
    )


INTAKE = {
    "files": [
        {"rank": 1, "name": "demandes.csv", "sha256": "0" * 64, "records": 12, "loaded": 12},
        {"rank": 2, "name": "agressions.csv", "sha256": "1" * 64, "records": 1378, "loaded": 1378},
    ],
    "columns": [
        {
            "entity": "request",
            "column": "age_at_request",
            "rows": 12,
            "missing": {"refus": 1, "ne_sait_pas": 2},
            "sentinels": 4,
            "unmapped": 0,
        },
        {"entity": "referral", "column": "is_main", "rows": 24, "missing": {}, "sentinels": 0, "unmapped": 7},
    ],
}


def request_for(database: Path, suites: Path, centre: Centre, day: datetime.date = DAY) -> ValidationRequest:
    """The validation of a database as `main` would ask for it."""
    return ValidationRequest(database, suites, centre, vocabularies(), day, INTAKE, "fingerprint")
