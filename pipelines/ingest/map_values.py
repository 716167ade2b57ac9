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
from pipelines.config import ColumnSource, EntitySettings, SourceSettings
from pipelines.entities import ENTITIES, MISSING_SUFFIX, WITH_MISSING_KIND, Column, Kind
from pipelines.errors import InputRefused
from pipelines.ingest.amounts import read_amounts
from pipelines.ingest.cell_forms import read_dates
from pipelines.ingest.declare_forms import way_to_declare
from pipelines.ingest.durations import MINUTES, read_durations
from pipelines.ingest.read_export import compose, first_numbers
from pipelines.ingest.read_mappings import Mappings, compare_form, compare_forms
from pipelines.ingest.source_cells import raw_cells, read_booleans, read_integers
from pipelines.ingest.source_records import SourceTable
from pipelines.language import Message, msg

#: The kind of missing answer of an empty cell, where the configuration does not say another.
EMPTY_CELL = "non_disponible"


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


@dataclass(frozen=True)
class EntityMapping:
    """How one kind of record is made from its source, with the account of all that was mapped so far."""

    settings: EntitySettings
    source: SourceSettings
    mappings: Mappings
    accounts: dict[str, ColumnAccount]

    def map_table(self, table: SourceTable, rank: int) -> pl.DataFrame:
        """The records of a file, or of a part of it; `rank` is that of the file in the manifest.

        The frame holds every column of the entity (null where the centre does not collect it), the
        `_missing` kinds of what is neither a code nor an identifier, and where each row came from.
        """
        return _map_table(_Context(self.settings, self.source, table, rank, self.mappings, self.accounts))


def entity_mapping(settings: EntitySettings, source: SourceSettings, mappings: Mappings) -> EntityMapping:
    """The mapping of one kind of record, before any file."""
    accounts = {name: ColumnAccount(settings.name, name) for name in settings.columns}
    return EntityMapping(settings, source, mappings, accounts)


def empty_entity(name: str) -> pl.DataFrame:
    """No record of this kind: the frame that `EntityMapping` gives, without a row."""
    series = [column for entity_column in ENTITIES[name].columns for column in _empty(entity_column, 0)]
    origin = [pl.Series("source_file", [], dtype=pl.Int32), pl.Series("source_row", [], dtype=pl.Int64)]
    return pl.DataFrame([*series, *origin])


@dataclass(frozen=True)
class _Context:
    """One file, or a part of it, on its way to one kind of record."""

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
        if column.kind in WITH_MISSING_KIND:
            names.append(column.name + MISSING_SUFFIX)
    return names


_NO_NUMBERS = {Kind.IDENTIFIER: pl.String, Kind.CODE: pl.String, Kind.DATE: pl.Date, Kind.BOOLEAN: pl.Boolean}


def _empty(column: Column, height: int) -> list[pl.Series]:
    series = [_nothing(column.name, height, _NO_NUMBERS.get(column.kind, pl.Int64))]
    if column.kind in WITH_MISSING_KIND:
        series.append(_nothing(column.name + MISSING_SUFFIX, height, pl.String))
    return series


def _nothing(name: str, height: int, kind: type[pl.DataType]) -> pl.Series:
    return pl.repeat(None, height, dtype=kind, eager=True).alias(name)


def _map_column(context: _Context, column: Column, origin: ColumnSource) -> list[pl.Series]:
    height = context.table.height
    context.accounts[column.name].rows += height
    if origin.row_key:
        keys = context.table.sha256[:12] + "-" + context.table.rows.cast(pl.String)
        return [keys.alias(column.name)]
    if origin.value is not None:
        return [pl.repeat(origin.value, height, dtype=pl.String, eager=True).alias(column.name)]
    raw = raw_cells(context.table, f"{context.settings.name}.{column.name}", origin)
    if column.kind is Kind.CODE:
        return [_codes(context, column, origin, raw)]
    kinds = _missing_kinds(context, column, origin, raw)
    present = pl.select(pl.when(kinds.is_null()).then(raw.str.strip_chars()).otherwise(None)).to_series()
    values = _typed(context, column, origin, present).alias(column.name)
    if column.kind in WITH_MISSING_KIND:
        return [values, kinds.alias(column.name + MISSING_SUFFIX)]
    return [values]


