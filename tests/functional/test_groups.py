"""Groups, follow-ups, waits and evaluations of the demonstration: each printed figure, through the whole pipeline."""

import csv
import datetime
import json
import tomllib
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

YEAR = "2023-2024"
REPORT = "calacs-coup-de-coeur-2023-2024"
SETTINGS = "config/demonstration/demo/groups.toml"
GROUP_TABLES = {"groupes_cheminement", "cafes_rencontres"}
#: The printed rows by the type of the group and its rank in the year.
ROWS = {
    "Avril à juin 2023": ("groupe_cheminement", 1),
    "Décembre à mars 2024": ("groupe_cheminement", 2),
    "Bilan avril à juin 2023": ("bilan_groupe", 1),
    "Bilan mi-groupe": ("bilan_groupe", 2),
    "Rencontre d'information novembre 2023": ("rencontre_information", 1),
    "Cafés-rencontres": ("cafe_exploitation", 1),
}
#: The lines of percentages that no count of that many answers gives, as `bilan audit-figures` tells them.
IMPOSSIBLE = {
    ("evaluation_rencontre_1", "L'information était facile à comprendre"),
    ("evaluation_rencontre_3", "Apprentissage de nouvelles choses"),
    ("evaluation_rencontre_3", "Recommanderais cette rencontre"),
    ("evaluation_rencontre_3", "Activités intéressantes"),
    ("evaluation_rencontre_3", "Plus outillée"),
    ("evaluation_rencontre_4", "L'information était facile à comprendre"),
    ("evaluation_rencontre_4", "Utilité du thème"),
    ("evaluation_rencontre_4", "Recrutement sur les réseaux"),
    ("evaluation_rencontre_5", "Utilité du thème"),
    ("evaluation_rencontre_5", "Recommanderais cette rencontre"),
    ("evaluation_rencontre_5", "Violence dans une relation"),
    ("evaluation_rencontre_5", "Relation saine et contrôle"),
    ("evaluation_rencontre_6", "L'information était facile à comprendre"),
    ("evaluation_rencontre_6", "Utilité du thème"),
    ("evaluation_rencontre_6", "Recommanderais cette rencontre"),
}

Query = Callable[..., list[tuple]]
Printed = dict[tuple[str, str, str], Fraction]


@pytest.fixture(scope="module")
def query(reported) -> Query:
    """A query of the demonstration's database, on the year of the public report."""
    installation, _ = reported
    with duckdb.connect(str(installation.root / "data/processed/demo/cases.duckdb"), read_only=True) as connection:
        yield lambda sql: connection.execute(sql, {"year": YEAR} if "$year" in sql else None).fetchall()


@pytest.fixture(scope="module")
def printed(shared_data: Path) -> Printed:
    """What the report printed, by table, row and measure."""
    path = shared_data.parent / "published" / "published_figures.csv"
    if not path.is_file():
        pytest.skip("the published figures are not on this machine")
    with path.open(encoding="utf-8", newline="") as text:
        return {
            (row["table"], row["row"], row["measure"]): Fraction(row["value"])
            for row in csv.DictReader(text)
            if row["report"] == REPORT and (row["table"] in GROUP_TABLES or row["table"].startswith("evaluation_"))
        }


@pytest.fixture(scope="module")
def told_of_groups(query) -> dict[tuple[str, int], dict[str, Fraction]]:
    """Of each group of the year, by its type and rank: every figure that a report prints of one."""
    found = query(
        """
        with persons as (
            select group_id, count(*) filter (begun_period = $year) as began,
                count(*) filter (finished_period = $year) as finished, count(*) as came
            from core_group_person group by group_id
        ),
        sessions as (
            select group_id, count(*) as held, sum(minutes_before) / 60 as before,
                sum(animation_minutes) / 60 as led, sum(minutes) / 60 as hours
            from core_session group by group_id
        )
        select group_type_code, row_number() over (partition by group_type_code order by start_date),
            began, finished, came, held, before, led, hours
        from core_group join persons using (group_id) join sessions using (group_id) where period = $year
        """
    )
    names = ("participantes_debut", "participantes_fin", "participantes", "rencontres")
    names += ("heures_preparation", "heures_animation", "heures")
    return {
        (kind, rank): {name: Fraction(str(value)) for name, value in zip(names, figures, strict=True)}
        for kind, rank, *figures in found
    }


def test_each_printed_figure_of_the_groups_and_drop_in_meetings_comes_out(printed, told_of_groups):
    rows = {place: value for place, value in printed.items() if place[0] in GROUP_TABLES and place[1] != "Total"}
    found = {place: told_of_groups[ROWS[place[1]]][place[2]] for place in rows}

    assert len(rows) == 20
    assert found == rows


def test_the_printed_total_of_the_groups_is_that_of_their_hours(printed, told_of_groups):
    kinds = {"groupe_cheminement", "bilan_groupe", "rencontre_information"}
    hours = sum(figures["heures"] for (kind, _), figures in told_of_groups.items() if kind in kinds)

    assert hours == printed["groupes_cheminement", "Total", "heures"]


