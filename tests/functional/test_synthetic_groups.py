"""The made-up groups, waits and evaluations hold to the figures told, whatever the seed and the size."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from pipelines.config import read_settings
from pipelines.errors import ConfigurationError
from pipelines.ingest.demonstration_settings import Organisation
from pipelines.ingest.group_settings import GroupSettings
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_export import write_demonstration
from pipelines.ingest.synthetic_settings import DemonstrationSettings

CONFIG = Path(__file__).resolve().parents[2] / "config" / "demonstration" / "demo"
SETTINGS = read_settings(CONFIG / "requests.toml", DemonstrationSettings)
SERVICES = read_settings(CONFIG / "services.toml", ServiceSettings)
GROUPS = read_settings(CONFIG / "groups.toml", GroupSettings)
ORGANISATION = Organisation(SETTINGS, SERVICES, GROUPS)
PINNED = "2023-2024"


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def hours(text: str) -> float:
    return float(text.replace(",", "."))


def day(text: str) -> str:
    return "-".join(reversed(text.split("/")))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_sessions_hours_and_persons_told_hold_whatever_the_seed(tmp_path, seed):
    write_demonstration(ORGANISATION, tmp_path, seed=seed, year=PINNED)
    sessions = read_rows(tmp_path, "seances")
    presences = read_rows(tmp_path, "presences")
    group_of = {row["No séance"]: row["No groupe"] for row in sessions}

    for number, group in enumerate(GROUPS.group, start=1):
        own = [row for row in sessions if row["No groupe"] == f"G23-{number:02d}"]
        led = sum(hours(row["Durée de la séance (h)"]) * int(row["Nombre d'animatrices"]) for row in own)
        persons = {row["Code personne"] for row in presences if group_of[row["No séance"]] == f"G23-{number:02d}"}
        assert (len(own), led, len(persons)) == (group.sessions, group.animation_hours, group.persons), group.name


def test_requests_and_services_of_a_seed_are_the_same_with_and_without_groups(tmp_path):
    write_demonstration(ORGANISATION, tmp_path / "with")
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path / "without")

    names = sorted(path.name for path in (tmp_path / "without").iterdir())
    assert len(names) == 12
    assert {name: (tmp_path / "with" / name).read_bytes() for name in names} == {
        name: (tmp_path / "without" / name).read_bytes() for name in names
    }


@pytest.mark.parametrize("rows", [3, 40])
def test_a_small_export_has_smaller_groups_and_nothing_impossible(tmp_path, rows):
    write_demonstration(ORGANISATION, tmp_path, rows=rows)
    sessions = {row["No séance"] for row in read_rows(tmp_path, "seances")}

    assert {row["No séance"] for row in read_rows(tmp_path, "presences")} == sessions
    waits = read_rows(tmp_path, "attentes")
    assert {row["No attente"] for row in read_rows(tmp_path, "criteres")} == {row["No attente"] for row in waits}


def test_nobody_is_twice_at_one_session(tmp_path):
    write_demonstration(ORGANISATION, tmp_path)
    counted = Counter((row["No séance"], row["Code personne"]) for row in read_rows(tmp_path, "presences"))

    assert set(counted.values()) == {1}


def test_a_wait_ends_once_or_not_at_all_and_in_order(tmp_path):
    write_demonstration(ORGANISATION, tmp_path)
    waits = read_rows(tmp_path, "attentes")
    ends = Counter((bool(row["Début du service"]), bool(row["Fin de l'attente"])) for row in waits)

    assert ends.keys() == {(True, False), (False, True), (False, False)}
    for row in waits:
        order = [day(row[name]) for name in ("En attente depuis", "Date de l'offre", "Début du service") if row[name]]
        assert order == sorted(order)
        assert bool(row["Motif sans service"]) == bool(row["Fin de l'attente"])


def test_no_teen_waits_in_priority_3_and_every_priority_has_its_criteria(tmp_path):
    write_demonstration(ORGANISATION, tmp_path)
    waits = {row["No attente"]: row for row in read_rows(tmp_path, "attentes")}
    teens = {row["Priorité"] for row in waits.values() if row["Service attendu"] == GROUPS.waits.teen_service}
    allowed = {priority.label: set(priority.criteria) for priority in GROUPS.waits.priority}

    assert "Priorité 3" not in teens
    assert {row["Priorité"] for row in waits.values()} == allowed.keys()
    for row in read_rows(tmp_path, "criteres"):
        assert row["Critère"] in allowed[waits[row["No attente"]]["Priorité"]]


def test_each_question_has_as_many_answers_as_respondents_in_every_year(tmp_path):
    write_demonstration(ORGANISATION, tmp_path)
    respondents = {row["No évaluation"]: int(row["Répondantes"]) for row in read_rows(tmp_path, "evaluations")}
    answers: Counter[tuple[str, str]] = Counter()
    for row in read_rows(tmp_path, "reponses"):
        answers[row["No évaluation"], row["Question"]] += int(row["Nombre de réponses"])

    assert {number: count for (number, _), count in answers.items()} == respondents
    assert {count == respondents[number] for (number, _), count in answers.items()} == {True}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("animation_hours = 84 ", "animation_hours = 84.25 "),
        ('persons_of = "information"', 'persons_of = "nobody"'),
        ("sessions = 5 ", "sessions = 6 "),
        ("weeks = [35, 50]", "weeks = [35, 20]"),
        ("= [0, 1, 5, 17]", "= [0, 1, 5, 18]"),
    ],
    ids=["two lead for a quarter", "no such group", "one session each", "ends before", "one answer too many"],
)
def test_figures_that_cannot_be_dealt_out_are_refused(tmp_path, before, after):
    text = (CONFIG / "groups.toml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "groups.toml").write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ConfigurationError):
        read_settings(tmp_path / "groups.toml", GroupSettings)
