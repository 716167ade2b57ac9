"""One thing is forgotten on purpose about services: the gate must hold, and without the gate the judge must see it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.disclosure import protect_release
from pipelines.disclosure.attacker.attack_report import AttackReport
from pipelines.disclosure.joint_cells import JointCells
from pipelines.disclosure.record_columns import RecordColumns
from tests.attack_services import faults_of_services
from tests.property.test_protect_services import known_of, play

Patch = pytest.MonkeyPatch
#: Enough for each mutation to be seen at one of them.
SEEDS = range(12)


def forget_persons_of_two_lines(patch: Patch) -> None:
    patch.setattr(RecordColumns, "lines_of", lambda self, definition: None)


def forget_persons_beside_a_line(patch: Patch) -> None:
    patch.setattr(protect_release, "keep_rests", lambda needs, *more: needs)


def forget_that_a_line_is_in_the_total(patch: Patch) -> None:
    patch.setattr(RecordColumns, "orders", lambda self, table, codes: iter(()))


def forget_that_persons_are_met(patch: Patch) -> None:
    """As if persons and meetings had nothing to do with each other."""
    patch.setattr(RecordColumns, "wider", lambda self, definition, kinds: iter(()))


def show_a_complement(patch: Patch) -> None:
    choose = protect_release.choose_cells

    def opened(linked, needs, *more, **deadline):
        found = choose(linked, needs, *more, **deadline)
        further = np.flatnonzero(found.hidden & ~needs.small)
        return replace(found, hidden=found.hidden & ~np.isin(np.arange(len(found.hidden)), further[:1]))

    patch.setattr(protect_release, "choose_cells", opened)


def trust_the_method(patch: Patch) -> None:
    """No gate: whatever the attack would find is published."""
    nothing = lambda published, **more: AttackReport((), published.k)  # noqa: E731
    patch.setattr(protect_release, "attack", nothing)
    patch.setattr(JointCells, "unsafe", lambda self, report, small: iter(()))


MUTATIONS = (
    forget_persons_of_two_lines,
    forget_persons_beside_a_line,
    forget_that_persons_are_met,
    show_a_complement,
)


def found(folder: Path) -> list[str]:
    registers = [play(seed, folder / str(seed)) for seed in SEEDS]
    return [
        fault
        for register in registers
        if register.out
        for fault in faults_of_services([one.folder for one in register.out], known_of(register))
    ]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_what_the_method_forgets_is_seen_by_who_reads_the_files(
    mutation: Callable[[Patch], None], tmp_path: Path, monkeypatch: Patch
) -> None:
    mutation(monkeypatch)
    trust_the_method(monkeypatch)

    assert found(tmp_path)


@pytest.mark.parametrize("mutation", (*MUTATIONS, forget_that_a_line_is_in_the_total))
def test_what_the_method_forgets_is_stopped_at_the_gate(
    mutation: Callable[[Patch], None], tmp_path: Path, monkeypatch: Patch
) -> None:
    mutation(monkeypatch)

    assert found(tmp_path) == []
