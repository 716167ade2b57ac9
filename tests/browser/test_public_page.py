"""The page that leaves the centre: much is hidden in it, a table is not published, others are not for this audience."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.disclosure.reading.read_page import read_page
from pipelines.disclosure.release_table import untold_tables
from pipelines.language import Language
from tests.browser.test_dashboard import NOTEBOOKS, make_page, open_offline
from tests.hidden_release import HIDING, hide, public_release
from tests.made_up_release import made_up_release

FRENCH = Language("fr")
SIGN, HEARD = "s", FRENCH.say("hidden number")
LEGEND = FRENCH.say("{sign}: number hidden to protect people.", sign=SIGN)
RULE = (
    "The numbers of this page are protected so that nobody can be recognized in them. A number about fewer than {k} "
    "persons is hidden, and written {sign}. Persons are counted for this rule, not requests: five requests by one "
    "person are about one person."
)
ZEROS = FRENCH.say(
    "The zeros that are shown are true: nobody was counted there. The other numbers that are shown are true as well: "
    "none was changed."
)
UNTOLD = "referral_by_disposition"
NOT_FOR_THEM = ("residence", "disposition_after_request", "disposition_after_first_meeting")


def funders_release():
    """Fewer tables, one of them not published, one of which nothing can be drawn."""
    whole = public_release()
    meant = [table for table in whole.tables if table.id.removesuffix("_by_year") not in NOT_FOR_THEM]
    told = [table for table in meant if table.id != UNTOLD]
    told = [hide(one, HIDING["all but the totals"]) if one.id == "aggression_form" else one for one in told]
    untold = untold_tables({table.id: table.title for table in meant}, told)
    return replace(whole, audience="psoc", tables=tuple(told), untold=untold)


@pytest.fixture(scope="module")
def release():
    return funders_release()


@pytest.fixture(scope="module")
def path(release, tmp_path_factory):
    return make_page(release, tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def page(path, browser):
    opened = open_offline(browser, path)
    yield opened
    opened.context.close()


def downloaded(page, button):
    with page.expect_download() as event:
        page.click(button)
    return Path(event.value.path()).read_text(encoding="utf-8-sig")


def test_the_public_page_opens_without_a_fault_or_a_warning(page):
    assert page.faults == []
    assert page.locator(".banner, .watermark").count() == 0
    assert page.locator(".plot .main-svg .bars").count() > 0


def test_the_independent_reader_finds_nothing_but_the_shown_cells(path, release):
    assert read_page(path.read_text(encoding="utf-8"), release) == ()


@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_of_the_public_page_is_wider_than_the_screen(path, browser, width):
    page = open_offline(browser, path, width=width, height=740)
    try:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")

        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate(
            """[...document.querySelectorAll('.plot')].every(plot => [...plot.querySelectorAll('.annotation-text')]
                .every(text => text.getBoundingClientRect().right <= plot.getBoundingClientRect().right + 1))"""
        )
    finally:
        page.context.close()


@pytest.fixture
def hidden_cell(page):
    """A cell of an open table whose number is hidden."""
    page.evaluate("document.querySelector('#chart-relationship details').open = true")
    return page.locator("#chart-relationship td", has=page.locator(".sign")).first


def test_the_sign_is_heard_with_its_meaning(hidden_cell):
    assert hidden_cell.locator(".sign").inner_text() == SIGN
    assert hidden_cell.locator(".sign").get_attribute("title") == HEARD
    assert hidden_cell.aria_snapshot().splitlines() == [f"- cell {HEARD!r}".replace("'", '"')]


def test_the_sign_alone_is_seen(hidden_cell):
    width = "one => one.getBoundingClientRect().width"

    assert hidden_cell.locator(".sign").evaluate(width) > hidden_cell.locator(".unseen").evaluate(width) == 1


def test_a_table_that_is_saved_keeps_the_sign_and_says_what_it_means(page, release):
    lines = downloaded(page, "#chart-relationship button[data-table]").splitlines()
    hidden = [cell for cell in release.table("relationship").cells if cell.value is None]

    assert f'"{LEGEND}"' in lines
    assert sum(f';"{SIGN}";' in line for line in lines) == len(hidden) > 0
    assert HEARD not in "".join(line for line in lines if line != f'"{LEGEND}"')


def test_a_picture_says_what_its_sign_means(page):
    picture = downloaded(page, "#chart-relationship button[data-picture=svg]")

    assert LEGEND in picture


def test_each_chart_with_a_hidden_number_explains_the_sign(page):
    unexplained = page.evaluate(
        """legend => [...document.querySelectorAll('figure.chart')].filter(one => one.querySelector('td .sign')
            && one.querySelector('td .sign').textContent === 's' && !one.textContent.includes(legend))
            .map(one => one.id)""",
        LEGEND,
    )

    assert unexplained == []


def test_a_chart_of_which_all_is_hidden_has_its_table_and_no_drawing(page):
    assert page.locator("#chart-aggression_form .plot").count() == 0
    assert page.locator("#chart-aggression_form table").count() == 1
    assert page.locator("#chart-aggression_form button").count() == 1


def test_a_table_that_is_not_published_is_said(page, release):
    said = page.locator(".untold").inner_text()

    assert release.untold[0].title.fr in said
    assert release.untold[0].reason.fr in said


def test_headings_with_nothing_below_them_are_not_there(page):
    titles = page.locator("main :is(h2, h3)").all_inner_texts()

    assert "Lieu de résidence" not in titles
    assert "Les suites données" not in titles
    assert "Âge au moment de la demande" in titles


def test_the_contents_name_the_sections_that_are_there(page):
    linked = page.evaluate(
        "[...document.querySelectorAll('.contents a')].map(one => one.getAttribute('href').slice(1))"
    )

    assert "section-05_dispositions" not in linked
    assert linked == page.evaluate("[...document.querySelectorAll('main section')].map(one => one.id)")


def test_the_page_says_how_people_are_protected(page, release):
    said = page.locator("#confidentiality").inner_text()

    assert FRENCH.say(RULE, k=release.protection.k, sign=SIGN) in said
    assert ZEROS in said


def test_the_centres_own_page_says_nothing_of_protection(tmp_path, browser):
    page = open_offline(browser, make_page(made_up_release(), tmp_path, notebooks=NOTEBOOKS[4:5]))
    try:
        assert page.locator("#confidentiality").count() == 0
    finally:
        page.context.close()
