"""`bilan audit-figures` and `bilan audit-report`: what they tell of two real reports and of made-up ones."""

import json
from pathlib import Path

import pytest
import xlsxwriter

from pipelines import cli
from tests.made_up_document import document, paragraph, table

HEADER = "report,section,table,row,measure,unit,value,role\n"
FIGURES = HEADER + (
    "r,aide,suivis,A,heures,hour,10,part\nr,aide,suivis,B,heures,hour,20.5,part\nr,aide,suivis,Total,heures,hour,{},total\n"
)
CALACS, CLES = "calacs-coup-de-coeur-2023-2024", "cles-2023-2024"

#: Every printed total of the two reports that its parts do not make, added up apart from the program:
#: report, section, table, measure, printed, recomputed.
TOTALS = {
    # 24 lines: 1105 + 73 + 167.5 + 240 + 259.5 + 168 + 5 + 230 + 35 + 35 + 80 + 30 + 3 + 455 + 13 + 89 + 64 + 20 + 61.5
    # + 110 + 56 + 85 + 89 + 20
    (CALACS, "gestion_interne", "resume_volet", "heures", 3475.5, 3493.5),
    # 1 + 1 + 3 + 1 + 2 + 1 + 1 + 1 + 2 + 2 + 2; the youths (533) and hours (116.5) of the same lines do add up
    (CALACS, "exploitation", "ateliers_exploitation", "accompagnants", 18, 17),
    # 131.75 + 170 + 150 + 13 + 24.25 + 10.5
    (CALACS, "exploitation", "concertation", "heures", 461, 499.5),
    # 18 + 1 + 1 + 1 + 1 + 8 + 1 + 1 + 1
    (CLES, "communications", "mentions_medias", "mentions", 30, 33),
}
#: One committee, whose number of meetings the text and the summary give differently.
TWICE = {(CALACS, "gestion_interne", "reunions", "Comité gestion interne (résumé)", "rencontres", 5, 6)}
#: Lines of evaluations that no counts of so many answers give: table, line, cells -> printed, and what the other
#: cells of the line leave (or the nearest that can be).
#: n=23: 10 % is 2.3 answers. n=9: 1/9 is 11 %, 4/9 is 44 %. n=8: 2/8 is 25 %, 4/8 is 50 %, 6/8 is 75 %.
#: n=6: 4/6 is 67 %. In all lines but the first, the last cell was set to what lacked to 100.
LINES = {
    (
        "evaluation_rencontre_1",
        "L'information était facile à comprendre",
        ("un peu", 10, 9),
        ("oui", 31, 30),
        ("beaucoup", 59, 61),
    ),
    ("evaluation_rencontre_3", "Apprentissage de nouvelles choses", ("beaucoup", 12, 11)),
    ("evaluation_rencontre_3", "Recommanderais cette rencontre", ("beaucoup", 45, 44)),
    ("evaluation_rencontre_3", "Activités intéressantes", ("beaucoup", 45, 44)),
    ("evaluation_rencontre_3", "Plus outillée", ("beaucoup", 45, 44)),
    ("evaluation_rencontre_4", "L'information était facile à comprendre", ("beaucoup", 49.5, 50)),
    ("evaluation_rencontre_4", "Utilité du thème", ("beaucoup", 49.5, 50)),
    ("evaluation_rencontre_4", "Recrutement sur les réseaux", ("beaucoup", 24, 25)),
    ("evaluation_rencontre_5", "Utilité du thème", ("beaucoup", 66, 67)),
    ("evaluation_rencontre_5", "Recommanderais cette rencontre", ("beaucoup", 66, 67)),
    ("evaluation_rencontre_5", "Violence dans une relation", ("beaucoup", 66, 67)),
    ("evaluation_rencontre_5", "Relation saine et contrôle", ("beaucoup", 66, 67)),
    ("evaluation_rencontre_6", "L'information était facile à comprendre", ("beaucoup", 49, 50)),
    ("evaluation_rencontre_6", "Utilité du thème", ("beaucoup", 74, 75)),
    ("evaluation_rencontre_6", "Recommanderais cette rencontre", ("beaucoup", 74, 75)),
}
#: 230 meetings of 12 women are 19.2 each, above 15; accompaniments were counted with them: no fault, a question.
TO_EXPLAIN = {("rule", "suivis_individuels", "Suivis", "rencontres", 230)}
#: Totals of 35 that do agree, summaries that repeat a total, 42 lines of percentages less 15, and so on.
VERIFIED = {"total": 31, "percentages": 27, "told_twice": 15, "rule": 13, "no_more_than": 15}


@pytest.fixture(scope="module")
def published(repository: Path) -> Path:
    file = repository.parent / "shared" / "published" / "published_figures.csv"
    if not file.is_file():
        pytest.skip("the published figures (../shared/published) are not on this machine")
    return file


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict:
    assert cli.main([*arguments, "--json"], {}) == code
    return json.loads(capsys.readouterr().out)


