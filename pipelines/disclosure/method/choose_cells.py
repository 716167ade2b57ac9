"""Choose the cells to hide: the search, then, where the tables are few enough, the proof of the least number."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from pipelines.disclosure.method.least import improve
from pipelines.disclosure.method.linked_tables import LinkedTables
from pipelines.disclosure.method.secondary import Booleans, Requirements, suppress

#: With more small cells than this the proof takes minutes, and the search is within a few cells of the least. A
#: number and not a time: the same input gives the same cells on any machine.
MOST_SMALL_CELLS = 200


@dataclass(frozen=True)
class Choice:
    """What to hide, small cells included. `proven_least`: how many further cells any choice hides, as far as proved."""

    hidden: Booleans
    programmes: int
    proven_least: int | None


def choose_cells(linked: LinkedTables, needs: Requirements, hidden_before: Booleans, *, deadline: float) -> Choice:
    """Hide the small cells and as few others as can be found; raises `NotReachedInTime` past the deadline.

    A better choice than the search's is taken where it is proved to be the least: one that was merely
    reached in time would be another one on another machine.
    """
    found = suppress(linked, needs, hidden_before, deadline=deadline)
    if int(needs.small.sum()) > MOST_SMALL_CELLS:
        return Choice(found.hidden, found.programmes, None)
    # The attack needs its half of the time.
    halfway = (time.monotonic() + deadline) / 2
    # Among equal numbers, the smaller counts: a larger one is a dearer loss to a reader, but not in proportion.
    better = improve(linked, needs, found, hidden_before, weights=np.log1p(linked.counts), deadline=halfway)
    hidden = better.hidden if better.is_proven else found.hidden
    return Choice(hidden, found.programmes, better.proven_least)
