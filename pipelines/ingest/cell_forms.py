"""What a cell looks like, and which dates and numbers a whole column holds.

One form for a whole column, found on its cells and then proved on all of them. A column of dates
that reads as well with the month first as with the day first is ambiguous: nobody chooses but the
person who knows the platform, in the centre's contract (`date_format`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

_SPACES = " \u00a0\u202f\u2009"
_NUMBER = re.compile(
    rf"[-+\u2212]?[$€£]?[{_SPACES}]?(?:\d+|\d{{1,3}}(?:[{_SPACES}.,'’]\d{{3}})+)(?:[.,]\d*)?(?:[eE][-+]?\d+)?"
    rf"[{_SPACES}]?[%$€£]?|[-+]?[.,]\d+(?:[eE][-+]?\d+)?"
)
_TIME = r"\d{1,2}[:h]\d{2}(?::\d{2}(?:[.,]\d+)?)?"
_DATE = re.compile(
    rf"(?:\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}})"
    rf"(?:[ T]{_TIME}(?:Z|[+-]\d\d:?\d\d)?)?|{_TIME}"
)
_YEAR = re.compile(r"(?:19|20)\d{2}")

#: Days counted from a base: how a spreadsheet keeps a date, and what is left of it in a text file.
EXCEL = "excel"
EXCEL_1904 = "excel-1904"
#: The day 60 of the first base is 29 February 1900, which never was: days are counted from the eve of the eve.
_EXCEL_BASES = {EXCEL: pl.date(1899, 12, 30), EXCEL_1904: pl.date(1904, 1, 1)}
#: 1 March 1900, the first day that all programs count alike, to 31 December 2099.
_FIRST_SERIAL, _LAST_SERIAL = 61, 73_050


@lru_cache(maxsize=65_536)
def is_typed(cell: str) -> bool:
    """Whether the cell is a number, a sum of money, a percentage, a date or an hour."""
    trimmed = cell.strip()
    return bool(_NUMBER.fullmatch(trimmed) or _DATE.fullmatch(trimmed))


def is_year(cell: str) -> bool:
    """Whether the cell is a year of four digits, as the columns of a published table are called."""
    return _YEAR.fullmatch(cell.strip()) is not None


@dataclass(frozen=True)
class DateForms:
    """The forms that fit every cell of a column: none, one, or several, which only a person can tell apart."""

    forms: tuple[str, ...]

    @property
    def is_ambiguous(self) -> bool:
        return len(self.forms) > 1


_ORDERS = ("%Y{s}%m{s}%d", "%d{s}%m{s}%Y", "%m{s}%d{s}%Y", "%Y{s}%d{s}%m", "%d{s}%m{s}%y", "%m{s}%d{s}%y")
_HOURS = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S")


def date_forms(values: pl.Series) -> DateForms:
    """The forms in which every non-empty cell of the column is a day of the calendar, proved on all of them.

    Two forms that give the same days are one: `03/03/2023` alone is not ambiguous.
    """
    cells = values.str.strip_chars().drop_nulls()
    cells = cells.filter(cells != "").unique(maintain_order=True)
    if cells.is_empty():
        return DateForms(())
    forms: dict[str, pl.Series] = {}
    for form in _candidates(str(cells[0])):
        days = read_dates(cells, form)
        if days.null_count() == 0 and not any(days.equals(known) for known in forms.values()):
            forms[form] = days
    return DateForms(tuple(forms))


def _candidates(cell: str) -> Iterable[str]:
    sign = re.search(r"\d([-/.])\d", cell)
    if sign is None:
        return ()
    hours = "" if ":" not in cell else next((form for form in _HOURS[1:] if _has_hours(cell, form)), "")
    return (order.format(s=sign.group(1)) + hours for order in _ORDERS)


def _has_hours(cell: str, form: str) -> bool:
    return form[0] in cell and cell.count(":") == form.count(":")


def read_dates(values: pl.Series, form: str) -> pl.Series:
    """The days that the cells stand for in this form; null where a cell is none.

    Besides strptime forms, `excel` and `excel-1904` read the day numbers of a spreadsheet.
    """
    if form in _EXCEL_BASES:
        cells = pl.lit(values.str.strip_chars().str.replace(",", ".", literal=True))
        whole = cells.cast(pl.Float64, strict=False).floor().cast(pl.Int64, strict=False)
        known = whole.is_between(_FIRST_SERIAL, _LAST_SERIAL)
        days = pl.when(known).then(_EXCEL_BASES[form] + pl.duration(days=whole))
        return pl.select(days.cast(pl.Date).alias(values.name)).to_series()
    strict_years = _four_digit_years(values) if "%Y" in form else values
    return strict_years.str.strptime(pl.Datetime, form, strict=False).cast(pl.Date)


def _four_digit_years(values: pl.Series) -> pl.Series:
    """`%Y` would take `23` for the year 23."""
    return pl.select(pl.when(values.str.contains(r"(?:^|\D)\d{4}(?:$|\D)")).then(values).alias(values.name)).to_series()


def may_be_serial_dates(values: pl.Series) -> bool:
    """Whether a column of whole numbers could be days of a spreadsheet: all of them between 1990 and 2060."""
    numbers = values.str.strip_chars().cast(pl.Int64, strict=False)
    return bool(values.len() and numbers.null_count() == 0 and numbers.is_between(32_874, 58_805).all())


def decimal_sign(values: pl.Series) -> str | None:
    """The one decimal sign of a column of numbers; None where there is none, or where two would do.

    A comma or a point before groups of three digits alone (`1,234`) may stand for thousands.
    """
    cells = values.str.strip_chars().str.replace_all(f"[{_SPACES}]", "").drop_nulls()
    cells = cells.filter(cells != "")
    signs = [sign for sign in (",", ".") if _fits(cells, sign)]
    return signs[0] if len(signs) == 1 else None


def _fits(cells: pl.Series, sign: str) -> bool:
    thousands = "." if sign == "," else ","
    pattern = rf"^[-+\u2212]?(?:\d+|\d{{1,3}}(?:\{thousands}\d{{3}})+)(?:\{sign}\d+)?$"
    signed = cells.filter(cells.str.contains(sign, literal=True))
    may_be_thousands = signed.str.contains(rf"^[-+\u2212]?\d{{1,3}}(?:\{sign}\d{{3}})+$").all()
    return bool(cells.str.contains(pattern).all() and signed.len() and not may_be_thousands)
