"""The strict reader: what it reads, and what it refuses whole."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.inspect_export import inspect_export
from pipelines.ingest.read_export import read_file
from pipelines.ingest.read_source import read_source
from pipelines.language import Language


def source(**settings: str) -> SourceSettings:
    return SourceSettings.model_validate({"id": "s", "files": "*.csv", "delimiter": ";", **settings})


def refusal(path: Path, settings: SourceSettings) -> str:
    with pytest.raises(InputRefused) as caught:
        read_file(path, settings)
    assert caught.value.exit_code == 3
    return caught.value.one_line(Language("en"))


def written(folder: Path, content: bytes) -> Path:
    path = folder / "demandes.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("No;Réponse\n1;sœur\n".encode(), "utf-8"),
        ("No;Réponse\n1;sœur\n".encode("utf-8-sig"), "utf-8-sig"),
        ("No;Réponse\n1;sœur\n".encode("cp1252"), "cp1252"),
        ("No;Réponse\n1;sœur\n".encode("utf-16"), "utf-16"),
    ],
)
def test_accents_are_read_whatever_the_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    table = read_file(written(tmp_path, content), source())

    assert table.frame.rows(named=True) == [{"No": "1", "Réponse": "sœur"}]
    assert table.encoding == encoding


def test_a_declared_encoding_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "No;Réponse\n1;sœur\n".encode("cp1252"))

    assert "not written in utf-8" in refusal(path, source(encoding="utf-8"))


def test_a_line_break_and_a_delimiter_inside_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    table = read_file(written(tmp_path, b'a;b\n1;"x;\ny ""z"""\n'), source())

    assert table.frame.rows() == [("1", 'x;\ny "z"')]


def test_an_empty_line_is_not_a_record(tmp_path: Path) -> None:
    table = read_file(written(tmp_path, b"a;b\n1;2\n\n3;4\n"), source())

    assert table.records == 2


@pytest.mark.parametrize("content", [b"a;b\n1;2\n3\n", b"a;b\n1;2\n3;4;5\n"])
def test_a_row_of_another_length_refuses_the_file_with_its_row(tmp_path: Path, content: bytes) -> None:
    told = refusal(written(tmp_path, content), source())

    assert "unequal length" in told
    assert "Row 3" in told


def test_an_open_quotation_mark_refuses_the_file(tmp_path: Path) -> None:
    told = refusal(written(tmp_path, b'a;b\n1;"2\n3;4\n'), source())

    assert "quotation mark" in told
    assert "Line 2" in told


def test_a_nul_character_refuses_the_file(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(written(tmp_path, b"a;b\n1;\x00\n"), source())


def test_an_oversized_cell_refuses_the_file(tmp_path: Path) -> None:
    assert "4,096 characters" in refusal(written(tmp_path, b"a;b\n1;" + b"x" * 5000 + b"\n"), source())


@pytest.mark.parametrize(
    ("content", "told"), [(b"", "no complete header"), (b"a;\n1;2\n", "no complete header"), (b"a;a\n1;2\n", "twice")]
)
def test_a_header_that_does_not_name_every_column_once_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in refusal(written(tmp_path, content), source())


def test_rows_that_the_contract_lets_be_set_aside_are_counted_and_the_others_keep_their_lines(tmp_path: Path) -> None:
    path = written(tmp_path, b"Rapport\n\na;b\n1;2\n3\n4;5\n")

    table = read_file(path, SourceSettings(id="s", files="*.csv", delimiter=";", max_rejected=1))

    assert table.row_numbers.to_list() == [4, 6]
    assert table.account is not None
    assert table.account.facts() == {
        "records": 6, "loaded": 2, "recognised": {"blank": 1, "header": 1, "preamble": 1},
        "rejected": {"too_few_cells": 1},
    }  # fmt: skip


def test_a_delimiter_that_the_contract_names_is_obeyed(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, b"a,b;c\n1,2;3\n"), source()).frame.columns == ["a,b", "c"]


def test_a_column_without_name_and_content_is_left_out(tmp_path: Path) -> None:
    assert read_file(written(tmp_path, b"a;b;\n1;2;\n3;4;\n"), source()).frame.columns == ["a", "b"]


def test_no_refusal_repeats_a_cell(tmp_path: Path) -> None:
    told = refusal(written(tmp_path, b'a;b\nMarguerite;"x\n'), source())

    assert "Marguerite" not in told


def test_no_file_of_the_pattern_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        read_source(tmp_path, source(), tmp_path)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    import datetime

    path = tmp_path / "orientations.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Suites")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["No", "Date", "Heures"])
        sheet.write(1, 0, 12)
        sheet.write_datetime(1, 1, datetime.datetime(2023, 4, 1), day)
        sheet.write(1, 2, 0.75)
    return path


def test_a_sheet_is_read_as_the_text_files_of_its_source_are_written(workbook: Path) -> None:
    table = read_file(workbook, source(decimal=",", date_format="%d/%m/%Y"))

    assert table.frame.rows() == [("12", "01/04/2023", "0,75")]


def test_a_sheet_that_is_not_there_is_refused(workbook: Path) -> None:
    assert "no sheet Feuil9" in refusal(workbook, source(sheet="Feuil9"))


def test_a_workbook_that_is_not_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"a;b\n1;2\n")

    assert "not a sound workbook" in refusal(path, source())


def test_a_file_of_a_zip_that_is_no_table_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("demandes.csv", "No;Âge\n1;30\n")
        archive.writestr("lisez-moi.pdf", b"%PDF-1.7")

    (inspection,) = inspect_export(tmp_path / "export.zip")

    told = [Language("fr").text(notice) for notice in inspection.notices]
    assert told == ["1 fichier du ZIP n'est pas un tableau, non lu"]
