"""The same centre told otherwise is as safe: other names, another order, a code that nobody has, two copies for one."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.codes import Code, Vocabularies, Vocabulary
from tests.judge_releases import Register, faults_of
from tests.random_centre import Aggression, Answers, RandomCentre, Request, Size, draw_centre

SIZE = Size(persons=(40, 250), dimensions=(2, 4), years=(1, 2))
SEEDS = range(4)


def released(centre: RandomCentre, folder: Path, *audiences: list[str] | None) -> Register:
    register = Register(centre, folder)
    year = max(request.period for request in centre.requests)
    for number, among in enumerate(audiences or (None,)):
        register.publish(centre.requests, year, f"public{number}", among)
    return register


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_records_changes_nothing(seed: int, tmp_path: Path) -> None:
    centre = draw_centre(seed, SIZE)

    # Each publication has its records in another order of chance.
    first, second = (released(centre, tmp_path / name).out[0].release for name in ("first", "second"))

    assert first == second


@pytest.mark.parametrize("seed", SEEDS)
def test_codes_of_other_names_are_as_safe(seed: int, tmp_path: Path) -> None:
    """Names are turned round, so that whatever goes by the order of names goes the other way."""
    centre = renamed(draw_centre(seed, SIZE))

    register = released(centre, tmp_path)

    assert faults_of(centre, register.out) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_code_that_nobody_has_is_as_safe(seed: int, tmp_path: Path) -> None:
    centre = with_codes_of_nobody(draw_centre(seed, SIZE))

    register = released(centre, tmp_path)

    assert faults_of(centre, register.out) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_two_copies_of_some_tables_each_are_as_safe_as_one_of_all(seed: int, tmp_path: Path) -> None:
    centre = draw_centre(seed, SIZE)
    ids = [spec.id for spec in centre.catalogue.table]

    register = released(centre, tmp_path, ids[::2], ids[1::2] or ids)

    assert faults_of(centre, register.out) == []


def with_codes_of_nobody(centre: RandomCentre) -> RandomCentre:
    """One answer more in every list, in its first class where it has classes."""
    lists = {}
    for name in centre.vocabularies:
        vocabulary = centre.vocabularies[name]
        above = vocabulary.classes[0].code if vocabulary.has_classes else ""
        added = () if name == "missing_kind" else (Code("c99", "c99", "c99", above, 0, None, None, ""),)
        lists[name] = Vocabulary(name, (*vocabulary.codes, *added))
    return replace(centre, vocabularies=Vocabularies(lists))


def renamed(centre: RandomCentre) -> RandomCentre:
    def turned(code: str) -> str:
        return f"{code[0]}{9 - int(code[1])}" if code[1:].isdigit() else code

    def of(answers: Answers) -> Answers:
        return {name: frozenset(map(turned, codes)) for name, codes in answers.items()}

    def told(request: Request) -> Request:
        aggressions = (Aggression(of(one.answers), tuple(map(of, one.links))) for one in request.aggressions)
        return replace(request, answers=of(request.answers), aggressions=tuple(aggressions))

    lists = {
        name: Vocabulary(
            name,
            tuple(
                replace(code, code=turned(code.code), parent=turned(code.parent) if code.parent else "")
                for code in reversed(centre.vocabularies[name].codes)
            ),
        )
        for name in centre.vocabularies
    }
    return replace(centre, vocabularies=Vocabularies(lists), requests=tuple(map(told, centre.requests)))
