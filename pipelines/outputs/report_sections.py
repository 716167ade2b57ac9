"""What a report shows, as its executed notebooks tell it: sections, each with its charts in their order.

The page, the workbook, the document and the sentences are all made from these, so a number stands in each as
the one formatter wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.charts.chart import MIME_CHART
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
