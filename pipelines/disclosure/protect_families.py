"""Protect a release family by family: requests, meetings, accompaniments and kits share no record.

Two families have no cell and no sum in common, so what is published of the one says nothing of the other:
each is protected, with all that is out of it, and attacked apart. Put together, they are one release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipelines.codes import Vocabularies
from pipelines.disclosure.attacker.attack import AttackReport
from pipelines.disclosure.policy import MergingStep, Policy
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.protect_release import ProtectedRelease, ReleaseDraft, protect_release
from pipelines.disclosure.reading.published import PublishedSet, publish_releases
from pipelines.disclosure.release_table import Release
from pipelines.units import FAMILIES, FAMILY_OF, Family

if TYPE_CHECKING:
    from pipelines.tables.coded_records import CodedRecords
    from pipelines.tables.count_table import CountTable


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
    first = protected[0].release
    assert first.protection is not None
    kinds = (each.release.protection.record_kinds for each in protected if each.release.protection)
    release = replace(
        first,
        tables=tuple(told[table.id] for table in draft.tables if table.id in told),
        protection=replace(first.protection, record_kinds=tuple(kind for of in kinds for kind in of)),
        untold=tuple(table for each in protected for table in each.release.untold),
    )
    report = AttackReport(
        tuple(finding for each in protected for finding in each.attack.findings),
        protected[0].attack.k,
        tuple(searched for each in protected for searched in each.attack.searched),
    )
    return ProtectedFamilies(release, protected, publish_releases([*draft.earlier, release]), report)


def _by_family(draft: FamiliesDraft) -> Iterator[ReleaseDraft]:
    """A draft for each family that the release tells of."""
    for family in FAMILIES:
        of_family = _draft_of(draft, family)
        if any(table.is_collected for table in of_family.tables):
            yield of_family


def _draft_of(draft: FamiliesDraft, family: Family) -> ReleaseDraft:
    tables = tuple(table for table in draft.tables if FAMILY_OF[table.unit] is family)
    earlier = tuple(_of_family(release, family) for release in draft.earlier)
    return ReleaseDraft(draft.head, tables, draft.records[family.name], earlier, draft.merged, draft.salt)


def _of_family(release: Release, family: Family) -> Release:
    """What a release says of one family."""
    return replace(release, tables=tuple(table for table in release.tables if FAMILY_OF.get(table.unit) is family))
