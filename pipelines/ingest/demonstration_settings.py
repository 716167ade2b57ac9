"""What a made-up organisation is drawn from: a folder of `config/demonstration/`, with one TOML file a subject.

A subject whose file is absent is not written: an organisation that keeps no ledger of hours exports none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ConfigurationError
from pipelines.ingest.group_settings import GroupSettings
from pipelines.ingest.organisation_settings import OrganisationSettings
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_accompaniments import AccompanimentSettings
from pipelines.ingest.synthetic_persons import PersonSettings
from pipelines.ingest.synthetic_settings import DemonstrationSettings
from pipelines.language import msg
from pipelines.settings_file import SettingsModel, read_settings

#: The files that a folder may hold; the first is always needed.
SUBJECTS = ("requests", "services", "groups", "organisation", "persons", "accompaniments")


@dataclass(frozen=True)
class Organisation:
    """The settings of each subject, None where it has none; `life` is what it does beside its services."""

    requests: DemonstrationSettings
    services: ServiceSettings | None = None
    groups: GroupSettings | None = None
    life: OrganisationSettings | None = None
    persons: PersonSettings | None = None
    accompaniments: AccompanimentSettings | None = None


def read_organisation(files: Sequence[Path]) -> Organisation:
    """Read the files of a folder; a `ConfigurationError` where one is of no subject, or the requests are absent."""
    paths = {path.stem: path for path in files}
    unknown = [msg("{file}: no subject has this name", file=path.name) for path in files if path.stem not in SUBJECTS]
    if SUBJECTS[0] not in paths:
        unknown.append(
            msg("{file}: there is no such file in {folder}", file="requests.toml", folder=files[0].parent.name)
        )
    if unknown:
        raise ConfigurationError(
            msg("The configuration cannot be used:"),
            faults=tuple(unknown),
            to_do=msg("Correct these lines, then run the command again"),
        )
    return Organisation(
        requests=read_settings(paths["requests"], DemonstrationSettings),
        services=_read_if_there(paths, "services", ServiceSettings),
        groups=_read_if_there(paths, "groups", GroupSettings),
        life=_read_if_there(paths, "organisation", OrganisationSettings),
        persons=_read_if_there(paths, "persons", PersonSettings),
        accompaniments=_read_if_there(paths, "accompaniments", AccompanimentSettings),
    )


def _read_if_there(paths: Mapping[str, Path], name: str, model: type[SettingsModel]) -> SettingsModel | None:
    return read_settings(paths[name], model) if name in paths else None
