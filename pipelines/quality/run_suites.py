"""The child process that asks Great Expectations; the only module that imports it.

Started as `python -m pipelines.quality.run_suites`. It imports Great Expectations (seconds), then
answers one line of JSON on its standard output for each line of JSON on its standard input, until
that input closes. It is given rules and a database's path, and gives back outcomes, counts and the
places of broken rows in the source files. Values stay inside: results are asked without them
(`exclude_unexpected_values`), standard output is ours alone, and an exception is known by its class.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypedDict

from pipelines.imports import collect_rarely, defer, do_without_slow_formats
from pipelines.model.database import read_database

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

#: How many broken rows are named; the count is of all of them.
NAMED_ROWS = 20
_ORIGIN = ("source_file", "source_row")
# With SUMMARY, Great Expectations cuts the list of row positions at `partial_unexpected_count`.
_RESULT_FORMAT = {
    "result_format": "SUMMARY",
    "partial_unexpected_count": NAMED_ROWS,
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}


class Rule(TypedDict):
    """What the child is told of an expectation; `kwargs` may hold `$column` and `$date` references."""

    id: str
    type: str
    kwargs: dict[str, Any]


class Outcome(TypedDict):
    """What the child tells of an expectation. The counts are None where it raised."""

    id: str
    outcome: Literal["passed", "failed", "errored"]
    rows_checked: int | None
    rows_failing: int | None
    source_rows: list[list[int]]


def check_tables(database: Path, rules_by_table: Mapping[str, list[Rule]]) -> list[Outcome]:
    """Check the rules of each core table of a closed DuckDB file, read only.

    A rule that cannot be evaluated is `errored`, which is neither a pass nor a failure. Raises what
    `read_database` raises if the file cannot be opened.
    """
    tables = _open_data_source()
    with read_database(database) as connection:
        outcomes = []
        for table, rules in rules_by_table.items():
            try:
                outcomes.extend(_check_table(connection, tables, table, rules))
            except Exception:  # noqa: BLE001 - a table that cannot be read breaks its own rules only
                outcomes.extend(_errored(rule["id"]) for rule in rules)
    return outcomes


def _open_data_source() -> Any:
    """A place of Great Expectations' own for frames, in memory: nothing of it is written anywhere."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context.data_sources.add_pandas("core")


def _check_table(connection: duckdb.DuckDBPyConnection, tables: Any, table: str, rules: list[Rule]) -> list[Outcome]:
    import great_expectations as gx

    frame = _read_frame(connection, table, rules)
    asset = tables.add_dataframe_asset(table)
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(
        name=table,
        expectations=[
            {"type": rule["type"], "kwargs": _asked(rule["kwargs"]), "meta": {"id": rule["id"]}} for rule in rules
        ],
    )
    results = batch.validate(suite, result_format=_RESULT_FORMAT).results
    return [_outcome_of(result, frame) for result in results]


def _read_frame(connection: duckdb.DuckDBPyConnection, table: str, rules: list[Rule]) -> pd.DataFrame:
    """The columns that the rules name and each row's origin; its index is the position of the row."""
    plain = dict.fromkeys(column for rule in rules for column in _columns_of(rule["kwargs"]))
    columns = {column: f'"{column}"' for column in [*plain, *_ORIGIN]}
    for rule in rules:
        if _is_reference(rule["kwargs"]):
            columns[_reference_name(rule["kwargs"])] = _reference_query(rule["kwargs"])
    named = ", ".join(f'{query} as "{column}"' for column, query in columns.items())
    # Names come from the suites, where only plain lower-case words are let in (load_suites).
    return connection.execute(f'select {named} from "{table}" as checked').df()  # noqa: S608


def _columns_of(kwargs: Mapping[str, Any]) -> Iterator[str]:
    for name in ("column", "column_A", "column_B"):
        if name in kwargs:
            yield kwargs[name]
    yield from kwargs.get("column_list", ())
    if "row_condition" in kwargs:
        yield kwargs["row_condition"]["column"]["name"]


