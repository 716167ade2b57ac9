"""Propose a centre's configuration from an unknown export: a draft for a person, never used by itself.

Each of our columns is compared with each column of the export; the likeliest are taken, one column for one thing. What
cannot be said for certain (day and month that look the same, a key that links nothing) is listed as to be decided, and
a configuration with such a line, or that nobody accepted, reads no export.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.codes import Vocabularies
from pipelines.entities import ENTITIES, SENSITIVE, Kind
from pipelines.errors import InputRefused
from pipelines.ingest.find_sources import FoundExport, FoundSource, find_sources, pointed_lists
from pipelines.ingest.match_columns import PROPOSED, ColumnMatch, ColumnMatcher
from pipelines.ingest.match_words import ValueMatch
from pipelines.ingest.propose_flags import FlagMatch, find_flags
from pipelines.ingest.propose_keys import KeyProposal, propose_keys
from pipelines.ingest.propose_places import FORM, propose_places
from pipelines.ingest.read_synonyms import Field, Synonyms
from pipelines.language import Message, msg

DATE: Field = ("request", "request_date")


@dataclass(frozen=True)
class ColumnProposal:
    """Where one of our columns comes from: source columns that take turns, or yes/no columns, or a key."""

    name: str
    confidence: float
    #: The columns of the export; several are the names of one column in files of different years.
    matches: tuple[ColumnMatch, ...] = ()
    key: KeyProposal | None = None
    flags: FlagMatch | None = None
    split: str = ""
    #: Other columns that it could be, less likely.
    others: tuple[ColumnMatch, ...] = ()

    @property
    def source_names(self) -> tuple[str, ...]:
        return tuple(match.profile.name for match in self.matches)

    @property
    def all_names(self) -> tuple[str, ...]:
        """Every column of the export that it is made from."""
        return (*self.source_names, *(self.flags.names if self.flags else ()), self.key.column if self.key else "")

    @property
    def values(self) -> tuple[ValueMatch, ...]:
        """The words to be mapped, each once, the least certain first."""
        found = self.flags.values if self.flags else tuple(value for match in self.matches for value in match.values)
        by_word = {match.value.casefold(): match for match in reversed(found)}
        return tuple(sorted(by_word.values(), key=lambda match: (match.confidence, match.value.casefold())))

    def is_readable(self, entity: str) -> bool:
        """Whether there is a code list for it, where one is needed."""
        return ENTITIES[entity][self.name].kind is not Kind.CODE or bool(self.vocabulary)

    @property
    def vocabulary(self) -> str:
        return self.flags.vocabulary if self.flags else next((one.vocabulary for one in self.matches), "")


@dataclass(frozen=True)
class EntityProposal:
    """One kind of record and the kind of file that it comes from."""

    name: str
    source: str
    columns: tuple[ColumnProposal, ...]


@dataclass(frozen=True)
class Proposal:
    """A whole draft, with what is left to a person."""

    centre_id: str
    export: FoundExport
    entities: tuple[EntityProposal, ...]
    #: For each of our columns that was found, the column of the export that it likeliest is, written or not.
    chosen: Mapping[Field, ColumnMatch] = dataclasses.field(repr=False)
    flags: FlagMatch | None
    #: What stops the draft from being used until a person chose.
    to_decide: tuple[Message, ...] = ()
    #: What was found and could not be written, with its reason.
    notes: tuple[Message, ...] = ()

    @property
    def sources(self) -> tuple[FoundSource, ...]:
        """The kinds of files that something comes from."""
        used = {entity.source for entity in self.entities}
        return tuple(source for source in self.export.sources if source.id in used)

    @property
    def unmapped_columns(self) -> tuple[tuple[str, str], ...]:
        """The columns of the export, by kind of file, that nothing is made from."""
        taken = {
            (entity.source, name) for entity in self.entities for column in entity.columns for name in column.all_names
        }
        every = [(source.id, profile.name) for source in self.export.sources for profile in source.profiles]
        return tuple(one for one in every if one not in taken)

    @property
    def not_found(self) -> tuple[Field, ...]:
        """Our columns that no column of the export seems to be."""
        found = {(entity.name, column.name) for entity in self.entities for column in entity.columns}
        return tuple(one for one in _every_field() if one not in found)


def propose_mapping(path: Path, centre_id: str, synonyms: Synonyms, vocabularies: Vocabularies) -> Proposal:
    """Compare an export with our columns and code lists; raises `InputRefused` where no request can be made of it."""
    export = find_sources(path, synonyms)
    matcher = ColumnMatcher(synonyms, vocabularies)
    lists = pointed_lists(export.sources)
    sources = {source.id: source for source in export.sources if source.id not in lists}
    profiles = [profile for source in sources.values() for profile in source.profiles]
    ranking = {field: _whole_first(matcher.rank(field, profiles), sources) for field in _every_field()}
    flags = find_flags(profiles, FORM, ENTITIES[FORM[0]][FORM[1]].vocabulary, matcher)
    chosen = _choose(ranking, flags)
    if DATE not in chosen:
        raise InputRefused(
            msg("No date of a request was found in this export"),
            why=msg("{count} files could be read", count=len(export.sources)),
            to_do=msg(
                "Look at it with `bilan inspect`, then copy config/centres/demo.toml and write the columns by hand"
            ),
        )
    places = propose_places(chosen, flags, ranking)
    keys = propose_keys(places, sources, matcher)
    entities = [_entity(name, source, chosen, ranking, flags, keys) for name, source in places.items()]
    usable, notes = _usable(entities, keys.unlinked)
    notes += [*_elsewhere(usable, chosen), *export.notes]
    return Proposal(centre_id, export, usable, chosen, flags, tuple(_undecided(usable)), tuple(notes))


def _every_field() -> list[Field]:
    """Our columns that a draft may propose: what people say they are is a centre's own choice."""
    entities = (entity for entity in ENTITIES.values() if entity.name not in SENSITIVE)
    return [(entity.name, column.name) for entity in entities for column in entity.columns]


