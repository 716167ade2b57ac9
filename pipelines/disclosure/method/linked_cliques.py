"""Which columns of linked tables must be counted together, and which sums of theirs must agree.

Columns that stand in one definition are neighbours. Once the graph has no open circle, a table over
each of its cliques, equal where two of them overlap, is as good as the table over all the columns:
some set of records has all of them (a decomposable model, exact for whole numbers).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from pipelines.disclosure.method.linked_columns import Definition, Nestings

Clique = frozenset[str]


@dataclass(frozen=True)
class CliqueTree:
    """The cliques, and the pairs of them whose sums over what they share must agree."""

    cliques: tuple[Clique, ...]
    edges: tuple[tuple[int, int], ...]
    #: The combinations of codes over all the cliques, before any is merged.
    size: int


def plan_cliques(groups: Iterable[Clique], context: Definition, nestings: Nestings) -> CliqueTree:
    """The cliques that hold each of the groups of columns, of the records that the context keeps."""
    left = dict(nestings.domain(context) or ())
    sizes = {column: len(left.get(column, codes)) for column, codes in nestings.codes.items()}
    neighbours = _graph(set(groups), nestings, sizes)
    cliques = _eliminate(neighbours, nestings, sizes)
    size = round(sum(math.exp(_weight(clique, nestings, sizes)) for clique in cliques))
    return CliqueTree(cliques, _tree(cliques), size)


def _graph(groups: set[Clique], nestings: Nestings, sizes: Mapping[str, int]) -> dict[str, set[str]]:
    used = set().union(*groups) if groups else set()
    # A column that no table names still ties two that are nested in it, or that it is nested in.
    for column in sorted(nestings.codes.keys() - used):
        near = nestings.relatives(column) & used
        if sizes[column] > 1 and any(not nestings.is_related(*pair) for pair in combinations(sorted(near), 2)):
            used.add(column)
    neighbours: dict[str, set[str]] = {column: set() for column in sorted(used)}
    for group in groups:
        for column in group:
            neighbours[column] |= group - {column}
    for column in neighbours:
        neighbours[column] |= nestings.relatives(column) & used
    return neighbours


def _weight(columns: Iterable[str], nestings: Nestings, sizes: Mapping[str, int]) -> float:
    """The logarithm of the combinations of codes; a column adds nothing to one that is nested in it."""
    inside = set(columns)
    return sum(
        math.log(sizes[column])
        for column in sorted(inside)
        if not any(nestings.parents(fine, column) is not None for fine in inside)
    )


def _eliminate(neighbours: dict[str, set[str]], nestings: Nestings, sizes: Mapping[str, int]) -> tuple[Clique, ...]:
    """Take the columns out one by one, the cheapest clique first; returns the cliques that no other holds."""
    cliques: list[Clique] = []
    prices: dict[str, float] = {}
    while neighbours:
        for column in neighbours.keys() - prices.keys():
            prices[column] = _weight({column, *neighbours[column]}, nestings, sizes)
        chosen = min(neighbours, key=lambda column: (round(prices[column], 9), column))
        around = neighbours.pop(chosen)
        clique = frozenset({chosen, *around})
        if not any(clique <= other for other in cliques):
            cliques.append(clique)
        for column in around:
            neighbours[column] |= around
            neighbours[column] -= {column, chosen}
        for column in {chosen, *around}:
            prices.pop(column, None)
    return tuple(cliques) or (frozenset(),)


def _tree(cliques: tuple[Clique, ...]) -> tuple[tuple[int, int], ...]:
    """The pairs that share most, as long as they make no circle."""
    tree_of = list(range(len(cliques)))
    edges = []
    pairs = combinations(range(len(cliques)), 2)
    for one, other in sorted(pairs, key=lambda pair: (-len(cliques[pair[0]] & cliques[pair[1]]), pair)):
        if tree_of[one] != tree_of[other]:
            joined, kept = tree_of[one], tree_of[other]
            tree_of = [kept if tree == joined else tree for tree in tree_of]
            edges.append((one, other))
    return tuple(edges)
