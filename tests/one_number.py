"""One number, one text: what every output of a release writes for each answer of its one-way tables."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
from python_calamine import CalamineWorkbook

from pipelines.disclosure.reading.read_html import take_apart
from pipelines.disclosure.release_files import read_release
from pipelines.language import NO_BREAK_SPACE, Language

#: Output, table, label of an answer; and the text of its number there.
Told = Iterator[tuple[str, str, str, str]]
_KIND = re.compile(r"Table (?:Answer|Missing)")


def different_texts(folder: Path) -> set[tuple[str, str, str]]:
    """The output, table and answer whose number is not written as the cells and the one formatter say."""
    language = Language(take_apart((folder / "dashboard.html").read_text(encoding="utf-8")).language)
    release = read_release(folder)
    expected = {}
    for table in release.tables:
        if len(table.dimensions) == 1:
            for code in table.dimensions[0].codes:
                value = table.cell(code.code).value
                if value is not None and not code.parent:
                    expected[table.id, code.label.in_language(language)] = language.number(value)
    different = {(table, label, name) for name in _READERS for table, label in _lacking(folder, name, expected)}
    told = [each for read in _READERS.values() for each in read(folder, language)]
    different |= {
        (table, label, name) for name, table, label, text in told if expected.get((table, label), text) != text
    }
    return {(name, table, label) for table, label, name in different}


def _lacking(folder: Path, name: str, expected: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    """The numbers that an output does not tell at all; a picture or an alternative tells some."""
    if name not in ("dashboard.html", "tables.xlsx", "annexe_statistique.docx"):
        return set()
    language = Language("fr")
    return set(expected) - {(table, label) for _, table, label, _ in _READERS[name](folder, language)}


def _in_page(folder: Path, language: Language) -> Told:
    for chart in take_apart((folder / "dashboard.html").read_text(encoding="utf-8")).charts:
        for row in chart.rows:
            if row.kind in ("answer", "missing"):
                yield "dashboard.html", chart.id, row.cells[0].text.strip(), row.cells[1].text.strip()


def _in_workbook(folder: Path, language: Language) -> Told:
    book = CalamineWorkbook.from_path(str(folder / "tables.xlsx"))
    for name in book.sheet_names[3:]:
        rows = book.get_sheet_by_name(name).to_python()
        for row in rows[4:]:
            if row[0] and isinstance(row[1], float):
                yield "tables.xlsx", str(rows[2][1]), str(row[0]), language.number(int(row[1]))


def _in_annex(folder: Path, language: Language) -> Told:
    for table in docx.Document(str(folder / "annexe_statistique.docx")).tables:
        described = table._tbl.xpath("./w:tblPr/w:tblDescription/@w:val")[0]
        for row in table.rows:
            if _KIND.fullmatch(row.cells[0].paragraphs[0].style.name):
                yield "annexe_statistique.docx", described.split()[2], row.cells[0].text, row.cells[1].text


def _in_cells(folder: Path, language: Language) -> Told:
    release = read_release(folder)
    for line in (folder / "cells.csv").read_text(encoding="utf-8").splitlines()[1:]:
        table, _, _, name, code, *others, value, status = line.split(",")
        side = release.table(table).dimensions[0] if status == "shown" and not any(others) else None
        if side is not None and side.name == name and code in side.by_code:
            yield "cells.csv", table, side.by_code[code].label.in_language(language), language.number(int(value))


def _in_sentences(folder: Path, language: Language) -> Told:
    table = ""
    for line in (folder / "phrases.txt").read_text(encoding="utf-8").splitlines():
        block = re.fullmatch(r".* \[(\w+)\]", line)
        table = block[1] if block else table
        told = re.search(
            r", (?P<count>[\d\u00a0]+)(?: \([^()]*\))? relève(?:nt)? de «\u00a0(?P<label>.*)\u00a0»\.$", line
        )
        if told and "«" not in line[: told.start()]:
            yield "phrases.txt", table, told["label"], told["count"]


def _in_alternatives(folder: Path, language: Language) -> Told:
    for chart in take_apart((folder / "dashboard.html").read_text(encoding="utf-8")).charts:
        for text in chart.texts:
            yield from _after_colon("alternative", chart.id, text.text)


def _in_pictures(folder: Path, language: Language) -> Told:
    for path in sorted((folder / "figures").glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        table = path.stem.removesuffix("_demi")
        yield from _after_colon("picture alternative", table, text.partition("<desc>")[2].partition("</desc>")[0])
        yield from (("picture", *told) for told in _beside_bars(folder, table, text))


def _after_colon(output: str, table: str, text: str) -> Told:
    """`le plus grand des nombres montrés : Entourage, 43 (28,9 %).`"""
    for told in re.finditer(r": (?P<label>[^:.;]+), (?P<count>\d[\d\u00a0]*)(?: \(|\.)", text.replace("\u00a0:", ":")):
        yield output, table, told["label"], told["count"]


def _beside_bars(folder: Path, table: str, svg: str) -> Iterator[tuple[str, str, str]]:
    """In a drawing of one bar an answer the numbers stand in the order of the rows of the page's table."""
    charts = take_apart((folder / "dashboard.html").read_text(encoding="utf-8")).charts
    rows = next((chart.rows for chart in charts if chart.id == table and len(chart.rows[0].cells) == 3), [])
    notes = re.findall(r'<g class="annotation" data-index="(\d+)".*?<text[^>]*>([^<]*)</text>', svg, re.DOTALL)
    written = {int(place): text for place, text in notes}
    # A kind of missing answer that does not occur has no row in the drawing.
    drawn = (
        row for row in rows if row.kind == "answer" or (row.kind == "missing" and row.cells[1].text.strip() != "0")
    )
    labels = [row.cells[0].text.strip() for row in drawn]
    for place, label in enumerate(labels):
        if re.match(r"\d", written.get(place, "")):
            yield table, label, written[place].split(" (")[0]


