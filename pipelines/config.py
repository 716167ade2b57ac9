"""Settings: the folders of a workspace and the configuration of a centre.

A workspace is the folder where `data/` and `reports/` live. Its `config/`, `notebooks/` and
`expectations/` are used where they exist, else those that the package brings along. Unknown keys
are errors; all the faults of a file are told at once, with their lines.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.acceptance import ProposalSettings, require_accepted
from pipelines.codes import Vocabularies, load_vocabularies
from pipelines.continuity import BreakSettings, CoverageSettings, PersonKeysSettings
from pipelines.entities import ENTITIES, SENSITIVE, Kind
from pipelines.errors import ConfigurationError, UsageError
from pipelines.language import Text, msg
from pipelines.people_words import WordingSettings
from pipelines.relations import JoinSettings, KeepSettings, OtherColumn, faults_of_relations
from pipelines.settings_file import read_settings as read_settings

_PACKAGE = Path(__file__).resolve().parent
CENTRE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Workspace:
    """The folders of one installation."""

    root: Path

    def shared(self, name: str) -> Path:
        """`config`, `notebooks` or `expectations`: the workspace's own, else the package's."""
        for folder in (self.root / name, _PACKAGE.parent / name, _PACKAGE / "_share" / name):
            if folder.is_dir():
                return folder
        raise UsageError(
            msg("The folder {name} was not found", name=name),
            where=msg("in {folder}", folder=str(self.root)),
            to_do=msg("Run the command from the project's folder, or give it with --home"),
        )

    @property
    def config(self) -> Path:
        return self.shared("config")

    def raw(self, centre_id: str) -> Path:
        return self.root / "data" / "raw" / centre_id

    def processed(self, centre_id: str) -> Path:
        return self.root / "data" / "processed" / centre_id

    def ledger(self, centre_id: str) -> Path:
        return self.root / "data" / "ledger" / centre_id

    def reports(self, centre_id: str) -> Path:
        return self.root / "reports" / centre_id

    def centre_ids(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in (self.config / "centres").glob("*.toml")))


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PeriodSettings(_Settings):
    """The centre's year: `fiscal` begins on the first of `start_month`, `calendar` on 1 January."""

    kind: Literal["fiscal", "calendar"]
    start_month: Annotated[int, Field(ge=1, le=12)] = 4
    #: Years that the export covers only in part although it holds rows of them.
    partial: tuple[str, ...] = ()

    @property
    def first_month(self) -> int:
        return self.start_month if self.kind == "fiscal" else 1


class ColumnSource(_Settings):
    """Where a standard column comes from.

    `from` names the source column; several names are synonyms, of which each file holds exactly one.
    `combine` puts the cells of several columns side by side, as `11A | C`, for a mapping to read together.
    `value` is a constant. `row_key` makes an identifier of the file and the record number.
    `flags` reads one yes/no column per code; the mapping then lists source columns.
    `split` cuts a cell that holds several answers. `duration` says whether a length of time is in hours or in minutes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    source_names: tuple[str, ...] = Field(default=(), alias="from")
    combine: tuple[str, ...] = ()
    #: Another column whose words say more than this one: they are taken in its place.
    unless: OtherColumn | None = None
    value: str | None = None
    row_key: bool = False
    flags: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    mapping: str | None = None
    split: str | None = None
    date_format: str | None = None
    duration: Literal["hours", "minutes"] | None = None
    #: Values that stand for a missing answer in this column only: `"999" = "non_disponible"`.
    sentinels: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_name_is_a_list_of_one(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("from"), str):
            return {**given, "from": (given["from"],)}
        return given

    @model_validator(mode="after")
    def _has_one_origin(self) -> ColumnSource:
        origins = [bool(self.source_names), bool(self.combine), self.value is not None, self.row_key, self.flags]
        if sum(origins) != 1:
            raise ValueError("one of from, combine, value, row_key and flags is needed, and only one")
        if self.flags and not (self.yes and self.no and self.mapping):
            raise ValueError("flags needs yes, no and mapping")
        return self


class SourceSettings(_Settings):
    """One kind of file of the export, and how to read it. Nothing is guessed that is said here."""

    id: str
    files: str
    sheet: str | None = None
    encoding: Literal["auto", "utf-8", "utf-8-twice", "utf-16", "cp1252", "latin-1", "cp850", "mac_roman"] = "auto"
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    decimal: Literal[",", "."] = ","
    #: A strptime form; `excel` or `excel-1904` where days are the numbers of a spreadsheet.
    date_format: str = "%Y-%m-%d"
    #: Rows that may be set aside, with their reasons, before the file is refused.
    max_rejected: Annotated[int, Field(ge=0)] = 0
    #: What the platform writes where there is no answer, with the kind of missing answer it is.
    missing: dict[str, str] = Field(default_factory=dict)
    #: Columns that the centre drops: their cells are let go before anything is kept, checked or told.
    drop: tuple[str, ...] = ()
    join: tuple[JoinSettings, ...] = ()
    keep: tuple[KeepSettings, ...] = ()


class EntitySettings(_Settings):
    """How one kind of record is made from one kind of file."""

    name: str
    source: str
    columns: dict[str, ColumnSource]

    @model_validator(mode="after")
    def _knows_its_columns(self) -> EntitySettings:
        if self.name not in ENTITIES:
            raise ValueError(f"unknown entity {self.name}: one of {', '.join(ENTITIES)}")
        entity = ENTITIES[self.name]
        unknown = sorted(set(self.columns) - {column.name for column in entity.columns})
        if unknown:
            raise ValueError(f"{self.name} has no column {', '.join(unknown)}")
        absent = [column.name for column in entity.columns if column.is_required and column.name not in self.columns]
        if absent:
            raise ValueError(f"{self.name} needs {', '.join(absent)}")
        # `2` is two hours for one platform and two minutes for another: nobody guesses.
        for name, origin in self.columns.items():
            if (entity[name].kind is Kind.DURATION) != (origin.duration is not None):
                raise ValueError(f'{name}: duration = "hours" or "minutes" is said of lengths of time, and of no other')
        return self


class Centre(_Settings):
    """`config/centres/<id>.toml`."""

    id: str
    name: Text
    proposal: ProposalSettings | None = None
    #: Made-up data: every output says so.
    is_fictitious: bool = False
    period: PeriodSettings
    #: A field's own code list, by the name of its file: `residence = "residence_lanaudiere"`.
    vocabularies: dict[str, str] = Field(default_factory=dict)
    #: Why the centre asks people who they say they are; without it none of that may be read.
    identity_purpose: Text | None = None
    wording: WordingSettings = WordingSettings()
    #: What a reader must know of a table of this centre, by table id.
    notes: dict[str, Text] = Field(default_factory=dict)
    #: Where the years of a series cannot be compared, of which days records lack, and which keys do not last.
    breaks: tuple[BreakSettings, ...] = Field(default=(), alias="break")
    coverage: tuple[CoverageSettings, ...] = ()
    person_keys: PersonKeysSettings | None = None
    source: tuple[SourceSettings, ...]
    entity: tuple[EntitySettings, ...]

    @model_validator(mode="after")
    def _sources_are_known(self) -> Centre:
        sources = {source.id for source in self.source}
        unknown = sorted({entity.source for entity in self.entity} - sources)
        if unknown:
            raise ValueError(f"no [[source]] has the id {', '.join(unknown)}")
        if fault := faults_of_relations({source.id: source.join for source in self.source}):
            raise ValueError(fault)
        names = [entity.name for entity in self.entity]
        if len(set(names)) < len(names):
            raise ValueError("an entity is described twice")
        absent = [entity.name for entity in ENTITIES.values() if entity.is_required and entity.name not in names]
        if absent:
            raise ValueError(f"the entity {', '.join(absent)} is needed")
        if (told := sorted(SENSITIVE.intersection(names))) and self.identity_purpose is None:
            raise ValueError(f"{', '.join(told)} needs [identity_purpose]: why the centre asks people who they are")
        return self

    @model_validator(mode="after")
    def _years_are_its_own(self) -> Centre:
        for label in (*(each.year for each in self.breaks), *(each.year for each in self.coverage)):
            if label is not None:
                own = period_of(self.period, datetime.date(int(label[:4]), self.period.first_month, 1)).label
                if label != own:
                    raise ValueError(f"this centre's years are written like {own}, not {label}")
        return self

    def collects(self, entity: str, column: str) -> bool:
        """Whether the centre's export holds this column at all."""
        return any(settings.name == entity and column in settings.columns for settings in self.entity)


