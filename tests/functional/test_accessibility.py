"""Pages of real reports as everybody meets them: on a light and a dark screen, by keyboard, on the narrowest phone."""

import pytest

from tests.accessible_page import COLOURS, USABLE, keyboard_stops, too_wide, violations, wrong_for_somebody
from tests.printed_page import pages_of_boxes

OTHER_PAGES = ("quality.html", "protection-2023-2024.html", "2023-2024/public/registre.html")


@pytest.fixture(scope="module")
def reports(reported):
    return reported[0].root / "reports" / "demo"


@pytest.fixture(scope="module")
def public(reports, open_page):
    page = open_page(reports / "2023-2024" / "public" / "dashboard.html")
    page.wait_for_selector("body[data-drawn]")
    yield page
    page.close()


def test_the_public_page_is_right_for_everybody(public):
    assert violations(public) == []
    assert public.faults == []


def test_the_keyboard_reaches_all_that_can_be_used_and_shows_where_it_is(public):
    usable = public.locator(USABLE).count()

    stops = keyboard_stops(public)

    assert usable == len(stops) > 100
    assert {outline for _, outline in stops} == {"solid"}


def test_the_public_page_is_right_on_a_dark_screen(public):
    public.emulate_media(color_scheme="dark")

    assert violations(public, COLOURS) == []
    # Nothing on a dark screen is as dark as it would be on paper.
    drawn = public.evaluate(
        "[...new Set([...document.querySelectorAll('.plot .bars path, .plot .bg')].map(one => one.style.fill))]"
    )
    assert "rgb(31, 95, 122)" not in drawn
    assert "rgb(140, 196, 220)" in drawn
    public.emulate_media(color_scheme="light")


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_no_figure_is_cut_on_paper(public, paper):
    pages = pages_of_boxes(public, ".visual", format=paper)

    assert len(pages) == public.locator(".visual").count() > 20
    assert [place for place, (begins, ends) in enumerate(pages) if begins != ends] == []


def test_everything_is_as_wide_as_the_narrower_paper_and_its_tables_are_open(public):
    public.emulate_media(media="print", color_scheme="dark")
    # A4 without its margins, in pixels of 1/96 of an inch.
    public.set_viewport_size({"width": 688, "height": 900})
    public.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert too_wide(public, but=".unseen, svg") == []
    assert public.locator(".chart table:visible").count() == public.locator(".chart table").count()
    # On paper the colours are those of a light screen.
    assert public.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert public.locator(".plot .bars path").first.evaluate("one => one.style.fill") == "rgb(31, 95, 122)"
    public.evaluate("window.dispatchEvent(new Event('afterprint'))")
    public.emulate_media(media="screen", color_scheme="light")
    public.set_viewport_size({"width": 1200, "height": 900})


def test_nothing_of_the_public_page_is_wider_than_the_narrowest_phone(public):
    public.set_viewport_size({"width": 320, "height": 700})
    public.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    public.wait_for_function("[...document.querySelectorAll('.plot')].every(one => one.scrollWidth < 320)")

    assert too_wide(public) == []


def test_the_centre_s_own_page_is_right_for_everybody(reports, open_page):
    assert wrong_for_somebody(open_page(reports / "2023-2024" / "internal" / "dashboard.html")) == []


@pytest.mark.parametrize("name", OTHER_PAGES)
def test_the_pages_beside_the_report_are_right_for_everybody(reports, open_page, name):
    page = open_page(reports / name)

    assert violations(page) == []
    assert page.faults == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert too_wide(page) == []
    page.close()


def test_a_figure_that_is_cut_is_found(public):
    style = "<style id='planted'>.visual { break-inside: auto !important; padding-bottom: 40rem }</style>"
    public.evaluate("style => document.head.insertAdjacentHTML('beforeend', style)", style)

    pages = pages_of_boxes(public, ".visual", format="Letter")
    public.evaluate("document.getElementById('planted').remove()")

    assert any(begins != ends for begins, ends in pages)


def test_a_fault_is_found(reports, open_page):
    """What is planted: a picture without a text, pale words, a box that is too wide."""
    page = open_page(reports / OTHER_PAGES[-1])
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("afterbegin",
            "<div id='planted'><img src='data:,'><p style='color:#ccc;background:#fff'>pale</p>"
            + "<div style='width:5000px'>wide</div></div>")"""
    )

    found = " ".join(violations(page))

    assert "image-alt" in found
    assert "color-contrast" in found
    assert too_wide(page)
