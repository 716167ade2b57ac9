"""Protect linked tables of counts that did not come from this pipeline: `bilan protect-table`.

The inner counts and the description of the tables come in (interface.md, section 5); the protected
cells and a record go out, if and only if an independent attack on what is about to be written finds
no hidden small cell narrowed. Nothing of a refused table is written.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.codes import TOTAL
from pipelines.disclosure.attack import FEWEST_VALUES, AttackReport, attack
from pipelines.disclosure.choose_cells import Choice, choose_cells
from pipelines.disclosure.linked_tables import (
    InnerCounts,
    LinkedTables,
    TableShape,
    TooManyInnerCells,
    cells_of,
    link_cells,
    watch_differences,
)
from pipelines.disclosure.protected_files import PublishedLine, cells_text, write_protected
from pipelines.disclosure.published import Where
from pipelines.disclosure.read_published import parse_protected
from pipelines.disclosure.secondary import Booleans, NotReachedInTime, Requirements
from pipelines.errors import DisclosureGateFailed, InputRefused
from pipelines.language import Message, msg, msg_count


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilteredTable(_Settings):
    """A table of the records that the filter keeps."""

    by: tuple[str | tuple[str, ...], ...]
    where: dict[str, str] = Field(default_factory=dict)


class EarlierCell(_Settings):
    """A cell of one of the tables, by its codes; a column left out or `_total` is summed over."""

    table: Annotated[int, Field(ge=0)]
    cell: dict[str, str]


class TableSpecification(_Settings):
    """`SPEC.json`."""

    freq: str
    tables: Annotated[tuple[FilteredTable | tuple[str | tuple[str, ...], ...], ...], Field(min_length=1)]
    k: Annotated[int, Field(ge=2)] = 5
    zeros: Literal["published", "protect"] = "published"
    level: Literal["S1", "S2"] = "S1"
    nested: tuple[tuple[str, str], ...] = ()
    suppressed_before: tuple[EarlierCell, ...] = ()
    shown_before: tuple[EarlierCell, ...] = ()
    time_limit_s: Annotated[float, Field(gt=0)] = 60

    @property
    def shapes(self) -> tuple[TableShape, ...]:
        filtered = [table if isinstance(table, FilteredTable) else FilteredTable(by=table) for table in self.tables]
        return tuple(
            TableShape(tuple((side,) if isinstance(side, str) else side for side in table.by), table.where)
            for table in filtered
        )


@dataclass(frozen=True)
class TableProtection:
    """What was written, and what the attack found."""

    folder: Path
    shown: int
    small: int
    further: int
    report: AttackReport


def protect_table(cells: Path, specification: Path, folder: Path) -> TableProtection:
    """Protect the tables and write `cells.csv` and `record.json`; the same input gives the same cells.

    Raises `InputRefused` for counts or a description that cannot be used, `DisclosureGateFailed` where
    the level is not reached in the time given or the attack finds a cell that is too narrow.
    """
    begun = time.monotonic()
    asked = _read_specification(specification)
    inner = _read_counts(cells, asked)
    try:
        linked = link_cells(chain.from_iterable(cells_of(shape, inner) for shape in asked.shapes), inner)
        protected = _protect(linked, inner, asked, begun + asked.time_limit_s)
    except (TooManyInnerCells, NotReachedInTime):
        raise DisclosureGateFailed(
            msg("The tables were not protected in the time given"),
            to_do=msg("Merge classes, drop a cross-table, or give more time (time_limit_s); nothing was written"),
        ) from None
    small, hidden = int(protected.small.sum()), int(protected.hidden.sum())
    record = {
        "version": 1,
        "level": asked.level,
        "k": asked.k,
        "zeros": asked.zeros,
        "cells": len(linked.counts),
        "primary": small,
        "secondary": hidden - small,
        "proven_minimum": protected.proven_least,
        "programmes": protected.programmes,
        "seed": 0,
        "seconds": round(time.monotonic() - begun, 3),
        **_known_to_all(inner),
    }
    write_protected(folder, protected.cells, asked.model_dump(mode="json"), record)
    return TableProtection(folder, len(linked.counts) - hidden, small, hidden - small, protected.report)


def _read_specification(path: Path) -> TableSpecification:
    try:
        return TableSpecification.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "-"
        raise InputRefused(
            msg("The description of the tables cannot be used"),
            where=msg("{file}, {key}", file=path.name, key=where),
            why=msg("{fault}", fault=first["msg"]),
            to_do=msg("Correct it, then run the command again"),
        ) from None


def _read_counts(path: Path, asked: TableSpecification) -> InnerCounts:
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        header = list(reader.fieldnames or ())
        needed = {column for shape in asked.shapes for side in shape.sides for column in side}
        needed |= {column for shape in asked.shapes for column in shape.where}
        needed |= {column for pair in asked.nested for column in pair} | {asked.freq}
        if absent := sorted(needed - set(header)):
            raise _refused(path, msg("the columns {columns} are missing", columns=", ".join(absent)))
        columns = tuple(name for name in header if name != asked.freq)
        rows: dict[tuple[str, ...], int] = {}
        for line, row in enumerate(reader, start=2):
            key = tuple(row[column] for column in columns)
            count = row[asked.freq] or ""
            if not count.isdecimal() or None in key or TOTAL in key or key in rows:
                raise _refused(path, msg("row {rows} is not one combination with one count", rows=str(line)))
            rows[key] = int(count)
    inner = InnerCounts(columns, rows, asked.nested)
    _parents(inner, path)
    return inner


def _parents(inner: InnerCounts, path: Path | None = None) -> dict[tuple[str, str], dict[str, str]]:
    """For each nested pair of columns the code above each code; a code that has two is refused."""
    parents: dict[tuple[str, str], dict[str, str]] = {}
    for fine, coarse in inner.nested:
        parent_of = parents.setdefault((fine, coarse), {})
        low, high = inner.columns.index(fine), inner.columns.index(coarse)
        for row in inner.rows:
            if parent_of.setdefault(row[low], row[high]) != row[high]:
                raise _refused(
                    path or Path(fine), msg("the column {column} is not nested in {other}", column=fine, other=coarse)
                )
    return parents


def _refused(path: Path, why: Message) -> InputRefused:
    return InputRefused(
        msg("The counts cannot be used"),
        where=msg("in {file}", file=path.name),
        why=why,
        to_do=msg("Correct it, then run the command again"),
    )


@dataclass(frozen=True)
class _Protected:
    """What passed the gate: the text of the cells, and which distinct cells are small and hidden."""

    cells: str
    small: Booleans
    hidden: Booleans
    programmes: int
    #: How many further cells any choice hides, as far as it is proved.
    proven_least: int | None
    report: AttackReport


def _protect(linked: LinkedTables, inner: InnerCounts, asked: TableSpecification, deadline: float) -> _Protected:
    """Suppress and attack, until the attack finds nothing.

    Two shown cells may differ by a small group that no table names: that group is then protected as a
    small cell is, and the search begins anew.
    """
    cells = len(linked.counts)
    before = _named(linked, asked.suppressed_before, inner, asked)
    shown = _named(linked, asked.shown_before, inner, asked)
    while True:
        needs = _requirements(linked, shown, asked)
        found = choose_cells(linked, needs, _padded(before, linked) & ~needs.fixed, deadline=deadline)
        text = cells_text(inner.columns, _lines(linked, found, inner, asked))
        published = parse_protected(text, asked.model_dump(mode="json"), _known_to_all(inner))
        report = attack(published, time_limit_s=deadline - time.monotonic(), exact_ends=False)
        narrow = report.unsafe_given(_small_groups(linked, needs.small))
        if not narrow:
            return _Protected(
                text, needs.small[:cells], found.hidden[:cells], found.programmes, found.proven_least, report
            )
        differing = [finding for finding in narrow if finding.minus is not None]
        pairs = [(finding.where, finding.minus or ()) for finding in differing]
        watching = watch_differences(linked, pairs, inner) if pairs else linked
        if len(differing) < len(narrow) or len(watching.counts) == len(linked.counts):
            raise _still_narrow(len(narrow))
        linked = watching


def _known_to_all(inner: InnerCounts) -> dict[str, Any]:
    """What the record may say because everybody knows it: the codes, and which belongs to which."""
    return {
        "dimensions": {column: list(codes) for column, codes in inner.codes.items()},
        "nested": [
            {"fine": fine, "coarse": coarse, "parent_of": parent_of}
            for (fine, coarse), parent_of in _parents(inner).items()
        ],
    }


def _requirements(linked: LinkedTables, shown: Booleans, asked: TableSpecification) -> Requirements:
    least = 1 if asked.zeros == "published" else 0
    fixed = (linked.counts == 0) & (least == 1) | _padded(shown, linked)
    small = (linked.counts >= least) & (linked.counts < asked.k) & ~fixed
    high = asked.k - 1 if asked.level == "S1" else asked.k
    every = np.ones(len(small), dtype=np.int64)
    return Requirements(small, least * every, high * every, fixed, least * every, FEWEST_VALUES)


def _padded(cells: Booleans, linked: LinkedTables) -> Booleans:
    """The same choice of cells, among those that are watched too."""
    return np.concatenate([cells, np.zeros(len(linked.counts) - len(cells), dtype=bool)])


def _still_narrow(count: int) -> DisclosureGateFailed:
    return DisclosureGateFailed(
        msg_count(
            "The attack on the protected tables finds {count} cell that is too narrow",
            "The attack on the protected tables finds {count} cells that are too narrow",
            count,
        ),
        to_do=msg("Merge classes or drop a cross-table; nothing was written"),
    )


def _named(
    linked: LinkedTables, cells: Sequence[EarlierCell], inner: InnerCounts, asked: TableSpecification
) -> Booleans:
    named = np.zeros(len(linked.counts), dtype=bool)
    tables = [frozenset(cells_of(shape, inner)) for shape in asked.shapes] if cells else []
    for cell in cells:
        definition = tuple(sorted((column, code) for column, code in cell.cell.items() if code != TOTAL))
        if cell.table >= len(tables) or definition not in tables[cell.table]:
            raise InputRefused(
                msg("A cell of before is not a cell of its table"),
                where=msg("table {number}", number=str(cell.table)),
                to_do=msg("Correct it, then run the command again"),
            )
        named[linked.numbers[definition]] = True
    return named


def _small_groups(linked: LinkedTables, small: Booleans) -> frozenset[tuple[str, Where]]:
    """The small cells under all their names, as the attack tells them."""
    return frozenset(("", definition) for definition, cell in linked.numbers.items() if small[cell])


def _lines(
    linked: LinkedTables, suppression: Choice, inner: InnerCounts, asked: TableSpecification
) -> list[PublishedLine]:
    lines = []
    for number, shape in enumerate(asked.shapes):
        columns = frozenset({column for side in shape.sides for column in side} | set(shape.where))
        for definition in cells_of(shape, inner):
            cell = linked.numbers[definition]
            value = None if suppression.hidden[cell] else int(linked.counts[cell])
            lines.append(PublishedLine(number, definition, columns, value))
    return lines
