"""What is handed out: the wheel is whole, and its command works far from this folder."""

import os
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder of its own, apart from the repository; the libraries are those of this environment."""
    site = tmp_path_factory.mktemp("site")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--target",
            str(site),
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    return site


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "HOME": str(folder)}
    return subprocess.run(
        [str(installed / "bin" / "bilan"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def metadata_of(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode("utf-8"))


def files_under(repository: Path, folder: str) -> set[str]:
    return {
        path.relative_to(repository).as_posix()
        for path in (repository / folder).rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


def test_the_wheel_holds_every_file_of_the_package(wheel, repository):
    assert files_under(repository, "pipelines") - names_in(wheel) == set()


@pytest.mark.parametrize("folder", ["config", "notebooks", "expectations"])
def test_the_wheel_brings_along_what_a_person_edits(wheel, repository, folder):
    expected = {f"pipelines/_share/{name}" for name in files_under(repository, folder)}

    assert expected
    assert expected - names_in(wheel) == set()


def test_the_wheel_holds_no_data_and_no_test(wheel):
    outside = {name for name in names_in(wheel) if not name.startswith(("pipelines/", "bilan-"))}

    assert outside == set()


def test_the_wheel_says_its_licence(wheel):
    assert metadata_of(wheel)["License-Expression"] == "MIT"
    assert any(name.endswith("/licenses/LICENSE") for name in names_in(wheel))


def test_the_command_answers_far_from_the_repository(installed, tmp_path):
    assert "inspect" in run(installed, tmp_path, "--help").stdout


def test_what_runs_is_the_wheel_and_not_the_repository(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = subprocess.run(
        [sys.executable, "-c", "import pipelines.config; print(pipelines.config.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert Path(where.stdout.strip()).is_relative_to(installed)


def test_the_wheel_makes_its_demonstration_far_from_the_repository(installed, tmp_path):
    done = run(installed, tmp_path, "demo", "--out", "export")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "export" / "demandes.csv").is_file()
