"""Write what the strict reader makes of a file: plain CSV beside the list of every record that is not in it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused, UsageError
from pipelines.ingest.account import RecordAccount, SetAside
from pipelines.ingest.read_export import is_large, open_one, read_table
from pipelines.language import msg
from pipelines.storage import make_folder, new_folder, publish_file, staging_name

REJECTS_SUFFIX = ".rejects.csv"
REJECTS_HEADER = ("row", "status", "reason")
#: Whatever is rejected is listed: a conversion is not stopped by it.
_ANY_NUMBER = 1_000_000


@dataclass(frozen=True)
class Conversion:
    """The two files that were written, and the account of the records between them."""

    table: Path
    rejects: Path
    account: RecordAccount
    set_aside: tuple[SetAside, ...]
    has_header: bool


def convert_export(path: Path, target: Path, source: SourceSettings) -> Conversion:
    """Convert any supported file to UTF-8, comma, double quotes, LF, every cell as it is written.

    A file that names no column is written without a header: none is made up. The rejects tell the
    line of the file, whether the record was `rejected` or `recognised` as no row, and why.
    """
    if not path.is_file():
        raise UsageError(
            msg("There is no file to convert"),
            where=msg("{file}", file=path.name),
            to_do=msg("Give a CSV, TSV, TXT, XLSX or ODS file"),
        )
    rejects = target.with_name(target.stem + REJECTS_SUFFIX)
    if target.resolve() == path.resolve() or rejects.resolve() == path.resolve():
        raise UsageError(
            msg("The file would be written over itself"),
            where=msg("{file}", file=path.name),
            to_do=msg("Give another name with --out"),
        )
    if is_large(path):
        return _convert_large(path, target, rejects, source)
    table = read_table(open_one(path, source), source)
    if not table.header and not table.rows:
        raise InputRefused(
            msg("The file {file} holds no table", file=path.name),
            why=table.account.message(),
            to_do=msg("Export the file again"),
        )
    make_folder(target.parent)
    _write(target, [table.header] if table.header else [], table.rows)
    _write_rejects(rejects, table.set_aside)
    return Conversion(target, rejects, table.account, table.set_aside, bool(table.header))


def _convert_large(path: Path, target: Path, rejects: Path, source: SourceSettings) -> Conversion:
    """As above, in parts, for what does not fit in memory."""
    from pipelines.ingest.read_large import stage_large

    make_folder(target.parent)
    with new_folder(target.with_name(f"{target.name}-parts")) as work:
        table = stage_large(path, source.model_copy(update={"max_rejected": _ANY_NUMBER}), work)
        rows = (row for part in table.parts() for row in part.frame.iter_rows())
        _write(target, [table.header], rows)
    _write_rejects(rejects, table.set_aside)
    return Conversion(target, rejects, table.account, table.set_aside, has_header=True)


def _write_rejects(path: Path, set_aside: Iterable[SetAside]) -> None:
    marks = [(str(item.line), "rejected" if item.is_rejected else "recognised", item.mark.value) for item in set_aside]
    _write(path, [REJECTS_HEADER], marks)


def _write(path: Path, header: Iterable[Sequence[str]], rows: Iterable[Sequence[str]]) -> None:
    temporary = staging_name(path)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            # The csv module leaves a carriage return bare, which any reader takes for the end of a row.
            quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
            for row in (*header, *rows):
                (quoting if any("\r" in cell for cell in row) else writer).writerow(row)
        publish_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
