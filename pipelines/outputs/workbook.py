"""The tables of a release as an accessible workbook: a cover, the contents, notes, one table a sheet.

The rules are those of the accessible spreadsheets of public statistics: the title in A1, one table a sheet
as a table object with a row of headings, nothing merged, nothing told by colour alone, a mark in words where
a number is hidden. Numbers are numbers, written by Excel with the same decimals as in the page; nothing in
it can run as a formula or lead out of the file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.disclosure.release_table import Release
from pipelines.language import Language
from pipelines.outputs.report_sections import ReportSection, cover_lines, report_title

WORKBOOK = "tables.xlsx"
#: Where the headings of the table stand: its title and what is counted are above it.
_HEADER_ROW = 3
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


@dataclass(frozen=True)
class _Sheet:
    """One table of the workbook: the name of its sheet, and the chart that it is the twin of."""

    name: str
    section: str
    chart: Mapping[str, Any]


@dataclass(frozen=True)
class _Forms:
    """How cells look."""

    title: Format
    text: Format
    link: Format
    count: Format
    hours: Format
    percent: Format
    sign: Format
    total: Mapping[Format, Format]


def write_workbook(
    sections: Sequence[ReportSection], release: Release, language: Language, path: Path, *, made_on: datetime.date
) -> None:
    """Write the workbook of the charts that a report shows; the same release gives the same bytes."""
    sheets = _sheets(sections)
    with xlsxwriter.Workbook(path, _OPTIONS) as book:
        book.set_properties(
            {
                "title": report_title(release, language),
                "author": release.centre_name.in_language(language),
                "created": datetime.datetime.combine(made_on, datetime.time()),
            }
        )
        book.set_custom_property("Language", language.html_tag)
        forms = _forms(book)
        _write_cover(book, release, language, forms, made_on)
        _write_contents(book, sheets, language, forms)
        _write_notes(book, sections, language, forms)
        for place, sheet in enumerate(sheets, start=1):
            _write_table(book, sheet, place, language, forms)


def _sheets(sections: Sequence[ReportSection]) -> list[_Sheet]:
    """The charts that have a table, each under a short name of its own; one shown twice is there once."""
    sheets: dict[str, _Sheet] = {}
    for section in sections:
        for chart in section.charts:
            if chart["table"] is not None and chart["id"] not in sheets:
                name = f"{len(sheets) + 1:02} {_FORBIDDEN_IN_NAME.sub(' ', str(chart['title']))}"
                sheets[chart["id"]] = _Sheet(name[:_LONGEST_NAME].rstrip(), section.title, chart)
    return list(sheets.values())


def _forms(book: xlsxwriter.Workbook) -> _Forms:
    base = {"font_name": "Arial", "font_size": 11, "valign": "top"}
    right = {**base, "align": "right"}
    numbers = {
        "count": book.add_format({**right, "num_format": "#,##0"}),
        "hours": book.add_format({**right, "num_format": "#,##0.00"}),
        "percent": book.add_format({**right, "num_format": "0.0%"}),
        "sign": book.add_format(right),
        "text": book.add_format({**base, "text_wrap": True}),
    }
    bold = {
        "count": book.add_format({**right, "bold": True, "num_format": "#,##0"}),
        "hours": book.add_format({**right, "bold": True, "num_format": "#,##0.00"}),
        "percent": book.add_format({**right, "bold": True, "num_format": "0.0%"}),
        "sign": book.add_format({**right, "bold": True}),
        "text": book.add_format({**base, "bold": True, "text_wrap": True}),
    }
    return _Forms(
        title=book.add_format({**base, "bold": True, "font_size": 14}),
        link=book.add_format({**base, "font_color": "#0000EE", "underline": 1}),
        total={numbers[name]: bold[name] for name in numbers},
        **numbers,
    )


def _write_cover(
    book: xlsxwriter.Workbook, release: Release, language: Language, forms: _Forms, made_on: datetime.date
) -> None:
    sheet = _text_sheet(book, language.say("Cover"), report_title(release, language), forms)
    lines = list(cover_lines(release, language, made_on))
    lines.append(language.say("Hours are written as numbers: 1.5 is one hour and a half"))
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line, forms.text)


def _write_contents(book: xlsxwriter.Workbook, sheets: Sequence[_Sheet], language: Language, forms: _Forms) -> None:
    page = _text_sheet(book, language.say("Contents"), language.say("Contents"), forms)
    page.set_column(1, 1, 36)
    rows = [[str(sheet.chart["title"]), sheet.section] for sheet in sheets]
    headings = (language.say("Table"), language.say("Section"))
    _add_table(page, 1, headings, len(rows), "contents")
    for row, (sheet, (title, section)) in enumerate(zip(sheets, rows, strict=True), start=2):
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", forms.link, title)
        page.write_string(row, 1, section, forms.text)


def _write_notes(
    book: xlsxwriter.Workbook, sections: Sequence[ReportSection], language: Language, forms: _Forms
) -> None:
    """What is told in words: the tables that are not there, and why."""
    page = _text_sheet(book, language.say("Notes"), language.say("Notes"), forms)
    absent = [chart for section in sections for chart in section.charts if chart["table"] is None]
    told = dict.fromkeys(
        language.say("{label}: {count}", label=str(chart["title"]), count=str(chart["alternative"])) for chart in absent
    )
    lines = [language.say("Percentages are of the units with an answer; each table tells how many have none"), *told]
    for row, line in enumerate(lines, start=1):
        page.write_string(row, 0, line, forms.text)


def _text_sheet(book: xlsxwriter.Workbook, name: str, title: str, forms: _Forms) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, title, forms.title)
    return sheet


def _write_table(book: xlsxwriter.Workbook, sheet: _Sheet, place: int, language: Language, forms: _Forms) -> None:
    chart, twin = sheet.chart, sheet.chart["table"]
    page = book.add_worksheet(sheet.name)
    page.set_column(0, 0, 52)
    page.set_column(1, max(len(twin["header"]) - 1, 1), 18)
    page.write_string(0, 0, str(chart["title"]), forms.title)
    page.write_string(1, 0, str(chart["subtitle"]), forms.text)
    page.write_url(2, 0, f"internal:'{language.say('Contents')}'!A1", forms.link, language.say("Back to the contents"))
    # The id of the table that a column is of, as in cells.csv: for who follows a number.
    ids = list(chart["tables"]) or [chart["id"]]
    for column, table_id in enumerate(ids[: len(twin["header"]) - 1], start=1):
        page.write_string(2, column, str(table_id), forms.text)
    _add_table(page, _HEADER_ROW, twin["header"], len(twin["rows"]), f"t{place}_{chart['id']}")
    page.freeze_panes(_HEADER_ROW + 1, 1)
    for row, line in enumerate(twin["rows"], start=_HEADER_ROW + 1):
        is_total = line["kind"] == "total"
        page.write_string(row, 0, str(line["label"]), forms.total[forms.text] if is_total else forms.text)
        for column, cell in enumerate(line["cells"], start=1):
            form = _form_of(cell, forms)
            shown = forms.total[form] if is_total else form
            if cell["raw"] is None:
                page.write_string(row, column, str(cell["text"]), shown)
            else:
                number = cell["raw"] / 100 if form is forms.percent else cell["raw"]
                page.write_number(row, column, number, shown)
    below = [str(chart["missing"]), *map(str, chart["notes"])]
    for row, note in enumerate(filter(None, below), start=_HEADER_ROW + 2 + len(twin["rows"])):
        page.write_string(row, 0, note, forms.text)


def _form_of(cell: Mapping[str, Any], forms: _Forms) -> Format:
    """The form that gives the number the decimals that its text has in the page."""
    if cell["raw"] is None:
        return forms.sign
    if str(cell["text"]).endswith("%"):
        return forms.percent
    return forms.count if isinstance(cell["raw"], int) else forms.hours


def _add_table(page: Worksheet, row: int, headings: Sequence[str], rows: int, name: str) -> None:
    """A table object, so that a screen reader tells the heading of each cell."""
    columns = [{"header": heading} for heading in _each_once(headings)]
    options = {"name": name, "columns": columns, "autofilter": False, "style": "Table Style Light 1", "banded_rows": 0}
    page.add_table(row, 0, row + max(rows, 1), len(columns) - 1, options)


def _each_once(headings: Sequence[str]) -> list[str]:
    """Headings as a table object takes them: none empty, none twice whatever its capitals."""
    told: list[str] = []
    for place, heading in enumerate(headings, start=1):
        name = heading.strip() or str(place)
        while name.casefold() in {other.casefold() for other in told}:
            name = f"{name} ({place})"
        told.append(name)
    return told
