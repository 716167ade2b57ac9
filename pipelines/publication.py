"""A release that may leave: counted from what is out already, protected with it, then approved by two persons.

The ledger of a centre, `data/ledger/<centre>/`, holds what is out, and the records of the years it tells:
those years are frozen, and what is entered later about them is not published, for the public would find it
by subtraction. What a draft was made from waits in `data/processed/<centre>/protection/` until approval.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.disclosure.ledger.approval import RECORD_FILE
from pipelines.errors import DisclosureGateFailed
from pipelines.job import Job
from pipelines.language import Text, msg
from pipelines.tables.dimension import PERIOD
from pipelines.units import DIMENSIONS, FAMILIES, REQUESTS, UNIT_TABLES, family_of

if TYPE_CHECKING:
    from pipelines.config import Period
    from pipelines.disclosure.ledger.approval import Approval
    from pipelines.disclosure.ledger.ledger import Ledger
    from pipelines.disclosure.policy import Audience, Policy
    from pipelines.disclosure.protect_families import ProtectedFamilies
    from pipelines.disclosure.protection_report import ProtectionReport
    from pipelines.disclosure.release_table import Release, UntoldTable
    from pipelines.tables.coded_records import CodedRecords
    from pipelines.tables.count_table import CountTable
    from pipelines.tables.table_spec import Catalogue, TableSpec
    from pipelines.units import Family

INTERNAL = "internal"
_REASONS = "reasons.json"
#: Which release the two files are about: a stop could leave those of a newer draft.
_FINGERPRINT = "fingerprint.txt"


@dataclass(frozen=True)
class SafeRelease:
    """What may leave (`release`), and what stays: why cells are hidden, and the records they were counted from."""

    release: Release
    protected: ProtectedFamilies
    report: ProtectionReport
    records: Mapping[str, CodedRecords]
    policy: Policy
    #: Of every table of the catalogue, those that the merging plan dropped included.
    titles: Mapping[str, Text]

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why the rules are what they are, in the words of the configuration."""
        return self.policy.profile_of(self.release.centre_id).reason


def make_safe_release(job: Job, period: Period, audience_id: str, audience: Audience) -> SafeRelease:
    """Count, protect and attack; raises `DisclosureGateFailed` where the level is not reached."""
    from pipelines.disclosure.explain_release import explain_families
    from pipelines.disclosure.ledger.ledger_check import read_whole_ledger
    from pipelines.disclosure.policy import MergingStep, load_policy
    from pipelines.disclosure.protect import release_head
    from pipelines.disclosure.protect_families import FamiliesDraft, protect_families

    policy = load_policy(job.workspace.config)
    ledger = read_whole_ledger(job.ledger, job.reports)
    told, kept = _sort_tables(job, audience, policy)
    counted = _count(job, period, told, ledger)
    head = release_head(job.centre, period, audience_id, audience.agreement)
    draft = FamiliesDraft(head, counted.tables, counted.records, ledger.releases, ledger.merged, _salt(job, policy))
    protected = protect_families(draft, policy, job.vocabularies)
    periods = sorted({each for records in counted.records.values() for each in records.periods})
    report = explain_families(
        protected,
        policy.sensitive.dimensions,
        frozen=[each for each in periods if each in ledger.frozen_periods],
        late_records=counted.late_records,
        ledger_version=ledger.version,
    )
    titles = {table.id: table.title for table in counted.tables} | {table.id: table.title for table in kept}
    release = replace(protected.release, untold=(*protected.release.untold, *kept))
    # A step about a table that this audience does not get would name it; the ledger knows it from another release.
    report = replace(report, merged=tuple(name for name in report.merged if MergingStep.named(name).table in titles))
    return SafeRelease(release, protected, report, counted.records, policy, titles)


def _salt(job: Job, policy: Policy) -> bytes:
    """The secret by which this centre's counts are rounded; none is made for a centre that publishes exact ones."""
    if not policy.profile_of(job.centre.id).is_rounded:
        return b""
    from pipelines.disclosure.rounding_key import read_salt

    return read_salt(job.ledger)


@dataclass(frozen=True)
class _Counted:
    """True counts of an audience's tables, and by family the records behind them and behind all that is out.

    `late_records`: for each year that is out, the requests entered since.
    """

    tables: tuple[CountTable, ...]
    records: Mapping[str, CodedRecords]
    late_records: Mapping[str, int]


