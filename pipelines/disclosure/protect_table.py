"""Protect linked tables of counts that did not come from this pipeline: `bilan protect-table`.

The inner counts and the description of the tables come in (interface.md, section 5); the protected
cells and a record go out, if and only if an independent attack on what is about to be written finds
no hidden small cell narrowed. Nothing of a refused table is written.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.codes import TOTAL
from pipelines.disclosure.attacker.attack import FEWEST_VALUES, AttackReport, attack
from pipelines.disclosure.contributors import Contributors, too_narrow, watch_groups
from pipelines.disclosure.method.choose_cells import choose_cells
from pipelines.disclosure.method.linked_tables import (
    InnerCounts,
    LinkedTables,
    TooManyInnerCells,
    cells_of,
    link_cells,
    watch_differences,
)
from pipelines.disclosure.method.secondary import Booleans, NotReachedInTime, Requirements
from pipelines.disclosure.protected_files import PublishedLine, cells_text, write_protected
from pipelines.disclosure.reading.published import PublishedSet, Where
from pipelines.disclosure.reading.read_published import parse_protected
from pipelines.disclosure.table_specification import (
    EarlierCell,
    TableSpecification,
    parents_of,
    read_counts,
    read_specification,
)
from pipelines.errors import DisclosureGateFailed, InputRefused
from pipelines.language import msg, msg_count


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
    asked = read_specification(specification)
    inner = read_counts(cells, asked)
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
        "contributors": _contributor_rule(asked),
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
    contributors = Contributors(inner, asked)
    cells = len(linked.counts)
    before = _named(linked, asked.suppressed_before, inner, asked)
    shown = _named(linked, asked.shown_before, inner, asked)
    linked = watch_differences(linked, contributors.differences(linked), inner)
    while True:
        told = contributors.told(linked)
        needs = _requirements(linked, shown, told, asked)
        found = choose_cells(linked, needs, _padded(before, linked) & ~needs.fixed, deadline=deadline)
        text = cells_text(inner.columns, _lines(linked, found.hidden, inner, asked))
        wide = contributors.wide_cells(linked, needs.low, needs.high)
        published = watch_groups(_published(text, inner, asked), wide)
        report = attack(published, time_limit_s=deadline - time.monotonic(), exact_ends=False)
        narrow = report.unsafe_given(_small_groups(linked, needs.small & ~told))
        if not narrow:
            break
        differing = [finding for finding in narrow if finding.minus is not None]
        pairs = [(finding.where, finding.minus or ()) for finding in differing]
        watching = watch_differences(linked, pairs, inner) if pairs else linked
        if len(differing) < len(narrow) or len(watching.counts) == len(linked.counts):
            raise _still_narrow(len(narrow))
        linked = watching
    if wide:
        hiding_all = _published(cells_text(inner.columns, _lines(linked, ~needs.fixed, inner, asked)), inner, asked)
        if count := too_narrow(wide, report, watch_groups(hiding_all, wide), deadline):
            raise _still_narrow(count)
    return _Protected(text, needs.small[:cells], found.hidden[:cells], found.programmes, found.proven_least, report)


def _published(cells: str, inner: InnerCounts, asked: TableSpecification) -> PublishedSet:
    """The text of the cells as a stranger reads it."""
    return parse_protected(cells, asked.model_dump(mode="json"), _known_to_all(inner))


def _contributor_rule(asked: TableSpecification) -> dict[str, Any] | None:
    if asked.contributor is None:
        return None
    return {"column": asked.contributor, "min_contributors": asked.min_contributors, "max_share": asked.max_share}


def _known_to_all(inner: InnerCounts) -> dict[str, Any]:
    """What the record may say because everybody knows it: the codes, and which belongs to which."""
    return {
        "dimensions": {column: list(codes) for column, codes in inner.codes.items()},
        "nested": [
            {"fine": fine, "coarse": coarse, "parent_of": parent_of}
            for (fine, coarse), parent_of in parents_of(inner).items()
        ],
    }


def _requirements(linked: LinkedTables, shown: Booleans, told: Booleans, asked: TableSpecification) -> Requirements:
    """`told`: the cells that too few contributors stand behind, which k-1 units either way keep open."""
    least = 1 if asked.zeros == "published" else 0
    counts = linked.counts
    fixed = (counts == 0) & (least == 1) | _padded(shown, linked)
    small = (counts >= least) & (counts < asked.k) & ~fixed
    either_way = asked.k - 1
    high = either_way if asked.level == "S1" else asked.k
    return Requirements(
        small | told & ~fixed,
        np.where(told, np.maximum(counts - either_way, least), least),
        np.where(told, counts + either_way, high),
        fixed,
        np.full(len(counts), least, dtype=np.int64),
        FEWEST_VALUES,
    )


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
    linked: LinkedTables, hidden: Booleans, inner: InnerCounts, asked: TableSpecification
) -> list[PublishedLine]:
    lines = []
    for number, shape in enumerate(asked.shapes):
        columns = frozenset({column for side in shape.sides for column in side} | set(shape.where))
        for definition in cells_of(shape, inner):
            cell = linked.numbers[definition]
            value = None if hidden[cell] else int(linked.counts[cell])
            lines.append(PublishedLine(number, definition, columns, value))
    return lines
