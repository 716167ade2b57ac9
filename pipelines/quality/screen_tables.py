"""Keep an export, or a list of people, from being told as if it were a printed table.

An audit tells the labels of lines. In a printed table they are words of a report; in an export they are about
persons. Such a table is left out, and told of by its number alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipelines.ingest.read_document import PrintedTable
from pipelines.ingest.read_export import RawTable
from pipelines.ingest.screen_identifiers import IdentifierKind, screen_identifiers
from pipelines.language import Message, msg

#: No printed table is so long; an export is.
LONGEST_TABLE = 200
#: Names of schools look like names of persons, and dates of activities like birth dates: those two are let through.
_IDENTIFIERS = {
    IdentifierKind.EMAIL,
    IdentifierKind.PHONE,
    IdentifierKind.HEALTH_INSURANCE_NUMBER,
    IdentifierKind.SOCIAL_INSURANCE_NUMBER,
    IdentifierKind.POSTAL_CODE,
    IdentifierKind.ADDRESS,
}


def screen_tables(tables: Sequence[PrintedTable]) -> tuple[list[PrintedTable], list[Message]]:
    """The tables that may be told, and why the others are left out."""
    kept, notices = [], []
    for number, table in enumerate(tables, start=1):
        if len(table.rows) > LONGEST_TABLE:
            text = msg("table {number} is left out: it has {count} lines", number=str(number), count=len(table.rows))
            notices.append(text)
        elif _holds_identifiers(table):
            text = msg("table {number} is left out: it may hold information about persons", number=str(number))
            notices.append(text)
        else:
            kept.append(table)
    return kept, notices


def _holds_identifiers(table: PrintedTable) -> bool:
    names = [f"c{column}" for column in range(len(table.rows[0]))]
    columns = dict(zip(names, ([*cells] for cells in zip(*table.rows, strict=True)), strict=True))
    raw = RawTable("report", "", "utf-8", pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String)))
    return any(finding.kind in _IDENTIFIERS for finding in screen_identifiers(raw))
