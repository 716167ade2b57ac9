"""The steps of the way, as the verbs of `main` put them together: one function a step, one room each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.job import Job
from pipelines.language import Language, msg
from pipelines.orders import Order, notebooks_of, place_and_fingerprint

if TYPE_CHECKING:
    from pipelines.config import Period
    from pipelines.disclosure.policy import Audience
    from pipelines.disclosure.release_table import Release
    from pipelines.ingest.load_package import LoadPackage
    from pipelines.outputs.release_record import ReleaseFacts
    from pipelines.publication import SafeRelease
    from pipelines.quality.checks import QualityReport
    from pipelines.quality.validate import ValidationProcess

    _Finish = Callable[[], QualityReport]
    _Begin = Callable[[LoadPackage], _Finish]

DASHBOARD = "dashboard.html"
REGISTER = "registre.html"
_CERTIFICATES_S = 60.0


def read_export(job: Job, load_id: str) -> LoadPackage:
    """From the raw export to the database; nothing is done again that is done already."""
    from pipelines.ingest.describe_load import describe_load
    from pipelines.ingest.drift import tell_drift
    from pipelines.ingest.load_package import load_export
    from pipelines.model.build_database import build_database, built_from
    from pipelines.rules import load_rules

    with job.log.step("ingest") as counts:
        load = load_export(job.raw_folder, job.loads, load_id, job.centre, job.vocabularies, job.workspace.config)
        counts["records"] = load.records
    previous = built_from(job.database)
    if previous == load_id:
        job.log.say(msg("Export already read: {records} records", records=load.records))
        return load
    with job.log.step("model"):
        build_database(load, load_rules(job.workspace.config), job.database)
    job.log.say(msg("Export read: {records} records, none lost", records=load.records))
    for line in describe_load(load, job.log.language):
        job.log.say(line)
    if previous:
        for line in tell_drift(job.loads / previous, load.folder):
            job.log.say(line)
    return load


@contextmanager
def validation(job: Job, load_id: str, language: Language) -> Iterator[_Begin]:
    """Start the process that checks the suites: begin with the load, then wait for the report.

    Checks that passed on the same data and suites are not run again.
    """
    from pipelines.freshness import quality_fingerprint
    from pipelines.quality.checks import read_current_report
    from pipelines.quality.validate import ValidationProcess, ValidationRequest
    from pipelines.rules import load_rules

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
            rules = load_rules(job.workspace.config)
            asked = (suites, job.centre, job.vocabularies, job.today, load.intake, fingerprint, rules)
            process.submit(ValidationRequest(job.database, *asked))
            return finish

        reports: list[QualityReport] = []

        def finish() -> QualityReport:
            # Every audience's report asks; the checks are run once.
            if not reports:
                reports.append(_finish_checks(job, process, language))
            return reports[0]

        yield begin


def _finish_checks(job: Job, process: ValidationProcess, language: Language) -> QualityReport:
    """Wait for the checks and write the quality page."""
    from pipelines.quality.quality_report import write_quality_report

    with job.log.step("quality") as counts:
        quality = process.result()
        counts |= {"declared": quality.declared, "executed": quality.executed}
    write_quality_report(quality, job.reports, language, job.centre)
    job.log.say(msg("Quality rules checked: {count} checks", count=quality.executed))
    return quality


def count_everything(job: Job, period: Period) -> Release:
    """True counts of every table: for the centre alone."""
    from pipelines.disclosure.policy import INTERNAL, load_claims
    from pipelines.disclosure.protect import release_head, show_everything
    from pipelines.model.database import read_database
    from pipelines.tables.allocation import claimed_tables
    from pipelines.tables.count_release import count_over_years, count_release
    from pipelines.tables.table_spec import load_catalogue

    catalogue = load_catalogue(job.workspace.config, job.centre.id, job.words)
    claims = load_claims(job.workspace.config, job.vocabularies["funder"])
    with job.log.step("tables") as counts, read_database(job.database) as connection:
        of = (connection, catalogue, job.centre, job.vocabularies, period)
        tables = (*count_release(*of), *count_over_years(*of))
        tables += claimed_tables(tables, claims, catalogue.allocation)
        counts |= {"tables": len(tables), "cells": sum(len(table.cells) for table in tables)}
    return show_everything(tables, release_head(job.centre, period, INTERNAL))


def make_report(job: Job, load: LoadPackage, order: Order, finish_checks: _Finish) -> None:
    """One audience's report, put in place when it is whole and the checks have passed; or found up to date."""
    from pipelines.outputs.release_record import is_current
    from pipelines.publication import set_aside_final
    from pipelines.storage import new_folder, publish_folder

    target, fingerprint = place_and_fingerprint(job, load.load_id, order)
    if is_current(target, fingerprint):
        title = order.audience.title
        job.log.say(msg("The report is up to date ({audience}): nothing has changed since it was made", audience=title))
        return
    job.log.progress(msg("Report: {audience}", audience=order.audience.title))
    with new_folder(target) as staging:
        _fill(job, load, order, finish_checks, staging, fingerprint)
        set_aside_final(target)
        publish_folder(staging, target)


