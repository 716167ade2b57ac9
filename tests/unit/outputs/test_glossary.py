"""The words of a page: what its own tables count and how numbers are written, in both languages, without a number."""

import re
from dataclasses import replace

import pytest

from pipelines.language import Language, Text
from pipelines.outputs.glossary import glossary
from tests.hidden_release import public_release
from tests.made_up_release import made_up_release

FRENCH, ENGLISH = Language("fr"), Language("en")
MEANING = Text("Un appel ou une visite où une personne demande de l'aide.", "A call or a visit.")


def words(release, language=FRENCH):
    return {entry.word: entry.meaning for entry in glossary(release, language)}


def defined(release):
    tables = (
        replace(table, definition=MEANING) if table.unit_label.fr == "demandes" else table for table in release.tables
    )
    return replace(release, tables=tuple(tables))


def test_what_the_tables_count_is_told_once_in_the_language_of_the_page():
    assert words(defined(made_up_release()))["Demandes"] == MEANING.fr
    assert words(defined(made_up_release()), ENGLISH)["Requests"] == MEANING.en


def test_a_unit_that_no_table_of_the_page_counts_is_not_named():
    whole = defined(made_up_release())
    others = replace(whole, tables=tuple(table for table in whole.tables if table.unit_label.fr != "demandes"))

    assert "Demandes" not in words(others)


def test_hidden_numbers_are_explained_where_numbers_may_be_hidden():
    assert "Nombre masqué" in words(public_release())
    assert "Nombre masqué" not in words(made_up_release())


@pytest.mark.parametrize("language", [FRENCH, ENGLISH])
def test_words_follow_the_alphabet_and_hold_no_number(language):
    told = words(defined(public_release()), language)

    assert list(told) == sorted(told, key=str.casefold)
    assert not re.search(r"\d", " ".join(told.values()))
