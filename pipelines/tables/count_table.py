"""One query builder counts every table: distinct units, with all the margins, at every level asked for.

Every name in the SQL comes from the column dictionary; all the years are counted at once. Beside each
count stands the number of distinct persons behind it, which protection needs: one person with five
requests is one person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import duckdb

from pipelines.codes import TOTAL, Vocabularies, Vocabulary
from pipelines.config import Centre, Period
from pipelines.language import Text
from pipelines.tables.counting_query import Calendar, counting_query
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.tables.table_spec import Catalogue, Level, TableSpec
from pipelines.tables.untold_codes import untold_codes, without_codes
from pipelines.units import DIMENSIONS, UNIT_TABLES, Dimension, Unit


@dataclass(frozen=True)
class CountedCell:
    """One cell, margins included; `codes` has one code a dimension, `_total` for a margin.

    `is_recorded` is false where there are records, and none of them tells the number that is added up.
    """

    codes: tuple[str, ...]
    count: int
    person_count: int
    is_recorded: bool = True


@dataclass(frozen=True)
class CountTable:
    """A table of true counts: for the analyst and for protection, never for a reader."""

    id: str
    title: Text
    unit: Unit
    unit_label: Text
    population: Text
    period: str
    dimensions: tuple[TableDimension, ...]
    cells: tuple[CountedCell, ...]
    notes: tuple[Text, ...]
    is_collected: bool
    #: Codes of the first dimension whose units are not of the population.
    leaves_out: tuple[str, ...] = ()
    #: How much of the year's records the export holds, where it is known not to hold all.
    coverage: Text | None = None
    #: What one unit is, and the query that counted them.
    definition: Text | None = None
    query: str = ""

    @property
    def periods(self) -> tuple[str, ...]:
        """The years that the table tells: its own, or those that it compares."""
        years = [code.code for dimension in self.dimensions if dimension.name == PERIOD for code in dimension.codes]
        return tuple(years) or (self.period,)


class Tally(NamedTuple):
    """The units of a cell and the persons behind them; `is_recorded` as in `CountedCell`."""

    units: int
    person_count: int
    is_recorded: bool = True


#: What the query gave: for each year, the tally of every combination of codes that occurs.
Counted = dict[str, dict[tuple[str, ...], Tally]]


def count_units(connection: duckdb.DuckDBPyConnection, spec: TableSpec, calendar: Calendar = Calendar.YEAR) -> Counted:
    """Count the units of a table in every year at once, by leaf code, class code and margin."""
    counted: Counted = {}
    for period, *codes, count, person_count, recorded in connection.execute(counting_query(spec, calendar)).fetchall():
        # Nothing to add up in any row of a cell: a sum that SQL does not know.
        counted.setdefault(period, {})[tuple(codes)] = Tally(count or 0, person_count, recorded > 0)
    return counted


def make_table(
    spec: TableSpec, counted: Counted, catalogue: Catalogue, centre: Centre, vocabularies: Vocabularies, period: Period
) -> CountTable:
    """One year of what was counted; a dimension that the centre's export does not hold makes it "not collected"."""
    sides = [DIMENSIONS[name] for name in spec.dimensions]
    needed = (UNIT_TABLES[spec.unit].needs, *(dimension.source for dimension in sides))
    untold = {code for dimension in sides for code in untold_codes(dimension, centre, vocabularies)}
    is_collected = all(centre.collects(*column) for column in needed) and not any(
        dimension.code_sources and untold >= dimension.code_sources.keys() for dimension in sides
    )
    of_year = counted.get(period.label, {}) if is_collected else {}
    dimensions = tuple(
        _without(
            _table_dimension(
                dimension, catalogue, vocabularies, spec.level, period, {codes[place] for codes in of_year}
            ),
            () if place else spec.leaves_out,
        )
        for place, dimension in enumerate(sides)
    )
    dimensions, absent = without_codes(dimensions, untold if is_collected else ())
    note = centre.notes.get(spec.id)
    return CountTable(
        id=spec.id,
        title=spec.title,
        unit=spec.unit,
        unit_label=catalogue.unit[spec.unit].label,
        population=spec.population,
        period=period.label,
        dimensions=dimensions,
        cells=tuple(_complete(dimensions, of_year)) if is_collected else (),
        notes=spec.notes + ((note,) if note else ()) + absent,
        is_collected=is_collected,
        leaves_out=spec.leaves_out,
        definition=catalogue.unit[spec.unit].definition,
        query=counting_query(spec),
    )


def _table_dimension(
    dimension: Dimension,
    catalogue: Catalogue,
    vocabularies: Vocabularies,
    level: Level,
    period: Period,
    occurring: set[str],
) -> TableDimension:
    """Every code in use that year, even at zero, and the kinds of missing answer that occur."""
    vocabulary = vocabularies[dimension.vocabulary]
    settings = catalogue.dimension[dimension.name]
    return TableDimension(
        name=dimension.name,
        title=settings.title,
        codes=tuple(_headings(vocabulary, level, period, occurring)) + tuple(_missing(vocabularies.missing, occurring)),
        is_ordered=settings.is_ordered,
        is_multi_answer=settings.is_multi_answer,
    )


def _without(dimension: TableDimension, leaves_out: Sequence[str]) -> TableDimension:
    """The side without the codes whose units are not of the population: a zero there would say that nobody is."""
    return replace(dimension, codes=tuple(code for code in dimension.codes if code.code not in leaves_out))


def _headings(vocabulary: Vocabulary, level: Level, period: Period, occurring: set[str]) -> Iterator[TableCode]:
    for code in vocabulary.codes:
        if level is Level.CLASS and code.parent or level is Level.LEAF and code not in vocabulary.leaves:
            continue
        if code.code in occurring or code.is_valid(period.first_day, period.last_day):
            parent, within = (code.parent, "") if level is Level.BOTH else ("", code.parent)
            yield TableCode(code.code, Text(code.label_fr, code.label_en), parent, within=within)


def _missing(kinds: Vocabulary, occurring: set[str]) -> Iterator[TableCode]:
    for kind in kinds.codes:
        if kind.code in occurring:
            yield TableCode(kind.code, Text(kind.label_fr, kind.label_en), is_missing=True)


def _complete(dimensions: Sequence[TableDimension], counted: dict[tuple[str, ...], Tally]) -> Iterator[CountedCell]:
    """Every cell of the table, those that nobody is in at zero."""
    sides = [[*(code.code for code in dimension.codes), TOTAL] for dimension in dimensions]
    for codes in product(*sides):
        yield CountedCell(codes, *counted.get(codes, Tally(0, 0)))
