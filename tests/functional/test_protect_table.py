"""`bilan protect-table` and `bilan attack` from outside."""

import csv
import json
from pathlib import Path

import pytest

from pipelines.cli import main

#: Made up: age by relationship, 60 persons, small cells in every row.
COUNTS = """age,link,count
0-11,close,7
0-11,extended,3
0-11,known,1
12-17,close,6
12-17,extended,2
12-17,known,9
18+,close,2
18+,extended,12
18+,known,18
"""
SPEC = {"freq": "count", "tables": [["age", "link"]], "k": 5}


@pytest.fixture
def given(tmp_path: Path) -> Path:
    (tmp_path / "cells.csv").write_text(COUNTS, encoding="utf-8")
    (tmp_path / "spec.json").write_text(json.dumps(SPEC), encoding="utf-8")
    return tmp_path


def protect(folder: Path, *more: str) -> int:
    files = [str(folder / "cells.csv"), "--spec", str(folder / "spec.json"), "--out", str(folder / "out")]
    return main(["protect-table", *files, *more], {})


def test_protected_tables_are_written_and_withstand_the_attack(given: Path) -> None:
    assert protect(given) == 0
    assert main(["attack", str(given / "out")], {}) == 0
    with (given / "out" / "cells.csv").open(encoding="utf-8", newline="") as text:
        cells = {(line["age"], line["link"]): line for line in csv.DictReader(text)}
    assert cells["_total", "_total"]["value"] == "60"
    assert {cells[at]["status"] for at in [("0-11", "known"), ("0-11", "extended"), ("18+", "close")]} == {"hidden"}


def test_hiding_only_the_small_cells_does_not_withstand_it(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    protect(given)
    file = given / "out" / "cells.csv"
    true = {tuple(line.split(",")[:2]): int(line.split(",")[2]) for line in COUNTS.splitlines()[1:]}
    lines = ["table,age,link,value,status"]
    for age in ("_total", "0-11", "12-17", "18+"):
        for link in ("_total", "close", "extended", "known"):
            count = sum(n for (a, b), n in true.items() if age in ("_total", a) and link in ("_total", b))
            lines.append(f"0,{age},{link},,hidden" if count < 5 else f"0,{age},{link},{count},shown")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert main(["attack", str(given / "out")], {}) == 5
    assert "prouve" in capsys.readouterr().err


def test_the_attack_tells_every_interval_as_json(given: Path, capsys: pytest.CaptureFixture[str]) -> None:
    protect(given)
    capsys.readouterr()

    assert main(["attack", str(given / "out"), "--json"], {}) == 0
    cells = json.loads(capsys.readouterr().out)["cells"]
    assert cells
    assert all(cell["low"] <= 1 and (cell["high"] is None or cell["high"] >= 4) for cell in cells if cell["low"] < 5)


def test_a_shown_small_number_is_found(given: Path) -> None:
    protect(given)
    file = given / "out" / "cells.csv"
    content = file.read_text(encoding="utf-8")
    hidden = next(line for line in content.splitlines() if line.startswith("0,0-11,known"))
    file.write_text(content.replace(hidden, "0,0-11,known,1,shown"), encoding="utf-8")

    assert main(["attack", str(given / "out")], {}) in (3, 5)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"k": 1}, "k"),
        ({"level": "S9"}, "level"),
        ({"unknown": 1}, "unknown"),
        ({"tables": [["age", "nowhere"]]}, "nowhere"),
        ({"nested": [["age", "link"]]}, "age"),
        ({"suppressed_before": [{"table": 0, "cell": {"age": "99"}}]}, "0"),
    ],
)
def test_a_description_that_cannot_be_used_is_refused(
    given: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], told: str
) -> None:
    (given / "spec.json").write_text(json.dumps(SPEC | change), encoding="utf-8")

    assert protect(given) == 3
    assert told in capsys.readouterr().err
    assert not (given / "out").exists()


@pytest.mark.parametrize("line", ["0-11,close,7", "0-11,new,x", "0-11,new,-1", "0-11,_total,4"])
def test_counts_that_are_not_counts_are_refused_with_their_row(
    given: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    (given / "cells.csv").write_text(COUNTS + line + "\n", encoding="utf-8")

    assert protect(given) == 3
    assert "11" in capsys.readouterr().err


def test_what_was_hidden_before_stays_hidden_and_what_was_shown_stays_shown(given: Path) -> None:
    before = [{"table": 0, "cell": {"age": "18+", "link": "known"}}]
    shown = [{"table": 0, "cell": {"age": "18+", "link": "extended"}}]
    (given / "spec.json").write_text(json.dumps(SPEC | {"suppressed_before": before, "shown_before": shown}), "utf-8")

    assert protect(given) == 0
    with (given / "out" / "cells.csv").open(encoding="utf-8", newline="") as text:
        status = {(line["age"], line["link"]): line["status"] for line in csv.DictReader(text)}
    assert status["18+", "known"] == "hidden"
    assert status["18+", "extended"] == "shown"


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    assert main(["attack", str(tmp_path)], {}) == 3
