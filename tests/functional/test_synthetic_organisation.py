"""The made-up life of an organisation holds to the figures told, whatever the seed, the size and the organisation."""

import csv
import io
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.config import read_settings
from pipelines.ingest.demonstration_settings import Organisation
from pipelines.ingest.organisation_settings import OrganisationSettings
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_export import write_demonstration
from pipelines.ingest.synthetic_settings import DemonstrationSettings

DEMO = Path(__file__).resolve().parents[2] / "config" / "demonstration" / "demo"
SETTINGS = read_settings(DEMO / "requests.toml", DemonstrationSettings)
SERVICES = read_settings(DEMO / "services.toml", ServiceSettings)
LIFE = read_settings(DEMO / "organisation.toml", OrganisationSettings)
ORGANISATION = Organisation(SETTINGS, SERVICES, life=LIFE)
PINNED = "2023-2024"
FILES = ("membres", "militance", "formations", "communications", "concertation", "aide_financiere", "plaintes")

#: What another organisation's public report printed: no hours of volunteering, no minutes of a meeting.
ANOTHER = """
[scale]
"2023-2024" = 1
[[members]]
label = "Individuelle"
before = 220
[members.year]
"2023-2024" = { joined = 20, at_end = 233 }
[[members]]
label = "Associative"
before = 53
[members.year]
"2023-2024" = { joined = 0, at_end = 53 }
[[members]]
label = "Communauté de pratique"
before = 0
[members.year]
"2023-2024" = { joined = 107, organisations = 68, at_end = 107 }
[[volunteers]]
role = "Militante survivante"
level = "Formation générale"
persons = 15
[[volunteers]]
role = "Militante"
level = "Formation générale"
persons = 7
[[volunteering]]
label = "Comités"
times = 60
[[training]]
topic = "La prostitution comme violence"
audience = "Militantes"
courses = 1
participants = 11
[[training]]
topic = "Outils de communication"
audience = "Militantes"
courses = 1
participants = 8
[[communication]]
channel = "Infolettre aux membres"
topic = "Vie associative"
lines = 12
items = 12
[[communication]]
channel = "Webinaire"
topic = "Communauté de pratique"
lines = 3
items = 3
reach = 185
speakers = 4
[[communication]]
channel = "Mention dans un média"
topic = "Un trop grand prix"
lines = 18
items = 18
[[communication]]
channel = "Mention dans un média"
topic = "Lettre au député"
items = 1
[[committee]]
area = "Vie associative"
committee = "Assemblée générale"
task = "Assemblée générale"
meetings = 1
participants = 23
[[committee]]
area = "Vie associative"
committee = "Conseil d’administration"
task = "Rencontre"
meetings = 5
[[aid]]
purpose = "Alimentation"
kind = "Don"
gifts = 120
dollars = 14000
persons = 60
[[aid]]
purpose = "Logement"
kind = "Don"
gifts = 40
dollars = 11000
"""


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def number(row: dict[str, str], column: str) -> float:
    return float(row[column].replace(",", ".") or 0)


