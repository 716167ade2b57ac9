"""The names of hidden cells, for the coordinator's page: labels alone, no number."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.codes import TOTAL
from pipelines.disclosure.protection_report import HiddenBecause, TableProtectionReport
from pipelines.disclosure.release_table import ReleaseTable
from pipelines.language import Language, msg_count
from pipelines.outputs.protection_words import enumerate_words, quote
from pipelines.tables.dimension import TableDimension

#: How many cells a sentence names before it says "and others".
_MOST_NAMED = 2


def name_hidden(
    reason: HiddenBecause, reported: TableProtectionReport, table: ReleaseTable, language: Language
) -> list[str]:
    """The cells hidden for a reason, by their labels: a line a cell, or a line a row where there are two sides.

    What protects others has a line a cell, which says what could be found without it.
    """
    cells = [codes for codes in reported.because(reason) if not _repeats_its_class(codes, reported, table)]
    if reason is HiddenBecause.PROTECTS_OTHERS:
        return [_protector(codes, reported, table, language) for codes in cells]
    if len(table.dimensions) < 2:
        return [_name(table, codes, language) for codes in cells]
    rows: dict[str, list[str]] = {}
    for first, *others in cells:
        row = _side_label(table.dimensions[0], first, language)
        rows.setdefault(row, []).append(_names(table.dimensions[1:], others, language))
    return [language.say("{what}: {told}", what=row, told="; ".join(names)) for row, names in rows.items()]


def _repeats_its_class(codes: tuple[str, ...], reported: TableProtectionReport, table: ReleaseTable) -> bool:
    """Whether the cell is the only one of a class that is hidden too: the same people under two names."""
    for place, (side, code) in enumerate(zip(table.dimensions, codes, strict=True)):
        parent = "" if code == TOTAL else side.by_code[code].parent
        if parent and len(side.children(parent)) == 1:
            return (*codes[:place], parent, *codes[place + 1 :]) in reported.hidden
    return False


def _protector(codes: tuple[str, ...], reported: TableProtectionReport, table: ReleaseTable, language: Language) -> str:
    cell = quote(_name(table, codes, language), language)
    found = [
        other
        for other in reported.hidden
        if _in_one_sum(table, codes, other, reported) and not _repeats_its_class(other, reported, table)
    ]
    if not found:
        return language.say(
            "{cell}: without it, a hidden cell of another row or of another table could be found by subtraction",
            cell=cell,
        )
    names = [quote(_name(table, other, language), language) for other in found[:_MOST_NAMED]]
    if (more := len(found) - _MOST_NAMED) > 0:
        names.append(language.text(msg_count("{count} other cell", "{count} other cells", more)))
    others = enumerate_words(names, language)
    return language.say("{cell}: without it, {others} could be found by subtraction", cell=cell, others=others)


def _in_one_sum(
    table: ReleaseTable, codes: tuple[str, ...], other: tuple[str, ...], reported: TableProtectionReport
) -> bool:
    """Whether the other cell has a reason of its own, and the two are parts of one sum, or a part and its sum."""
    if reported.hidden[other] is HiddenBecause.PROTECTS_OTHERS:
        return False
    different = [place for place, pair in enumerate(zip(codes, other, strict=True)) if pair[0] != pair[1]]
    if len(different) != 1:
        return False
    place = different[0]
    side, one, two = table.dimensions[place], codes[place], other[place]
    one_sum, two_sum = _sum_of(side, one), _sum_of(side, two)
    return one_sum in (two_sum, two) or two_sum == one


def _sum_of(side: TableDimension, code: str) -> str:
    """What the code is a part of: its class, else the total; nothing for the total."""
    if code == TOTAL:
        return ""
    return side.by_code[code].parent or TOTAL


def _name(table: ReleaseTable, codes: tuple[str, ...], language: Language) -> str:
    return _names(table.dimensions, codes, language) or language.say("Total")


def _names(sides: Sequence[TableDimension], codes: Sequence[str], language: Language) -> str:
    """The labels of a cell; a margin is named only where nothing else is."""
    labels = [_side_label(side, code, language) for side, code in zip(sides, codes, strict=True) if code != TOTAL]
    return " / ".join(labels) or language.say("Total")


def _side_label(side: TableDimension, code: str, language: Language) -> str:
    if code == TOTAL:
        return language.say("Total")
    label = side.by_code[code].label.in_language(language)
    details = [child.label.in_language(language) for child in side.children(code)]
    # A class of several codes may bear the name of one of them.
    return language.say("{label} (class)", label=label) if label in details and len(details) > 1 else label


def label_of(table: ReleaseTable, code: str, language: Language) -> str:
    """The label of a code of any of the table's dimensions."""
    side = next(side for side in table.dimensions if code in side.by_code)
    return _side_label(side, code, language)
