"""`bilan report` from outside: the demonstration's annual report, and what stops it."""

import csv
import json
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.charts.sentences import table_sentences
from pipelines.disclosure.reading.read_release_folder import read_folders
from pipelines.disclosure.reading.unpack_file import unpack
from pipelines.disclosure.release_files import read_release
from pipelines.language import LANGUAGES, Language
from pipelines.tables.table_spec import load_catalogue
from pipelines.units import Unit, family_of
from tests.functional.conftest import REPOSITORY, YEAR, Installation, tables_of_the_centre_alone

Reported = tuple[Installation, subprocess.CompletedProcess[str]]

#: Printed in the 2023-2024 report of the model centre.
PUBLISHED_RELATIONSHIPS = {
    "non_demande": 20,
    "classe_proxenete_client": 5,
    "classe_forces_ordre": 1,
    "classe_inconnu": 8,
    "classe_famille_elargie": 15,
    "classe_partenaire": 42,
    "classe_entourage": 43,
    "classe_famille_proche": 35,
}


def cells(installation: Installation) -> list[dict[str, str]]:
    with (installation.release / "cells.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_report_is_made_and_its_dashboard_named_last(reported: Reported) -> None:
    installation, ended = reported

    assert ended.returncode == 0, ended.stderr
    public = installation.release.with_name("public")
    assert ended.stdout.splitlines()[-1] == str(public / "dashboard.html")
    names = {path.name for path in installation.release.iterdir()}
    assert names == {
        "annexe_statistique.docx",
        "cells.csv",
        "dashboard.html",
        "phrases.txt",
        "record.json",
        "tables.json",
        "tables.xlsx",
    }
    certificates = {"certificate_cells.csv", "certificate_sets.csv"}
    assert {path.name for path in public.iterdir()} == names | certificates | {"registre.html"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 1000])
def test_every_table_has_sentences_whatever_its_numbers(reported: Reported, number: int, language: str) -> None:
    """Of every table of the demonstration: each sentence is whole, and no plural follows a single one."""
    units, words = load_catalogue(REPOSITORY / "config", "demo").unit, Language(language)
    for table in read_release(reported[0].release).tables:
        cells = (cell if cell.value is None else replace(cell, value=number) for cell in table.cells)
        told = table_sentences(replace(table, cells=tuple(cells)), units, words)
        many, one = table.unit_label.in_language(words), units[table.unit].one.in_language(words)
        assert bool(told) == table.is_collected
        for text in told:
            assert text.endswith(".") and "{" not in text and "  " not in text, table.id
            assert many == one or not re.search(rf"(?<![\d\u00a0])1 {re.escape(many)}(?!\w)", text), table.id


def test_the_public_annex_and_sentences_say_what_the_cells_say(reported: Reported) -> None:
    assert read_folders([reported[0].release.with_name("public")]).cells


def test_the_published_figures_come_out_to_the_unit(reported: Reported) -> None:
    counted = {(row["table_id"], row["code_1"]): row["value"] for row in cells(reported[0])}

    assert counted["requester_type", "_total"] == "178"
    found = {code: int(counted["relationship", code]) for code in PUBLISHED_RELATIONSHIPS}
    assert found == PUBLISHED_RELATIONSHIPS


def test_every_output_says_that_the_data_are_made_up(reported: Reported) -> None:
    installation, ended = reported

    assert "données fictives" in ended.stdout.lower()
    assert "données fictives" in (installation.release / "dashboard.html").read_text(encoding="utf-8").lower()
    assert "données fictives" in (installation.root / "reports/demo/quality.html").read_text(encoding="utf-8").lower()
    assert json.loads((installation.release / "tables.json").read_text(encoding="utf-8"))["is_fictitious"] is True
    assert json.loads((installation.release / "record.json").read_text(encoding="utf-8"))["is_fictitious"] is True


def test_nothing_is_done_twice_when_nothing_has_changed(reported: Reported) -> None:
    installation, _ = reported
    times = {path: path.stat().st_mtime_ns for path in installation.release.iterdir()}

    again = installation.report()

    assert again.returncode == 0
    assert "à jour" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in installation.release.iterdir()} == times


