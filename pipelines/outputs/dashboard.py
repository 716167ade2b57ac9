"""One page from the executed notebooks: self-contained, readable without a network, a mouse or a screen.

One nbconvert pass over all the notebooks joined, through our own template. The page carries its
drawing library and allows, by its content security policy, its own two scripts and nothing else.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from pipelines.charts.chart import MIME_CHART
from pipelines.charts.counted_rows import SIGN_WORDS, SIGNS
from pipelines.charts.theme import DARK, template
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release
from pipelines.language import LANGUAGES, Language
from pipelines.outputs.glossary import glossary
from pipelines.outputs.number_card import number_cards
from pipelines.outputs.page_parts import tell_absence_once, tell_untold_once, without_empty_parts
from pipelines.outputs.release_record import ReleaseFacts
from pipelines.storage import write_text

_TEMPLATES = Path(__file__).parent / "templates"
_VENDOR = _TEMPLATES / "vendor"
_PLOTLY = "plotly-basic-4.1.1.min.js"
_HEADING = re.compile(r"#\s+(?P<title>[^\n]+)\n?")
#: Cells that only name the release: what they show is nothing that could be absent.
_SETTING_TAGS = frozenset(("parameters", "injected-parameters"))
#: Of the cell that tells the analyst what a notebook shows and how to change it.
_ANALYST_TAG = "analyst"


def write_dashboard(
    executed: Sequence[Path],
    release: Release,
    language: Language,
    path: Path,
    *,
    made_on: datetime.date,
    facts: ReleaseFacts | None = None,
) -> None:
    """Write the page of a release from its executed notebooks, one section each, in their order.

    Of the notebooks only the prose of the language and our own charts are taken: no code, no
    parameters, no other output; and no heading under which nothing is meant for this audience. `facts`: what
    the release's record will tell; a page that is drawn again without them does not say where its numbers come
    from. Raises `ValueError` if a notebook does not begin with a title.
    """
    sections = [section for notebook in executed if (section := read_section(notebook, language))]
    joined = nbformat.v4.new_notebook(cells=[cell for section in sections for cell in section])  # type: ignore[no-untyped-call]
    titles = [{"id": section[0].metadata.section, "title": section[0].metadata.title} for section in sections]
    page = _describe_page(release, language, made_on, titles)
    page |= {"cards": number_cards(release, facts, language), "facts": facts}
    exporter = _DashboardExporter(language)
    html, _ = exporter.from_notebook_node(joined, resources={"page": page})
    write_text(path, html if html.endswith("\n") else html + "\n")


def read_section(path: Path, language: Language) -> list[Any]:
    """The cells of an executed notebook that the page shows; the first one carries the section's title.

    None at all if the notebook shows nothing to this audience.
    """
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    others = {f"lang-{code}" for code in LANGUAGES if code != language.code} | {_ANALYST_TAG}
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not others & set(cell.metadata.get("tags", [])):
            cells.append(nbformat.v4.new_markdown_cell(cell.source))  # type: ignore[no-untyped-call]
        elif cell.cell_type == "code" and not _SETTING_TAGS & set(cell.metadata.get("tags", [])):
            charts = [output for output in cell.outputs if MIME_CHART in output.get("data", {})]
            cells.append(nbformat.v4.new_code_cell(outputs=charts))  # type: ignore[no-untyped-call]
    heading = _HEADING.match(cells[0].source) if cells else None
    if heading is None or cells[0].cell_type != "markdown":
        raise ValueError(f"{path.name} does not begin with a title")
    cells = tell_absence_once(without_empty_parts(cells), language)
    if not cells:
        return []
    cells = tell_untold_once(cells, language)
    cells[0].source = cells[0].source[heading.end() :]
    for cell in cells:
        cell.metadata = nbformat.from_dict({"section": f"section-{path.stem}", "title": ""})  # type: ignore[no-untyped-call]
    cells[0].metadata.title = heading["title"].strip()
    return cells


def _describe_page(
    release: Release, language: Language, made_on: datetime.date, sections: Sequence[dict[str, str]]
) -> dict[str, Any]:
    centre = release.centre_name.in_language(language)
    scripts = _scripts()
    return {
        "title": language.say("{centre}: annual statistics {period}", centre=centre, period=release.period),
        "centre": centre,
        "period": release.period,
        "made_on": language.date(made_on),
        "version": _program_version(),
        "is_internal": release.is_internal,
        "is_fictitious": release.is_fictitious,
        "protection": release.protection,
        "some_zeros_are_hidden": any(table.hides_zeros for table in release.tables),
        "agreement": release.agreement.in_language(language) if release.agreement else "",
        "sections": list(sections),
        "glossary": glossary(release, language),
        "settings": json.dumps(_settings(release, language), ensure_ascii=False),
        "policy": _policy(scripts),
        "template": template(language),
        "dark": DARK,
        "scripts": [Markup(script) for script in scripts],  # noqa: S704 (files of this package)
        "style": Markup(_style(release, language)),  # noqa: S704 (idem)
    }


def _settings(release: Release, language: Language) -> dict[str, str]:
    """What the page's script needs: it writes these in pictures and tables that leave the page."""
    parts = [release.centre_name.in_language(language), release.period]
    prefix = ""
    if release.is_fictitious:
        parts.append(language.say("Made-up data"))
    if release.is_internal:
        parts.append(language.say("DO NOT DISTRIBUTE: unprotected numbers"))
        prefix = language.say("DO-NOT-DISTRIBUTE_")
    return {
        "source": ". ".join(parts) + ".",
        "legend": language.say("{sign}: number hidden to protect people.", sign=SIGNS[CellStatus.HIDDEN]),
        "file": f"{prefix}{release.centre_id}_{release.period}_",
        "hidden": SIGNS[CellStatus.HIDDEN],
        "decimal": "," if language.code == "fr" else ".",
        "delimiter": ";" if language.code == "fr" else ",",
    }


