"""A configuration is proposed from made-up exports of other platforms, in other words and languages."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipelines.codes import load_vocabularies
from pipelines.config import Centre, Workspace
from pipelines.entities import ENTITIES, SENSITIVE
from pipelines.errors import ConfigurationError, InputRefused, UsageError
from pipelines.ingest.propose_mapping import Proposal, propose_mapping
from pipelines.ingest.read_synonyms import Synonyms, plain, plain_words, read_synonyms
from pipelines.ingest.write_proposal import mapping_text, require_new_centre, settings_text, write_proposal
from pipelines.language import Language

CONFIG = Path(__file__).resolve().parents[3] / "config"
VOCABULARIES = load_vocabularies(CONFIG / "vocabularies", {})
ENGLISH = Language("en")


@pytest.fixture(scope="module")
def synonyms() -> Synonyms:
    return read_synonyms(CONFIG / "synonyms", VOCABULARIES)


def write_rows(path: Path, header: str, *rows: str, times: int = 4) -> None:
    path.write_text("\n".join([header, *(row for _ in range(times) for row in rows)]) + "\n", encoding="utf-8")


def propose(folder: Path, synonyms: Synonyms) -> Proposal:
    return propose_mapping(folder, "essai", synonyms, VOCABULARIES)


def origins(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {
        f"{entity.name}.{column.name}": tuple(name for name in column.all_names if name)
        for entity in proposal.entities
        for column in entity.columns
    }


def codes(proposal: Proposal, entity: str) -> dict[str, str]:
    (found,) = (one for one in proposal.entities if one.name == entity)
    return {match.value: match.code for column in found.columns for match in column.values}


@pytest.fixture
def spanish(tmp_path: Path) -> Path:
    write_rows(
        tmp_path / "casos.csv",
        "fecha_consulta;edad_victima;edad_agresor;vinculo_agresor;derivado_por",
        "2023-05-04;31;40;Padre;Hospital",
        "2023-06-14;19;50;Ex pareja;Comisaría",
        "2023-07-24;999;22;Pariente lejano;Escuela",
        "2023-12-30;45;33;Desconocido;NS/NC",
        times=30,
    )
    return tmp_path


def test_columns_are_found_by_their_names_and_cells(spanish, synonyms):
    found = origins(propose(spanish, synonyms))

    assert found["request.request_date"] == ("fecha_consulta",)
    assert found["aggressor_link.relationship_code"] == ("vinculo_agresor",)
    assert found["referral.referral_source_code"] == ("derivado_por",)


def test_the_age_of_the_aggressor_is_not_that_of_the_person(spanish, synonyms):
    found = origins(propose(spanish, synonyms))

    assert found["request.age_at_request"] == found["aggression.age_at_aggression"] == ("edad_victima",)


def test_the_age_of_the_aggressor_alone_is_no_age_of_the_person(tmp_path, synonyms):
    rows = [f"2023-05-{day:02};{20 + day};Père" for day in range(1, 29)]
    write_rows(tmp_path / "a.csv", "Date de la demande;Âge de l'agresseur;Lien", *rows, times=1)

    assert "request.age_at_request" not in origins(propose(tmp_path, synonyms))


def test_words_are_given_codes_and_the_unlike_ones_none(spanish, synonyms):
    assert codes(propose(spanish, synonyms), "aggressor_link") == {
        "Padre": "pere",
        "Ex pareja": "ex_conjoint",
        "Pariente lejano": "",
        "Desconocido": "inconnu",
    }


def test_a_word_for_a_missing_answer_is_no_word_to_map(spanish, synonyms):
    proposal = propose(spanish, synonyms)

    assert "NS/NC" not in codes(proposal, "referral")
    assert '"NS/NC" = "ne_sait_pas"' in settings_text(proposal, ENGLISH, date(2024, 4, 1))


def test_a_number_that_cannot_be_an_age_is_a_sentinel(tmp_path, synonyms):
    rows = [f"2023-05-{day:02};{20 + day}" for day in range(1, 29)]
    write_rows(tmp_path / "a.csv", "Date de la demande;Âge", *rows, "2023-06-01;999", times=1)

    assert 'sentinels = { "999" = "non_disponible" }' in settings_text(
        propose(tmp_path, synonyms), ENGLISH, date(2024, 4, 1)
    )


def test_stranger_is_an_answer_about_the_aggressor_although_unknown_is_none_elsewhere(tmp_path, synonyms):
    write_rows(
        tmp_path / "a.csv",
        "Date de la demande;Lien avec l'agresseur",
        "2023-05-04;Inconnu",
        "2023-05-05;Voisin",
        times=20,
    )

    proposal = propose(tmp_path, synonyms)
    assert codes(proposal, "aggressor_link") == {"Inconnu": "inconnu", "Voisin": "voisin"}
    # Told as missing for the whole file, it would be so before its code is looked up.
    assert "Inconnu" not in settings_text(proposal, ENGLISH, date(2024, 4, 1))


def test_what_the_victim_was_is_not_what_the_aggressor_is(tmp_path, synonyms):
    write_rows(
        tmp_path / "a.csv",
        "Request date;Relationship",
        "2023-05-04;Victim Was Child",
        "2023-05-05;Victim Was Grandchild",
        "2023-05-06;Victim Was Stepparent",
        times=20,
    )

    assert codes(propose(tmp_path, synonyms), "aggressor_link") == {
        "Victim Was Child": "",
        "Victim Was Grandchild": "grand_parent",
        "Victim Was Stepparent": "enfant",
    }


@pytest.mark.parametrize(
    ("word", "code"), [("Conjoint(e)", "conjoint"), ("Ex-Conjoint", "ex_conjoint"), ("Demi-cousine", "")]
)
def test_a_word_that_turns_another_is_never_overlooked(word, code, tmp_path, synonyms):
    header = "Date de la demande;Lien avec l'agresseur"
    write_rows(tmp_path / "a.csv", header, f"2023-05-04;{word}", "2023-05-05;Voisin", times=20)

    assert codes(propose(tmp_path, synonyms), "aggressor_link")[word] == code


def test_the_label_of_a_code_is_read_in_the_file_that_lists_codes(tmp_path, synonyms):
    write_rows(tmp_path / "REL_TYPES.csv", "RELATIONSHIP_ID;RELATIONSHIP_LABEL", "1;Father", "2;Neighbor", times=1)
    write_rows(tmp_path / "CASES.csv", "CASE_DATE;RELATIONSHIP_ID", "2023-05-04;1", "2023-05-05;2", times=20)
    proposal = propose(tmp_path, synonyms)

    assert codes(proposal, "aggressor_link") == {"1": "pere", "2": "voisin"}
    assert "REL_TYPES.csv" not in [source.pattern for source in proposal.sources]


def test_yes_no_columns_are_the_answers_of_one_question(tmp_path, synonyms):
    write_rows(
        tmp_path / "a.csv",
        "Date de la demande;vs_viol;vs_voyeurisme;vs_zzz",
        "2023-05-04;Oui;Non;Non",
        "2023-05-05;Non;Oui;Oui",
        times=20,
    )

    assert codes(propose(tmp_path, synonyms), "aggression_form") == {
        "vs_viol": "penetration",
        "vs_voyeurisme": "voyeurisme",
        "vs_zzz": "",
    }


def test_a_column_renamed_from_one_year_to_the_next_is_one_column_with_two_names(tmp_path, synonyms):
    common = "date_demande;age;mrc;canal"
    row = "2023-05-04;30;Joliette;texto"
    write_rows(
        tmp_path / "demandes_2022.csv", f"{common};source_de_reference", f"{row};Police", f"{row};CAVAC", times=20
    )
    write_rows(tmp_path / "demandes_2023.csv", f"{common};referee_par", f"{row};Police", f"{row};CAVAC", times=20)
    proposal = propose(tmp_path, synonyms)

    assert set(origins(proposal)["referral.referral_source_code"]) == {"source_de_reference", "referee_par"}
    assert [source.pattern for source in proposal.sources] == ["demandes_*.csv"]


def test_files_are_linked_by_the_number_that_both_hold(tmp_path, synonyms):
    requests = [f"D{number};2023-05-{number % 28 + 1:02}" for number in range(60)]
    links = [f"D{number};{'Père' if number % 2 else 'Voisin'}" for number in range(60)]
    write_rows(tmp_path / "demandes.csv", "No demande;Date de la demande", *requests, times=1)
    write_rows(tmp_path / "liens.csv", "No demande;Lien avec l'agresseur", *links, times=1)
    found = origins(propose(tmp_path, synonyms))

    assert found["request.request_id"] == found["aggression.request_id"] == ("No demande",)


def test_day_and_month_that_look_the_same_are_left_to_decide(tmp_path, synonyms):
    write_rows(tmp_path / "a.csv", "Date de la demande;Âge", "03/04/2023;20", "05/06/2023;30", "07/08/2023;40")

    assert len(propose(tmp_path, synonyms).to_decide) == 1


def test_a_day_above_twelve_decides(tmp_path, synonyms):
    write_rows(tmp_path / "a.csv", "Date de la demande;Âge", "03/04/2023;20", "25/06/2023;30", "07/08/2023;40")
    proposal = propose(tmp_path, synonyms)

    assert proposal.to_decide == ()
    assert 'date_format = "%d/%m/%Y"' in settings_text(proposal, ENGLISH, date(2024, 4, 1))


def test_a_column_that_may_name_people_is_proposed_for_nothing(tmp_path, synonyms):
    write_rows(
        tmp_path / "a.csv",
        "Date de la demande;Source de référence",
        "2023-05-04;marie@exemple.ca",
        "2023-05-05;Police",
        times=20,
    )
    proposal = propose(tmp_path, synonyms)

    assert "referral.referral_source_code" not in origins(proposal)
    assert [finding.column for source in proposal.export.sources for finding in source.findings] == [
        "Source de référence"
    ]
    assert "marie" not in settings_text(proposal, ENGLISH, date(2024, 4, 1))


def test_the_same_table_saved_twice_counts_once(tmp_path, synonyms):
    import xlsxwriter

    write_rows(tmp_path / "a.csv", "Date de la demande;Lien", "2023-05-04;Père", "2023-05-05;Voisin", times=20)
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [["DATE DE LA DEMANDE", "LIEN"], *[["2023-05-04", "Père"], ["2023-05-05", "Voisin"]] * 20]
        ):
            sheet.write_row(row, 0, cells)
    proposal = propose(tmp_path, synonyms)

    assert [source.files for source in proposal.sources] == [("a.csv",)]
    assert any("a.xlsx" in ENGLISH.text(note) for note in proposal.notes)


def test_each_sheet_of_a_workbook_is_a_file(tmp_path, synonyms):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        requests, links = book.add_worksheet("Demandes"), book.add_worksheet("Liens")
        requests.write_row(0, 0, ["No demande", "Date de la demande"])
        links.write_row(0, 0, ["No demande", "Lien avec l'agresseur"])
        for row in range(1, 40):
            requests.write_row(row, 0, [f"D{row}", f"2023-05-{row % 28 + 1:02}"])
            links.write_row(row, 0, [f"D{row}", "Père" if row % 2 else "Voisin"])
    proposal = propose(tmp_path, synonyms)

    assert [source.sheet for source in proposal.sources] == ["Demandes", "Liens"]
    assert origins(proposal)["aggression.request_id"] == ("No demande",)
    assert 'sheet = "Liens"' in settings_text(proposal, ENGLISH, date(2024, 4, 1))


def test_an_only_date_is_that_of_the_request_whatever_it_is_called(tmp_path, synonyms):
    write_rows(tmp_path / "a.csv", "xyz;Lien avec l'agresseur", "2023-05-04;Père", "2023-05-05;Voisin", times=20)

    assert origins(propose(tmp_path, synonyms))["request.request_date"] == ("xyz",)


def test_several_answers_in_a_cell_are_taken_apart(tmp_path, synonyms):
    write_rows(
        tmp_path / "a.csv",
        "Date de la demande,Forme d'agression",
        "2023-05-04,Voyeurisme | Mariage forcé",
        "2023-05-05,Voyeurisme",
        "2023-05-06,Mariage forcé",
        times=20,
    )
    proposal = propose(tmp_path, synonyms)

    assert codes(proposal, "aggression_form") == {"Voyeurisme": "voyeurisme", "Mariage forcé": "mariage_force"}
    assert 'split = " | "' in settings_text(proposal, ENGLISH, date(2024, 4, 1))


def test_an_export_without_a_date_is_refused_with_what_to_do(tmp_path, synonyms):
    write_rows(tmp_path / "a.csv", "Lien;MRC", "Père;Joliette")

    with pytest.raises(InputRefused, match="No date of a request"):
        propose(tmp_path, synonyms)


def test_what_is_written_is_a_configuration_that_the_house_understands(spanish, synonyms):
    text = settings_text(propose(spanish, synonyms), ENGLISH, date(2024, 4, 1))

    centre = Centre.model_validate(tomllib.loads(text))
    assert centre.id == "essai"
    assert centre.proposal is not None and not centre.proposal.is_accepted


def test_a_mapping_has_the_least_certain_words_first(spanish, synonyms):
    proposal = propose(spanish, synonyms)
    (column,) = (one for entity in proposal.entities for one in entity.columns if one.name == "relationship_code")

    lines = mapping_text(column.values).splitlines()
    assert lines[0] == "\ufeffsource_value,code,confidence,candidates,label"
    assert lines[1].startswith("Pariente lejano,,")


def test_no_work_of_a_person_is_written_over(spanish, synonyms, tmp_path):
    workspace = Workspace(tmp_path / "home")
    proposal = propose(spanish, synonyms)
    written = write_proposal(proposal, workspace, ENGLISH, date(2024, 4, 1))
    before = written.read_bytes()

    with pytest.raises(UsageError, match="has a configuration already"):
        write_proposal(proposal, workspace, ENGLISH, date(2024, 4, 2))
    assert written.read_bytes() == before


def test_what_is_written_is_private(spanish, synonyms, tmp_path):
    workspace = Workspace(tmp_path / "home")
    written = write_proposal(propose(spanish, synonyms), workspace, ENGLISH, date(2024, 4, 1))

    mappings = sorted((workspace.config / "mappings" / "essai").iterdir())
    assert {path.stat().st_mode & 0o777 for path in [written, *mappings]} == {0o600}
    assert mappings[0].parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("centre_id", ["", "Riviere", "../ailleurs", "a b"])
def test_an_id_that_cannot_name_a_file_is_refused(centre_id, tmp_path):
    with pytest.raises(UsageError, match="cannot be the id"):
        require_new_centre(Workspace(tmp_path), centre_id)


def test_names_are_compared_without_accents_signs_and_joining_words():
    assert plain("Llamado_Fecha-Hora") == "llamado fecha hora"
    assert plain_words("Date de l'Événement") == ("date", "evenement")
    assert plain("dateDemande") == "date demande"


def test_every_one_of_our_columns_has_its_words(synonyms):
    proposed = (entity for entity in ENTITIES.values() if entity.name not in SENSITIVE)
    every = {(entity.name, column.name) for entity in proposed for column in entity.columns}
    # The keys that link a record to its request or aggression are found by the name that the other file gives them.
    linking = {field for field in every if field[1] in ("request_id", "aggression_id")}

    assert every - linking <= synonyms.headers.keys()


def test_a_synonym_of_nothing_is_told_with_its_line(tmp_path):
    for path in (CONFIG / "synonyms").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "values.csv").open("a", encoding="utf-8") as text:
        text.write("relationship,fr,papi,code_inexistant\n")

    with pytest.raises(ConfigurationError) as refused:
        read_synonyms(tmp_path, VOCABULARIES)
    lines = len((tmp_path / "values.csv").read_text(encoding="utf-8").splitlines())
    assert f"values.csv, line {lines}" in refused.value.one_line(ENGLISH)


@pytest.fixture
def with_groups(tmp_path: Path) -> Path:
    """Requests, a waiting list that names none of them, and sessions with who was there."""
    days = [f"2023-05-{day:02}" for day in range(13, 29)]
    requests = [f"D{n};{day};Femme victime" for n, day in enumerate(days)]
    waits = [f"A{n};{day};Priorité {n % 3 + 1}" for n, day in enumerate(days)]
    sessions = [f"S{n};G1;{day};2;3,5" for n, day in enumerate(days)]
    there = [f"S{n};P{n % 5}" for n in range(len(days))]
    write_rows(tmp_path / "demandes.csv", "No demande;Date de la demande;Type de demandeur", *requests, times=1)
    write_rows(tmp_path / "attentes.csv", "No attente;En attente depuis;Priorité", *waits, times=1)
    kinds = ("Groupe de cheminement", "Café-rencontre", "Bilan de groupe")
    groups = [f"G{n};{kinds[n % 3]};{day}" for n, day in enumerate(days)]
    write_rows(tmp_path / "groupes.csv", "No groupe;Type de groupe;Début du groupe", *groups, times=1)
    write_rows(
        tmp_path / "seances.csv",
        "No séance;No groupe;Date de la séance;Nombre d'animatrices;Durée de la séance (h)",
        *sessions,
        times=1,
    )
    write_rows(tmp_path / "presences.csv", "No séance;Code personne", *there, times=1)
    return tmp_path


def test_who_was_at_which_session_is_found_in_a_file_of_numbers_alone(with_groups, synonyms):
    found = origins(propose(with_groups, synonyms))

    assert found["attendance.session_id"] == ("No séance",)
    assert found["attendance.person_id"] == ("Code personne",)


@pytest.mark.parametrize("absent", ["seances", "groupes"])
def test_a_file_of_numbers_is_nothing_where_no_session_of_a_group_is_found(with_groups, synonyms, absent):
    (with_groups / f"{absent}.csv").unlink()
    found = origins(propose(with_groups, synonyms))

    assert not [name for name in found if name.startswith("attendance.")]


def test_a_waiting_list_that_names_no_request_is_proposed_all_the_same(with_groups, synonyms):
    found = origins(propose(with_groups, synonyms))

    assert found["waiting.waiting_since"] == ("En attente depuis",)
    assert "waiting.request_id" not in found