def test_the_made_up_export_is_not_made_twice(reported: Reported) -> None:
    installation, _ = reported
    times = {path: path.stat().st_mtime_ns for path in installation.raw.iterdir()}

    again = installation.run("demo", "--out", str(installation.raw))

    assert "à jour" in again.stdout
    assert {path: path.stat().st_mtime_ns for path in installation.raw.iterdir()} == times


def test_a_made_up_export_that_was_touched_is_made_again(reported: Reported, tmp_path: Path) -> None:
    installation = copied(reported, tmp_path)
    honest = contents(installation.raw)
    with (installation.raw / "demandes.csv").open("ab") as file:
        file.write(b"x")

    installation.run("demo", "--out", str(installation.raw))

    assert contents(installation.raw) == honest


def test_an_edited_dashboard_is_made_again(reported: Reported, tmp_path: Path) -> None:
    installation = copied(reported, tmp_path)
    dashboard = installation.release / "dashboard.html"
    honest = dashboard.read_bytes()
    dashboard.write_bytes(honest.replace(b"178", b"187"))

    installation.report()

    assert dashboard.read_bytes() == honest


def test_files_are_private(reported: Reported) -> None:
    installation, _ = reported

    for folder in (installation.root / "data", installation.root / "reports"):
        for path in folder.rglob("*"):
            expected = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_no_half_made_work_is_left(reported: Reported) -> None:
    installation, _ = reported

    assert [path for path in installation.root.rglob(".*") if path.name not in {".lock", ".demonstration.json"}] == []


def test_no_person_and_no_row_is_in_what_is_made(reported: Reported) -> None:
    installation, ended = reported
    with (installation.raw / "demandes.csv").open(encoding="cp1252", newline="") as text:
        rows = list(csv.DictReader(text, delimiter=";"))
    secrets = {row["No demande"] for row in rows} | {row["Code personne"] for row in rows}
    made = contents(installation.root / "reports")

    for name, content in made.items():
        parts = list(unpack(name, content))
        text = "\n".join(
            text
            for part in parts
            for text in (*part.texts, *(cell for grid in part.grids for row in grid for cell in row))
        )
        assert [secret for secret in secrets if secret in text] == [], name
    assert [secret for secret in secrets if secret in ended.stdout + ended.stderr] == []


def test_the_run_log_holds_names_and_numbers_alone(reported: Reported) -> None:
    installation, _ = reported
    lines = (installation.root / "data/processed/demo/runs.jsonl").read_text(encoding="utf-8").splitlines()

    for line in lines:
        entry = json.loads(line)
        assert all(isinstance(value, int | float) for key, value in entry.items() if key not in {"step", "outcome"})


def test_an_audience_that_does_not_exist_is_refused_and_told_why(reported: Reported) -> None:
    ended = reported[0].report("--audience", "voisine")

    assert ended.returncode == 2
    assert "public" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_only_the_internal_page_says_not_to_distribute_it(reported: Reported) -> None:
    internal, public = (reported[0].release.with_name(name) / "dashboard.html" for name in ("internal", "public"))

    assert "NE PAS DIFFUSER" in internal.read_text(encoding="utf-8")
    assert "NE PAS DIFFUSER" not in public.read_text(encoding="utf-8")


def test_a_run_that_finds_another_one_at_work_ends_at_once(reported: Reported) -> None:
    installation, _ = reported
    with FileLock(installation.root / "data/processed/demo/.lock", mode=0o600):
        ended = installation.report()

    assert ended.returncode == 6


def copied(reported: Reported, folder: Path) -> Installation:
    """A good installation, whole, for a test that is going to spoil its copy."""
    installation = Installation(folder / "copy")
    shutil.copytree(reported[0].root, installation.root)
    return installation


def spoil(name: str, change: Callable[[list[str]], list[str]]) -> Callable[[Installation], None]:
    def spoiling(installation: Installation) -> None:
        file = installation.raw / name
        lines = file.read_bytes().decode("cp1252").split("\r\n")
        file.write_bytes("\r\n".join(change(lines)).encode("cp1252"))

    return spoiling


