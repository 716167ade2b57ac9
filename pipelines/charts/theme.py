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
LINE = "#c9d1d6"
#: Years, oldest first: one hue that darkens, legible in grey. At most four are drawn.
YEARS = ("#7296a6", "#4b7d94", "#1f5f7a", "#0b2f40")

LABEL_MARGIN = 236
ROW_HEIGHT = 34
_LABEL_WIDTH = 33
_NOTE_SIZE = 13
#: Said once a figure instead of once a number.
_DEFAULTS = {
    "layout": {
        "annotationdefaults": {
            "showarrow": False,
            "xanchor": "left",
            "align": "left",
            "font": {"size": _NOTE_SIZE, "color": INK},
        }
    }
}


def year_colours(count: int) -> tuple[str, ...]:
    """One colour a year, oldest first; the last year always has the same, dark one."""
    return YEARS[-count:] if count < len(YEARS) else YEARS


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
    return {
        "range": [0, max(largest, 1) * room],
        "tickmode": "array",
        "tickvals": values,
        "ticktext": texts,
        "tickfont": {"size": 11, "color": MUTED_INK},
        "gridcolor": "#e7ebed",
        "zeroline": True,
        "zerolinecolor": MUTED_INK,
        "zerolinewidth": 1,
        "fixedrange": True,
    }


def row_axis(positions: Sequence[float], labels: Sequence[str], bottom: float) -> dict[str, Any]:
    """The vertical axis: one place a row, the first at the top."""
    return {
        "range": [bottom, -0.7],
        "tickmode": "array",
        "tickvals": list(positions),
        "ticktext": list(labels),
        "tickfont": {"size": 13, "color": INK},
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
        "fixedrange": True,
    }


def value_note(value: float, position: float, text: str, *, size: int = _NOTE_SIZE, **place: str) -> dict[str, Any]:
    """A number at the end of its bar. An annotation, because plotly writes nothing on a bar of zero."""
    return {
        "x": value,
        "y": position,
        "text": plotly_text(text),
        "xshift": 5,
        **({} if size == _NOTE_SIZE else {"font": {"size": size, "color": INK}}),
        **place,
    }


def bar_trace(
    positions: Sequence[float],
    values: Sequence[int | None],
    hovers: Sequence[str],
    colours: Sequence[str],
    **options: Any,
) -> dict[str, Any]:
    """Horizontal bars; a None is no bar at all, which is not a bar of zero."""
    return {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": list(positions),
        "hovertext": list(hovers),
        "hoverinfo": "text",
        "marker": {"color": list(colours), "line": {"width": 0}},
        "showlegend": False,
        **options,
    }


def base_layout(language: Language, height: float) -> dict[str, Any]:
    """What all the figures share."""
    separators = f",{NO_BREAK_SPACE}" if language.code == "fr" else ".,"
    return {
        # In the place of plotly's own template: seven kilobytes of settings of charts that we do not draw.
        "template": _DEFAULTS,
        "height": round(height),
        "autosize": True,
        "font": {"family": FONT, "size": 13, "color": INK},
        "separators": separators,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": LABEL_MARGIN, "r": 12, "t": 8, "b": 30},
        "showlegend": False,
        "dragmode": False,
        "hoverlabel": {"bgcolor": INK, "font": {"family": FONT, "color": PAPER, "size": 13}},
    }


def checked_figure(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> dict[str, Any]:
    """The figure as plain data, once plotly has accepted every one of its properties."""
    import plotly.graph_objects as go

    figure: dict[str, Any] = go.Figure(data=list(traces), layout=dict(layout)).to_dict()
    return figure
