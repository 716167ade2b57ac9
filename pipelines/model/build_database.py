"""Build `cases.duckdb` anew from a load package; the old file stays until the new one is whole."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb

from pipelines.config import Centre, Period, period_of
from pipelines.entities import DATE_OF_RECORD, ENTITIES
from pipelines.ingest.load_package import LoadPackage
from pipelines.model.database import create_database, read_database
from pipelines.rules import RuleBook, RuleKind
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
    "stg_person",
    "stg_person_public",
    "stg_discrimination",
    "stg_member",
    "stg_volunteering",
    "stg_training",
    "stg_communication",
    "stg_committee_work",
    "stg_aid",
    "stg_complaint",
    "stg_group",
    "stg_session",
    "stg_attendance",
    "stg_follow_up",
    "stg_waiting",
    "stg_priority_criterion",
    "stg_evaluation",
    "stg_evaluation_answer",
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
    "core_person",
    "core_person_public",
    "core_discrimination",
    "core_member",
    "core_volunteering",
    "core_training",
    "core_communication",
    "core_committee_work",
    "core_aid",
    "core_complaint",
    "core_group",
    "core_session",
    "core_attendance",
    "core_follow_up",
    "core_waiting",
    "core_priority_criterion",
    "core_evaluation",
    "core_evaluation_answer",
)
#: Made of core models, with other rows than any load: needs left unmet, memberships of each year, who followed a
#: group, who waited at the end of each year.
DERIVED_MODELS = ("core_unmet_need", "core_membership", "core_group_person", "core_waiting_at_year_end")
#: One model for each kind of rule; each reads the core models above and the rule book, in the table `rule`.
RULE_MODELS = tuple(f"core_rule_{kind.value}" for kind in RuleKind)
_RULE_COLUMNS = (
    "rule_id varchar, kind varchar, code varchar, at_least integer, at_most integer, valid_from date, valid_to date"
)
_CORE = re.compile(r"\bcore_\w+")
#: A model of a rule says what was measured, and by which limits; whether they are kept is asked here, once.
_JUDGED = "select rule_id, value, value between at_least and at_most as is_kept, load_id, source_file, source_row"
_LEAST, _MOST = -(2**31), 2**31 - 1


@dataclass(frozen=True)
class PeriodAtHand:
    """A year of which the database holds records of one kind: how many, and the first and the last day."""

    period: Period
    first_day: datetime.date
    last_day: datetime.date
    records: int


def build_database(load: LoadPackage, rules: RuleBook, path: Path) -> None:
    """Run every model over the load, then those made of them and those of the rule book.

    The file appears under its name only when all are built.
    """
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
            _create_rules(connection, rules)
            for model in DERIVED_MODELS:
                connection.execute(f"create table {model} as {model_sql(model)}")
            for model in RULE_MODELS:
                connection.execute(f"create table {model} as {_JUDGED} from ({model_sql(model)})")
        publish_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _create_rules(connection: duckdb.DuckDBPyConnection, rules: RuleBook) -> None:
    """The rule book as a table: one row per rule and code, with open ends made as wide as they can be."""
    connection.execute(f"create table rule ({_RULE_COLUMNS})")
    for rule in rules.rule:
        least = _LEAST if rule.at_least is None else rule.at_least
        most = _MOST if rule.at_most is None else rule.at_most
        days = f"date '{rule.valid_from or datetime.date.min}', date '{rule.valid_to or datetime.date.max}'"
        for code in rule.codes or ("",):
            # Numbers, days, and words that the rule book lets in: plain ones. A bound parameter would import pandas.
            connection.execute(
                f"insert into rule values ('{rule.id}', '{rule.kind}', '{code}', {least}, {most}, {days})"  # noqa: S608
            )


def model_sql(model: str) -> str:
    """The query of a model, as it stands in `pipelines/model/sql/`."""
    return (resources.files("pipelines") / "model" / "sql" / f"{model}.sql").read_text(encoding="utf-8")


def made_of() -> dict[str, tuple[str, ...]]:
    """Of each derived model: the core models that its query reads."""
    read = {model: set(_CORE.findall(model_sql(model))) for model in DERIVED_MODELS}
    return {model: tuple(core for core in MODELS if core in read[model]) for model in DERIVED_MODELS}


def built_from(path: Path) -> str | None:
    """The id of the load that a database was built from; None where there is no database."""
    if not path.is_file():
        return None
    with read_database(path) as connection:
        row = connection.execute("select max(load_id) from code").fetchone()
    return str(row[0]) if row else None


def periods_at_hand(
    connection: duckdb.DuckDBPyConnection, centre: Centre, entity: str = "request"
) -> tuple[PeriodAtHand, ...]:
    """The years of which the database holds records of this kind, the earliest first."""
    day = DATE_OF_RECORD[entity]
    rows = connection.execute(
        f"select min({day}), max({day}), count(*) from core_{entity} where period is not null group by period"  # noqa: S608
    ).fetchall()
    return tuple(PeriodAtHand(period_of(centre.period, row[0]), *row) for row in sorted(rows))


def _require_no_row_lost(connection: duckdb.DuckDBPyConnection, model: str) -> None:
    """Each model keeps the rows of its load: a join that loses or repeats one is a fault of the model."""
    entity = model.split("_", 1)[1]
    counted = connection.execute(
        f"select (select count(*) from {model}), (select count(*) from load_{entity})"  # noqa: S608 (names are of MODELS)
    ).fetchone()
    if counted is None or counted[0] != counted[1]:
        raise AssertionError(f"{model} does not have the rows of load_{entity}")
