"""One thing is forgotten on purpose: in the method, the gate must find it; in the attack, the proof by trying must.

What a mutation is about is said by its name. The property bodies are those of the property tests.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from pipelines.columns import Unit
from pipelines.disclosure import attack_answers, attack_model, joint_cells, linked_tables, protect_release, published
from pipelines.disclosure.attack import AttackReport, attack
from pipelines.disclosure.attack_judge import Judge
from pipelines.disclosure.attack_model import Space
from pipelines.disclosure.joint_cells import JointCells
from pipelines.disclosure.linked_tables import InnerCounts, LinkedTables
from pipelines.disclosure.published import publish_releases
from pipelines.disclosure.record_columns import RecordColumns
from pipelines.disclosure.secondary import Requirements
from pipelines.errors import DisclosureGateFailed
from tests.judge_releases import Register, faults_of
from tests.random_centre import Size, draw_centre, more_requests
from tests.tiny_centre import attack_differs

Patch = pytest.MonkeyPatch


def forget_that_hidden_is_somebody(patch: Patch) -> None:
    change_requirements(patch, lambda needs: replace(needs, least=np.zeros_like(needs.least)))


def forget_that_zeros_are_known(patch: Patch) -> None:
    """As if a published zero could be somebody in another set of counts."""

    def freed(needs: Requirements, counts: np.ndarray) -> Requirements:
        return replace(needs, fixed=needs.fixed & (counts > 0))

    require = protect_release.require
    patch.setattr(protect_release, "require", lambda counts, *more: freed(require(counts, *more), counts))


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
    join = protect_release.join_cells
    patch.setattr(protect_release, "join_cells", lambda tables, earlier, *more: join(tables, (), *more))


def forget_what_is_left_out(patch: Patch) -> None:
    """A total that leaves somebody out is taken for the total of everybody."""
    definition = RecordColumns.definition

    def whole(self: RecordColumns, table: object, codes: Sequence[str]) -> object:
        return definition(self, replace(table, leaves_out=()), codes)

    patch.setattr(RecordColumns, "definition", whole)
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
SMALL = Size(persons=(20, 80), dimensions=(3, 4), years=(2, 2), most_leaves=5)
SEEDS = range(12)


def faults_of_two_years(seed: int, folder: Path) -> tuple[int, list[str]]:
    """How many releases came out, and what is wrong with them together."""
    centre = draw_centre(seed, SMALL)
    register = Register(centre, folder)
    with contextlib.suppress(DisclosureGateFailed):
        entered = centre.requests
        for year in sorted({request.period for request in entered}):
            register.publish(entered, year, "public")
            entered += more_requests(centre, [year], 4)
    return len(register.out), faults_of(centre, register.out) if register.out else []


def of_all_seeds(folder: Path) -> Iterator[tuple[int, list[str]]]:
    for seed in SEEDS:
        yield faults_of_two_years(seed, folder / str(seed))


@pytest.mark.parametrize("mutation", METHOD)
def test_what_the_method_forgets_is_found_by_the_gate(mutation: str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        METHOD[mutation](patch)

        played = list(of_all_seeds(tmp_path))

    assert [faults for _, faults in played if faults] == []


@pytest.mark.parametrize("mutation", METHOD)
def test_what_the_method_forgets_would_leave_without_the_gate(mutation: str, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        METHOD[mutation](patch)
        bypass_the_gate(patch)

        played = list(of_all_seeds(tmp_path))

    assert any(faults for _, faults in played)
