"""Every made-up organisation has its two reports, whole; what it does not collect is said, and why."""

import csv
import html
import json
import re
import shutil
from pathlib import Path

import pytest

from pipelines.config import Workspace, load_centre
from pipelines.disclosure.reading.unpack_file import unpack
from pipelines.tables.table_spec import load_catalogue
from pipelines.units import SENSITIVE_DIMENSIONS, UNIT_TABLES, Unit
from tests.accessible_page import wrong_for_somebody
from tests.functional.conftest import Installation

REPOSITORY = Path(__file__).resolve().parents[2]
#: `demo` has tests of its own; these are the others.
OTHERS = sorted(path.name for path in (REPOSITORY / "config" / "demonstration").iterdir() if path.name != "demo")
AUDIENCES = ("internal", "public")
NO_BREAK_SPACE = "\u00a0"


def tables_of(folder: Path) -> dict[str, dict]:
    return {table["id"]: table for table in json.loads((folder / "tables.json").read_text(encoding="utf-8"))["tables"]}


def cells_of(folder: Path, table_id: str) -> dict[tuple[str, str], str]:
    with (folder / "cells.csv").open(encoding="utf-8-sig", newline="") as text:
        return {
            (row["code_1"], row["code_2"]): row["value"] or row["status"]
            for row in csv.DictReader(text)
            if row["table_id"] == table_id
        }


def words_of(folder: Path) -> str:
    """What a reader sees, without the drawings' own data."""
    page = (folder / "dashboard.html").read_text(encoding="utf-8").split("<main")[1]
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)))


def texts_of(folder, name):
    """All that a file of the report says, its cells included."""
    parts = unpack(name, (folder / name).read_bytes())
    return "\n".join(
        text for part in parts for text in (*part.texts, *(cell for grid in part.grids for row in grid for cell in row))
    )


def test_each_subject_of_the_models_has_its_organisation():
    assert OTHERS == ["demo_diversite", "demo_ouest", "demo_sortie"]


@pytest.mark.parametrize("centre_id", OTHERS)
def test_a_made_up_organisation_says_that_it_is_one(centre_id):
    centre = load_centre(Workspace(REPOSITORY), centre_id)

    assert centre.is_fictitious
    assert "fictif" in centre.name.fr
    assert "fictional" in centre.name.en


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("centre_id", OTHERS)
def test_a_report_is_whole_and_says_that_its_data_are_made_up(organisation, centre_id, audience):
    folder = organisation(centre_id, audience)
    wanted = {"dashboard.html", "tables.json", "cells.csv", "record.json"}

    assert wanted <= {path.name for path in folder.iterdir()}
    assert "Données fictives" in (folder / "dashboard.html").read_text(encoding="utf-8")
    assert json.loads((folder / "record.json").read_text(encoding="utf-8"))["is_fictitious"] is True


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("centre_id", OTHERS)
def test_the_page_of_each_report_is_right_for_everybody(organisation, open_page, centre_id, audience):
    """No request, no fault, nothing that axe-core finds, on a light screen, a dark one and a phone."""
    assert wrong_for_somebody(open_page(organisation(centre_id, audience) / "dashboard.html")) == []


@pytest.mark.parametrize("centre_id", OTHERS)
def test_an_internal_report_tells_every_table_or_says_that_it_is_not_collected(organisation, centre_id):
    folder = organisation(centre_id, "internal")
    workspace = Workspace(REPOSITORY)
    centre, catalogue = load_centre(workspace, centre_id), load_catalogue(workspace.config, centre_id)
    told = tables_of(folder)

    assert {spec.id for spec in catalogue.table} <= told.keys()
    for spec in catalogue.table:
        is_collected = centre.collects(*UNIT_TABLES[spec.unit].needs)
        assert is_collected or not told[spec.id]["is_collected"], spec.id


@pytest.mark.parametrize("centre_id", OTHERS)
def test_a_section_of_which_nothing_is_collected_says_so_in_one_sentence(organisation, centre_id):
    words = words_of(organisation(centre_id, "internal"))
    together = re.findall(
        rf"Non recueilli{NO_BREAK_SPACE}: l'export de ce centre ne contient pas[^(]*\(([^)]*)\)", words
    )

    assert together
    assert all(together)


def test_where_contacts_are_anonymous_no_number_of_persons_is_told(organisation):
    folder = organisation("demo_diversite", "internal")
    of_persons = {name for name, table in tables_of(folder).items() if Unit(table["unit"]).counts_persons}

    assert {"service_persons", "accompaniment_persons"} <= of_persons
    assert {value for name in of_persons for value in cells_of(folder, name).values()} == {"not_collected"}


