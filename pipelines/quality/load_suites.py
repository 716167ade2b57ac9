"""The expectation suites: one JSON file a core table, in `expectations/`.

A suite is what Great Expectations reads (`name`, `expectations` of `type`, `kwargs`, `meta`), plus
references that are resolved here, so that a value set is never typed twice:

- `{"$vocabulary": "relationship"}`: the codes that the column may hold; `"$also": ["a_classer"]`
  adds some and `"$without": ["sans_objet"]` leaves some out;
- `{"$column": "core_request.request_id"}`: the values of another column at the time of the check;
  `"$where": "is_main"` keeps the rows where that boolean column is true;
- `{"$date": "1900-01-01"}` and `{"$today": true}`: a given day and the day of the check.

Nothing here imports Great Expectations: the faults of a suite are told in milliseconds.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipelines.codes import MISSING_KINDS, Vocabularies
from pipelines.config import Centre
from pipelines.entities import DERIVED_VOCABULARIES, ENTITIES
from pipelines.errors import ConfigurationError
from pipelines.language import Message, Text, msg
from pipelines.units import DIMENSIONS

_NAME = r"[a-z][a-z0-9_]*"
_COLUMN_OF_TABLE = rf"core_{_NAME}\.{_NAME}"
_ROWS = frozenset({"mostly", "row_condition"})
_BOUNDS = frozenset({"min_value", "max_value"})

#: The expectations that the runner knows how to ask without a cell's value coming back, and their
#: arguments. Another one is added here once a planted defect proves its counts and its silence.
EXPECTATION_ARGUMENTS: Mapping[str, frozenset[str]] = {
    "expect_table_row_count_to_be_between": _BOUNDS,
    "expect_column_values_to_not_be_null": _ROWS | {"column"},
    "expect_column_values_to_be_unique": _ROWS | {"column"},
    "expect_compound_columns_to_be_unique": _ROWS | {"column_list", "ignore_row_if"},
    "expect_column_values_to_be_in_set": _ROWS | {"column", "value_set"},
    "expect_column_values_to_not_be_in_set": _ROWS | {"column", "value_set"},
    "expect_column_values_to_be_between": _ROWS | _BOUNDS | {"column"},
    "expect_column_pair_values_a_to_be_greater_than_b": _ROWS | {"column_A", "column_B", "or_equal", "ignore_row_if"},
}

_KNOWN_VOCABULARIES = frozenset(
    {MISSING_KINDS, *DERIVED_VOCABULARIES}
    | {dimension.vocabulary for dimension in DIMENSIONS.values()}
    | {column.vocabulary for entity in ENTITIES.values() for column in entity.columns if column.vocabulary}
)


class Severity(StrEnum):
    """`error` stops the report; `warning` is told on the quality page."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Expectation:
    """One rule, ready to be checked. `kwargs` holds no reference but `$column` and `$date`.

    `is_applicable` is false where the centre's export does not hold what the rule is about. `accepted` is how
    many rows that break it were looked at and found right.
    """

    id: str
    suite: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    title: Text
    advice: Text
    is_applicable: bool = True
    accepted: int = 0


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Meta(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    severity: Severity
    title: Text
    advice: Text
    needs: tuple[str, str] | None = None


class _Declaration(_Strict):
    type: str
    kwargs: dict[str, Any]
    meta: _Meta


class _SuiteFile(_Strict):
    name: Annotated[str, Field(pattern=rf"^core_{_NAME}$")]
    expectations: tuple[_Declaration, ...]


class _VocabularyReference(_Strict):
    name: Annotated[str, Field(alias="$vocabulary")]
    also: Annotated[tuple[str, ...], Field(alias="$also")] = ()
    without: Annotated[tuple[str, ...], Field(alias="$without")] = ()


class _ColumnReference(_Strict):
    column: Annotated[str, Field(alias="$column", pattern=rf"^{_COLUMN_OF_TABLE}$")]
    where: Annotated[str | None, Field(alias="$where", pattern=rf"^{_NAME}$")] = None


class _DayReference(_Strict):
    day: Annotated[datetime.date | None, Field(alias="$date")] = None
    is_today: Annotated[bool, Field(alias="$today")] = False


def load_suites(
    folder: Path, centre: Centre, vocabularies: Vocabularies, today: datetime.date
) -> tuple[Expectation, ...]:
    """Read every `core_*.json` of the folder, for one centre and one day, those on requests first.

    Raises `ConfigurationError` with the faults of all the files: JSON that cannot be read, an
    unknown key, type, argument, code list or column, an id given twice.
    """
    faults: list[Message] = []
    paths = sorted(folder.glob("core_*.json"), key=_reading_order)
    if not paths:
        faults.append(msg("{folder} holds no expectation suite (core_*.json)", folder=folder.name))
    expectations = [
        _resolve(declaration, path, _Context(centre, vocabularies, today, faults))
        for path in paths
        for declaration in _read_suite(path, faults)
    ]
    counted = Counter(expectation.id for expectation in expectations)
    faults.extend(msg("the id {id} is given to several expectations", id=id) for id, n in counted.items() if n > 1)
    if faults:
        raise ConfigurationError(
            msg("The expectation suites cannot be used:"),
            faults=tuple(faults),
            to_do=msg("Correct these files, then run the command again"),
        )
    return tuple(expectations)


def _reading_order(path: Path) -> tuple[int, str]:
    """Requests first, then what hangs from them: the first broken rule is the one to mend first."""
    entity = path.stem.removeprefix("core_")
    return (list(ENTITIES).index(entity) if entity in ENTITIES else len(ENTITIES), entity)


def _read_suite(path: Path, faults: list[Message]) -> tuple[_Declaration, ...]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_without_repeated_key)
        suite = _SuiteFile.model_validate(content)
    except ValidationError as error:
        faults.extend(
            msg("{file}, {key}: {fault}", file=path.name, key=_written(detail["loc"]), fault=detail["msg"])
            for detail in error.errors(include_input=False, include_url=False)
        )
        return ()
    except ValueError as error:
        faults.append(msg("{file}: {fault}", file=path.name, fault=str(error)))
        return ()
    if suite.name != path.stem:
        faults.append(msg("{file}: the name of the suite is not the file's name", file=path.name))
    if not suite.expectations:
        faults.append(msg("{file}: the suite holds no expectation", file=path.name))
    return suite.expectations


