"""What is counted of members, volunteers, communications, committees, aid and complaints, drawn on a few rows."""

from pathlib import Path

import pytest

from pipelines.charts.measures_chart import measures_chart
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.protect import release_table
from pipelines.errors import InputRefused
from pipelines.language import Language
from tests.small_centre import SmallCentre, counts

REQUESTS = """
    request_id | person_id | request_date | requester_type_code | age_at_request
    D1         | P1        | 2023-04-01   | victime_femme       | 30
    D2         | P2        | 2024-04-02   | victime_femme       | 31
"""
MEMBERS = """
    member_id | member_type_code    | since_date | until_date | organisation_id
    M1        | individuel          | 2010-05-01 |            |
    M2        | individuel          | 2010-05-01 | 2024-03-30 |
    M3        | individuel          | 2010-05-01 | 2024-03-31 |
    M4        | individuel          | 2023-04-01 |            |
    M5        | individuel          | 2024-04-01 |            |
    M6        | individuel          | 2023-06-01 | 2023-09-01 |
    M7        | communaute_pratique | 2023-06-01 |            | G1
    M8        | communaute_pratique | 2023-07-01 |            | G1
    M9        | communaute_pratique | 2022-07-01 |            | G2
"""
VOLUNTEERING = """
    volunteering_id | volunteer_id | volunteering_date | volunteering_type_code | volunteer_role_code  | minutes
    B1              | V1           | 2023-05-01        | comites                | militante            | 2h00
    B2              | V1           | 2023-06-01        | formation              | militante            | 1h30
    B3              | V2           | 2023-06-01        | comites                | militante_survivante | 1h00
    B4              |              | 2023-06-02        | comites                | militante            | 0h30
    B5              | V3           | 2024-04-01        | comites                | militante            | 4h00
"""
COMMUNICATIONS = """
  communication_id | communication_date | channel_code         | topic_code     | item_count | reach_count | place_count
  K1               | 2023-05-01         | facebook_publication | prevention     | 1          | 500         | ?
  K2               | 2023-05-02         | facebook_publication | prevention     | 1          | 900         | ?
  K3               | 2023-05-02         | mention_media        | exploitation   | 18         | ?           | ?
  K4               | 2023-05-03         | mention_media        | justice        | 8          | ?           | ?
  K5               | 2023-09-15         | chandail             | journee_action | 40         | ?           | 4
"""
COMMITTEES = """
 committee_work_id | committee_date | area_code       | committee_code   | committee_task_code | meeting_count | minutes
 Q1                | 2023-05-01     | representation  | tivsl_prevention | comite              | 1             | 3h00
 Q2                | 2023-06-01     | representation  | tivsl_prevention | comite              | 2             | 4h00
 Q3                | 2023-06-02     | representation  | tivsl_prevention | preparation         | 0             | 1h15
 Q4                | 2023-06-15     | representation  | tivsl_justice    | comite              | 1             | ?
"""
AIDS = """
    aid_id | person_id | aid_date   | aid_purpose_code | aid_kind_code | amount_cents
    A1     | P1        | 2023-05-01 | alimentation     | don           | 75
    A2     | P1        | 2023-06-01 | alimentation     | don           | 25,50
    A3     |           | 2023-06-01 | logement         | pret          | 1 200 $
"""
COMPLAINTS = """
    complaint_id | complaint_date | complaint_nature_code | complaint_outcome_code | closed_date
    L1           | 2023-05-01     | delai_acces           | entente                | 2023-05-20
    L2           | 2024-03-31     | delai_acces           | en_traitement          |
    L3           | 2024-04-01     | conduite              | non_fondee             | 2024-05-01
"""


def test_members_are_those_of_the_last_day_of_the_year(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, member=MEMBERS)

    # M2 left the day before; the last day of M3's membership is the last day of the year.
    assert counts(centre.count("members")) == {"individuel": 3, "communaute_pratique": 3, "_total": 6}


def test_a_membership_begins_in_one_year_and_is_of_its_stock_until_it_ends(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, member=MEMBERS)
    tables = {table.id: table for table in centre.count_all()}
    centre_next = SmallCentre(tmp_path / "next", request=REQUESTS, member=MEMBERS)

    assert counts(tables["new_members"]) == {"individuel": 2, "communaute_pratique": 2, "_total": 4}
    assert counts(centre_next.count("members", "2024-2025"))["individuel"] == 3


