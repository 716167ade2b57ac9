"""Which parts of executed notebooks reach the page: not those that have nothing for this audience."""

import datetime
import re

import nbformat
import pytest

from pipelines import show_table
from pipelines.charts.bar_chart import bar_chart
from pipelines.language import Language
from pipelines.outputs.dashboard import write_dashboard
from tests.hidden_release import public_release
from tests.made_up_release import dimension, not_collected

TITLE = "# Un titre\n\nUne introduction."


def chart():
    bundle = show_table(public_release(), "relationship", "fr")._repr_mimebundle_()
    return nbformat.v4.new_code_cell("show()", outputs=[nbformat.v4.new_output("display_data", bundle)])


def absent(name):
    """A chart of a table that the centre's export does not hold."""
    table = not_collected("delay", dimension("delay", {"tot": "Tôt"}, title="Délai"), title=name)
    return nbformat.v4.new_code_cell(
        "show()", outputs=[nbformat.v4.new_output("display_data", bar_chart(table, Language("fr"))._repr_mimebundle_())]
    )


def nothing():
    return nbformat.v4.new_code_cell("show()")


def parameters():
    return nbformat.v4.new_code_cell('language = "fr"', metadata={"tags": ["parameters"]})


def prose(source):
    return nbformat.v4.new_markdown_cell(source)


def headings(folder, *cells):
    """The headings below the page's own, of a page made from one notebook."""
    nbformat.write(nbformat.v4.new_notebook(cells=[prose(TITLE), *cells]), folder / "01_trial.ipynb")
    write_dashboard(
        [folder / "01_trial.ipynb"],
        public_release(),
        Language("fr"),
        folder / "page.html",
        made_on=datetime.date(2024, 6, 1),
    )
    main = (folder / "page.html").read_text(encoding="utf-8").split("<main")[1].split('<section id="signs"')[0]
    return re.findall(r"<h[2-5](?![^>]*title-)[^>]*>([^<]+)<", main)


def test_a_heading_whose_code_shows_nothing_is_left_out_with_its_prose(tmp_path):
    told = headings(tmp_path, prose("## Un"), nothing(), prose("Suite."), prose("## Deux"), chart())

    assert told == ["Un titre", "Deux"]
    assert "Suite." not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_heading_over_others_stays_while_one_of_them_shows_something(tmp_path):
    told = headings(tmp_path, prose("## Un"), prose("### Un, a"), nothing(), prose("### Un, b"), chart())

    assert told == ["Un titre", "Un", "Un, b"]


def test_prose_without_code_stays(tmp_path):
    assert headings(tmp_path, chart(), prose("## Remarques")) == ["Un titre", "Remarques"]


@pytest.mark.parametrize(
    "cells",
    [[nothing()], [prose("## Un"), nothing()], [prose("## Un"), nothing(), prose("## Remarques")]],
    ids=["title", "heading", "remarks"],
)
def test_a_notebook_that_shows_nothing_is_no_section(tmp_path, cells):
    assert headings(tmp_path, parameters(), *cells) == []
    assert "section-01_trial" not in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_notebook_of_prose_alone_is_a_section(tmp_path):
    assert headings(tmp_path, parameters(), prose("## Remarques")) == ["Un titre", "Remarques"]


def main_of(folder):
    return (folder / "page.html").read_text(encoding="utf-8").split("<main")[1].split('<section id="signs"')[0]


def test_a_section_of_which_nothing_is_collected_says_so_once(tmp_path):
    told = headings(tmp_path, absent("Premier"), prose("## Deux"), absent("Second"), absent("Troisième"))

    assert told == ["Un titre"]
    assert "(premier; second; troisième)" in main_of(tmp_path)
    assert main_of(tmp_path).count("Non recueilli") == 1
    assert "Une introduction." in main_of(tmp_path)


def test_a_heading_under_which_nothing_is_collected_says_so_once_beside_what_is(tmp_path):
    told = headings(tmp_path, chart(), prose("## Deux\n\nSuite."), absent("Premier"), absent("Second"))

    assert told == ["Un titre", "Deux"]
    assert "(premier; second)" in main_of(tmp_path)
    assert "Suite." in main_of(tmp_path)


def test_one_table_that_is_not_collected_keeps_its_own_sentence(tmp_path):
    headings(tmp_path, chart(), prose("## Deux"), absent("Premier"))

    assert "Non recueilli" in main_of(tmp_path)
    assert "(premier)" not in main_of(tmp_path)
