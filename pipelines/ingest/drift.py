"""What changed in a platform's export since the load before: columns, words, and how answers are shared out.

Each load keeps a profile of its export: the columns of each kind of file and, of those that the centre reads as coded,
how often each word stands there. Columns are told by name; words are only counted here, and named in a private file
beside the one of the words to classify.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from rapidfuzz import fuzz

from pipelines.config import Centre
from pipelines.entities import ENTITIES, Kind
from pipelines.ingest.read_export import compose
from pipelines.ingest.read_source import read_source
from pipelines.ingest.read_synonyms import plain
from pipelines.language import Message, msg, msg_count
from pipelines.storage import new_folder, write_text

PROFILE = "export_profile.json"
#: The words that are new or gone, with their counts: for the centre's eyes, never for an output.
CHANGES = "drift.csv"
#: A share that moved by more points than this is told; under so many answers, chance alone moves more.
POINTS, LEAST_ANSWERS = 10, 50
# Two columns are one renamed where they hold nearly the same words, or are called nearly the same.
_SAME_WORDS, _SAME_NAME = 0.8, 80.0

#: By kind of file, then column, then word: how many records. A column that is not coded has no word here.
ExportProfile = Mapping[str, Mapping[str, Mapping[str, int]]]


@dataclass(frozen=True)
class ColumnDrift:
    """The words of one coded column that are new or gone, with their counts, and the largest move of a share."""

    source: str
    column: str
    new: Mapping[str, int] = field(repr=False)
    gone: Mapping[str, int] = field(repr=False)
    #: In points of percentage; 0 where there are too few answers to tell.
    largest_move: int


@dataclass(frozen=True)
class Drift:
    """Everything that changed; each column with its kind of file."""

    new_columns: tuple[tuple[str, str], ...]
    missing_columns: tuple[tuple[str, str], ...]
    #: (kind of file, name before, name now): likely, for a person to confirm.
    renamed_columns: tuple[tuple[str, str, str], ...]
    columns: tuple[ColumnDrift, ...]

    def __bool__(self) -> bool:
        return bool(self.new_columns or self.missing_columns or self.renamed_columns or self.columns)


class ExportProfiler:
    """Makes the profile of an export from its frames, every cell as text.

    It holds words of closed lists, so it stays in the load's folder.
    """

    def __init__(self, centre: Centre) -> None:
        self._coded = _coded_columns(centre)
        self._counts: dict[str, dict[str, Counter[str]]] = {source.id: {} for source in centre.source}

    def add(self, source: str, frame: pl.DataFrame) -> None:
        """Count in the words of a file of this kind, or of a part of it."""
        for name in frame.columns:
            counts = self._counts[source].setdefault(name, Counter())
            if (source, name) in self._coded:
                for value, count in frame[name].value_counts().iter_rows():
                    counts[compose(str(value))] += int(count)

    @property
    def profile(self) -> ExportProfile:
        """The profile of all that was counted in."""
        # In order: the same export gives the same bytes.
        return {
            source: {name: dict(sorted(counts.items())) for name, counts in columns.items()}
            for source, columns in self._counts.items()
        }


def _coded_columns(centre: Centre) -> frozenset[tuple[str, str]]:
    return frozenset(
        (entity.source, compose(source_name))
        for entity in centre.entity
        for name, origin in entity.columns.items()
        if ENTITIES[entity.name][name].kind is Kind.CODE
        for source_name in origin.source_names
    )


def write_profile(folder: Path, profile: ExportProfile) -> None:
    """Keep the profile with the load that it is of."""
    write_text(folder / PROFILE, json.dumps(profile, ensure_ascii=False) + "\n")


def read_profile(folder: Path) -> ExportProfile | None:
    """The profile of a load; nothing for a load of an earlier version, which kept none."""
    path = folder / PROFILE
    if not path.is_file():
        return None
    profile: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return profile


def tell_drift(before: Path, now: Path) -> tuple[Message, ...]:
    """What changed between two loads, given their folders; the words are left in the newer one's `drift.csv`."""
    profiles = read_profile(before), read_profile(now)
    if profiles[0] is None or profiles[1] is None:
        return ()
    drift = compare_profiles(profiles[0], profiles[1])
    if not drift:
        return ()
    write_changes(now / CHANGES, drift)
    return tuple(describe_drift(drift, now / CHANGES))


def tell_changes(load: Path, centre: Centre, export: Path) -> tuple[Message, ...]:
    """What changed between a load, given its folder, and an export of the same centre that was not read yet."""
    before = read_profile(load)
    if before is None:
        return (msg("The load at hand is of an earlier version and tells nothing of its export: read it again first"),)
    profiler = ExportProfiler(centre)
    with new_folder(load.with_name(f"{load.name}-compared")) as work:
        for source in centre.source:
            for file in read_source(export, source, work):
                for part in file.parts():
                    profiler.add(source.id, part.frame)
    drift = compare_profiles(before, profiler.profile)
    return tuple(describe_drift(drift, None)) or (msg("Nothing changed since the export that was read last"),)


