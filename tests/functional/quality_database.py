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
    "funder": ("bailleur_a",),
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
    'tache_a' as task_code, 420 as minutes, 'bailleur_a' as funder_code,
    'load' as load_id, 11 as source_file, i + 1 as source_row
from range(1, {REQUESTS} + 1) as numbers(i);
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
