"""A real export without any number: Argentina's line 144, against answers computed without this project."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.foreign_centre import BANDS, ForeignCentre, accounted, codes_of, ingest, read_csv, through, unmapped_cells

YEARS = ("2020", "2022")
EACH_YEAR = pytest.mark.parametrize("year", YEARS)


@pytest.fixture(scope="module")
def export(shared_data: Path) -> Path:
    folder = shared_data / "linea144"
    if not folder.is_dir():
        pytest.skip("the export of line 144 (../shared/data/linea144) is not on this machine")
    return folder


@pytest.fixture(scope="module")
def linea144(export: Path, tmp_path_factory: pytest.TempPathFactory) -> ForeignCentre:
    return ingest(tmp_path_factory.mktemp("linea144"), "linea144", export, *YEARS)


def answers(export: Path, name: str, year: str) -> list[dict[str, str]]:
    return [row for row in read_csv(export / "expected" / f"{name}.csv") if row.get("file_year", year) == year]


@EACH_YEAR
@pytest.mark.parametrize("table", ["age_at_aggression", "age_at_request"])
def test_ages_equal_the_answer(linea144: ForeignCentre, export: Path, year: str, table: str) -> None:
    expected = {
        BANDS[row["age_band"]]: int(row["sexual_violence_rows"]) for row in answers(export, "by_age_band", year)
    }

    assert linea144.by_code(table, year) == expected


@EACH_YEAR
@pytest.mark.parametrize(
    ("table", "answer"), [("relationship", "by_relationship_raw"), ("residence", "by_residence_raw")]
)
def test_a_coded_field_equals_the_answer_through_its_mapping(
    linea144: ForeignCentre, export: Path, year: str, table: str, answer: str
) -> None:
    code_of = {"": "non_disponible"} | codes_of("linea144", table)
    said = [(row["raw_value"], row["sexual_violence_rows"]) for row in answers(export, answer, year)]

    assert linea144.by_code(table, year) == through(code_of, said)


@EACH_YEAR
def test_relationships_say_what_the_words_say(linea144: ForeignCentre, export: Path, year: str) -> None:
    # Written out here by hand, so that a wrong line of the mapping cannot prove itself right.
    said = {row["raw_value"]: int(row["sexual_violence_rows"]) for row in answers(export, "by_relationship_raw", year)}

    assert linea144.by_code("relationship", year) == {
        "conjoint": said["Pareja"],
        "ex_conjoint": said["Ex pareja"],
        "parent_non_precise": said["Padre o tutor"] + said["Madre o tutor"],
        "autre_parente": said["Otro familiar"],
        "patron": said["Superior jerarquico"],
        "entourage_non_precise": said["Otro"],
        "non_disponible": said[""],
    }


@EACH_YEAR
def test_rows_that_are_not_of_sexual_violence_are_counted_with_their_reason(
    linea144: ForeignCentre, export: Path, year: str
) -> None:
    (expected,) = answers(export, "row_counts", year)

    file = linea144.file(f"linea144-{year}.csv")
    assert file["records"] == int(expected["n_rows"])
    assert file["loaded"] == int(expected["sexual_violence_rows"])
    assert [part["fr"] for part in file["set_aside"]] == ["violence qui n'est pas sexuelle"]
    assert accounted(linea144)


@EACH_YEAR
def test_identical_rows_are_counted_and_none_is_taken_away(linea144: ForeignCentre, export: Path, year: str) -> None:
    (expected,) = answers(export, "exact_duplicates", year)

    assert linea144.file(f"linea144-{year}.csv")["identical"] == int(expected["exact_duplicate_rows_beyond_first"])
    assert sum(linea144.manifest["repeated"].values()) == 0


def test_no_word_of_the_export_is_left_without_a_code(linea144: ForeignCentre) -> None:
    assert unmapped_cells(linea144) == 0


def test_each_row_of_core_names_its_load_and_its_row_in_the_file(linea144: ForeignCentre, export: Path) -> None:
    ranks = {file["rank"]: file["name"] for file in linea144.manifest["files"]}
    rows = linea144.query("select load_id, source_file, source_row, request_date from core_request")
    lines = {name: (export / name).read_text(encoding="utf-8-sig").splitlines() for name in ranks.values()}

    assert {load for load, *_ in rows} == {linea144.manifest["load_id"]}
    assert all(lines[ranks[file]][row - 1].startswith(day.isoformat()) for _, file, row, day in rows)


def test_with_every_kind_of_violence_all_rows_and_months_equal_the_answer(
    export: Path, repository: Path, tmp_path: Path
) -> None:
    shutil.copytree(repository / "config", tmp_path / "config")
    settings = tmp_path / "config" / "centres" / "linea144.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('values = ["Si"]', 'values = ["Si", "No"]'), encoding="utf-8")

    everyone = ingest(tmp_path, "linea144", export)

    months = everyone.query("select strftime(request_date, '%Y-%m'), count(*) from core_request group by 1")
    assert dict(months) == {row["month"]: int(row["n"]) for row in read_csv(export / "expected" / "by_month.csv")}
    bands = everyone.query("select age_at_request_code, count(*) from core_request group by 1")
    expected: Counter[str] = Counter()
    for row in read_csv(export / "expected" / "by_age_band.csv"):
        expected[BANDS[row["age_band"]]] += int(row["all_rows"])
    assert dict(bands) == expected
