"""One run on one centre: where it works, what it reads first, and how it keeps others off."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.language import msg
from pipelines.run_log import RunLog

if TYPE_CHECKING:
    from pipelines.codes import Vocabularies
    from pipelines.config import Centre, Period, Workspace
    from pipelines.people_words import PeopleWords


@dataclass(frozen=True)
class Job:
    """What every verb on a centre needs: nothing is read from the environment further in."""

    workspace: Workspace
    centre: Centre
    vocabularies: Vocabularies
    raw_folder: Path
    log: RunLog
    today: datetime.date
    words: PeopleWords

    @property
    def processed(self) -> Path:
        return self.workspace.processed(self.centre.id)

    @property
    def loads(self) -> Path:
        return self.processed / "loads"

    @property
    def database(self) -> Path:
        return self.processed / "cases.duckdb"

    @property
    def ledger(self) -> Path:
        """What is out, and what it was counted from: kept for ever."""
        return self.workspace.ledger(self.centre.id)

    @property
    def reports(self) -> Path:
        return self.workspace.reports(self.centre.id)


def open_job(root: Path, centre_id: str, raw_folder: Path | None, log: RunLog, today: datetime.date) -> Job:
    """Read the configuration of a centre; its faults are all told before any work begins."""
    from pipelines.config import Workspace, load_centre, load_centre_vocabularies
    from pipelines.people_words import load_words

    workspace = Workspace(root)
    centre = load_centre(workspace, centre_id)
    vocabularies = load_centre_vocabularies(workspace, centre)
    words = load_words(workspace.config, centre.wording, centre.id)
    return Job(workspace, centre, vocabularies, raw_folder or workspace.raw(centre_id), log, today, words)


@contextmanager
def centre_held(job: Job) -> Iterator[None]:
    """One run at a time on a centre; what an earlier run left half-made is put right first."""
    from pipelines.storage import hold_centre, make_folder, recover, storage_faults

    with storage_faults(job.workspace.root), hold_centre(make_folder(job.processed)):
        years = [path for path in job.reports.iterdir() if path.is_dir()] if job.reports.is_dir() else []
        for folder in (job.processed, job.loads, job.processed / "tables", job.reports, *years):
            recover(folder)
        job.log.keep_in(job.processed)
        yield


def current_load_id(job: Job) -> str:
    """The load that the database was built from; a `UsageError` where `bilan ingest` has not run."""
    from pipelines.errors import UsageError
    from pipelines.model.build_database import built_from

    load_id = built_from(job.database)
    if load_id is None:
        raise UsageError(
            msg("This centre has no database yet"),
            to_do=msg("Run `bilan ingest` for this centre first"),
        )
    return load_id


def chosen_period(job: Job, year: str | None) -> Period:
    """The year asked for, or the last one at hand; the database must hold requests of it."""
    from pipelines.config import read_period
    from pipelines.errors import InputRefused, UsageError
    from pipelines.model.build_database import periods_at_hand
    from pipelines.model.database import read_database

    with read_database(job.database) as connection:
        at_hand = [found.period for found in periods_at_hand(connection, job.centre)]
    if not at_hand:
        raise InputRefused(
            msg("The export holds no request"),
            where=msg("in {folder}", folder=str(job.raw_folder)),
            to_do=msg("Export at least one year of requests"),
        )
    if year is None:
        return at_hand[-1]
    period = read_period(job.centre.period, year)
    if period not in at_hand:
        raise UsageError(
            msg("The export holds no request of {year}", year=year),
            why=msg("the years at hand are: {years}", years=", ".join(period.label for period in at_hand)),
            to_do=msg("Give one of them, or add that year to the export"),
        )
    return period
