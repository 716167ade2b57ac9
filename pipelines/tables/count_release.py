"""All the tables of one year: those of the catalogue, then the comparisons of the whole years."""

from __future__ import annotations

import duckdb

from pipelines.codes import Vocabularies
from pipelines.config import Centre, Period
from pipelines.model.build_database import periods_at_hand
from pipelines.tables.compare_periods import compare_years, cover
from pipelines.tables.count_table import CountTable, count_units, make_table
from pipelines.tables.table_spec import Catalogue, Level


def count_release(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    centre: Centre,
    vocabularies: Vocabularies,
    year: Period,
) -> tuple[CountTable, ...]:
    """Count every table once, over all the years, and keep the year asked for and its comparisons."""
    coverage = cover(periods_at_hand(connection, centre), centre, year)
    tables, comparisons = [], []
    for spec in catalogue.table:
        counted = count_units(connection, spec)
        tables.append(make_table(spec, counted, catalogue, centre, vocabularies, year))
        if spec.is_compared and coverage.whole:
            by_class = spec.model_copy(update={"level": Level.CLASS})
            years = [
                make_table(by_class, counted, catalogue, centre, vocabularies, period) for period in coverage.whole
            ]
            comparisons.append(compare_years(spec, years, catalogue, coverage))
    return (*tables, *comparisons)
