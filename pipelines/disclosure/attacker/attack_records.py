"""From the tables of the cliques to one set of records: tables that agree are joined, clique by clique.

Neighbouring tables agree on what they share, so within each group that they share their records can be
paired off, in whole numbers and in any manner: what was published says nothing of the pairs. Where a
record may give several answers, they go first to those who have none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from pipelines.disclosure.attacker.attack_cliques import Tree

#: The number of records of each combination of codes.
Counts = Mapping[tuple[str, ...], int]
#: The questions beside those that are handed out: a record that answered yes to one of them is served last.
Beside = Callable[[Sequence[str]], Sequence[str]]


def join_tables(tree: Tree, tables: Sequence[Counts], beside: Beside) -> tuple[tuple[str, ...], Counts]:
    """The dimensions of all the cliques, and the number of records of each combination of their codes."""
    names, records = tree.cliques[0], tables[0]
    for clique, shared in _order(tree):
        theirs = tree.cliques[clique]
        new = [name for name in theirs if name not in names]
        ours = _by_group(names, records, shared, names)
        added = _by_group(theirs, tables[clique], shared, new)
        joined: dict[tuple[str, ...], int] = defaultdict(int)
        answered = [names.index(name) for name in beside(new) if name in names]
        for group, members in ours.items():
            members.sort(key=partial(_turn, answered))
            # "yes" before "no".
            answers = sorted(added.get(group, ()), reverse=True)
            for left, right, count in _pair_off(members, answers):
                joined[(*left, *right)] += count
        names, records = (*names, *new), joined
    return names, records


def _turn(answered: Sequence[int], member: tuple[tuple[str, ...], int]) -> tuple[int, tuple[str, ...]]:
    """Who has no answer goes first."""
    codes, _ = member
    return sum(codes[place] == "yes" for place in answered), codes


def _order(tree: Tree) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The cliques after the first, each beside one that came before it, with what the two share."""
    done = {0}
    while len(done) < len(tree.cliques):
        for first, second, shared in tree.links:
            if (first in done) != (second in done):
                clique = second if first in done else first
                done.add(clique)
                yield clique, shared


_Members = list[tuple[tuple[str, ...], int]]


def _by_group(
    names: Sequence[str], records: Counts, shared: Sequence[str], kept: Sequence[str]
) -> dict[tuple[str, ...], _Members]:
    """The records of each group that two tables share, by the codes of the dimensions that are kept."""
    groups: dict[tuple[str, ...], _Members] = defaultdict(list)
    by, places = ([names.index(name) for name in of] for of in (shared, kept))
    for codes, count in records.items():
        groups[tuple(codes[place] for place in by)].append((tuple(codes[place] for place in places), count))
    return groups


def _pair_off(ours: _Members, theirs: _Members) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], int]]:
    """Two lists of records with the same total, the first with the first."""
    left, right = list(reversed(ours)), list(reversed(theirs))
    while left and right:
        (first, many), (second, more) = left.pop(), right.pop()
        count = min(many, more)
        yield first, second, count
        if many > count:
            left.append((first, many - count))
        if more > count:
            right.append((second, more - count))
