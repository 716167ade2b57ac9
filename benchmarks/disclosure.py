"""Protection of linked tables against hiding the small cells alone, on made-up persons.

Prints for each instance the cells, the small ones, how many of those stay open to an attacker when only
they are hidden (what printed reports do at best), what protection hides beside them, and how long the
protection and its attack take, alone and against `hide only the small cells`, which takes no time and
protects nobody. Usage: python benchmarks/disclosure.py
"""

import csv
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.protect_table import protect_table
from pipelines.disclosure.reading.read_published import read_protected_folder

K = 5
ROUNDS = 3
#: Age by link, referral and residence, as a centre crosses them, and three of those among themselves.
_SIX_TWO_WAYS = [["v0", "v1"], ["v0", "v2"], ["v0", "v3"], ["v1", "v3"], ["v1", "v4"], ["v2", "v5"]]
#: Codes of each column, persons, tables, seconds that it may take.
INSTANCES = {
    "8x10, 300 persons": ((8, 10), 300, [["v0", "v1"]], 2),
    "20x20, 1,000 persons": ((20, 20), 1000, [["v0", "v1"]], 6),
    "three linked two-ways 8x10x6, 300 persons": ((8, 10, 6), 300, [["v0", "v1"], ["v0", "v2"], ["v1", "v2"]], 15),
    "six one-ways and six two-ways of one centre": (
        (6, 7, 8, 9, 10, 12),
        300,
        [*([f"v{place}"] for place in range(6)), *_SIX_TWO_WAYS],
        60,
    ),
    "three two-ways by 26 centres, 6,000 persons": (
        (8, 10, 26),
        6000,
        [["v0", "v1"], ["v0", "v2"], ["v1", "v2"]],
        300,
    ),
}


def write_instance(
    folder: Path, sizes: tuple[int, ...], persons: int, tables: list[list[str]]
) -> Counter[tuple[str, ...]]:
    """Seeded persons with uneven codes, as the two files that `bilan protect-table` takes."""
    chance = random.Random(1)
    weights = [[chance.expovariate(1) + 0.05 for _ in range(size)] for size in sizes]
    held = Counter(
        tuple(f"c{chance.choices(range(size), weight)[0]:02d}" for size, weight in zip(sizes, weights, strict=True))
        for _ in range(persons)
    )
    with (folder / "inner.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([*(f"v{place}" for place in range(len(sizes))), "count"])
        writer.writerows([*codes, count] for codes, count in sorted(held.items()))
    (folder / "spec.json").write_text(json.dumps({"freq": "count", "tables": tables, "k": K, "time_limit_s": 600}))
    return held


def small_groups(held: Counter[tuple[str, ...]], folder: Path) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    """The groups of 1 to 4 persons among the cells of a folder, as the attack names them."""
    groups = {cell.where for cell in read_protected_folder(folder).cells}
    counts = {
        where: sum(n for codes, n in held.items() if all(codes[int(name[1:])] == code for name, code in where))
        for where in groups
    }
    return {("", where) for where, count in counts.items() if 0 < count < K}


def hide_only_small(
    source: Path, target: Path, small: set[tuple[str, tuple[tuple[str, str], ...]]], held: Counter[tuple[str, ...]]
) -> None:
    """The same cells with nothing hidden but the small ones."""
    target.mkdir()
    for name in ("record.json", "SPEC.json"):
        (target / name).write_bytes((source / name).read_bytes())
    with (source / "cells.csv").open(encoding="utf-8", newline="") as text:
        lines = list(csv.DictReader(text))
    with (target / "cells.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(lines[0]))
        writer.writeheader()
        for line in lines:
            codes = {name: code for name, code in line.items() if name.startswith("v") and name != "value"}
            where = tuple(sorted((name, code) for name, code in codes.items() if code not in ("", "_total")))
            count = sum(n for found, n in held.items() if all(found[int(name[1:])] == code for name, code in where))
            is_small = ("", where) in small
            writer.writerow(line | {"value": "" if is_small else count, "status": "hidden" if is_small else "shown"})


def main() -> None:
    """Run every instance and print its line."""
    print(f"disclosure.py: k = {K}, medians of {ROUNDS}")
    print(f"  {'instance':44}{'cells':>6}{'small':>6}{'open':>6}{'more':>6}{'seconds':>9}{'at most':>9}")
    for name, (sizes, persons, tables, at_most) in INSTANCES.items():
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            held = write_instance(folder, sizes, persons, tables)
            seconds = []
            for number in range(ROUNDS):
                begun = time.perf_counter()
                made = protect_table(folder / "inner.csv", folder / "spec.json", folder / f"out{number}")
                seconds.append(time.perf_counter() - begun)
            small = small_groups(held, folder / "out0")
            hide_only_small(folder / "out0", folder / "small", small, held)
            left_open = attack(read_protected_folder(folder / "small"), time_limit_s=600).unsafe_given(small)
            told = {finding.where for finding in left_open if finding.minus is None}
            print(
                f"  {name:44}{made.shown + made.small + made.further:6}{made.small:6}{len(told):6}{made.further:6}"
                f"{statistics.median(seconds):9.2f}{at_most:9}"
            )


if __name__ == "__main__":
    sys.exit(main())
