"""What a notebook calls: the name of a table in, a drawing with its reading out."""

from __future__ import annotations

from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.chart import Chart, KeyFigures
from pipelines.charts.key_figures import key_figures
from pipelines.charts.panel_chart import panel_chart
from pipelines.charts.trend_chart import trend_chart
from pipelines.disclosure.release_table import Release
from pipelines.language import Language


def show_table(release: Release, table_id: str, language: str) -> Chart:
    """A one-way table as bars; `language` is `fr` or `en`."""
    return bar_chart(release.table(table_id), Language(language))


def show_cross_table(release: Release, table_id: str, language: str) -> Chart:
    """A two-way table as small bar charts."""
    return panel_chart(release.table(table_id), Language(language))


def show_comparison(release: Release, table_id: str, language: str) -> Chart:
    """The years of a one-way table, given by its own id."""
    return trend_chart(release.table(f"{table_id}_by_year"), Language(language))


def show_key_figures(release: Release, language: str) -> KeyFigures:
    """The totals of the release."""
    return key_figures(release, Language(language))
