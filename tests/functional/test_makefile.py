"""The Makefile with made-up tools in place of Python and bilan: what it asks for, and what it leaves when stopped."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

RUN_STAMP = ".venv/.run-time-installed"
#: Prints its arguments in brackets, one call a line, and whether bytecode would be written.
SHOW_ARGUMENTS = (
    '#!/bin/sh\n{ for a in "$@"; do printf "[%s]" "$a"; done; echo " bytecode=${PYTHONDONTWRITEBYTECODE-kept}"; }\n'
)
#: Makes the folder that `python -m venv --clear` would, with an installer that obeys FAIL_ON.
MAKE_ENVIRONMENT = """#!/bin/sh
case "$*" in *"-m venv --clear"*) rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python;; esac
case "$*" in *"ipykernel install --prefix .venv --name bilan --display-name bilan"*)
  mkdir -p .venv/share/jupyter/kernels/bilan; touch .venv/share/jupyter/kernels/bilan/kernel.json;; esac
echo "$@" >> calls.txt
case "$*" in *"$FAIL_ON"*) [ -z "$FAIL_ON" ] || exit 1;; esac
"""


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    """A project's folder with a space and an apostrophe in its name, as coordinators have them."""
    project = tmp_path / "l'année 2024"
    (project / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(repository / "Makefile", project)
    for centre in ("demo", "demo_sortie"):
        (project / "config" / "demonstration" / centre).mkdir(parents=True)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (project / name).touch()
    write_tool(project / ".venv" / "bin" / "bilan", SHOW_ARGUMENTS)
    write_tool(project / "python", MAKE_ENVIRONMENT)
    return project


def write_tool(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def make(folder: Path, *arguments: str, fail_on: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make as a person would, free of what this test's own make left in the environment."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**inherited, **environment, "FAIL_ON": fail_on},
        capture_output=True,
        text=True,
        check=False,
    )


def mark_installed(folder: Path) -> None:
    (folder / RUN_STAMP).write_text(str(folder), encoding="utf-8")


def installations(folder: Path) -> list[str]:
    calls = folder / "calls.txt"
    return calls.read_text(encoding="utf-8").splitlines() if calls.is_file() else []


def test_make_alone_lists_every_target_in_french_then_in_english(repository):
    targets = re.findall(r"^\.PHONY: (\S+)$", (repository / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    listed = re.findall(r"^  make (\S+) +\S.*\n +\(\S.*\)$", make(repository).stdout, re.MULTILINE)

    assert listed == targets


def test_a_report_of_the_demonstration_makes_its_export_first(folder):
    mark_installed(folder)

    assert make(folder, "report").stdout.splitlines() == [
        "[demo][--centre][demo][--out][data/raw/demo] bytecode=kept",
        "[report][--centre][demo] bytecode=kept",
    ]


def test_a_report_of_another_demonstration_makes_its_own_export_first(folder):
    mark_installed(folder)

    assert make(folder, "report", "CENTRE=demo_sortie").stdout.splitlines() == [
        "[demo][--centre][demo_sortie][--out][data/raw/demo_sortie] bytecode=kept",
        "[report][--centre][demo_sortie] bytecode=kept",
    ]


@pytest.mark.parametrize("settings", [("RAW=../exports",), ("CENTRE=",)])
def test_an_export_at_hand_or_no_centre_makes_no_made_up_export(folder, settings):
    mark_installed(folder)

    assert "[demo][--centre]" not in make(folder, "report", *settings).stdout


def test_a_real_centre_has_no_made_up_export(folder):
    mark_installed(folder)

    assert make(folder, "report", "CENTRE=riviere").stdout.splitlines() == ["[report][--centre][riviere] bytecode=kept"]


def test_every_setting_of_a_report_reaches_the_command(folder):
    mark_installed(folder)
    settings = ("CENTRE=riviere", "YEAR=2019", "RAW=../exports", "AUDIENCE=public", "LANG_REPORT=en", "OPEN=1")

    expected = "[report][--centre][riviere][--year][2019][--raw][../exports][--audience][public][--report-language][en]"
    expected += "[--open]"
    assert make(folder, "report", *settings).stdout.splitlines()[-1].startswith(expected)


@pytest.mark.parametrize(("given", "is_dry"), [("1", True), ("oui", True), ("0", False), ("", False)])
def test_a_dry_run_is_asked_for_with_any_word_but_0(folder, given, is_dry):
    mark_installed(folder)

    assert ("[--dry-run]" in make(folder, "report", f"DRY_RUN={given}").stdout) is is_dry


@pytest.mark.parametrize(
    "raw", ["mes exports", "l'été", 'a "b" c', "$(touch planted)", "`touch planted`", "a;touch planted", "$HOME"]
)
def test_a_setting_reaches_the_command_as_it_was_typed(folder, raw):
    mark_installed(folder)

    assert f"[--raw][{raw}]" in make(folder, "report", f"RAW={raw}").stdout
    assert not (folder / "planted").exists()


def test_bytecode_is_written_even_where_the_machine_says_not_to(folder):
    mark_installed(folder)

    assert "bytecode=kept" in make(folder, "report", PYTHONDONTWRITEBYTECODE="1").stdout


def test_the_status_of_the_command_is_not_hidden(folder):
    mark_installed(folder)
    write_tool(folder / ".venv" / "bin" / "bilan", "#!/bin/sh\nexit 4\n")

    assert "Error 4" in make(folder, "report", "CENTRE=riviere").stderr


def test_an_environment_is_made_once(folder):
    make(folder, "setup", "PYTHON=./python")
    first = installations(folder)
    make(folder, "setup", "PYTHON=./python")

    assert len(first) == 5
    assert installations(folder) == first


def test_the_lab_opens_with_the_kernel_of_the_project_and_saves_no_output(folder):
    make(folder, "setup", "PYTHON=./python")
    (folder / ".venv" / ".development-installed").touch()
    write_tool(folder / ".venv" / "bin" / "jupyter", SHOW_ARGUMENTS)

    opened = make(folder, "lab", "PYTHON=./python").stdout.splitlines()[-1]

    assert (folder / ".venv/share/jupyter/kernels/bilan/kernel.json").is_file()
    assert opened.startswith("[lab][--ip=127.0.0.1][--notebook-dir=notebooks]")
    assert "[--FileContentsManager.pre_save_hook=pipelines.outputs.lab.save_without_outputs]" in opened


def test_an_installation_that_stops_halfway_leaves_no_stamp(folder):
    assert make(folder, "setup", "PYTHON=./python", fail_on="--editable").returncode != 0
    assert not (folder / RUN_STAMP).exists()


def test_after_a_stopped_installation_the_next_one_begins_from_nothing(folder):
    make(folder, "setup", "PYTHON=./python", fail_on="--editable")
    (folder / ".venv" / "half_installed.py").touch()
    make(folder, "setup", "PYTHON=./python")

    assert (folder / RUN_STAMP).exists()
    assert not (folder / ".venv" / "half_installed.py").exists()


def test_a_stopped_installation_of_the_tools_does_not_pass_for_a_good_environment(folder):
    make(folder, "setup", "PYTHON=./python")
    make(folder, "check", "PYTHON=./python", fail_on="requirements-dev.lock")

    assert not (folder / RUN_STAMP).exists()


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_change_of_the_lock_brings_the_environment_up_to_date_in_place(folder, changed):
    make(folder, "setup", "PYTHON=./python")
    os.utime(folder / RUN_STAMP, (1, 1))
    (folder / changed).touch()
    make(folder, "setup", "PYTHON=./python")

    assert [call for call in installations(folder) if "venv --clear" in call] == ["-m venv --clear .venv"]
    assert len([call for call in installations(folder) if "--require-hashes" in call]) == 2


def test_a_folder_that_was_moved_makes_its_environment_again(folder):
    make(folder, "setup", "PYTHON=./python")
    moved = folder.rename(folder.with_name("ailleurs"))
    make(moved, "setup", "PYTHON=./python")

    assert (moved / RUN_STAMP).read_text(encoding="utf-8") == str(moved)


def test_clean_leaves_the_data_and_the_reports(folder):
    kept = [folder / "data" / "raw" / "riviere" / "demandes.csv", folder / "reports" / "riviere" / "dashboard.html"]
    for path in kept:
        path.parent.mkdir(parents=True)
        path.touch()
    make(folder, "clean")

    assert all(path.exists() for path in kept)
    assert not (folder / ".venv").exists()
