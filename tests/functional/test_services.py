"""Services, activities and hours of the demonstration, through intake to the core tables: as a report printed them."""

import csv
import datetime
import tomllib
from collections.abc import Callable

import duckdb
import pytest

YEAR = "2023-2024"
SETTINGS = "config/demonstration/demo/services.toml"
#: Persons, meetings and hours by service, of a public report; the last two lines beside its total of 1378,5 hours.
SERVICES = {
    "premiere_rencontre": (118, 129, 215.5),
    "rencontre_urgence": (61, 142, 229),
    "suivi_femme": (57, 490, 684.5),
    "suivi_ado": (24, 118, 207.5),
    "soutien_entourage": (13, 29, 42),
    "rappel_trousse": (28, 70, 94),
    "suivi_exploitation": (12, 230, 371.5),
}
#: Groups, pupils, hours of animation and of travel.
WORKSHOPS = {
    "empreinte_1": (39, 995, 68.25, 15.75),
    "empreinte_2": (80, 2064, 140, 40),
    "empreinte_3": (40, 1109, 70, 17.75),
    "empreinte_4": (21, 617, 36.75, 7),
    "empreinte_adaptee": (8, 198, 14, 0.75),
}
#: Where the report adds a volet up wrongly (3475,5 for the management), what its lines add up to.
VOLETS = {
    "classe_aide_directe": 2488,
    "classe_gestion_interne": 3493.5,
    "classe_prevention": 779.25,
    "classe_representation": 479.5,
    "classe_lutte": 278,
    "classe_exploitation": 1196.5,
}
#: The rules of the report: no person has more meetings of a service in a year.
MOST_MEETINGS = {"rencontre_urgence": 5, "suivi_femme": 15, "suivi_ado": 15, "soutien_entourage": 5}

Query = Callable[..., list[tuple]]


@pytest.fixture(scope="module")
def query(reported) -> Query:
    """A query of the demonstration's database, on the year of the public report."""
    installation, _ = reported
    with duckdb.connect(str(installation.root / "data/processed/demo/cases.duckdb"), read_only=True) as connection:
        yield lambda sql: connection.execute(sql, {"year": YEAR} if "$year" in sql else None).fetchall()


def test_the_persons_meetings_and_hours_of_each_service_are_those_of_the_report(query):
    found = query(
        "select service_type_code, count(*) filter (is_first_of_service), count(*), sum(minutes) / 60 "
        "from core_meeting where period = $year group by all"
    )

    assert {code: figures for code, *figures in found} == {code: [*told] for code, told in SERVICES.items()}


def test_first_meetings_of_a_service_are_its_persons(query):
    found = query(
        "select period, service_type_code, count(*) filter (is_first_of_service) = count(distinct person_key) "
        "from core_meeting group by all"
    )

    assert {holds for *_, holds in found} == {True}


def test_first_meetings_of_the_year_are_its_persons(query):
    found = query(
        "select count(*) filter (is_first_of_person) = count(distinct person_key) from core_meeting group by period"
    )

    assert found == [(True,)] * 3


def test_no_person_has_more_meetings_than_the_rules_allow(query):
    most = dict(
        query(
            "select service_type_code, max(meetings) from (select period, service_type_code, person_key, "
            "count(*) as meetings from core_meeting group by all) group by all"
        )
    )

    assert {code: most[code] for code, limit in MOST_MEETINGS.items() if most[code] > limit} == {}


def test_no_first_meeting_is_before_the_request_of_its_year(query):
    early = query(
        "select count(*) from core_meeting join (select person_id, period, min(request_date) as asked "
        "from core_request group by all) using (person_id, period) where meeting_date <= asked"
    )

    assert early == [(0,)]


def test_most_first_meetings_are_of_persons_who_asked_in_the_year(query):
    known = query(
        "select count(distinct person_id) from core_meeting semi join core_request using (person_id, period) "
        "where period = $year and service_type_code = 'premiere_rencontre'"
    )

    assert known[0][0] > 80


def test_the_accompaniments_are_those_of_the_report(query):
    found = query(
        "select purpose_code, count(*) filter (is_first_of_purpose), count(*), sum(minutes) / 60 "
        "from core_accompaniment where period = $year group by all order by all"
    )

    assert found == [("defense_droits", 2, 7, 17), ("ivac", 32, 46, 73.5), ("judiciaire", 16, 42, 73.5)]


def test_the_kits_received_and_reached_are_those_of_the_report(query):
    found = query("select reached_code, count(*) from core_kit where period = $year group by all order by all")

    assert found == [("non_rejointe", 13), ("rejointe", 28)]


def test_a_kit_without_a_call_has_a_missing_answer_and_not_a_delay(query):
    found = dict(query("select call_delay_code, count(*) from core_kit where period = $year group by all"))

    assert found["non_disponible"] == 3
    assert set(found) == {"appel_0_2_jours", "appel_3_7_jours", "appel_8_jours_plus", "non_disponible"}


