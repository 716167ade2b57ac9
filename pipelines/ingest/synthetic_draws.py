"""Weighted draws and whole years for the made-up export; every function takes its own generator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.ingest.synthetic_settings import AgeBand, GroupWeighted, Weighted

Words = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: Days, as `datetime64[D]`.
Days = npt.NDArray[Any]

#: The mean length of a year in days; dates made with it are checked again as whole years.
DAYS_PER_YEAR = 365.25


def draw_words(rng: np.random.Generator, choices: Sequence[Weighted], size: int) -> Words:
    """`size` labels, each as often as its weight says."""
    labels = np.array([choice.label for choice in choices], dtype=object)
    return rng.choice(labels, size=size, p=as_probabilities([choice.weight for choice in choices]))


def draw_words_by_group(rng: np.random.Generator, choices: Sequence[GroupWeighted], groups: Words) -> Words:
    """One label a row, with the weights of the row's group."""
    drawn = np.empty(len(groups), dtype=object)
    for group in sorted(set(groups)):
        of_group = groups == group
        weighted = [Weighted(label=choice.label, weight=choice.weights[group]) for choice in choices]
        drawn[of_group] = draw_words(rng, weighted, int(of_group.sum()))
    return drawn


def as_probabilities(weights: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weights, scaled to add up to one."""
    values: npt.NDArray[np.float64] = np.asarray(weights, dtype=np.float64)
    probabilities: npt.NDArray[np.float64] = values / values.sum()
    return probabilities


def weight_of_ages(bands: Sequence[AgeBand]) -> npt.NDArray[np.float64]:
    """The weight of each age from 0 to the oldest, even inside a band."""
    weights = np.zeros(max(band.ages[1] for band in bands) + 1)
    for band in bands:
        first, last = band.ages
        weights[first : last + 1] += band.weight / (last - first + 1)
    return weights


def draw_ages(rng: np.random.Generator, weights: npt.NDArray[np.float64], oldest: Numbers) -> Numbers:
    """One age a row, none above the row's `oldest`."""
    cumulated = np.cumsum(weights)
    ceiling = cumulated[np.minimum(oldest, len(weights) - 1)]
    drawn = np.searchsorted(cumulated, rng.random(len(oldest)) * ceiling, side="right")
    return np.minimum(drawn, oldest)


def replace_some(rng: np.random.Generator, words: Words, chosen: Flags, missing: Sequence[Weighted]) -> Words:
    """The words, with a missing answer in place of those chosen."""
    return np.where(chosen, draw_words(rng, missing, len(words)), words)


def whole_years(birth: Days, day: Days) -> Numbers:
    """The age on a day, as people count it: one year more on each birthday."""
    born, then = pd.DatetimeIndex(birth), pd.DatetimeIndex(day)
    had_birthday = (then.month * 100 + then.day) >= (born.month * 100 + born.day)
    return np.asarray(then.year - born.year - np.where(had_birthday, 0, 1), dtype=np.int64)


def day_of_age(birth: Days, ages: Numbers) -> Days:
    """A day on which the person has just reached the age: the birthday or the day after."""
    day: Days = birth + np.ceil(ages * DAYS_PER_YEAR).astype("timedelta64[D]")
    return day


def split_by_weight(rng: np.random.Generator, total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """`total` things dealt out among the names, as their weights say."""
    counts = rng.multinomial(total, as_probabilities(list(weights.values())))
    return {name: int(count) for name, count in zip(weights, counts, strict=True)}
