"""The attacker against the plain truth: every set of counts is written down, and the intervals are read off."""

import random
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product

import numpy as np
import pytest

from pipelines.disclosure.attacker.attack import FEWEST_VALUES, Verdict, attack
from pipelines.disclosure.attacker.certificate import certify
from pipelines.disclosure.attacker.certificate_check import check_certificates
from pipelines.disclosure.reading.published import Nesting, PublishedCell, PublishedSet

K = 5
PATTERNS = 40
#: A kind of record: for each dimension, every code that it carries, classes included.
Kind = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Shape:
    """Which tables are published, and the kinds of records there are."""

    kinds: tuple[Kind, ...]
    tables: tuple[tuple[str, ...], ...]
    known: dict[str, object]
    most: int = 9


def crossed(**codes: str) -> tuple[Kind, ...]:
    return tuple(
        {name: frozenset(code) for name, code in zip(codes, kind, strict=True)}
        for kind in product(*(text.split() for text in codes.values()))
    )


def nested_kinds() -> tuple[Kind, ...]:
    parent = {"m1": "x", "m2": "x", "m3": "y"}
    return tuple(
        {"town": frozenset({town}), "county": frozenset({county}), "s": frozenset({sex})}
        for (town, county), sex in product(parent.items(), "fg")
    )


def classed_kinds() -> tuple[Kind, ...]:
    classes = {"0": "young", "1": "young", "2": "old", "3": "old"}
    return tuple(
        {"age": frozenset({leaf, of}), "s": frozenset({sex})} for (leaf, of), sex in product(classes.items(), "fg")
    )


def several_classed_answers() -> tuple[Kind, ...]:
    """A class is given by whoever gives one of its details."""
    classes = {"p1": "p", "p2": "p", "q1": "q"}
    answers = [frozenset(subset) for size in (1, 2, 3) for subset in combinations(classes, size)]
    told = [subset | {classes[code] for code in subset} for subset in answers]
    return tuple({"form": subset, "s": frozenset({"f"})} for subset in told)


def several_answers() -> tuple[Kind, ...]:
    answers = [frozenset(subset) for size in (1, 2) for subset in combinations("pq", size)]
    return tuple({"form": subset, "s": frozenset({sex})} for subset, sex in product(answers, "fg"))


SHAPES = {
    "one_way": Shape(crossed(a="0 1 2 3"), (("a",),), {"dimensions": {"a": tuple("0123")}}, 12),
    "two_way": Shape(
        crossed(a="0 1 2", b="0 1"), (("a", "b"),), {"dimensions": {"a": tuple("012"), "b": tuple("01")}}, 12
    ),
    "three_two_ways": Shape(
        crossed(a="0 1", b="0 1", c="0 1"),
        (("a", "b"), ("a", "c"), ("b", "c")),
        {"dimensions": dict.fromkeys("abc", tuple("01"))},
    ),
    "a_tree_of_two_ways": Shape(
        crossed(a="0 1", b="0 1", c="0 1"), (("a", "b"), ("b", "c")), {"dimensions": dict.fromkeys("abc", tuple("01"))}
    ),
    "one_ways": Shape(
        crossed(a="0 1", b="0 1 2"), (("a",), ("b",)), {"dimensions": {"a": tuple("01"), "b": tuple("012")}}, 12
    ),
    "classes": Shape(
        classed_kinds(),
        (("age", "s"),),
        {
            "dimensions": {"age": tuple("0123"), "s": tuple("fg")},
            "groups": {"age": {"young": frozenset("01"), "old": frozenset("23")}},
        },
    ),
    "nested": Shape(
        nested_kinds(),
        (("town",), ("county", "s")),
        {
            "dimensions": {"town": ("m1", "m2", "m3"), "county": tuple("xy"), "s": tuple("fg")},
            "nestings": (Nesting("town", "county", {"m1": "x", "m2": "x", "m3": "y"}),),
        },
    ),
    "several_answers": Shape(
        several_answers(),
        (("form", "s"),),
        {"dimensions": {"form": tuple("pq"), "s": tuple("fg")}, "multi_answer": frozenset({"form"})},
    ),
    "several_classed_answers": Shape(
        several_classed_answers(),
        (("form",),),
        {
            "dimensions": {"form": ("p1", "p2", "q1"), "s": ("f",)},
            "groups": {"form": {"p": frozenset({"p1", "p2"}), "q": frozenset({"q1"})}},
            "multi_answer": frozenset({"form"}),
        },
    ),
}


@cache
def counts_adding_up_to(kinds: int, total: int) -> np.ndarray:
    """Every way to share a total among the kinds of records, a line each."""
    bars = np.array(list(combinations(range(total + kinds - 1), kinds - 1)), dtype=int).reshape(-1, kinds - 1)
    edges = np.hstack((np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + kinds - 1)))
    return np.diff(edges, axis=1) - 1


def cells_of(shape: Shape) -> list[tuple[tuple[str, str], ...]]:
    found = {}
    for table in shape.tables:
        for size in range(len(table) + 1):
            for names in combinations(table, size):
                codes = [sorted(set(chain.from_iterable(kind[name] for kind in shape.kinds))) for name in names]
                for choice in product(*codes):
                    found[tuple(sorted(zip(names, choice, strict=True)))] = None
    return list(found)


@dataclass(frozen=True)
class Drawn:
    published: PublishedSet
    #: The values that are truly possible, and the least that the zeros leave, by hidden cell.
    possible: dict[tuple[tuple[str, str], ...], set[int]]
    allowed_low: dict[tuple[tuple[str, str], ...], int]


