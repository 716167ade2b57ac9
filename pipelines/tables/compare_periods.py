"""Put the years at hand side by side: the same table counted over each, with the year as first dimension.

A year that the export covers only in part is left out and named: set beside whole years it would
look like a fall.
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
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.tables.table_spec import Catalogue, TableSpec

BY_YEAR = "_by_year"
#: Requests must begin and end at most this many days from the year's ends for the year to be whole.
EDGE_DAYS = 45


@dataclass(frozen=True)
class Coverage:
    """The years up to one of them: those that the export covers whole, in part, and not at all."""

    whole: tuple[Period, ...]
    part: tuple[Period, ...]
    absent: tuple[Period, ...]


def cover(at_hand: Sequence[PeriodAtHand], centre: Centre, up_to: Period) -> Coverage:
    """Part the years by how the export covers them; years before the first request are not asked for."""
    found = {each.period: each for each in at_hand if each.period.first_day <= up_to.first_day}
    whole: list[Period] = []
    part: list[Period] = []
    absent: list[Period] = []
    period = min(found, key=lambda each: each.first_day, default=up_to)
    while period.first_day <= up_to.first_day:
        if period not in found:
            absent.append(period)
        else:
            (whole if _is_whole(found[period], centre) else part).append(period)
        period = period_of(centre.period, period.last_day + datetime.timedelta(days=1))
    return Coverage(tuple(whole), tuple(part), tuple(absent))


def _is_whole(found: PeriodAtHand, centre: Centre) -> bool:
    edge = datetime.timedelta(days=EDGE_DAYS)
    begins = found.first_request <= found.period.first_day + edge
    ends = found.last_request >= found.period.last_day - edge
    return begins and ends and found.period.label not in centre.period.partial


def compare_years(
    spec: TableSpec, tables: Sequence[CountTable], catalogue: Catalogue, coverage: Coverage
) -> CountTable:
    """The tables of the whole years as one, at the level of classes; the other years are told in notes."""
    words = catalogue.comparison
    notes = [_filled(words.partial_year, year=Text(year.label, year.label)) for year in coverage.part]
    notes += [_filled(words.absent_year, year=Text(year.label, year.label)) for year in coverage.absent]
    first, last = tables[0], tables[-1]
    years = TableDimension(
        PERIOD,
        words.year,
        tuple(TableCode(table.period, Text(table.period, table.period)) for table in tables),
        is_ordered=True,
    )
    dimensions = (years, *_common_dimensions(tables))
    return CountTable(
        id=spec.id + BY_YEAR,
        title=_filled(words.title, title=spec.title),
        unit=spec.unit,
        unit_label=last.unit_label,
        population=spec.population,
        period=last.period if first is last else f"{first.period} – {last.period}",
        dimensions=dimensions,
        cells=_side_by_side(tables, dimensions) if last.is_collected else (),
        notes=(*last.notes, *notes),
        is_collected=last.is_collected,
        leaves_out=last.leaves_out,
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
    for table in tables:
        counted = {cell.codes: cell for cell in table.cells}
        sides = [[*(code.code for code in dimension.codes), TOTAL] for dimension in dimensions[1:]]
        for codes in product(*sides):
            cell = counted.get(codes, CountedCell(codes, 0, 0))
            cells.append(replace(cell, codes=(table.period, *codes)))
    return tuple(cells)


def _filled(pattern: Text, **parameters: Text) -> Text:
    """A text of the catalogue with its braces filled, in both languages."""
    return Text(
        pattern.fr.format(**{name: text.fr for name, text in parameters.items()}),
        pattern.en.format(**{name: text.en for name, text in parameters.items()}),
    )
