"""Say what a file or a folder of exports holds, before anyone writes its configuration.

Only here is anything guessed, and what is guessed is shown, not used: ingest reads what the
configuration declares. Names of columns, counts and row numbers are told; a cell's value never is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused, PipelineUserError, UsageError
from pipelines.ingest.read_export import CONTAINER_SUFFIXES, decode, read_file
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.screen_identifiers import Finding, screen_identifiers
from pipelines.language import Message, msg

DELIMITERS = (";", ",", "\t", "|")
SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".ods", ".zip")
#: Words that platforms write where there is no answer, in the form in which values are compared.
MISSING_MARKERS = frozenset(
    compare_form(word)
    for word in (
        "", "-", "n/a", "n/d", "nd", "na", "null", "non disponible", "non demandé", "ne sait pas", "inconnu", "refus",
        "sans objet", "s.o.", "ns/nc", "ns/ns", "sin dato", "sin datos", "unknown", "not available", "999",
    )
)  # fmt: skip
_DATES = (
    (r"^\d{4}-\d{2}-\d{2}(?:[ T].*)?$", "%Y-%m-%d"),
    (r"^\d{1,2}/\d{1,2}/\d{4}(?:[ T].*)?$", "%d/%m/%Y | %m/%d/%Y"),
)
_CODE_VALUES = 40


@dataclass(frozen=True)
class ColumnInspection:
    """One column: its kind, how many cells are empty or hold a known missing marker, how many words it has."""

    name: str
    kind: str
    distinct: int
    empty: int
    missing_markers: int


@dataclass(frozen=True)
class FileInspection:
    """One file; `problem` says why it cannot be read, and then nothing else is known of it."""

    name: str
    encoding: str = ""
    delimiter: str = ""
    records: int = 0
    columns: tuple[ColumnInspection, ...] = ()
    findings: tuple[Finding, ...] = ()
    problem: PipelineUserError | None = None


def inspect_export(path: Path) -> tuple[FileInspection, ...]:
    """Inspect a file, or every CSV and XLSX file of a folder."""
    if path.is_dir():
        files = sorted(entry for entry in path.iterdir() if entry.suffix.lower() in SUFFIXES)
    else:
        files = [path]
    if not files or not path.exists():
        raise UsageError(
            msg("There is no export to read"),
            where=msg("in {folder}", folder=str(path)),
            to_do=msg("Give a CSV or XLSX file, or a folder that holds some"),
        )
    return tuple(_inspect_file(file) for file in files)


def _inspect_file(path: Path) -> FileInspection:
    try:
        delimiter = "" if path.suffix.lower() in CONTAINER_SUFFIXES else _likely_delimiter(path)
        table = read_file(path, SourceSettings(id="inspect", files=path.name, delimiter=delimiter or ","))
    except InputRefused as refusal:
        return FileInspection(path.name, problem=refusal)
    columns = tuple(_inspect_column(table.frame[name]) for name in table.frame.columns)
    return FileInspection(path.name, table.encoding, delimiter, table.records, columns, screen_identifiers(table))


def _likely_delimiter(path: Path) -> str:
    """The delimiter that stands most often in the header; the comma where there is none."""
    text, _ = decode(path.read_bytes(), "auto", path.name)
    header = text.split("\n", 1)[0]
    return max(DELIMITERS, key=header.count) if any(header.count(sign) for sign in DELIMITERS) else ","


def _inspect_column(values: pl.Series) -> ColumnInspection:
    trimmed = values.str.strip_chars()
    markers = [value for value in trimmed.unique() if compare_form(value) in MISSING_MARKERS]
    answers = trimmed.filter(~trimmed.is_in(markers))
    return ColumnInspection(
        name=values.name,
        kind=_kind_of(answers),
        distinct=answers.n_unique(),
        empty=int((trimmed == "").sum()),
        missing_markers=int(trimmed.is_in(markers).sum()) - int((trimmed == "").sum()),
    )


def _kind_of(answers: pl.Series) -> str:
    if answers.is_empty():
        return "empty"
    if answers.str.contains(r"^-?\d+$").all():
        return "integer"
    if answers.str.contains(r"^-?\d+[.,]\d+$|^-?\d+$").all():
        return "decimal"
    for pattern, form in _DATES:
        if answers.str.contains(pattern).all():
            return f"date {form}"
    if answers.n_unique() == answers.len() and answers.str.contains(r"\d").all():
        return "identifier"
    return "code" if answers.n_unique() <= _CODE_VALUES else "text"


def describe(inspection: FileInspection) -> list[Message]:
    """What a person reads of an inspection, line by line."""
    if inspection.problem is not None:
        return [msg("{file}: cannot be read. {problem}", file=inspection.name, problem=inspection.problem.what)]
    lines = [
        msg(
            "{file}: {encoding}, delimiter {delimiter}, {records} records, {columns} columns",
            file=inspection.name,
            encoding=inspection.encoding,
            delimiter=repr(inspection.delimiter) if inspection.delimiter else "-",
            records=inspection.records,
            columns=len(inspection.columns),
        )
    ]
    lines += [
        msg(
            "  {column}: {kind}, {distinct} distinct, {empty} empty, {missing} missing markers",
            column=column.name,
            kind=_kind_name(column.kind),
            distinct=column.distinct,
            empty=column.empty,
            missing=column.missing_markers,
        )
        for column in inspection.columns
    ]
    lines += [msg("  TO REMOVE: {finding}", finding=finding.message()) for finding in inspection.findings]
    return lines


def _kind_name(kind: str) -> Message:
    name, _, form = kind.partition(" ")
    return {
        "empty": msg("empty"),
        "integer": msg("whole numbers"),
        "decimal": msg("decimal numbers"),
        "date": msg("dates {form}", form=form),
        "identifier": msg("identifiers"),
        "code": msg("list of words"),
        "text": msg("free text"),
    }[name]
