"""Which tables protection can reckon with, and why another stays at the centre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.codes import Vocabularies
from pipelines.config import Centre
from pipelines.disclosure.policy import Profile
from pipelines.language import Message, msg
from pipelines.units import DIMENSIONS, HOURS_OF, LINE_UNITS, REQUESTS, UNIT_TABLES, family_of

if TYPE_CHECKING:
    from pipelines.tables.table_spec import TableSpec

_NOT_YET = msg("This table stays at the centre: it is not protected for distribution yet.")
_NO_KEY = msg("This table stays at the centre: without a key of persons nobody knows how many stand behind a number.")
_NOT_EXACT = msg("This table stays at the centre: services are protected only where exact numbers and zeros are told.")
#: The column without which nobody can say how many persons stand behind the records of a family.
_PERSON_KEYS = {"meetings": ("meeting", "person_id"), "accompaniments": ("accompaniment", "person_id")}


def reason_to_keep(spec: TableSpec, centre: Centre, vocabularies: Vocabularies, profile: Profile) -> Message | None:
    """The sentence for readers of a table that is named and not told; None where it can be protected."""
    family = family_of(spec.unit)
    if family is None:
        return _NOT_YET
    if not set(spec.dimensions) <= {dimension.name for dimension in family.dimensions}:
        return _NOT_YET
    if family is REQUESTS:
        return None
    if spec.unit in {*LINE_UNITS, *HOURS_OF} and not _tells_leaves(spec, vocabularies):
        return _NOT_YET
    if profile.is_rounded or not profile.zeros_are_published:
        return _NOT_EXACT
    key = _PERSON_KEYS.get(family.name)
    needs = UNIT_TABLES[spec.unit].needs
    if key and centre.collects(*needs) and not centre.collects(*key):
        return _NO_KEY
    return None


def _tells_leaves(spec: TableSpec, vocabularies: Vocabularies) -> bool:
    """Whether each line of a table is one answer to one question: persons of a class are no sum of its answers'."""
    lists = (vocabularies[DIMENSIONS[name].vocabulary] for name in spec.dimensions)
    has_classes = any(code.parent for of in lists for code in of.codes)
    return len(spec.dimensions) == 1 and not spec.leaves_out and not has_classes
