"""An approved release is found again as it was approved, or what was done to it is told."""

import json
import os

import pytest

from pipelines.disclosure.ledger.ledger import HEAD_FILE, LEDGER_FILE, read_ledger
from pipelines.disclosure.ledger.ledger_check import read_whole_ledger, verify_ledger
from pipelines.errors import DisclosureGateFailed
from pipelines.language import Language
from tests.made_up_ledger import approve_draft, write_draft


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


def test_an_approved_release_verifies(folder, reports, approved):
    assert verify_ledger(folder, reports) == []


def test_a_draft_in_place_of_an_approved_release_is_no_fault(folder, reports, approved):
    (approved / "approval.json").unlink()
    write_draft(approved, ledger_version=1)

    assert verify_ledger(folder, reports) == []


def test_an_approved_release_that_was_set_aside_verifies(folder, reports, approved):
    aside = approved.rename(approved.with_name("public-1"))
    write_draft(approved, ledger_version=1)

    assert verify_ledger(folder, reports) == []
    (aside / "dashboard.html").unlink()
    assert [fault.where.parameters["folder"] for fault in verify_ledger(folder, reports)] == ["2023-2024/public-1"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("dashboard.html", "changed, absent or added"),
        ("figures/referral_source.svg", "changed, absent or added"),
        ("cells.csv", "changed, absent or added"),
        ("record.json", "record.json was changed"),
        ("approval.json", "approval.json names an entry"),
    ],
)
def test_a_byte_changed_in_a_final_release_is_found(folder, reports, approved, name, problem):
    path = approved / name
    path.write_bytes(path.read_bytes()[:-1] + b" ")

    (fault,) = verify_ledger(folder, reports)

    assert fault.what.msgid.startswith(problem)
    assert fault.where.parameters["folder"] == "2023-2024/public"


@pytest.mark.parametrize("name", ["dashboard.html", "record.json", "approval.json"])
def test_a_file_taken_from_a_final_release_is_found(folder, reports, approved, name):
    (approved / name).unlink()

    (fault,) = verify_ledger(folder, reports)

    assert name in Language("en").text(fault.what)


def test_a_file_added_to_a_final_release_is_found(folder, reports, approved):
    (approved / "figures" / "autre.svg").write_text("<svg/>")

    (fault,) = verify_ledger(folder, reports)

    assert fault.what.parameters["files"] == "figures/autre.svg"


def test_an_approval_of_nobody_is_found(folder, reports, approved):
    approval = json.loads((approved / "approval.json").read_text())
    (approved / "approval.json").write_text(json.dumps({**approval, "ledger_number": 7}))

    (fault,) = verify_ledger(folder, reports)

    assert fault.what.msgid.startswith("approval.json names an entry")


def test_both_files_cut_alike_are_found_with_the_releases(folder, reports, approved):
    cut = {name: (folder / name).read_bytes() for name in (LEDGER_FILE, HEAD_FILE)}
    approve_draft(write_draft(reports / "2024-2025" / "public", ledger_version=1, period="2024-2025"), folder)
    for name, content in cut.items():
        (folder / name).write_bytes(content)

    assert read_ledger(folder).version == 1
    assert [fault.where.parameters["folder"] for fault in verify_ledger(folder, reports)] == ["2024-2025/public"]


def test_a_ledger_that_was_removed_is_not_taken_for_an_empty_one(folder, reports, approved):
    for name in (LEDGER_FILE, HEAD_FILE):
        (folder / name).unlink()

    with pytest.raises(DisclosureGateFailed):
        read_whole_ledger(folder, reports)


def test_a_whole_ledger_is_read_beside_drafts(folder, reports, approved):
    write_draft(reports / "2024-2025" / "public", ledger_version=1)

    assert read_whole_ledger(folder, reports).version == 1


def test_a_centre_without_reports_has_nothing_to_verify(folder, reports):
    assert verify_ledger(folder, reports) == []
