"""The card of each number: there for every figure, opened by keyboard without a script, closed on paper."""

from dataclasses import replace

import pytest

from pipelines.language import Language
from tests.browser.test_dashboard import FACTS, make_page, open_offline
from tests.hidden_release import public_release
from tests.made_up_release import made_up_release

FRENCH = Language("fr")
QUERY = """with units as (
    select core_request.period, coalesce(core_request.requester_type_code, 'non_disponible') as first_code
    from core_request
)
select period, count(distinct unit_key) from units"""
#: Of each figure, the lines of its card that are not there.
LACKING = """kinds => [...document.querySelectorAll('figure.chart, .key-figures li')].flatMap(one => {
    const cards = [...one.querySelectorAll('dl.card')];
    const lines = cards.map(card => kinds.filter(kind => !(card.querySelector('dd.' + kind) || {}).textContent));
    return cards.length ? lines.flat() : [one.id || one.textContent];
})"""


def with_queries(release):
    """As the release of a report: each table knows the query that made it."""
    tables = (replace(table, query=f"{QUERY} -- {table.id}") for table in release.tables)
    return replace(release, tables=tuple(tables))


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cards")
    releases = {"internal": made_up_release(), "public": public_release()}
    return {name: make_page(with_queries(release), folder / name) for name, release in releases.items()}


@pytest.fixture
def open_page(browser, paths):
    opened = []

    def open_named(name, **settings):
        opened.append(open_offline(browser, paths[name], **settings))
        return opened[-1]

    yield open_named
    for page in opened:
        page.context.close()


BOTH = pytest.mark.parametrize("name", ["internal", "public"])


@BOTH
def test_every_figure_has_its_card_with_all_its_lines(open_page, name):
    kinds = ["definition", "unit", "population", "period", "n", "run", "files", "query", "checks"]

    page = open_page(name)

    assert page.evaluate(LACKING, kinds) == []
    assert page.locator("figure.chart").count() >= 13
    assert page.locator(".key-figures li").count() == page.locator(".key-figures dl.card").count() > 0


@BOTH
def test_a_card_opens_by_keyboard_without_a_script(open_page, name):
    page = open_page(name, scripts=False)
    summary = page.locator("#chart-requester_type .number-card > summary")
    card = page.locator("#chart-requester_type dl.card")
    assert not card.is_visible()

    # Its open table is the last thing of the figure before its card: the buttons need a script, and are not there.
    page.locator("#chart-requester_type .scroll").last.focus()
    page.keyboard.press("Tab")
    assert summary.evaluate("one => one === document.activeElement")
    page.keyboard.press("Enter")

    assert card.is_visible()
    assert FACTS.release_id in card.inner_text()


@BOTH
def test_n_is_the_total_that_the_table_shows(open_page, name):
    page = open_page(name)
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('figure.chart')].filter(one => {
            const row = one.querySelector('tr.total');
            return row && one.querySelectorAll('dl.card').length === 1 && !/_(?:by|school)_year$/.test(one.id);
        }).map(one => {
            const cells = [...one.querySelector('tr.total').querySelectorAll('td')];
            const names = [...one.querySelectorAll('thead th')].map(name => name.textContent);
            const cell = cells[Math.max(names.indexOf('Total'), 1) - 1];
            const text = part => (part.querySelector('.sign') || part).textContent.trim();
            return [one.id, text(cell), text(one.querySelector('dd.n'))];
        })"""
    )

    assert len(pairs) >= 8
    assert [pair for pair in pairs if pair[1] != pair[2]] == []


def test_a_key_figure_is_the_n_of_its_card(open_page):
    page = open_page("internal")
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('.key-figures li')].map(one =>
            [one.querySelector('.number').textContent, one.querySelector('dd.n').textContent])"""
    )

    assert pairs
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_each_of_the_measures_of_a_chart_has_its_card(open_page):
    page = open_page("internal")

    names = page.evaluate(
        """[...document.querySelectorAll('figure.chart')].map(one =>
            [...one.querySelectorAll('dl.card')].map(card => card.dataset.name))"""
    )

    assert {"service_persons", "services", "service_hours"} in [set(each) for each in names]


def test_a_summary_is_heard_with_the_figure_that_it_is_of(open_page):
    page = open_page("internal")
    pairs = page.evaluate(
        """() => [...document.querySelectorAll('figure.chart')].map(one =>
            [one.querySelector('.number-card > summary').textContent, one.querySelector('h3').textContent])"""
    )

    assert pairs
    name = FRENCH.say("Number card")
    assert [heard for heard, title in pairs if not heard.startswith(name) or not heard.endswith(title)] == []


def test_a_card_stays_closed_on_paper(open_page):
    page = open_page("internal")
    page.locator(".number-card > summary").first.click()
    page.emulate_media(media="print")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.locator(".number-card[open]").count() == 1
    assert page.locator(".number-card:visible").count() == 0
    assert page.locator("figure table:visible").count() > 0


@BOTH
def test_an_open_card_is_no_wider_than_a_phone(open_page, name):
    page = open_page(name, width=360, height=740)

    page.evaluate("document.querySelectorAll('.number-card').forEach(one => { one.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.faults == []


def test_cards_are_small(paths):
    """Twenty charts of a page, cards included, stay below one and a half megabytes."""
    content = paths["public"].read_text(encoding="utf-8")
    charts = content.count("<figure")

    assert charts >= 13
    assert len(content.encode()) < 1_200_000 + charts * 15_000