_READERS = {
    "dashboard.html": _in_page,
    "tables.xlsx": _in_workbook,
    "annexe_statistique.docx": _in_annex,
    "cells.csv": _in_cells,
    "phrases.txt": _in_sentences,
    "alternative": _in_alternatives,
    "picture": _in_pictures,
}


def _instead(pattern: str, planted: str) -> Callable[[bytes], bytes]:
    return lambda old: re.sub(pattern.encode(), planted.encode(), old, count=1, flags=re.DOTALL)


def _inside(part: str, change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The same change in the parts of an archive that have this name."""

    def changed(old: bytes) -> bytes:
        written = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(old)) as archive, zipfile.ZipFile(written, "w") as new:
            for each in archive.infolist():
                content = archive.read(each)
                new.writestr(each, change(content) if re.fullmatch(part, each.filename) else content)
        return written.getvalue()

    return changed


#: For each output, its file and how the number of one answer (relationship: Entourage) becomes another there.
TOLD_IN: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "dashboard.html": (
        "dashboard.html",
        _instead(r'(<table data-name="relationship">.*?Entourage</th><td[^>]*>)\d+', r"\g<1>999"),
    ),
    "tables.xlsx": (
        "tables.xlsx",
        _inside(r"xl/worksheets/sheet5\.xml", _instead(r'(<c r="B5"[^>]*><v>)\d+', r"\g<1>999")),
    ),
    "annexe_statistique.docx": (
        "annexe_statistique.docx",
        _inside(r"word/document\.xml", _instead(r"(Entourage</w:t>.*?<w:t>)\d+", r"\g<1>999")),
    ),
    "cells.csv": ("cells.csv", _instead(r"(,relationship,classe_entourage,,,,,)\d+", r"\g<1>999")),
    "phrases.txt": (
        "phrases.txt",
        _instead(r", \d+( \([^()]*\))?( rel\S+ de «" + NO_BREAK_SPACE + "Entourage)", r", 999\g<1>\g<2>"),
    ),
    "alternative": ("dashboard.html", _instead(r'(id="chart-relationship".*?Entourage, )\d+', r"\g<1>999")),
    "picture": ("figures/relationship.svg", _instead(r'(data-index="0".*?<text[^>]*>)\d+', r"\g<1>999")),
}
