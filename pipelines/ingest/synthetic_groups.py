"""The made-up groups, their sessions and who was there, and what they said of it: as many as told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.ingest.group_settings import Evaluation, Group, GroupSettings
from pipelines.ingest.synthetic_draws import Days
from pipelines.ingest.synthetic_shares import YearOfWork, as_hours, deal, quarters

#: The columns of each CSV file: the platform's words, and ours.
GROUP_FILES: Mapping[str, Mapping[str, str]] = {
    "groupes.csv": {
        "No groupe": "group_id",
        "Type de groupe": "label",
        "Places": "capacity",
        "Début du groupe": "start",
        "Fin du groupe": "end",
    },
    "seances.csv": {
        "No séance": "session_id",
        "No groupe": "group_id",
        "Date de la séance": "date",
        "Nombre d'animatrices": "facilitators",
        "Durée de la séance (h)": "length",
        "Préparation de la séance (h)": "preparation",
    },
    "presences.csv": {"No séance": "session_id", "Code personne": "person_id"},
    "evaluations.csv": {
        "No évaluation": "evaluation_id",
        "Date de l'évaluation": "date",
        "Rencontre évaluée": "label",
        "Répondantes": "respondents",
    },
    "reponses.csv": {
        "No évaluation": "evaluation_id",
        "Question": "item",
        "Réponse": "level",
        "Nombre de réponses": "count",
    },
}
#: Invented pseudonyms of persons of groups begin here: no request and no service has such a number.
_FIRST_INVENTED = 800_000
_DAYS_A_WEEK = 7
#: A person of a group was met in the year before it began.
_DAYS_BEFORE = 365
#: The sessions at each end of a group by which beginning and finishing are told.
_EDGE = 2
#: Who leaves stays for one session more than that at least, and a group so short is left by nobody.
_SHORTEST_LEFT = 2 * _EDGE + 1


@dataclass
class GroupPeople:
    """Who may come to a group: the meetings of those followed, and those of the groups told before."""

    meetings: pd.DataFrame
    year: YearOfWork
    of_group: dict[str, list[str]] = field(default_factory=dict)
    invented: int = 0

    def choose(self, rng: np.random.Generator, group: Group, count: int, first: np.datetime64) -> list[str]:
        """So many persons, of the group that it takes them from or of those met before its first day."""
        chosen = self.of_group.get(group.persons_of, [])[:count]
        days = self.meetings["date"].to_numpy().astype("datetime64[D]")
        recent = (days < first) & (days >= first - np.timedelta64(_DAYS_BEFORE, "D"))
        known = [person for person in self.meetings["person_id"][recent].unique() if person not in chosen]
        chosen = chosen + [known[place] for place in rng.permutation(len(known))[: count - len(chosen)]]
        chosen += [self._invent() for _ in range(count - len(chosen))]
        self.of_group[group.name] = chosen
        return chosen

    def _invent(self) -> str:
        self.invented += 1
        return f"P{_FIRST_INVENTED + 1_000 * int(self.year.short) + self.invented:06d}"


def draw_groups(
    settings: GroupSettings, meetings: pd.DataFrame, year: YearOfWork, rng: np.random.Generator
) -> dict[str, pd.DataFrame]:
    """The groups of a year, their sessions, and one row per session and person who was there."""
    people = GroupPeople(meetings[meetings["label"] == settings.among], year)
    groups, sessions, presences = [], [], []
    for number, group in enumerate(settings.group, start=1):
        group_id = f"G{year.short}-{number:02d}"
        size = year.some(group.persons)
        size = min(size, len(people.of_group[group.persons_of])) if group.persons_of else size
        count = size if group.is_one_by_one else year.some(group.sessions)
        days = _session_days(group, count, year, rng)
        persons = people.choose(rng, group, size, days[0])
        end = np.datetime64("NaT") if group.is_open else days[-1]
        # As text: a column of numbers with holes would be written `8,0`.
        groups.append((group_id, group.label, str(group.capacity or ""), days[0], end))
        lengths = _even(rng, year.some(quarters(group.animation_hours) // group.facilitators), count)
        before = _even(rng, year.some(quarters(group.preparation_hours), at_least=0), count)
        there = _presences(group, size, count, group.leavers.get(year.label, 0), rng)
        for place, (day, *hours) in enumerate(zip(days, as_hours(lengths), as_hours(before), strict=True)):
            session_id = f"G{year.short}-{number:02d}-{place + 1:02d}"
            sessions.append((session_id, group_id, day, group.facilitators, *hours))
            presences += [(session_id, persons[index]) for index in np.flatnonzero(there[:, place])]
    return {
        "groupes.csv": pd.DataFrame(groups, columns=["group_id", "label", "capacity", "start", "end"]),
        "seances.csv": pd.DataFrame(
            sessions, columns=["session_id", "group_id", "date", "facilitators", "length", "preparation"]
        ),
        "presences.csv": pd.DataFrame(presences, columns=["session_id", "person_id"]),
    }


def _session_days(group: Group, count: int, year: YearOfWork, rng: np.random.Generator) -> Days:
    """One working day a session, on the same weekday where each has its week."""
    weeks = np.linspace(*group.weeks, num=count).round().astype(np.int64)
    days = np.datetime64(year.first_day) + weeks * _DAYS_A_WEEK + rng.integers(0, 3)
    return np.sort(np.busday_offset(days, 0, roll="forward"))


def _even(rng: np.random.Generator, total: int, parts: int) -> npt.NDArray[np.int64]:
    """The total in parts that differ by one quarter of an hour at most."""
    return deal(rng, total, parts, total // parts, -(-total // parts))


def _presences(
    group: Group, persons: int, sessions: int, leavers: int, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Who was at which session (one row a person): all begin, all but the leavers finish."""
    if group.is_one_by_one:
        return np.eye(persons, dtype=np.bool_)
    there = rng.random((persons, sessions)) < group.attends
    if group.is_open:
        # Nobody is told of who never came, and no session was held for nobody.
        there[np.arange(persons), rng.integers(0, sessions, size=persons)] = True
        there[rng.integers(0, persons, size=sessions), np.arange(sessions)] = True
        return there
    edge = min(_EDGE, sessions)
    there[np.arange(persons), rng.integers(0, edge, size=persons)] = True
    there[np.arange(persons), sessions - 1 - rng.integers(0, edge, size=persons)] = True
    if sessions >= _SHORTEST_LEFT:
        for person in range(min(leavers, persons - 1)):
            there[person, rng.integers(_EDGE, sessions - _EDGE) :] = False
    return there


