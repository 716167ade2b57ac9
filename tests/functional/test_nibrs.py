"""A relational export that nobody here wrote: FBI NIBRS, Minnesota 2018, against answers computed without this project.

Forty files, one an entity, with lookup tables; 455 victims of a sexual offence among 21,377.
"""

from collections import Counter
from pathlib import Path

import pytest

from tests.foreign_centre import (
    BANDS,
    ForeignCentre,
    accounted,
    codes_of,
    ingest,
    read_csv,
    run_bilan,
    through,
    unmapped_cells,
)

VICTIMS = 455
NO_LINK = "(no relationship recorded)"


@pytest.fixture(scope="module")
def export(shared_data: Path) -> Path:
    folder = shared_data / "nibrs_mn_2018"
    if not folder.is_dir():
        pytest.skip("the export of NIBRS (../shared/data/nibrs_mn_2018) is not on this machine")
    return folder


@pytest.fixture(scope="module")
def nibrs(export: Path, tmp_path_factory: pytest.TempPathFactory) -> ForeignCentre:
    return ingest(tmp_path_factory.mktemp("nibrs"), "nibrs_mn", export, "2018")


def answers(export: Path, name: str) -> list[dict[str, str]]:
    return read_csv(export / "expected" / f"{name}.csv")


def test_every_victim_of_a_sexual_offence_is_there_and_no_other(nibrs: ForeignCentre, export: Path) -> None:
    ((victims, rows),) = nibrs.query("select count(distinct request_id), count(*) from core_request")

    assert victims == rows == VICTIMS == int(answers(export, "totals")[0]["victims"])


def test_no_record_of_any_file_is_unaccounted_for(nibrs: ForeignCentre, export: Path) -> None:
    files = {
        "incident": "NIBRS_incident.csv",
        "offense": "NIBRS_OFFENSE.csv",
        "victim": "NIBRS_VICTIM.csv",
        "victim_offense": "NIBRS_VICTIM_OFFENSE.csv",
        "victim_offender_rel": "NIBRS_VICTIM_OFFENDER_REL.csv",
        "arrestee": "NIBRS_ARRESTEE.csv",
    }
    expected = {row["table_name"]: int(row["n_rows"]) for row in answers(export, "row_counts")}

    assert {table: nibrs.file(name)["records"] for table, name in files.items()} == {
        table: expected[table] for table in files
    }
    assert accounted(nibrs)


def test_the_age_at_the_aggression_equals_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    expected = {BANDS[row["age_band"]]: int(row["victims"]) for row in answers(export, "by_age_band")}

    assert nibrs.by_code("age_at_aggression", "2018") == expected


def test_each_age_in_years_equals_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    expected = {
        int(row["age_years"]): int(row["victims"]) for row in answers(export, "by_age_exact") if row["age_years"]
    }

    counted = nibrs.query("select age_at_aggression, count(*) from core_aggression group by 1")
    assert {age: count for age, count in counted if age is not None} == expected


def test_the_relationship_by_pair_equals_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    pairs = [(row["RELATIONSHIP_CODE"], row["victim_offender_pairs"]) for row in answers(export, "by_relationship")]

    assert nibrs.by_code("relationship", "2018") == through(codes_of("nibrs_mn", "relationship"), pairs)


def test_the_relationship_by_victim_equals_the_answer_where_one_word_has_a_code(
    nibrs: ForeignCentre, export: Path
) -> None:
    # A victim counts under each relationship: words that share a code cannot be added up from the answer.
    code_of = codes_of("nibrs_mn", "relationship")
    words = [row["RELATIONSHIP_CODE"].casefold() for row in answers(export, "by_relationship")]
    shared = Counter(code_of[word] for word in words)
    expected = {
        code_of[row["RELATIONSHIP_CODE"].casefold()]: int(row["victims_with_this_relationship"])
        for row in answers(export, "by_relationship")
        if shared[code_of[row["RELATIONSHIP_CODE"].casefold()]] == 1
    }

    counted = dict(
        nibrs.query("select relationship_code, count(distinct aggression_id) from core_aggressor_link group by 1")
    )
    assert len(expected) > 12
    assert {code: counted[code] for code in expected} == expected


