"""Read one text file (CSV, TSV, TXT) whole: every physical record is in the table, set aside, or recognised.

What the centre's contract says is obeyed; what it leaves open is decided once, on evidence, and then
holds for the whole file. Cells stay as they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.ingest.file_table import FileTable, lay_out_table
from pipelines.ingest.text_dialect import decide_dialect
from pipelines.ingest.text_encoding import AUTO, decode_text
from pipelines.ingest.text_lines import remove_invisible, split_lines, split_records


@dataclass(frozen=True)
class TextContract:
    """What is said of a text file; what is not said is decided on evidence."""

    encoding: str = AUTO
    delimiter: str | None = None


def read_text(content: bytes, contract: TextContract, file: str) -> FileTable:
    """Read the bytes of a file; raises `InputRefused` where they are no text or can be read in two ways."""
    decoded = decode_text(content, contract.encoding, file)
    text, invisible = remove_invisible(decoded.text)
    dialect = decide_dialect(text, contract.delimiter)
    lines = split_lines(text, dialect.newline)
    table = lay_out_table(split_records(lines, dialect), decoded.encoding)
    return replace(
        table,
        dialect=dialect,
        invisible=invisible,
        twice_encoded=decoded.twice_encoded,
        is_last_line_open=bool(lines) and not lines[-1].endswith(dialect.newline),
    )
