"""Read a published page back, and compare every number in it with the cells that were released.

The page is made from the same cells, by other code; this is who checks that nothing else went into it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.page_numbers import (
    CellId,
    KnownTexts,
    PageNumber,
    TableFacts,
    cells_at,
    in_minutes,
    read_durations,
    read_numbers,
    without_fingerprints,
)
from pipelines.disclosure.reading.read_bars import is_bar, wrong_bars
from pipelines.disclosure.reading.read_changes import change_numbers
from pipelines.disclosure.reading.read_figure import read_figure
from pipelines.disclosure.reading.read_html import (
    LooseText,
    Page,
    PageCard,
    PageCell,
    PageChart,
    PageKeyFigure,
    PageRow,
    take_apart,
)
from pipelines.disclosure.reading.read_series import Series, read_series, series_changes
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.errors import InputRefused
from pipelines.language import LANGUAGES, msg
from pipelines.tables.dimension import PERIOD, TableDimension
from pipelines.units import Measure

#: A page of ours has one and a half megabytes, most of them the drawing library.
LARGEST_PAGE = 20_000_000
_SHARED_SCRIPT = "script"
_FOR_PROGRAMS = "attribute data-raw"
_LENGTH = "table row, length of time"


@dataclass(frozen=True)
class PageLeak:
    """A place of a page that says what the cells do not; never the number itself."""

    table: str
    cells: tuple[CellId, ...]
    place: str


def read_page(text: str, release: Release) -> tuple[PageLeak, ...]:
    """What a page tells beyond the cells of its release: nothing, if all is well.

    Raises `InputRefused` if the text is not a page that a report makes.
    """
    facts = {table.id: TableFacts(table) for table in release.tables}
    page = open_page(text)
    wrong = (number for number in page_numbers(page, release) if not is_explained(number, facts))
    leaks = [PageLeak(number.table, number.cells, number.place) for number in wrong]
    leaks += (leak for chart in page.charts for leak in _wrong_order(chart, release))
    return tuple(dict.fromkeys(leaks))


def open_page(text: str) -> Page:
    """The parts of a page; raises `InputRefused` if it is not one of a report."""
    page = take_apart(text) if len(text) <= LARGEST_PAGE else Page()
    if page.language not in LANGUAGES:
        raise _unreadable()
    return page


def page_numbers(page: Page, release: Release) -> Iterator[PageNumber]:
    """Every number that the page shows of a table, or keeps where nobody looks."""
    known = KnownTexts(release, page.language)
    try:
        for chart in page.charts:
            yield from chart_numbers(chart, release, known)
        for figure in page.key_figures:
            yield from _key_figure_numbers(figure, release, known)
        for change in page.changes:
            yield from change_numbers(change, release, known)
        for card in page.cards:
            yield from _card_numbers(card, release, known)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Whatever the fault, its own words may hold a number: they are not repeated.
        fault = _unreadable()
    else:
        for loose in page.texts:
            if loose.place.startswith(("comment", "attribute", "declaration")):
                yield from _loose("", loose, known)
        return
    raise fault


def is_explained(number: PageNumber, facts: dict[str, TableFacts]) -> bool:
    """Whether what is shown of the cells gives this number at this place."""
    if number.is_placed:
        return any(
            facts[table].is_number_of(codes, number.value, is_share=number.is_share) for table, codes in number.cells
        )
    return number.table in facts and facts[number.table].explains(number.value, is_share=number.is_share)


def _loose(table: str, loose: LooseText, known: KnownTexts) -> Iterator[PageNumber]:
    for value, is_share in read_numbers(known.without_them(loose.text), known.language):
        yield PageNumber(table, loose.place, value, is_share)


def chart_numbers(chart: PageChart, release: Release, known: KnownTexts) -> Iterator[PageNumber]:
    """The numbers of a chart: of its drawing, of the table beside it, of what is said around."""
    table = release.table(chart.id)
    series = read_series(chart, table, release)
    for figure in chart.figures:
        yield from read_figure(figure, table, known)
    twin = list(_twin_cells(chart, table, release, series))
    yield from wrong_bars([(cell, cells) for cell, cells, _, _ in twin], release)
    for cell, cells, is_share, place in twin:
        for text in (LooseText(place, cell.text), *(text for text in cell.hidden_text if not is_bar(text))):
            if place == _LENGTH and not cell.is_heading:
                for minutes in read_durations(text.text, known.language, are_decimal=text.place == _FOR_PROGRAMS):
                    yield PageNumber(table.id, text.place, minutes, False, True, cells)
                continue
            for value, has_sign in read_numbers(known.without_them(_raw(text, known)), known.language):
                in_tenths = value * 10 if is_share and not has_sign else value
                yield PageNumber(table.id, text.place, in_tenths, is_share or has_sign, not cell.is_heading, cells)
    for loose in chart.texts:
        text = loose
        if series is not None:
            changes, rest = series_changes(series, loose, known.language)
            yield from changes
            text = LooseText(loose.place, in_minutes(rest) if series.holds_hours else rest)
        yield from sentence_numbers(table, text, known)


def _raw(text: LooseText, known: KnownTexts) -> str:
    """`data-raw` is for programs: its decimals are after a point in any language."""
    if known.language == "fr" and text.place == _FOR_PROGRAMS:
        return text.text.replace(".", ",")
    return text.text


def sentence_numbers(table: ReleaseTable, loose: LooseText, known: KnownTexts) -> Iterator[PageNumber]:
    """A number right after the name of an answer is about that answer; the others are about the table."""
    rest = loose.text
    if len(table.dimensions) == 1:
        names = {text: code.code for code in table.dimensions[0].codes for text in (code.label.fr, code.label.en)}
        for name in sorted(names, key=lambda name: (-len(name), name)):
            codes = [code.code for code in table.dimensions[0].codes if name in (code.label.fr, code.label.en)]
            pattern = re.compile(rf"(?<!\w){re.escape(name)}\s*[,:(]\s*(?P<told>[\d\s]*\d(?:[.,]\d+)?\s*%?)")
            for match in pattern.finditer(rest):
                for value, is_share in read_numbers(match["told"], known.language):
                    yield PageNumber(table.id, loose.place, value, is_share, True, cells_at(table, codes))
            rest = pattern.sub(" ", rest)
    yield from _loose(table.id, LooseText(loose.place, rest), known)


def _twin_cells(
    chart: PageChart, table: ReleaseTable, release: Release, series: Series | None
) -> Iterator[tuple[PageCell, tuple[CellId, ...], bool, str]]:
    """Each cell of the table twin with the cells of the release that it is about, and whether it is a share."""
    if series is not None:
        for cell, cells, is_length in series.cells(chart, table):
            yield cell, cells, False, _LENGTH if is_length else "table row total"
        return
    side = table.dimensions[0 if len(table.dimensions) == 1 or table.dimensions[0].name != PERIOD else 1]
    columns: list[list[str]] = []
    above: list[str] = []
    measures: list[ReleaseTable | None] = []
    for row in chart.rows:
        if not row.kind:
            columns = [_column_codes(table, cell.text.strip()) for cell in row.cells]
            measures = [_measured(table, cell.text.strip(), release) for cell in row.cells]
        codes = _row_codes(side, row, above)
        above = codes if row.kind == "answer" else above
        for place, cell in enumerate(row.cells):
            told = measures[place] if place < len(measures) else None
            if told is not None:
                is_length = told.unit.measure is Measure.MINUTES
                yield cell, cells_at(told, codes), False, _LENGTH if is_length else f"table row {row.kind}"
                continue
            is_share = len(table.dimensions) == 1 and place == 2
            across = columns[place] if place < len(columns) else []
            yield cell, _crossed(table, codes, across), is_share, f"table row {row.kind}"


def _measured(table: ReleaseTable, heading: str, release: Release) -> ReleaseTable | None:
    """The table that a column of several measures tells: it is headed by its unit."""
    if len(table.dimensions) != 1:
        return None
    beside = (
        other
        for other in release.tables
        if len(other.dimensions) == 1
        and other.dimensions[0].name == table.dimensions[0].name
        and other.period == table.period
    )
    named = (
        other
        for other in beside
        if heading.casefold() in (other.unit_label.fr.casefold(), other.unit_label.en.casefold())
    )
    return next(named, None)


def _crossed(table: ReleaseTable, codes: Sequence[str], across: Sequence[str]) -> tuple[CellId, ...]:
    if len(table.dimensions) == 1:
        return cells_at(table, codes)
    return cells_at(table, across, codes) if table.dimensions[0].name == PERIOD else cells_at(table, codes, across)


def _row_codes(side: TableDimension, row: PageRow, above: Sequence[str]) -> list[str]:
    """The codes of a row's heading: several where two answers have one name."""
    if row.kind == "total":
        return [TOTAL]
    heading = row.cells[0].text.strip() if row.cells else ""
    same = [code for code in side.codes if heading in (code.label.fr.strip(), code.label.en.strip())]
    if row.kind == "detail":
        return [code.code for code in same if code.parent in above]
    return [code.code for code in same if not code.parent and code.is_missing == (row.kind == "missing")]


