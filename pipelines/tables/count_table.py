"""One query builder counts every table: distinct units, with all the margins, at every level asked for.

Every name in the SQL comes from the column dictionary; all the years are counted at once. Beside each
count stands the number of distinct persons behind it, which protection needs: one person with five
requests is one person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import duckdb

from pipelines.codes import TOTAL, Vocabularies, Vocabulary
from pipelines.config import Centre, Period
from pipelines.language import Text
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.tables.table_spec import Catalogue, Level, TableSpec
from pipelines.units import DIMENSIONS, PERSON_BEHIND, UNIT_TABLES, Dimension, Unit, UnitTable

#: The answer of a unit that has no record at all where the dimension is told.
NO_RECORD = "non_disponible"


@dataclass(frozen=True)
class CountedCell:
    """One cell, margins included; `codes` has one code a dimension, `_total` for a margin."""

    codes: tuple[str, ...]
    count: int
    person_count: int


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

    @property
    def periods(self) -> tuple[str, ...]:
        """The years that the table tells: its own, or those that it compares."""
        years = [code.code for dimension in self.dimensions if dimension.name == PERIOD for code in dimension.codes]
        return tuple(years) or (self.period,)


#: What the query gave: for each year, counts and persons by every combination of codes that occurs.
Counted = dict[str, dict[tuple[str, ...], tuple[int, int]]]


def count_units(connection: duckdb.DuckDBPyConnection, spec: TableSpec) -> Counted:
    """Count the units of a table in every year at once, by leaf code, class code and margin."""
    counted: Counted = {}
    for period, *codes, count, person_count in connection.execute(counting_query(spec)).fetchall():
        counted.setdefault(period, {})[tuple(codes)] = (count, person_count)
    return counted


def counting_query(spec: TableSpec) -> str:
    """The SQL of a table: one row per year and cell that is not empty."""
    unit = UNIT_TABLES[spec.unit]
    counted = f"cast(coalesce(sum({unit.adds}), 0) as bigint)" if unit.adds else "count(distinct unit_key)"
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
            {_units_query(unit, dimensions)}
        ),
        classed as (
            select units.*, {", ".join(classes)} from units {" ".join(code_lists)}
        )
        select period, {", ".join(shown)}, {counted}, count(distinct person_key)
        from classed
        where period is not null and unit_key is not null{left_out}
        group by grouping sets ({", ".join(sets)})
    """  # noqa: S608


def _units_query(unit: UnitTable, dimensions: Sequence[Dimension]) -> str:
    """Each unit with its year, the person behind it, what it adds, and its codes."""
    root = _root(unit.table)
    person = PERSON_BEHIND.get(root, "null")
    adds = [f"{unit.table}.{unit.adds}"] if unit.adds else []
    codes = [f"coalesce({d.table}.{d.column}, '{NO_RECORD}') as code_{n}" for n, d in enumerate(dimensions, 1)]
    return f"""
            select
                {root}.period,
                {unit.table}.{unit.key} as unit_key,
                {person} as person_key,
                {", ".join((*adds, *codes))}
            from {unit.table}
            {" ".join(_joins(unit.table, dimensions, adds=bool(unit.adds)))}
    """.strip()  # noqa: S608


def make_table(
    spec: TableSpec, counted: Counted, catalogue: Catalogue, centre: Centre, vocabularies: Vocabularies, period: Period
) -> CountTable:
    """One year of what was counted; a dimension that the centre's export does not hold makes it "not collected"."""
    sides = [DIMENSIONS[name] for name in spec.dimensions]
    needed = (UNIT_TABLES[spec.unit].needs, *(dimension.source for dimension in sides))
    is_collected = all(centre.collects(*column) for column in needed)
    of_year = counted.get(period.label, {}) if is_collected else {}
    dimensions = tuple(
        _table_dimension(dimension, catalogue, vocabularies, spec.level, period, {codes[place] for codes in of_year})
        for place, dimension in enumerate(sides)
    )
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
        notes=spec.notes + ((note,) if note else ()),
        is_collected=is_collected,
        leaves_out=spec.leaves_out,
    )


_KEYS = {"core_request": "request_id", "core_aggression": "aggression_id", "core_activity": "activity_id"}
#: The table through which each core table reaches its request.
_ABOVE = {
    "core_aggression": "core_request",
    "core_aggression_form": "core_aggression",
    "core_aggressor_link": "core_aggression",
    "core_referral": "core_request",
    "core_disposition": "core_request",
    "core_residence": "core_request",
    "core_audience": "core_activity",
}


def _root(table: str) -> str:
    """The table that says in which year the unit counts."""
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
        if dimension.table in joined:
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


def _complete(
    dimensions: Sequence[TableDimension], counted: dict[tuple[str, ...], tuple[int, int]]
) -> Iterator[CountedCell]:
    """Every cell of the table, those that nobody is in at zero."""
    sides = [[*(code.code for code in dimension.codes), TOTAL] for dimension in dimensions]
    for codes in product(*sides):
        count, person_count = counted.get(codes, (0, 0))
        yield CountedCell(codes, count, person_count)
