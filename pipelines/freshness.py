"""What each step depends on, as fingerprints: a step whose fingerprint is unchanged is not done again.

The fingerprint of a step covers everything that could change its result: the files of the export,
the configuration, the code lists, the code itself, and the fingerprint of the step before.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pipelines.config import Centre, Workspace
from pipelines.errors import InputRefused
from pipelines.language import msg
from pipelines.storage import fingerprint_file, fingerprint_files, fingerprint_text

_PACKAGE = Path(__file__).resolve().parent
_CODE = {".py", ".sql", ".po", ".j2", ".html", ".css", ".js", ".json"}


@lru_cache(maxsize=1)
def code_version() -> str:
    """The fingerprint of the package's own files."""
    paths = [path for path in _PACKAGE.rglob("*") if path.suffix in _CODE and path.is_file()]
    return fingerprint_files(_PACKAGE, paths)


def demonstration_fingerprint(settings: Sequence[Path], *choices: object) -> str:
    """What a made-up export depends on: its settings, the code, and what was asked for."""
    return fingerprint_text(*map(fingerprint_file, settings), code_version(), *map(str, choices))


def load_fingerprint(workspace: Workspace, centre: Centre, raw_folder: Path) -> str:
    """The id of the load that this export, this configuration and this code give."""
    if not raw_folder.is_dir():
        raise InputRefused(
            msg("There is no export to read"),
            where=msg("in {folder}", folder=str(raw_folder)),
            to_do=msg("Put the export in that folder, or give its folder (PATH, --raw or RAW=)"),
        )
    raw = {path for source in centre.source for path in raw_folder.glob(source.files) if path.is_file()}
    config = workspace.config
    settings = [config / "centres" / f"{centre.id}.toml", *(config / "vocabularies").glob("*.csv")]
    settings += (config / "mappings" / centre.id).glob("*.csv")
    settings += (config / "corrections").glob(f"{centre.id}.csv")
    settings += config.glob("rules.toml")
    parts = (fingerprint_files(raw_folder, raw), fingerprint_files(config, settings), code_version())
    return fingerprint_text(*parts)[:16]


def quality_fingerprint(workspace: Workspace, load_id: str) -> str:
    """What a validation depends on: the load, whose id knows the rule book, and the suites."""
    suites = workspace.shared("expectations")
    return fingerprint_text(load_id, fingerprint_files(suites, suites.glob("*.json")))


def release_fingerprint(workspace: Workspace, load_id: str, *choices: str) -> str:
    """What a release depends on: the validation, tables, rules of protection, notebooks, and what was asked for."""
    notebooks = workspace.shared("notebooks")
    settings = [workspace.config / "disclosure.toml", workspace.config / "wordings.toml"]
    settings += (workspace.config / "audiences").glob("*.toml")
    settings += (workspace.config / "tables").rglob("*.toml")
    return fingerprint_text(
        quality_fingerprint(workspace, load_id),
        fingerprint_files(workspace.config, settings),
        fingerprint_files(notebooks, notebooks.rglob("*.ipynb")),
        *choices,
    )
