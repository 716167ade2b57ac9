"""The hidden small cells of a release, with the records behind them, as an insider is asked about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipelines.disclosure.attacker.attack_model import question
from pipelines.disclosure.attacker.insider import Codes, InsiderCell
from pipelines.disclosure.reading.published import PublishedSet
from pipelines.tables.coded_records import answers_of, mark_of
from pipelines.tables.dimension import PERIOD
from pipelines.units import FAMILY_OF

if TYPE_CHECKING:
    from pipelines.disclosure.joint_cells import JointCells
    from pipelines.disclosure.protect_release import ProtectedRelease

Booleans = npt.NDArray[np.bool_]
_YES, _NO = frozenset({"yes"}), frozenset({"no"})


def insider_cells(protected: ProtectedRelease) -> list[InsiderCell]:
    """Each hidden small cell once, whatever the names it has."""
    cells = protected.cells
    held: dict[tuple[str, str], Booleans] = {}
    found: dict[int, InsiderCell] = {}
    for finding in protected.attack.findings:
        number = cells.number_of(finding)
        if number is None or number in found or number >= len(protected.small):
            continue
        if protected.small[number] and protected.hidden[number]:
            kept = np.ones(len(cells.records.rows), dtype=bool)
            for column, code in cells.columns.of_where(finding.where):
                if (column, code) not in held:
                    values = cells.columns.values(cells.records, column)
                    held[column, code] = np.array([value == code for value in values], dtype=bool)
                kept &= held[column, code]
            found[number] = InsiderCell(finding.where, tuple(np.flatnonzero(kept).tolist()))
    return list(found.values())


def record_codes(protected: ProtectedRelease) -> list[Codes]:
    """What the attack's dimensions say of each record, in the order of the records."""
    codes = _RecordCodes(protected.cells, protected.published)
    return [dict(codes.of(number)) for number in range(len(protected.cells.records.rows))]


class _RecordCodes:
    """The codes of records as tables tell them."""

    def __init__(self, cells: JointCells, published: PublishedSet) -> None:
        self._records = cells.records
        self._published = published
        by_column = self._records.by_column
        self._plain = {
            name: (by_column[name], cells.columns.values(self._records, f"{name}/class"))
            for name in published.dimensions
            if name in by_column and name != PERIOD and name not in published.multi_answer
        }

    def of(self, number: int) -> Iterator[tuple[str, frozenset[str]]]:
        """The codes of one record, a pair for each dimension or question."""
        by_column = self._records.by_column
        units = [unit for unit in self._records.units if by_column[mark_of(unit)][number] == "yes"]
        yield FAMILY_OF[units[0]].unit_side, frozenset({"+".join(units)})
        if PERIOD in self._published.dimensions:
            yield PERIOD, frozenset({by_column[PERIOD][number]})
        for name, values in self._plain.items():
            told = [of[number] for of in values if of[number] in self._published.dimensions[name]]
            # What no table has a code for is nobody's, or is counted in no table of that question.
            if told:
                yield name, frozenset(told[:1])
        for name in sorted(self._published.multi_answer):
            yield from self._answers(name, answers_of(by_column[name][number]))

    def _answers(self, name: str, given: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
        leaves = self._published.dimensions[name]
        if not given & set(leaves):
            return
        for leaf in leaves:
            yield question(name, leaf), _YES if leaf in given else _NO
        for above, below in self._published.groups.get(name, {}).items():
            yield question(name, above), _YES if given & below else _NO
