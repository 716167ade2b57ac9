"""What the cells of a column look like, before anyone said what they are: dates, ages, identifiers, yes or no, words.

A profile holds the different answers of a column with their counts; it stays in memory. Nothing here is used by
ingest: what is guessed is proposed to a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.ingest.amounts import read_cents
from pipelines.ingest.durations import HOURS, MINUTES, read_minutes
from pipelines.ingest.read_export import RawTable, compose
from pipelines.ingest.read_synonyms import NO, YES, Synonyms, plain_words

#: A column with more different answers is not a closed list.
MOST_WORDS = 2_000
#: A word of a closed list is short; a longer text was typed.
LONGEST_WORD = 80
OLDEST = 110
# Numbers that a platform writes where there is no age: 999, 998, -1.
_MOST_SIGNS = 3
#: Yes and no, each written in a few ways.
_MOST_FLAG_WORDS = 6
#: A table of codes is not longer.
LONGEST_LIST = 400
_DATE_FORMATS = tuple(
    day + time
    for day in (
        "%Y-%m-%d",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d-%m-%Y",
        "%Y/%m/%d",
        "%d.%m.%Y",
        "%d-%b-%y",
        "%d-%b-%Y",
        "%Y%m%d",
    )
    for time in ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S")
)
_SEPARATORS = (" | ", "|", " ; ", ";", " + ")
#: What a column's name says of its unit, without accents.
_DURATION_WORDS = {
    HOURS: frozenset(["h", "heure", "heures", "hours", "hrs", "hora", "horas"]),
    MINUTES: frozenset(["min", "mins", "minute", "minutes", "minutos"]),
}
_WHOLE = r"^-?\d{1,9}(?:[.,]0+)?$"


@dataclass(frozen=True)
class ColumnProfile:
    """One column of one kind of file; `answers` are what is neither empty nor a known missing marker."""

    source: str
    name: str
    #: The name of its kind of file, in words: `victim` tells an age from that of an offender.
    context: tuple[str, ...]
    records: int
    #: The share of the source's files that hold this column.
    files: frozenset[str]
    answers: Mapping[str, int]
    missing: Mapping[str, str]
    empty: int
    yes: tuple[str, ...]
    no: tuple[str, ...]
    #: What each answer is called in the file that lists them, where there is one.
    labels: Mapping[str, str]
    #: The cells in the order of the file, kept where the file is short enough to be a list of codes.
    row_values: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        return plain_words(self.name)

    @property
    def answered(self) -> int:
        return sum(self.answers.values())

    @property
    def is_flag(self) -> bool:
        """Yes, no and nothing else."""
        said = len(self.yes) + len(self.no)
        return said > 0 and len(self.answers) == said

    @property
    def is_key(self) -> bool:
        """Every record has an answer, and no two the same."""
        return self.records > 0 and len(self.answers) == self.answered == self.records

    @property
    def is_closed_list(self) -> bool:
        """Few different words for many records: what a mapping can be written for."""
        if not self.parts or len(self.parts) > MOST_WORDS or (self.is_key and self.records > 1):
            return False
        few = len(self.parts) <= max(12, self.answered // 4)
        return few and max(map(len, self.parts)) <= LONGEST_WORD

    @cached_property
    def separator(self) -> str:
        """What parts several answers of one cell, where cells hold several: then its parts are fewer than its texts."""
        for sign in _SEPARATORS:
            several = sum(count for value, count in self.answers.items() if sign in value)
            parts = {part.strip() for value in self.answers for part in value.split(sign)}
            if several >= 0.02 * self.answered and several and len(parts) < len(self.answers):
                return sign
        return ""

    @cached_property
    def parts(self) -> Mapping[str, int]:
        """The answers, those of one cell apart, with their counts."""
        if not self.separator:
            return self.answers
        counts: Counter[str] = Counter()
        for value, count in self.answers.items():
            for part in value.split(self.separator):
                counts[part.strip()] += count
        counts.pop("", None)
        return counts

    @cached_property
    def date_formats(self) -> tuple[str, ...]:
        """The forms in which every answer is a date; two of them where day and month cannot be told apart."""
        values = pl.Series(list(self.answers), dtype=pl.String)
        if values.is_empty() or not values.str.contains(r"\d").all():
            return ()
        sample = values.head(50)
        likely = [form for form in _DATE_FORMATS if _all_dates(sample, form)]
        return tuple(form for form in likely if _all_dates(values, form))

    @cached_property
    def whole_numbers(self) -> pl.Series:
        """The answers that are whole numbers, the decimal zero aside, each once."""
        values = pl.Series(list(self.answers), dtype=pl.String)
        return values.filter(values.str.contains(_WHOLE)).str.extract(r"^(-?\d+)").cast(pl.Int64)

    @cached_property
    def is_age(self) -> bool:
        """Whole numbers between 0 and 110, but for a few that stand for something else, such as 999."""
        if not self.answers or self.whole_numbers.len() < len(self.answers):
            return False
        possible = sum(count for value, count in self.answers.items() if 0 <= _whole(value) <= OLDEST)
        is_few = possible >= 0.95 * self.answered or len(self.impossible_ages) <= _MOST_SIGNS
        return len(self.answers) > 2 and is_few and possible >= 0.5 * self.answered

    @property
    def impossible_ages(self) -> tuple[str, ...]:
        """The numbers that stand for something else than an age, such as 999."""
        return tuple(value for value in self.answers if not 0 <= _whole(value) <= OLDEST)

    @cached_property
    def is_count(self) -> bool:
        """Whole numbers and nothing else, none of them below zero."""
        is_whole = self.whole_numbers.len() == len(self.answers)
        return bool(self.answers) and is_whole and bool((self.whole_numbers >= 0).all())

    @cached_property
    def duration_forms(self) -> tuple[str, ...]:
        """Hours or minutes, where every answer is a length of time so written; both where nothing tells them apart."""
        said = {form for form, words in _DURATION_WORDS.items() if words & set(self.words)}
        forms = [form for form in (HOURS, MINUTES) if self.answers and self._all_durations(form)]
        return tuple(form for form in forms if form in said) or tuple(forms)

    def _all_durations(self, form: str) -> bool:
        return all(read_minutes(answer, form, self.decimal or ",") is not None for answer in self.answers)

    @cached_property
    def is_amount(self) -> bool:
        """Every answer is a sum of money, in dollars and cents."""
        return bool(self.answers) and all(
            read_cents(answer, self.decimal or ",") is not None for answer in self.answers
        )

    @property
    def letters(self) -> int:
        """How many letters its answers have: names have more than numbers."""
        return sum(map(str.isalpha, "".join(self.answers)))

    @cached_property
    def decimal(self) -> str:
        """The decimal sign of the answers, or nothing where there is none."""
        return next((sign for sign in ",." if any(sign in value for value in self.answers)), "")


def _all_dates(values: pl.Series, form: str) -> bool:
    # Polars takes `18` for the year 18 where four digits are meant.
    if "%Y" in form and not values.str.contains(r"\d{4}").all():
        return False
    return values.str.strptime(pl.Datetime, form, strict=False).null_count() == 0


def _whole(value: str) -> int:
    return int(value.replace(",", ".").split(".")[0])


def profile_source(
    source: str, tables: Sequence[RawTable], synonyms: Synonyms, context: tuple[str, ...]
) -> list[ColumnProfile]:
    """The profiles of every column that a kind of file has, in the order of the first file."""
    names = list(dict.fromkeys(name for table in tables for name in table.frame.columns))
    return [_profile(source, name, tables, synonyms, context) for name in names]


def _profile(
    source: str, name: str, tables: Sequence[RawTable], synonyms: Synonyms, context: tuple[str, ...]
) -> ColumnProfile:
    holders = [table for table in tables if name in table.frame.columns]
    counts: Counter[str] = Counter()
    for table in holders:
        for value, count in table.frame[name].value_counts().iter_rows():
            counts[compose(str(value))] += int(count)
    empty = counts.pop("", 0)
    missing = {value: kind for value in counts if (kind := synonyms.missing_kind(value))}
    answers = {value: count for value, count in counts.items() if value not in missing}
    few = answers if len(answers) <= _MOST_FLAG_WORDS else {}
    yes = tuple(value for value in few if synonyms.means(value, YES))
    no = tuple(value for value in few if synonyms.means(value, NO))
    is_flag = not set(yes) & set(no) and len(yes) + len(no) == len(answers)
    records = sum(table.records for table in holders)
    files = frozenset(table.name for table in holders)
    flag = (yes, no) if is_flag else ((), ())
    cells = [str(cell) for table in holders for cell in table.frame[name]] if records <= LONGEST_LIST else []
    rows = tuple(map(compose, cells))
    return ColumnProfile(source, name, context, records, files, answers, missing, empty, *flag, {}, rows)
