"""A funder's copy from outside: what was agreed and nothing else, and no hour claimed twice."""

import html
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from pipelines.disclosure.policy import load_audience
from pipelines.disclosure.reading.unpack_file import unpack
from pipelines.model.build_database import made_of
from pipelines.tables.table_spec import load_catalogue
from tests.functional.conftest import REPOSITORY, YEAR, Installation

CONFIG = REPOSITORY / "config"
FUNDERS = ("psoc", "msp", "scf")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A centre with its own configuration, and a report for itself and for each funder."""
    made = Installation(tmp_path_factory.mktemp("funders"))
    shutil.copytree(CONFIG, made.root / "config")
    assert made.run("demo", "--out", str(made.raw), "--rows", "240").returncode == 0
    for audience in ("internal", *FUNDERS):
        ended = made.report("--audience", audience)
        assert ended.returncode == 0, ended.stderr
    return made


def folder_of(installation: Installation, audience: str) -> Path:
    return installation.root / "reports" / "demo" / YEAR / audience


def told(installation: Installation, audience: str) -> dict:
    return json.loads((folder_of(installation, audience) / "tables.json").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("audience", FUNDERS)
def test_nothing_but_what_was_agreed_is_in_any_file(audience: str, installation: Installation) -> None:
    listed = set(load_audience(CONFIG, audience).tables or ())
    catalogue = load_catalogue(CONFIG, "demo").table
    agreed = {title for spec in catalogue if spec.id in listed for title in (spec.title.fr, spec.title.en)}
    others = {title for spec in catalogue if spec.id not in listed for title in (spec.title.fr, spec.title.en)} - agreed
    release = told(installation, audience)
    # An answer may be called as a table is: a request is put on the waiting list.
    sides = [side for table in release["tables"] for side in table["dimensions"]]
    others -= {code["label"][language] for side in sides for code in side["codes"] for language in ("fr", "en")}

    named = {table["id"].removesuffix("_by_year") for table in (*release["tables"], *release["untold"])}
    assert named == listed
    for name, content in contents(folder_of(installation, audience)).items():
        texts = [text for part in unpack(name, content) for text in part.texts]
        assert [title for title in others if any(title in text for text in texts)] == [], name


@pytest.mark.parametrize("audience", FUNDERS)
def test_the_page_says_what_was_agreed_in_the_words_of_the_agreement(audience: str, installation: Installation) -> None:
    page = (folder_of(installation, audience) / "dashboard.html").read_text(encoding="utf-8")
    words = tomllib.loads((CONFIG / "audiences" / f"{audience}.toml").read_text(encoding="utf-8"))["agreement"]

    assert told(installation, audience)["agreement"] == words
    assert words["fr"].replace("'", "&#39;") in page


def test_what_protection_does_not_know_yet_stays_at_the_centre_and_is_said(installation: Installation) -> None:
    untold = {table["id"]: table["reason"]["fr"] for table in told(installation, "scf")["untold"]}
    tables = {table["id"] for table in told(installation, "scf")["tables"]}

    assert not untold.keys() & tables
    assert all("reste au centre" in reason for reason in untold.values())


@pytest.mark.parametrize("audience", FUNDERS)
def test_certificates_that_give_back_all_that_is_out_stay_at_the_centre(
    audience: str, installation: Installation
) -> None:
    kept = installation.root / "data" / "processed" / "demo" / "protection" / YEAR / audience

    assert list(folder_of(installation, audience).glob("certificate*")) == []
    assert len(list(kept.glob("certificate*.csv"))) == 2


def test_two_funders_copies_are_remembered_and_prove_nothing_together(
    installation: Installation, tmp_path: Path
) -> None:
    copy = Installation(tmp_path / "copy")
    shutil.copytree(installation.root, copy.root)
    persons = ("--prepared-by", "Ève Tremblay", "--approved-by", "Andrée Côté")

    for audience in ("psoc", "msp"):
        for arguments in (("protect",), ("approve", *persons)):
            ended = copy.run(*arguments, "--centre", "demo", "--year", YEAR, "--audience", audience)
            assert ended.returncode == 0, ended.stderr

    entries = json.loads(copy.run("ledger", "list", "--centre", "demo", "--json").stdout)["entries"]
    assert [entry["audience"] for entry in entries] == ["psoc", "msp"]
    ended = copy.run("attack", *(str(folder_of(copy, audience)) for audience in ("psoc", "msp")))
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    ("claimed", "ledger"),
    [
        ("claimed_hours", "work_hours"),
        ("claimed_activities", "activities"),
        ("claimed_activity_hours", "activity_hours"),
    ],
)
def test_what_the_profiles_claim_and_what_nobody_does_is_the_ledger(
    claimed: str, ledger: str, installation: Installation
) -> None:
    lines = (folder_of(installation, "internal") / "cells.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    parts = {row[4]: int(row[9]) for row in rows if row[0] == claimed}
    total = next(int(row[9]) for row in rows if row[0] == ledger and row[4] == "_total")

    assert {"msp", "psoc", "scf", "_without_profile", "_not_allocated", "_total"} == set(parts)
    assert sum(parts.values()) - parts["_total"] == parts["_total"] == total > 0


@pytest.mark.parametrize("audience", ["internal", "psoc"])
def test_the_cards_say_what_the_record_and_the_tables_say(audience: str, installation: Installation) -> None:
    page = html.unescape((folder_of(installation, audience) / "dashboard.html").read_text(encoding="utf-8"))
    record = json.loads((folder_of(installation, audience) / "record.json").read_text(encoding="utf-8"))
    tables = told(installation, audience)["tables"]
    shown = {table["id"]: table for table in tables if f'class="card" data-name="{table["id"]}"' in page}
    named = {name for table in shown.values() for name in re.findall(r"\bcore_\w+", table["query"])}
    # A table that is made of others has their rules and files.
    read = {each for name in named for each in made_of().get(name, (name,))}

    assert set(re.findall(r'<dd class="run">(.*?)</dd>', page)) == {record["id"]}
    assert f"chargement {record['load_id']}; fichiers" in page
    assert set(re.findall(r"(\d+) règles vérifiées sur (core_\w+)", page)) == {
        (str(record["suites"][name]), name) for name in read & record["suites"].keys()
    }
    digests = {digest for line in re.findall(r"fichiers ([0-9a-f, ]+)</dd>", page) for digest in line.split(", ")}
    assert digests == {digest[:16] for name in read for digest in record["sources"].get(name, ())}
    assert set(re.findall(r'<dd class="query"><pre><code>(.*?)</code>', page, re.DOTALL)) == {
        table["query"] for table in shown.values()
    }


@pytest.mark.parametrize("audience", FUNDERS)
def test_who_pays_for_what_is_in_no_funders_copy(audience: str, installation: Installation) -> None:
    page = (folder_of(installation, audience) / "dashboard.html").read_text(encoding="utf-8")

    assert "section-16_allocation" not in page
    assert "section-16_allocation" in (folder_of(installation, "internal") / "dashboard.html").read_text("utf-8")


@pytest.mark.parametrize("arguments", [("report", "--audience", "psoc"), ("report", "--audience", "internal")])
def test_the_same_hours_claimed_twice_stop_every_report(
    arguments: tuple[str, ...], installation: Installation, tmp_path: Path
) -> None:
    copy = Installation(tmp_path / "copy")
    shutil.copytree(installation.root, copy.root)
    settings = copy.root / "config" / "audiences" / "msp.toml"
    honest = settings.read_text(encoding="utf-8")
    settings.write_text(honest.replace('funders = ["msp"]', 'funders = ["msp", "scf"]'), encoding="utf-8")
    before = contents(copy.root / "reports" / "demo" / YEAR)

    ended = copy.run(*arguments, "--centre", "demo", "--year", YEAR)

    assert ended.returncode == 4
    assert "scf" in ended.stderr
    assert "msp, scf" in ended.stderr
    after = contents(copy.root / "reports")
    assert {name: after[name] for name in before if YEAR in name} == {
        name: before[name] for name in before if YEAR in name
    }


def test_a_table_that_does_not_exist_is_refused_before_anything_is_read(
    installation: Installation, tmp_path: Path
) -> None:
    copy = Installation(tmp_path / "copy")
    shutil.copytree(installation.root / "config", copy.root / "config")
    settings = copy.root / "config" / "audiences" / "psoc.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('"requester_type"', '"requester_typ"'), encoding="utf-8"
    )

    ended = copy.run("report", "--centre", "demo", "--audience", "psoc")

    assert ended.returncode == 2
    assert "requester_typ" in ended.stderr
