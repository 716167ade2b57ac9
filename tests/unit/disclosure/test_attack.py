"""What an attacker deduces from made-up tables: the traps that methods of suppression have fallen into."""

import json

import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.attacker.attack import Verdict, attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.published import Nesting, PublishedCell, PublishedSet, publish_releases
from pipelines.disclosure.reading.read_published import read_protected_folder
from pipelines.disclosure.release_table import Protection, Release, ReleaseCell, ReleaseTable, SafetyLevel
from pipelines.errors import InputRefused
from pipelines.language import Language, Text
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.units import Unit

HIDDEN = None


def cell(value, table="t", **where):
    return PublishedCell(table, tuple(sorted(where.items())), value)


def published(*cells, zeros_are_published=True, k=5, **known):
    codes = {}
    for one in cells:
        for name, code in one.where:
            codes.setdefault(name, {})[code] = None
    dimensions = {name: tuple(of) for name, of in codes.items()}
    for name, classes in known.get("groups", {}).items():
        dimensions[name] = tuple(code for code in dimensions[name] if code not in classes)
    known.setdefault("dimensions", dimensions)
    return PublishedSet(cells=cells, zeros_are_published=zeros_are_published, k=k, **known)


def one_way(total, **values):
    return [cell(total), *(cell(value, age=code) for code, value in values.items())]


def two_way(rows, row_totals, column_totals, total):
    inner = [
        cell(value, row=str(row), column=str(column))
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    ]
    rows_told = [cell(value, row=str(row)) for row, value in enumerate(row_totals)]
    columns_told = [cell(value, column=str(column)) for column, value in enumerate(column_totals)]
    return [*inner, *rows_told, *columns_told, cell(total)]


def intervals(report):
    return {finding.where: (finding.low, finding.high) for finding in report.findings}


def verdicts(report):
    return {finding.where: finding.verdict for finding in report.findings}


def test_one_hidden_cell_under_a_shown_total_is_computed():
    report = attack(published(*one_way(41, a=30, b=8, c=HIDDEN)), time_limit_s=10)

    assert intervals(report)[(("age", "c"),)] == (3, 3)


def test_two_singletons_that_share_a_small_rest_are_too_narrow():
    report = attack(published(*one_way(22, a=20, b=HIDDEN, c=HIDDEN)), time_limit_s=10)

    assert [verdicts(report)[(("age", code),)] for code in "bc"] == [Verdict.EXACT, Verdict.EXACT]


def test_two_hidden_cells_under_a_published_zero_are_zero_where_zeros_are_hidden():
    cells = two_way([[HIDDEN, HIDDEN], [40, 50]], [0, 90], [HIDDEN, HIDDEN], 90)

    report = attack(published(*cells, zeros_are_published=False), time_limit_s=10)

    assert intervals(report)[(("column", "0"), ("row", "0"))] == (0, 0)


def test_a_rest_of_two_for_two_hidden_cells_is_one_each():
    """15 = 13 + x + x, where a zero would be published."""
    report = attack(published(*one_way(15, a=13, b=HIDDEN, c=HIDDEN)), time_limit_s=10)

    assert intervals(report)[(("age", "b"),)] == (1, 1)


def test_the_same_rest_is_not_exact_where_zeros_are_hidden_too():
    report = attack(published(*one_way(15, a=13, b=HIDDEN, c=HIDDEN), zeros_are_published=False), time_limit_s=10)

    assert (intervals(report)[(("age", "b"),)], report.is_safe) == ((0, 2), False)


def test_a_grid_with_two_hidden_cells_on_every_line_can_still_give_one_away():
    """Rows 0 and 1 minus columns 0 and 1 leave the difference of one cell alone: 7 + 9 - 6 - 8."""
    rows = [
        [HIDDEN, HIDDEN, 30, 20],
        [HIDDEN, HIDDEN, HIDDEN, 20],
        [30, 20, HIDDEN, HIDDEN],
        [20, 30, HIDDEN, HIDDEN],
    ]
    row_totals, column_totals = [57, 29, 58, 62], [56, 58, 48, 44]
    cells = two_way(rows, row_totals, column_totals, 206)

    report = attack(published(*cells), time_limit_s=10)

    assert intervals(report)[(("column", "2"), ("row", "1"))] == (2, 2)


