"""The attacker: from published cells alone, what can be deduced of every hidden one.

This code shares nothing with the method that chose what to hide: it is the gate that distrusts it.

It does not know which hidden cells are small, so it judges all of them alike. A hidden cell is safe when
everything that the rule and the published zeros leave possible stays possible: all of 1..k-1 (0..k-1
where zeros are hidden too), those aside that the zeros alone exclude, and at least four values in all
(the safety level S1). The published zeros alone put no end to a cell (twice the records give the same
zeros), so they only exclude values below some `allowed_low`. A hidden cell that is surely k or more was
not hidden because it is small, and knowing so harms nobody; known exactly, it is refused all the same,
for it may be hidden for another reason. Where counts are rounded, a shown number says no more than that the
count is less than the base away: what may be small by it is judged as what is hidden is, and 1..k-1 must
stay possible. A proof that does not end in time counts as a danger.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from pipelines.disclosure.attacker.attack_cliques import TooManyUnknowns
from pipelines.disclosure.attacker.attack_differences import small_differences
from pipelines.disclosure.attacker.attack_hours import telling_hours
from pipelines.disclosure.attacker.attack_judge import FEWEST_VALUES, Judge, not_proven
from pipelines.disclosure.attacker.attack_model import build_system
from pipelines.disclosure.attacker.attack_parts import Contradiction
from pipelines.disclosure.attacker.attack_programme import OutOfTime
from pipelines.disclosure.attacker.attack_report import AttackReport, Finding, Searched, Verdict
from pipelines.disclosure.attacker.attack_solver import Searcher
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet
from pipelines.errors import InputRefused
from pipelines.language import msg

__all__ = ["FEWEST_VALUES", "AttackReport", "Finding", "Verdict", "attack"]

#: Beyond so many unknowns in one clique of dimensions the attack is not tried: nothing is proved then.
MOST_UNKNOWNS = 400_000


def attack(published: PublishedSet, *, time_limit_s: float, exact_ends: bool = True) -> AttackReport:
    """The interval of every hidden cell, as someone finds it who has all that was published.

    Without `exact_ends` the ends of a cell are looked for only as far as the verdict needs them: the
    verdicts are the same, much sooner (see `Finding.are_ends_exact`).
    Raises `InputRefused` if no set of records at all gives these cells: a file was altered, or two
    releases are not about the same records.
    """
    deadline = time.monotonic() + time_limit_s
    findings: list[Finding] = list(telling_hours(published))
    searched: list[Searched] = []
    for universe in published.universes:
        findings += _shown_small(published, universe)
        findings += (
            Finding(whole.table, whole.where, *ends, None, Verdict.IMPLICIT_SMALL, universe, part.where)
            for whole, part, ends in small_differences(published, universe)
        )
        found, of = _attack_universe(published, universe, deadline, exact_ends=exact_ends)
        findings += found
        searched += of
    return AttackReport(tuple(findings), published.k, tuple(searched))


def _shown_small(published: PublishedSet, universe: str) -> Iterator[Finding]:
    lowest = 1 if published.zeros_are_published else 0
    # What one table tells to be empty by not listing it is no secret where another lists it.
    certain = {cell.where for cell in published.cells if cell.is_certain_zero}
    for cell in published.cells:
        # A rounded number tells of several counts: whether it tells too much is judged as of a hidden cell.
        if cell.universe != universe or cell.value is None or cell.where in certain or cell.spread:
            continue
        if lowest <= cell.value < published.k:
            yield Finding(cell.table, cell.where, cell.value, cell.value, None, Verdict.SHOWN_SMALL, universe)


def _attack_universe(
    published: PublishedSet, universe: str, deadline: float, *, exact_ends: bool
) -> tuple[list[Finding], list[Searched]]:
    hidden = [cell for cell in published.cells if cell.universe == universe and published.is_open(cell)]
    watched = [cell for cell in published.watched if cell.universe == universe]
    try:
        space, system = build_system(published, universe, MOST_UNKNOWNS)
        searcher = Searcher(system, deadline=deadline, k=max(published.k, FEWEST_VALUES))
        searcher.start()
    except (TooManyUnknowns, OutOfTime):
        return [not_proven(cell) for cell in (*hidden, *watched)], []
    except Contradiction:
        raise _contradictory(hidden or list(published.cells)) from None
    searched = Searched(universe, space, system, searcher)
    judge = Judge(published, searched, deadline, exact_ends=exact_ends)
    # Who is in a total of persons and not in a line: told where a few are found, the line itself is judged above.
    beside = (
        judge.judge_watched(PublishedCell(told.line.table, told.rest, None, universe))
        for told in published.person_lines
        if told.line.universe == universe
    )
    found = [*map(judge.judge_hidden, hidden), *map(judge.judge_watched, watched)]
    return [*found, *(finding for finding in beside if not finding.is_safe)], [searched]


def _contradictory(cells: list[PublishedCell]) -> InputRefused:
    return InputRefused(
        msg("The published cells contradict each other"),
        where=msg("in the tables {tables}", tables=", ".join(sorted({cell.table for cell in cells}))),
        why=msg("no set of records gives them all: a file was changed, or they are not about the same records"),
        to_do=msg("Make the release again, and attack together only what is about the same records"),
    )
