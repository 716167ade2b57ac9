"""Rounded releases of random centres: attacked, and judged from the truth; of tiny ones, by trying everything."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pipelines.config import read_period
from pipelines.disclosure import rounding
from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.policy import Policy
from pipelines.disclosure.protect import release_head
from pipelines.disclosure.protect_release import ReleaseDraft, protect_release
from pipelines.disclosure.reading.published import Where, publish_releases, where_of
from pipelines.disclosure.reading.read_release_folder import read_release_folder
from pipelines.disclosure.release_table import Release
from pipelines.errors import DisclosureGateFailed
from tests.judge_releases import Out, Register, real_policy
from tests.random_centre import RandomCentre, Size, draw_centre, more_requests
from tests.tiny_centre import SHAPES, Tiny, _all_counts, draw_tiny, holds

RUNS = int(os.environ.get("BILAN_PROPERTY_RUNS", "12"))
TINY = min(RUNS, 8)
BASE = K = 5
SALT = b"a made-up secret of thirty-two b"


class RoundedRegister(Register):
    """Releases that come one after the other, all rounded by one secret."""

    def __init__(self, centre: RandomCentre, folder: Path) -> None:
        super().__init__(centre, folder, rounded_policy())

    def _protect(self, tables, records, year, audience):
        head = release_head(self.centre.centre, read_period(self.centre.centre.period, year), audience)
        earlier = tuple(one.release for one in self.out)
        draft = ReleaseDraft(head, tables, records, earlier, tuple(self._merged), salt=SALT)
        return protect_release(draft, self.policy, self.centre.vocabularies)


def rounded_policy() -> Policy:
    return real_policy().model_copy(update={"profile": "rounded"})


def play(seed: int, folder: Path) -> RoundedRegister:
    centre = draw_centre(seed, Size(persons=(20, 200)) if seed % 2 else None)
    register = RoundedRegister(centre, folder)
    years = sorted({request.period for request in centre.requests})
    entered = centre.requests
    try:
        for year in years:
            register.publish(entered, year, "public")
            entered += more_requests(centre, years, 5)
    except DisclosureGateFailed:
        pass
    return register


def faults_of(centre: RandomCentre, out: list[Out]) -> Iterator[str]:
    """What is wrong with all that is out: read back from the folders, attacked, and held against the truth."""
    releases = [read_release_folder(one.folder) for one in out]
    report = attack(publish_releases(releases), time_limit_s=120, exact_ends=False)
    verdicts = {finding.where: finding for finding in report.findings}
    if report.proved:
        yield f"a stranger proves {len(report.proved)}"
    values: dict[Where, set[int]] = {}
    for one, release in zip(out, releases, strict=True):
        truth = centre.truth(release, one.requests)
        for table in release.tables:
            for cell in table.cells:
                where = where_of(release, table, cell.codes)
                count, persons = truth[table.id, cell.codes]
                if cell.value is not None:
                    values.setdefault(where, set()).add(cell.value)
                    if cell.value % BASE or abs(cell.value - count) >= BASE:
                        yield f"{where}: not one of the two nearest multiples"
                if count and persons < K and cell.status is CellStatus.SHOWN and count >= K:
                    yield f"{where}: a few persons counted many times are shown"
                if 0 < count < K and not (where in verdicts and verdicts[where].is_safe):
                    yield f"{where}: a small group is too narrow"
    yield from (f"{where}: one group, several numbers" for where, of in values.items() if len(of) > 1)


def test_nothing_small_is_found_in_rounded_releases_of_random_centres(tmp_path: Path) -> None:
    faults: list[tuple[int, str]] = []
    releases = shown = cells = 0

    for seed in range(RUNS):
        register = play(seed, tmp_path / str(seed))
        faults += [(seed, fault) for fault in faults_of(register.centre, register.out)] if register.out else []
        releases += len(register.out)
        of = [cell for one in register.out for table in one.release.tables for cell in table.cells]
        cells += len(of)
        shown += sum(cell.value is not None for cell in of)

    assert faults == []
    # A method that refused or hid everything would be safe, and of no use.
    assert releases > RUNS
    assert shown > 0.85 * cells


def test_the_same_records_give_the_same_release_in_any_order(tmp_path: Path) -> None:
    # The centre's own chance shuffles the records anew each time.
    centre = draw_centre(3)
    year = max(one.period for one in centre.requests)

    out = [RoundedRegister(centre, tmp_path / of).publish(centre.requests, year, "public") for of in ("one", "two")]

    assert out[0].release == out[1].release


def test_without_turning_cells_the_gate_refuses_or_coarsens_what_is_too_narrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate is the attack: a method that could not make room publishes nothing narrow all the same."""
    monkeypatch.setattr(rounding, "in_the_way", lambda *_: [])
    coarser, faults = 0, []

    for seed in range(RUNS):
        register = play(seed, tmp_path / str(seed))
        coarser += sum(len(one.protected.taken_now) for one in register.out)
        faults += [(seed, fault) for fault in faults_of(register.centre, register.out)] if register.out else []

    assert faults == []
    assert coarser


