"""What an attacker holds of public releases: all their tables as sums over the same records."""

from dataclasses import replace

import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.attacker.attack import Verdict, attack
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.published import publish_releases, where_of
from pipelines.disclosure.release_table import Protection, Release, ReleaseCell, ReleaseTable, SafetyLevel
from pipelines.errors import InputRefused
from pipelines.language import Text
from pipelines.tables.dimension import PERIOD, TableCode, TableDimension
from pipelines.units import Unit

HIDDEN = None
REQUEST, AGGRESSION, LINK = Unit.REQUEST, Unit.AGGRESSION, Unit.AGGRESSOR_LINK
ALL_AT_ONCE = ((REQUEST, AGGRESSION, LINK),)


def same_text(text):
    return Text(text, text)


def dimension(name, *codes, parents=None, within=None, **settings):
    headings = tuple(
        TableCode(code, same_text(code), (parents or {}).get(code, ""), within=(within or {}).get(code, ""))
        for code in codes
    )
    return TableDimension(name, same_text(name), headings, **settings)


def release_of(*tables, k=5, kinds=ALL_AT_ONCE, zeros=True, period="2023", centre="c"):
    rule = Protection(k, SafetyLevel.S1, zeros, kinds)
    return Release(centre, same_text("c"), True, period, "public", tables, rule)


def table_of(table_id, sides, values, *, unit=REQUEST, period="2023", leaves_out=()):
    cells = tuple(
        ReleaseCell(codes, value, CellStatus.HIDDEN if value is None else CellStatus.SHOWN)
        for codes, value in values.items()
    )
    told = same_text("all")
    return ReleaseTable(table_id, told, unit, told, told, period, tuple(sides), cells, leaves_out=leaves_out)


def intervals(published, **codes):
    """The interval of each finding about exactly these codes, whatever the centre, the period and the unit."""
    found = {}
    for finding in attack(published, time_limit_s=10).findings:
        own = {name: code for name, code in finding.where if name not in ("centre", PERIOD, "unit")}
        if own == codes and finding.minus is None:
            found[finding.low, finding.high] = finding.verdict
    return set(found)


def test_an_internal_release_is_refused():
    release = replace(release_of(), protection=None)

    with pytest.raises(InputRefused):
        publish_releases([release])


def test_the_strictest_rule_holds_for_all():
    published = publish_releases([release_of(k=5), release_of(k=10, zeros=False, period="2024")])

    assert (published.k, published.zeros_are_published) == (10, False)


def test_a_request_is_hidden_in_vain_where_the_aggressions_of_the_same_records_are_told():
    requests = table_of("r", [dimension("age", "a", "b", "c")], {
        (TOTAL,): 60, ("a",): 50, ("b",): HIDDEN, ("c",): HIDDEN})  # fmt: skip
    aggressions = table_of("g", [dimension("age", "a", "b", "c")], {
        (TOTAL,): 60, ("a",): 50, ("b",): 3, ("c",): 7}, unit=AGGRESSION)  # fmt: skip

    published = publish_releases([release_of(requests, aggressions)])

    assert intervals(published, age="b") == {(3, 3)}


def test_units_of_different_records_leave_room():
    kinds = ((REQUEST, AGGRESSION), (AGGRESSION,), (REQUEST,))
    requests = table_of("r", [dimension("age", "a", "b", "c")], {
        (TOTAL,): 60, ("a",): 50, ("b",): HIDDEN, ("c",): HIDDEN})  # fmt: skip
    aggressions = table_of("g", [dimension("age", "a", "b", "c")], {
        (TOTAL,): 80, ("a",): 60, ("b",): 13, ("c",): 7}, unit=AGGRESSION)  # fmt: skip

    published = publish_releases([release_of(requests, aggressions, kinds=kinds)])

    assert intervals(published, age="b") == {(1, 9)}


def test_every_kind_of_record_that_occurs_in_some_release_counts():
    first = release_of(table_of("r", [], {(): 60}), kinds=((REQUEST,),))
    second = release_of(table_of("g", [], {(): 80}, unit=AGGRESSION, period="2024"), kinds=((REQUEST, AGGRESSION),))

    published = publish_releases([first, second])

    assert published.dimensions["unit"] == ("request", "request+aggression")
    assert published.leaves_of("unit", "request") == {"request", "request+aggression"}
    assert published.leaves_of("unit", "aggression") == {"request+aggression"}


def test_a_comparison_of_years_opens_the_years_own_report():
    own = table_of("age", [dimension("age", "a", "b", "c")], {
        (TOTAL,): 60, ("a",): 40, ("b",): HIDDEN, ("c",): HIDDEN})  # fmt: skip
    years = [dimension(PERIOD, "2022", "2023"), dimension("age", "a", "b", "c")]
    compared = table_of("age_by_year", years, {
        ("2022", "b"): 12, ("2023", "b"): HIDDEN, (TOTAL, "b"): 15}, period="2022-2023")  # fmt: skip

    assert intervals(publish_releases([release_of(own, compared)]), age="b") == {(3, 3)}


def test_a_code_that_a_table_does_not_list_is_empty_there():
    first = table_of("age", [dimension("age", "a", "b")], {(TOTAL,): 60, ("a",): 56, ("b",): HIDDEN})
    second = table_of(
        "age", [dimension("age", "a", "b", "z")], {(TOTAL,): 90, ("a",): 30, ("b",): 30, ("z",): 30}, period="2024"
    )

    published = publish_releases([release_of(first), release_of(second, period="2024")])

    assert intervals(published, age="b") == {(4, 4)}


