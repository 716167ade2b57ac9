"""The system of record: an append-only folder per load, from which the database can always be rebuilt.

`data/processed/<centre>/loads/<load_id>/` holds one Parquet file per kind of record, the code lists
and the years that they were mapped with, and a manifest: the files of the export with their
fingerprints, what was read of each, and what became of every mapped cell. The load id is the
fingerprint of all that went in, so the same export read with the same configuration is the same
load and is not read twice.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.codes import Vocabularies
from pipelines.columns import DIMENSIONS, ENTITIES
from pipelines.config import Centre, Period, period_of
from pipelines.ingest.drift import profile_export, write_profile
from pipelines.ingest.map_values import ColumnAccount, empty_entity, map_entity
from pipelines.ingest.read_export import RawTable, compose, read_source
from pipelines.ingest.read_mappings import Mappings, read_mappings
from pipelines.ingest.screen_identifiers import refuse_identifiers
from pipelines.storage import new_folder, publish_folder, write_text

MANIFEST = "manifest.json"
#: The words that no mapping knows, with their counts: for the centre's eyes, never for an output.
TO_CLASSIFY = "to_classify.csv"
MANIFEST_VERSION = 1


@dataclass(frozen=True)
class LoadPackage:
    """One load: its folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]
    is_new: bool

    @property
    def load_id(self) -> str:
        return str(self.manifest["load_id"])

    @property
    def intake(self) -> dict[str, Any]:
        """The files read and the account of every mapped column, without a value."""
        return {"files": self.manifest["files"], "columns": self.manifest["columns"]}

    def frame_file(self, name: str) -> Path:
        """The Parquet file of an entity, of the code lists (`code`) or of the years (`period`)."""
        return self.folder / f"{name}.parquet"

    @property
    def to_classify(self) -> Path:
        return self.folder / TO_CLASSIFY

    @property
    def records(self) -> int:
        return sum(file["records"] for file in self.manifest["files"])

    @property
    def unmapped(self) -> int:
        return sum(column["unmapped"] for column in self.manifest["columns"])


def load_export(
    raw_folder: Path, loads: Path, load_id: str, centre: Centre, vocabularies: Vocabularies, mappings_folder: Path
) -> LoadPackage:
    """Read, screen and map an export, or open the load that already holds it.

    Nothing is written unless every file of the export was read whole.
    """
    folder = loads / load_id
    if (folder / MANIFEST).is_file():
        return open_load(loads, load_id)
    mappings = read_mappings(mappings_folder, centre, vocabularies)
    tables = {source.id: read_source(raw_folder, source) for source in centre.source}
    for table in (table for group in tables.values() for table in group):
        refuse_identifiers(table)
    manifest = _write_package(load_id, folder, tables, centre, mappings, vocabularies)
    return LoadPackage(folder, manifest, is_new=True)


def open_load(loads: Path, load_id: str) -> LoadPackage:
    """A load that is already there."""
    folder = loads / load_id
    return LoadPackage(folder, _read_manifest(folder), is_new=False)


def _read_manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def _write_package(
    load_id: str,
    folder: Path,
    tables: dict[str, tuple[RawTable, ...]],
    centre: Centre,
    mappings: Mappings,
    vocabularies: Vocabularies,
) -> dict[str, Any]:
    accounts: list[ColumnAccount] = []
    frames = {name: empty_entity(name) for name in ENTITIES}
    files_before = _files_before(tables)
    for settings in centre.entity:
        source = next(source for source in centre.source if source.id == settings.source)
        frame, entity_accounts = map_entity(settings, source, tables[source.id], mappings)
        frames[settings.name] = frame.with_columns(pl.col("source_file") + files_before[source.id])
        accounts.extend(entity_accounts)
    frames |= {"code": _code_frame(vocabularies), "period": _period_frame(frames["request"], centre)}
    manifest = {
        "version": MANIFEST_VERSION,
        "load_id": load_id,
        "centre": centre.id,
        "files": [_file_account(rank, table) for rank, table in enumerate(chain(*tables.values()), start=1)],
        "entities": {name: frames[name].height for name in ENTITIES},
        "columns": [_column_account(account) for account in accounts],
    }
    with new_folder(folder) as staging:
        for name, frame in frames.items():
            frame.with_columns(pl.lit(load_id).alias("load_id")).write_parquet(staging / f"{name}.parquet")
        _write_to_classify(staging / TO_CLASSIFY, accounts)
        frames_read = {source: [table.frame for table in group] for source, group in tables.items()}
        write_profile(staging, profile_export(centre, frames_read))
        write_text(staging / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        publish_folder(staging, folder)
    return manifest


def _files_before(tables: dict[str, tuple[RawTable, ...]]) -> dict[str, int]:
    """How many files of the manifest stand before the first one of each source."""
    counts = [len(group) for group in tables.values()]
    return dict(zip(tables, accumulate(counts, initial=0), strict=False))


def _code_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """The codes that data may carry, by code list: their class, and the bounds of bands."""
    rows = [
        (name, code.code, code.parent or None, code.lower, code.upper)
        for name in sorted({dimension.vocabulary for dimension in DIMENSIONS.values()})
        for code in vocabularies[name].leaves
    ]
    schema = {"vocabulary": pl.String, "code": pl.String, "parent": pl.String, "lower": pl.Int64, "upper": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _period_frame(requests: pl.DataFrame, centre: Centre) -> pl.DataFrame:
    """Every year of the centre from the first request to the last."""
    days = requests["request_date"].drop_nulls()
    periods: list[Period] = []
    if not days.is_empty():
        first, last = days.sort()[0], days.sort()[-1]
        periods.append(period_of(centre.period, first))
        while periods[-1].last_day < last:
            periods.append(period_of(centre.period, periods[-1].last_day + datetime.timedelta(days=1)))
    rows = [(period.label, period.first_day, period.last_day) for period in periods]
    return pl.DataFrame(rows, schema={"label": pl.String, "first_day": pl.Date, "last_day": pl.Date}, orient="row")


def _file_account(rank: int, table: RawTable) -> dict[str, Any]:
    return {
        "rank": rank,
        "name": table.name,
        "sha256": table.sha256,
        "encoding": table.encoding,
        "records": table.records,
        # A file is read whole or refused whole: what was not loaded would have stopped the load.
        "loaded": table.records,
    }


def _column_account(account: ColumnAccount) -> dict[str, Any]:
    return {
        "entity": account.entity,
        "column": account.column,
        "rows": account.rows,
        "missing": dict(sorted(account.missing.items())),
        "sentinels": account.sentinels,
        "unmapped": account.unmapped,
    }


def _write_to_classify(path: Path, accounts: Sequence[ColumnAccount]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("entity", "column", "source_value", "count"))
        for account in accounts:
            for value, count in sorted(account.unmapped_values.items()):
                writer.writerow((account.entity, account.column, compose(value), count))
