"""The workbook of a release as its readers open it: what is in it, and what cannot happen to them."""

import datetime
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines.disclosure.release_files import write_release_tables
from pipelines.language import Language
from pipelines.outputs.notebook import run_notebooks
from pipelines.outputs.report_sections import ReportSection, read_sections
from pipelines.outputs.workbook import WORKBOOK, write_workbook
from tests.made_up_release import made_up_release

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9]*.ipynb"))
MADE_ON = datetime.date(2024, 6, 1)
FRENCH = Language("fr")


@pytest.fixture(scope="module")
def sections(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportSection, ...]:
    folder = tmp_path_factory.mktemp("release")
    write_release_tables(made_up_release(), folder / "release")
    executed = run_notebooks(NOTEBOOKS, folder / "release", FRENCH, folder / "work")
    return read_sections(executed, FRENCH)


@pytest.fixture(scope="module")
def workbook(sections: tuple[ReportSection, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("workbook") / WORKBOOK
    write_workbook(sections, made_up_release(), FRENCH, path, made_on=MADE_ON)
    return path


def parts_of(workbook: Path, pattern: str) -> dict[str, str]:
    with zipfile.ZipFile(workbook) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if re.fullmatch(pattern, name)}


def tables_of(sections: tuple[ReportSection, ...]) -> dict[str, dict[str, object]]:
    return {chart["id"]: chart for section in sections for chart in section.charts if chart["table"]}


def test_every_table_of_the_page_has_its_sheet_with_the_same_numbers(
    workbook: Path, sections: tuple[ReportSection, ...]
) -> None:
    book = CalamineWorkbook.from_path(str(workbook))
    assert book.sheet_names[:3] == ["Couverture", "Sommaire", "Notes"]

    tables = tables_of(sections)
    assert len(book.sheet_names) == 3 + len(tables) > 15
    for name, chart in zip(book.sheet_names[3:], tables.values(), strict=True):
        rows = book.get_sheet_by_name(name).to_python()
        assert rows[0][0] == chart["title"]
        twin = chart["table"]["rows"]
        assert [row[0] for row in rows[4 : 4 + len(twin)]] == [line["label"] for line in twin]
        for row, line in zip(rows[4:], twin, strict=False):
            for found, cell in zip(row[1:], line["cells"], strict=False):
                if cell["raw"] is None:
                    assert found == cell["text"]
                else:
                    scale = 100 if cell["text"].endswith("%") else 1
                    assert found * scale == pytest.approx(cell["raw"])


def test_each_table_is_a_table_object_with_headings_and_nothing_is_merged(workbook: Path) -> None:
    tables = parts_of(workbook, r"xl/tables/.*\.xml")
    sheets = parts_of(workbook, r"xl/worksheets/sheet\d+\.xml")

    assert len(tables) == len(sheets) - 2  # neither the cover nor the notes
    assert all('headerRowCount="0"' not in table for table in tables.values())
    assert all("<mergeCell" not in sheet for sheet in sheets.values())


def test_nothing_in_it_is_a_formula_or_leads_out(workbook: Path) -> None:
    everything = parts_of(workbook, r".*\.(?:xml|rels)")

    assert not any("<f>" in part or "<f " in part for part in everything.values())
    assert not any('TargetMode="External"' in part for part in everything.values())


def test_its_title_and_language_are_told(workbook: Path) -> None:
    properties = "".join(parts_of(workbook, r"docProps/.*\.xml").values())

    assert made_up_release().centre_name.fr in properties
    assert "fr-CA" in properties


def test_a_label_that_looks_like_a_formula_is_a_text(tmp_path: Path, sections: tuple[ReportSection, ...]) -> None:
    chart = dict(next(chart for chart in sections[0].charts if chart["table"]))
    rows = [{**chart["table"]["rows"][0], "label": '=cmd|"/c calc"!A1'}]
    evil = {**chart, "title": "=1+1", "table": {**chart["table"], "rows": rows}}
    path = tmp_path / WORKBOOK
    write_workbook([ReportSection("s", (evil,))], made_up_release(), FRENCH, path, made_on=MADE_ON)

    assert not any("<f>" in part for part in parts_of(path, r"xl/worksheets/.*").values())


def test_the_same_release_gives_the_same_bytes(
    workbook: Path, tmp_path: Path, sections: tuple[ReportSection, ...]
) -> None:
    write_workbook(sections, made_up_release(), FRENCH, tmp_path / WORKBOOK, made_on=MADE_ON)

    assert (tmp_path / WORKBOOK).read_bytes() == workbook.read_bytes()


def test_libreoffice_opens_it_and_makes_a_pdf(workbook: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(workbook)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)

    assert (tmp_path / "tables.pdf").read_bytes().startswith(b"%PDF")
