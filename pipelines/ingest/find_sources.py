"""The kinds of files of an unknown export: which files are the same table of other years, which only list codes.

Files are read by the strict reader, with what `inspect` finds out about them. A table whose columns look like
identifiers of persons keeps them to itself: they are named, and proposed for nothing.
"""

from __future__ import annotations

import dataclasses
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused, PipelineUserError
from pipelines.ingest.inspect_export import FileInspection, inspect_export
from pipelines.ingest.open_container import sheet_names
from pipelines.ingest.profile_columns import LONGEST_LIST, ColumnProfile, profile_source
from pipelines.ingest.read_export import RawTable, read_file
from pipelines.ingest.read_synonyms import Synonyms, plain, plain_words
from pipelines.ingest.screen_identifiers import Finding, IdentifierKind, screen_identifiers
from pipelines.language import Message, msg

#: Two files whose columns are so much the same are one table of two years.
_SAME_TABLE = 0.6
#: Most cells of a column that points to a list of codes are among its keys.
_POINTING = 0.95
#: ... and a list of codes is much shorter than what it is used in, unlike requests and their aggressions.
_RECORDS_A_CODE = 3
_SHORTEST_PATTERN = 3


@dataclass(frozen=True)
class FoundTable:
    """One file, or one sheet of a workbook, as it lies."""

    table: RawTable
    delimiter: str
    sheet: str
    findings: tuple[Finding, ...]

    @property
    def header(self) -> frozenset[str]:
        return frozenset(plain(name) for name in self.table.frame.columns)


@dataclass(frozen=True)
class FoundSource:
    """One kind of file: its files, the pattern of their names, and the profiles of its columns."""

    id: str
    pattern: str
    sheet: str
    delimiter: str
    files: tuple[str, ...]
    records: int
    #: The columns that may be proposed; those that may name a person are not among them.
    profiles: tuple[ColumnProfile, ...]
    findings: tuple[Finding, ...]

    @property
    def is_list(self) -> bool:
        """Whether it may only list codes for other files: short, with a key, and nothing that happened on a day."""
        has_key = any(profile.is_key for profile in self.profiles)
        has_day = any(profile.date_formats for profile in self.profiles)
        return has_key and not has_day and self.records <= LONGEST_LIST and len(self.profiles) > 1


@dataclass(frozen=True)
class FoundExport:
    """Everything that was read, and what was not with its reason."""

    sources: tuple[FoundSource, ...]
    unread: tuple[PipelineUserError, ...]
    notes: tuple[Message, ...]


def find_sources(path: Path, synonyms: Synonyms) -> FoundExport:
    """Read an export and sort its files into kinds; raises `UsageError` where there is none to read."""
    tables: list[FoundTable] = []
    unread: list[PipelineUserError] = []
    for inspection in inspect_export(path):
        if "/" in inspection.name:
            unread.append(_in_archive(inspection.name))
            continue
        _read(path if path.is_file() else path / inspection.name, inspection, tables, unread)
    tables, notes = _without_twins(tables)
    names = [found.table.name for found in tables]
    shared = _shared_words([Path(name).stem for name in names])
    groups = _same_tables(tables)
    sources = [_source(group, synonyms, shared, is_alone=len(groups) == 1) for group in groups]
    return FoundExport(tuple(_with_labels(_unique_ids(sources))), tuple(unread), tuple(notes))


def _read(file: Path, inspection: FileInspection, tables: list[FoundTable], unread: list[PipelineUserError]) -> None:
    settings = SourceSettings(id="map", files=file.name, delimiter=inspection.delimiter or ",")
    sheets: Sequence[str] = [""]
    if inspection.problem is not None:
        sheets = sheet_names(file.read_bytes(), file.name) if "sheets" in inspection.problem.what.msgid else ()
        if not sheets:
            unread.append(inspection.problem)
    for sheet in sheets:
        try:
            table = read_file(file, settings.model_copy(update={"sheet": sheet or None}))
        except PipelineUserError as problem:
            unread.append(problem)
            continue
        if table.records:
            tables.append(FoundTable(table, inspection.delimiter, sheet, screen_identifiers(table)))


def _in_archive(name: str) -> InputRefused:
    return InputRefused(
        msg("The table {file} is inside a ZIP", file=name),
        to_do=msg("Take the tables out of the ZIP: a configuration names files, not what is inside them"),
    )


def _without_twins(tables: Sequence[FoundTable]) -> tuple[list[FoundTable], list[Message]]:
    """The same table saved twice, as CSV and as a workbook, would count everybody twice: one is set aside."""
    kept: list[FoundTable] = []
    notes = []
    for found in sorted(tables, key=lambda one: (one.table.encoding == "xlsx", one.table.name)):
        twin = next((other for other in kept if _are_twins(found, other)), None)
        if twin is None:
            kept.append(found)
            continue
        notes.append(
            msg(
                "{file} is left aside: it holds the same table as {other}", file=found.table.name, other=twin.table.name
            )
        )
    return kept, notes


def _are_twins(one: FoundTable, other: FoundTable) -> bool:
    same_name = Path(one.table.name).stem.casefold() == Path(other.table.name).stem.casefold()
    return same_name and one.header == other.header and one.table.records == other.table.records


