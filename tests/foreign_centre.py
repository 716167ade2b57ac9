"""A real export read by the command, as a user would, and what came of it: cells, core rows, the manifest."""

import csv
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

REPOSITORY = Path(__file__).resolve().parent.parent
#: The bands of the answers, as the code lists of the centres write them.
BANDS = {
    "00-05": "age_00_05",
    "06-11": "age_06_11",
    "12-13": "age_12_13",
    "14-17": "age_14_17",
    "18-24": "age_18_24",
    "25-34": "age_25_34",
    "35-44": "age_35_44",
    "45-54": "age_45_54",
    "55-64": "age_55_64",
    "65+": "age_65_plus",
    "unknown": "non_disponible",
}


def run_bilan(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, from the repository."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def plain(text: str) -> str:
    return text.strip().casefold()


def codes_of(centre: str, mapping: str) -> dict[str, str]:
    """A mapping of the repository, by the word in the form in which words are compared."""
    rows = read_csv(REPOSITORY / "config" / "mappings" / centre / f"{mapping}.csv")
    return {plain(row["source_value"]): row["code"] for row in rows}


def through(codes: Mapping[str, str], answers: Iterable[tuple[str, str]]) -> Counter[str]:
    """An answer by raw words, (word, count), as an answer by codes; what is nobody's is left out."""
    counted: Counter[str] = Counter()
    for word, count in answers:
        counted[codes[plain(word)]] += int(count)
    return +counted


@dataclass(frozen=True)
class ForeignCentre:
    """One centre in a folder of its own, ingested and tabulated."""

    home: Path
    centre: str
    said: str

    @property
    def processed(self) -> Path:
        return self.home / "data" / "processed" / self.centre

    @property
    def manifest(self) -> dict[str, Any]:
        (path,) = (self.processed / "loads").glob("*/manifest.json")
        return dict(json.loads(path.read_text(encoding="utf-8")))

    def file(self, name: str) -> dict[str, Any]:
        (found,) = (file for file in self.manifest["files"] if file["name"] == name)
        return dict(found)

    def by_code(self, table: str, year: str) -> dict[str, int]:
        """The cells of a one-way table, leaf codes alone, those of nobody left out."""
        classes = {row["parent"] for path in _vocabularies() for row in read_csv(path)}
        rows = read_csv(self.processed / "tables" / year / "cells.csv")
        return {
            row["code_1"]: int(row["value"])
            for row in rows
            if row["table_id"] == table
            and row["value"] not in ("", "0")
            and row["code_1"] != "_total"
            and row["code_1"] not in classes
        }

    def tables(self, year: str) -> dict[str, set[str]]:
        """The states of the cells of each table."""
        states: dict[str, set[str]] = defaultdict(set)
        for row in read_csv(self.processed / "tables" / year / "cells.csv"):
            states[row["table_id"]].add(row["status"])
        return states

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the centre's database."""
        with duckdb.connect(str(self.processed / "cases.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()


def _vocabularies() -> list[Path]:
    return sorted((REPOSITORY / "config" / "vocabularies").glob("*.csv"))


def ingest(home: Path, centre: str, raw: Path, *years: str) -> ForeignCentre:
    """Ingest an export in a new folder, and count the years."""
    done = run_bilan("ingest", "--home", str(home), "--centre", centre, str(raw))
    assert done.returncode == 0, done.stderr
    for year in years:
        counted = run_bilan("tabulate", "--home", str(home), "--centre", centre, "--year", year)
        assert counted.returncode == 0, counted.stderr
    return ForeignCentre(home, centre, done.stdout + done.stderr)


def unmapped_cells(centre: ForeignCentre) -> int:
    """How many cells hold a word that no mapping knows."""
    return sum(column["unmapped"] for column in centre.manifest["columns"])


def accounted(centre: ForeignCentre) -> bool:
    """Whether each file's records are those loaded and those left out for a reason."""
    return all(
        file["records"] == file["loaded"] + sum(part["count"] for part in file["set_aside"])
        for file in centre.manifest["files"]
    )
