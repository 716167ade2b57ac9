"""What is out stays known: the ledger keeps it, freezes its years, and misses what is taken from it."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.disclosure.ledger import ledger as ledger_module
from pipelines.disclosure.ledger.approval import withdraw
from pipelines.disclosure.ledger.ledger import (
    HEAD_FILE,
    LEDGER_FILE,
    Ledger,
    append_release,
    examine_ledger,
    read_ledger,
)
from pipelines.disclosure.ledger.ledger_entry import EntryKind, chain, entry_line, parse_entry
from pipelines.errors import DisclosureGateFailed, UsageError
from pipelines.language import Language
from tests.made_up_ledger import APPROVED_BY, PREPARED_BY, TODAY, approve_draft, draft_release, facts, write_draft


@pytest.fixture(autouse=True)
def impatient_disk(monkeypatch):
    """A third of the time of these tests is waiting for the disk; that the program waits is a test of its own."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ledger" / "exemple"


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports" / "exemple"


@pytest.fixture
def approved(folder, reports):
    """The folder of one approved release."""
    draft = write_draft(reports / "2023-2024" / "public")
    approve_draft(draft, folder)
    return draft


def test_an_absent_folder_is_an_empty_ledger(folder):
    assert read_ledger(folder) == Ledger()
    assert not folder.exists()


def test_entries_are_read_back_as_they_were_written(folder):
    written = [append_release(folder, facts(number)) for number in (1, 2, 3)]

    assert list(read_ledger(folder).entries) == written
    assert read_ledger(folder).version == 3


def test_the_hash_at_each_version_is_known(folder):
    entries = [append_release(folder, facts(number)) for number in (1, 2)]

    ledger = read_ledger(folder)

    assert [ledger.hash_at(version) for version in (0, 1, 2)] == ["0" * 64, entries[0].hash, entries[1].hash]


def test_each_entry_is_chained_to_the_one_before(folder):
    first, second = (append_release(folder, facts(number)) for number in (1, 2))

    assert (first.previous, second.previous) == ("0" * 64, first.hash)


def test_the_ledger_is_private(folder):
    append_release(folder, facts(1))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in (LEDGER_FILE, HEAD_FILE)} == {0o600}


def test_appending_never_rewrites_what_is_there(folder):
    append_release(folder, facts(1))
    before = (folder / LEDGER_FILE).read_bytes()

    append_release(folder, facts(2))

    assert (folder / LEDGER_FILE).read_bytes().startswith(before)


def test_an_entry_is_on_the_disk_before_the_head_names_it(folder, monkeypatch):
    append_release(folder, facts(1))
    seen = []

    def note(descriptor):
        is_ledger = os.fstat(descriptor).st_ino == (folder / LEDGER_FILE).stat().st_ino
        seen.append((is_ledger, json.loads((folder / HEAD_FILE).read_text())["number"]))

    monkeypatch.setattr(os, "fsync", note)
    append_release(folder, facts(2))

    assert seen[0] == (True, 1)
    assert seen[-1] == (False, 2)


def test_a_release_of_another_centre_is_refused(folder):
    append_release(folder, facts(1))

    with pytest.raises(ValueError, match="one centre"):
        append_release(folder, facts(2, centre="autre"))


def test_the_year_and_the_years_of_comparisons_are_frozen(folder, approved):
    frozen = read_ledger(folder).frozen_periods

    assert frozen == dict.fromkeys(("2021-2022", "2022-2023", "2023-2024"), "load-0")


def test_a_year_stays_frozen_at_the_first_load_that_told_it(folder, reports, approved):
    approve_draft(write_draft(reports / "2024-2025" / "public", ledger_version=1, period="2024-2025"), folder)

    frozen = read_ledger(folder).frozen_periods

    assert (frozen["2022-2023"], frozen["2024-2025"]) == ("load-0", "load-1")


def test_releases_are_the_tables_that_were_let_out(folder, approved):
    assert read_ledger(folder).releases == (draft_release(),)


def test_steps_of_the_merging_plan_are_remembered_once(folder, reports, approved):
    again = write_draft(
        reports / "2023-2024" / "bailleur",
        ledger_version=1,
        audience="bailleur",
        record={"merged": ["liens_rares", "ages_12_24"]},
    )
    approve_draft(again, folder)

    assert read_ledger(folder).merged == ("ages_12_24", "liens_rares")


def test_a_withdrawn_release_stays_known(folder, approved):
    release_id = read_ledger(folder).entries[0].release_id

    entry = withdraw(
        folder,
        release_id,
        reason="Erreur de classement",
        prepared_by=PREPARED_BY,
        approved_by=APPROVED_BY,
        today=TODAY,
    )

    ledger = read_ledger(folder)
    assert (entry.kind, ledger.withdrawn) == (EntryKind.WITHDRAWAL, {release_id})
    assert ledger.releases == (draft_release(),)
    assert "2023-2024" in ledger.frozen_periods


def test_only_a_release_of_the_ledger_can_be_withdrawn(folder, approved):
    with pytest.raises(UsageError, match="No release of this id"):
        withdraw(folder, "f" * 16, reason="Erreur", prepared_by=PREPARED_BY, approved_by=APPROVED_BY, today=TODAY)


def test_a_withdrawal_says_why(folder, approved):
    release_id = read_ledger(folder).entries[0].release_id

    with pytest.raises(UsageError, match="needs its reason"):
        withdraw(folder, release_id, reason=" ", prepared_by=PREPARED_BY, approved_by=APPROVED_BY, today=TODAY)