def _column_codes(table: ReleaseTable, heading: str) -> list[str]:
    if len(table.dimensions) == 1:
        return []
    side = table.dimensions[0] if table.dimensions[0].name == PERIOD else table.dimensions[1]
    codes = [code.code for code in side.codes if not code.parent and heading in (code.label.fr, code.label.en)]
    return codes or ([TOTAL] if heading == "Total" else [])


def _key_figure_numbers(figure: PageKeyFigure, release: Release, known: KnownTexts) -> Iterator[PageNumber]:
    """The number of a unit is the total of a table of it; each year's is that of a comparison."""
    words = {paragraph.text.strip() for paragraph in figure.paragraphs}
    tables = [table for table in release.tables if words & {table.unit_label.fr, table.unit_label.en}]
    for paragraph in figure.paragraphs:
        cells = _totals(tables, paragraph)
        for value, is_share in read_numbers(known.without_them(paragraph.text), known.language):
            yield PageNumber(tables[0].id if tables else "", paragraph.place, value, is_share, True, cells)


def _card_numbers(card: PageCard, release: Release, known: KnownTexts) -> Iterator[PageNumber]:
    """A card says the total of its table, its missing answers, and what no person is counted in."""
    table = release.table(card.id)
    for loose in card.texts:
        text = LooseText(loose.place, without_fingerprints(in_minutes(loose.text)))
        if loose.place == "dd.n" and len(table.dimensions) == 1:
            for value, is_share in read_numbers(known.without_them(text.text), known.language):
                yield PageNumber(table.id, loose.place, value, is_share, True, cells_at(table, [TOTAL]))
        else:
            yield from sentence_numbers(table, text, known)


