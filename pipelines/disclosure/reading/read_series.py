"""A series of years as a page shows it: a line and a bar for the total of each year, and what is said of the change.

The lines of such a table are headed by units, each that of another table by year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.page_numbers import (
    CellId,
    PageNumber,
    cells_at,
    read_durations,
    read_numbers,
)
from pipelines.disclosure.reading.read_changes import is_change
from pipelines.disclosure.reading.read_html import LooseText, PageCell, PageChart
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Language, Message
from pipelines.tables.dimension import PERIOD
from pipelines.units import Measure

#: What is said of two years; each reader's language has its own words for them.
_CHANGES = (
    "From {first} to {last}, {units}: {after}, as before.",
    "From {first} to {last}, {units}: from {before} to {after}, up {change}.",
    "From {first} to {last}, {units}: from {before} to {after}, down {change}.",
    "From {first} to {last}, {units}: from {before} to {after}.",
)
_NAMES = ("first", "last", "units", "before", "after", "change")


@dataclass(frozen=True)
class Series:
    """The tables by year that the lines of a chart may be, by their unit in small letters."""

    tables: Mapping[str, Sequence[ReleaseTable]]

    def tables_of(self, units: str) -> Sequence[ReleaseTable]:
        """The tables that count these units: none, if the chart has no line of them."""
        return self.tables.get(units.strip().casefold(), ())

    @property
    def holds_hours(self) -> bool:
        """Whether lengths of time are among what is said."""
        return any(table.unit.measure is Measure.MINUTES for tables in self.tables.values() for table in tables)

    def cells(self, chart: PageChart, table: ReleaseTable) -> Iterator[tuple[PageCell, tuple[CellId, ...], bool]]:
        """Each cell of the lines with those of the release that it is about, and whether it is a length of time."""
        years: list[list[str]] = []
        for row in chart.rows:
            if not row.kind:
                years = [years_called(table, cell.text) for cell in row.cells]
            tables = self.tables_of(row.cells[0].text) if row.kind else ()
            is_length = any(told.unit.measure is Measure.MINUTES for told in tables)
            for cell, across in zip(row.cells, years, strict=False):
                yield cell, tuple(found for told in tables for found in cells_at(told, across, [TOTAL])), is_length


def read_series(chart: PageChart, table: ReleaseTable, release: Release) -> Series | None:
    """The series that a chart shows; None where it shows the classes of one table."""
    lines = [row.cells[0].text for row in chart.rows if row.kind == "total" and row.cells]
    is_of_totals = all(row.kind in ("", "total") for row in chart.rows)
    if not (_is_by_year(table) and lines and is_of_totals) or len(table.dimensions) != 2:
        return None
    tables: dict[str, list[ReleaseTable]] = {}
    for other in release.tables:
        if _is_by_year(other) and [side.name for side in other.dimensions] == [side.name for side in table.dimensions]:
            for label in {other.unit_label.fr.casefold(), other.unit_label.en.casefold()}:
                tables.setdefault(label, []).append(other)
    series = Series({label: told for label, told in tables.items() if label in {_folded(line) for line in lines}})
    return series if all(series.tables_of(line) for line in lines) else None


def _is_by_year(table: ReleaseTable) -> bool:
    return bool(table.dimensions) and table.dimensions[0].name == PERIOD


def _folded(text: str) -> str:
    return text.strip().casefold()


def years_called(table: ReleaseTable, label: str) -> list[str]:
    """The codes of the years of a table that are called so, in either language."""
    return [code.code for code in table.dimensions[0].codes if label.strip() in (code.label.fr, code.label.en)]


def series_changes(series: Series, loose: LooseText, language: str) -> tuple[list[PageNumber], str]:
    """The numbers of the sentences about two years, each at its cell, and the text without these sentences."""
    rest, numbers = loose.text, []
    for pattern in (_pattern(msgid, Language(language)) for msgid in _CHANGES):
        for match in pattern.finditer(rest):
            said = match.groupdict()
            if tables := series.tables_of(said["units"]):
                numbers += list(_numbers_of(tables, said, loose.place, language))
        rest = pattern.sub(lambda match: " " if series.tables_of(match["units"]) else match[0], rest)
    return numbers, rest


def _pattern(msgid: str, language: Language) -> re.Pattern[str]:
    names = [name for name in _NAMES if f"{{{name}}}" in msgid]
    said = language.text(Message(msgid, {name: f"\x00{name}\x00" for name in names}))
    words = re.sub(r"(\\?\s|\u00a0)+", r"\\s+", re.escape(said).replace("\\\x00", "\x00"))
    # A full stop inside a number ends no sentence.
    return re.compile(re.sub("\x00(\\w+)\x00", r"(?P<\1>[^:]+?)", words) + r"(?!\d)")


def _numbers_of(
    tables: Sequence[ReleaseTable], said: Mapping[str, str], place: str, language: str
) -> Iterator[PageNumber]:
    for name, year in (("before", said["first"]), ("after", said["last"])):
        cells = tuple(cell for table in tables for cell in cells_at(table, years_called(table, year), [TOTAL]))
        for value in _values(tables[0], said.get(name, ""), language):
            yield PageNumber(tables[0].id, place, value, False, True, cells)
    for share, _ in read_numbers(said.get("change", ""), language):
        if not any(_is_told_change(table, said, share) for table in tables):
            yield PageNumber(tables[0].id, place, share, True, True, ())


def _values(table: ReleaseTable, text: str, language: str) -> Iterator[Decimal]:
    if table.unit.measure is Measure.MINUTES:
        return read_durations(text, language, are_decimal=False)
    return (value for value, _ in read_numbers(text, language))


def _is_told_change(table: ReleaseTable, said: Mapping[str, str], share: Decimal) -> bool:
    """Whether the totals shown of both years give this share."""
    cells = [
        table.by_codes.get((code, TOTAL)) for year in ("first", "last") for code in years_called(table, said[year])
    ]
    return is_change(share, [Decimal(cell.value) for cell in cells if cell is not None and cell.value is not None])