def _count(job: Job, period: Period, catalogue: Catalogue, ledger: Ledger) -> _Counted:
    """Years that are out are counted as they were when they were released."""
    from pipelines.disclosure.ledger.frozen_records import frozen_periods, read_frozen
    from pipelines.model.database import read_database
    from pipelines.tables.coded_records import read_family_records
    from pipelines.tables.count_release import count_release

    frozen = {family.name: found for family in FAMILIES if (found := read_frozen(job.ledger, ledger, family))}
    several = _several_answers(catalogue)
    with read_database(job.database) as connection:
        entered = {family.name: read_family_records(connection, family, several) for family in FAMILIES}
        tables = count_release(connection, catalogue, job.centre, job.vocabularies, period, released=frozen)
    records = {}
    for family in FAMILIES:
        out = frozen_periods(ledger, family)
        now = entered[family.name].of_periods([each for each in entered[family.name].periods if each not in out])
        kept = now.joined_with(frozen[family.name]) if family.name in frozen else now
        told = {each for table in tables if family_of(table.unit) is family for each in table.periods}
        # The ledger freezes the requests of a release's own year, whatever the release tells of them.
        own = {period.label} if family is REQUESTS else set()
        records[family.name] = kept.of_periods(sorted(told | own | set(out)))
    late = _late_records(entered[REQUESTS.name], frozen[REQUESTS.name]) if REQUESTS.name in frozen else {}
    return _Counted(tables, records, late)


def keep_private(job: Job, safe: SafeRelease, fingerprint: str) -> None:
    """Keep what the approval will need: the records of the draft, and the reason for each hidden cell.

    `fingerprint`: the one in the draft's record.
    """
    from pipelines.storage import make_folder, write_text
    from pipelines.tables.coded_records import write_coded_records

    folder = draft_folder(job, safe.release.period, safe.release.audience)
    make_folder(folder)
    (folder / _FINGERPRINT).unlink(missing_ok=True)
    for family in FAMILIES:
        # Approval freezes what the release tells of.
        if family is REQUESTS or any(family_of(table.unit) is family for table in safe.release.tables):
            write_coded_records(safe.records[family.name], _draft_file(folder, family))
        else:
            _draft_file(folder, family).unlink(missing_ok=True)
    reasons = {
        f"{table.table_id}:{','.join(codes)}": reason.value
        for table in safe.report.tables
        for codes, reason in table.hidden.items()
    }
    write_text(folder / _REASONS, json.dumps(reasons, ensure_ascii=False, indent=1) + "\n")
    write_text(folder / _FINGERPRINT, fingerprint)


def approve_release(job: Job, year: str, audience: str, *, prepared_by: str, approved_by: str) -> Approval:
    """Freeze the years that the draft tells, then enter it in the ledger.

    The records are kept first: a stop between the two freezes a year that is not out yet, which is mended by
    approving again, and never publishes a year that nothing is kept of.
    """
    from pipelines.disclosure.ledger.approval import approve, approved_entry
    from pipelines.disclosure.ledger.ledger_check import read_whole_ledger
    from pipelines.disclosure.ledger.ledger_story import read_reasons, write_reasons
    from pipelines.disclosure.policy import load_policy
    from pipelines.disclosure.register_settings import require_person_in_charge
    from pipelines.storage import fingerprint_file

    if not job.centre.is_fictitious:
        require_person_in_charge(load_policy(job.workspace.config).register_entry)
    release_folder, draft = job.reports / year / audience, draft_folder(job, year, audience)
    ledger = read_whole_ledger(job.ledger, job.reports)
    record = release_folder / RECORD_FILE
    is_draft = record.is_file() and approved_entry(ledger, fingerprint_file(record)) is None
    if is_draft and audience != INTERNAL:
        _freeze(job, release_folder, draft, ledger)
    approval = approve(release_folder, job.ledger, prepared_by=prepared_by, approved_by=approved_by, today=job.today)
    if approval.is_new:
        reasons = json.loads((draft / _REASONS).read_text(encoding="utf-8"))
        write_reasons(job.ledger, {**read_reasons(job.ledger), **reasons})
    return approval