def _totals(tables: Sequence[ReleaseTable], paragraph: LooseText) -> tuple[CellId, ...]:
    found: list[CellId] = []
    for table in tables:
        if len(table.dimensions) == 1:
            found += cells_at(table, [TOTAL]) if paragraph.place != "p.comparison" else ()
        elif table.dimensions[0].name == PERIOD:
            labels = {code.code: (code.label.fr, code.label.en) for code in table.dimensions[0].codes}
            years = [code for code, both in labels.items() if any(label in paragraph.text for label in both)]
            found += cells_at(table, years, *([TOTAL] for _ in table.dimensions[1:]))
    return tuple(found)


def _wrong_order(chart: PageChart, release: Release) -> Iterator[PageLeak]:
    """Rows sorted by number must not tell where a hidden one stands: those come last, by name."""
    table = release.table(chart.id)
    if len(table.dimensions) != 1 or table.dimensions[0].is_ordered:
        return
    rows = [row for row in chart.rows if row.kind == "answer"]
    codes = [_row_codes(table.dimensions[0], row, ()) for row in rows]
    is_hidden = [bool(of) and all(table.cell(code).value is None for code in of) for of in codes]
    names = [_alphabetical(row.cells[0].text) for row, hidden in zip(rows, is_hidden, strict=True) if hidden]
    if is_hidden != sorted(is_hidden) or names != sorted(names):
        yield PageLeak(table.id, (), "order of rows")


def _alphabetical(label: str) -> str:
    bare = unicodedata.normalize("NFD", label.strip().casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def _unreadable() -> InputRefused:
    return InputRefused(
        msg("A published page cannot be read back"),
        where=msg("in {file}", file="dashboard.html"),
        why=msg("it is not a page that a report makes, or it was changed"),
        to_do=msg("Make the report again, then give its folder"),
    )
