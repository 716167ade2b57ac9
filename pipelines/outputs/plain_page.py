"""Pages of text without a script: one look, that of the quality page, and a policy that fetches nothing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.storage import write_text

if TYPE_CHECKING:
    from jinja2 import Environment


def write_page(template: str, path: Path, **values: Any) -> None:
    """Fill a template of `templates/pages/` and write it, private and whole or not at all."""
    write_text(path, _environment().get_template(f"pages/{template}").render(values) + "\n")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Imported here: most commands never write a page.
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    # The quality room is before this one on the way of the data, and keeps the style that both use.
    loaders = [PackageLoader("pipelines.outputs"), PackageLoader("pipelines.quality")]
    return Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
