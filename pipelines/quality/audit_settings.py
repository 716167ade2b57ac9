"""What the auditor knows of reports: words (`config/audit.toml`) and limits (`config/rules.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipelines.errors import ConfigurationError
from pipelines.language import Text, msg
from pipelines.quality.printed_figure import words_of
from pipelines.rules import load_rules
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


class LimitWords(_Settings):
    """By what words a limit of the rule book is found: at most so many `of` a line about this.

    Where `per` is said, at most so many on average for each of those.
    """

    rule: str
    of: _Words
    per: Annotated[tuple[str, ...], AfterValidator(_as_compared)] = ()
    about: _Words
    reason: Text


@dataclass(frozen=True)
class Limit:
    """A limit of the rule book with the words that find it in a report."""

    words: LimitWords
    at_most: int


class NoMoreThan(_Settings):
    """In one line, the number called by one of `few` never exceeds the one called by one of `many`.

    Where that is not certain, a person is asked to explain.
    """

    few: _Words
    many: _Words
    is_certain: bool


class _AuditFile(_Settings):
    """All of `config/audit.toml`."""

    words: AuditWords
    limits: Annotated[tuple[LimitWords, ...], Field(alias="limit")] = ()
    orders: Annotated[tuple[NoMoreThan, ...], Field(alias="no_more_than")] = ()


@dataclass(frozen=True)
class AuditSettings:
    """The words of `config/audit.toml`, and its limits with the numbers of the rule book."""

    words: AuditWords
    limits: tuple[Limit, ...]
    orders: tuple[NoMoreThan, ...]


def read_audit_settings(config: Path) -> AuditSettings:
    """Read the words, and the limits that they are about in the rule book.

    Raises `ConfigurationError` with all the faults of a file, and for a limit that the rule book does not hold.
    """
    told = read_settings(config / "audit.toml", _AuditFile)
    most = {rule.id: rule.at_most for rule in load_rules(config).rule}
    limits = [Limit(words, number) for words in told.limits if (number := most.get(words.rule)) is not None]
    if absent := [words.rule for words in told.limits if most.get(words.rule) is None]:
        raise ConfigurationError(
            msg("The configuration cannot be used:"),
            faults=tuple(
                msg("{file}: no rule of rules.toml with at_most has the id {rule}", file="audit.toml", rule=rule)
                for rule in absent
            ),
            to_do=msg("Correct these lines, then run the command again"),
        )
    return AuditSettings(told.words, tuple(limits), told.orders)
