"""The border: languages, help, exit codes, and nothing of a row in a fault of the program."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import cli

VERBS = ("inspect", "demo", "ingest", "validate", "tabulate", "report")


def test_help_is_french_unless_english_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"], {}) == 0
    french = capsys.readouterr().out
    assert cli.main(["--help"], {"BILAN_LANG": "en"}) == 0
    english = capsys.readouterr().out

    assert "afficher cette aide" in french
    assert "show this help" in english
    assert all(re.search(rf"^ +{verb} ", french, re.MULTILINE) for verb in VERBS)


@pytest.mark.parametrize("arguments", [["--lang", "en", "report", "--help"], ["report", "--lang=en", "--help"]])
def test_the_language_may_be_given_before_or_after_the_verb(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert cli.main(arguments, {}) == 0
    assert "who the report is for" in capsys.readouterr().out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_in_french(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    assert cli.main([verb, "--help"], {}) == 0
    assert "usage\u00a0: bilan" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["inconnu"], ["report"], ["report", "--centre", "demo", "--audiance", "x"]])
def test_wrong_use_ends_with_two(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert cli.main(arguments, {}) == 2
    assert "erreur" in capsys.readouterr().err


def test_an_unknown_centre_is_told_with_those_that_are_known(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["ingest", "--centre", "nulle-part", "--home", str(tmp_path)], {}) == 2
    assert "demo" in capsys.readouterr().err


@pytest.mark.parametrize("centre", ["../demo", "demo/../demo", "/etc/passwd", "DEMO", ""])
def test_a_centre_is_never_a_path(capsys: pytest.CaptureFixture[str], tmp_path: Path, centre: str) -> None:
    assert cli.main(["ingest", "--centre", centre, "--home", str(tmp_path)], {}) == 2


def test_validating_before_ingesting_says_what_to_do(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["validate", "--centre", "demo", "--home", str(tmp_path)], {}) == 2
    assert "bilan ingest" in capsys.readouterr().err


def test_an_absent_export_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["ingest", "--centre", "demo", "--home", str(tmp_path), "--json"], {}) == 3
    printed = capsys.readouterr()
    assert json.loads(printed.out)["exit_code"] == 3
    assert len(printed.err.splitlines()) == 1


def test_a_fault_of_the_program_shows_its_class_and_place_but_no_value(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(path: Path) -> None:
        raise KeyError("Marguerite Tremblay")

    monkeypatch.setattr(cli.verbs, "inspect", fail)

    assert cli.main(["inspect", str(tmp_path)], {}) == 1
    printed = capsys.readouterr()
    assert "KeyError" in printed.err
    assert re.search(r"cli\.py:\d+", printed.err)
    assert "Marguerite" not in printed.err + printed.out


def test_an_interrupted_run_ends_with_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.verbs, "inspect", interrupt)

    assert cli.main(["inspect", str(tmp_path)], {}) == 130


def test_inspect_tells_columns_and_never_a_value(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "demandes.csv"
    file.write_bytes("No;Réponse;Âge\nA1;Licorne;12\nA2;Non demandé;\n".encode("cp1252"))

    assert cli.main(["inspect", str(file)], {}) == 0
    told = capsys.readouterr().out
    assert "Réponse" in told
    assert "cp1252" in told
    assert "Licorne" not in told


def test_inspect_can_be_had_as_one_json_object(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "demandes.csv"
    file.write_text("No;Courriel\nA1;m.t@exemple.org\n", encoding="utf-8")

    assert cli.main(["inspect", str(file), "--json"], {}) == 0
    told = json.loads(capsys.readouterr().out)["files"][0]
    assert told["delimiter"] == ";"
    assert {finding["kind"] for finding in told["findings"]} == {"naming_column", "email"}
    assert "m.t@" not in json.dumps(told)


def test_inspect_says_which_file_cannot_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "bon.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    (tmp_path / "mauvais.csv").write_text('a;b\n1;"2\n', encoding="utf-8")

    assert cli.main(["inspect", str(tmp_path)], {}) == 0
    told = capsys.readouterr().out
    assert "bon.csv" in told
    assert "mauvais.csv\u00a0: illisible" in told


def test_help_answers_before_any_large_library_is_imported() -> None:
    code = "import sys\nfrom pipelines.cli import main\nmain(['--help'], {})\nprint(sorted(sys.modules))"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    heavy = ("duckdb", "great_expectations", "nbconvert", "pandas", "papermill", "plotly", "polars", "pydantic")
    assert [name for name in heavy if f"'{name}'" in imported] == []


def test_a_library_that_turns_an_interruption_into_its_own_error_does_not_hide_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(path: Path) -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise RuntimeError("query interrupted") from None

    monkeypatch.setattr(cli.verbs, "inspect", interrupt)

    assert cli.main(["inspect", str(tmp_path)], {}) == 130