def test_the_relationship_by_victim_equals_the_rows_of_the_files_where_words_share_a_code(
    nibrs: ForeignCentre, export: Path
) -> None:
    # Counted here from the files themselves, apart from the program; words with a code of their own equal the answer.
    offences = {row["OFFENSE_ID"]: row["OFFENSE_TYPE_ID"] for row in read_csv(export / "NIBRS_OFFENSE.csv")}
    types = {row["OFFENSE_TYPE_ID"]: row["OFFENSE_CODE"] for row in read_csv(export / "NIBRS_OFFENSE_TYPE.csv")}
    sexual = {row["OFFENSE_CODE"] for row in answers(export, "by_offense")}
    victims = {
        row["VICTIM_ID"]
        for row in read_csv(export / "NIBRS_VICTIM_OFFENSE.csv")
        if types[offences[row["OFFENSE_ID"]]] in sexual
    }
    words = {row["RELATIONSHIP_ID"]: row["RELATIONSHIP_CODE"] for row in read_csv(export / "NIBRS_RELATIONSHIP.csv")}
    code_of = codes_of("nibrs_mn", "relationship")
    pairs = {
        (code_of[words[row["RELATIONSHIP_ID"]].casefold()], row["VICTIM_ID"])
        for row in read_csv(export / "NIBRS_VICTIM_OFFENDER_REL.csv")
        if row["VICTIM_ID"] in victims
    }

    counted = dict(
        nibrs.query("select relationship_code, count(distinct aggression_id) from core_aggressor_link group by 1")
    )
    assert len(victims) == VICTIMS
    assert counted == Counter(code for code, _ in pairs)


def test_what_the_victim_was_is_turned_into_what_the_aggressor_is(nibrs: ForeignCentre, export: Path) -> None:
    # Written out here by hand, so that a wrong line of the mapping cannot prove itself right.
    said = {row["RELATIONSHIP_NAME"].casefold(): row for row in answers(export, "by_relationship")}
    turned = {
        "parent_non_precise": "victim was child",
        "grand_parent": "victim was grandchild",
        "gardien": "victim was babysittee",
        "patron": "victim was employee",
        "conjoint": "victim was spouse",
        "inconnu": "victim was stranger",
        "ne_sait_pas": "relationship unknown",
    }

    counted = nibrs.by_code("relationship", "2018")
    assert {code: counted[code] for code in turned} == {
        code: int(said[word]["victim_offender_pairs"]) for code, word in turned.items()
    }


def test_victims_without_and_with_several_offenders_equal_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    expected = {int(row["offenders_linked"]): int(row["victims"]) for row in answers(export, "offenders_per_victim")}

    counted = nibrs.query(
        "select links, count(*) from (select count(link_id) as links from core_aggression"
        " left join core_aggressor_link using (aggression_id) group by aggression_id) group by 1"
    )
    assert dict(counted) == expected


def test_age_by_relationship_equals_the_answer_by_victim(nibrs: ForeignCentre, export: Path) -> None:
    names = {
        row["RELATIONSHIP_NAME"].casefold(): row["RELATIONSHIP_CODE"] for row in answers(export, "by_relationship")
    }
    code_of = codes_of("nibrs_mn", "relationship")
    rows = answers(export, "age_band_x_relationship")
    shared = Counter(code_of[code.casefold()] for code in names.values())
    expected = {
        (BANDS[row["age_band"]], code): int(row["victims"])
        for row in rows
        if row["relationship"] != NO_LINK
        and shared[code := code_of[names[row["relationship"].casefold()].casefold()]] == 1
    }

    counted = {
        (band, code): count
        for band, code, count in nibrs.query(
            "select age_at_aggression_code, relationship_code, count(distinct aggression_id)"
            " from core_aggressor_link join core_aggression using (aggression_id) group by 1, 2"
        )
        if shared[code] == 1
    }
    assert counted == expected


