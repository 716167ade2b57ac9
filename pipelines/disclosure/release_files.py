"""The two files that carry a release: `cells.csv` for numbers, `tables.json` for what they mean.

Charts, notebooks and pages read these and nothing else; what is not in them cannot leak from them.
Reading is the exact inverse of writing, and the same release always gives the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_codes import describe_code, parse_code
from pipelines.disclosure.release_table import (
    Protection,
    Release,
    ReleaseCell,
    ReleaseTable,
    SafetyLevel,
    UntoldTable,
)
from pipelines.errors import UsageError
from pipelines.language import LANGUAGES, Language, Message, Text, msg
from pipelines.storage import make_folder, write_text
from pipelines.tables.dimension import TableDimension
from pipelines.units import Unit

CELLS_FILE = "cells.csv"
TABLES_FILE = "tables.json"
SCHEMA_VERSION = 2
MOST_DIMENSIONS = 3
CELLS_HEADER = (
    "table_id",
    "measure",
    "unit",
    *(name for side in range(1, MOST_DIMENSIONS + 1) for name in (f"dim_{side}", f"code_{side}")),
    "value",
    "status",
)


def write_release_tables(release: Release, folder: Path) -> None:
    """Write `cells.csv` and `tables.json` in the folder, which is made if need be.

    Raises `ValueError` if a table cannot be written so that it is read back the same: more than
    three dimensions, or cells in a table that is not collected.
    """
    make_folder(folder)
    tables, cells = release_texts(release)
    write_text(folder / CELLS_FILE, cells)
    write_text(folder / TABLES_FILE, tables)


def release_texts(release: Release) -> tuple[str, str]:
    """The text of `tables.json` and of `cells.csv`; a `ValueError` for a table that cannot be written."""
    for table in release.tables:
        _check_writable(table, release.protection.rounding if release.protection else 1)
    tables = json.dumps(_describe_release(release), ensure_ascii=False, indent=1)
    return tables + "\n", _cells_text(release)


def parse_release(tables: str, cells: str) -> Release:
    """The release that these two texts tell; a `ValueError`, `KeyError` or `TypeError` if they tell none."""
    described = json.loads(tables)
    if described["schema_version"] != SCHEMA_VERSION:
        raise ValueError("another version of the format")
    return _parse_release(described, _parse_cells(cells))


def read_release(folder: Path | str) -> Release:
    """Read the release that a folder holds; a `UsageError` says which file is absent or spoilt."""
    if not str(folder):
        raise UsageError(
            msg("No release folder was given"),
            to_do=msg("Write the path of a folder of reports/ in release_folder"),
        )
    tables_text, cells_text = _read_text(Path(folder), TABLES_FILE), _read_text(Path(folder), CELLS_FILE)
    try:
        if json.loads(tables_text)["schema_version"] != SCHEMA_VERSION:
            raise _unreadable(TABLES_FILE, msg("its format is another version's"))
        return parse_release(tables_text, cells_text)
    except (ValueError, KeyError, TypeError, StopIteration, csv.Error):
        why = msg("it was changed after it was written")
    raise _unreadable(f"{TABLES_FILE}, {CELLS_FILE}", why)


def _read_text(folder: Path, name: str) -> str:
    path = folder / name
    if not path.is_file():
        raise UsageError(
            msg("This folder holds no release"),
            where=msg("in {folder}", folder=folder.name),
            why=msg("the file {name} is absent", name=name),
            to_do=msg("Make the report again, then give its folder"),
        )
    # Not `read_text`: it would turn a carriage return inside a quoted cell into a line feed.
    return path.read_bytes().decode("utf-8")


def _unreadable(files: str, why: Message) -> UsageError:
    return UsageError(
        msg("A release cannot be read"),
        where=msg("in {folder}", folder=files),
        why=why,
        to_do=msg("Make the report again, then give its folder"),
    )


def _check_writable(table: ReleaseTable, rounding: int) -> None:
    if table.rounding != rounding or any((cell.value or 0) % rounding for cell in table.cells):
        raise ValueError("a table holds a count that is not rounded as its release is")
    if len(table.dimensions) > MOST_DIMENSIONS:
        raise ValueError("a release table has at most three dimensions")
    if not table.is_collected and table.cells != (not_collected_cell(len(table.dimensions)),):
        raise ValueError("a table that is not collected has one cell, which says so")
    if not all(code.isprintable() for cell in table.cells for code in cell.codes):
        # The csv module would not quote a carriage return, and no code list holds one.
        raise ValueError("a code holds a character that is not printable")


def not_collected_cell(dimensions: int) -> ReleaseCell:
    """The only cell of a table that the centre's export does not allow."""
    return ReleaseCell((TOTAL,) * dimensions, None, CellStatus.NOT_COLLECTED)


def _cells_text(release: Release) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CELLS_HEADER)
    for table in release.tables:
        names = [dimension.name for dimension in table.dimensions]
        for cell in table.cells:
            sides = [part for pair in zip(names, cell.codes, strict=True) for part in pair]
            sides += [""] * (2 * MOST_DIMENSIONS - len(sides))
            value = "" if cell.value is None else str(cell.value)
            writer.writerow([table.id, table.unit.measure.value, table.unit.value, *sides, value, cell.status.value])
    return text.getvalue()


