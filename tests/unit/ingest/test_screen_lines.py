"""An identifier outside the table is found wherever it stands, and what every platform prints there passes."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.read_export import RawTable, read_file
from pipelines.ingest.read_source import read_source
from pipelines.ingest.screen_identifiers import Finding, IdentifierKind, Place, refuse_identifiers, screen_identifiers
from pipelines.language import Language

TABLE = ["No;Date;Mot", "1;2024-02-01;a", "2;2024-02-03;b", "3;2024-02-28;c", "4;2024-02-29;a", "5;2024-03-02;b"]
PLANTED = [
    ("Exporté pour Marie Tremblay", IdentifierKind.PERSON_NAME),
    ("Dossier de Mme Ouellet", IdentifierKind.PERSON_NAME),
    ("Rappeler au 450 755-0123", IdentifierKind.PHONE),
    ("m.tremblay@exemple.org", IdentifierKind.EMAIL),
    ("https://exemple.org/marie", IdentifierKind.WEB_ADDRESS),
    ("www.facebook.com", IdentifierKind.WEB_ADDRESS),
    ("TREM 8552 1514", IdentifierKind.HEALTH_INSURANCE_NUMBER),
    ("NAS 046 454 286", IdentifierKind.SOCIAL_INSURANCE_NUMBER),
    ("Joliette J6E 3Z1", IdentifierKind.POSTAL_CODE),
    ("123, rue Notre-Dame, app. 4", IdentifierKind.ADDRESS),
    ("Née le 12 mars 1985", IdentifierKind.BIRTH_DATE),
    ("Dossier de police 230123", IdentifierKind.FILE_NUMBER),
    ("Dossier n° 2301234", IdentifierKind.FILE_NUMBER),
]
OF_PEOPLE = [
    ("Nom de la cliente : Ouellet", IdentifierKind.NAMING_COLUMN),
    ("Prénom : Zoé", IdentifierKind.NAMING_COLUMN),
    ("Note : elle a été vue par son médecin et elle souhaite porter plainte", IdentifierKind.FREE_TEXT),
]


def source(**settings: object) -> SourceSettings:
    return SourceSettings.model_validate({"id": "s", "files": "*", "delimiter": ";", **settings})


def read(folder: Path, *lines: str, **settings: object) -> RawTable:
    path = folder / "demandes.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_file(path, source(**settings))


def told(table: RawTable) -> list[tuple[IdentifierKind, tuple[int, ...]]]:
    return [(finding.kind, finding.rows) for finding in _of_lines(table)]


def _of_lines(table: RawTable) -> list[Finding]:
    findings = screen_identifiers(table)
    assert {finding.place for finding in findings} <= {Place.LINE}
    return list(findings)


@pytest.mark.parametrize(("text", "kind"), PLANTED + OF_PEOPLE)
def test_a_title_above_the_header_is_screened(tmp_path: Path, text: str, kind: IdentifierKind) -> None:
    assert told(read(tmp_path, "Rapport des demandes", text, "", *TABLE)) == [(kind, (2,))]


@pytest.mark.parametrize(("text", "kind"), PLANTED + OF_PEOPLE)
def test_a_note_after_the_table_is_screened(tmp_path: Path, text: str, kind: IdentifierKind) -> None:
    if " " not in text:
        text = f"Source : {text}"

    assert told(read(tmp_path, *TABLE, "", text)) == [(kind, (len(TABLE) + 2,))]


@pytest.mark.parametrize(("text", "kind"), PLANTED)
def test_a_total_line_is_screened(tmp_path: Path, text: str, kind: IdentifierKind) -> None:
    assert told(read(tmp_path, *TABLE, f"Total;3;{text}")) == [(kind, (len(TABLE) + 1,))]


@pytest.mark.parametrize(("text", "kind"), PLANTED)
def test_a_rejected_line_is_screened(tmp_path: Path, text: str, kind: IdentifierKind) -> None:
    assert told(read(tmp_path, *TABLE, f"4;{text}", TABLE[1], max_rejected=1)) == [(kind, (len(TABLE) + 1,))]


def test_the_label_and_the_answer_may_stand_in_two_cells(tmp_path: Path) -> None:
    assert told(read(tmp_path, "Nom de la victime;Ouellet", *TABLE)) == [(IdentifierKind.NAMING_COLUMN, (1,))]


@pytest.mark.parametrize(
    "lines",
    [
        ["Rapport des demandes", "Période : du 2023-04-01 au 2024-03-31"],
        ["CALACS de Lanaudière", "Date d'impression : 2024-04-02 13:05"],
        ["Centre Marie-Vincent", "Nombre de demandes : 1 378"],
        ["Hôpital Pierre-Le Gardeur", "Produit par la plateforme, version 2.4.1"],
        ["MRC Robert-Cliche et Marguerite-D'Youville", "Page 1 de 3"],
        ["Nom de l'organisme : CALACS Charlevoix", "Nom du fichier : demandes.csv"],
        ["Exercice;2023-2024", "Région;Lanaudière"],
        ["Elle, lui et iel", "Confidentiel"],
    ],
)
def test_what_platforms_print_above_a_table_passes(tmp_path: Path, lines: list[str]) -> None:
    assert told(read(tmp_path, *lines, "", *TABLE)) == []


@pytest.mark.parametrize(
    "line",
    ["Source : la plateforme des centres", "Source : https://www.exemple.org/", "Source : www.exemple.qc.ca."],
)
def test_what_platforms_print_below_a_table_passes(tmp_path: Path, line: str) -> None:
    assert told(read(tmp_path, *TABLE, "", line)) == []


def test_numbers_of_a_total_are_no_telephones(tmp_path: Path) -> None:
    assert told(read(tmp_path, "No;Heures;Argent", "1;2;3", "2;3;4", "Total;046454286;4507550123")) == []


def test_a_dropped_column_is_not_screened_in_the_lines_either(tmp_path: Path) -> None:
    lines = ["No;Courriel;Mot", "1;a@exemple.org;x", "2;b@exemple.org;y", "Total;c@exemple.org;12", "No;Courriel;Mot"]

    table = read(tmp_path, *lines, drop=["Courriel"])

    assert told(table) == []
    assert "exemple" not in repr(table)


def test_a_title_is_screened_whatever_is_dropped(tmp_path: Path) -> None:
    lines = ["Exporté pour Marie Tremblay;;", "", "No;Courriel;Mot", "1;a@exemple.org;x", "2;b@exemple.org;y"]

    assert told(read(tmp_path, *lines, drop=["Courriel"])) == [(IdentifierKind.PERSON_NAME, (1,))]


def test_the_refusal_tells_the_line_and_not_what_it_says(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as caught:
        refuse_identifiers(read(tmp_path, "Exporté pour Marie Tremblay", *TABLE))

    line = caught.value.one_line(Language("fr"))
    assert "lignes 1" in line
    assert "Tremblay" not in line


def test_lines_around_the_table_of_a_sheet_are_screened_with_their_row(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Demandes")
        for row, cells in enumerate((["Pour Marie Tremblay"], [], *(line.split(";") for line in TABLE))):
            sheet.write_row(row, 0, cells)
        sheet.write(10, 0, "Note : rappeler au 450 755-0123")

    assert told(read_file(path, source())) == [(IdentifierKind.PERSON_NAME, (1,)), (IdentifierKind.PHONE, (11,))]


def test_a_second_header_line_is_screened(tmp_path: Path) -> None:
    lines = ["Demande;;Marie Tremblay;", "Âge;Poids;Durée;Heure", "12;40;1,5;2", "13;50;2,5;3", "14;51;3;4"]

    (finding, other) = screen_identifiers(read(tmp_path, *lines))

    assert {finding.place, other.place} == {Place.HEADER}
    assert (finding.column, other.column) == ("3", "4")


@pytest.mark.parametrize("name", ["Marie Tremblay/demandes.csv", "lettre_Marie_Tremblay.pdf"])
def test_the_names_of_all_the_files_of_a_zip_are_screened(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("a.csv", "\n".join(TABLE))
        archive.writestr(name, "\n".join(TABLE))

    for table in read_source(tmp_path, source(), tmp_path):
        assert [(finding.place, finding.kind) for finding in screen_identifiers(table)] == [
            (Place.FILE_NAME, IdentifierKind.PERSON_NAME)
        ]