def test_the_workshops_are_those_of_the_report(query):
    found = query(
        "select activity_type_code, sum(groups), sum(pupils), sum(animation_minutes) / 60, sum(travel_minutes) / 60 "
        "from core_activity join (select activity_id, sum(participant_count) as pupils from core_audience "
        "where role_code = 'eleve' group by all) using (activity_id) "
        "where period = $year and starts_with(activity_type_code, 'empreinte') group by all"
    )

    assert {code: tuple(figures) for code, *figures in found} == WORKSHOPS


def test_the_workshops_are_given_in_eleven_places(query):
    found = query(
        "select count(distinct site_id) from core_activity where period = $year "
        "and activity_type_code in ('empreinte_1', 'empreinte_2', 'empreinte_3', 'empreinte_4', 'empreinte_adaptee')"
    )

    assert found == [(11,)]


def test_the_other_sessions_have_the_people_and_hours_of_the_report(query):
    people = query(
        "select role_code, sum(participant_count) from core_audience join core_activity using (activity_id) "
        "where core_activity.period = $year and activity_type_code in ('sensibilisation', 'presentation_services') "
        "group by all order by all"
    )
    hours = query(
        "select sum(minutes) / 60 from core_activity where period = $year "
        "and activity_type_code in ('sensibilisation', 'presentation_services')"
    )

    # 97 + 74 + 1: the 172 persons of the report.
    assert people == [("intervenante", 74), ("participante", 97), ("stagiaire", 1)]
    assert hours == [(35.25,)]


def test_the_staff_trained_and_the_youths_met_are_those_of_the_report(query):
    found = query(
        "select activity_type_code, role_code, sum(participant_count) from core_audience "
        "join core_activity using (activity_id) where core_activity.period = $year "
        "and activity_type_code in ('empreinte_personnel', 'exploitation_atelier') group by all order by all"
    )

    # The report prints 18 companions; its lines add up to 17.
    assert found == [
        ("empreinte_personnel", "enseignante", 144),
        ("exploitation_atelier", "accompagnante", 17),
        ("exploitation_atelier", "eleve", 533),
    ]


def test_the_hours_of_each_volet_are_what_its_lines_add_up_to(query, repository):
    with (repository / "config" / "vocabularies" / "task.csv").open(encoding="utf-8", newline="") as text:
        volet = {row["code"]: row["parent"] for row in csv.DictReader(text)}
    hours = dict.fromkeys(VOLETS, 0.0)
    for task, minutes in query("select task_code, sum(minutes) from core_work_hours where period = $year group by all"):
        hours[volet[task]] += minutes / 60

    assert hours == VOLETS


def test_each_line_of_the_ledger_has_its_hours(query, repository):
    settings = tomllib.loads((repository / SETTINGS).read_text(encoding="utf-8"))
    told = sorted(hours for volet in settings["volet"] for hours in volet["hours"].values())
    found = query("select sum(minutes) / 60 from core_work_hours where period = $year group by task_code")

    assert sorted(hours for (hours,) in found) == told


def test_the_lines_of_the_ledger_are_those_that_the_report_printed(repository, shared_data):
    path = shared_data.parent / "published" / "published_figures.csv"
    if not path.is_file():
        pytest.skip("the published figures are not on this machine")
    tables = {"resume_volet", "resume_representations", "resume_concertation_lutte", "sensibilisation", "concertation"}
    with path.open(encoding="utf-8", newline="") as text:
        printed = [
            float(row["value"])
            for row in csv.DictReader(text)
            if row["report"] == "calacs-coup-de-coeur-2023-2024" and row["table"] in tables and row["role"] == "part"
        ]
    settings = tomllib.loads((repository / SETTINGS).read_text(encoding="utf-8"))
    told = [hours for volet in settings["volet"] for hours in volet["hours"].values()]

    # Three more lines, told beside the tables: individual follow-ups, drop-in meetings and the chat line.
    assert sorted(told) == sorted([*printed, 371.5, 48.5, 51])


def test_the_years_before_have_fewer_of_everything(query):
    for table in (
        "core_meeting",
        "core_accompaniment",
        "core_kit",
        "core_activity",
        "core_audience",
        "core_work_hours",
    ):
        counts = [count for _, count in query(f"select period, count(*) from {table} group by all order by all")]

        assert counts == sorted(counts), table
        assert len(counts) == 3, table


def test_each_record_of_a_service_is_of_its_year(query):
    for table, column in (
        ("core_meeting", "meeting_date"),
        ("core_kit", "received_date"),
        ("core_work_hours", "work_date"),
    ):
        (found,) = query(f"select min({column}), max({column}) from {table} where period = $year")

        assert datetime.date(2023, 4, 1) <= found[0] <= found[1] <= datetime.date(2024, 3, 31), table
