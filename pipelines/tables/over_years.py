"""What is told over more than one year of the centre: who was met since the first year, and school years.

Persons of several years are counted once, which only a pseudonym that lasts allows: without it the table is
"not collected", and says why. A number that counts a returning person twice would be a wrong number.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.codes import TOTAL, Vocabularies
from pipelines.config import Centre, Period
from pipelines.language import Text, both_languages, msg
from pipelines.model.build_database import PeriodAtHand
from pipelines.tables.compare_periods import EDGE_DAYS, Coverage, filled, join_tables, untold_years
from pipelines.tables.continuity import after_break, break_notes, breaks_of, cover_of, year_code
from pipelines.tables.count_table import Counted, CountTable, make_table
from pipelines.tables.counting_query import Calendar, counting_query
from pipelines.tables.dimension import SCHOOL_YEAR, TableCode, TableDimension
from pipelines.tables.table_spec import Catalogue, TableSpec
from pipelines.units import UNIT_TABLES

SINCE, BY_SCHOOL_YEAR = "_since", "_school_year"
#: Of so many persons in each of two years, some come back; where nobody does, the pseudonyms are new each year.
_SOME_RETURN = 30
_SCHOOL_BEGINS = 7


@dataclass(frozen=True)
class Counting:
    """What every table is made with."""

    catalogue: Catalogue
    centre: Centre
    vocabularies: Vocabularies

    def table(self, spec: TableSpec, counted: Counted, period: Period) -> CountTable:
        return make_table(spec, counted, self.catalogue, self.centre, self.vocabularies, period)


@dataclass(frozen=True)
class Told:
    """The years that are counted together, the first at hand to the last, and what is known of them."""

    years: Sequence[Period]
    coverage: Coverage


def since_first_year(spec: TableSpec, counted: Counted, since: Counted, told: Told, counting: Counting) -> CountTable:
    """All the units up to the end of the last year, each once; `since` was counted by `Calendar.SINCE`.

    `spec.since` says who they are.
    """
    years, coverage = told.years, told.coverage
    first, last = years[0], years[-1]
    begins = Text(first.label, first.label)
    table = counting.table(spec, since, last)
    made = replace(
        table,
        id=spec.id + SINCE,
        title=both_languages(msg("{title}, since {year}", title=spec.title, year=begins)),
        population=filled(spec.since or spec.population, year=begins),
        period=last.label if first is last else f"{first.label} – {last.label}",
        query=counting_query(spec, Calendar.SINCE),
    )
    if reason := _why_persons_cannot_be_told_apart(spec, counted, since, years, counting.centre):
        return replace(made, cells=(), is_collected=False, notes=(reason,))
    covers = (cover_of(spec, counting.centre, year) for year in years)
    return replace(
        made,
        notes=(
            *made.notes,
            *(covered.note for covered in covers if covered),
            *break_notes(spec, counting.centre, years),
            *untold_years(replace(coverage, part=()), counting.catalogue, table.unit_label),
            *(_counted_in_part(year) for year in coverage.part),
        ),
    )


def _counted_in_part(year: Period) -> Text:
    label = Text(year.label, year.label)
    return both_languages(msg("{year} is counted in part: the export does not cover all of that year.", year=label))


def _why_persons_cannot_be_told_apart(
    spec: TableSpec, counted: Counted, since: Counted, years: Sequence[Period], centre: Centre
) -> Text | None:
    """The reason for which nobody can say that two persons of two years are one; None where they can be told apart."""
    if not spec.unit.counts_persons:
        return None
    key = UNIT_TABLES[spec.unit].needs
    if not centre.collects(*key):
        return both_languages(
            msg("The export has no pseudonym of persons: nobody can be counted once over several years.")
        )
    if centre.person_keys and not centre.person_keys.are_stable:
        reason = centre.person_keys.reason
        return both_languages(
            msg("Pseudonyms change from year to year ({reason}): nobody can be counted once.", reason=reason)
        )
    named = [each for each in centre.breaks if f"{key[0]}.{key[1]}" in each.concerns]
    for each in breaks_of(spec, centre, years[0].first_day, years[-1].last_day):
        if each in named:
            return both_languages(
                msg("Pseudonyms changed ({reason}): nobody can be counted once over several years.", reason=each.what)
            )
    of_years = [counted.get(year.label, {}).get(_ALL, (0, 0))[0] for year in years]
    is_sum = since.get(years[-1].label, {}).get(_ALL, (0, 0))[0] == sum(of_years)
    if is_sum and sum(count >= _SOME_RETURN for count in of_years) > 1:
        return both_languages(
            msg("No pseudonym of one year is met in another: they seem to be new each year, so nobody is counted once.")
        )
    return None


_ALL = (TOTAL,)


def by_school_year(
    spec: TableSpec, counted: Counted, at_hand: Sequence[PeriodAtHand], year: Period, counting: Counting
) -> CountTable:
    """The school years that a year of the centre straddles; `counted` was counted by `Calendar.SCHOOL`.

    `at_hand`: the years of requests, which say from when to when the export tells.
    """
    years = tuple(dict.fromkeys(school_year_of(day) for day in (year.first_day, year.last_day)))
    told = [_school_code(spec, each, at_hand, counting.centre) for each in years]
    parted = after_break(spec, counting.centre, years)
    codes = tuple(replace(code, is_after_break=is_parted) for code, is_parted in zip(told, parted, strict=True))
    dimension = TableDimension(SCHOOL_YEAR, both_languages(msg("School year")), codes, is_ordered=True)
    joined = join_tables([counting.table(spec, counted, each) for each in years], dimension)
    covers = [covered for each in years if (covered := cover_of(spec, counting.centre, each))]
    straddles = (_straddle_note(year, years),) if len(years) > 1 else ()
    return replace(
        joined,
        id=spec.id + BY_SCHOOL_YEAR,
        title=both_languages(msg("{title}, by school year", title=spec.title)),
        population=both_languages(msg("The activities of each whole school year, from 1 July to 30 June")),
        period=years[-1].label if len(years) == 1 else f"{years[0].label} – {years[-1].label}",
        query=counting_query(spec, Calendar.SCHOOL),
        notes=(
            *joined.notes,
            *straddles,
            *(covered.note for covered in covers),
            *break_notes(spec, counting.centre, years),
        ),
    )


def school_year_of(day: datetime.date) -> Period:
    """The school year of Quebec that holds the day: from 1 July to 30 June (Education Act, s. 13)."""
    begins = day.year if day.month >= _SCHOOL_BEGINS else day.year - 1
    first_day = datetime.date(begins, _SCHOOL_BEGINS, 1)
    next_begins = first_day.replace(year=begins + 1)
    return Period(f"{begins}-{begins + 1}", first_day, next_begins - datetime.timedelta(days=1))


def _school_code(spec: TableSpec, year: Period, at_hand: Sequence[PeriodAtHand], centre: Centre) -> TableCode:
    """The heading of a school year; one that the export does not tell from end to end says so."""
    code = year_code(year, cover_of(spec, centre, year), is_after_break=False)
    edge = datetime.timedelta(days=EDGE_DAYS)
    begins = min((each.first_day for each in at_hand), default=year.last_day) <= year.first_day + edge
    ends = max((each.last_day for each in at_hand), default=year.first_day) >= year.last_day - edge
    if code.is_part or begins and ends:
        return code
    label = Text(year.label, year.label)
    return replace(code, label=both_languages(msg("{year} (in part in the export)", year=label)), is_part=True)


def _straddle_note(year: Period, years: Sequence[Period]) -> Text:
    told, *schools = (Text(each.label, each.label) for each in (year, *years))
    return both_languages(
        msg(
            "The year {year} straddles the school years {first} and {second}.",
            year=told,
            first=schools[0],
            second=schools[1],
        )
    )
