"""Groups that no table shows, and that one subtraction gives: total minus women, this year minus last."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pipelines.disclosure.reading.published import PublishedCell, PublishedSet


def small_differences(
    published: PublishedSet, universe: str
) -> Iterator[tuple[PublishedCell, PublishedCell, tuple[int, int]]]:
    """Two shown cells, one within the other, and the ends of their difference where it is surely 1..k-1.

    Of rounded cells each may be less than the base away, so that their difference is an interval too.
    """
    shown = [cell for cell in published.cells if cell.universe == universe and cell.value]
    distinct = list({cell.where: cell for cell in shown}.values())
    if not distinct:
        return
    low = np.array([cell.least for cell in distinct], dtype=np.int64)
    high = np.array([cell.most for cell in distinct], dtype=np.int64)
    least, most = low[None, :] - high[:, None], high[None, :] - low[:, None]
    is_small = (least >= 1) & (most < published.k)
    for part, whole in np.argwhere(is_small & _is_within(published, distinct)).tolist():
        yield distinct[whole], distinct[part], (int(least[part, whole]), int(most[part, whole]))


def _is_within(published: PublishedSet, cells: list[PublishedCell]) -> NDArray[np.bool_]:
    """For each pair (part, whole), whether every record of the one is surely in the other."""
    kept = [_codes_of(published, cell) for cell in cells]
    places: dict[tuple[str, str], int] = {}
    for codes in kept:
        for dimension in codes:
            for leaf in _all_codes(published, dimension):
                places.setdefault((dimension, leaf), len(places))
    # A cell that leaves a dimension out keeps all its codes.
    marks = np.ones((len(cells), len(places)), dtype=np.float32)
    for line, codes in enumerate(kept):
        for (dimension, leaf), place in places.items():
            if dimension in codes and leaf not in codes[dimension]:
                marks[line, place] = 0
    return np.asarray(marks @ (1 - marks).T == 0)


def _codes_of(published: PublishedSet, cell: PublishedCell) -> dict[str, frozenset[str]]:
    codes: dict[str, frozenset[str]] = {}
    for dimension, code in cell.where:
        leaves = published.leaves_of(dimension, code)
        if dimension in published.multi_answer:
            dimension, leaves = f"{dimension}={code}", frozenset({"yes"})
        codes[dimension] = codes.get(dimension, leaves) & leaves
    for _ in published.nestings:  # as many rounds as the longest chain can need
        for nesting in published.nestings:
            if nesting.fine in codes:
                parents = frozenset(nesting.parent_of[code] for code in codes[nesting.fine])
                codes[nesting.coarse] = codes.get(nesting.coarse, parents) & parents
    return codes


def _all_codes(published: PublishedSet, dimension: str) -> tuple[str, ...]:
    return published.dimensions.get(dimension, ("no", "yes"))
