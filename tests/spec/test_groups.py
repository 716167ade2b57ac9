"""What is counted of groups, follow-ups, waits and evaluations, drawn small enough to be checked by eye."""

from pathlib import Path

from tests.small_centre import SmallCentre, counts

REQUESTS = """
    request_id | person_id | request_date | requester_type_code | age_at_request
    D1         | P1        | 2022-06-01   | victime_femme       | 30
    D2         | P2        | 2023-04-01   | victime_femme       | 40
    D3         | P3        | 2024-05-01   | victime_femme       | 50
"""
GROUPS = """
    group_id | group_type_code    | start_date | end_date
    G1       | groupe_cheminement | 2023-05-01 | 2023-06-05
    G2       | groupe_cheminement | 2024-02-05 | 2024-05-06
    G3       | cafe_rencontre     | ?          | ?
"""
SESSIONS = """
    session_id | group_id | session_date | facilitator_count | session_minutes | preparation_minutes
    S1         | G1       | 2023-05-01   | 2                 | 3h00            | 1h00
    S2         | G1       | 2023-05-08   | 2                 | 3h00            | 1h00
    S3         | G1       | 2023-05-15   | 1                 | 3h00            | ?
    S4         | G1       | 2023-05-29   | ?                 | 2h00            | 0h30
    S5         | G1       | 2023-06-05   | 2                 | ?               | 0h15
    T1         | G2       | 2024-03-04   | 1                 | 2h00            | 0h00
    T2         | G2       | 2024-04-08   | 1                 | 2h00            | 0h00
    C1         | G3       | 2023-07-01   | 1                 | 1h30            | 0h00
"""
ATTENDANCES = """
    session_id | person_id
    S1         | P1
    S2         | P1
    S5         | P1
    S2         | P2
    S3         | P2
    S3         | P3
    S4         | P3
    S5         |
    T1         | P1
    T2         | P2
    C1         | P1
    C1         |
"""
WAITS = """
    waiting_id | person_id | priority_code | waiting_since | start_date | closed_date | unmet_need_code
    W1         | P1        | priorite_1    | 2023-03-01    | 2023-04-03 |             |
    W2         | P2        | priorite_2    | 2023-04-05    | 2024-04-01 |             |
    W3         | P3        | priorite_2    | 2023-05-05    |            | 2024-03-31  | manque_de_place
    W4         | P4        | priorite_3    | 2023-06-05    |            |             |
    W5         | P5        | priorite_1    | 2024-03-31    |            |             |
    W6         | P6        | priorite_1    | 2024-04-01    |            |             |
    W7         | P7        | priorite_1    | 2023-06-05    |            |             | hors_territoire
    W8         | P8        | priorite_1    | 2023-06-05    | 2023-06-05 |             |
"""


def groups_of(root: Path) -> SmallCentre:
    return SmallCentre(root, request=REQUESTS, group=GROUPS, session=SESSIONS, attendance=ATTENDANCES)


def test_hours_of_animation_count_each_facilitator_and_one_where_nobody_wrote_how_many(tmp_path: Path) -> None:
    tables = {table.id: table for table in groups_of(tmp_path).count_all()}

    # 6 h + 6 h + 3 h + 2 h, the session without a length adding nothing; then 2 h of the other group's only session.
    assert counts(tables["group_animation_hours"])["groupe_cheminement"] == (6 + 6 + 3 + 2 + 2) * 60
    assert counts(tables["group_preparation_hours"])["groupe_cheminement"] == 60 + 60 + 30 + 15
    assert counts(tables["group_hours"])["_total"] == (19 * 60) + 165 + 90


def test_a_group_that_goes_past_the_year_has_its_sessions_in_two_years(tmp_path: Path) -> None:
    centre = groups_of(tmp_path)

    assert counts(centre.count("group_sessions")) == {"groupe_cheminement": 6, "cafe_rencontre": 1, "_total": 7}
    assert counts(groups_of(tmp_path / "next").count("group_sessions", "2024-2025"))["_total"] == 1


def test_a_group_without_a_first_day_begins_with_its_first_session(tmp_path: Path) -> None:
    assert counts(groups_of(tmp_path).count("groups")) == {"groupe_cheminement": 2, "cafe_rencontre": 1, "_total": 3}


def test_one_absence_is_no_departure_and_who_came_in_between_neither_began_nor_finished(tmp_path: Path) -> None:
    tables = {table.id: table for table in groups_of(tmp_path).count_all()}

    # P1 and P2 came to one of the first two sessions of G1, P1 and P3 to one of the last two; P1 and P2 began G2.
    assert counts(tables["group_beginners"])["groupe_cheminement"] == 2 + 2
    assert counts(tables["group_finishers"])["groupe_cheminement"] == 2


def test_a_group_is_finished_in_the_year_of_its_end(tmp_path: Path) -> None:
    assert counts(groups_of(tmp_path).count("group_finishers", "2024-2025"))["groupe_cheminement"] == 2


