"""The one door from counts to what may be read: release tables, for one audience.

The internal audience gets true numbers, in a release that is marked as not to be distributed. Every other
audience gets what `protect_release` lets through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.codes import TOTAL
from pipelines.config import Centre, Period
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable, both_languages
from pipelines.language import Text, msg

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountTable

_ROUNDED = msg("Numbers are rounded to a multiple of {base}; totals may differ from the sum of their parts.", base=5)
_ZEROS_TOO = msg("In this table, a hidden number may also be zero.")


def release_head(centre: Centre, period: Period, audience: str, agreement: Text | None = None) -> Release:
    """A release of this centre, year and audience, with no table yet."""
    head = Release(centre.id, centre.name, centre.is_fictitious, period.label, audience, tables=())
    return replace(head, agreement=agreement)


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
    notes = table.notes
    if hides_zeros:
        notes = (*notes, both_languages(_ZEROS_TOO))
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
        cells=tuple(_release_cells(table, hidden, rounded)),
        notes=notes,
        is_collected=table.is_collected,
        leaves_out=table.leaves_out,
        coverage=table.coverage,
        hides_zeros=hides_zeros,
        rounding=rounding,
        definition=table.definition,
        query=table.query,
    )


def _release_cells(
    table: CountTable, hidden: Set[tuple[str, ...]], rounded: Mapping[tuple[str, ...], int] | None
) -> Iterator[ReleaseCell]:
    if not table.is_collected:
        yield ReleaseCell((TOTAL,) * len(table.dimensions), None, CellStatus.NOT_COLLECTED)
        return
    for cell in table.cells:
        if cell.codes in hidden:
            yield ReleaseCell(cell.codes, None, CellStatus.HIDDEN)
        elif not cell.is_recorded:
            # Records of which none tells the number: what nobody wrote down is not zero.
            yield ReleaseCell(cell.codes, None, CellStatus.NOT_COLLECTED)
        else:
            yield ReleaseCell(cell.codes, cell.count if rounded is None else rounded[cell.codes], CellStatus.SHOWN)
