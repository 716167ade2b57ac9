"""Several answers told by yes/no columns, one an answer: which columns they are, and what each says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.ingest.match_columns import PROPOSED, ColumnMatcher
from pipelines.ingest.match_words import PROPOSED as LIKELY_WORD
from pipelines.ingest.match_words import ValueMatch
from pipelines.ingest.profile_columns import ColumnProfile
from pipelines.ingest.read_synonyms import Field


@dataclass(frozen=True)
class FlagMatch:
    """A group of yes/no columns of one kind of file."""

    source: str
    profiles: tuple[ColumnProfile, ...]
    values: tuple[ValueMatch, ...]
    vocabulary: str
    confidence: float

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(profile.name for profile in self.profiles)

    @property
    def yes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for profile in self.profiles for word in profile.yes))

    @property
    def no(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for profile in self.profiles for word in profile.no))


def find_flags(
    profiles: Sequence[ColumnProfile], field: Field, vocabulary: str, matcher: ColumnMatcher
) -> FlagMatch | None:
    """The likeliest group: columns that begin alike, whose names say our column or words of its code list."""
    groups: dict[tuple[str, str], list[ColumnProfile]] = defaultdict(list)
    for profile in profiles:
        if profile.is_flag:
            groups[profile.source, profile.words[0]].append(profile)
    found = [_judge(group, field, vocabulary, matcher) for group in groups.values()]
    best = max(found, key=lambda match: match.confidence, default=None)
    return best if best and best.confidence >= PROPOSED else None


def _judge(group: Sequence[ColumnProfile], field: Field, vocabulary: str, matcher: ColumnMatcher) -> FlagMatch:
    values = matcher.match_flags(group, vocabulary)
    named = max(matcher.name_likeness(field, profile) for profile in group)
    fitting = sum(value.confidence for value in values if value.confidence >= LIKELY_WORD) / len(values)
    # A name alone is enough: a platform may have a single column, `sexual violence`, yes or no.
    confidence = round(max(0.7 * named, 0.5 * named + 0.5 * fitting), 2)
    return FlagMatch(group[0].source, tuple(group), values, vocabulary, confidence)