def with_cell(column: str, value: str, row: int = 5) -> Callable[[list[str]], list[str]]:
    """One cell of the file replaced."""

    def change(lines: list[str]) -> list[str]:
        place = lines[0].split(";").index(column)
        cells = lines[row].split(";")
        cells[place] = value
        return [*lines[:row], ";".join(cells), *lines[row + 1 :]]

    return change


@dataclass(frozen=True)
class Defect:
    """What is spoilt, how the command must end, and words of its message."""

    spoil: Callable[[Installation], None]
    exit_code: int
    words: str


DEFECTS = {
    "a request id given twice": Defect(spoil("demandes.csv", lambda lines: [*lines[:2], *lines[1:]]), 4, "unique"),
    "an aggression after its request": Defect(
        spoil("agressions.csv", with_cell("Date de l'agression", "31/12/2031")), 4, "postérieure|après"
    ),
    "a word that no mapping knows": Defect(
        spoil("demandes.csv", with_cell("Type de demandeur", "Licorne")), 4, "correspondance"
    ),
    "an age of 140": Defect(spoil("demandes.csv", with_cell("Âge à la demande", "140")), 4, "120"),
    "a required column that is missing": Defect(
        spoil("demandes.csv", lambda lines: [lines[0].replace("Date de la demande", "Jour"), *lines[1:]]),
        3,
        "Date de la demande",
    ),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_stops_the_report_and_the_last_good_one_stays(
    reported: Reported, tmp_path: Path, defect: str
) -> None:
    planted = DEFECTS[defect]
    installation = copied(reported, tmp_path)
    before = contents(installation.release)
    planted.spoil(installation)

    ended = installation.report()

    assert ended.returncode == planted.exit_code, ended.stdout + ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert re.search(planted.words, ended.stderr), ended.stderr
    assert "Licorne" not in ended.stdout + ended.stderr
    assert contents(installation.release) == before


def test_an_error_can_be_had_as_one_json_object(reported: Reported) -> None:
    ended = reported[0].run("report", "--centre", "inconnu", "--json")

    told = json.loads(ended.stdout)
    assert told["exit_code"] == ended.returncode == 2
    assert "demo" in told["error"]


def test_a_year_that_the_export_does_not_hold_is_refused_with_those_it_holds(reported: Reported) -> None:
    ended = reported[0].run("report", "--centre", "demo", "--year", "1999-2000")

    assert ended.returncode == 2
    assert YEAR in ended.stderr


def test_tabulate_counts_for_the_analyst_beside_the_database(reported: Reported) -> None:
    installation, _ = reported

    ended = installation.run("tabulate", "--centre", "demo", "--year", "2022-2023")

    assert ended.returncode == 0
    assert (installation.root / "data/processed/demo/tables/2022-2023/cells.csv").is_file()


def test_what_protection_does_not_know_stays_at_the_centre_and_is_named(reported: Reported) -> None:
    """Activities and hours of work are in the centre's own report alone; a public one says why."""
    installation, _ = reported
    internal, public = (
        json.loads((installation.release.with_name(name) / "tables.json").read_text(encoding="utf-8"))
        for name in ("internal", "public")
    )
    known = {unit.value for unit in Unit if family_of(unit)}
    own = {table["id"] for table in internal["tables"] if table["unit"] not in known}
    own = {table_id for table_id in own if not table_id.endswith(("_by_year", "_since", "_school_year"))}

    assert {"activities", "participants_by_role", "work_hours"} <= own
    assert {"services", "service_persons", "service_hours"} <= {table["id"] for table in public["tables"]}
    assert {table["unit"] for table in public["tables"]} <= known
    assert own - tables_of_the_centre_alone() == {table["id"] for table in public["untold"]}
    assert not [table["id"] for table in public["tables"] if table["id"].endswith(("_since", "_school_year"))]
    written = (installation.release.with_name("public") / "cells.csv").read_text(encoding="utf-8")
    assert not own & {row["table_id"] for row in csv.DictReader(written.splitlines())}
