"""Workbooks that other projects keep because they are hard, against what two other readers make of them."""

import csv
from pathlib import Path

import pytest

from pipelines.ingest.guard_container import guard_container
from pipelines.ingest.guard_file import FileRefused, GuardCode, guard_file
from pipelines.ingest.read_workbook import Workbook, read_workbook

#: Refused with their reason: one holds links to another file, one asks for a password.
REFUSED = {"errors.xlsx": GuardCode.EXTERNAL_LINK, "pass_protected.xlsx": GuardCode.PASSWORD}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    folder = shared_data / "workbooks"
    if not folder.is_dir():
        pytest.skip("the workbooks (../shared/data/workbooks) are not on this machine")
    return folder


def opened(path: Path) -> Workbook:
    guard_file(path)
    guard_container(path.read_bytes(), path.name)
    return read_workbook(path.read_bytes(), path.name)


def plain(cell: str) -> str:
    """A number as its value: the other readers write 1 as 1.0."""
    try:
        return repr(float(cell))
    except ValueError:
        return cell


def without_empty_edge(rows: list[list[str]]) -> list[list[str]]:
    """The two readers differ on the empty rows and columns around a table; either is right."""
    filled = [place for place, row in enumerate(rows) if any(row)]
    if not filled:
        return []
    kept = rows[filled[0] : filled[-1] + 1]
    width = max(place + 1 for row in kept for place, cell in enumerate(row) if cell)
    return [(row + [""] * width)[:width] for row in kept]


def expected_sheets(folder: Path) -> list[dict[str, str]]:
    with (folder / "expected" / "sheets.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_every_workbook_is_read_or_refused_with_its_reason(folder: Path) -> None:
    workbooks: dict[str, Workbook] = {}
    refusals: dict[str, GuardCode] = {}
    for name in sorted({row["file"] for row in expected_sheets(folder)}):
        try:
            workbooks[name] = opened(folder / name)
        except FileRefused as refusal:
            refusals[Path(name).name] = refusal.code

    assert refusals == REFUSED
    for row in expected_sheets(folder):
        if row["file"] not in workbooks or row["sheet"] == "Chart":
            continue
        sheet = next(sheet for sheet in workbooks[row["file"]].sheets if sheet.name == row["sheet"])
        assert len(sheet.merged) == int(row["merged_ranges"] or 0), row["file"]


def test_every_cell_is_as_the_other_reader_has_it(folder: Path) -> None:
    compared = 0
    for path in sorted((folder / "expected").glob("*__*__*.csv")):
        origin, file, sheet_name = path.stem.split("__", 2)
        if file in REFUSED:
            continue
        with path.open(encoding="utf-8", newline="") as text:
            wanted = [[plain(cell) for cell in row] for row in csv.reader(text)]
        sheets = opened(folder / origin / file).sheets
        # A file name cannot hold every name of a sheet.
        sheet = next((sheet for sheet in sheets if sheet.name == sheet_name), sheets[-1])
        found = [[plain(cell) for cell in row] for row in sheet.rows]
        assert without_empty_edge(found) == without_empty_edge(wanted), path.name
        compared += 1

    assert compared >= 15


def test_hidden_sheets_are_told(folder: Path) -> None:
    sheets = opened(folder / "calamine" / "any_sheets.xlsx").sheets

    assert {sheet.name for sheet in sheets if not sheet.is_visible} == {"Hidden", "VeryHidden"}
