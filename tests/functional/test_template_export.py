"""The empty workbook offers our columns and our words, and what it offers is read back without a word unknown."""

import datetime
import re
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines.codes import load_vocabularies
from pipelines.config import SourceSettings, Workspace
from pipelines.entities import ENTITIES, SENSITIVE
from pipelines.errors import UsageError
from pipelines.ingest.load_package import LoadPackage
from pipelines.ingest.read_export import read_file
from pipelines.ingest.screen_identifiers import screen_identifiers
from pipelines.ingest.template_export import CONFIGURATION, LISTS, write_template
from pipelines.ingest.template_words import COLUMN_TITLES, COLUMN_WORDS, SHEETS
from pipelines.job import open_job
from pipelines.language import Language
from pipelines.main import ingest
from pipelines.run_log import RunLog

CONFIG = Path(__file__).resolve().parents[2] / "config"
VOCABULARIES = load_vocabularies(CONFIG / "vocabularies", {})
#: What the model suggests: what people say they are is asked where a centre has said why.
OFFERED = [entity for entity in ENTITIES.values() if entity.name not in SENSITIVE]
RECORDS = {
    "request": [
        {
            "request_id": "12", "person_id": "A1", "request_date": datetime.date(2023, 5, 4), "age_at_request": 16,
            "requester_type_code": "Adolescente victime (12-17 ans)",
        },
        {
            "request_id": "13", "request_date": datetime.date(2024, 1, 9),
            "requester_type_code": "Femme victime (18 ans et plus)",
        },
    ],
    "aggression": [{"aggression_id": "12-1", "request_id": "12", "age_at_aggression": 15}],
    "aggression_form": [{"aggression_id": "12-1", "form_code": "Voyeurisme"}],
    "aggressor_link": [{"aggression_id": "12-1", "relationship_code": "Ne sait pas"}],
    "referral": [{"request_id": "12", "referral_source_code": "CAVAC", "is_main": "Oui"}],
    "residence": [{"request_id": "13", "residence_code": "Joliette"}],
}  # fmt: skip


def load(tmp_path: Path, records) -> LoadPackage:
    """Fill a workbook, put its configuration in place as it says, and read it as an export."""
    workspace = Workspace(tmp_path / "home")
    raw = workspace.raw("modele")
    workbook = write_template(VOCABULARIES, tmp_path / "made", records)
    (workspace.root / "config").mkdir(parents=True)
    for name in ("centres", "mappings"):
        (tmp_path / "made" / CONFIGURATION / name).rename(workspace.root / "config" / name)
    for name in ("vocabularies", "rules.toml", "wordings.toml"):
        (workspace.root / "config" / name).symlink_to(CONFIG / name)
    raw.mkdir(parents=True)
    workbook.rename(raw / workbook.name)
    silent = RunLog(Language("fr"), lambda line: None)
    return ingest(open_job(workspace.root, "modele", None, silent, datetime.date(2024, 4, 1)))


def rows(package: LoadPackage, entity: str) -> list[dict]:
    import polars as pl

    origin = {"load_id", "source_file", "source_row"}
    frame = pl.read_parquet(package.frame_file(entity))
    return [{name: value for name, value in row.items() if name not in origin and value} for row in frame.to_dicts()]


def test_a_filled_workbook_is_read_with_our_codes(tmp_path):
    package = load(tmp_path, RECORDS)

    assert rows(package, "request") == [
        {
            "request_id": "12",
            "person_id": "A1",
            "request_date": datetime.date(2023, 5, 4),
            "requester_type_code": "victime_ado",
            "age_at_request": 16,
        },
        {
            "request_id": "13",
            "request_date": datetime.date(2024, 1, 9),
            "requester_type_code": "victime_femme",
            "age_at_request_missing": "non_disponible",
        },
    ]
    assert rows(package, "aggressor_link") == [{"aggression_id": "12-1", "relationship_code": "ne_sait_pas"}]
    assert rows(package, "referral") == [{"request_id": "12", "referral_source_code": "cavac", "is_main": True}]
    assert rows(package, "residence") == [{"request_id": "13", "residence_code": "joliette"}]
    assert package.unmapped == 0


def test_every_word_of_every_list_is_read_back_as_its_code(tmp_path):
    relationships = VOCABULARIES["relationship"].leaves
    links = [{"aggression_id": "1", "relationship_code": code.label_fr} for code in relationships]
    package = load(tmp_path, {**RECORDS, "aggressor_link": links})

    assert [row["relationship_code"] for row in rows(package, "aggressor_link")] == [
        code.code for code in relationships
    ]


def test_each_kind_of_record_has_its_sheet_with_a_header_and_no_row(tmp_path):
    workbook = write_template(VOCABULARIES, tmp_path)

    for entity in OFFERED:
        table = read_file(workbook, SourceSettings(id="x", files="x", sheet=SHEETS[entity.name]))
        assert table.frame.columns == [COLUMN_TITLES[column.name] for column in entity.columns]
        assert table.records == 0


def test_the_header_is_not_taken_for_a_column_that_names_people(tmp_path):
    workbook = write_template(VOCABULARIES, tmp_path)
    tables = [read_file(workbook, SourceSettings(id="x", files="x", sheet=sheet)) for sheet in SHEETS.values()]

    assert [finding for table in tables for finding in screen_identifiers(table)] == []


def test_coded_columns_have_a_drop_down_list_of_the_french_labels(tmp_path):
    workbook = write_template(VOCABULARIES, tmp_path)
    sheets = CalamineWorkbook.from_path(workbook).sheet_names
    with zipfile.ZipFile(workbook) as parts:
        rules = parts.read(f"xl/worksheets/sheet{sheets.index('Liens') + 1}.xml").decode()
    (column, first, last) = re.search(rf"<formula1>{LISTS}!\$([A-Z])\$(\d+):\$[A-Z]\$(\d+)</formula1>", rules).groups()
    lists = CalamineWorkbook.from_path(workbook).get_sheet_by_name(LISTS).to_python()

    offered = [row[ord(column) - ord("A")] for row in lists[int(first) - 1 : int(last)]]
    labels = [code.label_fr for code in VOCABULARIES["relationship"].leaves]
    assert offered[: len(labels)] == labels
    assert "À classer" not in offered
    assert all(offered)


def test_every_column_has_a_title_and_a_meaning():
    names = {column.name for entity in OFFERED for column in entity.columns}

    assert names == COLUMN_TITLES.keys() == COLUMN_WORDS.keys()
    assert SHEETS.keys() == {entity.name for entity in OFFERED}


def test_a_workbook_that_someone_may_have_filled_is_not_written_over(tmp_path):
    write_template(VOCABULARIES, tmp_path)

    with pytest.raises(UsageError, match="perhaps filled"):
        write_template(VOCABULARIES, tmp_path)


def test_the_workbook_and_its_configuration_are_private(tmp_path):
    workbook = write_template(VOCABULARIES, tmp_path / "new")

    assert workbook.stat().st_mode & 0o777 == 0o600
    assert workbook.parent.stat().st_mode & 0o777 == 0o700
