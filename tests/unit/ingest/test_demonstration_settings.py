"""A made-up organisation is a folder, with one file a subject: what is absent is not written."""

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from pipelines.demonstrations import settings_of
from pipelines.errors import ConfigurationError, UsageError
from pipelines.ingest.demonstration_settings import Organisation, read_organisation
from pipelines.ingest.synthetic_export import write_demonstration
from pipelines.language import Language

ENGLISH = Language("en")
CONFIG = Path(__file__).resolve().parents[3] / "config"


def organisation_of(centre_id: str) -> Organisation:
    return read_organisation(settings_of(CONFIG, centre_id))


def read_rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("cp1252")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def test_a_centre_without_a_made_up_export_is_told_which_have_one():
    with pytest.raises(UsageError) as refused:
        settings_of(CONFIG, "riviere")

    assert "demo_diversite" in refused.value.one_line(ENGLISH)


@pytest.mark.parametrize("name", ["../demo", ".", ""])
def test_a_path_is_no_centre(name):
    with pytest.raises(UsageError):
        settings_of(CONFIG, name)


def test_a_file_of_no_subject_is_refused(tmp_path):
    files = [tmp_path / name for name in ("requests.toml", "servics.toml")]

    with pytest.raises(ConfigurationError) as refused:
        read_organisation(files)
    assert "servics.toml" in refused.value.one_line(ENGLISH)


def test_requests_are_always_needed(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        read_organisation([tmp_path / "services.toml"])
    assert "requests.toml" in refused.value.one_line(ENGLISH)


@pytest.mark.parametrize("seed", [0, 1])
def test_anonymous_contacts_have_no_key_of_persons_in_any_file(tmp_path, seed):
    made = write_demonstration(organisation_of("demo_diversite"), tmp_path, seed=seed)
    headers = [path.read_bytes().decode("cp1252").splitlines()[0] for path in made.files if path.suffix == ".csv"]

    assert len(headers) == 6
    assert [header for header in headers if "Code personne" in header] == []


def test_a_subject_that_is_absent_is_not_written(tmp_path):
    organisation = organisation_of("demo_diversite")
    write_demonstration(Organisation(organisation.requests), tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {"demandes.csv", "orientations.xlsx", "LISEZMOI.txt"}


def test_the_other_subjects_change_no_request(tmp_path):
    organisation = organisation_of("demo_sortie")
    write_demonstration(organisation, tmp_path / "with")
    write_demonstration(Organisation(organisation.requests), tmp_path / "without")

    assert read_rows(tmp_path / "with", "demandes") == read_rows(tmp_path / "without", "demandes")


def test_no_answer_that_stands_alone_is_beside_another(tmp_path):
    organisation = organisation_of("demo_diversite")
    write_demonstration(organisation, tmp_path)
    assert organisation.persons is not None
    several = [row["Publics"].split(" | ") for row in read_rows(tmp_path, "personnes") if " | " in row["Publics"]]

    assert several
    assert [told for told in several if set(told) & set(organisation.persons.alone)] == []


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_requests_of_relatives_are_as_many_as_told_whatever_the_seed(tmp_path, seed):
    write_demonstration(organisation_of("demo_sortie"), tmp_path, seed=seed)
    of_year = [
        row["Type de demandeur"] for row in read_rows(tmp_path, "demandes") if row["No demande"].startswith("D23-")
    ]

    assert len(of_year) == 183
    assert Counter(of_year)["Proche"] == 50


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_accompaniments_and_persons_of_each_year_and_of_all_are_as_many_as_told(tmp_path, seed):
    write_demonstration(organisation_of("demo_sortie"), tmp_path, seed=seed)
    rows = read_rows(tmp_path, "accompagnements")
    of_year = [row for row in rows if row["No accompagnement"].startswith("C23-")]

    assert (len(rows), len({row["Code personne"] for row in rows})) == (709, 316)
    assert (len(of_year), len({row["Code personne"] for row in of_year})) == (253, 101)


@pytest.mark.parametrize("rows", [6, 60])
def test_a_small_export_accompanies_fewer_persons(tmp_path, rows):
    write_demonstration(organisation_of("demo_sortie"), tmp_path, rows=rows)

    persons = {row["Code personne"] for row in read_rows(tmp_path, "accompagnements")}
    assert 0 < len(persons) < 316


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("persons = 54", "persons = 54\nnew = 55\nignored = 1", "accompaniments.toml"),
        ("new = 46", "new = 2", "come back"),
        ("accompaniments = 78", "accompaniments = 8", "accompaniment"),
    ],
)
def test_accompaniments_that_cannot_be_are_refused(tmp_path, before, after, told):
    for path in settings_of(CONFIG, "demo_sortie"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    path = tmp_path / "accompaniments.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        read_organisation(sorted(tmp_path.iterdir()))
    assert told in refused.value.one_line(ENGLISH)


@pytest.mark.parametrize("centre_id", sorted(path.name for path in (CONFIG / "demonstration").iterdir()))
def test_the_notice_of_an_organisation_names_each_of_its_files_and_says_that_they_are_made_up(tmp_path, centre_id):
    made = write_demonstration(organisation_of(centre_id), tmp_path)
    notice = (tmp_path / "LISEZMOI.txt").read_text(encoding="utf-8-sig")

    assert [path.name for path in made.files if path.name not in notice and path.name != "LISEZMOI.txt"] == []
    assert notice.startswith("Données fictives")
    assert "Made-up data" in notice