def _missing_kinds(context: _Context, column: Column, origin: ColumnSource, raw: pl.Series) -> pl.Series:
    """For each cell its kind of missing answer, null where there is an answer; both are counted."""
    account = context.accounts[column.name]
    sentinels = {compare_form(value): kind for value, kind in origin.sentinels.items()}
    markers = {"": EMPTY_CELL} | {compare_form(value): kind for value, kind in context.source.missing.items()}
    answers = _may_be(raw, [*markers, *sentinels]).unique()
    forms = compare_forms(answers)
    stands_for_none = forms.is_in([*markers, *sentinels])
    words = dict(zip(answers.filter(stands_for_none), forms.filter(stands_for_none), strict=True))
    kind_of = {value: (markers | sentinels)[form] for value, form in words.items()}
    if not kind_of:
        return _nothing(raw.name, raw.len(), pl.String)
    kinds = raw.replace_strict(list(kind_of), list(kind_of.values()), default=None, return_dtype=pl.String)
    account.missing.update(_counts(kinds.drop_nulls()))
    account.sentinels += int(raw.is_in([value for value, form in words.items() if form in sentinels]).sum())
    return kinds


def _may_be(raw: pl.Series, forms: Sequence[str]) -> pl.Series:
    """The cells that can have one of these forms: where none holds a figure, dates and numbers cannot."""
    has_figure = any(character in form for form in forms for character in "0123456789")
    return raw if has_figure else raw.filter(~raw.str.contains("[0-9]"))


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
            values = read_integers(present, context.source.decimal)
            problem = msg("is not a whole number")
        case Kind.DURATION:
            values = read_durations(present, origin.duration or MINUTES, context.source.decimal)
            problem = msg("is not a length of time in whole minutes")
        case Kind.AMOUNT:
            values = read_amounts(present, context.source.decimal)
            problem = msg("is not a sum of money in dollars and cents")
        case Kind.BOOLEAN:
            values = read_booleans(present, origin)
            problem = msg("is neither yes nor no as declared")
        case _:
            raise AssertionError(column.kind)
    unread = context.table.rows.filter(present.is_not_null() & values.is_null())
    if unread.len():
        raise _unread(context, column, origin, unread, problem, present)
    return values


def _unread(
    context: _Context, column: Column, origin: ColumnSource, rows: pl.Series, problem: Message, present: pl.Series
) -> InputRefused:
    names = {"count": rows.len(), "entity": context.settings.name, "column": column.name}
    wanted = " / ".join(origin.source_names or origin.combine)
    return InputRefused(
        msg("A cell of the column {column} {problem}", column=wanted, problem=problem),
        where=msg("in {file}, row {rows}", file=context.table.name, rows=first_numbers(rows)),
        # The parts of a large file that come after are not looked at.
        why=msg("at least {count} cells cannot be read as {entity}.{column}", **names)
        if context.table.file.is_part
        else msg("{count} cells cannot be read as {entity}.{column}", **names),
        to_do=way_to_declare(present, context.source, is_date=column.kind is Kind.DATE),
    )


def _answers(context: _Context, column: Column, origin: ColumnSource) -> pl.Series:
    """Columns that hold several answers: for each record the list of its codes, without repeats."""
    if origin.flags:
        return _flag_answers(context, column, origin)
    account = context.accounts[column.name]
    raw = raw_cells(context.table, f"{context.settings.name}.{column.name}", origin)
    account.rows += context.table.height
    kinds = _missing_kinds(context, column, origin, raw)
    codes_of: dict[str, list[str]] = {}
    for value, count in _counts(raw.filter(kinds.is_null())).items():
        parts = [part for part in (compose(part) for part in value.split(origin.split)) if part]
        codes = [_code(context, column, origin, part) for part in parts]
        for part, code in zip(parts, codes, strict=True):
            if code == UNMAPPED:
                account.unmapped += count
                account.unmapped_values[part] += count
        codes_of[value] = list(dict.fromkeys(codes))
    known = pl.DataFrame(
        {"raw": list(codes_of), "codes": list(codes_of.values())},
        schema={"raw": pl.String, "codes": pl.List(pl.String)},
    )
    codes_told = raw.to_frame("raw").join(known, on="raw", how="left", maintain_order="left")["codes"]
    answers = pl.when(kinds.is_not_null()).then(pl.concat_list(kinds)).otherwise(codes_told)
    return pl.select(answers.alias(column.name)).to_series()


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
    told = []
    for name, code in columns.items():
        raw = context.table.frame[name]
        is_missing = _missing_kinds(context, column, origin, raw).is_not_null()
        missing = set(raw.filter(is_missing).unique())
        code_of: dict[str, str | None] = {}
        for value, count in _counts(raw).items():
            word = compare_form(value)
            is_unknown = word not in yes and word not in no and value not in missing
            code_of[value] = code if word in yes else UNMAPPED if is_unknown else None
            if code_of[value] == UNMAPPED:
                account.unmapped += count
                account.unmapped_values[compose(value) if is_unknown else name] += count
        told.append(raw.replace_strict(list(code_of), list(code_of.values()), return_dtype=pl.String))
    answers = pl.concat_list(told).list.drop_nulls().list.unique(maintain_order=True)
    return pl.select(answers.alias(column.name)).to_series()


def _counts(raw: pl.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in raw.value_counts().iter_rows()}
