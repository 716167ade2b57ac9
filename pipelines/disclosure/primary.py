"""The primary rule: which groups of records must stay uncertain, and how far.

Small groups of persons, whatever they are counted in; groups of one centre seen through a provincial
cell; and the rest of a group that all but gives one answer: to know that rest is to know the others'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.codes import TOTAL
from pipelines.disclosure.policy import Profile
from pipelines.disclosure.release_table import SafetyLevel
from pipelines.disclosure.secondary import Requirements
from pipelines.tables.dimension import PERIOD, TableDimension

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
#: A hidden small cell keeps at least so many possible values, unless k alone leaves fewer (disclosure.md, 5.2).
FEWEST_VALUES = 4


@dataclass(frozen=True)
class GroupTold:
    """A group of persons who all, or nearly all, give one answer to a sensitive question."""

    table: str
    line: tuple[str, ...]
    answer: tuple[str, ...]
    #: Persons of the group who give another answer; 0 where the answer of each is known.
    others: int


def require(counts: Integers, persons: Integers, fixed: Booleans, profile: Profile) -> Requirements:
    """What the release must keep open: every cell about 1 to k-1 persons that can still be hidden."""
    least = 1 if profile.zeros_are_published else 0
    small = (persons < profile.k) & (counts >= least) & ~fixed
    high = profile.k - 1 if profile.level is SafetyLevel.S1 else profile.k
    size = len(counts)
    return Requirements(
        small=small,
        low=np.full(size, least),
        high=np.full(size, high),
        fixed=fixed | (counts == 0) & profile.zeros_are_published,
        least=np.full(size, least),
        values=FEWEST_VALUES,
    )


def groups_told(
    table_id: str,
    dimensions: Sequence[TableDimension],
    persons: Mapping[tuple[str, ...], int],
    sensitive: Sequence[str],
    k: int,
) -> list[GroupTold]:
    """The lines of a table of k persons or more of whom fewer than k do not give one answer.

    A line is a margin over one sensitive dimension. An answer that is missing protects as any other does.
    """
    found = []
    for place, dimension in enumerate(dimensions):
        if dimension.name not in sensitive or dimension.is_multi_answer or dimension.name == PERIOD:
            continue
        answers = [code.code for code in dimension.codes if not code.is_missing and not code.parent]
        for line, total in persons.items():
            if line[place] != TOTAL or total < k:
                continue
            for answer in answers:
                cell = (*line[:place], answer, *line[place + 1 :])
                others = total - persons.get(cell, 0)
                if others < k:
                    found.append(GroupTold(table_id, line, cell, others))
    return found


def too_few_centres(by_centre: Mapping[str, int], profile: Profile) -> bool:
    """Whether a cell of several centres would tell one of them about another."""
    held = [count for count in by_centre.values() if count]
    total = sum(held)
    return total > 0 and (len(held) < profile.min_centres or max(held) > profile.max_share * total)
