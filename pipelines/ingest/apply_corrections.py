"""Known errors of an export, put right as data: `config/corrections/<centre>.csv`.

Each line says which records (`table`, `match_column`, `match_value`), what to do with them, and why. A line
that does not match the number of records that it expects fails: the platform was corrected meanwhile, or
the line was never right, and either must be known. The file holds values: it stays with the centre.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import polars as pl

from pipelines.errors import ConfigurationError
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.relate_sources import one_column
from pipelines.ingest.source_records import SourceTable
from pipelines.language import Message, Text, msg

HEADER = ("table", "match_column", "match_value", "action", "value", "reason", "status", "expect")


class Action(StrEnum):
    """What a correction does with the records that it matches."""

    #: `set` writes `value` in the matched column, `set:Other column` in that one.
    SET = "set"
    #: Leaves the record out, counted under the reason.
    DROP = "drop"


class Status(StrEnum):
    """`proposed` waits for a person, `accepted` is applied, `retired` is kept for the story."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    RETIRED = "retired"


@dataclass(frozen=True)
class Correction:
    """One line of the file; `table` is the id of a source, or the name of one of its files."""

    line: int
    table: str
    match_column: str
    match_value: str
    action: Action
    #: The column that `set` writes in.
    target: str
    value: str
    reason: str
    expect: int


def read_corrections(path: Path, source_ids: Sequence[str]) -> tuple[Correction, ...]:
    """The accepted corrections of a centre, in the order of the file; none where there is no file.

    Raises `ConfigurationError` with all the faults, by line.
    """
    if not path.is_file():
        return ()
    faults: list[Message] = []
    corrections = []
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        if tuple(reader.fieldnames or ()) != HEADER:
            faults.append(msg("{file}, line 1: the header must be {columns}", file=path.name, columns=",".join(HEADER)))
        else:
            for row in reader:
                fault = _fault_of(row, source_ids)
                if fault is not None:
                    line = str(reader.line_num)
                    faults.append(msg("{file}, line {line}: {fault}", file=path.name, line=line, fault=fault))
                elif row["status"] == Status.ACCEPTED:
                    corrections.append(_correction(row, reader.line_num))
    _raise(faults, path)
    return tuple(corrections)


@dataclass
class AppliedCorrections:
    """The corrections of a file of them, with how many records each matched so far."""

    corrections: Sequence[Correction]
    path: Path
    matched: Counter[Correction] = field(default_factory=Counter)

    def apply(self, table: SourceTable, source_id: str) -> SourceTable:
        """Every correction to a file or a part of it, one after the other."""
        for correction in self.corrections:
            table, count = _apply(table, correction, is_source=source_id == correction.table)
            self.matched[correction] += count
        return table

    def require_expected(self) -> None:
        """Raise `ConfigurationError` where a correction matched, over all files, what it does not expect."""
        faults = [
            msg(
                "{file}, line {line}: {matched} records match, {expect} expected",
                file=self.path.name,
                line=str(correction.line),
                matched=self.matched[correction],
                expect=correction.expect,
            )
            for correction in self.corrections
            if self.matched[correction] != correction.expect
        ]
        _raise(faults, self.path)


def _apply(table: SourceTable, correction: Correction, *, is_source: bool) -> tuple[SourceTable, int]:
    if not table.height or not (is_source or table.name == correction.table):
        return table, 0
    cells = table.frame[one_column(table, correction.match_column)]
    wanted = compare_form(correction.match_value)
    is_matched = cells.is_in([word for word in cells.unique() if compare_form(word) == wanted])
    count = int(is_matched.sum())
    if not count:
        return table, 0
    if correction.action is Action.DROP:
        return table.keep(~is_matched, Text(correction.reason, correction.reason)), count
    target = one_column(table, correction.target)
    written = pl.when(is_matched).then(pl.lit(correction.value)).otherwise(table.frame[target])
    frame = table.frame.with_columns(pl.select(written.alias(target)).to_series())
    return replace(table, frame=frame, corrected=table.corrected + count), count


def _fault_of(row: Mapping[str, str], source_ids: Sequence[str]) -> Message | None:
    action, _, target = (row["action"] or "").partition(":")
    if any(row[name] is None for name in HEADER) or None in row:
        return msg("the line does not have the columns of the header")
    if row["table"] not in source_ids and "." not in row["table"]:
        return msg("the table is neither the id of a [[source]] nor the name of a file")
    if action not in set(Action) or (action == Action.DROP and (target or row["value"])):
        return msg("the action must be set, set:Column or drop (without a value)")
    if row["status"] not in set(Status):
        return msg("the status must be one of {words}", words=", ".join(Status))
    if not row["match_column"] or not row["reason"].strip():
        return msg("a column to match and a reason are needed")
    if not row["expect"].isdigit() or int(row["expect"]) < 1:
        return msg("expect must be the number of records that the line matches, at least 1")
    return None


def _correction(row: Mapping[str, str], line: int) -> Correction:
    action, _, target = row["action"].partition(":")
    return Correction(
        line=line,
        table=row["table"],
        match_column=row["match_column"],
        match_value=row["match_value"],
        action=Action(action),
        target=target or row["match_column"],
        value=row["value"],
        reason=row["reason"].strip(),
        expect=int(row["expect"]),
    )


def _raise(faults: Sequence[Message], path: Path) -> None:
    if faults:
        raise ConfigurationError(
            msg("The corrections cannot be used:"),
            faults=tuple(faults),
            to_do=msg("Correct these lines in config/corrections/{file}, then run the command again", file=path.name),
        )
