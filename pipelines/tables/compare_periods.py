"""Put the years at hand side by side: the same table counted over each, with the year as first dimension.

A year that the export covers only in part is left out and named: set beside whole years it would
look like a fall.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import product

from pipelines.codes import TOTAL
from pipelines.config import Centre, Period
from pipelines.language import Text
from pipelines.model.build_database import PeriodAtHand
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.tables.table_spec import Catalogue, TableSpec

BY_YEAR = "_by_year"
#: Requests must begin and end at most this many days from the year's ends for the year to be whole.
EDGE_DAYS = 45


def split_by_coverage(
    at_hand: Sequence[PeriodAtHand], centre: Centre, up_to: Period
) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """The years up to one of them, parted into whole years and years covered in part."""
    edge = datetime.timedelta(days=EDGE_DAYS)
    whole: list[Period] = []
    part: list[Period] = []
    for found in at_hand:
        period = found.period
        if period.first_day > up_to.first_day:
            continue
        reaches_both_ends = (
            found.first_request <= period.first_day + edge and found.last_request >= period.last_day - edge
        )
        is_whole = reaches_both_ends and period.label not in centre.period.partial
        (whole if is_whole else part).append(period)
    return tuple(whole), tuple(part)


def compare_years(
    spec: TableSpec, tables: Sequence[CountTable], catalogue: Catalogue, part: Sequence[Period]
) -> CountTable:
    """The tables of the whole years as one, at the level of classes; the years in part are told in notes."""
    first, last = tables[0], tables[-1]
    years = TableDimension(
        PERIOD,
        catalogue.comparison.year,
        tuple(TableCode(table.period, Text(table.period, table.period)) for table in tables),
        is_ordered=True,
    )
    dimensions = (years, *_common_dimensions(tables))
    return CountTable(
        id=spec.id + BY_YEAR,
        title=_filled(catalogue.comparison.title, title=spec.title),
        unit=spec.unit,
        unit_label=last.unit_label,
        population=spec.population,
        period=last.period if first is last else f"{first.period} – {last.period}",
        dimensions=dimensions,
        cells=_side_by_side(tables, dimensions) if last.is_collected else (),
        notes=last.notes + tuple(_filled(catalogue.comparison.partial_year, year=Text(p.label, p.label)) for p in part),
        is_collected=last.is_collected,
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
            cells.append(CountedCell((table.period, *codes), cell.count, cell.person_count))
    return tuple(cells)


def _filled(pattern: Text, **parameters: Text) -> Text:
    """A text of the catalogue with its braces filled, in both languages."""
    return Text(
        pattern.fr.format(**{name: text.fr for name, text in parameters.items()}),
        pattern.en.format(**{name: text.en for name, text in parameters.items()}),
    )
