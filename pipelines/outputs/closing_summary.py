"""What is said at the end of `bilan report`: what was made and where, what is hidden and why, what deserves a look.

It is read from the files that were put in place, so a report found up to date is told as a new one is.
Only counts, paths and the titles of rules are said: never which cells are hidden, nor a value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.language import Message, Text, msg, msg_count
from pipelines.outputs.protection_page import page_name
from pipelines.outputs.release_record import RECORD
from pipelines.quality.checks import Check, Result, read_quality_report
from pipelines.quality.load_suites import Severity

#: How many rules are named; the quality page has them all.
_NAMED_RULES = 5


def tell_reports(reports: Path, period: str, audiences: Mapping[str, Text]) -> Iterator[Message]:
    """Each audience's report of the period, then the quality of the data; `reports`: the centre's folder of reports."""
    for audience_id, title in audiences.items():
        folder = reports / period / audience_id
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        made = ", ".join(dict.fromkeys(_top(name) for name in (*record["files"], RECORD)))
        yield msg("{audience}: {files}, in {folder}", audience=title, files=made, folder=str(folder))
        yield _hidden(record)
        page = reports / page_name(period, audience_id)
        if record["protection"] and record["cells"]["hidden"] and page.is_file():
            yield msg("  Which ones, why, and what else could be shown: {page} (for the centre alone)", page=str(page))
    yield from _quality(reports)


def _top(name: str) -> str:
    """A file of the release, or the folder of it that holds several."""
    folder, slash, _ = name.partition("/")
    return folder + slash


def _hidden(record: Mapping[str, Any]) -> Message:
    protection, hidden = record["protection"], record["cells"]["hidden"]
    if protection is None:
        return msg("  No number is hidden: this report does not leave the centre")
    if protection["rounding"] > 1:
        return msg(
            "  Numbers are rounded at random to a multiple of {base}, so that no small group can be recognised",
            base=protection["rounding"],
        )
    if not hidden:
        return msg("  No number is hidden: none is about so few people that they could be recognised")
    return msg_count(
        "  {count} number hidden, {shown} shown: it is about fewer than {k} people, "
        "or a subtraction would give back one that is",
        "  {count} numbers hidden, {shown} shown: they are about fewer than {k} people, "
        "or a subtraction would give back one that is",
        hidden,
        shown=record["cells"]["shown"],
        k=protection["k"],
    )


def _quality(reports: Path) -> Iterator[Message]:
    """The points that a person should look at, and where to see their rows; nothing where the page is gone."""
    quality = read_quality_report(reports / "quality.json")
    if quality is None:
        return
    warnings = quality.having(Result.FAILED, Severity.WARNING)
    if not warnings:
        yield msg("Quality of the data: {count} checks, nothing to look at", count=quality.executed)
        return
    yield msg_count(
        "Quality of the data: one point deserves a look before the report goes out",
        "Quality of the data: {count} points deserve a look before the report goes out",
        len(warnings),
    )
    for check in warnings[:_NAMED_RULES]:
        yield _point(check)
    if (further := len(warnings) - _NAMED_RULES) > 0:
        yield msg_count("  - and one more", "  - and {count} more", further)
    page = str(reports / "quality.html")
    yield msg("  To see the rows and what to do, open on this machine: {page} (do not send it)", page=page)


def _point(check: Check) -> Message:
    if not check.rows_failing:
        return msg("  - {rule}", rule=check.title)
    return msg_count("  - {rule} (one row)", "  - {rule} ({count} rows)", check.rows_failing, rule=check.title)
