"""The numbers of a drawing: plotly's JSON, typed arrays decoded, each number at the cell of its bar."""

from __future__ import annotations

import base64
import html
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.page_numbers import CellId, KnownTexts, PageNumber, cells_at, read_numbers
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.tables.dimension import PERIOD, TableDimension

#: What a typed array may hold, as plotly names it and as numpy does.
_DTYPES = {
    "i1": "i1", "u1": "u1", "i2": "<i2", "u2": "<u2", "i4": "<i4", "u4": "<u4", "f4": "<f4", "f8": "<f8",
    "int8": "i1", "uint8": "u1", "uint8c": "u1", "int16": "<i2", "uint16": "<u2", "int32": "<i4",
    "uint32": "<u4", "float32": "<f4", "float64": "<f8",
}  # fmt: skip
#: Of a trace: what says how it looks, or to which axis it belongs.
_LOOKS = frozenset(("type", "orientation", "y", "xaxis", "yaxis", "name", "offsetgroup", "alignmentgroup"))
#: Of a layout: numbers that are places on the screen. The axes of counts are judged apart.
_PLACES = re.compile(
    r"(height|bargap|labels|margin(\.[lrtbp])?(\.pad)?|yaxis\w*\*?\.(range|tickvals|domain|tickfont\.size)|xaxis\w*\*?\.domain"
    r"|annotations\.\d+\.(y|xshift)|(annotations\.\d+\.x))"
)
_COUNT_AXIS = re.compile(r"xaxis\w*\*?\.(range|tickvals|ticktext)")
_AXIS = re.compile(r"[xy]\d*")
#: How near a bar lies to the label of its row.
_HALF_ROW = 0.5
#: Axes of counts end at a round multiple of the longest bar that is shown.
_ROOM_STEPS = 20
_MOST_ROOM = 3


def read_figure(text: str, table: ReleaseTable, known: KnownTexts) -> Iterator[PageNumber]:
    """Every number of a drawing; a `ValueError`, `KeyError` or `TypeError` if it is not plotly's JSON."""
    figure = json.loads(text)
    drawing = _Drawing(figure, table, known)
    yield from drawing.numbers()
    yield from drawing.narrow(decode_arrays(figure.get("narrow", {})))
    for key, value in figure.items():
        if key not in ("data", "layout", "narrow"):
            yield from drawing.anywhere(f"figure {key}", decode_arrays(value))


