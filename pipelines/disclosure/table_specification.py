"""What `bilan protect-table` is given: the description of the tables and the inner counts (interface.md, section 5)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.codes import TOTAL
from pipelines.disclosure.method.linked_tables import InnerCounts, TableShape
from pipelines.errors import InputRefused
from pipelines.language import Message, msg


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilteredTable(_Settings):
    """A table of the records that the filter keeps."""

    by: tuple[str | tuple[str, ...], ...]
    where: dict[str, str] = Field(default_factory=dict)


class EarlierCell(_Settings):
    """A cell of one of the tables, by its codes; a column left out or `_total` is summed over."""

    table: Annotated[int, Field(ge=0)]
    cell: dict[str, str]


class TableSpecification(_Settings):
    """`SPEC.json`."""

    freq: str
    tables: Annotated[tuple[FilteredTable | tuple[str | tuple[str, ...], ...], ...], Field(min_length=1)]
    k: Annotated[int, Field(ge=2)] = 5
    zeros: Literal["published", "protect"] = "published"
    level: Literal["S1", "S2"] = "S1"
    nested: tuple[tuple[str, str], ...] = ()
    suppressed_before: tuple[EarlierCell, ...] = ()
    shown_before: tuple[EarlierCell, ...] = ()
    time_limit_s: Annotated[float, Field(gt=0)] = 60
    #: The column of the counts that says who gave them, as the centres of a federation.
    contributor: str | None = None
    #: How many contributors a shown cell of several has behind it at least.
    min_contributors: Annotated[int, Field(ge=1)] = 3
    #: The most that one of them may hold of it, from 0 to 1.
    max_share: Annotated[float, Field(gt=0, le=1)] = 0.8

    @model_validator(mode="after")
    def _names_its_contributors(self) -> TableSpecification:
        fields = type(self).model_fields
        changed = [name for name in ("min_contributors", "max_share") if getattr(self, name) != fields[name].default]
        if changed and self.contributor is None:
            raise ValueError(f"{', '.join(changed)} without contributor: name the column that says who gave the counts")
        return self

    @property
    def shapes(self) -> tuple[TableShape, ...]:
        filtered = [table if isinstance(table, FilteredTable) else FilteredTable(by=table) for table in self.tables]
        return tuple(
            TableShape(tuple((side,) if isinstance(side, str) else side for side in table.by), table.where)
            for table in filtered
        )


def read_specification(path: Path) -> TableSpecification:
    """Read `SPEC.json`; raises `InputRefused` with the first key that cannot be used."""
    try:
        return TableSpecification.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "-"
        raise InputRefused(
            msg("The description of the tables cannot be used"),
            where=msg("{file}, {key}", file=path.name, key=where),
            why=msg("{fault}", fault=first["msg"]),
            to_do=msg("Correct it, then run the command again"),
        ) from None


def read_counts(path: Path, asked: TableSpecification) -> InnerCounts:
    """Read the inner counts; raises `InputRefused` for columns that are missing and the first row that is no count."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        header = list(reader.fieldnames or ())
        needed = {column for shape in asked.shapes for side in shape.sides for column in side}
        needed |= {column for shape in asked.shapes for column in shape.where}
        needed |= {column for pair in asked.nested for column in pair} | {asked.freq}
        needed |= {asked.contributor} if asked.contributor else set()
        if absent := sorted(needed - set(header)):
            raise _refused(path, msg("the columns {columns} are missing", columns=", ".join(absent)))
        columns = tuple(name for name in header if name != asked.freq)
        rows: dict[tuple[str, ...], int] = {}
        for line, row in enumerate(reader, start=2):
            key = tuple(row[column] for column in columns)
            count = row[asked.freq] or ""
            if not count.isdecimal() or None in key or TOTAL in key or key in rows:
                raise _refused(path, msg("row {rows} is not one combination with one count", rows=str(line)))
            rows[key] = int(count)
    inner = InnerCounts(columns, rows, asked.nested)
    parents_of(inner, path)
    return inner


def parents_of(inner: InnerCounts, path: Path | None = None) -> dict[tuple[str, str], dict[str, str]]:
    """For each nested pair of columns the code above each code; a code that has two is refused."""
    parents: dict[tuple[str, str], dict[str, str]] = {}
    for fine, coarse in inner.nested:
        parent_of = parents.setdefault((fine, coarse), {})
        low, high = inner.columns.index(fine), inner.columns.index(coarse)
        for row in inner.rows:
            if parent_of.setdefault(row[low], row[high]) != row[high]:
                raise _refused(
                    path or Path(fine), msg("the column {column} is not nested in {other}", column=fine, other=coarse)
                )
    return parents


def _refused(path: Path, why: Message) -> InputRefused:
    return InputRefused(
        msg("The counts cannot be used"),
        where=msg("in {file}", file=path.name),
        why=why,
        to_do=msg("Correct it, then run the command again"),
    )
