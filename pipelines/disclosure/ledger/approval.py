"""The second person: a release is a draft until somebody who did not make it lets it out.

From then on its cells are in the ledger, known to the world for ever, and `approval.json` in the release's folder
names the entry. Nothing is written where one check fails.
"""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pipelines.disclosure.ledger.ledger import Ledger, append_held, hold_ledger, read_ledger
from pipelines.disclosure.ledger.ledger_entry import EntryFacts, EntryKind, LedgerEntry
from pipelines.disclosure.release_files import CELLS_FILE, TABLES_FILE, parse_release
from pipelines.disclosure.release_table import Release
from pipelines.errors import DisclosureGateFailed, UsageError
from pipelines.language import Message, msg
from pipelines.storage import fingerprint_file, recover, write_text

RECORD_FILE = "record.json"
APPROVAL_FILE = "approval.json"
APPROVAL_VERSION = 1
_LONGEST_NAME = 80
_MOST_NAMED = 5
#: What a file manager leaves in every folder that it shows.
_LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
#: Letters that Unicode does not take for an accented one.
_JOINED_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})


@dataclass(frozen=True)
class Approval:
    """The entry that holds the release; `is_new` is false where it was approved before, and nothing was done.

    `notices` tell what an earlier stop had left in the ledger, which is put right now.
    """

    entry: LedgerEntry
    is_new: bool
    notices: tuple[Message, ...]


@dataclass(frozen=True)
class _Draft:
    """A release folder as its record tells it."""

    folder: Path
    record: Mapping[str, Any]
    record_sha256: str
    tables: str
    cells: str

    @cached_property
    def release(self) -> Release:
        return parse_release(self.tables, self.cells)


def approve(
    release_folder: Path, ledger_folder: Path, *, prepared_by: str, approved_by: str, today: datetime.date
) -> Approval:
    """Enter a draft in the ledger and mark it final with `approval.json`.

    Raises `UsageError` for names that are not of two persons or a folder without a release, and
    `DisclosureGateFailed` for an internal release, a file that is not the one that was made, a report that was
    protected before the last approval, and a ledger that does not verify.
    """
    prepared_by, approved_by = two_persons(prepared_by, approved_by)
    recover(release_folder)  # an approval that was stopped may have left its own file half-made among the release's
    draft = _read_draft(release_folder)
    with hold_ledger(ledger_folder):
        ledger = read_ledger(ledger_folder)
        entry = approved_entry(ledger, draft.record_sha256)
        is_new = entry is None
        if entry is None:
            _require_version(draft.record["ledger_version"], ledger)
            entry = append_held(ledger_folder, _facts(draft, prepared_by, approved_by, today))
        # Last, and made good where it is lost: a stop after the entry leaves a release that is out all the same.
        if not _holds(release_folder / APPROVAL_FILE, approval_text(entry)):
            write_text(release_folder / APPROVAL_FILE, approval_text(entry))
    return Approval(entry, is_new, ledger.notices)


def withdraw(
    ledger_folder: Path, release_id: str, *, reason: str, prepared_by: str, approved_by: str, today: datetime.date
) -> LedgerEntry:
    """Enter that a release was called back. Its values stay known: nothing is protected less for it."""
    prepared_by, approved_by = two_persons(prepared_by, approved_by)
    if not any(letter.isalnum() for letter in reason) or not reason.isprintable():
        raise UsageError(
            msg("A withdrawal needs its reason, in one line"),
            to_do=msg("Give it with --reason, without a word about a person"),
        )
    with hold_ledger(ledger_folder):
        ledger = read_ledger(ledger_folder)
        entry = next((entry for entry in reversed(ledger.released) if entry.release_id == release_id), None)
        if entry is None or release_id in ledger.withdrawn:
            raise UsageError(
                msg("No release of this id can be withdrawn"),
                why=msg("the ledger holds none, or it was withdrawn before"),
                to_do=msg("See the releases with `bilan ledger list`"),
            )
        facts = EntryFacts(
            kind=EntryKind.WITHDRAWAL,
            release_id=release_id,
            made_on=entry.made_on,
            approved_on=today,
            prepared_by=prepared_by,
            approved_by=approved_by,
            centre=entry.centre,
            audience=entry.audience,
            period=entry.period,
            load_id=entry.load_id,
            record_sha256=entry.record_sha256,
            reason=reason.strip(),
        )
        return append_held(ledger_folder, facts)


def two_persons(prepared_by: str, approved_by: str) -> tuple[str, str]:
    """The two names, their spaces put right; a `UsageError` where one is empty or both are one person's."""
    names = tuple(" ".join(unicodedata.normalize("NFC", name).split()) for name in (prepared_by, approved_by))
    if not all(_letters(name) and name.isprintable() and len(name) <= _LONGEST_NAME for name in names):
        raise UsageError(
            msg("Two names are needed: who made the report and who approves it"),
            to_do=msg("Give them with --prepared-by and --approved-by, in one line each"),
        )
    first, second = names
    if _letters(first) == _letters(second) or sorted(_words(first)) == sorted(_words(second)):
        raise UsageError(
            msg("The report is approved by the person who made it"),
            why=msg("what one person overlooks, another sees"),
            to_do=msg("Have somebody else look at the report and approve it"),
        )
    return first, second