def test_one_group_under_two_names_is_read_where_it_is_shown():
    """Only towns of one county are in the county's total: hidden here, shown there."""
    nesting = Nesting("town", "county", {"m1": "x", "m2": "y", "m3": "y"})
    cells = [
        cell(60, county="x"), cell(40, county="y"), cell(100),
        cell(HIDDEN, town="m1"), cell(HIDDEN, town="m2"), cell(HIDDEN, town="m3"), cell(100, "u"),
    ]  # fmt: skip
    dimensions = {"town": ("m1", "m2", "m3"), "county": ("x", "y")}

    report = attack(published(*cells, nestings=(nesting,), dimensions=dimensions), time_limit_s=10)

    assert intervals(report)[(("town", "m1"),)] == (60, 60)


def test_a_class_is_the_sum_of_its_codes():
    groups = {"age": {"young": frozenset({"a", "b"})}}
    cells = [*one_way(50, a=HIDDEN, b=9, c=HIDDEN), cell(12, age="young")]

    report = attack(published(*cells, groups=groups), time_limit_s=10)

    assert intervals(report)[(("age", "a"),)] == (3, 3)


def test_a_total_minus_a_subgroup_is_a_small_group():
    cells = [cell(64), cell(61, "women", sex="f")]

    report = attack(published(*cells, dimensions={"sex": ("f", "h")}), time_limit_s=10)

    assert [(found.verdict, found.low, found.minus) for found in report.unsafe] == [
        (Verdict.IMPLICIT_SMALL, 3, (("sex", "f"),))
    ]


def test_calendar_years_minus_a_fiscal_year_give_a_quarter_away():
    """2023 and the first quarter of 2024, minus April 2023 to March 2024, is the first quarter of 2023."""
    quarters = ("23q1", "23q2", "24q1")
    nestings = (
        Nesting("quarter", "year", {"23q1": "2023", "23q2": "2023", "24q1": "2024"}),
        Nesting("quarter", "fiscal", {"23q1": "22-23", "23q2": "23-24", "24q1": "23-24"}),
    )
    dimensions = {"quarter": quarters, "year": ("2023", "2024"), "fiscal": ("22-23", "23-24")}
    cells = [cell(80, year="2023"), cell(20, quarter="24q1"), cell(98, fiscal="23-24")]
    watched = (cell(HIDDEN, quarter="23q1"),)

    report = attack(published(*cells, nestings=nestings, dimensions=dimensions, watched=watched), time_limit_s=10)

    assert [(found.where, found.low) for found in report.unsafe] == [((("quarter", "23q1"),), 2)]


def test_an_empty_cell_of_one_table_opens_a_cell_of_another():
    """Nobody is f and old, so all the old of the town are h: two tables that share no inner cell."""
    cells = [
        *(cell(value, "u", sex=sex, age=age) for (sex, age), value in {
            ("f", "old"): 0, ("f", "new"): 50, ("h", "old"): 10, ("h", "new"): 30}.items()),
        *(cell(value, "v", age=age, town=town) for (age, town), value in {
            ("old", "m"): HIDDEN, ("old", "n"): HIDDEN, ("new", "m"): 40, ("new", "n"): 40}.items()),
        *(cell(value, "w", sex=sex, town=town) for (sex, town), value in {
            ("f", "m"): 25, ("f", "n"): 25, ("h", "m"): 19, ("h", "n"): 21}.items()),
    ]  # fmt: skip

    report = attack(published(*cells), time_limit_s=10)

    assert intervals(report)[(("age", "old"), ("town", "m"))] == (4, 4)


def test_a_wide_interval_is_safe():
    report = attack(published(*one_way(60, a=40, b=HIDDEN, c=HIDDEN)), time_limit_s=10)

    assert (report.is_safe, report.hides_smallness, set(intervals(report).values())) == (True, True, {(1, 19)})