def _parse_cells(text: str) -> dict[str, list[ReleaseCell]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    if tuple(next(reader)) != CELLS_HEADER:
        raise ValueError("unexpected header")
    cells: dict[str, list[ReleaseCell]] = {}
    for row in reader:
        table_id, _measure, _unit, *sides, value, status = row
        codes = tuple(code for name, code in zip(sides[::2], sides[1::2], strict=True) if name)
        cell = ReleaseCell(codes, int(value) if value else None, CellStatus(status))
        cells.setdefault(table_id, []).append(cell)
    return cells


def _describe_release(release: Release) -> dict[str, Any]:
    described: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "centre": {"id": release.centre_id, "name": _describe_text(release.centre_name)},
        "period": release.period,
        "audience": release.audience,
        "protection": _describe_protection(release.protection),
        "is_fictitious": release.is_fictitious,
    }
    notices = [message for message, applies in release_notices(release) if applies]
    described["notices"] = [{code: Language(code).text(message) for code in LANGUAGES} for message in notices]
    described["tables"] = [_describe_table(table) for table in release.tables]
    described["untold"] = [
        {"id": table.id, "title": _describe_text(table.title), "reason": _describe_text(table.reason)}
        for table in release.untold
    ]
    return described


def _describe_protection(protection: Protection | None) -> dict[str, Any] | None:
    """What everybody may know of it; an attacker needs no more, and a reader no less."""
    if protection is None:
        return None
    return {
        "k": protection.k,
        "level": protection.level.value,
        "zeros_are_published": protection.zeros_are_published,
        "record_kinds": [[unit.value for unit in kind] for kind in protection.record_kinds],
        # Told where it is so: the bytes of every other release stay what they were.
        **({"rounding": protection.rounding} if protection.is_rounded else {}),
    }


def _parse_protection(described: Mapping[str, Any] | None) -> Protection | None:
    if described is None:
        return None
    return Protection(
        k=described["k"],
        level=SafetyLevel(described["level"]),
        zeros_are_published=described["zeros_are_published"],
        record_kinds=tuple(tuple(Unit(unit) for unit in kind) for kind in described["record_kinds"]),
        rounding=described.get("rounding", 1),
    )


def release_notices(release: Release) -> Iterator[tuple[Message, bool]]:
    """What must be said wherever the numbers go, and whether it holds of this release."""
    yield msg("Made-up data"), release.is_fictitious
    yield msg("DO NOT DISTRIBUTE: unprotected numbers"), release.is_internal


def _describe_table(table: ReleaseTable) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": _describe_text(table.title),
        "unit": table.unit.value,
        "unit_label": _describe_text(table.unit_label),
        "population": _describe_text(table.population),
        "period": table.period,
        "is_collected": table.is_collected,
        "leaves_out": list(table.leaves_out),
        **({"coverage": _describe_text(table.coverage)} if table.coverage else {}),
        "hides_zeros": table.hides_zeros,
        "missing": table.missing_count,
        "dimensions": [_describe_dimension(dimension) for dimension in table.dimensions],
        "notes": [_describe_text(note) for note in table.notes],
    }


def _describe_dimension(dimension: TableDimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "title": _describe_text(dimension.title),
        "is_ordered": dimension.is_ordered,
        "is_multi_answer": dimension.is_multi_answer,
        "codes": [describe_code(code) for code in dimension.codes],
    }


def _describe_text(text: Text) -> dict[str, str]:
    return {"fr": text.fr, "en": text.en}


def _parse_release(described: Mapping[str, Any], cells: Mapping[str, list[ReleaseCell]]) -> Release:
    protection = _parse_protection(described["protection"])
    rounding = protection.rounding if protection else 1
    return Release(
        centre_id=described["centre"]["id"],
        centre_name=Text(**described["centre"]["name"]),
        is_fictitious=described["is_fictitious"],
        period=described["period"],
        audience=described["audience"],
        tables=tuple(_parse_table(table, cells.get(table["id"], []), rounding) for table in described["tables"]),
        protection=protection,
        # Releases that are out already may have been written before there was such a list.
        untold=tuple(
            UntoldTable(table["id"], Text(**table["title"]), Text(**table["reason"]))
            for table in described.get("untold", ())
        ),
    )


def _parse_table(described: Mapping[str, Any], cells: list[ReleaseCell], rounding: int) -> ReleaseTable:
    return ReleaseTable(
        id=described["id"],
        title=Text(**described["title"]),
        unit=Unit(described["unit"]),
        unit_label=Text(**described["unit_label"]),
        population=Text(**described["population"]),
        period=described["period"],
        dimensions=tuple(_parse_dimension(dimension) for dimension in described["dimensions"]),
        cells=tuple(cells),
        notes=tuple(Text(**note) for note in described["notes"]),
        is_collected=described["is_collected"],
        leaves_out=tuple(described["leaves_out"]),
        coverage=Text(**described["coverage"]) if "coverage" in described else None,
        hides_zeros=described["hides_zeros"],
        rounding=rounding,
    )


def _parse_dimension(described: Mapping[str, Any]) -> TableDimension:
    return TableDimension(
        name=described["name"],
        title=Text(**described["title"]),
        codes=tuple(parse_code(code) for code in described["codes"]),
        is_ordered=described["is_ordered"],
        is_multi_answer=described["is_multi_answer"],
    )
