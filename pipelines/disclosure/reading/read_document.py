"""Read the annex and the sentences of a folder back, as strictly as its page.

In the annex each table tells the id of its own, and each row its kind by its style, so a number is judged at its
cell; in the file of sentences each stands under the id of its table.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipelines.disclosure.reading.page_numbers import KnownTexts, PageNumber, TableFacts, in_minutes
from pipelines.disclosure.reading.read_html import LooseText, PageCell, PageChart, PageRow
from pipelines.disclosure.reading.read_page import PageLeak, chart_numbers, is_explained
from pipelines.disclosure.reading.read_sentences import told_numbers
from pipelines.disclosure.reading.read_series import read_series, series_changes
from pipelines.disclosure.reading.unpack_file import Unreadable, XmlNode, parse_xml, unpack
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Language

_DOCUMENT = "word/document.xml"
_LARGEST_PART = 50_000_000
_ROW_STYLE = re.compile(r"Table(Answer|Detail|Missing|Total)")
#: The day on which a file was made.
_DATE = re.compile(r"\d{1,2}(?:er)?[\u00a0 ]\w+ \d{4}|\w+ \d{1,2}, \d{4}")
_BLOCK = re.compile(r"(?P<title>.*) \[(?P<id>\w+)\]")


def read_sentences(name: str, text: str, language: str, release: Release) -> Iterator[PageLeak]:
    """What the file of sentences says beyond the cells: each line under the id of its table."""
    judge = _Judge(name, language, release)
    tables: tuple[str, ...] = ()
    for line in text.splitlines():
        block = _BLOCK.fullmatch(line)
        if block is not None:
            tables = (block["id"],)
        elif not line:
            tables = ()
        else:
            yield from judge.sentence(line, tables)


def read_document(name: str, content: bytes, language: str, release: Release) -> Iterator[PageLeak]:
    """What the annex says beyond the cells; raises `Unreadable` if it is not a document of Word."""
    judge = _Judge(name, language, release)
    for block in _blocks(parse_xml(_part(content, _DOCUMENT))):
        yield from judge.block(block)
    for part in unpack(name, content):
        # Beside the text: notes, comments, heads of pages, words packed in a picture. Bare numbers are of the format.
        if not part.name.endswith(_DOCUMENT):
            grids = [" ".join(row) for grid in part.grids for row in grid]
            lines = (line for text in (*part.texts, *grids) for line in text.splitlines())
            said = (line for line in lines if not re.fullmatch(r"[\d\s.,TZ:-]*", line))
            yield from (leak for line in said for leak in judge.sentence(line, ()))


@dataclass
class _Block:
    """What stands from one heading to the next: its tables with the ids that they tell, and its paragraphs."""

    ids: list[str] = field(default_factory=list)
    tables: list[list[PageRow]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class _Judge:
    """Sets the texts of a file against the shown cells of a release."""

    def __init__(self, name: str, language: str, release: Release) -> None:
        self._name, self._release = name, release
        self._known = KnownTexts(release, language)
        self._facts = {table.id: TableFacts(table) for table in release.tables}
        own = {text for table in release.tables for text in _own_texts(table, Language(language))}
        self._own = sorted(own, key=lambda text: (-len(text), text))

    def block(self, block: _Block) -> Iterator[PageLeak]:
        """A chart of the annex: its tables cell by cell, its sentences as those of the file of sentences."""
        ids = tuple(dict.fromkeys(each for each in block.ids if each in self._facts))
        texts = block.texts
        for rows in block.tables:
            if not ids:
                cells = [cell.text for row in rows for cell in row.cells]
                yield from (leak for text in cells for leak in self.sentence(text, ()))
                continue
            chart = PageChart(ids[0], rows)
            yield from self._wrong(chart_numbers(chart, self._release, self._known))
            if series := read_series(chart, self._release.table(chart.id), self._release):
                told = [series_changes(series, LooseText("text", text), self._known.language) for text in texts]
                yield from self._wrong(number for numbers, _ in told for number in numbers)
                texts = [in_minutes(rest) if series.holds_hours else rest for _, rest in told]
        for text in texts:
            yield from self.sentence(text, ids)

    def sentence(self, text: str, tables: Sequence[str]) -> Iterator[PageLeak]:
        """A sentence about one of these tables; outside of them no number counts anything.

        What the tables say of themselves is no sentence about a number, whatever answers it names.
        """
        for own in self._own:
            text = text.replace(own, " ")
        known = [self._release.table(each) for each in tables if each in self._facts]
        found = [list(self._wrong(told_numbers(table, LooseText("text", text), self._known))) for table in known]
        if not known and re.search(r"\d", self._known.without_them(_DATE.sub(" ", text))):
            yield PageLeak(tables[0] if tables else "", (), self._name)
        elif all(found):
            yield from (leak for leaks in found[:1] for leak in leaks)

    def _wrong(self, numbers: Iterable[PageNumber]) -> Iterator[PageLeak]:
        for number in numbers:
            if not is_explained(number, self._facts):
                yield PageLeak(number.table, number.cells, f"{self._name}, {number.place}")


def _own_texts(table: ReleaseTable, language: Language) -> Iterator[str]:
    told = (table.population, table.coverage, table.definition, *table.notes)
    return (text.in_language(language) for text in told if text is not None)


def _part(content: bytes, name: str) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as stream:
            inner = stream.read(_LARGEST_PART + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, KeyError):
        inner = b""
    if not inner or len(inner) > _LARGEST_PART:
        raise Unreadable
    return inner


def _blocks(document: XmlNode) -> Iterator[_Block]:
    block = _Block()
    for body in document.all("body"):
        for node in body.children:
            if not isinstance(node, XmlNode):
                continue
            if node.name == "tbl":
                block.tables.append(_rows(node))
                block.ids += _ids(node)
                continue
            if _style_of(node).startswith(("Heading", "Title")):
                yield block
                block = _Block()
            block.texts.append("".join(node.texts()))
            for drawing in node.all("docPr"):
                block.ids.append(drawing.attributes.get("name", ""))
                block.texts += [drawing.attributes.get(name, "") for name in ("descr", "title")]
    yield block


def _rows(table: XmlNode) -> list[PageRow]:
    rows = []
    for row in table.all("tr"):
        cells = [" ".join("".join(line.texts()) for line in cell.all("p")) for cell in row.all("tc")]
        kind = next((_ROW_STYLE.fullmatch(_style_of(line)) for line in row.all("p")), None)
        made = [PageCell(not place or kind is None, text) for place, text in enumerate(cells)]
        rows.append(PageRow(kind[1].lower() if kind else "", made))
    return rows


def _ids(table: XmlNode) -> list[str]:
    """The words of a table's description, among which the ids of its tables are."""
    said = (node.attributes.get("val", "") for node in table.all("tblDescription"))
    return [word for text in said for word in re.findall(r"\w+", text)]


def _style_of(paragraph: XmlNode) -> str:
    return next((style.attributes.get("val", "") for style in paragraph.all("pStyle")), "")
