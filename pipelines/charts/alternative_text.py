"""The text that stands for a drawing, made from its numbers: at most 250 characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.charts.comparable_years import first_comparable, hatched_years, say_not_comparable
from pipelines.charts.counted_rows import CountedRow, CountedRows, write_value
from pipelines.charts.wording import inside_sentence, period_of, short_label, sizes_of_years, units_of
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language
from pipelines.units import Measure

LONGEST = 250


def describe_bars(table: ReleaseTable, rows: CountedRows, language: Language) -> str:
    """Kind of drawing, period, number, highest, lowest, how many numbers are hidden."""
    units, period = units_of(table, language), period_of(table, language)
    size = rows.total.value if rows.base is None else rows.base
    if size is None:
        head = language.say("Horizontal bars, {period}, {units}.", period=period, units=units)
    elif rows.measure is Measure.COUNT:
        head = language.say("Horizontal bars, {period}, {count} {units}.", period=period, count=size, units=units)
    else:
        total = write_value(size, language, rows.measure)
        head = language.say(
            "Horizontal bars, {period}, {units}: {total} in all.", period=period, units=units, total=total
        )
    return fit_sentences([head, *_extremes(rows, language), *_hidden(rows.hidden_count, language)])


def describe_panels(table: ReleaseTable, panels: Sequence[tuple[str, CountedRows]], language: Language) -> str:
    """How many panels, and the largest count of them all."""
    side, bars = (inside_sentence(dimension.title.in_language(language)) for dimension in table.dimensions[:2])
    head = language.say(
        "Small bar charts, {period}: {bars}, by {side} ({count} panels).",
        period=period_of(table, language),
        bars=bars,
        side=side,
        count=len(panels),
    )
    known = [(panel, row) for panel, rows in panels for row in rows.answered if row.value]
    sentences = [head]
    if known:
        panel, row = max(known, key=lambda pair: pair[1].value or 0)
        which = {
            "panel": short_label(panel, 40),
            "label": short_label(row.label, 40),
            "count": row.count_text(language),
        }
        if any(rows.hides_answers for _, rows in panels):
            sentences.append(language.say("Largest number shown: {panel} and {label}, {count}.", **which))
        else:
            sentences.append(language.say("Largest number: {panel} and {label}, {count}.", **which))
    hidden = sum(rows.hidden_count for _, rows in panels)
    return fit_sentences([*sentences, *_hidden(hidden, language)])


def describe_years(table: ReleaseTable, years: Sequence[tuple[str, CountedRows]], language: Language) -> str:
    """The number of each year, and what became of the class that is largest in the last one.

    It is set beside the first year that it may be compared with: none across a break or a year told in part.
    """
    head = language.say(
        "Bars by year, {units} ({counts}).", units=units_of(table, language), counts=sizes_of_years(years, language)
    )
    last, place = years[-1], first_comparable(table.dimensions[0].classes)
    known = [row for row in last[1].answered if row.value]
    sentences = [head]
    if any(hatched_years(table.dimensions[0].classes)):
        sentences.append(say_not_comparable(language))
    if known and len(years) > 1:
        row = max(known, key=lambda row: row.value or 0)
        which = {"last": last[0], "label": short_label(row.label, 50), "after": row.full_text(language)}
        if place is None:
            sentences.append(_alone(which, language, is_largest=not last[1].hides_answers))
        else:
            first = years[place]
            before = next(other for other in first[1].answered if other.code == row.code)
            which |= {"first": first[0], "before": before.said(language)}
            sentences.append(_beside(which, language, is_largest=not last[1].hides_answers))
    hidden = sum(rows.hidden_count for _, rows in years)
    return fit_sentences([*sentences, *_hidden(hidden, language)])


def _alone(which: Mapping[str, str], language: Language, *, is_largest: bool) -> str:
    if is_largest:
        return language.say("Largest in {last}: {label}, {after}.", **which)
    return language.say("Largest number shown in {last}: {label}, {after}.", **which)


def _beside(which: Mapping[str, str], language: Language, *, is_largest: bool) -> str:
    if is_largest:
        return language.say("Largest in {last}: {label}, {after}; in {first}: {before}.", **which)
    return language.say("Largest number shown in {last}: {label}, {after}; in {first}: {before}.", **which)


def say_nothing_drawn(language: Language) -> str:
    """In the place of a drawing whose every number is hidden."""
    return language.say("No drawing: all its numbers are hidden to protect people. The table holds what can be told.")


def fit_sentences(sentences: Sequence[str]) -> str:
    """As many whole sentences, from the first, as fit."""
    text = short_label(sentences[0], LONGEST)
    for sentence in sentences[1:]:
        if len(text) + 1 + len(sentence) <= LONGEST:
            text = f"{text} {sentence}"
    return text


def _extremes(rows: CountedRows, language: Language) -> list[str]:
    known = [row for row in rows.answered if row.value is not None]
    if not known:
        return []
    highest = max(known, key=lambda row: row.value or 0)
    if not highest.value:
        return [language.say("No case counted.")] if rows.total.value == 0 else []
    if rows.hides_answers:
        return [language.say("Largest of the numbers shown: {row}.", row=_named(highest, language))]
    lowest = min(reversed(known), key=lambda row: row.value or 0)
    sentences = [language.say("Highest: {row}.", row=_named(highest, language))]
    if lowest is not highest:
        sentences.append(language.say("Lowest: {row}.", row=_named(lowest, language)))
    return sentences


def _named(row: CountedRow, language: Language) -> str:
    return f"{short_label(row.label)}, {row.full_text(language)}"


def _hidden(count: int, language: Language) -> list[str]:
    return [language.say("Hidden numbers: {count}.", count=count)] if count else []
