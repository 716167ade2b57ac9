"""What a stranger finds in tables of persons, meetings and hours: each case is small enough to be counted by hand."""

import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.attacker.attack import AttackReport, Verdict, attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.published import publish_releases
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable, SafetyLevel
from pipelines.errors import InputRefused
from pipelines.language import Text
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.units import Unit
from tests.made_up_release import cell

WORD = Text("mot", "word")
HIDDEN = CellStatus.HIDDEN
KINDS = (
    (Unit.MEETING, Unit.PERSON_IN_SERVICE, Unit.PERSON_MET),
    (Unit.MEETING, Unit.PERSON_IN_SERVICE),
    (Unit.MEETING,),
)


def table(unit: Unit, total, **lines) -> ReleaseTable:
    side = TableDimension("service_type", WORD, tuple(TableCode(code, WORD) for code in lines))
    cells = (cell((TOTAL,), total), *(cell((code,), value) for code, value in lines.items()))
    return ReleaseTable(unit.value, WORD, unit, WORD, WORD, "2023-2024", (side,), cells)


def attacked(*tables: ReleaseTable) -> AttackReport:
    rule = Protection(5, SafetyLevel.S1, True, KINDS)
    release = Release("centre", WORD, True, "2023-2024", "public", tables, rule)
    return attack(publish_releases([release]), time_limit_s=20)


def verdicts(*tables: ReleaseTable) -> set[Verdict]:
    return {finding.verdict for finding in attacked(*tables).unsafe}


def interval(report: AttackReport, unit: str, code: str) -> tuple[int | None, int | None]:
    wanted = {("meetings_unit", unit), ("service_type", code)}
    (found,) = (each for each in report.findings if wanted <= set(each.where) and len(each.where) == 4)
    return found.low, found.high


def test_large_numbers_far_apart_tell_of_nobody():
    assert verdicts(table(Unit.MEETING, 90, a=60, b=30), table(Unit.PERSON_MET, 40, a=25, b=21)) == set()


def test_persons_of_two_lines_are_found_by_adding_up():
    """20 and 15 persons are 33 in all: two have had both."""
    assert Verdict.IMPLICIT_SMALL in verdicts(table(Unit.PERSON_MET, 33, a=20, b=15, c=0))


def test_persons_who_are_not_in_a_line_are_found_by_subtraction():
    """Two of 22 have never had the service, whatever is hidden beside it."""
    assert Verdict.IMPLICIT_SMALL in verdicts(table(Unit.PERSON_MET, 22, a=20, b=HIDDEN, c=HIDDEN))


def test_repeated_meetings_are_found_by_subtraction():
    assert Verdict.IMPLICIT_SMALL in verdicts(
        table(Unit.MEETING, 60, a=20, b=40), table(Unit.PERSON_MET, 41, a=18, b=30)
    )


def test_no_line_has_more_persons_than_meetings_nor_more_than_the_total():
    meetings, persons = table(Unit.MEETING, 60, a=7, b=53), table(Unit.PERSON_MET, 30, a=HIDDEN, b=30)

    assert interval(attacked(meetings, persons), "person_in_service", "a") == (1, 7)


def test_lines_hold_at_least_the_persons_of_the_total():
    persons = table(Unit.PERSON_MET, 30, a=HIDDEN, b=20)

    assert interval(attacked(persons), "person_in_service", "a") == (10, 30)


def test_hours_beside_a_hidden_count_are_refused():
    meetings = table(Unit.MEETING, 60, a=HIDDEN, b=40, c=HIDDEN)

    assert Verdict.HOURS_TELL in verdicts(meetings, table(Unit.MEETING_MINUTE, HIDDEN, a=90, b=2400, c=HIDDEN))


def test_hours_hidden_alone_in_a_known_total_are_refused():
    meetings = table(Unit.MEETING, 60, a=20, b=40)

    assert Verdict.HOURS_TELL in verdicts(meetings, table(Unit.MEETING_MINUTE, 3600, a=HIDDEN, b=2400))


def test_a_total_of_hours_beside_a_hidden_total_is_refused():
    meetings = table(Unit.MEETING, HIDDEN, a=HIDDEN, b=40)

    assert Verdict.HOURS_TELL in verdicts(meetings, table(Unit.MEETING_MINUTE, 3600, a=HIDDEN, b=HIDDEN))


def test_hours_hidden_with_their_counts_tell_nothing():
    meetings = table(Unit.MEETING, 60, a=HIDDEN, b=40, c=HIDDEN)

    assert verdicts(meetings, table(Unit.MEETING_MINUTE, 3600, a=HIDDEN, b=2400, c=HIDDEN)) == set()


def test_hours_that_do_not_add_up_are_refused():
    with pytest.raises(InputRefused):
        attacked(table(Unit.MEETING, 60, a=20, b=40), table(Unit.MEETING_MINUTE, 3600, a=1000, b=2400))


def test_a_table_of_no_family_is_refused():
    side = TableDimension("task", WORD, (TableCode("a", WORD),))
    hours = ReleaseTable("work", WORD, Unit.WORK_MINUTE, WORD, WORD, "2023-2024", (side,), (cell((TOTAL,), 90),))

    with pytest.raises(InputRefused):
        attacked(hours)
