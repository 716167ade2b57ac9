"""Centres so small that every set of records with the same published tables can be written down.

No solver here: all sets of counts are tried. What they leave possible is the truth for the attack and the method.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product

import numpy as np

from pipelines.codes import TOTAL, Code, Vocabularies, Vocabulary
from pipelines.config import read_period
from pipelines.disclosure.attacker.attack import FEWEST_VALUES, AttackReport, Verdict, attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.protect import release_head, release_table
from pipelines.disclosure.reading.published import Where, publish_releases, where_of
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable, SafetyLevel
from pipelines.language import Text
from pipelines.tables.coded_records import PERSON, CodedRecords
from pipelines.tables.count_table import CountTable
from pipelines.tables.dimension import PERIOD
from pipelines.tables.table_spec import Catalogue
from pipelines.units import DIMENSIONS, RECORD_UNITS, Unit
from tests.random_centre import YEARS, RandomCentre, made_up_centre

K = 3
REQUEST, AGGRESSION, LINK = RECORD_UNITS
WHOLE, FURTHER = (REQUEST, AGGRESSION, LINK), (LINK,)
_WORD = Text("mot", "word")
Attack = Callable[..., AttackReport]


@dataclass(frozen=True)
class TinyShape:
    """What a tiny centre asks (`codes` of each question, classes as `class/leaf`), and what it publishes."""

    codes: dict[str, str]
    #: (id, unit, questions, more settings)
    tables: tuple[tuple[str, Unit, tuple[str, ...], dict], ...]
    kinds: tuple[tuple[Unit, ...], ...] = (WHOLE,)
    years: tuple[str, ...] = (YEARS[0],)
    several: str = ""
    most: int = 9


COMPARED = {"is_compared": True}
SHAPES = {
    "requests and their further links": TinyShape(
        {"age_at_request": "a0 a1", "relationship": "r0 r1"},
        (
            ("age_at_request", REQUEST, ("age_at_request",), {}),
            ("relationship", LINK, ("relationship",), {}),
            ("age_by_relationship", LINK, ("age_at_request", "relationship"), {}),
        ),
        kinds=(WHOLE, FURTHER),
    ),
    "a chain of two cross-tables": TinyShape(
        {"age_at_request": "a0 a1", "residence": "b0 b1", "referral_source": "c0 c1"},
        (
            ("form_by_age", REQUEST, ("age_at_request", "residence"), {}),
            ("age_by_relationship", REQUEST, ("residence", "referral_source"), {}),
        ),
    ),
    "two years and an answer left out": TinyShape(
        {"residence": "b0 b1", "disposition_after_request": "d0 sans_objet"},
        (
            ("residence", REQUEST, ("residence",), COMPARED),
            ("disposition_after_request", REQUEST, ("disposition_after_request",), {"leaves_out": ("sans_objet",)}),
        ),
        years=YEARS[:2],
    ),
    "classes and their details": TinyShape(
        {"relationship": "p/p0 p/p1 q/q0 q/q1", "residence": "b0 b1"},
        (
            ("relationship", LINK, ("relationship",), {}),
            ("age_by_relationship", LINK, ("relationship", "residence"), {"level": "class"}),
        ),
    ),
    "several answers": TinyShape(
        {"aggression_form": "f0 f1", "residence": "b0 b1"},
        (
            ("aggression_form", AGGRESSION, ("aggression_form",), {}),
            ("form_by_age", AGGRESSION, ("residence", "aggression_form"), {}),
        ),
        several="aggression_form",
    ),
}
Atom = tuple[str, tuple[Unit, ...], dict[str, frozenset[str]]]


@dataclass(frozen=True)
class Tiny:
    """A drawn tiny centre: its kinds of records, how many of each, and the tables that they give."""

    shape: TinyShape
    centre: RandomCentre
    atoms: tuple[Atom, ...]
    counts: tuple[int, ...]
    records: CodedRecords
    tables: tuple[CountTable, ...]

    @property
    def head(self) -> Release:
        """The release of the last year, with no table yet."""
        period = read_period(self.centre.centre.period, self.shape.years[-1])
        return release_head(self.centre.centre, period, "public")

    @property
    def protection(self) -> Protection:
        return Protection(K, SafetyLevel.S1, True, self.records.kinds)


def draw_tiny(name: str, seed: int) -> Tiny:
    """A tiny centre of this shape in which every question, year and kind of record occurs."""
    shape = SHAPES[name]
    chance = random.Random(f"{name} {seed}")
    centre = replace(_centre_of(shape), chance=chance)
    atoms = tuple(_atoms(shape))
    while True:
        weights = [chance.choice((0, 0, 1, 1, 3)) for _ in atoms]
        if not any(weights):
            continue
        drawn = chance.choices(range(len(atoms)), weights, k=chance.randint(4, shape.most))
        held = [atoms[place] for place in set(drawn)]
        if {atom[1] for atom in held} == set(shape.kinds) and {atom[0] for atom in held} == set(shape.years):
            break
    counts = tuple(drawn.count(place) for place in range(len(atoms)))
    rows = [
        (
            period,
            str(person),
            *("yes" if unit in kind else "no" for unit in RECORD_UNITS),
            *_told(answers, centre.dimensions),
        )
        for person, (period, kind, answers) in enumerate(atoms[place] for place in drawn)
    ]
    columns = (PERIOD, PERSON, *(f"is_{unit.value}" for unit in RECORD_UNITS), *centre.dimensions)
    records = CodedRecords(columns, tuple(rows))
    return Tiny(shape, centre, atoms, counts, records, centre.tables(records, shape.years[-1]))


def hide_by_chance(tiny: Tiny, seed: int) -> Release:
    """A release that hides what chance says, but no zero and no total: without it nothing has an end."""
    chance = random.Random(seed)
    rate = chance.choice((0.3, 0.6, 1.0))
    # A group has one state under all its names, as it has in a real release.
    is_hidden: dict[Where, bool] = {}
    tables = []
    for table in tiny.tables:
        hidden = set()
        told = release_table(table, frozenset())
        for cell in table.cells:
            where = where_of(tiny.head, told, cell.codes)
            is_inner = any(code != TOTAL for side, code in _sides(table, cell.codes) if side.name != PERIOD)
            drawn = is_hidden.setdefault(where, chance.random() < rate)
            if drawn and cell.count and is_inner:
                hidden.add(cell.codes)
        tables.append(release_table(table, hidden))
    return replace(tiny.head, tables=tuple(tables), protection=tiny.protection)


@dataclass(frozen=True)
class Possible:
    """What all the sets of records leave of a hidden cell: its values, and the least that the zeros alone allow."""

    values: frozenset[int]
    allowed_low: int
    count: int


def try_everything(tiny: Tiny, releases: Sequence[Release], *, beyond: int = 0) -> dict[Where, Possible]:
    """Every hidden group of these releases, by trying every set of records of the same total.

    `beyond`: where the total itself is hidden, sets of up to so many records more are tried, and all smaller ones.
    """
    cells: dict[Where, tuple[list[bool], int | None]] = {}
    least: dict[Where, int] = {}
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                where = where_of(release, table, cell.codes)
                cells[where] = holds(tiny, table, cell.codes), cell.value
                # What is hidden is somebody, unless every table that hides it hides zeros as well.
                least[where] = max(least.get(where, 0), int(not table.hides_zeros))
    matrix = np.array([held for held, _ in cells.values()], dtype=np.int16)
    true = matrix @ np.array(tiny.counts, dtype=np.int16)
    is_hidden = np.array([value is None for _, value in cells.values()])
    lows = np.array(list(least.values()))
    values = _all_counts(len(tiny.atoms), sum(tiny.counts), beyond) @ matrix.T
    fits = (values[:, ~is_hidden] == true[~is_hidden]).all(axis=1)
    fits &= (values[:, is_hidden] >= lows[is_hidden]).all(axis=1)
    # Without the numbers, the zeros allow whatever keeps the same cells empty: one record a kind is enough.
    patterns = (np.array(list(product((0, 1), repeat=len(tiny.atoms)))) @ matrix.T).clip(0)
    is_empty = ~is_hidden & (true == 0)
    same = (patterns[:, is_empty] == 0).all(axis=1)
    same &= (patterns[:, ~is_empty] >= np.where(is_hidden, lows, 1)[~is_empty]).all(axis=1)
    return {
        where: Possible(frozenset(values[fits, place].tolist()), int(patterns[same, place].min()), int(true[place]))
        for place, where in enumerate(cells)
        if is_hidden[place]
    }


def holds(tiny: Tiny, table: ReleaseTable, codes: Sequence[str]) -> list[bool]:
    """Which kinds of records a cell counts."""
    first = next(side.name for side in table.dimensions if side.name != PERIOD)
    found = []
    for period, kind, answers in tiny.atoms:
        is_in = table.unit in kind and bool(answers[first] - set(table.leaves_out))
        names = [side.name for side in table.dimensions]
        is_in = is_in and (PERIOD in names or table.period == period)
        for side, code in _sides(table, codes):
            told = answers.get(side.name, frozenset({period}))
            classes = {tiny.centre.parent(side.name, answer) for answer in told} if side.name != PERIOD else set()
            is_in = is_in and (code == TOTAL or code in told | classes)
        found.append(is_in)
    return found


def attack_differs(name: str, seed: int, attacker: Attack = attack) -> list[str]:
    """Where the attack says of a hidden cell what the list of all sets of records does not."""
    tiny = draw_tiny(name, seed)
    release = hide_by_chance(tiny, seed)
    truth = try_everything(tiny, [release])
    report = attacker(publish_releases([release]), time_limit_s=60)
    found = {one.where: (one.low, one.high, one.verdict) for one in report.findings if one.minus is None}
    expected = {
        where: (min(possible.values), max(possible.values), expected_verdict(possible))
        for where, possible in truth.items()
    }
    return [f"{where}: {found.get(where)} but {told}" for where, told in expected.items() if found.get(where) != told]


def expected_verdict(possible: Possible) -> Verdict:
    """The rule of the level S1, from the values that are truly possible."""
    low, high = min(possible.values), max(possible.values)
    if low == high:
        return Verdict.EXACT
    if low >= K:
        return Verdict.LARGE
    required = set(range(max(1, possible.allowed_low), K))
    if required <= possible.values and high - low + 1 >= FEWEST_VALUES:
        return Verdict.SAFE
    return Verdict.TOO_NARROW if high < K else Verdict.TOO_NARROW_IF_SMALL


def narrowed(tiny: Tiny, releases: Sequence[Release]) -> list[str]:
    """The small cells that are shown, or of which the level S1 does not hold: what a method must never leave."""
    truth = try_everything(tiny, releases, beyond=K + 1)
    faults = []
    for release in releases:
        for table in release.tables:
            for cell in table.cells:
                where = where_of(release, table, cell.codes)
                is_hidden = cell.status is CellStatus.HIDDEN
                if cell.value in range(1, K):
                    faults.append(f"{table.id} {cell.codes}: shown")
                if is_hidden and truth[where].count < K and expected_verdict(truth[where]) is not Verdict.SAFE:
                    faults.append(f"{table.id} {cell.codes}: {sorted(truth[where].values)}")
    return faults


@cache
def _all_counts(kinds: int, total: int, beyond: int) -> np.ndarray:
    """Every way to share a total among the kinds of records, a line each; with `beyond`, every total up to there."""
    if beyond:
        return _all_counts(kinds + 1, total + beyond, 0)[:, :-1]
    bars = np.array(list(combinations(range(total + kinds - 1), kinds - 1)), dtype=int).reshape(-1, kinds - 1)
    edges = np.hstack((np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + kinds - 1)))
    return (np.diff(edges, axis=1) - 1).astype(np.int16)


def _sides(table, codes):
    return zip(table.dimensions, codes, strict=True)


def _told(answers: dict[str, frozenset[str]], names: Sequence[str]) -> tuple[str, ...]:
    return tuple("|".join(sorted(answers[name])) for name in names)


def _atoms(shape: TinyShape):
    sides = []
    for name, codes in shape.codes.items():
        leaves = [code.split("/")[-1] for code in codes.split()]
        if name == shape.several:
            sides.append([frozenset(some) for size in (1, 2) for some in combinations(leaves, size)])
        else:
            sides.append([frozenset({leaf}) for leaf in leaves])
    for period, kind, *answers in product(shape.years, shape.kinds, *sides):
        yield period, kind, dict(zip(shape.codes, answers, strict=True))


def _centre_of(shape: TinyShape) -> RandomCentre:
    vocabularies = {"missing_kind": Vocabulary("missing_kind", (_code("sans_objet"),))}
    for name, codes in shape.codes.items():
        parts = [code.split("/") for code in codes.split() if code != "sans_objet"]
        classes = dict.fromkeys(part[0] for part in parts if len(part) == 2)
        leaves = [_code(part[-1], part[0] if len(part) == 2 else "") for part in parts]
        vocabularies[DIMENSIONS[name].vocabulary] = Vocabulary(name, (*map(_code, classes), *leaves))
    tables = [
        {"id": of, "title": _WORD, "unit": unit, "population": _WORD, "dimensions": names, **more}
        for of, unit, names, more in shape.tables
    ]
    catalogue = Catalogue.model_validate(
        {
            "unit": {unit: {"label": _WORD, "one": _WORD, "definition": _WORD} for unit in Unit},
            "dimension": {name: {"title": _WORD, "is_multi_answer": name == shape.several} for name in shape.codes},
            "comparison": {"title": _WORD, "year": _WORD, "partial_year": _WORD, "absent_year": _WORD},
            "table": tables,
        }
    )
    return RandomCentre(made_up_centre(), Vocabularies(vocabularies), catalogue, (), random.Random(0))


def _code(code: str, parent: str = "") -> Code:
    return Code(code, code, code, parent, 0, None, None, "")
