"""What a coordinator reads on a Sunday: what is hidden, why, and what she could publish instead."""

import html
import re
import stat
from dataclasses import replace

import pytest

from pipelines.disclosure.protection_report import Alternative, AlternativeKind, HiddenBecause, TableProtectionReport
from pipelines.disclosure.release_table import SafetyLevel
from pipelines.language import NO_BREAK_SPACE, Language, Text
from pipelines.outputs.protection_page import page_name, write_protection_page
from tests.unit.outputs.made_up_protection import TITLES, protected_release, protection_report


def page(folder, language="fr", release=None, **changes) -> str:
    """The page as it is written."""
    path = folder / "protection.html"
    report = protection_report(**changes)
    write_protection_page(report, release or protected_release(), path, Language(language), titles=TITLES)
    return path.read_text(encoding="utf-8")


def words(text: str) -> str:
    """What a person reads of a page, its unbreakable spaces as plain ones."""
    body = text.split("</style>", 1)[1]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def article(text: str, table_id: str) -> str:
    return words("</style>" + text.split(f'id="{table_id}"')[1].split("</article>")[0])


def with_table(table_id, **changes):
    """The report's tables, one of them changed."""
    return tuple(
        replace(table, **changes) if table.table_id == table_id else table for table in protection_report().tables
    )


def test_the_page_says_that_it_must_not_be_distributed(tmp_path):
    assert words(page(tmp_path)).strip().startswith("NE PAS DIFFUSER : cette page dit")


def test_every_printed_sheet_says_that_it_must_not_be_distributed(tmp_path):
    margins = re.findall(r'@(?:top|bottom)-center \{ content: "([^"]+)"', page(tmp_path))

    assert [margin[:15] for margin in margins] == ["NE PAS DIFFUSER"] * 2


def test_the_first_line_counts_the_cells_that_are_shown_and_hidden(tmp_path):
    assert re.search(r'class="verdict ready"[^>]*>Cellules affichées.: 418 sur 431; masquées.: 13\.<', page(tmp_path))


@pytest.mark.parametrize(
    "sentence",
    [
        "Moins de 5 personnes : Mère",
        "« Frère ou soeur » : sans elle, on retrouverait « Mère » par soustraction",
        "Fusionner « Inconnu » et « Forces de l'ordre » : 8 cellules masquées dans tout le rapport au lieu de 13; "
        "1 cellule de moins dans les tableaux.",
        "Publier les classes seulement, sans leur détail : 9 cellules masquées dans tout le rapport au lieu de 13; "
        "10 cellules de moins dans les tableaux.",
    ],
)
def test_a_table_tells_what_is_hidden_why_and_what_else_could_be_published(tmp_path, sentence):
    assert sentence in article(page(tmp_path), "relationship")


@pytest.mark.parametrize(
    "sentence",
    [
        "12-17 ans (classe) : Famille proche; Entourage",
        "Déjà masquée dans un rapport publié, elle le reste : 12-17 ans (classe) : Inconnu",
        "la publier dirait celle de chaque personne : 25 ans et plus (classe) : Partenaire amoureux/intime",
        "on retrouverait par soustraction une cellule masquée d'une autre ligne ou d'un autre tableau",
        "Retirer ce tableau : 6 cellules masquées dans tout le rapport au lieu de 13",
    ],
)
def test_a_cross_table_is_told_row_by_row(tmp_path, sentence):
    release = protected_release()
    crossed = release.table("age_by_relationship")
    sides = tuple(replace(side, codes=named_apart(side)) for side in crossed.dimensions)
    tables = tuple(replace(crossed, dimensions=sides) if table is crossed else table for table in release.tables)

    assert sentence in article(page(tmp_path, release=replace(release, tables=tables)), "age_by_relationship")


def named_apart(side):
    """The codes with a second detail of the same name as its class in each class of ages."""
    twins = [replace(code, code=f"{code.code}_bis", parent=code.code) for code in side.codes if "groupe" in code.code]
    return (*side.codes, *twins)


def test_a_class_of_one_code_is_told_once(tmp_path):
    told = article(page(tmp_path), "relationship")

    assert "Forces de l'ordre" in told
    assert "Police" not in told


def test_many_cells_found_by_subtraction_are_named_in_part(tmp_path):
    hidden = {(code,): HiddenBecause.SMALL for code in ("pere", "mere")} | {("fratrie",): HiddenBecause.PROTECTS_OTHERS}
    hidden[("classe_famille",)] = HiddenBecause.SMALL
    told = article(page(tmp_path, tables=with_table("relationship", hidden=hidden)), "relationship")

    assert "on retrouverait « Père », « Mère » et 1 autre cellule par soustraction" in told


def test_a_cell_that_protects_is_not_said_to_be_what_another_protects(tmp_path):
    hidden = {("mere",): HiddenBecause.SMALL}
    hidden |= {(code,): HiddenBecause.PROTECTS_OTHERS for code in ("pere", "fratrie")}
    told = article(page(tmp_path, tables=with_table("relationship", hidden=hidden)), "relationship")

    assert told.count("on retrouverait « Mère » par soustraction") == 2


def test_the_table_that_can_be_told_best_comes_first(tmp_path):
    poorer = (Alternative(AlternativeKind.CLASSES_ONLY, (), 12, 90),)
    text = page(tmp_path, tables=with_table("relationship", alternatives=poorer))

    assert re.findall(r'<article class="rule" id="(\w+)"', text) == ["age_by_relationship", "relationship"]