def _words(name: str) -> list[str]:
    """The name's words without accents, capitals and signs: `Tremblay, Ève` is `eve tremblay`."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_JOINED_LETTERS))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept).split()


def _letters(name: str) -> str:
    return "".join(_words(name))


def approved_entry(ledger: Ledger, record_sha256: str) -> LedgerEntry | None:
    """The entry of the release that this very record tells, if it was approved."""
    return next((entry for entry in ledger.released if entry.record_sha256 == record_sha256), None)


def approval_text(entry: LedgerEntry) -> str:
    """`approval.json`: who let the release out, when, and where the ledger says so."""
    approval = {
        "version": APPROVAL_VERSION,
        "release_id": entry.release_id,
        "centre": entry.centre,
        "period": entry.period,
        "audience": entry.audience,
        "prepared_by": entry.prepared_by,
        "approved_by": entry.approved_by,
        "approved_on": entry.approved_on.isoformat(),
        "ledger_number": entry.number,
        "ledger_hash": entry.hash,
        "record_sha256": entry.record_sha256,
    }
    return json.dumps(approval, ensure_ascii=False, indent=1) + "\n"


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def changed_files(folder: Path, record: Mapping[str, Any]) -> list[str]:
    """Names of the files that are not what the record says: changed, absent or added since it was written."""
    found = {
        path.relative_to(folder).as_posix(): fingerprint_file(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _LEFT_BY_SYSTEMS
    }
    for own in (RECORD_FILE, APPROVAL_FILE):
        found.pop(own, None)
    expected = record["files"]
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a release folder; `ValueError`, `KeyError` or `OSError` if it holds none that can be read."""
    record = json.loads((folder / RECORD_FILE).read_bytes())
    if not isinstance(record, dict) or not isinstance(record["files"], dict):
        raise ValueError("not a record")
    return record


def named(files: list[str]) -> str:
    """The first few names, so that the sentence stays a line."""
    return ", ".join(files[:_MOST_NAMED]) + (", …" if len(files) > _MOST_NAMED else "")


def _read_draft(folder: Path) -> _Draft:
    """The draft, each of its files the one that was made, and not an internal release."""
    try:
        record = read_record(folder)
        # Before the files: who approves an internal report must hear that, and not of an edited page.
        if record["audience"] == "internal":
            raise _internal(folder)
        if changed := changed_files(folder, record):
            raise DisclosureGateFailed(
                msg("This release is not the one that was made"),
                where=msg("in {folder}", folder=_short(folder)),
                why=msg("changed, absent or added since then: {files}", files=named(changed)),
                to_do=msg("Make the report again, look at it, then approve it"),
            )
        tables, cells = ((folder / name).read_bytes().decode("utf-8") for name in (TABLES_FILE, CELLS_FILE))
        draft = _Draft(folder, record, fingerprint_file(folder / RECORD_FILE), tables, cells)
        _require_one_story(draft)
    except (ValueError, KeyError, TypeError, FileNotFoundError, NotADirectoryError, RecursionError):
        raise UsageError(
            msg("This folder holds no release that can be approved"),
            where=msg("in {folder}", folder=_short(folder)),
            why=msg("its record or its tables are absent, spoilt or another version's"),
            to_do=msg("Make the report of this year and audience again, then approve it"),
        ) from None
    if draft.release.is_internal:
        raise _internal(folder)
    return draft


def _require_one_story(draft: _Draft) -> None:
    """The record and the tables tell of one release, and the record holds what the ledger needs."""
    record, release = draft.record, draft.release
    told = (record["centre"], record["audience"], record["period"])
    if told != (release.centre_id, release.audience, release.period):
        raise ValueError("the record is another release's")
    if release.protection is not None and type(record["ledger_version"]) is not int:
        raise ValueError("not a number of entries")
    datetime.date.fromisoformat(record["date"])
    texts = (record["id"], record["load_id"], *record.get("merged", []))
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not a record")


def _internal(folder: Path) -> DisclosureGateFailed:
    return DisclosureGateFailed(
        msg("An internal report is never published"),
        where=msg("in {folder}", folder=_short(folder)),
        why=msg("its numbers are true and not protected"),
        to_do=msg("Make the report with --audience public, and approve that one"),
    )


def _require_version(known: int, ledger: Ledger) -> None:
    if known == ledger.version:
        return
    if known > ledger.version:
        raise DisclosureGateFailed(
            msg("The ledger of published cells is not whole"),
            why=msg("this report was protected with entries that the ledger does not hold"),
            to_do=msg("Put ledger.jsonl and head.json back from the last backup"),
        )
    raise DisclosureGateFailed(
        msg("This report was protected before the last approval"),
        why=msg("what was published since then could be put together with it"),
        to_do=msg("Make the report again, look at it, then approve it"),
    )


def _facts(draft: _Draft, prepared_by: str, approved_by: str, today: datetime.date) -> EntryFacts:
    record = draft.record
    return EntryFacts(
        kind=EntryKind.RELEASE,
        release_id=record["id"],
        made_on=datetime.date.fromisoformat(record["date"]),
        approved_on=today,
        prepared_by=prepared_by,
        approved_by=approved_by,
        centre=record["centre"],
        audience=record["audience"],
        period=record["period"],
        load_id=record["load_id"],
        record_sha256=draft.record_sha256,
        merged=tuple(record.get("merged", [])),
        tables=draft.tables,
        cells=draft.cells,
    )


def _short(folder: Path) -> str:
    """The year and the audience: enough to know the folder, whatever machine it is on."""
    return "/".join(folder.parts[-2:])
