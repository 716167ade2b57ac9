"""Put the files of a relational export together as the configuration says, every record accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.large_table import LargeTable
from pipelines.ingest.read_export import first_numbers
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.read_source import SourceFile
from pipelines.ingest.source_records import SourceTable
from pipelines.language import Text, msg
from pipelines.relations import MARKED, NOT_MARKED, JoinSettings, KeepSettings, Unmatched, in_order

Tables = Mapping[str, Sequence[SourceTable]]
_KEY = "__key"


def relate_sources(sources: Sequence[SourceSettings], tables: Tables) -> dict[str, tuple[SourceTable, ...]]:
    """The tables of each source with the columns that it joins and the records that it keeps.

    A source that is not among `tables` is too large to be looked up in. Raises `InputRefused` where a
    key is absent that must be there, or stands for two different records.
    """
    settings = {source.id: source for source in sources}
    related: dict[str, tuple[SourceTable, ...]] = {}
    for name in in_order({source.id: source.join for source in sources}):
        if name in tables:
            related[name] = tuple(relate_table(table, settings[name], related) for table in tables[name])
    return related


def relate_table(table: SourceTable, source: SourceSettings, related: Tables) -> SourceTable:
    """One file, or a part of it, with the columns that its source joins, and the records that it keeps."""
    for join in source.join:
        if join.source not in related:
            raise InputRefused(
                msg("A large file cannot be joined to another"),
                where=msg("in [[source.join]] {source} of the centre's configuration", source=join.source),
                to_do=msg("Export one year at a time: smaller files are joined"),
            )
        table = _join(table, join, related[join.source])
    for choice in source.keep:
        table = _keep(table, choice)
    return table


def _join(table: SourceTable, join: JoinSettings, others: Sequence[SourceTable]) -> SourceTable:
    there = _lookup(join, others)
    keys = table.frame[one_column(table, join.on)].str.strip_chars()
    is_known = keys.is_in(there[_KEY].implode()) & (keys != "")
    if join.unmatched is Unmatched.REFUSE:
        _require_known(table, join, keys, is_known)
    added = keys.to_frame(_KEY).join(there, on=_KEY, how="left", maintain_order="left").drop(_KEY).fill_null("")
    frame = table.frame.hstack(added) if added.width else table.frame
    if join.mark:
        mark = pl.when(is_known).then(pl.lit(MARKED)).otherwise(pl.lit(NOT_MARKED))
        frame = frame.hstack(pl.select(mark.alias(join.mark)))
    joined = replace(table, frame=frame)
    return joined if join.reason is None else joined.keep(is_known, join.reason)


def _lookup(join: JoinSettings, others: Sequence[SourceTable]) -> pl.DataFrame:
    """One row a key of the other source: the key, and the columns asked for under their new names."""
    key = join.key or join.on
    parts = []
    for other in others:
        columns = {
            _KEY: one_column(other, key),
            **{f"{join.source}.{name}": one_column(other, name) for name in join.columns},
        }
        parts.append(other.frame.select(pl.col(name).str.strip_chars().alias(new) for new, name in columns.items()))
    found = pl.concat(parts).filter(pl.col(_KEY) != "").unique(maintain_order=True)
    repeated = int(found[_KEY].is_duplicated().sum())
    if repeated:
        raise InputRefused(
            msg("A key that should be given once is given with different content"),
            where=msg("in {file}, column {column}", file=", ".join(other.name for other in others), column=key),
            why=msg("{count} records share their key with another", count=repeated),
            to_do=msg(
                "Correct the export, or [[source.join]] {source} of the centre's configuration", source=join.source
            ),
        )
    return found


def _require_known(table: SourceTable, join: JoinSettings, keys: pl.Series, is_known: pl.Series) -> None:
    lost = table.rows.filter(~is_known & (keys != ""))
    if lost.len():
        raise InputRefused(
            msg("A record names another that the export does not hold"),
            where=msg(
                "in {file}, column {column}, row {rows}", file=table.name, column=join.on, rows=first_numbers(lost)
            ),
            why=msg("{count} records have no match in {source}", count=lost.len(), source=join.source),
            to_do=msg("Export all the files again together, or say in the configuration what unmatched records mean"),
        )


def _keep(table: SourceTable, choice: KeepSettings) -> SourceTable:
    cells = table.frame[one_column(table, choice.column)]
    wanted = {compare_form(value) for value in choice.values}
    words = [word for word in cells.unique() if compare_form(word) in wanted]
    return table.keep(cells.is_in(words), choice.reason)


def one_column(table: SourceTable, name: str) -> str:
    """The column of this name as the file writes it; its absence refuses the file."""
    found = table.columns_named([name])
    if len(found) == 1:
        return found[0]
    raise InputRefused(
        msg("The column {wanted} is missing", wanted=name)
        if not found
        else msg("The file {file} names a column twice", file=table.name),
        where=msg("in {file}", file=table.name),
        why=msg("the file holds: {present}", present=", ".join(table.frame.columns)),
        to_do=msg("Add the column to the export, or its new name to the centre's configuration"),
    )


def find_repeated_files(files: Sequence[SourceFile]) -> tuple[Text | None, ...]:
    """For each file why it is not read again: the same bytes, or the same table as CSV and as a workbook."""
    reasons: list[Text | None] = []
    for place, file in enumerate(files):
        before = files[:place]
        if first := next((each for each in before if each.sha256 == file.sha256), None):
            reasons.append(_naming(_ALREADY, first.name))
        elif first := next((each for each in before if _are_twins(each.name, file.name)), None):
            _require_same_records(first, file)
            reasons.append(_naming(_TWIN, first.name))
        else:
            reasons.append(None)
    return tuple(reasons)


_ALREADY = Text("Déjà chargé : même contenu que {file}", "Already loaded: same content as {file}")
_TWIN = Text("Déjà chargé : mêmes enregistrements que {file}", "Already loaded: same records as {file}")


def _naming(reason: Text, file: str) -> Text:
    return Text(reason.fr.format(file=file), reason.en.format(file=file))


def _are_twins(first: str, second: str) -> bool:
    """One name in two formats; the same name twice is a file of another folder, such as one a year."""
    stem, _, suffix = first.casefold().rpartition(".")
    other_stem, _, other_suffix = second.casefold().rpartition(".")
    return stem == other_stem and suffix != other_suffix


def _require_same_records(first: SourceFile, twin: SourceFile) -> None:
    """The same name in two formats must be the same table: else nobody knows which one is right."""
    if isinstance(first, LargeTable) or isinstance(twin, LargeTable):
        raise InputRefused(
            msg("A large file cannot be compared with another of the same name"),
            where=msg("in {file} and {twin}", file=first.name, twin=twin.name),
            to_do=msg("Keep the right one in the folder of the export, move the other away"),
        )
    ours, theirs = _plain_frame(first.frame), _plain_frame(twin.frame)
    if ours.columns == theirs.columns and ours.equals(theirs):
        return
    rows = ""
    if ours.columns == theirs.columns and ours.height == theirs.height:
        differs = pl.select(pl.any_horizontal(ours[name] != theirs[name] for name in ours.columns)).to_series()
        rows = first_numbers(first.row_numbers.filter(differs))
    raise InputRefused(
        msg("Two files of the same name do not hold the same records"),
        where=msg("in {file} and {twin}, row {rows}", file=first.name, twin=twin.name, rows=rows or "-"),
        why=msg("{first} and {second} records", first=first.records, second=twin.records),
        to_do=msg("Keep the right one in the folder of the export, move the other away"),
    )


def _plain_frame(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells as both formats would write them: `32,0` of a text file is the `32` of a workbook."""
    plain = pl.all().str.strip_chars().str.replace(r"^(-?\d+)[.,]0+$", "${1}")
    return frame.rename({name: compare_form(name) for name in frame.columns}).select(plain)
