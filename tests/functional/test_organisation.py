"""The life of the demonstration's organisation, through intake to the tables: as a report printed it, row by row."""

import csv
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.config import Centre, Workspace, load_centre, load_centre_vocabularies, read_period
from pipelines.model.database import read_database
from pipelines.tables.count_table import CountTable, count_units, make_table
from pipelines.tables.table_spec import load_catalogue

YEAR = "2023-2024"
REPORT = "calacs-coup-de-coeur-2023-2024"
TOTAL = "_total"
Cell = tuple[str, ...]
Figure = Callable[[str, Cell], float]

#: Hours of committee work, by table and nature of the work: the line of the report, and its cells.
LINES: dict[tuple[str, str], tuple[Cell, ...]] = {
    ("rqcalacs", "Comité Vigie"): (("rqcalacs_vigie", TOTAL),),
    ("rqcalacs", "Congrès"): (("rqcalacs", "congres"),),
    ("rqcalacs", "AGA"): (("rqcalacs", "assemblee_generale"),),
    ("rqcalacs", "Saisonnière Lévis"): (("rqcalacs", "rencontre_saisonniere_automne"),),
    ("rqcalacs", "Saisonnière visioconférence"): (("rqcalacs", "rencontre_saisonniere_hiver"),),
    ("rqcalacs", "Saisonnière Montréal"): (("rqcalacs", "rencontre_saisonniere_printemps"),),
    ("rqcalacs", "Lecture et préparation"): (("rqcalacs", "preparation"),),
    ("rqcalacs", "Total"): (("rqcalacs", TOTAL), ("rqcalacs_vigie", TOTAL)),
    ("tivsl_coordination", "Rencontre"): (("tivsl_coordination", "rencontre"),),
    ("tivsl_coordination", "Comité de coordination"): (("tivsl_coordination", "comite_coordination"),),
    ("tivsl_coordination", "Coordination des deux tables"): (("tivsl_coordination", "coordination"),),
    ("tivsl_coordination", "Préparation"): (("tivsl_coordination", "preparation"),),
    ("tivsl_coordination", "Journée régionale"): (("tivsl_coordination", "journee"),),
    ("tivsl_coordination", "Total"): (("tivsl_coordination", TOTAL),),
    ("tivsl_prevention", "Rencontres préparatoires"): (("tivsl_prevention", "rencontre_preparatoire"),),
    ("tivsl_prevention", "Rencontres de comité"): (("tivsl_prevention", "comite"),),
    ("tivsl_prevention", "Travaux entre rencontres"): (("tivsl_prevention", "travaux"),),
    ("tivsl_prevention", "Total"): (("tivsl_prevention", TOTAL),),
    ("tivsl_centres_designes", "6 rencontres"): (("tivsl_centres_designes", "rencontre"),),
    ("tivsl_centres_designes", "Préparation"): (("tivsl_centres_designes", "preparation"),),
    ("tivsl_centres_designes", "Rencontre d'échange"): (("tivsl_centres_designes", "echange"),),
    ("tivsl_centres_designes", "Total"): (("tivsl_centres_designes", TOTAL),),
    ("tivsl_justice", "Comité de coordination"): (("tivsl_justice", "comite_coordination"),),
    ("tivsl_justice", "Comité justice"): (("tivsl_justice", "comite"),),
    ("tivsl_justice", "Préparation"): (("tivsl_justice", "preparation"),),
    ("tivsl_justice", "Total"): (("tivsl_justice", TOTAL),),
    ("tcgfl", "Comité de coordination"): (("tcgfl", "comite_coordination"),),
    ("tcgfl", "Journées de concertation"): (("tcgfl", "journee"),),
    ("tcgfl", "AGA"): (("tcgfl", "assemblee_generale"),),
    ("tcgfl", "Total"): (("tcgfl", TOTAL),),
    ("trocl", "Tâches connexes"): (("trocl", "taches_connexes"),),
    ("trocl", "Visioconférence"): (("trocl", "visioconference"),),
    ("trocl", "AGA"): (("trocl", "assemblee_generale"),),
    ("trocl", "Total"): (("trocl", TOTAL),),
    ("six_a_neuf", "Préparation"): (("six_a_neuf", "preparation"),),
    ("six_a_neuf", "Présence"): (("six_a_neuf", "presence"),),
    ("six_a_neuf", "Total"): (("six_a_neuf", TOTAL),),
    ("plateforme_gestion", "Programmation et validation"): (("plateforme_gestion", "programmation"),),
    ("plateforme_gestion", "Appropriation"): (("plateforme_gestion", "appropriation"),),
}
#: Hours by table, committee or partner.
COMMITTEES = {
    ("reunions", "Rencontres d'équipe"): "equipe",
    ("reunions", "Total"): "equipe",
    ("tivsl_total", "Coordination et grande table"): "tivsl_coordination",
    ("tivsl_total", "Prévention"): "tivsl_prevention",
    ("tivsl_total", "Centres désignés"): "tivsl_centres_designes",
    ("tivsl_total", "Coordination et justice"): "tivsl_justice",
    ("tivsl_total", "Total"): "classe_tivsl",
    ("resume_representations", "RQCALACS"): "classe_rqcalacs",
    ("resume_representations", "TIVSL"): "classe_tivsl",
    ("resume_representations", "TCGFL"): "tcgfl",
    ("resume_representations", "TROCL"): "trocl",
    ("resume_representations", "CFVF"): "cfvf",
    ("resume_representations", "Gestion du volet"): "gestion_representation",
    ("resume_concertation_lutte", "AGA des partenaires"): "aga_partenaires",
    ("resume_concertation_lutte", "6 à 9 chic"): "six_a_neuf",
    ("resume_concertation_lutte", "CAVAC"): "cavac",
    ("resume_concertation_lutte", "La Chrysalide"): "autre_centre",
    ("resume_concertation_lutte", "MITAS"): "mitas",
    ("resume_concertation_lutte", "Journée d'action"): "journee_action",
    ("resume_concertation_lutte", "12 jours d'action"): "douze_jours",
    ("resume_concertation_lutte", "8 mars"): "huit_mars",
    ("concertation", "CRESL"): "cresl",
    ("concertation", "FICESL"): "ficesl",
    ("concertation", "ORRES"): "orres",
    ("concertation", "Bien-être"): "bien_etre",
    ("concertation", "Intercalacs et concertation des concertations"): "intercalacs",
    ("concertation", "Table jeunesse"): "table_jeunesse",
    ("concertation", "Total"): "classe_exploitation",
}
AREAS = {("resume_representations", "Total"): "representation", ("resume_concertation_lutte", "Total"): "lutte"}
VOLUNTEERING = {
    "Rencontres de collective": "collective",
    "Lac-à-l'épaule": "lac_a_lepaule",
    "Formation C.A. marche": "formation",
    "Comités divers": "comites",
    "Témoignages": "temoignage",
    "Œuvre artistique": "oeuvre_artistique",
    "Congrès RQCALACS": "congres",
    "Encadrement par les travailleuses": "encadrement",
    "Aménagement": "amenagement",
    "Embauche": "embauche",
    "Total": TOTAL,
}
TRAINING = {
    "Formation des administratrices": ("plateforme_gestion", "administratrices"),
    "Formation des intervenantes": ("plateforme_gestion", "travailleuses"),
}
MEETINGS = {
    "Rencontres d'équipe": "equipe",
    "Collective": "collective",
    "Comité gestion interne (texte)": "comite_gestion",
    "Comité gestion interne (résumé)": "comite_gestion",
}
#: Tables and cells of what was counted one by one.
COUNTS = {
    "publications_facebook": ("communications", "facebook_publication"),
    "personnes_rejointes_facebook": ("communication_reach", "classe_facebook"),
    "vues_max_publication": ("communication_best_reach", "facebook_publication"),
    "publications_instagram": ("communications", "instagram_publication"),
    "stories_instagram": ("communications", "instagram_story"),
    "personnes_rejointes_instagram": ("communication_reach", "classe_instagram"),
    "chandails_distribues": ("communications", "chandail"),
    "milieux_participants": ("communication_places", "chandail"),
    "signets_distribues": ("communications", "signet"),
}
#: What the report prints otherwise than its own lines give: there the lines win.
#: The concertation on exploitation is printed 461; the management committee has five meetings in the summary.
RECOMPUTED = {("concertation", "Total"): 499.5, ("reunions", "Comité gestion interne (résumé)"): 6}
TABLES = {
    *(name for name, _ in (*LINES, *COMMITTEES, *AREAS)),
    *("militantisme", "plateforme_gestion", "reseaux_sociaux", "journee_action", "sensibilisation", "membres"),
}


