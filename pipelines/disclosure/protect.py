"""Turn counts into release tables, for one audience.

The internal audience gets true numbers, in a release that is marked as not to be distributed. The
public audience is refused until the protection against re-identification exists: nothing unprotected
can be published by a slip.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.codes import TOTAL
from pipelines.config import Centre, Period
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable
from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountTable


INTERNAL = "internal"


def require_releasable(audience: str) -> None:
    """Raise `DisclosureGateFailed` (exit 5) for an audience whose protection does not exist."""
    if audience != INTERNAL:
        raise DisclosureGateFailed(
            msg("No report is made for the audience {audience}", audience=audience),
            why=msg("its small numbers could point at a person, and the protection against that does not exist yet"),
            to_do=msg("Make the internal report with --audience internal, and do not distribute it"),
        )


def release_tables(tables: Sequence[CountTable], centre: Centre, period: Period, audience: str) -> Release:
    """The release of one centre, year and audience."""
    require_releasable(audience)
    return Release(
        centre_id=centre.id,
        centre_name=centre.name,
        is_fictitious=centre.is_fictitious,
        period=period.label,
        audience=audience,
        tables=tuple(_shown(table) for table in tables),
    )


def _shown(table: CountTable) -> ReleaseTable:
    cells = tuple(ReleaseCell(cell.codes, cell.count, CellStatus.SHOWN) for cell in table.cells)
    if not table.is_collected:
        cells = (ReleaseCell((TOTAL,) * len(table.dimensions), None, CellStatus.NOT_COLLECTED),)
    return ReleaseTable(
        id=table.id,
        title=table.title,
        unit=table.unit,
        unit_label=table.unit_label,
        population=table.population,
        period=table.period,
        dimensions=table.dimensions,
        cells=cells,
        notes=table.notes,
        is_collected=table.is_collected,
    )
