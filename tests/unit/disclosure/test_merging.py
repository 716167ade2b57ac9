"""The merging plan: what a coarser table keeps, and what is no longer published."""

from pipelines.codes import TOTAL
from pipelines.disclosure.merging import can_take, is_crossed, merge_tables
from pipelines.disclosure.policy import MergingStep, Step
from pipelines.language import Text
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.units import Unit
from tests.made_up_release import AGE, FORM, dimension

WORD = Text("mot", "word")
YEARS = dimension("period", {"2023-2024": "2023-2024"}, missing=())


def counted(table_id: str, *sides) -> CountTable:
    places = [()]
    for side in sides:
        places = [(*place, code) for place in places for code in (*(each.code for each in side.codes), TOTAL)]
    cells = tuple(CountedCell(codes, 9, 9) for codes in places)
    return CountTable(table_id, WORD, Unit.REQUEST, WORD, WORD, "2023-2024", sides, cells, (), is_collected=True)


def step(table: str, what: Step) -> MergingStep:
    return MergingStep(table=table, step=what)


def test_a_table_by_classes_keeps_its_upper_level_and_its_totals() -> None:
    (coarser,) = merge_tables([counted("ages", AGE)], [step("ages", Step.CLASSES)])

    codes = {cell.codes[0] for cell in coarser.cells}
    assert codes == {code.code for code in AGE.codes if not code.parent} | {TOTAL}
    assert [code.code for code in coarser.dimensions[0].codes if code.parent] == []


def test_a_crossed_table_is_made_coarser_on_each_side() -> None:
    (coarser,) = merge_tables([counted("crossed", AGE, FORM)], [step("crossed", Step.CLASSES)])

    assert {cell.codes[0] for cell in coarser.cells} == {code.code for code in AGE.codes if not code.parent} | {TOTAL}
    assert {cell.codes[1] for cell in coarser.cells} == {code.code for code in FORM.codes} | {TOTAL}


def test_a_table_that_is_dropped_is_there_no_more() -> None:
    kept = merge_tables([counted("ages", AGE), counted("forms", FORM)], [step("ages", Step.DROP)])

    assert [table.id for table in kept] == ["forms"]


def test_a_step_about_a_table_that_is_not_there_changes_nothing() -> None:
    tables = (counted("ages", AGE),)

    assert merge_tables(tables, [step("forms", Step.DROP)]) == tables


def test_a_table_of_one_level_cannot_be_told_by_classes() -> None:
    assert can_take(counted("ages", AGE), Step.CLASSES)
    assert not can_take(counted("forms", FORM), Step.CLASSES)
    assert can_take(counted("forms", FORM), Step.DROP)


def test_a_comparison_of_years_crosses_no_two_answers() -> None:
    assert not is_crossed((YEARS, AGE))
    assert is_crossed((AGE, FORM))
