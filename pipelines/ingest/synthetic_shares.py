"""A known total dealt out in whole parts, each within its bounds: what makes a printed figure hold to the unit."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from pipelines.ingest.synthetic_draws import Days, Numbers

#: The time of a ledger is kept in quarters of an hour.
QUARTERS = 4
MINUTES_PER_QUARTER = 60 // QUARTERS


def deal(rng: np.random.Generator, total: int, parts: int, least: int, most: int) -> Numbers:
    """`parts` whole numbers between `least` and `most` that add up to `total`, uneven as life is.

    The bounds give way where the total cannot be had within them, never the total.
    """
    least, most = min(least, total // parts), max(most, -(-total // parts))
    dealt = np.full(parts, least, dtype=np.int64)
    rest = total - least * parts
    while rest:
        open_parts = rng.permutation(np.flatnonzero(dealt < most))[:rest]
        # Some get more at once than others; without this all parts would be as long.
        chosen = open_parts[rng.random(len(open_parts)) < 0.5] if rest > 1 else open_parts
        dealt[chosen] += 1
        rest -= len(chosen)
    return dealt


def quarters(hours: float) -> int:
    """The hours in quarters of an hour."""
    return round(hours * QUARTERS)


def as_hours(dealt: Numbers) -> list[float]:
    """Quarters of an hour as a platform writes them: hours with a decimal sign."""
    return [float(part) / QUARTERS for part in dealt]


@dataclass(frozen=True)
class YearOfWork:
    """A fiscal year of services: its working days, and how much of the settings' figures it has."""

    label: str
    first_day: datetime.date
    end: datetime.date
    scale: float

    @property
    def short(self) -> str:
        """What numbers of the year begin with: `23`."""
        return self.label[2:4]

    @property
    def working_days(self) -> Days:
        """The days on which the centre is open, the last of the year included."""
        days = np.arange(np.datetime64(self.first_day), np.datetime64(self.end))
        return days[np.is_busday(days)]

    def some(self, figure: float, at_least: int = 1) -> int:
        """A figure of the settings as this year has it, in whole units; the figure itself at scale 1."""
        return max(at_least, round(figure * self.scale))

    def draw_days(self, rng: np.random.Generator, size: int) -> Days:
        """Working days of the year, in order."""
        return np.sort(rng.choice(self.working_days, size=size))
