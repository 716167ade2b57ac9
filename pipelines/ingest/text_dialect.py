"""How cells are told apart in a file whose contract does not say it: decided on evidence, then pinned.

Each delimiter and each quotation mark is tried on the first records. The best one cuts them into the
same number of cells, and into cells that are whole: a number, a date, a word, and no other delimiter.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from pipelines.ingest.cell_forms import is_typed
from pipelines.ingest.text_lines import Dialect, Record, find_newline, split_lines, split_records

DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_LINES = 500
_SAMPLE_CELLS = 40
_FEW_RECORDS = 4
#: Text between two apostrophes that fill a cell: only where nearly all of them stand so.
_APOSTROPHES = re.compile(r"(?:^|[;,\t|])'[^'\n]*'(?=$|[;,\t|\r\n])", re.MULTILINE)


def decide_dialect(text: str, delimiter: str | None = None) -> Dialect:
    """The dialect of a text; a delimiter that is said is kept."""
    newline = find_newline(text)
    sample = split_lines(text[:500_000], newline)[:_SAMPLE_LINES]
    quote = _quotation_mark("".join(sample))
    candidates = [Dialect(sign, quote, newline) for sign in ((delimiter,) if delimiter else DELIMITERS)]
    scores = {dialect: _score(sample, dialect) for dialect in candidates}
    best = max(candidates, key=lambda dialect: scores[dialect])
    # One column, or nothing at all: the comma, so that a comma in a cell is not passed over.
    return best if scores[best] > 0 or delimiter else Dialect(",", quote, newline)


def _quotation_mark(sample: str) -> str:
    apostrophes = sample.count("'")
    # A word like l'aide has one of its own; nearly all of them must fill a cell two by two.
    if '"' not in sample and apostrophes and 2 * len(_APOSTROPHES.findall(sample)) >= 0.9 * apostrophes:
        return "'"
    return '"'


def _score(sample: Sequence[str], dialect: Dialect) -> float:
    """Zero where the delimiter cuts nothing; else how regular the rows are, times how whole the cells."""
    if not any(dialect.delimiter in line for line in sample):
        return 0.0
    records = [record for record in split_records(sample, dialect) if not record.is_blank]
    widths = Counter(len(record.cells) for record in records if len(record.cells) > 1)
    # A width that stands alone proves nothing, unless there are hardly any records.
    proved = {width: count for width, count in widths.items() if count > 1 or len(records) < _FEW_RECORDS}
    regular = sum(count * (width - 1) / width for width, count in proved.items())
    return regular / max(len(records), 1) / math.sqrt(max(len(widths), 1)) * _wholeness(records, dialect)


def _wholeness(records: Sequence[Record], dialect: Dialect) -> float:
    others = [sign for sign in DELIMITERS if sign != dialect.delimiter]
    whole = cells = 0.0
    for record in records:
        for cell in record.cells[:_SAMPLE_CELLS]:
            cells += 1
            if is_typed(cell) or not cell.strip():
                whole += 1
            elif not any(sign in cell for sign in others):
                whole += 0.9
            elif re.search(r"[;,|][^\s]|\t", cell) is None:
                # A comma before a space is a sentence's own.
                whole += 0.6
            else:
                whole += 0.1
    return whole / max(cells, 1)
