"""Messy public files against their clean twins: cells equal, or the record is in the rejects."""

import csv
import json
from pathlib import Path

import pytest

from benchmarks.fuzz_files import damaged_files, faults_of
from benchmarks.pollock import PROMISED, mean, score_folder
from pipelines.errors import InputRefused
from pipelines.ingest.read_text import TextContract, read_text

#: A file of each defect; the whole of both folders is measured by benchmarks/pollock.py.
SAMPLES = {
    "polluted": (
        "file_field_delimiter_0x3B.csv", "file_header_multirow_2.csv", "file_multitable_less.csv",
        "file_no_header.csv", "file_no_trailing_newline.csv", "file_preamble.csv", "file_record_delimiter_0xD.csv",
        "row_extra_quote46_col0.csv", "row_extra_quote78_col8.csv", "row_field_delimiter_15_0x20.csv",
        "row_less_sep_row16_col2.csv", "row_more_sep_row82_col0.csv",
    ),
    "survey_sample": (
        "Auto_Tone_sub315_day1.csv", "Consular_cases_April_2016.csv", "O18_air.csv", "Takakai2008-ch4.csv",
        "ResultsOR30x100-0.50_1.dat__m21.csv", "dd_Wickenburg_nobmp_623.csv", "vissim_data_conf2473_i7_v1987.csv",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_messy_files_are_read_without_a_dialect_and_no_record_is_lost(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    scores = score_folder(shared_data / "pollock" / name, tmp_path, SAMPLES[name])

    assert len(scores) == len(SAMPLES[name])
    assert mean(scores) >= PROMISED[name]
    assert [score.file for score in scores if score.lost] == []


def test_small_cases_are_parsed_as_expected(shared_data: Path) -> None:
    folder = shared_data / "csv_small"
    expected = {**_expected(folder / "csv_spectrum" / "csvs"), **_expected(folder / "sineemore" / "csv")}

    assert len(expected) == 7
    assert {path.name: _parsed(path) for path in expected} == {path.name: rows for path, rows in expected.items()}


def _expected(folder: Path) -> dict[Path, list[list[str]]]:
    found = {}
    for path in sorted((folder.parent / "json").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = [list(content[0]), *(list(row.values()) for row in content)] if isinstance(content[0], dict) else content
        # The files were stored with line feeds, also where the expected parse has carriage returns.
        found[folder / f"{path.stem}.csv"] = [[cell.replace("\r\n", "\n") for cell in row] for row in rows]
    return found


def _parsed(path: Path) -> list[list[str]]:
    table = read_text(path.read_bytes(), TextContract(), path.name)
    return [[cell.replace("\r\n", "\n") for cell in row] for row in (table.header, *table.rows)]


def test_bad_small_cases_are_reported(shared_data: Path) -> None:
    paths = sorted((shared_data / "csv_small" / "sineemore" / "csv").glob("bad-*.csv"))
    tables = {path.name: read_text(path.read_bytes(), TextContract(), path.name) for path in paths}

    # The one without a header is an empty file: it has no table, which convert and ingest refuse.
    assert {name: (table.rows, table.account.rejected.total()) for name, table in tables.items()} == {
        "bad-header-less-fields.csv": ((), 1),
        "bad-header-no-header.csv": ((), 0),
        "bad-missing-quote.csv": ((), 1),
        "bad-unescaped-quote.csv": ((), 1),
    }


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("csvkit/dummy.tsv", ["1", "2", "3"]),
        ("csvkit/mac_newlines.csv", ["Once upon\ra time", "5", "6"]),
        ("csvkit/test_latin1.csv", ["4", "5", "©"]),
        ("csvkit/test_utf16_little.csv", ["4", "5", "ʤ"]),
        ("csvkit/test_utf8_bom.csv", ["4", "5", "ʤ"]),
        ("csvkit/test_locale.csv", ["1,7", "200.000.000", ""]),
        ("frictionless/delimiter.csv", ["2", "中国人"]),
        ("frictionless/leading-zeros.csv", ["00003"]),
        ("frictionless/duplicate-headers.csv", ["1102", "Julie", "0", "26", "001102"]),
        ("csv_detective/b_test_file.csv", ["59", "24", ""]),
    ],
)
def test_small_files_of_other_suites_are_read(shared_data: Path, name: str, last: list[str]) -> None:
    assert _parsed(shared_data / "csv_small" / name)[-1] == last


@pytest.mark.parametrize("name", ["csvkit/dummy.csv.gz", "frictionless/chunk1.csv.zip"])
def test_a_packed_file_is_refused_for_what_it_is(shared_data: Path, name: str) -> None:
    path = shared_data / "csv_small" / name
    with pytest.raises(InputRefused):
        read_text(path.read_bytes(), TextContract(), path.name)


def test_damaged_files_are_read_or_refused_and_every_record_is_accounted_for(tmp_path: Path) -> None:
    """A few of the ten thousand that benchmarks/fuzz_files.py makes."""
    judged = {number: faults_of(content, tmp_path)[0] for number, content in damaged_files(150, 4, [])}
    faults = {number: found for number, found in judged.items() if found}

    assert faults == {}


def test_a_lost_row_would_be_found(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.ingest import convert_export

    def forget_one(path: Path, header: object, rows: list[list[str]]) -> None:
        with path.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows([*header, *list(rows)[1:]])  # type: ignore[misc]

    monkeypatch.setattr(convert_export, "_write", forget_one)

    scores = score_folder(shared_data / "pollock" / "polluted", tmp_path, ["source.csv"])

    assert scores[0].lost == 1
