"""Say what a file or a folder of exports holds, before anyone writes its configuration.

Only here is anything guessed, and what is guessed is shown, not used: ingest reads what the
configuration declares. Names of columns, counts and row numbers are told; a cell's value never is.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused, PipelineUserError, UsageError
from pipelines.ingest.account import RecordAccount, SetAside
from pipelines.ingest.cell_forms import date_forms, decimal_sign, may_be_serial_dates
from pipelines.ingest.describe_file import describe_records, kind_name
from pipelines.ingest.file_table import FileTable
from pipelines.ingest.open_container import OpenedTable
from pipelines.ingest.read_export import (
    CONTAINER_SUFFIXES,
    TEXT_SUFFIXES,
    RawTable,
    columns_of,
    compose,
    open_tables,
    read_table,
    require_no_rejects,
)
from pipelines.ingest.read_mappings import compare_form
from pipelines.ingest.screen_identifiers import Finding, screen_identifiers
from pipelines.language import Language, Message, join, msg, msg_count

SUFFIXES = (*TEXT_SUFFIXES, *CONTAINER_SUFFIXES)
#: Words that platforms write where there is no answer, in the form in which values are compared.
MISSING_MARKERS = frozenset(
    compare_form(word)
    for word in (
        "", "-", "n/a", "n/d", "nd", "na", "null", "non disponible", "non demandé", "ne sait pas", "inconnu", "refus",
        "sans objet", "s.o.", "ns/nc", "ns/ns", "sin dato", "sin datos", "unknown", "not available", "999",
    )
)  # fmt: skip
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
    #: What a person who opens the workbook may not see.
    notices: tuple[Message, ...] = ()
    #: How many lines name the columns; none where the first record is a row already.
    header_lines: int = 0
    #: What became of every physical record, and where those stand that are no rows.
    account: RecordAccount | None = None
    set_aside: tuple[SetAside, ...] = ()
    #: Characters that nobody sees; groups of characters that look encoded twice.
    invisible: int = 0
    twice_encoded: int = 0
    is_last_line_open: bool = False
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
    return tuple(inspection for file in files for inspection in _inspect_file(file))


def _inspect_file(path: Path) -> list[FileInspection]:
    source = SourceSettings(id="inspect", files=path.name)
    inspections: list[FileInspection] = []
    try:
        for opened in open_tables(path, source):
            inspections.append(_inspect_table(opened, source))
    except InputRefused as refusal:
        inspections.append(FileInspection(path.name, problem=refusal))
    return inspections


def _inspect_table(opened: OpenedTable, source: SourceSettings) -> FileInspection:
    try:
        table = read_table(opened, source)
        if not table.rows:
            require_no_rejects(table, source, opened.name)
            columns_of(table, opened.name)
    except InputRefused as refusal:
        return FileInspection(opened.name, problem=refusal)
    raw = _as_frame(table, opened)
    return FileInspection(
        name=opened.name,
        encoding=table.encoding,
        delimiter=table.dialect.delimiter if table.dialect else "",
        records=len(table.rows),
        columns=tuple(_inspect_column(raw.frame[name]) for name in raw.frame.columns),
        findings=screen_identifiers(raw),
        notices=(*(opened.workbook.notices() if opened.workbook else ()), *_unread(opened)),
        header_lines=table.header_lines,
        account=table.account,
        set_aside=table.set_aside,
        invisible=table.invisible,
        twice_encoded=table.twice_encoded,
        is_last_line_open=table.is_last_line_open,
    )


def _unread(opened: OpenedTable) -> list[Message]:
    """The files of a ZIP that nobody read."""
    if not opened.unread:
        return []
    return [
        msg_count(
            "{count} file of the ZIP is no table, not read",
            "{count} files of the ZIP are no tables, not read",
            opened.unread,
        )
    ]


def _as_frame(table: FileTable, opened: OpenedTable) -> RawTable:
    """Columns without a name, or with one that another has, are told by their place."""
    names: list[str] = []
    for place in range(table.width):
        name = compose(table.header[place]) if table.header else ""
        names.append(name if name and name not in names else f"{name}[{place + 1}]")
    columns = zip(*table.rows, strict=True) if table.rows else ([] for _ in names)
    content = {name: list(values) for name, values in zip(names, columns, strict=True)}
    frame = pl.DataFrame(content, schema=dict.fromkeys(names, pl.String))
    sheet = opened.sheet.name if opened.sheet else ""
    return RawTable(
        opened.name,
        "",
        table.encoding,
        frame,
        table.lines,
        workbook=opened.workbook,
        sheet=sheet,
        around=table.around,
        archive_paths=opened.archive_paths,
    )


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
        return "serial" if may_be_serial_dates(answers) else "integer"
    dates = date_forms(answers)
    if dates.forms:
        return f"{'ambiguous' if dates.is_ambiguous else 'date'} {' | '.join(dates.forms)}"
    if sign := decimal_sign(answers):
        return f"decimal {sign}"
    if answers.n_unique() == answers.len() and answers.str.contains(r"\d").all():
        return "identifier"
    return "code" if answers.n_unique() <= _CODE_VALUES else "text"


def describe(inspection: FileInspection) -> list[Message]:
    """What a person reads of an inspection, line by line."""
    if inspection.problem is not None:
        problem = inspection.problem
        told = join((part for part in (problem.what, problem.where, problem.why) if part is not None), ". ")
        return [msg("{file}: cannot be read. {problem}", file=inspection.name, problem=told)]
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
    if inspection.account is not None:
        lines += describe_records(inspection.account, inspection.set_aside)
    lines += _warnings(inspection)
    lines += [
        msg(
            "  {column}: {kind}, {distinct} distinct, {empty} empty, {missing} missing markers",
            column=column.name,
            kind=kind_name(column.kind),
            distinct=column.distinct,
            empty=column.empty,
            missing=column.missing_markers,
        )
        for column in inspection.columns
    ]
    lines += [msg("  TO REMOVE: {finding}", finding=finding.message()) for finding in inspection.findings]
    return lines


def _warnings(inspection: FileInspection) -> list[Message]:
    lines = [msg("  {notice}", notice=notice) for notice in inspection.notices]
    if inspection.columns and not inspection.header_lines:
        lines.append(msg("  no line names the columns"))
    if inspection.invisible:
        lines.append(msg("  {count} invisible characters, which are left out", count=inspection.invisible))
    if inspection.twice_encoded:
        lines.append(msg("  {count} groups of characters look encoded twice", count=inspection.twice_encoded))
    if inspection.is_last_line_open:
        lines.append(msg("  the last line has no end: the file may have been cut off"))
    return lines


def inspection_facts(inspection: FileInspection, language: Language) -> dict[str, Any]:
    """What `--json` prints of a file."""
    problem = inspection.problem.one_line(language) if inspection.problem else None
    account = inspection.account.facts() if inspection.account else None
    notices = [language.text(notice) for notice in inspection.notices]
    bare = dataclasses.replace(inspection, problem=None, account=None, notices=())
    return dataclasses.asdict(bare) | {"problem": problem, "account": account, "notices": notices}
