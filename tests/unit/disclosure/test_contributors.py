"""Who stands behind a cell of several centres: how few are too few, and how wide such a cell stays."""

import csv
import json
import time
from pathlib import Path

import pytest

from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.contributors import WideCell, too_narrow
from pipelines.disclosure.primary import too_few_contributors
from pipelines.disclosure.protect_table import TableProtection, protect_table
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet


@pytest.mark.parametrize(
    ("held", "is_told"),
    [
        ([10, 10, 10], False),
        ([10, 10, 0], True),
        ([80, 10, 10], False),
        ([81, 10, 9], True),
        ([0, 0, 0], False),
        ([100], True),
    ],
)
def test_three_centres_and_four_fifths_are_the_limits(held: list[int], is_told: bool) -> None:
    assert too_few_contributors(held, 3, 0.8) is is_told


def test_just_the_share_is_allowed_whatever_its_decimals() -> None:
    assert not too_few_contributors([29, 29, 29, 13], 3, 0.29)


def protect(folder: Path, counts: str, **more: object) -> TableProtection:
    (folder / "cells.csv").write_text(counts, encoding="utf-8")
    spec = {"freq": "count", "tables": [["age"]], "k": 5, "contributor": "centre", **more}
    (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    return protect_table(folder / "cells.csv", folder / "spec.json", folder / "out")


def statuses(folder: Path, column: str = "age") -> dict[str, str]:
    with (folder / "out" / "cells.csv").open(encoding="utf-8", newline="") as text:
        return {line[column]: line["status"] for line in csv.DictReader(text)}


def test_a_table_of_one_centre_alone_hides_everything(tmp_path: Path) -> None:
    protect(tmp_path, "centre,age,count\na,young,20\na,old,30\n")

    assert set(statuses(tmp_path).values()) == {"hidden"}


def test_zeros_that_leave_a_cell_no_room_below_are_no_reason_to_refuse(tmp_path: Path) -> None:
    # The total of six ages, one each at least, cannot be as low as 6 - 4.
    counts = "centre,age,count\n" + "".join(f"a,y{age},1\n" for age in range(6))

    assert protect(tmp_path, counts).further == 0
    assert set(statuses(tmp_path).values()) == {"hidden"}


def test_a_column_below_the_contributor_is_of_one_contributor(tmp_path: Path) -> None:
    counts = "centre,site,age,count\na,a1,young,20\na,a2,young,30\nb,b1,young,20\nc,c1,young,20\n"

    protect(tmp_path, counts, tables=[["site"]], nested=[["site", "centre"]])

    assert set(statuses(tmp_path, "site").values()) == {"shown"}


def test_the_rest_of_a_line_that_one_centre_gave_is_not_found_by_subtraction(tmp_path: Path) -> None:
    # Neither y1 nor y2 may be shown: both are of centre a. Their sum, total less y0, would tell about it too.
    counts = "centre,age,count\na,y0,20\nb,y0,21\nc,y0,22\nd,y0,23\na,y1,9\na,y2,9\n"

    protect(tmp_path, counts)

    told = statuses(tmp_path)
    assert "hidden" in (told["y0"], told["_total"])


def one_way(**values: int | None) -> PublishedSet:
    cells = [PublishedCell("0", (("age", code),), value) for code, value in values.items() if code != "total"]
    everybody = PublishedCell("0", (), values["total"])
    return PublishedSet({"age": tuple(code for code in values if code != "total")}, (everybody, *cells), True, 5)


@pytest.mark.parametrize(("high", "narrow"), [(33, 0), (34, 1)])
def test_the_gate_finds_a_cell_that_the_attack_narrows(high: int, narrow: int) -> None:
    # 30 and 4 are hidden: the first is 33 at most.
    report = attack(one_way(total=74, young=None, adult=None, old=40), time_limit_s=10)
    hiding_all = one_way(total=None, young=None, adult=None, old=None)

    cell = WideCell((("age", "young"),), 26, high)
    assert too_narrow([cell], report, hiding_all, time.monotonic() + 10) == narrow


def test_the_gate_asks_no_more_than_hiding_all_would_leave() -> None:
    report = attack(one_way(total=74, young=None, adult=None, old=40), time_limit_s=10)
    total_fixed = one_way(total=74, young=None, adult=None, old=40)

    assert too_narrow([WideCell((("age", "young"),), 26, 34)], report, total_fixed, time.monotonic() + 10) == 0
