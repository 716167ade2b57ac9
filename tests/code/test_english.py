"""English is whole: every text for a reader has it, and it holds no French."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.code.user_texts import UserText, as_read, user_texts

_RULES = tomllib.loads((Path(__file__).parent / "language_rules.toml").read_text(encoding="utf-8"))
_FRENCH = re.compile(rf"(?<![\w-])(?:{'|'.join(_RULES['french_words'])})(?![\w-])", re.IGNORECASE)
#: What is quoted from a source is in the language of the source.
_QUOTED = re.compile(r"“[^”]*”|«[^»]*»")


def french_words(text: str) -> list[str]:
    """The French words of an English text."""
    return _FRENCH.findall(_QUOTED.sub("_", as_read(text)))


def by_place(texts: Iterator[UserText]) -> dict[str, dict[str, str]]:
    """The languages that each place has."""
    places: dict[str, dict[str, str]] = {}
    for each in texts:
        places.setdefault(each.where, {})[each.language] = each.text
    return places


def one_sided(found: Any, place: str = "") -> list[str]:
    """Where a configuration gives one language and not the other, or an empty one."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    here = []
    if isinstance(found, dict) and {"fr", "en"} & found.keys():
        told = [found.get(code) for code in ("fr", "en")]
        here = [] if all(isinstance(text, str) and text.strip() or isinstance(text, dict) for text in told) else [place]
    return here + [fault for key, value in inner for fault in one_sided(value, f"{place}.{key}")]


def test_every_label_of_a_code_list_has_its_english(repository):
    labels = by_place(each for each in user_texts(repository) if each.where.startswith("config/vocabularies/"))

    assert len(labels) > 500
    assert [place for place, text in labels.items() if not text["en"].strip() or not text["fr"].strip()] == []


def test_every_text_of_the_configuration_has_its_english(repository):
    files = sorted((repository / "config").rglob("*.toml"))
    told = {path.name: tomllib.loads(path.read_text(encoding="utf-8")) for path in files}

    assert [fault for name, content in told.items() for fault in one_sided(content, name)] == []


@pytest.mark.parametrize("text", [{"fr": "Âge"}, {"fr": "Âge", "en": " "}, {"en": "Age"}])
def test_a_text_in_one_language_alone_is_found(text):
    assert one_sided({"table": [{"title": text}]}) == [".table.0.title"]


def test_no_english_sentence_holds_a_french_word(repository):
    places = by_place(user_texts(repository))
    found = {
        each.where: words
        for each in user_texts(repository)
        # A name is the same in both.
        if each.language == "en" and each.text != places[each.where].get("fr") and (words := french_words(each.text))
    }

    assert found == {}


@pytest.mark.parametrize(
    "text", ["Number of demandes", "The age et the delay", "Nombre of requests", "Hidden (masqué)", "12 personnes"]
)
def test_a_french_word_in_an_english_sentence_is_found(text):
    assert french_words(text) != []


@pytest.mark.parametrize("text", ["Number of requests", "A table on one page", "It says “ou”", "`notes` is a key"])
def test_an_english_sentence_is_left_alone(text):
    assert french_words(text) == []
