"""The charts of a dashboard as files: SVG, and PNG at 300 dots an inch, for a column and for half of one.

They are the pictures that the dashboard's own buttons save: its page is opened in a browser of this machine, and its
buttons are pressed. Drawn once, each picture is the same in both forms. Where there is no browser there are no
files, and the buttons remain.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import escape

from pipelines.outputs.browser import BrowserFailed, read_page_once_drawn
from pipelines.outputs.png import write_png
from pipelines.outputs.report_sections import ReportSection
from pipelines.storage import make_folder, write_text

FIGURES = "figures"
_SCRIPT = Path(__file__).parent / "templates" / "pictures" / "pictures.js"
_CENTIMETRES_AN_INCH = 2.54
_DOTS_AN_INCH = 300
#: What each width is called at the end of a file's name, in the page's points and on paper, in centimetres. A column
#: is drawn as on a screen, half of one as on a phone, with letters of one size on paper.
_WIDTHS = {650: ("", 16.0), 325: ("_demi", 8.0)}
#: Before the page's own scripts. Plotly draws lots for the names inside a picture, and the same release must give the
#: same bytes; and nobody looks at the page, which need not draw what its buttons will.
_BEFORE = """
(function () {
  var seed = 1;
  Math.random = function () { seed = seed * 16807 % 2147483647; return seed / 2147483647; };
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    set: function (library) {
      library.react = function () {};
      Object.defineProperty(window, "Plotly", { value: library, writable: true });
    }
  });
})();
"""
_TIME_LIMIT_S = 300.0
_DRAWN = re.compile(r'<pre id="pictures-drawn">(?P<json>.*?)</pre>', re.DOTALL)
_SIZE = re.compile(r'<svg ([^>]*?)width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')


@dataclass(frozen=True)
class _Picture:
    """One chart in one width, in both forms."""

    id: str
    width: int
    svg: str
    png: bytes


def write_pictures(
    browser: str, page: Path, sections: Sequence[ReportSection], folder: Path, work: Path
) -> dict[str, Path]:
    """Write the pictures of a dashboard into `figures/`; the full-width PNG of each table id.

    `work`: a private folder, of which nothing is kept. Raises `BrowserFailed`; nothing is written then.
    """
    charts = {chart["id"]: chart for section in sections for chart in section.charts}
    make_folder(work)
    copy = work / "pictures.html"
    write_text(copy, _with_script(page.read_text(encoding="utf-8")))
    drawn = _read_drawn(read_page_once_drawn(browser, copy, work / "browser", time_limit_s=_TIME_LIMIT_S))
    target = make_folder(folder / FIGURES)
    written = {}
    for picture in drawn:
        ending, centimetres = _WIDTHS[picture.width]
        name = f"{picture.id}{ending}"
        write_text(target / f"{name}.svg", _speaking(picture.svg, charts[picture.id], centimetres))
        path = target / f"{name}.png"
        path.write_bytes(picture.png)
        if not ending:
            written[picture.id] = path
    return written


def _with_script(page: str) -> str:
    """The page with one script more, which its policy allows; it still may fetch nothing."""
    scale = _DOTS_AN_INCH * _WIDTHS[650][1] / _CENTIMETRES_AN_INCH / 650
    asked = json.dumps({"widths": list(_WIDTHS), "scale": scale})
    scripts = (_BEFORE, _SCRIPT.read_text(encoding="utf-8"))
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    page = page.replace("script-src ", f"script-src {allowed} ", 1)
    page = page.replace("<body", f"<script>{scripts[0]}</script>\n<body", 1)
    before, _, after = page.rpartition("</body>")
    return (
        f'{before}<script type="application/json" id="pictures-asked">{asked}</script>\n'
        f"<script>{scripts[1]}</script></body>{after}"
    )


def _read_drawn(page: str) -> list[_Picture]:
    found = _DRAWN.search(page)
    if found is None:
        raise BrowserFailed
    drawn: list[dict[str, Any]] = json.loads(html.unescape(found["json"]))
    return [
        _Picture(each["id"], each["width"], each["svg"], write_png(each["points"], _DOTS_AN_INCH)) for each in drawn
    ]


def _speaking(svg: str, chart: Mapping[str, Any], centimetres: float) -> str:
    """The picture as wide as it is on paper, with its title and what stands for it in words."""
    size = _SIZE.match(svg)
    if size is None:
        raise BrowserFailed
    height = centimetres * float(size["height"]) / float(size["width"])
    svg = _SIZE.sub(rf'<svg \1width="{centimetres:g}cm" height="{height:.3f}cm" role="img"', svg, count=1)
    words = f"<title>{escape(chart['title'])}</title><desc>{escape(chart['alternative'])}</desc>"
    head, _, rest = svg.partition(">")
    return f"{head}>{words}{rest}\n"
