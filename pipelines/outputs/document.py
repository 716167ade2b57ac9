"""The statistical annex of a report as a Word document: headings, real tables, pictures, ready sentences.

What a screen reader needs is there: the language and the title of the document, headings in their order, a
row of headings that is repeated on each page, a text for each picture and each table. One set of styles, and
nothing told by colour alone; a number that is not there is a sign in letters, explained at the beginning.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.disclosure.release_table import Release
from pipelines.language import Language
from pipelines.outputs.document_styles import make_document
from pipelines.outputs.report_sections import ReportSection, charts_once, cover_lines, report_title

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Row

DOCUMENT = "annexe_statistique.docx"
#: The sentences of a table that the document repeats: its total and its first answers; `phrases.txt` has them all.
_SENTENCES = 4
#: Beside the row headings; a table with more columns is told in parts, which fit on a sheet held upright.
_MOST_COLUMNS = 6
_PICTURE_WIDTH_CM = 16
#: With its heading and its caption, what a sheet holds.
_PICTURE_HEIGHT_CM = 18
#: No clock in an archive: the same release gives the same bytes.
_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class DocumentParts:
    """What the document shows: the charts, and for each table id its sentences and the file of its picture, if any."""

    sections: Sequence[ReportSection]
    sentences: Mapping[str, Sequence[str]]
    pictures: Mapping[str, Path]


def write_document(
    parts: DocumentParts, release: Release, language: Language, path: Path, *, made_on: datetime.date
) -> None:
    """Write the annex; the same release gives the same bytes."""
    author = release.centre_name.in_language(language)
    document = make_document(report_title(release, language), author, language, made_on)
    for line in cover_lines(release, language, made_on):
        document.add_paragraph(line)
    writer = _Writer(document, parts, language)
    told: set[str] = set()
    for section in parts.sections:
        charts = charts_once(section, told)
        if charts:
            document.add_heading(section.title, level=1)
        for chart in charts:
            writer.add_chart(chart)
    written = io.BytesIO()
    document.save(written)
    path.write_bytes(_without_dates(written.getvalue()))


class _Writer:
    """Adds charts to a document, and numbers its figures and its tables."""

    def __init__(self, document: Document, parts: DocumentParts, language: Language) -> None:
        self._document, self._parts, self._language = document, parts, language
        self._figures = self._tables = 0

    def add_chart(self, chart: Mapping[str, Any]) -> None:
        """A heading, what is counted, the picture, the table, what to know of it, and sentences to take along."""
        add = self._document.add_paragraph
        self._document.add_heading(chart["title"], level=2)
        add(chart["subtitle"], style="Subtitle")
        picture = self._parts.pictures.get(chart["id"])
        if picture is None:
            add(chart["alternative"])
        else:
            self._add_picture(chart, picture)
        if chart["table"] is None:
            # Nothing was told, for a reason that stands there already.
            return
        self._add_tables(chart)
        for note in filter(None, (chart["missing"], *chart["notes"])):
            add(note, style="Note")
        for table_id in chart["tables"]:
            for sentence in self._parts.sentences.get(table_id, ())[:_SENTENCES]:
                add(sentence, style="List Bullet")

    def _add_picture(self, chart: Mapping[str, Any], picture: Path) -> None:
        from docx.shared import Cm

        self._figures += 1
        caption = self._language.say("Figure {count}. {title}", count=self._figures, title=chart["title"])
        self._document.add_paragraph(caption, style="Caption")
        shape = self._document.add_picture(str(picture), width=Cm(_PICTURE_WIDTH_CM))
        if shape.height > Cm(_PICTURE_HEIGHT_CM):
            shape.width = int(shape.width * Cm(_PICTURE_HEIGHT_CM) / shape.height)
            shape.height = Cm(_PICTURE_HEIGHT_CM)
        properties = shape._inline.docPr
        properties.set("name", chart["id"])
        properties.set("descr", chart["alternative"])

    def _add_tables(self, chart: Mapping[str, Any]) -> None:
        """The twin of the drawing; a wide one in parts, each with its row headings."""
        twin, say = chart["table"], self._language.say
        self._tables += 1
        columns = range(1, len(twin["header"]))
        parts = [columns[start : start + _MOST_COLUMNS] for start in range(0, len(columns), _MOST_COLUMNS)]
        for number, part in enumerate(parts, start=1):
            caption = say("Table {count}. {title}", count=self._tables, title=twin["caption"])
            if number > 1:
                caption = say("{caption} (continued)", caption=caption)
            self._document.add_paragraph(caption, style="Caption")
            table = self._document.add_table(len(twin["rows"]) + 1, len(part) + 1, style="Table Grid")
            _describe(
                table, twin["caption"], say("Numbers of {tables} in cells.csv", tables=", ".join(chart["tables"]))
            )
            rows = list(table.rows)
            _fill(rows[0], [twin["header"][0], *(twin["header"][column] for column in part)], "TableHeading")
            _repeat(rows[0])
            for row, line in zip(rows[1:], twin["rows"], strict=True):
                texts = [line["label"], *(line["cells"][column - 1]["text"] for column in part)]
                _fill(row, texts, f"Table{line['kind'].capitalize()}")
            self._document.add_paragraph(style="Note")


def _fill(row: _Row, texts: Sequence[str], style_id: str) -> None:
    """The texts of a row: its heading at the left, its numbers at the right."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        # By its id: a style is looked for by its name among all, once a cell.
        paragraph._p.style = style_id
        paragraph.add_run(text)
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.left_indent = 0
    _set(row._tr.get_or_add_trPr(), "w:cantSplit")


def _repeat(row: _Row) -> None:
    """The row of headings stands again at the top of each page, and is told with each cell."""
    _set(row._tr.get_or_add_trPr(), "w:tblHeader")


def _describe(table: Table, title: str, description: str) -> None:
    """What a screen reader says of a table before its cells; and that its first column holds headings."""
    properties = table._tbl.tblPr
    _set(properties, "w:tblCaption", title)
    _set(properties, "w:tblDescription", description)


def _set(parent: Any, name: str, value: str = "") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(name)
    if value:
        element.set(qn("w:val"), value)
    parent.append(element)


def _without_dates(document: bytes) -> bytes:
    """The same archive, its parts in their order, without the moment at which each was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part))
    return written.getvalue()
