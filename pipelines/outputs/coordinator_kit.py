"""What the coordinator takes along: the annex, the pictures, and the sentences, from the sections of the page.

Each is made where it can be; where there is no browser there are no pictures, and she is told so in one sentence.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.charts.sentences import table_sentences
from pipelines.disclosure.release_table import Release
from pipelines.language import Language, Message, msg
from pipelines.outputs.browser import BrowserFailed, find_browser
from pipelines.outputs.document import DOCUMENT, DocumentParts, write_document
from pipelines.outputs.pictures import write_pictures
from pipelines.outputs.report_sections import ReportSection, charts_once, cover_lines, report_title
from pipelines.outputs.workbook import WORKBOOK, write_workbook
from pipelines.run_log import RunLog
from pipelines.storage import write_text
from pipelines.tables.table_spec import UnitSettings
from pipelines.units import Unit

SENTENCES = "phrases.txt"


@dataclass(frozen=True)
class KitFacts:
    """What the outputs beside the page are made of; `units`: how one of each unit of count is called."""

    release: Release
    sections: Sequence[ReportSection]
    units: Mapping[Unit, UnitSettings]
    language: Language
    made_on: datetime.date


def write_beside_page(page: Path, facts: KitFacts, work: Path, log: RunLog, environ: Mapping[str, str]) -> None:
    """The workbook, the pictures, the annex and the sentences, made from the sections that the page shows.

    `work`: a private folder that is not kept.
    """
    folder = page.parent
    with log.step("workbook"):
        path = folder / WORKBOOK
        write_workbook(facts.sections, facts.release, facts.language, path, made_on=facts.made_on)
    pictures: Mapping[str, Path] = {}
    # A picture of true numbers does not say that it is one: pasted into what leaves the centre, it would publish them.
    if not facts.release.is_internal:
        with log.step("pictures") as counts:
            pictures, fault = make_pictures(page, facts.sections, folder, work / "pictures", environ)
            counts["pictures"] = len(pictures)
        if fault:
            log.say(fault)
    with log.step("document"):
        write_kit(facts, folder, pictures)


def write_kit(facts: KitFacts, folder: Path, pictures: Mapping[str, Path]) -> None:
    """Write the sentences and the annex; `pictures`: the files of table ids."""
    release, language, made_on = facts.release, facts.language, facts.made_on
    sentences = {table.id: table_sentences(table, facts.units, language) for table in release.tables}
    write_sentences(facts.sections, sentences, release, language, folder / SENTENCES, made_on=made_on)
    parts = DocumentParts(facts.sections, sentences, pictures)
    write_document(parts, release, language, folder / DOCUMENT, made_on=made_on)


def write_sentences(
    sections: Sequence[ReportSection],
    sentences: Mapping[str, Sequence[str]],
    release: Release,
    language: Language,
    path: Path,
    *,
    made_on: datetime.date,
) -> None:
    """Write the sentences of each table under its title and its id, in the order of the page."""
    blocks = ["\n".join((report_title(release, language), *cover_lines(release, language, made_on)))]
    told: set[str] = set()
    for chart in (chart for section in sections for chart in charts_once(section, told)):
        for table_id in chart["tables"]:
            if lines := sentences.get(table_id):
                title = release.table(table_id).title.in_language(language)
                blocks.append("\n".join((f"{title} [{table_id}]", *lines)))
    write_text(path, "\n\n".join(blocks) + "\n")


def make_pictures(
    page: Path, sections: Sequence[ReportSection], folder: Path, work: Path, environ: Mapping[str, str]
) -> tuple[dict[str, Path], Message | None]:
    """The full-width picture of each table id, or why there is none."""
    browser = find_browser(environ)
    if browser is None:
        return {}, msg("No pictures: no Chrome or Chromium on this machine. The dashboard's buttons save each one")
    try:
        return write_pictures(browser, page, sections, folder, work), None
    except BrowserFailed:
        pass
    return {}, msg("No pictures: the browser of this machine did not draw them. The dashboard's buttons save each one")
