"""What a validation found, and the gate that it is: counts and places, never a cell's value."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipelines.errors import QualityGateFailed
from pipelines.language import Message, Text, join, msg, msg_count
from pipelines.quality.load_suites import Severity

#: Of `quality.json`; a file of another version is not read, and the data are validated again.
SCHEMA_VERSION = 1
#: How many broken rules, and rows of each file, the error line names; the quality page has them all.
_NAMED_RULES = 3
_NAMED_ROWS = 5


class Result(StrEnum):
    """How a check ended. `errored` could not be evaluated; `not_applicable` is about what is not collected."""

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    NOT_APPLICABLE = "not_applicable"


class ValidationFault(RuntimeError):
    """The validation itself did not work: no verdict on the data, hence no report. A fault of the program."""


@dataclass(frozen=True)
class Check:
    """One rule and how it ended.

    `rows_checked` and `rows_failing` count rows of the core table (None where nothing was counted);
    a rule that tolerates a share of failing rows may have passed with some, and names none of them.
    `source_rows` names at most 20 of them as (rank of the file in the intake, row in it, the header being row 1).
    """

    id: str
    suite: str
    title: Text
    advice: Text
    severity: Severity
    outcome: Result
    rows_checked: int | None = None
    rows_failing: int | None = None
    source_rows: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class QualityReport:
    """All the checks of one validation.

    `declared` is counted in the suites, `executed` in the answers (passed or failed): the two and
    `not_applicable` must agree. `intake` is what was read (files, columns, missing answers), as JSON
    holds it; `missing_labels` names its kinds of missing answer. `fingerprint` is the caller's, of
    the data, the suites and the code lists.
    """

    checks: tuple[Check, ...]
    declared: int
    executed: int
    not_applicable: int
    intake: Mapping[str, Any]
    missing_labels: Mapping[str, Text]
    fingerprint: str
    checked_on: datetime.date

    def having(self, outcome: Result, severity: Severity | None = None) -> tuple[Check, ...]:
        """The checks that ended so, in the order of the suites."""
        return tuple(check for check in self.checks if check.outcome is outcome and severity in (None, check.severity))

    @property
    def broken_errors(self) -> tuple[Check, ...]:
        """The broken rules that stop the report."""
        return self.having(Result.FAILED, Severity.ERROR)

    @property
    def is_complete(self) -> bool:
        """Whether every declared check gave a verdict or was not applicable."""
        return self.declared == self.executed + self.not_applicable and not self.having(Result.ERRORED)

    def places(self, check: Check) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The broken rows that are named, by file: `("demandes.csv", (5, 9))`."""
        names = {file["rank"]: file["name"] for file in self.intake.get("files", ())}
        ranks = dict.fromkeys(rank for rank, _ in check.source_rows)
        return tuple(
            (str(names.get(rank, rank)), tuple(row for owner, row in check.source_rows if owner == rank))
            for rank in ranks
        )


def raise_if_failed(report: QualityReport) -> None:
    """Stop unless the report may be made.

    Raises `ValidationFault` when a declared check gave no verdict, `QualityGateFailed` when a rule
    of severity "error" is broken. Warnings pass.
    """
    if not report.is_complete:
        errored = ", ".join(check.id for check in report.having(Result.ERRORED)) or "none"
        raise ValidationFault(
            f"{report.declared} checks declared, {report.executed} executed,"
            f" {report.not_applicable} not applicable; errored: {errored}"
        )
    broken = report.broken_errors
    if not broken:
        return
    raise QualityGateFailed(
        msg_count(
            "The data break a quality rule, so no report is made",
            "The data break {count} quality rules, so no report is made",
            len(broken),
        ),
        why=join(_story_of(report, check) for check in broken[:_NAMED_RULES]),
        to_do=msg("{advice}. The quality page (quality.html) shows every rule", advice=broken[0].advice),
    )


def _story_of(report: QualityReport, check: Check) -> Message:
    if not check.rows_failing:
        return msg("broken rule: “{rule}”", rule=check.title)
    rule = msg_count(
        "broken rule: “{rule}”, one row", "broken rule: “{rule}”, {count} rows", check.rows_failing, rule=check.title
    )
    places = [place_of(file, rows, at_most=_NAMED_ROWS) for file, rows in report.places(check)]
    return msg("{rule} ({places})", rule=rule, places=join(places)) if places else rule


def place_of(file: str, rows: tuple[int, ...], *, at_most: int) -> Message:
    """Rows of a file as a reader looks them up; an ellipsis where there are more than `at_most`."""
    named = ", ".join(str(row) for row in rows[:at_most]) + (", …" if len(rows) > at_most else "")
    return msg_count("{file}, row {rows}", "{file}, rows {rows}", len(rows), file=file, rows=named)


def read_current_report(path: Path, fingerprint: str) -> QualityReport | None:
    """The report of this `quality.json` if it still speaks for the data, so that nothing is checked again.

    A report that stopped is never current: time alone can heal one (a date that lay in the future).
    """
    report = read_quality_report(path)
    if report is None or report.fingerprint != fingerprint or not report.is_complete or report.broken_errors:
        return None
    return report


def read_quality_report(path: Path) -> QualityReport | None:
    """The report that `quality.json` holds; None if there is none that this version can read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["schema_version"] != SCHEMA_VERSION:
            return None
        return QualityReport(
            checks=tuple(_check_of(entry) for entry in content["checks"]),
            declared=content["counts"]["declared"],
            executed=content["counts"]["executed"],
            not_applicable=content["counts"]["not_applicable"],
            intake=content["intake"],
            missing_labels={code: Text(**label) for code, label in content["missing_labels"].items()},
            fingerprint=content["fingerprint"],
            checked_on=datetime.date.fromisoformat(content["checked_on"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Damaged or foreign: it costs a validation, and the next one writes it anew.
        return None


def _check_of(entry: Mapping[str, Any]) -> Check:
    return Check(
        id=entry["id"],
        suite=entry["suite"],
        title=Text(**entry["title"]),
        advice=Text(**entry["advice"]),
        severity=Severity(entry["severity"]),
        outcome=Result(entry["outcome"]),
        rows_checked=entry["rows_checked"],
        rows_failing=entry["rows_failing"],
        source_rows=tuple((rank, row) for rank, row in entry["source_rows"]),
    )
