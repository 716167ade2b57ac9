"""The made-up follow-ups and the waits before them: made of the meetings and requests, so that they agree with them.

All of it is invented: the public reports print no figure of a waiting list.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.ingest.group_settings import GroupSettings, Waits
from pipelines.ingest.synthetic_draws import as_probabilities, draw_words
from pipelines.ingest.synthetic_requests import ADULT_AGE
from pipelines.ingest.synthetic_shares import YearOfWork

#: The columns of each CSV file: the platform's words, and ours.
WAITING_FILES: Mapping[str, Mapping[str, str]] = {
    "suivis.csv": {
        "No suivi": "follow_up_id",
        "Code personne": "person_id",
        "Nature du suivi": "label",
        "Début du suivi": "start",
        "Fin du suivi": "end",
        "Motif de fin": "reason",
    },
    "attentes.csv": {
        "No attente": "waiting_id",
        "No demande": "request_id",
        "Code personne": "person_id",
        "Service attendu": "label",
        "Priorité": "priority",
        "En attente depuis": "since",
        "Date de l'offre": "offer",
        "Début du service": "start",
        "Fin de l'attente": "closed",
        "Motif sans service": "unmet_need",
    },
    "criteres.csv": {"No attente": "waiting_id", "Critère": "criterion"},
}
_NEVER = np.datetime64("NaT", "D")
#: How long after the last meeting the file of a follow-up is closed, at most.
_DAYS_TO_END = 60
#: Who waits was met once, some weeks after the request.
_DAYS_TO_WAITING = 21


@dataclass(frozen=True)
class _Wait:
    """One wait before it has its number."""

    request_id: str
    person_id: str
    label: str
    is_teen: bool
    #: The wait cannot begin before this day.
    earliest: np.datetime64
    #: The day on which the service began; not a day where it never did.
    start: np.datetime64


def draw_follow_ups(
    settings: GroupSettings,
    meetings: pd.DataFrame,
    at_most: Mapping[str, int],
    last_day: datetime.date,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per person, year and service followed up; what would end after the export goes on.

    `at_most`: the most meetings of each service, at which a follow-up ends for that reason.
    """
    told = settings.follow_ups
    followed = meetings[meetings["label"].isin(told.services)]
    spans = (
        followed.groupby(["year", "label", "person_id"], sort=True)["date"].agg(["min", "max", "size"]).reset_index()
    )
    start, last = (spans[name].to_numpy().astype("datetime64[D]") for name in ("min", "max"))
    end = last + rng.integers(0, _DAYS_TO_END, size=len(spans)).astype("timedelta64[D]")
    goes_on = end >= np.datetime64(last_day)
    reason = draw_words(rng, told.end, len(spans))
    reason = np.where(spans["size"] >= spans["label"].map(at_most), told.maximum, reason)
    frame = pd.DataFrame(
        {
            "year": spans["year"],
            "person_id": spans["person_id"],
            "label": spans["label"],
            "start": start,
            "end": np.where(goes_on, _NEVER, end),
            "reason": np.where(goes_on, "", reason),
        }
    ).sort_values(["start", "person_id"], kind="stable", ignore_index=True)
    frame.insert(0, "follow_up_id", [f"F-{number:05d}" for number in range(1, len(frame) + 1)])
    return frame


