"""The whole house in one file: one straight function per verb.

Each verb takes a `Job` (where, for which centre, whom to tell, what day it is) and returns what it
made. Rooms are imported when their verb is called, so that `bilan --help` answers at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import steps
from pipelines.job import Job, centre_held, chosen_period, current_load_id
from pipelines.language import Language, Message, msg, msg_count
from pipelines.orders import Order

if TYPE_CHECKING:
    from pipelines.disclosure.attacker.attack import AttackReport
    from pipelines.disclosure.ledger.approval import Approval
    from pipelines.disclosure.ledger.ledger import Ledger, LedgerFault
    from pipelines.disclosure.ledger.ledger_entry import LedgerEntry
    from pipelines.disclosure.ledger.ledger_story import CellStory
    from pipelines.disclosure.protect_table import TableProtection
    from pipelines.ingest.convert_export import Conversion
    from pipelines.ingest.inspect_export import FileInspection
    from pipelines.ingest.load_package import LoadPackage
    from pipelines.ingest.propose_mapping import Proposal
    from pipelines.quality.checks import QualityReport
    from pipelines.run_log import RunLog


def inspect(path: Path) -> tuple[FileInspection, ...]:
    """Say what a file or a folder of exports holds, without a value of it."""
    from pipelines.ingest.inspect_export import inspect_export

    return inspect_export(path)


def convert(path: Path, target: Path, log: RunLog, *, encoding: str, delimiter: str | None) -> Conversion:
    """Write any supported file as plain CSV, with the list of the records that are not in it."""
    from pipelines.config import SourceSettings
    from pipelines.ingest.convert_export import convert_export
    from pipelines.ingest.describe_file import describe_records
    from pipelines.storage import storage_faults

    said = {"encoding": encoding} | ({"delimiter": delimiter} if delimiter else {})
    source = SourceSettings.model_validate({"id": "convert", "files": path.name, **said})
    with storage_faults(target.parent):
        conversion = convert_export(path, target, source)
    for line in describe_records(conversion.account, conversion.set_aside):
        log.say(line)
    log.say(msg("Converted: {file}; what is not in it: {rejects}", file=str(target), rejects=str(conversion.rejects)))
    return conversion


def compare_export(job: Job, path: Path) -> tuple[Message, ...]:
    """What changed between the load at hand and an export of the same centre that was not read yet."""
    from pipelines.ingest.drift import tell_changes

    return tell_changes(job.loads / current_load_id(job), job.centre, path)


def map_export(
    root: Path, path: Path, centre_id: str, language: Language, today: datetime.date
) -> tuple[Proposal, Path]:
    """Propose a centre's configuration from an unknown export; returns the draft and the file that holds it."""
    from pipelines.codes import load_vocabularies
    from pipelines.config import Workspace
    from pipelines.ingest.propose_mapping import propose_mapping
    from pipelines.ingest.read_synonyms import read_synonyms
    from pipelines.ingest.write_proposal import require_new_centre, write_proposal
    from pipelines.storage import storage_faults

    workspace = Workspace(root)
    require_new_centre(workspace, centre_id)
    vocabularies = load_vocabularies(workspace.config / "vocabularies", {})
    synonyms = read_synonyms(workspace.config / "synonyms", vocabularies)
    proposal = propose_mapping(path, centre_id, synonyms, vocabularies)
    with storage_faults(root):
        return proposal, write_proposal(proposal, workspace, language, today)


def ingest(job: Job) -> LoadPackage:
    """Raw export to DuckDB: read, screen, map, keep as a load package, build the database."""
    from pipelines.freshness import load_fingerprint

    load_id = load_fingerprint(job.workspace, job.centre, job.raw_folder)
    with centre_held(job):
        return steps.read_export(job, load_id)


def validate(job: Job, language: Language) -> QualityReport:
    """Run the expectation suites on the database and write the quality page in the language given."""
    from pipelines.ingest.load_package import open_load
    from pipelines.quality.checks import raise_if_failed

    with centre_held(job):
        load = open_load(job.loads, current_load_id(job))
        with steps.validation(job, load.load_id, language) as begin_checks:
            quality = begin_checks(load)()
    raise_if_failed(quality)
    return quality


def tabulate(job: Job, year: str | None) -> Path:
    """Count every table of a year, unprotected, for the analyst; returns the folder."""
    from pipelines.disclosure.release_files import write_release_tables
    from pipelines.storage import new_folder, publish_folder

    with centre_held(job):
        current_load_id(job)
        period = chosen_period(job, year)
        target = job.processed / "tables" / period.label
        with new_folder(target) as staging:
            write_release_tables(steps.count_everything(job, period), staging)
            publish_folder(staging, target)
    job.log.say(msg("Tables of {year} counted, not protected: {folder}", year=period.label, folder=str(target)))
    return target


def protect_table(cells: Path, specification: Path, folder: Path, log: RunLog) -> TableProtection:
    """Protect linked tables of counts that did not come from this pipeline."""
    from pipelines.disclosure.protect_table import protect_table as protect
    from pipelines.storage import storage_faults

    with storage_faults(folder):
        protection = protect(cells, specification, folder)
    log.say(
        msg(
            "Tables protected and attacked: {small} small cells hidden and {further} more, {shown} cells shown",
            small=protection.small,
            further=protection.further,
            shown=protection.shown,
        )
    )
    log.say(msg("The protected cells are in {folder}", folder=str(folder)))
    return protection


