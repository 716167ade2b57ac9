"""Whether releases are safe, judged from the truth: by what an attack on the published files finds, and by subtraction.

`faults_of` is the property itself; it returns a line for each fault, so that a test of a mutation can call it and
expect some.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines.codes import TOTAL
from pipelines.config import read_period
from pipelines.disclosure.attacker.attack import AttackReport, Verdict, attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.merging import is_crossed
from pipelines.disclosure.policy import Policy, load_policy
from pipelines.disclosure.protect import release_head
from pipelines.disclosure.protect_release import ProtectedRelease, ReleaseDraft, protect_release
from pipelines.disclosure.reading.published import publish_releases, where_of
from pipelines.disclosure.reading.read_release_folder import read_release_folder
from pipelines.disclosure.release_files import write_release_tables
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.tables.coded_records import CodedRecords
from pipelines.tables.dimension import PERIOD
from pipelines.units import DIMENSIONS
from tests.random_centre import MISSING, RandomCentre, Request

REPOSITORY = Path(__file__).resolve().parent.parent
K = 5
Attack = Callable[..., AttackReport]


def real_policy() -> Policy:
    """The rules of the configuration that the project ships."""
    return load_policy(REPOSITORY / "config")


@dataclass(frozen=True)
class Out:
    """One release that is out: what was written, and the requests that it was counted from."""

    folder: Path
    release: Release
    requests: tuple[Request, ...]
    protected: ProtectedRelease


class Register:
    """Releases of a centre one after the other, as the ledger ties them: what is told once is frozen."""

    def __init__(self, centre: RandomCentre, folder: Path, policy: Policy | None = None) -> None:
        self.centre = centre
        self.policy = policy or real_policy()
        self.out: list[Out] = []
        self._folder = folder
        self._frozen: dict[str, tuple[Request, ...]] = {}
        self._merged: list[str] = []

    def publish(self, entered: Sequence[Request], year: str, audience: str, among: Sequence[str] | None = None) -> Out:
        """Protect and write the release of a year; raises `DisclosureGateFailed`."""
        requests = [one for one in entered if one.period not in self._frozen and one.period <= year]
        requests += [one for of in self._frozen.values() for one in of]
        records = self.centre.records(requests)
        tables = self.centre.tables(records, year, among)
        told = {period for table in tables for period in table.periods} | self._frozen.keys()
        requests = [one for one in requests if one.period in told]
        protected = self._protect(tables, records.of_periods(sorted(told)), year, audience)
        folder = self._folder / f"{len(self.out)}-{audience}"
        write_release_tables(protected.release, folder)
        self.out.append(Out(folder, protected.release, tuple(requests), protected))
        self._merged += [step.name for step in protected.taken_now]
        published = {period for table in protected.release.tables for period in _periods(table)}
        for period in published:
            self._frozen.setdefault(period, tuple(one for one in requests if one.period == period))
        return self.out[-1]

    def _protect(self, tables, records: CodedRecords, year: str, audience: str) -> ProtectedRelease:
        head = release_head(self.centre.centre, read_period(self.centre.centre.period, year), audience)
        earlier = tuple(one.release for one in self.out)
        draft = ReleaseDraft(head, tables, records, earlier, tuple(self._merged))
        return protect_release(draft, self.policy, self.centre.vocabularies)


def _periods(table: ReleaseTable) -> list[str]:
    return [code.code for side in table.dimensions if side.name == PERIOD for code in side.codes] or [table.period]


def faults_of(centre: RandomCentre, out: Sequence[Out], attacker: Attack = attack) -> list[str]:
    """What is wrong with all that is out, put together: read back from the folders, attacked and subtracted."""
    releases = [read_release_folder(one.folder) for one in out]
    published = publish_releases(releases)
    report = attacker(published, time_limit_s=120, exact_ends=False)
    truth = {}
    for one, release in zip(out, releases, strict=True):
        told = centre.truth(release, one.requests)
        for table in release.tables:
            for cell in table.cells:
                truth[where_of(release, table, cell.codes)] = told[table.id, cell.codes]
    faults = [*_s1_faults(releases, truth, report), *_s3_faults(centre, releases), *_false_cells(releases, truth)]
    return [*faults, *_groups_told(releases)]


def _groups_told(releases: Sequence[Release]) -> Iterator[str]:
    """The lines of a crossed table that tell the same number as one answer to a sensitive question."""
    sensitive = real_policy().sensitive.dimensions
    for table in (table for release in releases for table in release.tables if is_crossed(table.dimensions)):
        values = {cell.codes: cell.value for cell in table.cells}
        for place, side in enumerate(table.dimensions):
            answers = {code.code for code in side.codes if not code.is_missing and not code.parent}
            for codes, value in values.items():
                line = values[(*codes[:place], TOTAL, *codes[place + 1 :])]
                is_asked = side.name in sensitive and not side.is_multi_answer and codes[place] in answers
                if is_asked and value is not None and value == line and value >= K:
                    yield f"{table.id} {codes}: the answer of everybody of a line"


def _false_cells(releases: Sequence[Release], truth) -> Iterator[str]:
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                count, _ = truth[where_of(release, table, cell.codes)]
                if cell.value is not None and cell.value != count:
                    yield f"{table.id} {cell.codes}: a shown number is not true"


def _s1_faults(releases: Sequence[Release], truth, report: AttackReport) -> Iterator[str]:
    verdicts = {finding.where: finding.verdict for finding in report.findings if finding.minus is None}
    for finding in report.findings:
        if finding.verdict in (Verdict.NOT_PROVEN, Verdict.IMPLICIT_SMALL):
            yield f"{finding.table} {finding.where}: {finding.verdict}"
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                where = where_of(release, table, cell.codes)
                count, persons = truth[where]
                if not count or persons >= K:
                    continue
                if cell.status is CellStatus.SHOWN:
                    yield f"{table.id} {cell.codes}: shown, of {persons} persons"
                    continue
                verdict = verdicts.get(where)
                if verdict is not Verdict.SAFE and (verdict is not Verdict.LARGE or count < K):
                    yield f"{table.id} {cell.codes}: {verdict}"


def _s3_faults(centre: RandomCentre, releases: Sequence[Release]) -> Iterator[str]:
    """Two shown numbers, one about a part of the other's group by what their codes mean, that differ by 1 to k-1."""
    groups: dict[tuple, int] = {}
    kinds = {kind for release in releases for kind in release.protection.record_kinds}
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                if cell.value:
                    groups[tuple(_members(centre, table, cell.codes, kinds))] = cell.value
    answers = sorted({answer for group in groups for _, members in group for answer in members})
    atoms = {answer: place for place, answer in enumerate(answers)}
    # A side that a group does not name holds everybody: it is a part of a group only if that names it neither.
    names = sorted({name for group in groups for name, _ in group})
    held = np.ones((len(groups), len(atoms)), dtype=np.float32)
    for line, group in enumerate(groups):
        for name, members in group:
            for atom, place in atoms.items():
                if atom[0] == name and atom not in members:
                    held[line, place] = 0
    named = np.array([[any(of == name for of, _ in group) for name in names] for group in groups], dtype=np.float32)
    is_part = (held @ (1 - held).T == 0) & ((1 - named) @ named.T == 0)
    values = np.array(list(groups.values()))
    gaps = values[None, :] - values[:, None]
    for part, whole in np.argwhere(is_part & (gaps >= 1) & (gaps < K)).tolist():
        yield f"a shown number less another leaves {gaps[part, whole]}: {list(groups)[whole]} {list(groups)[part]}"


