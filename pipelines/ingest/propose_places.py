"""Which kind of file of an unknown export each kind of record is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.entities import DATE_OF_RECORD, ENTITIES, SENSITIVE, SERVICES, Kind
from pipelines.ingest.match_columns import ColumnMatch
from pipelines.ingest.propose_flags import FlagMatch
from pipelines.ingest.read_synonyms import Field

FORM: Field = ("aggression_form", "form_code")
#: The day of a service is proposed only where its name says it so surely.
_SURELY = 0.9
#: The kinds of records of the services that are nothing without another, and that other.
_BELONGS_TO = {
    "audience": "activity",
    "session": "group",
    "attendance": "session",
    "priority_criterion": "waiting",
    "evaluation_answer": "evaluation",
}


def propose_places(
    chosen: Mapping[Field, ColumnMatch], flags: FlagMatch | None, ranking: Mapping[Field, Sequence[ColumnMatch]]
) -> dict[str, str]:
    """The kind of file that each kind of record is made from: that of its needed column, else of its likeliest."""
    places = {}
    for entity in (entity for entity in ENTITIES.values() if entity.name not in SENSITIVE):
        matches = [match for field, match in chosen.items() if field[0] == entity.name]
        matches.sort(key=lambda match: (match.column.is_required, match.confidence), reverse=True)
        if entity.name == FORM[0] and flags and FORM not in chosen:
            places[entity.name] = flags.source
        elif matches:
            needed = [column.name for column in entity.columns if column.is_required and column.kind is Kind.CODE]
            if all((entity.name, name) in chosen for name in needed):
                places[entity.name] = matches[0].profile.source
    # Forms and links belong to aggressions: where nothing else tells of them, each of their rows is one.
    if "aggression" not in places and (told := places.get(FORM[0]) or places.get("aggressor_link")):
        places["aggression"] = told
    told_of = {name: places[name] for name in ENTITIES if name in places and _is_told(name, places, chosen)}
    return told_of | _places_of_numbers(told_of, ranking)


def _places_of_numbers(places: Mapping[str, str], ranking: Mapping[Field, Sequence[ColumnMatch]]) -> dict[str, str]:
    """A kind of record of numbers alone (who was at which session): a file of nothing else that holds them all."""
    found = {}
    for name, owner in _BELONGS_TO.items():
        columns = ENTITIES[name].columns
        if owner not in places or any(column.kind is not Kind.IDENTIFIER for column in columns):
            continue
        held = [
            {match.profile.source for match in ranking[name, column.name] if match.confidence >= _SURELY}
            for column in columns
        ]
        free = sorted(set.intersection(*held) - set(places.values()))
        if free:
            found[name] = free[0]
    return found


def _is_told(name: str, places: Mapping[str, str], chosen: Mapping[Field, ColumnMatch]) -> bool:
    """Whether a kind of record of the services is in the export: a date that is like any other is none of it.

    Its day, where it has one, is called so, and stands in its file beside another column of it.
    """
    if name not in SERVICES:
        return True
    owner = _BELONGS_TO.get(name, "")
    if owner and not (owner in places and _is_told(owner, places, chosen)):
        return False
    if name not in DATE_OF_RECORD:
        return True
    day = chosen.get((name, DATE_OF_RECORD[name]))
    told = [match for field, match in chosen.items() if field[0] == name and match.profile.source == places[name]]
    return day is not None and day in told and day.confidence >= _SURELY and len(told) > 1