def _is_reference(kwargs: Mapping[str, Any]) -> bool:
    return isinstance(kwargs.get("value_set"), dict)


def _reference_name(kwargs: Mapping[str, Any]) -> str:
    target = kwargs["value_set"]
    return f"{kwargs['column']} in {target['$column']} {target['$where'] or ''}".strip()


def _reference_query(kwargs: Mapping[str, Any]) -> str:
    """Whether the other column holds the value: true, false, or null where there is no value to look for."""
    target = kwargs["value_set"]
    table, column = target["$column"].split(".")
    kept = f'and other."{target["$where"]}"' if target["$where"] else ""
    others = f'select other."{column}" from "{table}" as other where other."{column}" is not null {kept}'  # noqa: S608
    value = f'checked."{kwargs["column"]}"'
    return f"case when {value} is not null then {value} in ({others}) end"


def _asked(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as Great Expectations gets them.

    It copies a value set dozens of times, which takes minutes for the ids of 50,000 requests: a
    reference is looked up by the database, and Great Expectations counts the rows where it is not true.
    """
    if _is_reference(kwargs):
        kwargs = {**kwargs, "column": _reference_name(kwargs), "value_set": [True]}
    return {
        name: datetime.datetime.fromisoformat(value["$date"]) if isinstance(value, dict) and "$date" in value else value
        for name, value in kwargs.items()
    }


def _outcome_of(result: Any, frame: pd.DataFrame) -> Outcome:
    rule_id = result.expectation_config.meta["id"]
    found = result.result
    if _has_raised(result.exception_info) or not found:
        return _errored(rule_id)
    positions = found.get("partial_unexpected_index_list") or []
    # A rule on a whole table has no row to count: it is the table that is short.
    is_of_rows = "unexpected_count" in found
    # A rule that tolerates a share is about the share: no row of it is wrong by itself.
    named = [] if "mostly" in result.expectation_config.kwargs else positions[:NAMED_ROWS]
    return Outcome(
        id=rule_id,
        outcome="passed" if result.success else "failed",
        rows_checked=int(found["element_count"]) if is_of_rows else len(frame),
        rows_failing=int(found["unexpected_count"]) if is_of_rows else 0,
        source_rows=_origins(frame, named),
    )


def _origins(frame: pd.DataFrame, positions: list[int]) -> list[list[int]]:
    rows = frame.loc[positions, list(_ORIGIN)].dropna()
    return sorted([int(file), int(row)] for file, row in rows.itertuples(index=False))


def _has_raised(exception_info: Mapping[str, Any]) -> bool:
    """Great Expectations gives either one record of an exception or one for each metric that raised."""
    records = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    return any(record["raised_exception"] for record in records)


def _errored(rule_id: str) -> Outcome:
    return Outcome(id=rule_id, outcome="errored", rows_checked=None, rows_failing=None, source_rows=[])


def _answer(line: str) -> dict[str, object]:
    try:
        request = json.loads(line)
        return {"outcomes": check_tables(Path(request["database"]), request["rules"])}
    except Exception as error:  # noqa: BLE001 - told to the parent, which stops; its text may hold a value
        return {"fault": type(error).__name__}


@contextmanager
def _standard_output_alone() -> Iterator[IO[str]]:
    """Our end of the pipe; whatever libraries print goes nowhere, for it may hold a value."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers, open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        yield answers


def main() -> None:
    """Answer requests until standard input closes."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    warnings.simplefilter("ignore")
    with _standard_output_alone() as answers:
        do_without_slow_formats()
        # A third of the import, for one expectation about distributions that no suite uses.
        defer("scipy.stats")
        collect_rarely()
        import great_expectations  # noqa: F401 - seconds, spent while the parent still reads the exports

        for line in sys.stdin:
            print(json.dumps(_answer(line)), file=answers, flush=True)


if __name__ == "__main__":
    main()