def _without_repeated_key(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if repeated:
        raise ValueError(f"the key {repeated[0]} is given twice")
    return dict(pairs)


def _written(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in location) or "-"


@dataclass(frozen=True)
class _Context:
    """What references are resolved with, and where their faults are collected."""

    centre: Centre
    vocabularies: Vocabularies
    today: datetime.date
    faults: list[Message]


def _resolve(declaration: _Declaration, path: Path, context: _Context) -> Expectation:
    meta = declaration.meta

    def tell(fault: Message) -> None:
        context.faults.append(msg("{file}, {id}: {fault}", file=path.name, id=meta.id, fault=fault))

    _check_arguments(declaration, tell)
    applicable = True
    if meta.needs is not None:
        entity, column = meta.needs
        if entity in ENTITIES and column in ENTITIES[entity]:
            applicable = context.centre.collects(entity, column)
        else:
            tell(msg("the column {column} is not in the dictionary", column=f"{entity}.{column}"))
    kwargs: dict[str, Any] = {
        name: _resolve_value(value, context, tell, applicable) if isinstance(value, dict) else value
        for name, value in declaration.kwargs.items()
    }
    if isinstance(kwargs.get("row_condition"), str):
        kwargs["row_condition"] = _only_where_true(kwargs["row_condition"])
    return Expectation(
        id=meta.id,
        suite=path.stem,
        type=declaration.type,
        kwargs=kwargs,
        severity=meta.severity,
        title=meta.title,
        advice=meta.advice,
        is_applicable=applicable,
    )


def _check_arguments(declaration: _Declaration, tell: Callable[[Message], None]) -> None:
    known = EXPECTATION_ARGUMENTS.get(declaration.type)
    if known is None:
        tell(msg("the expectation type {type} is not one of ours", type=declaration.type))
        return
    for name in sorted(set(declaration.kwargs) - known):
        tell(msg("{type} has no argument {name}", type=declaration.type, name=name))
    for name, value in declaration.kwargs.items():
        if isinstance(value, dict) and ("$vocabulary" in value or "$column" in value) != (name == "value_set"):
            tell(msg("{name} cannot be this reference", name=name))
    columns = [value for name, value in declaration.kwargs.items() if name in ("column", "column_A", "column_B")]
    columns.extend(declaration.kwargs.get("column_list", ()))
    if "row_condition" in declaration.kwargs:
        columns.append(declaration.kwargs["row_condition"])
    for column in columns:
        # Names go into a select: nothing but a plain word may.
        if not isinstance(column, str) or not column.isidentifier() or column != column.lower():
            tell(msg("a column's name is a plain word in lower case"))


def _only_where_true(column: str) -> dict[str, Any]:
    """The form that Great Expectations gives to "the rows where this boolean column is true"."""
    return {"type": "comparison", "column": {"name": column}, "operator": "==", "parameter": True}


def _resolve_value(
    value: Mapping[str, Any], context: _Context, tell: Callable[[Message], None], applicable: bool
) -> object:
    try:
        if "$vocabulary" in value:
            vocabulary = _VocabularyReference.model_validate(value)
            return _codes_of(vocabulary, context, tell, applicable)
        if "$column" in value:
            reference = _ColumnReference.model_validate(value)
            return {"$column": reference.column, "$where": reference.where}
        reference_day = _DayReference.model_validate(value)
        day = context.today if reference_day.is_today else reference_day.day
        if day is not None:
            return {"$date": day.isoformat()}
    except ValidationError:
        pass
    tell(
        msg("a reference is one of {forms}", forms="$vocabulary (+ $also, $without), $column (+ $where), $date, $today")
    )
    return None


def _codes_of(
    reference: _VocabularyReference, context: _Context, tell: Callable[[Message], None], applicable: bool
) -> list[str]:
    if reference.name in context.vocabularies:
        return sorted((context.vocabularies.allowed(reference.name) | set(reference.also)) - set(reference.without))
    # A centre that does not collect a field needs no code list for it.
    if applicable or reference.name not in _KNOWN_VOCABULARIES:
        tell(msg("the code list {name} does not exist", name=reference.name))
    return []
