"""One number is written the same way everywhere, and a hidden one tells nothing."""

from pipelines.charts.counted_rows import read_rows
from pipelines.disclosure.cell_status import CellStatus
from pipelines.language import NO_BREAK_SPACE, Language
from tests.made_up_release import FORM, RELATIONSHIP, dimension, table

FRENCH = Language("fr")
FRUIT = dimension("fruit", {"pomme": "Pomme", "ecorce": "Écorce", "figue": "Figue", "datte": "Datte"})


def rows_of(counts, side=FRUIT, **settings):
    return read_rows(table("fruits", side, counts, **settings), FRENCH, None)


def test_classes_are_read_from_the_largest():
    rows = rows_of({"pomme": 1, "ecorce": 5, "figue": 3, "datte": 9})

    assert [row.code for row in rows.answered] == ["datte", "ecorce", "figue", "pomme"]


def test_an_ordered_dimension_keeps_its_order():
    ages = dimension("age", {"a": "0-11 ans", "b": "12-17 ans"}, ordered=True)

    assert [row.code for row in rows_of({"a": 1, "b": 9}, ages).answered] == ["a", "b"]


def test_hidden_cells_come_last_and_by_name():
    rows = rows_of({"pomme": CellStatus.HIDDEN, "ecorce": CellStatus.HIDDEN, "figue": 3}, total=9)

    assert [row.code for row in rows.answered] == ["figue", "datte", "ecorce", "pomme"]


def test_shares_are_of_the_answers_and_make_the_whole():
    rows = rows_of({"pomme": 1, "ecorce": 1, "figue": 1, "refus": 7})

    assert rows.base == 3
    assert sum(row.share for row in rows.answered) == 1000


def test_shares_of_details_make_the_share_of_their_class():
    rows = rows_of(
        {"classe_famille": 3, "pere": 1, "mere": 1, "fratrie": 1, "classe_inconnu": 4, "inconnu": 4}, RELATIONSHIP
    )

    for row in rows.answered:
        assert sum(child.share for child in row.children) == row.share


def test_a_share_of_several_answers_is_of_all_the_units():
    rows = rows_of({"penetration": 60, "attouchements": 80}, FORM, total=100)

    assert rows.base == 100
    assert [row.share for row in rows.answered][:2] == [800, 600]


def test_a_hidden_cell_is_a_sign_without_a_share():
    rows = rows_of({"pomme": CellStatus.HIDDEN, "figue": 30, "refus": 10}, total=80)
    hidden = next(row for row in rows.answered if row.code == "pomme")

    assert hidden.full_text(FRENCH) == "s"
    assert rows.base == 70
    assert next(row for row in rows.answered if row.code == "figue").full_text(FRENCH) == f"30 (42,9{NO_BREAK_SPACE}%)"


def test_no_share_is_written_where_the_base_is_hidden():
    rows = rows_of({"pomme": CellStatus.HIDDEN, "figue": 30, "refus": CellStatus.HIDDEN}, total=80)

    assert rows.base is None
    assert next(row for row in rows.answered if row.code == "figue").full_text(FRENCH) == "30"


def test_zero_is_written_zero_and_the_impossible_is_not():
    rows = rows_of({"pomme": 10, "figue": CellStatus.STRUCTURAL_ZERO})
    texts = {row.code: row.count_text(FRENCH) for row in rows.answered}

    assert texts["datte"] == "0"
    assert texts["figue"] == "–"


def test_thousands_are_grouped_by_a_space_that_does_not_break():
    [row] = [row for row in rows_of({"pomme": 1378}).answered if row.code == "pomme"]

    assert row.full_text(FRENCH) == f"1{NO_BREAK_SPACE}378 (100,0{NO_BREAK_SPACE}%)"
