"""What a reader reads: Quebec's typography, both genders, no word that blames or doubts a survivor."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.code.user_texts import as_read, template_words, user_texts

_RULES = tomllib.loads((Path(__file__).parent / "language_rules.toml").read_text(encoding="utf-8"))
RULES = {rule["id"]: rule for rule in _RULES["rule"]}
FEMININE = _RULES["feminine"]
BAD = [(rule, text) for rule in RULES for text in RULES[rule]["bad"]]
GOOD = [(rule, text) for rule in RULES for text in RULES[rule]["good"]]


def faults(language: str, text: str) -> list[str]:
    """The rules that a text breaks."""
    read = as_read(text)
    broken = [id for id, rule in RULES.items() if rule["language"] == language and re.search(rule["pattern"], read)]
    if language == "fr":
        broken += [f"without its feminine: {word}" for word in FEMININE if stands_alone(word, read)]
    return broken


def stands_alone(masculine: str, text: str) -> bool:
    """Whether the masculine is there and its feminine is not."""
    found = re.search(rf"\b(?:{masculine})\b(?!\()", text, re.IGNORECASE)
    return found is not None and not re.search(FEMININE[masculine], text, re.IGNORECASE)


def test_every_sentence_for_a_reader_keeps_the_rules(repository):
    found = [
        f"{each.where}: {', '.join(broken)}"
        for each in user_texts(repository)
        if (broken := faults(each.language, each.text))
    ]

    assert found == []


def test_no_template_writes_a_word_by_itself(repository):
    # The name of an algorithm and of a file are the same in both languages.
    assert [text for _, text in template_words(repository) if text != "SHA-256, cells.csv"] == []


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_a_planted_fault_is_found(rule, text):
    assert rule in faults(RULES[rule]["language"], text)


@pytest.mark.parametrize(("rule", "text"), GOOD)
def test_a_right_sentence_is_left_alone(rule, text):
    assert rule not in faults(RULES[rule]["language"], text)


@pytest.mark.parametrize("masculine", FEMININE)
def test_a_masculine_alone_is_found_and_beside_its_feminine_is_not(masculine):
    word = masculine.replace("s?", "s")
    feminine = FEMININE[masculine].split("|")[0]

    assert stands_alone(masculine, f"Les {word} de la région")
    assert not stands_alone(masculine, f"Les {feminine}s et {word} de la région")


@pytest.mark.parametrize("id", RULES)
def test_every_rule_has_its_planted_fault_and_its_reason(id):
    assert RULES[id]["bad"]
    assert RULES[id]["good"]
    assert RULES[id]["why"]


FAULT = "La victime présumée"
PLACES = {
    "config/tables/01.toml": f'[[table]]\ntitle = {{ fr = "{FAULT}", en = "x" }}\n',
    "config/centres/demo.toml": f'name = {{ fr = "{FAULT}", en = "x" }}\n',
    "config/audiences/public.toml": f'[title]\nfr = "{FAULT}"\nen = "x"\n',
    "config/vocabularies/area.csv": f"code,label_fr,label_en\na,{FAULT},x\n",
    "expectations/core_request.json": json.dumps({"expectations": [{"meta": {"title": {"fr": FAULT, "en": "x"}}}]}),
    "notebooks/demo/01_a.ipynb": json.dumps({"cells": [{"cell_type": "markdown", "metadata": {}, "source": [FAULT]}]}),
    "pipelines/locale/fr/bilan.po": f'msgid "x"\nmsgstr "{FAULT}"\n',
}


@pytest.mark.parametrize("place", PLACES)
def test_a_fault_is_found_wherever_a_reader_may_meet_it(tmp_path, place):
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(PLACES[place], encoding="utf-8")

    assert [each.where.split(":")[0] for each in user_texts(tmp_path) if faults(each.language, each.text)] == [place]


def test_a_word_that_a_template_writes_by_itself_is_found(tmp_path):
    file = tmp_path / "pipelines" / "page.html.j2"
    file.parent.mkdir()
    file.write_text('<p title="{{ say("Total") }}">{{ say("Total") }}</p>\n<p>Bonjour</p>', encoding="utf-8")

    assert [text for _, text in template_words(tmp_path)] == ["Bonjour"]
