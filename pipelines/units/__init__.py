"""What may be counted: the units of count, and the dimensions that they are broken down by.

Each names the core table and the columns that it is counted from; where a centre's export does not hold
what it needs, a table of it is "not collected".
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.units.groups import GROUP_DIMENSIONS, GROUP_UNITS
from pipelines.units.organisation import ORGANISATION_DIMENSIONS, ORGANISATION_UNITS
from pipelines.units.persons import PERSON_DIMENSIONS
from pipelines.units.requests import REQUEST_DIMENSIONS, REQUEST_UNITS
from pipelines.units.services import SERVICE_DIMENSIONS, SERVICE_UNITS
from pipelines.units.unit import Dimension, Measure, Unit, UnitTable
from pipelines.units.unmet_needs import UNMET_DIMENSIONS, UNMET_UNITS

__all__ = [
    "DIMENSIONS",
    "RECORD_DIMENSIONS",
    "RECORD_UNITS",
    "SENSITIVE_DIMENSIONS",
    "UNIT_TABLES",
    "Dimension",
    "Measure",
    "Unit",
    "UnitTable",
    "is_of_records",
]

UNIT_TABLES: dict[Unit, UnitTable] = {
    **REQUEST_UNITS,
    **SERVICE_UNITS,
    **GROUP_UNITS,
    **UNMET_UNITS,
    **ORGANISATION_UNITS,
}
DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        *REQUEST_DIMENSIONS,
        *SERVICE_DIMENSIONS,
        *GROUP_DIMENSIONS,
        *UNMET_DIMENSIONS,
        *ORGANISATION_DIMENSIONS,
        *PERSON_DIMENSIONS,
    )
}
#: What people say they are: never told beside where they live, for a village has one of each.
SENSITIVE_DIMENSIONS = frozenset(dimension.name for dimension in PERSON_DIMENSIONS)
#: The units that protection knows: all are sums over the records of requests (`tables.coded_records`).
RECORD_UNITS = tuple(REQUEST_UNITS)
#: The dimensions of the records of requests, which protection crosses.
RECORD_DIMENSIONS = {dimension.name: dimension for dimension in REQUEST_DIMENSIONS}


def is_of_records(unit: Unit, dimensions: Iterable[str]) -> bool:
    """Whether protection can reckon with a table: it is a sum over the records of requests."""
    return unit in RECORD_UNITS and RECORD_DIMENSIONS.keys() >= set(dimensions)
