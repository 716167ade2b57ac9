"""Made-up drafts of public releases, and ledgers of them, for the tests of what is out for ever."""

import datetime
import hashlib
import json
from dataclasses import replace
from pathlib import Path

from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.ledger.approval import approve
from pipelines.disclosure.ledger.ledger_entry import EntryFacts, EntryKind
from pipelines.disclosure.release_files import write_release_tables
from pipelines.disclosure.release_table import Release
from tests.made_up_release import FOR_THE_PUBLIC, REFERRAL, by_year, made_up_release, table

TODAY = datetime.date(2024, 6, 3)
PREPARED_BY, APPROVED_BY = "Ève Tremblay", "Andrée Côté"


def draft_release(**changes) -> Release:
    """Two tables: a one-way with a hidden cell, and its comparison of three years."""
    counts = {"elle_meme": 700, "proche": 300, "ecole": CellStatus.HIDDEN, "police": CellStatus.HIDDEN, "hopital": 90}
    referral = table("referral_source", REFERRAL, counts, title="Source de référence", total=1123)
    years = replace(by_year(referral), period="2021-2022 – 2023-2024")
    return made_up_release(**{**FOR_THE_PUBLIC, "tables": (referral, years), **changes})


def write_draft(folder: Path, *, ledger_version: int = 0, record: dict | None = None, **changes) -> Path:
    """A release folder as a report leaves it: tables, a page and the record that fingerprints them."""
    release = draft_release(**changes)
    write_release_tables(release, folder)
    (folder / "dashboard.html").write_text(f"<h1>Rapport {ledger_version}</h1>", encoding="utf-8")
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "referral_source.svg").write_text("<svg/>", encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = {
        "version": 1,
        "id": f"{ledger_version:016x}",
        "date": "2024-06-01",
        "centre": release.centre_id,
        "period": release.period,
        "audience": release.audience,
        "load_id": f"load-{ledger_version}",
        "ledger_version": ledger_version,
        "merged": ["ages_12_24"],
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
            if path.name not in ("record.json", "approval.json")
        },
        **(record or {}),
    }
    (folder / "record.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def approve_draft(folder: Path, ledger: Path, **changes):
    names = {"prepared_by": PREPARED_BY, "approved_by": APPROVED_BY, "today": TODAY}
    return approve(folder, ledger, **{**names, **changes})


def facts(number: int, **changes) -> EntryFacts:
    """What a ledger is told of a release, without a folder; small, so that every byte of it can be tried."""
    made = EntryFacts(
        kind=EntryKind.RELEASE,
        release_id=f"{number:016x}",
        made_on=TODAY,
        approved_on=TODAY,
        prepared_by=PREPARED_BY,
        approved_by=APPROVED_BY,
        centre="exemple",
        audience="public",
        period=f"{2020 + number}-{2021 + number}",
        load_id=f"load-{number}",
        record_sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        tables="{}",
        cells=f"référence,{number}\n",
    )
    return replace(made, **changes)
