"""What everybody knows of questions that take several answers: nobody leaves them empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product

from pipelines.disclosure.reading.published import PublishedCell, PublishedSet, Where


def covers(published: PublishedSet, cells: Iterable[PublishedCell]) -> Iterator[tuple[Where, list[Where]]]:
    """Several answers a unit: a group, and groups that hold each of its units at least once.

    Each unit gives one answer at least, and one of the details of each class that it gives. It holds in
    every part of a group, however small.
    """
    known = {cell.where for cell in cells}
    told: dict[tuple[str, Where], set[str]] = defaultdict(set)
    for where in known:
        for name, code in where:
            if name in published.multi_answer:
                told[name, tuple(pair for pair in where if pair[0] != name)].add(code)
    found: dict[tuple[Where, tuple[Where, ...]], None] = {}
    for (name, base), codes in sorted(told.items()):
        classes = published.groups.get(name, {})
        covering = [(of, sorted(leaves)) for of, leaves in classes.items() if of in codes and leaves <= codes]
        covered = frozenset[str]().union(*(classes[code] for code in codes if code in classes))
        if covered | codes >= set(published.dimensions[name]):
            covering.append(("", sorted(codes - covered)))
        for whole in _leaf_groups(published, base):
            for of, parts in covering:
                group = tuple(sorted((*whole, (name, of)))) if of else whole
                found[group, tuple(tuple(sorted((*whole, (name, code)))) for code in parts)] = None
    for whole, of_whole in found:
        yield whole, list(of_whole)


def _leaf_groups(published: PublishedSet, base: Where) -> Iterator[Where]:
    """The smallest groups that the codes of a group tell apart."""
    sides = [
        [(name, leaf) for leaf in sorted({code} if name in published.multi_answer else published.leaves_of(name, code))]
        for name, code in base
    ]
    return product(*sides)
