"""An empty workbook for a centre that still counts on paper, and the configuration that reads it.

One sheet for each kind of record, with a header and, where answers are coded, a drop-down list of the labels; a sheet
of instructions, a dictionary, and the lists themselves. The configuration beside it maps each label to its code, so
that a filled workbook is read by the strict reader like any export.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.codes import UNMAPPED, Vocabularies
from pipelines.entities import ENTITIES, SENSITIVE, Column, Entity, Kind
from pipelines.errors import UsageError
from pipelines.ingest.template_words import (
    COLUMN_TITLES,
    COLUMN_WORDS,
    INSTRUCTIONS,
    KIND_WORDS,
    NO,
    RESIDENCE_LISTS,
    SHEETS,
    YES,
)
from pipelines.language import msg
from pipelines.storage import make_folder, new_folder, publish_file, publish_folder, staging_name, write_text

WORKBOOK = "modele.xlsx"
CENTRE = "modele"
#: Never `config`: whoever writes the model in the project's own folder keeps the project's settings.
CONFIGURATION = "config-modele"
READ_ME, DICTIONARY, LISTS = "LISEZ-MOI", "Dictionnaire", "Listes"
#: Lines of each sheet that offer the drop-down lists; a longer year goes on without them.
PREPARED_ROWS = 2_000
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
_DATE_FORMAT = "%Y-%m-%d"

Rows = Sequence[Mapping[str, object]]


def write_template(vocabularies: Vocabularies, folder: Path, records: Mapping[str, Rows] | None = None) -> Path:
    """Write the workbook and, under `config-modele/`, the configuration that reads it; returns the workbook.

    `records` fills the sheets: by kind of record, lines of our column names with labels, dates and numbers.
    Raises `UsageError` where either is there already: a workbook that someone filled is not written over.
    """
    if (folder / WORKBOOK).exists() or (folder / CONFIGURATION).exists():
        raise UsageError(
            msg("The empty workbook is there already, and perhaps filled"),
            where=msg("in {folder}", folder=str(folder)),
            to_do=msg("Give another folder with --out"),
        )
    make_folder(folder)
    lists = _lists(vocabularies)
    workbook = folder / WORKBOOK
    temporary = staging_name(workbook)
    try:
        with xlsxwriter.Workbook(temporary, _OPTIONS) as book:
            _write_workbook(book, lists, records or {})
        publish_file(temporary, workbook)
    finally:
        temporary.unlink(missing_ok=True)
    with new_folder(folder / CONFIGURATION) as staging:
        mappings = make_folder(staging / "mappings" / CENTRE)
        for name, labels in lists.items():
            write_text(mappings / f"{name}.csv", _mapping_text(labels))
        write_text(make_folder(staging / "centres") / f"{CENTRE}.toml", "\n".join(_settings_lines(lists)) + "\n")
        publish_folder(staging, folder / CONFIGURATION)
    return workbook


def _lists(vocabularies: Vocabularies) -> dict[str, dict[str, str]]:
    """By code list: the French labels and their codes, kinds of missing answer last."""
    missing = {code.label_fr: code.code for code in vocabularies.missing.codes if code.code != UNMAPPED}
    lists = {}
    for entity in (entity for entity in ENTITIES.values() if entity.name not in SENSITIVE):
        for column in entity.columns:
            name = next((one for one in (column.vocabulary, *RESIDENCE_LISTS) if one in vocabularies), "")
            if column.vocabulary and name:
                lists[column.vocabulary] = {code.label_fr: code.code for code in vocabularies[name].leaves} | missing
    return lists


def template_columns(entity: Entity, lists: Mapping[str, object]) -> tuple[Column, ...]:
    """The columns of a sheet: those that a person can fill here."""
    return tuple(column for column in entity.columns if not column.vocabulary or column.vocabulary in lists)


def template_entities(lists: Mapping[str, object]) -> Iterator[Entity]:
    """The kinds of records that have a sheet: all their needed columns can be filled."""
    for entity in ENTITIES.values():
        # What people say they are is asked where a centre has said why: no model suggests it.
        if entity.name in SENSITIVE:
            continue
        columns = template_columns(entity, lists)
        if all(column in columns for column in entity.columns if column.is_required):
            yield entity


def _write_workbook(book: Any, lists: Mapping[str, Mapping[str, str]], records: Mapping[str, Rows]) -> None:
    title = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    book.set_properties({"title": "Modèle de saisie", "comments": "Aucun nom, aucune coordonnée."})
    sheet = book.add_worksheet(READ_ME)
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(INSTRUCTIONS):
        sheet.write_string(row, 0, line, title if row == 0 else wrap)
    for entity in template_entities(lists):
        _write_sheet(book, entity, lists, records.get(entity.name, ()), title)
    _write_dictionary(book, lists, title, wrap)
    _write_lists(book, lists, title)


def _write_sheet(book: Any, entity: Entity, lists: Mapping[str, Mapping[str, str]], rows: Rows, title: Any) -> None:
    sheet = book.add_worksheet(SHEETS[entity.name])
    sheet.freeze_panes(1, 0)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(template_columns(entity, lists)):
        form = {Kind.DATE: day, Kind.IDENTIFIER: text}.get(column.kind)
        sheet.set_column(place, place, 28, form)
        sheet.write_string(0, place, COLUMN_TITLES[column.name], title)
        if rule := _rule(column, lists):
            sheet.data_validation(1, place, PREPARED_ROWS, place, rule)
        for row, record in enumerate(rows, start=1):
            value = record.get(column.name)
            if value is not None:
                sheet.write(row, place, value, form) if form else sheet.write(row, place, value)


def _rule(column: Column, lists: Mapping[str, Mapping[str, str]]) -> dict[str, object] | None:
    """What the spreadsheet lets in; a paste goes round it, so the strict reader checks again."""
    refusal = {"error_title": "Réponse non prévue", "error_message": "Choisir une réponse de la liste."}
    match column.kind:
        case Kind.CODE:
            place = list(lists).index(column.vocabulary)
            letter = xlsxwriter.utility.xl_col_to_name(place)
            last = len(lists[column.vocabulary]) + 1
            return {"validate": "list", "source": f"={LISTS}!${letter}$2:${letter}${last}", **refusal}
        case Kind.BOOLEAN:
            return {"validate": "list", "source": [YES, NO], **refusal}
        case Kind.INTEGER if column.name.startswith("age_"):
            return _whole("Âge", "Un nombre entier d'années, de 0 à 110.", 110)
        case Kind.INTEGER:
            return _whole("Nombre", "Un nombre entier, 0 ou plus.", 100_000)
        case Kind.AMOUNT:
            return _number("Montant", "Un montant en dollars, 0 ou plus.", 1_000_000, "decimal")
        case Kind.DURATION:
            return _whole("Minutes", "Un nombre entier de minutes, de 0 à 1440 : une journée.", 1_440)
        case _:
            return None


def _whole(title: str, text: str, most: int) -> dict[str, object]:
    return _number(title, text, most, "integer")


def _number(title: str, text: str, most: int, kind: str) -> dict[str, object]:
    refusal = {"error_title": title, "error_message": text}
    return {"validate": kind, "criteria": "between", "minimum": 0, "maximum": most, **refusal}


def _write_dictionary(book: Any, lists: Mapping[str, Mapping[str, str]], title: Any, wrap: Any) -> None:
    sheet = book.add_worksheet(DICTIONARY)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 3, 30)
    sheet.set_column(4, 4, 80)
    sheet.write_row(0, 0, ("Feuille", "Colonne", "Nature", "Obligatoire", "Signification"), title)
    row = 0
    for entity in template_entities(lists):
        for column in template_columns(entity, lists):
            row += 1
            needed = YES if column.is_required else NO
            cells = (SHEETS[entity.name], COLUMN_TITLES[column.name], KIND_WORDS[column.kind], needed)
            sheet.write_row(row, 0, (*cells, COLUMN_WORDS[column.name]), wrap)


def _write_lists(book: Any, lists: Mapping[str, Mapping[str, str]], title: Any) -> None:
    sheet = book.add_worksheet(LISTS)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(lists) - 1, 34)
    for place, (name, labels) in enumerate(lists.items()):
        column = next(one for entity in ENTITIES.values() for one in entity.columns if one.vocabulary == name)
        sheet.write_string(0, place, COLUMN_TITLES[column.name], title)
        sheet.write_column(1, place, list(labels))


def _mapping_text(labels: Mapping[str, str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("source_value", "code"))
    writer.writerows(labels.items())
    return "\ufeff" + text.getvalue()


def _settings_lines(lists: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    yield "# Configuration du modèle de saisie : à copier dans config/ avec ses correspondances, puis à renommer."
    yield f'id = "{CENTRE}"'
    yield 'name = { fr = "Modèle de saisie", en = "Data entry template" }'
    yield 'period = { kind = "fiscal", start_month = 4 }'
    if own := next((name for name in RESIDENCE_LISTS if "residence" in lists), ""):
        yield f'vocabularies = {{ residence = "{own}" }}'
    for entity in template_entities(lists):
        yield ""
        yield "[[source]]"
        yield f"id = {_quoted(entity.name)}"
        yield f"files = {_quoted(WORKBOOK)}"
        yield f"sheet = {_quoted(SHEETS[entity.name])}"
        yield f"date_format = {_quoted(_DATE_FORMAT)}"
        yield "[[entity]]"
        yield f"name = {_quoted(entity.name)}"
        yield f"source = {_quoted(entity.name)}"
        yield "[entity.columns]"
        for column in template_columns(entity, lists):
            origin = f"from = {_quoted(COLUMN_TITLES[column.name])}"
            if column.kind is Kind.CODE:
                origin += f", mapping = {_quoted(column.vocabulary)}"
            if column.kind is Kind.DURATION:
                origin += ', duration = "minutes"'
            if column.kind is Kind.BOOLEAN:
                origin += f", yes = [{_quoted(YES)}], no = [{_quoted(NO)}]"
            yield f"{column.name} = {{ {origin} }}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
