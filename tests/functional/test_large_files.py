"""A file too large for memory gives the load that a small one gives, is refused for the same, and stays bounded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipelines.config import SourceSettings
from pipelines.errors import ConfigurationError, InputRefused
from pipelines.ingest import large_ends, large_lines, read_export, read_large, screen_parts
from pipelines.ingest.apply_corrections import HEADER as CORRECTIONS_HEADER
from pipelines.ingest.load_package import LoadPackage
from pipelines.ingest.read_export import read_file
from pipelines.ingest.screen_identifiers import screen_identifiers
from pipelines.ingest.screen_surroundings import Place
from pipelines.language import Language
from tests.small_centre import REPOSITORY, SmallCentre

#: `export` is large in these tests, `lieu` never is.
SETTINGS = """
id = "petit"
name = { fr = "Petit centre", en = "Small centre" }
is_fictitious = true

[period]
kind = "fiscal"
start_month = 4

[vocabularies]
residence = "residence_lanaudiere"

[[source]]
id = "export"
files = "export*.csv"
delimiter = ";"
date_format = "%d/%m/%Y"
max_rejected = 5
missing = { "?" = "ne_sait_pas", "Non Demandé" = "non_demande" }
drop = ["Nom"]
[[source.join]]
source = "lieu"
on = "Lieu"
columns = ["MRC"]
unmatched = "empty"
[[source.keep]]
column = "Type"
values = ["demande"]
reason = { fr = "pas une demande", en = "no request" }

[[source]]
id = "lieu"
files = "lieux.csv"
delimiter = ";"

[[entity]]
name = "request"
source = "export"
[entity.columns]
request_id = { from = "No" }
person_id = { from = "Personne" }
request_date = { from = "Date" }
requester_type_code = { combine = ["Qui", "Autre qui"], mapping = "qui" }
age_at_request = { from = "Âge", sentinels = { "999" = "non_disponible" } }

[[entity]]
name = "referral"
source = "export"
[entity.columns]
request_id = { from = "No" }
referral_source_code = { from = "Référence", mapping = "reference", split = "/" }
is_main = { from = "Principale", yes = ["oui"], no = ["non"] }

[[entity]]
name = "aggression"
source = "export"
[entity.columns]
aggression_id = { row_key = true }
request_id = { from = "No" }

[[entity]]
name = "aggression_form"
source = "export"
[entity.columns]
aggression_id = { row_key = true }
form_code = { flags = true, yes = ["x"], no = [""], mapping = "forme" }

[[entity]]
name = "residence"
source = "export"
[entity.columns]
request_id = { from = "No" }
residence_code = { from = "lieu.MRC", mapping = "mrc" }
"""
MAPPINGS = {
    "qui": {"Femme | ": "victime_femme", "ADO | fille": "victime_ado"},
    "reference": {"École": "ecole_cegep", "CLSC": "clsc_cisss", "Amie": "proche"},
    "forme": {"Forme A": "harcelement_sexuel", "Forme B": "a_classer"},
    "mrc": {"Joliette": "joliette", "Matawinie": "matawinie"},
}
HEADER = "No;Personne;Date;Nom;Qui;Autre qui;Âge;Référence;Principale;Forme A;Forme B;Lieu;Type;Remarque\n"
WHO = ("Femme;", "ado;fille", " FEMME ;", "licorne;", "?;", ";")
REFERENCES = ("École", "clsc / École", "Ecole", "?", "", "Amie/amie/inconnue")
FLAGS = ("x;", "x;x", ";", "?;x", "peut-être;")
NAME = "Zqxnom"


def rows_of_export(first: int, last: int) -> str:
    return "".join(
        f"D{n};P{n % 97};{n % 28 + 1:02}/0{n % 9 + 1}/2023;{NAME};{WHO[n % 6]};{(n % 80, 999, '?')[n % 3]};"
        f"{REFERENCES[n % 5 if n % 7 else 5]};{('oui', 'non', '')[n % 3]};{FLAGS[n % 5]};L{n % 4};"
        f"{'demande' if n % 11 else 'essai'};{'deux' if n % 3 else ''}\n"
        for n in range(first, last)
    )


EXPORT = (
    HEADER
    + rows_of_export(1, 300)
    + ";;;;;;;;;;;;;\n"
    + "D1000;une;ligne;courte\n\n"
    + 'D1001;P1;01/05/2023;;Femme;;30;CLSC;oui;x;;L1;demande;"deux ""mots""; et\nla suite"\n'
    + "D1001;P1;01/05/2023;;Femme;;30;CLSC;oui;x;;L1;demande;Non demandé\n"
    + rows_of_export(300, 600)
)


def centre_of(root: Path, **files: str) -> SmallCentre:
    centre = SmallCentre(root)
    centre.settings.write_text(SETTINGS, encoding="utf-8")
    folder = centre.workspace.config / "mappings" / "petit"
    folder.mkdir(parents=True)
    for name, words in MAPPINGS.items():
        lines = [f"{word},{code}\n" for word, code in words.items()]
        (folder / f"{name}.csv").write_text("source_value,code\n" + "".join(lines), encoding="utf-8")
    (centre.raw / "lieux.csv").write_text("Lieu;MRC\nL1;Joliette\nL2;Matawinie\nL3;Atlantide\n", encoding="utf-8")
    for name, text in (files or {"export": EXPORT}).items():
        (centre.raw / f"{name}.csv").write_text(text, encoding="utf-8")
    return centre


def lower_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a file of a few kilobytes is large, and has several parts and sets of cells."""
    monkeypatch.setattr(read_export, "MAX_FILE_BYTES", 10_000)
    monkeypatch.setattr(large_ends, "_HEAD_BYTES", 5_000)
    monkeypatch.setattr(large_ends, "_TAIL_BYTES", 1_000)
    monkeypatch.setattr(large_lines, "_CHUNK_BYTES", 1_000)
    monkeypatch.setattr(read_large, "PART_ROWS", 70)


