"""An empty Word document with our styles: one typeface, headings, captions, and rows of a table by their kind."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pipelines.charts import theme
from pipelines.language import Language

if TYPE_CHECKING:
    from docx.document import Document

_FONT = theme.FONT.partition(",")[0]
_THUMBNAIL = "/metadata/thumbnail"
#: Name, the style that it begins from, points, bold, italic, centimetres from the left.
_STYLES = (
    ("Normal", "", 10.5, None, None, 0),
    ("Title", "", 20, True, None, 0),
    ("Heading 1", "", 16, True, None, 0),
    ("Heading 2", "", 13, True, None, 0),
    ("Subtitle", "", 10.5, None, False, 0),
    ("Caption", "", 9.5, True, None, 0),
    ("List Bullet", "", 10.5, None, None, None),
    ("Note", "Normal", 9.5, None, None, 0),
    ("Table Heading", "Normal", 9, True, None, 0),
    ("Table Answer", "Normal", 9, None, None, 0),
    ("Table Detail", "Normal", 9, None, None, 0.5),
    ("Table Missing", "Normal", 9, None, True, 0),
    ("Table Total", "Normal", 9, True, None, 0),
)


def make_document(title: str, author: str, language: Language, made_on: datetime.date) -> Document:
    """A document that begins with its title, and says its title, its author and its language to programs."""
    import docx

    document = docx.Document()
    for style in _STYLES:
        _set_style(document, *style)
    _set_language(document, language)
    _forget_thumbnail(document)
    made_at = datetime.datetime.combine(made_on, datetime.time())
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author, language.html_tag
    properties.created = properties.modified = made_at
    properties.last_modified_by, properties.comments, properties.revision = author, "", 1
    document.add_heading(title, level=0)
    return document


def _set_style(
    document: Document,
    name: str,
    base: str,
    points: float,
    bold: bool | None,
    italic: bool | None,
    indent: float | None,
) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    styles: Any = document.styles
    if base:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles[base]
    else:
        style = styles[name]
    # A font of the theme, where there is one, would be taken before ours.
    for fonts in style.element.xpath("./w:rPr/w:rFonts"):
        fonts.getparent().remove(fonts)
    style.font.name, style.font.size = _FONT, Pt(points)
    style.font.bold, style.font.italic = bold, italic
    style.font.color.rgb = RGBColor.from_string(theme.INK.lstrip("#").upper())
    if indent is not None:
        style.paragraph_format.left_indent = Cm(indent)
    if name.startswith("Table"):
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    # A heading or a caption at the foot of a page would be cut off from what it names.
    style.paragraph_format.keep_with_next = name.startswith("Heading") or name in ("Caption", "Subtitle") or None


def _set_language(document: Document, language: Language) -> None:
    """The language in which the words are spelt and read aloud."""
    from docx.oxml.ns import qn

    for element in document.styles.element.xpath("./w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
        element.set(qn("w:val"), language.html_tag)


def _forget_thumbnail(document: Document) -> None:
    """The empty document of the library comes with a picture of its first page."""
    relations = document.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype.endswith(_THUMBNAIL)]:
        del relations[name]
