"""What an entity of the dictionary is: its columns, and the kind of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a cell of the column is, once mapped."""

    IDENTIFIER = "identifier"
    DATE = "date"
    INTEGER = "integer"
    #: A length of time, kept in whole minutes however the export writes it.
    DURATION = "duration"
    #: A sum of money, kept in whole cents; exports write dollars.
    AMOUNT = "amount"
    BOOLEAN = "boolean"
    CODE = "code"


@dataclass(frozen=True)
class Column:
    """One column of an entity; `vocabulary` is the code list of a `CODE` column."""

    name: str
    kind: Kind
    is_required: bool = False
    vocabulary: str = ""


@dataclass(frozen=True)
class Entity:
    """One kind of record of a load package; `grain` says what a row is.

    `day` is the column that says of which year a record is, where the records have one.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    is_required: bool = False
    day: str = ""

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)
