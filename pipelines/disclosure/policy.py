"""The rules of protection, `config/disclosure.toml`, and who releases are for, `config/audiences/`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.codes import Vocabulary
from pipelines.config import read_settings
from pipelines.disclosure.register_settings import RegisterSettings
from pipelines.disclosure.release_table import SafetyLevel
from pipelines.errors import ConfigurationError, UsageError
from pipelines.language import Message, Text, msg
from pipelines.tables.allocation import Claim, require_claimed_once
from pipelines.tables.table_spec import publishable_table_ids
from pipelines.units import DIMENSIONS

#: The audience that sees true numbers.
INTERNAL = "internal"
_Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Profile(_Settings):
    """One set of rules; a value without its reason is refused.

    k: a cell about 1 to k-1 persons is hidden. rounding: every count is published as a multiple of it, chosen
    at random between the two nearest; 1 publishes true counts and hides what is small.
    min_centres, max_share: how many centres a cell of several
    centres is about at least, and the share of it that one of them may hold; of hours, that one person may.
    """

    k: Annotated[int, Field(ge=3)]
    level: SafetyLevel
    zeros: Literal["published", "protect"]
    min_centres: Annotated[int, Field(ge=1)]
    max_share: Annotated[float, Field(gt=0, le=1)]
    rounding: Literal[1, 5] = 1
    reason: dict[str, str]

    @property
    def zeros_are_published(self) -> bool:
        return self.zeros == "published"

    @property
    def is_rounded(self) -> bool:
        return self.rounding > 1

    @model_validator(mode="after")
    def _can_be_kept(self) -> Profile:
        # A rounded 0 stands for 0 to 4: it cannot leave open more than that, and it is no true zero.
        if self.is_rounded and (self.k > self.rounding or self.level is not SafetyLevel.S1 or self.zeros_are_published):
            raise ValueError(
                f'rounding = {self.rounding} needs k <= {self.rounding}, level = "S1" and zeros = "protect"'
            )
        return self

    @model_validator(mode="after")
    def _says_why(self) -> Profile:
        values = set(type(self).model_fields) - {"reason"}
        # What is left as it is everywhere else needs no reason.
        needed = values if self.is_rounded else values - {"rounding"}
        if unexplained := sorted(name for name in needed if not self.reason.get(name, "").strip()):
            raise ValueError(f"no reason is given for {', '.join(unexplained)}")
        if unknown := sorted(self.reason.keys() - values):
            raise ValueError(f"a reason is given for what is no value: {', '.join(unknown)}")
        return self


class SensitiveSettings(_Settings):
    """The dimensions of which everybody's answer must not be known from a group's."""

    dimensions: tuple[str, ...]

    @model_validator(mode="after")
    def _exist(self) -> SensitiveSettings:
        if unknown := sorted(set(self.dimensions) - DIMENSIONS.keys()):
            raise ValueError(f"unknown dimension {', '.join(unknown)}: one of {', '.join(DIMENSIONS)}")
        return self


class Step(StrEnum):
    """How a table is made coarser."""

    CLASSES = "classes"
    DROP = "drop"


class MergingStep(_Settings):
    """One step of the merging plan."""

    table: _Id
    step: Step

    @classmethod
    def named(cls, name: str) -> MergingStep:
        """The step of a name that the ledger keeps."""
        table, step = name.split(":")
        return cls(table=table, step=Step(step))

    @property
    def name(self) -> str:
        """The step as the ledger keeps it."""
        return f"{self.table}:{self.step.value}"


class MergingPlan(_Settings):
    """What is given up first when the level is not reached; `time_limit_s` is for one attempt."""

    time_limit_s: Annotated[float, Field(gt=0)]
    steps: tuple[MergingStep, ...]


class Policy(_Settings):
    """`config/disclosure.toml`."""

    profile: str
    centres: dict[str, str] = Field(default_factory=dict)
    profiles: dict[str, Profile]
    sensitive: SensitiveSettings
    merging: MergingPlan
    # `register` is a name that the base class has taken.
    register_entry: RegisterSettings = Field(alias="register")

    @model_validator(mode="after")
    def _names_its_profiles(self) -> Policy:
        if unknown := sorted({self.profile, *self.centres.values()} - self.profiles.keys()):
            raise ValueError(f"unknown profile {', '.join(unknown)}: one of {', '.join(self.profiles)}")
        return self

    def profile_of(self, centre_id: str) -> Profile:
        """The rules that hold for everything this centre publishes."""
        return self.profiles[self.centres.get(centre_id, self.profile)]


class Audience(_Settings):
    """Who a release is for: a file of `config/audiences`, whose name is its id.

    `tables`: the ids of the catalogue's tables that it gets, with their comparisons; all where it is absent.
    `agreement`: in the words of the agreement, why it gets these and no other. `funders`: the codes of the funder list
    whose hours and activities it may claim as its own.
    """

    title: Text
    is_protected: bool = True
    tables: tuple[_Id, ...] | None = None
    agreement: Text | None = None
    funders: tuple[_Id, ...] = ()

    def gets(self, table_id: str) -> bool:
        return self.tables is None or table_id in self.tables

    @model_validator(mode="after")
    def _lists_what_was_agreed(self) -> Audience:
        if (self.tables is None) is not (self.agreement is None):
            raise ValueError("tables and agreement go together: what is given, and in which words it was agreed")
        if self.funders and self.tables is None:
            raise ValueError("who claims hours gets the tables of an agreement, and no other")
        return self


def load_policy(config: Path) -> Policy:
    """Read the rules; their faults end in one `ConfigurationError`."""
    return read_settings(config / "disclosure.toml", Policy)


def load_audience(config: Path, audience_id: str) -> Audience:
    """Read an audience; a `UsageError` names those that exist. True numbers are for `internal` alone.

    Raises `ConfigurationError` where it lists a table that no catalogue has: a misspelt id would leave out in
    silence what was agreed.
    """
    known = audience_ids(config)
    if audience_id not in known:
        raise UsageError(
            msg("There is no audience {audience}", audience=audience_id),
            why=msg("the audiences are: {audiences}", audiences=", ".join(known)),
            to_do=msg("Give one of them, or describe it in config/audiences/"),
        )
    audience = read_settings(config / "audiences" / f"{audience_id}.toml", Audience)
    if audience.is_protected is (audience_id == INTERNAL):
        raise UsageError(
            msg("The audience {audience} cannot be used", audience=audience_id),
            why=msg("true numbers are for the audience internal, and for no other"),
            to_do=msg("Correct is_protected in config/audiences/"),
        )
    if unknown := sorted(set(audience.tables or ()) - publishable_table_ids(config)):
        file = f"{audience_id}.toml"
        faults = (msg("{file}: {table} is no table that may be published", file=file, table=one) for one in unknown)
        raise _unusable(*faults)
    return audience


def audience_ids(config: Path) -> tuple[str, ...]:
    """The audiences that are described, by name."""
    return tuple(sorted(path.stem for path in (config / "audiences").glob("*.toml")))


def load_claims(config: Path, funders: Vocabulary) -> tuple[Claim, ...]:
    """What each audience claims; `funders` is the list of funders of the centre.

    Raises `QualityGateFailed` where two audiences claim one funder, `ConfigurationError` for one that is not in the
    list.
    """
    audiences = {each: read_settings(config / "audiences" / f"{each}.toml", Audience) for each in audience_ids(config)}
    claiming = {each: audience for each, audience in audiences.items() if audience.funders}
    claims = tuple(Claim(each, audience.title, audience.funders) for each, audience in claiming.items())
    require_claimed_once(claims)
    known = {code.code for code in funders.codes}
    faults = tuple(
        msg("{file}: the list of funders has no code {funder}", file=f"{claim.audience}.toml", funder=funder)
        for claim in claims
        for funder in claim.funders
        if funder not in known
    )
    if faults:
        raise _unusable(*faults)
    return claims


def _unusable(*faults: Message) -> ConfigurationError:
    return ConfigurationError(
        msg("The configuration cannot be used:"),
        faults=faults,
        to_do=msg("Correct these lines, then run the command again"),
    )