def attack(folders: Sequence[Path], *, time_limit_s: float) -> AttackReport:
    """Attack what was published with nothing but its files, all folders together; tells every hidden cell."""
    from pipelines.disclosure.attacker.attack import attack as run_attack
    from pipelines.disclosure.reading.read_release_folder import read_folders

    return run_attack(read_folders(folders), time_limit_s=time_limit_s)


def judge_attack(report: AttackReport, log: RunLog) -> None:
    """Tell what the attack found; raises `DisclosureGateFailed` where it proves something about few persons."""
    from pipelines.errors import DisclosureGateFailed

    if proved := report.proved:
        raise DisclosureGateFailed(
            msg_count(
                "The attack proves the size of {count} small group",
                "The attack proves the size of {count} small groups",
                len(proved),
            ),
            where=msg("table {number}", number=", ".join(sorted({finding.table for finding in proved}))),
            to_do=msg("Do not publish these tables; `bilan attack --json` tells each interval"),
        )
    log.say(msg("The attack proves nothing: {count} hidden cells stay uncertain", count=len(report.findings)))


def protect(job: Job, year: str | None, audience_id: str, language: Language) -> Path:
    """Protect all the tables of a release, jointly with what is out; returns the folder of cells and record."""
    from pipelines.disclosure.policy import load_audience
    from pipelines.ingest.load_package import open_load

    audience = load_audience(job.workspace.config, audience_id)
    with centre_held(job):
        load = open_load(job.loads, current_load_id(job))
        period = chosen_period(job, year)
        with steps.validation(job, load.load_id, language) as begin_checks:
            finish_checks = begin_checks(load)
            order = Order(period, audience_id, audience, language, is_whole=False)
            steps.make_report(job, load, order, finish_checks)
    folder = job.reports / period.label / audience_id
    job.log.say(msg("The protected cells are in {folder}", folder=str(folder)))
    return folder


def report(job: Job, year: str | None, audience_ids: Sequence[str], language: Language) -> Path:
    """The whole way, from the export to a dashboard for each audience; returns the path of the last one.

    The suites are checked in a process of their own while the tables and notebooks are made; nothing
    is put in place unless the checks pass.
    """
    from pipelines.disclosure.policy import load_audience
    from pipelines.freshness import load_fingerprint
    from pipelines.outputs.closing_summary import tell_reports

    audiences = {each: load_audience(job.workspace.config, each) for each in audience_ids}
    load_id = load_fingerprint(job.workspace, job.centre, job.raw_folder)
    with centre_held(job), steps.validation(job, load_id, language) as begin_checks:
        load = steps.read_export(job, load_id)
        finish_checks = begin_checks(load)
        period = chosen_period(job, year)
        for audience_id, audience in audiences.items():
            steps.make_report(job, load, Order(period, audience_id, audience, language), finish_checks)
    job.log.say(msg("Report of {year} made for {centre}", year=period.label, centre=job.centre.name))
    if job.centre.is_fictitious:
        job.log.say(msg("Made-up data: no number of this report is about real people"))
    for line in tell_reports(job.reports, period.label, {each: found.title for each, found in audiences.items()}):
        job.log.say(line)
    job.log.progress(msg("Done"))
    return job.reports / period.label / audience_ids[-1] / steps.DASHBOARD


def approve(job: Job, year: str | None, audience_id: str, *, prepared_by: str, approved_by: str) -> Approval:
    """Mark a release as final, on the word of a second person: from then on its numbers are out for ever."""
    from pipelines.publication import approve_release

    with centre_held(job):
        period = chosen_period(job, year)
        approval = approve_release(job, period.label, audience_id, prepared_by=prepared_by, approved_by=approved_by)
    for notice in approval.notices:
        job.log.say(notice)
    number = approval.entry.number
    if approval.is_new:
        job.log.say(
            msg("Approved: entry {number} of the ledger. The years that it tells are frozen", number=str(number))
        )
    else:
        job.log.say(msg("Approved already: entry {number} of the ledger", number=str(number)))
    return approval


def read_ledger(job: Job) -> Ledger:
    """All that is out of a centre; raises `DisclosureGateFailed` where the ledger does not verify."""
    from pipelines.disclosure.ledger.ledger_check import read_whole_ledger

    return read_whole_ledger(job.ledger, job.reports)


def verify_ledger(job: Job) -> Sequence[LedgerFault]:
    """Whether the ledger is whole, and every final release still the one that was approved."""
    from pipelines.disclosure.ledger.ledger_check import verify_ledger as verify

    faults = verify(job.ledger, job.reports)
    if not faults:
        job.log.say(msg("The ledger is whole, and every approved release is as it was approved"))
    return faults


def withdraw(job: Job, release_id: str, *, reason: str, prepared_by: str, approved_by: str) -> LedgerEntry:
    """Enter that a release was called back; its numbers stay known to who has read them."""
    from pipelines.disclosure.ledger.approval import withdraw as call_back

    with centre_held(job):
        entry = call_back(
            job.ledger, release_id, reason=reason, prepared_by=prepared_by, approved_by=approved_by, today=job.today
        )
    job.log.say(msg("Withdrawn: entry {number} of the ledger. What was read stays known", number=str(entry.number)))
    return entry


def explain_cell(job: Job, cell: str) -> CellStory:
    """Where a cell was told, where it was hidden, and why; never its value."""
    from pipelines.disclosure.ledger import ledger_story as story

    return story.explain_cell(read_ledger(job), story.parse_cell_name(cell), story.read_reasons(job.ledger))
