"""Tell the centre why each cell is hidden, and what it could publish instead: `ProtectionReport`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipelines.disclosure.alternatives import alternatives
from pipelines.disclosure.attacker.insider import Insiders
from pipelines.disclosure.insider_records import insider_cells, record_codes
from pipelines.disclosure.primary import groups_told
from pipelines.disclosure.protection_report import HiddenBecause, ProtectionReport, TableProtectionReport

if TYPE_CHECKING:
    from pipelines.disclosure.protect_families import ProtectedFamilies
    from pipelines.disclosure.protect_release import ProtectedRelease
    from pipelines.tables.count_table import CountTable

#: Her own record; her own and another's, a relative's or a colleague's.
KNOWN_RECORDS = (1, 2)


def explain(
    protected: ProtectedRelease,
    sensitive: Sequence[str],
    *,
    frozen: Sequence[str],
    late_records: Mapping[str, int],
    ledger_version: int,
) -> ProtectionReport:
    """The report of one protected release; it names the small cells, and is for the centre alone."""
    release = protected.release
    if release.protection is None:
        raise ValueError("an internal release hides nothing")
    return ProtectionReport(
        protection=release.protection,
        tables=tuple(_explain_table(protected, table, sensitive) for table in protected.tables if table.is_collected),
        narrowest=protected.narrowest,
        share_of_counts_shown=_share_shown([protected]),
        proven_least=protected.proven_least,
        further=int((protected.hidden & ~protected.small & ~protected.hidden_before).sum()),
        merged=tuple(step.name for step in protected.steps),
        frozen=tuple(frozen),
        late_records=dict(late_records),
        ledger_version=ledger_version,
        solver=f"HiGHS {version('highspy')}",
        seconds=round(protected.seconds, 1),
        insider=_insiders(protected),
    )


def explain_families(
    protected: ProtectedFamilies,
    sensitive: Sequence[str],
    *,
    frozen: Sequence[str],
    late_records: Mapping[str, int],
    ledger_version: int,
) -> ProtectionReport:
    """The report of a release whose families were protected each by itself."""
    reports = [
        explain(each, sensitive, frozen=frozen, late_records=late_records, ledger_version=ledger_version)
        for each in protected.families
    ]
    hidden = sum(report.hidden_cells for report in reports)
    leasts = [report.proven_least for report in reports]
    assert protected.release.protection is not None
    table = protected.release.table
    return replace(
        reports[0],
        protection=protected.release.protection,
        tables=(
            *(_beside(table, hidden - report.hidden_cells) for report in reports for table in report.tables),
            *(TableProtectionReport(of, len(table(of).cells), why, ()) for of, why in protected.hours.items()),
        ),
        narrowest=min((each.narrowest for each in reports if each.narrowest is not None), default=None),
        share_of_counts_shown=_share_shown(protected.families),
        proven_least=None if None in leasts else sum(least for least in leasts if least is not None),
        further=sum(report.further for report in reports),
        merged=tuple(step.name for step in protected.steps),
        seconds=round(sum(report.seconds for report in reports), 1),
        insider={
            known: sum(report.insider.get(known, 0) for report in reports)
            for known in KNOWN_RECORDS
            if any(known in report.insider for report in reports)
        },
    )


def _beside(table: TableProtectionReport, hidden_elsewhere: int) -> TableProtectionReport:
    """The same report where other families hide cells too."""
    alternatives = (replace(each, hidden_cells=each.hidden_cells + hidden_elsewhere) for each in table.alternatives)
    return replace(table, alternatives=tuple(alternatives))


def _insiders(protected: ProtectedRelease) -> dict[int, int]:
    """By how many records somebody knows, the hidden small cells of which she would know how many others there are."""
    cells = insider_cells(protected)
    if not cells:
        return {}
    insiders = Insiders(protected.attack, record_codes(protected), max(KNOWN_RECORDS))
    return {known: insiders.count_narrowed(cells, known) for known in KNOWN_RECORDS}


def _explain_table(protected: ProtectedRelease, table: CountTable, sensitive: Sequence[str]) -> TableProtectionReport:
    persons = {cell.codes: cell.person_count for cell in table.cells}
    k = protected.attack.k
    told = groups_told(table.id, table.dimensions, persons, sensitive, k)
    telling = {group.answer for group in told}
    hidden = {}
    for codes in persons:
        number = protected.cells.number(table, codes)
        if protected.hidden[number]:
            hidden[codes] = _reason(protected, number, tells_a_group=codes in telling)
    return TableProtectionReport(
        table_id=table.id,
        cells=len(table.cells),
        hidden=hidden,
        alternatives=tuple(alternatives(table, len(hidden), protected.hidden_cells, k)) if hidden else (),
    )


def _reason(protected: ProtectedRelease, number: int, *, tells_a_group: bool) -> HiddenBecause:
    if protected.small[number]:
        return HiddenBecause.SMALL
    if tells_a_group:
        return HiddenBecause.GROUP
    return HiddenBecause.HIDDEN_BEFORE if protected.hidden_before[number] else HiddenBecause.PROTECTS_OTHERS


def _share_shown(families: Sequence[ProtectedRelease]) -> float:
    """Units in the shown cells of the one-way tables at their upper level, over all of them."""
    shown = told = 0
    for protected, table in ((each, table) for each in families for table in each.tables):
        if not table.is_collected or len(table.dimensions) != 1 or table.dimensions[0].is_multi_answer:
            continue
        upper = {code.code for code in table.dimensions[0].codes if not code.parent}
        for cell in table.cells:
            if cell.codes[0] in upper:
                told += cell.count
                shown += 0 if protected.hidden[protected.cells.number(table, cell.codes)] else cell.count
    return shown / told if told else 1.0
