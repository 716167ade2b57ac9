"""Bilan: the annual statistics of a sexual-assault centre, from its case platform's exports to its report.

These are the names that notebooks use; they are imported when first asked for, so that the command
line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.charts.show import (
        show_columns,
        show_comparison,
        show_cross_table,
        show_key_figures,
        show_measures,
        show_school_years,
        show_series,
        show_table,
    )
    from pipelines.disclosure.release_files import read_release
    from pipelines.model.ask_cases import ask_cases

__all__ = [
    "ask_cases",
    "read_release",
    "show_columns",
    "show_comparison",
    "show_cross_table",
    "show_key_figures",
    "show_measures",
    "show_school_years",
    "show_series",
    "show_table",
]

_HOMES = dict.fromkeys(__all__, "pipelines.charts.show") | {
    "read_release": "pipelines.disclosure.release_files",
    "ask_cases": "pipelines.model.ask_cases",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
