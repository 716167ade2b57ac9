"""The files of protected tables: `cells.csv`, `record.json` and the `SPEC.json` that they answer to.

The gate attacks the very text that is about to be written (`read_published.parse_protected`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.published import Where
from pipelines.disclosure.reading.read_published import CELLS_FILE, RECORD_FILE, SPEC_FILE
from pipelines.storage import make_folder, write_text


@dataclass(frozen=True)
class PublishedLine:
    """One line of `cells.csv`: the table, the code of each of its columns, the value or None where it is hidden."""

    table: int
    where: Where
    columns: frozenset[str]
    value: int | None


def cells_text(columns: Sequence[str], lines: Iterable[PublishedLine]) -> str:
    """`cells.csv`: a column per dimension, `_total` for margins, empty where the table has no such dimension."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("table", *columns, "value", "status"))
    for line in lines:
        codes = dict(line.where)
        sides = [codes.get(column, TOTAL) if column in line.columns else "" for column in columns]
        status = CellStatus.HIDDEN if line.value is None else CellStatus.SHOWN
        writer.writerow((line.table, *sides, "" if line.value is None else line.value, status.value))
    return text.getvalue()


def write_protected(folder: Path, cells: str, specification: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Write the three files, private, each whole or not at all; the cells last."""
    make_folder(folder)
    for name, content in ((SPEC_FILE, specification), (RECORD_FILE, record)):
        write_text(folder / name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    write_text(folder / CELLS_FILE, cells)
