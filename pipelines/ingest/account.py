"""The account of a file: every physical record is loaded, rejected with its reason, or recognised.

Nothing here holds a cell. Reasons are told to the person in words, and written in files as codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.language import Message, join, msg


class Role(StrEnum):
    """What a record was recognised as; `ROW` is a row of the table, which is loaded."""

    ROW = "row"
    BLANK = "blank"
    PREAMBLE = "preamble"
    HEADER = "header"
    REPEATED_HEADER = "repeated_header"
    TOTAL = "total"
    FOOTER = "footer"


class Reason(StrEnum):
    """Why a record was rejected."""

    TOO_FEW_CELLS = "too_few_cells"
    TOO_MANY_CELLS = "too_many_cells"
    OPEN_QUOTE = "open_quote"
    STRAY_QUOTE = "stray_quote"
    STRAY_RETURN = "stray_return"
    NUL = "nul"
    LOST_CHARACTER = "lost_character"
    LONG_CELL = "long_cell"
    LONG_LINE = "long_line"
    OTHER_TABLE = "other_table"


_WORDS: dict[Role | Reason, Message] = {
    Role.ROW: msg("rows"),
    Role.BLANK: msg("empty lines"),
    Role.PREAMBLE: msg("lines before the header"),
    Role.HEADER: msg("header lines"),
    Role.REPEATED_HEADER: msg("repeated headers"),
    Role.TOTAL: msg("total lines"),
    Role.FOOTER: msg("notes after the table"),
    Reason.TOO_FEW_CELLS: msg("it has fewer cells than the header names"),
    Reason.TOO_MANY_CELLS: msg("it has more cells than the header names"),
    Reason.OPEN_QUOTE: msg("a quotation mark is not closed"),
    Reason.STRAY_QUOTE: msg("a quotation mark is not closed or not doubled"),
    Reason.STRAY_RETURN: msg("a line break stands outside quotation marks"),
    Reason.NUL: msg("it holds a NUL character"),
    Reason.LOST_CHARACTER: msg("it holds a character that was lost or is not of the encoding"),
    Reason.LONG_CELL: msg("a cell is too long to be an answer"),
    Reason.LONG_LINE: msg("the line is too long to be a row"),
    Reason.OTHER_TABLE: msg("it belongs to another table of the same file"),
}


def in_words(mark: Role | Reason) -> Message:
    """A role or a reason as a person reads it."""
    return _WORDS[mark]


@dataclass(frozen=True)
class SetAside:
    """A record that is not in the table, by the line of the file that it begins at (from 1)."""

    line: int
    mark: Role | Reason

    @property
    def is_rejected(self) -> bool:
        return isinstance(self.mark, Reason)


@dataclass(frozen=True)
class RecordAccount:
    """How many physical records a file holds, and what became of them."""

    records: int
    loaded: int
    recognised: Counter[Role] = field(default_factory=Counter)
    rejected: Counter[Reason] = field(default_factory=Counter)

    def check(self) -> None:
        """Raise `AssertionError`, a fault of the program, where a record is missing or counted twice."""
        if self.records != self.loaded + self.recognised.total() + self.rejected.total():
            raise AssertionError("the records of a file do not add up")

    def facts(self) -> dict[str, object]:
        """The account as a manifest or `--json` holds it."""
        return {
            "records": self.records,
            "loaded": self.loaded,
            "recognised": {role.value: count for role, count in sorted(self.recognised.items())},
            "rejected": {reason.value: count for reason, count in sorted(self.rejected.items())},
        }

    def message(self) -> Message:
        """One line: so many records, of which so many rows, so many of each other kind."""
        parts = [(in_words(Role.ROW), self.loaded)]
        parts += [(in_words(role), count) for role, count in self.recognised.items()]
        if self.rejected.total():
            parts.append((msg("rejected"), self.rejected.total()))
        return msg(
            "physical records: {records} ({parts})",
            records=self.records,
            parts=join((msg("{kind}: {count}", kind=kind, count=count) for kind, count in parts), ", "),
        )


def make_account(marks: Iterable[Role | Reason]) -> RecordAccount:
    """Count the marks of all the records, and check the sum."""
    counts = Counter(marks)
    loaded = counts.pop(Role.ROW, 0)
    account = RecordAccount(
        records=loaded + counts.total(),
        loaded=loaded,
        recognised=Counter({mark: count for mark, count in counts.items() if isinstance(mark, Role)}),
        rejected=Counter({mark: count for mark, count in counts.items() if isinstance(mark, Reason)}),
    )
    account.check()
    return account