@pytest.fixture(scope="module")
def counted(reported) -> Callable[[str, str], CountTable]:
    """A table of the real catalogue, of a year, from the demonstration's database."""
    workspace = Workspace(reported[0].root)
    centre: Centre = load_centre(workspace, "demo")
    vocabularies = load_centre_vocabularies(workspace, centre)
    catalogue = load_catalogue(workspace.config)

    def count(table_id: str, year: str = YEAR) -> CountTable:
        spec = next(spec for spec in catalogue.table if spec.id == table_id)
        with read_database(workspace.processed("demo") / "cases.duckdb") as connection:
            counts = count_units(connection, spec)
        return make_table(spec, counts, catalogue, centre, vocabularies, read_period(centre.period, year))

    return count


@pytest.fixture(scope="module")
def figure(counted) -> Figure:
    """One cell of a table of the year of the report."""
    tables: dict[str, dict[Cell, int]] = {}

    def read(table_id: str, codes: Cell) -> float:
        if table_id not in tables:
            tables[table_id] = {cell.codes: cell.count for cell in counted(table_id).cells}
        return tables[table_id][codes]

    return read


@pytest.fixture(scope="module")
def printed(shared_data: Path) -> list[dict[str, str]]:
    path = shared_data.parent / "published" / "published_figures.csv"
    if not path.is_file():
        pytest.skip("the published figures are not on this machine")
    with path.open(encoding="utf-8", newline="") as text:
        return [row for row in csv.DictReader(text) if row["report"] == REPORT and row["table"] in TABLES]


