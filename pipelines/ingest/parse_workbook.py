"""The child process that parses a workbook: it has no files, no network, little memory and little time.

Run as a file of its own by `read_workbook`, with nothing of this package imported, so that it starts
in some tens of milliseconds. On its standard input: one line of JSON (how to write cells, the
limits), then the workbook. On its standard output: one JSON object, all cells as text.
Whatever goes wrong ends in an exit code; no message, which could hold a cell, is ever written.
"""

from __future__ import annotations

import contextlib
import datetime
import html
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

#: Exit codes: a workbook that is not one, one behind a password, not enough memory.
NOT_SOUND, PASSWORD, NO_MEMORY = 65, 66, 67
#: Seen from a reader, a part of a workbook is a name and its text.
_COMMENTS = re.compile(r"xl/(?:comments|threadedComments)[^/]*(?:/[^/]*)?\.xml$", re.IGNORECASE)
_PERSONS = re.compile(r"xl/persons/[^/]*\.xml$", re.IGNORECASE)
_DRAWINGS = re.compile(r"xl/(?:drawings|charts)/[^/]*\.xml$", re.IGNORECASE)
_PROPERTIES = re.compile(r"(?:docProps/(?:core|app|custom)|meta)\.xml$", re.IGNORECASE)
#: Properties that a program writes about itself or about the shape of the file.
_TECHNICAL = frozenset(
    (
        "Application", "AppVersion", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged",
        "TotalTime", "created", "modified", "revision", "generator", "creation-date", "date", "editing-cycles",
        "editing-duration", "document-statistic", "HeadingPairs", "TitlesOfParts", "language", "contentStatus",
        "version", "lastPrinted", "print-date", "Template", "template", "identifier",
    )
)  # fmt: skip
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ODS_MARGINS = ("header", "footer", "header-left", "footer-left", "header-first", "footer-first")
_ODS_NAME = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name"
_ERROR_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*\bt=\"e\"")
_FORMULA_WITHOUT_VALUE = re.compile(rb"</(?:\w+:)?f>\s*</(?:\w+:)?c>|<(?:\w+:)?f(?:\s[^>]*)?/>\s*</(?:\w+:)?c>")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*?\br=\"(\d+)\"")
_COLUMN = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ATTRIBUTE = re.compile(rb"(\w+)=\"([^\"]*)\"")
_HEAD_OR_FOOT = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>([^<]+)<")
#: A drop-down list that is written out in place: its words lie in no cell.
_LIST_IN_PLACE = re.compile(rb"<(?:\w+:)?formula1>(?:\"|&quot;)([^<]+?)(?:\"|&quot;)<")
_LINK = re.compile(r"<[^>]*/hyperlink\"[^>]*>")
_TARGET = re.compile(r"Target=\"([^\"]*)\"")


def set_limits(memory: int, seconds: int) -> None:
    """No file, no socket, no child, no core dump; memory in bytes, processor time in seconds."""
    import resource

    for what, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        # Standard input, output and errors are open already; nothing else can be.
        (resource.RLIMIT_NOFILE, 3),
    ):
        # A system that knows no such limit, or a lower one, keeps its own.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))


