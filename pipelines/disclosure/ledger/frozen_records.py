"""The records that the years already out were counted from, by family: `data/ledger/<centre>/records/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg
from pipelines.storage import make_folder
from pipelines.tables.coded_records import load_coded_records, write_coded_records
from pipelines.units import REQUESTS, Family, family_of

if TYPE_CHECKING:
    from pipelines.disclosure.ledger.ledger import Ledger
    from pipelines.tables.coded_records import CodedRecords


def frozen_periods(ledger: Ledger, family: Family) -> Sequence[str]:
    """The years of which something of a family is out: what a release says of requests freezes no meeting."""
    if family is REQUESTS:
        return list(ledger.frozen_periods)
    tables = [table for release in ledger.releases for table in release.tables if table.is_collected]
    return sorted({period for table in tables if family_of(table.unit) is family for period in table.periods})


def read_frozen(folder: Path, ledger: Ledger, family: Family) -> CodedRecords | None:
    """The records of those years, None where there is none; raises `DisclosureGateFailed` where they are absent."""
    frozen: CodedRecords | None = None
    for period in frozen_periods(ledger, family):
        path = _file(folder, family, period)
        if not path.is_file():
            raise DisclosureGateFailed(
                msg("The records that {year} was published from are absent", year=period),
                where=msg("in {folder}", folder=str(path.parent)),
                to_do=msg("Bring the folder back from the last backup: without it no later year can be protected"),
            )
        records = load_coded_records(path)
        frozen = frozen.joined_with(records) if frozen else records
    return frozen


def freeze(folder: Path, ledger: Ledger, family: Family, records: CodedRecords) -> None:
    """Keep for ever the records of the years that were not out before."""
    for period in records.periods:
        if period not in frozen_periods(ledger, family):
            file = _file(folder, family, period)
            make_folder(file.parent)
            write_coded_records(records.of_periods([period]), file)


def _file(folder: Path, family: Family, period: str) -> Path:
    """`folder`: the ledger's."""
    kept = folder / "records"
    return (kept if family is REQUESTS else kept / family.name) / f"{period}.parquet"
