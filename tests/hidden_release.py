"""A made-up public release with many hidden cells, for what is drawn and written of such a release."""

from dataclasses import replace

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable
from tests.made_up_release import FOR_THE_PUBLIC, RELATIONSHIP, made_up_release, made_up_tables

#: As after a protection: small cells, and as many larger ones.
_LARGEST_SMALL = 4
_LEAVES = [code.code for code in RELATIONSHIP.codes if code.parent]
#: Ways of hiding, each as what it says of a cell.
HIDING = {
    "nothing": lambda one: False,
    "the total": lambda one: set(one.codes) == {TOTAL},
    "every total": lambda one: TOTAL in one.codes,
    "a class": lambda one: "classe_famille" in one.codes or "groupe_12_17" in one.codes or "femme" in one.codes,
    "the details": lambda one: bool(set(_LEAVES) & set(one.codes)),
    "all but the totals": lambda one: TOTAL not in one.codes,
    "the missing answers": lambda one: bool({"refus", "non_demande"} & set(one.codes)),
    "one year": lambda one: "2022-2023" in one.codes,
    "the last year": lambda one: "2023-2024" in one.codes,
    "several answers": lambda one: bool({"penetration", "autre"} & set(one.codes)),
    "everything": lambda one: True,
}


def hide(table: ReleaseTable, is_hidden) -> ReleaseTable:
    """The table without the cells of which `is_hidden(cell)` is true."""
    cells = (ReleaseCell(one.codes, None, CellStatus.HIDDEN) if is_hidden(one) else one for one in table.cells)
    return replace(table, cells=tuple(cells))


def hide_codes(table: ReleaseTable, *codes: str) -> ReleaseTable:
    """The table without any cell of one of these codes."""
    return hide(table, lambda one: bool(set(one.codes) & set(codes)))


def hide_small(table: ReleaseTable) -> ReleaseTable:
    """The table without its small cells, nor every third of the others; the totals stay."""
    if not table.is_collected:
        return table
    inner = [one.codes for one in table.cells if TOTAL not in one.codes]
    others = set(inner[::3])
    return hide(
        table,
        lambda one: TOTAL not in one.codes and (one.codes in others or 0 < (one.value or 0) <= _LARGEST_SMALL),
    )


def public_release(**changes: object) -> Release:
    """Protected, with many hidden cells in every table."""
    release = made_up_release(is_fictitious=False, tables=made_up_tables(), **FOR_THE_PUBLIC)
    hidden = replace(release, tables=tuple(hide_small(table) for table in release.tables))
    return replace(hidden, **changes)
