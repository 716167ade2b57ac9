"""`bilan report --dry-run`: what a report would read, check and write, found out without writing a file.

The settings, tables, rules and suites are read as they would be for the report, so a fault in them is
told here too. The export is not opened: its files are named, with their sizes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.job import Job, chosen_period
from pipelines.language import Language, Message, Text, msg
from pipelines.orders import Order, place_and_fingerprint
from pipelines.steps import DASHBOARD, REGISTER

if TYPE_CHECKING:
    from pipelines.config import Period
    from pipelines.disclosure.policy import Audience

_BYTES_OF_A_KILOBYTE = 1000


@dataclass(frozen=True)
class PlannedReport:
    """One audience's report. `is_current`: it is there already, and nothing that it is made from has changed."""

    audience_id: str
    title: Text
    folder: Path
    files: tuple[str, ...]
    is_current: bool


@dataclass(frozen=True)
class ReportPlan:
    """`sizes`: of each file of the export, in bytes. `absent`: the patterns of the settings that no file answers to.

    `period`: None where the year is known only once the export is read. `checks`: the rules that apply, of
    which `gates` stop the report where they are broken.
    """

    centre: Text
    raw_folder: Path
    sizes: dict[str, int]
    absent: tuple[str, ...]
    period: Period | None
    checks: int
    gates: int
    reports: tuple[PlannedReport, ...]


def plan_report(job: Job, year: str | None, audience_ids: Sequence[str], language: Language) -> ReportPlan:
    """Raises what the report itself would for settings that cannot be used or an export that is not there."""
    from pipelines.disclosure.policy import load_audience, load_policy
    from pipelines.freshness import load_fingerprint
    from pipelines.quality.load_suites import Severity, load_suites
    from pipelines.quality.rule_expectations import rule_expectations
    from pipelines.rules import load_rules
    from pipelines.tables.table_spec import load_catalogue

    config = job.workspace.config
    audiences = {each: load_audience(config, each) for each in audience_ids}
    load_catalogue(config, job.centre.id, job.words)
    load_policy(config)
    suites = load_suites(job.workspace.shared("expectations"), job.centre, job.vocabularies, job.today)
    applicable = [rule for rule in (*suites, *rule_expectations(load_rules(config), job.centre)) if rule.is_applicable]
    load_id = load_fingerprint(job.workspace, job.centre, job.raw_folder)
    found = {source.files: sorted(job.raw_folder.glob(source.files)) for source in job.centre.source}
    period = _period(job, load_id, year)
    return ReportPlan(
        centre=job.centre.name,
        raw_folder=job.raw_folder,
        sizes={path.name: path.stat().st_size for paths in found.values() for path in paths if path.is_file()},
        absent=tuple(pattern for pattern, paths in found.items() if not paths),
        period=period,
        checks=len(applicable),
        gates=sum(rule.severity is Severity.ERROR for rule in applicable),
        reports=tuple(_planned(job, load_id, period, each, audiences[each], language) for each in audiences),
    )


def _period(job: Job, load_id: str, year: str | None) -> Period | None:
    """The year asked for, or the last of an export that was read already."""
    from pipelines.config import read_period
    from pipelines.model.build_database import built_from

    if built_from(job.database) == load_id:
        return chosen_period(job, year)
    return read_period(job.centre.period, year) if year else None


def _planned(
    job: Job, load_id: str, period: Period | None, audience_id: str, audience: Audience, language: Language
) -> PlannedReport:
    from pipelines.outputs.release_record import is_current

    files = tuple(files_of(audience))
    if period is None:
        return PlannedReport(audience_id, audience.title, job.reports / "…" / audience_id, files, is_current=False)
    target, fingerprint = place_and_fingerprint(job, load_id, Order(period, audience_id, audience, language))
    return PlannedReport(audience_id, audience.title, target, files, is_current(target, fingerprint))


def files_of(audience: Audience) -> Iterator[str]:
    """What a report of this audience holds; the pictures only where a browser can draw them."""
    from pipelines.disclosure.attacker import certificate_files
    from pipelines.disclosure.release_files import CELLS_FILE, TABLES_FILE
    from pipelines.outputs.coordinator_kit import SENTENCES
    from pipelines.outputs.document import DOCUMENT
    from pipelines.outputs.pictures import FIGURES
    from pipelines.outputs.release_record import RECORD
    from pipelines.outputs.workbook import WORKBOOK

    yield from (DASHBOARD, WORKBOOK, DOCUMENT, SENTENCES, CELLS_FILE, TABLES_FILE)
    if audience.is_protected:
        yield from (f"{FIGURES}/", REGISTER)
        # Who gets the tables of an agreement alone gets no certificate: it would give back all that is out.
        if audience.agreement is None:
            yield from (certificate_files.CELLS_FILE, certificate_files.SETS_FILE)
    yield RECORD


def describe_plan(plan: ReportPlan, language: Language) -> Iterator[Message]:
    """The plan as a person reads it."""
    yield msg("Dry run for {centre}: nothing is written", centre=plan.centre)
    yield msg("Would be read, in {folder}:", folder=str(plan.raw_folder))
    for name, size in plan.sizes.items():
        yield msg("  - {file} ({size} kB)", file=name, size=max(1, round(size / _BYTES_OF_A_KILOBYTE)))
    for pattern in plan.absent:
        yield msg("  - no file like {pattern}", pattern=pattern)
    yield msg(
        "Would be checked: {checks} quality rules, of which {gates} stop the report",
        checks=plan.checks,
        gates=plan.gates,
    )
    if plan.period is None:
        yield msg("Year: the last one of the export, known once it is read")
    else:
        days = (language.date(plan.period.first_day), language.date(plan.period.last_day))
        yield msg("Year: {year} ({first} to {last})", year=plan.period.label, first=days[0], last=days[1])
    for planned in plan.reports:
        if planned.is_current:
            yield msg("Up to date, would stay as it is ({audience}): {folder}", **_words(planned))
        else:
            yield msg("Would be made ({audience}), in {folder}: {files}", **_words(planned))


def _words(planned: PlannedReport) -> dict[str, object]:
    return {"audience": planned.title, "folder": str(planned.folder), "files": ", ".join(planned.files)}


def plan_facts(plan: ReportPlan) -> dict[str, object]:
    """The plan as `--json` prints it."""
    return {
        "dry_run": True,
        "reads": dict(plan.sizes),
        "absent": list(plan.absent),
        "year": plan.period.label if plan.period else None,
        "checks": plan.checks,
        "gates": plan.gates,
        "reports": [
            {
                "audience": planned.audience_id,
                "folder": str(planned.folder),
                "files": list(planned.files),
                "is_current": planned.is_current,
            }
            for planned in plan.reports
        ],
    }