def _whole_first(ranked: Sequence[ColumnMatch], sources: Mapping[str, FoundSource]) -> tuple[ColumnMatch, ...]:
    """Of two that are as likely, the one that has an answer in more records and files."""

    def weight(match: ColumnMatch) -> tuple[float, float, int]:
        profile = match.profile
        return (match.confidence, len(profile.files) / len(sources[profile.source].files), profile.answered)

    return tuple(sorted(ranked, key=weight, reverse=True))


def _choose(ranking: Mapping[Field, Sequence[ColumnMatch]], flags: FlagMatch | None) -> dict[Field, ColumnMatch]:
    """One column for each of ours, the likeliest pair first; only an age may serve twice."""
    order = {field: place for place, field in enumerate(ranking)}
    pairs = [(field, match) for field, ranked in ranking.items() for match in ranked if match.confidence >= PROPOSED]
    # Without the day of the request nothing is counted: it chooses before the other dates.
    pairs.sort(key=lambda pair: (pair[0] != DATE, -pair[1].confidence, not pair[1].column.is_required, order[pair[0]]))
    taken = {(profile.source, profile.name) for profile in (flags.profiles if flags else ())}
    chosen: dict[Field, ColumnMatch] = {}
    for field, match in pairs:
        where = (match.profile.source, match.profile.name)
        told_by_flags = flags is not None and field == FORM and flags.confidence >= match.confidence
        if match.column.kind is Kind.IDENTIFIER or field in chosen or where in taken or told_by_flags:
            continue
        chosen[field] = match
        if match.column.kind is not Kind.INTEGER:
            taken.add(where)
    dates = ranking[DATE]
    if DATE not in chosen and len(dates) == 1:
        chosen[DATE] = dates[0]
    return chosen


def _entity(
    name: str,
    source: str,
    chosen: Mapping[Field, ColumnMatch],
    ranking: Mapping[Field, Sequence[ColumnMatch]],
    flags: FlagMatch | None,
    keys: Mapping[Field, KeyProposal],
) -> EntityProposal:
    columns = []
    for column in ENTITIES[name].columns:
        field = (name, column.name)
        if field in keys:
            columns.append(ColumnProposal(column.name, keys[field].confidence, key=keys[field]))
        elif field == FORM and flags and field not in chosen:
            columns.append(ColumnProposal(column.name, flags.confidence, flags=flags))
        elif field in chosen:
            match = chosen[field] if chosen[field].profile.source == source else None
            columns += _from_ranking(field, source, match, ranking[field])
    return EntityProposal(name, source, tuple(columns))


def _from_ranking(
    field: Field, source: str, match: ColumnMatch | None, ranked: Iterable[ColumnMatch]
) -> list[ColumnProposal]:
    here = [one for one in ranked if one.profile.source == source]
    match = match or next((one for one in here if one.confidence >= PROPOSED), None)
    if match is None:
        return []
    turns = [match]
    # A column that some years do not have may have another name there.
    for other in here:
        held = frozenset().union(*(one.profile.files for one in turns))
        if other.confidence >= PROPOSED and not other.profile.files & held:
            turns.append(other)
    others = tuple(one for one in here if one not in turns)[:2]
    split = next((one.split for one in turns if one.split), "")
    return [ColumnProposal(field[1], match.confidence, tuple(turns), split=split, others=others)]


def _usable(
    entities: Iterable[EntityProposal], unlinked: Mapping[str, Message]
) -> tuple[tuple[EntityProposal, ...], list[Message]]:
    """The kinds of records that a configuration can hold, and why the rest cannot."""
    usable = []
    notes = []
    for entity in entities:
        bare = [column for column in entity.columns if column.matches and not column.is_readable(entity.name)]
        notes += [msg("{column}: no code list has its words", column=" / ".join(one.source_names)) for one in bare]
        needs = {column.name for column in ENTITIES[entity.name].columns if column.is_required}
        if entity.name in unlinked:
            notes.append(unlinked[entity.name])
        elif not needs & {column.name for column in bare}:
            kept = tuple(column for column in entity.columns if column not in bare)
            usable.append(EntityProposal(entity.name, entity.source, kept))
    return tuple(usable), notes


def _elsewhere(entities: Sequence[EntityProposal], chosen: Mapping[Field, ColumnMatch]) -> Iterable[Message]:
    places = {entity.name: entity.source for entity in entities}
    for (entity, column), match in chosen.items():
        if entity in places and match.profile.source != places[entity]:
            yield msg(
                "{entity}.{column} is in another file, {file}: the two must be brought together",
                entity=entity,
                column=column,
                file=match.profile.source,
            )


def _undecided(entities: Sequence[EntityProposal]) -> Iterable[Message]:
    """Day and month, or hours and minutes, that cannot be told apart: whoever guesses makes wrong numbers."""
    for entity in entities:
        for column in entity.columns:
            for match in column.matches:
                if match.column.kind is Kind.DATE and len(match.profile.date_formats) > 1:
                    yield msg(
                        "{column}: day and month cannot be told apart: {forms}",
                        column=match.profile.name,
                        forms=" / ".join(match.profile.date_formats),
                    )
                if match.column.kind is Kind.DURATION and len(match.profile.duration_forms) > 1:
                    yield msg("{column}: hours and minutes cannot be told apart", column=match.profile.name)
