"""All the tables of one year: those of the catalogue, then the comparisons of the whole years."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipelines.codes import Vocabularies
from pipelines.config import Centre, Period
from pipelines.model.build_database import periods_at_hand
from pipelines.tables.coded_records import CodedRecords
from pipelines.tables.compare_periods import compare_years, cover
from pipelines.tables.count_records import count_records
from pipelines.tables.count_table import CountTable, count_units, make_table
from pipelines.tables.table_spec import Catalogue, Level
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
    coverage = cover(periods_at_hand(connection, centre), centre, year)
    tables, comparisons = [], []
    for spec in catalogue.table:
        counted = count_units(connection, spec)
        family = family_of(spec.unit)
        if released and family and family.name in released:
            counted |= count_records(released[family.name], spec, vocabularies)
        tables.append(make_table(spec, counted, catalogue, centre, vocabularies, year))
        if spec.is_compared and coverage.whole:
            by_class = spec.model_copy(update={"level": Level.CLASS})
            years = [
                make_table(by_class, counted, catalogue, centre, vocabularies, period) for period in coverage.whole
            ]
            comparisons.append(compare_years(spec, years, catalogue, coverage))
    return (*tables, *comparisons)
