"""Who pays for which hours and activities, drawn small enough to be checked by eye; and the queries that count."""

import re
from pathlib import Path

import pytest

from pipelines.tables.counting_query import counting_query
from pipelines.tables.table_spec import load_catalogue
from tests.small_centre import REPOSITORY, SmallCentre, counts

REQUESTS = """
    request_id | person_id | request_date | requester_type_code | age_at_request
    D1         | P1        | 2023-04-01   | victime_femme       | 30
"""
HOURS = """
    work_id | work_date  | task_code           | minutes | funder_code
    H1      | 2023-05-01 | programme_empreinte | 2h00    | scf
    H2      | 2023-05-02 | programme_empreinte | 1h00    | psoc
    H3      | 2023-05-03 | accompagnements     | 0h45    | psoc
    H4      | 2023-05-04 | accompagnements     | 0h30    | ?
    H5      | 2024-04-01 | accompagnements     | 5h00    | psoc
"""
ACTIVITIES = """
    activity_id | activity_date | activity_type_code | animation_minutes | funder_code
    A1          | 2023-10-02    | empreinte_1        | 2h00              | scf
    A2          | 2023-10-03    | sensibilisation    | 1h00              | dons
    A3          | 2023-10-04    | sensibilisation    | 0h30              | ?
"""


@pytest.fixture
def tables(tmp_path: Path):
    centre = SmallCentre(tmp_path, request=REQUESTS, work_hours=HOURS, activity=ACTIVITIES)
    return {table.id: table for table in centre.count_all()}


def test_each_hour_has_one_funder_and_what_has_none_is_told(tables) -> None:
    assert counts(tables["hours_by_funder"]) == {"scf": 120, "psoc": 105, "ne_sait_pas": 30, "_total": 255}


def test_the_hours_by_funder_are_those_of_the_ledger(tables) -> None:
    assert counts(tables["hours_by_funder"])["_total"] == counts(tables["work_hours"])["_total"]


def test_the_hours_of_an_area_are_told_by_funder(tables) -> None:
    cells = {cell.codes: cell.count for cell in tables["hours_by_area_and_funder"].cells if cell.count}

    assert cells["classe_prevention", "scf"] == 120
    assert cells["classe_prevention", "psoc"] == 60
    assert cells["classe_aide_directe", "ne_sait_pas"] == 30
    assert cells["_total", "_total"] == 255


def test_each_activity_has_one_funder_with_all_its_time(tables) -> None:
    assert counts(tables["activities_by_funder"]) == {"scf": 1, "dons": 1, "ne_sait_pas": 1, "_total": 3}
    assert counts(tables["activity_hours_by_funder"]) == {"scf": 120, "dons": 60, "ne_sait_pas": 30, "_total": 210}


def test_an_export_that_names_no_funder_is_not_allocated_by_guess(tmp_path: Path) -> None:
    without = "\n".join(line.rsplit("|", 1)[0] for line in ACTIVITIES.strip("\n").splitlines())
    tables = {
        table.id: table for table in SmallCentre(tmp_path, request=REQUESTS, activity=without.rstrip()).count_all()
    }

    assert not tables["activities_by_funder"].is_collected
    assert counts(tables["activities"])["_total"] == 3


@pytest.mark.parametrize("centre", ["", "nibrs_mn", "sinan_mg"])
def test_a_query_that_readers_see_holds_no_number(centre: str) -> None:
    """What has no digit can tell no count: not one that is hidden, nor any other."""
    queries = [counting_query(spec) for spec in load_catalogue(REPOSITORY / "config", centre).table]

    assert len(queries) > 20
    assert [query for query in queries if re.search(r"\d", query)] == []
