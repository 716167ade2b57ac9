"""Every cell becomes a standard code, a value, or a kind of missing answer, and is accounted for."""

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import ConfigurationError, InputRefused
from pipelines.ingest.load_package import LoadPackage
from pipelines.ingest.read_mappings import compare_form, compare_forms
from pipelines.language import Language
from tests.small_centre import SmallCentre

REQUESTS = """
    request_id | request_date | requester_type_code | age_at_request
    D1         | 2023-04-01   | Femme               | 30
    D2         | 2023-05-01   | ado                 | 999
    D3         | 2023-06-01   | licorne             | ?
    D4         | 2023-07-01   |                     |
"""


def centre_with_mapping(
    folder: Path, mapping: str = "source_value,code\nfemme,victime_femme\n ADO ,victime_ado\n"
) -> SmallCentre:
    centre = SmallCentre(folder, request=REQUESTS)
    text = centre.settings.read_text(encoding="utf-8")
    text = text.replace('from = "requester_type_code"', 'from = "requester_type_code", mapping = "type"')
    text = text.replace('from = "age_at_request"', 'from = "age_at_request", sentinels = { "999" = "non_disponible" }')
    centre.settings.write_text(text, encoding="utf-8")
    folder = centre.workspace.config / "mappings" / "petit"
    folder.mkdir(parents=True)
    (folder / "type.csv").write_text(mapping, encoding="utf-8")
    return centre


def read(load: LoadPackage, entity: str) -> pl.DataFrame:
    return pl.read_parquet(load.frame_file(entity))


def account(load: LoadPackage, column: str) -> dict[str, object]:
    return next(entry for entry in load.manifest["columns"] if entry["column"] == column)


def test_words_are_mapped_without_regard_to_case_and_blanks(tmp_path: Path) -> None:
    load = centre_with_mapping(tmp_path).load()

    codes = read(load, "request")["requester_type_code"].to_list()
    assert codes == ["victime_femme", "victime_ado", "a_classer", "non_disponible"]


def test_an_unknown_word_is_counted_and_listed_in_the_private_file_alone(tmp_path: Path) -> None:
    load = centre_with_mapping(tmp_path).load()

    assert account(load, "requester_type_code")["unmapped"] == 1
    assert "licorne" in (load.folder / "to_classify.csv").read_text(encoding="utf-8-sig")
    assert "licorne" not in (load.folder / "manifest.json").read_text(encoding="utf-8")


def test_sentinels_and_markers_become_kinds_of_missing_answer(tmp_path: Path) -> None:
    load = centre_with_mapping(tmp_path).load()

    frame = read(load, "request")
    assert frame["age_at_request"].to_list() == [30, None, None, None]
    assert frame["age_at_request_missing"].to_list() == [None, "non_disponible", "ne_sait_pas", "non_disponible"]
    assert account(load, "age_at_request")["sentinels"] == 1
    assert account(load, "age_at_request")["missing"] == {"ne_sait_pas": 1, "non_disponible": 2}


def test_every_row_knows_where_it_came_from(tmp_path: Path) -> None:
    load = centre_with_mapping(tmp_path).load()

    frame = read(load, "request")
    assert frame["source_row"].to_list() == [2, 3, 4, 5]
    assert set(frame["load_id"]) == {load.load_id}


def test_the_same_export_is_loaded_once(tmp_path: Path) -> None:
    centre = centre_with_mapping(tmp_path)
    first = centre.load()

    second = centre.load()

    assert first.is_new
    assert not second.is_new
    assert first.load_id == second.load_id


