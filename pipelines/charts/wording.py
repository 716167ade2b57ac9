"""The sentences around a chart: title, subtitle, missing answers, notes."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.charts.counted_rows import SIGNS, CountedRow, CountedRows, say_count, write_value
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language
from pipelines.tables.percentages import WHOLE, share_of
from pipelines.units import Measure

#: The kind of missing answer of a question that does not concern the unit.
NOT_APPLICABLE = "sans_objet"
_VOWELS = "aeiouyhàâéèêëîïôœù"


def of_units(table: ReleaseTable, language: Language) -> str:
    """`of requests`, `de demandes`, `d'agressions`."""
    units = units_of(table, language)
    if units[:1].casefold() in _VOWELS:
        return language.say("of {vowel_units}", vowel_units=units)
    return language.say("of {units}", units=units)


def units_of(table: ReleaseTable, language: Language) -> str:
    """What is counted, in the plural."""
    return table.unit_label.in_language(language)


def chart_title(table: ReleaseTable, language: Language) -> str:
    """The table's title and what is counted in it."""
    title = table.title.in_language(language)
    return language.say("{title}: number {of_units}", title=title, of_units=of_units(table, language))


def period_of(table: ReleaseTable, language: Language) -> str:
    """The year of a table, with how much of it the export covers where that is not all."""
    if table.coverage is None:
        return table.period
    return language.say("{year} ({covered})", year=table.period, covered=table.coverage)


def count_and_period(table: ReleaseTable, rows: CountedRows, language: Language) -> str:
    """How many units the percentages are of, and when."""
    if rows.measure is not Measure.COUNT:
        return _amount_and_period(table, rows, language)
    units, period = units_of(table, language), period_of(table, language)
    if rows.base is None and rows.total.value is not None:
        return language.say(
            "{period}; {count} {units}; the number with an answer is hidden",
            period=period,
            count=rows.total.value,
            units=units,
        )
    if rows.base is None:
        return language.say(
            "{period}; the number {of_units} is hidden", period=period, of_units=of_units(table, language)
        )
    if rows.dimension.is_multi_answer:
        return language.say(
            "{period}; n = {count} {units}, several answers possible", period=period, count=rows.base, units=units
        )
    if rows.total.value is None or rows.total.value == rows.base:
        return language.say("{period}; n = {count} {units}", period=period, count=rows.base, units=units)
    return language.say(
        "{period}; n = {count} {units} with an answer, of {total}",
        period=period,
        count=rows.base,
        units=units,
        total=rows.total.value,
    )


def _amount_and_period(table: ReleaseTable, rows: CountedRows, language: Language) -> str:
    """The same for hours and sums of money, which are no number of things."""
    units, period, total = units_of(table, language), period_of(table, language), rows.total.value
    size = total if rows.base is None else rows.base
    if size is None:
        return language.say(
            "{period}; the number {of_units} is hidden", period=period, of_units=of_units(table, language)
        )
    count = write_value(size, language, rows.measure)
    if total is None or total == size:
        return language.say("{period}; {units}: {count}", period=period, units=units, count=count)
    return language.say(
        "{period}; {units}: {count} with an answer, of {total}",
        period=period,
        units=units,
        count=count,
        total=write_value(total, language, rows.measure),
    )


def missing_sentence(rows: CountedRows, language: Language) -> str:
    """How many units have no answer, and of which kinds."""
    return _missing(missing_heading(rows, language), rows, language)


def missing_heading(rows: CountedRows, language: Language) -> str:
    """What stands over the missing answers; a question that does not apply is not one left open."""
    if any(row.code == NOT_APPLICABLE for row in rows.shown_missing):
        return language.say("No answer or not applicable")
    return language.say("No answer")


def missing_of_side(rows: CountedRows, language: Language) -> str:
    """The same for one side of a two-way table, which it names."""
    side = inside_sentence(rows.dimension.title.in_language(language))
    return _missing(language.say("No answer ({side})", side=side), rows, language)


