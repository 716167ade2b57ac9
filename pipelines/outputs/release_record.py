"""The release record: what a release was made from, what it holds, and the fingerprint of each file.

It answers two questions: where does this number come from, and is this file still the one that was
made? It holds no value of a case: fingerprints, counts of cells and checks, versions.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.config import Centre
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.protection_report import ProtectionReport
from pipelines.disclosure.release_table import Release
from pipelines.quality.checks import QualityReport, Result
from pipelines.storage import fingerprint_file, write_text

RECORD = "record.json"
RECORD_VERSION = 2
_LIBRARIES = (
    "bilan", "duckdb", "great-expectations", "highspy", "nbconvert", "pandas", "papermill", "plotly", "polars",
)  # fmt: skip


@dataclass(frozen=True)
class ReleaseFacts:
    """What the record tells beside the release itself."""

    fingerprint: str
    made_on: datetime.date
    load_id: str
    #: Name and SHA-256 of each file of the export.
    inputs: Sequence[Mapping[str, Any]]
    checks: Mapping[str, int]
    #: Of each core table: how many rules were checked on it, none of which stops the report.
    suites: Mapping[str, int] = field(default_factory=dict)
    #: Of each core table: the SHA-256 of the files of the export that it was read from.
    sources: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Of each core table that is no kind of record: the core tables that it is made of, whose rules and files it has.
    made_of: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def release_id(self) -> str:
        return self.fingerprint[:16]


def gather_facts(
    fingerprint: str,
    made_on: datetime.date,
    load_id: str,
    intake: Mapping[str, Any],
    quality: QualityReport,
    centre: Centre,
    made_of: Mapping[str, Sequence[str]],
) -> ReleaseFacts:
    """What is told of a release whose checks have passed; `intake`: the files of its load."""
    suites = Counter(check.suite for check in quality.checks if check.outcome in (Result.PASSED, Result.FAILED))
    return ReleaseFacts(
        fingerprint,
        made_on,
        load_id,
        intake["files"],
        _count_checks(quality),
        dict(suites),
        _files_of_tables(centre, intake["files"]),
        made_of,
    )


def _count_checks(quality: QualityReport) -> dict[str, int]:
    """How many checks there are of the data, and how they ended."""
    return {
        "declared": quality.declared,
        "executed": quality.executed,
        "not_applicable": quality.not_applicable,
        "failed": len(quality.having(Result.FAILED)),
    }


def _files_of_tables(centre: Centre, files: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """The SHA-256 of the files of each core table, those that are joined to them included."""
    joins = {source.id: [join.source for join in source.join] for source in centre.source}

    def read_for(source: str) -> set[str]:
        return {source}.union(*map(read_for, joins[source]))

    return {
        f"core_{entity.name}": [file["sha256"] for file in files if file["source"] in read_for(entity.source)]
        for entity in centre.entity
    }


def write_record(release: Release, facts: ReleaseFacts, folder: Path, report: ProtectionReport | None) -> None:
    """Write `record.json` last: it fingerprints every other file of the release.

    `report`: how the release was protected; only what everybody may know of it is told, so nothing of which
    hidden cells are small. None for an internal release.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RECORD)
    statuses = Counter(cell.status for table in release.tables for cell in table.cells)
    record = {
        "version": RECORD_VERSION,
        "id": facts.release_id,
        "fingerprint": facts.fingerprint,
        "date": facts.made_on.isoformat(),
        "centre": release.centre_id,
        "is_fictitious": release.is_fictitious,
        "period": release.period,
        "audience": release.audience,
        # The internal audience sees true counts: no threshold, no level, and so no distribution.
        "protection": _describe(report) if report else None,
        "ledger_version": report.ledger_version if report else None,
        "merged": list(report.merged) if report else [],
        "cells": {status.value: statuses[status] for status in CellStatus},
        "checks": dict(facts.checks),
        "suites": dict(facts.suites),
        "sources": {table: list(files) for table, files in facts.sources.items()},
        "load_id": facts.load_id,
        "inputs": [{"name": file["name"], "sha256": file["sha256"]} for file in facts.inputs],
        "versions": {name: version(name) for name in _LIBRARIES},
        "files": {path.relative_to(folder).as_posix(): fingerprint_file(path) for path in files},
    }
    write_text(folder / RECORD, json.dumps(record, ensure_ascii=False, indent=1) + "\n")


def _describe(report: ProtectionReport) -> dict[str, Any]:
    return {
        "k": report.protection.k,
        "level": report.protection.level.value,
        "zeros_are_published": report.protection.zeros_are_published,
        "rounding": report.protection.rounding,
        "frozen": list(report.frozen),
        "solver": report.solver,
        "seconds": report.seconds,
    }


def is_current(folder: Path, fingerprint: str) -> bool:
    """Whether the release in the folder was made from exactly this, and no file of it was touched since."""
    path = folder / RECORD
    if not path.is_file():
        return False
    record = json.loads(path.read_text(encoding="utf-8"))
    if record.get("version") != RECORD_VERSION or record.get("fingerprint") != fingerprint:
        return False
    return all(
        (folder / name).is_file() and fingerprint_file(folder / name) == expected
        for name, expected in record["files"].items()
    )
