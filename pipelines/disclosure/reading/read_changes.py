"""The sentences on what changed since the year before: each number at the cells that the sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.page_numbers import (
    WHOLE_IN_TENTHS,
    CellId,
    KnownTexts,
    PageNumber,
    cells_at,
    in_minutes,
    read_numbers,
)
from pipelines.disclosure.reading.read_html import PageChange
from pipelines.disclosure.release_table import Release, ReleaseTable

_SENTENCE_END = re.compile(r"(?<=\.)\s+")
_QUOTED = r"[«“]\s*{}\s*[»”]"


def change_numbers(change: PageChange, release: Release, known: KnownTexts) -> Iterator[PageNumber]:
    """A sentence names an answer between quotes, or tells of the total; a rise is told of its own two numbers."""
    table = release.table(change.id)
    for loose in change.texts:
        for sentence in _SENTENCE_END.split(loose.text):
            cells = _cells_named(table, sentence)
            numbers = list(read_numbers(known.without_them(in_minutes(sentence)), known.language))
            counts = [value for value, is_share in numbers if not is_share]
            for value, is_share in numbers:
                if not (is_share and is_change(value, counts)):
                    yield PageNumber(table.id, f"changes {loose.place}", value, is_share, True, cells)


def _cells_named(table: ReleaseTable, sentence: str) -> tuple[CellId, ...]:
    years = [code.code for code in table.dimensions[0].codes]
    answers = [
        code.code
        for side in table.dimensions[1:]
        for code in side.codes
        if any(re.search(_QUOTED.format(re.escape(label)), sentence) for label in (code.label.fr, code.label.en))
    ]
    return cells_at(table, years, answers or [TOTAL])


def is_change(share: Decimal, counts: Sequence[Decimal]) -> bool:
    """Whether it is what the second number is more, or less, than the first, in tenths of a percent."""
    if len(counts) != 2 or not counts[0]:
        return False
    before, after = counts
    return abs(share * before - WHOLE_IN_TENTHS * abs(after - before)) <= before
