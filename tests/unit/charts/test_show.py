"""One call a table, whatever the audience: drawn, said not to be published, or nothing."""

from dataclasses import replace

import pytest

from pipelines import show_comparison, show_cross_table, show_key_figures, show_table
from pipelines.disclosure.release_files import read_release, write_release_tables
from pipelines.disclosure.release_table import untold_tables
from tests.hidden_release import public_release
from tests.made_up_release import made_up_release

CALLS = {"relationship": show_table, "age_by_relationship": show_cross_table, "delay": show_comparison}


def without(release, *gone):
    told = tuple(table for table in release.tables if table.id not in gone)
    return replace(release, tables=told)


def dropped(release, *gone):
    left = without(release, *gone)
    return replace(left, untold=untold_tables({table.id: table.title for table in release.tables}, left.tables))


@pytest.mark.parametrize(("name", "show"), CALLS.items(), ids=CALLS)
def test_a_table_that_is_not_published_is_said_with_its_reason(name, show):
    table_id = f"{name}_by_year" if show is show_comparison else name
    release = public_release()

    chart = show(dropped(release, table_id), name, "en")

    assert chart.title == release.table(table_id).title.en
    assert chart.alternative.startswith("This table is not published: too few persons")
    assert (chart.figure, chart.table, chart.is_published) == (None, None, False)


@pytest.mark.parametrize(("name", "show"), CALLS.items(), ids=CALLS)
def test_a_table_that_is_not_for_this_audience_is_nothing(name, show):
    assert show(without(public_release(), name, f"{name}_by_year"), name, "fr") is None


@pytest.mark.parametrize("show", CALLS.values(), ids=CALLS)
def test_a_misspelt_table_of_the_centres_own_report_is_an_error(show):
    with pytest.raises(KeyError):
        show(made_up_release(), "relationshop", "fr")


def test_key_figures_of_nothing_are_nothing():
    assert show_key_figures(public_release(tables=()), "fr") is None


def test_a_table_that_is_not_published_is_read_back(tmp_path):
    release = dropped(public_release(), "relationship", "delay_by_year")

    write_release_tables(release, tmp_path)

    assert [table.id for table in release.untold] == ["relationship", "delay_by_year"]
    assert read_release(tmp_path) == release
