"""The standard code lists: one CSV file a vocabulary, in `config/vocabularies/`.

A vocabulary has up to two levels: a code whose `parent` is empty and that other codes name as
parent is a class. The kinds of missing answer (`missing_kind.csv`) belong to every vocabulary and
are never dropped from a count. Bands (ages in whole years, delays in days) carry `lower` and
`upper`, both included; an empty `upper` has no end.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ConfigurationError
from pipelines.language import Language, Message, msg

MISSING_KINDS = "missing_kind"
#: A source value that no mapping knows: counted apart, never filed under "other".
UNMAPPED = "a_classer"
#: The margin of a table: everything, whatever its code.
TOTAL = "_total"

_COLUMNS = ("code", "label_fr", "label_en", "parent", "order", "valid_from", "valid_to", "source")
_BAND_COLUMNS = ("lower", "upper")
# What a spreadsheet, a file name and a query can all carry unharmed.
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Code:
    """One entry of a code list; `lower` and `upper` only where the list is one of bands."""

    code: str
    label_fr: str
    label_en: str
    parent: str
    order: int
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    source: str
    lower: int | None = None
    upper: int | None = None

    def label(self, language: Language) -> str:
        return self.label_fr if language.code == "fr" else self.label_en

    def is_valid(self, first_day: datetime.date, last_day: datetime.date) -> bool:
        """Whether the code was in use on any day of the period."""
        starts_in_time = self.valid_from is None or self.valid_from <= last_day
        ends_in_time = self.valid_to is None or self.valid_to >= first_day
        return starts_in_time and ends_in_time


@dataclass(frozen=True)
class Vocabulary:
    """A code list in its own order, without the kinds of missing answer."""

    id: str
    codes: tuple[Code, ...]

    @property
    def has_classes(self) -> bool:
        return any(code.parent for code in self.codes)

    @property
    def classes(self) -> tuple[Code, ...]:
        """The upper level; every code of a one-level vocabulary."""
        return tuple(code for code in self.codes if not code.parent)

    @property
    def leaves(self) -> tuple[Code, ...]:
        """The codes that data may carry."""
        if not self.has_classes:
            return self.codes
        return tuple(code for code in self.codes if code.parent)

    @property
    def is_banded(self) -> bool:
        return any(code.lower is not None for code in self.codes)

    def __getitem__(self, code: str) -> Code:
        for entry in self.codes:
            if entry.code == code:
                return entry
        raise KeyError(code)

    def __contains__(self, code: object) -> bool:
        return any(entry.code == code for entry in self.codes)


class Vocabularies:
    """The code lists of one centre, by the name of the field that uses them."""

    def __init__(self, by_name: Mapping[str, Vocabulary]) -> None:
        self._by_name = dict(by_name)

    def __getitem__(self, name: str) -> Vocabulary:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    @property
    def missing(self) -> Vocabulary:
        return self._by_name[MISSING_KINDS]

    def with_empty(self, names: Iterable[str]) -> Vocabularies:
        """The same, with a list without a code for each field that has none."""
        return Vocabularies({**{name: Vocabulary(name, ()) for name in names}, **self._by_name})

    def allowed(self, name: str) -> frozenset[str]:
        """The codes that a mapped column may hold: the leaves and the kinds of missing answer."""
        kinds = {code.code for code in self.missing.codes} - {UNMAPPED}
        return frozenset({code.code for code in self[name].leaves} | kinds)


def load_vocabularies(folder: Path, overrides: Mapping[str, str]) -> Vocabularies:
    """Read every code list of the folder; `overrides` gives a field another file than its namesake.

    Raises `ConfigurationError` with the faults of all the files: a header that is not the promised
    one, a code given twice, a parent that does not exist, bands that overlap or leave a hole.
    """
    faults: list[Message] = []
    files = {path.stem: path for path in sorted(folder.glob("*.csv"))}
    absent = sorted({MISSING_KINDS, *overrides.values()} - files.keys())
    faults.extend(msg("{folder} holds no file {name}.csv", folder=folder.name, name=name) for name in absent)
    by_file = {name: _read_vocabulary(path, faults) for name, path in files.items()}
    if faults:
        raise ConfigurationError(
            msg("The code lists cannot be used:"),
            faults=tuple(faults),
            to_do=msg("Correct these lines, then run the command again"),
        )
    renamed = {field: by_file[name] for field, name in overrides.items()}
    return Vocabularies({**by_file, **renamed})


def _read_vocabulary(path: Path, faults: list[Message]) -> Vocabulary:
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        header = tuple(reader.fieldnames or ())
        if header not in (_COLUMNS, _COLUMNS + _BAND_COLUMNS):
            faults.append(
                msg("{file}, line 1: the header must be {columns}", file=path.name, columns=",".join(_COLUMNS))
            )
            return Vocabulary(path.stem, ())
        codes = []
        for row in reader:
            try:
                codes.append(_read_code(row))
            except ValueError:
                faults.append(
                    msg("{file}, line {line}: a number or a date cannot be read", file=path.name, line=reader.line_num)
                )
    vocabulary = Vocabulary(path.stem, tuple(sorted(codes, key=lambda code: code.order)))
    faults.extend(_faults_of(vocabulary, path.name))
    return vocabulary


def _read_code(row: Mapping[str, str]) -> Code:
    def day(text: str) -> datetime.date | None:
        return datetime.date.fromisoformat(text) if text else None

    def whole(text: str | None) -> int | None:
        return int(text) if text else None

    return Code(
        code=row["code"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        parent=row["parent"],
        order=int(row["order"]),
        valid_from=day(row["valid_from"]),
        valid_to=day(row["valid_to"]),
        source=row["source"],
        lower=whole(row.get("lower")),
        upper=whole(row.get("upper")),
    )


def _faults_of(vocabulary: Vocabulary, file: str) -> list[Message]:
    faults = []
    seen: set[str] = set()
    for code in vocabulary.codes:
        if code.code in seen:
            faults.append(msg("{file}: the code {code} is given twice", file=file, code=code.code))
        seen.add(code.code)
        if not _CODE.fullmatch(code.code):
            faults.append(msg("{file}: a code may only hold a to z, 0 to 9 and _: {code}", file=file, code=code.code))
        if not code.label_fr or not code.label_en:
            faults.append(msg("{file}: the code {code} lacks a label", file=file, code=code.code))
    for code in vocabulary.codes:
        if code.parent and code.parent not in seen:
            faults.append(msg("{file}: the parent of {code} does not exist", file=file, code=code.code))
    parents = {code.parent for code in vocabulary.codes if code.parent}
    for code in vocabulary.classes:
        if parents and code.code not in parents:
            faults.append(msg("{file}: the class {code} has no code below it", file=file, code=code.code))
    faults.extend(_band_faults(vocabulary, file))
    return faults


def _band_faults(vocabulary: Vocabulary, file: str) -> list[Message]:
    if not vocabulary.is_banded:
        return []
    bands = vocabulary.leaves
    for before, after in zip(bands, bands[1:], strict=False):
        if before.upper is None or after.lower is None or after.lower != before.upper + 1:
            return [
                msg(
                    "{file}: the bands {before} and {after} overlap or leave a hole",
                    file=file,
                    before=before.code,
                    after=after.code,
                )
            ]
    if bands[0].lower != 0 or bands[-1].upper is not None:
        return [msg("{file}: the bands must begin at 0 and have no end", file=file)]
    return []
