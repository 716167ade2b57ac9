"""Which hours are told beside their counts: each case is small enough to be counted by hand."""

from collections.abc import Mapping

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.policy import Profile
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.protect_hours import agrees_with, hide_hours, hours_and_counts
from pipelines.disclosure.protection_report import HiddenBecause
from pipelines.language import Text
from pipelines.tables.coded_records import CodedRecords
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.units import Unit
from tests.judge_releases import real_policy
from tests.made_up_release import made_up_release

WORD = Text("mot", "word")
YEAR = "2023-2024"
COLUMNS = ("period", "person", "is_meeting", "is_person_in_service", "is_person_met", "service_type", "minutes")
#: By line, the minutes of each person: a person a number.
Lengths = Mapping[str, tuple[int, ...]]
EVEN: Lengths = {"a": (60,) * 10, "b": (60,) * 20, "c": (60,) * 40}


def profile() -> Profile:
    return real_policy().profiles["standard"]


def records(lengths: Lengths) -> CodedRecords:
    rows = [
        (YEAR, f"{number}", "yes", "yes", "yes", line, str(minutes))
        for line, of in lengths.items()
        for number, minutes in enumerate(of)
    ]
    return CodedRecords(COLUMNS, tuple(rows))


def table(unit: Unit, lengths: Lengths) -> CountTable:
    values = {line: sum(of) if unit is Unit.MEETING_MINUTE else len(of) for line, of in lengths.items()}
    values[TOTAL] = sum(values.values())
    side = TableDimension("service_type", WORD, tuple(TableCode(code, WORD) for code in lengths))
    cells = tuple(CountedCell((code,), value, value) for code, value in values.items())
    return CountTable(unit.value, WORD, unit, WORD, WORD, YEAR, (side,), cells, notes=(), is_collected=True)


def hidden(lengths: Lengths, *counts_hidden: str) -> Mapping[str, HiddenBecause]:
    counts = release_table(table(Unit.MEETING, lengths), frozenset((code,) for code in counts_hidden))
    found = hide_hours(table(Unit.MEETING_MINUTE, lengths), counts, records(lengths), profile())
    assert found is not None
    return {code: reason for (code,), reason in found.items()}


def test_hours_of_many_persons_are_told():
    assert hidden(EVEN) == {}


def test_a_line_of_which_one_person_has_nearly_all_is_hidden_with_another():
    told = hidden({**EVEN, "d": (3000, 30, 30, 30, 30)})

    assert told["d"] is HiddenBecause.FEW_HOLD
    assert set(told) > {"d"}
    assert TOTAL not in told


def test_hours_of_fewer_persons_than_the_threshold_are_hidden_though_their_count_is_told():
    """Nobody wrote down how long the others' meetings were."""
    assert hidden({**EVEN, "d": (60, 60, 0, 0, 0, 0)})["d"] is HiddenBecause.FEW_HOLD


def test_hours_are_hidden_where_their_count_is():
    told = hidden({**EVEN, "d": (60, 60), "e": (60, 60, 60)}, "d", "e")

    assert told["d"] is told["e"] is HiddenBecause.COUNT_HIDDEN
    assert TOTAL not in told


def test_a_total_of_hours_is_hidden_where_that_of_the_count_is():
    told = hidden({**EVEN, "d": (60, 60)}, "d", TOTAL)

    assert told == {"d": HiddenBecause.COUNT_HIDDEN, TOTAL: HiddenBecause.COUNT_HIDDEN}


def test_what_a_total_leaves_is_never_the_hours_of_few_persons():
    """The same two persons have both lines: two lines are not enough."""
    told = hidden({**EVEN, "d": (60, 60), "e": (90, 90)}, "d", "e")

    assert set(told) > {"d", "e"}


def test_lines_of_unlike_lengths_are_not_told_apart_by_their_hours():
    """Short calls and long meetings: who knows their lengths would count each from what is left of the total."""
    alike = {**EVEN, "d": (60,) * 6, "e": (60,) * 7}
    unlike = {**EVEN, "d": (20,) * 6, "e": (120,) * 7}

    assert set(hidden(alike, "d", "e")) == {"d", "e"}
    assert set(hidden(unlike, "d", "e")) > {"d", "e"}


def test_a_person_who_came_often_needs_room_for_all_her_meetings():
    """Forty short meetings of one person and some long ones of others: one less of hers is one more of theirs."""
    often = {"a": (60,) * 30, "b": (60,) * 40, "e": (90,) * 7}
    once = table(Unit.MEETING, {**often, "d": (30,) * 40})
    counts = release_table(once, frozenset({("d",), ("e",)}))
    hers = records(often)
    rows = tuple((YEAR, "0", "yes", "no", "no", "d", "30") for _ in range(40))
    met = CodedRecords(COLUMNS, (*hers.rows, *rows))

    told = hide_hours(table(Unit.MEETING_MINUTE, {**often, "d": (30,) * 40}), counts, met, profile())

    assert told is not None
    assert set(told) == {("d",), ("e",), (TOTAL,)}


def test_hours_without_their_count_stay():
    counts = release_table(table(Unit.MEETING, {"a": (60,) * 10}), frozenset())

    assert hide_hours(table(Unit.MEETING_MINUTE, EVEN), counts, records(EVEN), profile()) is None
    assert hours_and_counts(table(Unit.MEETING_MINUTE, EVEN), []) is None
    assert hours_and_counts(table(Unit.MEETING_MINUTE, EVEN), [counts]) is counts


def test_hours_that_are_out_already_are_told_as_they_were_or_not_at_all():
    now = release_table(table(Unit.MEETING_MINUTE, EVEN), frozenset())
    before = release_table(table(Unit.MEETING_MINUTE, EVEN), frozenset({("a",)}))

    assert agrees_with(now, [made_up_release(tables=(now,))])
    assert not agrees_with(now, [made_up_release(tables=(before,))])
    assert now.cell("a").status is CellStatus.SHOWN
