"""Published cells as groups of records: the columns that tell them apart, and the cell of each table in them.

Tables of every unit, year and level, of this release and of those before, are sums over the same records;
here each of their cells becomes the (column, code) pairs that define it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pipelines.codes import TOTAL, Vocabularies
from pipelines.disclosure.method.linked_tables import Cover, Definition, InnerCounts
from pipelines.disclosure.reading.published import CENTRE, EXCEPT, Where
from pipelines.tables.coded_records import CodedRecords, answers_of, mark_of
from pipelines.tables.dimension import PERIOD, TableDimension
from pipelines.units import DIMENSIONS, FAMILIES, LINE_UNITS, Unit, counted_as

_YES, _NO = "yes", "no"
_KIND = "record"
#: Every unit with the column that marks it, and the names by which the attack tells units.
_MARKS = {mark_of(unit): unit for family in FAMILIES for unit in family.units}
_UNIT_SIDES = frozenset(family.unit_side for family in FAMILIES)


class CellHead(Protocol):
    """What a counted cell and a released one have in common."""

    @property
    def codes(self) -> tuple[str, ...]: ...


class TableHead(Protocol):
    """What a counted table and a released one have in common."""

    @property
    def cells(self) -> Sequence[CellHead]: ...

    @property
    def unit(self) -> Unit: ...
    @property
    def period(self) -> str: ...
    @property
    def dimensions(self) -> tuple[TableDimension, ...]: ...
    @property
    def leaves_out(self) -> tuple[str, ...]: ...


class RecordColumns:
    """The columns of a centre's records as protection crosses them, at the levels that tables are asked at."""

    def __init__(self, vocabularies: Vocabularies, several_answers: frozenset[str]) -> None:
        self._several = several_answers
        self._parents: dict[str, dict[str, str]] = {
            name: {code.code: code.parent for code in vocabularies[dimension.vocabulary].codes if code.parent}
            for name, dimension in DIMENSIONS.items()
            if dimension.vocabulary in vocabularies
        }

    def definition(self, table: TableHead, codes: Sequence[str]) -> Definition:
        """The records of one cell of a table."""
        told = zip(table.dimensions, codes, strict=True)
        is_line = any(code != TOTAL for dimension, code in told if dimension.name != PERIOD)
        pairs = {mark_of(counted_as(table.unit, is_line=is_line)): _YES}
        if all(dimension.name != PERIOD for dimension in table.dimensions):
            pairs[PERIOD] = table.period
        for dimension, code in zip(table.dimensions, codes, strict=True):
            if code == TOTAL:
                if table.leaves_out and dimension is _first_answer(table):
                    pairs[_kept(dimension.name, table.leaves_out)] = _YES
            elif dimension.is_multi_answer:
                pairs[_answer(dimension.name, code)] = _YES
            else:
                pairs[self._column(dimension.name, code)] = code
        return tuple(sorted(pairs.items()))

    def of_where(self, where: Where) -> Definition:
        """The records that the attack means: it names the unit, the year and codes."""
        pairs = {}
        for name, code in where:
            if name in _UNIT_SIDES:
                unit, _, left_out = code.partition(EXCEPT)
                pairs[mark_of(Unit(unit))] = _YES
                if left_out:
                    pairs[mark_of(Unit(left_out))] = _NO
            elif name == PERIOD:
                pairs[PERIOD] = code
            elif code.startswith(EXCEPT):
                pairs[f"{name}/except+{code.removeprefix(EXCEPT)}"] = _YES
            elif name in self._several:
                pairs[_answer(name, code)] = _YES
            elif name != CENTRE:
                pairs[self._column(name, code)] = code
        return tuple(sorted(pairs.items()))

    def wider(self, definition: Definition, kinds: Sequence[Sequence[Unit]]) -> Iterator[Definition]:
        """The groups one step around a group: one answer less, the class of an answer, a finer unit."""
        for place, (column, code) in enumerate(definition):
            others = (*definition[:place], *definition[place + 1 :])
            if column in _MARKS:
                unit = _MARKS[column]
                finer = [
                    each
                    for each in _MARKS.values()
                    if each is not unit and all(each in kind for kind in kinds if unit in kind)
                ]
                yield from (tuple(sorted((*others, (mark_of(each), _YES)))) for each in finer)
            elif column != PERIOD:
                yield others
                above = self._parents.get(column, {}).get(code)
                if above:
                    yield tuple(sorted((*others, (f"{column}/class", above))))

    def orders(self, table: TableHead, codes: Sequence[str]) -> Iterator[tuple[Definition, Definition]]:
        """Of a total of persons, what everybody knows: no line has more persons than there are in all."""
        sides = [place for place, dimension in enumerate(table.dimensions) if dimension.name != PERIOD]
        if table.unit in LINE_UNITS and all(codes[place] == TOTAL for place in sides):
            for place in sides:
                for code in table.dimensions[place].codes:
                    line = (*codes[:place], code.code, *codes[place + 1 :])
                    yield self.definition(table, line), self.definition(table, codes)

    def lines_of(self, definition: Definition) -> Definition | None:
        """Of a total of persons, all its lines together: a person of two lines is in it twice."""
        lines = {mark_of(whole): mark_of(line) for whole, line in LINE_UNITS.items()}
        if not any(column in lines for column, _ in definition):
            return None
        return tuple(sorted((lines.get(column, column), code) for column, code in definition))

    def complement(self, definition: Definition) -> Definition | None:
        """The units that do not give the answer of a cell of a question with several answers."""
        asked = [column for column, code in definition if "=" in column and code == _YES]
        if not asked:
            return None
        return tuple((column, _NO if column == asked[0] else code) for column, code in definition)

    def codes_in(self, records: CodedRecords, dimension: str) -> tuple[str, ...]:
        """The codes of a dimension that records have, classes included, sorted."""
        if dimension not in records.by_column:
            return ()
        held = frozenset().union(*map(answers_of, set(records.by_column[dimension])))
        return tuple(sorted(self._with_classes(dimension, held)))

    def is_left_empty(self, dimension: TableDimension, code: str) -> bool:
        """Whether a table that does not list a code says by that that nobody has it."""
        parents = self._parents.get(dimension.name, {})
        listed = {each.code for each in dimension.codes}
        if code in listed or any(parents.get(each) == code for each in listed):
            return False
        above = parents.get(code)
        siblings_are_listed = any(parents.get(each) == above for each in listed)
        return above not in listed or siblings_are_listed

    def covers(self, table: TableHead, codes: Sequence[str]) -> Iterator[Cover]:
        """What everybody knows of a question with several answers, in the line of this margin of it.

        Each unit gives one answer at least; who gives an answer gives its class, and who gives a class gives
        one of its answers.
        """
        for place, dimension in enumerate(table.dimensions):
            if not dimension.is_multi_answer or codes[place] != TOTAL:
                continue
            line = {
                code.code: self.definition(table, (*codes[:place], code.code, *codes[place + 1 :]))
                for code in dimension.codes
            }
            upper = [code.code for code in dimension.codes if not code.parent or code.parent not in line]
            yield Cover(self.definition(table, codes), tuple(line[code] for code in upper))
            for above in dimension.classes:
                below = dimension.children(above.code)
                if below:
                    yield Cover(line[above.code], tuple(line[code.code] for code in below))
                for code in below:
                    yield Cover(line[code.code], (line[above.code],))

    def count(
        self,
        records: CodedRecords,
        definitions: Iterable[Definition],
        covers: Sequence[Cover],
        orders: Sequence[tuple[Definition, Definition]],
    ) -> InnerCounts:
        """The records by every column that the definitions name."""
        columns = sorted({column for definition in definitions for column, _ in definition})
        marks = [column for column in columns if column in _MARKS]
        values = {column: self.values(records, column) for column in columns}
        values[_KIND] = tuple("+".join(marked) for marked in zip(*(values[mark] for mark in marks), strict=True))
        nested = [(_KIND, mark) for mark in marks]
        nested += [
            (fine, coarse)
            for fine in columns
            for coarse in columns
            if coarse.startswith(f"{fine.split('/')[0]}/") and _is_nested(fine, coarse)
        ]
        rows = Counter(zip(*values.values(), strict=True))
        return InnerCounts(tuple(values), rows, tuple(nested), tuple(covers), tuple(orders))

    def _column(self, dimension: str, code: str) -> str:
        """Leaves of a class stand in a column of their own; all else stands beside the classes."""
        parents = self._parents.get(dimension, {})
        return dimension if not parents or code in parents else f"{dimension}/class"

    def values(self, records: CodedRecords, column: str) -> tuple[str, ...]:
        """What each record has in a column, in the order of the records."""
        if column in records.by_column:
            return records.by_column[column]
        if "=" in column:
            dimension, code = column.split("=")
            held = records.by_column[dimension]
            return tuple(_YES if code in self._with_classes(dimension, answers_of(value)) else _NO for value in held)
        dimension, grouping = column.split("/")
        parents = self._parents.get(dimension, {})
        held = records.by_column[dimension]
        if grouping == "class":
            return tuple(parents.get(value, value) for value in held)
        left_out = grouping.removeprefix("except+").split("+")
        return tuple(_NO if value in left_out or parents.get(value) in left_out else _YES for value in held)

    def _with_classes(self, dimension: str, answers: frozenset[str]) -> frozenset[str]:
        parents: Mapping[str, str] = self._parents.get(dimension, {})
        return answers | {parents.get(answer, answer) for answer in answers}


def _first_answer(table: TableHead) -> TableDimension:
    """The dimension that `leaves_out` is about: the first that is not the year."""
    return next(dimension for dimension in table.dimensions if dimension.name != PERIOD)


def _answer(dimension: str, code: str) -> str:
    return f"{dimension}={code}"


def _kept(dimension: str, leaves_out: Sequence[str]) -> str:
    return f"{dimension}/except+{'+'.join(leaves_out)}"


def _is_nested(fine: str, coarse: str) -> bool:
    """A leaf belongs to its class, and a leaf or a class is left out or kept as a whole."""
    if "=" in fine or fine == coarse:
        return False
    return fine == coarse.split("/")[0] or (fine.endswith("/class") and "/except+" in coarse)
