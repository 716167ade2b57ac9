"""From an unknown export to an accepted configuration, through the command line, as a new centre would do it."""

import csv
import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.functional.conftest import Installation

CONFIG = Path(__file__).resolve().parents[2] / "config"


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, dict]:
    """The demonstration's export, for which a new centre asks a configuration."""
    installation = Installation(tmp_path_factory.mktemp("map"))
    assert installation.run("demo", "--rows", "240", "--out", str(installation.raw)).returncode == 0
    told = installation.run("map", str(installation.raw), "--centre", "riviere", "--json")
    assert told.returncode == 0, told.stderr
    return installation, json.loads(told.stdout)


def settings(installation: Installation) -> Path:
    return installation.root / "config" / "centres" / "riviere.toml"


def origins(text: str) -> dict[tuple[str, str], str]:
    return {
        (entity["name"], name): origin["from"]
        for entity in tomllib.loads(text)["entity"]
        for name, origin in entity["columns"].items()
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def accept(installation: Installation) -> None:
    text = settings(installation).read_text(encoding="utf-8")
    settings(installation).write_text(text.replace('accepted_by = ""', 'accepted_by = "Marie T."'), encoding="utf-8")


def test_the_columns_proposed_are_those_that_a_person_had_configured(mapped):
    installation, _ = mapped
    written = (CONFIG / "centres" / "demo.toml").read_text(encoding="utf-8")

    assert origins(settings(installation).read_text(encoding="utf-8")) == origins(written)


def test_no_word_is_given_a_code_that_a_person_had_not_given_it(mapped):
    installation, _ = mapped
    wrong = {}
    coded = 0
    for path in (installation.root / "config" / "mappings" / "riviere").iterdir():
        known = {row["source_value"]: row["code"] for row in rows(CONFIG / "mappings" / "demo" / path.name)}
        proposed = {row["source_value"]: row["code"] for row in rows(path) if row["code"]}
        coded += len(proposed)
        wrong |= {(path.stem, word): code for word, code in proposed.items() if known.get(word) != code}

    assert coded > 60
    assert wrong == {}


def test_the_screen_shows_no_word_of_the_export(mapped):
    installation, _ = mapped
    told = installation.run("map", str(installation.raw), "--centre", "autre").stdout
    words = [
        row["source_value"]
        for path in (installation.root / "config" / "mappings" / "autre").iterdir()
        for row in rows(path)
    ]

    assert len(words) > 60
    # Whole words: the name of one of our columns or of a column of the export may hold one.
    lines = [line for line in told.splitlines() if not line.startswith("  ")]
    said = [
        word for word in words if len(word) > 5 and any(re.search(rf"\b{re.escape(word)}\b", line) for line in lines)
    ]
    assert said == []


def test_nothing_is_read_before_a_person_accepts_and_the_refusal_says_how(mapped):
    installation, _ = mapped
    refused = installation.run("ingest", "--centre", "riviere", str(installation.raw), "--lang", "en")

    assert refused.returncode == 2
    assert "accepted_by" in refused.stderr
    assert not (installation.root / "data" / "processed" / "riviere").exists()


def test_an_accepted_proposal_reads_the_export_and_counts_apart_what_has_no_code(mapped):
    installation, proposed = mapped
    shutil.copy(settings(installation), installation.root / "before.toml")
    accept(installation)
    done = installation.run("ingest", "--centre", "riviere", str(installation.raw), "--json")
    shutil.copy(installation.root / "before.toml", settings(installation))

    assert done.returncode == 0, done.stderr
    without_code = sum(column["words_without_code"] for column in proposed["columns"])
    assert (json.loads(done.stdout)["unmapped"] > 0) == (without_code > 0)


def test_a_point_left_to_decide_is_not_accepted_with_a_name_alone(mapped):
    installation, _ = mapped
    before = settings(installation).read_text(encoding="utf-8")
    text = before.replace("to_decide = []", 'to_decide = ["jour ou mois"]').replace('by = ""', 'by = "Marie T."')
    settings(installation).write_text(text, encoding="utf-8")
    refused = installation.run("ingest", "--centre", "riviere", str(installation.raw))
    settings(installation).write_text(before, encoding="utf-8")

    assert refused.returncode == 2


def test_a_centre_that_has_a_configuration_keeps_it(mapped):
    installation, _ = mapped
    before = settings(installation).read_bytes()
    refused = installation.run("map", str(installation.raw), "--centre", "riviere")

    assert refused.returncode == 2
    assert settings(installation).read_bytes() == before


def test_a_renamed_column_and_new_words_of_next_year_are_told_before_and_at_ingest(tmp_path):
    installation = Installation(tmp_path)
    raw = installation.raw
    assert installation.run("demo", "--rows", "240", "--out", str(raw)).returncode == 0
    assert installation.run("ingest", "--centre", "demo").returncode == 0
    requests = raw / "demandes.csv"
    text = requests.read_text(encoding="cp1252")
    requests.write_text(text.replace("Femme victime", "Survivante", 5), encoding="cp1252")
    links = (raw / "liens_agresseurs.csv").read_text(encoding="cp1252")

    (raw / "liens_agresseurs.csv").write_text(links.replace("Lien avec", "Relation avec", 1), encoding="cp1252")
    before = installation.run("inspect", str(raw), "--centre", "demo", "--lang", "en")
    (raw / "liens_agresseurs.csv").write_text(links, encoding="cp1252")
    at_ingest = installation.run("ingest", "--centre", "demo", "--lang", "en")

    renamed = "liens: the column Lien avec l'agresseur now seems to be called Relation avec l'agresseur"
    assert renamed in before.stdout.splitlines()
    for told in (before, at_ingest):
        assert "demandes, Type de demandeur: 1 new word" in told.stdout.splitlines()
        assert "Survivante" not in told.stdout + told.stderr


def test_an_empty_workbook_is_written_with_the_configuration_that_reads_it(tmp_path):
    installation = Installation(tmp_path)
    done = installation.run("demo", "--template", "--out", str(tmp_path / "papier"))

    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "papier").iterdir()) == ["config-modele", "modele.xlsx"]
    again = installation.run("demo", "--template", "--out", str(tmp_path / "papier"))
    assert again.returncode == 2


def test_half_of_what_our_model_needs_and_more_is_found_in_a_foreign_export(shared_data, tmp_path):
    told = Installation(tmp_path).run("map", str(shared_data / "linea144"), "--centre", "linea", "--json")

    found = {(one["entity"], one["column"]): one["from"] for one in json.loads(told.stdout)["columns"]}
    assert found["request", "request_date"] == ["fecha"]
    assert found["aggressor_link", "relationship_code"] == ["vinculo_con_la_persona_agresora"]
    assert found["residence", "residence_code"] == ["prov_residencia_persona_en_situacion_violencia"]
