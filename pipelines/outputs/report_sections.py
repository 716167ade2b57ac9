"""What a report shows, as its executed notebooks tell it: sections, each with its charts in their order.

The page, the workbook, the document and the sentences are all made from these, so a number stands in each as
the one formatter wrote it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.charts.chart import MIME_CHART
from pipelines.charts.counted_rows import SIGN_WORDS, SIGNS
from pipelines.disclosure.release_table import Release
from pipelines.language import Language
from pipelines.outputs.dashboard import read_section


@dataclass(frozen=True)
class ReportSection:
    """One notebook: its title, and the payloads of its charts (`Chart.payload`)."""

    title: str
    charts: tuple[Mapping[str, Any], ...]


def read_sections(executed: Sequence[Path], language: Language) -> tuple[ReportSection, ...]:
    """The sections that show something to the audience, in the order of the notebooks."""
    sections = []
    for path in executed:
        cells = read_section(path, language)
        payloads = [output["data"][MIME_CHART] for cell in cells for output in cell.get("outputs", [])]
        charts = tuple(payload for payload in payloads if payload["kind"] == "chart")
        if cells:
            sections.append(ReportSection(cells[0].metadata.title, charts))
    return tuple(sections)


def report_title(release: Release, language: Language) -> str:
    """What every output of a release is called."""
    centre = release.centre_name.in_language(language)
    return language.say("{centre}: annual statistics {period}", centre=centre, period=release.period)


def cover_lines(release: Release, language: Language, made_on: datetime.date) -> tuple[str, ...]:
    """What a reader must know before any number: the day, what the data are, and what each sign stands for."""
    lines = [language.say("Made on {date}", date=language.date(made_on))]
    if release.is_fictitious:
        lines.append(language.say("Made-up data: no number of this report is about real people"))
    if release.is_internal:
        lines.append(language.say("DO NOT DISTRIBUTE: unprotected numbers"))
    signs = (
        language.say("{sign} in the place of a number: {meaning}", sign=sign, meaning=language.text(SIGN_WORDS[status]))
        for status, sign in SIGNS.items()
    )
    return (*lines, *signs)


def charts_once(section: ReportSection, told: set[str]) -> list[Mapping[str, Any]]:
    """The charts of a section that no section before it showed; `told` holds the ids of those, and is added to."""
    charts = []
    for chart in section.charts:
        if chart["id"] not in told:
            told.add(chart["id"])
            charts.append(chart)
    return charts
