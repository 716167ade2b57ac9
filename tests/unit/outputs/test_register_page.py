"""The page that goes out with a release: what the regulation asks for, and nothing that helps an attacker."""

import datetime
import html
import json
import re
import stat
from dataclasses import replace

import pytest
from pydantic import ValidationError

from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.register_settings import RegisterSettings, require_person_in_charge
from pipelines.disclosure.release_files import CELLS_FILE, write_release_tables
from pipelines.errors import DisclosureGateFailed
from pipelines.language import Language
from pipelines.outputs.register_page import Signatures, read_signatures, share_shown, write_register
from pipelines.storage import fingerprint_file
from tests.made_up_release import made_up_release, table
from tests.unit.outputs.made_up_protection import (
    TITLES,
    protected_release,
    register_facts,
    register_settings,
)


def page(folder, release=None, settings=None, signatures=None, **changes) -> str:
    path = folder / "registre.html"
    write_register(
        release or protected_release(),
        register_facts(**changes),
        settings or register_settings(),
        path,
        titles=TITLES,
        signatures=signatures,
    )
    return path.read_text(encoding="utf-8")


def side(text: str, tag: str) -> str:
    """What a person reads of the page in one language."""
    section = text.split(f'<section lang="{tag}"')[1].split("</section>")[0].split(">", 1)[1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", section))).strip()


def french(folder, **given) -> str:
    return side(page(folder, **given), "fr-CA")


@pytest.mark.parametrize(
    "sentence",
    [
        "Règlement sur l'anonymisation des renseignements personnels (A-2.1, r. 0.1)",
        "Renseignements 22 tableaux de dénombrement, 2023-2024. Les demandes d'aide reçues dans l'année.",
        "Fins Faire connaître les besoins.",
        "Personne responsable Dominique Exemple, Responsable de la protection des renseignements.",
        "Critère d'individualisation Aucune cellule qui porte sur 1 à 4 personnes n'est affichée.",
        "Critère de corrélation Tous les tableaux, et tout ce qui a déjà été publié, sont protégés ensemble "
        "(registre des publications, version 2).",
        "Critère d'inférence Sur un sujet sensible",
        "Techniques Les petites cellules sont masquées, puis d'autres",
        "Plan de regroupement : Formes et âge : non publié.",
        "Mesures de sécurité Les dossiers restent au centre, sur un disque chiffré.",
        "Risque résiduel Très faible : le niveau S1 est atteint. Une cellule masquée qui peut être petite garde au "
        "moins 4 valeurs possibles.",
        "Analyse des risques Faite le 1er juin 2024. À refaire avant chaque publication, et au plus tard le "
        "1er juin 2025.",
        "k = 5; niveau S1. Cellules affichées : 418; masquées : 13.",
        "Recherche : HiGHS 1.15.1, 3,4 s.",
        "La règle de moins de 5 est d'usage.",
    ],
)
def test_the_register_holds_what_the_regulation_asks_for(tmp_path, sentence):
    assert sentence in french(tmp_path)


def test_the_same_entries_are_there_in_english(tmp_path):
    text = page(tmp_path)

    assert text.count("<dt>") == 2 * side_entries(text, "fr-CA") == 2 * side_entries(text, "en-CA")
    assert "Person in charge Dominique Exemple, Privacy officer." in side(text, "en-CA")


def side_entries(text, tag):
    return text.split(f'<section lang="{tag}"')[1].split("</section>")[0].count("<dt>")


def test_the_checksum_is_that_of_the_published_cells(tmp_path):
    write_release_tables(protected_release(), tmp_path)

    assert f"<code>{fingerprint_file(tmp_path / CELLS_FILE)}</code>" in page(tmp_path)


@pytest.mark.parametrize(
    "word", ["complémentaire", "primaire", "secondaire", "primary", "secondary", "insider", "minimum"]
)
def test_no_number_of_small_or_further_cells_is_told(tmp_path, word):
    assert word not in page(tmp_path)


def test_without_an_interval_none_is_told(tmp_path):
    assert "valeurs possibles" not in french(tmp_path, narrowest=None)


def test_a_draft_has_places_to_sign_and_says_where_the_approval_is_recorded(tmp_path):
    text = page(tmp_path)

    assert text.count("<td></td>") == 6
    assert "L'approbation est consignée dans approval.json" in side(text, "fr-CA")


def test_a_signed_copy_names_who_answers_for_the_release(tmp_path):
    signatures = Signatures("Camille Exemple", "Ariane Exemple", datetime.date(2024, 6, 3), 3)
    told = french(tmp_path, signatures=signatures)

    assert "Préparé par Camille Exemple Approuvé par Ariane Exemple Approuvé le 3 juin 2024" in told
    assert "Inscription 3 du registre des publications." in told
    assert "ébauche" not in told


def test_signatures_are_read_from_the_approval_of_the_folder(tmp_path):
    approval = {"prepared_by": "A", "approved_by": "B", "approved_on": "2024-06-03", "ledger_number": 3}
    (tmp_path / "approval.json").write_text(json.dumps({"version": 1, **approval}), encoding="utf-8")

    assert read_signatures(tmp_path) == Signatures("A", "B", datetime.date(2024, 6, 3), 3)


def test_a_draft_has_no_signatures(tmp_path):
    assert read_signatures(tmp_path) is None


def test_an_internal_release_has_no_register_entry(tmp_path):
    with pytest.raises(ValueError, match="not protected"):
        page(tmp_path, release=made_up_release())


def test_a_real_centre_without_a_person_in_charge_gets_a_draft_that_says_so(tmp_path):
    told = french(
        tmp_path, release=protected_release(is_fictitious=False), settings=register_settings(person_in_charge="  ")
    )

    assert "Personne responsable À désigner avant l'approbation." in told


def test_without_a_person_in_charge_the_approval_is_refused():
    with pytest.raises(DisclosureGateFailed) as refused:
        require_person_in_charge(register_settings(person_in_charge=""))

    assert refused.value.one_line(Language("fr")).startswith("Le rapport ne peut pas être approuvé. Son registre")


def test_with_a_person_in_charge_the_approval_is_not_refused():
    require_person_in_charge(register_settings())


def test_a_made_up_centre_names_nobody(tmp_path):
    assert "Personne : le centre est fictif." in french(tmp_path, settings=register_settings(person_in_charge=""))


@pytest.mark.parametrize(
    "wrong", [{"review_months": 0}, {"security_measures": []}, {"purpose": {"fr": "", "en": ""}}, {"reviewer": "x"}]
)
def test_settings_that_cannot_be_used_are_refused(wrong):
    with pytest.raises(ValidationError):
        register_settings(**wrong)


def test_the_risks_are_analysed_again_after_a_year_unless_it_is_said_otherwise():
    written = register_settings().model_dump(exclude={"review_months"})

    assert RegisterSettings.model_validate(written).review_months == 12


@pytest.mark.parametrize(
    ("made_on", "months", "written"),
    [
        (datetime.date(2024, 2, 29), 12, "28 février 2025"),
        (datetime.date(2024, 8, 31), 6, "28 février 2025"),
        (datetime.date(2023, 12, 15), 1, "15 janvier 2024"),
    ],
)
def test_the_next_analysis_falls_on_a_day_that_exists(tmp_path, made_on, months, written):
    told = french(tmp_path, settings=register_settings(review_months=months), made_on=made_on)

    assert f"au plus tard le {written}." in told


def whole_table(**counts):
    release = protected_release()
    one = release.table("requester_type")
    return replace(release, tables=(table("requester_type", one.dimensions[0], counts, total=100),))


def test_the_share_shown_is_that_of_the_published_cells():
    assert share_shown(whole_table(femme=70, ado=CellStatus.HIDDEN, proche=CellStatus.HIDDEN)) == 700


def test_no_share_is_told_of_a_total_that_is_hidden():
    hidden = whole_table(femme=70)
    one = hidden.tables[0]
    cells = tuple(
        replace(cell, value=None, status=CellStatus.HIDDEN) if cell is one.total else cell for cell in one.cells
    )

    assert share_shown(replace(hidden, tables=(replace(one, cells=cells),))) is None


def test_a_label_cannot_become_markup(tmp_path):
    evil = register_settings(purpose={"fr": "<script>1</script>", "en": "<script>1</script>"})

    assert "<script" not in page(tmp_path, settings=evil)


def test_the_page_asks_for_nothing_and_runs_nothing(tmp_path):
    text = page(tmp_path)

    assert "content=\"default-src 'none';" in text
    assert re.findall(r"(?:\ssrc=|\shref=|url\(|@import|https?:|<script)", text) == []


def test_the_page_is_private(tmp_path):
    page(tmp_path)

    assert stat.S_IMODE((tmp_path / "registre.html").stat().st_mode) == 0o600
