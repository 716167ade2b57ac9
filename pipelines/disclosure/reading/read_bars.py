"""The bars of a table twin: each is the share of its own number in the longest one, and a hidden number has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.disclosure.reading.page_numbers import CellId, PageNumber
from pipelines.disclosure.reading.read_html import LooseText, PageCell
from pipelines.disclosure.release_table import Release

_BAR = re.compile(r"--b:(?P<length>\d{1,3})")
_STYLE = "attribute style"
#: Hours are drawn to a tenth: a bar may be one hundredth away.
_NEAR = 1


def is_bar(text: LooseText) -> bool:
    """Whether this is the length of a bar: any other style is a text like another."""
    return text.place == _STYLE and _BAR.fullmatch(text.text) is not None


def wrong_bars(twin: Sequence[tuple[PageCell, tuple[CellId, ...]]], release: Release) -> Iterator[PageNumber]:
    """The bars that are not as long as the number of their cell says."""
    bars = [
        (int(text.text.removeprefix("--b:")), cells)
        for cell, cells in twin
        for text in cell.hidden_text
        if is_bar(text)
    ]
    longest = max((value for _, cells in bars for value in _values(cells, release)), default=0)
    for length, cells in bars:
        if not any(
            longest and abs(100 * value - length * longest) <= _NEAR * longest for value in _values(cells, release)
        ):
            yield PageNumber(cells[0][0] if cells else "", "bar of a table", Decimal(length), False, True, cells)


def _values(cells: Sequence[CellId], release: Release) -> list[int]:
    found = (release.table(table).cell(*codes).value for table, codes in cells)
    return [value for value in found if value is not None]
