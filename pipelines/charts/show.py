"""What a notebook calls: the name of a table in, a drawing with its reading out.

A table that is not published gives its title and the reason. One that is not meant for the audience gives
nothing: the same notebooks make every audience's page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.chart import Chart, KeyFigures
from pipelines.charts.key_figures import key_figures
from pipelines.charts.measures_chart import measures_chart
from pipelines.charts.panel_chart import panel_chart
from pipelines.charts.series_chart import series_chart
from pipelines.charts.split_table import split_table
from pipelines.charts.trend_chart import nothing_to_compare, trend_chart
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Language


def show_table(release: Release, table_id: str, language: str) -> Chart | None:
    """A one-way table as bars; `language` is `fr` or `en`."""
    return _show(release, table_id, Language(language), bar_chart)


def show_cross_table(release: Release, table_id: str, language: str) -> Chart | None:
    """A two-way table as small bar charts."""
    return _show(release, table_id, Language(language), panel_chart)


def show_comparison(release: Release, table_id: str, language: str) -> Chart | None:
    """The years of a one-way table, given by its own id."""
    return _show_years(release, table_id, "_by_year", Language(language))


def show_measures(release: Release, table_ids: Sequence[str], language: str) -> Chart | None:
    """One-way tables by one dimension, side by side; the bars are those of the first that is published."""
    words = Language(language)
    held = {table.id for table in release.tables}
    told = [table_id for table_id in table_ids if table_id in held]
    if len(told) < 2 or release.is_internal:
        told = list(table_ids) if release.is_internal else [*told, *table_ids][:1]
    if len(told) == 1:
        chart = _show(release, told[0], words, bar_chart)
    else:
        chart = measures_chart([release.table(table_id) for table_id in told], words)
    untold = [table for table in release.untold if table.id in table_ids and table.id not in told]
    notes = [words.say("{table}: {reason}", table=each.title, reason=each.reason) for each in untold]
    return replace(chart, notes=(*chart.notes, *notes)) if chart and chart.is_published else chart


def show_series(release: Release, table_ids: Sequence[str], language: str) -> Chart | None:
    """The totals of tables by year, given by their own ids; the bars are those of the first."""
    words = Language(language)
    by_year = [f"{table_id}_by_year" for table_id in table_ids]
    told = [table for table in release.tables if table.id in by_year]
    if len(told) != len(by_year):
        return _show_years(release, table_ids[0], "_by_year", words)
    return series_chart([release.table(table_id) for table_id in by_year], words)


def show_school_years(release: Release, table_id: str, language: str) -> Chart | None:
    """The school years that the year straddles, of a table given by its own id."""
    return _show_years(release, table_id, "_school_year", Language(language))


def show_columns(release: Release, table_id: str, language: str) -> Chart | None:
    """A two-way table with a column for each code of its second side; the bars are those of its margin."""

    def draw(table: ReleaseTable, words: Language) -> Chart:
        return measures_chart(split_table(table), words)

    return _show(release, table_id, Language(language), draw)


def show_key_figures(release: Release, language: str) -> KeyFigures | None:
    """The totals of the release."""
    figures = key_figures(release, Language(language))
    return figures if figures.figures else None


def _show_years(release: Release, table_id: str, suffix: str, language: Language) -> Chart | None:
    """A table of years; where no year of it is whole, its own table says that there is nothing to compare."""
    known = {table.id: table for table in release.tables}
    if release.is_internal and table_id in known and table_id + suffix not in known:
        return nothing_to_compare(replace(known[table_id], id=table_id + suffix), (), language)
    return _show(release, table_id + suffix, language, trend_chart)


def _show(
    release: Release, table_id: str, language: Language, draw: Callable[[ReleaseTable, Language], Chart]
) -> Chart | None:
    """Raises `KeyError` for a table that the centre's own release lacks, which holds them all: a misspelt name."""
    for untold in release.untold:
        if untold.id == table_id:
            title, reason = untold.title.in_language(language), untold.reason.in_language(language)
            return Chart(table_id, title, release.period, reason, table=None, is_published=False)
    if release.is_internal or any(table.id == table_id for table in release.tables):
        return draw(release.table(table_id), language)
    return None
