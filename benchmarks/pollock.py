"""`bilan convert` on the messy files of the Pollock benchmark (VLDB 2023), no dialect given.

Ten scores a file, from 0 to 1: read at all, then precision, recall and F1 of the cells of the
header, of whole rows and of all cells, against the clean file; cells are only trimmed, where the
authors also bring numbers and dates to one form. The simple score is the sum of the ten means.

Usage: python benchmarks/pollock.py [FOLDER], by default ../shared/data/pollock
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.config import SourceSettings
from pipelines.errors import PipelineUserError
from pipelines.ingest.convert_export import convert_export

REPOSITORY = Path(__file__).resolve().parents[1]
#: What is promised of the polluted and of the real files.
PROMISED = {"polluted": 9.8, "survey_sample": 9.3}
_BEST_OF_OTHERS = {"polluted": ("pandas", 9.8262), "survey_sample": ("CleverCSV", 8.6034)}

Rows = list[list[str]]


@dataclass(frozen=True)
class Score:
    """One file: its ten scores, and the records that are neither in the table nor in the rejects."""

    file: str
    parts: tuple[float, ...]
    lost: int

    @property
    def simple(self) -> float:
        return sum(self.parts)


def score_folder(folder: Path, work: Path, names: Sequence[str] = ()) -> list[Score]:
    """Convert and score every file of `folder/csv`, or those that are named."""
    paths = sorted(path for path in (folder / "csv").iterdir() if not names or path.name in names)
    return [_score_file(path, folder / "clean" / path.name, work) for path in paths]


def _score_file(path: Path, clean: Path, work: Path) -> Score:
    out = work / "out.csv"
    try:
        made = convert_export(path, out, SourceSettings(id="pollock", files=path.name))
    except PipelineUserError:
        return Score(path.name, (0.0,) * 10, 0)
    got, wanted = _read(out), _read(clean)
    rejects = len(_read(work / "out.rejects.csv")) - 1
    account = made.account
    in_table = len(got) - (1 if made.has_header else 0)
    # Header lines are in the table's first line, and empty lines hold nothing.
    not_told = account.recognised["header"] + account.recognised["blank"]
    parts = [
        *_compare(wanted[0], got[0] if got else []),
        *_compare(["\x1f".join(row) for row in wanted[1:]], ["\x1f".join(row) for row in got[1:]]),
        *_compare([cell for row in wanted for cell in row], [cell for row in got for cell in row]),
    ]
    return Score(path.name, (1.0, *parts), account.records - in_table - rejects - not_told)


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as text:
        return [[cell.strip() for cell in row] for row in csv.reader(text)]


def _compare(wanted: Sequence[str], got: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of two bags."""
    here, there = Counter(got), Counter(wanted)
    common = (here & there).total()
    precision = common / here.total() if got else float(not wanted)
    recall = common / there.total() if wanted else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def mean(scores: Sequence[Score]) -> float:
    """The simple score: the sum of the ten means."""
    return sum(score.simple for score in scores) / len(scores)


def main(arguments: Sequence[str]) -> int:
    """Print the scores of both folders; 1 where a promise is broken."""
    folder = Path(arguments[0]) if arguments else REPOSITORY.parent / "shared" / "data" / "pollock"
    if not folder.is_dir():
        print(f"pollock.py: {folder.name} is not on this machine, nothing measured")
        return 0
    is_kept = True
    for name, promised in PROMISED.items():
        with tempfile.TemporaryDirectory() as work:
            scores = score_folder(folder / name, Path(work))
        lost = sum(score.lost for score in scores)
        loader, best = _BEST_OF_OTHERS[name]
        print(
            f"{name}: {len(scores)} files, mean simple score {mean(scores):.4f} (promised {promised}; "
            f"best published on these files: {loader} {best}), records lost: {lost}"
        )
        for score in sorted(scores, key=lambda score: score.simple)[:6]:
            print(f"  {score.simple:6.3f}  {score.file}  {json.dumps([round(part, 3) for part in score.parts])}")
        is_kept = is_kept and mean(scores) >= promised and not lost
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
