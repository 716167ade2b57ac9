"""Every number that two public reports printed has a state: told again to the unit, or at odds with its parts.

`tests/published_rows.toml` says which made-up organisation tells it, in which cell; the cells are those of its report.
"""

import csv
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

ROWS = tomllib.loads((Path(__file__).resolve().parents[1] / "published_rows.toml").read_text(encoding="utf-8"))
ORGANISATIONS: dict[str, str] = ROWS["organisations"]
YEAR = "2023-2024"
#: How many of what a cell holds make one of what was printed.
SCALE = {"hour": 60, "cad": 100}


class Place(NamedTuple):
    """Where a number was printed: report, section and table, row, measure."""

    report: str
    table: str
    row: str
    measure: str


class Told(NamedTuple):
    """The cells that tell it: those of one table, added up."""

    table_id: str
    cells: str


def report_of(block: Mapping[str, Any]) -> str:
    return block.get("report", next(iter(ORGANISATIONS)))


def told_places() -> Iterator[tuple[Place, Told]]:
    for block in ROWS["told"]:
        for measure, table_id in block["by"].items():
            for row, cells in block["cells"].items():
                yield Place(report_of(block), block["in"], row, measure), Told(table_id, cells)


DIFFERS = {
    Place(report_of(block), block["in"], block["row"], block["measure"]): float(block["recomputed"])
    for block in ROWS["differs"]
}
TOLD = dict(told_places()) | {
    Place(report_of(block), block["in"], block["row"], block["measure"]): Told(block["by"], block["cells"])
    for block in ROWS["differs"]
    if "by" in block
}
RECORDS = {(report_of(block), block["in"]): block["test"] for block in ROWS["records"]}


@pytest.fixture(scope="module")
def printed(shared_data: Path) -> dict[Place, tuple[str, float]]:
    """The unit and the number of each printed figure."""
    path = shared_data.parent / "published" / "published_figures.csv"
    if not path.is_file():
        pytest.skip("the published figures are not on this machine")
    with path.open(encoding="utf-8", newline="") as text:
        return {
            Place(row["report"], f"{row['section']}/{row['table']}", row["row"], row["measure"]): (
                row["unit"],
                float(row["value"]),
            )
            for row in csv.DictReader(text)
        }


@pytest.fixture(scope="module")
def cells(reported, organisation) -> dict[str, dict[tuple[str, ...], dict[str, int]]]:
    """By organisation and table, the numbers of its internal report by their codes."""
    folders = {"demo": reported[0].release, "demo_sortie": organisation("demo_sortie", "internal")}
    return {centre: read_cells(folder / "cells.csv") for centre, folder in folders.items()}


def read_cells(path: Path) -> dict[tuple[str, ...], int]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return {
            (row["table_id"], *filter(None, (row["code_1"], row["code_2"], row["code_3"]))): int(row["value"])
            for row in csv.DictReader(text)
            if row["value"]
        }


def number_of(told: Told, cells: Mapping[tuple[str, ...], int]) -> float | None:
    """The sum of the cells; None where one of them is not there."""
    parts = [cells.get((told.table_id, *cell.split("/"))) for cell in told.cells.split("+")]
    return None if None in parts else float(sum(part for part in parts if part is not None))


def test_every_printed_figure_has_one_state(printed):
    left = Counter((place.report, place.table) for place in printed if place not in TOLD)
    untold = {table: count for table, count in left.items() if table not in RECORDS}

    assert len(printed) == 537
    assert TOLD.keys() | DIFFERS.keys() <= printed.keys()
    assert untold == {}


def test_a_printed_figure_has_one_place_and_no_state_but_those():
    told = Counter(place for place, _ in told_places())

    assert ROWS.keys() == {"organisations", "told", "differs", "records", "impossible"}
    assert [place for place, times in told.items() if times > 1] == []
    assert told.keys() & DIFFERS.keys() == set()


def test_what_the_records_tell_is_looked_at_by_the_test_that_is_named(printed):
    folder = Path(__file__).parent
    untold = {(place.report, place.table) for place in printed if place not in TOLD}
    unseen = [
        table
        for (_, table), name in RECORDS.items()
        if table.rpartition("/")[2].rstrip("123456") not in (folder / name).read_text(encoding="utf-8")
    ]

    assert untold >= RECORDS.keys()
    assert unseen == []


