"""Lengths of time as platforms write them, always to whole minutes: `1,5` and `1h30` hours, `90` minutes.

Nothing is rounded: a length that is not a whole number of minutes is not read, for a sum of thousands
of them would no longer be what people add up by hand.
"""

from __future__ import annotations

import re
from fractions import Fraction

import polars as pl

HOURS, MINUTES = "hours", "minutes"
_CLOCK = re.compile(
    r"(?P<hours>\d{1,5})\s*(?:h|:)\s*(?P<minutes>[0-5]\d)(?:\s*min)?(?::00)?|(?P<whole>\d{1,5})\s*h", re.IGNORECASE
)


def read_minutes(cell: str, form: str, decimal: str) -> int | None:
    """The whole minutes that a cell stands for, or None where it is no length of time or not a whole minute.

    `form` is `hours` or `minutes`; the decimal sign is the one of the file. Hours may also be written
    with their minutes, `1h30`, `1 h 30` or `1:30`. Nothing lasts less than no time: a sign is not read.
    """
    text = " ".join(cell.split())
    number = re.fullmatch(rf"(\d{{1,7}})(?:{re.escape(decimal)}(\d{{1,9}}))?", text)
    if number is not None:
        value = Fraction(f"{number[1]}.{number[2] or 0}") * (60 if form == HOURS else 1)
        return int(value) if value.denominator == 1 else None
    clock = _CLOCK.fullmatch(text) if form == HOURS else None
    if clock is None:
        return None
    return 60 * int(clock["hours"] or clock["whole"]) + int(clock["minutes"] or 0)


def read_durations(values: pl.Series, form: str, decimal: str) -> pl.Series:
    """The whole minutes of each cell; null where there is none, or none that can be read."""
    known = {value: read_minutes(value, form, decimal) for value in values.drop_nulls().unique()}
    return values.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Int64)