def test_new_members_of_one_organisation_are_one_organisation(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, member=MEMBERS)

    assert counts(centre.count("new_member_organisations")) == {"communaute_pratique": 1, "_total": 1}


def test_without_the_end_of_memberships_nobody_knows_who_was_a_member(tmp_path: Path) -> None:
    rows = [line.split("|") for line in MEMBERS.splitlines()]
    centre = SmallCentre(tmp_path, request=REQUESTS, member="\n".join("|".join(cells[:3]) for cells in rows))
    tables = {table.id: table for table in centre.count_all()}

    assert not tables["members"].is_collected
    assert counts(tables["new_members"])["_total"] == 4


def test_a_volunteer_counts_once_and_her_hours_all_count(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, volunteering=VOLUNTEERING)
    tables = {table.id: table for table in centre.count_all()}

    hours = counts(tables["volunteering_hours"])
    assert (hours["comites"], hours["formation"], hours["_total"]) == (210, 90, 300)
    assert counts(tables["volunteering_times"])["_total"] == 4
    assert counts(tables["volunteers"])["_total"] == 2
    assert counts(tables["volunteers_by_role"]) == {"militante": 1, "militante_survivante": 1, "_total": 2}


def test_a_volunteer_who_is_named_refuses_the_whole_file(tmp_path: Path) -> None:
    named = VOLUNTEERING.replace("V1 ", "Tremblay, Marie").replace("V2 ", "Gagnon, Julie").replace("V3 ", "Roy, Anne")

    with pytest.raises(InputRefused):
        SmallCentre(tmp_path, request=REQUESTS, volunteering=named).load()


def test_items_and_reach_are_added_up_and_the_best_reach_is_the_largest(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, communication=COMMUNICATIONS)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["communications"])["facebook_publication"] == 2
    assert counts(tables["communication_reach"])["classe_facebook"] == 1400
    assert counts(tables["communication_best_reach"]) == {
        "classe_facebook": 900,
        "facebook_publication": 900,
        "_total": 900,
    }
    assert counts(tables["communication_places"])["chandail"] == 4


def test_mentions_are_told_by_topic(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, communication=COMMUNICATIONS)
    cells = {cell.codes: cell.count for cell in centre.count("communications_by_topic").cells}

    assert cells["mention_media", "exploitation"] == 18
    assert cells["mention_media", "_total"] == 26


def test_meetings_are_those_that_lines_count_and_hours_are_all_of_them(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, committee_work=COMMITTEES)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["committee_meetings"])["classe_tivsl"] == 4
    assert counts(tables["committee_hours"])["tivsl_prevention"] == 495
    assert counts(tables["committee_hours_by_area"]) == {"representation": 495, "_total": 495}
    by_task = {cell.codes: cell.count for cell in tables["committee_hours_by_task"].cells}
    assert by_task["tivsl_prevention", "preparation"] == 75


def test_what_nobody_wrote_down_is_not_zero_and_what_did_not_happen_is(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, committee_work=COMMITTEES)
    table = release_table(centre.count("committee_hours"), frozenset())
    chart = measures_chart([table], Language("fr"))

    assert table.cell("tivsl_justice").status is CellStatus.NOT_COLLECTED
    assert (table.cell("cavac").value, table.cell("classe_tivsl").value) == (0, 495)
    assert chart.table is not None
    written = {row.label: row.cells[0].text for row in chart.table.rows}
    assert (written["TIVSL, coordination et justice"], written["CAVAC"]) == ("..", "0\u00a0h")


def test_aid_is_added_up_in_cents_by_need_and_by_kind(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, aid=AIDS)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["aid_amounts"]) == {"alimentation": 10_050, "logement": 120_000, "_total": 130_050}
    assert counts(tables["aids"]) == {"alimentation": 2, "logement": 1, "_total": 3}
    assert counts(tables["aid_amounts_by_kind"]) == {"don": 10_050, "pret": 120_000, "_total": 130_050}


def test_complaints_are_those_received_in_the_year(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, complaint=COMPLAINTS)
    tables = {table.id: table for table in centre.count_all()}

    assert counts(tables["complaints_by_nature"]) == {"delai_acces": 2, "_total": 2}
    assert counts(tables["complaints_by_outcome"]) == {"entente": 1, "en_traitement": 1, "_total": 2}