def compare_profiles(before: ExportProfile, now: ExportProfile) -> Drift:
    """What changed from one export to the next, in the kinds of files that both hold."""
    new: list[tuple[str, str]] = []
    missing: list[tuple[str, str]] = []
    renamed: list[tuple[str, str, str]] = []
    columns: list[ColumnDrift] = []
    for source in [name for name in now if name in before]:
        left = [name for name in before[source] if name not in now[source]]
        come = [name for name in now[source] if name not in before[source]]
        pairs = _renamed(before[source], now[source], left, come)
        renamed += [(source, old, name) for old, name in pairs.items()]
        missing += [(source, name) for name in left if name not in pairs]
        new += [(source, name) for name in come if name not in pairs.values()]
        same = {name: name for name in before[source] if name in now[source]} | pairs
        for old, name in same.items():
            change = _compare_words(source, name, before[source][old], now[source][name])
            if change.new or change.gone or change.largest_move:
                columns.append(change)
    return Drift(tuple(new), tuple(missing), tuple(renamed), tuple(columns))


def _renamed(
    before: Mapping[str, Mapping[str, int]],
    now: Mapping[str, Mapping[str, int]],
    left: Sequence[str],
    come: Sequence[str],
) -> dict[str, str]:
    """Of the columns that left and those that came, the pairs that are likely one: the most alike first."""
    likely = [(_likeness(old, before[old], name, now[name]), old, name) for old in left for name in come]
    pairs: dict[str, str] = {}
    for likeness, old, name in sorted(likely, key=lambda one: -one[0]):
        if likeness and old not in pairs and name not in pairs.values():
            pairs[old] = name
    return pairs


def _likeness(old: str, before: Mapping[str, int], name: str, now: Mapping[str, int]) -> float:
    words = sum((Counter(before) & Counter(now)).values()) / max(1, min(sum(before.values()), sum(now.values())))
    shared = len(before.keys() & now.keys()) / max(1, len(before.keys() | now.keys()))
    names = float(fuzz.token_sort_ratio(plain(old), plain(name)))
    if before and now:
        return max(words, shared) if shared >= _SAME_WORDS or names >= _SAME_NAME else 0.0
    return names / 100 if names >= _SAME_NAME else 0.0


def _compare_words(source: str, column: str, before: Mapping[str, int], now: Mapping[str, int]) -> ColumnDrift:
    if not before or not now:
        return ColumnDrift(source, column, {}, {}, 0)
    new = {word: count for word, count in now.items() if word not in before}
    gone = {word: count for word, count in before.items() if word not in now}
    totals = sum(before.values()), sum(now.values())
    move = 0.0
    if min(totals) >= LEAST_ANSWERS:
        words = before.keys() | now.keys()
        move = max(abs(now.get(word, 0) / totals[1] - before.get(word, 0) / totals[0]) for word in words) * 100
    return ColumnDrift(source, column, new, gone, round(move) if move >= POINTS else 0)


def describe_drift(drift: Drift, words_file: Path | None) -> Iterator[Message]:
    """What a coordinator reads: names of columns and counts, never a word of a case."""
    for source, old, name in drift.renamed_columns:
        yield msg("{source}: the column {old} now seems to be called {name}", source=source, old=old, name=name)
    for source, name in drift.missing_columns:
        yield msg("{source}: the column {name} is no longer there", source=source, name=name)
    for source, name in drift.new_columns:
        yield msg("{source}: the column {name} is new", source=source, name=name)
    for change in drift.columns:
        where = {"source": change.source, "column": change.column}
        if change.new:
            yield msg_count(
                "{source}, {column}: {count} new word",
                "{source}, {column}: {count} new words",
                len(change.new),
                **where,
            )
        if change.gone:
            yield msg_count(
                "{source}, {column}: {count} word is no longer used",
                "{source}, {column}: {count} words are no longer used",
                len(change.gone),
                **where,
            )
        if change.largest_move:
            yield msg_count(
                "{source}, {column}: the share of an answer moved by {count} point",
                "{source}, {column}: the share of an answer moved by {count} points",
                change.largest_move,
                **where,
            )
    if words_file and any(change.new or change.gone for change in drift.columns):
        yield msg("The words that are new or gone are in {file}", file=str(words_file))


def write_changes(path: Path, drift: Drift) -> None:
    """The words that are new or gone, for whoever keeps the mappings; private, as the words to classify."""
    lines = [("source", "column", "change", "source_value", "count"), *_changes(drift.columns)]
    with path.open("w", encoding="utf-8-sig", newline="") as text:
        csv.writer(text).writerows(lines)
    path.chmod(0o600)


def _changes(columns: Iterable[ColumnDrift]) -> Iterator[tuple[str, ...]]:
    for change in columns:
        for kind, words in (("new", change.new), ("gone", change.gone)):
            yield from ((change.source, change.column, kind, word, str(count)) for word, count in words.items())
