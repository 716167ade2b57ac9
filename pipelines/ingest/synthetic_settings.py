"""What made-up requests are drawn from: a `config/demonstration/<id>/requests.toml`, weights and pinned counts."""

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
    """A fiscal year, its requests and, where they are pinned, its requesters and its links by class."""

    label: Label
    requests: Annotated[int, Field(ge=1)]
    requesters: dict[str, Count] = Field(default_factory=dict)
    links: dict[str, Count] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_a_fiscal_year(self) -> YearSettings:
        years = _YEAR.fullmatch(self.label)
        if years is None or int(years[2]) != int(years[1]) + 1:
            raise ValueError("a year is written like 2023-2024")
        if sum(self.requesters.values()) > self.requests:
            raise ValueError("no more requesters are pinned than there are requests")
        return self

    @property
    def first_day(self) -> datetime.date:
        return datetime.date(int(self.label[:4]), FISCAL_START_MONTH, 1)

    @property
    def end(self) -> datetime.date:
        """The day after the last one."""
        return datetime.date(int(self.label[:4]) + 1, FISCAL_START_MONTH, 1)


class Shares(_Settings):
    """How many of each thing; all between 0 and 1, and none where nothing is said."""

    links_per_request: Share = 0
    aggressions_with_two_links: Share = 0
    requests_with_two_aggressions: Share = 0
    requests_of_returning_persons: Share = 0
    requests_with_two_referrals: Share = 0
    other_gender: Share = 0
    recent_aggressions: Share = 0
    date_unknown_recent: Share = 0
    date_unknown_old: Share = 0
    age_at_request_unknown: Share = 0
    age_at_aggression_unknown: Share = 0
    form_unknown: Share = 0
    residence_unknown: Share = 0


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
    """A `config/demonstration/<id>/requests.toml`: each weight says there where it comes from.

    What is told of aggressions, referrals, residences, dispositions and calls may be absent: the export then
    holds nothing of it. `leaves_out` names what is drawn, and that the platform does not keep.
    """

    seed: Count
    notice: Text
    leaves_out: tuple[Literal["person", "requester", "age"], ...] = ()
    year: Annotated[tuple[YearSettings, ...], Field(min_length=1)]
    shares: Shares
    survivors: Survivors
    requester: tuple[Requester, ...] = ()
    age_at_request: Annotated[tuple[AgeBand, ...], Field(min_length=1)]
    age_at_aggression: tuple[AgeBand, ...] = ()
    recent_delay: tuple[DelayBand, ...] = ()
    words: Words
    missing: Annotated[tuple[Weighted, ...], Field(min_length=1)]
    link_class: tuple[LinkClass, ...] = ()
    form: tuple[Form, ...] = ()
    forms_per_aggression: FormsPerAggression = FormsPerAggression(one=1, two=0, three=0)
    residence: tuple[Weighted, ...] = ()
    referral: tuple[GroupWeighted, ...] = ()
    after_request: tuple[AfterRequest, ...] = ()
    after_first_meeting: tuple[Weighted, ...] = ()
    contact: tuple[Weighted, ...] = ()
    call_hours: CallHours | None = None

    @model_validator(mode="after")
    def _pins_what_is_known(self) -> DemonstrationSettings:
        classes = {link.label for link in self.link_class}
        requesters = {requester.label for requester in self.requester}
        for year in self.year:
            if unknown := sorted(set(year.links) - classes):
                raise ValueError(f"no [[link_class]] is called {', '.join(unknown)}")
            if unknown := sorted(set(year.requesters) - requesters):
                raise ValueError(f"no [[requester]] is called {', '.join(unknown)}")
        return self

    @model_validator(mode="after")
    def _tells_aggressions_whole(self) -> DemonstrationSettings:
        parts = (self.age_at_aggression, self.recent_delay, self.link_class, self.form)
        if any(parts) and not all(parts):
            raise ValueError("aggressions need age_at_aggression, recent_delay, link_class and form")
        ages = self.age_at_aggression
        if ages and (ages[0].ages[0] != 0 or ages[0].weight == 0):
            raise ValueError("age_at_aggression begins at 0 with a weight: every victim was once that old")
        return self
