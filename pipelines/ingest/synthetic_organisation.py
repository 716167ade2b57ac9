"""The made-up life of an organisation: as many members, hours, posts, meetings and dollars as told.

Members and volunteers are numbers that stand for nobody; aid goes to pseudonyms of the year's requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.ingest.organisation_settings import (
    Aid,
    Committee,
    Communication,
    Complaints,
    Course,
    OrganisationSettings,
    Told,
)
from pipelines.ingest.synthetic_draws import Days, Numbers
from pipelines.ingest.synthetic_members import draw_members, draw_volunteering
from pipelines.ingest.synthetic_shares import YearOfWork, as_hours, quarters

#: The columns of each CSV file: the platform's words, and ours.
ORGANISATION_FILES: Mapping[str, Mapping[str, str]] = {
    "membres.csv": {
        "No adhésion": "id",
        "Type de membre": "label",
        "Membre depuis": "since",
        "Membre jusqu'au": "until",
        "No organisme": "organisation",
    },
    "militance.csv": {
        "No militance": "id",
        "Code militante": "volunteer",
        "Date de la militance": "date",
        "Type de militance": "label",
        "Rôle de la militante": "role",
        "Étape de formation": "level",
        "Heures de militance": "hours",
    },
    "formations.csv": {
        "No formation": "id",
        "Date de la formation": "date",
        "Thème de la formation": "topic",
        "Public de la formation": "audience",
        "Personnes formées": "participants",
        "Heures de formation": "hours",
    },
    "communications.csv": {
        "No communication": "id",
        "Date de la communication": "date",
        "Moyen de communication": "channel",
        "Sujet de la communication": "topic",
        "Nombre de publications": "items",
        "Nombre de milieux": "places",
        "Portée": "reach",
        "Interactions": "interactions",
        "Panélistes": "speakers",
    },
    "concertation.csv": {
        "No concertation": "id",
        "Date de la concertation": "date",
        "Volet de la concertation": "area",
        "Table ou comité": "committee",
        "Nature du travail": "task",
        "Rencontres tenues": "meetings",
        "Présences": "participants",
        "Heures de concertation": "hours",
    },
    "aide_financiere.csv": {
        "No aide": "id",
        "Code personne": "person_id",
        "Date de l'aide": "date",
        "Besoin": "purpose",
        "Don ou prêt": "kind",
        "Montant": "dollars",
    },
    "plaintes.csv": {
        "No plainte": "id",
        "Date de la plainte": "date",
        "Nature de la plainte": "nature",
        "Issue de la plainte": "outcome",
        "Date de fermeture": "closed",
    },
}
#: A line of work for a committee is about so many quarters of an hour.
_USUAL_LINE = 24
#: Aid is given in steps of so many dollars, where there are enough of them.
_STEP = 5
_UNEVEN = 8.0

Row = dict[str, Any]


@dataclass(frozen=True)
class YearOfLife:
    """A year whose figures are scaled, and the same year for the figures that are its own."""

    scaled: YearOfWork
    as_told: YearOfWork

    def of(self, line: Told) -> YearOfWork | None:
        """The year for the figures of a line; None where the line is of another."""
        if line.only is None:
            return self.scaled
        return self.as_told if line.only == self.scaled.label else None


def draw_organisation(
    settings: OrganisationSettings, years: Sequence[YearOfLife], requests: pd.DataFrame, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """The rows of each file, in the order of the days; an organisation without a kind of record has no file of it."""
    frames = {"membres.csv": draw_members(settings.members, [year.scaled for year in years], rng)}
    drawn: dict[str, list[pd.DataFrame]] = {}
    for year in years:
        in_year = requests[(requests["year"] == year.scaled.label) & (requests["group"] == "survivor")]
        asked = in_year.groupby("person_id", sort=True)["date"].min()
        of_kind: dict[str, tuple[str, Iterable[Row]]] = {
            "militance.csv": ("B", draw_volunteering(settings, year.scaled, year.of, rng)),
            "formations.csv": ("F", _rows(settings.training, year, _courses, rng)),
            "communications.csv": ("K", _rows(settings.communication, year, _communications, rng)),
            "concertation.csv": ("Q", _rows(settings.committee, year, _committee_lines, rng)),
            "aide_financiere.csv": ("A", (row for line in settings.aid for row in _aids(line, year, asked, rng))),
            "plaintes.csv": ("L", _rows(settings.complaint, year, _complaints, rng)),
        }
        for name, (prefix, rows) in of_kind.items():
            frame = pd.DataFrame(list(rows), columns=list(ORGANISATION_FILES[name].values()))
            frame = frame.sort_values("date", kind="stable", ignore_index=True)
            frame["id"] = [f"{prefix}{year.scaled.short}-{number:04d}" for number in range(1, len(frame) + 1)]
            if len(frame):
                drawn.setdefault(name, []).append(frame)
    frames |= {name: pd.concat(parts, ignore_index=True) for name, parts in drawn.items()}
    return {name: _whole(frame) for name, frame in frames.items() if len(frame)}


_WHOLE = ("participants", "items", "places", "reach", "interactions", "speakers", "meetings")


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts as whole numbers, of which some may be missing: `12` and not `12,0`."""
    return frame.astype({name: "Int64" for name in _WHOLE if name in frame.columns})