def test_a_cell_that_is_surely_large_is_no_danger():
    cells = two_way([[HIDDEN, HIDDEN], [HIDDEN, HIDDEN]], [30, 12], [20, 22], 42)

    report = attack(published(*cells), time_limit_s=10)

    assert verdicts(report)[(("column", "0"), ("row", "0"))] is Verdict.LARGE


def test_four_small_values_without_a_larger_one_prove_that_a_cell_is_small():
    report = attack(published(*one_way(25, a=20, b=HIDDEN, c=HIDDEN)), time_limit_s=10)

    assert (report.is_safe, report.hides_smallness) == (True, False)


def test_what_the_zeros_alone_exclude_is_not_asked_for():
    """A hidden total of two codes that are not empty cannot be one."""
    cells = [cell(HIDDEN, age=age, sex=sex) for age in ("a", "b") for sex in ("f", "h")]
    cells += [cell(HIDDEN, age=age) for age in ("a", "b")]

    report = attack(published(*cells), time_limit_s=10)

    totals = [found for found in report.findings if found.where == (("age", "a"),)]
    assert [(found.low, found.high, found.allowed_low, found.verdict) for found in totals] == [
        (2, None, 2, Verdict.SAFE)
    ]


def test_a_small_number_that_is_shown_is_found():
    report = attack(published(*one_way(50, a=47, b=3)), time_limit_s=10)

    assert Verdict.SHOWN_SMALL in verdicts(report).values()


def test_what_is_not_proved_in_time_is_refused():
    report = attack(published(*one_way(60, a=40, b=HIDDEN, c=HIDDEN)), time_limit_s=0)

    assert (report.is_safe, set(verdicts(report).values())) == (False, {Verdict.NOT_PROVEN})


def test_a_large_cell_that_lost_small_values_is_refused_only_by_a_stranger():
    """3 to 9: a danger if the cell is truly 3 or 4, which only who holds the counts can tell."""
    cells = two_way([[HIDDEN, HIDDEN], [HIDDEN, HIDDEN]], [10, 28], [30, 8], 38)

    report = attack(published(*cells), time_limit_s=10)

    where = (("column", "0"), ("row", "0"))
    by_small = [len(report.unsafe_given(small)) for small in ([], [("", where)])]
    assert ([found.where for found in report.unsafe], by_small) == ([where], [0, 1])


def test_an_altered_number_contradicts_the_others():
    cells = two_way([[30, 20], [HIDDEN, 20]], [50, 25], [36, 40], 75)

    with pytest.raises(InputRefused, match="contradict"):
        attack(published(*cells), time_limit_s=10)


def test_a_message_about_contradiction_holds_no_number():
    cells = one_way(41, a=77, b=HIDDEN)

    with pytest.raises(InputRefused) as refused:
        attack(published(*cells), time_limit_s=10)

    assert not {"41", "77"} & set(refused.value.one_line(Language("en")).replace(",", " ").split())


def folder_with(tmp_path, cells, spec, record=None):
    (tmp_path / "cells.csv").write_text(cells, encoding="utf-8")
    (tmp_path / "SPEC.json").write_text(json.dumps(spec), encoding="utf-8")
    (tmp_path / "record.json").write_text(json.dumps(record or {}), encoding="utf-8")
    return tmp_path


def test_a_protected_folder_is_attacked_from_its_files(tmp_path):
    cells = "age,table,value,status\n_total,0,60,shown\na,0,57,shown\nb,0,,hidden\n"
    folder = folder_with(tmp_path, cells, {"tables": [["age"]], "k": 5, "zeros": "published"})

    report = attack(read_protected_folder(folder), time_limit_s=10)

    assert intervals(report)[(("age", "b"),)] == (3, 3)


