"""From the columns of a file to the cells that one standard column is made from."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.config import ColumnSource
from pipelines.errors import InputRefused
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.relate_sources import one_column
from pipelines.ingest.source_records import SourceTable
from pipelines.language import msg
from pipelines.relations import BESIDE, OtherColumn


def raw_cells(table: SourceTable, column: str, origin: ColumnSource) -> pl.Series:
    """The cells that a column (`entity.column`) is made from, as the export writes them.

    Raises `InputRefused` where the source column is absent, or could be one of two.
    """
    if origin.combine:
        return _combined(table, origin.combine)
    raw = table.frame[_source_column(table, column, origin)]
    return raw if origin.unless is None else _overruled(table, raw, origin.unless)


def _combined(table: SourceTable, names: Sequence[str]) -> pl.Series:
    """Several cells side by side, for one mapping; where all are empty there is no answer."""
    cells = [table.frame[one_column(table, name)].str.strip_chars() for name in names]
    beside = pl.concat_str(cells, separator=BESIDE)
    is_empty = pl.all_horizontal(cell == "" for cell in cells)
    return pl.select(pl.when(is_empty).then(pl.lit("")).otherwise(beside)).to_series()


def _overruled(table: SourceTable, raw: pl.Series, other: OtherColumn) -> pl.Series:
    words = {compare_form(word): value for word, value in other.values.items()}
    cells = table.frame[one_column(table, other.column)]
    taken = {word: words.get(compare_form(word)) for word in cells.unique()}
    said = cells.replace_strict(list(taken), list(taken.values()), return_dtype=pl.String)
    return pl.select(pl.coalesce(said, raw)).to_series()


def _source_column(table: SourceTable, column: str, origin: ColumnSource) -> str:
    found = table.columns_named(origin.source_names)
    if len(found) == 1:
        return found[0]
    wanted = " / ".join(origin.source_names)
    where = msg("in {file}", file=table.name)
    if found:
        raise InputRefused(
            msg("Two columns could be {column}: {wanted}", column=column.rpartition(".")[2], wanted=wanted),
            where=where,
            to_do=msg("Keep one of them in the export, or one of the names in the centre's configuration"),
        )
    raise InputRefused(
        msg("The column {wanted} is missing", wanted=wanted),
        where=where,
        why=msg(
            "it gives {entity}.{column}; the file holds: {present}",
            entity=column.partition(".")[0],
            column=column.partition(".")[2],
            present=", ".join(table.frame.columns),
        ),
        to_do=msg("Add the column to the export, or its new name to the centre's configuration"),
    )


def read_booleans(cells: pl.Series, origin: ColumnSource) -> pl.Series:
    """True and false where a cell is one of the words that the configuration says; null elsewhere."""
    words = {compare_form(word): True for word in origin.yes} | {compare_form(word): False for word in origin.no}
    known = {cell: words.get(compare_form(cell)) for cell in cells.drop_nulls().unique()}
    return cells.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Boolean)


def read_integers(present: pl.Series, decimal: str) -> pl.Series:
    """The whole number of each cell, a decimal part of zeros aside; null where there is none."""
    pattern = rf"^-?\d{{1,9}}(?:\{decimal}0+)?$"
    whole = present.str.extract(r"^(-?\d+)").cast(pl.Int64, strict=False)
    return pl.select(pl.when(present.str.contains(pattern)).then(whole)).to_series()