def added(rows: list[dict[str, str]], by: str, column: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for row in rows:
        totals[row[by]] += number(row, column)
    return dict(totals)


def told(lines, by: str, figure: str) -> dict[str, float]:
    """What the settings say of the pinned year, by label."""
    totals: dict[str, float] = defaultdict(float)
    for line in lines:
        if line.only in (None, PINNED):
            totals[getattr(line, by)] += getattr(line, figure) or 0
    return dict(totals)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_figures_told_hold_whatever_the_seed(tmp_path, seed):
    write_demonstration(ORGANISATION, tmp_path, seed=seed, year=PINNED)

    rows = {name: read_rows(tmp_path, name) for name in FILES}
    hours = added(rows["militance"], "Type de militance", "Heures de militance")
    assert hours == told(LIFE.volunteering, "label", "hours")
    posts = added(rows["communications"], "Moyen de communication", "Nombre de publications")
    assert posts == told(LIFE.communication, "channel", "items")
    reach = added(rows["communications"], "Moyen de communication", "Portée")
    assert reach == told(LIFE.communication, "channel", "reach")
    meetings = added(rows["concertation"], "Table ou comité", "Rencontres tenues")
    assert meetings == told(LIFE.committee, "committee", "meetings")
    worked = added(rows["concertation"], "Table ou comité", "Heures de concertation")
    assert worked == told(LIFE.committee, "committee", "hours")
    assert added(rows["aide_financiere"], "Besoin", "Montant") == told(LIFE.aid, "purpose", "dollars")
    assert len({row["Code militante"] for row in rows["militance"]}) == sum(group.persons for group in LIFE.volunteers)
    assert len(rows["plaintes"]) == sum(line.complaints for line in LIFE.complaint)


def test_the_best_reach_of_a_channel_is_that_of_one_line_and_no_other_has_more(tmp_path):
    write_demonstration(ORGANISATION, tmp_path, year=PINNED)
    reach = [
        number(row, "Portée")
        for row in read_rows(tmp_path, "communications")
        if row["Moyen de communication"] == "Facebook, publication"
    ]

    assert max(reach) == 2637


def test_requests_and_services_of_a_seed_are_the_same_with_and_without_an_organisation(tmp_path):
    write_demonstration(ORGANISATION, tmp_path / "with")
    write_demonstration(Organisation(SETTINGS, SERVICES), tmp_path / "without")

    names = sorted(path.name for path in (tmp_path / "without").iterdir())
    assert len(names) == 12
    assert {name: (tmp_path / "with" / name).read_bytes() for name in names} == {
        name: (tmp_path / "without" / name).read_bytes() for name in names
    }


@pytest.mark.parametrize("rows", [3, 40])
def test_a_small_export_tells_less_and_nothing_impossible(tmp_path, rows):
    write_demonstration(ORGANISATION, tmp_path, rows=rows)

    assert all(read_rows(tmp_path, name) for name in FILES)
    assert all(number(row, "Portée") >= 0 for row in read_rows(tmp_path, "communications"))
    assert len(read_rows(tmp_path, "concertation")) < 600


def test_a_membership_ends_after_it_began_and_before_the_last_day_of_a_year(tmp_path):
    write_demonstration(ORGANISATION, tmp_path)

    def day(text: str) -> str:
        return "-".join(reversed(text.split("/")))

    ended = [row for row in read_rows(tmp_path, "membres") if row["Membre jusqu'au"]]
    assert ended
    assert all(day(row["Membre depuis"]) <= day(row["Membre jusqu'au"]) for row in ended)
    assert not any(row["Membre jusqu'au"].startswith("31/03") for row in ended)


def test_the_printed_figures_of_another_organisation_can_be_told(tmp_path):
    another = OrganisationSettings.model_validate(tomllib.loads(ANOTHER))
    write_demonstration(Organisation(SETTINGS, SERVICES, life=another), tmp_path, year=PINNED)

    members = [row for row in read_rows(tmp_path, "membres") if not row["Membre jusqu'au"]]
    by_type = {
        label: sum(row["Type de membre"] == label for row in members) for label in ("Individuelle", "Associative")
    }
    assert by_type == {"Individuelle": 233, "Associative": 53}
    joined = [row["No organisme"] for row in members if row["Type de membre"] == "Communauté de pratique"]
    assert (len(joined), len(set(joined))) == (107, 68)
    volunteers = {(row["Code militante"], row["Rôle de la militante"]) for row in read_rows(tmp_path, "militance")}
    assert (len(volunteers), sum(role == "Militante survivante" for _, role in volunteers)) == (22, 15)
    assert {row["Heures de militance"] for row in read_rows(tmp_path, "militance")} == {""}
    mentions = added(read_rows(tmp_path, "communications"), "Sujet de la communication", "Nombre de publications")
    assert (mentions["Un trop grand prix"], mentions["Lettre au député"]) == (18, 1)
    assert sum(number(row, "Montant") for row in read_rows(tmp_path, "aide_financiere")) == 25_000
    assert not (tmp_path / "plaintes.csv").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("joined = 20, at_end = 233", "joined = 5, at_end = 233"),
        ("organisations = 68", "organisations = 108"),
        ("times = 60", "times = 14"),
        ("gifts = 120", "gifts = 59"),
        ("reach = 185", "reach = 185\nbest_reach = 50"),
        ("times = 60", 'times = 60\nroles = ["Stagiaire"]'),
    ],
    ids=["too few joined", "organisations of nobody", "not all give time", "persons without a gift", "best", "role"],
)
def test_figures_that_cannot_be_dealt_out_are_refused(before, after):
    assert before in ANOTHER

    with pytest.raises(ValidationError):
        OrganisationSettings.model_validate(tomllib.loads(ANOTHER.replace(before, after, 1)))
