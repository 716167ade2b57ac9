"""One system of all that is out and all that is to be: the same records are one cell, under whatever name."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.joint_cells import JointCells, join_cells
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.release_table import Release
from pipelines.errors import DisclosureGateFailed
from pipelines.language import Language
from pipelines.tables.coded_records import CodedRecords
from tests.tiny_centre import SHAPES, Tiny, draw_tiny

KINDS = "requests and their further links"
YEARS = "two years and an answer left out"


def joined(tiny: Tiny, *earlier: Release, tables=None, records: CodedRecords | None = None) -> JointCells:
    return join_cells(tables or tiny.tables, earlier, records or tiny.records, tiny.centre.vocabularies)


def told(tiny: Tiny, *hidden: str) -> Release:
    """What an earlier release said of the same tables."""
    tables = tuple(
        release_table(table, {cell.codes for cell in table.cells if set(cell.codes) & set(hidden)})
        for table in tiny.tables
    )
    return replace(tiny.head, tables=tables, protection=tiny.protection)


def table_of(tiny: Tiny, table_id: str):
    return next(table for table in tiny.tables if table.id == table_id)


@pytest.mark.parametrize("name", SHAPES)
def test_every_cell_of_every_table_has_the_count_of_its_records(name: str) -> None:
    tiny = draw_tiny(name, 1)
    cells = joined(tiny)

    for table in tiny.tables:
        for cell in table.cells:
            assert cells.counts[cells.number(table, cell.codes)] == cell.count
            assert cells.persons[cells.number(table, cell.codes)] == cell.person_count


def test_a_margin_is_the_cell_of_the_table_of_one_question() -> None:
    tiny = draw_tiny(KINDS, 1)
    cells = joined(tiny)

    alone = cells.number(table_of(tiny, "relationship"), ("r0",))
    assert cells.number(table_of(tiny, "age_by_relationship"), (TOTAL, "r0")) == alone


def test_requests_and_links_are_not_one_group() -> None:
    tiny = draw_tiny(KINDS, 1)
    cells = joined(tiny)

    requests = cells.number(table_of(tiny, "age_at_request"), (TOTAL,))
    assert cells.number(table_of(tiny, "relationship"), (TOTAL,)) != requests


def test_one_person_behind_several_records_is_one_person() -> None:
    tiny = draw_tiny(KINDS, 1)
    place = tiny.records.columns.index("person")
    rows = tuple((*row[:place], "1", *row[place + 1 :]) for row in tiny.records.rows)

    cells = joined(tiny, records=replace(tiny.records, rows=rows))

    assert set(cells.persons.tolist()) <= {0, 1}


def test_what_is_out_is_known_as_it_was_told() -> None:
    tiny = draw_tiny(KINDS, 1)
    cells = joined(tiny, told(tiny, "r0"))

    table = table_of(tiny, "relationship")
    assert cells.hidden_before[cells.number(table, ("r0",))]
    assert cells.shown_before[cells.number(table, ("r1",))]
    assert not (cells.shown_before & cells.hidden_before).any()


def test_a_number_shown_once_is_shown_although_another_copy_hides_it() -> None:
    tiny = draw_tiny(KINDS, 1)
    cells = joined(tiny, told(tiny, "r0"), told(tiny))

    number = cells.number(table_of(tiny, "relationship"), ("r0",))
    assert cells.shown_before[number]
    assert not cells.hidden_before[number]


def test_records_that_contradict_what_is_out_are_refused() -> None:
    tiny = draw_tiny(YEARS, 1)
    other = next(each for seed in range(2, 9) if (each := draw_tiny(YEARS, seed)).counts != tiny.counts)

    with pytest.raises(DisclosureGateFailed) as refusal:
        joined(tiny, told(other))

    assert "table" in refusal.value.one_line(Language("en"))


def test_records_that_do_not_give_the_tables_are_a_fault_of_the_program() -> None:
    tiny = draw_tiny(KINDS, 1)

    with pytest.raises(AssertionError):
        joined(tiny, records=replace(tiny.records, rows=tiny.records.rows[1:]))


def test_the_few_between_a_group_and_its_whole_are_watched() -> None:
    """All but two of the requests are of one answer that the total leaves in."""
    tiny = draw_tiny(YEARS, 1)
    cells = joined(tiny)

    for whole, part in cells.small_differences(3):
        gap = cells.counts[cells.linked.numbers[whole]] - cells.counts[cells.linked.numbers[part]]
        assert 0 < gap < 3


def test_a_watched_difference_counts_who_is_in_the_one_and_not_in_the_other() -> None:
    found = 0
    for seed in range(20):
        cells = joined(draw_tiny(KINDS, seed))
        pairs = cells.small_differences(3)
        watching = cells.watching(pairs)
        for (whole, part), number in zip(pairs, watching.linked.difference_numbers, strict=True):
            gap = watching.counts[watching.linked.numbers[whole]] - watching.counts[watching.linked.numbers[part]]
            assert watching.counts[number] == gap
            assert watching.persons[number] == gap
            found += 1

    assert found


def test_watched_cells_come_after_those_of_the_tables() -> None:
    cells = joined(draw_tiny(KINDS, 3))
    chosen = np.ones(len(cells.counts), dtype=bool)

    watching = cells.watching(cells.small_differences(3))

    assert watching.counts[: len(cells.counts)].tolist() == cells.counts.tolist()
    assert watching.padded(chosen)[: len(chosen)].all()
    assert not watching.padded(chosen)[len(chosen) :].any()


def test_a_table_that_is_not_collected_tells_nothing() -> None:
    tiny = draw_tiny(KINDS, 1)
    kept, absent = tiny.tables[0], replace(tiny.tables[1], cells=(), is_collected=False)

    cells = joined(tiny, tables=(kept, absent))

    assert {pair for definition in cells.linked.numbers for pair in definition if pair[0] == "relationship"} == set()
