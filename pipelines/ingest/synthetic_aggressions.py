"""The made-up aggressions, their forms and their links to the aggressor, to the unit where pinned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.ingest.synthetic_draws import (
    Days,
    Flags,
    Numbers,
    Words,
    as_probabilities,
    day_of_age,
    draw_ages,
    draw_words,
    replace_some,
    split_by_weight,
    weight_of_ages,
    whole_years,
)
from pipelines.ingest.synthetic_settings import DemonstrationSettings, Form, LinkWord, YearSettings

#: What separates the answers of a cell that holds several.
ANSWER_SEPARATOR = " | "


def draw_aggressions(
    settings: DemonstrationSettings, years: Sequence[YearSettings], requests: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The aggressions (one row each) and the links to their aggressors (one row each).

    Nobody is older at the aggression than at the request, and no aggression is after its request.
    """
    by_year = [_draw_year(settings, year, requests[requests["year"] == year.label], rng) for year in years]
    aggressions = pd.concat([aggressions for aggressions, _ in by_year], ignore_index=True)
    links = pd.concat([links for _, links in by_year], ignore_index=True)
    return aggressions, links


def _draw_year(
    settings: DemonstrationSettings, year: YearSettings, requests: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    counts = _count_link_classes(settings, year, rng)
    told = _draw_told_requests(settings, requests, sum(counts.values()), rng)
    short = year.label[2:4]
    aggressions = pd.DataFrame(
        {
            "aggression_id": [f"A{short}-{number:05d}" for number in range(1, len(told) + 1)],
            "request_id": told["request_id"].to_numpy(),
        }
    )
    when = _draw_moments(settings, told, rng)
    links = _draw_links(settings, counts, when.ages, rng)
    of_aggression = links["aggression"].to_numpy()
    links.insert(0, "link_id", [f"L{short}-{number:05d}" for number in range(1, len(links) + 1)])
    links.insert(1, "aggression_id", aggressions["aggression_id"].to_numpy()[of_aggression])
    hidden = np.isin(np.arange(len(told)), of_aggression[links["is_too_young"].to_numpy()])
    age_words, date_words = _moment_words(settings, when, hidden, rng)
    aggressions["date"], aggressions["age"] = date_words, age_words
    aggressions["forms"] = _draw_forms(settings, when, links, rng)
    return aggressions, links[["link_id", "aggression_id", "link"]]


def _count_link_classes(
    settings: DemonstrationSettings, year: YearSettings, rng: np.random.Generator
) -> dict[str, int]:
    if year.links:
        return dict(year.links)
    total = round(settings.shares.links_per_request * year.requests)
    return split_by_weight(rng, total, {link.label: link.weight for link in settings.link_class})


def _draw_told_requests(
    settings: DemonstrationSettings, requests: pd.DataFrame, links: int, rng: np.random.Generator
) -> pd.DataFrame:
    """The requests in which aggressions are told, a row for each aggression, never more than links."""
    aggressions = round(links / (1 + settings.shares.aggressions_with_two_links))
    second = round(settings.shares.requests_with_two_aggressions * aggressions)
    first = min(aggressions - second, len(requests))
    # The largest of weighted random keys: a draw without replacement, in proportion to `tells`.
    keys = np.log(requests["tells"].to_numpy()) + rng.gumbel(size=len(requests))
    told = np.sort(np.argsort(-keys, kind="stable")[:first])
    survivors = told[requests["group"].to_numpy()[told] == "survivor"]
    again = rng.permutation(survivors)[:second]
    return requests.iloc[np.sort(np.concatenate([told, again]))]


@dataclass(frozen=True)
class _Moments:
    """When the aggressions happened: the day, the victim's age, and whether it is recent."""

    days: Days
    ages: Numbers
    is_recent: Flags


def _draw_moments(settings: DemonstrationSettings, told: pd.DataFrame, rng: np.random.Generator) -> _Moments:
    birth, request = (told[name].to_numpy().astype("datetime64[D]") for name in ("birth", "date"))
    oldest = told["age"].to_numpy(dtype=np.int64)
    ages = draw_ages(rng, weight_of_ages(settings.age_at_aggression), oldest)
    first_day = np.minimum(day_of_age(birth, ages), request)
    room = np.minimum((request - first_day).astype(np.int64), 362)
    old = first_day + rng.integers(0, room + 1).astype("timedelta64[D]")
    bands = settings.recent_delay
    band = rng.choice(len(bands), size=len(told), p=as_probabilities([entry.weight for entry in bands]))
    spans = np.array([entry.days for entry in bands])[band].reshape(-1, 2)
    recent = request - rng.integers(spans[:, 0], spans[:, 1] + 1).astype("timedelta64[D]")
    is_recent = rng.random(len(told)) < settings.shares.recent_aggressions
    days = np.where(is_recent, recent, old)
    return _Moments(days, whole_years(birth, days), is_recent)


def _moment_words(
    settings: DemonstrationSettings, when: _Moments, hidden: Flags, rng: np.random.Generator
) -> tuple[Words, Words]:
    """Age and date as written; who does not know the age does not know the date either."""
    shares = settings.shares
    size = len(when.ages)
    age_unknown = rng.random(size) < shares.age_at_aggression_unknown
    chance = np.where(when.is_recent, shares.date_unknown_recent, shares.date_unknown_old)
    date_unknown = (rng.random(size) < chance) | age_unknown | hidden
    ages = replace_some(rng, when.ages.astype(str).astype(object), age_unknown, settings.missing)
    ages = np.where(hidden, settings.words.not_known, ages)
    dates = np.asarray(pd.DatetimeIndex(when.days).strftime("%d/%m/%Y"), dtype=object)
    return ages, replace_some(rng, dates, date_unknown, settings.missing)


def _draw_links(
    settings: DemonstrationSettings, counts: dict[str, int], ages: Numbers, rng: np.random.Generator
) -> pd.DataFrame:
    """The links, dealt to the aggressions: at least one each, words that need an age first.

    A word left without a victim old enough goes to a younger one, whose age is then left untold
    (`is_too_young`): the counts hold to the unit and nothing contradicts itself.
    """
    total, size = sum(counts.values()), len(ages)
    extra = rng.choice(size, size=total - size, replace=total - size > size) if size else np.empty(0, dtype=np.int64)
    of_aggression = np.sort(np.concatenate([np.arange(size), extra]).astype(np.int64))
    words = [(word, link) for link in settings.link_class for word in _words_of(link.label, link.words, counts, rng)]
    words.sort(key=lambda entry: -entry[0][0].from_age)
    drawn = np.empty(len(of_aggression), dtype=object)
    is_exploitation, is_too_young, is_free = (np.full(len(of_aggression), start) for start in (False, False, True))
    for (word, count), link in words:
        free = rng.permutation(np.flatnonzero(is_free))
        is_old_enough = ages[of_aggression[free]] >= word.from_age
        chosen = np.concatenate([free[is_old_enough], free[~is_old_enough]])[:count]
        drawn[chosen] = word.label
        is_free[chosen] = False
        is_exploitation[chosen] = link.is_exploitation
        is_too_young[chosen] = ages[of_aggression[chosen]] < word.from_age
    return pd.DataFrame(
        {"aggression": of_aggression, "link": drawn, "is_exploitation": is_exploitation, "is_too_young": is_too_young}
    )


def _words_of(
    label: str, words: Sequence[LinkWord], counts: dict[str, int], rng: np.random.Generator
) -> list[tuple[LinkWord, int]]:
    count = counts.get(label, 0)
    known = words or (LinkWord(label=label, weight=1),)
    dealt = split_by_weight(rng, count, {word.label: word.weight for word in known})
    return [(word, dealt[word.label]) for word in known]


def _draw_forms(
    settings: DemonstrationSettings, when: _Moments, links: pd.DataFrame, rng: np.random.Generator
) -> Words:
    size = len(when.ages)
    if not size:
        return np.empty(0, dtype=object)
    labels = [form.label for form in settings.form]
    weights = np.array([np.where(_can_be(form, when, links), form.weight, 0.0) for form in settings.form]).T
    with np.errstate(divide="ignore"):
        keys = np.log(weights) + rng.gumbel(size=weights.shape)
    by_rank = np.argsort(-keys, axis=1, kind="stable")
    numbers = settings.forms_per_aggression
    wanted = rng.choice([1, 2, 3], size=size, p=as_probabilities([numbers.one, numbers.two, numbers.three]))
    wanted = np.minimum(wanted, (weights > 0).sum(axis=1))
    # Written in the platform's own order, whichever was drawn first.
    chosen = (sorted(row[:number]) for row, number in zip(by_rank, wanted, strict=True))
    forms = np.array([ANSWER_SEPARATOR.join(labels[index] for index in row) for row in chosen], dtype=object)
    unknown = rng.random(size) < settings.shares.form_unknown
    return np.where(unknown, draw_words(rng, settings.missing, size), forms)


def _can_be(form: Form, when: _Moments, links: pd.DataFrame) -> Flags:
    number = np.bincount(links["aggression"], minlength=len(when.ages))
    exploitation = np.bincount(links["aggression"], weights=links["is_exploitation"], minlength=len(when.ages))
    among = {"all": number > 0, "two_links": number > 1, "exploitation_links": exploitation > 0}[form.among]
    in_time = pd.DatetimeIndex(when.days).year >= form.from_year
    possible: Flags = among & in_time & (when.ages >= form.from_age)
    return possible
