"""The system of record: an append-only folder per load, from which the database can always be rebuilt.

`data/processed/<centre>/loads/<load_id>/` holds one Parquet file per kind of record and a manifest:
the files of the export with their fingerprints, what was read of each, and what became of every
mapped cell. The load id is the fingerprint of all that went in, so the same export read with the
same configuration is the same load and is not read twice.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.codes import Vocabularies
from pipelines.config import Centre
from pipelines.ingest.map_values import ColumnAccount, map_entity
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

    def entity_file(self, entity: str) -> Path | None:
        path = self.folder / f"{entity}.parquet"
        return path if path.is_file() else None

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
    manifest = _write_package(load_id, folder, tables, centre, mappings)
    return LoadPackage(folder, manifest, is_new=True)


def open_load(loads: Path, load_id: str) -> LoadPackage:
    """A load that is already there."""
    folder = loads / load_id
    return LoadPackage(folder, _read_manifest(folder), is_new=False)


def _read_manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return manifest


def _write_package(
    load_id: str, folder: Path, tables: dict[str, tuple[RawTable, ...]], centre: Centre, mappings: Mappings
) -> dict[str, Any]:
    accounts: list[ColumnAccount] = []
    rows: dict[str, int] = {}
    source_files = [table for source in centre.source for table in tables[source.id]]
    with new_folder(folder) as staging:
        for settings in centre.entity:
            source = next(source for source in centre.source if source.id == settings.source)
            first_rank = source_files.index(tables[source.id][0])
            frame, entity_accounts = map_entity(settings, source, tables[source.id], mappings)
            frame = frame.with_columns(pl.col("source_file") + first_rank, pl.lit(load_id).alias("load_id"))
            frame.write_parquet(staging / f"{settings.name}.parquet")
            rows[settings.name] = frame.height
            accounts.extend(entity_accounts)
        manifest = {
            "version": MANIFEST_VERSION,
            "load_id": load_id,
            "centre": centre.id,
            "files": [_file_account(rank, table) for rank, table in enumerate(source_files, start=1)],
            "entities": rows,
            "columns": [_column_account(account) for account in accounts],
        }
        _write_to_classify(staging / TO_CLASSIFY, accounts)
        write_text(staging / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        publish_folder(staging, folder)
    return manifest


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
