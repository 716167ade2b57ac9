"""Read a text file too large for memory once, strictly, into a private file that its rows are taken from.

Rows that a small file would not load (empty ones, the header again, cells too long) are found by the
same definitions; what only the whole file could tell is a refusal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from pipelines.config import SourceSettings
from pipelines.ingest.account import Reason, RecordAccount, Role, SetAside
from pipelines.ingest.file_table import LineAround
from pipelines.ingest.large_ends import require_no_copy
from pipelines.ingest.large_table import MARK, LargeTable, sql_text
from pipelines.ingest.large_text import LargeText, connect_bounded, not_regular, open_large_text
from pipelines.ingest.read_export import compose, contract_of, first_numbers, incomplete_header, require_own_names
from pipelines.ingest.text_lines import INVISIBLE, MAX_CELL_CHARACTERS
from pipelines.ingest.text_marks import FIRST_LETTERS, TOTAL
from pipelines.language import msg
from pipelines.storage import fingerprint_file, fingerprint_text

#: A part holds at most so many rows, and about so many bytes of the file.
PART_ROWS = 245_760
PART_BYTES = 48_000_000
_MARKS: dict[str, Role | Reason] = {
    mark.value: mark for mark in (Role.BLANK, Role.REPEATED_HEADER, Role.TOTAL, Reason.LONG_CELL)
}
#: What `str.strip` takes away.
_SPACES = "".join(character for character in map(chr, range(0x3001)) if character.isspace())
# Few distinct cells are worth a dictionary; for the others it costs more than it saves.
_STAGED = "format parquet, compression lz4, dictionary_size_limit 20000"


def read_large(path: Path, source: SourceSettings, work: Path) -> LargeTable:
    """Read a large text file whole; `work` is a private folder that its rows may lie in.

    Raises `InputRefused` as for a small file, and where the file is not regular.
    """
    dropped = {compose(name).casefold() for name in source.drop}
    if dropped:
        require_no_copy(path, contract_of(source))
    table = stage_large(path, source, work, dropped)
    names = [compose(name) for name in table.header]
    require_own_names(names, path.name)
    held = {column: names[int(column[1:])] for column in table.columns.values()}
    _refuse_unnamed([column for column, name in held.items() if not name], table)
    return replace(table, columns={name: column for column, name in held.items() if name})


def stage_large(path: Path, source: SourceSettings, work: Path, dropped: Collection[str] = ()) -> LargeTable:
    """As above, every column called by its place (`c0`), whatever the header says; `dropped` are folded names."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        # The fingerprint is taken while this thread counts the lines.
        sha256 = beside.submit(fingerprint_file, path)
        table = _stage(path, source, work, dropped)
        return replace(table, sha256=sha256.result())


