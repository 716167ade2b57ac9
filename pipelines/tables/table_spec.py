"""The catalogue of published tables: `config/tables/`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipelines.config import read_settings
from pipelines.errors import ConfigurationError
from pipelines.language import Message, Text, msg
from pipelines.people_words import PeopleWords, usual_words
from pipelines.units import DIMENSIONS, SENSITIVE_DIMENSIONS, UNIT_TABLES, Unit

#: The core tables whose records have a school year: the activities, and who was there.
SCHOOL_TABLES = frozenset({"core_activity", "core_audience"})
_RESIDENCE = "residence"


class Level(StrEnum):
    """Which codes of a two-level list a table shows."""

    CLASS = "class"
    LEAF = "leaf"
    BOTH = "both"


TableId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DimensionSettings(_Settings):
    """How a dimension is called, and how its codes are read."""

    title: Text
    is_ordered: bool = False
    is_multi_answer: bool = False


class UnitSettings(_Settings):
    """How a unit of count is called, `demandes d'aide`, and what one of them is.

    `one` is how a single one is called, `demande d'aide`; `is_feminine` says how French agrees with it.
    """

    label: Text
    one: Text
    is_feminine: bool = False
    definition: Text


class ComparisonSettings(_Settings):
    """The words of a comparison of years; `{title}`, `{year}` and `{units}` are filled in."""

    title: Text
    year: Text
    partial_year: Text
    absent_year: Text


class ClaimedTable(_Settings):
    """A table by audience, made of the table `of`; its total is that of the table `ledger`."""

    id: TableId
    of: TableId
    ledger: TableId
    title: Text


class AllocationSettings(_Settings):
    """The tables of what each audience claims, and their words."""

    dimension: Text
    without_profile: Text
    not_allocated: Text
    note: Text
    table: tuple[ClaimedTable, ...]


class TableSpec(_Settings):
    """One table: what is counted, broken down by what, and what a reader must know of it."""

    id: TableId
    title: Text
    unit: Unit
    population: Text
    dimensions: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    level: Level = Level.BOTH
    #: Units with one of these codes on the first dimension are not of the population: a first meeting that
    #: did not take place has no outcome.
    leaves_out: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")], ...] = ()
    #: Whether the years at hand are compared, in a table of their own: `<id>_by_year`.
    is_compared: bool = False
    #: Who or what is counted, once, over all the years at hand (`{year}` is the first), in a table `<id>_since`.
    since: Text | None = None
    #: Whether activities are told by school year too, in a table `<id>_school_year`.
    by_school_year: bool = False
    #: The block of annual reports that it belongs to: `docs/inventory.md` lists the tables by it.
    block: str = ""
    #: For the centre alone: no audience can have it, and no other page names it.
    is_internal: bool = False
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _knows_its_dimensions(self) -> TableSpec:
        unknown = sorted(set(self.dimensions) - DIMENSIONS.keys())
        if unknown:
            raise ValueError(f"unknown dimension {', '.join(unknown)}: one of {', '.join(DIMENSIONS)}")
        if self.unit not in UNIT_TABLES:
            raise ValueError(f"no table counts {self.unit}")
        if self.by_school_year and UNIT_TABLES[self.unit].table not in SCHOOL_TABLES:
            raise ValueError(f"{self.id}: only activities are told by school year")
        return self

    @model_validator(mode="after")
    def _tells_no_identity_by_place(self) -> TableSpec:
        if _RESIDENCE in self.dimensions and (told := SENSITIVE_DIMENSIONS & set(self.dimensions)):
            raise ValueError(f"{', '.join(sorted(told))} is never crossed with {_RESIDENCE}: neighbours would know")
        return self


class Catalogue(_Settings):
    """All the tables, in the order in which they are read."""

    unit: dict[Unit, UnitSettings]
    dimension: dict[str, DimensionSettings]
    comparison: ComparisonSettings
    allocation: AllocationSettings | None = None
    table: tuple[TableSpec, ...]

    @model_validator(mode="after")
    def _is_complete(self) -> Catalogue:
        ids = [table.id for table in self.table]
        ids += [table.id for table in self.allocation.table] if self.allocation else []
        if len(set(ids)) < len(ids):
            raise ValueError("a table id is given twice")
        untitled = sorted({name for table in self.table for name in table.dimensions} - self.dimension.keys())
        if untitled:
            raise ValueError(f"no [dimension] describes {', '.join(untitled)}")
        if absent := sorted({table.unit for table in self.table} - self.unit.keys()):
            raise ValueError(f"no [unit] describes {', '.join(absent)}")
        return self


class TablesOfSubject(_Settings):
    """One file of `config/tables/`, or what one centre counts besides: `config/tables/centres/<id>.toml`."""

    unit: dict[Unit, UnitSettings] = Field(default_factory=dict)
    dimension: dict[str, DimensionSettings] = Field(default_factory=dict)
    comparison: ComparisonSettings | None = None
    allocation: AllocationSettings | None = None
    table: tuple[TableSpec, ...] = ()


def load_catalogue(config: Path, centre_id: str = "", words: PeopleWords | None = None) -> Catalogue:
    """The tables that every centre has, by the order of their files, then the centre's own, in its `words`.

    Words that two files give to one unit or dimension are those of the last. Faults end in one
    `ConfigurationError`.
    """
    folder = config / "tables"
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise _unusable(msg("{file}: there is no such file in {folder}", file="tables/*.toml", folder=str(config)))
    own = folder / "centres" / f"{centre_id}.toml"
    files = [read_settings(path, TablesOfSubject) for path in [*paths, *([own] if own.is_file() else [])]]
    try:
        catalogue = Catalogue.model_validate(
            {
                "unit": {unit: words for file in files for unit, words in file.unit.items()},
                "dimension": {name: words for file in files for name, words in file.dimension.items()},
                "comparison": next((file.comparison for file in files if file.comparison), None),
                "allocation": next((file.allocation for file in files if file.allocation), None),
                "table": [table for file in files for table in file.table],
            }
        )
    except ValidationError as error:
        faults = (detail["msg"] for detail in error.errors(include_input=False, include_url=False))
        raise _unusable(*(msg("{file}: {fault}", file="tables/", fault=fault) for fault in faults)) from None
    return _worded(catalogue, words or usual_words())


def _worded(catalogue: Catalogue, words: PeopleWords) -> Catalogue:
    """The catalogue in the words of a centre; French agrees with them where a unit is the people it serves."""
    units = {
        unit: settings.model_copy(update={"is_feminine": words.is_feminine})
        if "{person" in settings.label.fr
        else settings
        for unit, settings in catalogue.unit.items()
    }
    return words.fill_settings(catalogue.model_copy(update={"unit": units}))


def publishable_table_ids(config: Path) -> frozenset[str]:
    """The ids of every table that an audience may have, those of one centre alone included."""
    files = [read_settings(path, TablesOfSubject) for path in (config / "tables").rglob("*.toml")]
    return frozenset(table.id for file in files for table in file.table if not table.is_internal)


def _unusable(*faults: Message) -> ConfigurationError:
    return ConfigurationError(
        msg("The configuration cannot be used:"),
        faults=faults,
        to_do=msg("Correct these lines, then run the command again"),
    )