def draw(shape: Shape, chance: random.Random, *, zeros_are_published: bool) -> Drawn:
    wheres = cells_of(shape)
    holds = np.array(
        [[all(code in kind[name] for name, code in where) for kind in shape.kinds] for where in wheres], dtype=int
    )
    total = chance.randint(1, shape.most)
    weights = [chance.choice((0, 1, 1, 3)) for _ in shape.kinds]
    weights[chance.randrange(len(weights))] += 1
    drawn = chance.choices(range(len(weights)), weights, k=total)
    true = holds @ np.bincount(drawn, minlength=len(shape.kinds))
    rate = chance.choice((0.4, 0.7, 1.0))
    is_hidden = np.array(
        [
            bool(where) and chance.random() < rate and not (zeros_are_published and value == 0)
            for where, value in zip(wheres, true, strict=True)
        ]
    )
    values = counts_adding_up_to(len(shape.kinds), total) @ holds.T
    fits = (values[:, ~is_hidden] == true[~is_hidden]).all(axis=1)
    fits &= (values[:, is_hidden] >= int(zeros_are_published)).all(axis=1)
    # Without the counts, the zeros allow whatever keeps the same cells empty: one record a kind is enough.
    patterns = (np.array(list(product((0, 1), repeat=len(shape.kinds)))) @ holds.T).clip(0)
    empty = ~is_hidden & (true == 0)
    same_zeros = (patterns[:, empty] == 0).all(axis=1)
    if zeros_are_published:
        same_zeros &= (patterns[:, ~empty] > 0).all(axis=1)
    cells = tuple(
        PublishedCell("t", where, None if hides else int(value))
        for where, value, hides in zip(wheres, true, is_hidden, strict=True)
    )
    return Drawn(
        PublishedSet(cells=cells, zeros_are_published=zeros_are_published, k=K, **shape.known),
        {wheres[place]: set(values[fits, place].tolist()) for place in np.flatnonzero(is_hidden)},
        {wheres[place]: int(patterns[same_zeros, place].min()) for place in np.flatnonzero(is_hidden)},
    )


def expected_verdict(possible: set[int], allowed_low: int, lowest: int) -> Verdict:
    if len(possible) == 1:
        return Verdict.EXACT
    if min(possible) >= K:
        return Verdict.LARGE
    required = set(range(max(lowest, allowed_low), K))
    if required <= possible and max(possible) - min(possible) + 1 >= FEWEST_VALUES:
        return Verdict.SAFE
    return Verdict.TOO_NARROW if max(possible) < K else Verdict.TOO_NARROW_IF_SMALL


@pytest.mark.parametrize("zeros_are_published", [True, False], ids=["zeros_published", "zeros_hidden"])
@pytest.mark.parametrize("name", SHAPES)
def test_the_attacker_finds_exactly_what_the_list_of_all_counts_says(name, zeros_are_published):
    chance = random.Random(f"{name} {zeros_are_published}")
    drawn = [draw(SHAPES[name], chance, zeros_are_published=zeros_are_published) for _ in range(PATTERNS)]
    of_shown = {Verdict.SHOWN_SMALL, Verdict.IMPLICIT_SMALL}

    reports = [attack(one.published, time_limit_s=60) for one in drawn]

    found = [
        {one.where: (one.low, one.high, one.verdict) for one in report.findings if one.verdict not in of_shown}
        for report in reports
    ]
    expected = [
        {
            where: (
                min(possible),
                max(possible),
                expected_verdict(possible, one.allowed_low[where], int(zeros_are_published)),
            )
            for where, possible in one.possible.items()
        }
        for one in drawn
    ]
    assert found == expected


@pytest.mark.parametrize("name", SHAPES)
def test_verdicts_are_the_same_without_the_exact_ends(name):
    chance = random.Random(f"ends of {name}")
    drawn = [draw(SHAPES[name], chance, zeros_are_published=True).published for _ in range(PATTERNS // 2)]

    quick = [attack(one, time_limit_s=60, exact_ends=False) for one in drawn]

    exact = [attack(one, time_limit_s=60) for one in drawn]
    judged = [[[(one.where, one.verdict) for one in report.findings] for report in of] for of in (quick, exact)]
    assert judged[0] == judged[1]


@pytest.mark.parametrize("zeros_are_published", [True, False], ids=["zeros_published", "zeros_hidden"])
@pytest.mark.parametrize("name", SHAPES)
def test_certificates_of_whatever_is_hidden_hold_by_adding_up(name, zeros_are_published):
    """Only a cell that is known exactly has none."""
    chance = random.Random(f"certificates of {name} {zeros_are_published}")
    drawn = [draw(SHAPES[name], chance, zeros_are_published=zeros_are_published) for _ in range(PATTERNS // 2)]

    certified = [certify(one.published, time_limit_s=60) for one in drawn]

    faults = [
        len(check_certificates(one.published, found.sets, found.cells))
        for one, found in zip(drawn, certified, strict=True)
    ]
    assert faults == [sum(len(possible) == 1 for possible in one.possible.values()) for one in drawn]


@pytest.mark.parametrize("name", SHAPES)
def test_the_order_of_the_cells_changes_nothing(name):
    published = draw(SHAPES[name], random.Random(name), zeros_are_published=True).published
    turned = PublishedSet(cells=published.cells[::-1], zeros_are_published=True, k=K, **SHAPES[name].known)

    report = attack(turned, time_limit_s=60)

    assert set(report.findings) == set(attack(published, time_limit_s=60).findings)
