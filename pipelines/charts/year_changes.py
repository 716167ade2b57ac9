"""What became of a number since the year before, in words, from the cells that are shown and no others.

A sentence says that a number rose or fell only where both years are whole, follow each other and no break parts them:
half a year on paper must not look like a fall, nor two years of growth like one. Of a number that is hidden in either
year nothing is said, whatever it is.
"""

from __future__ import annotations

from pipelines.charts.chart import YearChange
from pipelines.charts.counted_rows import write_value
from pipelines.charts.wording import units_of
from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language
from pipelines.tables.dimension import TableCode
from pipelines.tables.percentages import share_of


def total_change(table: ReleaseTable, language: Language) -> list[str]:
    """The total of a table by year, set beside that of the year before."""
    years = _comparable(table)
    if years is None:
        return []
    told = _both(table, years, TOTAL)
    if told is None or _is_rounding(table, *told):
        return []
    old, new = told
    which = _named(table, years, told, language) | {"units": units_of(table, language)}
    if old == new:
        return [language.say("From {first} to {last}, {units}: {after}, as before.", **which)]
    if not old or table.is_rounded:
        return [language.say("From {first} to {last}, {units}: from {before} to {after}.", **which)]
    which["change"] = language.percent(share_of(abs(new - old), old))
    if new > old:
        return [language.say("From {first} to {last}, {units}: from {before} to {after}, up {change}.", **which)]
    return [language.say("From {first} to {last}, {units}: from {before} to {after}, down {change}.", **which)]


def largest_change(table: ReleaseTable, language: Language) -> list[str]:
    """The answer whose number changed the most, of those that are shown in both years."""
    years = _comparable(table)
    if years is None:
        return []
    answers = [code for code in table.dimensions[1].classes if not code.parent]
    told = {code.code: both for code in answers if (both := _both(table, years, code.code)) is not None}
    changed = [code for code in answers if code.code in told and told[code.code][0] != told[code.code][1]]
    if not changed:
        return []
    most = max(changed, key=lambda code: abs(told[code.code][1] - told[code.code][0]))
    if _is_rounding(table, *told[most.code]):
        return []
    which = _named(table, years, told[most.code], language) | {"label": most.label}
    if len(told) < len(answers):
        return [language.say("Largest change of the numbers shown: “{label}”, from {before} to {after}.", **which)]
    return [language.say("Largest change: “{label}”, from {before} to {after}.", **which)]


def tell_changes(table: ReleaseTable, language: Language) -> tuple[YearChange, ...]:
    """What is said of a table by year where a report begins: its total, then the answer that changed the most."""
    sentences = [*total_change(table, language), *largest_change(table, language)]
    return (YearChange(table.id, " ".join(sentences)),) if sentences else ()


def _comparable(table: ReleaseTable) -> tuple[TableCode, TableCode] | None:
    """The year before the last, and the last; None where they are not to be compared, or one lacks between them."""
    years = table.dimensions[0].classes
    if len(years) < 2 or years[-2].is_part or years[-1].is_part or years[-1].is_after_break:
        return None
    before, last = years[-2:]
    # A year is called by the one in which it begins: `2019`, `2023-2024`.
    return (before, last) if int(last.code[:4]) == int(before.code[:4]) + 1 else None


def _both(table: ReleaseTable, years: tuple[TableCode, TableCode], code: str) -> tuple[int, int] | None:
    """The number of an answer in both years; None where one is not shown."""
    before, after = (table.by_codes.get((year.code, code)) for year in years)
    if before is None or after is None or before.value is None or after.value is None:
        return None
    return before.value, after.value


def _is_rounding(table: ReleaseTable, old: int, new: int) -> bool:
    """Whether rounding alone may have made the difference: each number is less than its base away."""
    return table.is_rounded and old != new and abs(new - old) < 2 * table.rounding


def _named(
    table: ReleaseTable, years: tuple[TableCode, TableCode], told: tuple[int, int], language: Language
) -> dict[str, object]:
    old, new = (write_value(value, language, table.unit.measure) for value in told)
    return {"first": years[0].label, "last": years[1].label, "before": old, "after": new}
