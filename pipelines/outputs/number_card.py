"""The card of a number: what it counts, of whom, how many answers are missing, and where it comes from.

Everything in it is told by the release and by its record; nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.charts.counted_rows import write_cell
from pipelines.charts.wording import of_units, units_of
from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable
from pipelines.language import Language
from pipelines.outputs.release_record import ReleaseFacts
from pipelines.tables.dimension import TableCode
from pipelines.units import Measure

_CORE_TABLE = re.compile(r"\bcore_\w+")
#: How much of a fingerprint is shown; the record has the whole of it.
_SHOWN_DIGITS = 16


@dataclass(frozen=True)
class CardLine:
    """One thing that the card says; `kind` is its class on the page."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class NumberCard:
    """The card of one table, which every number of that table has."""

    table: str
    lines: tuple[CardLine, ...]


def number_cards(release: Release, facts: ReleaseFacts | None, language: Language) -> dict[str, NumberCard]:
    """The card of each table of a release; without the facts of its record, where the numbers come from is not told."""
    told_by: dict[str, ReleaseTable] = {}
    cards = {}
    for table in release.tables:
        first = told_by.setdefault(table.query, table)
        lines = (
            *_what(table, language),
            *_how_many(table, language),
            *_where_from(table, facts, language),
            *_query(table, first, language),
        )
        cards[table.id] = NumberCard(table.id, lines)
    return cards


def _what(table: ReleaseTable, language: Language) -> Iterator[CardLine]:
    sides = ", ".join(side.title.in_language(language) for side in table.dimensions)
    counted = language.say("Number {of_units}, by: {sides}.", of_units=of_units(table, language), sides=sides)
    defined = f" {table.definition.in_language(language)}" if table.definition else ""
    yield CardLine("definition", language.say("Definition"), counted + defined)
    units = units_of(table, language)
    if table.unit.measure is Measure.MINUTES:
        units = language.say("{units}, in hours and minutes", units=units)
    if table.unit.measure is Measure.AMOUNT:
        units = language.say("{units}, in dollars and cents", units=units)
    yield CardLine("unit", language.say("Unit"), units)
    yield CardLine("population", language.say("What is counted"), table.population.in_language(language))
    yield CardLine("period", language.say("Period"), table.period)


def _how_many(table: ReleaseTable, language: Language) -> Iterator[CardLine]:
    """The total, and each kind of missing answer; a sign stands for what is hidden, as in the table."""
    label = language.say("No answer")
    if not table.is_collected:
        yield CardLine("n", "n", write_cell(table.cells[0], language))
        return
    years = table.dimensions[0].codes if table.dimensions[0].is_time else ()
    yield CardLine("n", "n", _told(table, (), years, language))
    for place, side in enumerate(table.dimensions):
        if side.is_time:
            continue
        kinds = [
            language.say("{label}: {count}", label=code.label.in_language(language), count=count)
            for code in side.missing
            if (count := _told(table, (place, code.code), years, language))
        ]
        about = f"{label} ({side.title.in_language(language)})" if len(table.dimensions) > 1 else label
        yield CardLine("missing", about, "; ".join(kinds) if kinds else language.say("none"))


def _told(
    table: ReleaseTable, held: tuple[int, str] | tuple[()], years: tuple[TableCode, ...], language: Language
) -> str:
    """The margin where one side holds a code, or the total; of each year, where years are compared."""

    def cell(year: str) -> ReleaseCell:
        codes = [TOTAL] * len(table.dimensions)
        if year:
            codes[0] = year
        if held:
            codes[held[0]] = held[1]
        return table.cell(*codes)

    if not years:
        return write_cell(cell(""), language, table.unit.measure)
    return ", ".join(
        f"{write_cell(cell(year.code), language, table.unit.measure)} ({year.label.in_language(language)})"
        for year in years
    )


def _where_from(table: ReleaseTable, facts: ReleaseFacts | None, language: Language) -> Iterator[CardLine]:
    """The rules that were checked, the run and the files; no number of a case is in them."""
    if facts is None:
        return
    named = _CORE_TABLE.findall(table.query)
    read = list(dict.fromkeys(each for core in named for each in facts.made_of.get(core, (core,))))
    checked = [
        language.say("{count} rules checked on {suite}", count=facts.suites[suite], suite=suite)
        for suite in read
        if suite in facts.suites
    ]
    if checked:
        kept = language.say("None that stops a report is broken.")
        yield CardLine("checks", language.say("Checks passed"), f"{'; '.join(checked)}. {kept}")
    yield CardLine("run", language.say("Run"), facts.release_id)
    files = dict.fromkeys(file for each in read for file in facts.sources.get(each, ()))
    digests = ", ".join(file[:_SHOWN_DIGITS] for file in files)
    text = language.say("load {load}; files {digests}", load=facts.load_id, digests=digests or "–")
    yield CardLine("files", language.say("Fingerprint of the load and of its files"), text)


def _query(table: ReleaseTable, first: ReleaseTable, language: Language) -> Iterator[CardLine]:
    """The query that counted the table; a comparison of years is counted with its own table, and names it."""
    label = language.say("Query")
    if table.query and first is not table:
        same = language.say("the same as for the table “{title}”", title=first.title.in_language(language))
        yield CardLine("same-query", label, same)
    elif table.query:
        yield CardLine("query", label, table.query)
