"""Sums of money as platforms write them, always to whole cents: `25 000`, `1 234,50 $`, `$1,234.50`.

Nothing is rounded: a sum that is not a whole number of cents is not read.
"""

from __future__ import annotations

import re

import polars as pl

# Which sign parts thousands when the other is the decimal sign; a space always may.
_THOUSANDS = {",": ".", ".": ","}
_SIGNS = re.compile(r"^(?:\$|CAD)?\s*(?P<number>.*?)\s*(?:\$|CAD)?(?:\s*CAD)?$", re.IGNORECASE)


def read_cents(cell: str, decimal: str) -> int | None:
    """The whole cents that a cell stands for, or None where it is no sum of money of dollars and cents.

    The decimal sign is the one of the file, and one or two figures follow it: `40,000` may be forty dollars or
    forty thousand, so it is not read where the comma is the decimal sign. Groups of three may be parted by spaces
    or by the other sign, the same one throughout. A sum given or lent is never below zero: a minus is not read.
    """
    found = _SIGNS.match(" ".join(cell.split()))
    number = found["number"] if found else ""
    separators = rf"[ {re.escape(_THOUSANDS[decimal])}]"
    whole = rf"(?P<whole>\d{{1,9}}|\d{{1,3}}(?:(?P<mark>{separators})\d{{3}})(?:(?P=mark)\d{{3}}){{0,2}})"
    parts = re.fullmatch(rf"{whole}(?:{re.escape(decimal)}(?P<cents>\d{{1,2}}))?", number)
    if parts is None:
        return None
    dollars = re.sub(separators, "", parts["whole"])
    return 100 * int(dollars) + int((parts["cents"] or "0").ljust(2, "0"))


def read_amounts(values: pl.Series, decimal: str) -> pl.Series:
    """The whole cents of each cell; null where there is none, or none that can be read."""
    known = {value: read_cents(value, decimal) for value in values.drop_nulls().unique()}
    return values.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.Int64)
