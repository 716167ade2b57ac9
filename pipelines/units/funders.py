"""Who pays: by which funder the hours and the activities may be broken down."""

from __future__ import annotations

from pipelines.units.unit import Dimension

FUNDER_DIMENSIONS = (
    Dimension("funder", "core_work_hours", "funder_code", "funder", ("work_hours", "funder_code")),
    Dimension("activity_funder", "core_activity", "funder_code", "funder", ("activity", "funder_code")),
)