def draw_evaluations(settings: GroupSettings, year: YearOfWork, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The evaluations of a year, and one row per question and level: counts, never percentages."""
    evaluations, answers = [], []
    for number, told in enumerate(settings.evaluation, start=1):
        evaluation_id = f"Q{year.short}-{number:02d}"
        respondents = year.some(told.respondents)
        day = np.busday_offset(np.datetime64(year.first_day) + told.week * _DAYS_A_WEEK, 0, roll="forward")
        evaluations.append((evaluation_id, day, told.label, respondents))
        for item, counts in _answers(told, respondents, rng):
            answers += [
                (evaluation_id, item, level, int(count)) for level, count in zip(settings.levels, counts, strict=True)
            ]
    return {
        "evaluations.csv": pd.DataFrame(evaluations, columns=["evaluation_id", "date", "label", "respondents"]),
        "reponses.csv": pd.DataFrame(answers, columns=["evaluation_id", "item", "level", "count"]),
    }


def _answers(
    told: Evaluation, respondents: int, rng: np.random.Generator
) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    """The answers told; of a smaller year, as many as there are respondents, drawn with the same weights."""
    for item, counts in told.answers.items():
        as_told = np.array(counts, dtype=np.int64)
        smaller = rng.multinomial(respondents, as_told / told.respondents)
        yield item, as_told if respondents == told.respondents else smaller
