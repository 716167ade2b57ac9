"""Judge a workbook or a ZIP by its parts, without parsing any of them.

The list of parts is read first (names, sizes, methods); then every part is inflated in pieces, with
the sizes counted as they come, since a list can lie. What is looked for on the way is what a reader
must never meet: document types, macros, links to elsewhere, archives in archives, endless sheets.
The limits on inflation follow those of Apache POI (ZipSecureFile).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipelines.ingest.guard_file import FileForm, FileRefused, GuardCode, guard_head
from pipelines.ingest.scan_parts import RelationScan, SheetScan, SpreadsheetScan, XmlScan
from pipelines.language import Message, msg

MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 200_000_000
MAX_RATIO = 100
#: Small parts may be as regular as they like.
_RATIO_GRACE_BYTES = 100_000
_PIECE_BYTES = 1_000_000
#: The text of a report of hundreds of pages is far below this.
MAX_DOCUMENT_BYTES = 50_000_000
_DOCUMENT_PART = "word/document.xml"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED_BIT = 0x1
_SYMLINK_MODE = 0o120000
_MODE_MASK = 0o170000
_BAD_NAME = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
#: Windows takes these names for devices, with any suffix.
_DEVICE_NAME = re.compile(r"(?:^|[/\\])(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/\\]*)?(?:[/\\]|$)", re.IGNORECASE)
#: Files that a system leaves in its archives; they are no part of an export.
_LEFT_BY_SYSTEM = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)
TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".ods")
_XML_SUFFIXES = (".xml", ".rels", ".vml")

_FORBIDDEN_PARTS: tuple[tuple[re.Pattern[str], GuardCode, Message], ...] = (
    (
        re.compile(r"vbaProject|vbaData|^xl/macrosheets/|^xl/dialogsheets/|^Basic/|^Scripts/|^xl/ctrlProps/", re.I),
        GuardCode.MACRO,
        msg("it holds macros"),
    ),
    (
        re.compile(r"^xl/externalLinks/|^xl/connections\.|^xl/queryTables/|^customUI/", re.I),
        GuardCode.EXTERNAL_LINK,
        msg("it holds links to other files or sources"),
    ),
    (
        re.compile(r"^xl/embeddings/|^xl/activeX/|^xl/model/|^Object \d+/|^ObjectReplacements/", re.I),
        GuardCode.EMBEDDED_OBJECT,
        msg("it holds embedded objects"),
    ),
    (
        re.compile(r"^xl/pivotCache/|^xl/pivotTables/", re.I),
        GuardCode.PIVOT_CACHE,
        msg("it holds the source rows of a pivot table"),
    ),
    (
        re.compile(r"^xl/workbook\.bin$|^xl/worksheets/[^/]*\.bin$", re.I),
        GuardCode.FILE_FORM,
        msg("it is a binary workbook (.xlsb)"),
    ),
)


@dataclass(frozen=True)
class ZipMember:
    """One table of a ZIP of tables: its name without folders, its form and its bytes."""

    name: str
    form: FileForm
    content: bytes


@dataclass(frozen=True)
class Container:
    """What a sound container is; `members` only of a ZIP of tables, `unread` what of it is no table.

    `paths` are the names of all files of a ZIP with their folders: they may say whom the files are about.
    """

    form: FileForm
    members: tuple[ZipMember, ...] = ()
    unread: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


def guard_container(content: bytes, file: str) -> Container:
    """Raise `FileRefused` unless every part of the container may be read; tables of a ZIP are judged too."""
    return _Guard(content, file).judge(is_member=False)


def is_document(content: bytes) -> bool:
    """Whether the file says that it is a Word document; it is not judged yet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _DOCUMENT_PART in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, UnicodeDecodeError):
        return False


def guard_document(content: bytes, file: str) -> bytes:
    """The part of a Word document (.docx) that holds its text and tables; raises `FileRefused` unless it is sound.

    The list of parts is judged as that of a workbook. No other part is opened: pictures, links and the
    workbooks behind charts, which reports are full of, stay closed.
    """
    return _Guard(content, file).read_document()


