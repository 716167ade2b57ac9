"""A made-up export, as a French case platform delivers it: a file a kind of record, and a word of warning.

CSV files have semicolons, Windows-1252, CRLF line ends, dd/mm/yyyy and the decimal comma, and quote
a cell only where it must be; dispositions come as a workbook with real dates. The same settings and
seed give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.errors import UsageError
from pipelines.ingest.demonstration_settings import Organisation
from pipelines.ingest.demonstration_writer import write_csv, write_dispositions, write_notice
from pipelines.ingest.organisation_settings import OrganisationSettings
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_accompaniments import draw_accompaniments_over_years
from pipelines.ingest.synthetic_activities import draw_activities, draw_work_hours
from pipelines.ingest.synthetic_aggressions import draw_aggressions
from pipelines.ingest.synthetic_group_files import FILES_OF_GROUPS, DrawnServices, draw_group_files
from pipelines.ingest.synthetic_organisation import ORGANISATION_FILES, YearOfLife, draw_organisation
from pipelines.ingest.synthetic_persons import draw_persons
from pipelines.ingest.synthetic_requests import draw_dispositions, draw_referrals, draw_requests
from pipelines.ingest.synthetic_services import People, draw_accompaniments, draw_kits, draw_meetings, people_of
from pipelines.ingest.synthetic_settings import DemonstrationSettings, YearSettings
from pipelines.ingest.synthetic_shares import YearOfWork
from pipelines.language import msg
from pipelines.storage import make_folder, storage_faults

#: The columns of each CSV file: the platform's words, and ours.
_CSV_FILES: Mapping[str, Mapping[str, str]] = {
    "demandes.csv": {
        "No demande": "request_id",
        "Code personne": "person_id",
        "Date de la demande": "date",
        "Type de demandeur": "requester",
        "Âge à la demande": "age_word",
        "MRC": "residence",
        "Mode de contact": "contact",
        "Durée de l'appel (h)": "hours",
    },
    "agressions.csv": {
        "No agression": "aggression_id",
        "No demande": "request_id",
        "Date de l'agression": "date",
        "Âge à l'agression": "age",
        "Formes": "forms",
    },
    "liens_agresseurs.csv": {"No lien": "link_id", "No agression": "aggression_id", "Lien avec l'agresseur": "link"},
    "references.csv": {"No demande": "request_id", "Source": "source", "Principale": "is_main"},
    "personnes.csv": {
        "No demande": "request_id",
        "Genre": "gender",
        "Langue": "language",
        "Publics": "public",
        "Discriminations": "discrimination",
    },
    "rencontres.csv": {
        "No rencontre": "meeting_id",
        "Code personne": "person_id",
        "Date de la rencontre": "date",
        "Type de rencontre": "label",
        "Mode": "mode",
        "Durée directe (h)": "direct",
        "Préparation (h)": "preparation",
        "Retour (h)": "debrief",
        "Déplacement (h)": "travel",
    },
    "accompagnements.csv": {
        "No accompagnement": "accompaniment_id",
        "Code personne": "person_id",
        "Date de l'accompagnement": "date",
        "But": "label",
        "Mode": "mode",
        "Durée (h)": "hours",
    },
    "trousses.csv": {
        "No trousse": "kit_id",
        "Code personne": "person_id",
        "Date de la trousse": "kit_date",
        "Date de réception": "received",
        "Date du premier appel": "first_call",
        "Rejointe": "is_reached",
        "Groupe d'âge": "age_group",
    },
    "activites.csv": {
        "No activité": "activity_id",
        "Date de l'activité": "date",
        "Type d'activité": "label",
        "Milieu": "setting",
        "No du lieu": "site",
        "Nombre de groupes": "groups",
        "Animation (h)": "animation",
        "Préparation (h)": "preparation",
        "Déplacement (h)": "travel",
        "Bailleur de fonds": "funder",
    },
    "publics.csv": {"No activité": "activity_id", "Rôle": "role", "Nombre de personnes": "count"},
    "heures.csv": {
        "No ligne": "work_id",
        "Date du travail": "date",
        "Tâche": "task",
        "Projet et étape": "project_step",
        "Heures": "hours",
        "Bailleur de fonds": "funder",
    },
    **ORGANISATION_FILES,
    **FILES_OF_GROUPS,
}
#: What a platform may not keep, and the columns that are then in none of its files.
_LEFT_OUT = {"person": "person_id", "requester": "requester", "age": "age_word"}


@dataclass(frozen=True)
class Demonstration:
    """What was written: the files, the notice among them, and the requests of each fiscal year."""

    files: tuple[Path, ...]
    requests: Mapping[str, int]


def write_demonstration(
    organisation: Organisation,
    folder: Path,
    *,
    seed: int | None = None,
    year: str | None = None,
    rows: int | None = None,
) -> Demonstration:
    """Write the made-up export into the folder, each file whole or not at all.

    `year` makes that fiscal year only; `rows` makes that many requests, spread over the years, and
    pins no count: a small export has fewer services too, a large one has no more. Raises `UsageError`
    for a year that the settings do not know or fewer than one row a year, `StorageError` where the
    folder cannot be written.
    """
    settings = organisation.requests
    years = _plan_years(settings, year, rows)
    frames, dispositions = _draw(organisation, years, settings.seed if seed is None else seed)
    left_out = [_LEFT_OUT[name] for name in settings.leaves_out]
    with storage_faults(folder):
        make_folder(folder)
        files = [
            write_csv(folder / name, frame.drop(columns=left_out, errors="ignore"), _CSV_FILES[name])
            for name, frame in frames.items()
        ]
        if dispositions is not None:
            files.append(write_dispositions(dispositions, folder))
        files.append(write_notice(settings.notice, folder))
    return Demonstration(tuple(files), {plan.label: plan.requests for plan in years})


def _draw(
    organisation: Organisation, years: Sequence[YearSettings], seed: int
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame | None]:
    """The rows of each CSV file, and the dispositions; what the organisation does not tell has none.

    Each subject has a generator of its own: the requests of a seed stay the same, whatever the others.
    """
    settings = organisation.requests
    rng = np.random.default_rng(seed)
    requests = draw_requests(settings, years, rng)
    frames = {"demandes.csv": requests}
    if settings.link_class:
        frames["agressions.csv"], frames["liens_agresseurs.csv"] = draw_aggressions(settings, years, requests, rng)
    if settings.referral:
        frames["references.csv"] = draw_referrals(settings, requests, rng)
    dispositions = draw_dispositions(settings, requests, rng) if settings.after_request else None
    if organisation.services:
        of_services = np.random.default_rng((seed, 1))
        of_work = _years_of_work(settings, organisation.services.scale, years)
        frames |= _draw_services(settings, organisation.services, of_work, requests, of_services)
        if organisation.groups and "rencontres.csv" in frames:
            at_most = organisation.services.most_meetings
            drawn = DrawnServices(requests, frames["rencontres.csv"], at_most, of_work)
            frames |= draw_group_files(organisation.groups, drawn, np.random.default_rng((seed, 5)))
    if organisation.life:
        of_life = np.random.default_rng((seed, 2))
        frames |= _draw_life(settings, organisation.life, years, requests, of_life)
    if organisation.persons:
        of_persons = np.random.default_rng((seed, 3))
        frames["personnes.csv"] = draw_persons(organisation.persons, settings, requests, of_persons)
    if organisation.accompaniments:
        of_accompaniments = np.random.default_rng((seed, 4))
        of_work = _years_of_work(settings, dict.fromkeys(organisation.accompaniments.year, 1.0), years)
        frames["accompagnements.csv"] = draw_accompaniments_over_years(
            organisation.accompaniments, of_work, requests, of_accompaniments
        )
    return frames, dispositions


def _years_of_work(
    settings: DemonstrationSettings, scales: Mapping[str, float], years: Sequence[YearSettings]
) -> list[YearOfWork]:
    """The years that have figures; those of a small export have fewer."""
    as_told = {year.label: year.requests for year in settings.year}
    return [
        YearOfWork(
            plan.label, plan.first_day, plan.end, scales[plan.label] * min(1.0, plan.requests / as_told[plan.label])
        )
        for plan in years
        if plan.label in scales
    ]


def _draw_services(
    settings: DemonstrationSettings,
    services: ServiceSettings,
    years: Sequence[YearOfWork],
    requests: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    by_file: dict[str, list[pd.DataFrame]] = {}
    for year in years:
        for name, frame in _draw_year_of_services(settings, services, people_of(requests, year), rng):
            by_file.setdefault(name, []).append(frame)
    return {name: pd.concat(parts, ignore_index=True) for name, parts in by_file.items()}


def _draw_year_of_services(
    settings: DemonstrationSettings, services: ServiceSettings, people: People, rng: np.random.Generator
) -> Iterator[tuple[str, pd.DataFrame]]:
    """The files of a year; what the organisation does not give has none."""
    if services.kits:
        yield "trousses.csv", draw_kits(services.kits, settings.words, people, rng)
    if services.service:
        yield "rencontres.csv", draw_meetings(services, people, rng).assign(year=people.year.label)
    if services.accompaniment:
        yield "accompagnements.csv", draw_accompaniments(services, people, rng)
    if services.activity or services.workshops:
        activities, audiences = draw_activities(services, people.year, rng)
        yield "activites.csv", activities
        yield "publics.csv", audiences
    if services.volet:
        yield "heures.csv", draw_work_hours(services, people.year, rng)


def _draw_life(
    settings: DemonstrationSettings,
    organisation: OrganisationSettings,
    years: Sequence[YearSettings],
    requests: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    scaled = _years_of_work(settings, organisation.scale, years)
    told = _years_of_work(settings, dict.fromkeys(organisation.scale, 1.0), years)
    lived = [YearOfLife(*pair) for pair in zip(scaled, told, strict=True)]
    return draw_organisation(organisation, lived, requests, rng)


def _plan_years(settings: DemonstrationSettings, year: str | None, rows: int | None) -> Sequence[YearSettings]:
    years = [plan for plan in settings.year if year is None or plan.label == year]
    if not years:
        raise UsageError(
            msg("The demonstration has no such year"),
            why=msg("it has: {years}", years=", ".join(plan.label for plan in settings.year)),
            to_do=msg("Give one of these years, or none for all of them"),
        )
    if rows is None:
        return years
    if rows < len(years):
        raise UsageError(
            msg("The demonstration needs at least one row a year"),
            why=msg("it has: {years}", years=", ".join(plan.label for plan in years)),
            to_do=msg("Give a larger number with --rows"),
        )
    # The last years take what does not divide: a centre grows.
    share, rest = divmod(rows, len(years))
    sizes = [share + (index >= len(years) - rest) for index in range(len(years))]
    return [
        plan.model_copy(update={"requests": size, "requesters": {}, "links": {}})
        for plan, size in zip(years, sizes, strict=True)
    ]
