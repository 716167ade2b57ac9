"""A release in which every count is rounded at random to a multiple of 5, totals too.

A number that is shown says that the true one is less than the base away: small groups need not be hidden, for
1 to k-1 look alike, and like nobody. What several rounded numbers say together can be more. So the gate is the
same as of any release: independent code attacks what is about to be published, beside all that is out. Where
it finds too little room, a cell that takes the room is rounded the other way; if that is not enough it is
hidden; and then the merging plan makes a table coarser.

Every number is rounded for a group of records, not for a place in a table: one group is one number everywhere,
and what is out once stays what it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipelines.codes import TOTAL, Vocabularies
from pipelines.disclosure.attacker.attack import AttackReport, Finding, Verdict, attack
from pipelines.disclosure.attacker.attack_programme import OutOfTime
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.joint_cells import Booleans, join_cells
from pipelines.disclosure.method.rounding_room import RoundedCells, in_the_way
from pipelines.disclosure.method.secondary import NotReachedInTime
from pipelines.disclosure.policy import Policy, Profile
from pipelines.disclosure.primary import GroupTold
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.protect_release import ProtectedRelease, ReleaseDraft, StillNarrow, whole_groups
from pipelines.disclosure.reading.published import EXCEPT, PublishedCell, PublishedSet, publish_releases, where_of
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable
from pipelines.disclosure.rounding_key import round_groups
from pipelines.errors import DisclosureGateFailed
from pipelines.language import Message, msg

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountTable

#: Attacks on one set of tables, each followed by other roundings; then the merging plan takes a step.
MOST_ROUNDS = 25


def require_one_convention(earlier: Iterable[Release], profile: Profile) -> None:
    """Raise `DisclosureGateFailed` where what is out is rounded and what comes would not be, or the other way round.

    An exact number beside a rounded one of the same people tells which way that was rounded, and then its neighbours.
    """
    for release in earlier:
        before = release.protection.rounding if release.protection else 1
        if before != profile.rounding:
            raise DisclosureGateFailed(
                msg("This centre cannot change the way its numbers are rounded"),
                where=msg("{centre}, {period}", centre=release.centre_id, period=release.period),
                why=_rounded_before() if before > 1 else _exact_before(),
                to_do=msg("Give the centre the profile that it published with, in config/disclosure.toml"),
            )


def _rounded_before() -> Message:
    return msg("what it published is rounded to a multiple of 5: exact numbers beside it would undo the rounding")


def _exact_before() -> Message:
    return msg("what it published is exact: rounded numbers beside it would protect nobody")


class RoundedAttempt:
    """One try to publish these tables rounded."""

    def __init__(self, draft: ReleaseDraft, policy: Policy, profile: Profile, vocabularies: Vocabularies) -> None:
        self._draft = draft
        self._profile = profile
        self._deadline = time.monotonic() + policy.merging.time_limit_s
        self._cells = join_cells(draft.tables, draft.earlier, draft.records, vocabularies)
        counts, persons = self._cells.counts, self._cells.persons
        before = self._shown_before()
        self._small = (persons < profile.k) & (counts >= 1) & ~self._numbers_of(before)
        # A few persons counted many times: no rounding makes 1 to 4 of them possible.
        self._hidden = (self._small & (counts >= profile.k)) | (self._cells.hidden_before & ~self._numbers_of(before))
        told = self._told() | before.keys()
        values = {**round_groups(self._cells, told, profile.rounding, draft.salt), **before}
        self._empty = np.flatnonzero(self._cells.left_empty).tolist()
        shown = {number: value for number, value in values.items() if not self._hidden[number]}
        self._rounded = RoundedCells(shown, frozenset(before), set(), profile.rounding, counts)
        self._groups = [group for table in draft.tables for group in whole_groups(table, policy, profile)]

    def protect(self) -> ProtectedRelease:
        """Raises `StillNarrow` or `NotReachedInTime` where the tables must be made coarser."""
        for _ in range(MOST_ROUNDS):
            if time.monotonic() > self._deadline:
                raise NotReachedInTime
            release = self._release()
            published = self._watching(publish_releases([*self._draft.earlier, release]), release)
            report = attack(published, time_limit_s=self._deadline - time.monotonic(), exact_ends=False)
            narrow = list(self._cells.unsafe(report, self._small))
            if not narrow:
                break
            self._make_room(narrow)
        else:
            raise StillNarrow(frozenset(finding.table for finding in narrow))
        if telling := self._still_telling(published, report, release):
            raise StillNarrow(frozenset(telling))
        return ProtectedRelease(
            release=release,
            tables=self._draft.tables,
            cells=self._cells,
            small=self._small,
            hidden=self._hidden,
            hidden_before=self._cells.hidden_before,
            published=published,
            attack=report,
        )

    def _told(self) -> set[int]:
        """The distinct cells of the tables of this release."""
        tables = (table for table in self._draft.tables if table.is_collected)
        return {self._cells.number(table, cell.codes) for table in tables for cell in table.cells}

    def _shown_before(self) -> dict[int, int]:
        """What is out already of each distinct cell: one group is one number for ever."""
        return {
            self._cells.number(table, cell.codes): cell.value
            for release in self._draft.earlier
            for table in release.tables
            for cell in table.cells
            if cell.value is not None and cell.status is CellStatus.SHOWN
        }

    def _numbers_of(self, numbers: Iterable[int]) -> Booleans:
        chosen = np.zeros(len(self._cells.counts), dtype=bool)
        chosen[list(numbers)] = True
        return chosen

    def _make_room(self, narrow: Sequence[Finding]) -> None:
        """Round other cells the other way, or hide them; raises `StillNarrow` where nothing is left to be done."""
        done: set[int] = set()
        for finding in narrow:
            number = self._cells.number_of(finding)
            if number is None or finding.verdict in (Verdict.NOT_PROVEN, Verdict.SHOWN_SMALL):
                raise StillNarrow(frozenset({finding.table}))
            for value in (1, self._profile.k - 1):
                found = in_the_way(self._cells.linked, self._rounded, self._empty, number, value)
                for other, up in found:
                    if other not in done:
                        done.add(other)
                        self._give_way(other, up=up)
        if not done:
            # Only whole numbers stand in the way, or what is out already.
            raise StillNarrow(frozenset(finding.table for finding in narrow))

    def _give_way(self, number: int, *, up: bool) -> None:
        if self._rounded.can_turn(number, up=up):
            self._rounded.turn(number, up=up)
        else:
            del self._rounded.values[number]
            self._hidden[number] = True

    def _watching(self, published: PublishedSet, release: Release) -> PublishedSet:
        """The same set, with the people of each group of one answer who might have given another one."""
        groups = {name: dict(of) for name, of in published.groups.items()}
        watched = list(published.watched)
        known = {cell.where for cell in (*published.cells, *watched)}
        for group in self._groups:
            rest = self._rest(published, release, group)
            name, code = self._side(release, group)
            groups.setdefault(name, {})[dict(rest.where)[name]] = self._leaves(published, release, group)
            if rest.where not in known:
                known.add(rest.where)
                watched.append(rest)
        return replace(published, groups=groups, watched=tuple(watched))

    def _still_telling(self, published: PublishedSet, report: AttackReport, release: Release) -> set[str]:
        """The tables with a line of which fewer than k persons can have given another answer than the others."""
        told = set()
        for group in self._groups:
            where = self._rest(published, release, group).where
            try:
                of = next(each for each in report.searched if where in each.system.row_of)
                is_open = of.searcher.reaches(of.system.row_of[where], self._profile.k)
            except (StopIteration, OutOfTime):
                is_open = False
            if not is_open:
                told.add(group.table)
        return told

    @staticmethod
    def _side(release: Release, group: GroupTold) -> tuple[str, str]:
        """The sensitive question of a group, and the answer that everybody gave."""
        dimensions = release.table(group.table).dimensions
        place = next(
            place
            for place, (line, answer) in enumerate(zip(group.line, group.answer, strict=True))
            if line == TOTAL and answer != TOTAL
        )
        return dimensions[place].name, group.answer[place]

    def _leaves(self, published: PublishedSet, release: Release, group: GroupTold) -> frozenset[str]:
        """The other answers that the line could hold."""
        name, code = self._side(release, group)
        line = dict(where_of(release, release.table(group.table), group.line))
        every = published.leaves_of(name, line[name]) if name in line else frozenset(published.dimensions[name])
        return every - published.leaves_of(name, code)

    def _rest(self, published: PublishedSet, release: Release, group: GroupTold) -> PublishedCell:
        name, _ = self._side(release, group)
        left_out = frozenset(published.dimensions[name]) - self._leaves(published, release, group)
        pairs = dict(where_of(release, release.table(group.table), group.line))
        pairs[name] = EXCEPT + "+".join(sorted(left_out))
        return PublishedCell(group.table, tuple(sorted(pairs.items())), None)

    def _release(self) -> Release:
        tables = tuple(self._rounded_table(table) for table in self._draft.tables)
        protection = Protection(
            k=self._profile.k,
            level=self._profile.level,
            zeros_are_published=self._profile.zeros_are_published,
            record_kinds=self._draft.records.kinds,
            rounding=self._profile.rounding,
        )
        return replace(self._draft.head, tables=tables, protection=protection)

    def _rounded_table(self, table: CountTable) -> ReleaseTable:
        if not table.is_collected:
            return release_table(table, frozenset(), rounding=self._profile.rounding)
        numbers = {cell.codes: self._cells.number(table, cell.codes) for cell in table.cells}
        values = self._rounded.values
        return release_table(
            table,
            frozenset(codes for codes, number in numbers.items() if number not in values),
            rounded={codes: values[number] for codes, number in numbers.items() if number in values},
            rounding=self._profile.rounding,
        )
