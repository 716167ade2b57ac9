"""Protect a release family by family: requests, meetings, accompaniments and kits share no record.

Two families have no cell and no sum in common, so what is published of the one says nothing of the other:
each is protected, with all that is out of it, and attacked apart. Put together, they are one release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.codes import Vocabularies
from pipelines.disclosure.attacker.attack import AttackReport, Finding
from pipelines.disclosure.attacker.attack_hours import telling_hours
from pipelines.disclosure.policy import MergingStep, Policy, Profile
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.protect_hours import Codes, agrees_with, hide_hours, hours_and_counts
from pipelines.disclosure.protect_release import ProtectedRelease, ReleaseDraft, protect_release
from pipelines.disclosure.protection_report import HiddenBecause
from pipelines.disclosure.reading.published import PublishedSet, publish_releases
from pipelines.disclosure.release_table import Release, ReleaseTable, UntoldTable, both_languages
from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg
from pipelines.units import FAMILIES, FAMILY_OF, HOURS_OF, Family, family_of

if TYPE_CHECKING:
    from pipelines.tables.coded_records import CodedRecords
    from pipelines.tables.count_table import CountTable


_WITHOUT_COUNTS = msg(
    "This table stays at the centre: hours are told only beside the number of what they are the hours of."
)


@dataclass(frozen=True)
class FamiliesDraft:
    """What a release is made from: as `ReleaseDraft`, with the records of each family by its name."""

    head: Release
    tables: tuple[CountTable, ...]
    records: Mapping[str, CodedRecords]
    earlier: tuple[Release, ...]
    merged: tuple[str, ...]
    salt: bytes = b""


@dataclass(frozen=True)
class ProtectedFamilies:
    """A release whose families each passed the gate.

    `published` and `attack`: of all of them, with all that is out.
    """

    release: Release
    families: tuple[ProtectedRelease, ...]
    published: PublishedSet
    attack: AttackReport
    #: The hidden cells of each table of hours, with their reasons.
    hours: Mapping[str, Mapping[Codes, HiddenBecause]]

    @property
    def steps(self) -> tuple[MergingStep, ...]:
        """The steps of the merging plan that hold."""
        return tuple(dict.fromkeys(step for family in self.families for step in family.steps))

    @property
    def narrowest_to_all(self) -> int | None:
        """How many values the narrowest interval keeps that a reader may take for a small cell's; None without one."""
        widths = (family.narrowest_to_all for family in self.families)
        return min((width for width in widths if width is not None), default=None)


def protect_families(draft: FamiliesDraft, policy: Policy, vocabularies: Vocabularies) -> ProtectedFamilies:
    """Raises `DisclosureGateFailed` as `protect_release` does; the same draft gives the same release."""
    drafts = list(_by_family(draft)) or [_draft_of(draft, FAMILIES[0])]
    protected = tuple(protect_release(each, policy, vocabularies) for each in drafts)
    told = {table.id: table for each in protected for table in each.release.tables}
    told |= {table.id: release_table(table, frozenset()) for table in draft.tables if not table.is_collected}
    hours = dict(_hide_hours(draft, list(told.values()), policy.profile_of(draft.head.centre_id)))
    told |= {table.id: release_table(table, hours[table.id].keys()) for table in draft.tables if table.id in hours}
    first = protected[0].release
    assert first.protection is not None
    kinds = (each.release.protection.record_kinds for each in protected if each.release.protection)
    release = replace(
        first,
        tables=tuple(told[table.id] for table in draft.tables if table.id in told),
        protection=replace(first.protection, record_kinds=tuple(kind for of in kinds for kind in of)),
        untold=(
            *(table for each in protected for table in each.release.untold),
            *(_untold(table) for table in draft.tables if table.unit in HOURS_OF and table.id not in told),
        ),
    )
    published = publish_releases([*draft.earlier, release])
    telling = tuple(telling_hours(published))
    if telling:
        raise _hours_tell(telling)
    report = AttackReport(
        tuple(finding for each in protected for finding in each.attack.findings),
        protected[0].attack.k,
        tuple(searched for each in protected for searched in each.attack.searched),
    )
    return ProtectedFamilies(release, protected, published, report, hours)


def _hide_hours(
    draft: FamiliesDraft, told: Sequence[ReleaseTable], profile: Profile
) -> Iterator[tuple[str, Mapping[Codes, HiddenBecause]]]:
    """The tables of hours that can be told beside the counts that are, and what they hide."""
    for table in draft.tables:
        family = family_of(table.unit)
        counts = hours_and_counts(table, told) if table.unit in HOURS_OF and table.is_collected else None
        if counts is not None and family is not None:
            hidden = hide_hours(table, counts, draft.records[family.name], profile)
            if hidden is not None and agrees_with(release_table(table, hidden.keys()), draft.earlier):
                yield table.id, hidden


def _untold(table: CountTable) -> UntoldTable:
    return UntoldTable(table.id, table.title, both_languages(_WITHOUT_COUNTS))


def _hours_tell(findings: Sequence[Finding]) -> DisclosureGateFailed:
    return DisclosureGateFailed(
        msg("The tables cannot be published: their hours tell of hidden numbers"),
        where=msg("in the tables {tables}", tables=", ".join(sorted({finding.table for finding in findings}))),
        to_do=msg("Give this audience no hours, in config/audiences/"),
    )


def _by_family(draft: FamiliesDraft) -> Iterator[ReleaseDraft]:
    """A draft for each family that the release tells of."""
    for family in FAMILIES:
        of_family = _draft_of(draft, family)
        if any(table.is_collected for table in of_family.tables):
            yield of_family


def _draft_of(draft: FamiliesDraft, family: Family) -> ReleaseDraft:
    tables = tuple(table for table in draft.tables if FAMILY_OF.get(table.unit) is family)
    earlier = tuple(_of_family(release, family) for release in draft.earlier)
    return ReleaseDraft(draft.head, tables, draft.records[family.name], earlier, draft.merged, draft.salt)


def _of_family(release: Release, family: Family) -> Release:
    """What a release says of one family."""
    return replace(release, tables=tuple(table for table in release.tables if FAMILY_OF.get(table.unit) is family))
