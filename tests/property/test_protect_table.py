"""Random microdata, protected, then attacked by other code, and on tiny tables by trying every set of counts."""

import csv
import itertools
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.protect_table import protect_table
from pipelines.disclosure.reading.read_published import read_protected_folder
from pipelines.errors import DisclosureGateFailed

K = 5
ANY_FOLDER = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def people(seed: int, sizes: tuple[int, ...], number: int) -> Counter[tuple[str, ...]]:
    """Made-up persons with uneven codes: many tables of the field have a few large cells and many small ones."""
    chance = random.Random(seed)
    weights = [[chance.expovariate(1) ** 2 + 0.02 for _ in range(size)] for size in sizes]
    return Counter(
        tuple(f"c{chance.choices(range(size), weight)[0]}" for size, weight in zip(sizes, weights, strict=True))
        for _ in range(number)
    )


def write(
    folder: Path, persons: Counter[tuple[str, ...]], tables: list[list[str]], **more: object
) -> tuple[Path, Path]:
    names = [f"v{place}" for place in range(len(next(iter(persons))))]
    with (folder / "inner.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([*names, "count"])
        writer.writerows([*codes, count] for codes, count in sorted(persons.items()))
    asked = {"freq": "count", "tables": tables, "k": K, **more}
    (folder / "spec.json").write_text(json.dumps(asked), encoding="utf-8")
    return folder / "inner.csv", folder / "spec.json"


def true_count(persons: Counter[tuple[str, ...]], line: dict[str, str]) -> int:
    asked = [(int(name[1:]), code) for name, code in line.items() if name.startswith("v") and name != "value" and code]
    kept = [(place, code) for place, code in asked if code != "_total"]
    return sum(count for codes, count in persons.items() if all(codes[place] == code for place, code in kept))


def lines_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


SHAPES = {
    "one way": ((7,), [["v0"]]),
    "two way": ((5, 4), [["v0", "v1"]]),
    "three linked": ((4, 3, 3), [["v0", "v1"], ["v0", "v2"], ["v1", "v2"]]),
    "three way": ((3, 3, 2), [["v0", "v1", "v2"]]),
}


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=ANY_FOLDER)
@given(
    seed=st.integers(0, 10**6), number=st.sampled_from([15, 40, 120]), zeros=st.sampled_from(["published", "protect"])
)
def test_what_is_shown_is_true_and_what_is_hidden_stays_open(
    tmp_path_factory: pytest.TempPathFactory, shape: str, seed: int, number: int, zeros: str
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    sizes, tables = SHAPES[shape]
    persons = people(seed, sizes, number)

    try:
        protect_table(*write(folder, persons, tables, zeros=zeros), folder / "out")
    except DisclosureGateFailed:
        assert not (folder / "out").exists()
        return

    least = 1 if zeros == "published" else 0
    small = set()
    for line in lines_of(folder / "out"):
        count = true_count(persons, line)
        assert line["status"] == "hidden" or int(line["value"]) == count
        if least <= count < K:
            assert line["status"] == "hidden"
            where = sorted((n, c) for n, c in line.items() if n[0] == "v" and n != "value" and c not in ("", "_total"))
            small.add(("", tuple(where)))
    assert attack(read_protected_folder(folder / "out"), time_limit_s=120, exact_ends=False).unsafe_given(small) == ()


def every_table(lines: list[dict[str, str]], largest: int) -> list[dict[tuple[str, str], int]]:
    """Every 2 by 3 set of counts that gives these published lines: no solver, only trying."""
    cells = [(a, b) for a in ("c0", "c1") for b in ("c0", "c1", "c2")]
    found = []
    for values in itertools.product(range(largest + 1), repeat=len(cells)):
        counts = dict(zip(cells, values, strict=True))
        for line in lines:
            total = sum(
                count for (a, b), count in counts.items() if line["v0"] in ("_total", a) and line["v1"] in ("_total", b)
            )
            if line["status"] == "shown" and total != int(line["value"]) or line["status"] == "hidden" and total < 1:
                break
        else:
            found.append(counts)
    return found


def tiny_people(seed: int) -> Counter[tuple[str, ...]]:
    """A handful of persons in 2 by 3 cells, each row and column with somebody."""
    chance = random.Random(seed)
    while True:
        cells = itertools.product(("c0", "c1"), ("c0", "c1", "c2"))
        persons = +Counter({cell: chance.choice((0, 0, 1, 1, 2, 4)) for cell in cells})
        if {a for a, _ in persons} == {"c0", "c1"} and {b for _, b in persons} == {"c0", "c1", "c2"}:
            return persons


def counts_of(tables: list[dict[tuple[str, str], int]], line: dict[str, str]) -> set[int]:
    return {
        sum(n for (a, b), n in counts.items() if line["v0"] in ("_total", a) and line["v1"] in ("_total", b))
        for counts in tables
    }


@pytest.mark.parametrize("seed", range(10))
def test_on_tiny_tables_every_small_count_stays_possible(tmp_path: Path, seed: int) -> None:
    persons = tiny_people(seed)
    protect_table(*write(tmp_path, persons, [["v0", "v1"]], k=3), tmp_path / "out")

    lines = lines_of(tmp_path / "out")
    possible = every_table(lines, 5)
    zeros_alone = every_table([line if line["value"] == "0" else {**line, "status": "hidden"} for line in lines], 5)
    small = [line for line in lines if 0 < true_count(persons, line) < 3]
    assert small
    for line in small:
        assert line["status"] == "hidden"
        assert counts_of(possible, line) >= counts_of(zeros_alone, line) & {1, 2}


def test_the_same_input_gives_the_same_cells(tmp_path: Path) -> None:
    sizes, tables = SHAPES["three linked"]
    files = write(tmp_path, people(1, sizes, 120), tables)
    for name in ("first", "second"):
        protect_table(*files, tmp_path / name)

    assert (tmp_path / "first" / "cells.csv").read_bytes() == (tmp_path / "second" / "cells.csv").read_bytes()


def test_tables_protected_apart_are_found_out_together(tmp_path: Path) -> None:
    """The mutation that forgets a link between tables: the attack on both together must see it."""
    sizes, tables = SHAPES["three linked"]
    found = 0
    for seed in range(6):
        persons = people(seed, sizes, 60)
        folder = tmp_path / str(seed)
        folder.mkdir()
        together = protect_table(*write(folder, persons, tables), folder / "all")
        joined = []
        for number, table in enumerate(tables):
            protect_table(*write(folder, persons, [table]), folder / f"only{number}")
            joined += [{**line, "table": str(number)} for line in lines_of(folder / f"only{number}")]
        with (folder / "all" / "cells.csv").open("w", encoding="utf-8", newline="") as text:
            names = ["table", "v0", "v1", "v2", "value", "status"]
            writer = csv.DictWriter(text, names, restval="")
            writer.writeheader()
            writer.writerows(joined)
        small = {
            ("", finding.where) for finding in together.report.findings
            if 0 < sum(n for codes, n in persons.items() if all(codes[int(v[1:])] == c for v, c in finding.where)) < K
        }  # fmt: skip
        found += bool(attack(read_protected_folder(folder / "all"), time_limit_s=60).unsafe_given(small))

    assert found > 0