def _same_tables(tables: Iterable[FoundTable]) -> list[list[FoundTable]]:
    groups: list[list[FoundTable]] = []
    everything = list(tables)
    for found in everything:
        for group in groups:
            if _fits(found, group, everything):
                group.append(found)
                break
        else:
            groups.append([found])
    return groups


def _fits(found: FoundTable, group: Sequence[FoundTable], everything: Sequence[FoundTable]) -> bool:
    first = group[0]
    if first.sheet != found.sheet or first.delimiter != found.delimiter:
        return False
    if len(first.header & found.header) < _SAME_TABLE * len(first.header | found.header):
        return False
    inside = [one.table.name for one in (*group, found)]
    pattern = _pattern(inside)
    others = [one.table.name for one in everything if one.table.name not in inside]
    return bool(pattern) and not any(fnmatchcase(name, pattern) and _alike(name, inside) for name in others)


def _alike(name: str, inside: Sequence[str]) -> bool:
    """Whether a file that the pattern takes too is of another table: files still to come of this one are not."""
    return "".join(filter(str.isalpha, name)) != "".join(filter(str.isalpha, inside[0]))


def _pattern(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    # The digits that two years share are those of a decade.
    start = os.path.commonprefix(names).rstrip("0123456789")
    end = os.path.commonprefix([name[len(start) :][::-1] for name in names])[::-1]
    return f"{start}*{end}" if len(start) >= _SHORTEST_PATTERN else ""


def _shared_words(stems: Sequence[str]) -> frozenset[str]:
    """Words that are in the names of most files say nothing of any."""
    counts = Counter(word for stem in stems for word in set(plain_words(stem)))
    return frozenset(word for word, count in counts.items() if len(stems) > 2 and count > len(stems) / 2)


def _source(group: Sequence[FoundTable], synonyms: Synonyms, shared: frozenset[str], *, is_alone: bool) -> FoundSource:
    first = group[0]
    stem = first.sheet or Path(first.table.name).stem
    words = tuple(word for word in plain_words(stem) if word not in shared and not word.isdigit())
    identifier = "_".join(words) or "export"
    findings = tuple(finding for found in group for finding in found.findings)
    naming = {finding.column for finding in findings}
    # The name of a file tells its columns from those of another, where there is another.
    context = () if is_alone else words
    profiles = profile_source(identifier, [found.table for found in group], synonyms, context)
    # A short table whose name column names codes, not people, keeps it: it is read for its words alone.
    only_headers = all(finding.kind is IdentifierKind.NAMING_COLUMN for finding in findings)
    keeps_all = only_headers and sum(found.table.records for found in group) <= LONGEST_LIST
    kept = tuple(profile for profile in profiles if keeps_all or profile.name not in naming)
    files = tuple(found.table.name for found in group)
    return FoundSource(
        identifier,
        _pattern(files),
        first.sheet,
        first.delimiter,
        files,
        sum(found.table.records for found in group),
        kept,
        () if keeps_all else findings,
    )


def _unique_ids(sources: Sequence[FoundSource]) -> list[FoundSource]:
    seen: dict[str, int] = {}
    unique = []
    for source in sources:
        seen[source.id] = seen.get(source.id, 0) + 1
        identifier = source.id if seen[source.id] == 1 else f"{source.id}_{seen[source.id]}"
        profiles = tuple(dataclasses.replace(profile, source=identifier) for profile in source.profiles)
        unique.append(dataclasses.replace(source, id=identifier, profiles=profiles))
    return unique


def _with_labels(sources: Sequence[FoundSource]) -> list[FoundSource]:
    """Each column that points to a list of codes knows what the list calls them."""
    lists = [source for source in sources if source.is_list]
    return [
        dataclasses.replace(source, profiles=tuple(_labelled(profile, source, lists) for profile in source.profiles))
        for source in sources
    ]


def _labelled(profile: ColumnProfile, source: FoundSource, lists: Sequence[FoundSource]) -> ColumnProfile:
    for listing in lists:
        if listing.id == source.id or listing.records * _RECORDS_A_CODE > source.records:
            continue
        for key in listing.profiles:
            if not key.is_key or plain(key.name) != plain(profile.name):
                continue
            pointing = sum(count for value, count in profile.answers.items() if value in key.answers)
            labels = _labels_of(listing, key)
            if labels and profile.answered and pointing >= _POINTING * profile.answered:
                return dataclasses.replace(profile, labels=labels)
    return profile


def _labels_of(listing: FoundSource, key: ColumnProfile) -> dict[str, str]:
    """What the list calls each of its keys: its column of names, else the one with the longest words."""
    named = [profile for profile in listing.profiles if profile is not key and profile.row_values]
    if not named:
        return {}
    best = max(named, key=lambda one: ("name" in one.words or "nom" in one.words or "label" in one.words, one.letters))
    return dict(zip(key.row_values, best.row_values, strict=True)) if best.letters else {}


def pointed_lists(sources: Iterable[FoundSource]) -> frozenset[str]:
    """The sources that only name codes for other files: none of their columns is about a person."""
    everything = list(sources)
    names = {plain(profile.name) for source in everything for profile in source.profiles if profile.labels}
    return frozenset(
        source.id
        for source in everything
        if source.is_list and any(profile.is_key and plain(profile.name) in names for profile in source.profiles)
    )
