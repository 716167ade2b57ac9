"""One query builder counts every table: distinct units, with all the margins, at every level asked for.

Every name in the SQL comes from the column dictionary; all the years are counted at once. Beside each
count stands the number of distinct persons behind it, which protection needs: one person with five
requests is one person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import product
from typing import NamedTuple

import duckdb

from pipelines.codes import TOTAL, Vocabularies, Vocabulary
from pipelines.config import Centre, Period
from pipelines.language import Text
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.tables.table_spec import Catalogue, Level, TableSpec
from pipelines.tables.untold_codes import untold_codes, without_codes
from pipelines.units import DIMENSIONS, UNIT_TABLES, Dimension, Unit, UnitTable


class Calendar(Enum):
    """By which years units are counted: the name of a year on a row of the root table, and what must be joined for it.

    `SINCE` counts in each year of the centre all the units up to its end: a person of several years is one person.
    """

    YEAR = ("{root}.{period}", "")
    SCHOOL = ("{root}.school_year", "")
    SINCE = (
        "up_to.label",
        "join period as own on own.label = {root}.{period} join period as up_to on up_to.first_day >= own.first_day",
    )


#: The answer of a unit that has no record at all where the dimension is told.
NO_RECORD = "non_disponible"


@dataclass(frozen=True)
class CountedCell:
    """One cell, margins included; `codes` has one code a dimension, `_total` for a margin.

    `is_recorded` is false where there are records, and none of them tells the number that is added up.
    """

    codes: tuple[str, ...]
    count: int
    person_count: int
    is_recorded: bool = True


@dataclass(frozen=True)
class CountTable:
    """A table of true counts: for the analyst and for protection, never for a reader."""

    id: str
    title: Text
    unit: Unit
    unit_label: Text
    population: Text
    period: str
    dimensions: tuple[TableDimension, ...]
    cells: tuple[CountedCell, ...]
    notes: tuple[Text, ...]
    is_collected: bool
    #: Codes of the first dimension whose units are not of the population.
    leaves_out: tuple[str, ...] = ()
    #: How much of the year's records the export holds, where it is known not to hold all.
    coverage: Text | None = None

    @property
    def periods(self) -> tuple[str, ...]:
        """The years that the table tells: its own, or those that it compares."""
        years = [code.code for dimension in self.dimensions if dimension.name == PERIOD for code in dimension.codes]
        return tuple(years) or (self.period,)


class Tally(NamedTuple):
    """The units of a cell and the persons behind them; `is_recorded` as in `CountedCell`."""

    units: int
    person_count: int
    is_recorded: bool = True


#: What the query gave: for each year, the tally of every combination of codes that occurs.
Counted = dict[str, dict[tuple[str, ...], Tally]]


def count_units(connection: duckdb.DuckDBPyConnection, spec: TableSpec, calendar: Calendar = Calendar.YEAR) -> Counted:
    """Count the units of a table in every year at once, by leaf code, class code and margin."""
    counted: Counted = {}
    for period, *codes, count, person_count, recorded in connection.execute(counting_query(spec, calendar)).fetchall():
        counted.setdefault(period, {})[tuple(codes)] = Tally(count, person_count, recorded > 0)
    return counted


def counting_query(spec: TableSpec, calendar: Calendar = Calendar.YEAR) -> str:
    """The SQL of a table: one row per year and cell that is not empty."""
    unit = UNIT_TABLES[spec.unit]
    together = f"{'max' if unit.is_largest else 'sum'}({unit.adds})"
    counted = f"cast(coalesce({together}, 0) as bigint)" if unit.adds else "count(distinct unit_key)"
    dimensions = [DIMENSIONS[name] for name in spec.dimensions]
    numbered = range(1, len(dimensions) + 1)
    classes = [f"coalesce(list_{n}.parent, code_{n}) as class_{n}" for n in numbered]
    code_lists = [
        f"left join code as list_{n} on list_{n}.vocabulary = '{d.vocabulary}' and list_{n}.code = code_{n}"
        for n, d in enumerate(dimensions, 1)
    ]
    # A grouping set for every choice, on each side, of leaf, class or margin.
    choices = product(*((f"code_{n}", f"class_{n}", "") for n in numbered))
    sets = [f"({', '.join(['period', *filter(None, choice)])})" for choice in choices]
    shown = [
        f"case when grouping(code_{n}) = 0 then code_{n} when grouping(class_{n}) = 0 then class_{n} else '{TOTAL}' end"
        for n in numbered
    ]
    left_out = "".join(f" and code_1 <> '{code}'" for code in spec.leaves_out)
    # Every name in this text is of the column dictionary or of the catalogue; nothing comes from data.
    return f"""
        with units as (
            {_units_query(unit, dimensions, calendar)}
        ),
        classed as (
            select units.*, {", ".join(classes)} from units {" ".join(code_lists)}
        )
        select period, {", ".join(shown)}, {counted}, count(distinct person_key), count({unit.adds or "*"})
        from classed
        where period is not null{left_out}
        group by grouping sets ({", ".join(sets)})
    """  # noqa: S608


def _units_query(unit: UnitTable, dimensions: Sequence[Dimension], calendar: Calendar) -> str:
    """Each unit with its year, the person behind it, what it adds, and its codes."""
    root = root_table(unit.table)
    period, years = (part.format(root=root, period=unit.period) for part in calendar.value)
    person = f"{root}.person_key" if root in _ABOUT_PERSONS else "null"
    adds = [f"{unit.table}.{unit.adds}"] if unit.adds else []
    codes = [
        f"coalesce({d.table_for(unit.table)}.{d.column}, '{NO_RECORD}') as code_{n}"
        for n, d in enumerate(dimensions, 1)
    ]
    return f"""
            select
                {period} as period,
                {unit.table}.{unit.key} as unit_key,
                {person} as person_key,
                {", ".join((*adds, *codes))}
            from {unit.table}
            {" ".join((*_joins(unit.table, dimensions, adds=bool(unit.adds)), years))}
    """.strip()  # noqa: S608


def make_table(
    spec: TableSpec, counted: Counted, catalogue: Catalogue, centre: Centre, vocabularies: Vocabularies, period: Period
) -> CountTable:
    """One year of what was counted; a dimension that the centre's export does not hold makes it "not collected"."""
    sides = [DIMENSIONS[name] for name in spec.dimensions]
    needed = (UNIT_TABLES[spec.unit].needs, *(dimension.source for dimension in sides))
    untold = {code for dimension in sides for code in untold_codes(dimension, centre, vocabularies)}
    is_collected = all(centre.collects(*column) for column in needed) and not any(
        dimension.code_sources and untold >= dimension.code_sources.keys() for dimension in sides
    )
    of_year = counted.get(period.label, {}) if is_collected else {}
    dimensions = tuple(
        _without(
            _table_dimension(
                dimension, catalogue, vocabularies, spec.level, period, {codes[place] for codes in of_year}
            ),
            () if place else spec.leaves_out,
        )
        for place, dimension in enumerate(sides)
    )
    dimensions, absent = without_codes(dimensions, untold if is_collected else ())
    note = centre.notes.get(spec.id)
    return CountTable(
        id=spec.id,
        title=spec.title,
        unit=spec.unit,
        unit_label=catalogue.unit[spec.unit].label,
        population=spec.population,
        period=period.label,
        dimensions=dimensions,
        cells=tuple(_complete(dimensions, of_year)) if is_collected else (),
        notes=spec.notes + ((note,) if note else ()) + absent,
        is_collected=is_collected,
        leaves_out=spec.leaves_out,
    )


