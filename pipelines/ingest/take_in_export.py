"""From the files of an export to its records: corrected, related and mapped, each file in parts that fit in memory.

A file that is read in memory is one part. What large files give lies in a private folder, part by part,
until the load is written; everything else is the same for both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.config import Centre
from pipelines.entities import ENTITIES
from pipelines.ingest.apply_corrections import AppliedCorrections
from pipelines.ingest.drift import ExportProfile, ExportProfiler
from pipelines.ingest.map_values import ColumnAccount, EntityMapping, empty_entity, entity_mapping
from pipelines.ingest.read_export import RawTable
from pipelines.ingest.read_mappings import Mappings
from pipelines.ingest.read_source import SourceFile
from pipelines.ingest.relate_sources import find_repeated_files, relate_sources, relate_table
from pipelines.ingest.source_records import SourceTable, all_records
from pipelines.language import Text


@dataclass
class TakenFile:
    """One file of the export and what became of its records, part after part; `rank` is its place in the manifest."""

    rank: int
    source: str
    file: SourceFile
    #: Why its records were taken in with another file, where they were.
    repeats: Text | None
    height: int = 0
    corrected: int = 0
    set_aside: Counter[Text] = field(default_factory=Counter)

    def count(self, part: SourceTable) -> None:
        """Add what became of the records of a part."""
        self.height += part.height
        self.corrected += part.corrected
        for left_out in part.set_aside:
            self.set_aside[left_out.reason] += left_out.count


@dataclass(frozen=True)
class TakenExport:
    """The records of every kind, and the accounts of files and columns."""

    files: tuple[TakenFile, ...]
    frames: dict[str, pl.LazyFrame]
    columns: list[ColumnAccount]
    profile: ExportProfile


def take_in_export(
    centre: Centre,
    files: Mapping[str, Sequence[SourceFile]],
    corrections: AppliedCorrections,
    mappings: Mappings,
    work: Path,
) -> TakenExport:
    """Correct, relate and map the files of each source; `work` is a private folder that outlives the frames.

    Raises `InputRefused` or `ConfigurationError` where a file does not fit what is said of it.
    """
    taken = _ranked(files)
    settings = {source.id: source for source in centre.source}
    entities = [entity_mapping(entity, settings[entity.source], mappings) for entity in centre.entity]
    frames = _EntityFrames(work)
    profiler = ExportProfiler(centre)
    for file, part in _related_parts(centre, taken, corrections):
        file.count(part)
        profiler.add(file.source, part.file.frame)
        for entity in entities:
            if entity.settings.source == file.source:
                frames.add(entity, part, file.rank)
    accounts = [account for entity in entities for account in entity.accounts.values()]
    return TakenExport(tuple(taken), frames.all(), accounts, profiler.profile)


def _ranked(files: Mapping[str, Sequence[SourceFile]]) -> list[TakenFile]:
    found = [
        (source, file, reason)
        for source, group in files.items()
        for file, reason in zip(group, find_repeated_files(group), strict=True)
    ]
    return [TakenFile(rank, *each) for rank, each in enumerate(found, start=1)]


def _related_parts(
    centre: Centre, taken: Sequence[TakenFile], corrections: AppliedCorrections
) -> Iterator[tuple[TakenFile, SourceTable]]:
    """Every part of every file in its order: first the small sources whole, since others may be looked up in them."""
    groups = {source.id: [file for file in taken if file.source == source.id] for source in centre.source}
    small = {name: group for name, group in groups.items() if all(isinstance(one.file, RawTable) for one in group)}
    corrected = {
        name: [part for file in group for part in _corrected_parts(file, corrections)] for name, group in small.items()
    }
    if len(small) == len(groups):
        # Told before what an error that is not put right leads to.
        corrections.require_expected()
    related = relate_sources(centre.source, corrected)
    for source in centre.source:
        if source.id in related:
            yield from zip(groups[source.id], related[source.id], strict=True)
            continue
        for file in groups[source.id]:
            for part in _corrected_parts(file, corrections):
                yield file, relate_table(part, source, related)
    corrections.require_expected()


def _corrected_parts(file: TakenFile, corrections: AppliedCorrections) -> Iterator[SourceTable]:
    for raw in file.file.parts():
        part = all_records(raw)
        if file.repeats is not None:
            part = part.keep(pl.repeat(value=False, n=part.height, dtype=pl.Boolean, eager=True), file.repeats)
        yield corrections.apply(part, file.source)


class _EntityFrames:
    """The records of each kind, in the order in which they were added."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._frames: dict[str, list[pl.LazyFrame]] = {name: [] for name in ENTITIES}

    def add(self, entity: EntityMapping, part: SourceTable, rank: int) -> None:
        name = entity.settings.name
        frame = entity.map_table(part, rank)
        if not part.file.is_part:
            self._frames[name].append(frame.lazy())
            return
        path = self._work / f"{name}-{len(self._frames[name])}.parquet"
        frame.write_parquet(path, compression="lz4", statistics=False)
        self._frames[name].append(pl.scan_parquet(path))

    def all(self) -> dict[str, pl.LazyFrame]:
        return {name: pl.concat(group) if group else empty_entity(name).lazy() for name, group in self._frames.items()}
