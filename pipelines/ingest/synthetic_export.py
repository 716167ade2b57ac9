"""A made-up export, as a French case platform delivers it: nineteen files and a word of warning.

CSV files have semicolons, Windows-1252, CRLF line ends, dd/mm/yyyy and the decimal comma, and quote
a cell only where it must be; dispositions come as a workbook with real dates. The same settings and
seed give the same bytes.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from pipelines.errors import UsageError
from pipelines.ingest.group_settings import GroupSettings
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_activities import draw_activities, draw_work_hours
from pipelines.ingest.synthetic_aggressions import draw_aggressions
from pipelines.ingest.synthetic_group_files import FILES_OF_GROUPS, DrawnServices, draw_group_files
from pipelines.ingest.synthetic_requests import draw_dispositions, draw_referrals, draw_requests
from pipelines.ingest.synthetic_services import draw_accompaniments, draw_kits, draw_meetings, people_of
from pipelines.ingest.synthetic_settings import DemonstrationSettings, YearSettings
from pipelines.ingest.synthetic_shares import YearOfWork
from pipelines.language import msg
from pipelines.storage import make_folder, publish_file, staging_name, storage_faults

__all__ = ["Demonstration", "DemonstrationSettings", "GroupSettings", "ServiceSettings", "write_demonstration"]

NOTICE_FILE = "LISEZMOI.txt"
_WORKBOOK_FILE = "orientations.xlsx"
_SHEET = "Orientations"
#: A workbook holds the moment it was made: a fixed one keeps the bytes the same.
_CREATED = datetime.datetime(2024, 4, 1, tzinfo=datetime.UTC).replace(tzinfo=None)

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
    },
    "publics.csv": {"No activité": "activity_id", "Rôle": "role", "Nombre de personnes": "count"},
    "heures.csv": {
        "No ligne": "work_id",
        "Date du travail": "date",
        "Tâche": "task",
        "Heures": "hours",
        "Bailleur de fonds": "funder",
    },
}
_COLUMNS = {**_CSV_FILES, **FILES_OF_GROUPS}
_WORKBOOK_COLUMNS = {
    "No demande": "request_id",
    "Date de la suite": "date",
    "Suite à la demande": "after_request",
    "Suite à la première rencontre": "after_first_meeting",
}


@dataclass(frozen=True)
class Demonstration:
    """What was written: the files, the notice among them, and the requests of each fiscal year."""

    files: tuple[Path, ...]
    requests: Mapping[str, int]


def write_demonstration(
    settings: DemonstrationSettings,
    services: ServiceSettings,
    folder: Path,
    groups: GroupSettings | None = None,
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
    years = _plan_years(settings, year, rows)
    seed = settings.seed if seed is None else seed
    rng = np.random.default_rng(seed)
    requests = draw_requests(settings, years, rng)
    aggressions, links = draw_aggressions(settings, years, requests, rng)
    frames = {
        "demandes.csv": requests,
        "agressions.csv": aggressions,
        "liens_agresseurs.csv": links,
        "references.csv": draw_referrals(settings, requests, rng),
    }
    dispositions = draw_dispositions(settings, requests, rng)
    of_work = _years_of_work(settings, services.scale, years)
    # A generator for each subject: the requests of a seed stay the same whatever the services, these whatever groups.
    frames |= _draw_services(settings, services, of_work, requests, np.random.default_rng((seed, 1)))
    if groups is not None and of_work:
        drawn = DrawnServices(requests, frames["rencontres.csv"], services.most_meetings, of_work)
        frames |= draw_group_files(groups, drawn, np.random.default_rng((seed, 2)))
    files = _write_files(folder, frames, dispositions, settings)
    return Demonstration(tuple(files), {plan.label: plan.requests for plan in years})


def _write_files(
    folder: Path, frames: Mapping[str, pd.DataFrame], dispositions: pd.DataFrame, settings: DemonstrationSettings
) -> list[Path]:
    with storage_faults(folder):
        make_folder(folder)
        files = [_write_csv(folder / name, frame, _COLUMNS[name]) for name, frame in frames.items()]
        files.append(_publish(folder / _WORKBOOK_FILE, lambda path: _write_workbook(path, dispositions)))
        files.append(_publish(folder / NOTICE_FILE, lambda path: _write_notice(path, settings)))
    return files


def _years_of_work(
    settings: DemonstrationSettings, scales: Mapping[str, float], years: Sequence[YearSettings]
) -> list[YearOfWork]:
    """The years that have services; those of a small export have fewer."""
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
        people = people_of(requests, year)
        by_file.setdefault("trousses.csv", []).append(draw_kits(services, settings.words, people, rng))
        meetings = draw_meetings(services, people, rng).assign(year=year.label)
        by_file.setdefault("rencontres.csv", []).append(meetings)
        by_file.setdefault("accompagnements.csv", []).append(draw_accompaniments(services, people, rng))
        activities, audiences = draw_activities(services, year, rng)
        by_file.setdefault("activites.csv", []).append(activities)
        by_file.setdefault("publics.csv", []).append(audiences)
        by_file.setdefault("heures.csv", []).append(draw_work_hours(services, year, rng))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in by_file.items()}


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
    return [plan.model_copy(update={"requests": size, "links": {}}) for plan, size in zip(years, sizes, strict=True)]


def _publish(path: Path, write: Callable[[Path], None]) -> Path:
    temporary = staging_name(path)
    # Private from the first byte, whatever the umask of the user.
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        write(temporary)
        publish_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _write_csv(path: Path, frame: pd.DataFrame, columns: Mapping[str, str]) -> Path:
    shown = pd.DataFrame({title: frame[name] for title, name in columns.items()})

    def write(temporary: Path) -> None:
        shown.to_csv(
            temporary,
            sep=";",
            decimal=",",
            date_format="%d/%m/%Y",
            encoding="cp1252",
            lineterminator="\r\n",
            index=False,
        )

    return _publish(path, write)


def _write_workbook(path: Path, dispositions: pd.DataFrame) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": _CREATED})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet(_SHEET)
        sheet.set_column(0, len(_WORKBOOK_COLUMNS) - 1, 28)
        sheet.write_row(0, 0, list(_WORKBOOK_COLUMNS))
        records = dispositions[list(_WORKBOOK_COLUMNS.values())].itertuples(index=False)
        for row, (request_id, date, after_request, after_first_meeting) in enumerate(records, start=1):
            sheet.write_string(row, 0, request_id)
            sheet.write_datetime(row, 1, date.to_pydatetime(), day)
            sheet.write_string(row, 2, after_request)
            sheet.write_string(row, 3, after_first_meeting)


def _write_notice(path: Path, settings: DemonstrationSettings) -> None:
    text = f"{settings.notice.fr.strip()}\n\n{settings.notice.en.strip()}\n"
    # The byte order mark tells Windows' notepad that the text is UTF-8.
    path.write_text(text, encoding="utf-8-sig", newline="\r\n")
