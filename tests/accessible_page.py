"""What is wrong with a page for who hears it, reads it enlarged, or has no mouse: axe-core's word, and ours.

axe-core runs in the page, which our pages' policy forbids to anybody: open it with `bypass_csp`.
"""

from pathlib import Path

from tests.printed_page import pages_of_boxes

_VENDOR = Path(__file__).resolve().parent / "browser" / "vendor"
#: What is asked of a page: WCAG 2.2, levels A and AA, and what is good practice besides.
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RUN = """async ([rules, without]) => {
    // A drawing is one picture with its text: what is inside of it is told nobody.
    const found = await axe.run({ exclude: [[".plot .main-svg"]] }, {
        runOnly: rules, resultTypes: ["violations"],
        rules: Object.fromEntries(without.map(rule => [rule, { enabled: false }]))
    });
    return found.violations.map(one => `${one.id}: ${one.nodes.length}, as ${one.nodes[0].html.slice(0, 160)}`);
}"""
#: What can differ on a dark screen.
COLOURS = ("color-contrast", "link-in-text-block")
#: What a person may follow, open or press.
USABLE = "a[href]:visible, summary:visible, button:visible, [tabindex='0']:visible"
#: Boxes that reach past the right edge of the screen, but for those inside of one that scrolls.
_TOO_WIDE = """but => {
    const edge = document.documentElement.clientWidth;
    return [...document.querySelectorAll("body *")].filter(one => !one.closest(but)
        && one.getBoundingClientRect().right > edge + 1).map(one => `${one.tagName} ${one.className}`);
}"""


def violations(page, rules=None, without=()):
    """What axe-core finds: of all that is asked, or of the rules given by name, but for those left out."""
    if not page.evaluate("typeof axe !== 'undefined'"):
        [axe] = _VENDOR.glob("axe-*.min.js")
        page.evaluate(axe.read_text(encoding="utf-8"))
    asked = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(_TAGS)}
    return page.evaluate(_RUN, [asked, list(without)])


def too_wide(page, but=".scroll, .skip, .unseen, svg"):
    """What a reader would have to scroll sideways to; `but`: what may be as wide as it likes, or is not seen."""
    return page.evaluate(_TOO_WIDE, but)


def wrong_for_somebody(page):
    """What is wrong with a dashboard: light, dark, by keyboard, on paper, on the narrowest phone; it is closed."""
    page.wait_for_selector("body[data-drawn]")
    found = violations(page)
    usable = page.locator(USABLE).count()
    stops = keyboard_stops(page)
    found += [] if len(stops) == usable else [f"keyboard: {len(stops)} of {usable}"]
    found += [f"keyboard: no outline on {name}" for name, outline in stops if outline != "solid"]
    found += [f"paper: figure {place}" for place, (begins, ends) in _on_paper(page) if begins != ends]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in violations(page, COLOURS)]
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_function("[...document.querySelectorAll('.plot')].every(one => one.scrollWidth < 320)")
    found += [f"320 px: {one}" for one in too_wide(page)]
    found += page.faults
    page.close()
    return found


def _on_paper(page):
    return enumerate(pages_of_boxes(page, ".visual", format="Letter"))


def keyboard_stops(page, most=2_000):
    """What the Tab key reaches, one after the other, once around the page: how each can be told apart."""
    page.evaluate("document.activeElement.blur()")
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const now = document.activeElement;
                if (now === document.body || now.dataset.seen) { return null; }
                now.dataset.seen = "1";
                const outline = getComputedStyle(now).outlineStyle;
                return [now.tagName, outline];
            }"""
        )
        if stop is None:
            break
        stops.append(tuple(stop))
    return stops
