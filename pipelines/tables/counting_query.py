"""The SQL that counts a table: distinct units, with all the margins, at every level asked for.

Every name in it comes from the column dictionary; all the years are counted at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import product

from pipelines.codes import TOTAL
from pipelines.tables.table_spec import TableSpec
from pipelines.units import DIMENSIONS, PERSON_BEHIND, UNIT_TABLES, Dimension, UnitTable


class Calendar(Enum):
    """By which years units are counted: the name of a year on a row of the root table, and what is joined for it.

    `year` stands for the column of the unit's own year.

    `SINCE` counts in each year of the centre all the units up to its end: a person of several years is one person.
    """

    YEAR = ("{year}", "")
    SCHOOL = ("{root}.school_year", "")
    SINCE = (
        "up_to.label",
        "join period as own on own.label = {year} join period as up_to on up_to.first_day >= own.first_day",
    )


#: The answer of a unit that has no record at all where the dimension is told.
NO_RECORD = "non_disponible"
#: How a query names what it has for each dimension, in the order of the table.
_SIDES = ("first", "second", "third")
_BREAK = "\n    "


def counting_query(spec: TableSpec, calendar: Calendar = Calendar.YEAR) -> str:
    """The SQL of a table: one row per year and cell that is not empty.

    Every reader of a page can open it: it holds names of columns, lists and codes, and not one number.
    """
    unit = UNIT_TABLES[spec.unit]
    together = f"{'max' if unit.is_largest else 'sum'}({unit.adds})"
    counted = f"cast({together} as bigint)" if unit.adds else "count(distinct unit_key)"
    dimensions = [DIMENSIONS[name] for name in spec.dimensions]
    sides = _SIDES[: len(dimensions)]
    classes = [f"coalesce({side}_list.parent, {side}_code) as {side}_class" for side in sides]
    code_lists = [
        f"left join code as {side}_list\n        on {side}_list.vocabulary = '{d.vocabulary}'"
        f" and {side}_list.code = {side}_code"
        for side, d in zip(sides, dimensions, strict=True)
    ]
    # A grouping set for every choice, on each side, of leaf, class or margin; what a set leaves out is null in it.
    choices = product(*((f"{side}_code", f"{side}_class", "") for side in sides))
    sets = [f"({', '.join(['period', *filter(None, choice)])})" for choice in choices]
    shown = [f"coalesce({side}_code, {side}_class, '{TOTAL}')" for side in sides]
    left_out = "".join(f" and {sides[0]}_code <> '{code}'" for code in spec.leaves_out)
    # Every name in this text is of the column dictionary or of the catalogue; nothing comes from data.
    return f"""
with units as (
    {_units_query(unit, dimensions, calendar)}
),
classed as (
    select units.*, {", ".join(classes)}
    from units
    {_BREAK.join(code_lists)}
)
select period, {", ".join(shown)}, {counted}, count(distinct person_key), count({unit.adds or "*"})
from classed
where period is not null and unit_key is not null{left_out}
group by grouping sets ({", ".join(sets)})
""".strip()  # noqa: S608


def _units_query(unit: UnitTable, dimensions: Sequence[Dimension], calendar: Calendar) -> str:
    """Each unit with its year, the person behind it, what it adds, and its codes."""
    root = root_table(unit.table)
    period, years = (part.format(root=root, year=f"{root}.{unit.period}") for part in calendar.value)
    person = PERSON_BEHIND.get(root, "null")
    adds = [f"{unit.table}.{unit.adds}"] if unit.adds else []
    codes = [
        f"coalesce({d.table_for(unit.table)}.{d.column}, '{NO_RECORD}') as {side}_code"
        for side, d in zip(_SIDES, dimensions, strict=False)
    ]
    columns = (f"{period} as period", f"{unit.table}.{unit.key} as unit_key", f"{person} as person_key", *adds, *codes)
    tables = (unit.table, *_joins(unit.table, dimensions, adds=bool(unit.adds)), *filter(None, (years,)))
    return f"select {', '.join(columns)}{_BREAK}from {_BREAK.join(tables)}"


_KEYS = {
    "core_request": "request_id",
    "core_aggression": "aggression_id",
    "core_activity": "activity_id",
    "core_evaluation": "evaluation_id",
}
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
