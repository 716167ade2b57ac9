"""The two pages about protection as they are met: without a network, on a phone, on paper, by a screen reader."""

import re

import pytest

from pipelines.language import Language
from pipelines.outputs.protection_page import write_protection_page
from pipelines.outputs.register_page import write_register
from tests.unit.outputs.made_up_protection import (
    TITLES,
    protected_release,
    protection_report,
    register_facts,
    register_settings,
)

FRENCH = Language("fr")
#: What an automatic audit of accessibility looks for first, by the part of the page that lacks it.
FAULTS = """() => {
    const all = what => [...document.querySelectorAll(what)];
    const level = heading => Number(heading.tagName[1]);
    const headings = all('h1, h2, h3, h4');
    const ids = all('[id]').map(one => one.id);
    return {
        language: all('html:not([lang])').length,
        title: document.title.trim() ? 0 : 1,
        main: Math.abs(all('main').length - 1),
        firstHeading: Math.abs(all('h1').length - 1),
        skippedHeadings: headings.filter((one, place) => place && level(one) > level(headings[place - 1]) + 1).length,
        emptyHeadings: headings.filter(one => !one.textContent.trim()).length,
        headers: all('th:not([scope])').length,
        captions: all('table').filter(one => !one.caption || !one.caption.textContent.trim()).length,
        sameIds: ids.length - new Set(ids).size,
        labels: all('[aria-labelledby]').filter(one => !ids.includes(one.getAttribute('aria-labelledby'))).length,
        strayItems: all('li').filter(one => !one.closest('ul, ol')).length,
        strayTerms: all('dt, dd').filter(one => !one.closest('dl')).length,
        emptyLists: all('ul, ol, dl').filter(one => !one.children.length).length,
        listChildren: all('ul > :not(li), dl > :not(dt, dd)').length,
    };
}"""
CONTRAST = """() => {
    const channels = color => color.match(/[\\d.]+/g).map(Number);
    const light = color => {
        const [r, g, b] = channels(color).map(value => value / 255)
            .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = one => {
        for (let node = one; node; node = node.parentElement) {
            const color = getComputedStyle(node).backgroundColor;
            if (channels(color)[3] !== 0) return color;
        }
        return 'rgb(255, 255, 255)';
    };
    const texts = [...document.querySelectorAll('body *')].filter(one =>
        [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()));
    return Math.min(...texts.map(one => {
        const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    }));
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The path of each page, by its name."""
    folder = tmp_path_factory.mktemp("pages")
    release = protected_release()
    protection, register = folder / "protection.html", folder / "registre.html"
    write_protection_page(protection_report(), release, protection, FRENCH, titles=TITLES)
    write_register(release, register_facts(), register_settings(), register, titles=TITLES)
    return {"protection": protection, "register": register}


@pytest.fixture(scope="module")
def open_page(browser, pages):
    """Opens a page in a window of its own; `page.faults` and `page.asked`: what it complained of and asked for."""
    contexts = []

    def open_named(name, *, width=1100, height=900):
        context = browser.new_context(viewport={"width": width, "height": height})
        context.route(re.compile("^(?!file:)"), lambda route: route.abort())
        contexts.append(context)
        page = context.new_page()
        page.faults, page.asked = [], []
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(pages[name].as_uri())
        return page

    yield open_named
    for context in contexts:
        context.close()


BOTH = pytest.mark.parametrize("name", ["protection", "register"])


@BOTH
def test_an_audit_of_accessibility_finds_nothing(open_page, name):
    found = open_page(name).evaluate(FAULTS)

    assert {fault: count for fault, count in found.items() if count} == {}


@BOTH
def test_every_text_stands_out_from_its_ground(open_page, name):
    assert open_page(name).evaluate(CONTRAST) >= 4.5


@BOTH
def test_a_page_asks_for_nothing_but_itself(open_page, pages, name):
    page = open_page(name)

    assert page.asked == [pages[name].as_uri()]
    assert page.faults == []


@BOTH
def test_the_smallest_phone_shows_a_page_without_scrolling_sideways(open_page, name):
    page = open_page(name, width=320, height=640)

    assert page.evaluate("document.documentElement.scrollWidth") == 320


@BOTH
def test_a_page_prints_on_letter(open_page, name):
    document = open_page(name).pdf(prefer_css_page_size=True)

    assert set(re.findall(rb"/MediaBox\s*\[0 0 (\d+)[.\d]* (\d+)", document)) == {(b"612", b"792")}


def test_the_register_is_one_printed_page(open_page):
    document = open_page("register").pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", document)) == 1


def test_the_register_says_the_language_of_each_half(open_page):
    page = open_page("register")

    assert page.eval_on_selector_all("section", "found => found.map(one => one.lang)") == ["fr-CA", "en-CA"]


def test_the_warning_stays_on_the_screen(open_page):
    page = open_page("protection", height=400)
    page.evaluate("window.scrollTo(0, 800)")

    assert page.evaluate("document.querySelector('.warning').getBoundingClientRect().top") == 0
    assert page.inner_text(".warning").startswith("NE PAS DIFFUSER")


def test_the_warning_is_on_paper_too(open_page):
    page = open_page("protection")
    page.emulate_media(media="print")

    assert page.locator(".warning").is_visible()