def _rows(lines: Iterable[Any], year: YearOfLife, draw: Any, rng: np.random.Generator) -> Iterator[Row]:
    for line in lines:
        if (own := year.of(line)) is not None:
            yield from draw(line, own, rng)


def _share(rng: np.random.Generator, total: int, parts: int) -> Numbers:
    """The total in whole parts, uneven as life is, none of them empty where there is enough."""
    least = 1 if total >= parts else 0
    weights = rng.dirichlet(np.full(parts, _UNEVEN))
    return np.asarray(least + rng.multinomial(total - least * parts, weights), dtype=np.int64)


def _shared(rng: np.random.Generator, figure: float | None, year: YearOfWork, parts: int) -> list[int | None]:
    if figure is None:
        return [None] * parts
    return [int(part) for part in _share(rng, year.some(figure, at_least=0), parts)]


def _hours(rng: np.random.Generator, hours: float | None, year: YearOfWork, parts: int) -> list[float | None]:
    if hours is None:
        return [None] * parts
    return list(as_hours(_share(rng, year.some(quarters(hours)), parts)))


def _days(line: Communication | Committee, year: YearOfWork, size: int, rng: np.random.Generator) -> Days:
    """The day told, where it is of the year, else working days of the year."""
    if line.date is not None and year.first_day <= line.date < year.end:
        return np.full(size, np.datetime64(line.date))
    return year.draw_days(rng, size)


def _courses(line: Course, year: YearOfWork, rng: np.random.Generator) -> Iterator[Row]:
    size = year.some(line.courses)
    columns = (
        year.draw_days(rng, size),
        _shared(rng, line.participants, year, size),
        _hours(rng, line.hours, year, size),
    )
    for day, participants, hours in zip(*columns, strict=True):
        yield {
            "date": day,
            "topic": line.topic,
            "audience": line.audience,
            "participants": participants,
            "hours": hours,
        }


def _communications(line: Communication, year: YearOfWork, rng: np.random.Generator) -> Iterator[Row]:
    size = year.some(line.lines)
    told = {
        name: _shared(rng, getattr(line, name), year, size) for name in ("items", "places", "interactions", "speakers")
    }
    told["reach"] = _reach(line, year, size, rng)
    for place, day in enumerate(_days(line, year, size, rng)):
        numbers = {name: parts[place] for name, parts in told.items()}
        yield {"date": day, "channel": line.channel, "topic": line.topic, **numbers}


def _reach(line: Communication, year: YearOfWork, size: int, rng: np.random.Generator) -> list[int | None]:
    """The reach of each line; where the best is told, one of them has it and no other more."""
    if line.reach is None or line.best_reach is None or size == 1:
        return _shared(rng, line.reach, year, size)
    reach = year.some(line.reach, at_least=0)
    best = min(line.best_reach, reach)
    # Where the total leaves the others more than the best each, all of them have as much.
    others = np.minimum(_share(rng, max(reach - best, 0), size - 1), best)
    for short in rng.permutation(size - 1):
        missing = reach - best - int(others.sum())
        others[short] += min(max(missing, 0), best - int(others[short]))
    return [best, *(int(part) for part in others)]


def _committee_lines(line: Committee, year: YearOfWork, rng: np.random.Generator) -> Iterator[Row]:
    usual = -(-quarters(line.hours or 0) // _USUAL_LINE) or 1
    size = year.some(line.meetings) if line.meetings else year.some(usual)
    columns = (
        _days(line, year, size, rng),
        _hours(rng, line.hours, year, size),
        _shared(rng, line.participants, year, size),
    )
    for day, hours, participants in zip(*columns, strict=True):
        yield {
            "date": day,
            "area": line.area,
            "committee": line.committee,
            "task": line.task,
            "meetings": 1 if line.meetings else 0,
            "participants": participants,
            "hours": hours,
        }


def _aids(line: Aid, year: YearOfLife, asked: pd.Series, rng: np.random.Generator) -> Iterator[Row]:
    """Gifts or loans, after the request of the person where she is known; the others without a pseudonym."""
    own = year.of(line)
    if own is None:
        return
    gifts = own.some(line.gifts)
    dollars = max(own.some(line.dollars), gifts)
    steps, rest = divmod(dollars, _STEP)
    amounts = _share(rng, steps, gifts) * _STEP if steps >= gifts else _share(rng, dollars, gifts)
    amounts[-1] += rest if steps >= gifts else 0
    days = own.working_days
    known = [str(person) for person, day in asked.items() if np.datetime64(day, "D") < days[-1]]
    chosen = [known[place] for place in rng.permutation(len(known))[: own.some(line.persons, at_least=0)]]
    for place, amount in enumerate(amounts):
        person = chosen[place % len(chosen)] if chosen else ""
        open_days = days[days > np.datetime64(asked[person], "D")] if person else days
        kind = {"purpose": line.purpose, "kind": line.kind}
        yield {"person_id": person, "date": rng.choice(open_days), **kind, "dollars": float(amount)}


def _complaints(line: Complaints, year: YearOfWork, rng: np.random.Generator) -> Iterator[Row]:
    for day in year.draw_days(rng, year.some(line.complaints)):
        closed = np.datetime64("NaT") if line.closed_after is None else day + np.timedelta64(line.closed_after, "D")
        yield {"date": day, "nature": line.nature, "outcome": line.outcome, "closed": closed}
