"""From a centre's own columns and words to the standard ones, with every value accounted for.

Source values are compared trimmed, composed (NFC) and without regard to case. A value that stands
for a missing answer becomes its kind; a word that no mapping knows becomes `a_classer`, counted and
listed in a private file, never filed under "other". A date or a number that cannot be read refuses
the file: it would be lost silently otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.codes import UNMAPPED
from pipelines.columns import ENTITIES, MISSING_SUFFIX, Column, Kind
from pipelines.config import ColumnSource, EntitySettings, SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.cell_forms import date_forms, read_dates
from pipelines.ingest.read_export import compose, first_numbers
from pipelines.ingest.read_mappings import Mappings, compare_form
from pipelines.ingest.source_cells import raw_cells
from pipelines.ingest.source_records import SourceTable
from pipelines.language import Message, msg

#: The kind of missing answer of an empty cell, where the configuration does not say another.
EMPTY_CELL = "non_disponible"
_KEY = "__key"


@dataclass
class ColumnAccount:
    """What became of the cells of one column; the parts never exceed `rows`."""

    entity: str
    column: str
    rows: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    sentinels: int = 0
    unmapped: int = 0
    #: The words that no mapping knows, for the private list of what is to be classified.
    unmapped_values: Counter[str] = field(default_factory=Counter)


def map_entity(
    settings: EntitySettings, source: SourceSettings, tables: Sequence[SourceTable], mappings: Mappings
) -> tuple[pl.DataFrame, list[ColumnAccount]]:
    """Make one kind of record from all the files of its source.

    The frame holds every column of the entity (null where the centre does not collect it), the
    `_missing` kinds of dates and numbers, and where each row came from.
    """
    accounts = {name: ColumnAccount(settings.name, name) for name in settings.columns}
    frames = [
        _map_table(_Context(settings, source, table, rank, mappings, accounts))
        for rank, table in enumerate(tables, start=1)
    ]
    return pl.concat(frames), list(accounts.values())


def empty_entity(name: str) -> pl.DataFrame:
    """No record of this kind: the frame that `map_entity` gives, without a row."""
    series = [column for entity_column in ENTITIES[name].columns for column in _empty(entity_column, 0)]
    origin = [pl.Series("source_file", [], dtype=pl.Int32), pl.Series("source_row", [], dtype=pl.Int64)]
    return pl.DataFrame([*series, *origin])


@dataclass(frozen=True)
class _Context:
    """One file on its way to one kind of record."""

    settings: EntitySettings
    source: SourceSettings
    table: SourceTable
    rank: int
    mappings: Mappings
    accounts: dict[str, ColumnAccount]


def _map_table(context: _Context) -> pl.DataFrame:
    frame = pl.DataFrame({"source_row": context.table.rows})
    several: tuple[str, pl.Series] | None = None
    for column in ENTITIES[context.settings.name].columns:
        origin = context.settings.columns.get(column.name)
        if origin is None:
            frame = frame.with_columns(_empty(column, context.table.height))
        elif origin.flags or origin.split:
            several = (column.name, _answers(context, column, origin))
            frame = frame.with_columns(several[1].alias(column.name))
        else:
            frame = frame.with_columns(_map_column(context, column, origin))
    if several is not None:
        frame = frame.explode(several[0], empty_as_null=True, keep_nulls=True).drop_nulls(several[0])
    names = [name for name in _column_names(context.settings.name) if name in frame.columns]
    return frame.select(*names, pl.lit(context.rank, pl.Int32).alias("source_file"), "source_row")


def _column_names(entity: str) -> list[str]:
    names = []
    for column in ENTITIES[entity].columns:
        names.append(column.name)
        if column.kind in (Kind.DATE, Kind.INTEGER):
            names.append(column.name + MISSING_SUFFIX)
    return names


_TYPES = {Kind.DATE: pl.Date, Kind.INTEGER: pl.Int64, Kind.BOOLEAN: pl.Boolean}


def _empty(column: Column, height: int) -> list[pl.Series]:
    series = [pl.Series(column.name, [None] * height, dtype=_TYPES.get(column.kind, pl.String))]
    if column.kind in (Kind.DATE, Kind.INTEGER):
        series.append(pl.Series(column.name + MISSING_SUFFIX, [None] * height, dtype=pl.String))
    return series


def _map_column(context: _Context, column: Column, origin: ColumnSource) -> list[pl.Series]:
    height = context.table.height
    context.accounts[column.name].rows += height
    if origin.row_key:
        prefix = context.table.sha256[:12]
        keys = [f"{prefix}-{row}" for row in context.table.rows]
        return [pl.Series(column.name, keys, dtype=pl.String)]
    if origin.value is not None:
        return [pl.Series(column.name, [origin.value] * height, dtype=pl.String)]
    raw = raw_cells(context.table, f"{context.settings.name}.{column.name}", origin)
    if column.kind is Kind.CODE:
        return [_codes(context, column, origin, raw)]
    kinds = _missing_kinds(context, column, origin, raw)
    present = pl.select(pl.when(kinds.is_null()).then(raw.str.strip_chars()).otherwise(None)).to_series()
    values = _typed(context, column, origin, present).alias(column.name)
    if column.kind in (Kind.DATE, Kind.INTEGER):
        return [values, kinds.alias(column.name + MISSING_SUFFIX)]
    return [values]


def _missing_kinds(context: _Context, column: Column, origin: ColumnSource, raw: pl.Series) -> pl.Series:
    """For each cell its kind of missing answer, null where there is an answer; both are counted."""
    account = context.accounts[column.name]
    sentinels = {compare_form(value): kind for value, kind in origin.sentinels.items()}
    markers = {"": EMPTY_CELL} | {compare_form(value): kind for value, kind in context.source.missing.items()}
    answers = raw.unique()
    kind_of = {value: (markers | sentinels).get(compare_form(value)) for value in answers}
    kinds = raw.replace_strict(list(kind_of), list(kind_of.values()), return_dtype=pl.String)
    account.missing.update(kinds.drop_nulls().to_list())
    account.sentinels += sum(count for value, count in _counts(raw).items() if compare_form(value) in sentinels)
    return kinds


def _codes(context: _Context, column: Column, origin: ColumnSource, raw: pl.Series) -> pl.Series:
    account = context.accounts[column.name]
    kinds = _missing_kinds(context, column, origin, raw)
    code_of = {value: _code(context, column, origin, value) for value in raw.unique()}
    codes = raw.replace_strict(list(code_of), list(code_of.values()), return_dtype=pl.String)
    codes = pl.select(pl.coalesce(kinds, codes)).to_series().alias(column.name)
    for value, count in _counts(raw.filter(codes == UNMAPPED)).items():
        account.unmapped += count
        account.unmapped_values[compose(value)] += count
    return codes


def _code(context: _Context, column: Column, origin: ColumnSource, value: str) -> str:
    if origin.mapping is None:
        # Without a mapping the export already speaks the standard codes.
        return compose(value)
    return context.mappings[origin.mapping].get(compare_form(value), UNMAPPED)


def _typed(context: _Context, column: Column, origin: ColumnSource, present: pl.Series) -> pl.Series:
    match column.kind:
        case Kind.IDENTIFIER:
            return present
        case Kind.DATE:
            date_format = origin.date_format or context.source.date_format
            values = read_dates(present, date_format)
            problem = msg("is not a date of the form {form}", form=date_format)
        case Kind.INTEGER:
            pattern = rf"^-?\d{{1,9}}(?:\{context.source.decimal}0+)?$"
            whole = present.str.extract(r"^(-?\d+)").cast(pl.Int64, strict=False)
            values = pl.select(pl.when(present.str.contains(pattern)).then(whole)).to_series()
            problem = msg("is not a whole number")
        case Kind.BOOLEAN:
            values = _booleans(origin, present)
            problem = msg("is neither yes nor no as declared")
        case _:
            raise AssertionError(column.kind)
    unread = context.table.rows.filter(present.is_not_null() & values.is_null())
    if unread.len():
        raise InputRefused(
            msg(
                "A cell of the column {column} {problem}",
                column=" / ".join(origin.source_names or origin.combine),
                problem=problem,
            ),
            where=msg("in {file}, row {rows}", file=context.table.name, rows=first_numbers(unread)),
            why=msg(
                "{count} cells cannot be read as {entity}.{column}",
                count=unread.len(),
                entity=context.settings.name,
                column=column.name,
            ),
            to_do=_way_to_declare(present, context.source) if column.kind is Kind.DATE else _DECLARE,
        )
    return values


_DECLARE = msg("Correct the export, or declare the form or the missing marker in the centre's configuration")


def _way_to_declare(present: pl.Series, source: SourceSettings) -> Message:
    """What to write for these dates, where a form fits all of them; nobody but a person chooses between two."""
    found = date_forms(present)
    told = {"forms": ", ".join(found.forms), "source": source.id}
    if found.is_ambiguous:
        return msg(
            "Day and month cannot be told apart in this column: declare date_format, one of {forms}, in [[source]] "
            "{source} of the centre's configuration, as the platform writes its dates",
            **told,
        )
    if found.forms:
        return msg("Declare date_format = {forms} in [[source]] {source} of the centre's configuration", **told)
    return _DECLARE


def _booleans(origin: ColumnSource, present: pl.Series) -> pl.Series:
    words = {compare_form(word): True for word in origin.yes} | {compare_form(word): False for word in origin.no}
    known = {value: words.get(compare_form(value)) for value in present.drop_nulls().unique()}
    return present.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Boolean)


def _answers(context: _Context, column: Column, origin: ColumnSource) -> pl.Series:
    """Columns that hold several answers: for each record the list of its codes, without repeats."""
    if origin.flags:
        return _flag_answers(context, column, origin)
    account = context.accounts[column.name]
    raw = raw_cells(context.table, f"{context.settings.name}.{column.name}", origin)
    account.rows += context.table.height
    kinds = _missing_kinds(context, column, origin, raw)
    answers = []
    for value, kind in zip(raw, kinds, strict=True):
        parts = [] if kind else [part for part in (compose(part) for part in value.split(origin.split)) if part]
        codes = [_code(context, column, origin, part) for part in parts]
        unknown = [part for part, code in zip(parts, codes, strict=True) if code == UNMAPPED]
        account.unmapped += len(unknown)
        account.unmapped_values.update(unknown)
        answers.append([kind] if kind else list(dict.fromkeys(codes)))
    return pl.Series(column.name, answers, dtype=pl.List(pl.String))


def _flag_answers(context: _Context, column: Column, origin: ColumnSource) -> pl.Series:
    account = context.accounts[column.name]
    mapping = context.mappings[origin.mapping or ""]
    yes, no = ({compare_form(word) for word in words} for words in (origin.yes, origin.no))
    columns = {
        name: mapping[compare_form(name)] for name in context.table.frame.columns if compare_form(name) in mapping
    }
    absent = sorted(set(mapping) - {compare_form(name) for name in columns})
    if absent:
        raise InputRefused(
            msg("The column {wanted} is missing", wanted=", ".join(absent)),
            where=msg("in {file}", file=context.table.name),
            to_do=msg("Add the column to the export, or its new name to the centre's configuration"),
        )
    # Each yes/no cell is an answer of its own.
    account.rows += context.table.height * len(columns)
    answers: list[list[str]] = [[] for _ in range(context.table.height)]
    for name, code in columns.items():
        raw = context.table.frame[name]
        kinds = _missing_kinds(context, column, origin, raw)
        for position, (value, kind) in enumerate(zip(raw, kinds, strict=True)):
            word = compare_form(value)
            if word in yes:
                answers[position].append(code)
                if code == UNMAPPED:
                    account.unmapped += 1
                    account.unmapped_values[name] += 1
            elif word not in no and kind is None:
                answers[position].append(UNMAPPED)
                account.unmapped += 1
                account.unmapped_values[compose(value)] += 1
    return pl.Series(column.name, [list(dict.fromkeys(codes)) for codes in answers], dtype=pl.List(pl.String))


def _counts(raw: pl.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in raw.value_counts().iter_rows()}
