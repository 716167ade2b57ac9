"""Which years of a series may be set beside each other, and how a drawing says so without colour alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.language import Language
from pipelines.tables.dimension import TableCode

#: The bars of a year that is not to be compared with the others.
_HATCHED: Mapping[str, Any] = {"shape": "/"}


def hatched_years(years: Sequence[TableCode]) -> tuple[bool, ...]:
    """For each year, whether it is told in part, or comes before a break: its numbers stand alone."""
    return tuple(
        year.is_part or any(later.is_after_break for later in years[place + 1 :]) for place, year in enumerate(years)
    )


def first_comparable(years: Sequence[TableCode]) -> int | None:
    """The place of the earliest year that the last one may be compared with; None where there is none."""
    if not years or years[-1].is_part:
        return None
    others = hatched_years(years)[:-1]
    return others.index(False) if False in others else None


def marker_of(colour: str, *, is_hatched: bool) -> dict[str, Any]:
    """How the bars of a year look: a pattern and not a colour tells that it is not to be compared."""
    return {"color": colour, **({"pattern": dict(_HATCHED)} if is_hatched else {})}


def say_not_comparable(language: Language) -> str:
    """Why no sentence says that a number rose or fell."""
    return language.say("Hatched: covered in part, or before a break; not to be compared with the other years.")
