"""A second person lets a release out, and only the very release that was made and protected with all that is out."""

import json
import os
import stat

import pytest

from pipelines.disclosure.ledger.ledger import HEAD_FILE, LEDGER_FILE, read_ledger
from pipelines.disclosure.ledger.ledger_check import verify_ledger
from pipelines.errors import DisclosureGateFailed, UsageError
from pipelines.language import Language
from tests.made_up_ledger import APPROVED_BY, PREPARED_BY, approve_draft, write_draft


@pytest.fixture(autouse=True)
def impatient_disk(monkeypatch):
    """A third of the time of these tests is waiting for the disk; that the program waits is a test of its own."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "ledger" / "exemple"


@pytest.fixture
def draft(tmp_path):
    return write_draft(tmp_path / "reports" / "exemple" / "2023-2024" / "public")


def test_an_approved_release_is_in_the_ledger(draft, ledger):
    approval = approve_draft(draft, ledger)

    (entry,) = read_ledger(ledger).entries
    assert (approval.entry, approval.is_new) == (entry, True)
    assert (entry.prepared_by, entry.approved_by, entry.made_on.isoformat()) == (PREPARED_BY, APPROVED_BY, "2024-06-01")
    assert entry.cells == (draft / "cells.csv").read_text(encoding="utf-8")


def test_the_folder_says_who_approved_and_where_the_ledger_says_so(draft, ledger):
    entry = approve_draft(draft, ledger).entry

    approval = json.loads((draft / "approval.json").read_text(encoding="utf-8"))
    assert (approval["approved_by"], approval["ledger_number"], approval["ledger_hash"]) == (APPROVED_BY, 1, entry.hash)
    assert stat.S_IMODE((draft / "approval.json").stat().st_mode) == 0o600


def test_a_second_approval_changes_nothing(draft, ledger):
    approve_draft(draft, ledger)
    before = {path: path.read_bytes() for path in (ledger / LEDGER_FILE, ledger / HEAD_FILE, draft / "approval.json")}

    approval = approve_draft(draft, ledger, approved_by="Une troisième personne")

    assert not approval.is_new
    assert approval.entry.approved_by == APPROVED_BY
    assert {path: path.read_bytes() for path in before} == before


def test_an_approval_stopped_before_its_end_is_finished(draft, ledger):
    approve_draft(draft, ledger)
    (draft / "approval.json").unlink()

    approval = approve_draft(draft, ledger)

    assert not approval.is_new
    assert verify_ledger(ledger, draft.parent.parent) == []


@pytest.mark.parametrize(
    ("prepared_by", "approved_by"),
    [
        ("Ève Tremblay", "ève  tremblay"),
        ("Ève Tremblay", "Eve Tremblay"),
        ("Ève Tremblay", "EVETREMBLAY"),
        ("Ève Tremblay", "Tremblay, Ève"),
        ("Marie-Ève Côté", "Marie Ève Cote"),
        ("Ève Tremblay", "E\u0300ve\u00a0Tremblay"),
        ("Sœur Anne", "Soeur Anne"),
    ],
)
def test_one_person_under_two_spellings_is_refused(draft, ledger, prepared_by, approved_by):
    with pytest.raises(UsageError, match="by the person who made it"):
        approve_draft(draft, ledger, prepared_by=prepared_by, approved_by=approved_by)

    assert not ledger.exists()


@pytest.mark.parametrize("name", ["", "  ", "...", "Ève\x1bTremblay", "x" * 81])
def test_a_name_that_is_none_is_refused(draft, ledger, name):
    with pytest.raises(UsageError, match="Two names"):
        approve_draft(draft, ledger, approved_by=name)


def test_an_internal_release_is_refused(tmp_path, ledger):
    internal = write_draft(tmp_path / "internal", audience="internal", protection=None)

    with pytest.raises(DisclosureGateFailed, match="internal"):
        approve_draft(internal, ledger)


def test_an_internal_release_is_refused_for_what_it_is_before_its_files_are_looked_at(tmp_path, ledger):
    internal = write_draft(tmp_path / "internal", audience="internal", protection=None)
    (internal / "dashboard.html").write_text("<h1>Autre</h1>")

    with pytest.raises(DisclosureGateFailed, match="internal"):
        approve_draft(internal, ledger)


def test_a_release_without_protection_is_refused_whatever_its_audience(tmp_path, ledger):
    unprotected = write_draft(tmp_path / "public", audience="public", protection=None)

    with pytest.raises(DisclosureGateFailed, match="internal"):
        approve_draft(unprotected, ledger)


@pytest.mark.parametrize("name", ["dashboard.html", "figures/referral_source.svg", "cells.csv", "tables.json"])
def test_an_edited_file_is_refused_and_named(draft, ledger, name):
    (draft / name).write_bytes((draft / name).read_bytes() + b"\n")

    with pytest.raises(DisclosureGateFailed) as refusal:
        approve_draft(draft, ledger)

    assert name in refusal.value.one_line(Language("en"))
    assert not (draft / "approval.json").exists()


def test_an_added_file_is_refused_and_named(draft, ledger):
    (draft / "brouillon.docx").write_bytes(b"x")

    with pytest.raises(DisclosureGateFailed) as refusal:
        approve_draft(draft, ledger)

    assert refusal.value.why.parameters["files"] == "brouillon.docx"


def test_what_a_file_manager_leaves_is_no_change(draft, ledger):
    (draft / ".DS_Store").write_bytes(b"x")

    assert approve_draft(draft, ledger).is_new


def test_a_file_edited_after_the_approval_is_not_approved_again(draft, ledger):
    approve_draft(draft, ledger)
    (draft / "dashboard.html").write_text("<h1>Autre</h1>")

    with pytest.raises(DisclosureGateFailed):
        approve_draft(draft, ledger)


def test_a_report_made_before_the_last_approval_is_refused(tmp_path, draft, ledger):
    other = write_draft(tmp_path / "reports" / "exemple" / "2023-2024" / "bailleur", audience="bailleur")
    approve_draft(draft, ledger)

    with pytest.raises(DisclosureGateFailed, match="before the last approval"):
        approve_draft(other, ledger)

    assert read_ledger(ledger).version == 1


def test_a_report_that_knows_more_than_the_ledger_is_refused(tmp_path, ledger):
    draft = write_draft(tmp_path / "public", ledger_version=3)

    with pytest.raises(DisclosureGateFailed, match="not whole"):
        approve_draft(draft, ledger)


@pytest.mark.parametrize(
    "record",
    [
        {"centre": "autre"},
        {"period": "2022-2023"},
        {"audience": "bailleur"},
        {"ledger_version": None},
        {"ledger_version": "0"},
        {"date": "hier"},
        {"id": 7},
        {"merged": [1]},
        {"files": []},
    ],
)
def test_a_record_that_tells_another_story_is_refused(tmp_path, ledger, record):
    draft = write_draft(tmp_path / "public", record=record)

    with pytest.raises(UsageError, match="no release that can be approved"):
        approve_draft(draft, ledger)

    assert read_ledger(ledger).version == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_a_record_that_is_none_is_refused(draft, ledger, content):
    (draft / "record.json").write_bytes(content)

    with pytest.raises(UsageError, match="no release that can be approved"):
        approve_draft(draft, ledger)


def test_a_folder_that_is_absent_is_refused(tmp_path, ledger):
    with pytest.raises(UsageError, match="no release that can be approved"):
        approve_draft(tmp_path / "nothing", ledger)


def test_a_stop_left_in_the_ledger_is_told(draft, ledger):
    approve_draft(draft, ledger)
    (ledger / LEDGER_FILE).write_bytes((ledger / LEDGER_FILE).read_bytes() + b'{"appr')
    again = write_draft(draft.parent / "bailleur", audience="bailleur", ledger_version=1)

    approval = approve_draft(again, ledger)

    assert [notice.msgid for notice in approval.notices] == [
        "An approval was stopped while its entry was being written; the entry does not count"
    ]
    assert approval.entry.number == 2
