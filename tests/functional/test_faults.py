"""After any stop the last good report is whole, and the next run goes through without cleaning."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from tests.functional.conftest import REPOSITORY, YEAR, Installation


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def begun(installation: Installation) -> subprocess.Popen[str]:
    """A report in English over the French one: everything after counting is done anew."""
    shutil.rmtree(installation.root / "data" / "processed")
    (installation.root / "reports" / "demo" / "quality.json").unlink()
    command = [sys.executable, "-m", "pipelines", "report", "--centre", "demo", "--year", YEAR]
    return subprocess.Popen(
        [*command, "--report-language", "en"],
        cwd=installation.root,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def installation(reported: tuple[Installation, object], tmp_path: Path) -> Installation:
    copy = Installation(tmp_path / "copy")
    shutil.copytree(reported[0].root, copy.root)
    return copy


@pytest.mark.parametrize("after_s", [0.5, 1.5, 3.0])
def test_a_killed_run_leaves_the_last_good_report_and_the_next_one_goes_through(
    installation: Installation, after_s: float
) -> None:
    before = contents(installation.release)
    run = begun(installation)
    time.sleep(after_s)
    run.send_signal(signal.SIGKILL)
    run.communicate()

    assert contents(installation.release) == before
    again = installation.report()
    assert again.returncode == 0, again.stderr
    left = [path.name for path in installation.root.rglob(".staging-*")]
    assert left == []


@pytest.mark.parametrize("after_s", [1.0, 1.5, 2.5])
def test_an_interrupted_run_says_so_on_one_line_and_ends_with_130(installation: Installation, after_s: float) -> None:
    before = contents(installation.release)
    run = begun(installation)
    time.sleep(after_s)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=60)

    assert run.returncode == 130, told
    assert len(told.strip().splitlines()) == 1
    assert contents(installation.release) == before


def test_a_folder_that_cannot_be_written_ends_with_seven(installation: Installation) -> None:
    reports = installation.root / "reports"
    shutil.rmtree(reports)
    # A file where the folder should be stops every user, root included.
    reports.write_text("")

    ended = installation.report()

    assert ended.returncode == 7, ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_kernel_that_the_machine_kills_ends_with_eight_on_one_line_that_says_to_try_again(
    installation: Installation,
) -> None:
    before = contents(installation.release)
    notebook = nbformat.v4.new_notebook()
    heading = nbformat.v4.new_markdown_cell("# Essai")
    parameters = nbformat.v4.new_code_cell('release_folder = ""\nlanguage = "fr"', metadata={"tags": ["parameters"]})
    killed = nbformat.v4.new_code_cell("import os\nos.kill(os.getpid(), 9)")
    notebook.cells = [heading, parameters, killed]
    own = installation.root / "notebooks"
    own.mkdir()
    nbformat.write(notebook, own / "01_essai.ipynb")

    ended = installation.report()

    assert ended.returncode == 8, ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "relancez la commande" in ended.stderr
    assert contents(installation.release) == before