def _missing(subject: str, rows: CountedRows, language: Language) -> str:
    count, total = rows.missing_count, rows.total.value
    if count is None:
        return language.say("{subject}: the number is hidden.", subject=subject)
    if count == 0:
        return language.say("{subject}: none.", subject=subject)
    kinds = list_rows(rows.shown_missing, language)
    written = write_value(count, language, rows.measure)
    if not total or count > total:  # as rounded numbers can be
        return language.say("{subject}: {count} ({kinds}).", subject=subject, count=written, kinds=kinds)
    return language.say(
        "{subject}: {count} of {total}, or {share} ({kinds}).",
        subject=subject,
        count=written,
        total=write_value(total, language, rows.measure),
        share=language.percent(share_of(count, total)),
        kinds=kinds,
    )


def missing_of_years(years: Iterable[tuple[str, CountedRows]], language: Language) -> str:
    """How many units of each year have no answer."""
    told = list(years)
    missing = {year: rows.missing_count for year, rows in told}
    subject = language.say("No answer")
    if set(missing.values()) == {None}:
        return language.say("{subject}: the number is hidden.", subject=subject)
    if set(missing.values()) == {0}:
        return language.say("{subject}: none.", subject=subject)
    counts = "; ".join(
        language.say("{label}: {count}", label=year, count=say_count(rows.missing_count, language, rows.measure))
        for year, rows in told
    )
    return language.say("No answer ({counts}).", counts=counts)


def known_answers(years: Iterable[tuple[str, CountedRows]], language: Language) -> tuple[str, ...]:
    """How many of the units of each year have an answer, those that the question does not concern left out.

    Nothing where every answer is known; a year of which a number is hidden is not told.
    """
    shares = []
    for year, rows in years:
        not_applicable = sum(row.known_count or 0 for row in rows.missing if row.code == NOT_APPLICABLE)
        asked = None if rows.total.value is None else rows.total.value - not_applicable
        if rows.missing_count is not None and asked and 0 <= rows.missing_count - not_applicable <= asked:
            shares.append((year, share_of(asked - rows.missing_count + not_applicable, asked)))
    if all(share == WHOLE for _, share in shares):
        return ()
    told = "; ".join(
        language.say("{label}: {count}", label=year, count=language.percent(share)) for year, share in shares
    )
    return (language.say("Known answers ({counts}).", counts=told),)


def sizes_of_years(years: Iterable[tuple[str, CountedRows]], language: Language) -> str:
    """What the shares of each year are shares of; the totals, where that is hidden in every year."""
    sizes = [(year, rows.base, rows.total.value, rows.measure) for year, rows in years]
    has_base = any(base is not None for _, base, _, _ in sizes)
    return "; ".join(
        language.say("{label}: {count}", label=year, count=say_count(base if has_base else total, language, measure))
        for year, base, total, measure in sizes
    )


def list_rows(rows: Iterable[CountedRow], language: Language) -> str:
    """Labels and counts in one line."""
    return "; ".join(language.say("{label}: {count}", label=row.label, count=row.count_text(language)) for row in rows)


def table_notes(table: ReleaseTable, language: Language) -> tuple[str, ...]:
    """What a reader must know: who is counted, several answers, and the notes of the catalogue of tables."""
    population = table.population.in_language(language)
    notes = [language.say("What is counted: {population}.", population=population.rstrip("."))] if population else []
    is_cross_table = len(table.dimensions) == 2 and not table.dimensions[0].is_time
    if table.is_collected and table.dimensions[-1].is_multi_answer and not is_cross_table:
        notes.append(_several_answers(table, language))
    if any(cell.status is CellStatus.HIDDEN for cell in table.cells):
        notes.append(language.say("{sign}: number hidden to protect people.", sign=SIGNS[CellStatus.HIDDEN]))
    return (*notes, *(note.in_language(language) for note in table.notes))


def _several_answers(table: ReleaseTable, language: Language) -> str:
    units = units_of(table, language)
    if any(cell.value is not None for cell in table.cells if cell.codes[-1] == TOTAL):
        return language.say(
            "Several answers are possible: each percentage is of all the {units}, and together they exceed 100%.",
            units=units,
        )
    return language.say("Several answers are possible: the same {units} may count in several bars.", units=units)


def short_label(label: str, width: int = 60) -> str:
    """The label, cut where it must be; its no-break spaces stay, which `textwrap.shorten` would lose."""
    return label if len(label) <= width else label[: width - 1].rstrip() + "…"


def inside_sentence(title: str) -> str:
    """A title as it is written inside a sentence: without its capital, unless it begins with an acronym."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
