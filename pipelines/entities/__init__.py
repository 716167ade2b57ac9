"""The entity dictionary: what an export is mapped to.

Each column is defined once, in a module of this package: the configuration of a centre, the load package,
the SQL models and the expectation suites all use these names. A column that a centre's export does not
hold stays null in the core tables, and a kind of record that it does not hold has no row. What may be
counted, and by what, is `pipelines/units/`.
"""

from __future__ import annotations

from pipelines.entities.entity import Column, Entity, Kind
from pipelines.entities.groups import GROUP_ENTITIES
from pipelines.entities.organisation import ORGANISATION_ENTITIES
from pipelines.entities.persons import PERSON_ENTITIES
from pipelines.entities.requests import REQUEST_ENTITIES
from pipelines.entities.services import SERVICE_ENTITIES

__all__ = [
    "DATE_OF_RECORD",
    "DERIVED_VOCABULARIES",
    "ENTITIES",
    "MISSING_SUFFIX",
    "ORIGIN_COLUMNS",
    "SENSITIVE",
    "SERVICES",
    "WITH_MISSING_KIND",
    "Column",
    "Entity",
    "Kind",
]

#: What is neither a code nor the number of a record carries, beside it, its kind of missing answer:
#: `age_at_request_missing`.
MISSING_SUFFIX = "_missing"
WITH_MISSING_KIND = frozenset({Kind.DATE, Kind.INTEGER, Kind.DURATION, Kind.AMOUNT, Kind.BOOLEAN})
#: Where each row came from: the load, the file (its rank in the manifest) and the record number in it.
ORIGIN_COLUMNS = ("load_id", "source_file", "source_row")

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        *REQUEST_ENTITIES,
        *SERVICE_ENTITIES,
        *GROUP_ENTITIES,
        *ORGANISATION_ENTITIES,
        *PERSON_ENTITIES,
    )
}
#: For the kinds of records that have one: the day that says of which year a record is.
DATE_OF_RECORD = {entity.name: entity.day for entity in ENTITIES.values() if entity.day}
#: What the centre gives and does, beside the requests.
SERVICES = frozenset(entity.name for entity in (*SERVICE_ENTITIES, *GROUP_ENTITIES, *ORGANISATION_ENTITIES))
#: What people say they are: a centre has it only where its configuration says why, and no draft proposes it.
SENSITIVE = frozenset(entity.name for entity in PERSON_ENTITIES)
#: The code lists of columns that no export holds: the core tables make them.
DERIVED_VOCABULARIES = (
    "age_at_request",
    "age_at_aggression",
    "delay",
    "kit_reached",
    "call_delay",
    "school_part",
    "unmet_need_reason",
    "waiting_delay",
)
