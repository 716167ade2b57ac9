"""The quality page and its data twin: whether a report may be made, and what to do if not.

Neither holds a value of a case: rules, counts, names of files and columns, numbers of rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.config import Centre
from pipelines.language import Language, Message, Text, msg, msg_count
from pipelines.quality.checks import SCHEMA_VERSION, Check, QualityReport, Result, place_of
from pipelines.quality.load_suites import Severity
from pipelines.quality.record_words import COLUMN_WORDS, RECORD_WORDS
from pipelines.storage import make_folder, write_text

if TYPE_CHECKING:
    from jinja2 import Template

#: The two files, in the folder of a centre's reports.
JSON_NAME = "quality.json"
PAGE_NAME = "quality.html"
#: Enough of a SHA-256 for a person to compare two files by eye.
_SHOWN_DIGITS = 12


def write_quality_report(report: QualityReport, folder: Path, language: Language, centre: Centre) -> tuple[Path, Path]:
    """Write `quality.json` and `quality.html`, each whole or not at all; gives their paths."""
    make_folder(folder)
    data, page = folder / JSON_NAME, folder / PAGE_NAME
    write_text(page, _page(report, language, centre))
    # Last, for it is what says that the data need not be checked again.
    write_text(data, json.dumps(_content(report, centre), ensure_ascii=False, indent=1) + "\n")
    return data, page


def _content(report: QualityReport, centre: Centre) -> dict[str, object]:
    broken = report.broken_errors
    return {
        "schema_version": SCHEMA_VERSION,
        "centre": centre.id,
        "is_fictitious": centre.is_fictitious,
        "checked_on": report.checked_on.isoformat(),
        "fingerprint": report.fingerprint,
        "may_report": report.is_complete and not broken,
        "counts": {
            "declared": report.declared,
            "executed": report.executed,
            "not_applicable": report.not_applicable,
            "passed": len(report.having(Result.PASSED)),
            "failed_errors": len(broken),
            "failed_warnings": len(report.having(Result.FAILED, Severity.WARNING)),
            "errored": len(report.having(Result.ERRORED)),
        },
        "checks": [asdict(check) for check in report.checks],
        "intake": report.intake,
        "missing_labels": {code: asdict(label) for code, label in report.missing_labels.items()},
    }


@lru_cache(maxsize=1)
def _template() -> Template:
    # Imported here: most commands never write the page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("pipelines.quality"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(PAGE_NAME)


def _page(report: QualityReport, language: Language, centre: Centre) -> str:
    return _template().render(
        say=language.say,
        number=language.number,
        html_tag=language.html_tag,
        centre=centre.name.in_language(language),
        is_fictitious=centre.is_fictitious,
        checked_on=language.date(report.checked_on),
        report=report,
        verdict=_verdict(report),
        sentence=language.text(_sentence(report)),
        to_correct=[_told(report, check, language) for check in report.broken_errors],
        to_look_at=[_told(report, check, language) for check in report.having(Result.FAILED, Severity.WARNING)],
        errored=[_told(report, check, language) for check in report.having(Result.ERRORED)],
        passed=_by_subject(report, Result.PASSED, language),
        not_applicable=_by_subject(report, Result.NOT_APPLICABLE, language),
        files=[_file(file, language) for file in report.intake.get("files", ())],
        columns=[_column(column, report.missing_labels, language) for column in report.intake.get("columns", ())],
    )


def _file(file: Mapping[str, Any], language: Language) -> dict[str, object]:
    """One file of the export: what was kept of it, and why the rest was not."""
    left_out = [
        (Text(part["fr"], part["en"]).in_language(language), part["count"]) for part in file.get("set_aside", ())
    ]
    return {**file, "fingerprint": str(file["sha256"])[:_SHOWN_DIGITS], "left_out": left_out}


def _verdict(report: QualityReport) -> str:
    if not report.is_complete:
        return "incomplete"
    return "stopped" if report.broken_errors else "ready"


def _sentence(report: QualityReport) -> Message:
    """The first thing that a reader wants to know."""
    if not report.is_complete:
        return msg("The validation did not reach its end: no report is made from these data")
    if broken := report.broken_errors:
        return msg_count(
            "No report can be made yet: one rule is broken",
            "No report can be made yet: {count} rules are broken",
            len(broken),
        )
    if warnings := report.having(Result.FAILED, Severity.WARNING):
        return msg_count(
            "The report can be made; one point deserves a look",
            "The report can be made; {count} points deserve a look",
            len(warnings),
        )
    return msg("The report can be made: all the rules are respected")


def _told(report: QualityReport, check: Check, language: Language) -> dict[str, str]:
    return {
        "id": check.id,
        "subject": _subject(check, language),
        "title": check.title.in_language(language),
        "advice": check.advice.in_language(language),
        "rows": _rows(report, check, language) if check.rows_failing else "",
    }


def _rows(report: QualityReport, check: Check, language: Language) -> str:
    count = check.rows_failing or 0
    counted = msg_count("One row out of {rows}", "{count} rows out of {rows}", count, rows=check.rows_checked)
    places = "; ".join(language.text(place_of(file, rows, at_most=len(rows))) for file, rows in report.places(check))
    if not places:
        return language.text(counted)
    if len(check.source_rows) < count:
        return language.say("{count}, of which the first: {places}", count=counted, places=places)
    return language.say("{count}: {places}", count=counted, places=places)


def _subject(check: Check, language: Language) -> str:
    entity = check.suite.removeprefix("core_")
    return language.text(RECORD_WORDS[entity]) if entity in RECORD_WORDS else entity


def _by_subject(report: QualityReport, outcome: Result, language: Language) -> dict[str, list[Mapping[str, object]]]:
    subjects: dict[str, list[Mapping[str, object]]] = {}
    for check in report.having(outcome):
        told = {"title": check.title.in_language(language), "rows": check.rows_checked}
        subjects.setdefault(_subject(check, language), []).append(told)
    return subjects


def _column(column: Mapping[str, Any], labels: Mapping[str, Text], language: Language) -> dict[str, object]:
    missing = column["missing"]
    name = COLUMN_WORDS.get(column["column"])
    return {
        "subject": language.text(RECORD_WORDS[column["entity"]]),
        "name": language.text(name) if name else column["column"],
        "rows": column["rows"],
        "missing": sum(missing.values()),
        "kinds": [
            (labels[code].in_language(language) if code in labels else code, count) for code, count in missing.items()
        ],
        "sentinels": column["sentinels"],
        "unmapped": column["unmapped"],
    }
