"""What is counted of services, activities and hours, drawn small enough to be checked by eye."""

from pathlib import Path

from tests.small_centre import SmallCentre, counts

REQUESTS = """
    request_id | person_id | request_date | requester_type_code | age_at_request
    D1         | P1        | 2023-04-01   | victime_femme       | 30
"""
MEETINGS = """
    meeting_id | person_id | meeting_date | service_type_code | direct_minutes | preparation_minutes | travel_minutes
    R1         | P1        | 2023-05-01   | premiere_rencontre | 1h00            | 0h15                  | 0h00
    R2         | P1        | 2023-06-01   | suivi_femme        | 1h00            | 0h00                   | 0h30
    R3         | P1        | 2023-06-08   | suivi_femme        | 1h00            | 0h00                   | 0h00
    R4         | P2        | 2024-03-31   | suivi_femme        | 0h45            | 0h00                   | 0h00
    R5         | P2        | 2024-04-01   | suivi_femme        | 0h45            | 0h00                   | 0h00
    R6         | ?         | 2023-06-01   | ecoute_telephonique | 0h20           | 0h00                   | 0h00
"""
ACTIVITIES = """
    activity_id | activity_date | activity_type_code | group_count | animation_minutes | travel_minutes
    A1          | 2023-10-02    | empreinte_1        | 2           | 2h00               | 0h30
    A2          | 2023-10-03    | empreinte_2        | 1           | 1h15                | 0h00
    A3          | 2023-11-03    | sensibilisation    | 1           | 1h00                | 0h15
"""
AUDIENCES = """
    activity_id | role_code    | participant_count
    A1          | eleve        | 51
    A1          | enseignante  | 2
    A2          | eleve        | 24
    A3          | participante | 9
"""


def test_a_person_met_several_times_is_one_person_and_several_meetings(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=MEETINGS)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["services"])["suivi_femme"] == 3
    assert counts(tables["service_persons"])["suivi_femme"] == 2


def test_a_person_with_two_services_is_in_both_lines_and_once_in_the_total(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=MEETINGS)

    assert counts(centre.count("service_persons")) == {"premiere_rencontre": 1, "suivi_femme": 2, "_total": 2}


def test_an_anonymous_contact_is_a_meeting_and_no_person(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=MEETINGS)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["services"])["ecoute_telephonique"] == 1
    assert "ecoute_telephonique" not in counts(tables["service_persons"])


def test_without_the_keys_of_persons_meetings_are_counted_and_persons_are_not_collected(tmp_path: Path) -> None:
    rows = [line.split("|") for line in MEETINGS.splitlines()]
    without_keys = "\n".join("|".join(cells[:1] + cells[2:]) for cells in rows)
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=without_keys)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["services"])["_total"] == 5
    assert not tables["service_persons"].is_collected


def test_the_hours_of_a_meeting_are_all_its_minutes(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=MEETINGS)

    assert counts(centre.count("service_hours")) == {
        "premiere_rencontre": 75,
        "suivi_femme": 195,
        "ecoute_telephonique": 20,
        "_total": 290,
    }


def test_a_meeting_counts_in_the_year_in_which_it_took_place(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, meeting=MEETINGS)

    assert sum(cell.count for cell in centre.count("services").cells if cell.codes == ("_total",)) == 5


def test_participants_are_added_up_over_the_activities_of_a_kind_and_their_class(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, activity=ACTIVITIES, audience=AUDIENCES)
    table = centre.count("activity_participants")

    found = counts(table)
    assert (found["empreinte_1"], found["empreinte_2"], found["sensibilisation"]) == (53, 24, 9)
    assert found["_total"] == 86
    assert found["classe_empreinte"] == 77


def test_groups_and_hours_of_activities_do_not_grow_with_their_audiences(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, activity=ACTIVITIES, audience=AUDIENCES)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["activity_groups"])["_total"] == 4
    assert counts(tables["animation_hours"])["_total"] == 255
    assert counts(tables["travel_hours"])["_total"] == 45


def test_participants_are_told_by_their_role(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, activity=ACTIVITIES, audience=AUDIENCES)

    assert counts(centre.count("participants_by_role")) == {
        "eleve": 75,
        "enseignante": 2,
        "participante": 9,
        "_total": 86,
    }
