"""The ledger of published cells: everything that a centre ever let out, for a new release to be protected with.

`ledger.jsonl` is append-only, an entry a line, each chained to the one before by its hash; `head.json` names the
last entry, so that lines cut off the end are missed. Found on every reading: any byte changed in either file, a line
changed, added, removed or moved. Found by `verify_ledger` with the releases at hand, whose `approval.json` names its
entry: an end cut off both files alike, the whole folder removed or rewritten. Not found, for the chain has no secret:
both files and the folders of all the releases replaced together by what hangs together. A copy kept elsewhere is the
answer to that.

A stop at any moment is mended: an entry that was being written is no approval yet, and is kept aside.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipelines.disclosure.ledger.ledger_entry import (
    NO_HASH,
    EntryFacts,
    EntryKind,
    LedgerEntry,
    canonical_json,
    chain,
    entry_line,
    parse_entry,
)
from pipelines.disclosure.release_table import Release
from pipelines.errors import DisclosureGateFailed
from pipelines.language import Message, msg
from pipelines.storage import hold_centre, make_folder, publish_file, recover, staging_name, write_text

LEDGER_FILE = "ledger.jsonl"
HEAD_FILE = "head.json"
#: Seconds that an approval waits for another one, which lasts a fraction of one.
LONGEST_WAIT_S = 30.0
_READINGS = 20


@dataclass(frozen=True)
class LedgerFault:
    """Something that does not verify, as an error tells it."""

    where: Message
    what: Message
    to_do: Message

    def refusal(self) -> DisclosureGateFailed:
        """The refusal (exit 5) of whatever needs a ledger that verifies."""
        what = msg("The ledger of published cells does not verify")
        return DisclosureGateFailed(what, where=self.where, why=self.what, to_do=self.to_do)


@dataclass(frozen=True)
class Ledger:
    """What is out. `notices` tell what a stop left behind, which the next approval puts right."""

    entries: tuple[LedgerEntry, ...] = ()
    notices: tuple[Message, ...] = ()

    @property
    def version(self) -> int:
        """Number of the last entry; 0 where nothing was ever published."""
        return len(self.entries)

    @property
    def last_hash(self) -> str:
        return self.hash_at(self.version)

    def hash_at(self, version: int) -> str:
        """The hash of the last entry that the ledger had at this version; an `IndexError` for one not reached."""
        return self.entries[version - 1].hash if version else NO_HASH

    @cached_property
    def released(self) -> tuple[LedgerEntry, ...]:
        """The entries of releases, those withdrawn since included: a published value stays known."""
        return tuple(entry for entry in self.entries if entry.kind is EntryKind.RELEASE)

    @property
    def releases(self) -> tuple[Release, ...]:
        """All that was ever let out, in order, as tables."""
        return tuple(entry.release for entry in self.released)

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Ids of the releases that were called back."""
        return frozenset(entry.release_id for entry in self.entries if entry.kind is EntryKind.WITHDRAWAL)

    @cached_property
    def frozen_periods(self) -> Mapping[str, str]:
        """Each period that was ever told, in a comparison of years too: the load of the first release to tell it."""
        frozen: dict[str, str] = {}
        for entry in self.released:
            for period in _periods(entry.release):
                frozen.setdefault(period, entry.load_id)
        return frozen

    @cached_property
    def merged(self) -> tuple[str, ...]:
        """The merging plan's steps that were ever applied, in the order in which they came."""
        return tuple(dict.fromkeys(step for entry in self.released for step in entry.merged))


def _periods(release: Release) -> Iterator[str]:
    yield release.period
    for table in release.tables:
        if table.is_collected:
            yield from table.periods


def read_ledger(folder: Path) -> Ledger:
    """The ledger of a folder, verified whole; an absent folder is an empty ledger.

    Raises `DisclosureGateFailed` that tells the first fault. An unfinished last line is no fault: see `notices`.
    """
    ledger, faults = examine_ledger(folder)
    if faults:
        raise faults[0].refusal()
    return ledger


def examine_ledger(folder: Path) -> tuple[Ledger, tuple[LedgerFault, ...]]:
    """The entries that can be read, and every fault of the two files."""
    stored = _read_stored(folder)
    entries: list[LedgerEntry] = []
    faults: list[LedgerFault] = []
    previous: str | None = NO_HASH
    for number, line in enumerate(stored.lines, start=1):
        try:
            entry = parse_entry(line)
        except ValueError:
            faults.append(_line_fault(number, msg("it was changed after it was written")))
            previous = None  # what follows a spoilt line can be judged by itself only
            continue
        # An entry that no longer follows is one of the chain all the same: the next one is held against it.
        if entry.number != number or (previous is not None and entry.previous != previous):
            faults.append(_line_fault(number, msg("a line before it was removed, added or moved")))
        elif entries and entry.centre != entries[0].centre:
            faults.append(_line_fault(number, msg("it is another centre's")))
        entries.append(entry)
        previous = entry.hash
    notices: tuple[Message, ...] = ()
    if not faults:
        notices, problem = _compare_head(entries, stored)
        if problem is not None:
            faults.append(LedgerFault(msg("file {name}", name=HEAD_FILE), problem, _BRING_BACK))
    return Ledger(tuple(entries), notices), tuple(faults)


