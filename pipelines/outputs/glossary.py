"""The words of a page, told where the page ends: what is counted in it, and how its numbers are written.

What is counted is told by the tables that the release holds, and by no other: a funder's page names nothing more.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pipelines.disclosure.release_table import Release
from pipelines.language import Language


@dataclass(frozen=True)
class GlossaryEntry:
    """A word of the page and its meaning, in one language."""

    word: str
    meaning: str


def glossary(release: Release, language: Language) -> tuple[GlossaryEntry, ...]:
    """The units that the tables count and the words around their numbers, in alphabetical order."""
    counted = {
        table.unit_label.in_language(language): table.definition.in_language(language)
        for table in release.tables
        if table.is_collected and table.definition
    }
    words = {**_words_of_numbers(release, language), **counted}
    # A sign such as `n` stays as it is written beside the numbers.
    entries = (GlossaryEntry(word[:1].upper() + word[1:] if word[1:] else word, of) for word, of in words.items())
    return tuple(sorted(entries, key=lambda entry: _alphabetical(entry.word)))


def _words_of_numbers(release: Release, language: Language) -> dict[str, str]:
    sides = [side for table in release.tables for side in table.dimensions]
    words = {
        "n": language.say(
            "How many were counted in all. In small charts side by side, how many of them have an answer."
        ),
        language.say("No answer"): language.say(
            "The question was not asked, was refused, or its answer is not known. It is never counted as a no."
        ),
        language.say("Number card"): language.say("What a number counts, and where it comes from. It opens on demand."),
    }
    if any(side.is_multi_answer for side in sides):
        words[language.say("several answers possible")] = language.say(
            "One request or one aggression may count in several lines: the lines add up to more than the total."
        )
    if any(code.is_part for side in sides for code in side.codes):
        words[language.say("year covered in part")] = language.say(
            "The export holds only a part of that year: its numbers are at least what is written, "
            "and no fall is read in them."
        )
    if release.protection is not None:
        words[language.say("hidden number")] = language.say(
            "A number that is not told, so that nobody can be recognized. It may be small or large."
        )
    return words


def _alphabetical(word: str) -> str:
    bare = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
