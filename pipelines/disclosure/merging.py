"""The merging plan: make a table coarser, or publish it no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from pipelines.codes import TOTAL
from pipelines.disclosure.policy import MergingStep, Step
from pipelines.tables.dimension import TableDimension

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountTable


def merge_tables(tables: Sequence[CountTable], steps: Iterable[MergingStep]) -> tuple[CountTable, ...]:
    """The tables as they are after these steps; a step about a table that is not there changes nothing."""
    taken = {(step.table, step.step) for step in steps}
    kept = [table for table in tables if (table.id, Step.DROP) not in taken]
    return tuple(_by_classes(table) if (table.id, Step.CLASSES) in taken else table for table in kept)


def can_take(table: CountTable, step: Step) -> bool:
    """Whether the step would change the table."""
    has_leaves = any(code.parent for dimension in table.dimensions for code in dimension.codes)
    return step is Step.DROP or has_leaves


def _by_classes(table: CountTable) -> CountTable:
    """The upper level of each dimension alone."""
    dimensions = tuple(
        replace(dimension, codes=tuple(code for code in dimension.codes if not code.parent))
        for dimension in table.dimensions
    )
    kept = set(product(*([code.code for code in dimension.codes] + [TOTAL] for dimension in dimensions)))
    return replace(table, dimensions=dimensions, cells=tuple(cell for cell in table.cells if cell.codes in kept))


def is_crossed(dimensions: Sequence[TableDimension]) -> bool:
    """Whether a table crosses two answers; a comparison of years does not."""
    return sum(dimension.name != "period" for dimension in dimensions) > 1
