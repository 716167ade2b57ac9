"""What the made-up export is drawn from: `config/demonstration/demo/requests.toml`, weights and pinned counts."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.language import Text

#: The month in which the fiscal years of the demonstration begin.
FISCAL_START_MONTH = 4
_YEAR = re.compile(r"(\d{4})-(\d{4})")

Label = Annotated[str, StringConstraints(min_length=1)]
Weight = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
#: Two whole numbers, both included.
Span = tuple[Count, Count]
#: Whose request it is; referral and disposition are drawn with the weights of the group.
Group = Literal["survivor", "relative", "worker", "unknown"]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weighted(_Settings):
    """A word of the platform and how often it is drawn, relative to its neighbours."""

    label: Label
    weight: Weight


class YearSettings(_Settings):
    """A fiscal year, its requests and, where they are pinned, its links by class."""

    label: Label
    requests: Annotated[int, Field(ge=1)]
    links: dict[str, Count] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_a_fiscal_year(self) -> YearSettings:
        years = _YEAR.fullmatch(self.label)
        if years is None or int(years[2]) != int(years[1]) + 1:
            raise ValueError("a year is written like 2023-2024")
        return self

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(int(self.label[:4]), FISCAL_START_MONTH, 1)

    @property
    def end(self) -> datetime.date:
        """The day after the last one."""
        return datetime.date(int(self.label[:4]) + 1, FISCAL_START_MONTH, 1)


class Shares(_Settings):
    """How many of each thing; all between 0 and 1."""

    links_per_request: Share
    aggressions_with_two_links: Share
    requests_with_two_aggressions: Share
    requests_of_returning_persons: Share
    requests_with_two_referrals: Share
    other_gender: Share
    recent_aggressions: Share
    date_unknown_recent: Share
    date_unknown_old: Share
    age_at_request_unknown: Share
    age_at_aggression_unknown: Share
    form_unknown: Share
    residence_unknown: Share


class Survivors(_Settings):
    """The words for survivors who ask for themselves, by age and gender."""

    weight: Weight
    teen: Label
    adult: Label
    other_gender: Label


class Requester(Weighted):
    """Somebody else who asks; `tells` is the chance that an aggression is described."""

    group: Group
    tells: Annotated[float, Field(gt=0, le=1)]
    #: The ages of the victims they speak of, where they speak of some only.
    victim_ages: Span | None = None


class AgeBand(_Settings):
    """Ages in whole years."""

    ages: Span
    weight: Weight


class DelayBand(_Settings):
    """Days from an aggression to the request."""

    days: Span
    weight: Weight


class LinkWord(Weighted):
    """The platform's word for an aggressor; makes no sense of a victim younger than `from_age`."""

    from_age: Count = 0


class LinkClass(Weighted):
    """A class of the public report; without `words` the class is its own word (a missing answer)."""

    words: tuple[LinkWord, ...] = ()
    #: Whether its aggressions are told as sexual exploitation.
    is_exploitation: bool = False


class Form(Weighted):
    """A form of aggression and what it needs: an age of the victim, a year, certain links."""

    from_age: Count = 0
    from_year: Count = 0
    among: Literal["all", "two_links", "exploitation_links"] = "all"


class FormsPerAggression(_Settings):
    """The weights of one, two and three forms."""

    one: Weight
    two: Weight
    three: Weight


class GroupWeighted(_Settings):
    """A word whose weight depends on whose request it is."""

    label: Label
    weights: dict[Group, Weight]

    @model_validator(mode="after")
    def _weighs_every_group(self) -> GroupWeighted:
        if len(self.weights) < len(get_args(Group)):
            raise ValueError("weights are needed for survivor, relative, worker and unknown")
        return self


class AfterRequest(GroupWeighted):
    """What came of a request; after some of them a first meeting takes place."""

    first_meeting: bool = False


class Words(_Settings):
    """The platform's own words for yes, no and what has no answer."""

    yes: Label
    no: Label
    not_applicable: Label
    not_asked: Label
    not_known: Label


class CallHours(_Settings):
    """How long calls last, in hours."""

    shortest: Annotated[float, Field(gt=0)]
    longest: Annotated[float, Field(gt=0)]
    step: Annotated[float, Field(gt=0)]


class DemonstrationSettings(_Settings):
    """`config/demonstration/demo/requests.toml`: each weight says there where it comes from."""

    seed: Count
    notice: Text
    year: Annotated[tuple[YearSettings, ...], Field(min_length=1)]
    shares: Shares
    survivors: Survivors
    requester: Annotated[tuple[Requester, ...], Field(min_length=1)]
    age_at_request: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    age_at_aggression: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    recent_delay: Annotated[tuple[DelayBand, ...], Field(min_length=1)]
    words: Words
    missing: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    link_class: Annotated[tuple[LinkClass, ...], Field(min_length=1)]
    form: Annotated[tuple[Form, ...], Field(min_length=1)]
    forms_per_aggression: FormsPerAggression
    residence: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    referral: Annotated[tuple[GroupWeighted, ...], Field(min_length=1)]
    after_request: Annotated[tuple[AfterRequest, ...], Field(min_length=1)]
    after_first_meeting: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    contact: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    call_hours: CallHours

    @model_validator(mode="after")
    def _pins_known_classes(self) -> DemonstrationSettings:
        classes = {link.label for link in self.link_class}
        for year in self.year:
            unknown = sorted(set(year.links) - classes)
            if unknown:
                raise ValueError(f"no [[link_class]] is called {', '.join(unknown)}")
        if self.age_at_aggression[0].ages[0] != 0 or self.age_at_aggression[0].weight == 0:
            raise ValueError("age_at_aggression begins at 0 with a weight: every victim was once that old")
        return self
