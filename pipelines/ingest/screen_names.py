"""Names of persons, known by titles, by lists of given names and surnames, and by their place in a column.

A name may be a word (Rose, Marin, Noël) and a place may bear a name (Robert-Cliche), so one word
alone counts only in a column of names, or as a stranger in a list whose words all repeat.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from importlib import resources

from pipelines.ingest.screen_cells import RARE_COUNT, ColumnCells, Found, IdentifierKind

_TITLE = (
    r"\b(?:M\.|Mr\.?|Mme|Mlle|Mrs\.?|Ms\.?|Miss|Dre?|Docteure?|Madame|Monsieur|Mademoiselle|Sr\.|Sra\.?|Ma[iî]tre)"
    r" ?\p{Lu}[\p{L}'-]+"
)
#: Two to four words of letters: what a name can look like.
_NAME_FORM = r"^[\p{L}'.-]+(?:,? [\p{L}'.-]+)(?:,? [\p{L}'.-]+)?(?:,? [\p{L}'.-]+)?$"
#: A surname first, in capitals or with a comma after it.
_INVERTED = re.compile(r"^(?:[^\W\d_]{2}[^\W\d_a-z]+|[^\W\d_][\w'-]+,) [^\W\d_][\w'-]+$")
_SINGLE_FORM = r"^\p{Lu}[\p{L}'-]+$"
_PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "la",
        "le",
        "van",
        "von",
        "der",
        "el",
        "al",
        "ben",
        "da",
        "do",
        "dos",
        "das",
        "e",
        "di",
        "st",
        "ste",
        "y",
    ]
)
_PLACE_HEADER = re.compile(
    r"resid|ville|municip|lieu|mrc|region|province|pays|country|city|county|localidad|ciudad|departamento|provincia|place|"
    r"location|quartier|secteur|territoire|ecole|school|organisme|hopital|etabliss|birthplace|state|agency|source|referen"
)
_ENOUGH = 5
_BEGINNING = 5
#: From so many proper nouns on, a list is one of towns: fewer where most turn up once.
_FEW_TOWNS, _MANY_TOWNS = 10, 60

PATTERNS = (_TITLE, _NAME_FORM, _SINGLE_FORM)


class Evidence(IntEnum):
    """How much speaks for a name."""

    NONE = 0
    #: Capitalised words that no list knows.
    FORM = 1
    #: One of the words is a given name or a surname.
    ONE_WORD = 2
    #: A given name and a surname.
    WHOLE = 3
    #: More than any text shows: nothing can be told in this column.
    BEYOND = 4


def plain_word(text: str) -> str:
    """Lower case, without accents or apostrophes: how names are compared."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter) and letter != "'")


@lru_cache(maxsize=4)
def _list_of(name: str) -> frozenset[str]:
    source = resources.files("pipelines") / "ingest" / "names" / f"{name}.txt"
    return frozenset(source.read_text(encoding="utf-8").split())


def _is_given(word: str) -> bool:
    given = _list_of("given_names")
    return word in given or ("-" in word and word.split("-")[0] in given)


def _is_surname(word: str) -> bool:
    surnames = _list_of("surnames")
    return word in surnames or ("-" in word and any(part in surnames for part in word.split("-")))


def _is_no_name(word: str) -> bool:
    """A word of places and services, or the first half of a toponym (Pierre-De Saurel)."""
    parts, no_names = word.split("-"), _list_of("no_names")
    return any(part in no_names for part in parts) or (len(parts) > 1 and parts[-1] in _PARTICLES)


def judge_name(text: str) -> Evidence:
    """How much speaks for a text of several words being the name of a person."""
    written = [word for word in re.split(r"[ ,]+", text) if word]
    words = [plain_word(word).strip(".") for word in written]
    kept = [
        (word, as_written) for word, as_written in zip(words, written, strict=True) if word and word not in _PARTICLES
    ]
    if not 2 <= len(kept) <= 4 or any(_is_no_name(word) for word, _ in kept):
        return Evidence.NONE
    given = {place for place, (word, _) in enumerate(kept) if _is_given(word)}
    surnames = {place for place, (word, _) in enumerate(kept) if _is_surname(word)}
    common = _list_of("common_words")
    is_capital = all(as_written[0].isupper() for _, as_written in kept)
    pairs = [(one, other) for one in given for other in surnames if one != other]
    if pairs and (
        is_capital or any(kept[one][0] not in common and kept[other][0] not in common for one, other in pairs)
    ):
        return Evidence.WHOLE
    if not is_capital:
        return Evidence.NONE
    telling = {place for place in given | surnames if kept[place][0] not in common}
    is_inverted = _INVERTED.match(text) is not None and bool(given | surnames or "," in text)
    return Evidence.ONE_WORD if telling or is_inverted else Evidence.FORM


