"""Which column of an export may be which of ours: by its name, then by what its cells look like."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.codes import Vocabularies
from pipelines.entities import ENTITIES, Column, Kind
from pipelines.ingest.match_words import ValueMatch, list_similarity, match_values, name_similarity
from pipelines.ingest.profile_columns import ColumnProfile
from pipelines.ingest.read_synonyms import Field, Synonyms, plain

#: A column at least so likely is proposed; one at least so likely is shown beside it.
PROPOSED, SHOWN = 0.5, 0.3
# Words that speak against a column take so much from what its name says.
_AGAINST = 0.8
# The name and the cells each say a part; where cells have a shape, the shape is needed and the name decides.
_NAME_OF_SHAPED, _NAME_OF_CODE = 0.7, 0.5
_NAME_WITHOUT_VALUES = 0.6
_NAME_OF_FLAG = 0.7
# A code list that knows fewer of a column's words is not its list.
_LEAST_FIT = 0.2


@dataclass(frozen=True)
class ColumnMatch:
    """A column of the export for one of ours, with how likely it is and why, from 0 to 1."""

    field: Field
    profile: ColumnProfile
    confidence: float
    vocabulary: str = ""
    values: tuple[ValueMatch, ...] = dataclasses.field(default=(), repr=False)

    @property
    def entity(self) -> str:
        return self.field[0]

    @property
    def split(self) -> str:
        return self.profile.separator if self.column.kind is Kind.CODE else ""

    @property
    def column(self) -> Column:
        return ENTITIES[self.field[0]][self.field[1]]


class ColumnMatcher:
    """Compares the columns of an export with ours, in the code lists of this workspace."""

    def __init__(self, synonyms: Synonyms, vocabularies: Vocabularies) -> None:
        self._synonyms = synonyms
        self._lists = _lists_by_column(vocabularies)

    def rank(self, field: Field, profiles: Iterable[ColumnProfile]) -> list[ColumnMatch]:
        """The columns that may be this one of ours, the likeliest first."""
        matches = [match for profile in profiles if (match := self.match(field, profile)).confidence >= SHOWN]
        return sorted(matches, key=lambda match: -match.confidence)

    def match(self, field: Field, profile: ColumnProfile) -> ColumnMatch:
        """How likely a column of the export is this one of ours."""
        column = ENTITIES[field[0]][field[1]]
        name = self.name_likeness(field, profile)
        match column.kind:
            case Kind.CODE:
                return self._match_code(field, column, profile, name)
            case Kind.DATE:
                has_shape = bool(profile.date_formats)
            case Kind.INTEGER if column.name.startswith("age_"):
                has_shape = profile.is_age
            case Kind.INTEGER:
                has_shape = profile.is_count
            case Kind.DURATION:
                has_shape = bool(profile.duration_forms)
            case Kind.AMOUNT:
                has_shape = profile.is_amount
            case Kind.BOOLEAN:
                has_shape = profile.is_flag
            case Kind.IDENTIFIER:
                has_shape = profile.answered > 0 and not profile.date_formats and not profile.is_flag
        # A date whose name says nothing is still a date: shown, and proposed where there is no other.
        says = name > 0 or column.kind is Kind.DATE
        likely = _NAME_OF_SHAPED * name + 1 - _NAME_OF_SHAPED if has_shape and says else 0.0
        return ColumnMatch(field, profile, round(likely, 2))

    def name_likeness(self, field: Field, profile: ColumnProfile) -> float:
        """How well the column's name says ours, the name of its kind of file helping; 0 to 1."""
        phrases = self._synonyms.headers.get(field, ())
        in_context = (*profile.context, *profile.words)
        alike = max(name_similarity(profile.words, phrases), 0.95 * name_similarity(in_context, phrases))
        against = any(set(phrase) <= set(in_context) for phrase in self._synonyms.against.get(field, ()))
        return max(0.0, alike - _AGAINST * against)

    def _match_code(self, field: Field, column: Column, profile: ColumnProfile, name: float) -> ColumnMatch:
        is_words = profile.is_closed_list and not profile.date_formats and (profile.labels or not profile.is_age)
        # Any yes/no column has the words of a list of yes and no: there the name must say it.
        if not is_words or (profile.is_flag and name < _NAME_OF_FLAG):
            return ColumnMatch(field, profile, 0.0)
        fitting = []
        for vocabulary in self._lists[column.vocabulary]:
            values = self.match_values(vocabulary, profile)
            counts = {**profile.parts, **dict.fromkeys(profile.missing, 0)}
            fitting.append((list_similarity(values, counts), vocabulary, values))
        # A code list of another field that fits no better than ours is not taken.
        fit, vocabulary, values = max(fitting, key=lambda one: one[0], default=(0.0, "", ()))
        likely = max(_NAME_OF_CODE * name + (1 - _NAME_OF_CODE) * fit, _NAME_WITHOUT_VALUES * name)
        # The list of all offences of the police holds ours among many: there the name says that it is the list.
        is_ours = vocabulary == column.vocabulary and name >= _NAME_OF_FLAG and any(match.code for match in values)
        if fit < _LEAST_FIT and not is_ours:
            return ColumnMatch(field, profile, round(likely, 2))
        return ColumnMatch(field, profile, round(likely, 2), vocabulary, values)

    def match_values(self, vocabulary: str, profile: ColumnProfile) -> tuple[ValueMatch, ...]:
        """The words of a column with their candidates; `inconnu` is a missing answer unless the code list knows it."""
        known = {phrase for phrase, _ in self._synonyms.values[vocabulary]}
        words = [*profile.parts, *(word for word in profile.missing if plain(word) in known)]
        return match_values(words, vocabulary, self._synonyms, profile.labels)

    def match_flags(self, profiles: Sequence[ColumnProfile], vocabulary: str) -> tuple[ValueMatch, ...]:
        """Yes/no columns whose names are the answers: each name, without what all share, with its candidates."""
        names = {profile.name: plain(profile.name).split() for profile in profiles}
        shared = len(_shared_start(list(names.values()))) if len(profiles) > 1 else 0
        said = {name: " ".join(words[shared:] or words) for name, words in names.items()}
        matches = match_values(said, vocabulary, self._synonyms, said)
        return tuple(ValueMatch(match.value, match.candidates) for match in matches)


def _shared_start(names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    shared = []
    for words in zip(*names, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return tuple(shared)


def _lists_by_column(vocabularies: Vocabularies) -> Mapping[str, tuple[str, ...]]:
    """The code lists that a coded column may use: its own, and those that a centre may put in its place."""
    own = {column.vocabulary for entity in ENTITIES.values() for column in entity.columns if column.vocabulary}
    lists = {}
    for name in own:
        kin = [other for other in vocabularies if other.split("_")[0] == name.split("_")[0] and other not in own]
        lists[name] = (*([name] if name in vocabularies else []), *kin)
    return lists
