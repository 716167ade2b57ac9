"""A real export in two formats, with a code list that contradicts it: SINAN, Minas Gerais.

The answers in expected/ were computed without this project. 2011 is there as CSV and as a workbook.
"""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.foreign_centre import (
    BANDS,
    ForeignCentre,
    accounted,
    codes_of,
    ingest,
    read_csv,
    run_bilan,
    through,
    unmapped_cells,
)

YEARS = ("2011", "2013")
EACH_YEAR = pytest.mark.parametrize("year", YEARS)
MISSING = {"": "non_disponible", "ignorado": "ne_sait_pas"}
STEM = "dados_violencia_mulheres_ses_"


@pytest.fixture(scope="module")
def export(shared_data: Path) -> Path:
    folder = shared_data / "sinan_mg"
    if not folder.is_dir():
        pytest.skip("the export of SINAN (../shared/data/sinan_mg) is not on this machine")
    return folder


@pytest.fixture(scope="module")
def sinan(export: Path, tmp_path_factory: pytest.TempPathFactory) -> ForeignCentre:
    return ingest(tmp_path_factory.mktemp("sinan"), "sinan_mg", export, *YEARS)


def answers(export: Path, name: str, year: str) -> list[dict[str, str]]:
    return [row for row in read_csv(export / "expected" / f"{name}.csv") if row["file_year"] == year]


@EACH_YEAR
def test_ages_with_a_decimal_comma_equal_the_answer(sinan: ForeignCentre, export: Path, year: str) -> None:
    expected = {
        BANDS[row["age_band"]]: int(row["sexual_violence_rows"]) for row in answers(export, "by_age_band", year)
    }

    assert sinan.by_code("age_at_aggression", year) == expected


@EACH_YEAR
@pytest.mark.parametrize(
    ("table", "answer", "word"),
    [
        ("location", "by_local_ocor_raw", "raw_value"),
        ("aggressor_count", "by_num_envolv_raw", "raw_value"),
        ("residence", "by_residence_raw", "residence"),
    ],
)
def test_a_coded_field_equals_the_answer_through_its_mapping(
    sinan: ForeignCentre, export: Path, year: str, table: str, answer: str, word: str
) -> None:
    code_of = MISSING | codes_of("sinan_mg", table)
    said = [(row[word], row["sexual_violence_rows"]) for row in answers(export, answer, year)]

    assert sinan.by_code(table, year) == through(code_of, said)


@EACH_YEAR
def test_the_number_of_aggressors_says_what_the_words_say(sinan: ForeignCentre, export: Path, year: str) -> None:
    # Written out here by hand, so that a wrong line of the mapping cannot prove itself right.
    said = {row["raw_value"]: int(row["sexual_violence_rows"]) for row in answers(export, "by_num_envolv_raw", year)}

    assert sinan.by_code("aggressor_count", year) == {
        "un_agresseur": said["Um"],
        "plusieurs_agresseurs": said["Dois ou mais"],
        "ne_sait_pas": said["Ignorado"],
        "non_disponible": said[""],
    }


@EACH_YEAR
def test_rows_without_declared_sexual_violence_are_counted_with_their_reason(
    sinan: ForeignCentre, export: Path, year: str
) -> None:
    (expected,) = answers(export, "row_counts", year)

    file = sinan.file(f"{STEM}{year}.csv")
    assert file["records"] == int(expected["n_rows"])
    assert file["loaded"] == int(expected["sexual_violence_rows"])
    assert accounted(sinan)


def test_the_workbook_of_the_same_records_is_not_counted_a_second_time(sinan: ForeignCentre, export: Path) -> None:
    twin = sinan.file(f"{STEM}2011.xlsx")

    assert (twin["loaded"], twin["records"]) == (0, int(answers(export, "row_counts", "2011")[0]["n_rows"]))
    assert twin["set_aside"][0]["fr"] == f"Déjà chargé : mêmes enregistrements que {STEM}2011.csv"


def test_the_workbook_alone_gives_the_same_records_as_the_text_file(
    sinan: ForeignCentre, export: Path, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copy(export / f"{STEM}2011.xlsx", raw)

    alone = ingest(tmp_path / "home", "sinan_mg", raw)

    core = (
        "select source_row, core_request.request_date, core_request.age_at_request,"
        " location_code, aggressor_count_code, residence_code"
        " from core_request join core_aggression using (request_id, source_row)"
        " join core_residence using (request_id, source_row)"
        " where year(core_request.request_date) = 2011 order by source_row"
    )
    assert alone.query(core) == sinan.query(core)


def test_twins_that_differ_are_refused_with_the_row_and_without_a_value(export: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copy(export / f"{STEM}2011.xlsx", raw)
    lines = (export / f"{STEM}2011.csv").read_text(encoding="utf-8-sig").splitlines()
    lines[7] = lines[7].replace(";Feminino;", ";Zqxfeminino;", 1)
    (raw / f"{STEM}2011.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    done = run_bilan("ingest", "--home", str(tmp_path / "home"), "--centre", "sinan_mg", str(raw))

    assert done.returncode == 3
    assert "8" in done.stderr and "Zqx" not in done.stderr


def test_the_code_list_of_the_source_would_leave_every_answer_to_be_classified(
    export: Path, repository: Path, tmp_path: Path
) -> None:
    # The source declares Sim/Não for this field, the data say something else: nothing goes under "other".
    shutil.copytree(repository / "config", tmp_path / "config")
    mapping = tmp_path / "config" / "mappings" / "sinan_mg" / "aggressor_count.csv"
    mapping.write_text("source_value,code\nSim,plusieurs_agresseurs\nNão,un_agresseur\n", encoding="utf-8")

    declared = ingest(tmp_path, "sinan_mg", export, "2011")

    said = Counter[str]()
    for year in YEARS:
        for row in answers(export, "by_num_envolv_raw", year):
            said[row["raw_value"]] += int(row["sexual_violence_rows"])
    listed = read_csv(next((declared.processed / "loads").glob("*/to_classify.csv")))
    assert {row["source_value"]: int(row["count"]) for row in listed} == {
        word: said[word] for word in ("Um", "Dois ou mais")
    }
    assert "un_agresseur" not in declared.by_code("aggressor_count", "2011")
    gate = run_bilan("validate", "--home", str(tmp_path), "--centre", "sinan_mg")
    assert gate.returncode == 4


def test_no_word_of_the_export_is_left_without_a_code(sinan: ForeignCentre) -> None:
    assert unmapped_cells(sinan) == 0


@pytest.mark.parametrize("table", ["relationship", "referral_source", "aggression_form", "disposition_after_request"])
def test_what_is_not_notified_is_said_to_be_not_collected(sinan: ForeignCentre, table: str) -> None:
    assert sinan.tables("2013")[table] == {"not_collected"}