def test_overlapping_filters_are_attacked_together(tmp_path):
    """All of 2023, then its women: the others are three, in a table that nobody published."""
    cells = "ref,year,sex,table,value,status\n" + "".join(
        f"{ref},,,{table},{value},shown\n"
        for table, values in enumerate([{"_total": 70, "p": 40, "q": 30}, {"_total": 66, "p": 37, "q": 29}])
        for ref, value in values.items()
    )
    tables = [{"by": ["ref"], "where": {"year": "2023"}}, {"by": ["ref"], "where": {"year": "2023", "sex": "f"}}]
    folder = folder_with(tmp_path, cells, {"tables": tables, "k": 5})

    report = attack(read_protected_folder(folder), time_limit_s=10)

    assert {found.low for found in report.unsafe if found.verdict is Verdict.IMPLICIT_SMALL} == {1, 3, 4}


def test_a_row_left_out_says_that_nobody_is_there(tmp_path):
    cells = "age,sex,table,value,status\n" + "".join(
        f"{age},{sex},0,{value},{status}\n"
        for age, sex, value, status in [
            ("_total", "_total", 90, "shown"), ("a", "_total", "", "hidden"), ("b", "_total", "", "hidden"),
            ("_total", "f", 50, "shown"), ("_total", "h", 40, "shown"),
            ("a", "f", "", "hidden"), ("b", "f", "", "hidden"), ("b", "h", 40, "shown"),
        ]
    )  # fmt: skip
    folder = folder_with(tmp_path, cells, {"tables": [["age", "sex"]], "k": 5})

    found = read_protected_folder(folder)

    assert [one.where for one in found.cells if one.is_certain_zero] == [(("age", "a"), ("sex", "h"))]


def test_a_nesting_that_the_record_does_not_tell_is_refused(tmp_path):
    cells = "town,county,table,value,status\nm,_total,0,60,shown\n_total,_total,0,60,shown\n"
    folder = folder_with(tmp_path, cells, {"tables": [[["town", "county"]]], "k": 5, "nested": [["town", "county"]]})

    with pytest.raises(InputRefused, match="cannot be read"):
        read_protected_folder(folder)


def test_a_folder_without_cells_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="cannot be read"):
        read_protected_folder(tmp_path)


def same_text(text):
    return Text(text, text)


def dimension(name, *codes, parents=None):
    headings = tuple(TableCode(code, same_text(code), (parents or {}).get(code, "")) for code in codes)
    return TableDimension(name, same_text(name), headings)


def release_of(period, *tables):
    rule = Protection(5, SafetyLevel.S1, True, ((Unit.REQUEST,),))
    return Release("c", same_text("c"), True, period, "public", tables, rule)


def table_of(table_id, period, sides, values):
    cells = tuple(
        ReleaseCell(codes, value, CellStatus.HIDDEN if value is None else CellStatus.SHOWN)
        for codes, value in values.items()
    )
    told = same_text("all")
    return ReleaseTable(table_id, told, Unit.REQUEST, told, told, period, tuple(sides), cells)


def test_a_comparison_of_years_opens_the_years_own_report():
    own = table_of("age", "2023", [dimension("age", "a", "b", "c")], {
        (TOTAL,): 60, ("a",): 40, ("b",): HIDDEN, ("c",): HIDDEN})  # fmt: skip
    years = [dimension(PERIOD, "2022", "2023"), dimension("age", "a", "b", "c")]
    compared = table_of("age_by_year", "2022-2023", years, {
        ("2022", "b"): 12, ("2023", "b"): HIDDEN, (TOTAL, "b"): 15})  # fmt: skip

    report = attack(publish_releases([release_of("2023", own, compared)]), time_limit_s=10)

    assert {(found.low, found.high) for found in report.findings if dict(found.where).get("age") == "b"} == {(3, 3)}


def test_a_code_that_a_table_does_not_list_is_empty_there():
    first = table_of("age", "2023", [dimension("age", "a", "b")], {(TOTAL,): 60, ("a",): 56, ("b",): HIDDEN})
    second = table_of(
        "age", "2024", [dimension("age", "a", "b", "z")], {(TOTAL,): 90, ("a",): 30, ("b",): 30, ("z",): 30}
    )

    report = attack(publish_releases([release_of("2023", first), release_of("2024", second)]), time_limit_s=10)

    assert (4, 4) in intervals(report).values()
