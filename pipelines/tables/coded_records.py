"""Every record of the years at hand as the codes that tables are made of: what protection reasons about.

A record is the finest thing that is counted: one link to an aggressor, an aggression without any, a
request without any. It counts as a request where it is the first of its request, and as an aggression
where it is the first of its aggression, so that tables of different units are sums over the same records.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.storage import publish_file, staging_name
from pipelines.tables.counting_query import NO_RECORD
from pipelines.tables.dimension import PERIOD
from pipelines.units import FAMILIES, PERSON_BEHIND, RECORD_DIMENSIONS, RECORD_UNITS, REQUESTS, Family, Unit

#: The person that a record is about, as a number that means nothing outside its file.
PERSON = "person"
#: The length of what a record of services is about, in whole minutes.
MINUTES = "minutes"
#: Between the answers of one unit to a question that allows several.
_SEPARATOR = "|"
_MARKS = {unit: f"is_{unit.value}" for family in FAMILIES for unit in family.units}


@dataclass(frozen=True)
class CodedRecords:
    """One line a record, one column a dimension: true data about persons, never to be published.

    `columns` holds `period`, `person`, one yes/no mark a unit (`is_request`), and each dimension by its leaf
    code; the answers to a question that allows several are joined by `|`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def by_column(self) -> Mapping[str, tuple[str, ...]]:
        """The values of each column, in the order of the rows."""
        sides = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        return dict(zip(self.columns, sides, strict=True))

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The years that the records are of, sorted."""
        return tuple(sorted(set(self.by_column[PERIOD])))

    def of_periods(self, periods: Sequence[str]) -> CodedRecords:
        """The records of these years alone."""
        place = self.columns.index(PERIOD)
        return CodedRecords(self.columns, tuple(row for row in self.rows if row[place] in periods))

    def joined_with(self, other: CodedRecords) -> CodedRecords:
        """Both sets of records; a dimension that one of them lacks is not told there."""
        columns = tuple(dict.fromkeys((*self.columns, *other.columns)))
        return CodedRecords(columns, (*_arranged(self, columns), *_arranged(other, columns)))

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that the records may count as: those of their family."""
        return tuple(unit for unit, mark in _MARKS.items() if mark in self.columns)

    @cached_property
    def kinds(self) -> tuple[tuple[Unit, ...], ...]:
        """The kinds of record that occur: the units that one counts as at once, the fullest first."""
        units = self.units
        marks = zip(*(self.by_column[_MARKS[unit]] for unit in units), strict=True)
        held = {tuple(unit for unit, mark in zip(units, row, strict=True) if mark == "yes") for row in marks}
        return tuple(sorted(held, key=lambda kind: (-len(kind), kind)))


def mark_of(unit: Unit) -> str:
    """The column that says whether a record counts as this unit."""
    return _MARKS[unit]


def answers_of(value: str) -> frozenset[str]:
    """The codes in a cell of a question that allows several answers."""
    return frozenset(value.split(_SEPARATOR))


def read_family_records(
    connection: duckdb.DuckDBPyConnection, family: Family, several_answers: frozenset[str]
) -> CodedRecords:
    """The records of a family, of every year; those of requests as `read_coded_records` tells."""
    if family is REQUESTS:
        return read_coded_records(connection, several_answers)
    dimensions = [dimension.name for dimension in family.dimensions]
    minutes = [MINUTES] if family.minutes else []
    columns = (PERIOD, PERSON, *(_MARKS[unit] for unit in family.units), *dimensions, *minutes)
    rows = connection.execute(_query_of_rows(family)).fetchall()
    return CodedRecords(columns, tuple(tuple(map(str, row)) for row in rows))


