"""The small tables of the cliques say exactly what one table over all the columns says."""

import itertools
import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from pipelines.disclosure.method.linked_tables import InnerCounts, LinkedTables, TableShape, cells_of, link_cells

SIZES = {"year": 2, "leaf": 5, "class": 3, "b": 3, "c": 2, "d": 2}
CLASS_OF = {"c0": "c0", "c1": "c0", "c2": "c1", "c3": "c1", "c4": "c2"}
LEAF_OF = {"c0": "c0", "c1": "c2", "c2": "c4"}
SHAPES = {
    "a chain": ([["class", "b"], ["b", "c"], ["c", "d"]], {}),
    "a circle": ([["class", "b"], ["b", "c"], ["c", "d"], ["class", "d"]], {}),
    "leaves and classes": ([["leaf"], ["class", "b"], ["class", "c"]], {}),
    "two families apart": ([["leaf"], ["b", "c"], ["d"]], {}),
    "crossed in one year": ([["b", "c"], ["c", "d"], ["b", "d"]], {"year": "c0"}),
}


def made_up(seed: int, number: int) -> InnerCounts:
    chance = random.Random(seed)
    rows: Counter[tuple[str, ...]] = Counter()
    for _ in range(number):
        codes = {column: f"c{chance.randrange(size) * chance.randrange(2)}" for column, size in SIZES.items()}
        rows[tuple((codes | {"class": CLASS_OF[codes["leaf"]]}).values())] += 1
    for leaf, top in CLASS_OF.items():  # everybody knows that these codes exist
        rows.setdefault(tuple({**dict.fromkeys(SIZES, "c0"), "leaf": leaf, "class": top}.values()), 0)
    for column, size in SIZES.items():
        for code in range(size):
            codes = dict.fromkeys(SIZES, "c0") | {column: f"c{code}"}
            if column == "class":
                codes["leaf"] = LEAF_OF[codes["class"]]
            rows.setdefault(tuple((codes | {"class": CLASS_OF[codes["leaf"]]}).values()), 0)
    return InnerCounts(tuple(SIZES), dict(rows), (("leaf", "class"),))


def ends(cell: np.ndarray, shown: np.ndarray, counts: np.ndarray, ties: np.ndarray) -> tuple[int | None, int | None]:
    """The least and the greatest whole number that the shown cells leave."""
    matrix = np.vstack([shown, ties])
    told = np.concatenate([counts, np.zeros(len(ties))])
    found: list[int | None] = []
    for sign in (1, -1):
        solved = milp(
            sign * cell,
            constraints=LinearConstraint(matrix, told, told),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(len(cell)),
        )
        found.append(sign * round(solved.fun) if solved.fun is not None else None)
    return found[0], found[1]


def by_product(inner: InnerCounts, linked: LinkedTables) -> np.ndarray:
    """The cells over every combination of the codes of all the columns: no clique, no merging."""
    atoms = [
        dict(zip(SIZES, codes, strict=True))
        for codes in itertools.product(*([f"c{n}" for n in range(size)] for size in SIZES.values()))
    ]
    atoms = [atom for atom in atoms if CLASS_OF[atom["leaf"]] == atom["class"]]
    first = {number: definition for definition, number in reversed(linked.numbers.items())}
    return np.array(
        [[int(all(atom[c] == code for c, code in first[cell])) for atom in atoms] for cell in sorted(first)]
    )


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=6, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_every_hidden_cell_has_the_interval_that_the_whole_product_gives(shape: str, seed: int) -> None:
    inner = made_up(seed, 25)
    tables, where = SHAPES[shape]
    asked = [TableShape(tuple((column,) for column in table), where) for table in tables]
    asked += [TableShape((("year",), ("d",)), {})] if where else []
    linked = link_cells([cell for table in asked for cell in cells_of(table, inner)], inner)
    whole = by_product(inner, linked)
    chance = random.Random(seed)
    is_shown = np.array([chance.random() < 0.6 for _ in linked.counts])

    hidden = np.flatnonzero(~is_shown).tolist()
    for cell in chance.sample(hidden, min(6, len(hidden))):
        rows = linked.incidence.toarray()
        truth = ends(whole[cell], whole[is_shown], linked.counts[is_shown], np.empty((0, whole.shape[1])))
        found = ends(rows[cell], rows[is_shown], linked.counts[is_shown], linked.ties.toarray())
        assert found == truth


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_the_same_records_have_one_number_and_others_another(shape: str, seed: int) -> None:
    inner = made_up(seed, 25)
    tables, where = SHAPES[shape]
    asked = [TableShape(tuple((column,) for column in table), where) for table in tables]
    linked = link_cells([cell for table in asked for cell in cells_of(table, inner)], inner)

    assert len(np.unique(by_product(inner, linked), axis=0)) == len(linked.counts)
