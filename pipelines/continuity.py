"""What a centre knows of its own years: breaks in its series, records that a year lacks, keys that do not last.

`[[break]]` says from which day things are told otherwise; `[[coverage]]`, for which days an export holds only a part of
the records (a half year on paper); `[person_keys]`, whether a person keeps her pseudonym from year to year.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.entities import ENTITIES
from pipelines.language import Text

_YearLabel = Annotated[str, StringConstraints(pattern=r"^[12][0-9]{3}(-[12][0-9]{3})?$")]
WHOLE_SHARE = 100


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class BreakSettings(_Settings):
    """The day from which some things are counted otherwise, as a day (`on`) or as the first of a year (`year`)."""

    on: datetime.date | None = None
    year: _YearLabel | None = None
    #: Kinds of records, or columns of them: `meeting`, `meeting.service_type_code`; none: everything.
    concerns: tuple[str, ...] = ()
    #: What changed, as a reader is told: `nouveau logiciel`.
    what: Text

    @model_validator(mode="after")
    def _says_when_and_of_what(self) -> BreakSettings:
        if (self.on is None) == (self.year is None):
            raise ValueError("one of on and year is needed, and only one")
        _require_known(self.concerns)
        return self

    def day(self, start_month: int) -> datetime.date:
        """The first day of the new way of counting, for a centre whose years begin in this month."""
        return self.on or datetime.date(int(str(self.year)[:4]), start_month, 1)

    def touches(self, columns: Iterable[tuple[str, str]]) -> bool:
        """Whether one of these columns, each with its kind of record, is told otherwise from that day."""
        return not self.concerns or any({entity, f"{entity}.{column}"} & {*self.concerns} for entity, column in columns)


class CoverageSettings(_Settings):
    """Days of which the export holds only a part of the records of one kind.

    `share` is how much of them it holds, in percent; left out, nobody knows.
    """

    entity: str
    year: _YearLabel | None = None
    from_day: datetime.date | None = Field(default=None, alias="from")
    to_day: datetime.date | None = Field(default=None, alias="to")
    share: Annotated[int, Field(ge=0, lt=WHOLE_SHARE)] | None = None
    #: Why, as a reader is told: `d'avril à septembre, les rencontres sont sur papier`.
    reason: Text

    @model_validator(mode="after")
    def _says_when_and_of_what(self) -> CoverageSettings:
        dated = self.from_day is not None and self.to_day is not None
        if dated == (self.year is not None) or (self.from_day is None) != (self.to_day is None):
            raise ValueError("either year, or from and to, is needed")
        if self.from_day and self.to_day and self.from_day > self.to_day:
            raise ValueError("from is after to")
        _require_known((self.entity,))
        return self

    def days(self, start_month: int) -> tuple[datetime.date, datetime.date]:
        """The first and the last day, for a centre whose years begin in this month."""
        if self.from_day and self.to_day:
            return self.from_day, self.to_day
        begins = int(str(self.year)[:4])
        return (
            datetime.date(begins, start_month, 1),
            datetime.date(begins + 1, start_month, 1) - datetime.timedelta(days=1),
        )


class PersonKeysSettings(_Settings):
    """Whether a pseudonym means the same person in every year; `reason` is told where it does not."""

    are_stable: bool
    reason: Text


def covered_share(
    spans: Iterable[CoverageSettings], start_month: int, first_day: datetime.date, last_day: datetime.date
) -> int | None:
    """How much of the records of these days the export holds, in percent; None where a span does not say.

    100 where no span of them touches these days.
    """
    lacking = 0
    for span in spans:
        begins, ends = span.days(start_month)
        days = (min(ends, last_day) - max(begins, first_day)).days + 1
        if days > 0 and span.share is None:
            return None
        lacking += max(days, 0) * (WHOLE_SHARE - (span.share or 0))
    share = WHOLE_SHARE - lacking / ((last_day - first_day).days + 1)
    # What lacks a little is never whole.
    return max(0, min(round(share), WHOLE_SHARE - 1)) if lacking else WHOLE_SHARE


def _require_known(names: Iterable[str]) -> None:
    for name in names:
        entity, _, column = name.partition(".")
        if entity not in ENTITIES:
            raise ValueError(f"unknown entity {entity}: one of {', '.join(ENTITIES)}")
        if column and column not in ENTITIES[entity]:
            raise ValueError(f"{entity} has no column {column}")
