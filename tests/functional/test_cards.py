"""The card of each table that a report tells: nothing of it is left out for a newer kind of record."""

import datetime
import html
import json
import re

import pytest

from pipelines import read_release
from pipelines.language import Language, Text
from pipelines.model.build_database import made_of
from pipelines.outputs.number_card import number_cards
from pipelines.outputs.release_record import ReleaseFacts
from pipelines.tables.table_spec import UnitSettings, load_catalogue
from tests.functional.conftest import REPOSITORY

KINDS = {"definition", "unit", "population", "period", "n", "missing", "checks", "run", "files", "query"}
CARD = re.compile(r'<dl class="card" data-name="(\w+)">(.*?)</dl>', re.DOTALL)
LINE = re.compile(r'<dd class="([\w-]+)">(.*?)</dd>', re.DOTALL)
#: The load, then each file.
DIGEST = re.compile(r"\b[0-9a-f]{16}\b")


@pytest.fixture(scope="module")
def release(reported):
    return read_release(str(reported[0].release))


@pytest.fixture(scope="module")
def cards(reported, release) -> dict[str, dict[str, str]]:
    """The lines of the card of each table that is collected, with what the report's own record tells."""
    record = json.loads((reported[0].release / "record.json").read_text(encoding="utf-8"))
    told = {name: record[name] for name in ("load_id", "inputs", "checks", "suites", "sources")}
    facts = ReleaseFacts(record["fingerprint"], datetime.date(2024, 6, 1), **told, made_of=made_of())
    collected = {table.id for table in release.tables if table.is_collected}
    found = number_cards(release, facts, Language("fr"))
    return {name: {line.kind: line.text for line in card.lines} for name, card in found.items() if name in collected}


@pytest.fixture(scope="module")
def on_page(reported) -> dict[str, dict[str, str]]:
    page = (reported[0].release / "dashboard.html").read_text(encoding="utf-8")
    return {name: {kind: html.unescape(text) for kind, text in LINE.findall(body)} for name, body in CARD.findall(page)}


def lacking(card: dict[str, str]) -> set[str]:
    return KINDS - {kind.removeprefix("same-") for kind in card}


def test_every_table_that_is_collected_has_a_card_with_every_line(cards):
    assert len(cards) > 100
    assert {name: lines for name, card in cards.items() if (lines := lacking(card))} == {}


def test_every_card_says_what_its_unit_is_and_from_which_files_it_comes(cards, release):
    units = load_catalogue(REPOSITORY / "config", "demo").unit
    defined = {table.id: units[table.unit].definition.fr for table in release.tables}

    assert [name for name, card in cards.items() if defined[name] not in card["definition"]] == []
    assert [name for name, card in cards.items() if len(DIGEST.findall(card["files"])) < 2] == []


def test_the_page_tells_the_same_cards(cards, on_page):
    told = on_page.keys() & cards.keys()

    assert len(told) > 80
    assert {name: on_page[name]["files"] for name in told} == {name: cards[name]["files"] for name in told}
    assert {name: lines for name in told if (lines := lacking(on_page[name]))} == {}


def test_a_unit_without_a_definition_is_refused():
    with pytest.raises(ValueError, match="definition"):
        UnitSettings.model_validate({"label": Text("plaintes", "complaints")})
