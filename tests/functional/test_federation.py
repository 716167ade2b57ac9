"""`bilan protect-table` for a federation: no shown cell tells about one of the centres that gave the counts."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelines.cli import main

#: Made up: what each centre counted, by age and link. Centre a gave nearly all of one cell.
CENTRES = {
    "a": {("young", "close"): 9, ("young", "known"): 28, ("old", "close"): 8, ("old", "known"): 9},
    "b": {("young", "close"): 8, ("young", "known"): 1, ("old", "close"): 9, ("old", "known"): 8},
    "c": {("young", "close"): 7, ("young", "known"): 1, ("old", "close"): 7, ("old", "known"): 9},
    "d": {("young", "close"): 9, ("old", "close"): 8, ("old", "known"): 7},
}
DOMINATED = ("young", "known")
SPEC = {"freq": "count", "tables": [["age", "link"]], "k": 5}
Cells = dict[tuple[str, ...], dict[str, str]]


def protect(folder: Path, centres: Mapping[str, Mapping[tuple[str, str], int]] = CENTRES, **more: object) -> int:
    lines = [f"{centre},{age},{link},{n}" for centre, of in centres.items() for (age, link), n in of.items()]
    (folder / "cells.csv").write_text("\n".join(["centre,age,link,count", *lines]) + "\n", encoding="utf-8")
    (folder / "spec.json").write_text(json.dumps(SPEC | more), encoding="utf-8")
    return main(
        ["protect-table", str(folder / "cells.csv"), "--spec", str(folder / "spec.json"), "--out", str(folder / "out")],
        {},
    )


def cells(folder: Path, *columns: str) -> Cells:
    with (folder / "out" / "cells.csv").open(encoding="utf-8", newline="") as text:
        return {tuple(line[column] for column in columns): line for line in csv.DictReader(text)}


def intervals(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[tuple[tuple[str, str], ...], tuple[int, int]]:
    capsys.readouterr()
    assert main(["attack", str(folder / "out"), "--json"], {}) == 0
    found = json.loads(capsys.readouterr().out)["cells"]
    return {tuple((name, code) for name, code in one["where"]): (one["low"], one["high"]) for one in found}


def test_a_large_cell_that_one_centre_dominates_is_hidden_and_stays_wide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert protect(tmp_path, contributor="centre") == 0

    assert cells(tmp_path, "age", "link")[DOMINATED]["status"] == "hidden"
    low, high = intervals(tmp_path, capsys)[("age", "young"), ("link", "known")]
    assert low <= 30 - 4
    assert high is None or high >= 30 + 4


def test_a_neighbour_that_is_too_small_to_keep_it_wide_is_not_the_only_one_hidden(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Beside the hidden 4 alone, the 30 of which a gave 27 would surely be 33 at most.
    held = {"young": (27, 1, 1, 1), "adult": (1, 1, 1, 1), "old": (10, 10, 10, 10), "oldest": (12, 12, 12, 12)}
    centres = {centre: {(age, "close"): of[place] for age, of in held.items()} for place, centre in enumerate("abcd")}

    assert protect(tmp_path, centres, contributor="centre", tables=[["age"]]) == 0

    low, high = intervals(tmp_path, capsys)[(("age", "young"),)]
    assert (low <= 26, high >= 34) == (True, True)


def test_the_same_cell_is_shown_where_no_contributor_is_named(tmp_path: Path) -> None:
    assert protect(tmp_path) == 0

    assert cells(tmp_path, "age", "link")[DOMINATED]["value"] == "30"


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ({"max_share": 0.95}, "shown"),
        ({"max_share": 0.95, "min_contributors": 4}, "hidden"),
        ({"min_contributors": 1, "max_share": 1}, "shown"),
    ],
)
def test_the_share_and_the_number_of_centres_are_those_of_the_description(
    tmp_path: Path, rule: dict[str, float], status: str
) -> None:
    assert protect(tmp_path, contributor="centre", **rule) == 0

    assert cells(tmp_path, "age", "link")[DOMINATED]["status"] == status


def test_cells_told_centre_by_centre_follow_the_rule_of_k_alone(tmp_path: Path) -> None:
    assert protect(tmp_path, contributor="centre", tables=[["centre"]]) == 0

    assert {line["status"] for line in cells(tmp_path, "centre").values()} == {"shown"}


def test_the_record_tells_the_rule(tmp_path: Path) -> None:
    protect(tmp_path, contributor="centre")

    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    assert record["contributors"] == {"column": "centre", "min_contributors": 3, "max_share": 0.8}
    assert record["primary"] == 1


def test_the_description_that_is_written_can_be_used_again(tmp_path: Path) -> None:
    protect(tmp_path)

    again = json.loads((tmp_path / "out" / "SPEC.json").read_text(encoding="utf-8"))
    assert protect(tmp_path, **again) == 0


def test_a_subtraction_does_not_tell_about_a_region_of_one_centre(tmp_path: Path) -> None:
    # Two tables of the same ages, all the federation and one region of it: the rest is centre a.
    lines = [
        f"{centre},{'rest' if centre == 'a' else 'south'},{age},{n + 20}"
        for centre, of in CENTRES.items()
        for (age, _), n in of.items()
    ]
    merged: dict[str, int] = {}
    for line in lines:
        key, n = line.rsplit(",", 1)
        merged[key] = merged.get(key, 0) + int(n)
    text = ["centre,region,age,count", *(f"{key},{n}" for key, n in merged.items())]
    (tmp_path / "cells.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    spec = SPEC | {"contributor": "centre", "tables": [["age"], {"by": ["age"], "where": {"region": "south"}}]}
    (tmp_path / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    files = [str(tmp_path / "cells.csv"), "--spec", str(tmp_path / "spec.json"), "--out", str(tmp_path / "out")]

    assert main(["protect-table", *files], {}) == 0

    told = cells(tmp_path, "table", "age")
    for age in ("young", "old", "_total"):
        assert "hidden" in (told["0", age]["status"], told["1", age]["status"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"contributor": "nowhere"}, "nowhere"),
        ({"max_share": 0.5}, "contributor"),
        ({"contributor": "centre", "max_share": 1.5}, "max_share"),
        ({"contributor": "centre", "min_contributors": 0}, "min_contributors"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, object], told: str
) -> None:
    assert protect(tmp_path, **change) == 3

    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
