"""Birth dates whose header does not say so: the day from which an age of the same row is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from pipelines.ingest.screen_cells import ColumnCells
from pipelines.ingest.screen_names import plain_word
from pipelines.ingest.screen_texts import is_day

_AGE_HEADER = re.compile(r"(?:^|[^a-z])(?:age|ages|edad|idade)(?:$|[^a-z])")
_DAYS_PER_YEAR = 365.2425
_ENOUGH = 20
_MOSTLY = 0.8
_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y")


def find_unsaid_birth_dates(columns: Sequence[ColumnCells], frame: pl.DataFrame) -> frozenset[str]:
    """The date columns from which another date gives, in most rows, the age that the same row tells."""
    ages = [column.name for column in columns if _is_of_ages(column)]
    dates = [column.name for column in columns if column.filled >= _ENOUGH and column.share(is_day(column)) >= _MOSTLY]
    if not ages or len(dates) < 2:
        return frozenset()
    days = {name: _days(frame[name]) for name in dates}
    years = {name: frame[name].str.strip_chars().str.replace(",", ".").cast(pl.Float64, strict=False) for name in ages}
    return frozenset(
        birth
        for birth in dates
        if any(_tells_age(days[birth], days[told], years[age]) for told in dates if told != birth for age in ages)
    )


def _is_of_ages(column: ColumnCells) -> bool:
    is_age = _AGE_HEADER.search(plain_word(column.name)) is not None
    return is_age and column.share(column.matching(r"^\d{1,3}(?:[.,]0)?$")) >= 0.5


def _days(values: pl.Series) -> pl.Series:
    """The days of a column in the form that reads most of it."""
    texts = values.str.strip_chars().str.slice(0, 10)
    read = [texts.str.strptime(pl.Date, form, strict=False) for form in _FORMS]
    return min(read, key=lambda days: days.null_count())


def _tells_age(birth: pl.Series, told: pl.Series, age: pl.Series) -> bool:
    difference = (told - birth).dt.total_days() / _DAYS_PER_YEAR
    known = difference.is_not_null() & age.is_not_null() & (difference > 1)
    right = known & ((difference.floor() - age).abs() <= 0.01)
    return int(known.sum()) >= _ENOUGH and int(right.sum()) >= _MOSTLY * int(known.sum())
