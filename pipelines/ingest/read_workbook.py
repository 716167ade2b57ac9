"""Read the sheets of an XLSX or ODS workbook as text, in a child process with limits.

The guards have passed before; the child is the second line: a workbook that makes its parser crash,
grow or run for ever ends that child and nothing else. What the child says is read as plain JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.ingest.guard_file import FileRefused, GuardCode
from pipelines.ingest.parse_workbook import NO_MEMORY, NOT_SOUND, PASSWORD
from pipelines.language import Message, msg, msg_count

_CHILD = Path(__file__).with_name("parse_workbook.py")
MEMORY_BYTES = 2_000_000_000
PROCESSOR_SECONDS = 30
#: A machine under load gives a process less than it asks for.
WALL_SECONDS = 90
#: A cell longer than this is a document, not an answer.
MAX_CELL_CHARACTERS = 4_096


@dataclass(frozen=True)
class Sheet:
    """One sheet as it lies, from its first cell (A1): rows of texts, all as long as the longest."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    is_visible: bool = True
    #: First row, first column, last row, last column of each merged range, counted from 0.
    merged: tuple[tuple[int, int, int, int], ...] = ()
    #: Counted from 0.
    hidden_columns: tuple[int, ...] = ()
    #: As the spreadsheet numbers them, from 1.
    hidden_rows: tuple[int, ...] = ()
    #: Cells that hold an error such as a division by zero: read as empty.
    errors: int = 0
    #: Formulas whose result was not kept in the file: read as empty.
    without_value: int = 0
    #: Texts of the printed head and foot, and the words of drop-down lists that no cell holds.
    margins: tuple[str, ...] = ()

    def spread_merged(self, last_row: int) -> tuple[tuple[str, ...], ...]:
        """The rows before `last_row` (from 0, excluded) with merged texts in every cell they cover: headers."""
        rows = [list(row) for row in self.rows[:last_row]]
        for top, left, bottom, right in self.merged:
            if top < len(rows) and left < len(rows[top]):
                text = rows[top][left]
                for row in rows[top : bottom + 1]:
                    row[left : right + 1] = [text] * len(row[left : right + 1])
        return tuple(tuple(row) for row in rows)


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook and what lies around their cells."""

    name: str
    sheets: tuple[Sheet, ...]
    #: Name and text of each property that a person may have filled: author, title, company, ...
    properties: tuple[tuple[str, str], ...] = ()
    comments: tuple[str, ...] = ()
    #: Texts of drawings, charts, links and defined names.
    texts: tuple[str, ...] = ()
    pictures: int = field(default=0)

    def notices(self) -> tuple[Message, ...]:
        """What a person who opens the workbook may not see, or that no reader can read."""
        notices = []
        for sheet in self.sheets:
            if not sheet.is_visible:
                notices.append(msg("the sheet {sheet} is hidden", sheet=sheet.name))
            notices.extend(_notices_of(sheet))
        for count, notice in (
            (len(self.comments), msg_count("{count} comment", "{count} comments", len(self.comments))),
            (self.pictures, msg_count("{count} picture, not read", "{count} pictures, not read", self.pictures)),
        ):
            if count:
                notices.append(notice)
        return tuple(notices)


def _notices_of(sheet: Sheet) -> list[Message]:
    counts = (
        (len(sheet.hidden_columns), "columns"),
        (len(sheet.hidden_rows), "rows"),
        (sheet.errors, "errors"),
        (sheet.without_value, "without_value"),
    )
    told = []
    for count, kind in counts:
        if count:
            said = {
                "columns": msg_count("{count} hidden column", "{count} hidden columns", count),
                "rows": msg_count("{count} hidden row", "{count} hidden rows", count),
                "errors": msg_count("{count} error cell, read as empty", "{count} error cells, read as empty", count),
                "without_value": msg_count(
                    "{count} formula without its result, read as empty",
                    "{count} formulas without their results, read as empty",
                    count,
                ),
            }[kind]
            told.append(msg("sheet {sheet}: {notice}", sheet=sheet.name, notice=said))
    return told


def read_workbook(content: bytes, file: str, *, date_format: str = "%Y-%m-%d", decimal: str = ".") -> Workbook:
    """Every sheet of a workbook that has passed `guard_container`.

    Dates and decimals are written as said; a moment keeps its time. Raises `FileRefused` when the
    workbook is not sound, asks for a password, holds a document in a cell, or exceeds the limits of
    the child.
    """
    settings = {
        "date_format": date_format,
        "decimal": decimal,
        "memory": MEMORY_BYTES,
        "seconds": PROCESSOR_SECONDS,
    }
    told = _run_child(json.dumps(settings).encode() + b"\n" + content, file)
    sheets = tuple(_sheet(sheet) for sheet in told["sheets"])
    for sheet in sheets:
        _require_short_cells(sheet, file)
    return Workbook(
        file,
        sheets,
        properties=tuple((str(name), str(text)) for name, text in told["properties"]),
        comments=tuple(told["comments"]),
        texts=tuple(told["texts"]),
        pictures=int(told["pictures"]),
    )


def _run_child(given: bytes, file: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            # -P: the folder of the child is not where it looks for modules.
            [sys.executable, "-P", str(_CHILD)],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal(GuardCode.READER_TIME, file) from None
    if done.returncode == 0:
        told: dict[str, Any] = json.loads(done.stdout.decode("utf-8", "surrogatepass"))
        return told
    # A negative code is a signal: the kernel's for time, the parser's own abort for memory.
    code = {
        NOT_SOUND: GuardCode.NOT_SOUND,
        PASSWORD: GuardCode.PASSWORD,
        NO_MEMORY: GuardCode.READER_MEMORY,
        -24: GuardCode.READER_TIME,
        -9: GuardCode.READER_TIME,
        -6: GuardCode.READER_MEMORY,
    }.get(done.returncode, GuardCode.NOT_SOUND)
    raise _refusal(code, file)


def _refusal(code: GuardCode, file: str) -> FileRefused:
    why = {
        GuardCode.NOT_SOUND: msg("it is not a sound workbook"),
        GuardCode.PASSWORD: msg("it is protected by a password"),
        GuardCode.READER_MEMORY: msg("it takes more memory than a workbook of this size should"),
        GuardCode.READER_TIME: msg("it takes longer to read than a workbook of this size should"),
    }[code]
    return FileRefused(code, file, why=why)


def _sheet(told: Mapping[str, Any]) -> Sheet:
    return Sheet(
        name=str(told["name"]),
        rows=tuple(tuple(row) for row in told["rows"]),
        is_visible=bool(told["is_visible"]),
        merged=tuple((top, left, bottom, right) for top, left, bottom, right in told["merged"]),
        hidden_columns=tuple(told["hidden_columns"]),
        hidden_rows=tuple(told["hidden_rows"]),
        errors=int(told["errors"]),
        without_value=int(told["without_value"]),
        margins=tuple(told["margins"]),
    )


def _require_short_cells(sheet: Sheet, file: str) -> None:
    for number, row in enumerate(sheet.rows, start=1):
        if row and len(max(row, key=len)) > MAX_CELL_CHARACTERS:
            raise FileRefused(
                GuardCode.CELL_TOO_LONG,
                file,
                where=msg("sheet {sheet}, row {row}", sheet=sheet.name, row=str(number)),
                why=msg("a cell holds more than {limit} characters", limit=MAX_CELL_CHARACTERS),
            )
