"""Read a text file that is too large for memory: DuckDB, with everything pinned, and the same account.

What the file is (encoding, dialect, names, lines above and below the table) is decided on its two
ends by the rules of `read_text`; DuckDB is told all of it and guesses nothing. It sets aside what it
cannot read, and the lines of the file, counted apart from it, must add up. A file that is not
regular is refused: smaller ones are read record by record.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np

from pipelines.errors import InputRefused
from pipelines.ingest.account import Reason, RecordAccount, Role, SetAside
from pipelines.ingest.file_table import LineAround
from pipelines.ingest.large_ends import Ends, find_ends, plain_copy
from pipelines.ingest.large_lines import LineCount, RowPlaces, count_lines
from pipelines.ingest.large_table import sql_text
from pipelines.ingest.read_text import TextContract
from pipelines.ingest.text_lines import MAX_LINE_CHARACTERS
from pipelines.language import Message, msg

_REASONS = {
    "MISSING COLUMNS": Reason.TOO_FEW_CELLS,
    "TOO MANY COLUMNS": Reason.TOO_MANY_CELLS,
    "UNQUOTED VALUE": Reason.STRAY_QUOTE,
    "LINE SIZE OVER MAXIMUM": Reason.LONG_LINE,
    "INVALID ENCODING": Reason.LOST_CHARACTER,
    "INVALID STATE": Reason.STRAY_RETURN,
}
#: DuckDB may use this much memory, and spills to a private folder beyond it.
MEMORY_LIMIT = "700MB"
#: No cell is null before its meaning is known: this sign is in no text.
_NO_NULL = "\x01"


@dataclass
class LargeText:
    """An open large file: the relation `export`, to be read once, whole."""

    connection: duckdb.DuckDBPyConnection
    file: str
    ends: Ends
    lines: LineCount
    max_rejected: int
    #: The rows that were set aside, and where those stand that were not; known once the file was read.
    set_aside: list[SetAside] = field(default_factory=list)
    _places: RowPlaces | None = None
    #: What the lines that are no rows say, for the screen; known once the file was read.
    around: list[LineAround] = field(default_factory=list)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """The names of the file in their order, each with the name of its column in `export`."""
        return tuple((name, f"c{place}") for place, name in enumerate(self.ends.header))

    @property
    def places(self) -> RowPlaces:
        """Where each row of the table stands in the file; raises `AssertionError` before it was read."""
        if self._places is None:
            raise AssertionError("the file was not read yet")
        return self._places

    def copy_to(self, target: Path, select: str, options: str) -> RecordAccount:
        """Write `select ... from export` to a file of ours, and check that every record is accounted for.

        `select` is SQL of the program with bound names only; `options` is DuckDB's list for COPY.
        Raises `InputRefused` where the file is not regular; nothing then stands at `target`.
        """
        try:
            copied = self.connection.execute(f"copy ({select}) to '{sql_text(target)}' ({options})").fetchone()
        except duckdb.InvalidInputException:
            target.unlink(missing_ok=True)
            raise not_regular(self.file, msg("a line break or a quotation mark stands where none may")) from None
        try:
            return self._account(int(copied[0]) if copied else 0)
        except InputRefused:
            target.unlink(missing_ok=True)
            raise

    def require_few_rejected(self) -> None:
        """Raise `InputRefused` where more rows were rejected than the contract lets be set aside."""
        lines = [str(item.line) for item in self.set_aside if item.is_rejected]
        if len(lines) > self.max_rejected:
            raise not_regular(
                self.file,
                msg("{count} rows cannot be read", count=len(lines)),
                msg("line {line}", line=", ".join(lines) if len(lines) <= 5 else f"{lines[0]}, ..."),
            )

    def _account(self, loaded: int) -> RecordAccount:
        found = self.connection.execute(
            "select line, error_type, csv_line from reject_errors "
            "qualify row_number() over (partition by line) = 1 order by line"
        ).fetchall()
        # What DuckDB calls a line is a record.
        faulty = np.array([record for record, _, _ in found], dtype=np.int64)
        reasons = [_REASONS.get(kind, Reason.STRAY_QUOTE) for _, kind, _ in found]
        self.set_aside += self.ends.set_aside
        self.set_aside += map(SetAside, self.lines.lines_of(faulty).tolist(), reasons)
        self.around += self.ends.lines_above
        self.around += [
            LineAround(line, reason, tuple((text or "").split(self.ends.dialect.delimiter)))
            for line, reason, (_, _, text) in zip(self.lines.lines_of(faulty).tolist(), reasons, found, strict=True)
        ]
        self.around += [replace(line, line=self.lines.lines + line.line) for line in self.ends.lines_below]
        gaps = np.sort(np.concatenate([self.lines.blank, faulty]))
        first = self.ends.first_row_record
        self._places = RowPlaces(self.lines, first, gaps[gaps >= first])
        rejected = Counter(Reason(item.mark) for item in self.set_aside if item.is_rejected)
        self.require_few_rejected()
        blank = Counter({Role.BLANK: self.lines.blank.size - self.ends.empty_above})
        recognised = self.ends.above + Counter(self.ends.after) + blank
        records = self.lines.records + len(self.ends.after)
        if records != loaded + recognised.total() + rejected.total():
            raise not_regular(self.file, msg("its lines and its rows do not add up"))
        account = RecordAccount(records, loaded, recognised, rejected)
        account.check()
        below = enumerate(self.ends.after, start=self.lines.lines + 1)
        self.set_aside += [SetAside(line, role) for line, role in below if role is not Role.BLANK]
        return account


@contextmanager
def open_large_text(path: Path, contract: TextContract, work: Path, *, max_rejected: int = 0) -> Iterator[LargeText]:
    """Open a large file as the relation `export`; `work` is a private folder for what does not fit in memory."""
    with tempfile.TemporaryDirectory(dir=work) as folder:
        ends = find_ends(path, contract)
        source = plain_copy(path, ends, Path(folder))
        lines = count_lines(source, ends, path.name)
        with connect_bounded(Path(folder)) as connection:
            scan = _scan(source, ends)
            connection.execute(f"create temp view export as select * from {scan}")  # noqa: S608 (literals are escaped)
            yield LargeText(connection, path.name, ends, lines, max_rejected)


@contextmanager
def connect_bounded(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory, within its limit; what does not fit is in the private folder while it is open."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": MEMORY_LIMIT,
        "temp_directory": str(folder),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(config=config)
    try:
        yield connection
    finally:
        connection.close()


def _scan(source: Path, ends: Ends) -> str:
    """The call that tells DuckDB everything there is to guess: every cell is text."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(ends.header)))
    quote = sql_text(ends.dialect.quote)
    return (
        f"read_csv('{sql_text(source)}', auto_detect = false, header = false, skip = {ends.first_row_line - 1}, "
        f"delim = '{sql_text(ends.dialect.delimiter)}', quote = '{quote}', escape = '{quote}', "
        f"columns = {{{columns}}}, strict_mode = true, null_padding = false, nullstr = ['{_NO_NULL}'], "
        f"max_line_size = {MAX_LINE_CHARACTERS * 4}, encoding = 'utf-8', store_rejects = true, rejects_limit = 1000)"
    )


def not_regular(file: str, why: Message, where: Message | None = None) -> InputRefused:
    """The refusal of a large file that only the reader of small ones can tell about, record by record."""
    return InputRefused(
        msg("The large file {file} is not regular", file=file),
        where=where,
        why=why,
        to_do=msg("Export one year at a time: a smaller file is read row by row, and each fault is told"),
    )
