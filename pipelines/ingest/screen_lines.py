"""What the lines around a table say: titles, totals, notes, and records that were rejected.

They are no rows and are not kept, but the file that holds them is: who exported it, for whom, about
whom. Each cell is judged alone; a label and its answer (`Cliente : ...`) are judged as a column of one cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pipelines.ingest.account import Role
from pipelines.ingest.file_table import LineAround
from pipelines.ingest.screen_cells import IdentifierKind, cells_of
from pipelines.ingest.screen_headers import is_naming_column
from pipelines.ingest.screen_surroundings import find_in_each, telling_texts

#: Where people write sentences and labels; a total or a rejected row holds the cells of the table.
_WRITTEN = (Role.PREAMBLE, Role.FOOTER)
_LABEL = re.compile(r"^([^:]{2,60}?)\s*:\s*(\S.*)$")
#: The page of an organisation, at the foot of what its program prints: it names no person.
_SITE = re.compile(r"(?i)(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/?[.,;)]?")
_SITES_OF_PERSONS = re.compile(r"(?i)facebook|instagram|tiktok|snapchat|twitter|linkedin|\bfb\.")
#: In a column of file numbers the word is that of all; beside a table it is said of one file.
_FILE_SAID = re.compile(
    r"(?i)\b(?:plainte\b|matricule\b|plaque\b|passeport\b|permis\b|dossier de (?:police|cour)\b|dossier n[o°])"
    r"\D{0,12}\d[\dA-Z-]{4,}"
)
#: A note that says "elle" speaks of somebody.
_OF_A_PERSON = re.compile(r"(?i)(?:^|[\s(«\"])(?:elle|je|j'ai|she|ella)\s")
_WORDS_OF_SENTENCE = 5


def find_in_lines(lines: Sequence[LineAround]) -> Mapping[IdentifierKind, tuple[int, ...]]:
    """By kind, the lines of the file (rows of the sheet) that hold it; never what they say."""
    cells = {cell for line in lines for cell in line.cells if cell.strip()}
    in_cells = find_in_each(sorted(telling_texts(sorted(cells))))
    found: dict[IdentifierKind, set[int]] = {}
    for line in lines:
        for kind in _kinds_of(line, in_cells):
            found.setdefault(kind, set()).add(line.line)
    return {kind: tuple(sorted(numbers)) for kind, numbers in sorted(found.items())}


def _kinds_of(line: LineAround, in_cells: Mapping[str, set[IdentifierKind]]) -> set[IdentifierKind]:
    kinds: set[IdentifierKind] = set()
    for cell in line.cells:
        found = in_cells.get(cell, set())
        kinds |= found - {IdentifierKind.WEB_ADDRESS} if _is_site_alone(cell) else found
        if _FILE_SAID.search(cell):
            kinds.add(IdentifierKind.FILE_NUMBER)
        if line.mark in _WRITTEN and _OF_A_PERSON.search(cell) and len(cell.split()) >= _WORDS_OF_SENTENCE:
            kinds.add(IdentifierKind.FREE_TEXT)
    if line.mark in _WRITTEN and any(is_naming_column(cells_of(texts, label)) for label, texts in _answers(line.cells)):
        kinds.add(IdentifierKind.NAMING_COLUMN)
    return kinds


def _answers(cells: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The labels of a line with what is written after them, in one cell or in the next."""
    filled = [cell for cell in cells if cell.strip()]
    if len(filled) > 1:
        yield filled[0].strip().rstrip(" :"), filled[1:]
    for cell in filled:
        if said := _LABEL.match(cell.strip()):
            yield said.group(1), [said.group(2)]


def _is_site_alone(text: str) -> bool:
    """Every web address of the text is the front page of a site, and none of a site where persons have pages."""
    addresses = [word for word in text.split() if "://" in word or "www." in word.lower() or "@" in word]
    sites = [address for address in addresses if _SITE.fullmatch(address.strip("(<>")) is not None]
    return bool(addresses) and len(sites) == len(addresses) and not _SITES_OF_PERSONS.search(text)
