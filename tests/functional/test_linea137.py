"""A real export that nobody here wrote: Argentina's line 137, against answers computed without this project.

The answers in expected/ are given by file; the file of 2017 holds the last weeks of 2016 too, so its
answers are the two calendar years together.
"""

import csv
import json
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

YEARS_OF_FILE = {"2017": ("2016", "2017"), "2019": ("2019",)}
BOTH_FILES = pytest.mark.parametrize("file_year", YEARS_OF_FILE)
#: How the answers write what is missing; "unknown" is an age, of which the line says only that it is not at hand.
UNKNOWN_AGE = "non_disponible"
BANDS = {
    "00-05": ("age_00_05", "groupe_00_11"),
    "06-11": ("age_06_11", "groupe_00_11"),
    "12-13": ("age_12_13", "groupe_12_17"),
    "14-17": ("age_14_17", "groupe_12_17"),
    "18-24": ("age_18_24", "groupe_18_24"),
    "25-34": ("age_25_34", "groupe_25_plus"),
    "35-44": ("age_35_44", "groupe_25_plus"),
    "45-54": ("age_45_54", "groupe_25_plus"),
    "55-64": ("age_55_64", "groupe_25_plus"),
    "65+": ("age_65_plus", "groupe_25_plus"),
    "unknown": (UNKNOWN_AGE, UNKNOWN_AGE),
}

Cells = dict[tuple[str, ...], int]


@dataclass(frozen=True)
class Tabulated:
    """What the command wrote for the two files: the cells of each calendar year, and quality.json."""

    cells: Mapping[str, Mapping[str, Cells]]
    quality: dict[str, Any]

    def counts(self, table: str, file_year: str) -> Counter[tuple[str, ...]]:
        """The cells of a file's years added up; empty cells and margins aside."""
        total: Counter[tuple[str, ...]] = Counter()
        for year in YEARS_OF_FILE[file_year]:
            total.update({codes: n for codes, n in self.cells[year][table].items() if n and "_total" not in codes})
        return total

    def by_code(self, table: str, file_year: str) -> dict[str, int]:
        return {codes[0]: n for codes, n in self.counts(table, file_year).items()}


def run_bilan(repository: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments], cwd=repository, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr


def read_cells(path: Path) -> dict[str, Cells]:
    tables: dict[str, Cells] = defaultdict(dict)
    for row in read_csv(path):
        if row["status"] == "shown":
            codes = tuple(row[f"code_{side}"] for side in (1, 2, 3) if row[f"dim_{side}"])
            tables[row["table_id"]][codes] = int(row["value"])
    return tables


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def linea137(shared_data: Path) -> Path:
    folder = shared_data / "linea137"
    if not folder.is_dir():
        pytest.skip("the export of line 137 (../shared/data/linea137) is not on this machine")
    return folder