def test_where_contacts_are_anonymous_the_report_says_that_nobody_can_count_persons(organisation):
    words = words_of(organisation("demo_diversite", "internal"))

    for units in ("personnes rencontrées", "personnes accompagnées"):
        assert f"Nombre inconnu ({units}){NO_BREAK_SPACE}: l'export ne contient aucun pseudonyme de personne." in words


def test_a_contact_may_be_of_several_publics(organisation):
    publics = {
        codes[0]: int(value)
        for codes, value in cells_of(organisation("demo_diversite", "internal"), "person_public").items()
    }
    total = publics.pop("_total")

    assert {"femmes", "communautes", "lgbtqia2s"} <= publics.keys()
    assert min(publics["femmes"], publics["communautes"], publics["lgbtqia2s"]) > 0
    assert sum(publics.values()) > total


def test_each_organisation_has_its_own_words_for_gender(organisation):
    codes = {code for code, _ in cells_of(organisation("demo_ouest", "internal"), "gender")}

    assert {"femme", "femme_trans", "homme_trans", "bispirituelle", "non_binaire"} <= codes
    assert "homme" not in codes


def test_the_calendar_of_events_has_its_days(organisation):
    activities = {
        codes[0]: value for codes, value in cells_of(organisation("demo_ouest", "internal"), "activities").items()
    }

    assert {day: activities[day] for day in ("jacvsff", "douze_jours", "huit_mars", "dix_sept_mai")} == {
        "jacvsff": "1",
        "douze_jours": "2",
        "huit_mars": "1",
        "dix_sept_mai": "1",
    }


@pytest.mark.parametrize("centre_id", ["demo_diversite", "demo_ouest"])
def test_what_people_say_they_are_stays_at_the_centre(organisation, centre_id):
    folder = organisation(centre_id, "public")
    told = {dimension["name"] for table in tables_of(folder).values() for dimension in table["dimensions"]}
    untold = {table["id"] for table in json.loads((folder / "tables.json").read_text(encoding="utf-8"))["untold"]}

    assert told & SENSITIVE_DIMENSIONS == set()
    assert "language" in untold


def test_persons_of_six_years_are_counted_once(organisation):
    folder = organisation("demo_sortie", "internal")
    by_year = cells_of(folder, "accompaniment_persons_by_year")
    years = [int(value) for (_, code), value in by_year.items() if code == "_total"]

    assert len(years) == 6
    assert int(cells_of(folder, "accompaniment_persons_since")["_total", ""]) < sum(years)


def test_a_year_of_two_systems_is_not_compared_as_if_it_were_whole(organisation):
    words = words_of(organisation("demo_sortie", "internal")).replace(NO_BREAK_SPACE, " ")

    assert "2022-2023, couverte en partie" in words
    assert "Rupture dans la série le 1er novembre 2022" in words


@pytest.mark.parametrize(
    "name", ["dashboard.html", "tables.xlsx", "tables.json", "phrases.txt", "annexe_statistique.docx"]
)
def test_every_output_calls_people_as_the_centre_does(organisation, name):
    folder = organisation("demo_sortie", "internal")
    # The library that draws has braces of its own.
    said = words_of(folder) if name == "dashboard.html" else texts_of(folder, name)

    assert "femmes accompagnées" in said
    assert not re.search(r"personnes? (accompagn|rencontr)|\{person|\{survivor|\{e\}", said)


def test_a_card_and_an_alternative_are_in_the_words_of_the_centre(organisation):
    page = (organisation("demo_sortie", "internal") / "dashboard.html").read_text(encoding="utf-8")

    assert "Une femme accompagnée est comptée une fois par but" in page
    assert re.search(r"Barres[^<\"]*femmes accompagnées", page)


def test_the_prose_is_in_the_words_of_the_centre(organisation):
    said = words_of(organisation("demo_ouest", "internal"))

    assert "Ce que l'agresseur est pour la personne survivante" in said
    assert "la victime." not in said


def test_a_centre_that_chooses_nothing_keeps_the_usual_words(organisation):
    tables = json.loads((organisation("demo_diversite", "internal") / "tables.json").read_text(encoding="utf-8"))

    labels = {table["unit_label"]["fr"] for table in tables["tables"] if table["unit"] == "person_accompanied"}
    assert labels == {"personnes accompagnées"}


def test_a_choice_that_does_not_exist_stops_before_anything_is_read(tmp_path):
    installation = Installation(tmp_path)
    shutil.copytree(REPOSITORY / "config", tmp_path / "config")
    settings = tmp_path / "config" / "centres" / "demo_sortie.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"femmes"', '"clientes"'), encoding="utf-8")

    ended = installation.run("report", "--centre", "demo_sortie")

    assert ended.returncode == 2
    assert "les voici\u00a0: personnes, femmes," in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
