"""Another attacker on published tables of services: from `cells.csv` alone, with nothing of the program's attack.

Of each family and year its unknowns are the contacts and the persons of each line, and both totals. It knows that
contacts add up, that nobody is a person of a line without a contact in it, nor of a line and not of the year, that
each person is in one line at least, and that what is hidden where zeros are shown is somebody. Kits are contacts,
told by two questions, and nothing is told of their persons. Each contact lasts from 5 to 720 minutes; and another
attacker knows how long those of each line last, to a tenth. Whole numbers are searched by SciPy's own solver.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.random_services import HOURS, SUBJECTS, Entered, minutes_of, truth_of

K = 5
FEWEST = 4
#: A combination of unknowns: (what, line) with its weight.
Combination = dict[tuple[str, str], float]
TOTAL = "_total"
MOST_SHARE = 0.8
#: No contact is shorter, nor longer.
SHORTEST, LONGEST = 5, 720
#: More contacts than any drawn centre has in a year.
MOST = 5_000


class Year:
    """What is known of one family and year: unknowns ("contacts" or "persons", line), shown values, hidden places."""

    def __init__(self) -> None:
        self.shown: dict[tuple[str, str], int] = {}
        self.hidden: set[tuple[str, str]] = set()
        self.minutes: dict[str, int] = {}

    @property
    def lines(self) -> list[str]:
        return sorted({line for _, line in (*self.shown, *self.hidden)} - {TOTAL})

    @property
    def questions(self) -> list[list[str]]:
        """The lines of each question, which add up to the total of contacts."""
        names = {line.split("=")[0] for line in self.lines}
        return [[line for line in self.lines if line.split("=")[0] == name] for name in sorted(names)]

    def combinations(self) -> Iterator[tuple[str, Combination]]:
        """What a subtraction could give: repeated contacts, persons who are not in a line, persons of two lines."""
        if len(self.questions) == 1:
            for line in (*self.lines, TOTAL):
                yield f"again in {line}", {("contacts", line): 1, ("persons", line): -1}
        for what in ("contacts", "persons"):
            for line in self.lines:
                yield f"{what} not in {line}", {(what, TOTAL): 1, (what, line): -1}
        yield "in two lines", {**{("persons", line): 1 for line in self.lines}, ("persons", TOTAL): -1}


class Solver:
    """The whole numbers that what is known leaves."""

    def __init__(self, year: Year, *, zeros_alone: bool = False, means: Mapping[str, float] | None = None) -> None:
        """`means`: how long a contact of each line lasts, for who knows."""
        of_all = (*year.lines, TOTAL)
        self._names = [(what, line) for what in ("contacts", "persons", "minutes") for line in of_all]
        self._place = {name: place for place, name in enumerate(self._names)}
        # Hours that can be shared out at all can be in whole minutes.
        self._is_whole = np.array([what != "minutes" for what, _ in self._names], dtype=int)
        self._low, self._high = np.zeros(len(self._names)), np.full(len(self._names), np.inf)
        for name, value in year.shown.items():
            if zeros_alone and value:
                self._low[self._place[name]] = 1
            else:
                self._low[self._place[name]] = self._high[self._place[name]] = value
        for name in year.hidden:
            self._low[self._place[name]] = 1
        rows: list[tuple[Combination, float, float]] = []
        if year.minutes and not zeros_alone:
            for line, value in year.minutes.items():
                self._low[self._place["minutes", line]] = self._high[self._place["minutes", line]] = value
            rows.append(({**{("minutes", line): 1 for line in year.lines}, ("minutes", TOTAL): -1}, 0, 0))
            for line in year.lines:
                mean = means.get(line) if means else None
                shortest, longest = (SHORTEST, LONGEST) if mean is None else (0.9 * mean, 1.1 * mean)
                rows.append(({("minutes", line): 1, ("contacts", line): -shortest}, 0, np.inf))
                rows.append(({("minutes", line): -1, ("contacts", line): longest}, 0, np.inf))
        for lines in year.questions:
            rows.append(({**{("contacts", line): 1 for line in lines}, ("contacts", TOTAL): -1}, 0, 0))
        rows.append(({**{("persons", line): 1 for line in year.lines}, ("persons", TOTAL): -1}, 0, np.inf))
        for line in (*year.lines, TOTAL):
            rows.append(({("contacts", line): 1, ("persons", line): -1}, 0, np.inf))
        for line in year.lines:
            rows.append(({("persons", TOTAL): 1, ("persons", line): -1}, 0, np.inf))
        self._rows = LinearConstraint(
            np.array([self._row(of) for of, _, _ in rows]), [low for _, low, _ in rows], [high for _, _, high in rows]
        )

    def _row(self, combination: Combination) -> np.ndarray:
        row = np.zeros(len(self._names))
        for name, weight in combination.items():
            row[self._place[name]] = weight
        return row

    def end(self, combination: Combination, sense: int) -> float | None:
        """The least (1) or the most (-1) of a combination; None without end."""
        row = self._row(combination)
        found = milp(sense * row, integrality=self._is_whole, bounds=self._bounds(), constraints=self._rows)
        if found.status == 3 or (found.status == 4 and found.x is None):
            return None
        assert found.success, found.message
        return round(float(row @ found.x))

    def is_possible(self, combination: Combination, value: int) -> bool:
        row = self._row(combination)
        at = LinearConstraint(row[None, :], value, value)
        for presolve in (True, False):
            # Reduced first, some feasible problems are said to be infeasible.
            found = milp(
                np.zeros(len(row)),
                integrality=self._is_whole,
                bounds=self._bounds(),
                constraints=[self._rows, at],
                options={"presolve": presolve},
            )
            if found.success:
                return True
        return False

    def _bounds(self) -> Bounds:
        # No centre has more: an end that no total puts is far away all the same.
        far = [MOST * LONGEST if what == "minutes" else MOST for what, _ in self._names]
        return Bounds(self._low, np.minimum(self._high, far))


def read_years(folders: Sequence[Path]) -> Mapping[tuple[str, str], Year]:
    """All that these folders tell, by family and year."""
    years: dict[tuple[str, str], Year] = defaultdict(Year)
    units = {"kit": ("kits", "contacts")}
    for name, (of, _) in SUBJECTS.items():
        units[HOURS[name].value] = (name, "minutes")
        units |= {unit.value: (name, what) for unit, what in zip(of, ("contacts", "persons"), strict=True)}
    for folder in folders:
        period = _period_of(folder)
        with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["unit"] not in units or row["status"] == "not_collected":
                    continue
                family, what = units[row["unit"]]
                codes = {row[f"dim_{side}"]: row[f"code_{side}"] for side in (1, 2) if row[f"dim_{side}"]}
                of = years[family, codes.pop("period", period)]
                ((side, code),) = codes.items()
                line = code if code == TOTAL else f"{side}={code}"
                if what == "minutes":
                    if row["status"] == "shown":
                        assert of.minutes.setdefault(line, int(row["value"])) == int(row["value"])
                elif row["status"] == "hidden":
                    of.hidden.add((what, line))
                else:
                    assert of.shown.get((what, line), int(row["value"])) == int(row["value"])
                    of.shown[what, line] = int(row["value"])
    for of in years.values():
        of.hidden -= of.shown.keys()
    return years


def _period_of(folder: Path) -> str:
    return json.loads((folder / "tables.json").read_text(encoding="utf-8"))["period"]


def _faults_of_hours(year: Year, truth: Mapping[str, Counter]) -> Iterator[str]:
    """Hours of few persons, or of one nearly alone, that are told or are what a total leaves."""
    for line, value in year.minutes.items():
        if value != truth[line].total():
            yield f"{line}: hours that are not true"
        if _is_of_few(truth[line]):
            yield f"{line}: hours of few persons"
    rest = [line for line in year.lines if line not in year.minutes and truth[line]]
    if TOTAL in year.minutes and rest:
        if _is_of_few(sum((truth[line] for line in rest), Counter())):
            yield "what the total of hours leaves is of few persons"
        if len(rest) == 1:
            yield f"{rest[0]}: hours that the total leaves"


def _is_of_few(minutes: Counter) -> bool:
    return bool(minutes) and (len(minutes) < K or max(minutes.values()) > MOST_SHARE * minutes.total())


def faults_of_services(folders: Sequence[Path], entered: Entered) -> list[str]:
    """What a stranger finds in these folders, told by who knows the truth: empty where nobody is found."""
    faults = []
    for (family, period), year in sorted(read_years(folders).items()):
        truth = truth_of(entered, family, period)
        place = f"{family} {period}"
        faults += [
            f"{place} {name}: shown and not true"
            for name, value in year.shown.items()
            if value != truth[name[0]][name[1]]
        ]
        faults += [f"{place} {fault}" for fault in _faults_of_hours(year, minutes_of(entered, family, period))]
        minutes = minutes_of(entered, family, period)
        means = {line: of.total() / truth["contacts"][line] for line, of in minutes.items() if line != TOTAL}
        solver, pattern = Solver(year), Solver(year, zeros_alone=True)
        knowing = Solver(year, means=means) if year.minutes else solver
        for name in (*year.shown, *year.hidden):
            behind = truth["behind" if name[0] == "contacts" else "persons"][name[1]]
            if not 1 <= behind < K:
                continue
            if name in year.shown:
                faults.append(f"{place} {name}: shown, of {behind} persons")
                continue
            allowed = pattern.end({name: 1}, 1)
            asked = range(int(allowed or 1), max(K, int(allowed or 1) + FEWEST))
            impossible = [value for value in asked if not knowing.is_possible({name: 1}, value)]
            impossible += [value for value in asked if not solver.is_possible({name: 1}, value)]
            if impossible:
                faults.append(f"{place} {name}: {len(impossible)} values are impossible")
        for called, combination in year.combinations():
            low, high = solver.end(combination, 1), solver.end(combination, -1)
            if low == high and low is not None and 1 <= low < K:
                faults.append(f"{place}: {called} is known to be a few")
    return faults
