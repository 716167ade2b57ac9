"""Build `cases.duckdb` anew from a load package; the old file stays until the new one is whole."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb

from pipelines.config import Centre, Period, period_of
from pipelines.entities import ENTITIES
from pipelines.ingest.load_package import LoadPackage
from pipelines.model.database import create_database, read_database
from pipelines.storage import make_folder, publish_file, staging_name

#: In the order in which they are built; a core model reads staging models and the core models before it.
MODELS = (
    "stg_request",
    "stg_aggression",
    "stg_aggression_form",
    "stg_aggressor_link",
    "stg_referral",
    "stg_disposition",
    "stg_residence",
    "stg_meeting",
    "stg_accompaniment",
    "stg_kit",
    "stg_activity",
    "stg_audience",
    "stg_work_hours",
    "core_request",
    "core_aggression",
    "core_aggression_form",
    "core_aggressor_link",
    "core_referral",
    "core_disposition",
    "core_residence",
    "core_meeting",
    "core_accompaniment",
    "core_kit",
    "core_activity",
    "core_audience",
    "core_work_hours",
)


@dataclass(frozen=True)
class PeriodAtHand:
    """A year of which the database holds requests, and the days of the first and the last of them."""

    period: Period
    first_request: datetime.date
    last_request: datetime.date


def build_database(load: LoadPackage, path: Path) -> None:
    """Run every model over the load; the file appears under its name only when all are built."""
    make_folder(path.parent)
    temporary = staging_name(path)
    temporary.unlink(missing_ok=True)
    try:
        with create_database(temporary) as connection:
            # Read by a relation: a bound parameter would make DuckDB import pandas, for half a second.
            for name in ENTITIES:
                connection.read_parquet(str(load.frame_file(name))).create(f"load_{name}")
            for name in ("code", "period"):
                connection.read_parquet(str(load.frame_file(name))).create(name)
            for model in MODELS:
                connection.execute(f"create table {model} as {model_sql(model)}")
                _require_no_row_lost(connection, model)
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
        row = connection.execute("select max(load_id) from code").fetchone()
    return str(row[0]) if row else None


def periods_at_hand(connection: duckdb.DuckDBPyConnection, centre: Centre) -> tuple[PeriodAtHand, ...]:
    """The years of which the database holds requests, the earliest first."""
    rows = connection.execute(
        "select min(request_date), max(request_date) from core_request where period is not null group by period"
    ).fetchall()
    return tuple(PeriodAtHand(period_of(centre.period, first), first, last) for first, last in sorted(rows))


def _require_no_row_lost(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Each model keeps the rows of its load: a join that loses or repeats one is a fault of the model."""
    entity = model.split("_", 1)[1]
    counted = connection.execute(
        f"select (select count(*) from {model}), (select count(*) from load_{entity})"  # noqa: S608 (names are of MODELS)
    ).fetchone()
    if counted is None or counted[0] != counted[1]:
        raise AssertionError(f"{model} does not have the rows of load_{entity}")
