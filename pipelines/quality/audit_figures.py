"""Recompute what a report printed: every check, and what each says of every number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipelines.language import Message
from pipelines.quality.audit_percentages import check_percentages
from pipelines.quality.audit_ratios import check_ratios
from pipelines.quality.audit_repeats import check_repeats
from pipelines.quality.audit_rules import check_rules
from pipelines.quality.audit_settings import AuditSettings
from pipelines.quality.audit_totals import check_totals
from pipelines.quality.printed_figure import Outcome, PrintedFigures, State, group_by_table


@dataclass(frozen=True)
class Audit:
    """What an audit found, table by table, in the order of the report."""

    file: str
    figures: int
    outcomes: tuple[Outcome, ...]
    #: What of a document could not be audited.
    notices: tuple[Message, ...] = ()
    #: Whether the lines of the outcomes are lines of the file.
    has_lines: bool = True

    def of(self, state: State) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.state is state)

    @property
    def counts(self) -> Counter[State]:
        return Counter(outcome.state for outcome in self.outcomes)

    @property
    def judged_figures(self) -> int:
        """How many of the figures at least one check looked at and could judge."""
        judged = {line for outcome in self.outcomes if outcome.state is not State.NOT_JUDGED for line in outcome.lines}
        return len(judged)


def audit_figures(printed: PrintedFigures, settings: AuditSettings, file: str) -> Audit:
    """Run every check on the figures of one or several reports."""
    tables = group_by_table(printed.figures)
    places = {place: rank for rank, place in enumerate(tables)}
    outcomes = [
        *check_totals(tables, settings.words),
        *check_percentages(tables, settings.words),
        *check_ratios(tables, settings.words),
        *check_repeats(tables, settings.words),
        *check_rules(tables, settings),
    ]
    outcomes.sort(key=lambda outcome: (places[outcome.place], outcome.line))
    return Audit(file, len(printed.figures), tuple(outcomes), printed.notices, printed.has_lines)