def test_a_refusal_tells_the_line_and_no_value(folder):
    for number in (1, 2, 3):
        append_release(folder, facts(number))
    path = folder / LEDGER_FILE
    path.write_bytes(path.read_bytes().replace("référence,2".encode(), "référence,7".encode()))

    with pytest.raises(DisclosureGateFailed) as refusal:
        read_ledger(folder)

    told = refusal.value.one_line(Language("en"))
    assert "Line 2 of ledger.jsonl" in told
    assert "référence" not in told


def test_an_entry_that_was_sealed_anew_breaks_the_next_one(folder):
    entries = [append_release(folder, facts(number)) for number in (1, 2, 3)]
    forged = chain(facts(2, approved_by="Quelqu'un d'autre"), 2, entries[0].hash)
    (folder / LEDGER_FILE).write_bytes(b"".join(map(entry_line, (entries[0], forged, entries[2]))))

    with pytest.raises(DisclosureGateFailed) as refusal:
        read_ledger(folder)

    assert refusal.value.where.parameters["number"] == 3


def test_lines_cut_off_the_end_are_missed(folder):
    entries = [append_release(folder, facts(number)) for number in (1, 2, 3)]
    (folder / LEDGER_FILE).write_bytes(b"".join(map(entry_line, entries[:2])))

    with pytest.raises(DisclosureGateFailed) as refusal:
        read_ledger(folder)

    assert refusal.value.where.parameters["name"] == HEAD_FILE


def test_a_ledger_without_its_head_is_refused(folder):
    append_release(folder, facts(1))
    (folder / HEAD_FILE).unlink()

    with pytest.raises(DisclosureGateFailed):
        read_ledger(folder)


def test_two_entries_after_the_head_are_no_stop(folder):
    append_release(folder, facts(1))
    head = (folder / HEAD_FILE).read_bytes()
    for number in (2, 3):
        append_release(folder, facts(number))
    (folder / HEAD_FILE).write_bytes(head)

    with pytest.raises(DisclosureGateFailed) as refusal:
        read_ledger(folder)

    assert refusal.value.where.parameters["name"] == HEAD_FILE


def test_a_spoilt_line_is_told_once(folder):
    for number in (1, 2, 3):
        append_release(folder, facts(number))
    path = folder / LEDGER_FILE
    path.write_bytes(path.read_bytes().replace(b"load-2", b"load-9"))

    _, faults = examine_ledger(folder)

    assert [fault.where.parameters["number"] for fault in faults] == [2]


def test_approvals_while_the_ledger_is_read_are_no_fault(folder, monkeypatch):
    append_release(folder, facts(1))
    read_bytes = Path.read_bytes

    def read_late(path):
        if path.name == LEDGER_FILE:
            monkeypatch.setattr(Path, "read_bytes", read_bytes)
            for number in (2, 3):
                append_release(folder, facts(number))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read_late)

    assert read_ledger(folder).version == 3


def test_nothing_is_added_to_a_ledger_that_does_not_verify(folder):
    append_release(folder, facts(1))
    path = folder / LEDGER_FILE
    spoilt = path.read_bytes().replace(b"load-1", b"load-9")
    path.write_bytes(spoilt)

    with pytest.raises(DisclosureGateFailed):
        append_release(folder, facts(2))
    assert path.read_bytes() == spoilt


def test_an_unfinished_line_is_told_and_kept_aside(folder):
    append_release(folder, facts(1))
    path = folder / LEDGER_FILE
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])

    notices = read_ledger(folder).notices
    append_release(folder, facts(2))

    assert len(notices) == 1
    assert [entry.number for entry in read_ledger(folder).entries] == [1, 2]
    assert [path.read_bytes() for path in folder.glob("torn-*")] == [whole[:40]]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.glob("torn-*")} == {0o600}


def test_a_full_disk_leaves_the_ledger_as_it_was(folder, monkeypatch):
    append_release(folder, facts(1))
    before = (folder / LEDGER_FILE).read_bytes()
    real_write = ledger_module.os.write

    def write_a_part(descriptor, content):
        if len(content) < 100:
            raise OSError(28, "No space left on device")
        return real_write(descriptor, content[:-90])

    monkeypatch.setattr(ledger_module.os, "write", write_a_part)
    with pytest.raises(OSError, match="No space"):
        append_release(folder, facts(2))

    assert (folder / LEDGER_FILE).read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        {"number": "1"},
        {"number": True},
        {"merged": "ages"},
        {"merged": [1]},
        {"version": 2},
        {"kind": "draft"},
        {"made_on": "hier"},
        {"one_more": ""},
    ],
)
def test_a_line_of_another_form_is_no_entry(change):
    fields = json.loads(entry_line(chain(facts(1), 1, "0" * 64)))

    with pytest.raises(ValueError):
        parse_entry(json.dumps({**fields, **change}, ensure_ascii=False, sort_keys=True).encode())


def test_a_release_that_this_program_cannot_read_is_told(folder):
    entry = append_release(folder, facts(1))

    with pytest.raises(DisclosureGateFailed, match="cannot be read"):
        _ = entry.release


def test_two_entries_differ_in_their_hash():
    one, other = (chain(replace(facts(1), reason=reason), 1, "0" * 64) for reason in ("", "x"))

    assert one.hash != other.hash
