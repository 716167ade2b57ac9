"""Read back what a coordinator takes along, annex, sentences and pictures; each must say what the cells say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipelines.disclosure.reading.page_numbers import KnownTexts
from pipelines.disclosure.reading.read_document import read_document, read_sentences
from pipelines.disclosure.reading.read_html import Page, PageChart
from pipelines.disclosure.reading.read_page import PageLeak
from pipelines.disclosure.reading.read_picture import read_picture
from pipelines.disclosure.reading.unpack_file import Unreadable, unpack
from pipelines.disclosure.release_table import Release

DOCUMENT_FILE = "annexe_statistique.docx"
SENTENCES_FILE = "phrases.txt"
FIGURES_FOLDER = "figures"
_LARGEST_FILE = 50_000_000
_HALF = "_demi"


def kit_files(folder: Path) -> list[Path]:
    """The files of a folder that are read here."""
    named = [folder / name for name in (DOCUMENT_FILE, SENTENCES_FILE) if (folder / name).is_file()]
    return [*named, *sorted(path for path in (folder / FIGURES_FOLDER).rglob("*") if path.is_file())]


def read_kit_file(path: Path, folder: Path, page: Page, release: Release) -> Iterator[PageLeak]:
    """What one of them says beyond the cells; raises `Unreadable`.

    `page`: the page of the release, whose drawings are judged apart; a picture without its drawing is none of ours.
    """
    name = path.relative_to(folder).as_posix()
    if path.stat().st_size > _LARGEST_FILE:
        raise Unreadable
    content, language = path.read_bytes(), page.language or "fr"
    if name == DOCUMENT_FILE:
        yield from read_document(name, content, language, release)
    elif name == SENTENCES_FILE:
        yield from read_sentences(name, content.decode("utf-8", errors="replace"), language, release)
    elif path.suffix == ".svg":
        yield from read_picture(name, content, _chart_of(path, page), KnownTexts(release, language))
    else:
        chart = _chart_of(path, page)
        # The points of a picture hold no word; what is packed beside them would.
        written = any(text.strip() for part in unpack(name, content) for text in part.texts)
        yield from (PageLeak(chart.id, (), name),) if written else ()


def _chart_of(path: Path, page: Page) -> PageChart:
    for chart in page.charts:
        if chart.id in (path.stem, path.stem.removesuffix(_HALF)) and chart.figures:
            return chart
    raise Unreadable
