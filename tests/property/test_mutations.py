"""One thing is forgotten on purpose: in the method, the gate must find it; in the attack, the proof by trying must.

What a mutation is about is said by its name. The property bodies are those of the property tests.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from pipelines.disclosure import joint_cells, protect_release
from pipelines.disclosure.attacker import attack_model
from pipelines.disclosure.attacker.attack import AttackReport
from pipelines.disclosure.attacker.attack_judge import Judge
from pipelines.disclosure.attacker.attack_model import Space
from pipelines.disclosure.joint_cells import JointCells
from pipelines.disclosure.method import linked_tables
from pipelines.disclosure.method.choose_cells import Choice
from pipelines.disclosure.method.linked_tables import Definition, InnerCounts, LinkedTables
from pipelines.disclosure.method.secondary import Requirements
from pipelines.disclosure.protect_release import ReleaseDraft
from pipelines.disclosure.reading import published
from pipelines.disclosure.reading.published import PublishedCell, Where
from pipelines.disclosure.record_columns import RecordColumns
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.errors import DisclosureGateFailed, InputRefused
from pipelines.units import Unit
from tests.judge_releases import Register, faults_of
from tests.random_centre import Size, draw_centre, more_requests
from tests.tiny_centre import attack_differs

Patch = pytest.MonkeyPatch


def forget_that_hidden_is_somebody(patch: Patch) -> None:
    change_requirements(patch, lambda needs: replace(needs, least=np.zeros_like(needs.least)))


def forget_that_zeros_are_known(patch: Patch) -> None:
    """As if a published zero could be somebody in another set of counts."""
    require, choose = protect_release.require, protect_release.choose_cells

    def freed(counts: np.ndarray, *more: object) -> Requirements:
        needs = require(counts, *more)
        return replace(needs, fixed=needs.fixed & (counts > 0))

    def printed(linked: LinkedTables, *more: object, **deadline: float) -> Choice:
        found = choose(linked, *more, **deadline)
        return replace(found, hidden=found.hidden & (linked.counts > 0))

    patch.setattr(protect_release, "require", freed)
    patch.setattr(protect_release, "choose_cells", printed)


def forget_how_tables_are_linked(patch: Patch) -> None:
    """Two small tables of unknowns agree no longer where they overlap, and the same group in both is two groups."""
    link = linked_tables._link

    def unlinked(*given: object) -> LinkedTables:
        linked = link(*given)
        return replace(
            linked,
            ties=linked.ties[:0],
            tie_low=linked.tie_low[:0],
            tie_high=linked.tie_high[:0],
            tie_cells=linked.tie_cells[:0],
        )

    patch.setattr(linked_tables, "_link", unlinked)


def forget_how_units_are_linked(patch: Patch) -> None:
    count = RecordColumns.count

    def apart(self: RecordColumns, *given: object) -> InnerCounts:
        inner = count(self, *given)
        return replace(inner, nested=tuple(pair for pair in inner.nested if pair[0] != "record"))

    patch.setattr(RecordColumns, "count", apart)


def forget_the_ledger(patch: Patch) -> None:
    join, only_in = protect_release.join_cells, JointCells.only_in
    patch.setattr(protect_release, "join_cells", lambda tables, earlier, *more: join(tables, (), *more))
    patch.setattr(JointCells, "only_in", lambda self, hiding, tables, earlier: only_in(self, hiding, tables, ()))


def forget_what_is_left_out(patch: Patch) -> None:
    """A total that leaves somebody out is taken for the total of everybody."""
    definition, of_where = RecordColumns.definition, RecordColumns.of_where

    def whole(self: RecordColumns, table: object, codes: Sequence[str]) -> Definition:
        return definition(self, replace(table, leaves_out=()), codes)

    def whole_where(self: RecordColumns, where: Where) -> Definition:
        return tuple(pair for pair in of_where(self, where) if "except" not in pair[0])

    patch.setattr(RecordColumns, "definition", whole)
    patch.setattr(RecordColumns, "of_where", whole_where)
    patch.setattr(joint_cells, "_require_same_counts", lambda *given: None)


def count_requests_as_persons(patch: Patch) -> None:
    name = cached_property(lambda self: self.counts)
    name.__set_name__(JointCells, "persons")
    patch.setattr(JointCells, "persons", name)


def forget_differences(patch: Patch) -> None:
    patch.setattr(JointCells, "small_differences", lambda self, k: ())


def change_requirements(patch: Patch, change: Callable[[Requirements], Requirements]) -> None:
    require = protect_release.require
    patch.setattr(protect_release, "require", lambda *given: change(require(*given)))


def bypass_the_gate(patch: Patch) -> None:
    patch.setattr(protect_release, "attack", lambda *given, **more: AttackReport((), 5))


METHOD = {
    function.__name__: function
    for function in (
        forget_that_hidden_is_somebody,
        forget_that_zeros_are_known,
        forget_how_tables_are_linked,
        forget_how_units_are_linked,
        forget_the_ledger,
        forget_what_is_left_out,
        forget_differences,
    )
}
#: An aggression and its only link are one group of records under two names.
ONE_OF_EACH = Size(persons=(20, 80), dimensions=(3, 4), years=(1, 1), most_leaves=5, is_one_of_each=True)
SIZES = {forget_how_units_are_linked.__name__: ONE_OF_EACH}
SMALL = Size(persons=(20, 80), dimensions=(3, 4), years=(2, 2), most_leaves=5)
SEEDS = (0, 3, 5)


def faults_of_years(folder: Path, size: Size) -> set[tuple[int, str]]:
    """What is wrong with what centres of chance release year by year."""
    found = set()
    for seed in SEEDS:
        centre = draw_centre(seed, size)
        register = Register(centre, folder / str(seed))
        with contextlib.suppress(DisclosureGateFailed, InputRefused):
            entered = centre.requests
            for year in sorted({request.period for request in entered}):
                register.publish(entered, year, "public")
                entered += more_requests(centre, [year], 4)
        found |= {(seed, fault) for fault in faults_of(centre, register.out)} if register.out else set()
    return found


@cache
def faults_without_the_gate(size: Size) -> set[tuple[int, str]]:
    """What the search alone lets through, with nothing forgotten."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        bypass_the_gate(patch)
        return faults_of_years(Path(folder), size)