_KEYS = {
    "core_request": "request_id",
    "core_aggression": "aggression_id",
    "core_activity": "activity_id",
    "core_evaluation": "evaluation_id",
}
#: The tables at the top, with a year, that name the person helped.
_ABOUT_PERSONS = frozenset(
    {"core_request", "core_meeting", "core_accompaniment", "core_kit", "core_attendance", "core_group_person"}
    | {"core_follow_up", "core_waiting", "core_waiting_at_year_end", "core_unmet_need", "core_aid"}
)
#: The table through which each core table reaches its request.
_ABOVE = {
    "core_aggression": "core_request",
    "core_aggression_form": "core_aggression",
    "core_aggressor_link": "core_aggression",
    "core_referral": "core_request",
    "core_disposition": "core_request",
    "core_residence": "core_request",
    "core_person": "core_request",
    "core_person_public": "core_request",
    "core_discrimination": "core_request",
    "core_audience": "core_activity",
    "core_evaluation_answer": "core_evaluation",
}


def root_table(table: str) -> str:
    """The core table that says in which year a row of this one counts."""
    while table in _ABOVE:
        table = _ABOVE[table]
    return table


def _joins(unit_table: str, dimensions: Sequence[Dimension], *, adds: bool) -> Iterator[str]:
    """From the unit up to the table with its year, then to the dimensions' tables that were not met on the way."""
    joined = [unit_table]
    while joined[-1] in _ABOVE:
        above = _ABOVE[joined[-1]]
        yield f"left join {above} on {joined[-1]}.{_KEYS[above]} = {above}.{_KEYS[above]}"
        joined.append(above)
    for dimension in dimensions:
        if dimension.table_for(unit_table) in joined:
            continue
        if adds:
            # A second row beside a unit would add its minutes twice.
            raise AssertionError(f"{dimension.name} is not told of each {unit_table}")
        above = _ABOVE[dimension.table]
        if above not in joined:
            raise AssertionError(f"{dimension.name} does not belong to one {unit_table}")
        condition = f" and {dimension.table}.{dimension.only_where}" if dimension.only_where else ""
        yield f"left join {dimension.table} on {above}.{_KEYS[above]} = {dimension.table}.{_KEYS[above]}{condition}"
        joined.append(dimension.table)