_BRING_BACK = msg(
    "Publish nothing; put ledger.jsonl and head.json back from the last backup, and find out what changed them"
)


def _line_fault(number: int, what: Message) -> LedgerFault:
    return LedgerFault(msg("line {number} of {name}", number=number, name=LEDGER_FILE), what, _BRING_BACK)


@dataclass(frozen=True)
class _Stored:
    """The two files as they lie; `torn` is what follows the last line feed."""

    lines: tuple[bytes, ...]
    torn: bytes
    head: bytes | None


def _read_stored(folder: Path) -> _Stored:
    """Both files of one moment: read again while an approval moves the head between the two readings."""
    for _ in range(_READINGS):
        head = _read_bytes(folder / HEAD_FILE)
        content = _read_bytes(folder / LEDGER_FILE) or b""
        if head == _read_bytes(folder / HEAD_FILE):
            break
    *lines, torn = content.split(b"\n")
    return _Stored(tuple(lines), torn, head)


def _read_bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _compare_head(entries: list[LedgerEntry], stored: _Stored) -> tuple[tuple[Message, ...], Message | None]:
    """What a stop left behind, and what no stop explains."""
    if stored.head is None:
        # The head is written before the first line: no stop leaves a ledger without one.
        is_begun = bool(entries or stored.torn)
        return (), msg("it is absent, though the ledger was begun") if is_begun else None
    try:
        number, named = _parse_head(stored.head)
    except (ValueError, RecursionError):
        return (), msg("it was changed after it was written")
    if number > len(entries):
        return (), msg("it names an entry that the ledger no longer holds: its end was cut off")
    if named != (entries[number - 1].hash if number else NO_HASH):
        return (), msg("it names another entry than the ledger holds")
    if number < len(entries) - 1:
        return (), msg("the ledger goes on after the entry that it names")
    notices = []
    if number < len(entries):
        notices.append(msg("The last approval was stopped before its end; its entry is whole and is kept"))
    if stored.torn:
        notices.append(msg("An approval was stopped while its entry was being written; the entry does not count"))
    return tuple(notices), None


def _parse_head(head: bytes) -> tuple[int, str]:
    fields = json.loads(head)
    if not isinstance(fields, dict) or (type(fields.get("number")), type(fields.get("hash"))) != (int, str):
        raise ValueError("not the fields of a head")
    if fields["number"] < 0 or _head_text(fields["number"], fields["hash"]).encode() != head:
        raise ValueError("not the canonical spelling")
    return fields["number"], fields["hash"]


def _head_text(number: int, named: str) -> str:
    return canonical_json({"number": number, "hash": named}).decode() + "\n"


@contextmanager
def hold_ledger(folder: Path, wait_s: float = LONGEST_WAIT_S) -> Iterator[None]:
    """One approval at a time; raises `CentreBusy` (exit 6) past the wait."""
    make_folder(folder.parent)  # `mkdir` would make a parent with the mode of any folder
    with hold_centre(folder, wait_s):
        yield


def append_release(folder: Path, facts: EntryFacts) -> LedgerEntry:
    """Add an entry at the end, on the disk when this returns.

    Raises `DisclosureGateFailed` if the ledger does not verify, and `ValueError` for another centre's release.
    """
    with hold_ledger(folder):
        return append_held(folder, facts)


def append_held(folder: Path, facts: EntryFacts) -> LedgerEntry:
    """`append_release` for who holds the ledger already."""
    ledger = read_ledger(folder)
    if ledger.entries and ledger.entries[0].centre != facts.centre:
        raise ValueError("a ledger is of one centre")
    _mend(folder, ledger)
    entry = chain(facts, ledger.version + 1, ledger.last_hash)
    _append_line(folder / LEDGER_FILE, entry_line(entry))
    write_text(folder / HEAD_FILE, _head_text(entry.number, entry.hash))
    return entry


def _mend(folder: Path, ledger: Ledger) -> None:
    """Put right what a stop left behind: an unfinished line is kept aside, the head names the last entry."""
    recover(folder)
    stored = _read_stored(folder)
    if stored.torn:
        # Named by its content: a stop between the copy and the cut makes no second copy.
        aside = folder / f"torn-{hashlib.sha256(stored.torn).hexdigest()[:12]}"
        temporary = staging_name(aside)
        temporary.write_bytes(stored.torn)
        publish_file(temporary, aside)
        with (folder / LEDGER_FILE).open("r+b") as file:
            file.truncate(sum(len(line) + 1 for line in stored.lines))
            os.fsync(file.fileno())
    head = _head_text(ledger.version, ledger.last_hash)
    if stored.head != head.encode():
        write_text(folder / HEAD_FILE, head)


def _append_line(path: Path, line: bytes) -> None:
    """Write at the end and wait for the disk; a write that fails (disk full) leaves the file as it was."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        length = os.fstat(descriptor).st_size
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, length)
            raise
    finally:
        os.close(descriptor)