@pytest.fixture(scope="module")
def tabulated(linea137: Path, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Tabulated:
    home = tmp_path_factory.mktemp("linea137")
    chosen = ("--home", str(home), "--centre", "linea137")
    run_bilan(repository, "ingest", *chosen, str(linea137))
    years = [year for years in YEARS_OF_FILE.values() for year in years]
    for year in years:
        run_bilan(repository, "tabulate", *chosen, "--year", year)
    run_bilan(repository, "validate", *chosen)
    tables = home / "data" / "processed" / "linea137" / "tables"
    quality = json.loads((home / "reports" / "linea137" / "quality.json").read_text(encoding="utf-8"))
    return Tabulated({year: read_cells(tables / year / "cells.csv") for year in years}, quality)


def plain(text: str) -> str:
    return text.strip().casefold()


@pytest.fixture(scope="module")
def missing(repository: Path) -> dict[str, str]:
    text = (repository / "config" / "centres" / "linea137.toml").read_text(encoding="utf-8")
    return {plain(marker): kind for marker, kind in tomllib.loads(text)["source"][0]["missing"].items()}


def read_mapping(repository: Path, name: str) -> dict[str, str]:
    rows = read_csv(repository / "config" / "mappings" / "linea137" / f"{name}.csv")
    return {plain(row["source_value"]): row["code"] for row in rows}


def answers(linea137: Path, name: str, file_year: str) -> Iterable[dict[str, str]]:
    return (row for row in read_csv(linea137 / "expected" / f"{name}.csv") if row["file_year"] == file_year)


def classes_of(repository: Path) -> dict[str, str]:
    rows = read_csv(repository / "config" / "vocabularies" / "relationship.csv")
    return {row["code"]: row["parent"] for row in rows if row["parent"]}


@BOTH_FILES
@pytest.mark.parametrize(
    ("table", "answer"),
    [
        ("relationship", "by_relationship_raw"),
        ("referral_source", "by_referral_source_raw"),
        ("residence", "by_province_raw"),
        ("disposition_after_request", "by_disposition_raw"),
    ],
)
def test_a_coded_field_equals_the_answer_through_its_mapping(
    tabulated: Tabulated,
    linea137: Path,
    repository: Path,
    missing: dict[str, str],
    table: str,
    answer: str,
    file_year: str,
) -> None:
    code_of = missing | read_mapping(repository, table)
    expected: Counter[str] = Counter()
    for row in answers(linea137, answer, file_year):
        expected[code_of[plain(row["raw_value"])]] += int(row["n"])

    counted = tabulated.by_code(table, file_year)
    assert {code: n for code, n in counted.items() if not code.startswith("classe_")} == expected


@BOTH_FILES
def test_relationship_classes_hold_the_words_that_belong_there(
    tabulated: Tabulated, linea137: Path, file_year: str
) -> None:
    # Written out here by hand, so that a wrong line of the mapping cannot prove itself right.
    words_of = {
        "classe_partenaire": {"pareja de la víctima", "pareja de la vícitma", "ex pareja de la víctima"},
        "classe_famille_proche": {"padre", "madre", "padrastro", "madrastra", "hermano", "hermana"},
        "classe_famille_elargie": {"abuelo", "abuela", "tío", "otro pariente"},
        "classe_entourage": {"conocido no familiar (amigo, vecino, entre otros)"},
        "classe_inconnu": {"desconocido"},
        "ne_sait_pas": {"ns/nc"},
    }
    said = {plain(row["raw_value"]): int(row["n"]) for row in answers(linea137, "by_relationship_raw", file_year)}

    counted = tabulated.by_code("relationship", file_year)
    assert {code: counted[code] for code in words_of} == {
        code: sum(said.get(word, 0) for word in words) for code, words in words_of.items()
    }


@BOTH_FILES
@pytest.mark.parametrize("table", ["age_at_aggression", "age_at_request"])
def test_age_bands_equal_the_answer(tabulated: Tabulated, linea137: Path, table: str, file_year: str) -> None:
    expected = {BANDS[row["age_band"]][0]: int(row["n"]) for row in answers(linea137, "by_age_band", file_year)}

    counted = tabulated.by_code(table, file_year)
    assert {code: n for code, n in counted.items() if not code.startswith("groupe_")} == expected


@BOTH_FILES
def test_age_by_relationship_equals_the_answer_class_by_class(
    tabulated: Tabulated, linea137: Path, repository: Path, file_year: str
) -> None:
    code_of = {"(missing)": "ne_sait_pas"} | read_mapping(repository, "relationship")
    class_of = classes_of(repository)
    expected: Counter[tuple[str, ...]] = Counter()
    for row in answers(linea137, "age_band_x_relationship", file_year):
        code = code_of[plain(row["relationship"])]
        expected[BANDS[row["age_band"]][1], class_of.get(code, code)] += int(row["n"])

    assert tabulated.counts("age_by_relationship", file_year) == expected


@BOTH_FILES
def test_a_form_with_a_single_flag_equals_the_answer(
    tabulated: Tabulated, linea137: Path, repository: Path, file_year: str
) -> None:
    code_of = read_mapping(repository, "aggression_form")
    flags_of = Counter(code_of.values())
    expected = {
        code_of[plain(row["form"])]: int(row["yes"])
        for row in answers(linea137, "by_form_of_violence", file_year)
        if flags_of[code_of.get(plain(row["form"]), "")] == 1 and int(row["yes"])
    }

    counted = tabulated.by_code("aggression_form", file_year)
    assert set(expected) == {"exhibitionnisme", "cyberviolence", "ne_sait_pas"}
    assert {code: counted[code] for code in expected} == expected


@BOTH_FILES
def test_a_form_with_several_flags_counts_each_victim_once(
    tabulated: Tabulated, linea137: Path, repository: Path, file_year: str
) -> None:
    code_of = read_mapping(repository, "aggression_form")
    content = (linea137 / f"llamados_atendidos_abuso_sexual_{file_year}.csv").read_bytes()
    text = content.decode("utf-8-sig" if file_year == "2017" else "cp1252")
    expected: Counter[str] = Counter()
    for row in csv.DictReader(text.splitlines()):
        said = {code_of[plain(name)] for name, value in row.items() if plain(name) in code_of and plain(value) == "si"}
        # A row without any yes has no form at hand.
        expected.update(said or {"non_disponible"})

    assert tabulated.by_code("aggression_form", file_year) == expected


@BOTH_FILES
def test_no_row_is_lost(tabulated: Tabulated, linea137: Path, file_year: str) -> None:
    (expected,) = answers(linea137, "row_counts", file_year)

    total = sum(tabulated.cells[year]["age_at_request"]["_total",] for year in YEARS_OF_FILE[file_year])
    assert total == int(expected["n_rows"])


def test_the_rows_of_2016_are_counted_in_2016(tabulated: Tabulated, linea137: Path) -> None:
    (expected,) = answers(linea137, "row_counts", "2017")

    assert tabulated.cells["2016"]["age_at_request"]["_total",] == int(expected["rows_dated_outside_file_year"])


@pytest.mark.parametrize("year", ["2016", "2017", "2019"])
@pytest.mark.parametrize("table", ["requester_type", "disposition_after_first_meeting", "delay"])
def test_what_the_line_does_not_record_is_not_counted(tabulated: Tabulated, table: str, year: str) -> None:
    assert table not in tabulated.cells[year]


def column_of(tabulated: Tabulated, entity: str, column: str) -> dict[str, Any]:
    (found,) = (
        entry
        for entry in tabulated.quality["intake"]["columns"]
        if (entry["entity"], entry["column"]) == (entity, column)
    )
    return dict(found)


@pytest.mark.parametrize(("entity", "column"), [("request", "age_at_request"), ("aggression", "age_at_aggression")])
def test_every_sentinel_age_is_counted_in_the_quality_record(
    tabulated: Tabulated, linea137: Path, entity: str, column: str
) -> None:
    anomalies = read_csv(linea137 / "expected" / "age_anomalies.csv")
    impossible = sum(int(row["ages_over_110"]) for row in anomalies)
    unreadable = sum(int(row["ages_not_integer"]) for row in anomalies)

    account = column_of(tabulated, entity, column)
    assert account["sentinels"] == impossible
    assert account["missing"] == {UNKNOWN_AGE: impossible + unreadable}


def test_every_missing_marker_is_counted_in_the_quality_record(
    tabulated: Tabulated, linea137: Path, missing: dict[str, str]
) -> None:
    expected: Counter[str] = Counter()
    for row in read_csv(linea137 / "expected" / "by_disposition_raw.csv"):
        if plain(row["raw_value"]) in missing:
            expected[missing[plain(row["raw_value"])]] += int(row["n"])

    assert column_of(tabulated, "disposition", "after_request_code")["missing"] == expected


def test_no_word_of_the_export_is_left_without_a_code(tabulated: Tabulated) -> None:
    unmapped = {entry["column"]: entry["unmapped"] for entry in tabulated.quality["intake"]["columns"]}

    assert set(unmapped.values()) == {0}


def test_a_public_report_says_nothing_but_its_shown_cells(linea137: Path, repository: Path, tmp_path: Path) -> None:
    """The page, the workbook, the annex and the sentences of a real export, as a stranger reads them."""
    chosen = ("--home", str(tmp_path), "--centre", "linea137")
    run_bilan(repository, "report", *chosen, "--raw", str(linea137), "--audience", "public")

    run_bilan(repository, "attack", str(tmp_path / "reports" / "linea137" / "2019" / "public"))
