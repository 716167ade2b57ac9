"""A public release folder with its page, made from the made-up release through the real charts and template."""

import datetime
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat

from pipelines.charts.bar_chart import bar_chart
from pipelines.charts.key_figures import key_figures
from pipelines.charts.panel_chart import panel_chart
from pipelines.charts.trend_chart import trend_chart
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_files import write_release_tables
from pipelines.disclosure.release_table import ReleaseCell
from pipelines.language import Language
from pipelines.outputs import workbook as outputs
from pipelines.outputs.coordinator_kit import KitFacts, write_kit
from pipelines.outputs.dashboard import write_dashboard
from pipelines.outputs.pictures import write_pictures
from pipelines.outputs.report_sections import read_sections
from pipelines.storage import make_folder, write_text
from pipelines.tables.dimension import PERIOD
from pipelines.tables.table_spec import load_catalogue
from tests.made_up_release import FOR_THE_PUBLIC, made_up_release

CONFIG = Path(__file__).resolve().parents[1] / "config"
FRENCH, ENGLISH = Language("fr"), Language("en")
#: Larger cells that hide smaller ones.
_ALSO_HIDDEN = {
    ("relationship", ("classe_inconnu",)),
    ("relationship", ("inconnu",)),
    ("relationship", ("fratrie",)),
    ("age_by_relationship", ("groupe_18_24", "classe_inconnu")),
}
_LARGEST_SMALL = 4


def public_release(only=(), change=lambda table: table):
    """The made-up release with its small cells hidden, and what was hidden: {(table, codes): value}.

    `only`: the ids of the tables that it keeps, all if there are none. `change` is done to each table.
    """
    hidden = {}
    tables = []
    for table in map(change, made_up_release(**FOR_THE_PUBLIC).tables):
        if only and table.id not in only:
            continue
        cells = []
        for cell in _adding_up(table):
            is_small = cell.value is not None and 0 < cell.value <= _LARGEST_SMALL and set(cell.codes) != {TOTAL}
            if is_small or (table.id, cell.codes) in _ALSO_HIDDEN:
                hidden[table.id, cell.codes] = cell.value
                cell = ReleaseCell(cell.codes, None, CellStatus.HIDDEN)
            cells.append(cell)
        tables.append(replace(table, cells=tuple(cells)))
    return made_up_release(tables=tuple(tables), **FOR_THE_PUBLIC), hidden


def _adding_up(table):
    """The cells with no number below zero, and each class the sum of its details."""
    side = table.dimensions[-1]
    for cell in table.cells:
        below = [child.code for child in side.children(cell.codes[-1])]
        parts = [
            table.by_codes[(*cell.codes[:-1], code)].value
            for code in below
            if (*cell.codes[:-1], code) in table.by_codes
        ]
        if cell.value is not None:
            yield replace(cell, value=max(sum(parts) if parts else cell.value, 0))
        else:
            yield cell


def chart_of(table, language):
    if len(table.dimensions) == 1:
        return bar_chart(table, language)
    return (trend_chart if table.dimensions[0].name == PERIOD else panel_chart)(table, language)


def write_public_folder(folder, language=FRENCH, only=(), change=lambda table: table, facts=None, **changes):
    """A folder with `cells.csv`, `tables.json` and `dashboard.html`; returns the release and what it hides."""
    release, hidden = public_release(only, change)
    release = replace(release, **changes)
    write_release_tables(release, folder)
    shown = [key_figures(release, language), *(chart_of(table, language) for table in release.tables)]
    outputs = [nbformat.v4.new_output("display_data", data=_json_bundle(chart._repr_mimebundle_())) for chart in shown]
    cells = [
        nbformat.v4.new_markdown_cell("# Section\n\nDes 18 ans et plus."),
        nbformat.v4.new_code_cell(outputs=outputs),
    ]
    work = make_folder(folder.parent / "work")
    write_text(work / "all.ipynb", nbformat.writes(nbformat.v4.new_notebook(cells=cells)))
    made_on = datetime.date(2024, 6, 1)
    write_dashboard([work / "all.ipynb"], release, language, folder / "dashboard.html", made_on=made_on, facts=facts)
    return release, hidden


def write_kit_folder(folder, language=FRENCH, only=(), browser=""):
    """The same with the workbook, the annex and the sentences, and the pictures if there is a browser to draw them."""
    release, hidden = write_public_folder(folder, language, only)
    made_on = datetime.date(2024, 6, 1)
    sections = read_sections([folder.parent / "work" / "all.ipynb"], language)
    work = folder.parent / "pictures"
    pictures = write_pictures(browser, folder / "dashboard.html", sections, folder, work) if browser else {}
    outputs.write_workbook(sections, release, language, folder / "tables.xlsx", made_on=made_on)
    write_kit(KitFacts(release, sections, load_catalogue(CONFIG, "demo").unit, language, made_on), folder, pictures)
    return release, hidden


def _json_bundle(bundle):
    return {name: content for name, content in bundle.items() if name.endswith("json")}


def write_workbook(path, labels, values):
    """A workbook with one sheet, a row for each label and its value."""
    shared = "".join(f"<si><t>{text}</t></si>" for text in [*labels, *values])
    rows = []
    for number, (_, value) in enumerate(zip(labels, values, strict=True)):
        row = f'<c r="A{number + 1}" t="s" s="3"><v>{number}</v></c>'
        if isinstance(value, int):
            row += f'<c r="C{number + 1}" s="1"><v>{value}</v></c>'
        else:
            row += f'<c r="C{number + 1}" t="s"><v>{len(labels) + number}</v></c>'
        rows.append(f'<row r="{number + 1}">{row}</row>')
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>")
        archive.writestr("xl/sharedStrings.xml", f"<sst>{shared}</sst>")
