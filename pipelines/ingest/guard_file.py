"""Judge a file before any parser sees it: what it is, how large, and whether it may be opened at all.

The form is told by the content, never by the name: a workbook called .csv is a workbook. What is
refused carries a code that a procedure can quote (`ZIP_RATIO`) and a reason in the user's language.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pipelines.errors import InputRefused
from pipelines.language import Message, msg

#: A workbook or a ZIP larger than this is refused; a text file is limited by the reader, which streams it.
MAX_CONTAINER_BYTES = 50_000_000
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How the name of a stream of an encrypted workbook stands in the old container that holds it.
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_MAGIC = (
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"Rar!", "RAR"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"\x28\xb5\x2f\xfd", "ZSTD"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
)
_HEAD_BYTES = 64


class FileForm(StrEnum):
    """What a file is, by its content."""

    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    ZIP = "zip"
    #: Any of the three above, not yet opened.
    CONTAINER = "container"


class GuardCode(StrEnum):
    """Why a file was refused before it was read."""

    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_FORM = "FILE_FORM"
    OLD_WORKBOOK = "OLD_WORKBOOK"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a reason, not a secret
    NOT_SOUND = "NOT_SOUND"
    ZIP_COUNT = "ZIP_COUNT"
    ZIP_SIZE = "ZIP_SIZE"
    ZIP_RATIO = "ZIP_RATIO"
    ZIP_NAME = "ZIP_NAME"
    ZIP_METHOD = "ZIP_METHOD"
    ZIP_EMPTY = "ZIP_EMPTY"
    NESTED_ARCHIVE = "NESTED_ARCHIVE"
    MACRO = "MACRO"
    EXTERNAL_LINK = "EXTERNAL_LINK"
    EMBEDDED_OBJECT = "EMBEDDED_OBJECT"
    PIVOT_CACHE = "PIVOT_CACHE"
    XML_DTD = "XML_DTD"
    XML_ENCODING = "XML_ENCODING"
    TOO_MANY_CELLS = "TOO_MANY_CELLS"
    TOO_MANY_COLUMNS = "TOO_MANY_COLUMNS"
    CELL_TOO_LONG = "CELL_TOO_LONG"
    READER_TIME = "READER_TIME"
    READER_MEMORY = "READER_MEMORY"


class FileRefused(InputRefused):
    """A file that is not opened, or whose reading was stopped; `code` says which guard spoke."""

    def __init__(
        self, code: GuardCode, file: str, *, why: Message, to_do: Message | None = None, where: Message | None = None
    ) -> None:
        self.code = code
        super().__init__(
            msg("The file {file} is refused ({code})", file=file, code=code.value),
            where=where,
            why=why,
            to_do=to_do or msg("Export the file again; do not open and save it in a spreadsheet in between"),
        )


def guard_file(path: Path) -> FileForm:
    """`TEXT` or `CONTAINER`, by the first bytes; raises `FileRefused` for anything else.

    A container is judged further by `guard_container`, which needs its bytes.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if head.startswith(_OLE_MAGIC):
            raise _old_workbook(path.name, head + file.read(MAX_CONTAINER_BYTES))
    return guard_head(head, path.stat().st_size, path.name)


def guard_head(head: bytes, size: int, file: str) -> FileForm:
    """What `guard_file` says of a file that is in memory: its first bytes and its size."""
    if head.startswith(_ZIP_MAGIC):
        if size > MAX_CONTAINER_BYTES:
            raise FileRefused(
                GuardCode.FILE_TOO_LARGE,
                file,
                why=msg("it holds {size} bytes, the limit is {limit}", size=size, limit=MAX_CONTAINER_BYTES),
                to_do=msg("Export one year at a time"),
            )
        return FileForm.CONTAINER
    if head.startswith(_OLE_MAGIC):
        raise _old_workbook(file, head)
    for magic, form in _OTHER_MAGIC:
        if head.startswith(magic):
            raise FileRefused(
                GuardCode.FILE_FORM,
                file,
                why=msg("it is a file of the form {form}, whatever its name says", form=form),
                to_do=msg("Export the file as CSV, XLSX or ODS"),
            )
    return FileForm.TEXT


def _old_workbook(file: str, content: bytes) -> FileRefused:
    if _ENCRYPTED_STREAM in content:
        return FileRefused(
            GuardCode.PASSWORD,
            file,
            why=msg("it is protected by a password"),
            to_do=msg("Save it without a password in the centre's own folder, then run the command again"),
        )
    return FileRefused(
        GuardCode.OLD_WORKBOOK,
        file,
        why=msg("it has the old form of Excel (.xls), which may hold macros"),
        to_do=msg("Export the file as CSV, XLSX or ODS"),
    )
