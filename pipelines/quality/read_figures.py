"""Read the figures of a report: a file with one printed number a line, in the format of eight columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused, UsageError
from pipelines.ingest.file_table import FileTable
from pipelines.ingest.read_export import columns_of, open_one, read_table, require_no_rejects
from pipelines.language import Message, msg
from pipelines.quality.printed_figure import COUNT, FINEST_DECIMALS, HOUR, PERCENT, Figure, Part, TableKey

COLUMNS = ("report", "section", "table", "row", "measure", "unit", "value", "role")
MONEY = "cad"
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_HOURS = re.compile(r"(\d+) ?(?:h|heures?)(?: ?(\d{2})(?: ?min\.?)?)?", re.IGNORECASE)
_FINEST = Decimal(1).scaleb(-FINEST_DECIMALS)
_NUMBER = re.compile(r"[-+\u2212]?(?:\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:,\d{3})+(?=\.))(?:[.,]\d+)?")
_COMMA_GROUPS = re.compile(r"[-+\u2212]?\d{1,3}(?:,\d{3})+")
_COMMA = re.compile(r"\d,\d")


@dataclass(frozen=True)
class PrintedNumber:
    """A number as printed; `unit` only where its own sign says it."""

    value: Decimal
    decimals: int
    unit: str = ""


def parse_number(text: str, *, comma_groups: bool = False) -> PrintedNumber | None:
    """The number of a cell in French or plain form; None where it is none, or not an exact one.

    `1 378,5`, `1378h30` (hours), `68,3 %` (percent), `2 750 $` (dollars). A comma is a decimal sign unless a
    point follows it, or the caller knows that commas group thousands (`1,378`).
    """
    plain = _SPACES.sub(" ", text).strip()
    bare = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", plain)
    if hours := _HOURS.fullmatch(bare):
        minutes = int(hours.group(2) or 0)
        if minutes >= 60:
            return None
        value = Decimal(hours.group(1)) + (Decimal(minutes) / 60).quantize(_FINEST)
        return PrintedNumber(value, FINEST_DECIMALS if minutes % 3 else 2 if minutes else 0, HOUR)
    unit = ""
    for sign, name in (("%", PERCENT), ("$", MONEY)):
        if bare.endswith(sign) or (name == MONEY and bare.startswith(sign)):
            bare, unit = bare.strip(sign).strip(), name
    if comma_groups and _COMMA_GROUPS.fullmatch(bare):
        bare = bare.replace(",", "")
    if not _NUMBER.fullmatch(bare):
        return None
    digits = bare.replace("\u2212", "-")
    digits = digits.replace(",", "") if "," in digits and "." in digits else digits.replace(",", ".")
    decimals = len(digits.partition(".")[2])
    value = Decimal(digits)
    return PrintedNumber(
        value.quantize(_FINEST) if decimals > FINEST_DECIMALS else value, min(decimals, FINEST_DECIMALS), unit
    )


def are_comma_groups(cells: Iterable[str]) -> bool:
    """Whether every comma of these numbers comes before a group of three digits: nobody prints so many decimals."""
    with_comma = [cell.strip(" %$\u00a0") for cell in cells if _COMMA.search(cell) and parse_number(cell)]
    return bool(with_comma) and all(_COMMA_GROUPS.fullmatch(cell) for cell in with_comma)


def read_figures(path: Path) -> tuple[Figure, ...]:
    """Read the file strictly; raises `InputRefused` with the lines that are no figure."""
    if not path.is_file():
        raise UsageError(
            msg("There is no file of figures to read"),
            where=msg("{file}", file=path.name),
            to_do=msg("Give a CSV file with the columns {columns}", columns=", ".join(COLUMNS)),
        )
    source = SourceSettings(id="audit", files=path.name)
    table = read_table(open_one(path, source), source)
    require_no_rejects(table, source, path.name)
    names = columns_of(table, path.name)
    if missing := [name for name in COLUMNS if name not in names]:
        raise _refusal(path, msg("the column {column} is missing", column=", ".join(missing)))
    return tuple(_figures_of(table, [names.index(name) for name in COLUMNS], path))


def _figures_of(table: FileTable, places: Sequence[int], path: Path) -> list[Figure]:
    figures: list[Figure] = []
    for line, cells in zip(table.lines, table.rows, strict=True):
        report, section, name, row, measure, unit, value, role = (cells[place].strip() for place in places)
        number = parse_number(value)
        if number is None:
            raise _refusal(path, msg("the value is not a number"), line)
        if role not in set(Part):
            raise _refusal(path, msg("the role must be one of {roles}", roles=", ".join(Part)), line)
        key = TableKey(report, section, name)
        figures.append(Figure(key, row, measure, unit or COUNT, number.value, number.decimals, Part(role), line))
    if not figures:
        raise _refusal(path, msg("it holds no figure"))
    return figures


def _refusal(path: Path, why: Message, line: int | None = None) -> InputRefused:
    return InputRefused(
        msg("The file {file} is not a list of printed figures", file=path.name),
        where=msg("line {line}", line=str(line)) if line else None,
        why=why,
        to_do=msg("Give a CSV file with the columns {columns}", columns=", ".join(COLUMNS)),
    )