@pytest.mark.parametrize("name", METHOD)
def test_what_the_method_forgets_is_stopped_at_the_gate(name: str, tmp_path: Path, monkeypatch: Patch) -> None:
    METHOD[name](monkeypatch)

    assert faults_of_years(tmp_path, SIZES.get(name, SMALL)) == set()


@pytest.mark.parametrize("name", METHOD)
def test_what_the_method_forgets_would_be_found_by_the_property(name: str, tmp_path: Path, monkeypatch: Patch) -> None:
    size = SIZES.get(name, SMALL)
    before = faults_without_the_gate(size)
    METHOD[name](monkeypatch)
    bypass_the_gate(monkeypatch)

    assert faults_of_years(tmp_path, size) - before


def test_without_the_gate_the_property_finds_faults() -> None:
    assert faults_without_the_gate(SMALL)


def test_requests_counted_as_persons_are_found_by_the_property(tmp_path: Path, monkeypatch: Patch) -> None:
    """The attack cannot know who stands behind a number: the truth of the property does."""
    count_requests_as_persons(monkeypatch)

    assert faults_of_years(tmp_path, SMALL)


def test_groups_that_tell_everybodys_answer_are_found_by_the_property(tmp_path: Path, monkeypatch: Patch) -> None:
    """Large counts, which no attack on numbers minds: the truth of the property does."""
    monkeypatch.setattr(protect_release, "whole_groups", lambda *given: iter(()))

    assert faults_of_years(tmp_path, SMALL)


def test_a_ledger_that_both_the_method_and_the_gate_forget_is_found_by_the_property(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    begin = protect_release._Attempt.__init__

    def alone(self: object, draft: ReleaseDraft, *more: object) -> None:
        begin(self, replace(draft, earlier=()), *more)

    monkeypatch.setattr(protect_release._Attempt, "__init__", alone)

    assert faults_of_years(tmp_path, SMALL)


def attack_that_takes_hidden_for_nobody(patch: Patch) -> None:
    cells_of = published._cells_of

    def perhaps_nobody(release: Release, table: ReleaseTable) -> Iterator[PublishedCell]:
        return (replace(cell, may_be_zero=cell.value is None) for cell in cells_of(release, table))

    patch.setattr(published, "_cells_of", perhaps_nobody)


def attack_without_links(patch: Patch) -> None:
    patch.setattr(Space, "agreements", lambda self: iter(()))


def attack_without_zeros(patch: Patch) -> None:
    """What the zeros alone leave is not asked: more is required of a cell than can be kept open."""
    patch.setattr(Judge, "_allowed_low", lambda self, row, bounds: self._least(row))


def attack_without_kinds(patch: Patch) -> None:
    rule_of = published._rule_of
    every = tuple(kind for size in (1, 2, 3) for kind in combinations(Unit, size))
    patch.setattr(published, "_rule_of", lambda release: replace(rule_of(release), record_kinds=every))


def attack_without_what_is_left_out(patch: Patch) -> None:
    where_of = published.where_of
    patch.setattr(
        published, "where_of", lambda release, table, codes: where_of(release, replace(table, leaves_out=()), codes)
    )


def attack_without_several_answers(patch: Patch) -> None:
    patch.setattr(attack_model, "covers", lambda published, cells: iter(()))


ATTACK = {
    attack_that_takes_hidden_for_nobody: "classes and their details",
    attack_without_links: "a chain of two cross-tables",
    attack_without_zeros: "classes and their details",
    attack_without_kinds: "requests and their further links",
    attack_without_what_is_left_out: "two years and an answer left out",
    attack_without_several_answers: "several answers",
}


@pytest.mark.parametrize("forget", ATTACK, ids=lambda function: function.__name__)
def test_what_the_attack_forgets_is_found_by_trying_everything(forget: Callable[[Patch], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        forget(patch)
        differing = [seed for seed in range(10) if differs(ATTACK[forget], seed)]

    assert differing


def differs(name: str, seed: int) -> bool:
    """Whether the attack says other than the truth, or takes true cells for contradictory."""
    try:
        return bool(attack_differs(name, seed))
    except InputRefused:
        return True
