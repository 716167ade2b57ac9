"""The one door from counts to what may be read: release tables, for one audience.

The internal audience gets true numbers, in a release that is marked as not to be distributed. Every other
audience gets what `protect_release` lets through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.codes import TOTAL
from pipelines.config import Centre, Period
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable, both_languages
from pipelines.language import msg

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountedCell, CountTable

_ROUNDED = msg("Numbers are rounded to a multiple of {base}; totals may differ from the sum of their parts.", base=5)
_ZEROS_TOO = msg("In this table, a hidden number may also be zero.")


def release_head(centre: Centre, period: Period, audience: str) -> Release:
    """A release of this centre, year and audience, with no table yet."""
    return Release(centre.id, centre.name, centre.is_fictitious, period.label, audience, tables=())


def show_everything(tables: Sequence[CountTable], head: Release) -> Release:
    """The release of the internal audience: every count as it is."""
    return replace(head, tables=tuple(release_table(table, frozenset()) for table in tables))


def release_table(
    table: CountTable,
    hidden: Set[tuple[str, ...]],
    *,
    hides_zeros: bool = False,
    rounded: Mapping[tuple[str, ...], int] | None = None,
    rounding: int = 1,
) -> ReleaseTable:
    """The table with the cells of these codes hidden; a cell that is hidden has no value any more.

    `rounded`: what stands in the place of each shown count where all are rounded, to a multiple of `rounding`.
    """
    cells = tuple(
        ReleaseCell(cell.codes, None, CellStatus.HIDDEN) if cell.codes in hidden else _told(cell, rounded)
        for cell in table.cells
    )
    if not table.is_collected:
        cells = (ReleaseCell((TOTAL,) * len(table.dimensions), None, CellStatus.NOT_COLLECTED),)
    notes = (*table.notes, both_languages(_ZEROS_TOO)) if hides_zeros else table.notes
    if rounding > 1 and table.is_collected:
        notes = (*notes, both_languages(_ROUNDED))
    return ReleaseTable(
        id=table.id,
        title=table.title,
        unit=table.unit,
        unit_label=table.unit_label,
        population=table.population,
        period=table.period,
        dimensions=table.dimensions,
        cells=cells,
        notes=notes,
        is_collected=table.is_collected,
        leaves_out=table.leaves_out,
        coverage=table.coverage,
        hides_zeros=hides_zeros,
        rounding=rounding,
    )


def _told(cell: CountedCell, rounded: Mapping[tuple[str, ...], int] | None) -> ReleaseCell:
    """The number of a cell; what none of its records tells, nobody wrote down, and that is not zero."""
    if not cell.is_recorded:
        return ReleaseCell(cell.codes, None, CellStatus.NOT_COLLECTED)
    return ReleaseCell(cell.codes, cell.count if rounded is None else rounded[cell.codes], CellStatus.SHOWN)
