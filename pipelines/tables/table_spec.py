"""The catalogue of published tables: `config/tables.toml`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipelines.config import read_settings
from pipelines.errors import ConfigurationError
from pipelines.language import Text, msg
from pipelines.units import DIMENSIONS, Unit


class Level(StrEnum):
    """Which codes of a two-level list a table shows."""

    CLASS = "class"
    LEAF = "leaf"
    BOTH = "both"


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DimensionSettings(_Settings):
    """How a dimension is called, and how its codes are read."""

    title: Text
    is_ordered: bool = False
    is_multi_answer: bool = False


class UnitSettings(_Settings):
    """How a unit of count is called: `demandes d'aide`."""

    label: Text


class ComparisonSettings(_Settings):
    """The words of a comparison of years; `{title}` and `{year}` are filled in."""

    title: Text
    year: Text
    partial_year: Text
    absent_year: Text


class TableSpec(_Settings):
    """One table: what is counted, broken down by what, and what a reader must know of it."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
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
    notes: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _knows_its_dimensions(self) -> TableSpec:
        unknown = sorted(set(self.dimensions) - DIMENSIONS.keys())
        if unknown:
            raise ValueError(f"unknown dimension {', '.join(unknown)}: one of {', '.join(DIMENSIONS)}")
        return self


class Catalogue(_Settings):
    """All the tables, in the order in which they are read."""

    unit: dict[Unit, UnitSettings]
    dimension: dict[str, DimensionSettings]
    comparison: ComparisonSettings
    table: tuple[TableSpec, ...]

    @model_validator(mode="after")
    def _is_complete(self) -> Catalogue:
        ids = [table.id for table in self.table]
        if len(set(ids)) < len(ids):
            raise ValueError("a table id is given twice")
        untitled = sorted({name for table in self.table for name in table.dimensions} - self.dimension.keys())
        if untitled:
            raise ValueError(f"no [dimension] describes {', '.join(untitled)}")
        if absent := sorted({table.unit for table in self.table} - self.unit.keys()):
            raise ValueError(f"no [unit] describes {', '.join(absent)}")
        return self


class OwnTables(_Settings):
    """`config/tables/<centre>.toml`: what one centre counts besides, after the tables that all have."""

    dimension: dict[str, DimensionSettings] = Field(default_factory=dict)
    table: tuple[TableSpec, ...] = ()


def load_catalogue(path: Path) -> Catalogue:
    """Read the catalogue; its faults end in one `ConfigurationError`."""
    return read_settings(path, Catalogue)


def load_centre_catalogue(config: Path, centre_id: str) -> Catalogue:
    """The catalogue with the centre's own tables, where it has some."""
    catalogue = load_catalogue(config / "tables.toml")
    path = config / "tables" / f"{centre_id}.toml"
    if not path.is_file():
        return catalogue
    own = read_settings(path, OwnTables)
    try:
        return Catalogue(
            unit=catalogue.unit,
            dimension={**own.dimension, **catalogue.dimension},
            comparison=catalogue.comparison,
            table=(*catalogue.table, *own.table),
        )
    except ValidationError as error:
        raise ConfigurationError(
            msg("The configuration cannot be used:"),
            faults=tuple(
                msg("{file}: {fault}", file=path.name, fault=detail["msg"])
                for detail in error.errors(include_input=False, include_url=False)
            ),
            to_do=msg("Correct these lines, then run the command again"),
        ) from None