def _table_dimension(
    dimension: Dimension,
    catalogue: Catalogue,
    vocabularies: Vocabularies,
    level: Level,
    period: Period,
    occurring: set[str],
) -> TableDimension:
    """Every code in use that year, even at zero, and the kinds of missing answer that occur."""
    vocabulary = vocabularies[dimension.vocabulary]
    settings = catalogue.dimension[dimension.name]
    return TableDimension(
        name=dimension.name,
        title=settings.title,
        codes=tuple(_headings(vocabulary, level, period, occurring)) + tuple(_missing(vocabularies.missing, occurring)),
        is_ordered=settings.is_ordered,
        is_multi_answer=settings.is_multi_answer,
    )


def _without(dimension: TableDimension, leaves_out: Sequence[str]) -> TableDimension:
    """The side without the codes whose units are not of the population: a zero there would say that nobody is."""
    return replace(dimension, codes=tuple(code for code in dimension.codes if code.code not in leaves_out))


def _headings(vocabulary: Vocabulary, level: Level, period: Period, occurring: set[str]) -> Iterator[TableCode]:
    for code in vocabulary.codes:
        if level is Level.CLASS and code.parent or level is Level.LEAF and code not in vocabulary.leaves:
            continue
        if code.code in occurring or code.is_valid(period.first_day, period.last_day):
            parent, within = (code.parent, "") if level is Level.BOTH else ("", code.parent)
            yield TableCode(code.code, Text(code.label_fr, code.label_en), parent, within=within)


def _missing(kinds: Vocabulary, occurring: set[str]) -> Iterator[TableCode]:
    for kind in kinds.codes:
        if kind.code in occurring:
            yield TableCode(kind.code, Text(kind.label_fr, kind.label_en), is_missing=True)


def _complete(dimensions: Sequence[TableDimension], counted: dict[tuple[str, ...], Tally]) -> Iterator[CountedCell]:
    """Every cell of the table, those that nobody is in at zero."""
    sides = [[*(code.code for code in dimension.codes), TOTAL] for dimension in dimensions]
    for codes in product(*sides):
        yield CountedCell(codes, *counted.get(codes, Tally(0, 0)))
