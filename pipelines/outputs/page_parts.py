"""Which parts of an executed notebook the page shows: none that is empty, and what is absent said once.

A part is a heading's cells, up to the next heading that is not below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import nbformat

from pipelines.charts.chart import MIME_CHART
from pipelines.language import Language

_HEADING_MARKS = re.compile(r"(#+)\s")


def without_empty_parts(cells: Sequence[Any]) -> list[Any]:
    """The cells without the headings whose code shows nothing, all that is below them, and code that shows nothing.

    A part of prose alone, without code, stays.
    """
    kept: list[Any] = []
    end_of_untold = 0
    for place, cell in enumerate(cells):
        part = _part(cells, place) if _heading_level(cell) else []
        if part and not _shows_something(part):
            end_of_untold = max(end_of_untold, place + len(part))
        if place >= end_of_untold and (cell.cell_type == "markdown" or cell.outputs):
            kept.append(cell)
    return kept


def tell_absence_once(cells: Sequence[Any], language: Language) -> list[Any]:
    """The cells, with one sentence in a part of which no table is collected, in place of one a table."""
    kept: list[Any] = []
    place = 0
    while place < len(cells):
        part = _part(cells, place) if _heading_level(cells[place]) else [cells[place]]
        charts = list(_charts(part))
        if len(charts) > 1 and not any(chart.get("is_collected", True) for chart in charts):
            kept += [*_opening(part), _absence(charts, language)]
            place += len(part)
        else:
            kept.append(cells[place])
            place += 1
    return kept


def tell_untold_once(cells: Sequence[Any], language: Language) -> list[Any]:
    """The cells of a section, with one sentence at its end for tables that stay at the centre for the same reason.

    A single such table keeps its place.
    """
    untold: dict[str, dict[str, None]] = {}
    for chart in _charts(cells):
        if not chart.get("is_published", True):
            untold.setdefault(chart["alternative"], {})[chart["title"]] = None
    repeated = {reason: titles for reason, titles in untold.items() if len(titles) > 1}
    if not repeated:
        return list(cells)
    for cell in cells:
        if cell.cell_type == "code":
            charts = (output["data"][MIME_CHART] for output in cell.outputs)
            cell.outputs = [
                output
                for output, chart in zip(cell.outputs, charts, strict=True)
                if chart.get("is_published", True) or chart["alternative"] not in repeated
            ]
    sentences = (
        language.say(
            "Tables that are not on this page: {titles}. The same reason holds for each. {reason}",
            titles="; ".join(titles),
            reason=reason,
        )
        for reason, titles in repeated.items()
    )
    return [cells[0], *without_empty_parts(cells[1:]), *map(_prose, sentences)]


def _opening(part: Sequence[Any]) -> Iterator[Any]:
    """The heading with its prose, up to what is shown and to the headings below."""
    for place, cell in enumerate(part):
        if cell.cell_type != "markdown" or (place and _heading_level(cell)):
            return
        yield cell


def _absence(charts: Sequence[dict[str, Any]], language: Language) -> Any:
    return _prose(
        language.say(
            "Not collected: this centre's export does not hold this information ({titles}).",
            # A comparison of years is about what its table is about.
            titles="; ".join(dict.fromkeys(chart["subject"] for chart in charts if chart["subject"])),
        )
    )


def _prose(sentence: str) -> Any:
    return nbformat.v4.new_markdown_cell(sentence)  # type: ignore[no-untyped-call]


def _charts(part: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for cell in part:
        for output in cell.outputs if cell.cell_type == "code" else ():
            yield output["data"][MIME_CHART]


def _part(cells: Sequence[Any], place: int) -> list[Any]:
    level = _heading_level(cells[place])
    part = [cells[place]]
    for cell in cells[place + 1 :]:
        if 0 < _heading_level(cell) <= level:
            break
        part.append(cell)
    return part


def _shows_something(part: Sequence[Any]) -> bool:
    code = [cell for cell in part if cell.cell_type == "code"]
    return not code or any(cell.outputs for cell in code)


def _heading_level(cell: Any) -> int:
    """How deep the heading is that a cell begins with; 0 if it begins with none."""
    marks = _HEADING_MARKS.match(cell.source) if cell.cell_type == "markdown" else None
    return len(marks[1]) if marks else 0
