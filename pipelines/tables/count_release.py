"""All the tables of one year: those of the catalogue, the comparisons of the whole years, and sums over several."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import duckdb

from pipelines.codes import Vocabularies
from pipelines.config import Centre, Period
from pipelines.model.build_database import periods_at_hand
from pipelines.tables.coded_records import CodedRecords
from pipelines.tables.compare_periods import Coverage, compare_years, cover
from pipelines.tables.continuity import cover_of, records_of, with_cover
from pipelines.tables.count_records import count_records
from pipelines.tables.count_table import Counted, CountTable, count_units
from pipelines.tables.counting_query import Calendar
from pipelines.tables.over_years import Counting, Told, by_school_year, since_first_year
from pipelines.tables.table_spec import Catalogue, Level, TableSpec
from pipelines.units import family_of


def count_release(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    centre: Centre,
    vocabularies: Vocabularies,
    year: Period,
    released: Mapping[str, CodedRecords] | None = None,
) -> tuple[CountTable, ...]:
    """Count every table once, over all the years, and keep the year asked for and its comparisons.

    `released`: by family, the records of the years that are published already. What is told of those years is counted
    from these records, whatever was entered since: the public would find the difference by subtraction.
    """
    counting = Counting(catalogue, centre, vocabularies)
    years = _Years(connection, centre, year)
    tables: list[CountTable] = []
    comparisons: list[CountTable] = []
    for spec in catalogue.table:
        counted = count_units(connection, spec)
        family = family_of(spec.unit)
        if released and family and family.name in released:
            counted |= count_records(released[family.name], spec, vocabularies)
        tables.append(with_cover(counting.table(spec, counted, year), cover_of(spec, centre, year)))
        coverage = years.covered(spec)
        if spec.is_compared and coverage.whole:
            comparisons.append(_compared(spec, counted, coverage, counting))
    return (*tables, *comparisons)


def count_over_years(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    centre: Centre,
    vocabularies: Vocabularies,
    year: Period,
) -> tuple[CountTable, ...]:
    """What is told since the first year, and by school year: for the centre alone.

    These tables overlap those of the years, which protection knows apart: beside them in public, one less the other
    would tell of a few persons.
    """
    counting = Counting(catalogue, centre, vocabularies)
    years = _Years(connection, centre, year)
    tables: list[CountTable] = []
    for spec in catalogue.table:
        if spec.since:
            coverage = years.covered(spec)
            told = sorted((*coverage.whole, *coverage.part), key=lambda each: each.first_day) or [year]
            of_years, since = count_units(connection, spec), count_units(connection, spec, Calendar.SINCE)
            tables.append(since_first_year(spec, of_years, since, Told(told, coverage), counting))
        if spec.by_school_year:
            of_schools = count_units(connection, spec, Calendar.SCHOOL)
            tables.append(by_school_year(spec, of_schools, years.at_hand("request"), year, counting))
    return tuple(tables)


class _Years:
    """The years at hand up to the one asked for: each kind of record has its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, centre: Centre, year: Period) -> None:
        self._year = year
        self._centre = centre
        self.at_hand = cache(lambda entity: periods_at_hand(connection, centre, entity))

    def covered(self, spec: TableSpec) -> Coverage:
        """Requests are many, and end where the export ends; other records may be few."""
        entity = records_of(spec)
        at_hand = self.at_hand(entity)
        told = [each.period.label for each in at_hand if cover_of(spec, self._centre, each.period)]
        return cover(at_hand, self._centre, self._year, told, may_be_few=entity != "request")


def _compared(spec: TableSpec, counted: Counted, coverage: Coverage, counting: Counting) -> CountTable:
    by_class = spec.model_copy(update={"level": Level.CLASS})
    of_years = [
        with_cover(counting.table(by_class, counted, period), cover_of(spec, counting.centre, period))
        for period in coverage.whole
    ]
    return compare_years(spec, of_years, counting.catalogue, coverage, counting.centre)
