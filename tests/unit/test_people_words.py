"""The words for the people served are filled in and agree; a word that is no choice is refused with those that are."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from pipelines.charts.sentences import table_sentences
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import ReleaseCell, ReleaseTable
from pipelines.errors import ConfigurationError
from pipelines.language import Language, Text
from pipelines.people_words import WordingSettings, load_words, usual_words
from pipelines.tables.table_spec import load_catalogue
from pipelines.units import Unit

CONFIG = Path(__file__).resolve().parents[2] / "config"


def words(people=None, survivor=None):
    return load_words(CONFIG, WordingSettings(people=people, survivor=survivor), "essai")


@pytest.mark.parametrize(
    ("people", "french", "english"),
    [
        (None, "personnes rencontrées", "persons met"),
        ("femmes", "femmes rencontrées", "women met"),
        ("personnes_survivantes", "personnes survivantes rencontrées", "survivors met"),
        ("usageres_et_usagers", "usagères et usagers rencontrés", "service users met"),
    ],
)
def test_a_participle_agrees_with_what_people_are_called(people, french, english):
    label = load_catalogue(CONFIG, words=words(people)).unit[Unit.PERSON_MET].label

    assert (label.fr, label.en) == (french, english)


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("{A_person} accompagné{e}", "fr", "Un usager ou une usagère accompagné"),
        ("combien {of_persons}", "fr", "combien d'usagères et usagers"),
        ("Ce qu'{they} en disent", "fr", "Ce qu'elles et ils en disent"),
        ("how many {persons}", "en", "how many service users"),
        ("depuis {year}, {units}", "fr", "depuis {year}, {units}"),
    ],
)
def test_braces_are_filled_and_those_of_others_are_left(text, language, written):
    assert words("usageres_et_usagers").fill(text, language) == written


SENTENCES = {
    ("femmes", 0): "on ne compte aucune femme rencontrée.",
    ("femmes", 1): "on compte 1 femme rencontrée.",
    ("femmes", 2): "on compte 2 femmes rencontrées.",
    ("usageres_et_usagers", 0): "on ne compte aucun usager ou usagère rencontré.",
    ("usageres_et_usagers", 1): "on compte 1 usager ou usagère rencontré.",
    ("usageres_et_usagers", 2): "on compte 2 usagères et usagers rencontrés.",
}


@pytest.mark.parametrize(("people", "count"), SENTENCES)
def test_a_sentence_about_none_one_or_two_agrees_in_number_and_gender(people, count):
    settings = load_catalogue(CONFIG, words=words(people)).unit
    cell = ReleaseCell((), count, CellStatus.SHOWN)
    some = Text("x", "x")
    table = ReleaseTable("t", some, Unit.PERSON_MET, settings[Unit.PERSON_MET].label, some, "2023-2024", (), (cell,))

    [told] = table_sentences(table, settings, Language("fr"))

    assert told.endswith(SENTENCES[people, count]), told


def test_who_lived_an_aggression_is_called_as_the_centre_says():
    definition = load_catalogue(CONFIG, words=words(survivor="survivante")).unit[Unit.AGGRESSOR_LINK].definition

    assert "pour la survivante" in definition.fr
    assert "to the survivor" in definition.en


@pytest.mark.parametrize("key", ["people", "survivor"])
def test_a_word_that_is_no_choice_is_refused_with_the_list_of_choices(key):
    with pytest.raises(ConfigurationError) as refused:
        words(**{key: "clientes"})

    told = refused.value.one_line(Language("fr"))
    assert f"essai.toml, wording.{key}" in told
    assert ("femmes, femmes_et_adolescentes" if key == "people" else "victime, survivante") in told


def test_every_choice_is_written_in_small_letters_and_begins_a_text_with_a_capital():
    for people in ("personnes", "femmes", "survivantes", "personnes_victimes", "femmes_et_adolescentes"):
        assert words(people).fill("{Persons}", "fr") == words(people).fill("{persons}", "fr").capitalize()


def test_no_brace_for_people_is_left_in_the_catalogue():
    catalogue = load_catalogue(CONFIG)

    assert [text for text in texts_of(catalogue) if "{person" in text.fr + text.en or "{e}" in text.fr] == []
    assert usual_words().fill("{persons}", "fr") == "personnes"


def texts_of(value):
    """Every text of a part of the configuration."""
    if isinstance(value, Text):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    if isinstance(value, BaseModel):
        inner = [each for _, each in value]
    return [text for each in inner for text in texts_of(each)]
