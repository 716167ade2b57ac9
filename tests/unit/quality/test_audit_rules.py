"""The same figure told twice, and the rule book as far as printed totals tell."""

import shutil
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.language import Language
from pipelines.quality.audit_settings import read_audit_settings
from pipelines.quality.printed_figure import State
from tests.made_up_figures import audit, audit_of, causes, figures, only

SUMMARY = """
    accompagnements | A                | heures | hour | 73.5 | part
    accompagnements | B                | heures | hour | 90.5 | part
    accompagnements | Total            | heures | hour | 164  | total
    resume          | Accompagnements  | heures | hour | {}   | part
    resume          | Autres           | heures | hour | 11   | part
"""


@pytest.mark.parametrize(("value", "state"), [("164", State.VERIFIED), ("146", State.DISAGREES)])
def test_a_summary_repeats_the_total_of_the_table_it_names(value: str, state: State) -> None:
    assert only(audit_of(SUMMARY.format(value)), "told_twice").state is state


def test_digits_that_changed_places_in_a_copy_are_recognised() -> None:
    assert causes(only(audit_of(SUMMARY.format(146)), "told_twice")) == [
        "two digits changed places when the number was copied"
    ]


def test_a_label_alike_in_another_section_is_about_something_else() -> None:
    cafes = figures("cafes | Cafés | heures | hour | 48.5 | figure", section="exploitation")
    found = audit(
        [*cafes, *figures("resume | Cafés | heures | hour | 5 | part\nsuivis | A | heures | hour | 9 | part")]
    )

    assert found.outcomes == ()


def test_a_summary_in_a_section_of_its_own_is_compared_with_the_whole_report() -> None:
    detail = figures(
        """
        suivis | A     | heures | hour | 40 | part
        suivis | B     | heures | hour | 2  | part
        suivis | Total | heures | hour | 42 | total
        """
    )
    wrong = figures("Résumé | Suivis | heures | hour | 24 | part", section="Faits saillants")

    assert only(audit([*detail, *wrong]), "told_twice").state is State.TO_EXPLAIN


def test_lines_called_alike_in_two_tables_are_not_the_same_figure() -> None:
    drawn = """
        table a | Préparation | heures | hour | 15 | part
        table a | Total       | heures | hour | 15 | total
        table b | Préparation | heures | hour | 4  | part
        table b | Total       | heures | hour | 4  | total
    """

    assert {outcome.state for outcome in audit_of(drawn).outcomes} == {State.VERIFIED}


def test_a_line_may_be_the_sum_of_several_tables_of_its_name() -> None:
    drawn = """
        empreinte_eleves    | A         | heures | hour | 650.5 | part
        empreinte_eleves    | Total     | heures | hour | 650.5 | total
        empreinte_personnel | B         | heures | hour | 44    | part
        empreinte_personnel | Total     | heures | hour | 44    | total
        resume              | Empreinte | heures | hour | 694.5 | part
    """

    assert only(audit_of(drawn), "told_twice").state is State.VERIFIED


@pytest.mark.parametrize(("place", "state"), [("résumé", State.DISAGREES), ("page 12", State.DISAGREES)])
def test_one_label_in_two_places_of_the_report_is_one_figure(place: str, state: State) -> None:
    drawn = f"""
        reunions | Comité (texte)   | rencontres | count | 6 | figure
        reunions | Comité ({place}) | rencontres | count | 5 | figure
    """

    assert only(audit_of(drawn), "told_twice").state is state


def test_brackets_that_name_people_are_two_figures() -> None:
    drawn = """
        reunions | Suivis (femmes) | rencontres | count | 6 | figure
        reunions | Suivis (ados)   | rencontres | count | 5 | figure
    """

    assert audit_of(drawn).outcomes == ()


def test_the_same_figure_printed_twice_in_a_table_must_be_the_same() -> None:
    drawn = """
        membres | En règle | membres | count | 69 | figure
        membres | En règle | membres | count | {} | figure
    """

    assert only(audit_of(drawn.format(69)), "told_twice").state is State.VERIFIED
    assert only(audit_of(drawn.format(96)), "told_twice").state is State.DISAGREES


