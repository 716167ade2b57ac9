"""Which hours of a table may be told beside the counts that are.

The attacker's model. The minutes of one meeting lie between two bounds that everybody may know and that are the same
for all lines (0, or 5, and 720): nothing ties the hours of a line to the number of its meetings but that. She has the
counts and hours of all that is out. So hours are told only where their count is, and then say nothing of a hidden
count: of any other counts that give the same published ones, the hidden lines have together as many meetings as the
true ones where the total is told, and so can have the same hours between them, whatever each has. Where the total
of meetings is hidden, the total of hours is.

Hours tell of persons besides: a line is hidden where fewer than k persons have any, or one of them has more than
`max_share` of it. What a total leaves when its shown lines are taken away is held to the same, and is never one
line alone: further lines are hidden, the shortest first, or the total.

An attacker may know more: how long a meeting of each service lasts, to a tenth. Then what is left of a total is
some long meetings and some short ones, and tells how many of each. So lines whose count is told are hidden beside
lines whose count is not, as long as a tenth of their hours is less than what a few meetings change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.policy import Profile
from pipelines.disclosure.primary import too_few_contributors
from pipelines.disclosure.protection_report import HiddenBecause
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.tables.coded_records import MINUTES, PERSON
from pipelines.tables.dimension import PERIOD
from pipelines.units import HOURS_OF

if TYPE_CHECKING:
    from pipelines.tables.coded_records import CodedRecords
    from pipelines.tables.count_table import CountTable

Codes = tuple[str, ...]
#: The minutes of each person.
Held = Counter[str]
#: How well somebody may know how long a meeting of a service lasts: to a tenth of its mean.
KNOWN_LENGTH = 0.1


@dataclass(frozen=True)
class _Line:
    """The hours of a line: of whom, and of how many meetings, whose number is published or not."""

    held: Held
    meetings: int
    is_counted: bool

    @property
    def minutes(self) -> int:
        return self.held.total()


def hide_hours(
    table: CountTable, counts: ReleaseTable, records: CodedRecords, profile: Profile
) -> Mapping[Codes, HiddenBecause] | None:
    """The cells to hide with their reasons; None where the counts do not tell of every cell: the table stays.

    `counts`: what is published of the meetings that these are the hours of, by the same question.
    """
    if any(cell.codes not in counts.by_codes for cell in table.cells):
        return None
    hidden: dict[Codes, HiddenBecause] = {}
    for whole, lines in _years(table):
        told = {line: _line(table, line, counts, records) for line in lines}
        hidden |= _hide_year(whole, told, counts, profile)
    return hidden


def agrees_with(table: ReleaseTable, earlier: Iterable[Release]) -> bool:
    """Whether each cell that is out already is hidden, or told the same, as it was."""
    own = {_place(table, cell.codes): cell.value for cell in table.cells}
    before = (each for release in earlier for each in release.tables if each.unit is table.unit and each.is_collected)
    told = {_place(each, cell.codes): cell.value for each in before for cell in each.cells}
    return all(told[place] == value for place, value in own.items() if place in told)


def hours_and_counts(table: CountTable, told: Iterable[ReleaseTable]) -> ReleaseTable | None:
    """The published table of what these are the hours of; None where it is not told to the same readers."""
    sides = [dimension.name for dimension in table.dimensions]
    fitting = (
        each
        for each in told
        if each.unit is HOURS_OF[table.unit]
        and each.period == table.period
        and [dimension.name for dimension in each.dimensions] == sides
        and each.is_collected
    )
    return next(fitting, None)


def _hide_year(
    whole: Codes, lines: Mapping[Codes, _Line], counts: ReleaseTable, profile: Profile
) -> Mapping[Codes, HiddenBecause]:
    hidden: dict[Codes, HiddenBecause] = {}
    is_counted = counts.by_codes[whole].status is CellStatus.SHOWN
    everybody = _Line(_together(of.held for of in lines.values()), 0, is_counted)
    for codes, of in (*lines.items(), (whole, everybody)):
        if not of.is_counted:
            hidden[codes] = HiddenBecause.COUNT_HIDDEN
        elif _tells(of.held, profile):
            hidden[codes] = HiddenBecause.FEW_HOLD
    return hidden if whole in hidden else {**hidden, **_hide_rest(whole, lines, hidden.keys(), profile)}


def _hide_rest(
    whole: Codes, lines: Mapping[Codes, _Line], hidden: Set[Codes], profile: Profile
) -> Mapping[Codes, HiddenBecause]:
    """What is hidden besides so that the total may be told; the total itself where no lines are enough."""
    further: dict[Codes, HiddenBecause] = {}
    shown = sorted((of.minutes, line) for line, of in lines.items() if line not in hidden and of.minutes)
    for _, line in (*shown, (0, whole)):
        if _is_safe([of for each, of in lines.items() if each in hidden or each in further], profile):
            return further
        further[line] = HiddenBecause.PROTECTS_OTHERS
    return {whole: HiddenBecause.PROTECTS_OTHERS}


def _is_safe(rest: Sequence[_Line], profile: Profile) -> bool:
    """Whether the hours that a total leaves may be known: of no line, or of several and of enough persons."""
    several = [of for of in rest if of.minutes]
    if not rest:
        return True
    return (
        len(several) > 1 and not _tells(_together(of.held for of in several), profile) and _hides_lengths(rest, profile)
    )


def _hides_lengths(rest: Sequence[_Line], profile: Profile) -> bool:
    """Whether 1 to k-1 meetings stay possible in a hidden small count for who knows how long each line's last.

    Another count of long meetings than of short ones gives other hours; the lines whose count is told take them up.
    A few persons may have had many meetings: from all of these to one must be room, and as much for what moves with it.
    """
    untold = [of for of in rest if not of.is_counted and of.meetings]
    means = [of.minutes / of.meetings for of in untold]
    room = KNOWN_LENGTH * sum(of.minutes for of in rest if of.is_counted)
    moved = max([profile.k - 1, *(of.meetings for of in untold if len(of.held) < profile.k)])
    return not means or room >= 2 * moved * (max(means) - min(means))


def _together(several: Iterable[Held]) -> Held:
    everybody: Held = Counter()
    for of in several:
        everybody += of
    return everybody


def _tells(of: Held, profile: Profile) -> bool:
    """Whether hours are about few persons, or one of them has nearly all."""
    return too_few_contributors(of.values(), profile.k, profile.max_share)


def _years(table: CountTable) -> Iterator[tuple[Codes, Sequence[Codes]]]:
    """The total of each year of a table of one question, with its lines."""
    place = next(at for at, side in enumerate(table.dimensions) if side.name != PERIOD)
    codes: Set[Codes] = {cell.codes for cell in table.cells}
    for whole in sorted(of for of in codes if of[place] == TOTAL):
        yield whole, sorted(of for of in codes if of != whole and (*of[:place], TOTAL, *of[place + 1 :]) == whole)


def _line(table: CountTable, line: Codes, counts: ReleaseTable, records: CodedRecords) -> _Line:
    told = dict(zip((side.name for side in table.dimensions), line, strict=True))
    told.setdefault(PERIOD, table.period)
    columns = [records.by_column[name] for name in (PERSON, MINUTES, *told)]
    held: Held = Counter()
    meetings = 0
    for person, minutes, *values in zip(*columns, strict=True):
        if values == list(told.values()):
            held[person] += int(minutes)
            meetings += 1
    return _Line(held, meetings, counts.by_codes[line].status is CellStatus.SHOWN)


def _place(table: ReleaseTable, codes: Codes) -> tuple[tuple[str, str], ...]:
    """A cell by what it is about, whatever table tells it."""
    told = dict(zip((side.name for side in table.dimensions), codes, strict=True))
    return tuple(sorted({PERIOD: table.period, **told}.items()))
