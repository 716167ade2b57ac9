"""The numbers of a sentence that is ready to be pasted, each at the cell whose answer the sentence names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.page_numbers import (
    KnownTexts,
    PageNumber,
    cells_at,
    in_minutes,
    read_numbers,
)
from pipelines.disclosure.reading.read_html import LooseText
from pipelines.disclosure.reading.read_page import sentence_numbers
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language
from pipelines.tables.dimension import PERIOD, TableDimension
from pipelines.units import Measure

#: Where a sentence tells a number as a word.
_IN_WORDS = re.compile(r"\b(?:aucune?|seule?|none|no|not one|only|the one)\b", re.IGNORECASE)
_QUOTED = re.compile(r"«\u00a0(.+?)\u00a0»|“(.+?)”")


def told_numbers(table: ReleaseTable, loose: LooseText, known: KnownTexts) -> Iterator[PageNumber]:
    """The numbers of a sentence; one that names an answer tells its cell, even where it writes no number."""
    text = in_minutes(loose.text) if table.unit.measure is Measure.MINUTES else loose.text
    names = [one or other for one, other in _QUOTED.findall(text)]
    if not names or not table.dimensions:
        yield from sentence_numbers(table, LooseText(loose.place, text), known)
    elif table.dimensions[0].name == PERIOD:
        yield from _of_years(table, names, LooseText(loose.place, text), known)
    else:
        yield from _of_answer(table, names, LooseText(loose.place, text), known)


def _of_answer(table: ReleaseTable, names: Sequence[str], loose: LooseText, known: KnownTexts) -> Iterator[PageNumber]:
    """The last count and its share are the answer's; those before are what it is a part of."""
    sides = [_codes(side, name) for side, name in zip(table.dimensions, names, strict=False)]
    sides += [[TOTAL]] * (len(table.dimensions) - len(sides))
    cells = cells_at(table, *sides) if len(names) <= len(table.dimensions) else ()
    around = _QUOTED.sub(" ", loose.text)
    numbers = list(read_numbers(known.without_them(around), known.language))
    counts = [place for place, (_, is_share) in enumerate(numbers) if not is_share]
    last = counts[-1] if counts else len(numbers)
    if _IN_WORDS.search(around) or not counts:
        # Nobody, or the only one: that is a number too, and only a shown cell may be said to be so small.
        shown = [cell for cell in cells if table.by_codes[cell[1]].value in (0, 1)]
        value = table.by_codes[shown[0][1]].value if shown else 0
        yield PageNumber(table.id, loose.place, Decimal(value or 0), False, True, tuple(shown) or cells)
        last = len(numbers)
    for place, (number, is_share) in enumerate(numbers):
        is_placed = place >= last
        yield PageNumber(table.id, loose.place, number, is_share, is_placed, cells if is_placed else ())


def _of_years(table: ReleaseTable, names: Sequence[str], loose: LooseText, known: KnownTexts) -> Iterator[PageNumber]:
    """The numbers before each year are those of the answer in that year."""
    codes = _codes(table.dimensions[1], names[0]) if len(names) == 1 and len(table.dimensions) == 2 else []
    rest = _QUOTED.sub(" ", loose.text)
    years = {code.label.in_language(Language(known.language)): code.code for code in table.dimensions[0].codes}
    for label, year in years.items():
        before, found, after = rest.partition(label)
        if found:
            for value, is_share in read_numbers(known.without_them(before), known.language):
                yield PageNumber(table.id, loose.place, value, is_share, True, cells_at(table, [year], codes))
            rest = after
    for value, is_share in read_numbers(known.without_them(rest), known.language):
        yield PageNumber(table.id, loose.place, value, is_share, True, ())


def _codes(side: TableDimension, name: str) -> list[str]:
    """The upper codes of a side that have this name."""
    return [code.code for code in side.codes if not code.parent and name in (code.label.fr, code.label.en)]