def test_open_groups_have_no_line_among_those_that_begin_and_end(tmp_path: Path) -> None:
    table = groups_of(tmp_path).count("group_beginners")

    assert {code.code for code in table.dimensions[0].codes} == {"groupe_cheminement", "autre_groupe"}
    assert counts(table)["_total"] == 4


def test_a_person_of_two_groups_is_one_person_and_an_anonymous_presence_is_none(tmp_path: Path) -> None:
    tables = {table.id: table for table in groups_of(tmp_path).count_all()}

    assert counts(tables["group_persons"]) == {"groupe_cheminement": 3, "cafe_rencontre": 1, "_total": 3}
    assert counts(tables["group_attendances"]) == {"groupe_cheminement": 9, "cafe_rencontre": 2, "_total": 11}


def test_a_follow_up_counts_where_it_begins_and_where_it_ends(tmp_path: Path) -> None:
    follow_ups = """
        follow_up_id | person_id | service_type_code | start_date | end_date   | end_reason_code
        F1           | P1        | suivi_femme       | 2023-03-31 | 2023-04-01 | but_atteint
        F2           | P2        | suivi_femme       | 2023-04-01 | 2024-04-01 | contact_perdu
        F3           | P3        | suivi_ado         | 2024-03-31 |            |
    """
    centre = SmallCentre(tmp_path, request=REQUESTS, follow_up=follow_ups)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["follow_ups_opened"]) == {"suivi_femme": 1, "suivi_ado": 1, "_total": 2}
    assert counts(tables["follow_ups_ended"]) == {"suivi_femme": 1, "_total": 1}
    assert counts(tables["follow_up_ends"]) == {"but_atteint": 1, "_total": 1}


def test_the_waiting_list_is_of_the_last_day_of_the_year(tmp_path: Path) -> None:
    table = SmallCentre(tmp_path, request=REQUESTS, waiting=WAITS).count("waiting_at_year_end")

    # The service of W2 begins the day after; W3 was closed on that day; of W7 nobody knows when it ended.
    assert counts(table) == {"priorite_1": 1, "priorite_2": 1, "priorite_3": 1, "_total": 3}


def test_who_waits_for_years_is_on_the_list_of_each(tmp_path: Path) -> None:
    earlier = SmallCentre(tmp_path / "a", request=REQUESTS, waiting=WAITS).count("waiting_at_year_end", "2022-2023")
    later = SmallCentre(tmp_path / "b", request=REQUESTS, waiting=WAITS).count("waiting_at_year_end", "2024-2025")

    assert counts(earlier) == {"priorite_1": 1, "_total": 1}
    assert counts(later) == {"priorite_1": 2, "priorite_3": 1, "_total": 3}


def test_a_wait_that_ended_with_a_service_has_its_length_in_the_year_of_the_service(tmp_path: Path) -> None:
    table = SmallCentre(tmp_path, request=REQUESTS, waiting=WAITS).count("waiting_started")
    found = {cell.codes: cell.count for cell in table.cells if cell.count and "_total" not in cell.codes}

    assert found == {("priorite_1", "attente_31_90"): 1, ("priorite_1", "attente_0_30"): 1}


def test_a_need_is_unmet_in_the_year_in_which_the_wait_was_closed(tmp_path: Path) -> None:
    table = SmallCentre(tmp_path, request=REQUESTS, waiting=WAITS).count("unmet_needs")

    assert counts(table) == {"attente_fermee_manque_de_place": 1, "_total": 1}


def test_without_the_days_of_services_there_is_no_waiting_list(tmp_path: Path) -> None:
    waits = "waiting_id | priority_code | waiting_since\n W1 | priorite_1 | 2023-05-01"
    tables = {table.id: table for table in SmallCentre(tmp_path, request=REQUESTS, waiting=waits).count_all()}

    assert not tables["waiting_at_year_end"].is_collected
    assert counts(tables["waiting_begun"]) == {"priorite_1": 1, "_total": 1}


def test_answers_are_added_up_by_question_and_level(tmp_path: Path) -> None:
    evaluations = """
        evaluation_id | evaluation_date | occasion_code | respondent_count
        E1            | 2023-11-01      | au_dela_1     | 9
        E2            | 2023-11-08      | au_dela_2     | 6
        E3            | 2024-11-08      | au_dela_2     | 5
    """
    answers = """
        evaluation_id | item_code    | level_code | answer_count
        E1            | theme_utile  | oui        | 5
        E1            | theme_utile  | beaucoup   | 4
        E2            | theme_utile  | oui        | 6
        E2            | apprentissage | un_peu    | 2
        E3            | theme_utile  | oui        | 5
    """
    centre = SmallCentre(tmp_path, request=REQUESTS, evaluation=evaluations, evaluation_answer=answers)
    tables = {table.id: table for table in centre.count_all()}
    found = {cell.codes: cell.count for cell in tables["evaluation_answers"].cells if cell.count}

    assert found["theme_utile", "oui"] == 11
    assert found["theme_utile", "_total"] == 15
    assert found["apprentissage", "un_peu"] == 2
    assert counts(tables["evaluation_respondents"])["_total"] == 15
