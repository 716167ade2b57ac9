"""Sentences that a person pastes into her own text, from the shown cells of a table and nothing else.

They agree in number and gender with what they count. A cell that is not shown has no sentence at all: neither
a word about it, nor a number from which it could be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.charts.comparable_years import first_comparable
from pipelines.charts.counted_rows import CountedRow, CountedRows, as_drawn, read_rows, write_value
from pipelines.charts.wording import missing_of_years, missing_sentence, of_units, period_of
from pipelines.codes import TOTAL
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language, msg_count
from pipelines.tables.table_spec import UnitSettings
from pipelines.units import Measure, Unit


def table_sentences(table: ReleaseTable, words: Mapping[Unit, UnitSettings], language: Language) -> tuple[str, ...]:
    """The total of a table, then each of its answers; of years, their totals and what became of each answer.

    Of a table with two sides that are no years, the answers of the first, then those of the second in each.
    """
    if not table.is_collected:
        return ()
    counted = _Counted(table, words[table.unit], language)
    if not table.dimensions:
        return (counted.total(table.total.value, period_of(table, language)),)
    if table.dimensions[0].is_time:
        return tuple(_of_years(table, counted, language))
    return tuple(_of_answers(table, counted, language))


def _of_answers(table: ReleaseTable, counted: _Counted, language: Language) -> Iterator[str]:
    others = [TOTAL] * (len(table.dimensions) - 1)
    rows = read_rows(table, language, None, *others)
    yield counted.total(rows.total.value, period_of(table, language))
    yield from counted.answers(rows)
    yield missing_sentence(rows, language)
    if len(table.dimensions) == 2:
        for panel in rows.answered:
            if panel.value:
                yield from counted.answers(read_rows(table, language, panel.code, None), panel.label)


def _of_years(table: ReleaseTable, counted: _Counted, language: Language) -> Iterator[str]:
    if len(table.dimensions) != 2:
        return
    classes = table.dimensions[0].classes
    years = [(code.label.in_language(language), read_rows(table, language, code.code, None)) for code in classes]
    if len(years) < 2:
        # The table of the year says it all.
        return
    for year, rows in years:
        yield counted.total(rows.total.value, year)
    place = first_comparable(classes)
    if place is not None:
        yield from counted.changes(years[place], years[-1])
    yield missing_of_years(years, language)


@dataclass(frozen=True)
class _Counted:
    """How the units of a table are spoken of."""

    table: ReleaseTable
    words: UnitSettings
    language: Language

    def total(self, value: int | None, period: str) -> str:
        """How many there are; in a word, where that is hidden."""
        say = self.language.say
        if value is None:
            return say("For {period}, the number {of_units} is hidden.", period=period, of_units=self._of_units)
        if self.table.unit.measure is not Measure.COUNT:
            total = self._written(value)
            return say("For {period}, the total is {total} ({units}).", period=period, total=total, units=self._many)
        if value == 0 and self.words.is_feminine:
            return say("For {period}, there is not one {unit}.", period=period, unit=self._one)
        if value == 0:
            return say("For {period}, there is no {unit}.", period=period, unit=self._one)
        return self.language.text(
            msg_count(
                "For {period}, there is {count} {units}.",
                "For {period}, there are {count} {units}.",
                value,
                period=period,
                units=self._named(value),
            )
        )

    def answers(self, rows: CountedRows, group: str = "") -> Iterator[str]:
        """One sentence for each answer that is shown; `group`: the answer of another question that all of them gave."""
        size = rows.total.value if rows.base is None else rows.base
        if size == 0 or rows.total.value == 0:
            return
        for row in rows.answered:
            if row.value is not None:
                yield (
                    self._alone(row, group)
                    if size is None
                    else self._among(row, size, self._of_group(rows, size, group))
                )

    def changes(self, first: tuple[str, CountedRows], last: tuple[str, CountedRows]) -> Iterator[str]:
        """What each answer was in two years that may be compared, where both are shown."""
        before = {row.code: row for row in first[1].answered}
        for row in last[1].answered:
            earlier = before[row.code]
            if row.value is not None and earlier.value is not None:
                yield self.language.say(
                    "“{label}”: {before} in {first}, {after} in {last}.",
                    label=row.label,
                    before=earlier.full_text(self.language),
                    first=first[0],
                    after=row.full_text(self.language),
                    last=last[0],
                )

    def _among(self, row: CountedRow, size: int, units: str) -> str:
        """An answer, and what it is a part of."""
        assert row.value is not None
        say = self.language.say
        if self.table.unit.measure is not Measure.COUNT:
            among = say("Of {base} ({units})", base=self._written(size), units=units)
        elif size == 1:
            return self._only(row, units)
        else:
            among = say("Among the {base} {units}", base=size, units=units)
        if row.value == 0 and self.words.is_feminine:
            return say("{among}, not one comes under “{label}”.", among=among, label=row.label)
        if row.value == 0:
            return say("{among}, none comes under “{label}”.", among=among, label=row.label)
        return self.language.text(
            msg_count(
                "{among}, {told} comes under “{label}”.",
                "{among}, {told} come under “{label}”.",
                self._as_seen(row.value),
                among=among,
                told=row.full_text(self.language),
                label=row.label,
            )
        )

    def _only(self, row: CountedRow, unit: str) -> str:
        """Of a single one: it is there, or it is not."""
        say, told = self.language.say, {"unit": unit, "label": row.label}
        if row.value:
            if self.words.is_feminine:
                return say("The one {unit} comes under “{label}”.", **told)
            return say("The only {unit} comes under “{label}”.", **told)
        if self.words.is_feminine:
            return say("The one {unit} does not come under “{label}”.", **told)
        return say("The only {unit} does not come under “{label}”.", **told)

    def _alone(self, row: CountedRow, group: str) -> str:
        """An answer of which nobody may know what it is a part of."""
        assert row.value is not None
        period, say = period_of(self.table, self.language), self.language.say
        units = self._grouped(self._named(row.value), group, row.value)
        if self.table.unit.measure is not Measure.COUNT:
            told = say("{total} ({units})", total=self._written(row.value), units=units)
        elif row.value == 0 and self.words.is_feminine:
            return say(
                "For {period}, not one {unit} comes under “{label}”.", period=period, unit=units, label=row.label
            )
        elif row.value == 0:
            return say("For {period}, no {unit} comes under “{label}”.", period=period, unit=units, label=row.label)
        else:
            told = say("{count} {units}", count=row.value, units=units)
        return self.language.text(
            msg_count(
                "For {period}, {told} comes under “{label}”.",
                "For {period}, {told} come under “{label}”.",
                self._as_seen(row.value),
                period=period,
                told=told,
                label=row.label,
            )
        )

    def _of_group(self, rows: CountedRows, size: int, group: str) -> str:
        """The units that an answer is a part of: all of them, or those with an answer."""
        units = self._grouped(self._named(size), group, size)
        if size == rows.total.value:
            return units
        if group:
            return self.language.say("{units} and with a known answer", units=units)
        return self.language.say("{units} with a known answer", units=units)

    def _grouped(self, units: str, group: str, count: int) -> str:
        if not group:
            return units
        return self.language.text(
            msg_count(
                "{units} that comes under “{group}”",
                "{units} that come under “{group}”",
                self._as_seen(count),
                units=units,
                group=group,
            )
        )

    @property
    def _many(self) -> str:
        return self.table.unit_label.in_language(self.language)

    @property
    def _one(self) -> str:
        return self.words.one.in_language(self.language)

    @property
    def _of_units(self) -> str:
        return of_units(self.table, self.language)

    def _named(self, count: int) -> str:
        """What so many of them are called; hours and dollars are always several."""
        is_single = self.table.unit.measure is Measure.COUNT and count in (0, 1)
        return self._one if is_single else self._many

    def _written(self, value: int) -> str:
        return write_value(value, self.language, self.table.unit.measure)

    def _as_seen(self, value: int) -> int:
        """What a verb agrees with: whole hours or dollars, where these are what a reader sees."""
        return int(as_drawn(value, self.table.unit.measure) or 0)
