"""Sheets as texts: dates, numbers, formulas, merged and hidden cells, and what lies around them."""

import datetime
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest import read_workbook as reader
from pipelines.ingest.guard_file import FileRefused, GuardCode
from pipelines.ingest.read_export import read_file
from pipelines.ingest.read_source import read_source
from pipelines.ingest.read_workbook import Workbook, read_workbook
from pipelines.ingest.screen_identifiers import IdentifierKind, Place, screen_identifiers
from pipelines.language import Language


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": "Export annuel", "author": "Plateforme"})
        sheet = book.add_worksheet("Demandes")
        day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.merge_range(0, 0, 0, 1, "Demande")
        sheet.write_row(1, 0, ["No", "Date", "Heures"])
        sheet.write(2, 0, "007")
        sheet.write_datetime(2, 1, datetime.datetime(2023, 4, 1), day)
        sheet.write(2, 2, 0.1 + 0.2)
        sheet.write_datetime(3, 1, datetime.datetime(2023, 4, 1, 13, 30), moment)
        sheet.write_formula(3, 2, "=1+1", None, 2)
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_comment(2, 0, "rappeler mardi")
        book.add_worksheet("Listes").hide()
    return path


def read(path: Path, **settings: str) -> Workbook:
    return read_workbook(path.read_bytes(), path.name, **settings)


def test_cells_are_written_as_the_source_writes_them(rich: Path) -> None:
    rows = read(rich, date_format="%d/%m/%Y", decimal=",").sheets[0].rows

    assert rows[2] == ("007", "01/04/2023", "0,3")
    assert rows[3] == ("", "01/04/2023 13:30:00", "2")


def test_hidden_sheets_columns_and_rows_are_told(rich: Path) -> None:
    workbook = read(rich)
    told = " ".join(Language("en").text(notice) for notice in workbook.notices())

    assert [sheet.is_visible for sheet in workbook.sheets] == [True, False]
    assert workbook.sheets[0].hidden_columns == (2,)
    assert workbook.sheets[0].hidden_rows == (4,)
    assert "Listes is hidden" in told
    assert "1 hidden column" in told
    assert "1 comment" in told


def test_a_merged_header_stands_over_all_its_columns(rich: Path) -> None:
    assert read(rich).sheets[0].spread_merged(2)[0] == ("Demande", "Demande", "")


def test_properties_and_comments_are_read(rich: Path) -> None:
    workbook = read(rich)

    assert ("title", "Export annuel") in workbook.properties
    assert any("rappeler mardi" in comment for comment in workbook.comments)


def test_the_base_of_1904_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("A").write_datetime(0, 0, datetime.datetime(2023, 4, 1), day)

    assert read(path).sheets[0].rows == (("2023-04-01",),)


def test_a_formula_without_its_result_is_counted(tmp_path: Path, rich: Path) -> None:
    path = tmp_path / "without.xlsx"
    with zipfile.ZipFile(rich) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<f>1+1</f><v>2</v>", b"<f>1+1</f>"))

    assert read(path).sheets[0].without_value == 1


def test_a_cell_that_is_a_document_refuses_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("A").write(4, 0, "x" * 5_000)

    with pytest.raises(FileRefused) as caught:
        read(path)
    assert caught.value.code is GuardCode.CELL_TOO_LONG
    assert "row 5" in caught.value.one_line(Language("en"))


