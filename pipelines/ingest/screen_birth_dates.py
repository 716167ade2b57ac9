"""Birth dates whose header does not say so: the day from which an age of the same row is counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.ingest.screen_cells import ColumnCells
from pipelines.ingest.screen_names import plain_word
from pipelines.ingest.screen_texts import is_day

_AGE_HEADER = re.compile(r"(?:^|[^a-z])(?:age|ages|edad|idade)(?:$|[^a-z])")
_DAYS_PER_YEAR = 365.2425
_ENOUGH = 20
_MOSTLY = 0.8
_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y")
_AGE = "age"

#: The cells of some columns, so many rows at a time.
Frames = Callable[[Sequence[str]], Iterable[pl.DataFrame]]


@dataclass(frozen=True)
class TimeColumn:
    """A column that tells ages, or days in a form of them."""

    name: str
    form: str


def time_column(column: ColumnCells) -> TimeColumn | None:
    """What a column tells of time; nothing for most columns."""
    is_age = _AGE_HEADER.search(plain_word(column.name)) is not None
    if is_age and column.share(column.matching(r"^\d{1,3}(?:[.,]0)?$")) >= 0.5:
        return TimeColumn(column.name, _AGE)
    if column.filled >= _ENOUGH and column.share(is_day(column)) >= _MOSTLY:
        return TimeColumn(column.name, _form_of_days(column))
    return None


def _form_of_days(column: ColumnCells) -> str:
    """The form that reads most of the cells."""
    unread = {form: int(column.counts.filter(_days(column.distinct, form).is_null()).sum()) for form in _FORMS}
    return min(unread, key=lambda form: unread[form])


def find_unsaid_birth_dates(columns: Sequence[TimeColumn], frames: Frames) -> frozenset[str]:
    """The date columns from which another date gives, in most rows, the age that the same row tells."""
    ages = [column.name for column in columns if column.form == _AGE]
    dates = {column.name: column.form for column in columns if column.form != _AGE}
    if not ages or len(dates) < 2:
        return frozenset()
    known: Counter[tuple[str, ...]] = Counter()
    right: Counter[tuple[str, ...]] = Counter()
    for frame in frames([*ages, *dates]):
        for birth, told, age, differences in _ages_told(frame, ages, dates):
            known[birth, told, age] += differences.len()
            right[birth, told, age] += int((differences <= 0.01).sum())
    return frozenset(trio[0] for trio, count in known.items() if count >= _ENOUGH and right[trio] >= _MOSTLY * count)


def _ages_told(
    frame: pl.DataFrame, ages: Sequence[str], dates: dict[str, str]
) -> Iterator[tuple[str, str, str, pl.Series]]:
    """For each birth, other day and age, by how much they differ, in the rows that tell all three."""
    days = {name: _days(frame[name], form) for name, form in dates.items()}
    years = {name: frame[name].str.strip_chars().str.replace(",", ".").cast(pl.Float64, strict=False) for name in ages}
    for birth in dates:
        for told in dates:
            passed = (days[told] - days[birth]).dt.total_days() / _DAYS_PER_YEAR
            for age in ages:
                differences = (passed.floor() - years[age]).abs().filter((passed > 1) & years[age].is_not_null())
                if told != birth:
                    yield birth, told, age, differences


def _days(values: pl.Series, form: str) -> pl.Series:
    return values.str.strip_chars().str.slice(0, 10).str.strptime(pl.Date, form, strict=False)
