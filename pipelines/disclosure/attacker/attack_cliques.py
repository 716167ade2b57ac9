"""Which dimensions must be counted together: a triangulated graph of them, as a tree of its cliques."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray


class TooManyUnknowns(Exception):
    """The tables cross too many dimensions for the attack to be carried out."""


@dataclass(frozen=True)
class Relation:
    """The only pairs of codes of two dimensions that a record can carry."""

    first: str
    second: str
    allowed: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Tree:
    """Cliques of dimensions, and the links (clique, clique, shared dimensions) that make them a tree."""

    cliques: tuple[tuple[str, ...], ...]
    links: tuple[tuple[int, int, tuple[str, ...]], ...]


def build_tree(
    families: Collection[frozenset[str]], codes: Mapping[str, tuple[str, ...]], relations: Iterable[Relation]
) -> Tree:
    """A tree of cliques in which every family of dimensions, and every related pair, lies in one clique."""
    pairs = [frozenset((relation.first, relation.second)) for relation in relations]
    used = {dimension for family in families for dimension in family}
    # A dimension that no table shows still ties two others together (quarters: calendar and fiscal years).
    while added := {dimension for pair in pairs if pair & used for dimension in pair} - used:
        used |= added
    edges = [*families, *(pair for pair in pairs if pair <= used)]
    neighbours: dict[str, set[str]] = {dimension: set() for dimension in sorted(used)}
    for family in edges:
        for first, second in combinations(sorted(family), 2):
            neighbours[first].add(second)
            neighbours[second].add(first)
    cliques = _eliminate(neighbours, {dimension: len(codes[dimension]) for dimension in used})
    return Tree(cliques, _link(cliques))


def _eliminate(neighbours: dict[str, set[str]], sizes: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """The cliques of a triangulation, by the greedy rule that keeps the tables small."""
    remaining = {dimension: set(others) for dimension, others in neighbours.items()}
    found: list[frozenset[str]] = []
    while remaining:
        chosen = min(remaining, key=lambda name: (prod(sizes[other] for other in remaining[name] | {name}), name))
        around = remaining.pop(chosen)
        found.append(frozenset(around | {chosen}))
        for name in around:
            remaining[name] |= around - {name}
            remaining[name].discard(chosen)
    maximal = [clique for clique in found if not any(clique < other for other in found)]
    # Published totals alone make one clique without dimensions: everybody.
    return tuple(sorted(tuple(sorted(clique)) for clique in maximal)) or ((),)


def _link(cliques: Sequence[tuple[str, ...]]) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """A spanning tree of the largest shared sets, which is a junction tree of a triangulated graph."""
    shared = {
        (first, second): tuple(sorted(set(cliques[first]) & set(cliques[second])))
        for first, second in combinations(range(len(cliques)), 2)
    }
    branch = list(range(len(cliques)))
    links = []
    for first, second in sorted(shared, key=lambda pair: (-len(shared[pair]), pair)):
        if branch[first] != branch[second]:
            links.append((first, second, shared[first, second]))
            joined = branch[second]
            branch = [branch[first] if root == joined else root for root in branch]
    return tuple(links)


def grid_of(
    clique: Sequence[str], codes: Mapping[str, tuple[str, ...]], relations: Sequence[Relation], limit: int
) -> NDArray[np.int64]:
    """Every combination of codes that a record can carry, a line each, as places in the lists of codes."""
    grid = np.zeros((1, 0), dtype=np.int64)
    for place, dimension in enumerate(clique):
        size = len(codes[dimension])
        if len(grid) * size > limit:
            raise TooManyUnknowns
        grid = np.hstack((np.repeat(grid, size, axis=0), np.tile(np.arange(size), len(grid))[:, None]))
        for relation in relations:
            ends = (relation.first, relation.second)
            if dimension in ends and all(end in clique[: place + 1] for end in ends):
                allowed = _allowed(relation, codes)
                grid = grid[allowed[grid[:, clique.index(ends[0])], grid[:, clique.index(ends[1])]]]
    return grid


def _allowed(relation: Relation, codes: Mapping[str, tuple[str, ...]]) -> NDArray[np.bool_]:
    pairs = [
        [(first, second) in relation.allowed for second in codes[relation.second]] for first in codes[relation.first]
    ]
    return np.array(pairs, dtype=np.bool_)
