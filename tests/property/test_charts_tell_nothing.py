"""Two releases that differ in what they hide alone are one and the same to a reader, to the last byte."""

import datetime
import json
import re

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import show_comparison, show_cross_table, show_key_figures, show_table
from pipelines.charts.alternative_text import LONGEST
from pipelines.charts.chart import MIME_CHART
from pipelines.codes import TOTAL
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.reading.read_page import read_page
from pipelines.disclosure.release_files import release_texts
from pipelines.language import Language, Text
from pipelines.outputs.dashboard import write_dashboard
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.units import Unit
from tests.hidden_release import HIDING, hide
from tests.made_up_release import AGE, FORM, RELATIONSHIP, YEARS, dimension, made_up_release, made_up_tables
from tests.made_up_release import FOR_THE_PUBLIC as PUBLIC

PERIODS = dimension("period", {year: year for year in YEARS}, ordered=True, missing=())
SIDES = {
    "relationship": (RELATIONSHIP,),
    "aggression_form": (FORM,),
    "age_by_relationship": (AGE, RELATIONSHIP),
    "relationship_by_year": (PERIODS, RELATIONSHIP),
}
CROSSED = ("age_by_relationship", "referral_by_disposition", "form_by_age")


def counted(table_id, sides, counts):
    """True counts, no matter whether they add up: a reader who sees a part cannot know."""
    titles = Text("Titre", "Title"), Text("liens", "links"), Text("Les liens", "The links")
    cells = tuple(CountedCell(codes, count, count) for codes, count in counts.items())
    return CountTable(
        table_id, titles[0], Unit.AGGRESSOR_LINK, *titles[1:], YEARS[-1], sides, cells, notes=(), is_collected=True
    )


def places(sides):
    """Every cell of a table, its margins included; a comparison has no total over the years."""
    found = [()]
    for side in sides:
        codes = [code.code for code in side.codes] + ([] if side is PERIODS else [TOTAL])
        found = [(*place, code) for place in found for code in codes]
    return found


@st.composite
def twins(draw):
    """A table twice, with its hidden cells: the same numbers where they are shown, others where they are not."""
    table_id = draw(st.sampled_from(sorted(SIDES)))
    sides = SIDES[table_id]
    seen = draw(st.randoms(use_true_random=False))
    share = draw(st.sampled_from([0, 0.1, 0.5, 0.9, 1]))
    cells = places(sides)
    hidden = frozenset(codes for codes in cells if seen.random() < share)
    shown = {codes: seen.choice([0, 0, 5, 8, 30, 400]) for codes in cells}
    pair = [{codes: seen.randint(1, 1500) if codes in hidden else shown[codes] for codes in cells} for _ in range(2)]
    return [release_table(counted(table_id, sides, counts), hidden) for counts in pair]


def release_of(*tables):
    return made_up_release(tables=tables, **PUBLIC)


def show_all(release, language):
    ids = [table.id for table in release.tables]
    compared = [table_id.removesuffix("_by_year") for table_id in ids if table_id.endswith("_by_year")]
    shown = [show_key_figures(release, language)]
    shown += [show_table(release, table_id, language) for table_id in ids if "_by_" not in table_id]
    shown += [show_cross_table(release, table_id, language) for table_id in ids if table_id in CROSSED]
    shown += [show_comparison(release, table_id, language) for table_id in compared]
    return [one._repr_mimebundle_() for one in shown if one is not None]


def page_of(release, folder):
    folder.mkdir()
    outputs = [nbformat.v4.new_output("display_data", bundle) for bundle in show_all(release, "fr")]
    cells = [nbformat.v4.new_markdown_cell("# Titre"), nbformat.v4.new_code_cell(outputs=outputs)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "01_all.ipynb")
    write_dashboard(
        [folder / "01_all.ipynb"], release, Language("fr"), folder / "page.html", made_on=datetime.date(2024, 6, 1)
    )
    return (folder / "page.html").read_text(encoding="utf-8")


@given(twins(), st.sampled_from(["fr", "en"]))
@settings(max_examples=80, deadline=None)
def test_charts_and_files_are_the_same_whatever_is_hidden(pair, language):
    one, other = (release_of(table) for table in pair)

    assert release_texts(one) == release_texts(other)
    assert json.dumps(show_all(one, language)) == json.dumps(show_all(other, language))


@pytest.mark.parametrize("seed", range(3))
def test_pages_are_the_same_whatever_is_hidden(tmp_path, seed):
    pairs = []
    for rank, (table_id, sides) in enumerate(SIDES.items()):
        cells = places(sides)
        hidden = frozenset(cells[(seed + rank) % 3 :: 3])
        for_each = ({codes: size * (codes in hidden) or 6 for codes in cells} for size in (1, 999))
        pairs.append([release_table(counted(table_id, sides, counts), hidden) for counts in for_each])
    one, other = (release_of(*tables) for tables in zip(*pairs, strict=True))

    page = page_of(one, tmp_path / "one")

    assert page == page_of(other, tmp_path / "other")
    assert read_page(page, one) == ()


def test_the_comparison_of_two_releases_is_not_blind():
    counts = dict.fromkeys(places((FORM,)), 6)
    one, other = (
        release_of(release_table(counted("aggression_form", (FORM,), all_counts), frozenset()))
        for all_counts in (counts, {**counts, ("autre",): 7})
    )

    assert show_all(one, "fr") != show_all(other, "fr")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
def test_charts_of_hidden_cells_write_a_sign_and_nothing_odd(hiding, language):
    tables = (hide(table, hiding) if table.is_collected else table for table in made_up_tables())

    for bundle in show_all(release_of(*tables), language):
        payload = bundle[MIME_CHART]
        cells = [cell for row in (payload.get("table") or {"rows": ()})["rows"] for cell in row["cells"]]

        assert not re.search(r"\bNone\b|\b[Nn]a[Nn]\b|\{\w+\}", json.dumps(payload, allow_nan=False))
        assert len(payload.get("alternative", "")) <= LONGEST
        assert all((cell["text"] in ("s", "–")) == (cell["raw"] is None) for cell in cells if cell["text"])
