"""The system of record: an append-only folder per load, from which the database can always be rebuilt.

`data/processed/<centre>/loads/<load_id>/` holds one Parquet file per kind of record, the code lists
and the years that they were mapped with, and a manifest: the files of the export with their
fingerprints, what was kept of each and why the rest was not, what became of every mapped cell, the
version of the contract, and the fingerprint of every file of the load. The load id is the fingerprint
of all that went in, so the same export read with the same configuration is the same load and is not
read twice. A load is put in place whole or not at all, and is never changed.
"""

from __future__ import annotations

import csv
import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.codes import Vocabularies
from pipelines.config import Centre, Period, period_of
from pipelines.entities import DATE_OF_RECORD, DERIVED_VOCABULARIES, ENTITIES
from pipelines.errors import StorageError
from pipelines.ingest.apply_corrections import AppliedCorrections, Correction, read_corrections
from pipelines.ingest.drift import write_profile
from pipelines.ingest.find_conflicts import CONFLICTS, refuse_conflicts, settle_repeats
from pipelines.ingest.load_accounts import column_account, file_accounts, files_seen_before
from pipelines.ingest.map_values import ColumnAccount
from pipelines.ingest.read_export import compose
from pipelines.ingest.read_mappings import Mappings, read_mappings
from pipelines.ingest.read_source import SourceFile, read_source
from pipelines.ingest.screen_identifiers import refuse_identifiers
from pipelines.ingest.take_in_export import TakenExport, take_in_export
from pipelines.language import Text, msg
from pipelines.storage import fingerprint_file, fingerprint_text, new_folder, publish_folder, write_text
from pipelines.units import DIMENSIONS

MANIFEST = "manifest.json"
#: The words that no mapping knows, with their counts: for the centre's eyes, never for an output.
TO_CLASSIFY = "to_classify.csv"
MANIFEST_VERSION = 2


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
    def set_aside(self) -> tuple[tuple[Text, int], ...]:
        """Why records of the export are not in the load, and how many, over all its files."""
        counts: dict[Text, int] = {}
        for part in chain.from_iterable(file["set_aside"] for file in self.manifest["files"]):
            reason = Text(part["fr"], part["en"])
            counts[reason] = counts.get(reason, 0) + part["count"]
        return tuple(counts.items())

    @property
    def repeated(self) -> int:
        """Rows that stood, word for word, in a file before."""
        return sum(self.manifest["repeated"].values())

    @property
    def unmapped(self) -> int:
        return sum(column["unmapped"] for column in self.manifest["columns"])


def load_export(
    raw_folder: Path, loads: Path, load_id: str, centre: Centre, vocabularies: Vocabularies, config: Path
) -> LoadPackage:
    """Read, screen, correct and map an export, or open the load that already holds it.

    `config` is the folder with `mappings/<centre>/` and `corrections/<centre>.csv`. Nothing is written
    unless every file of the export was read whole; a list of conflicts aside.
    """
    folder = loads / load_id
    if (folder / MANIFEST).is_file():
        return open_load(loads, load_id)
    mappings = read_mappings(config / "mappings" / centre.id, centre, vocabularies)
    corrections_file = config / "corrections" / f"{centre.id}.csv"
    corrections = read_corrections(corrections_file, [source.id for source in centre.source])
    contract = contract_version(centre, vocabularies, mappings, corrections)
    with new_folder(loads / f"{load_id}-parts") as work:
        files: dict[str, tuple[SourceFile, ...]] = {}
        for source in centre.source:
            files[source.id] = read_source(raw_folder, source, work)
            for file in files[source.id]:
                refuse_identifiers(file)
        taken = take_in_export(centre, files, AppliedCorrections(corrections, corrections_file), mappings, work)
        manifest = _write_package(load_id, folder, taken, centre, vocabularies, contract)
    return LoadPackage(folder, manifest, is_new=True)


def contract_version(
    centre: Centre, vocabularies: Vocabularies, mappings: Mappings, corrections: Sequence[Correction]
) -> str:
    """The fingerprint of how a centre's export is read: its settings, code lists, mappings and corrections."""
    words = json.dumps({name: dict(mapping) for name, mapping in mappings.items()}, sort_keys=True)
    codes = _code_frame(vocabularies).write_csv()
    return fingerprint_text(centre.model_dump_json(), codes, words, repr(tuple(corrections)))


