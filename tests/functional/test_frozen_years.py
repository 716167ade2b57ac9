"""From a database to what is out: counted from what is frozen, approved only as it was made."""

import datetime
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.config import read_period
from pipelines.disclosure.ledger.ledger_check import read_whole_ledger
from pipelines.disclosure.policy import load_audience
from pipelines.disclosure.release_files import write_release_tables
from pipelines.errors import DisclosureGateFailed
from pipelines.job import Job, open_job
from pipelines.language import Language
from pipelines.model.build_database import build_database
from pipelines.outputs.release_record import ReleaseFacts, write_record
from pipelines.publication import (
    SafeRelease,
    approve_release,
    keep_private,
    known_ledger,
    make_safe_release,
    set_aside_final,
)
from pipelines.rules import load_rules
from pipelines.run_log import RunLog
from pipelines.tables.coded_records import load_coded_records
from tests.small_centre import REPOSITORY, SmallCentre

BEFORE, NOW = "2022-2023", "2023-2024"
TODAY = datetime.date(2024, 6, 3)
PERSONS = {"prepared_by": "Ève Tremblay", "approved_by": "Andrée Côté"}
TYPES = ("victime_femme", "victime_femme", "victime_ado", "parent", "?")


def requests(late: int = 0) -> str:
    """Ninety requests of two whole years, drawn by chance; `late` more of the first one."""
    chance = random.Random(7)
    lines = ["request_id | request_date | requester_type_code | age_at_request"]
    for number in range(90):
        year = 2022 + number % 2
        day = ("04-01", "03-31", "07-07")[min(number // 2, 2)]
        date = f"{year + day.startswith('03')}-{day}"
        lines.append(f"D{number} | {date} | {chance.choice(TYPES)} | {chance.choice((15, 19, 33, 47, 61))}")
    lines += [f"L{number} | 2022-08-08 | victime_femme | 19" for number in range(late)]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre whose first year is out, and to which three requests of that year were entered since."""
    root = tmp_path_factory.mktemp("centre") / "home"
    job = centre_of(root)
    make_draft(job, BEFORE)
    approve_release(job, BEFORE, "public", **PERSONS)
    enter(root, late=3)
    return root


@pytest.fixture
def job(original: Path, tmp_path: Path) -> Job:
    shutil.copytree(original, tmp_path / "home")
    return opened(tmp_path / "home")


def opened(root: Path) -> Job:
    return open_job(root, "petit", None, RunLog(Language("fr"), lambda line: None), TODAY)


def centre_of(root: Path) -> Job:
    centre = SmallCentre(root, request=requests())
    shutil.copy(REPOSITORY / "config" / "disclosure.toml", root / "config")
    shutil.copytree(REPOSITORY / "config" / "audiences", root / "config" / "audiences")
    centre.build()
    return opened(root)


def enter(root: Path, late: int) -> None:
    """The export as it is some weeks later."""
    later = SmallCentre(root / "later", request=requests(late))
    build_database(
        later.load(), load_rules(later.workspace.config), root / "data" / "processed" / "petit" / "cases.duckdb"
    )
    shutil.rmtree(root / "later")


def protected(job: Job, year: str, audience: str = "public") -> SafeRelease:
    settings = load_audience(job.workspace.config, audience)
    return make_safe_release(job, read_period(job.centre.period, year), audience, settings)


def make_draft(job: Job, year: str, audience: str = "public", fingerprint: str = "f" * 64) -> Path:
    """What a report leaves behind, without its page."""
    safe = protected(job, year, audience)
    folder = job.reports / year / audience
    write_release_tables(safe.release, folder)
    write_record(safe.release, ReleaseFacts(fingerprint, TODAY, "load", (), {}), folder, safe.report)
    keep_private(job, safe, fingerprint)
    return folder


def total_of(safe: SafeRelease, year: str) -> int | None:
    return safe.release.table("requester_type_by_year").cell(year, "_total").value


def test_a_year_that_is_out_is_counted_as_it_was(job: Job) -> None:
    assert total_of(protected(job, NOW), BEFORE) == 45


def test_a_year_that_is_not_out_is_counted_with_all_that_was_entered(tmp_path: Path) -> None:
    centre_of(tmp_path / "home")
    enter(tmp_path / "home", late=3)

    assert total_of(protected(opened(tmp_path / "home"), NOW), BEFORE) == 48


def test_late_entries_are_counted_for_the_centre_alone(job: Job) -> None:
    safe = protected(job, NOW)

    assert safe.report.late_records == {BEFORE: 3}
    assert safe.report.frozen == (BEFORE,)


def test_approval_freezes_the_years_that_the_release_tells(job: Job) -> None:
    make_draft(job, NOW)

    approve_release(job, NOW, "public", **PERSONS)

    kept = {path.stem: load_coded_records(path).periods for path in (job.ledger / "records").iterdir()}
    assert kept == {BEFORE: (BEFORE,), NOW: (NOW,)}


def test_the_records_of_a_frozen_year_are_never_written_again(job: Job) -> None:
    file = job.ledger / "records" / f"{BEFORE}.parquet"
    before = file.read_bytes()
    make_draft(job, NOW)

    approve_release(job, NOW, "public", **PERSONS)

    assert file.read_bytes() == before
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_the_records_of_a_year_that_is_out_nothing_is_protected(job: Job) -> None:
    (job.ledger / "records" / f"{BEFORE}.parquet").unlink()

    with pytest.raises(DisclosureGateFailed) as refusal:
        protected(job, NOW)

    assert BEFORE in refusal.value.one_line(Language("en"))


def test_records_that_no_longer_give_what_is_out_are_refused(job: Job) -> None:
    """As where a code list was changed: what would be protected is not what the public holds."""
    from pipelines.tables.coded_records import write_coded_records

    file = job.ledger / "records" / f"{BEFORE}.parquet"
    records = load_coded_records(file)
    write_coded_records(replace(records, rows=records.rows[3:]), file)

    with pytest.raises(DisclosureGateFailed):
        protected(job, NOW)


def test_a_draft_whose_private_half_is_of_another_draft_is_refused(job: Job) -> None:
    make_draft(job, NOW)
    keep_private(job, protected(job, NOW), "e" * 64)

    with pytest.raises(DisclosureGateFailed):
        approve_release(job, NOW, "public", **PERSONS)

    assert not (job.ledger / "records" / f"{NOW}.parquet").exists()


def test_a_draft_without_its_private_half_is_refused(job: Job) -> None:
    make_draft(job, NOW)
    shutil.rmtree(job.processed / "protection")

    with pytest.raises(DisclosureGateFailed):
        approve_release(job, NOW, "public", **PERSONS)


def test_approving_twice_enters_the_release_once(job: Job) -> None:
    approval = approve_release(job, BEFORE, "public", **PERSONS)

    assert not approval.is_new
    assert read_whole_ledger(job.ledger, job.reports).version == 1


def test_a_final_release_is_known_by_the_ledger_that_it_was_made_with(job: Job) -> None:
    target = job.reports / BEFORE / "public"
    ledger = read_whole_ledger(job.ledger, job.reports)

    assert known_ledger(job, target) == ledger.hash_at(0)
    assert known_ledger(job, job.reports / NOW / "public") == ledger.last_hash != ledger.hash_at(0)


def test_a_final_release_is_set_aside_under_its_number(job: Job) -> None:
    target = job.reports / BEFORE / "public"
    cells = (target / "cells.csv").read_bytes()

    set_aside_final(target)

    assert not target.exists()
    assert (target.with_name("public-1") / "cells.csv").read_bytes() == cells
    assert read_whole_ledger(job.ledger, job.reports).version == 1


def test_a_draft_is_not_set_aside(job: Job) -> None:
    target = make_draft(job, NOW)

    set_aside_final(target)

    assert target.is_dir()


def test_an_audience_of_fewer_tables_gets_those_and_their_comparisons(job: Job) -> None:
    told = {table.id for table in protected(job, NOW, "psoc").release.tables}

    assert "requester_type_by_year" in told
    assert not told & {"aggression_form", "delay", "form_by_age"}


def test_the_reasons_of_the_rules_are_those_of_the_configuration(job: Job) -> None:
    assert "1 à 4" in protected(job, NOW).reasons["level"]


def test_a_draft_made_before_the_last_approval_is_refused(job: Job) -> None:
    """Two drafts protected apart could tell together what neither tells alone."""
    make_draft(job, NOW)
    make_draft(job, NOW, "psoc", "e" * 64)
    approve_release(job, NOW, "public", **PERSONS)

    with pytest.raises(DisclosureGateFailed):
        approve_release(job, NOW, "psoc", **PERSONS)
