"""The made-up export, read back from its files as any reader would read them."""

import csv
import datetime
import io
import re
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipelines.config import Workspace, load_centre, load_centre_vocabularies, read_settings
from pipelines.errors import ConfigurationError, UsageError
from pipelines.ingest.demonstration_settings import Organisation
from pipelines.ingest.read_mappings import compare_form, read_mappings
from pipelines.ingest.service_settings import ServiceSettings
from pipelines.ingest.synthetic_export import Demonstration, write_demonstration
from pipelines.ingest.synthetic_settings import DemonstrationSettings

Rows = list[dict[str, str]]
PINNED = {
    "Non demandé": 20,
    "Proxénète/client": 5,
    "Forces de l'ordre": 1,
    "Inconnu": 8,
    "Famille élargie": 15,
    "Partenaire amoureux/intime": 42,
    "Entourage": 43,
    "Famille proche": 35,
}
SERVICES = read_settings(
    Path(__file__).resolve().parents[2] / "config" / "demonstration" / "demo" / "services.toml", ServiceSettings
)
MISSING = {"Non demandé", "Ne sait pas", "Préfère ne pas répondre", "Non disponible", "Sans objet"}


@pytest.fixture(scope="module")
def settings(repository: Path) -> DemonstrationSettings:
    return read_settings(repository / "config" / "demonstration" / "demo" / "requests.toml", DemonstrationSettings)


