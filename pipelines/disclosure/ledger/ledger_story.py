"""What the ledger tells a person: what was published and when, and why a cell is hidden. Never a value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.ledger.ledger import Ledger
from pipelines.disclosure.ledger.ledger_entry import EntryKind, LedgerEntry
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable
from pipelines.errors import UsageError
from pipelines.language import Message, msg
from pipelines.storage import make_folder, write_text
from pipelines.tables.dimension import PERIOD

REASONS_FILE = "reasons.json"
_REASONS = {
    "small": msg("it counts fewer people than the threshold"),
    "count_hidden": msg("the number that it is the hours of is hidden"),
    "few_hold": msg("few people have these hours, or one has nearly all of them"),
    "protects_others": msg("with it, a hidden number could be worked out"),
    "hidden_before": msg("it is hidden in a report that is out already, and stays so"),
    "group": msg("it would tell the answer of everyone, or nearly everyone, in a group"),
}
_STATUSES = {
    CellStatus.SHOWN: msg("shown"),
    CellStatus.HIDDEN: msg("hidden"),
    CellStatus.STRUCTURAL_ZERO: msg("cannot be anything but zero"),
    CellStatus.NOT_COLLECTED: msg("not collected"),
}


@dataclass(frozen=True)
class CellName:
    """A cell of a table: its codes in the order of the dimensions, `_total` for a margin."""

    table_id: str
    codes: tuple[str, ...]

    @property
    def key(self) -> str:
        """As `reasons.json` names it."""
        return f"{self.table_id}:{','.join(self.codes)}"


@dataclass(frozen=True)
class Telling:
    """How one release tells the cell of one year: under its own name, or in the comparison of years."""

    entry: LedgerEntry
    cell: CellName
    #: Label of the period that the number is about; `_total` for all the years of a comparison.
    period: str
    status: CellStatus
    is_withdrawn: bool


@dataclass(frozen=True)
class CellStory:
    """Every telling of a cell, in the order of the ledger, and why the last protection hid it, if it did."""

    cell: CellName
    tellings: tuple[Telling, ...]
    reason: str | None

    def since(self, status: CellStatus) -> Mapping[str, Telling]:
        """For each period, the first release to give the cell this status."""
        first: dict[str, Telling] = {}
        for telling in self.tellings:
            if telling.status is status:
                first.setdefault(telling.period, telling)
        return first


def parse_cell_name(text: str) -> CellName:
    """`relationship conjoint` or `age_by_link:12_17,famille`; a table of a total alone is its id alone."""
    table_id, colon, codes = text.strip().partition(":")
    parts = [code.strip() for code in codes.split(",")] if colon else []
    if not colon:
        table_id, *parts = text.split() or [""]
    if not table_id.strip() or not all(parts):
        raise UsageError(
            msg("The cell cannot be understood"),
            why=msg("a cell is a table's id, then a code for each of its dimensions, or _total"),
            to_do=msg("Write it like `relationship conjoint`, as in cells.csv"),
        )
    return CellName(table_id.strip(), tuple(parts))


def explain_cell(ledger: Ledger, cell: CellName, reasons: Mapping[str, str]) -> CellStory:
    """Where the cell was told; a `UsageError` says which tables or dimensions there are if it never was."""
    tellings = tuple(
        Telling(entry, name, period, found.status, entry.release_id in ledger.withdrawn)
        for entry in ledger.released
        for name, period, found in _places(entry.release, cell)
    )
    reason = reasons.get(cell.key)
    if not tellings and reason is None and ledger.released:
        raise _never_told(ledger, cell)
    return CellStory(cell, tellings, reason)


def _places(release: Release, cell: CellName) -> Iterator[tuple[CellName, str, ReleaseCell]]:
    """Where a release tells it: the table itself, and the same number in (or out of) the comparison of years."""
    table = next((table for table in release.tables if table.id == cell.table_id), None)
    if table is None:
        return
    for other in release.tables:
        if other is table:
            names = [cell.codes]
        elif _is_by_year(other, table):
            names = [(year.code, *cell.codes) for year in other.dimensions[0].codes]
        elif _is_by_year(table, other) and cell.codes[:1] == (other.period,):
            names = [cell.codes[1:]]
        else:
            continue
        for codes in names:
            if (found := other.by_codes.get(codes)) is not None:
                yield CellName(other.id, codes), _period(other, codes), found


def _is_by_year(compared: ReleaseTable, table: ReleaseTable) -> bool:
    """Whether the first is the second one set side by side over the years."""
    sides, own = ([side.name for side in each.dimensions] for each in (compared, table))
    same_people = (compared.unit, compared.population, compared.leaves_out) == (
        table.unit,
        table.population,
        table.leaves_out,
    )
    return sides == [PERIOD, *own] and same_people


def _period(table: ReleaseTable, codes: tuple[str, ...]) -> str:
    names = [side.name for side in table.dimensions]
    return codes[names.index(PERIOD)] if PERIOD in names else table.period


def _never_told(ledger: Ledger, cell: CellName) -> UsageError:
    tables = {table.id: table for entry in ledger.released for table in entry.release.tables}
    if cell.table_id not in tables:
        why = msg("the tables published so far are: {tables}", tables=", ".join(sorted(tables)))
    else:
        sides = ", ".join(side.name for side in tables[cell.table_id].dimensions)
        why = msg("this table takes a code for each of: {dimensions}", dimensions=sides or "-")
    return UsageError(
        msg("No published table has this cell"),
        why=why,
        to_do=msg("Look its codes up in cells.csv; a margin has the code _total"),
    )


def tell_entries(ledger: Ledger) -> tuple[Message, ...]:
    """The ledger, an entry a line."""
    if not ledger.entries:
        return (msg("Nothing was published yet: the ledger is empty"),)
    return tuple(_tell_entry(entry) for entry in ledger.entries)


def _tell_entry(entry: LedgerEntry) -> Message:
    facts = entry_facts(entry)
    if entry.kind is EntryKind.WITHDRAWAL:
        return msg(
            "{number}. {approved_on}: withdrawal of release {release_id} ({centre}, {period}, {audience}); "
            "asked by {prepared_by}, approved by {approved_by}; its numbers stay known; reason: {reason}",
            **facts,
        )
    return msg(
        "{number}. {approved_on}: {centre}, {period}, {audience}, release {release_id}; cells shown: {shown}, "
        "hidden: {hidden}; prepared by {prepared_by}, approved by {approved_by}",
        **facts,
    )


def entry_facts(entry: LedgerEntry) -> dict[str, Any]:
    """An entry for `--json`: everything but the cells."""
    facts: dict[str, Any] = {
        "number": entry.number,
        "kind": entry.kind.value,
        "release_id": entry.release_id,
        "made_on": entry.made_on.isoformat(),
        "approved_on": entry.approved_on.isoformat(),
        "prepared_by": entry.prepared_by,
        "approved_by": entry.approved_by,
        "centre": entry.centre,
        "period": entry.period,
        "audience": entry.audience,
        "merged": list(entry.merged),
        "hash": entry.hash,
    }
    if entry.kind is EntryKind.WITHDRAWAL:
        return {**facts, "reason": entry.reason}
    statuses = [cell.status for table in entry.release.tables for cell in table.cells]
    return {**facts, "shown": statuses.count(CellStatus.SHOWN), "hidden": statuses.count(CellStatus.HIDDEN)}


def tell_cell(story: CellStory) -> tuple[Message, ...]:
    """The story of a cell: each release, since when, and the reason where it is known."""
    lines = [_tell(telling) for telling in story.tellings]
    if not lines:
        lines = [msg("No published report tells this cell yet")]
    for period, telling in story.since(CellStatus.SHOWN).items():
        date = telling.entry.approved_on.isoformat()
        lines.append(msg("{period}: its number is out since {date}, for ever", period=_year(period), date=date))
    for period, telling in story.since(CellStatus.HIDDEN).items():
        date = telling.entry.approved_on.isoformat()
        lines.append(msg("{period}: hidden since {date}", period=_year(period), date=date))
    if story.reason is not None:
        lines.append(msg("Why the last protection hid it: {reason}", reason=_REASONS[story.reason]))
    return tuple(lines)


def _tell(telling: Telling) -> Message:
    facts = {
        "number": telling.entry.number,
        "audience": telling.entry.audience,
        "date": telling.entry.approved_on.isoformat(),
        "table": telling.cell.table_id,
        "period": _year(telling.period),
        "status": _STATUSES[telling.status],
    }
    if telling.is_withdrawn:
        return msg("Release {number} ({audience}, {date}, withdrawn since), {table}, {period}: {status}", **facts)
    return msg("Release {number} ({audience}, {date}), {table}, {period}: {status}", **facts)


def _year(period: str) -> Message | str:
    return msg("all the years together") if period == TOTAL else period


def story_facts(story: CellStory) -> dict[str, Any]:
    """The story of a cell for `--json`."""
    return {
        "table": story.cell.table_id,
        "codes": list(story.cell.codes),
        "releases": [
            {
                "number": telling.entry.number,
                "release_id": telling.entry.release_id,
                "audience": telling.entry.audience,
                "approved_on": telling.entry.approved_on.isoformat(),
                "is_withdrawn": telling.is_withdrawn,
                "table": telling.cell.table_id,
                "codes": list(telling.cell.codes),
                "period": telling.period,
                "status": telling.status.value,
            }
            for telling in story.tellings
        ],
        "reason": story.reason,
    }


def write_reasons(folder: Path, reasons: Mapping[str, str]) -> None:
    """Keep why the last protection hid each cell (`CellName.key` -> reason). Private: it tells which are small."""
    if unknown := set(reasons.values()) - _REASONS.keys():
        raise ValueError(f"unknown reasons: {sorted(unknown)}")
    make_folder(folder)
    write_text(folder / REASONS_FILE, json.dumps(dict(reasons), ensure_ascii=False, indent=1) + "\n")


def read_reasons(folder: Path) -> Mapping[str, str]:
    """What `write_reasons` kept; nothing where there is no such file, a `UsageError` where it is spoilt."""
    path = folder / REASONS_FILE
    if not path.is_file():
        return {}
    try:
        reasons = json.loads(path.read_bytes())
        if isinstance(reasons, dict) and all(reason in _REASONS for reason in reasons.values()):
            return reasons
    except (ValueError, TypeError, RecursionError):
        pass
    raise UsageError(
        msg("The reasons of the last protection cannot be read"),
        where=msg("file {name}", name=REASONS_FILE),
        to_do=msg("Make the report again, which writes them anew"),
    )
