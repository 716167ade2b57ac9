"""Protect all the tables of a release together, and with everything that was released before.

Every cell of every table becomes one group of records among others (`record_columns`, `linked_tables`);
small groups are hidden, and what would betray them (`primary`, `secondary`); then independent code attacks
what is about to be published, beside all that is out (`attack`). What it narrows is protected too, and
the attack begins anew. Where the level is not reached, the merging plan makes a table coarser. Nothing
leaves that was not attacked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.codes import TOTAL, Vocabularies
from pipelines.disclosure.attacker.attack import AttackReport, attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.joint_cells import JointCells, join_cells
from pipelines.disclosure.merging import can_take, is_crossed, merge_tables
from pipelines.disclosure.method.choose_cells import Choice, choose_cells
from pipelines.disclosure.method.linked_tables import Definition, TooManyInnerCells
from pipelines.disclosure.method.secondary import Booleans, NotReachedInTime
from pipelines.disclosure.policy import MergingStep, Policy, Profile, Step
from pipelines.disclosure.primary import GroupTold, groups_told, keep_rests, require
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.reading.published import PublishedSet, publish_releases
from pipelines.disclosure.release_table import Protection, Release, SafetyLevel, untold_tables
from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg

if TYPE_CHECKING:
    from pipelines.tables.coded_records import CodedRecords
    from pipelines.tables.count_table import CountTable


@dataclass(frozen=True)
class ReleaseDraft:
    """What a release is made from: true counts, and the records behind them.

    `head`: the release without its tables. `earlier`: all that this centre ever released. `merged`: the names
    of the steps of the merging plan that an earlier release took. `salt`: the centre's secret that decides which
    way its counts are rounded, where they are.
    """

    head: Release
    tables: tuple[CountTable, ...]
    records: CodedRecords
    earlier: tuple[Release, ...]
    merged: tuple[str, ...]
    salt: bytes = b""


@dataclass(frozen=True)
class ProtectedRelease:
    """What passed the gate, and what the centre alone may know of it."""

    release: Release
    tables: tuple[CountTable, ...]
    cells: JointCells
    small: Booleans
    hidden: Booleans
    hidden_before: Booleans
    published: PublishedSet
    attack: AttackReport
    steps: tuple[MergingStep, ...] = ()
    taken_now: tuple[MergingStep, ...] = ()
    seconds: float = 0.0
    #: How many cells beside the small ones any choice would have hidden, as far as it is proved.
    proven_least: int | None = None

    @property
    def hidden_cells(self) -> int:
        """How many cells of the release are hidden, each as often as it is printed."""
        return sum(cell.status is CellStatus.HIDDEN for table in self.release.tables for cell in table.cells)

    @property
    def narrowest(self) -> int | None:
        """How many values the narrowest interval of a hidden small cell keeps; None without one."""
        return min(self._widths(self.small), default=None)

    @property
    def narrowest_to_all(self) -> int | None:
        """The same over every hidden cell that may be small for all that a reader knows."""
        return min(self._widths(np.ones(len(self.small), dtype=bool)), default=None)

    def _widths(self, among: Booleans) -> Iterator[int]:
        k = self.attack.k
        for finding in self.attack.findings:
            if finding.low is None or finding.high is None or finding.low >= k:
                continue
            if self.cells.is_among(finding, among):
                yield finding.high - finding.low + 1


def protect_release(draft: ReleaseDraft, policy: Policy, vocabularies: Vocabularies) -> ProtectedRelease:
    """Hide what must be hidden; the same draft gives the same release.

    Raises `DisclosureGateFailed` where the merging plan has no step left and the level is not reached, and where
    what is out is rounded and this would not be, or the other way round.
    """
    from pipelines.disclosure.rounding import RoundedAttempt, require_one_convention

    begun = time.monotonic()
    profile = policy.profile_of(draft.head.centre_id)
    require_one_convention(draft.earlier, profile)
    steps = [MergingStep.named(name) for name in draft.merged]
    now: list[MergingStep] = []
    while True:
        tables = merge_tables(draft.tables, (*steps, *now))
        try:
            kind = RoundedAttempt if profile.is_rounded else _Attempt
            attempt = kind(replace(draft, tables=tables), policy, profile, vocabularies)
            protected = attempt.protect()
        except (TooManyInnerCells, NotReachedInTime):
            now.append(_next_step(tables, (*steps, *now), policy, None))
        except StillNarrow as fault:
            now.append(_next_step(tables, (*steps, *now), policy, fault.tables))
        else:
            untold = untold_tables({table.id: table.title for table in draft.tables}, protected.release.tables)
            return replace(
                protected,
                release=replace(protected.release, untold=untold),
                steps=(*steps, *now),
                taken_now=tuple(now),
                seconds=time.monotonic() - begun,
            )


class StillNarrow(Exception):
    """The attack finds cells that the search thought safe; `tables` are the ids of theirs."""

    def __init__(self, tables: frozenset[str]) -> None:
        self.tables = tables


def whole_groups(table: CountTable, policy: Policy, profile: Profile) -> Iterator[GroupTold]:
    """The lines of a crossed table in which everybody gives one answer: to know the line is to know each of them."""
    if is_crossed(table.dimensions):
        persons = {cell.codes: cell.person_count for cell in table.cells}
        groups = groups_told(table.id, table.dimensions, persons, policy.sensitive.dimensions, profile.k)
        yield from (group for group in groups if group.others == 0)


def _next_step(
    tables: Sequence[CountTable], taken: Sequence[MergingStep], policy: Policy, among: frozenset[str] | None
) -> MergingStep:
    """The first step of the plan that changes a table, or one of these tables; they are dropped if it names none.

    Raises `DisclosureGateFailed` where nothing is left to be given up.
    """
    at_hand = {table.id: table for table in tables}
    for step in policy.merging.steps:
        is_open = step not in taken and step.table in at_hand and can_take(at_hand[step.table], step.step)
        if is_open and (among is None or step.table in among):
            return step
    if among and (left := sorted(among & at_hand.keys())):
        return MergingStep(table=left[0], step=Step.DROP)
    raise _not_reached()


class _Attempt:
    """One try at the level asked, with the tables as they are."""

    def __init__(self, draft: ReleaseDraft, policy: Policy, profile: Profile, vocabularies: Vocabularies) -> None:
        self._draft = draft
        self._profile = profile
        self._deadline = time.monotonic() + policy.merging.time_limit_s
        self._cells = join_cells(draft.tables, draft.earlier, draft.records, vocabularies)
        groups = [group for table in draft.tables for group in whole_groups(table, policy, profile)]
        self._hiding_zeros = frozenset(group.table for group in groups)
        self._telling = self._numbered({(group.table, group.answer) for group in groups})

    def protect(self) -> ProtectedRelease:
        cells = self._cells
        certain, headlines = cells.shown_before | cells.left_empty, self._headlines()
        unproved = cells.only_in(self._hiding_zeros, self._draft.tables, self._draft.earlier)
        watched = list(cells.small_differences(self._profile.k))
        while True:
            cells = self._cells.watching(watched)
            fixed = certain | headlines & ~self._parts(watched)
            known = (cells.padded(each) for each in (fixed & ~self._telling, unproved, self._telling))
            needs = require(cells.counts, cells.persons, self._profile, *known)
            before = cells.padded(cells.hidden_before)
            asked = keep_rests(needs, cells.counts, cells.rests, self._profile)
            found = choose_cells(cells.linked, asked, before, deadline=self._deadline)
            release = self._release(found)
            published = publish_releases([*self._draft.earlier, release])
            report = attack(published, time_limit_s=self._deadline - time.monotonic(), exact_ends=False)
            more = self._narrowed(report, needs.small, watched)
            if not more:
                break
            watched += more
        size = len(self._cells.counts)
        return ProtectedRelease(
            release=release,
            tables=self._draft.tables,
            cells=self._cells,
            small=needs.small[:size] & ~self._telling,
            hidden=found.hidden[:size],
            hidden_before=self._cells.hidden_before,
            published=published,
            attack=report,
            proven_least=found.proven_least,
        )

    def _parts(self, watched: Sequence[tuple[Definition, Definition]]) -> Booleans:
        """The lesser cell of each two that differ by few: of two totals, that is the one that may be hidden."""
        chosen = np.zeros(len(self._cells.counts), dtype=bool)
        chosen[[self._cells.linked.numbers[part] for _, part in watched if part in self._cells.linked.numbers]] = True
        return chosen

    def _numbered(self, named: Set[tuple[str, tuple[str, ...]]]) -> Booleans:
        """The distinct cells that these (table, codes) are."""
        chosen = np.zeros(len(self._cells.counts), dtype=bool)
        for table in self._draft.tables:
            for cell in table.cells:
                if (table.id, cell.codes) in named:
                    chosen[self._cells.number(table, cell.codes)] = True
        return chosen

    def _headlines(self) -> Booleans:
        """The totals of the tables: a report without them is none, unless they are small themselves."""
        chosen = np.zeros(len(self._cells.counts), dtype=bool)
        for table in self._draft.tables:
            for cell in table.cells:
                sides = zip(table.dimensions, cell.codes, strict=True)
                if all(code == TOTAL or dimension.name == "period" for dimension, code in sides):
                    number = self._cells.number(table, cell.codes)
                    chosen[number] = cell.person_count >= self._profile.k
        return chosen

    def _narrowed(
        self, report: AttackReport, small: Booleans, watched: Sequence[tuple[Definition, Definition]]
    ) -> list[tuple[Definition, Definition]]:
        """The differences that the attack reads a small group from; raises `StillNarrow` for what no watching mends."""
        more: list[tuple[Definition, Definition]] = []
        narrow = self._still_telling(report) | self._surely_small(report, small)
        for finding in self._cells.unsafe(report, small):
            pair = self._cells.difference(finding)
            if pair is None or pair in watched:
                narrow |= {finding.table}
            elif pair not in more:
                more.append(pair)
        if narrow and not more:
            raise StillNarrow(frozenset(narrow))
        return more

    def _still_telling(self, report: AttackReport) -> set[str]:
        """The tables of which a cell still surely holds nearly everybody of its line."""
        counts, k = self._cells.counts, self._profile.k
        told = set()
        for finding in report.findings:
            number = self._cells.number_of(finding)
            if number is None or number >= len(counts) or not self._telling[number]:
                continue
            if finding.low is None or finding.low > max(counts[number] - k, 0):
                told.add(finding.table)
        return told

    def _surely_small(self, report: AttackReport, small: Booleans) -> set[str]:
        """Where the level is S2: the tables of which a hidden cell can be proved to be small."""
        if self._profile.level is not SafetyLevel.S2:
            return set()
        found = (finding for finding in report.findings if self._cells.is_among(finding, small))
        return {finding.table for finding in found if finding.high is not None and finding.high < self._profile.k}

    def _hidden_codes(self, table: CountTable, found: Choice) -> Iterator[tuple[str, ...]]:
        for cell in table.cells:
            if found.hidden[self._cells.number(table, cell.codes)]:
                yield cell.codes

    def _release(self, found: Choice) -> Release:
        tables = tuple(
            release_table(
                table,
                frozenset(self._hidden_codes(table, found)),
                hides_zeros=table.id in self._hiding_zeros,
            )
            for table in self._draft.tables
        )
        protection = Protection(
            k=self._profile.k,
            level=self._profile.level,
            zeros_are_published=self._profile.zeros_are_published,
            record_kinds=self._draft.records.kinds,
        )
        return replace(self._draft.head, tables=tables, protection=protection)


def _not_reached() -> DisclosureGateFailed:
    return DisclosureGateFailed(
        msg("The tables cannot be published: protecting them was not proved"),
        why=msg("small numbers could still be found by subtraction, and the merging plan has no step left"),
        to_do=msg("Add steps to config/disclosure.toml, or give fewer tables to this audience"),
    )