def test_another_mapping_is_another_load_and_the_first_one_stays(tmp_path: Path) -> None:
    centre = centre_with_mapping(tmp_path)
    first = centre.load()
    mapping = centre.workspace.config / "mappings" / "petit" / "type.csv"
    mapping.write_text(mapping.read_text(encoding="utf-8") + "licorne,autre\n", encoding="utf-8")

    second = centre.load()

    assert second.load_id != first.load_id
    assert first.folder.is_dir()


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("valeur,code\nfemme,victime_femme\n", "header"),
        ("source_value,code\nfemme,vampire\n", "line 2: the code is not in its code list"),
        ("source_value,code\nfemme,victime_femme\nFemme,victime_ado\n", "line 3: the value is mapped to two codes"),
    ],
)
def test_a_faulty_mapping_is_a_configuration_error(tmp_path: Path, mapping: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        centre_with_mapping(tmp_path, mapping).load()

    assert told in caught.value.one_line(Language("en"))


def test_a_missing_column_is_refused_and_the_present_ones_are_named(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)
    file = centre.raw / "request.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("request_date", "jour"), encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        centre.load()

    told = caught.value.one_line(Language("en"))
    assert "The column request_date is missing" in told
    assert "jour" in told
    assert not (centre.workspace.processed("petit") / "loads").exists() or not list(
        (centre.workspace.processed("petit") / "loads").iterdir()
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [("2023-05-01", "05/01/2023", "is not a date"), (";30", ";trente", "is not a whole number")],
)
def test_a_value_that_cannot_be_read_refuses_the_file_with_its_row(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    centre = centre_with_mapping(tmp_path)
    file = centre.raw / "request.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        centre.load()

    line = caught.value.one_line(Language("en"))
    assert told in line
    assert "row " in line
    assert "trente" not in line


@pytest.mark.parametrize(
    ("day_of", "told"),
    [
        (lambda year, month, day: f"{int(day) % 12 + 1:02d}/{month}/{year}", "one of %d/%m/%Y, %m/%d/%Y"),
        (lambda year, month, day: f"{int(day) % 12 + 13}/{month}/{year}", "Declare date_format = %d/%m/%Y in"),
    ],
    ids=("ambiguous", "one form"),
)
def test_dates_of_an_undeclared_form_are_refused_with_the_way_to_declare_it(
    tmp_path: Path, day_of: Callable[[str, str, str], str], told: str
) -> None:
    centre = centre_with_mapping(tmp_path)
    file = centre.raw / "request.csv"
    dates = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
    text = dates.sub(lambda found: day_of(*found.groups()), file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        centre.load()

    line = caught.value.one_line(Language("en"))
    assert told in line
    assert "[[source]] request" in line


FLAGS = """
    request_id | request_date | vs_viol | vs_grooming | vs_ns
    D1         | 2023-04-01   | SI      | SI          | NO
    D2         | 2023-05-01   | NO      | NO          | SI
    D3         | 2023-06-01   | NO      | PEUT-ETRE   | NO
    D4         | 2023-06-02   | NO      | NO          | NO
"""


def test_flag_columns_become_one_row_per_answer(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request="request_id | request_date\nD0 | 2023-04-01")
    centre.settings.write_text(
        """
id = "petit"
name = { fr = "Petit centre", en = "Small centre" }
[period]
kind = "fiscal"
[vocabularies]
residence = "residence_lanaudiere"
[[source]]
id = "cas"
files = "cas.csv"
delimiter = ";"
[[entity]]
name = "request"
source = "cas"
columns = { request_id = { row_key = true }, request_date = { from = "request_date" } }
[[entity]]
name = "aggression_form"
source = "cas"
[entity.columns]
aggression_id = { row_key = true }
form_code = { flags = true, yes = ["SI"], no = ["NO"], mapping = "formes" }
""",
        encoding="utf-8",
    )
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in FLAGS.strip().splitlines()]
    lines = [";".join(header), *(";".join(row) for row in rows)]
    (centre.raw / "cas.csv").write_text("\n".join(lines), encoding="utf-8")
    folder = centre.workspace.config / "mappings" / "petit"
    folder.mkdir(parents=True)
    (folder / "formes.csv").write_text(
        "source_value,code\nvs_viol,penetration\nvs_grooming,cyberviolence\nvs_ns,ne_sait_pas\n", encoding="utf-8"
    )

    load = centre.load()

    frame = read(load, "aggression_form")
    assert list(zip(frame["source_row"], frame["form_code"], strict=True)) == [
        (2, "penetration"),
        (2, "cyberviolence"),
        (3, "ne_sait_pas"),
        (4, "a_classer"),
    ]
    assert account(load, "form_code")["unmapped"] == 1


def test_a_cell_with_several_answers_becomes_one_row_per_answer(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request="request_id | request_date\nD1 | 2023-04-01",
        aggression_form="aggression_id | form_code\nA1 | penetration + cyberviolence + penetration\nA2 | ?",
    )
    text = centre.settings.read_text(encoding="utf-8")
    centre.settings.write_text(text.replace('from = "form_code"', 'from = "form_code", split = "+"'), encoding="utf-8")

    frame = read(centre.load(), "aggression_form")

    assert frame["form_code"].to_list() == ["penetration", "cyberviolence", "ne_sait_pas"]


def test_a_line_of_a_mapping_without_a_code_counts_its_word_apart(tmp_path: Path) -> None:
    mapping = "source_value,code,confidence,candidates,label\nfemme,victime_femme,1.00,,\nado,,0.60,victime_ado 0.60,\n"
    load = centre_with_mapping(tmp_path, mapping).load()

    assert read(load, "request")["requester_type_code"].to_list()[:3] == ["victime_femme", "a_classer", "a_classer"]
    assert account(load, "requester_type_code")["unmapped"] == 2


def test_a_yes_in_a_column_without_a_code_is_counted_apart_under_the_name_of_the_column(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, aggression_form="aggression_id | form_code\nA1 | oui\nA2 | non")
    text = centre.settings.read_text(encoding="utf-8")
    flags = 'form_code = { flags = true, yes = ["oui"], no = ["non"], mapping = "forms" }'
    text = text.replace('form_code = { from = "form_code" }', flags)
    centre.settings.write_text(text, encoding="utf-8")
    folder = centre.workspace.config / "mappings" / "petit"
    folder.mkdir(parents=True)
    (folder / "forms.csv").write_text("source_value,code\nform_code,\n", encoding="utf-8")
    load = centre.load()

    assert read(load, "aggression_form")["form_code"].to_list() == ["a_classer"]
    assert account(load, "form_code")["unmapped"] == 1
    assert "form_code,1" in (load.folder / "to_classify.csv").read_text(encoding="utf-8-sig")


def test_many_cells_are_compared_as_each_alone() -> None:
    cells = [
        "",
        " Oui ",
        "NON",
        "École",
        "E\u0301cole",
        "\u00a0x\u00a0",
        "Straße",
        "\ufeffa",
        "\tb",
        "x\x1f",
        "ẞ",
        "999",
    ]

    assert compare_forms(pl.Series(cells)).to_list() == [compare_form(cell) for cell in cells]
