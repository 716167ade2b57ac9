"""What is told over several years: series, their breaks and gaps, persons counted once, school years, unmet needs."""

from pathlib import Path

import pytest

from pipelines import show_comparison, show_series
from pipelines.codes import load_vocabularies
from pipelines.config import load_centre
from pipelines.disclosure.protect import show_everything
from pipelines.disclosure.release_table import Release
from pipelines.errors import ConfigurationError
from pipelines.language import Text
from pipelines.tables.over_years import school_year_of
from pipelines.units import DIMENSIONS
from tests.small_centre import SmallCentre, counts

REQUESTS = """
    request_id | person_id | request_date
    D1         | P1        | 2021-04-05
    D2         | P2        | 2022-03-20
    D3         | P3        | 2022-04-05
    D4         | P4        | 2023-03-20
    D5         | P5        | 2023-04-05
    D6         | P6        | 2024-03-20
"""
MEETINGS = """
    meeting_id | person_id | meeting_date | service_type_code  | direct_minutes
    R1         | P1        | 2021-05-01   | suivi_femme        | 1h00
    R2         | P2        | 2022-02-20   | suivi_femme        | 1h30
    R3         | P1        | 2022-10-20   | premiere_rencontre | 1h00
    R4         | P3        | 2023-05-06   | suivi_femme        | 2h00
    R5         | P1        | 2023-06-06   | suivi_femme        | 0h30
    R6         | P1        | 2024-03-06   | suivi_femme        | 0h30
"""
PAPER = """
[[coverage]]
entity = "meeting"
from = 2022-04-01
to = 2022-09-30
share = 0
reason = { fr = "d'avril à septembre sur papier", en = "on paper from April to September" }
"""
NEW_SYSTEM = """
[[break]]
on = 2022-04-01
concerns = ["meeting"]
what = { fr = "nouveau logiciel", en = "new software" }
"""


def centre_of(folder: Path, settings: str = "", **drawings: str) -> SmallCentre:
    return SmallCentre(folder, settings, **({"request": REQUESTS, "meeting": MEETINGS} | drawings))


def tables_of(centre: SmallCentre, year: str = "2023-2024"):
    return {table.id: table for table in centre.count_all(year)}


def totals(table) -> dict[str, int]:
    return {cell.codes[0]: cell.count for cell in table.cells if cell.codes[1:] == ("_total",)}


def test_meetings_persons_and_hours_are_told_by_year(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path))

    assert totals(tables["services_by_year"]) == {"2021-2022": 2, "2022-2023": 1, "2023-2024": 3}
    assert totals(tables["service_persons_by_year"]) == {"2021-2022": 2, "2022-2023": 1, "2023-2024": 2}
    assert totals(tables["service_hours_by_year"]) == {"2021-2022": 150, "2022-2023": 60, "2023-2024": 180}


def test_a_kind_of_record_that_began_late_in_a_year_leaves_that_year_out(tmp_path: Path) -> None:
    late = "\n".join(line for line in MEETINGS.splitlines() if "R1 " not in line)
    table = tables_of(centre_of(tmp_path, meeting=late))["services_by_year"]

    assert set(totals(table)) == {"2022-2023", "2023-2024"}
    assert [note.fr for note in table.notes if "2021-2022" in note.fr] == [
        "2021-2022 n'est pas comparée (rencontres)\u00a0: l'export ne couvre qu'une partie de cette année."
    ]


def test_few_records_between_two_years_do_not_make_a_year_partial(tmp_path: Path) -> None:
    """One meeting in October, with meetings in the years around it: the year is whole."""
    assert "2022-2023" in totals(tables_of(centre_of(tmp_path))["services_by_year"])


def test_a_year_without_a_record_of_the_kind_is_told_in_its_own_words(tmp_path: Path) -> None:
    gone = "\n".join(line for line in MEETINGS.splitlines() if "R3 " not in line)
    table = tables_of(centre_of(tmp_path, meeting=gone))["services_by_year"]

    assert any(note.en == "2022-2023: the export holds nothing of that year (meetings)." for note in table.notes)


def test_half_a_year_on_paper_is_said_beside_each_of_its_numbers(tmp_path: Path) -> None:
    centre = centre_of(tmp_path, PAPER)
    of_year, compared = tables_of(centre, "2022-2023")["services"], tables_of(centre)["services_by_year"]

    years = compared.dimensions[0].codes
    assert [code.is_part for code in years] == [False, True, False]
    assert years[1].label.fr == "2022-2023 (couverte à 50,0\u00a0%)"
    assert years[1].code == "2022-2023"
    assert of_year.coverage.fr == "couverte à 50,0\u00a0%"
    assert any("d'avril à septembre sur papier" in note.fr for note in of_year.notes)
    assert any("d'avril à septembre sur papier" in note.fr for note in compared.notes)


