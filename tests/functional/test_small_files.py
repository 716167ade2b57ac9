"""Every small file of other projects' tests, by `bilan convert`: as an independent reader has it, or told why not."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.convert_export import Conversion, convert_export
from pipelines.language import Language

#: Their characters and delimiter, as their own tests say.
SOUND = {
    "csv_detective/b_test_file.csv": ("utf-8", ","),
    "csv_spectrum/csvs/newlines_crlf.csv": ("utf-8", ","),
    "csv_spectrum/csvs/quotes_and_newlines.csv": ("utf-8", ","),
    "csv_spectrum/csvs/simple.csv": ("utf-8", ","),
    "csvkit/blanks.csv": ("utf-8", ","),
    "csvkit/dummy.tsv": ("utf-8", "\t"),
    "csvkit/mac_newlines.csv": ("utf-8", ","),
    "csvkit/test_latin1.csv": ("latin-1", ","),
    "csvkit/test_locale.csv": ("utf-8", ","),
    "csvkit/test_locale_converted.csv": ("utf-8", ","),
    "csvkit/test_utf16_little.csv": ("utf-16", ","),
    "csvkit/test_utf8_bom.csv": ("utf-8-sig", ","),
    "frictionless/accent.csv": ("utf-8", ";"),
    "frictionless/blank-cells.csv": ("utf-8", ","),
    "frictionless/blank-headers.csv": ("utf-8", ","),
    "frictionless/bom.csv": ("utf-8-sig", ","),
    "frictionless/chunk1.csv.zip": ("utf-8", ","),
    "frictionless/delimiter.csv": ("utf-8", ";"),
    "frictionless/duplicate-headers.csv": ("utf-8", ","),
    "frictionless/latin1.csv": ("latin-1", ","),
    "frictionless/leading-zeros.csv": ("utf-8", ","),
    "frictionless/resource.zip": ("utf-8", ","),
    "sineemore/csv/leading-space.csv": ("utf-8", ","),
    "sineemore/csv/quotes-with-comma.csv": ("utf-8", ","),
    "sineemore/csv/simple-crlf.csv": ("utf-8", ","),
    "sineemore/csv/trailing-newline.csv": ("utf-8", ","),
}
#: How many rows are loaded, and what becomes of each other line.
BROKEN: dict[str, tuple[int, dict[str, int]]] = {
    "csv_detective/c_test_file.csv": (0, {"too_many_cells": 1}),
    "csvkit/bad.csv": (1, {"too_many_cells": 1, "too_few_cells": 1}),
    "frictionless/capital-invalid.csv": (8, {"too_few_cells": 1, "too_many_cells": 1}),
    "frictionless/skip-rows.csv": (2, {"preamble": 1, "too_few_cells": 1}),
    "sineemore/csv/bad-header-less-fields.csv": (0, {"too_few_cells": 1}),
    "sineemore/csv/bad-missing-quote.csv": (0, {"open_quote": 1}),
    "sineemore/csv/bad-unescaped-quote.csv": (0, {"stray_quote": 1}),
}
#: Apostrophes as quotation marks, which a plain reader is not told of.
OTHER_MARKS = {"csvkit/optional_quote_characters.csv": [["a", "b", "c"], ["1", "2", "3"]]}
REFUSED = {
    "csv_detective/file.csv.gz": "form GZIP",
    "csvkit/dummy.csv.gz": "form GZIP",
    "sineemore/csv/bad-header-no-header.csv": "holds no table",
}
#: The others are compared cell by cell in test_workbooks.py.
REFUSED_WORKBOOKS = {
    "calamine/empty_sheet.xlsx": "holds no table",
    "calamine/errors.xlsx": "EXTERNAL_LINK",
    "calamine/pass_protected.xlsx": "PASSWORD",
    "readxl/blanks.xlsx": "holds 3 sheets",
    "readxl/utf8-sheet-names.xlsx": "holds 2 sheets",
    "readxl/whitespace-xlsx.xlsx": "holds 2 sheets",
}


@pytest.fixture(scope="module")
def small(shared_data: Path) -> Path:
    folder = shared_data / "csv_small"
    if not folder.is_dir():
        pytest.skip("the small files (../shared/data/csv_small) are not on this machine")
    return folder


def files_of(folder: Path) -> set[str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "expected" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in paths if path.suffix not in (".json", ".md")}


def convert(path: Path, out: Path) -> Conversion:
    return convert_export(path, out, SourceSettings(id="s", files=path.name))


def rows_of(text: str, delimiter: str = ",") -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [[cell.replace("\r\n", "\n") for cell in row] for row in rows if row]


def content_of(path: Path) -> bytes:
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".csv"))
        return archive.read(name)


def refusal(path: Path, out: Path) -> str:
    with pytest.raises(InputRefused) as caught:
        convert(path, out)
    assert not out.exists()
    return caught.value.one_line(Language("en"))


def test_every_file_of_the_folder_is_judged_here(small: Path) -> None:
    assert {*SOUND, *BROKEN, *OTHER_MARKS, *REFUSED} == files_of(small)


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_what_an_independent_reader_has(small: Path, tmp_path: Path, name: str) -> None:
    encoding, delimiter = SOUND[name]

    made = convert(small / name, tmp_path / "out.csv")

    written = (tmp_path / "out.csv").read_bytes().decode()
    assert rows_of(written) == rows_of(content_of(small / name).decode(encoding), delimiter)
    assert made.account.rejected.total() == 0


@pytest.mark.parametrize("name", BROKEN)
def test_of_a_broken_file_each_line_that_is_no_row_is_told(small: Path, tmp_path: Path, name: str) -> None:
    loaded, told = BROKEN[name]

    made = convert(small / name, tmp_path / "out.csv")

    rejects = rows_of((tmp_path / "out.rejects.csv").read_text(encoding="utf-8"))[1:]
    assert made.account.loaded == loaded
    assert {reason: [line[2] for line in rejects].count(reason) for *_, reason in rejects} == told
    rows = rows_of((tmp_path / "out.csv").read_text(encoding="utf-8"))
    delimiter = ";" if ";" in content_of(small / name).decode() else ","
    assert all(row in rows_of(content_of(small / name).decode(), delimiter) for row in rows)


@pytest.mark.parametrize("name", OTHER_MARKS)
def test_other_quotation_marks_are_found(small: Path, tmp_path: Path, name: str) -> None:
    convert(small / name, tmp_path / "out.csv")

    assert rows_of((tmp_path / "out.csv").read_text(encoding="utf-8")) == OTHER_MARKS[name]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_with_its_reason(small: Path, tmp_path: Path, name: str) -> None:
    assert REFUSED[name] in refusal(small / name, tmp_path / "out.csv")


def test_every_workbook_is_converted_or_refused_with_its_reason(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "workbooks"
    names = files_of(folder)

    for name in sorted(names & REFUSED_WORKBOOKS.keys()):
        assert REFUSED_WORKBOOKS[name] in refusal(folder / name, tmp_path / "out.csv")
    converted = [convert(folder / name, tmp_path / "out.csv") for name in sorted(names - REFUSED_WORKBOOKS.keys())]

    assert len(converted) == len(names) - len(REFUSED_WORKBOOKS) == 9
    assert [made.account.rejected.total() for made in converted] == [0] * 9


def test_a_carriage_return_inside_a_cell_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_bytes(b'a,b\r"un\rdeux",1\rtrois,2\r')

    convert(tmp_path / "export.csv", tmp_path / "out.csv")

    assert (tmp_path / "out.csv").read_bytes() == b'a,b\n"un\rdeux","1"\ntrois,2\n'
    assert convert(tmp_path / "out.csv", tmp_path / "again.csv").account.loaded == 2
