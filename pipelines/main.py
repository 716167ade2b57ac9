"""The whole house in one file: one straight function per verb.

Each verb takes a `Job` (where, for which centre, whom to tell, what day it is) and returns what it
made. Rooms are imported when their verb is called, so that `bilan --help` answers at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.job import Job, centre_held, chosen_period, current_load_id
from pipelines.language import Language, msg, msg_count

if TYPE_CHECKING:
    from pipelines.config import Period
    from pipelines.disclosure.attack import AttackReport
    from pipelines.disclosure.protect_table import TableProtection
    from pipelines.disclosure.release_table import Release
    from pipelines.ingest.inspect_export import FileInspection
    from pipelines.ingest.load_package import LoadPackage
    from pipelines.quality.checks import QualityReport
    from pipelines.run_log import RunLog

    _Finish = Callable[[], QualityReport]
    _Begin = Callable[[LoadPackage], _Finish]

DASHBOARD = "dashboard.html"


def inspect(path: Path) -> tuple[FileInspection, ...]:
    """Say what a file or a folder of exports holds, without a value of it."""
    from pipelines.ingest.inspect_export import inspect_export

    return inspect_export(path)


def demo(
    root: Path, folder: Path, log: RunLog, *, year: str | None = None, rows: int | None = None, seed: int | None = None
) -> Mapping[str, int]:
    """Write the made-up export of the fictional centre; returns its number of requests by year."""
    from pipelines.config import Workspace, read_settings
    from pipelines.freshness import demonstration_fingerprint
    from pipelines.ingest.demonstration_seal import seal, sealed_requests
    from pipelines.storage import storage_faults

    settings_file = Workspace(root).config / "demonstration.toml"
    fingerprint = demonstration_fingerprint(settings_file, year, rows, seed)
    sealed = sealed_requests(folder, fingerprint)
    if sealed is not None:
        log.say(msg("Made-up export of a fictional centre: up to date in {folder}", folder=str(folder)))
        return sealed
    from pipelines.ingest.synthetic_export import DemonstrationSettings, write_demonstration

    settings = read_settings(settings_file, DemonstrationSettings)
    with storage_faults(folder):
        made = write_demonstration(settings, folder, seed=seed, year=year, rows=rows)
        seal(folder, fingerprint, made.files, made.requests)
    log.say(msg("Made-up export of a fictional centre written in {folder}", folder=str(folder)))
    return made.requests


def ingest(job: Job) -> LoadPackage:
    """Raw export to DuckDB: read, screen, map, keep as a load package, build the database."""
    from pipelines.freshness import load_fingerprint

    load_id = load_fingerprint(job.workspace, job.centre, job.raw_folder)
    with centre_held(job):
        return _ingest(job, load_id)


def validate(job: Job, language: Language) -> QualityReport:
    """Run the expectation suites on the database and write the quality page in the language given."""
    from pipelines.ingest.load_package import open_load
    from pipelines.quality.checks import raise_if_failed

    with centre_held(job):
        load = open_load(job.loads, current_load_id(job))
        with _validation(job, load.load_id, language) as begin_checks:
            quality = begin_checks(load)()
    raise_if_failed(quality)
    return quality


def tabulate(job: Job, year: str | None) -> Path:
    """Count every table of a year, unprotected, for the analyst; returns the folder."""
    from pipelines.disclosure.protect import INTERNAL
    from pipelines.disclosure.release_files import write_release_tables
    from pipelines.storage import new_folder, publish_folder

    with centre_held(job):
        current_load_id(job)
        period = chosen_period(job, year)
        target = job.processed / "tables" / period.label
        with new_folder(target) as staging:
            write_release_tables(_count(job, period, INTERNAL), staging)
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


def attack(folder: Path, *, time_limit_s: float) -> AttackReport:
    """Attack protected tables with nothing but their published files; the report tells every hidden cell."""
    from pipelines.disclosure.attack import attack as run_attack
    from pipelines.disclosure.read_published import read_protected_folder

    return run_attack(read_protected_folder(folder), time_limit_s=time_limit_s)


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


def report(job: Job, year: str | None, audience: str, language: Language) -> Path:
    """The whole way, from the export to the dashboard; returns the path of the dashboard.

    The suites are checked in a process of their own while the tables and notebooks are made; nothing
    is put in place unless the checks pass.
    """
    from pipelines.disclosure.protect import require_releasable
    from pipelines.freshness import load_fingerprint, release_fingerprint
    from pipelines.outputs.release_record import is_current
    from pipelines.quality.checks import raise_if_failed
    from pipelines.storage import new_folder, publish_folder

    require_releasable(audience)
    load_id = load_fingerprint(job.workspace, job.centre, job.raw_folder)
    with centre_held(job), _validation(job, load_id, language) as begin_checks:
        load = _ingest(job, load_id)
        finish_checks = begin_checks(load)
        period = chosen_period(job, year)
        fingerprint = release_fingerprint(job.workspace, load_id, period.label, audience, language.code)
        target = job.reports / period.label / audience
        if is_current(target, fingerprint):
            job.log.say(msg("The report is up to date: nothing has changed since it was made"))
            return target / DASHBOARD
        with new_folder(target) as staging:
            release = _count(job, period, audience)
            _write_outputs(job, release, staging, language)
            quality = finish_checks()
            raise_if_failed(quality)
            _write_record(job, load, release, quality, staging, fingerprint)
            publish_folder(staging, target)
    job.log.say(msg("Report of {year} made for {centre}", year=period.label, centre=job.centre.name))
    if job.centre.is_fictitious:
        job.log.say(msg("Made-up data: no number of this report is about real people"))
    return target / DASHBOARD


def _ingest(job: Job, load_id: str) -> LoadPackage:
    from pipelines.ingest.load_package import load_export
    from pipelines.model.build_database import build_database, built_from

    mappings = job.workspace.config / "mappings" / job.centre.id
    with job.log.step("ingest") as counts:
        load = load_export(job.raw_folder, job.loads, load_id, job.centre, job.vocabularies, mappings)
        counts["records"] = load.records
    if built_from(job.database) == load_id:
        job.log.say(msg("Export already read: {records} records", records=load.records))
        return load
    with job.log.step("model"):
        build_database(load, job.database)
    job.log.say(msg("Export read: {records} records, none lost", records=load.records))
    if load.unmapped:
        job.log.say(
            msg_count(
                "{count} cell holds a word that no mapping knows; the words are in {file}",
                "{count} cells hold a word that no mapping knows; the words are in {file}",
                load.unmapped,
                file=str(load.to_classify),
            )
        )
    return load


@contextmanager
def _validation(job: Job, load_id: str, language: Language) -> Iterator[_Begin]:
    """Start the process that checks the suites: begin with the load, then wait for the report.

    Checks that passed on the same data and suites are not run again.
    """
    from pipelines.freshness import quality_fingerprint
    from pipelines.quality.checks import read_current_report
    from pipelines.quality.validate import ValidationProcess, ValidationRequest

    suites = job.workspace.shared("expectations")
    fingerprint = quality_fingerprint(job.workspace, load_id)
    known = read_current_report(job.reports / "quality.json", fingerprint)
    if known is not None:
        job.log.say(msg("Quality rules already checked on these data: {count} checks", count=known.executed))
        yield lambda load: lambda: known
        return
    with ValidationProcess() as process:
        process.start()

        def begin(load: LoadPackage) -> _Finish:
            process.submit(
                ValidationRequest(
                    job.database, suites, job.centre, job.vocabularies, job.today, load.intake, fingerprint
                )
            )
            return finish

        def finish() -> QualityReport:
            from pipelines.quality.quality_report import write_quality_report

            with job.log.step("quality") as counts:
                quality = process.result()
                counts |= {"declared": quality.declared, "executed": quality.executed}
            write_quality_report(quality, job.reports, language, job.centre)
            job.log.say(msg("Quality rules checked: {count} checks", count=quality.executed))
            return quality

        yield begin


def _count(job: Job, period: Period, audience: str) -> Release:
    from pipelines.disclosure.protect import release_tables
    from pipelines.model.database import read_database
    from pipelines.tables.count_release import count_release
    from pipelines.tables.table_spec import load_catalogue

    catalogue = load_catalogue(job.workspace.config / "tables.toml")
    with job.log.step("tables") as counts, read_database(job.database) as connection:
        tables = count_release(connection, catalogue, job.centre, job.vocabularies, period)
        counts |= {"tables": len(tables), "cells": sum(len(table.cells) for table in tables)}
    return release_tables(tables, job.centre, period, audience)


def _write_outputs(job: Job, release: Release, folder: Path, language: Language) -> None:
    """The release's tables, then the notebooks that read them and nothing else, then the page."""
    from pipelines.outputs.notebook import prepare_kernels, run_notebooks

    kernels = prepare_kernels(os.environ)
    # The kernels' template loads meanwhile.
    from pipelines.disclosure.release_files import write_release_tables
    from pipelines.outputs.dashboard import write_dashboard
    from pipelines.storage import new_folder

    notebooks = sorted(job.workspace.shared("notebooks").glob("[0-9]*.ipynb"))
    with new_folder(job.processed / "notebooks") as work:
        write_release_tables(release, folder)
        with job.log.step("notebooks") as counts:
            executed = run_notebooks(notebooks, folder, language, work, kernels=kernels)
            counts["notebooks"] = len(executed)
        with job.log.step("dashboard"):
            write_dashboard(executed, release, language, folder / DASHBOARD, made_on=job.today)


def _write_record(
    job: Job, load: LoadPackage, release: Release, quality: QualityReport, folder: Path, fingerprint: str
) -> None:
    from pipelines.outputs.release_record import ReleaseFacts, write_record
    from pipelines.quality.checks import Result

    checks = {
        "declared": quality.declared,
        "executed": quality.executed,
        "not_applicable": quality.not_applicable,
        "failed": len(quality.having(Result.FAILED)),
    }
    write_record(release, ReleaseFacts(fingerprint, job.today, load.load_id, load.intake["files"], checks), folder)
