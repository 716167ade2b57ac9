"""The cells of a release and of all that is out before it, as one system over the centre's records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipelines.codes import TOTAL, Vocabularies
from pipelines.disclosure.attacker.attack import AttackReport, Finding, Verdict
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.method.linked_tables import (
    Cover,
    Definition,
    InnerCounts,
    LinkedTables,
    link_cells,
    watch_differences,
)
from pipelines.disclosure.record_columns import RecordColumns, TableHead
from pipelines.disclosure.release_table import Release
from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg
from pipelines.tables.coded_records import PERSON, CodedRecords
from pipelines.tables.dimension import PERIOD

if TYPE_CHECKING:
    from pipelines.tables.count_table import CountTable

Booleans = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
#: What a release lets a reader find of a cell that is not small is no danger.
_LENIENT = (Verdict.EXACT, Verdict.TOO_NARROW_IF_SMALL)
Pair = tuple[Definition, Definition]
#: In the place of a distinct cell: the lines of a table of persons together, which no cell is.
_LINES = -1


@dataclass(frozen=True)
class JointCells:
    """Distinct cells by number: true counts, persons, and what is known of them already.

    `watched` are groups that no table names, what the first of a pair has and the second has not; they come
    after the cells of the tables.
    """

    linked: LinkedTables
    inner: InnerCounts
    columns: RecordColumns
    records: CodedRecords
    shown_before: Booleans
    hidden_before: Booleans
    #: Those that a table tells to be empty by not listing their code: whatever the rule, that is known.
    left_empty: Booleans
    watched: tuple[Pair, ...] = ()

    @property
    def counts(self) -> Integers:
        return self.linked.counts

    @cached_property
    def persons(self) -> Integers:
        """How many persons stand behind each cell: one person with five requests is one person."""
        people = self._people
        members: dict[tuple[str, str], Booleans] = {}
        found = np.zeros(len(self.counts), dtype=np.int64)
        for definition, number in self.linked.numbers.items():
            if not found[number] and self.counts[number]:
                found[number] = len(np.unique(people[self._members(definition, members)]))
        for (whole, part), number in zip(self.watched, self.linked.difference_numbers, strict=True):
            kept = self._members(whole, members) & ~self._members(part, members)
            found[number] = len(np.unique(people[kept]))
        return found

    def records_of(self, numbers: Set[int]) -> Iterator[tuple[int, Booleans]]:
        """Each of these distinct cells with the records that it counts, in the order of the numbers."""
        members: dict[tuple[str, str], Booleans] = {}
        of: dict[int, Definition] = {}
        for definition, number in self.linked.numbers.items():
            of.setdefault(number, definition)
        for number in sorted(numbers):
            yield number, self._members(of[number], members)

    @property
    def rests(self) -> tuple[tuple[int, int], ...]:
        """(line, total) of tables of persons, as distinct cells: who is in the total and not in the line."""
        numbers = self.linked.numbers
        return tuple(dict.fromkeys((numbers[line], numbers[whole]) for line, whole in self.inner.orders))

    def definition(self, table: TableHead, codes: Sequence[str]) -> Definition:
        """The records of a cell of a table."""
        return self.columns.definition(table, codes)

    def number(self, table: TableHead, codes: Sequence[str]) -> int:
        """The distinct cell that a cell of a table is."""
        return self.linked.numbers[self.columns.definition(table, codes)]

    def watching(self, pairs: Sequence[Pair]) -> JointCells:
        """The same cells, and a cell more for each of these differences that is none of them yet."""
        return replace(self, linked=watch_differences(self.linked, pairs, self.inner), watched=tuple(pairs))

    def small_differences(self, k: int) -> tuple[Pair, ...]:
        """What one subtraction of two cells that are not small gives of fewer than k persons."""
        people = self._people
        members: dict[tuple[str, str], Booleans] = {}
        numbers = self.linked.numbers
        pairs: dict[tuple[int, int], Pair] = {}
        for part, number in numbers.items():
            for whole in self.columns.wider(part, self.records.kinds):
                above = numbers.get(whole, number)
                gap = self.counts[above] - self.counts[number]
                # One person may stand behind several counts: how many do not matter, who they are does.
                if gap <= 0 or (number, above) in pairs or min(self.persons[number], self.persons[above]) < k:
                    continue
                rest = self._members(whole, members) & ~self._members(part, members)
                if len(np.unique(people[rest])) < k:
                    pairs[number, above] = (whole, part)
            # Few persons of two lines: what the lines add up to, less the total.
            lines = self.columns.lines_of(part)
            if lines is not None:
                again = np.unique(people[self._members(lines, members) & ~self._members(part, members)])
                if 0 < len(again) < k:
                    pairs[number, _LINES] = (lines, part)
        return tuple(pairs.values())

    @cached_property
    def _people(self) -> Integers:
        return np.array([int(number) for number in self.records.by_column[PERSON]], dtype=np.int64)

    def padded(self, cells: Booleans) -> Booleans:
        """The same choice of cells, among those that are watched too."""
        return np.concatenate([cells, np.zeros(len(self.counts) - len(cells), dtype=bool)])

    def unsafe(self, report: AttackReport, small: Booleans) -> Iterator[Finding]:
        """What the attack finds that is a danger, now that the true small cells are known."""
        for finding in report.unsafe:
            number = self.linked.numbers.get(self.columns.of_where(finding.where))
            if number is not None and number < len(self.left_empty) and self.left_empty[number]:
                continue
            is_small = number is None or bool(small[number])
            if finding.verdict is Verdict.SHOWN_SMALL and number is not None and self.shown_before[number]:
                # Out already, under an older rule: nothing can hide it any more.
                continue
            if finding.verdict not in _LENIENT or is_small:
                yield finding

    def only_in(self, tables: Set[str], told: Sequence[CountTable], earlier: Sequence[Release]) -> Booleans:
        """The cells that stand in these tables, by id, and in no other, those released before included."""
        inside, outside = np.zeros((2, len(self.counts)), dtype=bool)
        before = [table for release in earlier for table in release.tables if table.is_collected]
        heads: list[tuple[TableHead, bool]]
        heads = [(table, table.id in tables) for table in told if table.is_collected]
        heads += [(table, table.hides_zeros) for table in before]
        for table, is_inside in heads:
            for cell in table.cells:
                (inside if is_inside else outside)[self.number(table, cell.codes)] = True
        return inside & ~outside

    def number_of(self, finding: Finding) -> int | None:
        """The distinct cell that the attack tells of; None for a difference, and for what is none of them."""
        return None if finding.minus is not None else self.linked.numbers.get(self.columns.of_where(finding.where))

    def is_among(self, finding: Finding, cells: Booleans) -> bool:
        """Whether what the attack tells of is one of these cells."""
        number = self.number_of(finding)
        return number is not None and number < len(cells) and bool(cells[number])

    def difference(self, finding: Finding) -> Pair | None:
        """The two groups that a finding subtracts, or the whole and the rest that it reads as one."""
        if finding.minus is None:
            return None
        return self.columns.of_where(finding.where), self.columns.of_where(finding.minus)

    def _members(self, definition: Definition, known: dict[tuple[str, str], Booleans]) -> Booleans:
        kept = np.ones(len(self.records.rows), dtype=bool)
        for column, code in definition:
            if (column, code) not in known:
                values = self.columns.values(self.records, column)
                known[column, code] = np.array([value == code for value in values], dtype=bool)
            kept &= known[column, code]
        return kept


def join_cells(
    tables: Sequence[CountTable], earlier: Sequence[Release], records: CodedRecords, vocabularies: Vocabularies
) -> JointCells:
    """Make one system of all these tables.

    Raises `DisclosureGateFailed` where what was released can no longer be counted from the records kept of
    it: the code lists were changed since.
    """
    told = [table for table in tables if table.is_collected]
    before = [table for release in earlier for table in release.tables if table.is_collected]
    every: list[TableHead] = [*told, *before]
    several = {side.name for table in every for side in table.dimensions if side.is_multi_answer}
    columns = RecordColumns(vocabularies, frozenset(several))
    definitions, covers, empty = _define(every, _known_codes(every, records, columns), columns)
    orders = dict.fromkeys(
        order for table in every for cell in table.cells for order in columns.orders(table, cell.codes)
    )
    inner = columns.count(records, definitions, covers, tuple(orders))
    linked = link_cells(definitions, inner)
    shown, hidden, left_empty = np.zeros((3, len(linked.counts)), dtype=bool)
    left_empty[[linked.numbers[definition] for definition in empty]] = True
    for table in before:
        for cell in table.cells:
            number = linked.numbers[columns.definition(table, cell.codes)]
            shown[number] |= cell.status is CellStatus.SHOWN
            hidden[number] |= cell.status is CellStatus.HIDDEN
            if cell.value is not None and abs(cell.value - linked.counts[number]) >= table.rounding:
                raise _no_longer_counted(table.id)
    _require_same_counts(told, columns, linked)
    return JointCells(linked, inner, columns, records, shown, hidden & ~shown, left_empty)


def _define(
    tables: Sequence[TableHead], known: Mapping[str, tuple[str, ...]], columns: RecordColumns
) -> tuple[tuple[Definition, ...], tuple[Cover, ...], frozenset[Definition]]:
    """The groups of records that the tables tell of, what everybody knows of several answers, and the empty ones."""
    definitions: dict[Definition, None] = {}
    covers: dict[Cover, None] = {}
    empty: set[Definition] = set()
    for table in tables:
        unlisted = tuple(_unlisted(table, known, columns))
        empty |= {columns.definition(table, codes) for codes in unlisted}
        for codes in (*(cell.codes for cell in table.cells), *unlisted):
            definition = columns.definition(table, codes)
            definitions.setdefault(definition)
            if complement := columns.complement(definition):
                definitions.setdefault(complement)
            covers |= dict.fromkeys(columns.covers(table, codes))
    for cover in covers:
        definitions |= dict.fromkeys((cover.whole, *cover.parts))
    return tuple(definitions), tuple(covers), frozenset(empty)


def _known_codes(
    tables: Sequence[TableHead], records: CodedRecords, columns: RecordColumns
) -> Mapping[str, tuple[str, ...]]:
    """Every code that any table lists or any record has, by dimension."""
    codes: dict[str, dict[str, None]] = {}
    for table in tables:
        for dimension in table.dimensions:
            known = codes.setdefault(dimension.name, dict.fromkeys(columns.codes_in(records, dimension.name)))
            known.update(dict.fromkeys(code.code for code in dimension.codes))
    return {name: tuple(of) for name, of in codes.items()}


def _unlisted(
    table: TableHead, known: Mapping[str, tuple[str, ...]], columns: RecordColumns
) -> Iterator[tuple[str, ...]]:
    """The cells of the codes that other tables list and this one does not: nobody is there, in any of its years."""
    places = [place for place, dimension in enumerate(table.dimensions) if dimension.name == PERIOD]
    years = [code.code for place in places for code in table.dimensions[place].codes] or [TOTAL]
    for place, dimension in enumerate(table.dimensions):
        if dimension.name == PERIOD:
            continue
        for code in known[dimension.name]:
            if code in table.leaves_out or not columns.is_left_empty(dimension, code):
                continue
            for year in years:
                codes = [TOTAL] * len(table.dimensions)
                codes[place] = code
                for at in places:
                    codes[at] = year
                yield tuple(codes)


def _require_same_counts(tables: Sequence[CountTable], columns: RecordColumns, linked: LinkedTables) -> None:
    """Two ways of counting must agree on every cell, or what protects one would not protect the other."""
    for table in tables:
        for cell in table.cells:
            if linked.counts[linked.numbers[columns.definition(table, cell.codes)]] != cell.count:
                raise AssertionError(f"{table.id}: the records do not give the counts of the table")


def _no_longer_counted(table_id: str) -> DisclosureGateFailed:
    return DisclosureGateFailed(
        msg("What was released of the table {table} can no longer be counted again", table=table_id),
        why=msg("the code lists or the records kept of a released year were changed"),
        to_do=msg("Put back config/vocabularies/ and data/ledger/ as they were when it was approved"),
    )
