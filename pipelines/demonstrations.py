"""The verbs that write an export of their own: that of a made-up organisation, or an empty workbook to fill."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.language import msg

if TYPE_CHECKING:
    from pipelines.run_log import RunLog


def template(root: Path, folder: Path, log: RunLog) -> Path:
    """Write an empty workbook for a centre that counts on paper, with its configuration; returns the workbook."""
    from pipelines.codes import load_vocabularies
    from pipelines.config import Workspace
    from pipelines.ingest.template_export import write_template
    from pipelines.storage import storage_faults

    workspace = Workspace(root)
    with storage_faults(folder):
        made = write_template(load_vocabularies(workspace.config / "vocabularies", {}), folder)
    log.say(msg("Empty workbook to fill and its configuration written in {folder}", folder=str(folder)))
    return made


def demo(
    root: Path,
    centre_id: str,
    folder: Path,
    log: RunLog,
    *,
    year: str | None = None,
    rows: int | None = None,
    seed: int | None = None,
) -> Mapping[str, int]:
    """Write the made-up export of a fictional centre; returns its number of requests by year.

    Raises `UsageError` for a centre that has no demonstration, with the ids of those that have one.
    """
    from pipelines.config import Workspace
    from pipelines.freshness import demonstration_fingerprint
    from pipelines.ingest.demonstration_seal import seal, sealed_requests
    from pipelines.storage import storage_faults

    settings_files = settings_of(Workspace(root).config, centre_id)
    fingerprint = demonstration_fingerprint(settings_files, year, rows, seed)
    sealed = sealed_requests(folder, fingerprint)
    if sealed is not None:
        log.say(msg("Made-up export of a fictional centre: up to date in {folder}", folder=str(folder)))
        return sealed
    from pipelines.ingest.demonstration_settings import read_organisation
    from pipelines.ingest.synthetic_export import write_demonstration

    organisation = read_organisation(settings_files)
    with storage_faults(folder):
        made = write_demonstration(organisation, folder, seed=seed, year=year, rows=rows)
        seal(folder, fingerprint, made.files, made.requests)
    log.say(msg("Made-up export of a fictional centre written in {folder}", folder=str(folder)))
    return made.requests


def settings_of(config: Path, centre_id: str) -> tuple[Path, ...]:
    """The files that a demonstration is made from, one a subject: `config/demonstration/<id>/*.toml`."""
    from pipelines.errors import UsageError

    by_centre: dict[str, list[Path]] = {}
    for path in sorted((config / "demonstration").glob("*/*.toml")):
        by_centre.setdefault(path.parent.name, []).append(path)
    if centre_id not in by_centre:
        raise UsageError(
            msg("This centre has no made-up export"),
            where=msg("in config/demonstration"),
            why=msg("those that have one are: {centres}", centres=", ".join(by_centre)),
            to_do=msg("Give one of them with --centre"),
        )
    return tuple(by_centre[centre_id])