def draw_waits(
    settings: GroupSettings,
    requests: pd.DataFrame,
    follow_ups: pd.DataFrame,
    years: Sequence[YearOfWork],
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """The waits before a follow-up and those that never led to one, with the criteria of their priority."""
    last_day = np.datetime64(years[-1].end)
    waits = [*_served(settings.waits, requests, follow_ups, rng)]
    waits += [wait for year in years for wait in _never_served(settings.waits, requests, follow_ups, year, rng)]
    rows, criteria = [], []
    for number, wait in enumerate(waits, start=1):
        waiting_id = f"W-{number:05d}"
        weights = [one.teen_weight if wait.is_teen else one.weight for one in settings.waits.priority]
        priority = settings.waits.priority[rng.choice(len(weights), p=as_probabilities(weights))]
        days = _days_of(settings.waits, wait, priority.days, last_day, rng)
        need = str(draw_words(rng, settings.waits.unmet_need, 1)[0])
        is_closed = not np.isnat(days[3])
        rows.append(
            (waiting_id, wait.request_id, wait.person_id, wait.label, priority.label, *days, need if is_closed else "")
        )
        some = rng.integers(priority.at_least, len(priority.criteria) + 1)
        chosen = np.sort(rng.permutation(len(priority.criteria))[:some])
        criteria += [(waiting_id, priority.criteria[place]) for place in chosen]
    columns = ["waiting_id", "request_id", "person_id", "label", "priority"]
    columns += ["since", "offer", "start", "closed", "unmet_need"]
    return {
        "attentes.csv": pd.DataFrame(rows, columns=columns),
        "criteres.csv": pd.DataFrame(criteria, columns=["waiting_id", "criterion"]),
    }


def _served(told: Waits, requests: pd.DataFrame, follow_ups: pd.DataFrame, rng: np.random.Generator) -> Iterator[_Wait]:
    """Of those followed up, the ones who had waited: from after their request, where this export holds it."""
    by_person = {str(person): frame for person, frame in requests.groupby("person_id")}
    waited_for = follow_ups[follow_ups["label"].isin(told.services)]
    starts = waited_for["start"].to_numpy().astype("datetime64[D]")
    for person, label, start in zip(waited_for["person_id"], waited_for["label"], starts, strict=True):
        if rng.random() >= told.share:
            continue
        own = by_person.get(str(person))
        asked = own[own["date"].to_numpy().astype("datetime64[D]") < start] if own is not None else None
        request_id, earliest = "", start - np.timedelta64(_DAYS_TO_WAITING, "D")
        if asked is not None and len(asked):
            request_id, earliest = str(asked["request_id"].iloc[-1]), np.datetime64(asked["date"].iloc[-1], "D")
        yield _Wait(request_id, str(person), str(label), str(label) == told.teen_service, earliest, start)


def _never_served(
    told: Waits, requests: pd.DataFrame, follow_ups: pd.DataFrame, year: YearOfWork, rng: np.random.Generator
) -> Iterator[_Wait]:
    """Survivors of the year who asked, waited, and were not followed up."""
    of_year = requests[(requests["year"] == year.label) & (requests["group"] == "survivor")]
    without = of_year[~of_year["person_id"].isin(follow_ups["person_id"])].drop_duplicates("person_id")
    adult_service = next(label for label in told.services if label != told.teen_service)
    for place in rng.permutation(len(without))[: year.some(told.never_served, at_least=0)]:
        request = without.iloc[place]
        is_teen = bool(request["age"] < ADULT_AGE)
        yield _Wait(
            str(request["request_id"]),
            str(request["person_id"]),
            told.teen_service if is_teen else adult_service,
            is_teen,
            np.datetime64(request["date"], "D"),
            _NEVER,
        )


def _days_of(
    told: Waits, wait: _Wait, span: tuple[int, int], last_day: np.datetime64, rng: np.random.Generator
) -> tuple[np.datetime64, np.datetime64, np.datetime64, np.datetime64]:
    """The days on which the wait began, the service was offered, it began, or the wait was closed without it."""

    def some(first: int, last: int) -> np.timedelta64:
        return np.timedelta64(int(rng.integers(first, last + 1)), "D")

    if not np.isnat(wait.start):
        since = max(wait.earliest, wait.start - some(*span))
        offer = max(since, wait.start - some(*told.days_to_offer))
        return since, offer, wait.start, _NEVER
    since = min(wait.earliest + some(0, _DAYS_TO_WAITING), last_day - np.timedelta64(1, "D"))
    closed = since + some(*told.days_to_close)
    return since, _NEVER, _NEVER, _NEVER if closed >= last_day else closed
