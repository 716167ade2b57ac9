"""`bilan ledger list` and `why`: what is out and since when, and never a number."""

import json
import shutil

import pytest

from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.ledger.approval import withdraw
from pipelines.disclosure.ledger.ledger import Ledger, read_ledger
from pipelines.disclosure.ledger.ledger_story import (
    CellName,
    explain_cell,
    parse_cell_name,
    read_reasons,
    story_facts,
    tell_cell,
    tell_entries,
    write_reasons,
)
from pipelines.errors import UsageError
from pipelines.language import Language
from tests.made_up_ledger import APPROVED_BY, PREPARED_BY, TODAY, approve_draft, write_draft
from tests.made_up_release import REFERRAL, table

ENGLISH = Language("en")
SCHOOL = CellName("referral_source", ("ecole",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two releases of one year: the second, for a funder, shows what the first one hid."""
    root = tmp_path_factory.mktemp("story")
    approve_draft(write_draft(root / "public"), root / "exemple")
    shown = table("referral_source", REFERRAL, {"elle_meme": 700, "ecole": 12}, title="Source de référence", total=712)
    funder = write_draft(root / "bailleur", ledger_version=1, audience="bailleur", tables=(shown,))
    approve_draft(funder, root / "exemple")
    return root / "exemple"


@pytest.fixture(scope="module")
def ledger(folder):
    return read_ledger(folder)


@pytest.mark.parametrize(
    "text",
    [
        "age_by_link 12_17 famille",
        "age_by_link:12_17,famille",
        " age_by_link : 12_17 , famille",
        "age_by_link  12_17 famille ",
    ],
)
def test_a_cell_is_named_in_two_ways(text):
    assert parse_cell_name(text) == CellName("age_by_link", ("12_17", "famille"))


def test_a_total_alone_is_named_by_its_table():
    assert parse_cell_name("requests") == CellName("requests", ())


@pytest.mark.parametrize("text", ["", "  ", ":a", "age:", "age:a,,b"])
def test_what_names_no_cell_is_refused(text):
    with pytest.raises(UsageError, match="cannot be understood"):
        parse_cell_name(text)


def test_a_cell_tells_each_release_that_holds_it(ledger):
    story = explain_cell(ledger, SCHOOL, {})

    own = [(each.entry.number, each.status) for each in story.tellings if each.cell == SCHOOL]
    assert own == [(1, CellStatus.HIDDEN), (2, CellStatus.SHOWN)]


def test_a_cell_is_found_again_in_the_comparison_of_years(ledger):
    story = explain_cell(ledger, SCHOOL, {})

    years = [each.period for each in story.tellings if each.cell.table_id == "referral_source_by_year"]
    assert years == ["2021-2022", "2022-2023", "2023-2024"]


def test_a_year_of_a_comparison_is_found_again_in_its_own_table(ledger):
    story = explain_cell(ledger, CellName("referral_source_by_year", ("2023-2024", "ecole")), {})

    assert SCHOOL in [telling.cell for telling in story.tellings]


def test_another_year_of_a_comparison_is_not_this_years_table(ledger):
    story = explain_cell(ledger, CellName("referral_source_by_year", ("2022-2023", "ecole")), {})

    assert [telling.cell.table_id for telling in story.tellings] == ["referral_source_by_year"]


def test_since_when_is_told_by_year(ledger):
    story = explain_cell(ledger, SCHOOL, {})

    assert {period: each.entry.number for period, each in story.since(CellStatus.SHOWN).items()} == {"2023-2024": 2}
    assert set(story.since(CellStatus.HIDDEN)) == {"2021-2022", "2022-2023", "2023-2024"}


def test_no_value_is_ever_told(ledger):
    story = explain_cell(ledger, CellName("referral_source", ("elle_meme",)), {})

    told = " ".join(ENGLISH.text(line) for line in tell_cell(story)) + json.dumps(story_facts(story))
    assert "shown" in told
    assert "700" not in told


def test_the_reason_is_told_in_plain_words(ledger, tmp_path):
    write_reasons(tmp_path, {SCHOOL.key: "protects_others"})

    story = explain_cell(ledger, SCHOOL, read_reasons(tmp_path))

    assert "a hidden number could be worked out" in ENGLISH.text(tell_cell(story)[-1])


def test_a_cell_of_a_draft_is_told_by_its_reason_alone():
    story = explain_cell(Ledger(), SCHOOL, {SCHOOL.key: "small"})

    told = [ENGLISH.text(line) for line in tell_cell(story)]
    assert told[0] == "No published report tells this cell yet"
    assert "threshold" in told[1]


@pytest.mark.parametrize("content", ['{"referral_source:ecole": "3"}', "[]", "{", '{"a": []}'])
def test_reasons_that_were_spoilt_are_refused(tmp_path, content):
    (tmp_path / "reasons.json").write_text(content)

    with pytest.raises(UsageError, match="reasons"):
        read_reasons(tmp_path)


def test_a_reason_that_nobody_can_say_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="unknown reasons"):
        write_reasons(tmp_path, {SCHOOL.key: "because"})


@pytest.mark.parametrize(
    ("cell", "hint"),
    [("elsewhere ecole", "referral_source_by_year"), ("referral_source nowhere", "each of: referral_source")],
)
def test_a_cell_that_no_release_holds_is_told_with_what_there_is(ledger, cell, hint):
    with pytest.raises(UsageError) as refusal:
        explain_cell(ledger, parse_cell_name(cell), {})

    assert hint in refusal.value.one_line(ENGLISH)


def test_the_list_has_a_line_for_each_entry(ledger):
    lines = [ENGLISH.text(line) for line in tell_entries(ledger)]

    assert len(lines) == 2
    assert lines[1].startswith("2. 2024-06-03: exemple, 2023-2024, bailleur")
    assert "shown: 9, hidden: 0" in lines[1]
    assert all(name in lines[1] for name in (PREPARED_BY, APPROVED_BY))


def test_a_withdrawal_is_listed_and_marks_its_tellings(ledger, folder, tmp_path):
    folder = shutil.copytree(folder, tmp_path / "exemple")
    release_id = ledger.entries[0].release_id
    withdraw(folder, release_id, reason="Erreur", prepared_by=PREPARED_BY, approved_by=APPROVED_BY, today=TODAY)
    ledger = read_ledger(folder)

    assert "withdrawal of release" in ENGLISH.text(tell_entries(ledger)[2])
    story = explain_cell(ledger, SCHOOL, {})
    assert {telling.entry.number for telling in story.tellings if telling.is_withdrawn} == {1}


def test_an_empty_ledger_says_so():
    assert [ENGLISH.text(line) for line in tell_entries(Ledger())] == ["Nothing was published yet: the ledger is empty"]