@pytest.mark.parametrize(("settings", "is_told"), [("", True), (PAPER, False), (NEW_SYSTEM, False)])
def test_half_a_year_on_paper_and_a_new_system_never_look_like_a_fall(
    tmp_path: Path, settings: str, is_told: bool
) -> None:
    """Two meetings, then one: a fall, unless the centre says why."""
    head = Release("petit", Text("a", "a"), True, "2022-2023", "internal", tables=())
    release = show_everything(centre_of(tmp_path, settings).count_all("2022-2023"), head)

    charts = [show_series(release, ("services",), "fr"), show_comparison(release, "services", "fr")]
    said = " ".join(sentence for chart in charts for sentence in (chart.alternative, *chart.notes))

    assert ("en baisse de 50,0" in said) is is_told
    assert ("Hachuré" in said) is not is_told
    assert any(word in said for word in ("sur papier", "nouveau logiciel")) is not is_told


def test_a_first_year_that_begins_on_paper_stays_where_the_centre_says_so(tmp_path: Path) -> None:
    """It begins in February: left out by itself, told with its share where that is known."""
    late = "\n".join(line for line in MEETINGS.splitlines() if "R1 " not in line)
    paper = PAPER.replace("from = 2022", "from = 2021").replace("to = 2022-09-30", "to = 2022-01-31")
    years = [
        tables_of(centre_of(tmp_path / name, settings, meeting=late))["services_by_year"].dimensions[0].codes
        for name, settings in (("silent", ""), ("told", paper))
    ]

    assert [code.code for code in years[0]] == ["2022-2023", "2023-2024"]
    assert [(code.code, code.is_part) for code in years[1]] == [
        ("2021-2022", True),
        ("2022-2023", False),
        ("2023-2024", False),
    ]


def test_a_coverage_concerns_the_tables_of_its_kind_of_record_alone(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path, PAPER), "2022-2023")

    assert tables["requester_type"].coverage is None


def test_a_coverage_of_no_known_share_is_told_as_a_part(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path, PAPER.replace("share = 0\n", "")), "2022-2023")

    assert tables["services"].coverage.fr == "couverte en partie"


def test_a_break_parts_the_years_and_is_said(tmp_path: Path) -> None:
    table = tables_of(centre_of(tmp_path, NEW_SYSTEM))["services_by_year"]

    assert [code.is_after_break for code in table.dimensions[0].codes] == [False, True, False]
    [note] = [note.fr for note in table.notes if "nouveau logiciel" in note.fr]
    assert note.startswith("Rupture dans la série le 1er\u00a0avril 2022\u00a0: nouveau logiciel.")


def test_a_break_inside_a_year_parts_it_from_both_its_neighbours(tmp_path: Path) -> None:
    table = tables_of(centre_of(tmp_path, NEW_SYSTEM.replace("2022-04-01", "2022-09-15")))["services_by_year"]

    assert [code.is_after_break for code in table.dimensions[0].codes] == [False, True, True]


def test_a_break_may_be_given_by_its_year_and_by_its_column(tmp_path: Path) -> None:
    settings = NEW_SYSTEM.replace("on = 2022-04-01", 'year = "2022-2023"')
    tables = tables_of(centre_of(tmp_path, settings.replace('"meeting"', '"meeting.direct_minutes"')))

    assert any(code.is_after_break for code in tables["service_hours_by_year"].dimensions[0].codes)
    assert not any(code.is_after_break for code in tables["services_by_year"].dimensions[0].codes)


@pytest.mark.parametrize(
    "settings",
    [
        NEW_SYSTEM.replace('"meeting"', '"meating"'),
        NEW_SYSTEM.replace('"meeting"', '"meeting.minute"'),
        NEW_SYSTEM.replace("on = 2022-04-01", 'year = "2022"'),
        NEW_SYSTEM.replace("on = 2022-04-01\n", ""),
        PAPER.replace("to = 2022-09-30\n", ""),
        PAPER.replace("share = 0", "share = 100"),
        PAPER.replace("to = 2022-09-30", "to = 2022-03-30"),
    ],
)
def test_what_a_centre_says_of_its_years_is_checked(tmp_path: Path, settings: str) -> None:
    centre = centre_of(tmp_path, settings)

    with pytest.raises(ConfigurationError):
        load_centre(centre.workspace, "petit")


