"""The made-up services hold to the figures told, whatever the seed and the size, and contradict nothing."""

import csv
import io
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.config import read_settings
from pipelines.errors import ConfigurationError
from pipelines.ingest.demonstration_settings import Organisation
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_export import write_demonstration
from pipelines.ingest.synthetic_settings import DemonstrationSettings
from pipelines.ingest.synthetic_shares import deal

CONFIG = Path(__file__).resolve().parents[2] / "config"
SETTINGS = read_settings(CONFIG / "demonstration" / "demo" / "requests.toml", DemonstrationSettings)
SERVICES = read_settings(CONFIG / "demonstration" / "demo" / "services.toml", ServiceSettings)
PINNED = "2023-2024"


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def hours(row: dict[str, str], *columns: str) -> float:
    return sum(float(row[column].replace(",", ".")) for column in columns)


def told_by_the_files(folder: Path) -> dict[str, tuple[int, int, float]]:
    """By type of meeting: persons, meetings, hours."""
    rows = defaultdict(list)
    for row in read_rows(folder, "rencontres"):
        rows[row["Type de rencontre"]].append(row)
    parts = ("Durée directe (h)", "Préparation (h)", "Retour (h)", "Déplacement (h)")
    return {
        label: (
            len({row["Code personne"] for row in of_type}),
            len(of_type),
            sum(hours(row, *parts) for row in of_type),
        )
        for label, of_type in rows.items()
    }


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_figures_told_hold_whatever_the_seed(tmp_path, seed):
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path, seed=seed, year=PINNED)

    assert told_by_the_files(tmp_path) == {
        service.label: (service.persons, service.meetings, service.hours) for service in SERVICES.service
    }
    reached = Counter(row["Rejointe"] for row in read_rows(tmp_path, "trousses"))
    assert reached == {"Oui": SERVICES.kits.reached, "Non": SERVICES.kits.received - SERVICES.kits.reached}


def test_the_requests_of_a_seed_are_the_same_with_and_without_services(tmp_path):
    without = SERVICES.model_copy(update={"scale": {}})
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path / "with")
    write_demonstration(Organisation(SETTINGS, without), tmp_path / "without")

    names = sorted(path.name for path in (tmp_path / "without").iterdir())
    assert {name: (tmp_path / "with" / name).read_bytes() for name in names} == {
        name: (tmp_path / "without" / name).read_bytes() for name in names
    }


@pytest.mark.parametrize("rows", [3, 40])
def test_a_small_export_has_fewer_services_and_nothing_impossible(tmp_path, rows):
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path, rows=rows)

    for service in SERVICES.service:
        persons, meetings, _ = told_by_the_files(tmp_path)[service.label]
        assert persons <= meetings < 3 * service.meetings
    assert len(read_rows(tmp_path, "heures")) < 3_000


def test_a_large_export_has_no_more_services_than_the_year_told(tmp_path):
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path, rows=2_000, year=PINNED)

    assert len(read_rows(tmp_path, "rencontres")) == sum(service.meetings for service in SERVICES.service)


def test_a_kit_is_before_its_letter_and_the_letter_before_the_call(tmp_path):
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path)

    def day(text: str) -> str:
        return "-".join(reversed(text.split("/")))

    kits = read_rows(tmp_path, "trousses")
    calls = [row for row in kits if row["Date du premier appel"]]
    assert all(day(row["Date de la trousse"]) <= day(row["Date de réception"]) for row in kits)
    assert all(day(row["Date de réception"]) <= day(row["Date du premier appel"]) for row in calls)
    assert 0 < len(calls) < len(kits)


def test_every_audience_is_of_an_activity(tmp_path):
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path)
    activities = [row["No activité"] for row in read_rows(tmp_path, "activites")]

    assert len(set(activities)) == len(activities)
    assert {row["No activité"] for row in read_rows(tmp_path, "publics")} == set(activities)


def test_the_steps_of_a_project_are_told_in_the_year_of_the_report_and_cut_no_hour_in_the_others(tmp_path):
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path)
    ledger = read_rows(tmp_path, "heures")
    told: dict[str, float] = defaultdict(float)
    for row in ledger:
        if row["No ligne"].startswith("H23") and row["Projet et étape"] != "Hors projet":
            told[row["Projet et étape"]] += hours(row, "Heures")

    expected = [steps for task in SERVICES.steps_of_task.values() for steps in task.items()]
    assert told == dict(expected)
    assert {row["Tâche"] for row in ledger if row["Projet et étape"] != "Hors projet"} == SERVICES.steps_of_task.keys()
    assert {row["Tâche"] for row in ledger if row["Projet et étape"] == "Hors projet"}.isdisjoint(
        SERVICES.steps_of_task
    )
    assert min(hours(row, "Heures") for row in ledger) > 0


@given(
    total=st.integers(0, 3_000),
    parts=st.integers(1, 200),
    least=st.integers(0, 5),
    most=st.integers(5, 40),
    seed=st.integers(0, 99),
)
def test_what_is_dealt_out_adds_up_within_its_bounds(total, parts, least, most, seed):
    dealt = deal(np.random.default_rng(seed), total, parts, least, most)

    assert (len(dealt), dealt.sum()) == (parts, total)
    assert dealt.min() >= min(least, total // parts)
    assert dealt.max() <= max(most, -(-total // parts))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("persons = 57", "persons = 500"),
        ("at_most = 5\n", "at_most = 1\n"),
        ("hours = 215.5", "hours = 215.3"),
        ("reached = 28", "reached = 41"),
        ('among = "adults"', 'among = "everybody"'),
        ('"Création de contenu" = 3', '"Création de contenu" = 4'),
    ],
    ids=[
        "more persons than meetings",
        "too few meetings each",
        "no quarter of an hour",
        "reached uncalled",
        "group",
        "steps beyond their task",
    ],
)
def test_figures_that_cannot_be_dealt_out_are_refused(tmp_path, before, after):
    text = (CONFIG / "demonstration" / "demo" / "services.toml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "services.toml").write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ConfigurationError):
        read_settings(tmp_path / "services.toml", ServiceSettings)