def test_the_tables_of_the_report_have_the_same_figures(reported, told_of_groups):
    installation, _ = reported
    tables = {
        table["id"]: table
        for table in json.loads((installation.release / "tables.json").read_text(encoding="utf-8"))["tables"]
    }
    cells = defaultdict(dict)
    with (installation.release / "cells.csv").open(encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            cells[row["table_id"]][row["code_1"]] = int(row["value"] or 0)

    assert tables["group_hours"]["unit"] == "group_minute"
    for table, name, scale in (
        ("group_sessions", "rencontres", 1),
        ("group_beginners", "participantes_debut", 1),
        ("group_finishers", "participantes_fin", 1),
        ("group_animation_hours", "heures_animation", 60),
        ("group_preparation_hours", "heures_preparation", 60),
    ):
        of_both = sum(told_of_groups["groupe_cheminement", rank][name] for rank in (1, 2))
        assert cells[table]["groupe_cheminement"] == of_both * scale, table
    assert cells["group_persons"]["cafe_exploitation"] == 3


def test_the_groups_are_of_the_months_that_their_rows_name(query):
    found = query(
        "select month(start_date), month(end_date) from core_group "
        "where period = $year and group_type_code in ('groupe_cheminement', 'rencontre_information') "
        "order by start_date"
    )

    assert found == [(4, 6), (11, 11), (12, 3)]


@pytest.fixture(scope="module")
def told_of_evaluations(query, repository) -> dict[tuple[str, str], tuple[int, dict[str, int]]]:
    """By printed table and row: the number of respondents, and the answers by level."""
    folder = repository / "config" / "mappings" / "demo"
    words = {}
    for name in ("evaluation_item", "evaluation_level"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as text:
            words |= {row["code"]: row["source_value"].replace("’", "'") for row in csv.DictReader(text)}
    told: dict[tuple[str, str], tuple[int, dict[str, int]]] = {}
    for occasion, item, level, count, n in query(
        "select occasion_code, item_code, level_code, sum(answer_count), max(core_evaluation.respondent_count) "
        "from core_evaluation_answer join core_evaluation using (evaluation_id) "
        "where core_evaluation.period = $year group by all"
    ):
        place = (occasion.replace("au_dela_", "evaluation_rencontre_"), words[item])
        told.setdefault(place, (n, {}))[1][words[level].lower()] = int(count)
    return told


def test_as_many_respondents_as_printed_answered_each_question(printed, told_of_evaluations):
    respondents = {place[0]: value for place, value in printed.items() if place[1] == "Répondantes"}

    assert set(respondents.values()) == {23, 13, 9, 8, 6}
    assert {(table, n) for (table, _), (n, _) in told_of_evaluations.items()} == set(respondents.items())
    assert {n == sum(answers.values()) for n, answers in told_of_evaluations.values()} == {True}


def test_each_printed_percentage_comes_out_of_the_counts(printed, told_of_evaluations):
    rows = defaultdict(dict)
    for (table, row, measure), value in printed.items():
        if table.startswith("evaluation_") and row != "Répondantes":
            rows[table, row][measure] = value
    assert rows.keys() == told_of_evaluations.keys()

    misprinted = set()
    for place, levels in rows.items():
        n, answers = told_of_evaluations[place]
        far = {level: abs(Fraction(100 * answers[level], n) - value) for level, value in levels.items()}
        # A percentage is printed by rounding to its own last decimal; a half may go either way.
        steps = {
            level: Fraction(1, 2) if value.denominator == 1 else Fraction(1, 20) for level, value in levels.items()
        }
        if any(far[level] > steps[level] for level in levels):
            misprinted.add(place)
            assert sum(far.values()) == least_distance(levels, n), place
    assert misprinted == IMPOSSIBLE


def least_distance(levels: dict[str, Fraction], n: int) -> Fraction:
    """How near to the printed line the percentages of n answers can come, all ways of giving them tried."""
    *others, last = levels.values()
    ways = [(0, Fraction(0))]
    for value in others:
        ways = [
            (given + count, far + abs(Fraction(100 * count, n) - value))
            for given, far in ways
            for count in range(n - given + 1)
        ]
    return min(far + abs(Fraction(100 * (n - given), n) - last) for given, far in ways)


def test_the_settings_say_which_lines_are_only_near(repository):
    lines = (repository / SETTINGS).read_text(encoding="utf-8").splitlines()

    assert sum("# nearest" in line for line in lines) == len(IMPOSSIBLE)


def test_every_figure_of_a_group_is_said_to_be_printed_or_invented(repository):
    text = (repository / SETTINGS).read_text(encoding="utf-8")
    groups = tomllib.loads(text)["group"]

    assert len(groups) == 7
    assert text.count("# public report") + text.count("# invented") > 50


def test_the_waiting_list_at_the_end_of_a_year_is_what_came_less_what_went(query):
    stock = dict(query("select period, count(*) from core_waiting_at_year_end group by all"))
    came = dict(query("select period, count(*) from core_waiting group by all"))
    went = defaultdict(int)
    for column in ("started_period", "closed_period"):
        for period, count in query(
            f"select {column}, count(*) from core_waiting where {column} is not null group by all"
        ):
            went[period] += count

    left = 0
    for period in sorted(came):
        left += came[period] - went[period]
        assert stock[period] == left, period
    assert left > 0


def test_no_wait_begins_before_its_request(query):
    early = query(
        "select count(*) from core_waiting join core_request using (request_id) where waiting_since < request_date"
    )

    assert early == [(0,)]


def test_the_follow_ups_of_the_year_are_of_the_persons_met_in_it(query):
    opened = dict(
        query("select service_type_code, count(*) from core_follow_up where period = $year group by service_type_code")
    )

    assert opened == {"suivi_femme": 57, "suivi_ado": 24, "suivi_exploitation": 12}


def test_a_follow_up_that_goes_on_has_no_end_and_no_reason(query):
    found = query("select end_date is null, end_reason_code = 'sans_objet', count(*) from core_follow_up group by all")

    assert {(goes_on, without) for goes_on, without, _ in found} == {(True, True), (False, False)}


def test_each_record_is_of_its_year(query):
    for table, column in (("core_session", "session_date"), ("core_evaluation", "evaluation_date")):
        (found,) = query(f"select min({column}), max({column}) from {table} where period = $year")

        assert datetime.date(2023, 4, 1) <= found[0] <= found[1] <= datetime.date(2024, 3, 31), table
