"""A hidden number planted in the card of a number is found; the card itself says nothing that the cells do not."""

import datetime
import re

import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.find_leaks import find_leaks
from pipelines.disclosure.reading.read_page import read_page
from pipelines.outputs.release_record import ReleaseFacts
from tests.published_folder import ENGLISH, FRENCH, write_public_folder

FACTS = ReleaseFacts("0123456789abcdef" * 4, datetime.date(2024, 6, 1), "1234567890123456", (), {})
MOTHER = ("relationship", ("mere",))


@pytest.fixture(scope="module", params=[FRENCH, ENGLISH], ids=["fr", "en"])
def original(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("public") / "release"
    only = ("requester_type", "relationship", "age_by_relationship", "relationship_by_year")
    release, hidden = write_public_folder(folder, request.param, only, facts=FACTS)
    page = re.sub(r"<script>.{100000,}?</script>", "", (folder / "dashboard.html").read_text("utf-8"), flags=re.DOTALL)
    (folder / "dashboard.html").write_text(page, encoding="utf-8")
    return folder, release, hidden, page


def line_of(page: str, table: str, kind: str) -> re.Match[str]:
    """The line of the card under the chart of a table."""
    begins = page.index(f'<dl class="card" data-name="{table}">', page.index(f'id="chart-{table}"'))
    found = re.compile(rf'<dd class="{kind}">(.*?)</dd>', re.DOTALL).search(page, begins)
    assert found is not None
    return found


def planted(page: str, table: str, kind: str, text: str) -> str:
    line = line_of(page, table, kind)
    return page[: line.start(1)] + text + page[line.end(1) :]


def test_a_card_says_nothing_but_what_the_cells_say(original):
    _, release, _, page = original

    assert FACTS.release_id in page
    assert page.count('<dl class="card"') >= len(release.tables)
    assert read_page(page, release) == ()


@pytest.mark.parametrize("kind", ["definition", "unit", "missing", "period", "files", "run"])
def test_the_number_of_a_hidden_cell_is_found_in_any_line(original, kind):
    folder, release, hidden, page = original
    label = release.table(MOTHER[0]).dimensions[0].by_code[MOTHER[1][0]].label
    named = f"{label.fr}: {hidden[MOTHER]}"

    spoilt = planted(page, MOTHER[0], kind, named)

    assert MOTHER in {cell for leak in read_page(spoilt, release) for cell in leak.cells}
    (folder / "dashboard.html").write_text(spoilt, encoding="utf-8")
    try:
        assert (*MOTHER,) in {(leak.table, leak.codes) for leak in find_leaks(folder, hidden)}
    finally:
        (folder / "dashboard.html").write_text(page, encoding="utf-8")


@pytest.mark.parametrize("name", ["data-n", "title", "style"])
def test_a_number_in_an_attribute_of_a_card_is_found(original, name):
    _, release, hidden, page = original
    line = line_of(page, MOTHER[0], "unit")

    spoilt = page[: line.start()] + f'<dd class="unit" {name}="{99_990_000 + hidden[MOTHER]}">' + page[line.start(1) :]

    assert read_page(spoilt, release) != ()


def test_another_total_than_the_tables_is_found(original):
    _, release, _, page = original
    total = release.table("requester_type").total.value
    assert total is not None

    for wrong in (total + 1, total - 1):
        leaks = read_page(planted(page, "requester_type", "n", str(wrong)), release)
        assert {leak.cells for leak in leaks} == {(("requester_type", (TOTAL,)),)}


def test_a_card_of_a_table_that_was_not_released_is_refused(original):
    from pipelines.errors import InputRefused

    _, release, _, page = original
    strange = page.replace('<dl class="card" data-name="requester_type">', '<dl class="card" data-name="secret">', 1)

    with pytest.raises(InputRefused):
        read_page(strange, release)


@pytest.mark.parametrize("name", ["approval.json", "note.txt"])
def test_the_digits_of_a_fingerprint_are_no_number_and_those_beside_it_are(original, name):
    folder, release, hidden, _ = original
    label = release.table(MOTHER[0]).dimensions[0].by_code[MOTHER[1][0]].label.fr
    digest = f"ca{hidden[MOTHER]}".ljust(64, "b")
    assert len(digest) == 64

    def leaks(number: str) -> list[str]:
        said = f'{{"label": "{label}", "said": "{number}"}}' if name.endswith("json") else f"{label}: {number}"
        (folder / name).write_text(said, encoding="utf-8")
        found = [leak.table for leak in find_leaks(folder, hidden) if leak.file == name]
        (folder / name).unlink()
        return found

    assert leaks(digest) == []
    assert leaks(str(hidden[MOTHER])) != []