def _scripts() -> list[str]:
    """The drawing library and the page's own few lines."""
    own = (_TEMPLATES / "dashboard" / "dashboard.js").read_text(encoding="utf-8")
    return [(_VENDOR / _PLOTLY).read_text(encoding="utf-8"), own]


def _policy(scripts: Sequence[str]) -> str:
    """Nothing may be fetched, and no script may run but those whose text has one of these fingerprints."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _style(release: Release, language: Language) -> str:
    style = (_TEMPLATES / "dashboard" / "style.css").read_text(encoding="utf-8")
    if release.is_internal:
        warning = language.say("DO NOT DISTRIBUTE: unprotected numbers")
        quoted = '"' + warning.replace("\\", "\\\\").replace('"', '\\"') + '"'
        margin_box = f"content: {quoted}; font: bold 11pt Arial, sans-serif; color: #8a1c1c;"
        style += f"@page {{ @top-center {{ {margin_box} }} @bottom-center {{ {margin_box} }} }}\n"
    return style


def _program_version() -> str:
    try:
        return version("bilan")
    except PackageNotFoundError:
        return ""


def figure_json(payload: dict[str, Any]) -> Markup:
    """A drawing as the page's script reads it, without what all the drawings share."""
    figure = payload["figure"]
    layout = {name: value for name, value in figure["layout"].items() if name != "template"}
    return block_json({"data": figure["data"], "layout": layout, "narrow": payload["narrow"]})


def block_json(value: object) -> Markup:
    """JSON for a `<script>` block that is read, not run; no text in it can end the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 (no markup is left in it)


def write_prose(source: str) -> Markup:
    """Markdown of a notebook as HTML, one heading level lower; HTML written in it is shown, not obeyed."""
    lowered = re.sub(r"^#", "##", source, flags=re.MULTILINE)
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True, allow_harmful_protocols=False)
    return Markup(MarkdownWithMath(renderer=renderer).render(lowered))  # noqa: S704 (escaped by the renderer)


class _DashboardExporter(TemplateExporter):
    """nbconvert with our template alone: nobody's own templates or settings take part.

    Not its HTML exporter, which reads the finished page again and writes it anew: what our template
    wrote is what is hashed, tested and published, and the second parse takes longer than the page.
    """

    output_mimetype = "text/html"

    def __init__(self, language: Language) -> None:
        self._words = language
        super().__init__(  # type: ignore[no-untyped-call]
            template_name="dashboard",
            template_file="index.html.j2",
            extra_template_basedirs=[str(_TEMPLATES)],
            template_paths=[str(_TEMPLATES / "dashboard")],
        )

    def _create_environment(self) -> Any:
        environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.filters |= {"prose": write_prose, "figure_json": figure_json, "block_json": block_json}
        environment.globals |= {
            "say": self._words.say,
            "language_tag": self._words.html_tag,
            "mime_chart": MIME_CHART,
            "signs": {status.value: sign for status, sign in SIGNS.items()},
            "sign_words": {sign: self._words.text(SIGN_WORDS[status]) for status, sign in SIGNS.items()},
        }
        return environment