def of_the_organisation(row: dict[str, str], figure: Figure, counted) -> float:
    """What our own tables tell of a printed figure."""
    place, measure = (row["table"], row["row"]), row["measure"]
    if place in LINES:
        return sum(figure("committee_hours_by_task", codes) for codes in LINES[place]) / 60
    if measure == "rencontres":
        return figure("committee_meetings", (MEETINGS[row["row"]],))
    if place in COMMITTEES:
        return figure("committee_hours", (COMMITTEES[place],)) / 60
    if place in AREAS:
        return figure("committee_hours_by_area", (AREAS[place],)) / 60
    if row["table"] == "militantisme":
        return figure("volunteering_hours", (VOLUNTEERING[row["row"]],)) / 60
    if place == ("plateforme_gestion", "Total"):
        # The work, and the two courses.
        work = figure("committee_hours", ("plateforme_gestion",))
        return (work + figure("training_hours", ("plateforme_gestion",))) / 60
    if row["table"] == "plateforme_gestion":
        return figure("trainings_by_topic_and_audience", TRAINING[row["row"]]) / 60
    if measure in COUNTS:
        table, code = COUNTS[measure]
        return figure(table, (code,))
    if measure == "chandails_distribues_annee_precedente":
        return count_of(counted("communications", "2022-2023"), "chandail")
    if measure == "hausse_interactions_messagerie":
        before = count_of(counted("communication_interactions", "2022-2023"), "messagerie")
        return 100 * (figure("communication_interactions", ("messagerie",)) - before) / before
    if row["table"] == "sensibilisation":
        # Workshops and follow-up of the exploitation volet are in the ledger of hours.
        tasks = {"Au-delà des apparences": ["au_dela"], "Empreinte": ["empreinte"], "Total": ["au_dela", "empreinte"]}
        return sum(figure("work_hours", (f"exploitation_{task}",)) for task in tasks[row["row"]]) / 60
    if row["row"] == "Membres en règle":
        return figure("members", (TOTAL,))
    assert row["row"] == "Présences à l'assemblée générale", row
    return figure("committee_participants", ("assemblee_generale",))


def count_of(table: CountTable, code: str) -> int:
    return next(cell.count for cell in table.cells if cell.codes == (code,))


def test_each_printed_figure_is_that_of_a_table(printed, figure, counted):
    found = {(row["table"], row["row"], row["measure"]): of_the_organisation(row, figure, counted) for row in printed}
    told = {
        (row["table"], row["row"], row["measure"]): RECOMPUTED.get((row["table"], row["row"]), float(row["value"]))
        for row in printed
    }

    assert len(printed) == 103
    assert found == told


def test_every_line_that_we_know_was_printed(printed):
    known = {*LINES, *COMMITTEES, *AREAS}

    assert known - {(row["table"], row["row"]) for row in printed} == set()


def test_the_hours_of_the_ledger_and_of_the_committees_are_the_same_where_both_tell_them(figure, repository):
    """Two sources of the same hours: never added, and never at odds."""
    pairs = {
        "rqcalacs": "classe_rqcalacs",
        "tivsl": "classe_tivsl",
        "rencontres_equipe": "equipe",
        "rencontres_collective": "collective",
        "comite_gestion": "comite_gestion",
        "exploitation_cresl": "cresl",
        **dict.fromkeys(["tcgfl", "trocl", "cfvf", "cavac", "mitas", "journee_action", "aga_partenaires"]),
    }

    for task, committee in pairs.items():
        assert figure("work_hours", (task,)) == figure("committee_hours", (committee or task,)), task


@pytest.fixture(scope="module")
def query(reported) -> Iterator[Callable[[str], list[tuple]]]:
    database = reported[0].root / "data/processed/demo/cases.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def test_members_of_each_year_are_those_told(query, repository):
    path = repository / "config" / "demonstration" / "demo" / "organisation.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))["members"]
    found = query("select period, sum(at_year_end) from core_membership group by all order by all")

    years = sorted(told[0]["year"])
    assert found == [(year, sum(group["year"][year]["at_end"] for group in told)) for year in years]


def test_each_volunteer_gave_some_time_and_no_row_names_anybody(query):
    assert query("select count(distinct volunteer_id) from core_volunteering where period = '2023-2024'") == [(25,)]
    assert query("select count(*) from core_volunteering where not regexp_matches(volunteer_id, '^V[0-9]+$')") == [(0,)]


def test_aid_goes_to_persons_after_their_request(query):
    early = query(
        "select count(*) from core_aid join (select person_id, period, min(request_date) as asked from core_request "
        "group by all) using (person_id, period) where aid_date <= asked"
    )

    assert early == [(0,)]


def test_the_years_before_have_fewer_of_everything(query):
    for table in ("volunteering", "training", "committee_work", "aid", "complaint", "communication"):
        counts = [count for _, count in query(f"select period, count(*) from core_{table} group by all order by all")]

        assert len(counts) == 3, table
        assert counts == sorted(counts), table
