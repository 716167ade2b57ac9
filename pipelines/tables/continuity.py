"""What a reader must know before years are compared: breaks in a series, and records that a year is known to lack."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.config import Centre, Period
from pipelines.continuity import BreakSettings, CoverageSettings, covered_share
from pipelines.entities import DATE_OF_RECORD
from pipelines.language import Language, Text, both_languages, msg
from pipelines.tables.count_table import CountTable
from pipelines.tables.counting_query import root_table
from pipelines.tables.dimension import TableCode
from pipelines.tables.table_spec import TableSpec
from pipelines.units import DIMENSIONS, UNIT_TABLES


@dataclass(frozen=True)
class Covered:
    """How much of the records of a year the export holds, as said beside its numbers, and why."""

    words: Text
    note: Text


def records_of(spec: TableSpec) -> str:
    """The kind of record whose days say which years of a table are at hand."""
    unit = UNIT_TABLES[spec.unit]
    named = (unit.at_hand_as, root_table(unit.table).removeprefix("core_"), unit.needs[0])
    return next((entity for entity in named if entity in DATE_OF_RECORD), "request")


def columns_of(spec: TableSpec) -> tuple[tuple[str, str], ...]:
    """Every column that a table is made from, with its kind of record: the first are those it cannot do without."""
    unit, sides, root = UNIT_TABLES[spec.unit], [DIMENSIONS[name] for name in spec.dimensions], records_of(spec)
    of_codes = [(source.entity, source.column) for side in sides for source in side.code_sources.values()]
    told = (unit.needs, *(side.source for side in sides), (root, DATE_OF_RECORD[root]), *of_codes)
    return tuple(dict.fromkeys(told))


def cover_of(spec: TableSpec, centre: Centre, period: Period) -> Covered | None:
    """What the centre says of the records that this year lacks for this table; None where it lacks none."""
    shares: list[int | None] = []
    reasons: dict[Text, None] = {}
    for entity in dict.fromkeys(entity for entity, _ in columns_of(spec)):
        spans = [span for span in centre.coverage if span.entity == entity and _touches(span, centre, period)]
        if spans:
            shares.append(covered_share(spans, centre.period.first_month, period.first_day, period.last_day))
            reasons.update(dict.fromkeys(span.reason for span in spans))
    if not shares:
        return None
    known = [share for share in shares if share is not None]
    if len(known) == len(shares):
        words = both_languages(msg("{share} of it covered", share=_percent(min(known))))
    else:
        words = both_languages(msg("covered in part"))
    why = Text("; ".join(each.fr for each in reasons), "; ".join(each.en for each in reasons))
    year = Text(period.label, period.label)
    return Covered(words, both_languages(msg("{year}, {covered}: {reason}.", year=year, covered=words, reason=why)))


def with_cover(table: CountTable, covered: Covered | None) -> CountTable:
    """The table with what its year lacks said in it."""
    if covered is None:
        return table
    return replace(table, coverage=covered.words, notes=(*table.notes, covered.note))


def year_code(period: Period, covered: Covered | None, *, is_after_break: bool) -> TableCode:
    """The heading of a year, with how much of it is covered: it goes wherever a number of that year goes."""
    label = Text(period.label, period.label)
    if covered is not None:
        label = both_languages(msg("{year} ({covered})", year=label, covered=covered.words))
    return TableCode(period.label, label, is_part=covered is not None, is_after_break=is_after_break)


def breaks_of(
    spec: TableSpec, centre: Centre, first_day: datetime.date, last_day: datetime.date
) -> list[BreakSettings]:
    """The breaks of a table's series that lie between these days, the earliest first."""
    month = centre.period.first_month
    found = [each for each in centre.breaks if each.touches(columns_of(spec))]
    return sorted((each for each in found if first_day < each.day(month) <= last_day), key=lambda each: each.day(month))


def after_break(spec: TableSpec, centre: Centre, years: Sequence[Period]) -> tuple[bool, ...]:
    """For each year, whether a break parts it from the one before; one inside a year parts it from both."""
    parted = [bool(breaks_of(spec, centre, a.first_day, b.last_day)) for a, b in zip(years, years[1:], strict=False)]
    return (False, *parted) if years else ()


def break_notes(spec: TableSpec, centre: Centre, years: Sequence[Period]) -> tuple[Text, ...]:
    """Each break between the years that are told, in words."""
    if len(years) < 2:
        return ()
    return tuple(
        both_languages(
            msg(
                "Break in the series on {date}: {what}. Numbers before and after it are not to be compared.",
                date=_date(each.day(centre.period.first_month)),
                what=each.what,
            )
        )
        for each in breaks_of(spec, centre, years[0].first_day, years[-1].last_day)
    )


def _touches(span: CoverageSettings, centre: Centre, period: Period) -> bool:
    begins, ends = span.days(centre.period.first_month)
    return begins <= period.last_day and ends >= period.first_day


def _percent(share: int) -> Text:
    return Text(*(Language(code).percent(10 * share) for code in ("fr", "en")))


def _date(day: datetime.date) -> Text:
    return Text(*(Language(code).date(day) for code in ("fr", "en")))
