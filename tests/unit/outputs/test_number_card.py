"""The card of a number tells what the release and its record tell, and computes nothing of its own."""

import datetime
from dataclasses import replace

import pytest

from pipelines.charts.counted_rows import write_cell
from pipelines.codes import TOTAL
from pipelines.language import NO_BREAK_SPACE, Language, Text
from pipelines.outputs.number_card import number_cards
from pipelines.outputs.release_record import ReleaseFacts
from pipelines.units import Unit
from tests.hidden_release import public_release
from tests.made_up_release import made_up_release

FRENCH = Language("fr")
FILE = "0123456789abcdef" * 4
FACTS = ReleaseFacts(
    "f00dfeed" * 8,
    datetime.date(2024, 6, 1),
    "abcdef0123456789",
    (),
    {},
    suites={"core_request": 23, "core_aggression": 18, "core_kit": 7},
    sources={"core_request": [FILE], "core_kit": ["e" * 64]},
)
QUERY = "select core_request.period from core_aggression left join core_request"


def card(table_id: str, facts: ReleaseFacts | None = FACTS, **changes) -> dict[str, str]:
    release = made_up_release()
    tables = tuple(replace(table, **changes) if table.id == table_id else table for table in release.tables)
    lines = number_cards(replace(release, tables=tables), facts, FRENCH)[table_id].lines
    return {line.kind: line.text for line in lines}


def test_a_card_says_what_is_counted_in_the_words_of_the_release() -> None:
    told = card("requester_type", definition=Text("Une demande est un appel.", "A request is a call."))

    assert told["definition"].endswith("Une demande est un appel.")
    assert told["unit"] == "demandes"
    assert told["population"] == "Les demandes d'aide reçues dans l'année"
    assert told["period"] == "2023-2024"


def test_n_is_the_total_of_the_table_for_each_table() -> None:
    release = made_up_release()
    cards = number_cards(release, FACTS, FRENCH)

    for table in release.tables:
        told = {line.kind: line.text for line in cards[table.id].lines}
        if table.is_collected and len(table.dimensions) == 1 and table.unit is Unit.REQUEST:
            assert told["n"] == FRENCH.number(table.total.value)


def test_missing_answers_are_told_by_kind() -> None:
    assert card("age_at_request")["missing"] == (f"Non demandé{NO_BREAK_SPACE}: 25; Refus{NO_BREAK_SPACE}: 0")


def test_a_comparison_tells_each_year_and_names_the_query_of_its_table() -> None:
    told = card("requester_type_by_year")
    assert [part[-10:-1] for part in told["n"].split(", ")] == ["2021-2022", "2022-2023", "2023-2024"]


def test_the_same_query_is_written_once() -> None:
    release = made_up_release()
    tables = tuple(replace(table, query=QUERY) for table in release.tables[:2])
    first, second = number_cards(replace(release, tables=tables), FACTS, FRENCH).values()

    assert [line.text for line in first.lines if line.kind == "query"] == [QUERY]
    assert [line.text for line in second.lines if line.kind == "query"] == []
    assert tables[0].title.fr in next(line.text for line in second.lines if line.kind == "same-query")


def test_the_rules_and_files_are_those_of_the_tables_that_the_query_reads() -> None:
    told = card("requester_type", query=QUERY)

    assert "23 règles vérifiées sur core_request; 18 règles vérifiées sur core_aggression." in told["checks"]
    assert "core_kit" not in told["checks"]
    assert told["run"] == FACTS.release_id == ("f00dfeed" * 2)
    assert told["files"] == f"chargement abcdef0123456789; fichiers {FILE[:16]}"


def test_a_table_that_is_made_of_others_has_their_rules_and_files() -> None:
    facts = replace(FACTS, made_of={"core_unmet_need": ("core_request", "core_kit")})
    told = card("requester_type", facts, query="select core_unmet_need.period from core_unmet_need")

    assert "23 règles vérifiées sur core_request; 7 règles vérifiées sur core_kit." in told["checks"]
    assert told["files"].endswith(f"fichiers {FILE[:16]}, {'e' * 16}")


def test_a_page_that_is_drawn_again_does_not_say_where_its_numbers_come_from() -> None:
    told = card("requester_type", facts=None, query=QUERY)

    assert not {"checks", "run", "files"} & set(told)
    assert told["query"] == QUERY


def test_what_the_table_hides_the_card_hides_too() -> None:
    release = public_release()
    cards = number_cards(release, FACTS, FRENCH)
    one_way = [table for table in release.tables if len(table.dimensions) == 1 and table.is_collected]
    hidden = 0

    for table in one_way:
        told = {line.kind: line.text for line in cards[table.id].lines}
        cells = [table.cell(code.code) for code in table.dimensions[0].missing]
        hidden += sum(cell.value is None for cell in (table.total, *cells))
        assert told["n"] == write_cell(table.total, FRENCH)
        assert [part.rsplit(" ", 1)[-1] for part in told["missing"].split("; ")] == [
            write_cell(cell, FRENCH) for cell in cells
        ]
    assert hidden


@pytest.mark.parametrize("value", [90, 135])
def test_minutes_are_written_as_hours(value: int) -> None:
    table = next(table for table in made_up_release().tables if table.id == "work_hours")
    cells = tuple(replace(cell, value=value) if cell.codes == (TOTAL,) else cell for cell in table.cells)

    told = card("work_hours", cells=cells)

    assert told["n"] == FRENCH.duration(value)
    assert told["unit"].endswith("en heures et en minutes")


def test_a_table_that_is_not_collected_says_so() -> None:
    told = card("delay")

    assert told["n"] == ".."
    assert "missing" not in told