def _query_of_rows(family: Family) -> str:
    """A record for each row of the family's core table."""
    marks = ", ".join(f"if({condition}, 'yes', 'no')" for condition in ("true", *family.marks))
    codes = [f"coalesce({dimension.column}, '{NO_RECORD}')" for dimension in family.dimensions]
    told = ", ".join([*codes, *([f"coalesce({family.minutes}, 0)"] if family.minutes else [])])
    # Every name in this text is of the column dictionary; nothing comes from data.
    return f"""
        select period, dense_rank() over (order by {PERSON_BEHIND[family.table]}) as person, {marks}, {told}
        from {family.table}
        where period is not null
        order by all
    """  # noqa: S608


def read_coded_records(connection: duckdb.DuckDBPyConnection, several_answers: frozenset[str]) -> CodedRecords:
    """The records of every year of a centre's database, in an order that is always the same.

    `several_answers`: the dimensions of which one unit may carry several codes.
    """
    columns = (PERIOD, PERSON, *(_MARKS[unit] for unit in RECORD_UNITS), *RECORD_DIMENSIONS)
    rows = connection.execute(_query(several_answers)).fetchall()
    return CodedRecords(columns, tuple(tuple(map(str, row)) for row in rows))


def write_coded_records(records: CodedRecords, path: Path) -> None:
    """Keep records as a private Parquet file: what a published year was counted from."""
    import polars as pl

    frame = pl.DataFrame(dict(records.by_column), schema=dict.fromkeys(records.columns, pl.String))
    temporary = staging_name(path)
    try:
        frame.write_parquet(temporary)
        publish_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def load_coded_records(path: Path) -> CodedRecords:
    """Read such a file back."""
    import polars as pl

    frame = pl.read_parquet(path)
    return CodedRecords(tuple(frame.columns), tuple(frame.rows()))


def _arranged(records: CodedRecords, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    places = [records.columns.index(name) if name in records.columns else None for name in columns]
    for row in records.rows:
        yield tuple(NO_RECORD if place is None else row[place] for place in places)


def _query(several_answers: frozenset[str]) -> str:
    told = [_told(name, several_answers) for name in RECORD_DIMENSIONS]
    # Every name in this text is of the column dictionary; nothing comes from data.
    return f"""
        with records as (
            select
                core_request.period,
                dense_rank() over (order by core_request.person_key) as person,
                core_request.request_id,
                core_aggression.aggression_id,
                core_aggressor_link.link_id
            from core_request
            left join core_aggression on core_aggression.request_id = core_request.request_id
            left join core_aggressor_link on core_aggressor_link.aggression_id = core_aggression.aggression_id
            where core_request.period is not null
        ),
        placed as (
            select
                records.*,
                row_number() over (partition by request_id order by aggression_id, link_id) as of_request,
                row_number() over (partition by request_id, aggression_id order by link_id) as of_aggression
            from records
        )
        select
            period,
            person,
            if(of_request = 1, 'yes', 'no'),
            if(aggression_id is not null and of_aggression = 1, 'yes', 'no'),
            if(link_id is not null, 'yes', 'no'),
            {", ".join(told)}
        from placed
        order by all
    """  # noqa: S608


def _told(name: str, several_answers: frozenset[str]) -> str:
    """The code of a dimension on a record: a scalar subquery, so that no join repeats a record."""
    dimension = RECORD_DIMENSIONS[name]
    key = _KEYS[dimension.table]
    condition = f"{dimension.table}.{key} = placed.{key}"
    if dimension.only_where:
        condition += f" and {dimension.table}.{dimension.only_where}"
    code = f"coalesce({dimension.column}, '{NO_RECORD}')"
    together = f"string_agg(distinct {code}, '{_SEPARATOR}' order by {code})"
    chosen = together if name in several_answers else f"min({code})"
    return f"coalesce((select {chosen} from {dimension.table} where {condition}), '{NO_RECORD}')"  # noqa: S608


#: How a core table is found from a record.
_KEYS = {
    "core_request": "request_id",
    "core_aggression": "aggression_id",
    "core_aggression_form": "aggression_id",
    "core_aggressor_link": "link_id",
    "core_referral": "request_id",
    "core_disposition": "request_id",
    "core_residence": "request_id",
}
