"""Take a published page apart: its charts, their tables and figures, and every other text in it.

Nothing is drawn or run. The page may be anybody's: what is not as our pages are is kept as loose text,
so that whoever judges the numbers sees it too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from pipelines.disclosure.reading.unpack_file import decoded

_CHART = "chart-"
_FIGURE_JSON = "application/json"
#: Text runs on through these: `<b>1</b>2` is read as 12.
_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "br", "code", "em", "i", "small", "span", "strong", "sub", "sup", "u", "wbr"]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
#: Attributes of our own pages that hold names, never a number that was counted.
_NAMES = frozenset(
    [
        "class",
        "id",
        "scope",
        "role",
        "tabindex",
        "aria-labelledby",
        "aria-hidden",
        "href",
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "type",
        "data-figure",
        "data-name",
        "data-picture",
        "data-table",
        "open",
    ]
)
_HEIGHT = "style"


@dataclass(frozen=True)
class LooseText:
    """A text, and where in the page it stands: an element, an attribute, a comment."""

    place: str
    text: str


@dataclass
class PageCell:
    """A cell of a table; `hidden_text` is what its attributes and comments say."""

    is_heading: bool
    text: str = ""
    hidden_text: list[LooseText] = field(default_factory=list)


@dataclass
class PageRow:
    """A row of a table; `kind` is its class (`answer`, `detail`, `missing`, `total`), empty for the headings."""

    kind: str
    cells: list[PageCell] = field(default_factory=list)


@dataclass
class PageChart:
    """One chart: the table beside the drawing, the JSON of the drawing, and all that is said around."""

    id: str
    rows: list[PageRow] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    texts: list[LooseText] = field(default_factory=list)


@dataclass
class PageKeyFigure:
    """A number that stands alone; the classes of its paragraphs say what each is."""

    paragraphs: list[LooseText] = field(default_factory=list)


@dataclass
class PageChange:
    """What is said of a table of years where the page begins."""

    id: str
    texts: list[LooseText] = field(default_factory=list)


@dataclass
class PageCard:
    """The card of a table's numbers: what it says, each text under the class of its line."""

    id: str
    texts: list[LooseText] = field(default_factory=list)


@dataclass
class Page:
    """A page, taken apart; `texts` and `scripts` are what stands outside of its charts."""

    language: str = ""
    charts: list[PageChart] = field(default_factory=list)
    key_figures: list[PageKeyFigure] = field(default_factory=list)
    changes: list[PageChange] = field(default_factory=list)
    cards: list[PageCard] = field(default_factory=list)
    texts: list[LooseText] = field(default_factory=list)
    scripts: list[LooseText] = field(default_factory=list)


def take_apart(text: str) -> Page:
    """The parts of a page; whatever the text is, some page comes out."""
    parser = _PageParser()
    parser.feed(text)
    parser.close()
    parser.flush()
    return parser.page


class _PageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._chart: PageChart | None = None
        self._row: PageRow | None = None
        self._cell: PageCell | None = None
        self._key_figure: PageKeyFigure | None = None
        self._told: PageCard | PageChange | None = None
        self._list = ""
        self._raw: str = ""
        self._place = ""
        self._buffer: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag not in _INLINE:
            self.flush()
            self._place = f"{tag}.{told['class']}" if told.get("class") else tag
        self._open(tag, told)
        for name, value in told.items():
            is_height = name == _HEIGHT and value.startswith("height:") and value.count(":") == 1
            if name not in _NAMES and not is_height:
                for text in (value, *decoded(value)):
                    self._keep(LooseText(f"attribute {name}", text))
        if tag in _VOID and tag not in _INLINE:
            self._place = ""

    def _open(self, tag: str, told: dict[str, str]) -> None:
        if tag == "html":
            self.page.language = told.get("lang", "")[:2]
        elif tag == "figure":
            self._chart = PageChart(told.get("id", "").removeprefix(_CHART))
            self.page.charts.append(self._chart)
        elif tag == "tr" and self._chart is not None:
            self._row = PageRow(told.get("class", ""))
            self._chart.rows.append(self._row)
        elif tag in ("td", "th") and self._row is not None:
            self._cell = PageCell(tag == "th")
            self._row.cells.append(self._cell)
        elif tag == "dl" and told.get("class") == "card":
            self._told = card = PageCard(told.get("data-name", ""))
            self.page.cards.append(card)
        elif tag == "ul":
            self._list = told.get("class", "")
        elif tag == "li" and self._list == "key-figures":
            self._key_figure = PageKeyFigure()
            self.page.key_figures.append(self._key_figure)
        elif tag == "li" and self._list == "changes":
            self._told = change = PageChange(told.get("data-name", ""))
            self.page.changes.append(change)
        elif tag in ("script", "style"):
            self._raw = told.get("type", "") or tag

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.flush()
        if tag == "figure":
            self._chart = self._row = self._cell = None
        elif tag in ("tr", "table"):
            self._row = self._cell = None
        elif tag in ("td", "th"):
            self._cell = None
        elif tag == "li":
            self._key_figure = None
            if self._list == "changes":
                self._told = None
        elif tag == "dl":
            self._told = None
        elif tag == "ul":
            self._list = ""
        elif tag in ("script", "style"):
            self._raw = ""

    def handle_data(self, data: str) -> None:
        self._buffer.append(data)

    def handle_comment(self, data: str) -> None:
        for text in (data, *decoded(data.strip())):
            self._keep(LooseText("comment", text))

    def handle_decl(self, decl: str) -> None:
        if decl.casefold() != "doctype html":
            self._keep(LooseText("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self._keep(LooseText("declaration", data))

    def unknown_decl(self, data: str) -> None:
        self._keep(LooseText("declaration", data))

    def flush(self) -> None:
        """What was read since the last block goes where it belongs."""
        text = "".join(self._buffer)
        self._buffer = []
        if not text.strip():
            return
        if self._raw:
            self._keep_raw(text)
        elif self._told is not None:
            self._told.texts.append(LooseText(self._place, text))
        elif self._cell is not None:
            self._cell.text += text
        elif self._key_figure is not None:
            self._key_figure.paragraphs.append(LooseText(self._place, text))
        else:
            self._keep(LooseText(self._place, text))

    def _keep_raw(self, text: str) -> None:
        if self._chart is not None and self._raw == _FIGURE_JSON:
            self._chart.figures.append(text)
        elif self._chart is not None:
            self._chart.texts.append(LooseText(self._raw, text))
        elif self._raw != "style":
            self.page.scripts.append(LooseText(self._raw, text))

    def _keep(self, text: LooseText) -> None:
        if self._told is not None:
            self._told.texts.append(text)
        elif self._cell is not None:
            self._cell.hidden_text.append(text)
        elif self._row is not None and self._row.cells:
            # Between two cells: it is said of the one before.
            self._row.cells[-1].hidden_text.append(text)
        elif self._chart is not None:
            self._chart.texts.append(text)
        else:
            self.page.texts.append(text)
