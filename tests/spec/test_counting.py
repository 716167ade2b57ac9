"""What each table counts, drawn small enough to be checked by eye."""

from pathlib import Path

import pytest

from tests.small_centre import SmallCentre, counts

REQUESTS = """
    request_id | person_id | request_date | requester_type_code | age_at_request
    D1         | P1        | 2023-04-01   | victime_femme       | 30
    D2         | P1        | 2024-03-31   | victime_femme       | 31
    D3         | P2        | 2023-06-15   | victime_ado         | 15
    D4         | P3        | 2024-04-01   | victime_femme       | 44
    D5         | P4        | 2023-03-31   | parent              | ?
"""
AGGRESSIONS = """
    aggression_id | request_id | aggression_date | age_at_aggression
    A1            | D1         | 2023-03-28      | 30
    A2            | D1         | 2003-04-01      | 10
    A3            | D3         | ?               | 11
    A4            | D4         | 2024-03-01      | 44
"""


def test_a_fiscal_year_begins_on_the_first_of_april_and_ends_on_the_last_of_march(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)

    table = centre.count("requester_type", "2023-2024")

    assert counts(table) == {"victime_femme": 2, "victime_ado": 1, "_total": 3}


def test_a_calendar_year_is_a_setting_of_the_centre(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)
    fiscal = centre.settings.read_text(encoding="utf-8")
    centre.settings.write_text(fiscal.replace('kind = "fiscal"', 'kind = "calendar"'), encoding="utf-8")

    table = centre.count("requester_type", "2023")

    assert counts(table) == {"victime_femme": 1, "victime_ado": 1, "parent": 1, "_total": 3}


def test_a_code_that_nobody_carries_is_counted_zero(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)

    table = centre.count("requester_type")

    assert {cell.codes[0]: cell.count for cell in table.cells}["centre_designe"] == 0


def test_a_person_with_two_requests_is_one_person_behind_them(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)

    table = centre.count("requester_type")

    persons = {cell.codes[0]: cell.person_count for cell in table.cells}
    assert persons["victime_femme"] == 1
    assert persons["_total"] == 2


def test_an_age_falls_in_its_band_and_in_the_class_of_the_band(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, aggression=AGGRESSIONS)

    table = centre.count("age_at_aggression")

    assert counts(table) == {
        "groupe_00_11": 2,
        "age_06_11": 2,
        "groupe_25_plus": 1,
        "age_25_34": 1,
        "_total": 3,
    }


def test_a_missing_answer_is_counted_under_its_kind(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)

    table = centre.count("age_at_request", "2022-2023")

    assert counts(table) == {"ne_sait_pas": 1, "_total": 1}


def test_the_delay_counts_the_days_from_the_aggression_to_the_request(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, aggression=AGGRESSIONS)

    table = centre.count("delay")

    codes = {code.code: code.label.fr for code in table.dimensions[0].codes}
    counted = {codes.get(code, code): count for code, count in counts(table).items()}
    assert counted["_total"] == 3
    assert sorted(counted.values()) == [1, 1, 1, 3]
    assert "ne_sait_pas" in counts(table)


@pytest.mark.parametrize(("days", "position"), [(0, 0), (4, 0), (5, 1), (30, 1), (31, 2), (364, 2), (365, 3)])
def test_a_delay_at_the_edge_of_a_band_falls_on_its_side(tmp_path: Path, days: int, position: int) -> None:
    from datetime import date, timedelta

    told = date(2023, 12, 31)
    centre = SmallCentre(
        tmp_path,
        request=f"request_id | request_date\nD1 | {told}",
        aggression=f"aggression_id | request_id | aggression_date\nA1 | D1 | {told - timedelta(days=days)}",
    )

    table = centre.count("delay")

    counted = [cell.codes[0] for cell in table.cells if cell.count]
    assert counted[0] == table.dimensions[0].codes[position].code


LINKS = """
    aggression_id | relationship_code
    A1            | conjoint
    A1            | inconnu
    A2            | pere
    A3            | non_demande
    A4            | pere
"""


def test_relationships_are_counted_per_aggressor_at_two_levels(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, aggression=AGGRESSIONS, aggressor_link=LINKS)

    table = centre.count("relationship")

    assert counts(table) == {
        "classe_partenaire": 1,
        "conjoint": 1,
        "classe_famille_proche": 1,
        "pere": 1,
        "classe_inconnu": 1,
        "inconnu": 1,
        "non_demande": 1,
        "_total": 4,
    }


def test_forms_are_counted_per_aggression_and_do_not_add_up(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request=REQUESTS,
        aggression=AGGRESSIONS,
        aggression_form="""
            aggression_id | form_code
            A1            | penetration
            A1            | cyberviolence
            A2            | penetration
            A4            | penetration
        """,
    )

    table = centre.count("aggression_form")

    assert counts(table) == {"penetration": 2, "cyberviolence": 1, "non_disponible": 1, "_total": 3}


