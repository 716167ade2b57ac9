"""Read back what `bilan protect-table` published, as a stranger who found the folder would.

Beside `cells.csv`, the stranger has SPEC.json and `record.json`. The record may say two things that
everybody knows: `dimensions`, all the codes of each dimension, and `nested`, a list of
`{"fine", "coarse", "parent_of"}` with the code of `coarse` that each code of `fine` belongs to.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.published import REST, Nesting, PublishedCell, PublishedSet, Where
from pipelines.errors import InputRefused
from pipelines.language import Message, msg

CELLS_FILE = "cells.csv"
RECORD_FILE = "record.json"
SPEC_FILE = "SPEC.json"
#: Far beyond what protect-table can protect.
LARGEST_FILE = 200_000_000
_OWN_COLUMNS = ("table", "value", "status")


@dataclass(frozen=True)
class _Table:
    """A published table: the sides it is crossed by, each with its alternative groupings, and its filter."""

    sides: tuple[tuple[str, ...], ...]
    keeps: Where

    def margins(self) -> Iterator[tuple[str, ...]]:
        """The dimensions of every set of its cells: one grouping, or none, on each side."""
        for choice in product(*(("", *side) for side in self.sides)):
            yield tuple(name for name in choice if name)


def read_protected_folder(folder: Path, spec: Path | None = None) -> PublishedSet:
    """The published set of a folder; `spec` is looked for beside the cells if it is not given.

    Raises `InputRefused` if a file is absent or is not in the promised form.
    """
    texts = []
    for path in (folder / CELLS_FILE, folder / RECORD_FILE, spec or folder / SPEC_FILE):
        if not path.is_file():
            raise _refused(path.name, msg("the file is absent"))
        if path.stat().st_size > LARGEST_FILE:
            raise _refused(path.name, msg("the file is too large"))
        texts.append(path.read_bytes())
    try:
        cells, record, described = (text.decode("utf-8-sig") for text in texts)
        return parse_protected(cells, json.loads(described), json.loads(record))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, csv.Error):
        # Whatever the fault, its own words may hold a cell's value: they are not repeated.
        why = msg("it is not in the form that protect-table writes")
    raise _refused(folder.name, why)


def parse_protected(cells: str, spec: Mapping[str, Any], record: Mapping[str, Any]) -> PublishedSet:
    """The published set of the text of `cells.csv`; a `ValueError` or `KeyError` if it is not in the promised form."""
    tables = tuple(_read_table(table) for table in spec["tables"])
    zeros_are_published = spec.get("zeros", "published") == "published"
    rows = list(csv.DictReader(io.StringIO(cells, newline=""), strict=True))
    names = [name for name in rows[0] if name not in _OWN_COLUMNS] if rows else []
    found = tuple(_read_cell(row, names, tables) for row in rows)
    nestings = _read_nestings(spec.get("nested", []), record.get("nested", []))
    dimensions = _all_codes(tables, found, nestings, record.get("dimensions", {}))
    published = PublishedSet(
        dimensions=dimensions,
        cells=found,
        zeros_are_published=zeros_are_published,
        k=int(spec["k"]),
        nestings=nestings,
        watched=tuple(_watched(tables, dimensions, nestings)),
    )
    absent = tuple(_absent(published, tables)) if zeros_are_published else ()
    return PublishedSet(**{**vars(published), "cells": found + absent})


def _read_table(described: Any) -> _Table:
    by, keeps = (described["by"], described.get("where", {})) if isinstance(described, dict) else (described, {})
    sides = tuple((side,) if isinstance(side, str) else tuple(side) for side in by)
    return _Table(sides, tuple(sorted(keeps.items())))


def _read_cell(row: Mapping[str, str], names: Sequence[str], tables: Sequence[_Table]) -> PublishedCell:
    own = {name: row[name] for name in names if row[name] not in ("", TOTAL)}
    number = int(row["table"])
    if number < 0:
        raise ValueError("tables are numbered from zero")
    where = tuple(sorted({**own, **dict(tables[number].keeps)}.items()))
    status = CellStatus(row["status"])
    if status is CellStatus.NOT_COLLECTED or (status is CellStatus.SHOWN) != (row["value"] != ""):
        raise ValueError("a cell has a value if, and only if, it is shown")
    if status is CellStatus.STRUCTURAL_ZERO:
        return PublishedCell(row["table"], where, 0, is_certain_zero=True)
    return PublishedCell(row["table"], where, int(row["value"]) if row["value"] else None)


def _read_nestings(declared: Sequence[Sequence[str]], told: Sequence[Mapping[str, Any]]) -> tuple[Nesting, ...]:
    by_pair = {(item["fine"], item["coarse"]): item["parent_of"] for item in told}
    if any((fine, coarse) not in by_pair for fine, coarse in declared):
        raise ValueError("the record does not say which codes belong to which")
    return tuple(Nesting(fine, coarse, by_pair[fine, coarse]) for fine, coarse in declared)


def _all_codes(
    tables: Sequence[_Table],
    cells: Sequence[PublishedCell],
    nestings: Sequence[Nesting],
    told: Mapping[str, Sequence[str]],
) -> dict[str, tuple[str, ...]]:
    """Every code of every dimension; a filter alone leaves records that no published code keeps."""
    shown: dict[str, dict[str, None]] = {}
    for cell in cells:
        for name, code in cell.where:
            shown.setdefault(name, {})[code] = None
    for nesting in nestings:
        shown.setdefault(nesting.fine, {}).update(dict.fromkeys(nesting.parent_of))
        shown.setdefault(nesting.coarse, {}).update(dict.fromkeys(nesting.parent_of.values()))
    whole = {name for table in tables for side in table.sides for name in side}
    whole |= {name for nesting in nestings for name in (nesting.fine, nesting.coarse)}
    codes = {name: tuple(sorted(of)) if name in whole else (*sorted(of), REST) for name, of in shown.items()}
    return codes | {name: tuple(of) for name, of in told.items()}


def _wheres(table: _Table, dimensions: Mapping[str, tuple[str, ...]]) -> Iterator[Where]:
    """The group of records of every cell of a table."""
    for names in table.margins():
        for codes in product(*(dimensions[name] for name in names)):
            yield tuple(sorted({**dict(zip(names, codes, strict=True)), **dict(table.keeps)}.items()))


def _absent(published: PublishedSet, tables: Sequence[_Table]) -> Iterator[PublishedCell]:
    """Where every zero is published, a row left out says that nobody is there."""
    given = {(cell.table, cell.where) for cell in published.cells}
    for number, table in enumerate(tables):
        for where in _wheres(table, published.dimensions):
            if (str(number), where) not in given:
                yield PublishedCell(str(number), where, 0, is_certain_zero=True)


def _watched(
    tables: Sequence[_Table], dimensions: Mapping[str, tuple[str, ...]], nestings: Sequence[Nesting]
) -> Iterator[PublishedCell]:
    """The inner groups of tables released under several filters, as a quarter of two overlapping years."""
    filters = {name for table in tables for name, _ in table.keeps}
    filters |= {nesting.fine for nesting in nestings if nesting.coarse in filters}
    for number, table in enumerate(tables):
        others = sorted(filters - {name for side in table.sides for name in side})
        for where in _wheres(table, dimensions) if table.keeps else ():
            for name in others:
                if name not in dict(where):
                    for code in dimensions[name]:
                        yield PublishedCell(str(number), tuple(sorted((*where, (name, code)))), None)


def _refused(name: str, why: Message) -> InputRefused:
    return InputRefused(
        msg("The protected cells cannot be read"),
        where=msg("in {folder}", folder=name),
        why=why,
        to_do=msg("Give the folder that protect-table wrote, with its SPEC.json"),
    )