def test_a_person_met_in_three_years_is_one_person_since_the_first(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path))

    table = tables["service_persons_since"]
    assert counts(table) == {"premiere_rencontre": 1, "suivi_femme": 3, "_total": 3}
    assert table.title.fr == "Rencontres individuelles, depuis 2021-2022"
    assert table.period == "2021-2022 – 2023-2024"
    assert counts(tables["services_since"])["_total"] == 6


def test_what_is_told_since_never_looks_past_the_year_of_the_report(tmp_path: Path) -> None:
    assert counts(tables_of(centre_of(tmp_path), "2022-2023")["service_persons_since"])["_total"] == 2


def test_without_pseudonyms_nobody_is_counted_over_several_years(tmp_path: Path) -> None:
    rows = [line.split("|") for line in MEETINGS.splitlines()]
    without_keys = "\n".join("|".join(cells[:1] + cells[2:]) for cells in rows)
    tables = tables_of(centre_of(tmp_path, meeting=without_keys))

    table = tables["service_persons_since"]
    assert (table.is_collected, table.cells) == (False, ())
    assert [note.fr for note in table.notes] == [
        "L'export n'a pas de pseudonyme des personnes\u00a0: aucune ne peut être comptée une seule fois sur "
        "plusieurs années."
    ]
    assert counts(tables["services_since"])["_total"] == 6


def test_pseudonyms_that_a_centre_says_do_not_last_are_not_counted_with(tmp_path: Path) -> None:
    settings = '[person_keys]\nare_stable = false\nreason = { fr = "numéro de dossier annuel", en = "yearly number" }'
    table = tables_of(centre_of(tmp_path, settings))["service_persons_since"]

    assert not table.is_collected
    assert "numéro de dossier annuel" in table.notes[0].fr


def test_pseudonyms_that_changed_on_a_day_are_not_counted_with(tmp_path: Path) -> None:
    settings = NEW_SYSTEM.replace('"meeting"', '"meeting.person_id"')
    table = tables_of(centre_of(tmp_path, settings))["service_persons_since"]

    assert not table.is_collected
    assert "nouveau logiciel" in table.notes[0].fr


@pytest.mark.parametrize(("returning", "is_collected"), [(0, False), (1, True)])
def test_pseudonyms_of_which_none_comes_back_are_taken_for_new_each_year(
    tmp_path: Path, returning: int, is_collected: bool
) -> None:
    lines = ["meeting_id | person_id | meeting_date | service_type_code"]
    for year in (2021, 2022, 2023):
        for number in range(30):
            person = f"P{number}" if number < returning else f"P{year}x{number}"
            lines.append(f"R{year}x{number} | {person} | {year}-0{4 + number % 6}-10 | suivi_femme")
    table = tables_of(centre_of(tmp_path, meeting="\n".join(lines)), "2022-2023")["service_persons_since"]

    assert table.is_collected is is_collected


ACTIVITIES = """
    activity_id | activity_date | activity_type_code | group_count | animation_minutes | travel_minutes
    A1          | 2023-02-02    | empreinte_1        | 1           | 1h00              | 0h30
    A2          | 2023-06-30    | empreinte_1        | 2           | 2h00              | 0h30
    A3          | 2023-07-01    | empreinte_2        | 1           | 1h15              | 0h00
    A4          | 2024-03-03    | sensibilisation    | 3           | 1h00              | 0h15
"""
AUDIENCES = """
    activity_id | role_code    | participant_count
    A1          | eleve        | 20
    A2          | eleve        | 50
    A3          | eleve        | 24
    A4          | participante | 9
"""


def test_a_year_of_prevention_is_parted_by_its_two_school_years(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path, activity=ACTIVITIES, audience=AUDIENCES))

    parts = {"annee_scolaire_precedente", "annee_scolaire_en_cours", "_total"}
    assert [counts(tables["school_activities"])[part] for part in sorted(parts)] == [3, 2, 1]
    assert counts(tables["school_groups"]) == {
        "annee_scolaire_precedente": 2,
        "annee_scolaire_en_cours": 4,
        "_total": 6,
    }
    assert counts(tables["school_participants"])["annee_scolaire_precedente"] == 50


