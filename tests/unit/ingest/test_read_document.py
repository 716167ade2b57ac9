"""The tables of a Word document, and what is refused before it is read."""

import io
import zipfile

import pytest

from pipelines.ingest.guard_file import FileRefused, GuardCode
from pipelines.ingest.read_document import read_document
from tests.made_up_document import document, paragraph, table


def test_each_table_comes_with_its_heading_and_the_words_above_it() -> None:
    content = document(
        paragraph("Aide directe", "Titre1"),
        paragraph("Accompagnements"),
        table([["Type", "Heures"], ["IVAC", "73 h 30"]]),
        paragraph("Prévention", "Heading1"),
        table([["A", "1"]]),
    )
    first, second = read_document(content, "rapport.docx")

    assert (first.section, first.caption) == ("Aide directe", "Accompagnements")
    assert first.rows == (("Type", "Heures"), ("IVAC", "73 h 30"))
    assert (second.section, second.caption) == ("Prévention", "Prévention")


def test_cells_that_were_merged_keep_their_place() -> None:
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + paragraph("large")
    tall = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + paragraph("haut")
    covered = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
    (found,) = read_document(document(table([[wide, "c"], [tall, "1", "2"], [covered, "3"]])), "r.docx")

    assert found.rows == (("large", "", "c"), ("haut", "1", "2"), ("haut", "3", ""))


def test_deleted_words_are_out_and_inserted_ones_in() -> None:
    tracked = (
        "<w:p><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins><w:r><w:t>12</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>7</w:t></w:r></w:moveFrom></w:p>"
    )
    drawn_twice = (
        "<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>5</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t>5</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
    )
    (found,) = read_document(document(table([["a", tracked, drawn_twice]])), "r.docx")

    assert found.rows == (("a", "12", "5"),)


def test_a_table_inside_a_cell_is_a_table_of_its_own() -> None:
    outer = table([["a", table([["x", "1"]]) + paragraph("b")]])

    assert [found.rows for found in read_document(document(outer), "r.docx")] == [(("a", "b"),), (("x", "1"),)]


def test_pictures_links_and_workbooks_of_charts_stay_closed() -> None:
    parts = {
        "word/embeddings/Microsoft_Excel_Sheet.xlsx": b"PK\x03\x04anything",
        "word/_rels/document.xml.rels": b'<Relationships><Relationship TargetMode="External"/></Relationships>',
        "word/media/image1.png": b"\x89PNG",
    }

    assert len(read_document(document(table([["a", "1"]]), parts=parts), "r.docx")) == 1


def refused(content: bytes) -> GuardCode:
    with pytest.raises(FileRefused) as caught:
        read_document(content, "r.docx")
    return caught.value.code


def test_what_a_document_never_needs_is_refused() -> None:
    assert refused(document(head='<!DOCTYPE x [<!ENTITY a "b">]>')) is GuardCode.XML_DTD
    assert refused(document(parts={"word/vbaProject.bin": b"x"})) is GuardCode.MACRO
    assert refused(document(parts={"../evil": b"x"})) is GuardCode.ZIP_NAME
    assert refused(document("<w:p>" * 300 + "</w:p>" * 300)) is GuardCode.NOT_SOUND
    assert refused(document("<w:p>")) is GuardCode.NOT_SOUND
    assert refused(document(paragraph("a" * 5_000_000))) is GuardCode.ZIP_RATIO
    assert refused(document(table([["<w:tcPr><w:gridSpan w:val='99999999'/></w:tcPr>"]]))) is GuardCode.TOO_MANY_CELLS
    assert refused(b"PK\x03\x04 no zip") is GuardCode.NOT_SOUND


def test_a_zip_that_is_no_document_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", "a;b")

    assert refused(content.getvalue()) is GuardCode.FILE_FORM
