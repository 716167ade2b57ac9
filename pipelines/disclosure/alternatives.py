"""What a centre could publish instead of a table with hidden cells, and about how many cells that would hide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.disclosure.merging import can_take, is_crossed, merge_tables
from pipelines.disclosure.policy import MergingStep, Step
from pipelines.disclosure.protection_report import Alternative, AlternativeKind

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountTable


def alternatives(table: CountTable, hidden_here: int, hidden_cells: int, k: int) -> Iterator[Alternative]:
    """The coarser tables that would hide fewer cells, the least loss first.

    `hidden_here` of the release's `hidden_cells` are of this table. These are estimates for a person who
    decides: each table is looked at by itself, and what she then chooses is protected and attacked anew.
    """
    elsewhere = hidden_cells - hidden_here
    yield from _merged_codes(table, hidden_cells, k)
    if can_take(table, Step.CLASSES):
        coarser = merge_tables([table], [MergingStep(table=table.id, step=Step.CLASSES)])[0]
        hidden = _least_hidden(coarser, k)
        if hidden < hidden_here:
            lost = len(table.cells) - len(coarser.cells)
            yield Alternative(AlternativeKind.CLASSES_ONLY, (), elsewhere + hidden, lost)
    if is_crossed(table.dimensions):
        yield Alternative(AlternativeKind.DROP_TABLE, (), elsewhere, len(table.cells))


def _merged_codes(table: CountTable, hidden_cells: int, k: int) -> Iterator[Alternative]:
    """For a table of one question: the two neighbours, or the two smallest, that are best told together."""
    dimension = table.dimensions[0]
    if len(table.dimensions) != 1 or dimension.is_multi_answer or any(code.parent for code in dimension.codes):
        return
    persons = {cell.codes[0]: cell.person_count for cell in table.cells}
    told = [code.code for code in dimension.classes if persons[code.code]]
    if len(told) < 3:
        return
    if not dimension.is_ordered:
        told.sort(key=lambda code: (persons[code], code))
    pairs = list(zip(told, told[1:], strict=False))
    best = min(pairs, key=lambda pair: (_hidden_merged(persons, told, pair, k), persons[pair[0]]))
    saved = _hidden_merged(persons, told, (), k) - _hidden_merged(persons, told, best, k)
    if saved > 0:
        yield Alternative(AlternativeKind.MERGE_CODES, best, hidden_cells - saved, 1)


def _hidden_merged(persons: Mapping[str, int], told: Sequence[str], merged: tuple[str, ...], k: int) -> int:
    apart = [persons[code] for code in told if code not in merged]
    return _hidden_of([*apart, sum(persons[code] for code in merged)], k)


def _least_hidden(table: CountTable, k: int) -> int:
    """The cells of a table that are small, and one more where they would be found by subtraction."""
    if len(table.dimensions) > 1:
        return sum(0 < cell.person_count < k for cell in table.cells)
    return _hidden_of([cell.person_count for cell in table.cells[:-1]], k)


def _hidden_of(counts: Sequence[int], k: int) -> int:
    """How many answers of one question are hidden, by itself.

    Of n hidden answers about S persons in all, one can be as many as S less one for each of the others;
    where that is below k-1, or where one is hidden alone, one more has to be.
    """
    small = [count for count in counts if 0 < count < k]
    if not small:
        return 0
    is_enough = len(small) > 1 and sum(small) - len(small) + 1 >= k - 1
    return len(small) if is_enough else len(small) + 1
