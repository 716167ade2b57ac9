"""A Word document with given headings, captions and tables, made of the few parts that matter."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = b'<?xml version="1.0" encoding="UTF-8"?><Types/>'


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A cell that begins with `<` is taken as it is: its properties, then its paragraphs."""
    cells = "".join(
        "<w:tr>"
        + "".join(f"<w:tc>{text if text.startswith('<') else paragraph(text)}</w:tc>" for text in row)
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{cells}</w:tbl>"


def document(*blocks: str, parts: dict[str, bytes] | None = None, head: str = "") -> bytes:
    xml = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{NAMESPACE}" xmlns:mc="urn:mc"><w:body>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", xml + "".join(blocks) + "</w:body></w:document>")
        for name, part in (parts or {}).items():
            archive.writestr(name, part)
    return content.getvalue()
