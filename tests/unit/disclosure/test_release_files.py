"""What is written is read back the same, to the last byte, and holds no number that is not published."""

import csv
import dataclasses
import json
import stat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_files import CELLS_HEADER, read_release, write_release_tables
from pipelines.disclosure.release_table import Release, ReleaseCell, ReleaseTable
from pipelines.errors import UsageError
from pipelines.language import Language, Text
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.units import Unit
from tests.made_up_release import FOR_THE_PUBLIC, RELATIONSHIP, made_up_release, table

NAMES = st.text("abcdeé_-,\";' 0123", min_size=1, max_size=8)
TEXTS = st.builds(Text, NAMES, st.text(st.characters(categories=("L", "N", "P", "S")), max_size=12))
CODES = st.builds(TableCode, NAMES, TEXTS, NAMES, st.booleans())
DIMENSIONS = st.builds(
    TableDimension, NAMES, TEXTS, st.lists(CODES, max_size=3).map(tuple), st.booleans(), st.booleans()
)


@st.composite
def drawn_tables(draw):
    dimensions = draw(st.lists(DIMENSIONS, max_size=3, unique_by=lambda one: one.name))
    codes = st.lists(NAMES, min_size=len(dimensions), max_size=len(dimensions)).map(tuple)
    statuses = st.sampled_from([CellStatus.HIDDEN, CellStatus.STRUCTURAL_ZERO])
    shown = st.builds(ReleaseCell, codes, st.integers(0, 10**12), st.just(CellStatus.SHOWN))
    cells = st.lists(st.one_of(shown, st.builds(ReleaseCell, codes, st.none(), statuses)), max_size=6)
    wholes = ReleaseCell(("_total",) * len(dimensions), 0, CellStatus.SHOWN)
    missing = [ReleaseCell((code.code,), 1, CellStatus.SHOWN) for one in dimensions[:1] for code in one.missing]
    return ReleaseTable(
        draw(NAMES), draw(TEXTS), draw(st.sampled_from(Unit)), draw(TEXTS), draw(TEXTS), draw(NAMES), tuple(dimensions),
        (wholes, *(missing if len(dimensions) == 1 else ()), *draw(cells)), tuple(draw(st.lists(TEXTS, max_size=2))),
        leaves_out=tuple(draw(st.lists(NAMES, max_size=1))),
    )  # fmt: skip


RELEASES = st.builds(
    Release, NAMES, TEXTS, st.booleans(), NAMES, NAMES,
    st.lists(drawn_tables(), max_size=3, unique_by=lambda one: one.id).map(tuple),
    st.sampled_from([None, FOR_THE_PUBLIC["protection"]]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(release=RELEASES)
def test_any_release_is_read_back_the_same(tmp_path_factory, release):
    folder = tmp_path_factory.mktemp("release")

    write_release_tables(release, folder)

    assert read_release(folder) == release


def test_a_release_with_a_table_not_collected_is_read_back_the_same(tmp_path):
    release = made_up_release()

    write_release_tables(release, tmp_path)

    assert read_release(tmp_path) == release


def test_the_same_release_gives_the_same_bytes(tmp_path):
    for name in ("first", "second"):
        write_release_tables(made_up_release(), tmp_path / name)

    for file in ("cells.csv", "tables.json"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_cells_have_the_promised_header_and_line_ends(tmp_path):
    write_release_tables(made_up_release(), tmp_path)
    content = (tmp_path / "cells.csv").read_bytes()

    assert content.splitlines()[0] == b"table_id,measure,unit,dim_1,code_1,dim_2,code_2,dim_3,code_3,value,status"
    assert ",".join(CELLS_HEADER).encode() == content.splitlines()[0]
    assert b"\r" not in content


def test_a_cell_that_is_not_shown_has_no_value(tmp_path):
    counts = {"classe_partenaire": CellStatus.HIDDEN, "classe_famille": CellStatus.STRUCTURAL_ZERO, "classe_inconnu": 8}
    write_release_tables(made_up_release(tables=(table("liens", RELATIONSHIP, counts, total=20),)), tmp_path)

    with (tmp_path / "cells.csv").open(encoding="utf-8", newline="") as text:
        lines = {row["code_1"]: (row["value"], row["status"]) for row in csv.DictReader(text)}

    assert lines["classe_partenaire"] == ("", "hidden")
    assert lines["classe_famille"] == ("", "structural_zero")
    assert lines["classe_inconnu"] == ("8", "shown")
    assert lines["_total"] == ("20", "shown")


def test_a_table_not_collected_is_one_line(tmp_path):
    write_release_tables(made_up_release(), tmp_path)

    lines = [
        line for line in (tmp_path / "cells.csv").read_text(encoding="utf-8").splitlines() if line.startswith("delay,")
    ]

    assert lines == ["delay,count,aggression,delay,_total,,,,,,not_collected"]


def test_the_description_says_what_must_be_said(tmp_path):
    write_release_tables(made_up_release(), tmp_path)
    described = json.loads((tmp_path / "tables.json").read_text(encoding="utf-8"))

    assert described["audience"] == "internal"
    assert described["notices"][0]["en"] == "Made-up data"
    assert described["notices"][1]["fr"] == Language("fr").say("DO NOT DISTRIBUTE: unprotected numbers")
    assert next(one for one in described["tables"] if one["id"] == "relationship")["missing"] == 20


def test_real_data_are_not_said_to_be_made_up(tmp_path):
    write_release_tables(made_up_release(is_fictitious=False, **FOR_THE_PUBLIC), tmp_path)

    assert json.loads((tmp_path / "tables.json").read_text(encoding="utf-8"))["notices"] == []


def test_a_code_that_would_break_a_line_is_never_written(tmp_path):
    spoilt = dataclasses.replace(
        table("liens", RELATIONSHIP, {"classe_partenaire": 3}, total=3),
        cells=(
            ReleaseCell(("_total",), 3, CellStatus.SHOWN),
            ReleaseCell(("classe\r",), 3, CellStatus.SHOWN),
        ),
    )

    with pytest.raises(ValueError, match="not printable"):
        write_release_tables(made_up_release(tables=(spoilt,)), tmp_path)


def test_files_are_private(tmp_path):
    write_release_tables(made_up_release(), tmp_path / "release")

    assert stat.S_IMODE((tmp_path / "release").stat().st_mode) == 0o700
    for file in (tmp_path / "release").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_without_a_release_is_a_wrong_use(tmp_path):
    with pytest.raises(UsageError, match="no release"):
        read_release(tmp_path)


def test_no_folder_is_a_wrong_use():
    with pytest.raises(UsageError, match="No release folder"):
        read_release("")


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("cells.csv", "shown", "seen"),
        ("cells.csv", "value,status", "status,value"),
        ("tables.json", '"period"', '"year"'),
        ("tables.json", '"schema_version": 2', '"schema_version": 3'),
        ("tables.json", "{", ""),
    ],
)
def test_a_spoilt_release_is_refused(tmp_path, file, before, after):
    write_release_tables(made_up_release(), tmp_path)
    spoilt = (tmp_path / file).read_text(encoding="utf-8").replace(before, after, 1)
    (tmp_path / file).write_text(spoilt, encoding="utf-8")

    with pytest.raises(UsageError, match="cannot be read"):
        read_release(tmp_path)
