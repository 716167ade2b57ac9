"""Put the years at hand side by side: the same table counted over each, with the year as first dimension.

A year that the export covers only in part is left out and named: set beside whole years it would
look like a fall. A year of which the centre says how much it lacks stays, with that beside its numbers.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from pipelines.codes import TOTAL
from pipelines.config import Centre, Period, period_of
from pipelines.language import Text
from pipelines.model.build_database import PeriodAtHand
from pipelines.tables.continuity import after_break, break_notes, cover_of, year_code
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.tables.dimension import PERIOD, TableDimension
from pipelines.tables.table_spec import Catalogue, TableSpec

BY_YEAR = "_by_year"
#: Requests must begin and end at most this many days from the year's ends for the year to be whole.
EDGE_DAYS = 45
#: Records of other kinds may be few: of `n` in a year, the first comes later than 7/n of it once in a thousand years.
#: What begins after half of it was not there before.
_FEW, _DAYS, _HALF = 7, 365, 182


@dataclass(frozen=True)
class Coverage:
    """The years up to one of them: those that the export covers whole, in part, and not at all."""

    whole: tuple[Period, ...]
    part: tuple[Period, ...]
    absent: tuple[Period, ...]


def cover(
    at_hand: Sequence[PeriodAtHand],
    centre: Centre,
    up_to: Period,
    told: Sequence[str] = (),
    *,
    may_be_few: bool = False,
) -> Coverage:
    """Part the years by how the export covers them; years before the first record are not asked for.

    `told`: years of which the centre says how much they lack. `may_be_few`: of records that may be few, only where
    they begin and where they end can be told from the years between.
    """
    found = {each.period: each for each in at_hand if each.period.first_day <= up_to.first_day}
    whole: list[Period] = []
    part: list[Period] = []
    absent: list[Period] = []
    first = period = min(found, key=lambda each: each.first_day, default=up_to)
    last = max((each.period for each in at_hand), key=lambda each: each.first_day, default=up_to)
    while period.first_day <= up_to.first_day:
        if period not in found:
            absent.append(period)
        elif period.label in told:
            whole.append(period)
        elif may_be_few:
            is_whole = _is_whole_among_few(found[period], centre, is_first=period == first, is_last=period == last)
            (whole if is_whole else part).append(period)
        else:
            (whole if _is_whole(found[period], centre) else part).append(period)
        period = period_of(centre.period, period.last_day + datetime.timedelta(days=1))
    return Coverage(tuple(whole), tuple(part), tuple(absent))


def _is_whole(found: PeriodAtHand, centre: Centre) -> bool:
    edge = datetime.timedelta(days=EDGE_DAYS)
    begins = found.first_day <= found.period.first_day + edge
    ends = found.last_day >= found.period.last_day - edge
    return begins and ends and found.period.label not in centre.period.partial


def _is_whole_among_few(found: PeriodAtHand, centre: Centre, *, is_first: bool, is_last: bool) -> bool:
    edge = datetime.timedelta(days=min(max(EDGE_DAYS, _FEW * _DAYS // found.records), _HALF))
    begins = not is_first or found.first_day <= found.period.first_day + edge
    ends = not is_last or found.last_day >= found.period.last_day - edge
    return begins and ends and found.period.label not in centre.period.partial


def compare_years(
    spec: TableSpec, tables: Sequence[CountTable], catalogue: Catalogue, coverage: Coverage, centre: Centre
) -> CountTable:
    """The tables of the whole years as one, at the level of classes; the other years are told in notes."""
    words, years = catalogue.comparison, coverage.whole
    parted = after_break(spec, centre, years)
    codes = tuple(
        year_code(year, cover_of(spec, centre, year), is_after_break=is_parted)
        for year, is_parted in zip(years, parted, strict=True)
    )
    joined = join_tables(tables, TableDimension(PERIOD, words.year, codes, is_ordered=True))
    first, last = tables[0], tables[-1]
    return replace(
        joined,
        id=spec.id + BY_YEAR,
        title=filled(words.title, title=spec.title),
        period=last.period if first is last else f"{first.period} – {last.period}",
        notes=(*joined.notes, *break_notes(spec, centre, years), *untold_years(coverage, catalogue, last.unit_label)),
    )


def untold_years(coverage: Coverage, catalogue: Catalogue, units: Text) -> tuple[Text, ...]:
    """The years that are covered in part, and those of which there is nothing, in words."""
    words = catalogue.comparison
    return (
        *(filled(words.partial_year, year=_text(year.label), units=units) for year in coverage.part),
        *(filled(words.absent_year, year=_text(year.label), units=units) for year in coverage.absent),
    )


def join_tables(tables: Sequence[CountTable], years: TableDimension) -> CountTable:
    """Tables of one and the same breakdown as one, with `years` as its first dimension, a code a table."""
    last = tables[-1]
    dimensions = (years, *_common_dimensions(tables))
    return replace(
        last,
        dimensions=dimensions,
        cells=_side_by_side(tables, dimensions) if last.is_collected else (),
        notes=tuple(dict.fromkeys(note for table in tables for note in table.notes)),
        coverage=None,
    )


def _common_dimensions(tables: Sequence[CountTable]) -> tuple[TableDimension, ...]:
    """Every code that any of the years uses, in the order of the newest."""
    merged = []
    for place, newest in enumerate(tables[-1].dimensions):
        codes = {code.code: code for table in reversed(tables) for code in table.dimensions[place].codes}
        ordered = sorted(codes.values(), key=lambda code: code.is_missing)
        merged.append(
            TableDimension(newest.name, newest.title, tuple(ordered), newest.is_ordered, newest.is_multi_answer)
        )
    return tuple(merged)


def _side_by_side(tables: Sequence[CountTable], dimensions: Sequence[TableDimension]) -> tuple[CountedCell, ...]:
    """One cell per year and code. There is no total over the years: a person may come back in a later one."""
    cells = []
    for year, table in zip(dimensions[0].codes, tables, strict=True):
        counted = {cell.codes: cell for cell in table.cells}
        sides = [[*(code.code for code in dimension.codes), TOTAL] for dimension in dimensions[1:]]
        for codes in product(*sides):
            cell = counted.get(codes, CountedCell(codes, 0, 0))
            cells.append(replace(cell, codes=(year.code, *codes)))
    return tuple(cells)


def filled(pattern: Text, **parameters: Text) -> Text:
    """A text of the catalogue with its braces filled, in both languages."""
    return Text(
        pattern.fr.format(**{name: text.fr for name, text in parameters.items()}),
        pattern.en.format(**{name: text.en for name, text in parameters.items()}),
    )


def _text(label: str) -> Text:
    return Text(label, label)
