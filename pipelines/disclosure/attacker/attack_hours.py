"""What published hours tell of the hidden counts beside them: nothing, where three things hold.

The attacker knows that the minutes of one meeting lie between two bounds, the same for all lines. Where the hours of a
line are told and its count is not, they bound the count. Where one line of a known total has no hours told, its
hours are what is left. Where the total of hours is told and that of meetings is not, it bounds the total. Where
none of this is so, any counts that give the published ones have hours that give the published ones: the lines without
told hours have together as many meetings, and those can be shared out among them in any way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipelines.disclosure.attacker.attack_report import Finding, Verdict
from pipelines.disclosure.reading.published import PublishedSet, Where
from pipelines.errors import InputRefused
from pipelines.language import msg

#: A group of records of a universe.
_Group = tuple[str, Where]


def telling_hours(published: PublishedSet) -> Iterator[Finding]:
    """The hours that tell of a count; raises `InputRefused` where two releases tell different hours of one group."""
    shown = {(cell.universe, cell.where) for cell in published.cells if cell.value is not None}
    hours = _pooled(published)
    table_of = {(cell.universe, cell.where): cell.table for cell in published.hours}
    for group, minutes in hours.items():
        if minutes is not None and group not in shown:
            yield _finding(table_of[group], group, minutes)
    for group, total in hours.items():
        lines = [minutes for line, minutes in hours.items() if _is_line_of(line, group)]
        if total is None or not lines:
            continue
        rest = total - sum(minutes for minutes in lines if minutes is not None)
        untold = lines.count(None)
        if rest < 0 or (rest > 0 and not untold):
            raise _contradictory(table_of[group])
        # Nothing is left for what is hidden, or all of it is one line's.
        if untold == 1 or (untold and not rest):
            yield _finding(table_of[group], group, rest)


def _pooled(published: PublishedSet) -> Mapping[_Group, int | None]:
    """What is told of each group by any release; None where all hide it."""
    hours: dict[_Group, int | None] = {}
    for cell in published.hours:
        group = cell.universe, cell.where
        before = hours.setdefault(group, cell.value)
        if before is not None and cell.value is not None and before != cell.value:
            raise _contradictory(cell.table)
        hours[group] = cell.value if before is None else before
    return hours


def _is_line_of(line: _Group, total: _Group) -> bool:
    return line[0] == total[0] and len(line[1]) == len(total[1]) + 1 and set(total[1]) < set(line[1])


def _finding(table: str, group: _Group, minutes: int) -> Finding:
    return Finding(table, group[1], minutes, minutes, None, Verdict.HOURS_TELL, group[0])


def _contradictory(table: str) -> InputRefused:
    return InputRefused(
        msg("The published cells contradict each other"),
        where=msg("in the tables {tables}", tables=table),
        why=msg("no set of records gives them all: a file was changed, or they are not about the same records"),
        to_do=msg("Make the release again, and attack together only what is about the same records"),
    )
