"""`protection-<year>.html`: what is hidden in a report, why, and what could be published instead.

For the coordinator alone: the page tells which hidden cells are small, and says on each sheet that it must
not be distributed. It holds labels and numbers of cells, never a count of people.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from pipelines.disclosure.protection_report import (
    Alternative,
    AlternativeKind,
    HiddenBecause,
    ProtectionReport,
    TableProtectionReport,
)
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Language, Message, Text, msg, msg_count
from pipelines.outputs.hidden_cells import label_of, name_hidden
from pipelines.outputs.plain_page import write_page
from pipelines.outputs.protection_words import enumerate_words, merging_sentences, quote, rule_sentences


@dataclass(frozen=True)
class _Table:
    """One table that has hidden cells, as the page tells it."""

    id: str
    title: str
    counted: str
    choices: Sequence[str]
    reasons: Sequence[tuple[str, Sequence[str]]]


def page_name(period: str, audience: str) -> str:
    """The page's file, beside the centre's quality page: `protection-2023-2024.html`, the audience if it is another."""
    return f"protection-{period}.html" if audience == "public" else f"protection-{period}-{audience}.html"


def write_protection_page(
    report: ProtectionReport, release: Release, path: Path, language: Language, *, titles: Mapping[str, Text]
) -> None:
    """Write the page about a protected release; `titles` are those of the catalogue, dropped tables included.

    Raises `KeyError` if the report names a table or a code that the release does not hold.
    """
    hidden = [table for table in report.tables if table.hidden]
    # First where something can be done that leaves the fewest cells untold.
    hidden.sort(key=lambda table: (_least_untold(table), -len(table.hidden)))
    warning = language.say("DO NOT DISTRIBUTE: this page tells which hidden numbers are small")
    write_page(
        "protection.html",
        path,
        say=language.say,
        html_tag=language.html_tag,
        centre=release.centre_name.in_language(language),
        period=release.period,
        is_fictitious=release.is_fictitious,
        warning=warning,
        print_warning=_print_warning(warning),
        verdict=language.say(
            "Cells shown: {shown} of {cells}; hidden: {hidden}",
            shown=report.cells - report.hidden_cells,
            cells=report.cells,
            hidden=report.hidden_cells,
        ),
        rules=[language.text(sentence) for sentence in rule_sentences(report.protection)],
        measures=[language.text(sentence) for sentence in _measures(report, language)],
        memory=[language.text(sentence) for sentence in _memory(report)],
        merged=[language.text(sentence) for sentence in merging_sentences(report.merged, titles)],
        tables=[_tell(table, release.table(table.table_id), report, language) for table in hidden],
        whole=[
            release.table(table.table_id).title.in_language(language) for table in report.tables if not table.hidden
        ],
        solver=report.solver,
        seconds=language.number(round(report.seconds, 1)),
        ledger_version=language.number(report.ledger_version),
    )


def _print_warning(warning: str) -> Markup:
    """The margins of every printed sheet; the warning comes from the catalogue, and is a CSS string here."""
    quoted = warning.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    box = f'content: "{quoted}"; font: bold 11pt Arial, sans-serif; color: #8a1c1c;'
    return Markup(  # noqa: S704 (a sentence of our own, escaped above)
        f"@page {{ size: letter; margin: 18mm 16mm; @top-center {{ {box} }} @bottom-center {{ {box} }} }}"
    )


def _measures(report: ProtectionReport, language: Language) -> list[Message]:
    """What the protection cost, and what it withstands."""
    told = []
    if report.narrowest is not None:
        told.append(
            msg_count(
                "The best known of the hidden small cells keeps {count} possible value",
                "The best known of the hidden small cells keeps {count} possible values",
                report.narrowest,
            )
        )
    # Cut, not rounded: what is not whole must not read as 100 %.
    share = language.percent(int(report.share_of_counts_shown * 1000))
    told.append(msg("The detailed cells that are shown hold {share} of what was counted", share=share))
    if report.further:
        told.append(
            msg_count(
                "Beside the small cells, {count} cell is hidden so that they cannot be found by subtraction",
                "Beside the small cells, {count} cells are hidden so that they cannot be found by subtraction",
                report.further,
            )
        )
        if report.proven_least == report.further:
            told.append(msg("It is proved that no fewer would be enough"))
        elif report.proven_least:
            told.append(
                msg_count(
                    "It is proved that at least {count} is needed",
                    "It is proved that at least {count} are needed",
                    report.proven_least,
                )
            )
    told.extend(_insider(known, narrowed) for known, narrowed in sorted(report.insider.items()))
    return told


def _insider(known: int, narrowed: int) -> Message:
    return msg(
        "{what}: {told}",
        what=msg_count("For who already knows {count} record", "For who already knows {count} records", known),
        told=msg_count(
            "{count} hidden small cell could be told more exactly",
            "{count} hidden small cells could be told more exactly",
            narrowed,
        ),
    )


def _memory(report: ProtectionReport) -> list[Message]:
    """What earlier releases have fixed, and what came too late for them."""
    told = []
    if report.frozen:
        told.append(
            msg(
                "Years told again as they were released, which change no more: {periods}",
                periods=", ".join(report.frozen),
            )
        )
    for period, count in sorted(report.late_records.items()):
        if count:
            late = msg_count(
                "{count} record entered since its release is not counted here",
                "{count} records entered since its release are not counted here",
                count,
            )
            told.append(msg("{what}: {told}", what=period, told=late))
    return told


def _untold(choice: Alternative) -> int:
    return choice.hidden_cells + choice.cells_lost


def _least_untold(table: TableProtectionReport) -> float:
    """How many cells the best choice for this table leaves untold; without a choice, the table comes last."""
    return min(map(_untold, table.alternatives), default=math.inf)


def _tell(reported: TableProtectionReport, table: ReleaseTable, report: ProtectionReport, language: Language) -> _Table:
    counted = msg_count(
        "{count} hidden cell of {cells}", "{count} hidden cells of {cells}", len(reported.hidden), cells=reported.cells
    )
    useful = [choice for choice in reported.alternatives if choice.hidden_cells < report.hidden_cells]
    useful.sort(key=_untold)
    return _Table(
        id=table.id,
        title=table.title.in_language(language),
        counted=language.text(counted),
        choices=[_choice(choice, table, report.hidden_cells, language) for choice in useful],
        reasons=[
            _reason(reason, reported, table, report.protection.k, language)
            for reason in HiddenBecause
            if reported.because(reason)
        ],
    )


def _reason(
    reason: HiddenBecause, reported: TableProtectionReport, table: ReleaseTable, k: int, language: Language
) -> tuple[str, Sequence[str]]:
    heading = language.text(_heading(reason, len(reported.because(reason)), k))
    return heading, name_hidden(reason, reported, table, language)


def _choice(choice: Alternative, table: ReleaseTable, now: int, language: Language) -> str:
    labels = [quote(label_of(table, code, language), language) for code in choice.codes]
    names = {
        AlternativeKind.CLASSES_ONLY: msg("Publish the classes only, without their details"),
        AlternativeKind.DROP_TABLE: msg("Publish this table no more"),
        AlternativeKind.MERGE_CODES: msg("Merge {codes}", codes=enumerate_words(labels, language)),
    }
    return language.say(
        "{choice}: {hidden}; {lost}",
        choice=names[choice.kind],
        hidden=msg_count(
            "{count} hidden cell in the whole report instead of {now}",
            "{count} hidden cells in the whole report instead of {now}",
            choice.hidden_cells,
            now=now,
        ),
        lost=msg_count("{count} cell fewer", "{count} cells fewer", choice.cells_lost),
    )


def _heading(reason: HiddenBecause, count: int, k: int) -> Message:
    if reason is HiddenBecause.SMALL:
        return msg("Fewer than {k} people:", k=k)
    if reason is HiddenBecause.GROUP:
        return msg("Everybody of a group, or nearly, has the same answer: to publish it would tell each one's:")
    if reason is HiddenBecause.COUNT_HIDDEN:
        return msg("The number of these that they are the hours of is hidden:")
    if reason is HiddenBecause.FEW_HOLD:
        return msg("Fewer than {k} people have hours there, or one has nearly all of them:", k=k)
    if reason is HiddenBecause.HIDDEN_BEFORE:
        return msg_count(
            "Already hidden in a published report, and stays so:",
            "Already hidden in a published report, and stay so:",
            count,
        )
    return msg_count("Protects what is hidden elsewhere:", "Protect what is hidden elsewhere:", count)