def test_the_choice_that_costs_least_comes_first(tmp_path):
    told = article(page(tmp_path), "relationship")

    assert told.index("Fusionner") < told.index("Publier les classes")


def test_a_choice_that_would_hide_as_much_is_not_offered(tmp_path):
    useless = (Alternative(AlternativeKind.CLASSES_ONLY, (), 13, 2),)
    told = article(page(tmp_path, tables=with_table("relationship", alternatives=useless)), "relationship")

    assert "Publier les classes" not in told
    assert "Aucune autre façon de publier ce tableau" in told


@pytest.mark.parametrize(
    "sentence",
    [
        "Aucune cellule qui porte sur 1 à 4 personnes n'est affichée.",
        "chaque nombre de 1 à 4 reste possible pour une telle cellule",
        "garde 4 valeurs possibles.",
        "regroupent 97,3 % de ce qui a été compté.",
        "6 autres sont masquées pour qu'aucune soustraction ne les donne.",
        "Il est prouvé qu'il en faut au moins 5.",
        "Pour qui connaît déjà 1 enregistrement : 2 petites cellules masquées pourraient être précisées.",
        "qui ne changent plus : 2021-2022, 2022-2023.",
        "2022-2023 : 7 enregistrements saisis depuis sa publication ne sont pas comptés ici.",
        "Formes et âge : non publié.",
        "Lien avec l'agresseur : classes seulement.",
    ],
)
def test_the_summary_says_what_the_protection_did(tmp_path, sentence):
    assert sentence in words(page(tmp_path)).replace(NO_BREAK_SPACE, " ")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"late_records": {"2022-2023": 1}}, "1 enregistrement saisi depuis sa publication n'est pas compté ici"),
        ({"insider": {2: 1}}, "Pour qui connaît déjà 2 enregistrements : 1 petite cellule masquée pourrait être"),
        ({"narrowest": 1}, "garde 1 valeur possible."),
        ({"proven_least": 6}, "Il est prouvé qu'un plus petit nombre ne suffirait pas"),
    ],
)
def test_sentences_agree_in_number(tmp_path, changes, sentence):
    assert sentence in words(page(tmp_path, **changes))


def test_a_share_that_is_nearly_whole_is_not_said_to_be_whole(tmp_path):
    assert "regroupent 99,9 % de" in words(page(tmp_path, share_of_counts_shown=0.99996))


def test_the_stricter_level_is_told_in_plain_words(tmp_path):
    strict = replace(protection_report().protection, k=10, level=SafetyLevel.S2, zeros_are_published=False)
    told = words(page(tmp_path, protection=strict))

    assert "chaque nombre de 0 à 9 reste possible" in told
    assert "Personne ne peut prouver qu'une cellule masquée porte sur moins de 10 personnes." in told


def test_a_report_that_hides_nothing_offers_nothing(tmp_path):
    told = words(page(tmp_path, tables=(TableProtectionReport("relationship", 17, {}, ()),)))

    assert "Ce que vous pouvez faire" not in told
    assert "Rien n'est masqué dans ces tableaux Lien avec l'agresseur." in told


def test_no_count_of_a_cell_is_on_the_page(tmp_path):
    release = protected_release()
    others = tuple(
        replace(
            table,
            cells=tuple(one if one.value is None else replace(one, value=one.value + 90_000) for one in table.cells),
        )
        for table in release.tables
    )

    assert page(tmp_path, release=replace(release, tables=others)) == page(tmp_path)


def test_a_label_cannot_become_markup(tmp_path):
    evil = Text("<script>alert(1)</script>", "<script>alert(1)</script>")
    release = protected_release(centre_name=evil)
    tables = tuple(
        replace(
            table,
            title=evil,
            dimensions=tuple(
                replace(side, codes=tuple(replace(code, label=evil) for code in side.codes))
                for side in table.dimensions
            ),
        )
        for table in release.tables
    )

    assert "<script" not in page(tmp_path, release=replace(release, tables=tables))


def test_the_english_page_is_english(tmp_path):
    text = page(tmp_path, language="en")

    assert '<html lang="en-CA">' in text
    assert "DO NOT DISTRIBUTE" in text
    assert "“Frère ou soeur (en)”: without it, “Mère (en)” could be found by subtraction" in words(text)


def test_made_up_data_are_said_to_be_so(tmp_path):
    assert '<p class="banner">Données fictives</p>' in page(tmp_path)


def test_real_data_are_not_said_to_be_made_up(tmp_path):
    assert '<p class="banner">' not in page(tmp_path, release=protected_release(is_fictitious=False))


def test_the_page_asks_for_nothing_and_runs_nothing(tmp_path):
    text = page(tmp_path)

    assert "content=\"default-src 'none';" in text
    assert re.findall(r"(?:\ssrc=|\shref=|url\(|@import|https?:|<script)", text) == []


def test_the_page_is_private(tmp_path):
    page(tmp_path)

    assert stat.S_IMODE((tmp_path / "protection.html").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("audience", "name"),
    [("public", "protection-2023-2024.html"), ("bailleur", "protection-2023-2024-bailleur.html")],
)
def test_the_file_bears_the_year_and_another_audience(audience, name):
    assert page_name("2023-2024", audience) == name


def test_a_table_that_hides_more_cells_than_it_has_is_a_fault():
    with pytest.raises(ValueError, match="more cells"):
        TableProtectionReport("relationship", 0, {("mere",): HiddenBecause.SMALL}, ())
