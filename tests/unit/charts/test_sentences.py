"""Sentences to paste: they agree with what they count, and say nothing of what is hidden."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.charts.sentences import table_sentences
from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import ReleaseCell
from pipelines.language import LANGUAGES, Language, Text
from pipelines.tables.table_spec import load_catalogue
from pipelines.units import Unit
from tests.made_up_release import dimension, made_up_release, table
from tests.published_folder import public_release

CONFIG = Path(__file__).resolve().parents[3] / "config"
UNITS = load_catalogue(CONFIG, "demo").unit
FRENCH = Language("fr")
SIDE = dimension("answer", {"a": "Oui", "b": "Peut-être"}, missing=())


def sentences(counts, unit=Unit.REQUEST, language="fr"):
    counted = replace(table("t", SIDE, counts), unit=unit, unit_label=UNITS[unit].label)
    return [text.replace("\u00a0", " ") for text in table_sentences(counted, UNITS, Language(language))]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, "Pour 2023-2024, on ne compte aucune demande d'aide."),
        ({"a": 1}, "Pour 2023-2024, on compte 1 demande d'aide."),
        ({"a": 1}, "La seule demande d'aide relève de « Oui »."),
        ({"a": 1}, "La seule demande d'aide ne relève pas de « Peut-être »."),
        ({"a": 1, "b": 1}, "Parmi les 2 demandes d'aide, 1 (50,0 %) relève de « Oui »."),
        ({"a": 2}, "Parmi les 2 demandes d'aide, 2 (100,0 %) relèvent de « Oui »."),
        ({"a": 2}, "Parmi les 2 demandes d'aide, aucune ne relève de « Peut-être »."),
        ({"a": 1000, "b": 1}, "Pour 2023-2024, on compte 1 001 demandes d'aide."),
        ({"a": 1000, "b": 1}, "Parmi les 1 001 demandes d'aide, 1 000 (99,9 %) relèvent de « Oui »."),
    ],
)
def test_they_agree_in_number_with_what_is_counted(counts, expected):
    assert expected in sentences(counts)


def test_they_agree_in_gender():
    assert "Le seul lien avec un agresseur relève de « Oui »." in sentences({"a": 1}, Unit.AGGRESSOR_LINK)
    assert "Pour 2023-2024, on ne compte aucun lien avec un agresseur." in sentences({}, Unit.AGGRESSOR_LINK)


def test_english_agrees_too():
    assert "For 2023-2024, there is 1 request for help." in sentences({"a": 1}, language="en")
    assert "Among the 1,001 requests for help, 1 (0.1%) comes under “Peut-être (en)”." in sentences(
        {"a": 1000, "b": 1}, language="en"
    )


def test_hours_are_hours():
    told = sentences({"a": 12_930, "b": 60}, Unit.MEETING_MINUTE)

    assert "Pour 2023-2024, le total est de 216 h 30 (heures de rencontre)." in told
    assert "Sur 216 h 30 (heures de rencontre), 1 h (0,5 %) relève de « Peut-être »." in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 1000])
def test_each_table_of_the_catalogue_can_hold_this_number_everywhere(count, language):
    """Of every unit that the demonstration counts: no sentence breaks, and no plural follows a single one."""
    for unit, words in UNITS.items():
        told = sentences({"a": count, "b": 0}, unit, language)
        many, one = words.label.in_language(Language(language)), words.one.in_language(Language(language))
        assert all(text.endswith(".") and "{" not in text and "  " not in text for text in told)
        if unit.measure == "count" and many != one:
            assert not any(re.search(rf"(?<![\d ])\b1 {re.escape(many)}\b", text) for text in told)
            assert any((one if count < 2 else many) in text for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_cell_is_never_named(language):
    release, hidden = public_release()
    words = Language(language)
    for shown in release.tables:
        told = table_sentences(shown, UNITS, words)
        for code in shown.dimensions[0].codes if len(shown.dimensions) == 1 else ():
            if (shown.id, (code.code,)) in hidden and not code.parent:
                label = code.label.in_language(words)
                assert not any(f"«\u00a0{label}\u00a0»" in text or f"“{label}”" in text for text in told)


def test_a_hidden_total_is_told_in_words():
    hidden = ReleaseCell((TOTAL,), None, CellStatus.HIDDEN)
    counted = table("t", SIDE, {"a": 7, "b": CellStatus.HIDDEN}, unit=Unit.REQUEST, total=9)
    counted = replace(counted, unit_label=UNITS[Unit.REQUEST].label, cells=(hidden, *counted.cells[1:]))
    told = [text.replace("\u00a0", " ") for text in table_sentences(counted, UNITS, FRENCH)]

    assert told[:2] == [
        "Pour 2023-2024, le nombre de demandes d'aide est masqué.",
        "Pour 2023-2024, 7 demandes d'aide relèvent de « Oui ».",
    ]
    assert not any("Peut-être" in text for text in told)


def test_years_that_may_be_compared_are_set_beside_each_other():
    release = made_up_release()
    by_year = release.table("relationship_by_year")
    told = table_sentences(replace(by_year, unit_label=Text("liens", "links")), UNITS, FRENCH)

    assert sum(text.startswith("Pour 20") for text in told) == len(by_year.dimensions[0].classes)
    assert any(re.search(r"en 2021-2022, .* en 2023-2024\.$", text) for text in told)
