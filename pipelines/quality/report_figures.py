"""From the tables of a document to printed figures: which cells name, which count, which are totals.

Nothing is known of a table but its words and its numbers. What is not an exact number (`about 230`, `185+`) is left
out, and a column of totals is taken for one only where most of its lines do add up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pipelines.errors import InputRefused
from pipelines.ingest.read_document import PrintedTable
from pipelines.ingest.read_report import read_report
from pipelines.language import join, msg
from pipelines.quality.audit_settings import AuditWords
from pipelines.quality.printed_figure import (
    COUNT,
    HOUR,
    PERCENT,
    Figure,
    Part,
    PrintedFigures,
    TableKey,
    agrees,
    holds,
    total_of,
)
from pipelines.quality.read_figures import COLUMNS, MONEY, PrintedNumber, are_comma_groups, parse_number, read_figures
from pipelines.quality.screen_tables import screen_tables

_N_SAID = re.compile(r"\bn\s*=\s*(\d+)\b|\b(\d+)\s+(?:répondant|réponses|questionnaires|answers|respondents)", re.I)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_PERCENT_WORDS = ("pourcentage", "percent", "percentage", "proportion")
_HOUR_WORDS = ("heure", "h", "duree", "hour")
#: A sum with a fault is still near its parts.
_NEAR = Decimal("0.25")
#: What marks the table of the lines of a table, whose totals stand at the right.
ACROSS = " (→)"


def read_report_figures(path: Path, words: AuditWords) -> PrintedFigures:
    """The exact numbers of the tables of a document, a workbook or a text file.

    A text file that lists its figures one by one is read as that. Tables that hold direct identifiers, or are
    as long as an export, are left out and told of; raises `InputRefused` where nothing is left to audit.
    """
    tables = read_report(path)
    if any(set(COLUMNS) <= set(table.rows[0]) for table in tables[:1]):
        return PrintedFigures(read_figures(path))
    kept, notices = screen_tables(tables)
    figures = figures_of(kept, path.stem, words)
    if not figures:
        raise InputRefused(
            msg("The report {file} holds no table with numbers", file=path.name),
            why=join(notices) if notices else None,
            to_do=msg("Give a report whose tables are tables, not pictures"),
        )
    return PrintedFigures(tuple(figures), tuple(notices), has_lines=False)


def figures_of(tables: Sequence[PrintedTable], report: str, words: AuditWords) -> list[Figure]:
    """All the exact numbers of the tables; each has a number of its own in place of a line of a file."""
    comma_groups = are_comma_groups(cell for table in tables for row in table.rows for cell in row)
    found: list[Figure] = []
    names: Counter[tuple[str, str]] = Counter()
    for number, table in enumerate(tables, start=1):
        name = table.caption or f"#{number}"
        names[table.section, name] += 1
        if (times := names[table.section, name]) > 1:
            name = f"{name} [{times}]"
        read = _Table(table, TableKey(report, table.section, name), words, comma_groups=comma_groups)
        own = _without_doubtful_totals(list(read.figures()), words)
        found += [*own, *read.answers(), *read.across(own)]
    return [replace(figure, line=number) for number, figure in enumerate(found, start=1)]


class _Table:
    """One table of a document: its header, the columns that name its lines, the columns of numbers."""

    def __init__(self, table: PrintedTable, place: TableKey, words: AuditWords, *, comma_groups: bool) -> None:
        self.place = place
        self.words = words
        self.caption = table.caption
        header = _header_rows(table.rows)
        self.body = table.rows[header:]
        self.numbers = [[parse_number(cell, comma_groups=comma_groups) for cell in row] for row in self.body]
        width = len(table.rows[0])
        self.names = [_joined(row[column] for row in table.rows[:header]) for column in range(width)]
        self.labels = self._label_columns(width)
        self.columns = [column for column in range(self.labels, width) if any(row[column] for row in self.numbers)]

    def _label_columns(self, width: int) -> int:
        """The first column names the lines, and those after it that hold fewer numbers than words."""
        place = 1
        while place < width:
            cells = [row[place] for row in self.body if row[place].strip()]
            numbers = sum(row[place] is not None for row in self.numbers)
            if cells and 2 * numbers >= len(cells):
                break
            place += 1
        return place

    def figures(self) -> Iterator[Figure]:
        """The numbers, line by line."""
        units = {column: self._unit_of(column) for column in self.columns}
        measures = self._measures()
        for cells, numbers in zip(self.body, self.numbers, strict=True):
            label = _joined(cells[: self.labels])
            for column in self.columns:
                number = numbers[column]
                if number is not None and label:
                    unit = number.unit or units[column]
                    value, decimals = self._scaled(number, column, unit)
                    part = self._part_of(label)
                    yield Figure(self.place, label, measures[column], unit, value, decimals, part, 0)

    def _measures(self) -> dict[int, str]:
        """A name for each column of numbers, no two alike."""
        measures: dict[int, str] = {}
        for column in self.columns:
            name = self.names[column] or f"[{column + 1}]"
            measures[column] = f"{name} [{column + 1}]" if name in measures.values() else name
        return measures

    def _unit_of(self, column: int) -> str:
        """What the header says, else the sign that the numbers of the column have."""
        name = self.names[column]
        if "%" in name or holds(name, _PERCENT_WORDS):
            return PERCENT
        if "$" in name:
            return MONEY
        if holds(name, _HOUR_WORDS):
            return HOUR
        signs = Counter(row[column].unit for row in self.numbers if row[column])  # type: ignore[union-attr]
        sign, times = signs.most_common(1)[0]
        return sign if sign and 2 * times >= signs.total() else COUNT

    def _scaled(self, number: PrintedNumber, column: int, unit: str) -> tuple[Decimal, int]:
        """A spreadsheet keeps 68.3 % as 0.683."""
        shares = [row[column] for row in self.numbers if row[column] is not None]
        is_share = unit == PERCENT and all(each and not each.unit and abs(each.value) <= 1 for each in shares)
        if is_share and any(each and each.decimals for each in shares):
            return number.value * 100, max(0, number.decimals - 2)
        return number.value, number.decimals

    def _part_of(self, label: str) -> Part:
        if not self.words.is_total(label):
            return Part.PART
        return Part.SUBTOTAL if holds(label, self.words.subtotal) else Part.TOTAL

    def answers(self) -> Iterator[Figure]:
        """The number of answers, where the caption or the header gives it once."""
        said = {one or two for text in (self.caption, *self.names) for one, two in _N_SAID.findall(text)}
        if len(said) == 1 and int(next(iter(said))) > 0:
            yield Figure(self.place, "n", "n", COUNT, Decimal(said.pop()), 0, Part.FIGURE, 0)

    def across(self, own: Sequence[Figure]) -> Iterator[Figure]:
        """The lines as columns, where the table has a column of totals that adds up in most of them."""
        totals = [name for name in self._measures().values() if self.words.is_total(name)]
        if len(totals) != 1:
            return
        place = replace(self.place, table=self.place.table + ACROSS)
        turned = []
        agreeing = judged = 0
        for row in dict.fromkeys(figure.row for figure in own):
            cells = [figure for figure in own if figure.row == row]
            total = next((cell for cell in cells if cell.measure == totals[0]), None)
            parts = [cell for cell in cells if cell.measure != totals[0] and total and cell.unit == total.unit]
            if total is None or len(parts) < 2:
                continue
            judged += 1
            agreeing += agrees(total, parts)
            turned += [(cell, Part.TOTAL if cell is total else Part.PART) for cell in (*parts, total)]
        if agreeing and 2 * agreeing >= judged:
            for cell, part in turned:
                yield replace(cell, place=place, row=cell.measure, measure=cell.row, part=part)


def _without_doubtful_totals(own: list[Figure], words: AuditWords) -> list[Figure]:
    """`Total` is one; `Total of lone parents` among other lines is one only where it is near the sum of its column."""
    doubtful = {
        figure.row for figure in own if figure.part is Part.TOTAL and words.subject_of(figure.row) - {*words.total}
    }
    for row in doubtful:
        totals = [figure for figure in own if figure.row == row]
        sums = [total_of(_parts_of(own, total)) for total in totals]
        if not any(abs(total.value - right) <= _NEAR * right for total, right in zip(totals, sums, strict=True)):
            own = [replace(figure, part=Part.FIGURE) if figure.row == row else figure for figure in own]
    return own


def _parts_of(own: Sequence[Figure], total: Figure) -> list[Figure]:
    same = (total.measure, total.unit, Part.PART)
    return [figure for figure in own if (figure.measure, figure.unit, figure.part) == same]


def _header_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top hold no number beside their first cell, but for years that are names of columns."""
    for number, row in enumerate(rows):
        numbers = [cell.strip() for cell in row[1:] if parse_number(cell)]
        years = {cell for cell in numbers if _YEAR.fullmatch(cell)}
        # Below the first row, a lone number such as 2008 is a count; two different years are not.
        are_names = len(years) == len(numbers) and (number == 0 or len(years) > 1)
        if numbers and not are_names:
            return number
    return len(rows)


def _joined(texts: Sequence[str] | Iterator[str]) -> str:
    """The different texts of a label, in their order."""
    return " ".join(dict.fromkeys(text.strip() for text in texts if text.strip()))
