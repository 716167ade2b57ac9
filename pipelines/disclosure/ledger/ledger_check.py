"""Whether the ledger and the final releases still are what was approved.

A release folder is final if it holds `approval.json` or if the ledger holds its record. A draft that was made in its
place since is neither, and is not judged: the ledger keeps what was published.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.disclosure.ledger.approval import (
    APPROVAL_FILE,
    RECORD_FILE,
    approval_text,
    approved_entry,
    changed_files,
    named,
    read_record,
)
from pipelines.disclosure.ledger.ledger import Ledger, LedgerFault, examine_ledger
from pipelines.disclosure.ledger.ledger_entry import LedgerEntry
from pipelines.language import Message, msg
from pipelines.storage import fingerprint_file


def verify_ledger(folder: Path, reports: Path) -> list[LedgerFault]:
    """Every fault of the ledger, then of each final release under `reports` (a centre's folder)."""
    ledger, faults = examine_ledger(folder)
    found = list(faults)
    for release in _release_folders(reports):
        problems = _release_problems(release, ledger)
        where = msg("in {folder}", folder=release.relative_to(reports).as_posix())
        found += [LedgerFault(where, problem, to_do) for problem, to_do in problems]
    return found


def read_whole_ledger(folder: Path, reports: Path) -> Ledger:
    """The ledger for a new release to be protected with: it verifies, and holds every approval under `reports`.

    `read_ledger` alone takes a ledger that was removed for one that was never begun. Raises
    `DisclosureGateFailed` that tells the first fault.
    """
    ledger, faults = examine_ledger(folder)
    if faults:
        raise faults[0].refusal()
    for release in _release_folders(reports):
        if (release / APPROVAL_FILE).is_file() and _entry_of_approval(release, ledger.entries) is None:
            where = msg("in {folder}", folder=release.relative_to(reports).as_posix())
            raise LedgerFault(where, *_UNKNOWN_APPROVAL).refusal()
    return ledger


_OUT_OF_HAND = msg(
    "Do not hand this folder out: bring it back from a backup, or make the report again and have it approved"
)
_UNKNOWN_APPROVAL = (
    msg("approval.json names an entry that the ledger does not hold: one of the two was changed or removed"),
    msg("Publish nothing; bring the ledger and this folder back from the last backup"),
)


def _release_folders(reports: Path) -> Iterator[Path]:
    """The folders that hold a record or an approval; those that a stop left half-made begin with a dot."""
    found = {path.parent for name in (RECORD_FILE, APPROVAL_FILE) for path in reports.rglob(name)}
    for folder in sorted(found):
        if not any(part.startswith(".") for part in folder.relative_to(reports).parts):
            yield folder


def _release_problems(folder: Path, ledger: Ledger) -> Iterator[tuple[Message, Message]]:
    """What does not agree, each with what to do; nothing of a draft."""
    record_sha256 = fingerprint_file(folder / RECORD_FILE) if (folder / RECORD_FILE).is_file() else ""
    entry = approved_entry(ledger, record_sha256)
    if (folder / APPROVAL_FILE).is_file():
        approved = _entry_of_approval(folder, ledger.entries)
        if approved is None:
            yield _UNKNOWN_APPROVAL
            return
        if approved.record_sha256 != record_sha256:
            yield msg("record.json was changed, removed or replaced after the approval"), _OUT_OF_HAND
            return
    elif entry is not None:
        yield (
            msg("approval.json is absent, though the ledger holds this release's approval"),
            msg("Run `bilan approve` on it again: the ledger does not change"),
        )
    if entry is not None:
        yield from _changes(folder)


def _changes(folder: Path) -> Iterator[tuple[Message, Message]]:
    try:
        changed = changed_files(folder, read_record(folder))
    except (ValueError, KeyError, TypeError):
        yield msg("record.json cannot be read"), _OUT_OF_HAND
        return
    if changed:
        yield msg("changed, absent or added since the approval: {files}", files=named(changed)), _OUT_OF_HAND


def _entry_of_approval(folder: Path, entries: Sequence[LedgerEntry]) -> LedgerEntry | None:
    """The entry that `approval.json` names, if all that it says of it is so."""
    content = (folder / APPROVAL_FILE).read_bytes()
    try:
        number = json.loads(content)["ledger_number"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    matching = (entry for entry in entries if entry.number == number)
    return next((entry for entry in matching if approval_text(entry).encode() == content), None)