def _freeze(job: Job, release_folder: Path, draft: Path, ledger: Ledger) -> None:
    """Keep for ever the records of the years that this release is the first to tell."""
    from pipelines.disclosure.ledger.approval import read_record
    from pipelines.disclosure.ledger.frozen_records import freeze
    from pipelines.tables.coded_records import load_coded_records

    fingerprint = draft / _FINGERPRINT
    known = fingerprint.read_text(encoding="utf-8") if fingerprint.is_file() else ""
    if not known or read_record(release_folder).get("fingerprint") != known:
        raise DisclosureGateFailed(
            msg("This release cannot be approved"),
            where=msg("in {folder}", folder=str(release_folder)),
            why=msg("the records that it was counted from are no longer kept beside it"),
            to_do=msg("Make the report again, then approve it"),
        )
    for family in FAMILIES:
        if _draft_file(draft, family).is_file():
            freeze(job.ledger, ledger, family, load_coded_records(_draft_file(draft, family)))


def known_ledger(job: Job, target: Path) -> str:
    """What was out when the final release of a folder was made; what is out now where it holds none."""
    from pipelines.disclosure.ledger.approval import APPROVAL_FILE, read_record
    from pipelines.disclosure.ledger.ledger_check import read_whole_ledger

    ledger = read_whole_ledger(job.ledger, job.reports)
    if (target / APPROVAL_FILE).is_file():
        return ledger.hash_at(int(read_record(target)["ledger_version"]))
    return ledger.last_hash


def set_aside_final(target: Path) -> None:
    """Keep a final release beside, under its number in the ledger, where a new draft takes its place."""
    from pipelines.disclosure.ledger.approval import APPROVAL_FILE

    if (target / APPROVAL_FILE).is_file():
        approval = json.loads((target / APPROVAL_FILE).read_text(encoding="utf-8"))
        target.rename(target.with_name(f"{target.name}-{approval['ledger_number']}"))


def _sort_tables(job: Job, audience: Audience, policy: Policy) -> tuple[Catalogue, tuple[UntoldTable, ...]]:
    """The tables of this audience that protection can reckon with, and those that are named and not told."""
    from pipelines.disclosure.protectable import reason_to_keep
    from pipelines.disclosure.release_table import UntoldTable, both_languages
    from pipelines.tables.table_spec import load_catalogue

    catalogue = load_catalogue(job.workspace.config, job.centre.id, job.words)
    told: list[TableSpec] = []
    kept: list[UntoldTable] = []
    for spec in catalogue.table:
        if spec.is_internal or not audience.gets(spec.id):
            continue
        reason = reason_to_keep(spec, job.centre, job.vocabularies, policy.profile_of(job.centre.id))
        if reason is None:
            # The years of services are compared at the centre alone: their pages are not read back exactly yet.
            is_compared = spec.is_compared
            told.append(spec.model_copy(update={"is_compared": is_compared}))
        elif all(job.centre.collects(*column) for column in _needs_of(spec)):
            unit = catalogue.unit[spec.unit].label
            title = Text(f"{spec.title.fr} ({unit.fr})", f"{spec.title.en} ({unit.en})")
            kept.append(UntoldTable(spec.id, title, both_languages(reason)))
    return catalogue.model_copy(update={"table": tuple(told)}), tuple(kept)


def _needs_of(spec: TableSpec) -> tuple[tuple[str, str], ...]:
    return (UNIT_TABLES[spec.unit].needs, *(DIMENSIONS[name].source for name in spec.dimensions))


def _several_answers(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(name for name, settings in catalogue.dimension.items() if settings.is_multi_answer)


def _late_records(entered: CodedRecords, frozen: CodedRecords) -> dict[str, int]:
    """For each year that is out, how many requests were entered since: in the centre's own page alone."""
    now, then = (
        Counter(
            period
            for period, is_request in zip(records.by_column[PERIOD], records.by_column["is_request"], strict=True)
            if is_request == "yes"
        )
        for records in (entered, frozen)
    )
    return {period: now[period] - then[period] for period in sorted(then) if now[period] > then[period]}


def draft_folder(job: Job, period: str, audience: str) -> Path:
    """What the centre keeps of a draft, and gives to nobody."""
    return job.processed / "protection" / period / audience


def _draft_file(folder: Path, family: Family) -> Path:
    return folder / ("records.parquet" if family is REQUESTS else f"records-{family.name}.parquet")
