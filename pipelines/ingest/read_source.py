"""Read the files of a kind, each as its size asks: what is too large for memory in parts, the others whole."""

from __future__ import annotations

from pathlib import Path

from pipelines.config import SourceSettings
from pipelines.ingest.large_table import LargeTable
from pipelines.ingest.read_export import RawTable, is_large, read_tables, source_files

SourceFile = RawTable | LargeTable


def read_source(folder: Path, source: SourceSettings, work: Path) -> tuple[SourceFile, ...]:
    """Read all the files of a kind, in the order of their names; none at all is a refusal.

    The rows of large files lie in `work`, a private folder, as long as they are needed.
    """
    read: list[SourceFile] = []
    for path in source_files(folder, source):
        if is_large(path):
            from pipelines.ingest.read_large import read_large

            read.append(read_large(path, source, work))
        else:
            read.extend(read_tables(path, source))
    return tuple(read)
