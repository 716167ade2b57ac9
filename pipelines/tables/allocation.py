"""What each audience claims of the hours and activities: what one funder pays for is no other funder's.

An audience of `config/audiences/` names its funders. Here the counts by funder are put together by audience, with
what has a funder of no audience and what is not allocated, so that they add up to the ledger they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.codes import TOTAL
from pipelines.errors import QualityGateFailed
from pipelines.language import Text, msg
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.tables.table_spec import AllocationSettings

CLAIM = "claim"
#: A funder that no audience has, and no funder at all; no audience can have these ids.
WITHOUT_PROFILE, NOT_ALLOCATED = "_without_profile", "_not_allocated"


@dataclass(frozen=True)
class Claim:
    """An audience, and the codes of the funders whose hours and activities are its own."""

    audience: str
    title: Text
    funders: tuple[str, ...]


def require_claimed_once(claims: Sequence[Claim]) -> None:
    """Raises `QualityGateFailed` where two audiences claim the hours of one funder."""
    owners: dict[str, list[str]] = {}
    for claim in claims:
        for funder in claim.funders:
            owners.setdefault(funder, []).append(claim.audience)
    for funder, audiences in owners.items():
        if len(audiences) > 1:
            raise QualityGateFailed(
                msg("The same hours would be claimed twice, so no report is made"),
                where=msg("in {folder}", folder="config/audiences/"),
                why=msg("the funder {funder} is claimed by {audiences}", audiences=", ".join(audiences), funder=funder),
                to_do=msg("Leave this funder to one of them, in the line funders of its file"),
            )


def claimed_tables(
    tables: Sequence[CountTable], claims: Sequence[Claim], settings: AllocationSettings | None
) -> tuple[CountTable, ...]:
    """A table by audience of each table by funder; none where the catalogue asks for none.

    Raises `QualityGateFailed` as `require_claimed_once` does, and where the parts are not the ledger's total.
    """
    require_claimed_once(claims)
    at_hand = {table.id: table for table in tables}
    made = []
    for asked in settings.table if settings else ():
        source, ledger = at_hand.get(asked.of), at_hand.get(asked.ledger)
        if settings and source and ledger:
            table = _by_claim(source, claims, settings)
            made.append(replace(table, id=asked.id, title=asked.title, notes=(*table.notes, settings.note)))
            _require_balance(made[-1], ledger)
    return tuple(made)


def _by_claim(source: CountTable, claims: Sequence[Claim], settings: AllocationSettings) -> CountTable:
    """The counts of a table by funder, put together by who claims them."""
    codes = [TableCode(claim.audience, claim.title) for claim in claims]
    codes.append(TableCode(WITHOUT_PROFILE, settings.without_profile))
    codes.append(TableCode(NOT_ALLOCATED, settings.not_allocated))
    side = TableDimension(CLAIM, settings.dimension, tuple(codes), is_ordered=True)
    return replace(source, dimensions=(side,), cells=tuple(_claimed(source, claims, side)))


def _claimed(source: CountTable, claims: Sequence[Claim], side: TableDimension) -> Iterator[CountedCell]:
    if not source.is_collected:
        return
    counts = {cell.codes[0]: cell.count for cell in source.cells}
    missing = {code.code for code in source.dimensions[0].missing}
    owned = {funder for claim in claims for funder in claim.funders}
    parts: Mapping[str, Sequence[str]] = {
        **{claim.audience: claim.funders for claim in claims},
        WITHOUT_PROFILE: sorted(counts.keys() - owned - missing - {TOTAL}),
        NOT_ALLOCATED: sorted(missing),
    }
    for code in side.codes:
        yield CountedCell((code.code,), sum(counts.get(funder, 0) for funder in parts[code.code]), 0)
    yield CountedCell((TOTAL,), counts[TOTAL], 0)


def _require_balance(table: CountTable, ledger: CountTable) -> None:
    """The audiences, those of no audience and what is not allocated make up the whole ledger."""
    if not table.is_collected:
        return
    counts = {cell.codes[0]: cell.count for cell in table.cells}
    whole = next(cell.count for cell in ledger.cells if set(cell.codes) == {TOTAL})
    if not sum(counts.values()) - counts[TOTAL] == counts[TOTAL] == whole:
        raise QualityGateFailed(
            msg("What the funders pay for does not add up to the ledger, so no report is made"),
            where=msg("table {number}", number=table.id),
            to_do=msg("Report this fault of the program"),
        )
