"""Measures side by side: two releases that differ in what they hide alone make one page, and it is read back whole."""

import datetime
import json
import random
from dataclasses import replace

import nbformat
import pytest

from pipelines import show_measures
from pipelines.charts.chart import MIME_CHART
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.protect import release_table
from pipelines.disclosure.reading.read_page import read_page
from pipelines.language import Language, Text
from pipelines.outputs.dashboard import write_dashboard
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.units import Unit
from tests.made_up_release import FOR_THE_PUBLIC, dimension, made_up_release

SIDE = dimension("service_type", {code: f"Service {code}" for code in ("un", "deux", "trois", "quatre")}, missing=())
LABELS = {Unit.MEETING: "rencontres", Unit.PERSON_MET: "personnes rencontrées", Unit.MEETING_MINUTE: "heures"}
HIDDEN = CellStatus.HIDDEN
CODES = [*(code.code for code in SIDE.codes), TOTAL]


def twins(seed: int):
    """Two releases of the same shown numbers, with others in the hidden cells."""
    chance = random.Random(seed)
    releases: list[list] = [[], []]
    for unit, label in LABELS.items():
        hidden = frozenset((code,) for code in CODES if chance.random() < 0.4)
        shown = {code: chance.choice((0, 5, 8, 30, 410)) for code in CODES}
        for tables in releases:
            counts = {code: chance.randint(1, 900) if (code,) in hidden else shown[code] for code in CODES}
            cells = tuple(CountedCell((code,), count, count) for code, count in counts.items())
            words = Text("Rencontres", "Meetings"), Text(label, label), Text("Toutes", "All")
            head = (unit.value, words[0], unit, words[1], words[2], "2023-2024", (SIDE,))
            tables.append(release_table(CountTable(*head, cells, notes=(), is_collected=True), hidden))
    return [made_up_release(tables=tuple(tables), **FOR_THE_PUBLIC) for tables in releases]


def shown(release) -> dict:
    chart = show_measures(release, tuple(unit.value for unit in LABELS), "fr")
    assert chart is not None
    return chart._repr_mimebundle_()


def page_of(release, folder) -> str:
    bundle = {kind: json.loads(json.dumps(data)) for kind, data in shown(release).items()}
    output = nbformat.v4.new_output("display_data", data=bundle)
    cells = [nbformat.v4.new_markdown_cell("# Services"), nbformat.v4.new_code_cell(outputs=[output])]
    notebook = nbformat.v4.new_notebook(cells=cells)
    (folder / "services.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    made_on = datetime.date(2024, 6, 1)
    write_dashboard([folder / "services.ipynb"], release, Language("fr"), folder / "page.html", made_on=made_on)
    return (folder / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("seed", range(20))
def test_hidden_numbers_make_no_difference_to_what_is_drawn(seed: int) -> None:
    one, other = twins(seed)

    assert MIME_CHART in shown(one)
    assert shown(one) == shown(other)


@pytest.mark.parametrize("seed", range(3))
def test_a_page_of_several_measures_is_read_back(seed: int, tmp_path) -> None:
    release, _ = twins(seed)

    assert read_page(page_of(release, tmp_path), release) == ()


@pytest.mark.parametrize("unit", LABELS)
def test_a_number_of_a_measure_that_is_hidden_is_found_on_the_page(unit: Unit, tmp_path) -> None:
    """The page tells what the cells do not: a count in its column, hours as they are written."""
    release, _ = twins(1)
    told = page_of(release, tmp_path)
    table = release.table(unit.value)
    some = next(cell.codes for cell in table.cells if cell.value and cell.codes != (TOTAL,))
    cells = tuple(replace(cell, value=None, status=HIDDEN) if cell.codes == some else cell for cell in table.cells)
    hiding = replace(table, cells=cells)
    tables = tuple(hiding if each.id == table.id else each for each in release.tables)

    leaks = read_page(told, replace(release, tables=tables))

    assert table.id in {leak.table for leak in leaks} or some in {codes for leak in leaks for _, codes in leak.cells}