def open_load(loads: Path, load_id: str) -> LoadPackage:
    """A load that is already there; raises `StorageError` where a file of it is not as it was written."""
    folder = loads / load_id
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    damaged = [
        name
        for name, fingerprint in manifest.get("frames", {}).items()
        if not (folder / name).is_file() or fingerprint_file(folder / name) != fingerprint
    ]
    if damaged:
        raise StorageError(
            msg("A file of a load is not as it was written"),
            where=msg("in {folder}: {files}", folder=str(folder), files=", ".join(damaged)),
            why=msg("its fingerprint is not the one of the manifest"),
            to_do=msg("Move this folder away, then run `bilan ingest` again: the export gives the same load"),
        )
    return LoadPackage(folder, manifest, is_new=False)


def _write_package(
    load_id: str,
    folder: Path,
    taken: TakenExport,
    centre: Centre,
    vocabularies: Vocabularies,
    contract: str,
) -> dict[str, Any]:
    frames, repeated, conflicts = settle_repeats(taken.frames)
    refuse_conflicts(conflicts, {file.rank: file.file.name for file in taken.files}, folder.parent.parent / CONFLICTS)
    entities = {name: int(frames[name].select(pl.len()).collect().item()) for name in ENTITIES}
    frames |= {"code": _code_frame(vocabularies).lazy(), "period": _period_frame(frames, centre).lazy()}
    with new_folder(folder) as staging:
        for name, frame in frames.items():
            frame.with_columns(pl.lit(load_id).alias("load_id")).sink_parquet(staging / f"{name}.parquet")
        _write_to_classify(staging / TO_CLASSIFY, taken.columns)
        write_profile(staging, taken.profile)
        manifest = {
            "version": MANIFEST_VERSION,
            "load_id": load_id,
            "centre": centre.id,
            "contract": contract,
            "files": file_accounts(taken.files, centre, files_seen_before(folder.parent, MANIFEST)),
            "entities": entities,
            "repeated": repeated,
            "columns": [column_account(account) for account in taken.columns],
            "frames": {path.name: fingerprint_file(path) for path in sorted(staging.iterdir())},
        }
        write_text(staging / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        publish_folder(staging, folder)
    return manifest


def _code_frame(vocabularies: Vocabularies) -> pl.DataFrame:
    """The codes that data may carry, by code list: their class, and the bounds of bands."""
    of_tables = {dimension.vocabulary for dimension in DIMENSIONS.values()}
    # A code of a table that comes from the codes of a column: the models tell the one by the other.
    of_columns = {
        ENTITIES[source.entity][source.column].vocabulary
        for dimension in DIMENSIONS.values()
        for source in dimension.code_sources.values()
        if source.code
    }
    rows = [
        (name, code.code, code.parent or None, code.lower, code.upper)
        for name in sorted({*of_tables, *of_columns, *DERIVED_VOCABULARIES})
        for code in vocabularies[name].leaves
    ]
    schema = {"vocabulary": pl.String, "code": pl.String, "parent": pl.String, "lower": pl.Int64, "upper": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _period_frame(frames: Mapping[str, pl.LazyFrame], centre: Centre) -> pl.DataFrame:
    """Every year of the centre from the first record to the last, requests saying where to look.

    A meeting of 2032 is a slip of the keyboard, and the suites tell it: years are those of the requests, with
    the one before and the one after where another record is of it (a year may begin with its activities).
    """
    days = _record_days(frames["request"], "request")
    periods: list[Period] = []
    if days:
        day = datetime.timedelta(days=1)
        earliest = period_of(centre.period, period_of(centre.period, days[0]).first_day - day).first_day
        latest = period_of(centre.period, period_of(centre.period, days[-1]).last_day + day).last_day
        others = chain.from_iterable(_record_days(frames[name], name) for name in DATE_OF_RECORD)
        days = sorted(moment for moment in others if earliest <= moment <= latest)
        periods.append(period_of(centre.period, days[0]))
        while periods[-1].last_day < days[-1]:
            periods.append(period_of(centre.period, periods[-1].last_day + day))
    rows = [(period.label, period.first_day, period.last_day) for period in periods]
    return pl.DataFrame(rows, schema={"label": pl.String, "first_day": pl.Date, "last_day": pl.Date}, orient="row")


def _record_days(frame: pl.LazyFrame, entity: str) -> list[datetime.date]:
    """The days of which there is a record, in order, each once."""
    days = pl.col(DATE_OF_RECORD[entity])
    return frame.select(days.drop_nulls().unique().sort()).collect().to_series().to_list()


def _write_to_classify(path: Path, accounts: Sequence[ColumnAccount]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("entity", "column", "source_value", "count"))
        for account in accounts:
            for value, count in sorted(account.unmapped_values.items()):
                writer.writerow((account.entity, account.column, compose(value), count))
