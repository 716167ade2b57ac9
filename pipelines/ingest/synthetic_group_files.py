"""The files of the made-up groups, waits, follow-ups and evaluations, drawn after the services that they agree with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.ingest.group_settings import GroupSettings
from pipelines.ingest.synthetic_groups import GROUP_FILES, draw_evaluations, draw_groups
from pipelines.ingest.synthetic_shares import YearOfWork
from pipelines.ingest.synthetic_waiting import WAITING_FILES, draw_follow_ups, draw_waits

__all__ = ["FILES_OF_GROUPS", "DrawnServices", "draw_group_files"]

FILES_OF_GROUPS: Mapping[str, Mapping[str, str]] = {**GROUP_FILES, **WAITING_FILES}


@dataclass(frozen=True)
class DrawnServices:
    """What was drawn before: requests and meetings of all the years, and the most meetings of each service."""

    requests: pd.DataFrame
    meetings: pd.DataFrame
    at_most: Mapping[str, int]
    years: Sequence[YearOfWork]


def draw_group_files(
    settings: GroupSettings, drawn: DrawnServices, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """The rows of each file; nothing where no year has services."""
    if not drawn.years:
        return {}
    by_file: dict[str, list[pd.DataFrame]] = {}
    for year in drawn.years:
        of_year = draw_groups(settings, drawn.meetings, year, rng) | draw_evaluations(settings, year, rng)
        for name, frame in of_year.items():
            by_file.setdefault(name, []).append(frame)
    last_day = drawn.years[-1].end
    follow_ups = draw_follow_ups(settings, drawn.meetings, drawn.at_most, last_day, rng)
    frames = {name: pd.concat(parts, ignore_index=True) for name, parts in by_file.items()}
    return frames | {
        "suivis.csv": follow_ups,
        **draw_waits(settings, drawn.requests, follow_ups, drawn.years, rng),
    }
