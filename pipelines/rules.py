"""The rule book of the centres, `config/rules.toml`: limits, delays and priorities that a case must keep.

A rule is data: a centre that changes one edits the file, with the reason and the day from which it holds.
Each is run as an expectation; what breaks it is told as a count, with the rows to look up at the centre.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pipelines.language import Text
from pipelines.settings_file import read_settings

_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class RuleKind(StrEnum):
    """What a rule measures; each has its model, `model/sql/core_rule_<kind>.sql`, with one row a case."""

    #: The meetings of one person in one year, in services of `codes`.
    MEETINGS_PER_PERSON = "meetings_per_person"
    #: The minutes of one meeting, all counted.
    MEETING_MINUTES = "meeting_minutes"
    #: The days from the notice of a kit to the first call.
    CALL_DELAY = "call_delay"
    #: The age at the request.
    AGE_AT_REQUEST = "age_at_request"
    #: The age at the request of a person whose disposition after the first meeting is one of `codes`.
    AGE_IN_PRIORITY = "age_in_priority"
    #: The persons who came to one group whose type is one of `codes`.
    PERSONS_PER_GROUP = "persons_per_group"
    #: The sessions of one group whose type is one of `codes`.
    SESSIONS_PER_GROUP = "sessions_per_group"
    #: The minutes of one session, by the clock, of a group whose type is one of `codes`.
    SESSION_MINUTES = "session_minutes"
    #: The age at the request of a person who waits with one of the priorities `codes`.
    AGE_IN_WAITING = "age_in_waiting"
    #: The priority (1, 2 or 3) of a wait of which one of the criteria `codes` is told.
    PRIORITY_OF_CRITERIA = "priority_of_criteria"


#: What a centre's export must hold for a rule to be checked.
NEEDS: dict[RuleKind, tuple[tuple[str, str], ...]] = {
    RuleKind.MEETINGS_PER_PERSON: (("meeting", "person_id"), ("meeting", "service_type_code")),
    RuleKind.MEETING_MINUTES: (("meeting", "direct_minutes"),),
    RuleKind.CALL_DELAY: (("kit", "first_call_date"),),
    RuleKind.AGE_AT_REQUEST: (("request", "age_at_request"),),
    RuleKind.AGE_IN_PRIORITY: (("request", "age_at_request"), ("disposition", "after_first_meeting_code")),
    RuleKind.PERSONS_PER_GROUP: (("group", "group_type_code"), ("attendance", "person_id")),
    RuleKind.SESSIONS_PER_GROUP: (("group", "group_type_code"), ("session", "session_id")),
    RuleKind.SESSION_MINUTES: (("group", "group_type_code"), ("session", "session_minutes")),
    RuleKind.AGE_IN_WAITING: (
        ("request", "age_at_request"),
        ("waiting", "request_id"),
        ("waiting", "priority_code"),
    ),
    RuleKind.PRIORITY_OF_CRITERIA: (("waiting", "priority_code"), ("priority_criterion", "criterion_code")),
}
#: The kinds whose rules are about nothing but what `codes` names.
_WITHOUT_CODES = frozenset({RuleKind.MEETING_MINUTES, RuleKind.CALL_DELAY, RuleKind.AGE_AT_REQUEST})


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AcceptedSettings(_Settings):
    """Cases of a centre that break a rule and were looked at: how many, and why they are right."""

    count: Annotated[int, Field(ge=1)]
    reason: Text


class RuleSettings(_Settings):
    """One rule. Days and limits are both included; a rule without `valid_from` always held.

    `accepted`: by centre, the cases that a person looked at; one more than that breaks the rule.
    """

    id: _Name
    kind: RuleKind
    codes: tuple[_Code, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    severity: Literal["error", "warning"]
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    source: str
    title: Text
    advice: Text
    accepted: dict[str, AcceptedSettings] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_a_limit(self) -> RuleSettings:
        if self.at_least is None and self.at_most is None:
            raise ValueError("at_least or at_most is needed")
        if bool(self.codes) == (self.kind in _WITHOUT_CODES):
            raise ValueError("codes are for the kinds of rule that name some, and these need them")
        return self


class RuleBook(_Settings):
    """`config/rules.toml`."""

    rule: tuple[RuleSettings, ...]

    @model_validator(mode="after")
    def _names_each_once(self) -> RuleBook:
        ids = [rule.id for rule in self.rule]
        if len(set(ids)) < len(ids):
            raise ValueError("a rule id is given twice")
        return self


def load_rules(config: Path) -> RuleBook:
    """Read the rule book; its faults end in one `ConfigurationError`."""
    return read_settings(config / "rules.toml", RuleBook)
