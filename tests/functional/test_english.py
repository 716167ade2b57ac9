"""The page of a real report in English and all that goes with it: whole, and without a word of French."""

import datetime
import html
import re

import pytest

from pipelines.disclosure.reading.unpack_file import unpack
from pipelines.disclosure.release_files import read_release
from pipelines.language import Language
from pipelines.outputs.coordinator_kit import KitFacts, write_beside_page
from pipelines.outputs.dashboard import write_dashboard
from pipelines.outputs.notebook import run_notebooks
from pipelines.outputs.report_sections import read_sections
from pipelines.run_log import RunLog
from pipelines.tables.table_spec import load_catalogue
from tests.accessible_page import wrong_for_somebody
from tests.code.test_english import french_words
from tests.functional.conftest import REPOSITORY
from tests.functional.test_demonstrations import words_of

ENGLISH = Language("en")
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("[0-9]*.ipynb"))
MADE_ON = datetime.date(2024, 6, 1)


@pytest.fixture(scope="module")
def english(reported, tmp_path_factory):
    """The folder of the demonstration's true counts, written in English, and the names that stay as they are."""
    folder = tmp_path_factory.mktemp("english")
    release = read_release(reported[0].release)
    executed = run_notebooks(NOTEBOOKS, reported[0].release, ENGLISH, folder / "work")
    write_dashboard(executed, release, ENGLISH, folder / "dashboard.html", made_on=MADE_ON)
    units = load_catalogue(REPOSITORY / "config", "demo").unit
    kit = KitFacts(release, read_sections(executed, ENGLISH), units, ENGLISH, MADE_ON)
    log = RunLog(ENGLISH, lambda line: None)
    write_beside_page(folder / "dashboard.html", kit, folder / "work", log, {"BILAN_BROWSER": ""})
    codes = [code for table in release.tables for side in table.dimensions for code in side.codes]
    names = {code.label.en for code in codes if code.label.fr == code.label.en}
    return folder, names | {release.centre_name.en}


def without(names, text):
    """The text without the names that are the same in both languages, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "_")
    return text


def test_the_page_in_english_holds_no_french_word(english):
    folder, names = english

    assert french_words(without(names, words_of(folder))) == []


def test_the_page_in_english_is_right_for_everybody(english, open_page):
    assert wrong_for_somebody(open_page(english[0] / "dashboard.html")) == []


def test_the_workbook_in_english_holds_no_french_word(english):
    folder, names = english
    parts = list(unpack("tables.xlsx", (folder / "tables.xlsx").read_bytes()))
    cells = [cell for part in parts for grid in part.grids for row in grid for cell in row]

    assert len(cells) > 500
    assert {cell: words for cell in cells if (words := french_words(without(names, cell)))} == {}


def test_the_sentences_and_the_annex_in_english_hold_no_french_word(english):
    folder, names = english
    sentences = (folder / "phrases.txt").read_text(encoding="utf-8").splitlines()
    [annex] = [
        part
        for part in unpack("annexe_statistique.docx", (folder / "annexe_statistique.docx").read_bytes())
        if part.name.endswith("word/document.xml")
    ]

    told = [line for text in annex.texts for line in text.splitlines()]
    cells = [cell for grid in annex.grids for row in grid for cell in row]

    assert min(len(sentences), len(told), len(cells)) > 200
    lines = (*sentences, *told, *cells)
    assert {line: words for line in lines if (words := french_words(without(names, line)))} == {}


def test_the_page_in_english_says_that_it_is(english):
    page = (english[0] / "dashboard.html").read_text(encoding="utf-8")

    assert '<html lang="en-CA">' in page
    titles = {html.unescape(title).strip() for title in re.findall(r"<h2[^>]*>(.*?)</h2>", page)}
    assert {"Overview", "Services"} <= titles


def test_a_french_word_planted_in_a_page_is_found(english):
    folder, names = english

    assert french_words(without(names, words_of(folder) + " Nombre de demandes")) == ["Nombre", "demandes"]
