"""Read a picture back: an SVG must write what the page's drawing of the same table writes, at the same places."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.disclosure.reading.page_numbers import KnownTexts
from pipelines.disclosure.reading.read_html import PageChart
from pipelines.disclosure.reading.read_page import PageLeak
from pipelines.disclosure.reading.unpack_file import Unreadable, XmlNode, parse_xml

#: The elements of a picture that hold words.
_TEXTS = frozenset(("text", "title", "desc"))
_MARKUP = re.compile(r"</?(?:b|i|sub|sup|span|br)\b[^<>]*>")
_NARROW = re.compile(r"annotations\.(?P<place>\d+)\.text")


def read_picture(name: str, content: bytes, chart: PageChart, known: KnownTexts) -> Iterator[PageLeak]:
    """What a picture writes that the drawing of its page does not; raises `Unreadable` if it is no drawing."""
    root = parse_xml(content)
    try:
        drawing = _Drawing(chart, known)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # Whatever the fault, its own words may hold a number: they are not repeated.
        fault = Unreadable()
    else:
        leak = PageLeak(chart.id, (), name)
        told = [*_texts(root), *(("", text) for text in root.said if not drawing.repeats(text))]
        yield from (leak for place, text in told if not drawing.writes(place, text))
        return
    raise fault


class _Drawing:
    """The texts of a drawing: each number at its own place, the words wherever they stand."""

    def __init__(self, chart: PageChart, known: KnownTexts) -> None:
        figure: Mapping[str, Any] = json.loads(chart.figures[0]) if chart.figures else {}
        layout, narrow = figure.get("layout", {}), figure.get("narrow", {})
        self._known = known
        self._at = {str(place): {_bare(note["text"])} for place, note in enumerate(layout.get("annotations", ()))}
        for key, text in narrow.items():
            if place := _NARROW.fullmatch(key):
                self._at.setdefault(place["place"], set()).add(_bare(text))
        axes = [axis for key, axis in layout.items() if re.match(r"[xy]axis", key)]
        said = [_bare(text.text) for text in chart.texts]
        self._anywhere = {_bare(text) for axis in axes for text in axis.get("ticktext", ())}
        self._anywhere |= {*said, *(one + other for one, other in zip(said, said[1:], strict=False))}

    def writes(self, place: str, text: str) -> bool:
        """Whether the page's drawing has this text there; `place`: the number of the note that it is, if any."""
        if place in self._at:
            return _bare(text) in self._at[place]
        if _bare(text) in self._anywhere:
            return True
        return not re.search(r"\d", self._known.without_them(_plain(text)))

    def repeats(self, text: str) -> bool:
        """Whether an attribute says again what is written, which is judged at its place, or the number of a note."""
        return text.isdigit() and int(text) < 10_000 or any(_bare(text) in of for of in self._at.values())


def _texts(node: XmlNode, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text with the number of the note that it stands in."""
    place = node.attributes.get("data-index", place) if "annotation" in node.attributes.get("class", "") else place
    if node.name in _TEXTS:
        yield place, " ".join(node.texts())
        return
    if node.name != "style":
        loose = " ".join(child for child in node.children if isinstance(child, str)).strip()
        if loose:
            yield "", loose
        for child in node.children:
            if isinstance(child, XmlNode):
                yield from _texts(child, place)


def _plain(text: str) -> str:
    return html.unescape(_MARKUP.sub(" ", text))


def _bare(text: str) -> str:
    """The letters and signs of a text: lines are broken where there is room, and no two pictures alike."""
    return re.sub(r"\s+", "", _plain(text))