def one_line(error: InputRefused | ConfigurationError) -> str:
    return error.one_line(Language("en"))


def content(load: LoadPackage) -> tuple[dict[str, pl.DataFrame], dict[str, object], bytes]:
    frames = {name: pl.read_parquet(load.folder / name) for name in load.manifest["frames"] if name.endswith("parquet")}
    told = {key: value for key, value in load.manifest.items() if key not in ("frames", "load_id")}
    frames = {name: frame.drop("load_id") for name, frame in frames.items()}
    return frames, told, load.to_classify.read_bytes() + (load.folder / "export_profile.json").read_bytes()


def both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> tuple[LoadPackage, LoadPackage]:
    small = centre_of(tmp_path / "small", **files).load()
    lower_limits(monkeypatch)
    large = centre_of(tmp_path / "large", **files).load()
    return small, large


def assert_same_load(small: LoadPackage, large: LoadPackage) -> None:
    frames, told, words = content(large)
    expected, expected_told, expected_words = content(small)
    assert told == expected_told
    assert words == expected_words
    for name, frame in expected.items():
        assert frame.equals(frames[name]), name


def test_a_large_file_gives_the_load_that_a_small_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = both_ways(tmp_path, monkeypatch)

    assert_same_load(small, large)
    (file, _) = large.manifest["files"]
    assert file["account"]["rejected"] == {"too_few_cells": 1}
    assert file["account"]["recognised"] == {"blank": 2, "header": 1}
    assert (file["identical"], large.unmapped > 0, len(large.set_aside)) == (0, True, 2)


def test_two_large_files_that_overlap_give_the_load_that_small_ones_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = HEADER + rows_of_export(550, 900)

    small, large = both_ways(tmp_path, monkeypatch, export=EXPORT, export_more=more)

    assert_same_load(small, large)
    assert large.manifest["repeated"]["request"] > 40


def test_the_same_number_with_two_contents_in_large_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (HEADER + rows_of_export(550, 900)).replace("D553;P68", "D553;P69")

    with pytest.raises(InputRefused, match="two different contents"):
        both_ways(tmp_path, monkeypatch, export=EXPORT, export_more=more)


def test_the_same_large_file_twice_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = both_ways(tmp_path, monkeypatch, export=EXPORT, export_copy=EXPORT)

    assert_same_load(small, large)
    assert [file["loaded"] > 0 for file in large.manifest["files"]] == [True, False, True]


def test_corrections_count_their_records_over_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lower_limits(monkeypatch)
    centre = centre_of(tmp_path)
    folder = centre.workspace.config / "corrections"
    folder.mkdir()
    line = "export,Personne,P5,{action},essai,accepted,{expect}\n"
    header = ",".join(CORRECTIONS_HEADER) + "\n"
    (folder / "petit.csv").write_text(header + line.format(action="set,P6", expect=7), encoding="utf-8")

    assert centre.load().manifest["files"][0]["corrected"] == 7
    (folder / "petit.csv").write_text(header + line.format(action="drop,", expect=6), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        centre.load()
    assert "7 records match, 6 expected" in one_line(caught.value)


def test_a_date_that_cannot_be_read_in_a_later_part_is_refused_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower_limits(monkeypatch)
    centre = centre_of(tmp_path, export=EXPORT.replace("D500;P15;25/06/2023", "D500;P15;2023-06-25"))

    with pytest.raises(InputRefused) as caught:
        centre.load()

    line = EXPORT[: EXPORT.index("D500;")].count("\n") + 1
    assert f"row {line}." in one_line(caught.value)
    assert "2023-06-25" not in one_line(caught.value)


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("m.tremblay@exemple.org", "e-mail address, 1 cells"),
        ("514 555-0199", "telephone number, 1 cells"),
        ("TREM 7551 1234", "health insurance number, 1 cells"),
        ("Elle a été vue par sa voisine.", "free text, 1 cells"),
    ],
)
def test_an_identifier_in_the_middle_of_a_large_file_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str, told: str
) -> None:
    lower_limits(monkeypatch)
    first, _, second = EXPORT.partition("D350;")
    text = first + "D350;" + second.replace(";deux\n", f";{planted}\n", 1)
    centre = centre_of(tmp_path, export=text)

    with pytest.raises(InputRefused) as caught:
        centre.load()

    line = text[: text.index(planted)].count("\n") + 1
    assert f"column Remarque: {told}" in one_line(caught.value).replace("Column", "column")
    assert f"rows {line}" in one_line(caught.value)
    assert planted not in one_line(caught.value)
    loads = centre.workspace.processed("petit") / "loads"
    assert list(loads.iterdir()) == []


