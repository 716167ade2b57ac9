"""A report that is asked for: for whom, where it goes, what it is made from. A dry run and a real one read it alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.job import Job
from pipelines.language import Language

if TYPE_CHECKING:
    from pipelines.config import Period
    from pipelines.disclosure.policy import Audience


@dataclass(frozen=True)
class Order:
    """One report: of which year, for whom, in which language.

    `is_whole`: with the notebooks and the page; else the protected cells and their record alone.
    """

    period: Period
    audience_id: str
    audience: Audience
    language: Language
    is_whole: bool = True


def place_and_fingerprint(job: Job, load_id: str, order: Order) -> tuple[Path, str]:
    """The folder of a report, and the fingerprint of all that it is made from."""
    from pipelines.freshness import release_fingerprint
    from pipelines.publication import known_ledger

    target = job.reports / order.period.label / order.audience_id
    known = known_ledger(job, target) if order.audience.is_protected else ""
    choices = (order.period.label, order.audience_id, order.language.code if order.is_whole else "", known)
    return target, release_fingerprint(job.workspace, load_id, *choices)


def notebooks_of(job: Job) -> list[Path]:
    """The sections of a report, in order; the centre's own come after those that all centres have."""
    shared = job.workspace.shared("notebooks")
    return [*sorted(shared.glob("[0-9]*.ipynb")), *sorted((shared / job.centre.id).glob("[0-9]*.ipynb"))]