def test_a_parser_that_takes_too_much_memory_is_stopped(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MEMORY_BYTES", 1_000_000)

    with pytest.raises(FileRefused) as caught:
        read(rich)
    assert caught.value.code in {GuardCode.READER_MEMORY, GuardCode.NOT_SOUND}


def test_a_parser_that_takes_too_long_is_stopped(rich: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "WALL_SECONDS", 0.001)

    with pytest.raises(FileRefused) as caught:
        read(rich)
    assert caught.value.code is GuardCode.READER_TIME


def source(**settings: object) -> SourceSettings:
    return SourceSettings.model_validate({"id": "s", "files": "*.zip", "delimiter": ";", **settings})


def test_every_table_of_a_zip_is_read_under_its_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("2023/a.csv", "No;Note\n1;x\n")
        archive.writestr("b.csv", "No;Note\n2;y\n")

    tables = read_source(tmp_path, source(), tmp_path)

    assert [(table.name, table.records) for table in tables] == [("export.zip/a.csv", 1), ("export.zip/b.csv", 1)]


def test_a_dropped_column_never_enters_the_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("No;Courriel\n1;m@exemple.org\n", encoding="utf-8")

    table = read_file(path, source(drop=["courriel"]))

    assert table.frame.columns == ["No"]
    assert screen_identifiers(table) == ()


def book_with(path: Path, **properties: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(properties)
        book.add_worksheet("Demandes").write_column(0, 0, ["No", 1, 2])
    return path


def places(path: Path, **settings: object) -> set[tuple[Place, IdentifierKind]]:
    return {(finding.place, finding.kind) for finding in screen_identifiers(read_file(path, source(**settings)))}


def test_an_identifier_in_a_property_is_found(tmp_path: Path) -> None:
    path = book_with(tmp_path / "a.xlsx", subject="Dossier de Marie Tremblay", comments="m@exemple.org")

    assert {(Place.PROPERTY, IdentifierKind.PERSON_NAME), (Place.PROPERTY, IdentifierKind.EMAIL)} <= places(path)


def test_who_saved_the_file_is_told_and_does_not_refuse_it(tmp_path: Path) -> None:
    path = book_with(tmp_path / "a.xlsx", author="Julie Gagnon")

    found = screen_identifiers(read_file(path, source()))

    assert [(finding.place, finding.refuses) for finding in found] == [(Place.AUTHOR, False)]


def test_an_identifier_in_the_name_of_a_file_or_a_sheet_is_found(tmp_path: Path) -> None:
    path = tmp_path / "Marie_Tremblay_2023.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Julie Gagnon").write_column(0, 0, ["No", 1])

    assert {place for place, _ in places(path)} == {Place.FILE_NAME, Place.SHEET_NAME}


def test_a_hidden_sheet_and_a_hidden_column_are_screened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Demandes")
        sheet.write_column(0, 0, ["No", 1, 2])
        sheet.write_column(0, 1, ["X", "450 755-0123", ""])
        sheet.set_column(1, 1, None, None, {"hidden": True})
        hidden = book.add_worksheet("Listes")
        hidden.write_column(0, 0, ["X", "m@exemple.org"])
        hidden.hide()

    found = screen_identifiers(read_file(path, source(sheet="Demandes")))

    assert {(finding.kind, finding.sheet) for finding in found} == {
        (IdentifierKind.PHONE, 0),
        (IdentifierKind.EMAIL, 2),
    }


def test_a_comment_of_several_words_is_free_text(rich: Path) -> None:
    with_words = read(rich).comments

    assert with_words
    with pytest.raises(InputRefused):
        read_file(rich, source(sheet="Absente"))


def test_the_words_of_a_drop_down_list_are_screened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Demandes")
        sheet.write_column(0, 0, ["Code", 1, 2])
        sheet.data_validation(1, 0, 9, 0, {"validate": "list", "source": ["Marie Tremblay", "Autre"]})

    assert places(path) == {(Place.TEXT, IdentifierKind.PERSON_NAME)}


def test_the_printed_head_and_foot_are_screened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Demandes")
        sheet.write_column(0, 0, ["Code", 1, 2])
        sheet.set_header("&LPour Marie Tremblay")
        sheet.set_footer("&R450 755-0123")

    assert places(path) == {(Place.TEXT, IdentifierKind.PERSON_NAME), (Place.TEXT, IdentifierKind.PHONE)}


def test_comments_and_other_texts_of_a_sheet_refuse_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Demandes")
        sheet.write_column(0, 0, ["Code", 1, 2])
        sheet.write_comment(1, 0, "Tél. 450 755-0123")
        sheet.insert_textbox(3, 3, "m.tremblay@exemple.org")
        book.define_name("Marie_Tremblay", "=Demandes!$A$1")

    assert {(Place.COMMENT, IdentifierKind.PHONE), (Place.TEXT, IdentifierKind.EMAIL)} <= places(path)


ODS_TABLE = (
    "<table:table table:name='Demandes'><table:table-row><table:table-cell office:value-type='string'>{note}"
    "<text:p>Code</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell "
    "office:value-type='float' office:value='1'><text:p>1</text:p></table:table-cell></table:table-row></table:table>"
)
ODS_SPACES = " ".join(
    f"xmlns:{short}='urn:oasis:names:tc:opendocument:xmlns:{long}:1.0'"
    for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def ods(path: Path, *, note: str = "", foot: str = "") -> Path:
    annotation = f"<office:annotation><text:p>{note}</text:p></office:annotation>" if note else ""
    body = ODS_TABLE.format(note=annotation)
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"<office:document-content {ODS_SPACES}><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {ODS_SPACES}><style:footer><text:p>{foot}</text:p></style:footer>"
        "</office:document-styles>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return path


def test_a_comment_and_the_printed_foot_of_an_ods_are_screened(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", note="Tél. 450 755-0123", foot="Pour Marie Tremblay")

    assert {(Place.COMMENT, IdentifierKind.PHONE), (Place.TEXT, IdentifierKind.PERSON_NAME)} <= places(path)


def test_a_plain_ods_passes(tmp_path: Path) -> None:
    assert places(ods(tmp_path / "a.ods")) == set()


def test_several_tables_in_a_sheet_are_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    first = [["No", "Jour", "Nombre"], *([row, f"2024-02-{row:02d}", row] for row in range(1, 7))]
    second = [["Code", "Libellé"], ["a", "Un"], ["b", "Deux"]]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Demandes")
        for row, cells in enumerate([*first, [], *second]):
            sheet.write_row(row, 0, cells)

    with pytest.raises(InputRefused) as caught:
        read_file(path, source())

    told = caught.value.one_line(Language("en"))
    assert "another table" in told
    assert read_file(path, source(max_rejected=3)).records == 6


def test_the_child_can_open_no_file_and_make_no_socket() -> None:
    script = (
        "import socket, sys; sys.path.insert(0, sys.argv[1]); from parse_workbook import set_limits\n"
        "set_limits(2_000_000_000, 30)\n"
        "for act in (lambda: open(sys.argv[0] or sys.executable), socket.socket):\n"
        "    try:\n        act(); sys.exit(1)\n    except OSError:\n        pass\n"
    )
    folder = str(Path(reader.__file__).parent)

    assert subprocess.run([sys.executable, "-c", script, folder], check=False).returncode == 0