def test_whole_school_years_are_counted_from_the_same_activities(tmp_path: Path) -> None:
    table = tables_of(centre_of(tmp_path, activity=ACTIVITIES, audience=AUDIENCES))["activity_groups_school_year"]

    counted = {cell.codes: cell.count for cell in table.cells if cell.count and cell.codes[1] == "_total"}
    assert counted == {("2022-2023", "_total"): 3, ("2023-2024", "_total"): 4}
    assert any("chevauche les années scolaires 2022-2023 et 2023-2024" in note.fr for note in table.notes)


def test_a_school_year_that_the_export_does_not_tell_to_its_end_says_so(tmp_path: Path) -> None:
    table = tables_of(centre_of(tmp_path, activity=ACTIVITIES, audience=AUDIENCES))["activity_groups_school_year"]

    assert [(code.label.fr, code.is_part) for code in table.dimensions[0].codes] == [
        ("2022-2023", False),
        ("2023-2024 (en partie dans l'export)", True),
    ]


@pytest.mark.parametrize(
    ("day", "label"), [("2023-06-30", "2022-2023"), ("2023-07-01", "2023-2024"), ("2024-02-29", "2023-2024")]
)
def test_a_school_year_begins_on_the_first_of_july(day: str, label: str) -> None:
    from datetime import date

    assert school_year_of(date.fromisoformat(day)).label == label


DISPOSITIONS = """
    request_id | after_request_code | after_first_meeting_code
    D1         | refus_capacite     | sans_objet
    D2         | liste_attente      | sans_objet
    D5         | premiere_rencontre | attente_p2
    D6         | non_rejointe       | sans_objet
"""
KITS = """
    kit_id | received_date | is_reached
    T1     | 2023-05-05    | non
    T2     | 2023-06-05    | oui
    T3     | 2023-07-05    | ?
    T4     | 2023-08-05    | non
"""


def test_needs_not_met_come_from_requests_and_kits(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path, disposition=DISPOSITIONS, kit=KITS))

    assert counts(tables["unmet_needs"]) == {
        "trousse_non_rejointe": 2,
        "demande_non_rejointe": 1,
        "attente_apres_rencontre": 1,
        "_total": 4,
    }
    assert totals(tables["unmet_needs_by_year"]) == {"2021-2022": 2, "2022-2023": 0, "2023-2024": 4}


WAITS = """
    waiting_id | request_id | waiting_since | start_date | closed_date | unmet_need_code
    W1         | D1         | 2023-05-01    |            | 2023-09-01  | hors_territoire
    W2         | D2         | 2021-05-01    | 2023-09-01 |             |
    W3         | D5         | 2023-05-01    |            | 2023-09-01  |
    W4         |            | 2023-05-01    |            | 2023-10-01  | manque_de_place
    W5         | D6         | 2023-05-01    |            |             |
"""


def test_a_request_whose_wait_is_over_is_one_need_or_none_and_never_two(tmp_path: Path) -> None:
    tables = tables_of(centre_of(tmp_path, disposition=DISPOSITIONS, kit=KITS, waiting=WAITS))

    assert counts(tables["unmet_needs"]) == {
        "trousse_non_rejointe": 2,
        "demande_non_rejointe": 1,
        "attente_fermee_hors_territoire": 1,
        "attente_fermee_manque_de_place": 1,
        "non_disponible": 1,
        "_total": 6,
    }
    assert totals(tables["unmet_needs_by_year"]) == {"2021-2022": 0, "2022-2023": 0, "2023-2024": 6}


def test_each_reason_for_which_a_wait_ends_is_a_reason_of_a_need_that_was_not_met(repository: Path) -> None:
    vocabularies = load_vocabularies(repository / "config" / "vocabularies", {})
    told = {code.code for code in vocabularies["unmet_need_reason"].codes}

    assert {f"attente_fermee_{code.code}" for code in vocabularies["unmet_need"].codes} < told
    assert DIMENSIONS["unmet_need_reason"].code_sources.keys() == told


def test_a_reason_that_the_export_does_not_hold_is_not_zero(tmp_path: Path) -> None:
    table = tables_of(centre_of(tmp_path, disposition=DISPOSITIONS))["unmet_needs"]

    assert "trousse_non_rejointe" not in {code.code for code in table.dimensions[0].codes}
    assert any("rousse" in note.fr and note.en.startswith("Not collected") for note in table.notes)


def test_without_any_of_its_reasons_the_table_is_not_collected(tmp_path: Path) -> None:
    assert not tables_of(centre_of(tmp_path))["unmet_needs"].is_collected
