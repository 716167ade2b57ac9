"""A series of years is read back line by line: what it says of the totals is true, and a planted number is found."""

import datetime
import json
import re
from dataclasses import replace

import nbformat
import pytest

from pipelines import show_series
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.find_leaks import find_leaks
from pipelines.disclosure.reading.read_page import read_page
from pipelines.disclosure.release_files import write_release_tables
from pipelines.disclosure.release_table import ReleaseCell
from pipelines.language import Language, Text
from pipelines.outputs.dashboard import write_dashboard
from pipelines.units import Unit
from tests.made_up_release import FOR_THE_PUBLIC, YEARS, by_year, cell, dimension, made_up_release, table

SERVICE = dimension("service", {"suivi": "Suivi", "urgence": "Urgence"}, missing=())
#: The three totals of each table; the hours are in minutes.
TOLD = {
    "services": (Unit.MEETING, Text("rencontres", "meetings"), (966, 1087, 1208)),
    "service_persons": (Unit.PERSON_MET, Text("personnes rencontrées", "persons met"), (139, 166, 184)),
    "service_hours": (Unit.MEETING_MINUTE, Text("heures de rencontre", "hours of meetings"), (88515, 99555, 110640)),
}
SECRET = 173


def years_of(table_id, unit, label, totals):
    compared = by_year(table(table_id, SERVICE, {"suivi": 1}))
    cells = [
        cell((year, code), total if code == TOTAL else total // 2)
        for year, total in zip(YEARS, totals, strict=True)
        for code in ("suivi", "urgence", TOTAL)
    ]
    return replace(compared, cells=tuple(cells), unit=unit, unit_label=label)


def without(one, year):
    cells = (
        ReleaseCell(each.codes, None, CellStatus.HIDDEN) if each.codes == (year, TOTAL) else each for each in one.cells
    )
    return replace(one, cells=tuple(cells))


class Folder:
    """The page and tables of a release that compares years of services, in a language."""

    def __init__(self, folder, language, hidden_year="", after_break=None):
        tables = [years_of(table_id, *of) for table_id, of in TOLD.items()]
        if hidden_year:
            tables[1] = without(tables[1], hidden_year)
        if after_break is not None:
            tables = [_with_break(one, after_break) for one in tables]
        self.release = made_up_release(tables=tuple(tables), **FOR_THE_PUBLIC)
        self.folder, self.page = folder, folder / "dashboard.html"
        write_release_tables(self.release, folder)
        chart = show_series(self.release, list(TOLD), language)
        bundle = {name: told for name, told in chart._repr_mimebundle_().items() if name.endswith("json")}
        output = nbformat.v4.new_output("display_data", data=bundle)
        cells = [nbformat.v4.new_markdown_cell("# Section"), nbformat.v4.new_code_cell(outputs=[output])]
        notebook = folder.parent / "all.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), notebook)
        write_dashboard([notebook], self.release, Language(language), self.page, made_on=datetime.date(2024, 6, 1))

    def untrue(self):
        return read_page(self.page.read_text(encoding="utf-8"), self.release)

    def change(self, pattern, planted):
        text = self.page.read_text(encoding="utf-8")
        changed = re.sub(pattern, planted, text, flags=re.DOTALL)
        assert changed != text
        self.page.write_text(changed, encoding="utf-8")


def _with_break(one, place):
    codes = list(one.dimensions[0].codes)
    codes[place] = replace(codes[place], is_after_break=True)
    return replace(one, dimensions=(replace(one.dimensions[0], codes=tuple(codes)), *one.dimensions[1:]))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("marks", [{}, {"hidden_year": YEARS[1]}, {"hidden_year": YEARS[-1]}, {"after_break": 2}])
def test_a_true_series_says_nothing_but_its_totals(tmp_path, language, marks):
    told = Folder(tmp_path / "release", language, **marks)

    assert told.untrue() == ()


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        # In words: the number before, the number after, the share, and another unit's number.
        (r"de 166 à 184", "de 165 à 184"),
        (r"de 166 à 184", "de 166 à 1208"),
        (r"hausse de 10,8", "hausse de 11,8"),
        (r"personnes rencontrées\s*: de 166", "personnes rencontrées : de 1087"),
        # In the table: a line of persons with the number of meetings, hours that are not those of the year.
        (r"(Personnes rencontrées</th><td[^>]*>)139", r"\g<1>966"),
        (r"1\s659\sh\s15</td>", "1 659 h 30</td>"),
        # In the drawing: the bar of one year with the length of another.
        (r'"x":\s*\[966\]', '"x": [1087]'),
    ],
)
def test_an_untrue_number_in_a_series_is_found(tmp_path, pattern, planted):
    told = Folder(tmp_path / "release", "fr")

    told.change(pattern, planted)

    assert told.untrue()


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        # The cell of the hidden year, and a sentence that was not written because of it.
        (r"(Personnes rencontrées</th><td[^>]*>139</td><td[^>]*>)[^<]*", rf"\g<1>{SECRET}"),
        (r"(<li>)(De 2022-2023)", rf"\1De 2021-2022 à 2022-2023, personnes rencontrées : de 139 à {SECRET}.\2"),
    ],
)
def test_a_hidden_total_planted_in_a_series_is_found(tmp_path, pattern, planted):
    told = Folder(tmp_path / "release", "fr", hidden_year=YEARS[1])
    hidden = {("service_persons_by_year", (YEARS[1], TOTAL)): SECRET}
    assert find_leaks(told.folder, hidden) == []

    told.change(pattern, planted)

    assert [(leak.table, leak.codes) for leak in find_leaks(told.folder, hidden)]


def test_the_tables_of_the_folder_hold_what_the_series_tells(tmp_path):
    told = Folder(tmp_path / "release", "fr")

    tables = json.loads((told.folder / "tables.json").read_text(encoding="utf-8"))
    assert {one["id"] for one in tables["tables"]} == {f"{name}_by_year" for name in TOLD}
