"""What changed since the year before: said of two comparable years, of shown numbers, and never of noise."""

from dataclasses import replace

import pytest

from pipelines.charts.key_figures import key_figures
from pipelines.charts.year_changes import tell_changes
from pipelines.codes import TOTAL
from pipelines.language import NO_BREAK_SPACE, Language
from tests.hidden_release import hide
from tests.made_up_release import YEARS, by_year, cell, dimension, made_up_release, table

FRENCH, ENGLISH = Language("fr"), Language("en")
FRUIT = dimension("fruit", {"pomme": "Pomme", "figue": "Figue", "kaki": "Kaki"}, missing=())
BEFORE, AFTER = YEARS[-2:]


def fruits(before, after):
    """Two years of a table: the numbers of its three answers."""
    told = by_year(table("fruits", FRUIT, {}), (BEFORE, AFTER))
    cells = [
        cell((year, code), count)
        for year, counts in ((BEFORE, before), (AFTER, after))
        for code, count in zip(("pomme", "figue", "kaki", TOTAL), (*counts, sum(counts)), strict=True)
    ]
    return replace(told, cells=tuple(cells))


def said(source, language=FRENCH):
    return " ".join(change.text for change in tell_changes(source, language)).replace(NO_BREAK_SPACE, " ")


def test_the_total_and_the_answer_that_changed_the_most_are_told():
    assert said(fruits((10, 20, 30), (10, 50, 30))) == (
        "De 2022-2023 à 2023-2024, demandes : de 60 à 90, en hausse de 50,0 %. "
        "Le plus grand changement : « Figue », de 20 à 50."
    )
    assert said(fruits((10, 20, 30), (10, 50, 30)), ENGLISH) == (
        "From 2022-2023 to 2023-2024, requests: from 60 to 90, up 50.0%. Largest change: “Figue (en)”, from 20 to 50."
    )


@pytest.mark.parametrize("year", [BEFORE, AFTER])
def test_of_a_number_hidden_in_either_year_nothing_is_said(year):
    source = hide(fruits((10, 20, 30), (12, 50, 30)), lambda one: one.codes in ((year, "figue"), (year, TOTAL)))

    assert said(source) == "Le plus grand changement parmi les nombres montrés : « Pomme », de 10 à 12."


def test_where_a_year_is_absent_between_the_two_nothing_is_said():
    source = fruits((10, 20, 30), (10, 50, 30))
    early = replace(source.dimensions[0].codes[0], code="2021-2022")
    cells = tuple(
        replace(one, codes=("2021-2022", *one.codes[1:])) if one.codes[0] == BEFORE else one for one in source.cells
    )
    side = replace(source.dimensions[0], codes=(early, source.dimensions[0].codes[1]))

    assert tell_changes(replace(source, dimensions=(side, FRUIT), cells=cells), FRENCH) == ()


def test_of_a_table_whose_numbers_are_all_hidden_nothing_is_said():
    assert tell_changes(hide(fruits((10, 20, 30), (12, 50, 30)), lambda one: True), FRENCH) == ()


@pytest.mark.parametrize("mark", [{"is_part": True}, {"is_after_break": True}])
def test_years_that_are_not_alike_are_not_set_beside_each_other(mark):
    source = fruits((10, 20, 30), (10, 50, 30))
    side = source.dimensions[0]
    codes = (side.codes[0], replace(side.codes[1], **mark))

    assert said(replace(source, dimensions=(replace(side, codes=codes), FRUIT))) == ""


def test_a_difference_that_rounding_may_have_made_is_not_told():
    source = replace(fruits((10, 20, 30), (10, 25, 30)), rounding=5)

    assert said(source) == ""


def test_a_larger_one_is_told_without_a_percentage():
    source = replace(fruits((10, 20, 30), (10, 40, 30)), rounding=5)

    assert said(source) == (
        "De 2022-2023 à 2023-2024, demandes : de 60 à 80. Le plus grand changement : « Figue », de 20 à 40."
    )


def test_a_report_begins_with_what_changed_in_its_key_figures():
    changes = key_figures(made_up_release(), FRENCH).changes

    assert [change.table for change in changes] == [
        "requester_type_by_year",
        "age_at_aggression_by_year",
        "relationship_by_year",
    ]
