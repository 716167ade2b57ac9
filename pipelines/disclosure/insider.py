"""What somebody could find who is in the tables herself: the level S4, a report and no gate (disclosure.md, 5.2).

Of a hidden small cell she knows one record, her own, or two, with all that they answered. She asks what the
attacker asks, of the sets of records that hold hers. Where all of them give the cell one number, she knows how
many others are in it. The sets that the attack met answer nearly always: two that hold her records and
differ about the cell; a programme is solved for the rest.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np

from pipelines.disclosure.attack import AttackReport
from pipelines.disclosure.attack_model import NO_BOUND, Bools, Ints, System
from pipelines.disclosure.attack_programme import OutOfTime, Programme
from pipelines.disclosure.attack_report import Searched
from pipelines.disclosure.attack_solver import PartSearch
from pipelines.disclosure.published import Where

#: What is known of one record: for each dimension of the attack the leaf codes that it may have.
Codes = Mapping[str, frozenset[str]]
#: How far the solver's numbers may be from the whole number that they stand for.
_TOLERANCE = 1e-6
#: Seconds for all the programmes together; a cell that is not settled by then is told as one she could narrow.
_TIME_LIMIT = 20.0
#: For each set of columns of a part, how many of her records are in it at least.
_Known = tuple[tuple[tuple[int, ...], int], ...]


@dataclass(frozen=True)
class InsiderCell:
    """A hidden small cell of the universe "", and what each of its records answered."""

    where: Where
    records: tuple[Codes, ...]


def narrowed_by_insiders(report: AttackReport, cells: Sequence[InsiderCell], known: int) -> int:
    """How many of these cells hold `known` records whose knowledge gives away the number of the others.

    A cell of no other record is not counted: there is nobody left to know about.
    """
    counted = [cell for cell in cells if len(cell.records) > known]
    asked: dict[tuple[int, int, int], list[_Known]] = {}
    owners: dict[tuple[int, int, int], int] = {}
    parts = {}
    narrowed = 0
    for searched in report.searched:
        system = _Insiders(searched)
        narrowed += sum(system.is_narrowed(cell, known) for cell in counted)
    del asked, owners, parts
    return narrowed