class _Guard:
    """One container under judgement."""

    def __init__(self, content: bytes, file: str) -> None:
        self.content = content
        self.file = file
        self.inflated = 0

    def refuse(self, code: GuardCode, why: Message) -> FileRefused:
        return FileRefused(code, self.file, why=why)

    def judge(self, *, is_member: bool) -> Container:
        parts = self._sound_list()
        form = self._form(parts)
        if form is not FileForm.ZIP:
            self._judge_workbook(parts, form)
            return Container(form)
        if is_member:
            raise self.refuse(GuardCode.NESTED_ARCHIVE, msg("it holds an archive inside an archive"))
        return self._judge_tables(parts)

    def read_document(self) -> bytes:
        parts = {part.filename: part for part in self._sound_list()}
        if _DOCUMENT_PART not in parts or "[Content_Types].xml" not in parts:
            raise self.refuse(GuardCode.FILE_FORM, msg("it is no Word document (.docx)"))
        if any("vbaProject" in name for name in parts):
            raise self.refuse(GuardCode.MACRO, msg("it holds macros"))
        scan, pieces = XmlScan(self.file), []
        for piece in self.inflate(parts[_DOCUMENT_PART]):
            scan.feed(piece)
            pieces.append(piece)
            if self.inflated > MAX_DOCUMENT_BYTES:
                raise self._too_large()
        return b"".join(pieces)

    def _sound_list(self) -> list[zipfile.ZipInfo]:
        """The parts, names, sizes and methods of which were judged."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                parts = [part for part in archive.infolist() if not part.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, UnicodeDecodeError):
            raise self.refuse(GuardCode.NOT_SOUND, msg("it is not a sound workbook, or not a sound ZIP")) from None
        self._judge_list(parts)
        return parts

    def _judge_list(self, parts: list[zipfile.ZipInfo]) -> None:
        if len(parts) > MAX_MEMBERS:
            why = msg("it holds {count} parts, the limit is {limit}", count=len(parts), limit=MAX_MEMBERS)
            raise self.refuse(GuardCode.ZIP_COUNT, why)
        names = [part.orig_filename for part in parts]
        is_bad = any(_BAD_NAME.search(name) or _DEVICE_NAME.search(name) for name in names)
        is_link = any((part.external_attr >> 16) & _MODE_MASK == _SYMLINK_MODE for part in parts)
        if is_bad or is_link or len({name.casefold() for name in names}) < len(names):
            why = msg("the name of one of its parts points elsewhere, is reserved, or is given twice")
            raise self.refuse(GuardCode.ZIP_NAME, why)
        if any(part.flag_bits & _ENCRYPTED_BIT for part in parts):
            raise self.refuse(GuardCode.PASSWORD, msg("it is protected by a password"))
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise self.refuse(GuardCode.ZIP_METHOD, msg("its parts are compressed in an unusual way"))
        self._judge_sizes(parts)

    def _judge_sizes(self, parts: list[zipfile.ZipInfo]) -> None:
        if sum(part.compress_size for part in parts) > len(self.content):
            raise self.refuse(GuardCode.ZIP_RATIO, msg("its parts overlap"))
        if sum(part.file_size for part in parts) > MAX_INFLATED_BYTES:
            raise self._too_large()
        for part in parts:
            self._judge_ratio(part.file_size, part.compress_size)

    def _judge_ratio(self, inflated: int, compressed: int) -> None:
        if inflated > max(_RATIO_GRACE_BYTES, MAX_RATIO * compressed):
            why = msg("one of its parts swells more than {limit} times when it is opened", limit=MAX_RATIO)
            raise self.refuse(GuardCode.ZIP_RATIO, why)

    def _too_large(self) -> FileRefused:
        limit = MAX_INFLATED_BYTES
        return self.refuse(GuardCode.ZIP_SIZE, msg("once opened it holds more than {limit} bytes", limit=limit))

    def _form(self, parts: list[zipfile.ZipInfo]) -> FileForm:
        names = {part.filename for part in parts}
        for pattern, code, why in _FORBIDDEN_PARTS:
            is_workbook = "[Content_Types].xml" in names or "mimetype" in names
            if is_workbook and any(pattern.search(name) for name in names):
                raise self.refuse(code, why)
        if "xl/workbook.xml" in names:
            return FileForm.XLSX
        if "mimetype" in names and "content.xml" in names:
            return FileForm.ODS
        return FileForm.ZIP

    def _judge_workbook(self, parts: list[zipfile.ZipInfo], form: FileForm) -> None:
        for part in parts:
            scans = self._scans(part.filename, form)
            head = b""
            for piece in self.inflate(part):
                head = head or piece[:8]
                for scan in scans:
                    scan.feed(piece)
            if head.startswith(b"PK\x03\x04"):
                raise self.refuse(GuardCode.NESTED_ARCHIVE, msg("it holds an archive inside an archive"))
            for scan in scans:
                scan.close()

    def _scans(self, name: str, form: FileForm) -> list[XmlScan]:
        if not name.lower().endswith(_XML_SUFFIXES):
            return []
        scans = [XmlScan(self.file)]
        if form is FileForm.XLSX and name.startswith("xl/worksheets/") and name.endswith(".xml"):
            scans.append(SheetScan(self.file))
        elif form is FileForm.ODS and name in ("content.xml", "META-INF/manifest.xml"):
            scans.append(SpreadsheetScan(self.file))
        elif name.endswith((".rels", "[Content_Types].xml")):
            scans.append(RelationScan(self.file))
        return scans

    def inflate(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of a part as they come, whatever size the list of parts says."""
        start = part.header_offset
        lengths = self.content[start + 26 : start + _LOCAL_HEADER_BYTES]
        begin = (
            start + _LOCAL_HEADER_BYTES + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        )
        compressed = memoryview(self.content)[begin : begin + part.compress_size]
        if part.compress_type == zipfile.ZIP_STORED:
            yield self._count(part, bytes(compressed), len(compressed))
            return
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        rest, size = bytes(compressed), 0
        try:
            while rest and not inflater.eof:
                piece = inflater.decompress(rest, _PIECE_BYTES)
                rest, size = inflater.unconsumed_tail, size + len(piece)
                yield self._count(part, piece, size)
            # One piece may have been filled to the brim with nothing left to consume.
            while not inflater.eof and (piece := inflater.decompress(b"", _PIECE_BYTES)):
                size += len(piece)
                yield self._count(part, piece, size)
        except zlib.error:
            raise self.refuse(GuardCode.NOT_SOUND, msg("one of its parts is damaged")) from None
        if not inflater.eof or size != part.file_size:
            raise self.refuse(GuardCode.NOT_SOUND, msg("one of its parts is damaged"))

    def _count(self, part: zipfile.ZipInfo, piece: bytes, size: int) -> bytes:
        self.inflated += len(piece)
        if self.inflated > MAX_INFLATED_BYTES:
            raise self._too_large()
        self._judge_ratio(size, part.compress_size)
        return piece

    def _judge_tables(self, parts: list[zipfile.ZipInfo]) -> Container:
        members, unread = [], []
        for part in parts:
            name = PurePosixPath(part.filename.replace("\\", "/")).name
            if _LEFT_BY_SYSTEM.search(part.filename):
                continue
            content = b"".join(self.inflate(part))
            if not name.lower().endswith(TABLE_SUFFIXES):
                if content.startswith(b"PK\x03\x04"):
                    raise self.refuse(GuardCode.NESTED_ARCHIVE, msg("it holds an archive inside an archive"))
                unread.append(name)
                continue
            form = guard_head(content[:64], len(content), name)
            if form is FileForm.CONTAINER:
                inner = _Guard(content, name)
                inner.inflated = self.inflated
                form = inner.judge(is_member=True).form
                self.inflated = inner.inflated
            members.append(ZipMember(name, form, content))
        if not members:
            raise self.refuse(GuardCode.ZIP_EMPTY, msg("it holds no CSV, XLSX or ODS file"))
        if len({member.name.casefold() for member in members}) < len(members):
            raise self.refuse(GuardCode.ZIP_NAME, msg("two of its files have the same name"))
        paths = tuple(part.filename.replace("\\", "/") for part in parts)
        return Container(FileForm.ZIP, tuple(members), tuple(unread), paths)
