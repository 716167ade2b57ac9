"""The verbs about reports that exist already: read their figures, recompute them, say what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import QualityGateFailed
from pipelines.language import Language, msg, msg_count

if TYPE_CHECKING:
    from pipelines.quality.audit_figures import Audit
    from pipelines.quality.audit_settings import AuditSettings
    from pipelines.quality.printed_figure import PrintedFigures
    from pipelines.run_log import RunLog


def audit(root: Path, read: Callable[[Path, AuditSettings], PrintedFigures], path: Path, log: RunLog) -> Audit:
    """Recompute the figures of a report and tell what agrees, what does not, and what could not be judged."""
    from pipelines.config import Workspace
    from pipelines.quality.audit_figures import audit_figures
    from pipelines.quality.audit_settings import read_audit_settings
    from pipelines.quality.tell_audit import tell_audit

    settings = read_audit_settings(Workspace(root).config)
    found = audit_figures(read(path, settings), settings, path.name)
    for line in tell_audit(found):
        log.say(line)
    return found


def read_figures(path: Path, settings: AuditSettings) -> PrintedFigures:
    """The figures of a file that lists them one by one."""
    from pipelines.quality.printed_figure import PrintedFigures
    from pipelines.quality.read_figures import read_figures as read

    return PrintedFigures(read(path))


def read_report(path: Path, settings: AuditSettings) -> PrintedFigures:
    """The figures of the tables of a document, a workbook or a text file."""
    from pipelines.quality.report_figures import read_report_figures

    return read_report_figures(path, settings.words)


def facts_of(found: Audit, language: Language) -> Mapping[str, object]:
    """What `--json` tells of an audit."""
    from pipelines.quality.tell_audit import audit_facts

    return audit_facts(found, language)


def require_agreement(found: Audit, facts: Mapping[str, object]) -> None:
    """Raise `QualityGateFailed` where something printed does not agree; what asks for a reason is no fault."""
    from pipelines.quality.printed_figure import State

    count = found.counts[State.DISAGREES]
    if not count:
        return
    failure = QualityGateFailed(
        msg_count("{count} printed figure does not agree", "{count} printed figures do not agree", count),
        where=msg("in {file}", file=found.file),
        to_do=msg("Correct the report, or say under the table why the figures differ"),
    )
    failure.facts = facts
    raise failure
