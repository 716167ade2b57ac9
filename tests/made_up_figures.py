"""Small drawn tables of printed figures, and what the auditor says of them."""

from decimal import Decimal
from pathlib import Path

from pipelines.quality.audit_figures import Audit, audit_figures
from pipelines.quality.audit_settings import AuditSettings, read_audit_settings
from pipelines.quality.printed_figure import Figure, Outcome, Part, PrintedFigures, State, TableKey

SETTINGS: AuditSettings = read_audit_settings(Path(__file__).resolve().parent.parent / "config")
FAULTS = (State.DISAGREES, State.TO_EXPLAIN)


def figures(drawn: str, *, section: str = "aide", report: str = "centre") -> list[Figure]:
    """A figure a line: `table | row | measure | unit | value | role`."""
    made = []
    for number, line in enumerate((line for line in drawn.strip().splitlines() if line.strip()), start=2):
        table, row, measure, unit, value, role = (cell.strip() for cell in line.split("|"))
        decimals = len(value.partition(".")[2])
        place = TableKey(report, section, table)
        made.append(Figure(place, row, measure, unit, Decimal(value), decimals, Part(role), number))
    return made


def audit(listed: list[Figure]) -> Audit:
    return audit_figures(PrintedFigures(tuple(listed)), SETTINGS, "figures.csv")


def audit_of(drawn: str) -> Audit:
    return audit(figures(drawn))


def only(found: Audit, check: str) -> Outcome:
    """The only outcome of a kind of check."""
    outcomes = [outcome for outcome in found.outcomes if outcome.check == check]
    assert len(outcomes) == 1, outcomes
    return outcomes[0]


def causes(outcome: Outcome) -> list[str]:
    return [cause.msgid for cause in outcome.causes]
