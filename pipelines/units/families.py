"""Families of records: what the tables of one subject are all sums over.

Two families share no record, no cell and no sum: each is protected, attacked and remembered apart. A record of
a family counts as several units at once: a meeting may be the first of a person in its service, and the first
of her in the year, so that persons are sums over the same records as meetings.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.units.requests import REQUEST_DIMENSIONS, REQUEST_UNITS
from pipelines.units.services import SERVICE_DIMENSIONS
from pipelines.units.unit import Dimension, Unit


@dataclass(frozen=True)
class Family:
    """The units that its records count as, the widest first, and what a record is told by.

    `table`: the core table that has a row for each record; a request has more than one record.
    `marks`: for each unit but the first, the condition on a row that makes it one.
    """

    name: str
    units: tuple[Unit, ...]
    dimensions: tuple[Dimension, ...]
    table: str
    marks: tuple[str, ...] = ()
    #: The column of the core table that a table of hours adds up; empty where the family has none.
    minutes: str = ""

    @property
    def universe(self) -> str:
        """How the attack calls it: cells of two universes are never added together."""
        return "" if self.name == "requests" else self.name

    @property
    def unit_side(self) -> str:
        """The dimension by which the attack tells its kinds of record apart."""
        return "unit" if self.name == "requests" else f"{self.name}_unit"


def _told_by(table: str) -> tuple[Dimension, ...]:
    return tuple(dimension for dimension in SERVICE_DIMENSIONS if dimension.table == table)


REQUESTS = Family("requests", tuple(REQUEST_UNITS), REQUEST_DIMENSIONS, "core_request")
MEETINGS = Family(
    "meetings",
    (Unit.MEETING, Unit.PERSON_IN_SERVICE, Unit.PERSON_MET),
    _told_by("core_meeting"),
    "core_meeting",
    ("person_id is not null and is_first_of_service", "person_id is not null and is_first_of_person"),
    "minutes",
)
ACCOMPANIMENTS = Family(
    "accompaniments",
    (Unit.ACCOMPANIMENT, Unit.PERSON_FOR_PURPOSE, Unit.PERSON_ACCOMPANIED),
    _told_by("core_accompaniment"),
    "core_accompaniment",
    ("person_id is not null and is_first_of_purpose", "person_id is not null and is_first_of_person"),
    "minutes",
)
KITS = Family("kits", (Unit.KIT,), _told_by("core_kit"), "core_kit")

FAMILIES = (REQUESTS, MEETINGS, ACCOMPANIMENTS, KITS)
FAMILY_OF = {unit: family for family in FAMILIES for unit in family.units}
#: Hours are no count: a table of them is told only beside the table of what they are the hours of.
HOURS_OF = {Unit.MEETING_MINUTE: Unit.MEETING, Unit.ACCOMPANIMENT_MINUTE: Unit.ACCOMPANIMENT}
#: A table of persons counts in its total each person once, and in each line each person of the line once.
LINE_UNITS = {Unit.PERSON_MET: Unit.PERSON_IN_SERVICE, Unit.PERSON_ACCOMPANIED: Unit.PERSON_FOR_PURPOSE}
#: The person behind a row, in SQL, by core table. Contacts without a pseudonym may all be one person's: they are
#: one person for protection, however many. A kit is about one person each.
PERSON_BEHIND = {
    "core_request": "core_request.person_key",
    "core_meeting": "coalesce(core_meeting.person_id, '')",
    "core_accompaniment": "coalesce(core_accompaniment.person_id, '')",
    "core_kit": "core_kit.person_key",
    **{
        table: f"{table}.person_key"
        for table in (
            "core_attendance",
            "core_group_person",
            "core_follow_up",
            "core_waiting",
            "core_waiting_at_year_end",
            "core_unmet_need",
            "core_aid",
        )
    },
}


def family_of(unit: Unit) -> Family | None:
    """The family whose records a table of this unit adds up, hours included; None for what protection does not know."""
    return FAMILY_OF.get(HOURS_OF.get(unit, unit))


def counted_as(unit: Unit, *, is_line: bool) -> Unit:
    """The unit that a line, or the total, of a table counts."""
    return LINE_UNITS.get(unit, unit) if is_line else unit
