"""Certificates: other sets of records that give exactly what was published, and the two files they are told in.

`certificate_sets.csv` has a line for each combination of codes that a set holds: the set, a column per
dimension, and how many records. `certificate_cells.csv` says, for each hidden cell, in which set it has
its lowest required value and in which its highest. Whoever adds up the lines of a set finds every number
of the report again, and another one in the hidden cell. Dimensions are read by place: one may be called
`set`, or `count`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.codes import TOTAL
from pipelines.disclosure.reading.published import Where
from pipelines.errors import InputRefused
from pipelines.language import msg
from pipelines.storage import make_folder, write_text

SETS_FILE = "certificate_sets.csv"
CELLS_FILE = "certificate_cells.csv"
#: Between the answers of one record to a question that takes several.
SEVERAL = "|"
_CELL_ENDS = ("set_low", "value_low", "set_high", "value_high")


@dataclass(frozen=True)
class CertificateSet:
    """A set of records that could be the true one, as far as anybody can know.

    `records`: how many have each combination of codes, in the order of `dimensions`; several answers of one
    record are joined by `SEVERAL`. A class stands for itself only where none of its details is told.
    """

    number: int
    universe: str
    dimensions: tuple[str, ...]
    records: Mapping[tuple[str, ...], int]


@dataclass(frozen=True)
class CertificateCell:
    """A hidden cell: the set in which it has its lowest required value, and one in which it has another.

    `value_high` is k-1, or what is nearest to it among the possible values that were met.
    """

    table: str
    where: Where
    universe: str
    set_low: int
    value_low: int
    set_high: int
    value_high: int


@dataclass(frozen=True)
class Certificates:
    """The sets, and the cells that lean on them; a cell known exactly, or not proved in time, is in none."""

    sets: tuple[CertificateSet, ...]
    cells: tuple[CertificateCell, ...]


def write_certificates(certificates: Certificates, folder: Path) -> None:
    """Write the two files, private, each whole or not at all; the same certificates give the same bytes."""
    make_folder(folder)
    names = list(dict.fromkeys(name for one in certificates.sets for name in one.dimensions))
    lines: list[Sequence[object]] = [("set", "universe", *names, "count")]
    for one in certificates.sets:
        place = {name: number for number, name in enumerate(one.dimensions)}
        for codes, count in sorted(one.records.items()):
            sides = [codes[place[name]] if name in place else "" for name in names]
            lines.append((one.number, one.universe, *sides, count))
    write_text(folder / SETS_FILE, _csv(lines))
    lines = [("table", "universe", *names, *_CELL_ENDS)]
    for cell in certificates.cells:
        told = dict(cell.where)
        sides = [told.get(name, TOTAL) for name in names]
        ends = (cell.set_low, cell.value_low, cell.set_high, cell.value_high)
        lines.append((cell.table, cell.universe, *sides, *ends))
    write_text(folder / CELLS_FILE, _csv(lines))


def read_certificates(folder: Path) -> Certificates:
    """The certificates of a folder; raises `InputRefused` if a file is absent or not in the promised form."""
    try:
        sets = _read(folder / SETS_FILE)
        cells = _read(folder / CELLS_FILE)
        return Certificates(tuple(_read_sets(sets)), tuple(_read_cells(cells)))
    except OSError:
        why = msg("a file is absent")
    except (ValueError, IndexError):
        # Whatever the fault, its own words may hold a value: they are not repeated.
        why = msg("it is not in the form that the program writes")
    raise InputRefused(
        msg("The certificates cannot be read"),
        where=msg("in {folder}", folder=folder.name),
        why=why,
        to_do=msg("Take the folder again as it was published"),
    )


def _csv(lines: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.reader(text, strict=True))


def _read_sets(lines: list[list[str]]) -> Iterable[CertificateSet]:
    names = lines[0][2:-1]
    found: dict[tuple[int, str], dict[tuple[str, ...], int]] = {}
    for number, universe, *codes, count in lines[1:]:
        records = found.setdefault((int(number), universe), {})
        if len(codes) != len(names) or tuple(codes) in records:
            raise ValueError("a combination of codes is told once for each set")
        records[tuple(codes)] = int(count)
    for (own_number, of_universe), records in found.items():
        kept = [place for place in range(len(names)) if any(codes[place] for codes in records)]
        yield CertificateSet(
            own_number,
            of_universe,
            tuple(names[place] for place in kept),
            {tuple(codes[place] for place in kept): count for codes, count in records.items()},
        )


def _read_cells(lines: list[list[str]]) -> Iterable[CertificateCell]:
    names = lines[0][2:-4]
    for table, universe, *codes, set_low, value_low, set_high, value_high in lines[1:]:
        told = zip(names, codes, strict=True)
        where = tuple(sorted((name, code) for name, code in told if code not in ("", TOTAL)))
        yield CertificateCell(table, where, universe, int(set_low), int(value_low), int(set_high), int(value_high))