@pytest.fixture(scope="module")
def made(settings: DemonstrationSettings, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    return write_demonstration(Organisation(settings, SERVICES), tmp_path_factory.mktemp("demo") / "export")


@pytest.fixture(scope="module")
def folder(made: Demonstration) -> Path:
    return made.files[0].parent


def read_rows(folder: Path, name: str) -> Rows:
    text = (folder / f"{name}.csv").read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def read_sheet(folder: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(folder / "orientations.xlsx")).get_sheet_by_index(0).to_python()


def day(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%d/%m/%Y").date()


def fiscal_year(date: datetime.date) -> str:
    first = date.year if date.month >= 4 else date.year - 1
    return f"{first}-{first + 1}"


def told(folder: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Each aggression with the request that tells it."""
    requests = {row["No demande"]: row for row in read_rows(folder, "demandes")}
    for aggression in read_rows(folder, "agressions"):
        yield requests[aggression["No demande"]], aggression


def count_classes(folder: Path, repository: Path, year: str) -> Counter[str]:
    """The links of the year by the printed name of their class, through the centre's own mapping."""
    workspace = Workspace(repository)
    centre = load_centre(workspace, "demo")
    vocabularies = load_centre_vocabularies(workspace, centre)
    mapping = read_mappings(workspace.config / "mappings" / "demo", centre, vocabularies)["relationship"]
    relationship = vocabularies["relationship"]
    of_year = {
        aggression["No agression"]
        for request, aggression in told(folder)
        if fiscal_year(day(request["Date de la demande"])) == year
    }
    words = [
        row["Lien avec l'agresseur"] for row in read_rows(folder, "liens_agresseurs") if row["No agression"] in of_year
    ]
    return Counter(
        word if word in MISSING else relationship[relationship[mapping[compare_form(word)]].parent].label_fr
        for word in words
    )


def test_the_year_of_the_public_report_holds_its_178_requests(folder: Path) -> None:
    dates = [day(row["Date de la demande"]) for row in read_rows(folder, "demandes")]

    assert Counter(fiscal_year(date) for date in dates) == {"2021-2022": 161, "2022-2023": 169, "2023-2024": 178}


def test_the_requests_told_are_the_requests_written(made: Demonstration, folder: Path) -> None:
    assert sum(made.requests.values()) == len(read_rows(folder, "demandes"))


def test_the_eight_counts_of_links_are_those_of_the_public_report(folder: Path, repository: Path) -> None:
    assert count_classes(folder, repository, "2023-2024") == PINNED


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_the_pinned_counts_hold_whatever_the_seed(
    settings: DemonstrationSettings, tmp_path: Path, repository: Path, seed: int
) -> None:
    write_demonstration(Organisation(settings, SERVICES), tmp_path, seed=seed)

    assert count_classes(tmp_path, repository, "2023-2024") == PINNED


def test_the_same_seed_gives_the_same_bytes(
    settings: DemonstrationSettings, made: Demonstration, tmp_path: Path
) -> None:
    again = write_demonstration(Organisation(settings, SERVICES), tmp_path)

    assert [path.read_bytes() for path in again.files] == [path.read_bytes() for path in made.files]


def test_another_seed_gives_other_requests(settings: DemonstrationSettings, folder: Path, tmp_path: Path) -> None:
    write_demonstration(Organisation(settings, SERVICES), tmp_path, seed=7)

    assert read_rows(tmp_path, "demandes") != read_rows(folder, "demandes")


def test_one_year_asked_for_holds_no_day_of_another(settings: DemonstrationSettings, tmp_path: Path) -> None:
    write_demonstration(Organisation(settings, SERVICES), tmp_path, year="2022-2023")

    assert {fiscal_year(day(row["Date de la demande"])) for row in read_rows(tmp_path, "demandes")} == {"2022-2023"}


def test_the_pinned_year_asked_for_alone_keeps_its_counts(
    settings: DemonstrationSettings, tmp_path: Path, repository: Path
) -> None:
    write_demonstration(Organisation(settings, SERVICES), tmp_path, year="2023-2024")

    assert count_classes(tmp_path, repository, "2023-2024") == PINNED


@pytest.mark.parametrize("rows", [3, 4, 20, 500])
def test_rows_asked_for_are_spread_over_the_years(settings: DemonstrationSettings, tmp_path: Path, rows: int) -> None:
    made = write_demonstration(Organisation(settings, SERVICES), tmp_path, rows=rows)

    assert len(read_rows(tmp_path, "demandes")) == rows
    assert max(made.requests.values()) - min(made.requests.values()) <= 1


@pytest.mark.parametrize(("year", "rows"), [("2019-2020", None), ("2023", None), (None, 2), (None, -5)])
def test_a_year_or_a_size_that_cannot_be_is_refused_and_writes_nothing(
    settings: DemonstrationSettings, tmp_path: Path, year: str | None, rows: int | None
) -> None:
    with pytest.raises(UsageError):
        write_demonstration(Organisation(settings, SERVICES), tmp_path / "export", year=year, rows=rows)

    assert list(tmp_path.iterdir()) == []


def test_no_aggression_is_after_its_request(folder: Path) -> None:
    late = [
        aggression["No agression"]
        for request, aggression in told(folder)
        if aggression["Date de l'agression"] not in MISSING
        and day(aggression["Date de l'agression"]) > day(request["Date de la demande"])
    ]

    assert late == []


def test_nobody_is_older_at_the_aggression_than_at_the_request(folder: Path) -> None:
    ages = [(request["Âge à la demande"], aggression["Âge à l'agression"]) for request, aggression in told(folder)]

    known = [(int(then), int(before)) for then, before in ages if then.isdigit() and before.isdigit()]
    assert len(known) > 200
    assert [pair for pair in known if pair[1] > pair[0]] == []


def test_ages_and_dates_agree_to_the_year(folder: Path) -> None:
    apart = []
    for request, aggression in told(folder):
        ages = request["Âge à la demande"], aggression["Âge à l'agression"]
        if aggression["Date de l'agression"] in MISSING or not all(age.isdigit() for age in ages):
            continue
        years = (day(request["Date de la demande"]) - day(aggression["Date de l'agression"])).days / 365.25
        apart.append(abs(int(ages[0]) - int(ages[1]) - years))

    assert len(apart) > 100
    assert max(apart) < 1.01


def test_nobody_who_asks_for_herself_is_under_twelve_and_teens_are_twelve_to_seventeen(folder: Path) -> None:
    ages: dict[str, list[int]] = {}
    for row in read_rows(folder, "demandes"):
        if row["Âge à la demande"].isdigit():
            ages.setdefault(row["Type de demandeur"], []).append(int(row["Âge à la demande"]))

    assert set(ages) == {"Adolescente victime", "Femme victime", "Personne trans, bispirituelle ou non binaire"}
    assert set(ages["Adolescente victime"]) <= set(range(12, 18))
    assert min(ages["Femme victime"]) >= 18
    assert min(min(of_type) for of_type in ages.values()) >= 12


def test_relatives_and_workers_have_no_age_of_their_own_but_may_tell_an_aggression(folder: Path) -> None:
    others = [
        request
        for request, _ in told(folder)
        if request["Type de demandeur"].startswith(("Parent", "Conjoint", "Autre proche", "Intervenant"))
    ]

    assert len(others) > 20
    assert {request["Âge à la demande"] for request in others} == {"Sans objet"}


def test_missing_answers_come_in_several_kinds(folder: Path) -> None:
    cells = Counter(
        cell
        for name in ("demandes", "agressions", "references")
        for row in read_rows(folder, name)
        for cell in row.values()
        if cell in MISSING
    )

    assert set(cells) == MISSING


def test_a_few_dozen_persons_come_back_once_and_stay_the_same_person(folder: Path) -> None:
    visits: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(folder, "demandes"):
        visits.setdefault(row["Code personne"], []).append(row)
    twice = [rows for rows in visits.values() if len(rows) == 2]

    assert 24 <= len(twice) <= 60
    assert max(len(rows) for rows in visits.values()) == 2
    for first, second in twice:
        ages = first["Âge à la demande"], second["Âge à la demande"]
        if all(age.isdigit() for age in ages):
            years = (day(second["Date de la demande"]) - day(first["Date de la demande"])).days / 365.25
            assert abs(int(ages[1]) - int(ages[0]) - years) < 1.01


def test_each_request_has_one_main_referral_and_some_have_a_second(folder: Path) -> None:
    mains = Counter(row["No demande"] for row in read_rows(folder, "references") if row["Principale"] == "Oui")
    seconds = Counter(row["No demande"] for row in read_rows(folder, "references") if row["Principale"] == "Non")

    assert mains == Counter(row["No demande"] for row in read_rows(folder, "demandes"))
    assert 30 <= len(seconds) <= 100
    assert set(seconds.values()) == {1}


def test_a_first_meeting_has_an_outcome_only_where_it_took_place(folder: Path) -> None:
    header, *rows = read_sheet(folder)
    assert header == ["No demande", "Date de la suite", "Suite à la demande", "Suite à la première rencontre"]

    assert {row[2] == "Première rencontre fixée" for row in rows if row[3] != "Sans objet"} == {True}
    assert {row[3] == "Sans objet" for row in rows if row[2] != "Première rencontre fixée"} == {True}


def test_the_workbook_holds_real_dates_not_before_the_request(folder: Path) -> None:
    requests = {row["No demande"]: day(row["Date de la demande"]) for row in read_rows(folder, "demandes")}
    dates = {str(row[0]): row[1] for row in read_sheet(folder)[1:]}

    assert dates.keys() == requests.keys()
    assert all(isinstance(date, datetime.date) and date >= requests[key] for key, date in dates.items())


def test_an_aggression_has_at_least_one_link_and_a_gang_at_least_two(folder: Path) -> None:
    links = Counter(row["No agression"] for row in read_rows(folder, "liens_agresseurs"))
    forms = {row["No agression"]: row["Formes"].split(" | ") for row in read_rows(folder, "agressions")}

    assert links.keys() == forms.keys()
    assert min(links[key] for key, words in forms.items() if "Agression collective" in words) >= 2
    assert max(len(words) for words in forms.values()) == 3


def test_every_word_of_the_export_has_its_code(folder: Path, repository: Path) -> None:
    workspace = Workspace(repository)
    centre = load_centre(workspace, "demo")
    mappings = read_mappings(
        workspace.config / "mappings" / "demo", centre, load_centre_vocabularies(workspace, centre)
    )
    cells = {
        "requester_type": [row["Type de demandeur"] for row in read_rows(folder, "demandes")],
        "residence": [row["MRC"] for row in read_rows(folder, "demandes")],
        "relationship": [row["Lien avec l'agresseur"] for row in read_rows(folder, "liens_agresseurs")],
        "referral_source": [row["Source"] for row in read_rows(folder, "references")],
        "aggression_form": [word for row in read_rows(folder, "agressions") for word in row["Formes"].split(" | ")],
        "disposition_after_request": [str(row[2]) for row in read_sheet(folder)[1:]],
        "disposition_after_first_meeting": [str(row[3]) for row in read_sheet(folder)[1:]],
        "service_type": [row["Type de rencontre"] for row in read_rows(folder, "rencontres")],
        "contact_mode": [row["Mode"] for row in read_rows(folder, "rencontres")],
        "accompaniment_purpose": [row["But"] for row in read_rows(folder, "accompagnements")],
        "kit_age_group": [row["Groupe d'âge"] for row in read_rows(folder, "trousses")],
        "activity_type": [row["Type d'activité"] for row in read_rows(folder, "activites")],
        "setting": [row["Milieu"] for row in read_rows(folder, "activites")],
        "audience_role": [row["Rôle"] for row in read_rows(folder, "publics")],
        "task": [row["Tâche"] for row in read_rows(folder, "heures")],
        "funder": [row["Bailleur de fonds"] for row in read_rows(folder, "heures")],
    }

    unknown = {
        name: {word for word in words if compare_form(word) not in mappings[name]} for name, words in cells.items()
    }
    assert {name: words - MISSING for name, words in unknown.items() if words - MISSING} == {}


@pytest.mark.parametrize(
    "name",
    ["demandes", "agressions", "liens_agresseurs", "references", "rencontres"]
    + ["accompagnements", "trousses", "activites", "publics", "heures"],
)
def test_a_csv_file_is_as_a_french_platform_on_windows_writes_it(folder: Path, name: str) -> None:
    content = (folder / f"{name}.csv").read_bytes()

    assert content.count(b"\n") == content.count(b"\r\n") == len(read_rows(folder, name)) + 1
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_the_export_holds_what_trips_a_careless_reader(folder: Path) -> None:
    contents = b"".join(
        (folder / f"{name}.csv").read_bytes() for name in ("demandes", "liens_agresseurs", "references")
    )

    assert b"\x9c" in contents, "the ligature of « sœur »"
    assert b"\x92" in contents, "the Windows apostrophe"
    assert b'"D\xe9pliant; affiche; m\xe9dia"' in contents, "a delimiter inside a cell"
    assert contents.count(b'"') == 2 * contents.count(b"pliant; affiche"), "quotes only where they are needed"
    assert re.search(rb";\d,(25|75|5)\r\n", contents), "the decimal comma"


def test_the_export_says_that_it_is_made_up(folder: Path) -> None:
    text = (folder / "LISEZMOI.txt").read_text(encoding="utf-8-sig")

    assert text.startswith("Données fictives")


def test_files_and_folder_are_private_and_nothing_else_is_left(made: Demonstration, folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {path.name for path in made.files}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made.files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("seed = 2024", "seeds = 2024"),
        ("requests = 178", "requests = 0"),
        ('"Famille élargie" = 15', '"Famille eloignee" = 15'),
        ('label = "2021-2022"', 'label = "2021-2023"'),
        ("weights = { survivor = 30, relative = 10, worker = 1, unknown = 10 }", "weights = { survivor = 30 }"),
    ],
    ids=["unknown key", "empty year", "unknown class", "no fiscal year", "group without weight"],
)
def test_settings_that_make_no_sense_are_refused(repository: Path, tmp_path: Path, before: str, after: str) -> None:
    text = (repository / "config" / "demonstration" / "demo" / "requests.toml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "requests.toml").write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ConfigurationError):
        read_settings(tmp_path / "requests.toml", DemonstrationSettings)