def test_only_the_main_referral_source_is_counted(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request=REQUESTS,
        referral="""
            request_id | referral_source_code | is_main
            D1         | police               | non
            D1         | elle_meme            | oui
            D2         | ecole_cegep          | oui
        """,
    )

    table = centre.count("referral_source")

    leaves = {code for code, count in counts(table).items()}
    assert {"elle_meme", "ecole_cegep", "non_disponible"} <= leaves
    assert "police" not in leaves
    assert counts(table)["_total"] == 3


def test_the_first_source_is_the_main_one_where_the_export_does_not_say(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request=REQUESTS,
        referral="""
            request_id | referral_source_code
            D1         | police
            D1         | elle_meme
        """,
    )

    table = centre.count("referral_source")

    assert counts(table)["police"] == 1
    assert "elle_meme" not in counts(table)


def test_a_request_without_a_record_is_not_available_rather_than_lost(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request=REQUESTS,
        residence="""
            request_id | residence_code
            D1         | joliette
            D3         | matawinie
        """,
    )

    table = centre.count("residence")

    assert counts(table)["non_disponible"] == 1
    assert counts(table)["_total"] == 3


def test_a_request_without_a_first_meeting_is_not_among_its_outcomes(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request=REQUESTS,
        disposition="""
            request_id | after_request_code | after_first_meeting_code
            D1         | premiere_rencontre | suivi_individuel
            D2         | ecoute_info        | sans_objet
            D3         | premiere_rencontre | ?
        """,
    )

    table = centre.count("disposition_after_first_meeting")

    assert counts(table) == {"suivi_individuel": 1, "ne_sait_pas": 1, "_total": 2}


def test_a_table_whose_column_the_export_lacks_is_not_collected(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS)

    table = centre.count("relationship")

    assert not table.is_collected
    assert table.cells == ()


def test_a_cross_table_has_all_its_margins(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=REQUESTS, aggression=AGGRESSIONS, aggressor_link=LINKS)

    table = centre.count("age_by_relationship")

    counted = {cell.codes: cell.count for cell in table.cells if cell.count}
    assert counted == {
        ("groupe_25_plus", "classe_partenaire"): 1,
        ("groupe_25_plus", "classe_inconnu"): 1,
        ("groupe_25_plus", "_total"): 2,
        ("groupe_00_11", "classe_famille_proche"): 1,
        ("groupe_00_11", "non_demande"): 1,
        ("groupe_00_11", "_total"): 2,
        ("_total", "classe_partenaire"): 1,
        ("_total", "classe_inconnu"): 1,
        ("_total", "classe_famille_proche"): 1,
        ("_total", "non_demande"): 1,
        ("_total", "_total"): 4,
    }


WHOLE_YEARS = """
    request_id | request_date | requester_type_code
    D1         | 2021-03-20   | parent
    D2         | 2021-04-05   | victime_femme
    D3         | 2022-03-20   | victime_femme
    D4         | 2022-04-05   | parent
    D5         | 2023-03-20   | victime_femme
    D6         | 2023-04-05   | victime_femme
"""


def test_a_comparison_leaves_out_the_years_covered_in_part_and_says_so(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=WHOLE_YEARS)

    table = centre.count("requester_type_by_year", "2022-2023")

    counted = {cell.codes: cell.count for cell in table.cells if cell.count}
    assert counted == {
        ("2021-2022", "victime_femme"): 2,
        ("2021-2022", "_total"): 2,
        ("2022-2023", "victime_femme"): 1,
        ("2022-2023", "parent"): 1,
        ("2022-2023", "_total"): 2,
    }
    assert any("2020-2021" in note.fr for note in table.notes)


def test_a_comparison_never_looks_past_the_year_of_the_report(tmp_path: Path) -> None:
    centre = SmallCentre(tmp_path, request=WHOLE_YEARS)

    table = centre.count("requester_type_by_year", "2021-2022")

    assert {cell.codes[0] for cell in table.cells} == {"2021-2022"}


def test_a_year_without_a_request_between_two_whole_ones_is_told(tmp_path: Path) -> None:
    gap = WHOLE_YEARS.replace("2022-04-05", "2023-04-05").replace("2023-03-20", "2024-03-20")
    centre = SmallCentre(tmp_path, request=gap)

    table = centre.count("requester_type_by_year", "2023-2024")

    assert [code.code for code in table.dimensions[0].codes] == ["2021-2022", "2023-2024"]
    assert any(note.en.startswith("2022-2023: the export holds nothing of that year") for note in table.notes)