def test_each_printed_figure_is_told_to_the_unit_by_the_report_of_its_organisation(printed, cells):
    found = {place: number_of(told, cells[ORGANISATIONS[place.report]]) for place, told in TOLD.items()}
    expected = {
        place: DIFFERS.get(place, value) * SCALE.get(unit, 1)
        for place, (unit, value) in printed.items()
        if place in TOLD
    }

    assert {place: number for place, number in found.items() if number != expected[place]} == {}


def test_a_figure_that_differs_does_not_follow_from_its_parts(printed):
    assert [place for place, recomputed in DIFFERS.items() if printed[place][1] == recomputed] == []


@pytest.fixture(scope="module")
def records(reported) -> Iterator[Any]:
    database = reported[0].root / "data/processed/demo/cases.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        yield lambda sql: connection.execute(sql, {"year": YEAR}).fetchall()


ROLES = {"participants": "participante", "intervenants": "intervenante", "stagiaires": "stagiaire"}
OF_THE_YEAR = "from core_activity left join core_audience using (activity_id) where core_activity.period = $year"


def test_each_single_session_has_its_people_and_hours(printed, records):
    sessions = [
        (place, value)
        for place, (_, value) in printed.items()
        if place.table == "prevention/autres_animations" and place.row != "Total"
    ]
    told = "core_activity.activity_date, core_activity.minutes, role_code, participant_count"
    rows = records(f"select {told} {OF_THE_YEAR}")
    people = {(str(day), role): count for day, _, role, count in rows}
    hours = {str(day): minutes / 60 for day, minutes, _, _ in rows}
    found = [
        hours[place.row[:10]] if place.measure == "heures" else people[place.row[:10], ROLES[place.measure]]
        for place, _ in sessions
    ]

    assert len(sessions) == 28
    assert found == [value for _, value in sessions]


def test_each_place_of_the_workshops_on_exploitation_has_its_people_and_hours(printed, records):
    by_place: dict[str, dict[str, float]] = {}
    for place, (_, value) in printed.items():
        if place.table == "exploitation/ateliers_exploitation":
            by_place.setdefault(place.row, {})[place.measure] = value
    totals = by_place.pop("Total")
    found = records(
        "select sum(participant_count) filter (role_code = 'eleve'), "
        "sum(participant_count) filter (role_code = 'accompagnante'), "
        "(select sum(minutes) / 60 from core_activity as same where same.site_id = core_activity.site_id "
        f"and same.period = $year) {OF_THE_YEAR} and activity_type_code = 'exploitation_atelier' group by site_id"
    )

    assert Counter(found) == Counter((one["jeunes"], one["accompagnants"], one["heures"]) for one in by_place.values())
    assert sum(youths for youths, _, _ in found) == totals["jeunes"]
    assert [sum(companions for _, companions, _ in found)] == [
        recomputed for place, recomputed in DIFFERS.items() if place.measure == "accompagnants"
    ]


def test_the_workshops_are_given_in_the_schools_that_were_printed(printed, records):
    schools = next(value for place, (_, value) in printed.items() if place.table == "prevention/empreinte")

    assert records(
        "select count(distinct site_id) from core_activity where period = $year "
        "and starts_with(activity_type_code, 'empreinte') and activity_type_code <> 'empreinte_personnel'"
    ) == [(schools,)]


def test_the_lines_that_are_said_to_be_impossible_are_given_by_no_number_of_answers(printed):
    for table, rows in ROWS["impossible"].items():
        answers = next(value for place, (_, value) in printed.items() if place[1:3] == (table, "Répondantes"))
        for row in rows:
            levels = [value for place, (_, value) in printed.items() if place[1:3] == (table, row)]
            assert len(levels) == 4, (table, row)
            assert not can_be(levels, int(answers)), (table, row)


def can_be(percentages: list[float], answers: int) -> bool:
    """Whether some numbers of answers, all of them together, are printed as these percentages."""
    sums = {0}
    for value in percentages:
        step = 0.5 if value == int(value) else 0.05
        near = [count for count in range(answers + 1) if abs(100 * count / answers - value) <= step + 1e-9]
        sums = {given + count for given in sums for count in near}
    return answers in sums
