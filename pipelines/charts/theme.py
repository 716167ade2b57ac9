"""How every chart looks: colours, type, separators, axes. Contrasts are held by a test.

Charts are plain dictionaries of lists, checked by plotly's own `Figure`; nothing is packed in
base64, so that whoever audits a page can read every number in it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.language import NO_BREAK_SPACE, Language

#: Safe on paper and on screen everywhere; Liberation Sans has Arial's widths.
FONT = "Arial, 'Liberation Sans', Helvetica, sans-serif"

PAPER = "#ffffff"
INK = "#1c2b33"
MUTED_INK = "#52616b"
BAR = "#1f5f7a"
#: Missing answers are never the colour of an answer.
MISSING = "#767f86"
GRID = "#e4e9eb"
#: Years, oldest first: one hue that darkens, legible in grey. At most four are drawn.
YEARS = ("#7296a6", "#4b7d94", "#1f5f7a", "#0b2f40")

#: What each colour becomes on a dark screen, where the last year is the lightest. Paper and pictures stay light.
DARK = {
    PAPER: "#182126",
    INK: "#e6edf0",
    MUTED_INK: "#a9b8c0",
    GRID: "#303c43",
    MISSING: "#8f999f",
    YEARS[0]: "#5d7d8b",
    YEARS[1]: "#74a1b4",
    YEARS[2]: "#8cc4dc",
    YEARS[3]: "#d3edf7",
}

LABEL_MARGIN = 236
ROW_HEIGHT = 34
MARGIN = {"l": LABEL_MARGIN, "r": 12, "t": 8, "b": 30}
_LABEL_WIDTH = 33


def year_colours(count: int) -> tuple[str, ...]:
    """One colour a year, oldest first, as far apart as they can be; the last year is always the darkest."""
    return {1: YEARS[3:], 2: (YEARS[0], YEARS[3]), 3: (YEARS[0], YEARS[2], YEARS[3])}.get(count, YEARS)


def plotly_text(text: str) -> str:
    """A label as plotly must get it: its own little HTML is disarmed, so `<b>` is shown as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrap_label(label: str, width: int = _LABEL_WIDTH) -> str:
    """A label over as many lines as it needs; what is glued by U+00A0 is not cut."""
    lines = textwrap.wrap(label, width, break_long_words=False, break_on_hyphens=False) or [""]
    return "<br>".join(plotly_text(line) for line in lines)


def count_lines(wrapped: str) -> int:
    """How many lines a wrapped label has."""
    return wrapped.count("<br>") + 1


def axis_ticks(largest: int, language: Language, at_most: int = 5) -> tuple[list[int], list[str]]:
    """Round values from zero for an axis of counts, and how they are written."""
    step = 1
    while largest > step * at_most:
        # 1, 2, 5, 10, 20, 50: the steps that people count in.
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    values = list(range(0, max(largest, 1) + 1, step))
    return values, [language.number(value) for value in values]


def count_axis(largest: int, language: Language, *, room: float, at_most: int = 5) -> dict[str, Any]:
    """The horizontal axis of counts: from zero, with room on the right for the numbers beside the bars."""
    values, texts = axis_ticks(largest, language, at_most)
    return {"range": [0, max(largest, 1) * room], "tickvals": values, "ticktext": texts}


def row_axis(positions: Sequence[float], labels: Sequence[str], bottom: float) -> dict[str, Any]:
    """The vertical axis: one place a row, the first at the top."""
    return {"range": [bottom, -0.7], "tickvals": list(positions), "ticktext": list(labels)}


def value_note(value: float, position: float, text: str, **place: str) -> dict[str, Any]:
    """A number at the end of its bar. An annotation, because plotly writes nothing on a bar of zero."""
    return {"x": value, "y": position, "text": plotly_text(text), "xshift": 5, **place}


def bar_trace(
    positions: Sequence[float],
    values: Sequence[float | None],
    hovers: str | Sequence[str],
    colours: str | Sequence[str],
    **options: Any,
) -> dict[str, Any]:
    """Horizontal bars; a None is no bar at all, which is not a bar of zero.

    What appears under the pointer only completes what is written beside the bars: one text for all
    the bars, or one for each.
    """
    return {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": list(positions),
        "hovertext": hovers if isinstance(hovers, str) else list(hovers),
        "marker": {"color": colours if isinstance(colours, str) else list(colours)},
        **options,
    }


def template(language: Language) -> dict[str, Any]:
    """What all the figures share, in the place of plotly's own template; a page carries it once."""
    return {
        "layout": {
            "autosize": True,
            "font": {"family": FONT, "size": 13, "color": INK},
            "separators": f",{NO_BREAK_SPACE}" if language.code == "fr" else ".,",
            "paper_bgcolor": PAPER,
            "plot_bgcolor": PAPER,
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {"bgcolor": INK, "font": {"family": FONT, "color": PAPER, "size": 13}},
            "annotationdefaults": {"showarrow": False, "xanchor": "left", "align": "left", "font": {"size": 13}},
            "xaxis": {
                "tickmode": "array",
                "tickfont": {"size": 11, "color": MUTED_INK},
                "gridcolor": GRID,
                "zeroline": True,
                "zerolinecolor": MUTED_INK,
                "zerolinewidth": 1,
                "fixedrange": True,
            },
            "yaxis": {
                "tickmode": "array",
                "showgrid": False,
                "zeroline": False,
                # Invisible ticks: they keep the labels off the axis.
                "ticks": "outside",
                "ticklen": 6,
                "tickcolor": "rgba(0,0,0,0)",
                "fixedrange": True,
            },
        },
        "data": {"bar": [{"hoverinfo": "text", "marker": {"line": {"width": 0}}}]},
    }


def checked_figure(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    """The figure as plain data, once plotly has accepted every one of its properties."""
    import plotly.graph_objects as go

    figure: dict[str, Any] = go.Figure(data=list(traces), layout={"template": template(language), **layout}).to_dict()
    return figure