@pytest.mark.parametrize(
    ("row", "people", "meetings", "state"),
    [
        ("Suivis individuels", 57, 490, State.VERIFIED),
        ("Suivis individuels", 12, 230, State.TO_EXPLAIN),
        ("Rencontres d'urgence", 61, 142, State.VERIFIED),
        ("Rencontres d'urgence", 20, 142, State.TO_EXPLAIN),
        ("Suivis de l'entourage", 13, 29, State.VERIFIED),
        ("Suivis de l'entourage", 3, 29, State.TO_EXPLAIN),
    ],
)
def test_an_average_above_a_limit_proves_that_somebody_had_more(
    row: str, people: int, meetings: int, state: State
) -> None:
    drawn = f"""
        services | {row} | personnes  | count | {people}   | part
        services | {row} | rencontres | count | {meetings} | part
    """

    assert only(audit_of(drawn), "rule").state is state


@pytest.mark.parametrize(
    ("measure", "value", "state"),
    [
        ("participantes", 8, State.VERIFIED),
        ("participantes", 9, State.TO_EXPLAIN),
        ("rencontres", 22, State.VERIFIED),
        ("rencontres", 23, State.TO_EXPLAIN),
    ],
)
def test_a_group_has_a_size_and_a_number_of_meetings(measure: str, value: int, state: State) -> None:
    assert only(audit_of(f"groupes | Automne | {measure} | count | {value} | part"), "rule").state is state


@pytest.mark.parametrize(
    ("row", "few", "many", "less", "more", "state"),
    [
        ("Accompagnements IVAC", "personnes", "rencontres", 32, 46, State.VERIFIED),
        ("Accompagnements IVAC", "personnes", "rencontres", 64, 46, State.DISAGREES),
        ("Trousses", "femmes_rejointes", "references_recues", 48, 41, State.DISAGREES),
        ("Automne", "participantes_fin", "participantes_debut", 7, 5, State.TO_EXPLAIN),
    ],
)
def test_a_figure_that_cannot_exceed_another(row: str, few: str, many: str, less: int, more: int, state: State) -> None:
    drawn = f"t | {row} | {few} | count | {less} | part\nt | {row} | {many} | count | {more} | part"

    assert only(audit_of(drawn), "no_more_than").state is state


def test_a_group_has_more_persons_than_meetings() -> None:
    drawn = "cafes | Cafés | personnes | count | 12 | part\ncafes | Cafés | rencontres | count | 3 | part"

    assert audit_of(drawn).outcomes == ()


@pytest.mark.parametrize(("year", "state"), [(253, State.VERIFIED), (953, State.DISAGREES)])
def test_a_year_counts_no_more_than_all_years(year: int, state: State) -> None:
    drawn = f"""
        soutien | 2023-2024   | soutiens | count | {year} | figure
        soutien | Depuis 2018 | soutiens | count | 709    | figure
    """

    assert only(audit_of(drawn), "no_more_than").state is state


def test_a_limit_of_the_audit_is_that_of_the_rule_book(repository: Path, tmp_path: Path) -> None:
    for name in ("audit.toml", "rules.toml"):
        shutil.copy(repository / "config" / name, tmp_path)
    book = (tmp_path / "rules.toml").read_text(encoding="utf-8")
    (tmp_path / "rules.toml").write_text(book.replace("at_most = 8\n", "at_most = 9\n"), encoding="utf-8")

    limits = {limit.words.rule: limit.at_most for limit in read_audit_settings(tmp_path).limits}

    assert limits["group-size"] == 9
    assert len(limits) == 5


def test_a_limit_that_the_rule_book_does_not_hold_is_refused(repository: Path, tmp_path: Path) -> None:
    shutil.copy(repository / "config" / "audit.toml", tmp_path)
    book = (repository / "config" / "rules.toml").read_text(encoding="utf-8")
    (tmp_path / "rules.toml").write_text(book.replace('id = "group-size"', 'id = "other"'), encoding="utf-8")

    with pytest.raises(ConfigurationError) as caught:
        read_audit_settings(tmp_path)

    assert "group-size" in caught.value.one_line(Language("en"))
