"""The parent's side of a validation: it starts the child early, sends it the rules, reads the verdicts.

Importing Great Expectations takes seconds, so the child does it while the exports are still being
read. A child that crashes or answers something else is a fault of the program, one that the machine killed or
could not finish in time is to be tried again; neither is ever a pass.
"""

from __future__ import annotations

import datetime
import json
import os
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pipelines.codes import Vocabularies
from pipelines.config import Centre
from pipelines.errors import MachineBusy
from pipelines.language import Text, msg
from pipelines.quality.checks import (
    Check,
    QualityReport,
    Result,
    ValidationFault,
)
from pipelines.quality.load_suites import Expectation, load_suites
from pipelines.quality.rule_expectations import rule_expectations
from pipelines.rules import RuleBook

_CHILD = "pipelines.quality.run_suites"
_WHILE_CHECKING = msg("while the data were being checked")
_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ValidationRequest:
    """What is to be validated: a closed DuckDB file of core tables, and what its centre collects.

    `today` is the day that no date may pass, `rules` the rule book of the centres. `intake` and `fingerprint` go
    into the report as given.
    """

    database: Path
    suites: Path
    centre: Centre
    vocabularies: Vocabularies
    today: datetime.date
    intake: Mapping[str, Any]
    fingerprint: str
    rules: RuleBook = RuleBook(rule=())


class ValidationProcess:
    """One child process; used as a context manager, it never outlives the block.

    `timeout_s` is the longest wait for one answer, the start of the child included.
    """

    def __init__(self, *, timeout_s: float = 900) -> None:
        self._timeout_s = timeout_s
        self._child: subprocess.Popen[str] | None = None
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._pending: tuple[ValidationRequest, tuple[Expectation, ...]] | None = None

    def __enter__(self) -> ValidationProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, place: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the child in the background, if it does not run yet; returns at once."""
        if self._child is not None:
            return
        self._child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-P", "-m", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What a library prints there may hold a value; the child answers on its output alone.
            stderr=subprocess.DEVNULL,
            env=_environment(),
            encoding="utf-8",
        )
        weakref.finalize(self, _end, self._child)
        assert self._child.stdout is not None
        threading.Thread(target=_forward, args=(self._child.stdout, self._answers), daemon=True).start()

    def submit(self, request: ValidationRequest) -> None:
        """Send a validation to the child; its report comes from `result`.

        Raises `ConfigurationError` with all the faults of the suites.
        """
        suites = load_suites(request.suites, request.centre, request.vocabularies, request.today)
        expectations = (*suites, *rule_expectations(request.rules, request.centre))
        rules: dict[str, list[Mapping[str, object]]] = {}
        for expectation in expectations:
            if expectation.is_applicable:
                rule = {"id": expectation.id, "type": expectation.type, "kwargs": expectation.kwargs}
                rules.setdefault(expectation.suite, []).append(rule)
        self.start()
        assert self._child is not None
        assert self._child.stdin is not None
        try:
            print(json.dumps({"database": str(request.database), "rules": rules}), file=self._child.stdin, flush=True)
        except OSError as error:
            raise self._ended("before it was asked anything") from error
        self._pending = (request, expectations)

    def result(self) -> QualityReport:
        """Wait for the report of the last `submit`.

        Raises `MachineBusy` if the child was killed or took longer than the limit, `ValidationFault` if it
        ended or could not open the database. What the report says is for `raise_if_failed` to judge.
        """
        if self._pending is None:
            raise ValidationFault("nothing was submitted")
        request, expectations = self._pending
        self._pending = None
        try:
            line = self._answers.get(timeout=self._timeout_s)
        except queue.Empty:
            self.close()
            raise MachineBusy(_WHILE_CHECKING) from None
        if line is None:
            raise self._ended("without an answer")
        answer = json.loads(line)
        if "fault" in answer:
            raise ValidationFault(f"the validation process could not work: {answer['fault']}")
        return _report(request, expectations, answer["outcomes"])

    def _ended(self, when: str) -> Exception:
        """Why there is no answer: a child with the number of a signal did not end by itself."""
        assert self._child is not None
        if self._child.wait() < 0:
            return MachineBusy(_WHILE_CHECKING)
        return ValidationFault(f"the validation process ended {when}")

    def close(self) -> None:
        """End the child; nothing that it was still doing is kept."""
        if self._child is not None:
            _end(self._child)
            self._child = None


def _environment() -> dict[str, str]:
    """Ours, with this package importable from wherever the command was started."""
    paths = [str(_PACKAGE_PARENT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "GX_ANALYTICS_ENABLED": "False"}


def _forward(source: IO[str], answers: queue.SimpleQueue[str | None]) -> None:
    # A thread, for a pipe cannot be waited on with a limit on every system.
    with source:
        for line in source:
            answers.put(line)
    answers.put(None)


def _end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    if child.stdin is not None and not child.stdin.closed:
        # What could not be flushed to a dead child is of no use to anyone.
        try:
            child.stdin.close()
        except OSError:
            return


def _report(
    request: ValidationRequest, expectations: tuple[Expectation, ...], outcomes: list[dict[str, Any]]
) -> QualityReport:
    by_id = {outcome["id"]: outcome for outcome in outcomes}
    checks = tuple(
        _check(expectation, by_id.get(expectation.id))
        for expectation in expectations
        if expectation.id in by_id or not expectation.is_applicable
    )
    verdicts = (Result.PASSED, Result.FAILED)
    return QualityReport(
        checks=checks,
        declared=len(expectations),
        executed=sum(check.outcome in verdicts for check in checks),
        not_applicable=sum(not expectation.is_applicable for expectation in expectations),
        intake=request.intake,
        missing_labels={code.code: Text(code.label_fr, code.label_en) for code in request.vocabularies.missing.codes},
        fingerprint=request.fingerprint,
        checked_on=request.today,
    )


def _check(expectation: Expectation, outcome: Mapping[str, Any] | None) -> Check:
    found = outcome or {"outcome": Result.NOT_APPLICABLE, "rows_checked": None, "rows_failing": None, "source_rows": []}
    return Check(
        id=expectation.id,
        suite=expectation.suite,
        title=expectation.title,
        advice=expectation.advice,
        severity=expectation.severity,
        outcome=_verdict(expectation, found),
        rows_checked=found["rows_checked"],
        rows_failing=found["rows_failing"],
        source_rows=tuple((rank, row) for rank, row in found["source_rows"]),
    )


def _verdict(expectation: Expectation, found: Mapping[str, Any]) -> Result:
    """A rule that no more rows break than were accepted is kept; the rows are told all the same."""
    outcome = Result(found["outcome"])
    if outcome is Result.FAILED and 0 < found["rows_failing"] <= expectation.accepted:
        return Result.PASSED
    return outcome
