"""What the core tables of services mean, on a few drawn rows."""

import duckdb
import pytest

from tests.small_centre import SmallCentre

REQUESTS = """
    request_id | person_id | request_date
    D1         | P1        | 2023-04-01
    D2         | P2        | 2024-03-01
"""


@pytest.fixture
def query(tmp_path):
    def ask(sql: str, **drawings: str) -> list[tuple]:
        centre = SmallCentre(tmp_path, request=REQUESTS, **drawings)
        centre.build()
        with duckdb.connect(str(centre.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return ask


MEETINGS = """
    meeting_id | person_id | meeting_date | service_type_code  | direct_minutes | travel_minutes
    R1         | P1        | 2023-05-02   | premiere_rencontre | 1,5            | 0,5
    R2         | P1        | 2023-05-02   | suivi_femme        | 1h             | ?
    R3         | P1        | 2023-06-01   | suivi_femme        | ?              | ?
    R4         |           | 2023-06-01   | suivi_femme        | 0:45           | 0
    R5         | P1        | 2024-04-01   | suivi_femme        | 1              | 0
    R6         | P1        | 2032-04-01   | suivi_femme        | 1              | 0
"""


def test_a_person_is_first_once_a_service_and_once_a_year(query):
    found = query(
        "select meeting_id, is_first_of_service, is_first_of_person from core_meeting "
        "where period is not null order by 1",
        meeting=MEETINGS,
    )

    assert found == [
        ("R1", True, True),
        ("R2", True, False),
        ("R3", False, False),
        ("R4", True, True),
        ("R5", True, True),
    ]


def test_what_was_not_written_adds_nothing_to_the_length_of_a_meeting(query):
    found = query("select meeting_id, minutes from core_meeting order by 1", meeting=MEETINGS)

    assert dict(found) == {"R1": 120, "R2": 60, "R3": 0, "R4": 45, "R5": 60, "R6": 60}


def test_a_year_beside_those_of_the_requests_exists_and_a_far_one_does_not(query):
    found = query(
        "select meeting_id, period from core_meeting where meeting_id in ('R4', 'R5', 'R6')", meeting=MEETINGS
    )

    assert dict(found) == {"R4": "2023-2024", "R5": "2024-2025", "R6": None}


def test_a_kit_has_its_delay_or_the_kind_of_the_missing_call(query):
    found = query(
        "select kit_id, reached_code, call_delay_code, person_key from core_kit order by 1",
        kit="""
            kit_id | person_id | received_date | first_call_date | is_reached
            T1     | P1        | 2023-05-01    | 2023-05-03      | oui
            T2     |           | 2023-05-01    | 2023-05-04      | non
            T3     |           | 2023-05-01    | 2023-05-09      | non
            T4     |           | 2023-05-01    | ?               | ?
        """,
    )

    assert found == [
        ("T1", "rejointe", "appel_0_2_jours", "P1"),
        ("T2", "non_rejointe", "appel_3_7_jours", "T2"),
        ("T3", "non_rejointe", "appel_8_jours_plus", "T3"),
        ("T4", "ne_sait_pas", "ne_sait_pas", "T4"),
    ]


def test_an_audience_is_of_the_year_of_its_activity(query):
    found = query(
        "select role_code, participant_count, period from core_audience order by 1",
        activity="""
            activity_id | activity_date | activity_type_code
            V1          | 2023-05-01    | sensibilisation
        """,
        audience="""
            activity_id | role_code | participant_count
            V1          | eleve     | 24
            V1          | stagiaire | 0
        """,
    )

    assert found == [("eleve", 24, "2023-2024"), ("stagiaire", 0, "2023-2024")]


def test_a_centre_without_services_has_their_tables_empty(query):
    found = query(
        "select (select count(*) from core_meeting), (select count(*) from core_kit), "
        "(select count(*) from core_audience), (select count(*) from core_work_hours)"
    )

    assert found == [(0, 0, 0, 0)]
