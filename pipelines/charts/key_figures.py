"""The totals that open a report: one number a unit of count, never added together."""

from __future__ import annotations

from pipelines.charts.chart import KeyFigure, KeyFigures
from pipelines.charts.counted_rows import say_cell, write_cell
from pipelines.charts.year_changes import tell_changes
from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Language
from pipelines.tables.dimension import PERIOD
from pipelines.units import RECORD_UNITS, Unit


def key_figures(release: Release, language: Language) -> KeyFigures:
    """One number for each unit that the release counts, from the first one-way table of that unit."""
    opening = [table for unit in RECORD_UNITS if (table := _first_table(release, unit)) is not None]
    years = [by_year for table in opening if (by_year := _table_of_years(release, table)) is not None]
    return KeyFigures(
        "key_figures",
        tuple(_figure(release, table, language) for table in opening),
        tuple(change for by_year in years for change in tell_changes(by_year, language)),
    )


def _first_table(release: Release, unit: Unit) -> ReleaseTable | None:
    for table in release.tables:
        if table.unit is unit and table.is_collected and len(table.dimensions) == 1:
            return table
    return None


def _figure(release: Release, table: ReleaseTable, language: Language) -> KeyFigure:
    return KeyFigure(
        label=table.unit_label.in_language(language),
        text=write_cell(table.total, language),
        raw=table.total.value,
        explanation=_explanation(table, language),
        table=table.id,
        comparison=_comparison(release, table, language),
    )


def _explanation(table: ReleaseTable, language: Language) -> str:
    """Who is counted, and how much of it the export holds where that is not all."""
    population = table.population.in_language(language)
    if table.coverage is None:
        return population
    return language.say("{label} ({covered})", label=population, covered=table.coverage)


def _comparison(release: Release, table: ReleaseTable, language: Language) -> tuple[str, ...]:
    """What the same number was in the other years at hand."""
    by_year = _table_of_years(release, table)
    if by_year is None:
        return ()
    others = [code for code in by_year.dimensions[0].classes if code.code != table.period]
    return tuple(
        language.say(
            "{label}: {count}",
            label=code.label.in_language(language),
            count=say_cell(by_year.cell(code.code, TOTAL), language),
        )
        for code in others
    )


def _table_of_years(release: Release, table: ReleaseTable) -> ReleaseTable | None:
    return next((other for other in release.tables if _compares(other, table)), None)


def _compares(other: ReleaseTable, table: ReleaseTable) -> bool:
    names = tuple(dimension.name for dimension in other.dimensions)
    return other.is_collected and names == (PERIOD, table.dimensions[0].name) and other.unit is table.unit
