"""What is refused before any parser sees it, each with its code, at once."""

import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.ingest.guard_container import guard_container
from pipelines.ingest.guard_file import FileForm, FileRefused, GuardCode, guard_file
from pipelines.language import Language

TYPES = b'<?xml version="1.0" encoding="UTF-8"?><Types/>'
SHEET = b'<?xml version="1.0"?><worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'


def zipped(parts: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def workbook_with(parts: Mapping[str, bytes]) -> bytes:
    base = {"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": SHEET}
    return zipped({**base, **parts})


def refused(content: bytes) -> GuardCode:
    begun = time.perf_counter()
    with pytest.raises(FileRefused) as caught:
        guard_container(content, "export.xlsx")
    assert time.perf_counter() - begun < 1
    assert caught.value.exit_code == 3
    assert caught.value.code.value in caught.value.one_line(Language("en"))
    return caught.value.code


def test_a_plain_workbook_passes() -> None:
    assert guard_container(workbook_with({}), "export.xlsx").form is FileForm.XLSX


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/vbaProject.bin", b"x", GuardCode.MACRO),
        ("xl/macrosheets/sheet1.xml", b"<x/>", GuardCode.MACRO),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", GuardCode.EXTERNAL_LINK),
        ("xl/connections.xml", b"<x/>", GuardCode.EXTERNAL_LINK),
        ("xl/embeddings/oleObject1.bin", b"x", GuardCode.EMBEDDED_OBJECT),
        ("xl/pivotCache/pivotCacheRecords1.xml", b"<x/>", GuardCode.PIVOT_CACHE),
        ("xl/workbook.bin", b"x", GuardCode.FILE_FORM),
        ("xl/media/image1.png", b"PK\x03\x04more", GuardCode.NESTED_ARCHIVE),
        ("xl/styles.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', GuardCode.XML_DTD),
        ("docProps/core.xml", b" " * 5_000 + b"<!DOCTYPE x>", GuardCode.XML_DTD),
        ("xl/styles.xml", '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16"), GuardCode.XML_ENCODING),
        ("xl/styles.xml", b'<?xml version="1.0" encoding="utf-7"?><x/>', GuardCode.XML_ENCODING),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            b'<Relationship Type="x/oleObject" Target="http://a" TargetMode="External"/>',
            GuardCode.EXTERNAL_LINK,
        ),
        ("../outside.xml", b"<x/>", GuardCode.ZIP_NAME),
        ("/absolute.xml", b"<x/>", GuardCode.ZIP_NAME),
        ("xl\\..\\..\\outside.xml", b"<x/>", GuardCode.ZIP_NAME),
        ("C:outside.xml", b"<x/>", GuardCode.ZIP_NAME),
        ("xl/con.xml", b"<x/>", GuardCode.ZIP_NAME),
        ("xl/big.xml", b"a" * 5_000_000, GuardCode.ZIP_RATIO),
    ],
)
def test_a_part_that_no_export_needs_is_refused(part: str, content: bytes, code: GuardCode) -> None:
    assert refused(workbook_with({part: content})) is code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="XFD1"><v>1</v></c>', GuardCode.TOO_MANY_COLUMNS),
        (b'<c r="AZ1048576"><v>1</v></c>', GuardCode.TOO_MANY_CELLS),
    ],
)
def test_a_sheet_that_spreads_its_cells_apart_is_refused(cell: bytes, code: GuardCode) -> None:
    assert refused(workbook_with({"xl/worksheets/sheet1.xml": SHEET.replace(b"</row>", cell + b"</row>")})) is code


def test_an_empty_formatted_cell_far_out_is_no_cell() -> None:
    far = SHEET.replace(b"</row>", b'<c r="XFD1" s="3"/></row>')

    assert guard_container(workbook_with({"xl/worksheets/sheet1.xml": far}), "export.xlsx").form is FileForm.XLSX


def test_a_list_of_parts_that_lies_about_a_size_is_refused() -> None:
    honest = zipped({"a.csv": b"a;b\n" * 40_000})
    place = honest.index(b"PK\x01\x02") + 24
    lying = honest[:place] + (100).to_bytes(4, "little") + honest[place + 4 :]

    assert refused(lying) in {GuardCode.NOT_SOUND, GuardCode.ZIP_RATIO}


def test_too_many_parts_are_refused() -> None:
    assert refused(zipped({f"{number}.csv": b"a\n1\n" for number in range(2_001)})) is GuardCode.ZIP_COUNT


def test_an_archive_in_an_archive_is_refused() -> None:
    assert refused(zipped({"inner.zip": zipped({"a.csv": b"a\n1\n"})})) is GuardCode.NESTED_ARCHIVE


def test_a_workbook_with_macros_inside_a_zip_is_refused() -> None:
    assert refused(zipped({"a.xlsx": workbook_with({"xl/vbaProject.bin": b"x"})})) is GuardCode.MACRO


def test_a_zip_without_a_table_is_refused() -> None:
    assert refused(zipped({"readme.pdf": b"x"})) is GuardCode.ZIP_EMPTY


def test_a_truncated_workbook_is_refused() -> None:
    content = workbook_with({})

    assert refused(content[: len(content) // 2]) is GuardCode.NOT_SOUND


def test_a_damaged_part_is_refused() -> None:
    content = bytearray(zipped({"a.csv": bytes(range(256)) * 50}))
    content[60:90] = b"\xff" * 30

    assert refused(bytes(content)) is GuardCode.NOT_SOUND


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, GuardCode.OLD_WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), GuardCode.PASSWORD),
        (b"%PDF-1.7", GuardCode.FILE_FORM),
        (b"\x1f\x8b\x08", GuardCode.FILE_FORM),
        (b"SQLite format 3\x00", GuardCode.FILE_FORM),
    ],
)
def test_a_file_is_judged_by_its_content_and_not_by_its_name(tmp_path: Path, head: bytes, code: GuardCode) -> None:
    path = tmp_path / "demandes.csv"
    path.write_bytes(head)

    with pytest.raises(FileRefused) as caught:
        guard_file(path)
    assert caught.value.code is code


def test_a_text_passes(tmp_path: Path) -> None:
    path = tmp_path / "demandes.csv"
    path.write_bytes(b"a;b\n1;2\n")

    assert guard_file(path) is FileForm.TEXT


def test_an_ods_that_repeats_cells_without_end_is_refused() -> None:
    cell = b'<table:table-cell table:number-columns-repeated="900" office:value-type="float" office:value="1"/>'
    row = b'<table:table-row table:number-rows-repeated="1000000">' + cell + b"</table:table-row>"
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x>" + row + b"</x>"}

    assert refused(zipped(parts)) is GuardCode.TOO_MANY_CELLS


def test_a_real_workbook_passes(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Demandes").write_row(0, 0, ["No", "Date"])

    assert guard_file(path) is FileForm.CONTAINER
    assert guard_container(path.read_bytes(), path.name).form is FileForm.XLSX