@dataclass(frozen=True)
class Period:
    """One year of a centre, both days included."""

    label: str
    first_day: datetime.date
    last_day: datetime.date


def period_of(settings: PeriodSettings, day: datetime.date) -> Period:
    """The year of the centre that holds the day: `2023-2024` (fiscal) or `2019` (calendar)."""
    month = settings.first_month
    year = day.year if day.month >= month else day.year - 1
    first_day = datetime.date(year, month, 1)
    last_day = datetime.date(year + 1, month, 1) - datetime.timedelta(days=1)
    label = str(year) if last_day.year == year else f"{year}-{year + 1}"
    return Period(label, first_day, last_day)


def read_period(settings: PeriodSettings, label: str) -> Period:
    """The period that the label names; anything else is a `UsageError` that says the form expected."""
    year = re.fullmatch(r"([12][0-9]{3})(-[0-9]{4})?", label)
    month = settings.first_month
    if year is not None:
        period = period_of(settings, datetime.date(int(year.group(1)), month, 1))
        if period.label == label:
            return period
    example = period_of(settings, datetime.date(2023, month, 1)).label
    raise UsageError(
        msg("The year cannot be understood"),
        why=msg("this centre's years are written like {example}", example=example),
        to_do=msg("Give the year in that form"),
    )


def load_centre(workspace: Workspace, centre_id: str) -> Centre:
    """Read `config/centres/<id>.toml`, or say which centres exist."""
    path = workspace.config / "centres" / f"{centre_id}.toml"
    if not CENTRE_ID.fullmatch(centre_id) or not path.is_file():
        raise UsageError(
            msg("This centre has no configuration"),
            where=msg("in config/centres"),
            why=msg("the centres known here are: {centres}", centres=", ".join(workspace.centre_ids())),
            to_do=msg("Give one of them with --centre, or write config/centres/<id>.toml"),
        )
    centre = read_settings(path, Centre)
    if centre.id != centre_id:
        raise ConfigurationError(
            msg("The configuration cannot be used:"),
            faults=(msg("{file}: the id is not the file's name", file=path.name),),
            to_do=msg("Correct these lines, then run the command again"),
        )
    require_accepted(centre.proposal, path.name)
    return centre


def load_centre_vocabularies(workspace: Workspace, centre: Centre) -> Vocabularies:
    """The code lists of the workspace, with the centre's own where it has some.

    A field that the centre does not collect needs no list: places, of which each region has its own.
    """
    unused = (
        column.vocabulary
        for entity in ENTITIES.values()
        for column in entity.columns
        if column.vocabulary and not centre.collects(entity.name, column.name)
    )
    return load_vocabularies(workspace.config / "vocabularies", centre.vocabularies).with_empty(unused)