def find_names(column: ColumnCells) -> Found:
    """The distinct cells of a column that hold the name of a person."""
    found = set(column.cells(column.matching(_TITLE)))
    mask = column.matching(_NAME_FORM)
    judged = [(plain, cell, judge_name(plain)) for plain, cell in _first(column, mask)]
    singles = [(plain, cell) for plain, cell in _first(column, column.matching(_SINGLE_FORM))]
    if not judged and not singles:
        return {IdentifierKind.PERSON_NAME: frozenset(found)}
    if _is_column_of_names(column, judged, [plain for plain, _ in singles]):
        found.update(cell for _, cell, evidence in judged if evidence >= Evidence.ONE_WORD)
        found.update(cell for plain, cell in singles if _is_single_name(plain) or _is_surname(plain_word(plain)))
    rare, once = column.cells(column.rare), column.cells(column.counts == 1)
    least = _least_evidence(column, [(plain, cell) for plain, cell, _ in judged], rare)
    strangers = [(plain, cell, evidence) for plain, cell, evidence in judged if evidence >= least and cell in rare]
    words = _words_of_others(column) if any(evidence is Evidence.FORM for *_, evidence in strangers) else Counter()
    found.update(
        cell
        for plain, cell, evidence in strangers
        if evidence > Evidence.FORM or (cell in once and all(words[word] <= 1 for word in _beginnings(plain)))
    )
    alone = [(plain, cell) for plain, cell in singles if cell in rare]
    if column.is_closed_list and not _is_of_places(column) and len(alone) <= RARE_COUNT:
        found.update(cell for plain, cell in alone if _is_single_name(plain))
    return {IdentifierKind.PERSON_NAME: frozenset(found)}


def _first(column: ColumnCells, mask: object, limit: int = 50_000) -> list[tuple[str, str]]:
    plain, cells = column.plain.filter(mask).head(limit), column.distinct.filter(mask).head(limit)  # type: ignore[arg-type]
    return list(zip(plain, cells, strict=True))


def _words_of_others(column: ColumnCells) -> Counter[str]:
    """In how many distinct cells words that begin alike stand: a stranger shares none of its words."""
    return Counter(word for plain in column.plain.to_list() for word in _beginnings(plain))


def _beginnings(text: str) -> set[str]:
    return {word[:_BEGINNING] for word in re.split(r"[ ,-]+", plain_word(text)) if word}


def _is_of_places(column: ColumnCells) -> bool:
    return bool(_PLACE_HEADER.search(plain_word(column.name)))


def _is_single_name(text: str) -> bool:
    word = plain_word(text)
    return word in _list_of("given_names") and word not in _list_of("common_words")


def _is_column_of_names(
    column: ColumnCells, judged: Sequence[tuple[str, str, Evidence]], singles: Sequence[str]
) -> bool:
    """Most of the different words are names, and names only: given names, surnames, or both together."""
    names = sum(evidence >= Evidence.ONE_WORD for _, _, evidence in judged)
    if names >= _ENOUGH and names >= 0.5 * column.distinct.len():
        return not _is_of_places(column) or names >= 0.9 * column.distinct.len()
    given = sum(map(_is_single_name, singles))
    known = sum(_is_single_name(word) or _is_surname(plain_word(word)) for word in singles)
    is_mostly = known >= 0.6 * column.distinct.len() and column.distinct.len() >= _ENOUGH
    return is_mostly and not _is_of_places(column) and (given >= 3 or known >= 20)


def _least_evidence(column: ColumnCells, named: Sequence[tuple[str, str]], rare: frozenset[str]) -> Evidence:
    """What a rare cell must show in this column: less where capitals and strangers are unusual."""
    several = [plain for plain, cell in named if cell not in rare]
    strangers = len(named) - len(several)
    is_of_strangers = column.filled < 20 or strangers > max(3, 0.02 * column.distinct.len())
    capitals = sum(_is_titled(plain) for plain, _ in named)
    if len(named) >= (_FEW_TOWNS if is_of_strangers else _MANY_TOWNS) and capitals >= 0.8 * len(named):
        # In a list of towns, many bear the name of a person.
        return Evidence.BEYOND
    if is_of_strangers:
        return Evidence.WHOLE
    if _is_of_places(column) or sum(map(_is_titled, several)) > 0.3 * max(1, len(several)):
        return Evidence.ONE_WORD
    return Evidence.FORM


def _is_titled(text: str) -> bool:
    return all(word[0].isupper() or plain_word(word) in _PARTICLES for word in text.split() if word)
