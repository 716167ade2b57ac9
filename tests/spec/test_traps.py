"""The traps of table protection, each with its own numbers: what a careless method publishes is found by the attack,
and what `bilan protect-table` or a release publishes in its place is not.

A drawing is a table as it would be printed: `x` is a hidden cell, the last row and column are the totals.
"""

import csv
import json
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

from pipelines.charts.bar_chart import bar_chart
from pipelines.cli import main
from pipelines.codes import TOTAL
from pipelines.language import Language
from tests.hidden_release import hide_codes
from tests.judge_releases import Register, faults_of
from tests.made_up_release import RELATIONSHIP, table
from tests.random_centre import Size, draw_centre, more_requests

K = 5
#: For each cell of the published tables, (table, codes), its lowest and highest possible value.
Intervals = Mapping[tuple[str, ...], tuple[int, int | None]]


def rows_of(drawing: str) -> list[list[str]]:
    return [line.split() for line in drawing.strip().splitlines()]


def published(folder: Path, drawing: str, zeros: str = "published") -> Path:
    """The folder that a careless method would have written: exactly what is drawn."""
    rows = rows_of(drawing)
    folder.mkdir()
    lines = ["table,row,column,value,status"]
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            names = code("r", down, len(rows)), code("c", across, len(row))
            shown = "," + ("hidden" if text == "x" else "shown")
            lines.append(f"0,{names[0]},{names[1]},{'' if text == 'x' else text}{shown}")
    spec = {"freq": "count", "tables": [["row", "column"]], "k": K, "zeros": zeros}
    (folder / "cells.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "SPEC.json").write_text(json.dumps(spec), encoding="utf-8")
    (folder / "record.json").write_text("{}", encoding="utf-8")
    return folder


def code(letter: str, place: int, size: int) -> str:
    return TOTAL if place == size - 1 else f"{letter}{place}"


def counts_of(drawing: str) -> dict[tuple[str, str], int]:
    """The inner cells of a table of true numbers."""
    rows = [row[:-1] for row in rows_of(drawing)[:-1]]
    return {(f"r{down}", f"c{across}"): int(text) for down, row in enumerate(rows) for across, text in enumerate(row)}


def protect(folder: Path, columns: str, counts: Mapping[tuple[str, ...], int], **spec: object) -> int:
    """Protect these counts through the command line; `folder/out` holds what was published."""
    folder.mkdir(exist_ok=True)
    with (folder / "counts.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([*columns.split(), "count"])
        writer.writerows([*codes, count] for codes, count in counts.items())
    (folder / "spec.json").write_text(json.dumps({"freq": "count", "k": K, **spec}), encoding="utf-8")
    files = [str(folder / "counts.csv"), "--spec", str(folder / "spec.json"), "--out", str(folder / "out")]
    return main(["protect-table", *files], {})


def cells_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "cells.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def attacked(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[tuple, dict]]:
    """The exit code of the attack, and what it finds of each hidden group by its codes."""
    capsys.readouterr()
    ended = main(["attack", str(folder), "--json"], {})
    cells = json.loads(capsys.readouterr().out.splitlines()[0])["cells"]
    return ended, {tuple(code for _, code in cell["where"]): cell for cell in cells if cell["minus"] is None}


#: What is drawn with its true numbers, what a careless method prints, and a cell that a reader then knows.
LINES = {
    "two singletons": ("6 1 1 8\n9 7 9 25\n15 8 10 33", "6 x x 8\n9 x x 25\n15 8 10 33", ("c1", "r0"), 1),
    "a known part and two of one": (
        "10 1 1 12\n8 6 7 21\n18 7 8 33",
        "10 x x 12\n8 x x 21\n18 7 8 33",
        ("c2", "r0"),
        1,
    ),
    "every line has two hidden cells, and one is known": (
        "3 2 2 9 16\n2 4 8 9 23\n9 7 1 3 20\n8 9 4 2 23\n22 22 15 23 82",
        "x x x 9 16\nx x 8 9 23\n9 7 x x 20\n8 9 x x 23\n22 22 15 23 82",
        ("c2", "r0"),
        2,
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_what_hides_only_the_small_numbers_is_found_out(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, careless, cell, value = LINES[name]

    ended, found = attacked(published(tmp_path / "careless", careless), capsys)

    assert ended == 5
    assert (found[cell]["low"], found[cell]["high"]) == (value, value)


@pytest.mark.parametrize("name", LINES)
def test_the_same_numbers_protected_keep_every_small_value(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    true, _, cell, _ = LINES[name]
    protect(tmp_path, "row column", counts_of(true), tables=[["row", "column"]])

    ended, found = attacked(tmp_path / "out", capsys)

    assert ended == 0
    assert found[cell]["low"] <= 1
    assert found[cell]["high"] is None or found[cell]["high"] >= K - 1


def test_a_hidden_part_of_nobody_contradicts_a_published_zero(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 = 0 + x + x: where zeros are published, what is hidden is somebody, and nobody can be there."""
    folder = published(tmp_path / "careless", "0 x x 0\n6 7 9 22\n6 7 9 22")

    assert main(["attack", str(folder)], {}) == 3
    assert "contredisent" in capsys.readouterr().err


def test_where_zeros_are_protected_a_zero_total_tells_every_part(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, found = attacked(published(tmp_path / "careless", "x x x 0\nx x x 22\n6 7 9 22", "protect"), capsys)

    assert ended == 5
    assert found["c1", "r0"]["high"] == 0


@pytest.mark.parametrize("zeros", ["published", "protect"])
def test_a_line_of_nobody_is_protected_as_the_rule_of_zeros_says(
    zeros: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = counts_of("0 0 0 0\n6 7 9 22\n8 5 12 25\n14 12 21 47")
    protect(tmp_path, "row column", counts, tables=[["row", "column"]], zeros=zeros)

    ended, found = attacked(tmp_path / "out", capsys)

    assert ended == 0
    line = {cell["column"]: cell["value"] for cell in cells_of(tmp_path) if cell["row"] == "r0"}
    assert set(line.values()) == ({"0"} if zeros == "published" else {""})
    assert all(cell["high"] is None or cell["high"] > 3 for cell in found.values())


def test_one_group_under_two_names_has_one_state(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A county of one town: to show the one is to show the other."""
    towns = {"t1": "north", "t2": "south", "t3": "south", "t4": "east", "t5": "east"}
    numbers = {"t1": 3, "t2": 14, "t3": 9, "t4": 21, "t5": 8}
    counts = {(town, towns[town]): number for town, number in numbers.items()}
    protect(tmp_path, "town county", counts, tables=[["town"], ["county"]], nested=[["town", "county"]])

    ended, _ = attacked(tmp_path / "out", capsys)

    assert ended == 0
    told = {cell["town"] or cell["county"]: cell["status"] for cell in cells_of(tmp_path)}
    assert told["t1"] == told["north"] == "hidden"


def test_everybody_less_women_does_not_tell_a_few_men(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ages = {"a1": (31, 2), "a2": (18, 9), "a3": (12, 11), "a4": (25, 16)}
    counts = {(age, sex): n for age, of in ages.items() for sex, n in zip("fm", of, strict=True)}
    women = {"by": ["age"], "where": {"sex": "f"}}
    protect(tmp_path, "age sex", counts, tables=[["age"], women])

    ended, _ = attacked(tmp_path / "out", capsys)

    assert ended == 0
    told = {(cell["table"], cell["age"]): cell["value"] for cell in cells_of(tmp_path)}
    assert "" in (told["0", "a1"], told["1", "a1"])


QUARTERS = {"q1": ("f0", "y1"), "q2": ("f1", "y1"), "q3": ("f1", "y1"), "q4": ("f1", "y1"), "q5": ("f1", "y2")}
#: Requests of each quarter by relation: in the first quarter, two of the last relation.
OF_QUARTER = {"q1": (9, 8, 2), "q2": (10, 6, 7), "q3": (12, 9, 8), "q4": (8, 8, 9), "q5": (11, 7, 6)}
PERIODS = {"nested": [["quarter", "fiscal"], ["quarter", "calendar"]]}
FISCAL = {"by": ["relation"], "where": {"fiscal": "f1"}}
CALENDAR = {"by": ["relation"], "where": {"calendar": "y1"}}
NEXT_QUARTER = {"by": ["relation"], "where": {"quarter": "q5"}}


def by_quarter() -> dict[tuple[str, ...], int]:
    numbers = product(QUARTERS, range(3))
    return {(*(quarter, *QUARTERS[quarter]), f"l{at}"): OF_QUARTER[quarter][at] for quarter, at in numbers}


def test_a_calendar_year_released_after_a_fiscal_one_does_not_tell_a_quarter(tmp_path: Path) -> None:
    """Calendar year + next quarter - fiscal year = first quarter: 26 + 6 - 30 = 2."""
    columns = "quarter fiscal calendar relation"
    protect(tmp_path / "first", columns, by_quarter(), tables=[FISCAL, NEXT_QUARTER], **PERIODS)
    shown = [
        {"table": int(cell["table"]), "cell": {"relation": cell["relation"], **where}}
        for cell in cells_of(tmp_path / "first")
        for where in [[{"fiscal": "f1"}, {"quarter": "q5"}][int(cell["table"])]]
    ]

    tables = [FISCAL, NEXT_QUARTER, CALENDAR]
    ended = protect(tmp_path / "second", columns, by_quarter(), tables=tables, shown_before=shown, **PERIODS)

    assert ended == 5
    assert not (tmp_path / "second" / "out").exists()


def test_a_calendar_year_beside_other_quarters_is_released(tmp_path: Path) -> None:
    """What is refused above is refused for its numbers, not for its form."""
    counts = {codes: number + 9 for codes, number in by_quarter().items()}
    tables = [FISCAL, NEXT_QUARTER, CALENDAR]

    assert protect(tmp_path, "quarter fiscal calendar relation", counts, tables=tables, **PERIODS) == 0


def test_a_region_of_two_centres_does_not_tell_one_to_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    regions = {"c1": "r1", "c2": "r1", "c3": "r2", "c4": "r2", "c5": "r2"}
    numbers = {"c1": (22, 3), "c2": (19, 30), "c3": (14, 7), "c4": (9, 11), "c5": (18, 26)}
    counts = {
        (centre, regions[centre], answer): n
        for centre, of in numbers.items()
        for answer, n in zip(("yes", "no"), of, strict=True)
    }
    tables = [["centre", "answer"], ["region", "answer"]]
    protect(tmp_path, "centre region answer", counts, tables=tables, nested=[["centre", "region"]])

    ended, found = attacked(tmp_path / "out", capsys)

    assert ended == 0
    assert found["no", "c1"]["low"] <= 1
    assert found["no", "c1"]["high"] >= K - 1


def test_what_a_year_is_revised_by_is_not_told(tmp_path: Path) -> None:
    """Two requests entered after the year was out: the funder's copy tells the year as it was."""
    centre = draw_centre(11, Size(persons=(90, 120), dimensions=(2, 3), years=(1, 1)))
    register = Register(centre, tmp_path)
    year = centre.requests[0].period
    first = register.publish(centre.requests, year, "public").release

    copy = register.publish((*centre.requests, *more_requests(centre, [year], 2)), year, "bailleur").release

    assert [table.cells for table in copy.tables] == [table.cells for table in first.tables]
    assert faults_of(centre, register.out) == []


def test_a_year_told_again_with_its_late_entries_contradicts_itself(tmp_path: Path) -> None:
    """As a tool without memory would: the attack on both copies finds that they are of two states."""
    centre = draw_centre(11, Size(persons=(90, 120), dimensions=(2, 3), years=(1, 1)))
    year = centre.requests[0].period
    late = (*centre.requests, *more_requests(centre, [year], 2))
    for requests, name in ((centre.requests, "first"), (late, "second")):
        Register(centre, tmp_path / name).publish(requests, year, "public")
    folders = [str(folder) for name in ("first", "second") for folder in (tmp_path / name).iterdir()]

    assert main(["attack", *folders], {}) == 3


KNOWN = {"classe_entourage": 48, "ami": 31, "voisin": 17, "classe_inconnu": 3, "inconnu": 3}
HIDDEN_STRANGERS = hide_codes(table("relationship", RELATIONSHIP, KNOWN), "inconnu", "classe_inconnu")


def test_a_percentage_of_a_known_base_is_not_written_of_a_hidden_number() -> None:
    """5.9% of 51 is 3."""
    chart = bar_chart(HIDDEN_STRANGERS, Language("fr"))

    hidden = next(row for row in chart.table.rows if row.label == "Inconnu")
    assert [cell.text for cell in hidden.cells] == ["s", ""]
    assert "5,9" not in json.dumps(chart.figure) + chart.alternative + chart.subtitle


def test_the_place_of_a_bar_does_not_tell_a_hidden_number() -> None:
    """Hidden answers come last, by name: 3 and 300 stand at the same place."""
    numbers = ({"ami": 31, "voisin": 17, "inconnu": few} for few in (3, 300))
    drawn = [table("relationship", RELATIONSHIP, of, total=900) for of in numbers]

    charts = [bar_chart(hide_codes(each, "inconnu", "classe_inconnu"), Language("fr")) for each in drawn]

    assert charts[0].figure == charts[1].figure
    assert charts[0].table == charts[1].table
