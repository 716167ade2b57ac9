"""What a published file says, whatever it is: texts, and grids of cells, out of archives, XML and pictures too.

The file may be anybody's: sizes are bounded, nothing it refers to is fetched, and no document type is obeyed.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.parsers import expat

LARGEST_FILE = 200_000_000
_MOST_PARTS = 2_000
_DEEPEST = 4
_PNG = b"\x89PNG\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}")
_SHORT_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)")
#: What Word, OpenDocument and web pages call the rows and cells of a table.
_ROWS, _CELLS = ("tr", "table-row"), ("tc", "td", "th", "table-cell")
#: XML attributes that people write in.
_SAID = frozenset(("title", "descr", "alt", "tooltip", "display", "aria-label", "desc", "label"))

Grid = Sequence[Sequence[str]]


class Unreadable(Exception):
    """A part of a file that is too large, or not what it says it is."""


@dataclass
class Unpacked:
    """What was found in a file; `name` says in which part of it."""

    name: str
    texts: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)


def unpack(name: str, content: bytes) -> Iterator[Unpacked]:
    """Every text and grid of a file and of the files inside it; raises `Unreadable`."""
    budget = [LARGEST_FILE]
    yield from _unpack(name, content, budget, _DEEPEST)


def decoded(text: str) -> Iterator[str]:
    """What a short text says besides: percent signs and base64 undone."""
    if (plain := unquote(text)) != text:
        yield plain
    packed = text.partition(";base64,")[2] or text
    if _SHORT_BASE64.fullmatch(packed.strip()):
        try:
            yield base64.b64decode(packed.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            return


def _unpack(name: str, content: bytes, budget: list[int], depth: int) -> Iterator[Unpacked]:
    budget[0] -= len(content)
    if budget[0] < 0 or depth < 0:
        raise Unreadable
    if content.startswith(_ZIP):
        yield from _unpack_zip(name, content, budget, depth)
    elif content.startswith(_PNG):
        yield Unpacked(name, list(_png_texts(content)))
    elif content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and not _is_html(content):
        yield from _unpack_xml(name, content)
    else:
        text = content.decode("utf-8", errors="replace")
        yield Unpacked(name, [text])
        for match in _BASE64.finditer(text):
            yield from _unpack_blob(name, match[0], budget, depth)


def _is_html(content: bytes) -> bool:
    return b"<html" in content[:1000].lower()


def _unpack_blob(name: str, blob: str, budget: list[int], depth: int) -> Iterator[Unpacked]:
    try:
        content = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True)
    except binascii.Error:
        return
    is_text = all(byte >= 32 or byte in b"\t\r\n" for byte in content)
    if is_text or content.startswith((_PNG, _ZIP)):
        yield from _unpack(f"{name} (base64)", content, budget, depth - 1)


def _unpack_zip(name: str, content: bytes, budget: list[int], depth: int) -> Iterator[Unpacked]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or archive.comment.strip():
                yield Unpacked(f"{name} (comment)", [archive.comment.decode("utf-8", errors="replace")])
            if len(parts) > _MOST_PARTS:
                raise Unreadable
            shared: list[str] = []
            # Excel keeps the texts of all the sheets in one part.
            for part in sorted(parts, key=lambda part: not part.filename.endswith("sharedStrings.xml")):
                with archive.open(part) as stream:
                    inner = stream.read(max(budget[0], 0) + 1)
                inside = f"{name}/{part.filename}"
                if part.filename.endswith("sharedStrings.xml"):
                    budget[0] -= len(inner)
                    shared = ["".join(node.texts()) for node in parse_xml(inner).all("si")]
                elif "worksheets/" in part.filename:
                    budget[0] -= len(inner)
                    yield Unpacked(inside, [], [_sheet(parse_xml(inner), shared)])
                    yield from _unpack_xml(inside, inner)
                else:
                    yield from _unpack(inside, inner, budget, depth - 1)
                if budget[0] < 0:
                    raise Unreadable
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, IndexError):
        fault = Unreadable()
    else:
        return
    raise fault


def _unpack_xml(name: str, content: bytes) -> Iterator[Unpacked]:
    """Text, comments and spoken attributes; rows of tables; the series of a chart."""
    root = parse_xml(content)
    grids: list[Grid] = []
    for table in root.all("tbl", "table"):
        grids.append([[" ".join(cell.texts()) for cell in row.all(*_CELLS)] for row in table.all(*_ROWS)])
    for series in root.all("ser"):
        sides = [[" ".join(point.texts()) for point in side.all("pt")] for side in series.all("cat", "val", "yVal")]
        if len(sides) == 2:
            title = next((" ".join(of.texts()) for of in series.all("tx")), "")
            grids.append([["", title], *(list(pair) for pair in zip(*sides, strict=False))])
    is_sheet = "worksheets/" in name
    texts = root.said if is_sheet else ["\n".join(root.texts()), *root.said]
    yield Unpacked(name, texts, grids)


def _sheet(root: XmlNode, shared: Sequence[str]) -> Grid:
    """A worksheet as lines of texts, each at its column."""
    lines: list[list[str]] = []
    for row in root.all("row"):
        line: list[str] = []
        for cell in row.all("c"):
            column = _column_number(cell.attributes.get("r", ""))
            line += [""] * (min(column, 20_000) - len(line))
            value = "".join(text for node in cell.all("v", "t") for text in node.texts())
            line.append(shared[int(value)] if cell.attributes.get("t") == "s" and value else value)
        lines.append(line)
    return lines


def _column_number(reference: str) -> int:
    number = 0
    for letter in re.match("[A-Z]{0,3}", reference)[0]:  # type: ignore[index]
        number = number * 26 + ord(letter) - ord("A") + 1
    return max(number - 1, 0)


def _png_texts(content: bytes) -> Iterator[str]:
    """The text chunks of a picture, and whatever follows its end."""
    place = len(_PNG)
    while place + 12 <= len(content):
        size, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + size]
        place += 12 + size
        if kind == b"tEXt":
            # Latin by its rules, and often not.
            yield body.replace(b"\0", b" ").decode("latin-1")
            yield body.replace(b"\0", b" ").decode("utf-8", errors="replace")
        elif kind in (b"zTXt", b"iTXt"):
            yield _inflated(body)
        elif kind == b"IEND":
            break
    yield content[place:].decode("utf-8", errors="replace")


def _inflated(body: bytes) -> str:
    """A compressed text chunk, or an international one that may be compressed: each stream in it is tried."""
    for start in range(len(body)):
        if body[start : start + 1] == b"\x78":
            try:
                inside = zlib.decompressobj().decompress(body[start:], 1_000_000)
            except zlib.error:
                continue
            return body[:start].decode("utf-8", errors="replace") + " " + inside.decode("utf-8", errors="replace")
    return body.replace(b"\0", b" ").decode("utf-8", errors="replace")


@dataclass
class XmlNode:
    """An XML element by its local name; `said` is kept on the root alone."""

    name: str
    attributes: dict[str, str]
    children: list[XmlNode | str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[XmlNode]:
        """The nearest elements below that have one of these names."""
        for child in self.children:
            if isinstance(child, XmlNode):
                if child.name in names:
                    yield child
                else:
                    yield from child.all(*names)

    def texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child.texts()


def parse_xml(content: bytes) -> XmlNode:
    """The elements of an XML text, under a root without a name; raises `Unreadable`."""
    root = XmlNode("", {})
    open_nodes = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        local = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        root.said += [value for key, value in local.items() if key in _SAID or key.startswith("data-")]
        node = XmlNode(name.rpartition(":")[2], local)
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
        if len(open_nodes) > 200:
            raise Unreadable

    def end(name: str) -> None:
        open_nodes.pop()

    def refuse(*told: object) -> None:
        raise Unreadable

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: open_nodes[-1].children.append(text)
    parser.CommentHandler = root.said.append
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        fault = Unreadable()
    else:
        return root
    raise fault
