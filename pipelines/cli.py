"""The command line: arguments in, one call, and the border where errors become one line and an exit code."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines import audits, demonstrations
from pipelines import main as verbs
from pipelines.cli_options import make_parser
from pipelines.errors import PipelineUserError, fault_line
from pipelines.imports import collect_rarely
from pipelines.job import Job, open_job
from pipelines.language import LANGUAGES, Language, Message, msg
from pipelines.run_log import RunLog
from pipelines.storage import PRIVATE_UMASK

FAULT_OF_THE_PROGRAM = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    environment = os.environ if environ is None else environ
    language = _chosen_language(given, environment)
    os.umask(PRIVATE_UMASK)
    collect_rarely()
    is_json = "--json" in given
    with _interruptions_noted() as was_interrupted:
        try:
            options = make_parser(language).parse_args(given)
            _VERBS[options.verb](options, language)
        except SystemExit as stop:  # argparse ends --help with 0 and wrong use with 2, as promised
            return int(stop.code or 0)
        except BrokenPipeError:  # the reader of our output has read enough
            sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 (Python flushes it once more at exit)
        except PipelineUserError as error:
            return _tell(error.one_line(language), error.exit_code, is_json=is_json, facts=error.facts)
        except BaseException as fault:  # noqa: BLE001 (the border: a traceback could show a row's value)
            if was_interrupted() or isinstance(fault, KeyboardInterrupt):
                told = language.say("Stopped; the last good report is untouched.")
                return _tell(told, INTERRUPTED, is_json=is_json)
            return _tell(fault_line(fault, language), FAULT_OF_THE_PROGRAM, is_json=is_json)
    return 0


@contextmanager
def _interruptions_noted() -> Iterator[Callable[[], bool]]:
    """A library may turn Ctrl-C into an error of its own: what comes out after one is still a Ctrl-C."""
    seen: list[int] = []

    def note(number: int, frame: object) -> None:
        seen.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: bool(seen)
    finally:
        signal.signal(signal.SIGINT, before)


def _chosen_language(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """`--lang`, else `BILAN_LANG`, else French: known before the parser speaks."""
    code = environ.get("BILAN_LANG", "fr")
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            code = arguments[place + 1]
        elif argument.startswith("--lang="):
            code = argument.removeprefix("--lang=")
    return Language(code if code in LANGUAGES else "fr")


def _job(options: argparse.Namespace, language: Language) -> Job:
    raw = getattr(options, "raw", None)
    return open_job(options.home.resolve(), options.centre, raw, _log(options, language), _today())


def _today() -> datetime.date:
    return datetime.datetime.now().astimezone().date()


def _log(options: argparse.Namespace, language: Language) -> RunLog:
    # Progress is for a person who waits: a script's standard error holds what went wrong, and nothing else.
    progress = _warn if sys.stderr.isatty() and not options.json else None
    return RunLog(language, (lambda line: None) if options.json else _print_line, progress=progress)


def _inspect(options: argparse.Namespace, language: Language) -> None:
    from pipelines.ingest.inspect_export import describe, inspection_facts

    inspections = verbs.inspect(options.path)
    drift = verbs.compare_export(_job(options, language), options.path) if options.centre else ()
    if options.json:
        facts: dict[str, Any] = {"files": [inspection_facts(inspection, language) for inspection in inspections]}
        _print_json(facts | ({"drift": [language.text(line) for line in drift]} if options.centre else {}))
        return
    for line in (*(line for inspection in inspections for line in describe(inspection)), *drift):
        _print_line(language.text(line))


def _convert(options: argparse.Namespace, language: Language) -> None:
    said = {"encoding": options.encoding, "delimiter": options.delimiter}
    made = verbs.convert(options.path, options.out, _log(options, language), **said)
    if options.json:
        _print_json({"table": str(made.table), "rejects": str(made.rejects), **made.account.facts()})


def _map(options: argparse.Namespace, language: Language) -> None:
    from pipelines.ingest.describe_proposal import describe_proposal, proposal_facts

    log = _log(options, language)
    proposal, file = verbs.map_export(options.home.resolve(), options.path, options.centre, language, _today())
    for line in describe_proposal(proposal, file):
        log.say(line)
    if options.json:
        _print_json(proposal_facts(proposal, file, language))


def _demo(options: argparse.Namespace, language: Language) -> None:
    log = _log(options, language)
    if options.template:
        made = demonstrations.template(options.home.resolve(), options.out, log)
        if options.json:
            _print_json({"folder": str(options.out), "workbook": str(made)})
        return
    chosen = {"year": options.year, "rows": options.rows, "seed": options.seed}
    requests = demonstrations.demo(options.home.resolve(), options.centre, options.out, log, **chosen)
    if options.json:
        _print_json({"folder": str(options.out), "requests": dict(requests)})


def _ingest(options: argparse.Namespace, language: Language) -> None:
    load = verbs.ingest(_job(options, language))
    if options.json:
        _print_json({"load_id": load.load_id, "records": load.records, "unmapped": load.unmapped})


def _validate(options: argparse.Namespace, language: Language) -> None:
    quality = verbs.validate(_job(options, language), language)
    if options.json:
        _print_json({"declared": quality.declared, "executed": quality.executed})


def _tabulate(options: argparse.Namespace, language: Language) -> None:
    folder = verbs.tabulate(_job(options, language), options.year)
    if options.json:
        _print_json({"folder": str(folder)})


def _protect_table(options: argparse.Namespace, language: Language) -> None:
    made = verbs.protect_table(options.cells, options.spec, options.out, _log(options, language))
    if options.json:
        facts = {"folder": str(made.folder), "shown": made.shown, "primary": made.small, "secondary": made.further}
        _print_json(facts)


def _attack(options: argparse.Namespace, language: Language) -> None:
    report = verbs.attack(options.folder, time_limit_s=options.time_limit)
    if options.json:
        _print_json({"k": report.k, "cells": [dataclasses.asdict(finding) for finding in report.findings]})
    verbs.judge_attack(report, _log(options, language))


def _audit(options: argparse.Namespace, language: Language) -> None:
    read = audits.read_report if options.verb == "audit-report" else audits.read_figures
    audit = audits.audit(options.home.resolve(), read, options.path, _log(options, language))
    facts = audits.facts_of(audit, language)
    if options.strict:
        audits.require_agreement(audit, facts)
    if options.json:
        _print_json(facts)


def _protect(options: argparse.Namespace, language: Language) -> None:
    folder = verbs.protect(_job(options, language), options.year, options.audience, language)
    if options.json:
        _print_json({"folder": str(folder)})


def _approve(options: argparse.Namespace, language: Language) -> None:
    names = {"prepared_by": options.prepared_by, "approved_by": options.approved_by}
    approval = verbs.approve(_job(options, language), options.year, options.audience, **names)
    if options.json:
        _print_json({"number": approval.entry.number, "hash": approval.entry.hash, "is_new": approval.is_new})


def _ledger(options: argparse.Namespace, language: Language) -> None:
    from pipelines.disclosure.ledger.ledger_story import entry_facts, story_facts, tell_cell, tell_entries

    job = _job(options, language)
    told: tuple[Message, ...] = ()
    facts: dict[str, Any] = {"faults": []}
    if options.action == "verify":
        faults = [fault.refusal() for fault in verbs.verify_ledger(job)]
        for fault in faults[1:]:
            job.log.say(msg("{fault}", fault=fault.one_line(language)))
        if faults:
            raise faults[0]
    elif options.action == "withdraw":
        names = {"prepared_by": options.prepared_by or "", "approved_by": options.approved_by or ""}
        entry = verbs.withdraw(job, options.release or "", reason=options.reason or "", **names)
        facts = entry_facts(entry)
    elif options.action == "list":
        ledger = verbs.read_ledger(job)
        told, facts = tell_entries(ledger), {"entries": [entry_facts(entry) for entry in ledger.entries]}
    else:
        story = verbs.explain_cell(job, options.cell or "")
        told, facts = tell_cell(story), story_facts(story)
    for line in told:
        job.log.say(line)
    if options.json:
        _print_json(facts)


def _report(options: argparse.Namespace, language: Language) -> None:
    audiences = [options.audience] if options.audience else ["internal", "public"]
    job, report_language = _job(options, language), Language(options.report_language)
    if options.dry_run:
        _plan(job, options, audiences, report_language)
        return
    dashboard = verbs.report(job, options.year, audiences, report_language)
    if options.open:
        _open(dashboard, language)
    if options.json:
        _print_json({"dashboard": str(dashboard)})
    else:
        _print_line(str(dashboard))


def _open(page: Path, language: Language) -> None:
    import webbrowser

    if not webbrowser.open(page.as_uri()):
        _warn(language.say("No browser was found on this machine: open the page by hand"))


def _plan(job: Job, options: argparse.Namespace, audiences: Sequence[str], report_language: Language) -> None:
    from pipelines.report_plan import describe_plan, plan_facts, plan_report

    plan = plan_report(job, options.year, audiences, report_language)
    for line in describe_plan(plan, job.log.language):
        job.log.say(line)
    if options.json:
        _print_json(plan_facts(plan))


_VERBS: dict[str, Callable[[argparse.Namespace, Language], None]] = {
    "inspect": _inspect,
    "convert": _convert,
    "map": _map,
    "demo": _demo,
    "ingest": _ingest,
    "validate": _validate,
    "tabulate": _tabulate,
    "protect-table": _protect_table,
    "attack": _attack,
    "audit-figures": _audit,
    "audit-report": _audit,
    "protect": _protect,
    "report": _report,
    "approve": _approve,
    "ledger": _ledger,
}


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _print_json(content: Mapping[str, Any]) -> None:
    _print_line(json.dumps(content, ensure_ascii=False, default=str))


def _tell(line: str, exit_code: int, *, is_json: bool, facts: Mapping[str, object] | None = None) -> int:
    if is_json:
        _print_json({**(facts or {}), "error": line, "exit_code": exit_code})
    _warn(line)
    return exit_code


def _warn(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