def cell_text(cell: object, date_format: str, decimal: str) -> str:
    """A typed cell, written as the text files of the same source would write it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, datetime.datetime):
        if "%H" in date_format or cell.time() == datetime.time():
            return cell.strftime(date_format)
        return f"{cell.strftime(date_format)} {cell.time().isoformat()}"
    if isinstance(cell, datetime.date):
        return cell.strftime(date_format)
    if isinstance(cell, datetime.time):
        return cell.isoformat()
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell))
        # Fifteen significant digits are what a spreadsheet keeps and shows: 0.1 + 0.2 is 0.3 there.
        return format(Decimal(f"{cell:.15g}"), "f").replace(".", decimal)
    return str(cell)


def parse(content: bytes, settings: dict[str, Any]) -> dict[str, Any]:
    """Everything that a workbook says, as text: sheets, properties, comments, other texts."""
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = _sheet_parts(archive)
    sheets = []
    for metadata in workbook.sheets_metadata:
        if metadata.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or ()]
        rows = [
            [cell_text(cell, settings["date_format"], settings["decimal"]) for cell in row]
            for row in sheet.to_python(skip_empty_area=False)
        ]
        shape = _sheet_shape(archive, parts.get(metadata.name))
        is_visible = metadata.visible == python_calamine.SheetVisibleEnum.Visible
        sheets.append({"name": metadata.name, "is_visible": is_visible, "rows": rows, "merged": merged, **shape})
    return {"sheets": sheets, **_other_texts(archive)}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of an XLSX in which each sheet lies; nothing for an ODS."""
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - DTDs were refused
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - DTDs were refused
    parts = {}
    for sheet in book.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "")
        parts[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _sheet_shape(archive: zipfile.ZipFile, part: str | None) -> dict[str, Any]:
    """What a reader of cells alone does not see: hidden columns and rows, errors, formulas without a value."""
    shape: dict[str, Any] = {"hidden_columns": [], "hidden_rows": [], "errors": 0, "without_value": 0, "margins": []}
    if part is None or part not in archive.namelist():
        return shape
    content = archive.read(part)
    for column in _COLUMN.findall(content[: content.find(b"<sheetData") + 1 or 65_536]):
        given = {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(column)}
        if given.get("hidden") in ("1", "true"):
            first, last = int(given.get("min", "1")), int(given.get("max", "1"))
            shape["hidden_columns"].extend(range(first - 1, min(last, first + 1_000)))
    shape["hidden_rows"] = [int(number) for number in _HIDDEN_ROW.findall(content)]
    shape["errors"] = len(_ERROR_CELL.findall(content))
    shape["without_value"] = len(_FORMULA_WITHOUT_VALUE.findall(content))
    shape["margins"] = [text.decode("utf-8", "replace") for text in _HEAD_OR_FOOT.findall(content[-65_536:])]
    for words in _LIST_IN_PLACE.findall(content[content.rfind(b"</sheetData>") :]):
        shape["margins"] += html.unescape(words.decode("utf-8", "replace")).split(",")
    return shape


def _other_texts(archive: zipfile.ZipFile) -> dict[str, Any]:
    """What lies around the cells: properties, comments, and texts of drawings, links and defined names."""
    properties: list[list[str]] = []
    comments: list[str] = []
    texts: list[str] = []
    pictures = 0
    for name in archive.namelist():
        pictures += name.startswith(("xl/media/", "Pictures/"))
        if _PROPERTIES.search(name):
            properties.extend(_properties_of(archive.read(name)))
        elif _COMMENTS.search(name):
            comments.extend(_texts_of(archive.read(name), "comment", "threadedComment"))
        elif _PERSONS.search(name):
            properties.extend(["persons", person] for person in _persons_of(archive.read(name)))
        elif _DRAWINGS.search(name):
            texts.extend(_texts_of(archive.read(name), "txBody", "tx", "v"))
        elif name.endswith(".rels") and name.startswith("xl/worksheets/"):
            texts.extend(_links_of(archive.read(name).decode("utf-8", "replace")))
        elif name == "content.xml":
            comments.extend(_texts_of(archive.read(name), "annotation"))
        elif name == "styles.xml":
            texts.extend(_texts_of(archive.read(name), *_ODS_MARGINS))
        elif name == "xl/workbook.xml":
            texts.extend(_texts_of(archive.read(name), "definedName"))
    return {"properties": properties, "comments": comments, "texts": texts, "pictures": pictures}


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _properties_of(content: bytes) -> Iterator[list[str]]:
    """Name and text of each property; an ODS wraps them once more than an XLSX."""
    root = ElementTree.fromstring(content)  # noqa: S314 - DTDs were refused
    for element in (child for parent in root.iter() if parent is root or _local(parent) == "meta" for child in parent):
        text = " ".join(" ".join(element.itertext()).split())
        if text and _local(element) not in _TECHNICAL | {"meta"}:
            yield [element.get("name") or element.get(_ODS_NAME) or _local(element), text]


def _texts_of(content: bytes, *kinds: str) -> list[str]:
    """The text under each element of these kinds; runs of one text are joined."""
    root = ElementTree.fromstring(content)  # noqa: S314 - DTDs were refused
    found = ["".join(element.itertext()).strip() for element in root.iter() if _local(element) in kinds]
    return [text for text in found if text]


def _persons_of(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)  # noqa: S314 - DTDs were refused
    return [element.get("displayName", "") for element in root.iter() if _local(element) == "person"]


def _links_of(content: str) -> list[str]:
    return [target for link in _LINK.findall(content) for target in _TARGET.findall(link)]


def main() -> int:
    """Read, parse, write; the exit code says what went wrong."""
    settings = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    # What is needed is loaded before the door is shut.
    import encodings.cp437
    import encodings.idna
    import zlib

    import python_calamine

    _ = (zlib, encodings.cp437, encodings.idna)
    set_limits(settings["memory"], settings["seconds"])
    try:
        written = json.dumps(parse(content, settings), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except MemoryError:
        return NO_MEMORY
    except python_calamine.PasswordError:
        return PASSWORD
    except BaseException:  # noqa: BLE001 - a panic of the parser is no Exception, and its words may hold a cell
        return NOT_SOUND
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
