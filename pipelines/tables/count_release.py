"""All the tables of one year: those of the catalogue, then what is told over several years."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import duckdb

from pipelines.codes import Vocabularies
from pipelines.config import Centre, Period
from pipelines.model.build_database import periods_at_hand
from pipelines.tables.coded_records import CodedRecords
from pipelines.tables.compare_periods import Coverage, compare_years, cover
from pipelines.tables.continuity import cover_of, records_of, with_cover
from pipelines.tables.count_records import count_records
from pipelines.tables.count_table import Calendar, Counted, CountTable, count_units
from pipelines.tables.over_years import Counting, Told, by_school_year, since_first_year
from pipelines.tables.table_spec import Catalogue, Level, TableSpec


def count_release(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    centre: Centre,
    vocabularies: Vocabularies,
    year: Period,
    released: CodedRecords | None = None,
) -> tuple[CountTable, ...]:
    """Count every table once, over all the years, and keep the year asked for and what compares it.

    `released`: the records of the years that are published already. What is told of those years is counted
    from these records, whatever was entered since: the public would find the difference by subtraction.
    """
    counting = Counting(catalogue, centre, vocabularies)
    years = _Years(connection, centre, year)
    tables: list[CountTable] = []
    over_years: list[CountTable] = []
    for spec in catalogue.table:
        counted = count_units(connection, spec)
        if released:
            counted |= count_records(released, spec, vocabularies)
        tables.append(with_cover(counting.table(spec, counted, year), cover_of(spec, centre, year)))
        over_years.extend(_over_years(spec, counted, years, counting))
    return (*tables, *over_years)


class _Years:
    """The years at hand up to the one asked for: each kind of record has its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, centre: Centre, year: Period) -> None:
        self.connection = connection
        self.year = year
        self._centre = centre
        self.at_hand = cache(lambda entity: periods_at_hand(connection, centre, entity))

    def covered(self, spec: TableSpec) -> Coverage:
        """Requests are many, and end where the export ends; other records may be few."""
        entity = records_of(spec)
        at_hand = self.at_hand(entity)
        told = [each.period.label for each in at_hand if cover_of(spec, self._centre, each.period)]
        return cover(at_hand, self._centre, self.year, told, may_be_few=entity != "request")


def _over_years(spec: TableSpec, counted: Counted, years: _Years, counting: Counting) -> Iterator[CountTable]:
    """A table by year, since the first year and by school year, where it asks for them."""
    coverage = years.covered(spec)
    if spec.is_compared and coverage.whole:
        by_class = spec.model_copy(update={"level": Level.CLASS})
        of_years = [
            with_cover(counting.table(by_class, counted, period), cover_of(spec, counting.centre, period))
            for period in coverage.whole
        ]
        yield compare_years(spec, of_years, counting.catalogue, coverage, counting.centre)
    if spec.since:
        since = count_units(years.connection, spec, Calendar.SINCE)
        told = sorted((*coverage.whole, *coverage.part), key=lambda each: each.first_day) or [years.year]
        yield since_first_year(spec, counted, since, Told(told, coverage), counting)
    if spec.by_school_year:
        of_schools = count_units(years.connection, spec, Calendar.SCHOOL)
        yield by_school_year(spec, of_schools, years.at_hand("request"), years.year, counting)
