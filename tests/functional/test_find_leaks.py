"""A hidden number planted anywhere in a release folder is found, and its page no longer passes for true."""

import base64
import json
import re
import shutil
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest

from pipelines.disclosure.reading.find_leaks import find_leaks
from pipelines.disclosure.reading.read_page import read_page
from pipelines.disclosure.reading.read_release_folder import read_folders
from pipelines.disclosure.release_files import read_release
from pipelines.errors import InputRefused
from pipelines.language import Language, Text
from tests.published_folder import ENGLISH, FRENCH, write_public_folder, write_workbook

MOTHER = ("relationship", ("mere",))
SISTER = ("relationship", ("fratrie",))
#: A hidden cell that is drawn as a bar.
HIDDEN_CLASS = ("relationship", ("classe_inconnu",))
#: A cell of a cross-table, hidden in the panel chart.
CROSSED = "age_by_relationship"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public") / "release"
    # A few tables: each test reads the whole folder again.
    only = ("requester_type", "relationship", "age_by_relationship", "relationship_by_year")
    release, hidden = write_public_folder(folder, FRENCH, only)
    page = folder / "dashboard.html"
    page.write_text(re.sub(r"<script>.{100000,}?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    return folder, release, hidden, FRENCH


@pytest.fixture
def public(original, tmp_path):
    """A copy of the folder that a test may spoil."""
    folder, release, hidden, language = original
    shutil.copytree(folder, tmp_path / "release")
    return Public(tmp_path / "release", release, hidden, language)


class Public:
    def __init__(self, folder, release, hidden, language):
        self.folder, self.release, self.hidden, self.language = folder, release, hidden, language
        self.page = folder / "dashboard.html"

    def value(self, cell):
        return self.hidden[cell]

    def label(self, cell):
        table = self.release.table(cell[0])
        return table.dimensions[-1].by_code[cell[1][-1]].label.in_language(self.language)

    def change_page(self, old, new):
        text = self.page.read_text(encoding="utf-8")
        assert old in text
        self.page.write_text(text.replace(old, new, 1), encoding="utf-8")

    def change_row(self, cell, change):
        """Change the row of a cell in the table of its chart."""
        text = self.page.read_text(encoding="utf-8")
        begins = text.index(f'<table data-name="{cell[0]}">')
        row = re.compile(rf'<tr class="\w+"><th scope="row">{re.escape(self.label(cell))}</th>.*?</tr>').search(
            text, begins
        )
        self.page.write_text(text[: row.start()] + change(row[0]) + text[row.end() :], encoding="utf-8")

    def change_cell(self, cell, planted, column=0):
        """Another text for one cell of that row."""
        told = list(re.finditer(r"<td.*?</td>", self.row(cell)))[column]
        self.change_row(cell, lambda row: row[: told.start()] + planted + row[told.end() :])

    def row(self, cell):
        found = []
        self.change_row(cell, lambda row: found.append(row) or row)
        return found[0]

    def change_figure(self, table, change):
        text = self.page.read_text(encoding="utf-8")
        script = re.compile(rf'(<script type="application/json" id="figure-{table}">)(.*?)(</script>)', re.DOTALL)
        figure = json.loads(script.search(text)[2])
        change(figure)
        written = json.dumps(figure).replace("<", "\\u003c").replace("\\", "\\\\")
        self.page.write_text(script.sub(rf"\g<1>{written}\g<3>", text), encoding="utf-8")

    def place_of(self, figure, cell):
        """Which bar of a one-way drawing is the cell's."""
        axis = figure["layout"]["yaxis"]
        place = axis["tickvals"][axis["ticktext"].index(self.label(cell))]
        return figure["data"][0]["y"].index(place)

    def change_row_of_cells(self, ending):
        """Another end for the row of the mother's cell in `cells.csv`."""
        cells, row = self.folder / "cells.csv", "relationship,count,aggressor_link,relationship,mere,,,,,"
        text = cells.read_text(encoding="utf-8")
        assert f"{row},hidden" in text
        cells.write_text(text.replace(f"{row},hidden", f"{row}{ending}"), encoding="utf-8")

    def leaks(self):
        return {(leak.table, leak.codes) for leak in find_leaks(self.folder, self.hidden)}

    def untrue(self):
        return read_page(self.page.read_text(encoding="utf-8"), self.release)


@pytest.mark.parametrize("language", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_an_honest_folder_holds_no_hidden_number(tmp_path, language):
    release, hidden = write_public_folder(tmp_path / "release", language)

    assert find_leaks(tmp_path / "release", hidden) == []
    assert read_page((tmp_path / "release" / "dashboard.html").read_text(encoding="utf-8"), release) == ()


@pytest.mark.parametrize("language", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_what_is_said_of_years_that_are_not_alike_is_no_hidden_number(tmp_path, language):
    """Half a year on paper, a new platform: the share and the day are no count."""
    release, hidden = write_public_folder(tmp_path / "release", language, change=with_years_not_alike)

    page = (tmp_path / "release" / "dashboard.html").read_text(encoding="utf-8")
    assert "43,0" in page or "43.0%" in page
    assert find_leaks(tmp_path / "release", hidden) == []
    assert read_page(page, release) == ()
    assert read_release(tmp_path / "release") == release


def with_years_not_alike(table):
    words = Text("couverte à 43,0\u00a0%", "43.0% of it covered")
    if table.dimensions[0].name != "period":
        return replace(table, coverage=words)
    first, part, last = table.dimensions[0].codes
    label = Text(f"{part.code} ({words.fr})", f"{part.code} ({words.en})")
    codes = (first, replace(part, label=label, is_part=True), replace(last, is_after_break=True))
    note = Text("Rupture dans la série le 7\u00a0avril 2023.", "Break in the series on April 7, 2023.")
    sides = (replace(table.dimensions[0], codes=codes), *table.dimensions[1:])
    return replace(table, dimensions=sides, notes=(*table.notes, note))


def test_a_number_in_a_packed_array_of_a_drawing_is_found(public):
    cell = HIDDEN_CLASS

    def pack(figure):
        bars = figure["data"][0]["x"]
        bars[public.place_of(figure, cell)] = public.value(cell)
        numbers = [float("nan") if bar is None else float(bar) for bar in bars]
        packed = base64.b64encode(struct.pack(f"<{len(numbers)}d", *numbers)).decode()
        figure["data"][0]["x"] = {"dtype": "f8", "bdata": packed}

    public.change_figure("relationship", pack)

    assert public.leaks() == {cell}
    assert {leak.cells for leak in public.untrue()} == {(cell,)}


def test_a_number_in_the_custom_data_of_a_drawing_is_found(public):
    cell = HIDDEN_CLASS

    def plant(figure):
        rows = [[None, "x"] for _ in figure["data"][0]["x"]]
        rows[public.place_of(figure, cell)][0] = public.value(cell)
        figure["data"][0]["customdata"] = rows

    public.change_figure("relationship", plant)

    assert public.leaks() == {cell}
    assert public.untrue()


@pytest.mark.parametrize("key", ["text", "hovertext", "width"])
def test_a_number_said_of_one_bar_is_found(public, key):
    cell = HIDDEN_CLASS

    def plant(figure):
        values = [0.68 if key == "width" else ""] * len(figure["data"][0]["x"])
        values[public.place_of(figure, cell)] = public.value(cell) if key == "width" else f"n = {public.value(cell)}"
        figure["data"][0][key] = values

    public.change_figure("relationship", plant)

    assert cell in public.leaks()
    assert public.untrue()


def test_a_number_beside_a_bar_of_a_panel_is_found(public):
    cell = (CROSSED, ("groupe_18_24", "classe_inconnu"))

    def plant(figure):
        for note in figure["layout"]["annotations"]:
            if note["text"] == "s":
                note["text"] = str(public.value(cell))
                return

    public.change_figure(CROSSED, plant)

    assert public.leaks() == {cell}
    assert {leak.cells for leak in public.untrue()} == {(cell,)}


def test_an_axis_that_reaches_beyond_the_shown_bars_is_found(public):
    def plant(figure):
        figure["layout"]["xaxis"]["range"] = [0, 51 * 1.3]

    public.change_figure("relationship", plant)

    assert public.untrue()


def test_a_number_in_a_cell_of_the_table_is_found(public):
    public.change_cell(MOTHER, f"<td>{public.value(MOTHER)}</td>")

    assert public.leaks() == {MOTHER}
    assert {leak.cells for leak in public.untrue()} == {(MOTHER,)}


def test_a_percentage_of_a_hidden_number_is_found(public):
    public.change_cell(MOTHER, "<td>0,8\u00a0%</td>", column=1)

    assert public.leaks() == {MOTHER}
    assert public.untrue()


def test_an_order_of_rows_that_tells_where_a_hidden_number_stands_is_found(public):
    moved = []
    public.change_row(HIDDEN_CLASS, lambda row: moved.append(row) or "")
    public.change_row(("relationship", ("classe_partenaire",)), lambda row: moved[0] + row)

    assert "order of rows" in {leak.place for leak in public.untrue()}


@pytest.mark.parametrize("attribute", ["data-raw", "data-n", "title", "aria-label"])
def test_a_number_in_an_attribute_of_a_cell_is_found(public, attribute):
    public.change_cell(SISTER, f'<td {attribute}="{public.value(SISTER)}">s</td>')

    assert public.leaks() == {SISTER}
    assert public.untrue()


def test_a_number_in_base_64_in_an_attribute_is_found(public):
    packed = base64.b64encode(str(public.value(MOTHER)).encode()).decode()
    public.change_cell(MOTHER, f'<td data-v="{packed}">s</td>')

    assert public.leaks() == {MOTHER}
    assert public.untrue()


def test_a_number_in_a_comment_is_found(public):
    public.change_row(SISTER, lambda row: row.replace("</td>", f"<!-- {public.value(SISTER)} --></td>", 1))

    assert public.leaks() == {SISTER}
    assert public.untrue()


def test_a_number_in_the_text_that_stands_for_a_drawing_is_found(public):
    told = f'aria-label="{public.label(SISTER)}, {public.value(SISTER)}. '
    figure = 'data-figure="figure-relationship"'
    text = public.page.read_text(encoding="utf-8")
    start = text.rindex('aria-label="', 0, text.index(figure))
    public.page.write_text(text[:start] + told + text[start + len('aria-label="') :], encoding="utf-8")

    assert public.leaks() == {SISTER}
    assert {leak.cells for leak in public.untrue()} == {(SISTER,)}


def test_a_bar_beside_a_hidden_number_is_found(public):
    public.change_row(HIDDEN_CLASS, lambda row: row.replace("<td>", '<td style="--b:12">', 1))

    assert public.untrue()


def test_a_bar_that_is_not_as_long_as_its_number_says_is_found(public):
    page = public.page.read_text(encoding="utf-8")
    bar = re.search(r'style="--b:(?!100)(\d+)"', page)

    public.page.write_text(f"{page[: bar.start(1)]}{int(bar[1]) + 3}{page[bar.end(1) :]}", encoding="utf-8")

    assert public.untrue()


def test_a_number_said_of_a_hidden_answer_among_the_changes_is_found(public):
    cell = ("relationship_by_year", ("2023-2024", "classe_ordre"))
    planted = f"Le plus grand changement : « {public.label(cell)} », de 7 à {public.value(cell)}. "

    public.change_page('<li data-name="relationship_by_year">', f'<li data-name="relationship_by_year">{planted}')

    assert cell in public.leaks()
    assert public.untrue()


def test_a_rise_that_is_not_that_of_its_two_numbers_is_found(public):
    page = public.page.read_text(encoding="utf-8")
    told = re.search(r'<li data-name="\w+_by_year">[^<]*?(\d+,\d)\u00a0%', page)

    public.page.write_text(page[: told.start(1)] + "77,7" + page[told.end(1) :], encoding="utf-8")

    assert public.untrue()


def test_a_number_in_a_script_of_its_own_is_found(public):
    told = json.dumps({"relationship": {"mere": public.value(MOTHER)}})
    public.change_page("</main>", f'</main><script type="application/json" id="more">{told}</script>')

    assert public.leaks() == {MOTHER}


def test_a_number_in_a_comment_outside_of_the_charts_is_found(public):
    public.change_page("</main>", f"</main><!-- {public.label(MOTHER)} : {public.value(MOTHER)} -->")

    assert public.leaks() == {MOTHER}
    assert public.untrue()


def test_a_number_in_the_cells_is_found(public):
    public.change_row_of_cells(f"{public.value(MOTHER)},shown")

    assert public.leaks() == {MOTHER}


def test_a_hidden_cell_with_a_number_is_refused(public):
    public.change_row_of_cells(f"{public.value(MOTHER)},hidden")

    with pytest.raises(InputRefused):
        read_folders([public.folder])


def test_a_number_in_the_description_of_the_tables_is_found(public):
    described = json.loads((public.folder / "tables.json").read_text())
    for table in described["tables"]:
        for code in table["dimensions"][0]["codes"] if table["id"] == "relationship" else ():
            if code["code"] == "mere":
                code["count"] = public.value(MOTHER)
    (public.folder / "tables.json").write_text(json.dumps(described))

    assert public.leaks() == {MOTHER}


def test_a_count_of_hidden_missing_answers_is_found(public):
    described = json.loads((public.folder / "tables.json").read_text())
    table = next(table for table in described["tables"] if table["id"] == "requester_type")
    table["missing"] = 4
    (public.folder / "tables.json").write_text(json.dumps(described))

    assert ("requester_type", ("refus",)) in public.leaks()


def test_a_number_in_a_sheet_of_a_workbook_is_found(public):
    write_workbook(public.folder / "tables.xlsx", [public.label(SISTER), "x", "Ami(e)"], [public.value(SISTER), "", ""])

    assert public.leaks() == {SISTER}


def test_a_number_of_a_sheet_is_that_of_the_table_whose_id_it_gives(public):
    grid = ["relationship_by_year", public.label(SISTER)], ["", public.value(SISTER)]
    write_workbook(public.folder / "tables.xlsx", *grid)
    assert public.leaks() == set()

    write_workbook(public.folder / "tables.xlsx", ["relationship", *grid[0][1:]], grid[1])
    assert public.leaks() == {SISTER}


def test_a_number_of_another_year_is_not_that_of_this_one(public):
    years = public.release.table("relationship_by_year").dimensions[0].codes
    other = next(code.label.fr for code in years if code.code != public.release.period)

    write_workbook(public.folder / "tables.xlsx", ["", other], [public.label(SISTER), public.value(SISTER)])

    assert SISTER not in public.leaks()


def test_a_workbook_without_it_is_clean(public):
    write_workbook(public.folder / "tables.xlsx", [public.label(SISTER), "x", "Ami(e)"], [25, "", public.value(SISTER)])

    assert public.leaks() == set()


def test_a_number_in_a_comment_of_a_document_is_found(public):
    inside = f"<w:document xmlns:w='w'><!-- {public.label(MOTHER)} = {public.value(MOTHER)} --></w:document>"
    with zipfile.ZipFile(public.folder / "report.docx", "w") as archive:
        archive.writestr("word/document.xml", inside)

    assert public.leaks() == {MOTHER}


def test_a_number_in_the_table_of_a_document_is_found(public):
    row = "".join(f"<w:tc><w:p><w:t>{text}</w:t></w:p></w:tc>" for text in (public.label(MOTHER), public.value(MOTHER)))
    with zipfile.ZipFile(public.folder / "report.docx", "w") as archive:
        archive.writestr("word/document.xml", f"<w:document xmlns:w='w'><w:tbl><w:tr>{row}</w:tr></w:tbl></w:document>")

    assert public.leaks() == {MOTHER}


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_number_in_the_words_of_a_picture_is_found(public, is_packed):
    told = f"{public.label(MOTHER)} : {public.value(MOTHER)}".encode()
    chunk = (b"zTXt", b"Comment\0\0" + zlib.compress(told)) if is_packed else (b"tEXt", b"Comment\0" + told)
    chunks = [(b"IHDR", bytes(13)), chunk, (b"IEND", b"")]
    body = b"".join(struct.pack(">I4s", len(data), kind) + data + bytes(4) for kind, data in chunks)
    (public.folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + body)

    assert public.leaks() == {MOTHER}


def test_a_number_in_a_drawing_of_vectors_is_found(public):
    text = f"<svg xmlns='s'><text>{public.label(MOTHER)}</text><text>{public.value(MOTHER)}</text></svg>"
    (public.folder / "picture.svg").write_text(text, encoding="utf-8")

    assert public.leaks() == {MOTHER}


def test_a_file_that_cannot_be_searched_is_refused(public):
    (public.folder / "tables.xlsx").write_bytes(b"PK\x03\x04 no archive")

    with pytest.raises(InputRefused) as refused:
        public.leaks()

    assert "tables.xlsx" in refused.value.one_line(Language("fr"))


def test_a_document_type_is_not_obeyed(public):
    (public.folder / "picture.svg").write_text('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')

    with pytest.raises(InputRefused):
        public.leaks()
