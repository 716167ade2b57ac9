"""Build `cases.duckdb` anew from a load package; the old file stays until the new one is whole."""

from __future__ import annotations

import datetime
from importlib import resources
from pathlib import Path

import duckdb

from pipelines.codes import Vocabularies
from pipelines.columns import DIMENSIONS, ENTITIES, MISSING_SUFFIX, ORIGIN_COLUMNS, Entity, Kind
from pipelines.config import Centre, Period, period_of
from pipelines.ingest.load_package import LoadPackage
from pipelines.model.database import create_database, read_database
from pipelines.storage import make_folder, publish_file, staging_name

DATABASE = "cases.duckdb"
#: In the order in which they are built; a core model reads staging models and the core models before it.
MODELS = (
    "stg_request",
    "stg_aggression",
    "stg_aggression_form",
    "stg_aggressor_link",
    "stg_referral",
    "stg_disposition",
    "stg_residence",
    "core_request",
    "core_aggression",
    "core_aggression_form",
    "core_aggressor_link",
    "core_referral",
    "core_disposition",
    "core_residence",
)
_TYPES = {Kind.DATE: "date", Kind.INTEGER: "bigint", Kind.BOOLEAN: "boolean"}


def build_database(load: LoadPackage, path: Path, centre: Centre, vocabularies: Vocabularies) -> None:
    """Run every model over the load; the file appears under its name only when all are built."""
    make_folder(path.parent)
    temporary = staging_name(path)
    temporary.unlink(missing_ok=True)
    try:
        with create_database(temporary) as connection:
            for entity in ENTITIES.values():
                _load_entity(connection, entity, load.entity_file(entity.name))
            _load_codes(connection, vocabularies)
            _load_periods(connection, centre)
            for model in MODELS:
                connection.execute(f"create table {model} as {model_sql(model)}")
                _require_no_row_lost(connection, model)
            connection.execute("create table build (load_id varchar)")
            connection.execute("insert into build values (?)", [load.load_id])
        publish_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def model_sql(model: str) -> str:
    """The query of a model, as it stands in `pipelines/model/sql/`."""
    return (resources.files("pipelines") / "model" / "sql" / f"{model}.sql").read_text(encoding="utf-8")


def built_from(path: Path) -> str | None:
    """The id of the load that a database was built from; None where there is no database."""
    if not path.is_file():
        return None
    with read_database(path) as connection:
        row = connection.execute("select load_id from build").fetchone()
    return str(row[0]) if row else None


def periods_at_hand(path: Path, centre: Centre) -> tuple[Period, ...]:
    """The years of which the database holds requests, the earliest first."""
    with read_database(path) as connection:
        days = connection.execute("select min(request_date) from core_request group by period").fetchall()
    return tuple(sorted((period_of(centre.period, day) for (day,) in days if day), key=lambda period: period.first_day))


def _load_entity(connection: duckdb.DuckDBPyConnection, entity: Entity, parquet: Path | None) -> None:
    columns = []
    for column in entity.columns:
        columns.append(f"{column.name} {_TYPES.get(column.kind, 'varchar')}")
        if column.kind in (Kind.DATE, Kind.INTEGER):
            columns.append(f"{column.name}{MISSING_SUFFIX} varchar")
    load_id, source_file, source_row = ORIGIN_COLUMNS
    columns += [f"{load_id} varchar", f"{source_file} integer", f"{source_row} bigint"]
    connection.execute(f"create table load_{entity.name} ({', '.join(columns)})")
    if parquet is not None:
        connection.execute(f"insert into load_{entity.name} by name select * from read_parquet(?)", [str(parquet)])


def _load_codes(connection: duckdb.DuckDBPyConnection, vocabularies: Vocabularies) -> None:
    """The codes that data may carry, by the name of the field: their class, and the bounds of bands."""
    connection.execute(
        "create table code (vocabulary varchar, code varchar, parent varchar, lower bigint, upper bigint)"
    )
    rows = [
        (name, code.code, code.parent or None, code.lower, code.upper)
        for name in sorted({dimension.vocabulary for dimension in DIMENSIONS.values()})
        for code in vocabularies[name].leaves
    ]
    connection.executemany("insert into code values (?, ?, ?, ?, ?)", rows)


def _load_periods(connection: duckdb.DuckDBPyConnection, centre: Centre) -> None:
    connection.execute("create table period (label varchar, first_day date, last_day date)")
    row = connection.execute("select min(request_date), max(request_date) from load_request").fetchone()
    if row is None or row[0] is None:
        return
    period = period_of(centre.period, row[0])
    while period.first_day <= row[1]:
        connection.execute("insert into period values (?, ?, ?)", [period.label, period.first_day, period.last_day])
        period = period_of(centre.period, period.last_day + datetime.timedelta(days=1))


def _require_no_row_lost(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Each model keeps the rows of its load: a join that loses or repeats one is a fault of the model."""
    entity = model.split("_", 1)[1]
    counted = connection.execute(
        f"select (select count(*) from {model}), (select count(*) from load_{entity})"
    ).fetchone()
    if counted is None or counted[0] != counted[1]:
        raise AssertionError(f"{model} does not have the rows of load_{entity}")
