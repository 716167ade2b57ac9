"""The primary rule: which groups of records must stay uncertain, and how far.

Small groups of persons, whatever they are counted in; groups of one centre seen through a provincial
cell; and the rest of a group that all but gives one answer: to know that rest is to know the others'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipelines.codes import TOTAL
from pipelines.disclosure.method.secondary import Requirements
from pipelines.disclosure.policy import Profile
from pipelines.disclosure.release_table import SafetyLevel
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


def require(
    counts: Integers, persons: Integers, profile: Profile, fixed: Booleans, unproved: Booleans, telling: Booleans
) -> Requirements:
    """What the release must keep open: every cell about 1 to k-1 persons that can still be hidden.

    `fixed`: cells that cannot be hidden any more. `unproved`: cells that stand only in tables that hide zeros:
    of these a reader does not know that what is hidden is somebody. `telling`: cells that hold everybody of a
    group; it must stay possible that k of them are elsewhere.
    """
    publishes = profile.zeros_are_published
    least = np.where(unproved, 0, int(publishes))
    small = (persons < profile.k) & (counts >= int(publishes)) & ~fixed
    high = profile.k - 1 if profile.level is SafetyLevel.S1 else profile.k
    return Requirements(
        small=small | telling,
        low=np.where(telling, np.maximum(counts - profile.k, least), least),
        high=np.where(telling, counts, high),
        fixed=(fixed | (counts == 0) & (least == 1)) & ~telling,
        least=least,
        values=FEWEST_VALUES,
    )


def keep_rests(
    needs: Requirements, counts: Integers, rests: Iterable[tuple[int, int]], profile: Profile
) -> Requirements:
    """Of persons by line, that few persons of the total are not in a line must not be found by subtraction.

    `rests`: (line, total) as distinct cells. The line is hidden, and 1 to k-1 persons beside it stay possible.
    """
    small, low, high = needs.small.copy(), needs.low.copy(), needs.high.copy()
    for line, whole in rests:
        if 0 < counts[whole] - counts[line] < profile.k and not needs.fixed[line]:
            least = max(int(counts[whole]) - (profile.k - 1), int(needs.least[line]))
            low[line] = min(int(low[line]), least) if small[line] else least
            high[line] = max(int(high[line]), int(counts[whole]) - 1) if small[line] else int(counts[whole]) - 1
            small[line] = True
    return replace(needs, small=small, low=low, high=high)


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


def too_few_contributors(held: Iterable[int], fewest: int, max_share: float) -> bool:
    """Whether a cell that several contributors add up to would tell one of them, or a reader, about another.

    `held`: how many units of the cell each of them gave; who gave none does not count. Fewer than `fewest`, or
    one with more than `max_share` of the cell (0 to 1), is too few.
    """
    given = [count for count in held if count > 0]
    # Just the share is allowed, and a share such as 0.29 is no exact number.
    return bool(given) and (len(given) < fewest or max(given) > max_share * sum(given) + 1e-9)