def test_every_disagreement_of_the_published_figures_is_found_and_no_other(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_json(capsys, "audit-figures", str(published))
    by_check: dict[str, list[dict]] = {}
    for each in found["disagreements"]:
        by_check.setdefault(each["check"], []).append(each)

    assert {
        (each["report"], each["section"], each["table"], each["measure"], each["printed"], each["recomputed"])
        for each in by_check.pop("total")
    } == TOTALS
    assert {
        tuple(each[key] for key in ("report", "section", "table", "row", "measure", "printed", "recomputed"))
        for each in by_check.pop("told_twice")
    } == TWICE
    assert {
        (each["table"], each["row"], *((c["measure"], c["printed"], c["recomputed"]) for c in each["cells"]))
        for each in by_check.pop("percentages")
    } == LINES
    assert by_check == {}


def test_what_was_verified_of_the_published_figures_is_counted(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run_json(capsys, "audit-figures", str(published))

    assert found["figures"] == 537
    assert found["verified_by_check"] == VERIFIED
    assert found["counts"] == {"disagreements": 20, "to_explain": 1, "verified": 101, "not_judged": 1}
    assert {
        (each["check"], each["table"], each["row"], each["measure"], each["printed"]) for each in found["to_explain"]
    } == TO_EXPLAIN


def test_no_table_of_the_published_figures_is_known_to_the_program(published: Path, repository: Path) -> None:
    lines = published.read_text(encoding="utf-8").splitlines()[1:]
    tables = {name for name in (line.split(",")[2] for line in lines) if "_" in name}
    known = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*(repository / "pipelines" / "quality").glob("*.py"), repository / "config" / "audit.toml"]
    )

    assert len(tables) > 20
    assert sorted(name for name in tables if name in known) == []


def test_an_audit_says_in_french_what_agrees_and_what_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f.csv").write_text(FIGURES.format("20.5"), encoding="utf-8")

    assert cli.main(["audit-figures", str(tmp_path / "f.csv")], {}) == 0
    told = capsys.readouterr().out.replace("\u00a0", " ")
    assert "NE CONCORDE PAS : 1" in told
    assert "Total, heures (ligne 4) : le total imprimé est 20,5, ses 2 parties font 30,5 (écart : 10)" in told
    assert "cause possible : une ligne n'est pas comptée dans le total : A" in told


@pytest.mark.parametrize(("total", "code"), [("30.5", 0), ("31.5", 4)])
def test_a_script_may_ask_for_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], total: str, code: int
) -> None:
    (tmp_path / "f.csv").write_text(FIGURES.format(total), encoding="utf-8")
    found = run_json(capsys, "audit-figures", str(tmp_path / "f.csv"), "--strict", code=code)

    assert found["counts"]["disagreements"] == (1 if code else 0)
    assert found.get("exit_code", 0) == code


@pytest.mark.parametrize(
    "content", ["a,b\n1,2\n", HEADER, FIGURES.format("douze"), FIGURES.format("1").replace("total\n", "sum\n")]
)
def test_a_file_of_another_kind_is_refused_without_a_value_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "f.csv").write_text(content, encoding="utf-8")

    assert cli.main(["audit-figures", str(tmp_path / "f.csv")], {}) == 3
    assert "douze" not in "".join(capsys.readouterr())


ROWS = [
    ["Service", "Personnes", "Rencontres", "Heures"],
    ["Premières rencontres", "118", "129", "215h30"],
    ["Suivis", "57", "1 490", "684h30"],
    ["Total", "", "1 619", "980 h"],
]


def test_the_tables_of_a_document_are_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rapport.docx"
    path.write_bytes(document(paragraph("Aide", "Titre1"), paragraph("Interventions"), table(ROWS)))
    found = run_json(capsys, "audit-report", str(path))

    assert [(each["table"], each["measure"], each["recomputed"]) for each in found["disagreements"]] == [
        ("Interventions", "Heures", 900)
    ]
    assert "two digits" not in str(found)
    assert {each["measure"] for each in found["verified"] if each["check"] == "total"} == {"Rencontres"}
    assert "line" not in found["verified"][0]


def test_the_sheets_of_a_workbook_are_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "rapport.xlsx")) as workbook:
        for name, total in (("Aide", 30.5), ("Prévention", 31)):
            sheet = workbook.add_worksheet(name)
            for row, (label, hours) in enumerate((("Activité", "Heures"), ("A", 10), ("B", 20.5), ("Total", total))):
                sheet.write_row(row, 0, (label, hours))
    found = run_json(capsys, "audit-report", str(tmp_path / "rapport.xlsx"))

    assert [each["section"] for each in found["verified"]] == ["Aide"]
    assert [each["section"] for each in found["disagreements"]] == ["Prévention"]


def test_the_tables_of_a_text_file_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Suivis;;\nService;Personnes;Heures\nA;3;4,5\nB;5;6\nTotal;;10,5\n;;\n"
    text += "Écoles;;\nÉcole;Élèves;\nC;20;\nD;31;\nTotal;50;\n"
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    found = run_json(capsys, "audit-report", str(tmp_path / "r.csv"))

    assert [each["table"] for each in found["verified"]] == ["Suivis"]
    assert [each["table"] for each in found["disagreements"]] == ["Écoles"]


def test_a_file_of_figures_is_recognised(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "f.csv").write_text(FIGURES.format("30.5"), encoding="utf-8")

    assert run_json(capsys, "audit-report", str(tmp_path / "f.csv"))["counts"]["verified"] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.docx", b"no document"),
        ("r.docx", document(paragraph("Aucun tableau"))),
        ("r.csv", "Téléphone;Numéro\nA;514 555-0142\nB;450 555-0199\n".encode()),
        ("r.pdf", b"%PDF-1.7"),
    ],
)
def test_a_report_that_holds_no_table_to_audit_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)

    assert cli.main(["audit-report", str(tmp_path / name)], {}) == 3
    assert "555" not in "".join(capsys.readouterr())


def test_a_report_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert cli.main(["audit-report", str(tmp_path / "r.docx")], {}) == 2
    assert cli.main(["audit-figures", str(tmp_path / "f.csv")], {}) == 2


def test_a_report_with_nothing_to_recompute_is_not_said_to_agree(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "r.csv").write_text("Activité;Nombre\nInfolettres;12\nWebinaires;3\n", encoding="utf-8")

    assert cli.main(["audit-report", str(tmp_path / "r.csv"), "--lang", "en"], {}) == 0
    told = capsys.readouterr().out
    assert "Nothing could be checked" in told
    assert "disagrees" not in told
