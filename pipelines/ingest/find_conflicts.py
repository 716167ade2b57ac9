"""The same number in two files of an export: taken once where both say the same, a conflict where they do not.

Two deliveries often overlap. A record that is in both, word for word, is one record; one whose content
differs was changed in between, and only a person can say which is right. Repeats inside one file are not
settled here: the quality rules refuse them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.entities import ENTITIES
from pipelines.errors import InputRefused
from pipelines.ingest.read_export import first_numbers
from pipelines.language import msg
from pipelines.storage import fingerprint_text, publish_file, staging_name

#: The conflicts of the last export that was refused for them; the numbers hashed, for the centre's eyes.
CONFLICTS = "conflicts.csv"
_PLACE = ("source_file", "source_row")


@dataclass(frozen=True)
class Conflict:
    """One number with two contents: the ranks of the files, and the rows in each."""

    entity: str
    #: The SHA-256 of the number.
    key: str
    places: tuple[tuple[int, tuple[int, ...]], ...]


def settle_repeats(
    frames: Mapping[str, pl.LazyFrame],
) -> tuple[dict[str, pl.LazyFrame], dict[str, int], list[Conflict]]:
    """The frames with each record once, how many were repeated, and the numbers that have two contents."""
    settled, repeated = dict(frames), dict.fromkeys(ENTITIES, 0)
    conflicts: list[Conflict] = []
    for name, entity in ENTITIES.items():
        key = entity.columns[0].name
        frame = frames[name]
        if frame.select(pl.col("source_file").n_unique()).collect().item() < 2:
            continue
        files = frame.group_by(key).agg(
            pl.col("source_file").n_unique().alias("files"), pl.col("source_file").min().alias("first")
        )
        shared = files.filter(pl.col("files") > 1, pl.col(key).is_not_null()).collect()
        if shared.is_empty():
            continue
        rows = frame.filter(pl.col(key).is_in(shared[key].implode())).collect()
        conflicts += [_conflict(name, key, part) for part in _conflicting(rows, key)]
        later = frame.join(shared.select(key, "first").lazy(), on=key, how="left", maintain_order="left")
        is_kept = pl.col("first").is_null() | (pl.col("first") == pl.col("source_file"))
        settled[name] = later.filter(is_kept).drop("first")
        repeated[name] = rows.height - rows.join(shared, on=key).filter(is_kept).height
    return settled, repeated, conflicts


def _conflicting(rows: pl.DataFrame, key: str) -> list[pl.DataFrame]:
    """Of the rows of numbers that stand in several files, those whose files do not say the same, by number."""
    content = [name for name in rows.columns if name not in _PLACE]
    times = rows.group_by(*content, "source_file").len("times")
    said = times.group_by(content).agg(
        pl.len().alias("saying"), pl.col("times").min().alias("least"), pl.col("times").max().alias("most")
    )
    files = rows.group_by(key).agg(pl.col("source_file").n_unique().alias("files"))
    differs = (pl.col("saying") < pl.col("files")) | (pl.col("least") < pl.col("most"))
    numbers = said.join(files, on=key).filter(differs)[key]
    return rows.filter(pl.col(key).is_in(numbers.implode())).partition_by(key, maintain_order=True)


def _conflict(entity: str, key: str, rows: pl.DataFrame) -> Conflict:
    places = tuple(
        (int(part["source_file"][0]), tuple(part["source_row"].unique(maintain_order=True)))
        for part in rows.partition_by("source_file", maintain_order=True)
    )
    return Conflict(entity, fingerprint_text(str(rows[key][0])), places)


def refuse_conflicts(conflicts: Sequence[Conflict], names: Mapping[int, str], path: Path) -> None:
    """List the conflicts in a private file and raise `InputRefused`; where there are none, an old list goes."""
    if not conflicts:
        path.unlink(missing_ok=True)
        return
    temporary = staging_name(path)
    with temporary.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(("entity", "number_sha256", "file", "rows"))
        for conflict in conflicts:
            for rank, rows in conflict.places:
                writer.writerow((conflict.entity, conflict.key, names[rank], " ".join(map(str, rows))))
    publish_file(temporary, path)
    first = conflicts[0]
    raise InputRefused(
        msg("The same number stands for two different contents"),
        where=msg(
            "in {files}, row {rows}",
            files=", ".join(names[rank] for rank, _ in first.places),
            rows=first_numbers(row for _, rows in first.places for row in rows),
        ),
        why=msg("{count} conflicts, listed without a number in {list}", count=len(conflicts), list=str(path)),
        to_do=msg("Say which one is right by a line of config/corrections (action drop), or export again"),
    )
