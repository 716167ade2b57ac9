"""What a chart is made of: the drawing, and everything said beside it for who cannot or will not look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

#: What the dashboard reads in an executed notebook.
MIME_CHART = "application/vnd.bilan.chart+json"
#: What JupyterLab draws.
MIME_PLOTLY = "application/vnd.plotly.v1+json"


@dataclass(frozen=True)
class TwinCell:
    """A cell of a table twin: as it is read, and as a program takes it (None: no number is published).

    A percentage is taken as 28.9, a count as a whole number. `bar` is how long its bar is, in hundredths of the
    longest one, where nothing else is drawn; None for a cell that has none.
    """

    text: str
    raw: int | float | None = None
    bar: int | None = None


@dataclass(frozen=True)
class TwinRow:
    """`kind` is `answer`, `detail` (a code inside its class), `missing` or `total`."""

    label: str
    cells: tuple[TwinCell, ...]
    kind: str = "answer"


@dataclass(frozen=True)
class TableTwin:
    """The same numbers as the drawing, as a table; `header` names the row headings first."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[TwinRow, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing with its title, reading, table and warnings, in one language.

    `figure` is plotly's `{"data", "layout"}`, None where there is nothing to draw; `narrow` are the
    properties of its layout that change on a small screen, by their dotted names; `yaxis*` is all such axes.
    Of a table that is not published, or whose data the export does not hold, there are its title and, as
    `alternative`, the reason.
    """

    id: str
    title: str
    subtitle: str
    alternative: str
    table: TableTwin | None
    figure: Mapping[str, Any] | None = None
    narrow: Mapping[str, Any] = field(default_factory=dict)
    missing: str = ""
    notes: tuple[str, ...] = ()
    is_published: bool = True
    is_collected: bool = True
    #: What the chart is about, without its unit: what a sentence over several of them lists.
    subject: str = ""
    #: The tables whose numbers it shows, where they are not the one of its id.
    tables: tuple[str, ...] = ()

    def payload(self) -> dict[str, Any]:
        """Everything that the page needs, as JSON can hold it."""
        return {"kind": "chart", **asdict(self), "tables": self.tables or (self.id,)}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {MIME_CHART: self.payload(), "text/plain": f"{self.title}\n{self.alternative}"}
        if self.figure is not None:
            bundle[MIME_PLOTLY] = self._lab_figure()
        return bundle

    def _lab_figure(self) -> dict[str, Any]:
        """The figure with its title in it: a notebook shows it without the page around."""
        from pipelines.charts.theme import plotly_text

        assert self.figure is not None
        layout = dict(self.figure["layout"])
        title = f"<b>{plotly_text(self.title)}</b><br>{plotly_text(self.subtitle)}"
        layout["title"] = {"text": title, "x": 0, "xanchor": "left", "font": {"size": 15}}
        layout["margin"] = {**layout["margin"], "t": layout["margin"]["t"] + 60}
        layout["height"] = layout["height"] + 60
        return {"data": self.figure["data"], "layout": layout, "config": {"displaylogo": False}}


@dataclass(frozen=True)
class KeyFigure:
    """One number that stands alone, with what it counts."""

    label: str
    text: str
    raw: int | None
    explanation: str
    #: The table that it is the total of.
    table: str = ""
    #: The same number in the other years at hand.
    comparison: tuple[str, ...] = ()


@dataclass(frozen=True)
class YearChange:
    """What is said of a table of years: what became of its numbers since the year before."""

    table: str
    text: str


@dataclass(frozen=True)
class KeyFigures:
    """The totals that open a report, and what changed in them since the year before."""

    id: str
    figures: tuple[KeyFigure, ...]
    changes: tuple[YearChange, ...] = ()

    def payload(self) -> dict[str, Any]:
        return {"kind": "key_figures", **asdict(self)}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        lines = [*(f"{figure.text} {figure.label}" for figure in self.figures), *(one.text for one in self.changes)]
        return {MIME_CHART: self.payload(), "text/plain": "\n".join(lines)}