def release_tiny(tiny: Tiny) -> Release | None:
    policy = rounded_policy()
    draft = ReleaseDraft(tiny.head, tiny.tables, tiny.records, (), (), salt=SALT)
    try:
        return protect_release(draft, policy, tiny.centre.vocabularies).release
    except DisclosureGateFailed:
        return None


def possible(tiny: Tiny, release: Release) -> dict[Where, tuple[set[int], int]]:
    """For each cell, every value that some set of records with these rounded numbers gives it, and the true one."""
    wheres, rows, ends = [], [], []
    for table in release.tables:
        for cell in table.cells:
            wheres.append(where_of(release, table, cell.codes))
            rows.append(holds(tiny, table, cell.codes))
            ends.append((0, 999) if cell.value is None else (max(cell.value - BASE + 1, 0), cell.value + BASE - 1))
    matrix = np.array(rows, dtype=np.int16)
    low, high = np.array(ends).T
    # No total of these tiny centres, rounded, leaves more than 14 records.
    found = _all_counts(len(tiny.atoms) + 1, 14, 0)[:, :-1] @ matrix.T
    found = found[((found >= low) & (found <= high)).all(axis=1)]
    true = matrix @ np.array(tiny.counts, dtype=np.int16)
    return {where: (set(found[:, place].tolist()), int(true[place])) for place, where in enumerate(wheres)}


@pytest.mark.parametrize("name", SHAPES)
def test_trying_every_set_of_records_finds_what_the_gate_promises(name: str) -> None:
    faults, published = [], 0

    for seed in range(TINY):
        tiny = draw_tiny(name, seed)
        release = release_tiny(tiny)
        if release is None or not release.tables:
            continue
        published += 1
        for where, (values, count) in possible(tiny, release).items():
            if 0 < count < K and not values >= set(range(1, K)):
                faults.append((seed, where, sorted(values)))

    assert faults == []
    assert published


#: In two years there may be more records than are tried.
ONE_YEAR = [name for name, shape in SHAPES.items() if len(shape.years) == 1]


@pytest.mark.parametrize("name", ONE_YEAR)
def test_the_attack_finds_the_ends_that_trying_everything_finds(name: str) -> None:
    faults = []

    for seed in range(TINY):
        tiny = draw_tiny(name, seed)
        release = release_tiny(tiny)
        if release is None or any(table.total.value is None for table in release.tables):
            continue
        truth = possible(tiny, release)
        for finding in attack(publish_releases([release]), time_limit_s=60).findings:
            if finding.where in truth and (finding.low, finding.high) != (
                min(truth[finding.where][0]),
                max(truth[finding.where][0]),
            ):
                faults.append((seed, finding.where, finding.low, finding.high))

    assert faults == []
