"""What a person reads about the records and the columns of a file: kinds, counts and lines, never a cell."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.ingest.account import RecordAccount, SetAside, in_words
from pipelines.ingest.cell_forms import EXCEL, EXCEL_1904
from pipelines.ingest.read_export import first_numbers
from pipelines.language import Message, msg


def describe_records(account: RecordAccount, set_aside: Sequence[SetAside]) -> list[Message]:
    """The account on one line, then a line for each kind of record that is no row, with where they stand."""
    lines = [msg("  {account}", account=account.message())]
    for mark in dict.fromkeys(record.mark for record in set_aside):
        places = first_numbers(record.line for record in set_aside if record.mark is mark)
        if any(record.is_rejected for record in set_aside if record.mark is mark):
            lines.append(msg("  REJECTED: line {lines}: {reason}", lines=places, reason=in_words(mark)))
        else:
            lines.append(msg("  line {lines}: {kind}", lines=places, kind=in_words(mark)))
    return lines


def kind_name(kind: str) -> Message:
    """The kind of a column in words; what follows the kind's name is the form of its dates or numbers."""
    name, _, form = kind.partition(" ")
    return {
        "empty": msg("empty"),
        "integer": msg("whole numbers"),
        "serial": msg(
            "whole numbers, or the days of a spreadsheet: then declare date_format {first} or {second}",
            first=EXCEL,
            second=EXCEL_1904,
        ),
        "decimal": msg("{kind}, decimal sign {sign}", kind=msg("decimal numbers"), sign=form),
        "date": msg("dates {form}", form=form),
        "ambiguous": msg("dates {form}: day and month cannot be told apart, declare date_format", form=form),
        "identifier": msg("identifiers"),
        "code": msg("list of words"),
        "text": msg("free text"),
    }[name]
