"""The made-up requests: who asks, when, how old, sent by whom and with what outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipelines.ingest.synthetic_draws import (
    DAYS_PER_YEAR,
    Days,
    Numbers,
    Words,
    as_probabilities,
    draw_words,
    draw_words_by_group,
    replace_some,
    weight_of_ages,
    whole_years,
)
from pipelines.ingest.synthetic_settings import CallHours, DemonstrationSettings, Requester, YearSettings

#: The years of age from which a survivor is counted among the women.
ADULT_AGE = 18
#: Dispositions are written within three weeks of the request.
_DAYS_TO_DISPOSITION = 21


def draw_requests(
    settings: DemonstrationSettings, years: Sequence[YearSettings], rng: np.random.Generator
) -> pd.DataFrame:
    """One row per request, in the order of the dates within each year.

    Besides what the export shows: `year`, `group` and `tells` of the requester, and the `birth` of the
    person the request is about, from which all ages follow. The birth is never written.
    """
    requests = pd.concat([_dates_of(year, rng) for year in years], ignore_index=True)
    size = len(requests)
    requester = _draw_requesters(settings, rng, size)
    _pin_requesters(settings, years, requests["year"].to_numpy(), requester, rng)
    requests["group"] = np.array([entry.group for entry in requester], dtype=object)
    requests["tells"] = np.array([entry.tells for entry in requester])
    days = requests["date"].to_numpy().astype("datetime64[D]")
    birth = _draw_births(settings, rng, days, requester)
    other_gender = rng.random(size) < settings.shares.other_gender
    person = rng.permutation(size) + 1
    residence = _draw_residences(settings, rng, size)
    first, second = _returning_pairs(settings, rng, requests)
    for values in (birth, other_gender, person, residence):
        values[second] = values[first]
    ages = whole_years(birth, days)
    requests["birth"], requests["age"] = birth, ages
    requests["person_id"] = [f"P{number:06d}" for number in person]
    requests["requester"] = _requester_words(settings, requester, ages, other_gender)
    requests["age_word"] = _age_words(settings, rng, requests)
    if settings.residence:
        requests["residence"] = residence
    if settings.contact:
        requests["contact"] = draw_words(rng, settings.contact, size)
    if settings.call_hours:
        requests["hours"] = _draw_hours(settings.call_hours, rng, size)
    return requests


def _dates_of(year: YearSettings, rng: np.random.Generator) -> pd.DataFrame:
    days = np.arange(np.datetime64(year.first_day), np.datetime64(year.end))
    # The centre answers on working days.
    dates = np.sort(rng.choice(days[np.is_busday(days)], size=year.requests))
    short = year.label[2:4]
    return pd.DataFrame(
        {
            "year": year.label,
            "request_id": [f"D{short}-{number:05d}" for number in range(1, year.requests + 1)],
            "date": dates.astype("datetime64[s]"),
        }
    )


def _draw_requesters(settings: DemonstrationSettings, rng: np.random.Generator, size: int) -> list[Requester]:
    words = settings.survivors
    survivor = Requester(label=words.adult, weight=words.weight, group="survivor", tells=1)
    choices = (survivor, *settings.requester)
    drawn = rng.choice(len(choices), size=size, p=as_probabilities([choice.weight for choice in choices]))
    return [choices[index] for index in drawn]


def _pin_requesters(
    settings: DemonstrationSettings,
    years: Sequence[YearSettings],
    year_of: np.ndarray,
    requester: list[Requester],
    rng: np.random.Generator,
) -> None:
    """Put in the requesters that a year must have to the unit; whoever else was drawn as one is drawn again."""
    for year in (year for year in years if year.requesters):
        places = rng.permutation(np.flatnonzero(year_of == year.label))
        pinned = {entry.label: entry for entry in settings.requester if entry.label in year.requesters}
        labels = [label for label, count in year.requesters.items() for _ in range(count)]
        for place, label in zip(places, labels, strict=False):
            requester[place] = pinned[label]
        others = settings.model_copy(
            update={"requester": tuple(entry for entry in settings.requester if entry.label not in pinned)}
        )
        again = [place for place in places[len(labels) :] if requester[place].label in pinned]
        for place, entry in zip(again, _draw_requesters(others, rng, len(again)), strict=True):
            requester[place] = entry


def _draw_residences(settings: DemonstrationSettings, rng: np.random.Generator, size: int) -> Words:
    if not settings.residence:
        return np.full(size, "", dtype=object)
    residence = draw_words(rng, settings.residence, size)
    unknown = rng.random(size) < settings.shares.residence_unknown
    return replace_some(rng, residence, unknown, settings.missing)


def _draw_births(
    settings: DemonstrationSettings, rng: np.random.Generator, days: Days, requester: Sequence[Requester]
) -> Days:
    weights = weight_of_ages(settings.age_at_request)
    spans = np.array([entry.victim_ages or (0, len(weights) - 1) for entry in requester])
    ages = np.zeros(len(days), dtype=np.int64)
    for first, last in np.unique(spans, axis=0):
        of_span = (spans == (first, last)).all(axis=1)
        inside = np.zeros_like(weights)
        inside[first : last + 1] = weights[first : last + 1]
        ages[of_span] = rng.choice(len(weights), size=int(of_span.sum()), p=as_probabilities(inside))
    # Never a birthday on the request's own day or the day before: leap years cannot then change the age.
    since_birthday = rng.integers(1, 363, size=len(days))
    births: Days = days - (np.ceil(ages * DAYS_PER_YEAR) + since_birthday).astype("timedelta64[D]")
    return births


def _returning_pairs(
    settings: DemonstrationSettings, rng: np.random.Generator, requests: pd.DataFrame
) -> tuple[Numbers, Numbers]:
    """Positions of the first and second requests of survivors who come back; never the same day."""
    survivors = np.flatnonzero(requests["group"].to_numpy() == "survivor")
    wanted = round(settings.shares.requests_of_returning_persons * len(requests) / 2)
    pairs = min(wanted, len(survivors) // 2)
    chosen = rng.permutation(survivors)[: 2 * pairs].reshape(pairs, 2)
    chosen.sort(axis=1)
    dates = requests["date"].to_numpy()
    chosen = chosen[dates[chosen[:, 0]] < dates[chosen[:, 1]]]
    return chosen[:, 0], chosen[:, 1]


def _requester_words(
    settings: DemonstrationSettings, requester: Sequence[Requester], ages: Numbers, other_gender: np.ndarray
) -> Words:
    words = settings.survivors
    survivor = np.where(other_gender, words.other_gender, np.where(ages < ADULT_AGE, words.teen, words.adult))
    is_survivor = np.array([entry.group == "survivor" for entry in requester])
    return np.where(is_survivor, survivor, np.array([entry.label for entry in requester], dtype=object))


def _age_words(settings: DemonstrationSettings, rng: np.random.Generator, requests: pd.DataFrame) -> Words:
    group = requests["group"].to_numpy()
    words = requests["age"].astype(str).to_numpy(dtype=object)
    unknown = rng.random(len(requests)) < settings.shares.age_at_request_unknown
    words = replace_some(rng, words, unknown, settings.missing)
    words = np.where(group == "unknown", settings.words.not_asked, words)
    return np.where(np.isin(group.astype(str), ["relative", "worker"]), settings.words.not_applicable, words)


def _draw_hours(span: CallHours, rng: np.random.Generator, size: int) -> np.ndarray:
    steps = round((span.longest - span.shortest) / span.step)
    return span.shortest + span.step * rng.integers(0, steps + 1, size=size)


def draw_referrals(settings: DemonstrationSettings, requests: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row per referral source: a main one for each request, a second one for some."""
    groups = requests["group"].to_numpy(dtype=object)
    main = draw_words_by_group(rng, settings.referral, groups)
    other = draw_words_by_group(rng, settings.referral, groups)
    missing = [kind.label for kind in settings.missing]
    is_answer = ~np.isin(main.astype(str), missing) & ~np.isin(other.astype(str), missing)
    has_second = (rng.random(len(requests)) < settings.shares.requests_with_two_referrals) & is_answer & (main != other)
    first = pd.DataFrame({"request_id": requests["request_id"], "source": main, "is_main": settings.words.yes})
    second = pd.DataFrame(
        {"request_id": requests["request_id"][has_second], "source": other[has_second], "is_main": settings.words.no}
    )
    return pd.concat([first, second]).sort_index(kind="stable").reset_index(drop=True)


def draw_dispositions(
    settings: DemonstrationSettings, requests: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per request; after the first meeting only where one took place."""
    after_request = draw_words_by_group(rng, settings.after_request, requests["group"].to_numpy(dtype=object))
    with_meeting = [choice.label for choice in settings.after_request if choice.first_meeting]
    not_applicable = np.full(len(requests), settings.words.not_applicable, dtype=object)
    met = settings.after_first_meeting
    outcome = draw_words(rng, met, len(requests)) if met else not_applicable
    had_meeting = np.isin(after_request.astype(str), with_meeting)
    waited = rng.integers(0, _DAYS_TO_DISPOSITION, size=len(requests)).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "request_id": requests["request_id"],
            "date": requests["date"].to_numpy() + waited,
            "after_request": after_request,
            "after_first_meeting": np.where(had_meeting, outcome, not_applicable),
        }
    )
