"""Lines around a table that are no rows of it: titles, totals, notes. Each by its words and its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipelines.ingest.cell_forms import is_typed

#: The whole of the first cell; `Total, all ages` is a category, not a total.
TOTAL = r"(?:(?:grand|sous|sub|gran)[ -]?)?tota(?:l|ux|les)(?: general| generale)?|somme|ensemble|suma|cumul"
_TOTAL = re.compile(TOTAL)
FIRST_LETTERS = "tgsce"
_NOTE = re.compile(
    r"(?:source|sources|note|notes|remarque|remarques|avis|fuente|nota|notas|fin|end of|imprime|genere|printed"
    r"|generated|exporte|extrait|mise a jour|updated|produit)\b|[*†‡(¹²³]"
)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.strip().lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def is_title(cells: Sequence[str]) -> bool:
    """Words in the first cell and nothing beside them."""
    first = cells[0].strip() if cells else ""
    return bool(first) and not is_typed(first) and not any(cell.strip() for cell in cells[1:])


def is_total(cells: Sequence[str]) -> bool:
    """The first answer of the line is "Total" or its like, alone in its cell, and a number follows."""
    first = next((cell for cell in cells if cell and not cell.isspace()), "").strip()
    if first[:1].lower() not in tuple(FIRST_LETTERS) or _TOTAL.fullmatch(_plain(first).rstrip(" :")) is None:
        return False
    return any(is_typed(cell) for cell in cells)


def is_note(cells: Sequence[str], *, follows_blank: bool) -> bool:
    """A sentence alone on its line, after an empty line or with the words of a note.

    The beginning of a row that was cut off must not pass for one: a single word or a number is none.
    """
    answers = [cell.strip() for cell in cells if cell.strip()]
    if len(answers) != 1 or not cells[0].strip() or is_typed(answers[0]):
        return False
    has_words = re.search(r"\w.*\s.*\w", answers[0]) is not None
    return has_words and (follows_blank or _NOTE.match(_plain(answers[0])) is not None)