def test_a_class_without_its_codes_is_the_sum_of_those_that_another_release_lists():
    classes = table_of("age", [dimension("age", "young", "old")], {(TOTAL,): 60, ("young",): 13, ("old",): 47})
    parents = {"a": "young", "b": "young", "c": "old"}
    leaves = dimension("age", "young", "a", "b", "old", "c", parents=parents)
    both = table_of("ages", [leaves], {
        (TOTAL,): 60, ("young",): HIDDEN, ("a",): 10, ("b",): HIDDEN, ("old",): HIDDEN, ("c",): 47})  # fmt: skip

    assert intervals(publish_releases([release_of(classes), release_of(both)]), age="b") == {(3, 3)}


def test_the_class_of_a_code_is_known_where_no_table_lists_both():
    classes = table_of("age", [dimension("age", "young", "old")], {(TOTAL,): 60, ("young",): 13, ("old",): 47})
    within = {"a": "young", "b": "young", "c": "old"}
    leaves = table_of("ages", [dimension("age", "a", "b", "c", within=within)], {
        (TOTAL,): HIDDEN, ("a",): 10, ("b",): HIDDEN, ("c",): HIDDEN})  # fmt: skip

    assert intervals(publish_releases([release_of(classes, leaves)]), age="b") == {(3, 3)}


def test_a_class_of_which_nobody_tells_the_codes_is_a_code():
    table = table_of("age", [dimension("age", "young", "old")], {(TOTAL,): 60, ("young",): 13, ("old",): 47})

    assert publish_releases([release_of(table)]).dimensions["age"] == ("young", "old")


def test_a_code_that_its_class_no_longer_lists_is_empty():
    parents = {"a": "young", "b": "young"}
    before = table_of("age", [dimension("age", "young", "a", "b", parents=parents)], {
        (TOTAL,): 30, ("young",): 30, ("a",): 20, ("b",): 10})  # fmt: skip
    after = table_of("age", [dimension("age", "young", "a", parents=parents)], {
        (TOTAL,): 30, ("young",): 30, ("a",): HIDDEN}, period="2024")  # fmt: skip

    published = publish_releases([release_of(before), release_of(after, period="2024")])

    assert intervals(published, age="a") == {(30, 30)}


def test_what_a_table_leaves_out_is_the_difference_with_the_total_of_all():
    everybody = table_of("age", [dimension("age", "a", "b")], {(TOTAL,): 60, ("a",): 50, ("b",): 10})
    met = table_of(
        "met", [dimension("after", "care", "end")], {(TOTAL,): 57, ("care",): 40, ("end",): 17}, leaves_out=("none",)
    )

    report = attack(publish_releases([release_of(everybody, met)]), time_limit_s=10)

    assert {(finding.low, finding.verdict) for finding in report.unsafe if ("after", "none") in finding.where} == {
        (3, Verdict.IMPLICIT_SMALL)
    }


def test_what_a_table_leaves_out_is_watched_in_each_of_its_lines():
    sides = [dimension("after", "care"), dimension("age", "a", "b")]
    values = {(code, age): 20 for code in ("care", TOTAL) for age in ("a", "b")} | {(TOTAL, TOTAL): 40}
    crossed = table_of("met", sides, values, leaves_out=("none",))

    watched = publish_releases([release_of(crossed)]).watched

    assert {dict(cell.where).get("age") for cell in watched} == {"a", "b", None}
    assert all(("after", "none") in cell.where for cell in watched)


def test_in_a_comparison_of_years_the_answers_are_left_out_not_the_years():
    years = [dimension(PERIOD, "2022", "2023"), dimension("after", "care")]
    compared = table_of("by_year", years, {("2022", TOTAL): 20, ("2022", "care"): 20}, leaves_out=("none",))
    release = release_of(compared)

    assert dict(where_of(release, compared, ("2022", TOTAL)))["after"] == "_except+none"


def test_several_answers_of_a_unit_are_not_added_up():
    forms = dimension("form", "x", "y", is_multi_answer=True)
    table = table_of("forms", [forms], {(TOTAL,): 60, ("x",): 50, ("y",): HIDDEN}, unit=AGGRESSION)

    assert intervals(publish_releases([release_of(table)]), form="y") == {(10, 60)}


def test_a_form_that_a_line_does_not_list_leaves_the_others_to_cover_it():
    listed = dimension("form", "x", "y", is_multi_answer=True)
    more = dimension("form", "x", "y", "z", is_multi_answer=True)
    ages = dimension("age", "a", "b")
    crossed = table_of("crossed", [ages, listed], {
        ("a", "x"): 16, ("a", "y"): HIDDEN, ("a", TOTAL): 20, ("b", "x"): 30, ("b", "y"): 30, ("b", TOTAL): 40,
        (TOTAL, "x"): 46, (TOTAL, "y"): HIDDEN, (TOTAL, TOTAL): 60}, unit=AGGRESSION)  # fmt: skip
    other = table_of(
        "other", [more], {(TOTAL,): 50, ("x",): 20, ("y",): 20, ("z",): 20}, unit=AGGRESSION, period="2024"
    )

    published = publish_releases([release_of(crossed), release_of(other, period="2024")])

    assert intervals(published, age="a", form="y") == {(4, 20)}


def test_two_centres_are_told_apart():
    one = release_of(table_of("age", [dimension("age", "a", "b")], {(TOTAL,): 60, ("a",): 50, ("b",): 10}))
    two = release_of(table_of("age", [dimension("age", "a", "b")], {(TOTAL,): 9, ("a",): 9, ("b",): 0}), centre="d")

    assert attack(publish_releases([one, two]), time_limit_s=10).is_safe
