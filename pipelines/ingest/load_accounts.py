"""What a load's manifest tells of each file and of each mapped column: counts and reasons, never a cell."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.config import Centre
from pipelines.ingest.account import RecordAccount, in_words
from pipelines.ingest.map_values import ColumnAccount
from pipelines.ingest.source_records import identical_records
from pipelines.ingest.take_in_export import TakenFile
from pipelines.language import Language, Text


def file_accounts(files: Sequence[TakenFile], centre: Centre, seen_before: Mapping[str, str]) -> list[dict[str, Any]]:
    """What was read of each file; `records` are those of its table, rejected ones included.

    Physical records = loaded + rejected + recognised as no row + left out for a reason, always:
    anything else is a fault of the program (`AssertionError`).
    """
    without_id = {
        entity.source for entity in centre.entity if any(column.row_key for column in entity.columns.values())
    }
    accounts = []
    for taken in files:
        account = _checked_account(taken)
        accounts.append(
            {
                "rank": taken.rank,
                "name": taken.file.name,
                "source": taken.source,
                "sha256": taken.file.sha256,
                "encoding": taken.file.encoding,
                "records": account.loaded + account.rejected.total(),
                "loaded": taken.height,
                "set_aside": _reasons(taken, account),
                "account": account.facts(),
                "corrected": taken.corrected,
                # Where records have a number of their own, it is the number that tells a repeat.
                "identical": identical_records(taken.file) if taken.source in without_id else None,
                "first_load": seen_before.get(taken.file.sha256),
            }
        )
    return accounts


def _checked_account(taken: TakenFile) -> RecordAccount:
    account = taken.file.account
    if account is None:
        raise AssertionError(f"file {taken.rank}: nobody counted its physical records")
    left_out = taken.set_aside.total()
    if account.records != taken.height + left_out + account.recognised.total() + account.rejected.total():
        raise AssertionError(
            f"file {taken.rank}: {account.records} physical records, {taken.height} loaded, {left_out} left out, "
            f"{account.recognised.total()} recognised, {account.rejected.total()} rejected"
        )
    return account


def _reasons(taken: TakenFile, account: RecordAccount) -> list[dict[str, Any]]:
    """Why records of the table are not in the load: rejected by the reader, or left out by the contract."""
    french, english = Language("fr"), Language("en")
    reasons = [
        (Text(french.text(in_words(reason)), english.text(in_words(reason))), count)
        for reason, count in account.rejected.items()
    ]
    reasons += list(taken.set_aside.items())
    return [{"fr": reason.fr, "en": reason.en, "count": count} for reason, count in reasons]


def files_seen_before(loads: Path, manifest_name: str) -> dict[str, str]:
    """The files of earlier loads, by fingerprint, with one load that holds them."""
    seen: dict[str, str] = {}
    for path in sorted(loads.glob(f"*/{manifest_name}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        for file in manifest["files"]:
            seen.setdefault(file["sha256"], manifest["load_id"])
    return seen


def column_account(account: ColumnAccount) -> dict[str, Any]:
    """What became of the cells of a column."""
    return {
        "entity": account.entity,
        "column": account.column,
        "rows": account.rows,
        "missing": dict(sorted(account.missing.items())),
        "sentinels": account.sentinels,
        "unmapped": account.unmapped,
    }