def _fill(job: Job, load: LoadPackage, order: Order, finish_checks: _Finish, folder: Path, fingerprint: str) -> None:
    """Make every file of a report, the record last; nothing is done about a folder whose checks fail."""
    from pipelines.disclosure.release_files import write_release_tables
    from pipelines.outputs.release_record import write_record

    safe = protect(job, order.period, order.audience_id, order.audience) if order.audience.is_protected else None
    release = safe.release if safe else count_everything(job, order.period)
    finish = partial(_facts, job, load, fingerprint, finish_checks)
    if order.is_whole:
        facts = write_outputs(job, release, folder, order.language, finish)
    else:
        write_release_tables(release, folder)
        facts = finish()
    if safe:
        write_about_protection(job, safe, folder, order.language, fingerprint)
    write_record(release, facts, folder, safe.report if safe else None)


def _facts(job: Job, load: LoadPackage, fingerprint: str, finish_checks: _Finish) -> ReleaseFacts:
    """What the record and the cards of the page tell, once the checks have passed."""
    from pipelines.model.build_database import made_of
    from pipelines.outputs.release_record import gather_facts
    from pipelines.quality.checks import raise_if_failed

    quality = finish_checks()
    raise_if_failed(quality)
    return gather_facts(fingerprint, job.today, load.load_id, load.intake, quality, job.centre, made_of())


def write_about_protection(job: Job, safe: SafeRelease, folder: Path, language: Language, fingerprint: str) -> None:
    """The register's page goes with the release; what names the small cells stays with the centre."""
    from pipelines.disclosure.attacker.certificate import certify
    from pipelines.disclosure.attacker.certificate_files import write_certificates
    from pipelines.outputs.protection_page import page_name, write_protection_page
    from pipelines.outputs.register_page import RegisterFacts, write_register
    from pipelines.publication import draft_folder, keep_private

    write_register(
        safe.release,
        RegisterFacts(
            made_on=job.today,
            narrowest=safe.protected.narrowest_to_all,
            merged=safe.report.merged,
            reasons=safe.reasons,
            ledger_version=safe.report.ledger_version,
            solver=safe.report.solver,
            seconds=safe.report.seconds,
        ),
        safe.policy.register_entry,
        folder / REGISTER,
        titles=safe.titles,
    )
    attacked = safe.protected
    # They give back all that is out: who gets the tables of an agreement alone gets no certificate.
    release = safe.release
    shown_in = draft_folder(job, release.period, release.audience) if release.agreement else folder
    with job.log.step("certificates"):
        certificates = certify(attacked.published, time_limit_s=_CERTIFICATES_S, report=attacked.attack)
        write_certificates(certificates, shown_in)
    page = job.reports / page_name(release.period, release.audience)
    write_protection_page(safe.report, safe.release, page, language, titles=safe.titles)
    keep_private(job, safe, fingerprint)


def protect(job: Job, period: Period, audience_id: str, audience: Audience) -> SafeRelease:
    """The release that may leave, protected with all that left before, and what the centre may know of it."""
    from pipelines.disclosure.policy import load_claims
    from pipelines.publication import make_safe_release

    # Nothing is given to one funder while another would be told that it paid for the same.
    load_claims(job.workspace.config, job.vocabularies["funder"])
    with job.log.step("protection") as counts:
        safe = make_safe_release(job, period, audience_id, audience)
        counts |= {"cells": safe.report.cells, "hidden": safe.report.hidden_cells}
    job.log.say(
        msg(
            "Protected and attacked: {shown} cells shown, {hidden} hidden, none of which can be found again",
            shown=safe.report.cells - safe.report.hidden_cells,
            hidden=safe.report.hidden_cells,
        )
    )
    return safe


def write_outputs(
    job: Job, release: Release, folder: Path, language: Language, finish: Callable[[], ReleaseFacts]
) -> ReleaseFacts:
    """The release's tables, then the notebooks that read them and nothing else, then the page with what `finish` tells.

    The checks go on meanwhile: the page waits for them.
    """
    from pipelines.outputs.notebook import prepare_kernels, run_notebooks

    kernels = prepare_kernels(os.environ)
    # The kernels' template loads meanwhile.
    from pipelines.disclosure.release_files import write_release_tables
    from pipelines.outputs.coordinator_kit import KitFacts, write_beside_page
    from pipelines.outputs.dashboard import write_dashboard
    from pipelines.outputs.report_sections import read_sections
    from pipelines.storage import new_folder
    from pipelines.tables.table_spec import load_catalogue

    units = load_catalogue(job.workspace.config, job.centre.id, job.words).unit
    with new_folder(job.processed / "notebooks") as work:
        write_release_tables(release, folder)
        with job.log.step("notebooks") as counts:
            executed = run_notebooks(notebooks_of(job), folder, language, work, kernels=kernels, words=job.words)
            counts["notebooks"] = len(executed)
        facts = finish()
        with job.log.step("dashboard"):
            write_dashboard(executed, release, language, folder / DASHBOARD, made_on=job.today, facts=facts)
        kit = KitFacts(release, read_sections(executed, language), units, language, job.today)
        write_beside_page(folder / DASHBOARD, kit, work, job.log, os.environ)
    return facts
