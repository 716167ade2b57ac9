"""The page as its readers meet it: opened from a file, without a network, on a screen, a phone and paper."""

import csv
import datetime
import html
import io
import itertools
import json
import re
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.charts.wording import inside_sentence
from pipelines.disclosure.release_files import write_release_tables
from pipelines.language import NO_BREAK_SPACE, Language, Text
from pipelines.outputs.dashboard import write_dashboard
from pipelines.outputs.notebook import run_notebooks
from pipelines.outputs.release_record import ReleaseFacts
from tests.accessible_page import violations
from tests.made_up_release import FOR_THE_PUBLIC, made_up_release
from tests.payloads import DRAWN, PAYLOADS

FRENCH = Language("fr")
NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9]*.ipynb"))
WARNING = FRENCH.say("DO NOT DISTRIBUTE: unprotected numbers")
MADE_ON = datetime.date(2024, 6, 1)
FACTS = ReleaseFacts(
    "f00dfeed" * 8,
    MADE_ON,
    "abcdef0123456789",
    (),
    {},
    suites={"core_request": 23, "core_aggression": 18},
    sources={"core_request": ["e" * 64]},
)


def make_page(release, folder, language=FRENCH, notebooks=NOTEBOOKS):
    write_release_tables(release, folder / "release")
    executed = run_notebooks(notebooks, folder / "release", language, folder / "work")
    write_dashboard(executed, release, language, folder / "dashboard.html", made_on=MADE_ON, facts=FACTS)
    return folder / "dashboard.html"


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory):
    return make_page(made_up_release(), tmp_path_factory.mktemp("page"))


@pytest.fixture
def open_page(browser):
    """Opens a file in a window of its own."""
    contexts = []

    def open_file(path, **settings):
        page = open_offline(browser, path, **settings)
        contexts.append(page.context)
        return page

    yield open_file
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def page(dashboard, browser):
    """The page on a screen, for the tests that only look at it, with axe-core too."""
    opened = open_offline(browser, dashboard, bypass_csp=True)
    yield opened
    opened.context.close()


def open_offline(browser, path, *, width=1200, height=900, scripts=True, **settings):
    """`page.faults` and `page.asked` are what the page complained of and what it asked for."""
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts, **settings)
    context.route(re.compile("^(?!file:|blob:|data:)"), lambda route: route.abort())
    page = context.new_page()
    page.faults, page.asked = [], []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    if scripts:
        page.wait_for_selector("body[data-drawn]")
    return page


def drawn_bars(page):
    return page.evaluate(
        "[...document.querySelectorAll('.plot')].filter(plot => plot.querySelector('.main-svg .bars path')).length"
    )


