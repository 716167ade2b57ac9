"""Few sets of records for many cells: of the solutions that the attack met, those that serve most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.disclosure.attacker.attack_model import Ints
from pipelines.disclosure.attacker.attack_solver import PartSearch

#: A row of a part, and a value that was met.
Goal = tuple[int, int]


def cover(search: PartSearch, goals: Sequence[Goal]) -> list[tuple[Ints, list[Goal]]]:
    """Solutions in which all the goals are, each with the goals that it serves; one solution at least.

    Each is the one that serves most of what is left, changed as far as that serves more: few, not the fewest.
    """
    left = list(goals)
    chosen: list[tuple[Ints, list[Goal]]] = []
    totals = np.array([search.part.system.totals(point) for point in search.points])
    while left or not chosen:
        rows = np.array([row for row, _ in left], dtype=np.int64)
        values = np.array([value for _, value in left], dtype=np.int64)
        best = int((totals[:, rows] == values).sum(axis=1).argmax())
        point = _serve_more(search, search.points[best], rows, values)
        is_served = (search.part.system.totals(point)[rows] == values).tolist()
        chosen.append((point, [goal for goal, done in zip(left, is_served, strict=True) if done]))
        left = [goal for goal, done in zip(left, is_served, strict=True) if not done]
    return chosen


def _serve_more(search: PartSearch, point: Ints, rows: Ints, values: Ints) -> Ints:
    """A solution in which more of these rows have these values, by the changes that are known."""
    system, changes = search.part.system, search.changes()
    effects = np.array([totals[rows] for _, totals in changes]).reshape(len(changes), len(rows))
    while True:
        now = system.totals(point)[rows]
        gains = (now + effects == values).sum(axis=1) - (now == values).sum()
        order = np.argsort(-gains, kind="stable")
        tried = (point + changes[number][0] for number in order[gains[order] > 0].tolist())
        better = next((changed for changed in tried if system.is_solved_by(changed)), None)
        if better is None:
            return point
        point = better