def test_the_place_of_the_aggression_equals_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    said = [(row["LOCATION_CODE"], row["victims"]) for row in answers(export, "by_location")]

    assert nibrs.by_code("location", "2018") == through(codes_of("nibrs_mn", "location"), said)


def test_the_residence_equals_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    code_of = {"(blank)": "non_disponible"} | codes_of("nibrs_mn", "residence")
    said = [(row["resident_status"], row["victims"]) for row in answers(export, "by_resident_status")]

    assert nibrs.by_code("residence", "2018") == through(code_of, said)


def test_the_clearance_of_incidents_equals_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    # The answer counts incidents, the report victims: the rows of the file tell which victims share one.
    incident_of = {row["VICTIM_ID"]: row["INCIDENT_ID"] for row in read_csv(export / "NIBRS_VICTIM.csv")}
    outcome = {
        ("cleared by arrest", "N"): "arrestation",
        ("exceptionally cleared", "B"): "poursuite_refusee",
        ("exceptionally cleared", "D"): "victime_retiree",
        ("exceptionally cleared", "E"): "mineur_sans_detention",
        ("not cleared", "N"): "non_resolue",
    }
    expected = {
        outcome[row["disposition"], row["cleared_except_code"]]: int(row["incidents"])
        for row in answers(export, "by_clearance")
    }

    cleared = {
        (incident_of[victim], code)
        for victim, code in nibrs.query("select request_id, after_request_code from core_disposition")
    }
    assert Counter(code for _, code in cleared) == expected


def test_the_forms_equal_the_offences(nibrs: ForeignCentre, export: Path) -> None:
    said = {row["OFFENSE_CODE"]: int(row["victims"]) for row in answers(export, "by_offense")}

    counted = nibrs.by_code("aggression_form", "2018")
    assert counted["attouchements"] == said["11D"]
    assert counted["penetration"] + counted["tentative_penetration"] == sum(said.values()) - said["11D"]


def test_the_months_equal_the_answer(nibrs: ForeignCentre, export: Path) -> None:
    expected = {row["incident_month"]: int(row["victims"]) for row in answers(export, "by_month")}

    assert (
        dict(nibrs.query("select strftime(request_date, '%Y-%m'), count(*) from core_request group by 1")) == expected
    )


def test_no_word_of_the_export_is_left_without_a_code(nibrs: ForeignCentre) -> None:
    assert unmapped_cells(nibrs) == 0


@pytest.mark.parametrize("table", ["requester_type", "referral_source", "delay", "disposition_after_first_meeting"])
def test_what_the_police_do_not_record_is_said_to_be_not_collected(nibrs: ForeignCentre, table: str) -> None:
    assert nibrs.tables("2018")[table] == {"not_collected"}


def test_the_reports_are_made_with_the_centre_s_own_table_and_no_small_number_in_public(
    nibrs: ForeignCentre, export: Path
) -> None:
    done = run_bilan("report", "--home", str(nibrs.home), "--centre", "nibrs_mn", "--raw", str(export))

    assert done.returncode == 0, done.stderr
    for audience in ("internal", "public"):
        page = nibrs.home / "reports" / "nibrs_mn" / "2018" / audience / "dashboard.html"
        assert "Lieu de l&#39;agression" in page.read_text(encoding="utf-8")
    cells = read_csv(nibrs.home / "reports" / "nibrs_mn" / "2018" / "public" / "cells.csv")
    shown = [int(row["value"]) for row in cells if row["status"] == "shown"]
    assert len(shown) > 100
    assert [value for value in shown if 0 < value < 5] == []
    # What goes beside the page is told in words that nobody here wrote: none may pass for a number.
    attacked = run_bilan("attack", str(nibrs.home / "reports" / "nibrs_mn" / "2018" / "public"))
    assert attacked.returncode == 0, attacked.stdout + attacked.stderr