def test_at_least_ten_charts_are_drawn_without_a_network(page):

    assert drawn_bars(page) >= 10
    assert page.faults == []
    assert [url for url in page.asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_the_page_of_the_centre_and_its_warnings_are_right_for_everybody(page):
    assert violations(page) == []


def test_the_page_is_one_small_file(dashboard):
    content = dashboard.read_text(encoding="utf-8")
    charts = content.count("<figure")

    assert len(content.encode()) < 1_230_000 + charts * 8_000
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*\s(?:src|href)=", content)


def test_no_path_nor_parameter_nor_code_of_a_notebook_is_in_the_page(dashboard):
    content = dashboard.read_text(encoding="utf-8")

    for trace in (str(dashboard.parent), "release_folder", "papermill", "read_release", "show_table"):
        assert trace not in content


def test_the_same_release_gives_the_same_page(dashboard, tmp_path):
    again = make_page(made_up_release(), tmp_path)

    assert again.read_bytes() == dashboard.read_bytes()


def test_numbers_are_french(page):
    text = page.inner_text("#chart-requester_type")
    drawn = page.evaluate("document.querySelector('#chart-requester_type .plot').textContent")

    for written in (f"1{NO_BREAK_SPACE}201", f"87,4{NO_BREAK_SPACE}%"):
        assert written in text
        assert written in drawn


def test_the_language_of_the_page_is_said(page):
    assert page.get_attribute("html", "lang") == "fr-CA"


def test_the_prose_of_one_language_is_kept(page):
    text = page.inner_text("main")

    assert "Qui demande de l'aide" in text
    assert "Who asks for help" not in text


def test_each_chart_has_its_table_its_reading_and_its_missing_answers(page):
    lacking = page.evaluate(
        """() => {
            const parts = ['figcaption h3', '.reading', '.no-answer', 'details > summary', 'table > caption',
                           'thead th[scope=col]', 'tbody th[scope=row]', '.plot[role=img][aria-label]'];
            const drawn = [...document.querySelectorAll('figure.chart')].filter(one => one.querySelector('.plot'));
            return drawn.filter(one => parts.some(part => !one.querySelector(part))).map(one => one.id);
        }"""
    )

    assert lacking == []


def test_identifiers_are_given_once(dashboard, open_page):
    page = open_page(dashboard, scripts=False)
    given = re.findall(r'\sid="([^"]+)"', page.content())

    assert len(given) == len(set(given))


def test_the_warning_is_on_the_screen_and_stays_there(page):
    page.evaluate("window.scrollTo(0, 4000)")

    assert page.locator(".banner-internal").inner_text() == WARNING
    assert page.evaluate("document.querySelector('.banner-internal').getBoundingClientRect().top") == 0


def test_the_warning_is_on_every_printed_page(dashboard, open_page):
    page = open_page(dashboard)
    page.emulate_media(media="print")
    assert page.locator(".banner-internal").is_visible()
    assert page.locator(".watermark").is_visible()

    document = page.pdf(prefer_css_page_size=True)

    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", document))
    # The colour of the warning, as the streams of a PDF name it: once for the margins and once across each page.
    red = sum(stream.count(b".5412 .1098 .1098 rg") for stream in streams(document))
    assert pages > 5
    assert red == 2 * pages


def streams(document):
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        try:
            yield zlib.decompress(packed)
        except zlib.error:
            continue


def test_tables_are_open_on_paper_and_closed_again(dashboard, open_page):
    page = open_page(dashboard)

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    opened = page.locator("details[open]").count()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert opened == page.locator("details:not(.number-card)").count() > 0
    assert page.locator("details[open]").count() == 0


def test_made_up_data_are_said_to_be_made_up(page):
    assert FRENCH.say("Made-up data") in page.locator(".banner-fictitious").inner_text()


def test_a_public_page_of_real_data_has_no_banner(tmp_path, open_page):
    release = made_up_release(is_fictitious=False, **FOR_THE_PUBLIC)
    page = open_page(make_page(release, tmp_path, notebooks=NOTEBOOKS[4:5]))

    assert page.locator(".banner, .watermark").count() == 0
    assert WARNING not in page.content()


def test_a_script_that_is_not_ours_does_not_run(dashboard, open_page):
    page = open_page(dashboard)

    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = "document.body.setAttribute('data-pwned', '1')";
            document.body.append(script);
        }"""
    )

    assert page.get_attribute("body", "data-pwned") is None
    assert any("Content Security Policy" in fault for fault in page.faults)


def poisoned_release():
    """The made-up release whose every word is a payload: each label another one, the same in every table."""
    # From the end: what begins like a formula and what the drawing library obeys are in the first chart.
    words = itertools.cycle(reversed(PAYLOADS))
    labels = {}

    def label_of(*code):
        said = labels[code] = labels.get(code) or next(words)
        return Text(said, said)

    tables = tuple(
        replace(
            table,
            title=label_of(table.id, "title"),
            population=label_of(table.id, "population"),
            notes=(label_of(table.id, "note"),),
            dimensions=tuple(
                replace(
                    side,
                    title=label_of(side.name),
                    codes=tuple(replace(code, label=label_of(side.name, code.code)) for code in side.codes),
                )
                for side in table.dimensions
            ),
        )
        for table in made_up_release().tables
    )
    return made_up_release(tables=tables, centre_name=Text(PAYLOADS[0], PAYLOADS[0]))


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory, browser):
    """Its page, whose policy is not obeyed: what is written must be harmless by itself."""
    path = make_page(poisoned_release(), tmp_path_factory.mktemp("poisoned"))
    page = open_offline(browser, path, bypass_csp=True)
    yield page
    page.context.close()


def squeezed(text):
    return " ".join(text.split())


def test_no_payload_runs(poisoned):
    poisoned.wait_for_timeout(300)

    assert poisoned.get_attribute("html", "data-pwned") is None
    assert poisoned.faults == []
    assert [url for url in poisoned.asked if not url.startswith(("file:", "blob:", "data:"))] == []


def test_no_payload_becomes_a_part_of_the_page(poisoned):
    forbidden = "main :is(img, iframe, object, video, form, input, base, link, meta, template, a), head base, main h1"

    assert poisoned.locator(forbidden).count() == 0
    assert poisoned.locator("main style, main script:not([type='application/json'])").count() == 0
    assert poisoned.locator(".plot :is(a, b, image[href^=http])").count() == 0
    assert poisoned.evaluate(
        """[...document.querySelectorAll('body *')].filter(one =>
            [...one.attributes].some(attribute => attribute.name.startsWith('on'))).length"""
    ) == 0  # fmt: skip


def test_every_payload_is_read_as_it_was_written(poisoned):
    text = squeezed(poisoned.evaluate("document.querySelector('.page').textContent"))

    assert len(set(PAYLOADS)) == 60
    assert [payload for payload in PAYLOADS if squeezed(payload) not in text] == []
    assert poisoned.inner_text("h1") == PAYLOADS[0]


def test_drawings_write_their_labels_as_they_are(poisoned):
    """The drawing library obeys a little HTML of its own, which would be missing from what is read."""
    drawn = "".join("".join(poisoned.locator(".plot").all_text_contents()).split())

    assert [payload for payload in DRAWN if "".join(payload.split()) not in drawn] == []


def test_no_payload_runs_in_what_leaves_the_page(poisoned):
    drawn = poisoned.locator(".chart:has(.plot)").first
    files = {}
    for button in ("data-picture=svg", "data-table"):
        with poisoned.expect_download() as event:
            drawn.locator(f"button[{button}]").click()
        files[button] = Path(event.value.path()).read_text(encoding="utf-8-sig")
    picture = ElementTree.fromstring(files["data-picture=svg"])
    cells = [cell for row in csv.reader(io.StringIO(files["data-table"]), delimiter=";") for cell in row]

    assert {part.tag.rpartition("}")[2] for part in picture.iter()} & {"script", "a", "image", "foreignObject"} == set()
    assert [name for part in picture.iter() for name in part.attrib if name.startswith("on")] == []
    assert any("=HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@")] == []


def test_a_table_not_collected_is_said(page):
    """Once for the part of the page that would show it."""
    expected = FRENCH.say(
        "Not collected: this centre's export does not hold this information ({titles}).",
        titles=inside_sentence(made_up_release().table("delay").title.fr),
    )

    assert expected in page.inner_text("main")
    assert page.locator("#chart-delay").count() == 0


def test_a_phone_shows_the_page_without_scrolling_sideways(dashboard, open_page):
    page = open_page(dashboard, width=360, height=740)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert drawn_bars(page) >= 10
    assert page.evaluate(
        """[...document.querySelectorAll('.plot')].every(plot => [...plot.querySelectorAll('.annotation-text')]
            .every(text => text.getBoundingClientRect().right <= plot.getBoundingClientRect().right + 1))"""
    )


@pytest.mark.parametrize("width", [360, 720, 1000, 1200])
def test_nothing_is_written_over_a_bar_or_another_text(dashboard, open_page, width):
    page = open_page(dashboard, width=width)

    covered = page.evaluate(
        """() => {
            const boxes = (plot, what) => [...plot.querySelectorAll(what)].map(one => one.getBoundingClientRect());
            const meet = (a, b) => a.left < b.right - 3 && b.left < a.right - 3 && a.top < b.bottom - 4
                && b.top < a.bottom - 4;
            return [...document.querySelectorAll('.plot')].filter(plot => {
                const texts = boxes(plot, '.annotation-text');
                const bars = boxes(plot, '.bars path');
                return texts.some((text, place) => bars.some(bar => meet(text, bar))
                    || texts.slice(place + 1).some(other => meet(text, other)));
            }).map(plot => plot.dataset.figure);
        }"""
    )

    assert covered == []


def test_the_keyboard_reaches_everything_and_its_place_is_seen(dashboard, open_page):
    page = open_page(dashboard)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("A", "SUMMARY", "BUTTON", "DIV")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_picture_takes_its_warning_along(page):
    with page.expect_download() as event:
        page.click("#chart-relationship button[data-picture=svg]")

    picture = Path(event.value.path()).read_text(encoding="utf-8")
    assert event.value.suggested_filename.endswith("exemple_2023-2024_relationship.svg")
    assert "Lien avec l'agresseur" in picture
    assert WARNING in picture
    assert page.faults == []


def test_a_picture_can_be_had_as_png(page):
    with page.expect_download() as event:
        page.click("#chart-age_by_relationship button[data-picture=png]")

    assert Path(event.value.path()).read_bytes().startswith(b"\x89PNG")
    assert page.faults == []


def test_the_numbers_of_a_chart_open_in_a_spreadsheet(page):
    with page.expect_download() as event:
        page.click("#chart-requester_type button[data-table]")

    content = Path(event.value.path()).read_bytes()
    lines = content.decode("utf-8-sig").splitlines()
    assert content.startswith(b"\xef\xbb\xbf")
    assert WARNING in lines[0]
    assert '"Femme victime (18 ans et plus)";"1201";"87,4"' in lines


def test_without_scripts_every_number_is_read_and_bars_stand_for_the_drawings(dashboard, open_page):
    page = open_page(dashboard, scripts=False)
    content = dashboard.read_text(encoding="utf-8")

    assert page.locator("figure table:visible").count() == content.count("<table data-name=") >= 10
    assert page.locator("noscript").inner_text() != ""
    assert page.locator(".plot:visible, .tools:visible").count() == 0
    assert page.locator("#chart-relationship td[style]").count() > 3
    longest = page.locator("#chart-relationship td[style='--b:100']").inner_text()
    shown = page.locator("#chart-relationship tr.answer td:nth-child(2)").all_inner_texts()
    assert longest == max(shown, key=lambda text: int(re.sub(r"\D", "", text) or 0))


def test_a_drawing_is_one_picture_in_which_the_keyboard_has_no_place(page):
    page.hover("#chart-relationship .plot")

    assert page.locator(".modebar-btn, .plot [tabindex], .plot a, .plot button").count() == 0


def test_an_english_page_is_english(tmp_path, open_page):
    page = open_page(make_page(made_up_release(), tmp_path, Language("en"), NOTEBOOKS[:1]), bypass_csp=True)

    assert violations(page) == []
    assert page.get_attribute("html", "lang") == "en-CA"
    assert "Who asks for help" in page.inner_text("main")
    assert "1,201" in page.inner_text("#chart-requester_type")


def test_the_policy_names_the_scripts_of_the_page_alone(dashboard):
    content = dashboard.read_text(encoding="utf-8")
    policy = html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content).group(1))

    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert policy.count("sha256-") == content.count("<script>") == 2
    assert "unsafe-eval" not in policy


def test_drawings_hold_no_packed_number(dashboard):
    content = dashboard.read_text(encoding="utf-8")
    blocks = re.findall(r'<script type="application/json" id="figure-[^>]*>(.*?)</script>', content, re.DOTALL)

    assert len(blocks) >= 10
    assert all("bdata" not in block and json.loads(block)["data"] for block in blocks)
