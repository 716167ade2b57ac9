"""What must never be committed: case data, what is made from it, and traces of somebody's machine."""

import json
import re
from pathlib import Path, PurePosixPath

import pytest

#: The only files that git may hold under these folders.
KEPT = {"data/raw/README.md", "data/processed/README.md", "data/ledger/README.md", "reports/README.md"}
DATA_SUFFIXES = {
    ".arrow",
    ".csv",
    ".db",
    ".duckdb",
    ".feather",
    ".ods",
    ".parquet",
    ".sqlite",
    ".tsv",
    ".xls",
    ".xlsb",
    ".xlsm",
    ".xlsx",
    ".zip",
}
#: Where a CSV file is text that a person edits or an expected page, not rows about people.
CSV_FOLDERS = ("config/vocabularies/", "config/mappings/", "config/synonyms/", "config/corrections/", "tests/golden/")
#: Written by others and kept as it came.
VENDORED = ("pipelines/outputs/templates/vendor/", "tests/browser/vendor/")

_MACHINE_PATH = re.compile(
    r"(?<![\w.~$}/-])/(?:home|Users|root|work|opt|mnt|srv)/[\w.-]+|(?<![\w.-])/tmp/\w+|[A-Za-z]:\\Users\\"
)
_REGISTRY = re.compile(r"--(?:extra-)?index-url|--find-links|pypi\.org|files\.pythonhosted|registry\.npmjs")


def texts(repository: Path, names: list[str]) -> dict[str, str]:
    """The text of each file; what is not UTF-8 is a picture or a font, and holds no sentence."""
    found = {}
    for name in names:
        if name.startswith(VENDORED):
            continue
        try:
            found[name] = (repository / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def data_files(names: list[str]) -> list[str]:
    found = []
    for name in names:
        suffix = PurePosixPath(name).suffix.lower()
        in_data_folder = name.startswith(("data/", "reports/")) and name not in KEPT
        is_edited_text = suffix == ".csv" and name.startswith(CSV_FOLDERS)
        if in_data_folder or (suffix in DATA_SUFFIXES and not is_edited_text):
            found.append(name)
    return found


def test_no_data_file_is_committed(repository_files):
    assert data_files(repository_files) == []


@pytest.mark.parametrize(
    "name",
    [
        "data/raw/demo/demandes.csv",
        "reports/demo/2023-2024/internal/dashboard.html",
        "tests/export.xlsx",
        "cases.duckdb",
    ],
)
def test_a_data_file_is_found(name):
    assert data_files([name]) == [name]


def test_no_path_of_a_machine_is_committed(repository, repository_files):
    found = [name for name, text in texts(repository, repository_files).items() if _MACHINE_PATH.search(text)]

    assert found == []


@pytest.mark.parametrize("text", ["cd /" + "home/marie/bilan", "open('/" + "tmp/x')", "C:" + "\\Users\\Marie"])
def test_a_path_of_a_machine_is_found(text):
    assert _MACHINE_PATH.search(text)


def test_no_registry_is_named(repository, repository_files):
    own = {"Makefile", "tests/code/test_locks.py", "tests/code/test_repository.py"}
    found = [
        name for name, text in texts(repository, repository_files).items() if _REGISTRY.search(text) and name not in own
    ]

    assert found == []


def notebooks(repository: Path) -> dict[str, dict]:
    return {
        path.relative_to(repository).as_posix(): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(repository.rglob("*.ipynb"))
        if not {".venv", ".ipynb_checkpoints", "data"} & set(path.parts)
    }


def printed(notebook: dict) -> bool:
    return any(cell.get("outputs") or cell.get("execution_count") for cell in notebook["cells"])


def test_notebooks_are_kept_without_what_they_printed(repository):
    found = notebooks(repository)

    assert "notebooks/explore.ipynb" in found
    assert [name for name, notebook in found.items() if printed(notebook)] == []


@pytest.mark.parametrize("left", [{"outputs": [{"output_type": "stream"}]}, {"execution_count": 3}])
def test_a_notebook_that_was_run_and_kept_is_found(left):
    assert printed({"cells": [{"cell_type": "markdown"}, {"cell_type": "code", "outputs": [], **left}]})


def test_notebooks_keep_no_trace_of_a_run(repository):
    traces = [
        name
        for name, notebook in notebooks(repository).items()
        for metadata in [notebook["metadata"], *(cell["metadata"] for cell in notebook["cells"])]
        if {"papermill", "execution", "widgets"} & metadata.keys()
    ]

    assert traces == []


def test_notebooks_are_thin(repository):
    """They explain and show; what computes is in the package."""
    long_cells = [
        name
        for name, notebook in notebooks(repository).items()
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and len("".join(cell["source"]).splitlines()) > 10
    ]

    assert long_cells == []


def test_the_folders_of_case_data_are_ignored_by_git(repository):
    ignored = (repository / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert {"/data/raw/*", "/data/processed/*", "/reports/*"} <= set(ignored)