def _stage(path: Path, source: SourceSettings, work: Path, dropped: Collection[str]) -> LargeTable:
    staged = work / f"rows-{fingerprint_text(source.id, str(path))[:16]}.parquet"
    with open_large_text(path, contract_of(source), work, max_rejected=source.max_rejected) as text:
        kept = [column for name, column in text.columns if compose(name).casefold() not in dropped]
        cells = [f"{_visible(text, column)} as {column}" for column in kept]
        select = f"select {', '.join(cells)}, {_mark(text)} as {MARK} from export"  # noqa: S608 (names are ours)
        account = text.copy_to(staged, select, _STAGED)
        account, marked = _set_marked_aside(text, account, staged)
        around = tuple(line for line in text.around if not dropped or isinstance(line.mark, Role))
    size = max(path.stat().st_size, 1)
    return LargeTable(
        name=path.name,
        sha256="",
        encoding=text.ends.encoding,
        delimiter=text.ends.dialect.delimiter,
        header=text.ends.header,
        columns=dict(zip(kept, kept, strict=True)),
        staged=staged,
        account=account,
        set_aside=tuple(sorted(text.set_aside, key=lambda item: item.line)),
        places=text.places,
        rows=account.loaded + marked,
        is_marked=bool(marked),
        around=around,
        rows_a_part=max(1, min(PART_ROWS, account.records * PART_BYTES // size)),
    )


def _visible(text: LargeText, column: str) -> str:
    return f"translate({column}, '{INVISIBLE}', '')" if text.lines.has_invisible else column


def _mark(text: LargeText) -> str:
    """SQL for what a row of the file is, where it is none of the table: as `lay_out` and `split_records` say it."""
    cells = [_visible(text, column) for _, column in text.columns]
    trimmed = [f"trim({cell}, '{_SPACES}')" for cell in cells]
    is_blank = " and ".join(f"{cell} = ''" for cell in trimmed)
    pairs = zip(cells, text.ends.header_line, strict=False)
    is_header = " and ".join(f"{cell} = '{sql_text(name)}'" for cell, name in pairs)
    if len(text.ends.header_line) != len(cells):
        is_header = "false"
    is_long = "false"
    if text.lines.longest > MAX_CELL_CHARACTERS:
        is_long = " or ".join(
            f"(strlen({cell}) > {MAX_CELL_CHARACTERS} and length({cell}) > {MAX_CELL_CHARACTERS})" for cell in cells
        )
    first = f"coalesce({', '.join(f'''nullif({cell}, '')''' for cell in trimmed)})"
    has_figure = " or ".join(f"regexp_matches({cell}, '[0-9]')" for cell in cells)
    is_total = f"regexp_full_match(strip_accents(lower({first})), '(?:{TOTAL})[ :]*') and ({has_figure})"
    begins = ", ".join(str(code) for code in (-1, *map(ord, _SPACES), *map(ord, FIRST_LETTERS.upper() + FIRST_LETTERS)))
    return (
        f"case when {is_long} then '{Reason.LONG_CELL}' when {is_header} then '{Role.REPEATED_HEADER}' "
        # The rest is looked at only where the first cell begins with nothing, a space or a letter of "total".
        f"when unicode({cells[0]}) not in ({begins}) then '' "
        f"when {is_blank} then '{Role.BLANK}' when {is_total} then '{Role.TOTAL}' else '' end"
    )


def _set_marked_aside(text: LargeText, account: RecordAccount, staged: Path) -> tuple[RecordAccount, int]:
    """The account without the rows that are none, and how many those are; a total line is a refusal."""
    found = text.connection.execute(
        f"select file_row_number, {MARK} from read_parquet('{sql_text(staged)}', file_row_number = true) "  # noqa: S608
        f"where {MARK} <> '' order by file_row_number"
    ).fetchall()
    marked = [SetAside(int(text.places.lines_of(row, 1)[0]), _MARKS[mark]) for row, mark in found]
    text.around += _long_rows(text, staged)
    totals = [item.line for item in marked if item.mark is Role.TOTAL]
    if totals:
        # In a small file it is the share of such lines that tells totals from a category of that name.
        lines = first_numbers(totals)
        raise not_regular(text.file, msg("a total line stands among its rows"), msg("line {line}", line=lines))
    text.set_aside += [item for item in marked if item.mark is not Role.BLANK]
    roles = Counter(item.mark for item in marked if isinstance(item.mark, Role))
    reasons = Counter(item.mark for item in marked if isinstance(item.mark, Reason))
    changed = RecordAccount(
        account.records, account.loaded - len(marked), account.recognised + roles, account.rejected + reasons
    )
    changed.check()
    text.require_few_rejected()
    return changed, len(marked)


def _long_rows(text: LargeText, staged: Path) -> Iterator[LineAround]:
    """What the rows say that hold a cell too long, for the screen."""
    found = text.connection.execute(
        f"select * from read_parquet('{sql_text(staged)}', file_row_number = true) "  # noqa: S608 (names are ours)
        f"where {MARK} = '{Reason.LONG_CELL}'"
    ).fetchall()
    for *cells, _, row in found:
        yield LineAround(int(text.places.lines_of(row, 1)[0]), Reason.LONG_CELL, tuple(cells))


def _refuse_unnamed(columns: Sequence[str], table: LargeTable) -> None:
    """A column without a name that holds something, as in a small file."""
    if not columns:
        return
    holds = " or ".join(f"trim({column}, '{_SPACES}') <> ''" for column in columns)
    with connect_bounded(table.staged.parent) as connection:
        found = connection.execute(
            f"select 1 from {table.relation} where {holds} limit 1"  # noqa: S608 (names are ours)
        ).fetchone()
    if found:
        raise incomplete_header(table.name)