def _members(centre: RandomCentre, table: ReleaseTable, codes, kinds) -> Iterator[tuple[str, frozenset]]:
    """A group of records as the answers that each side of it allows."""
    yield "kind", frozenset(("kind", kind) for kind in kinds if table.unit in kind)
    names = [side.name for side in table.dimensions]
    if PERIOD not in names:
        yield PERIOD, frozenset({(PERIOD, table.period)})
    first = next(name for name in names if name != PERIOD)
    for side, code in sorted(zip(table.dimensions, codes, strict=True), key=lambda pair: pair[0].name):
        left_out = frozenset(table.leaves_out) if side.name == first else frozenset()
        if side.is_multi_answer:
            if code != TOTAL:
                yield f"{side.name}={code}", frozenset({(f"{side.name}={code}", "yes")})
        elif side.name == PERIOD:
            yield PERIOD, frozenset({(PERIOD, code)})
        elif code != TOTAL or left_out:
            leaves = _leaves(centre, side.name)
            kept = {leaf for leaf in leaves if code in (TOTAL, leaf, centre.parent(side.name, leaf))}
            yield side.name, frozenset((side.name, leaf) for leaf in kept - left_out)


def _leaves(centre: RandomCentre, name: str) -> set[str]:
    return {*(code.code for code in centre.vocabularies[DIMENSIONS[name].vocabulary].leaves), *MISSING}