@pytest.mark.parametrize("planted", ["", "x@y.org", "Marie Tremblay", "04/05/1961", "123-45-123456-78"])
def test_the_screen_says_of_a_large_file_what_it_says_of_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace(";deux\n", f";{planted}\n", 1), encoding="utf-8")
    source = SourceSettings(id="x", files="*", delimiter=";", max_rejected=1)
    small = screen_identifiers(read_file(path, source))
    lower_limits(monkeypatch)
    large = screen_identifiers(read_large.read_large(path, source, tmp_path))

    assert large == small
    # The names of the column that no contract drops here.
    assert len(small) > bool(planted)


@pytest.mark.parametrize(
    "place",
    ["title above", "note below", "rejected row"],
)
def test_what_is_no_row_of_a_large_file_is_screened_as_in_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    said = "Exporté par x@y.org le 3 mai 2024"
    text = {
        "title above": f"{said}\n\n{EXPORT}",
        "note below": f"{EXPORT}\n{said}\n",
        "rejected row": EXPORT.replace("D1000;une;ligne;courte", "D1000;une;x@y.org;courte"),
    }[place]
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    source = SourceSettings(id="x", files="*", delimiter=";", max_rejected=1)
    small = screen_identifiers(read_file(path, source))
    lower_limits(monkeypatch)
    large = screen_identifiers(read_large.read_large(path, source, tmp_path))

    assert [finding for finding in small if finding.place is Place.LINE] != []
    assert large == small


def test_a_column_of_very_many_cells_is_looked_at_in_sets_and_every_cell_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_parts, "SET_CELLS", 100)
    lower_limits(monkeypatch)
    path = tmp_path / "export.csv"
    path.write_text(EXPORT.replace("D404;", "x@y.org;"), encoding="utf-8")

    source = SourceSettings(id="x", files="*", delimiter=";", max_rejected=1, drop=("Nom",))
    (finding,) = screen_identifiers(read_large.read_large(path, source, tmp_path))

    assert (finding.column, finding.count) == ("No", 1)


def test_a_dropped_column_of_a_large_file_is_written_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lower_limits(monkeypatch)
    (tmp_path / "work").mkdir()
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    source = SourceSettings(id="x", files="*", delimiter=";", max_rejected=1, drop=("nom",))

    table = read_large.read_large(path, source, tmp_path / "work")

    assert "Nom" not in table.columns
    assert len(pl.read_parquet_schema(table.staged)) == HEADER.count(";") + 1
    assert all(NAME.encode() not in file.read_bytes() for file in (tmp_path / "work").iterdir())


def test_a_dropped_column_of_a_large_file_that_needs_a_copy_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower_limits(monkeypatch)
    centre = centre_of(tmp_path)
    (centre.raw / "export.csv").write_text(EXPORT, encoding="cp1252")

    with pytest.raises(InputRefused) as caught:
        centre.load()

    assert "CSV UTF-8" in one_line(caught.value)


def test_a_large_file_that_others_are_joined_to_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lower_limits(monkeypatch)
    centre = centre_of(tmp_path)
    places = "Lieu;MRC\n" + "".join(f"L{n};Joliette\n" for n in range(1_500))
    (centre.raw / "lieux.csv").write_text(places, encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        centre.load()

    assert "cannot be joined" in one_line(caught.value)


PROGRAM = """
import json, resource, sys
from pathlib import Path
from tests.small_centre import SmallCentre
root = Path(sys.argv[1])
centre = SmallCentre(root, request="request_id | request_date | age_at_request")
with (centre.raw / "request.csv").open("w", encoding="utf-8") as text:
    text.write("request_id;request_date;age_at_request;other\\n")
    for n in range(int(sys.argv[2])):
        day = f"2023-{n % 12 + 1:02}-{n % 28 + 1:02}"
        text.write(f"D{n:09};{day};{n % 80};{n * 7919 % 1000003:07} mots {n}\\n")
load = centre.load()
print(json.dumps([load.records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in other units elsewhere")
def test_memory_stays_bounded_with_a_large_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), "2000000"]
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, check=True)
    records, megabytes = json.loads(done.stdout)

    assert records == 2_000_000
    # Read in memory, its rows alone would take several times that.
    assert megabytes < 800
