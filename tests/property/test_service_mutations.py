"""One thing is forgotten on purpose about services: the gate must hold, and without the gate the judge must see it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.disclosure import protect_families, protect_release
from pipelines.disclosure.attacker.attack_report import AttackReport
from pipelines.disclosure.joint_cells import JointCells
from pipelines.disclosure.record_columns import RecordColumns
from tests.attack_services import faults_of_services
from tests.property.test_protect_services import known_of, play

Patch = pytest.MonkeyPatch


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


def tell_the_hours_of_hidden_counts(patch: Patch) -> None:
    patch.setattr(protect_families, "hide_hours", lambda *given: {})


def trust_the_method(patch: Patch) -> None:
    """No gate: whatever the attack would find is published."""
    nothing = lambda published, **more: AttackReport((), published.k)  # noqa: E731
    patch.setattr(protect_release, "attack", nothing)
    patch.setattr(protect_families, "telling_hours", lambda published: ())
    patch.setattr(JointCells, "unsafe", lambda self, report, small: iter(()))


#: With a centre of chance at which each is seen, and how the judge says it.
MUTATIONS = (
    (forget_persons_beside_a_line, 29, "persons not in"),
    (forget_that_persons_are_met, 8, "again in"),
    (show_a_complement, 0, "impossible"),
    (tell_the_hours_of_hidden_counts, 0, "hours of few persons"),
)


def faults_at(seed: int, folder: Path) -> list[str]:
    register = play(seed, folder)
    return faults_of_services([one.folder for one in register.out], known_of(register)) if register.out else []


@pytest.mark.parametrize(("mutation", "seed", "words"), MUTATIONS)
def test_what_the_method_forgets_is_seen_by_who_reads_the_files(
    mutation: Callable[[Patch], None], seed: int, words: str, tmp_path: Path, monkeypatch: Patch
) -> None:
    mutation(monkeypatch)
    trust_the_method(monkeypatch)

    assert any(words in fault for fault in faults_at(seed, tmp_path))


@pytest.mark.parametrize(("mutation", "seed", "words"), [*MUTATIONS, (forget_that_a_line_is_in_the_total, 1, "")])
def test_what_the_method_forgets_is_stopped_at_the_gate(
    mutation: Callable[[Patch], None], seed: int, words: str, tmp_path: Path, monkeypatch: Patch
) -> None:
    mutation(monkeypatch)

    assert faults_at(seed, tmp_path) == []
