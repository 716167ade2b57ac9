"""What the auditor knows of reports: `config/audit.toml`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipelines.language import Text
from pipelines.quality.printed_figure import words_of
from pipelines.settings_file import read_settings


def _as_compared(words: tuple[str, ...]) -> tuple[str, ...]:
    """As labels are compared, so that a person may write accents and plurals."""
    return tuple(found for word in words for found in words_of(word))


_Words = Annotated[tuple[str, ...], Field(min_length=1), AfterValidator(_as_compared)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AuditWords(_Settings):
    """The words by which tables, lines and columns are recognised; the file says what each list is for."""

    total: _Words
    subtotal: _Words
    beside: _Words
    of_which: _Words
    summary: _Words
    places: _Words
    answers: _Words
    evolution: _Words
    earlier: _Words
    average: _Words
    people: _Words
    distinct: _Words
    individual: _Words
    together: _Words
    empty: _Words

    def is_total(self, label: str) -> bool:
        """Whether the first word of a label ("Total des heures") or its last ("Grand total") says so."""
        named = words_of(label)
        return bool(named) and (named[0] in self.total or named[-1] in self.total)

    def subject_of(self, label: str) -> frozenset[str]:
        """The words of a label that say what it is about."""
        return frozenset(words_of(label)) - frozenset(self.empty)


class Limit(_Settings):
    """At most so many `of` a line about this, or so many on average `per` person where `per` is said."""

    id: str
    of: _Words
    per: Annotated[tuple[str, ...], AfterValidator(_as_compared)] = ()
    about: _Words
    at_most: Decimal
    reason: Text
    source: str


class NoMoreThan(_Settings):
    """In one line, the number called by one of `few` never exceeds the one called by one of `many`.

    Where that is not certain, a person is asked to explain.
    """

    few: _Words
    many: _Words
    is_certain: bool


class AuditSettings(_Settings):
    """All of `config/audit.toml`."""

    words: AuditWords
    limits: Annotated[tuple[Limit, ...], Field(alias="limit")] = ()
    orders: Annotated[tuple[NoMoreThan, ...], Field(alias="no_more_than")] = ()


def read_audit_settings(config: Path) -> AuditSettings:
    """Read the words and the limits; raises `ConfigurationError` with all the faults of the file."""
    return read_settings(config / "audit.toml", AuditSettings)
