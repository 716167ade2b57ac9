"""Which columns number the requests and the aggressions, and link the records of one file to those of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipelines.entities import DATE_OF_RECORD, ENTITIES, Kind
from pipelines.ingest.find_sources import FoundSource
from pipelines.ingest.match_columns import PROPOSED, ColumnMatch, ColumnMatcher
from pipelines.ingest.profile_columns import ColumnProfile
from pipelines.ingest.read_synonyms import Field, plain
from pipelines.language import Message, msg

#: A pseudonym of a person is proposed only where its name says so.
_SURE = 0.85


@dataclass(frozen=True)
class KeyProposal:
    """A column that numbers records; without one, each row is its own (`row_key`)."""

    column: str
    confidence: float

    @property
    def is_row(self) -> bool:
        return not self.column


class Keys(Mapping[Field, KeyProposal]):
    """The keys of every kind of record, and which records could not be linked."""

    def __init__(self, keys: Mapping[Field, KeyProposal], unlinked: Mapping[str, Message]) -> None:
        self._keys = dict(keys)
        #: By kind of record: why its file could not be linked.
        self.unlinked = dict(unlinked)

    def __getitem__(self, field: Field) -> KeyProposal:
        return self._keys[field]

    def __iter__(self) -> Iterator[Field]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def propose_keys(places: Mapping[str, str], sources: Mapping[str, FoundSource], matcher: ColumnMatcher) -> Keys:
    """The identifier columns of the kinds of records that are proposed, by the file each comes from."""
    keys: dict[Field, KeyProposal] = {}
    unlinked = {}
    owners = {"request_id": "request", "aggression_id": "aggression"}
    owners |= {ENTITIES[name].columns[0].name: name for name in DATE_OF_RECORD}
    for name, owner in owners.items():
        if owner in places:
            keys[owner, name] = _own_key((owner, name), places, sources, matcher)
    for entity, place in places.items():
        for column in ENTITIES[entity].columns:
            field = (entity, column.name)
            if column.kind is not Kind.IDENTIFIER or field in keys:
                continue
            if column.name not in owners:
                keys |= _person(field, sources[place], matcher)
                continue
            owner = owners[column.name]
            own = keys[owner, column.name]
            link = own if place == places[owner] else _link(field, own, sources[place], matcher)
            if link is None and not column.is_required:
                continue
            if link is None:
                unlinked[entity] = msg(
                    "{entity}.{column}: no column of {file} links it to {owner}",
                    entity=entity,
                    column=column.name,
                    file=place,
                    owner=places[owner],
                )
            else:
                keys[field] = link
    return Keys(keys, unlinked)


def _own_key(
    field: Field, places: Mapping[str, str], sources: Mapping[str, FoundSource], matcher: ColumnMatcher
) -> KeyProposal:
    """A column without a gap or a repeat, in every file; else the row itself, which is always right for one load."""
    own = sources[places[field[0]]]
    whole = [profile for profile in own.profiles if profile.is_key and len(profile.files) == len(own.files)]
    best = _best(field, whole, matcher)
    if best:
        return KeyProposal(best.profile.name, best.confidence)
    # Whatever it is called: the key that the files of its links hold too.
    needing = {place for entity, place in places.items() if field[1] in ENTITIES[entity] and place != own.id}
    held = [{plain(profile.name) for profile in sources[place].profiles} for place in needing]
    for profile in whole:
        if any(plain(profile.name) in names for names in held):
            return KeyProposal(profile.name, PROPOSED)
    return KeyProposal("", 1.0)


def _link(field: Field, own: KeyProposal, source: FoundSource, matcher: ColumnMatcher) -> KeyProposal | None:
    """The column of that name, else the likeliest: a row key links to nothing outside its file."""
    if own.is_row:
        return None
    for profile in source.profiles:
        if plain(profile.name) == plain(own.column):
            return KeyProposal(profile.name, 1.0)
    best = _best(field, source.profiles, matcher)
    return KeyProposal(best.profile.name, best.confidence) if best else None


def _person(field: Field, source: FoundSource, matcher: ColumnMatcher) -> dict[Field, KeyProposal]:
    best = _best(field, source.profiles, matcher)
    if best is None or best.confidence < _SURE or len(best.profile.files) < len(source.files):
        return {}
    return {field: KeyProposal(best.profile.name, best.confidence)}


def _best(
    field: Field, profiles: tuple[ColumnProfile, ...] | list[ColumnProfile], matcher: ColumnMatcher
) -> ColumnMatch | None:
    ranked = matcher.rank(field, profiles)
    return ranked[0] if ranked and ranked[0].confidence >= PROPOSED else None
