"""The analyst's notebook: it asks the unprotected database, saves nothing of it, and is no part of a report."""

import json
import shutil

import nbformat
import papermill
import pytest
from jupyter_server.services.contents.filemanager import FileContentsManager

from pipelines.errors import UsageError
from pipelines.model.ask_cases import ask_cases
from tests.functional.conftest import REPOSITORY, Installation

EXPLORE = REPOSITORY / "notebooks" / "explore.ipynb"


def test_it_says_first_that_its_data_are_not_protected():
    first = nbformat.read(EXPLORE, as_version=4).cells[0]

    assert "Données non protégées" in first.source


def test_it_answers_from_the_database_of_a_demonstration(reported, tmp_path, monkeypatch):
    installation, _ = reported
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))

    executed = papermill.execute_notebook(
        EXPLORE, None, parameters={"centre": "demo", "home": str(installation.root)}, kernel_name="python3",
        progress_bar=False, cwd=str(tmp_path),
    )  # fmt: skip

    shown = [output.data["text/plain"] for cell in executed.cells for output in cell.get("outputs", [])]
    assert len(shown) == 3
    assert "core_request" in shown[0]


def test_a_question_cannot_change_the_database_nor_reach_another_file(reported, tmp_path):
    installation, _ = reported
    before = (installation.root / "data/processed/demo/cases.duckdb").read_bytes()

    for query in (
        "drop table core_request",
        f"copy core_request to '{tmp_path}/out.csv'",
        "set enable_external_access = true",
    ):
        with pytest.raises(Exception, match="(?i)read-only|disabled|cannot"):
            ask_cases(query, "demo", str(installation.root))

    assert (installation.root / "data/processed/demo/cases.duckdb").read_bytes() == before
    assert list(tmp_path.iterdir()) == []


def test_a_centre_without_a_database_is_told_what_to_run(tmp_path):
    with pytest.raises(UsageError):
        ask_cases("select 1", "../demo", str(tmp_path))


def test_a_report_refuses_it_as_a_section_with_one_line(reported, tmp_path):
    installation = Installation(tmp_path / "copy")
    shutil.copytree(reported[0].root, installation.root)
    shutil.copytree(REPOSITORY / "notebooks", installation.root / "notebooks")
    shutil.copy(EXPLORE, installation.root / "notebooks" / "99_explore.ipynb")
    before = (installation.release / "record.json").read_bytes()

    ended = installation.report("--audience", "internal")

    assert ended.returncode == 2
    assert "99_explore.ipynb" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert (installation.release / "record.json").read_bytes() == before


def test_the_lab_saves_a_notebook_without_what_it_showed(tmp_path):
    manager = FileContentsManager(root_dir=str(tmp_path), pre_save_hook="pipelines.outputs.lab.save_without_outputs")
    output = nbformat.v4.new_output("stream", text="Planted-Name-4711")
    cells = [nbformat.v4.new_code_cell("1", outputs=[output], execution_count=1), nbformat.v4.new_markdown_cell("a")]
    content = nbformat.v4.new_notebook(cells=cells)

    manager.save({"type": "notebook", "format": "json", "content": content}, "essai.ipynb")

    saved = (tmp_path / "essai.ipynb").read_text(encoding="utf-8")
    assert "Planted-Name-4711" not in saved
    assert [cell.get("execution_count") for cell in json.loads(saved)["cells"]] == [None, None]