def decode_arrays(value: Any) -> Any:
    """The same JSON with plotly's typed arrays (`bdata`) as lists; a `ValueError` if one cannot be decoded."""
    if isinstance(value, dict):
        if "bdata" in value:
            return _decode(value)
        return {key: decode_arrays(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decode_arrays(item) for item in value]
    return value


def _decode(packed: Mapping[str, Any]) -> Any:
    import numpy as np

    if packed.get("dtype") not in _DTYPES or not isinstance(packed["bdata"], str):
        raise ValueError("a typed array of no known kind")
    values = np.frombuffer(base64.b64decode(packed["bdata"], validate=True), dtype=_DTYPES[packed["dtype"]])
    shape = packed.get("shape")
    if shape is not None:
        values = values.reshape([int(size) for size in str(shape).split(",")])
    return values.tolist()


class _Drawing:
    """Bars and numbers of one table: one trace for a table, one a year, or one a panel."""

    def __init__(self, figure: Mapping[str, Any], table: ReleaseTable, known: KnownTexts) -> None:
        self._traces: list[Any] = decode_arrays(figure["data"])
        self._layout: dict[str, Any] = decode_arrays(figure["layout"])
        self._table = table
        self._known = known
        self._cell_at: dict[tuple[str, float], tuple[CellId, ...]] = {}

    def numbers(self) -> Iterator[PageNumber]:
        for number, trace in enumerate(self._traces):
            yield from self._trace(trace, f"trace {number}")
        for key, value in self._layout.items():
            if key == "annotations":
                for number, note in enumerate(value):
                    yield from self._annotation(note, f"annotations.{number}")
            else:
                yield from self._setting(key, value)

    def narrow(self, changes: Mapping[str, Any]) -> Iterator[PageNumber]:
        for key, value in changes.items():
            yield from self._setting(key, value)

    def anywhere(self, place: str, value: Any) -> Iterator[PageNumber]:
        """Numbers that belong to no bar."""
        return self._found(place, value, None)

    def _trace(self, trace: Mapping[str, Any], place: str) -> Iterator[PageNumber]:
        rows = [self._cells_of_bar(trace, y) for y in trace["y"]]
        for y, cells in zip(trace["y"], rows, strict=True):
            self._cell_at[str(trace.get("yaxis", "y")), round(float(y), 6)] = cells
        for key, value in trace.items():
            if key not in _LOOKS:
                yield from self._of_bars(f"{place} {key}", value, rows)

    def _of_bars(self, place: str, value: Any, rows: Sequence[tuple[CellId, ...]]) -> Iterator[PageNumber]:
        """A list with one item a bar is about the bars; else what is inside is looked at in its turn."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                if key not in ("color", "colors"):
                    yield from self._of_bars(f"{place}.{key}", item, rows)
        elif isinstance(value, list) and len(value) == len(rows):
            for item, cells in zip(value, rows, strict=True):
                yield from self._found(place, item, cells)
        elif not (place.endswith(" width") and isinstance(value, int | float)):
            yield from self._found(place, value, None)

    def _cells_of_bar(self, trace: Mapping[str, Any], y: Any) -> tuple[CellId, ...]:
        side, label = self._table.dimensions[-1], self._label_at(float(y))
        codes = _upper_codes(side, label)
        if len(self._table.dimensions) == 1:
            return cells_at(self._table, codes)
        first = self._table.dimensions[0]
        if first.name == PERIOD and (years := _upper_codes(first, label)):
            # A series of years: a row is the total of one.
            return cells_at(self._table, years, [TOTAL])
        name = str(trace.get("name", "")) if first.name == PERIOD else self._panel_of(trace)
        return cells_at(self._table, _upper_codes(first, name), codes)

    def _label_at(self, y: float) -> str:
        """The label of the row nearest to a place; the axes of all panels have the same rows."""
        nearest, label = _HALF_ROW, ""
        for key, axis in self._layout.items():
            if key.startswith("yaxis"):
                for place, text in zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=False):
                    if abs(place - y) < nearest:
                        nearest, label = abs(place - y), _plain(text)
        return label

    def _panel_of(self, trace: Mapping[str, Any]) -> str:
        """The heading that stands where the trace's axes begin, without its number."""
        axes = [str(trace.get(name, name[0])) for name in ("xaxis", "yaxis")]
        across, down = (self._layout[f"{axis[0]}axis{axis[1:]}"]["domain"] for axis in axes)
        for note in self._layout.get("annotations", ()):
            is_here = note.get("xref") == "paper" and _is_near(note["x"], across[0]) and _is_near(note["y"], down[1])
            if is_here:
                return re.sub(r"\s*\([^()]*\)$", "", _plain(re.sub(r"</?b>", "", note["text"])))
        return ""

    def _annotation(self, note: Mapping[str, Any], place: str) -> Iterator[PageNumber]:
        cells = None
        if note.get("xref") != "paper":
            cells = self._cell_at.get((str(note.get("yref", "y")), round(float(note["y"]), 6)), ())
        for key, value in note.items():
            if key == "x" and cells is not None and not value:
                continue  # The foot of a bar that is not drawn.
            if key == "x" and cells is None or key in ("y", "xshift", "xref", "yref", "yanchor"):
                continue
            yield from self._found(f"{place}.{key}", value, cells)

    def _setting(self, key: str, value: Any) -> Iterator[PageNumber]:
        if isinstance(value, Mapping):
            for name, item in value.items():
                yield from self._setting(f"{key}.{name}", item)
        elif key.endswith(".anchor") and _AXIS.fullmatch(str(value)):
            return
        elif _COUNT_AXIS.fullmatch(key):
            yield from self._count_axis(key, value)
        elif isinstance(value, bool) or not (_PLACES.fullmatch(key) and _is_numeric(value)):
            yield from self._found(key, value, None)

    def _count_axis(self, key: str, value: Any) -> Iterator[PageNumber]:
        """An axis must not reach farther than the bars that are shown: its end would tell of a hidden one."""
        longest = max(1, *(bar for trace in self._traces for bar in trace["x"] if _is_numeric(bar)), 1)
        numbers = [number for item in value for number in self._found(key, item, None)]
        if key.endswith("range"):
            room = float(max(number.value for number in numbers)) / longest
            is_right = room <= _MOST_ROOM and _is_near(room * _ROOM_STEPS, round(room * _ROOM_STEPS))
            yield from () if is_right else numbers
        else:
            yield from (number for number in numbers if number.value > longest)

    def _found(self, place: str, value: Any, cells: tuple[CellId, ...] | None) -> Iterator[PageNumber]:
        """The numbers inside a value of JSON."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                yield from self._found(f"{place}.{key}", item, cells)
        elif isinstance(value, list):
            for item in value:
                yield from self._found(place, item, cells)
        elif isinstance(value, str):
            text = self._known.without_them(_plain(value))
            for number, is_share in read_numbers(text, self._known.language):
                yield self._number(place, number, cells, is_share)
        elif _is_numeric(value) and math.isfinite(value):
            yield self._number(place, Decimal(str(value)), cells, False)

    def _number(self, place: str, value: Decimal, cells: tuple[CellId, ...] | None, is_share: bool) -> PageNumber:
        return PageNumber(self._table.id, place, value, is_share, cells is not None, cells or ())


def _upper_codes(dimension: TableDimension, label: str) -> list[str]:
    """The codes of the upper level and the missing answers that are called so, in either language."""
    return [code.code for code in dimension.codes if not code.parent and label in (code.label.fr, code.label.en)]


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<br\s*/?>", " ", text))


def _is_numeric(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_numeric(item) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6
