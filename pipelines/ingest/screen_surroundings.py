"""What lies around the cells of a table: headers, names of files and sheets, properties, comments, links.

A place whose own name may be an identifier is told by its number or its kind, never by that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import PurePath

from pipelines.ingest import screen_names, screen_numbers, screen_texts
from pipelines.ingest.read_workbook import Workbook
from pipelines.ingest.screen_cells import Found, IdentifierKind, cells_of, each_alone
from pipelines.ingest.screen_names import Evidence, find_names, judge_name
from pipelines.ingest.screen_numbers import find_numbers
from pipelines.ingest.screen_texts import find_texts

#: All that the rules search in cells.
PATTERNS = (*screen_numbers.PATTERNS, *screen_texts.PATTERNS, *screen_names.PATTERNS)
#: What nearly every header and sheet name has, and what tells nothing by itself.
_IDLE = frozenset((r"\d", *screen_names.PATTERNS[1:], *screen_texts.PATTERNS[-3:]))


class Place(StrEnum):
    """Where in a file an identifier was found."""

    CELLS = "cells"
    HEADER = "header"
    FILE_NAME = "file_name"
    SHEET_NAME = "sheet_name"
    PROPERTY = "property"
    #: Who made or last saved the file: a worker, not a person the centre helps; told, never a reason to refuse.
    AUTHOR = "author"
    COMMENT = "comment"
    TEXT = "text"
    #: A title, a total, a note or a rejected record: a line that is no row of the table.
    LINE = "line"


_AUTHORS = frozenset(("creator", "lastModifiedBy", "initial-creator", "printed-by", "Manager", "manager", "persons"))
#: Programs and accounts that are no person.
_NO_AUTHOR = re.compile(
    r"microsoft|office|user|utilisat|admin|excel|libre|calc|openpyxl|xlsxwriter|apache|poi|google|system|platform|plateforme"
    r"|calacs|centre|export|stagiaire|reception|direction|^.{0,3}$",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[_\s.+-]+")
_WORDS_OF_COMMENT = 2
#: In a handful of texts nothing can be rare, so what rests on a column does not apply.
_NOT_OF_COLUMNS = frozenset((IdentifierKind.FREE_TEXT,))


def find_in_texts(texts: Iterable[str]) -> set[IdentifierKind]:
    """The kinds of identifier that some texts hold, each judged alone."""
    return set().union(*find_in_each(texts).values())


def find_in_each(texts: Iterable[str]) -> Mapping[str, set[IdentifierKind]]:
    """By text, the kinds of identifier that it holds, judged alone; those that hold none are left out."""
    together = cells_of(texts, patterns=PATTERNS)
    found = {}
    for text, alone in zip(together.distinct.to_list(), each_alone(together), strict=True):
        parts: list[Found] = [find_numbers(alone), find_texts(alone), find_names(alone)]
        kinds = {kind for part in parts for kind, cells in part.items() if cells} - _NOT_OF_COLUMNS
        if _names_in_line(text):
            kinds.add(IdentifierKind.PERSON_NAME)
        if kinds:
            found[text] = kinds
    return found


def telling_texts(texts: Sequence[str]) -> set[str]:
    """The texts that may hold an identifier; the rules then look at each alone."""
    together = cells_of(texts, patterns=PATTERNS)
    found = {
        text for pattern in PATTERNS if pattern not in _IDLE for text in together.cells(together.matching(pattern))
    }
    return found | {text for text in texts if _names_in_line(text)}


def find_in_headers(headers: Sequence[str]) -> Mapping[int, set[IdentifierKind]]:
    """By the number of the column (from 1): a header line that is itself a row of data."""
    telling = telling_texts(headers)
    found = {number: find_in_texts([text]) for number, text in enumerate(headers, start=1) if text in telling}
    return {number: kinds for number, kinds in found.items() if kinds}


def find_in_file_name(name: str) -> set[IdentifierKind]:
    """The kinds that the name of a file holds, folders of an archive included."""
    stems = [PurePath(part).stem for part in name.split("/")]
    spaced = [_SEPARATORS.sub(" ", stem) for stem in stems]
    # A date in a file's name is that of the export.
    return find_in_texts(telling_texts([*stems, *spaced])) - {IdentifierKind.BIRTH_DATE, IdentifierKind.ADDRESS}


def find_in_workbook(workbook: Workbook) -> list[tuple[Place, IdentifierKind, int]]:
    """What a workbook says beside its cells: the place, the kind, and how many texts of it."""
    found: list[tuple[Place, IdentifierKind, int]] = []
    for place, texts in _texts_by_place(workbook):
        by_kind: dict[IdentifierKind, int] = {}
        telling = telling_texts(texts)
        for text in texts:
            kinds = find_in_texts([text]) if text in telling else set()
            if place is Place.COMMENT and len(text.split()) > _WORDS_OF_COMMENT:
                kinds.add(IdentifierKind.FREE_TEXT)
            if place is Place.AUTHOR:
                kinds = _kinds_of_author(text, kinds)
            for kind in kinds:
                by_kind[kind] = by_kind.get(kind, 0) + 1
        for kind, count in sorted(by_kind.items()):
            is_author_alone = place is Place.AUTHOR and kind is IdentifierKind.PERSON_NAME
            found.append((place if is_author_alone or place is not Place.AUTHOR else Place.PROPERTY, kind, count))
    return found


def _texts_by_place(workbook: Workbook) -> Iterable[tuple[Place, list[str]]]:
    margins = [text for sheet in workbook.sheets for text in sheet.margins]
    yield Place.SHEET_NAME, [sheet.name for sheet in workbook.sheets]
    yield Place.AUTHOR, [text for name, text in workbook.properties if name in _AUTHORS]
    yield Place.PROPERTY, [text for name, text in workbook.properties if name not in _AUTHORS]
    yield Place.COMMENT, list(workbook.comments)
    yield Place.TEXT, [*workbook.texts, *margins]


def _kinds_of_author(text: str, kinds: set[IdentifierKind]) -> set[IdentifierKind]:
    """A person's name in the place of the author is told; the name of a program or of an account is not."""
    kinds = kinds - {IdentifierKind.PERSON_NAME}
    if not _NO_AUTHOR.search(text) and judge_name(text) >= Evidence.FORM:
        kinds.add(IdentifierKind.PERSON_NAME)
    return kinds


def _names_in_line(text: str) -> bool:
    """A given name followed by a surname, or the other way round, among the words of a line."""
    words = [word for word in re.split(r"[\s_,;:()/]+", text) if word]
    return any(judge_name(f"{one} {other}") is Evidence.WHOLE for one, other in zip(words, words[1:], strict=False))
