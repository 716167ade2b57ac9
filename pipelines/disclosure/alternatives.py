"""What a centre could publish instead of a table with hidden cells, and how many cells that would hide."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.codes import Vocabularies
from pipelines.disclosure.joint_cells import join_cells
from pipelines.disclosure.linked_tables import InnerCounts, link_cells
from pipelines.disclosure.merging import can_take, is_crossed, merge_tables
from pipelines.disclosure.policy import MergingStep, Profile, Step
from pipelines.disclosure.primary import require
from pipelines.disclosure.protection_report import Alternative, AlternativeKind
from pipelines.disclosure.secondary import NotReachedInTime, suppress
from pipelines.tables.dimension import PERIOD

if TYPE_CHECKING:
    from pipelines.tables.coded_records import CodedRecords
    from pipelines.tables.count_table import CountTable

_KINDS = {Step.CLASSES: AlternativeKind.CLASSES_ONLY, Step.DROP: AlternativeKind.DROP_TABLE}
#: An estimate that takes longer is not given: the report does not wait for it.
_TIME_LIMIT_S = 5.0


@dataclass(frozen=True)
class Estimator:
    """Protects again what a table is linked to, with the table made coarser.

    Only the search is run, not the attack: these are estimates for a person who decides, and what she then
    chooses is attacked before it leaves.
    """

    tables: Sequence[CountTable]
    records: CodedRecords
    profile: Profile
    vocabularies: Vocabularies
    sensitive: Sequence[str]
    #: Cells hidden today, all tables of the release together.
    hidden_cells: int

    def alternatives(self, table: CountTable) -> Iterator[Alternative]:
        """The coarser tables that would hide fewer cells, the least loss first."""
        linked = [each for each in self.tables if _shares_a_question(each, table)]
        today = self._hidden(linked)
        if today is None:
            return
        yield from self._merged_codes(table)
        for step in (Step.CLASSES, Step.DROP):
            if not can_take(table, step) or (step is Step.DROP and not is_crossed(table.dimensions)):
                continue
            coarser = merge_tables(linked, [MergingStep(table=table.id, step=step)])
            hidden = self._hidden(coarser)
            if hidden is not None and hidden < today:
                lost = sum(len(each.cells) for each in linked) - sum(len(each.cells) for each in coarser)
                yield Alternative(_KINDS[step], (), max(self.hidden_cells - today + hidden, 0), lost)

    def _hidden(self, tables: Sequence[CountTable]) -> int | None:
        """How many cells of these tables the search hides; None where it takes too long."""
        if not tables:
            return 0
        cells = join_cells(tables, (), self.records, self.vocabularies)
        nothing = np.zeros(len(cells.counts), dtype=bool)
        needs = require(cells.counts, cells.persons, self.profile, nothing, nothing, nothing)
        try:
            found = suppress(cells.linked, needs, nothing, deadline=time.monotonic() + _TIME_LIMIT_S)
        except NotReachedInTime:
            return None
        return sum(bool(found.hidden[cells.number(table, cell.codes)]) for table in tables for cell in table.cells)

    def _merged_codes(self, table: CountTable) -> Iterator[Alternative]:
        """For a table of one question: the two neighbours, or the two smallest, that are best told together."""
        if len(table.dimensions) != 1 or table.dimensions[0].is_multi_answer:
            return
        dimension = table.dimensions[0]
        persons = {cell.codes[0]: cell.person_count for cell in table.cells}
        told = [code.code for code in dimension.classes if persons[code.code]]
        if any(code.parent for code in dimension.codes) or len(told) < 3:
            return
        if not dimension.is_ordered:
            told.sort(key=lambda code: (persons[code], code))
        today = self._hidden_alone(persons, told)
        pairs = list(zip(told, told[1:], strict=False))
        best = min(pairs, key=lambda pair: (self._hidden_alone(persons, told, pair), persons[pair[0]]))
        hidden = self._hidden_alone(persons, told, best)
        if hidden < today:
            yield Alternative(AlternativeKind.MERGE_CODES, best, self.hidden_cells - today + hidden, 1)

    def _hidden_alone(self, persons: dict[str, int], told: Sequence[str], merged: tuple[str, ...] = ()) -> int:
        """How many answers of one question are hidden, by itself, with some of them told as one."""
        rows: dict[tuple[str, ...], int] = {}
        for code in told:
            key = ("+".join(merged) if code in merged else code,)
            rows[key] = rows.get(key, 0) + persons[code]
        linked = link_cells([(), *((("answer", code),) for (code,) in rows)], InnerCounts(("answer",), rows, ()))
        nothing = np.zeros(len(linked.counts), dtype=bool)
        whole = nothing.copy()
        whole[linked.numbers[()]] = True
        needs = require(linked.counts, linked.counts, self.profile, whole, nothing, nothing)
        found = suppress(linked, needs, nothing, deadline=time.monotonic() + _TIME_LIMIT_S)
        return int(found.hidden.sum())


def _shares_a_question(one: CountTable, other: CountTable) -> bool:
    names = {dimension.name for dimension in other.dimensions if dimension.name != PERIOD}
    return one.is_collected and any(dimension.name in names for dimension in one.dimensions)
