"""How the files of a relational export belong together: lookup tables, links, and which records are ours.

A case platform with a database behind it exports one file an entity. `[[source.join]]` puts the columns
of another kind of file beside the records that name it; `[[source.keep]]` says which records the centre's
statistics are about. A record that is left out is counted with the reason that the configuration gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.language import Text

#: Between the cells of a combined column.
BESIDE = " | "
#: The words of a `mark`: whether the other file has a record of this one.
MARKED, NOT_MARKED = "yes", "no"

_Name = Annotated[str, StringConstraints(min_length=1)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Unmatched(StrEnum):
    """What becomes of a record whose key the other file does not hold; an empty key is no key."""

    #: The export is not whole: it is refused. An empty key gives empty cells.
    REFUSE = "refuse"
    #: The columns of the other file are empty.
    EMPTY = "empty"
    #: The record is not one of ours: left out, and counted.
    SET_ASIDE = "set_aside"


class JoinSettings(_Settings):
    """Another kind of file, by its key, after its own joins and choices.

    Its `columns` come under its id: `offense.LOCATION_ID`. They need one record a key, alike where repeated.
    `mark` adds a column that says `yes` or `no`: whether the other file holds the key at all.
    """

    source: _Name
    on: _Name
    #: The key's name there, where it is another.
    key: str = ""
    columns: tuple[_Name, ...] = ()
    mark: str = ""
    unmatched: Unmatched = Unmatched.REFUSE
    #: Why a record without a match is left out, for the manifest and the reader.
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_why(self) -> JoinSettings:
        if (self.unmatched is Unmatched.SET_ASIDE) != (self.reason is not None):
            raise ValueError("a join with unmatched = set_aside needs a reason, and no other join has one")
        return self


class KeepSettings(_Settings):
    """Only the records whose column holds one of these words, compared without regard to case."""

    column: _Name
    values: Annotated[tuple[str, ...], Field(min_length=1)]
    reason: Text


class OtherColumn(_Settings):
    """Words of another column that are taken in place of a cell: `{ column = "AGE_ID", values = { "6" = "99" } }`."""

    column: _Name
    values: Annotated[dict[str, str], Field(min_length=1)]


def faults_of_relations(joins: Mapping[str, Sequence[JoinSettings]]) -> str:
    """What is wrong with the joins of all sources together; empty where nothing is."""
    unknown = sorted({join.source for group in joins.values() for join in group} - joins.keys())
    if unknown:
        return f"a join names a [[source]] that does not exist: {', '.join(unknown)}"
    try:
        in_order(joins)
    except CycleError as error:
        return f"these sources join each other in a circle: {', '.join(error.args[1])}"
    return ""


def in_order(joins: Mapping[str, Sequence[JoinSettings]]) -> tuple[str, ...]:
    """The sources, each after those that it joins."""
    return tuple(
        TopologicalSorter({name: [join.source for join in group] for name, group in joins.items()}).static_order()
    )
