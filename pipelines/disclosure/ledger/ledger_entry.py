"""One line of the ledger: a release that two persons let out, or its withdrawal, chained to the line before.

A line is the canonical JSON of its fields, so that one entry has one spelling only: a byte that is changed, even
between two fields, no longer verifies. The chain has no secret; what it finds and what it cannot is told in `ledger`.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from pipelines.disclosure.release_files import parse_release
from pipelines.disclosure.release_table import Release
from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg

ENTRY_VERSION = 1
#: What the first entry is chained to.
NO_HASH = "0" * 64


class EntryKind(StrEnum):
    """What an entry tells."""

    RELEASE = "release"
    #: The release was called back. Its numbers stay known to who has read them.
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """What is told of a release; `tables` and `cells` are the texts of its two files, empty in a withdrawal."""

    kind: EntryKind
    release_id: str
    made_on: datetime.date
    approved_on: datetime.date
    prepared_by: str
    approved_by: str
    centre: str
    audience: str
    period: str
    load_id: str
    #: SHA-256 of the release's `record.json`, which holds that of every other file.
    record_sha256: str
    #: Names of the merging plan's steps that were applied.
    merged: tuple[str, ...] = ()
    #: Why a release was withdrawn.
    reason: str = ""
    tables: str = ""
    cells: str = ""


@dataclass(frozen=True, kw_only=True)
class LedgerEntry(EntryFacts):
    """An entry in its place in the chain."""

    number: int
    previous: str
    hash: str
    version: int = ENTRY_VERSION

    @cached_property
    def release(self) -> Release:
        """The release that was let out; `DisclosureGateFailed` if this program cannot read its format."""
        try:
            return parse_release(self.tables, self.cells)
        except (ValueError, KeyError, TypeError):
            raise DisclosureGateFailed(
                msg("A release of the ledger cannot be read"),
                where=msg("entry {number} of the ledger", number=self.number),
                why=msg("its tables were written by another version of the program"),
                to_do=msg("Install the version that wrote it, or a later one; publish nothing meanwhile"),
            ) from None


def chain(facts: EntryFacts, number: int, previous: str) -> LedgerEntry:
    """The entry that these facts make after the entry of that hash."""
    fields = {field.name: getattr(facts, field.name) for field in dataclasses.fields(EntryFacts)}
    unsealed = LedgerEntry(**fields, number=number, previous=previous, hash="")
    return dataclasses.replace(unsealed, hash=_hash(_fields(unsealed)))


def entry_line(entry: LedgerEntry) -> bytes:
    """The line of the ledger that holds the entry, line feed included."""
    return canonical_json(_fields(entry)) + b"\n"


def parse_entry(line: bytes) -> LedgerEntry:
    """The entry that a line (without its line feed) holds; `ValueError` if it is not one, exactly as written."""
    try:
        fields = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    entry = _entry(fields)
    if canonical_json(fields) != line:
        raise ValueError("not the canonical spelling")
    if _hash(fields) != entry.hash:
        raise ValueError("the hash is another content's")
    return entry


def canonical_json(fields: Mapping[str, Any]) -> bytes:
    """The one spelling of an object: keys in order, no space, UTF-8."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _fields(entry: LedgerEntry) -> dict[str, Any]:
    fields = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    dates = {name: fields[name].isoformat() for name in ("made_on", "approved_on")}
    return {**fields, **dates, "merged": list(entry.merged)}


def _hash(fields: Mapping[str, Any]) -> str:
    sealed = {name: value for name, value in fields.items() if name != "hash"}
    return hashlib.sha256(canonical_json(sealed)).hexdigest()


def _entry(fields: Any) -> LedgerEntry:
    """The fields as an entry; a `ValueError` for a field too many, too few or of another type."""
    names = {field.name for field in dataclasses.fields(LedgerEntry)}
    if not isinstance(fields, dict) or set(fields) != names:
        raise ValueError("not the fields of an entry")
    kinds = {"version": int, "number": int, "merged": list}
    if any(type(value) is not kinds.get(name, str) for name, value in fields.items()):
        raise ValueError("a field of another type")
    if fields["version"] != ENTRY_VERSION or any(type(step) is not str for step in fields["merged"]):
        raise ValueError("another version of the format")
    return LedgerEntry(
        **{
            **fields,
            "kind": EntryKind(fields["kind"]),
            "made_on": datetime.date.fromisoformat(fields["made_on"]),
            "approved_on": datetime.date.fromisoformat(fields["approved_on"]),
            "merged": tuple(fields["merged"]),
        }
    )
