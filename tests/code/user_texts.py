"""Every sentence that a reader may see, with its place and its language, wherever the repository keeps it."""

import csv
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

#: What a template writes by itself, once what fills it is taken out.
_NOT_WRITTEN = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>|&\w+;", re.DOTALL
)
_WORD = re.compile(r"[^\W\d_]{3,}")
#: A path, a command or a name of the program, written as such: no sentence.
_AS_TYPED = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)")


@dataclass(frozen=True)
class UserText:
    """`where`: the file, and the place in it as its format names places."""

    where: str
    language: str
    text: str


def user_texts(root: Path) -> Iterator[UserText]:
    """All of them, from the folder of the repository or one that is laid out like it."""
    for path in _files(root, "config", "*.toml"):
        yield from _in_both_languages(tomllib.loads(path.read_text(encoding="utf-8")), _name(root, path))
    for path in _files(root, "expectations", "*.json"):
        yield from _in_both_languages(json.loads(path.read_text(encoding="utf-8")), _name(root, path))
    for path in _files(root, "config/vocabularies", "*.csv"):
        with path.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                for language in ("fr", "en"):
                    yield UserText(f"{_name(root, path)}: {row['code']}", language, row[f"label_{language}"])
    for path in _files(root, "notebooks", "*.ipynb"):
        yield from _prose(path, _name(root, path))
    for path in _files(root, "pipelines/locale", "*.po"):
        yield from _catalogue(path, _name(root, path))


def template_words(root: Path) -> Iterator[tuple[str, str]]:
    """The words that a template writes by itself: there should be none, for they are in one language alone."""
    for path in [*_files(root, "pipelines", "*.html"), *_files(root, "pipelines", "*.html.j2")]:
        for line in _NOT_WRITTEN.sub("\n", path.read_text(encoding="utf-8")).splitlines():
            if _WORD.search(line):
                yield _name(root, path), line.strip()


def as_read(text: str) -> str:
    """The text without what is typed and not read."""
    return _AS_TYPED.sub("_", text)


def _files(root: Path, folder: str, pattern: str) -> list[Path]:
    # Libraries that are kept as they came are not ours to correct.
    return sorted(path for path in (root / folder).rglob(pattern) if "vendor" not in path.parts)


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _in_both_languages(found: Any, where: str) -> Iterator[UserText]:
    """The `fr` and `en` of tables, at any depth."""
    if isinstance(found, list):
        found = dict(enumerate(found))
    if not isinstance(found, dict):
        return
    for key, value in found.items():
        if key in ("fr", "en") and isinstance(value, str):
            yield UserText(where, key, value)
        else:
            yield from _in_both_languages(value, f"{where}: {key}" if where.count(":") < 1 else f"{where}.{key}")


def _prose(path: Path, name: str) -> Iterator[UserText]:
    """The cells of a notebook that are prose; one without the tag of a language is the analyst's, in French."""
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] == "markdown":
            language = "en" if "lang-en" in cell["metadata"].get("tags", ()) else "fr"
            yield UserText(f"{name}: cell {number}", language, "".join(cell["source"]))


def _catalogue(path: Path, name: str) -> Iterator[UserText]:
    with path.open("rb") as text:
        entries = [entry for entry in read_po(text, locale=path.parent.name) if entry.id]
    for entry in entries:
        english = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
        french = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string)
        # argparse joins some of its own sentences to others, spaces included.
        if "argparse" in " ".join(entry.user_comments):
            continue
        yield from (UserText(f"{name}: {english[0][:60]}", "en", each) for each in english)
        yield from (UserText(f"{name}: {english[0][:60]}", path.parent.name, each) for each in french)
