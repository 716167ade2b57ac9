"""A small release of a centre that does not exist, for the tests of charts, notebooks and pages.

Every number is invented. It holds what charts must cope with: classes with details, kinds of missing
answer, several answers, hidden cells, an impossible cell, zeros, a table that is not collected.
"""

from collections.abc import Iterator
from dataclasses import replace

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_files import not_collected_cell
from pipelines.disclosure.release_table import Protection, Release, ReleaseCell, ReleaseTable, SafetyLevel
from pipelines.language import Text
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.units import Unit

YEARS = ("2021-2022", "2022-2023", "2023-2024")
PERIOD_LABEL = YEARS[-1]
_UNITS = {
    Unit.REQUEST: (
        Text("demandes", "requests"),
        Text("Les demandes d'aide reçues dans l'année", "Requests received in the year"),
    ),
    Unit.AGGRESSION: (Text("agressions", "aggressions"), Text("Les agressions racontées", "Aggressions told")),
    Unit.AGGRESSOR_LINK: (Text("liens", "links"), Text("Les liens avec chaque agresseur", "Links with each aggressor")),
}
MISSING = (
    TableCode("non_demande", Text("Non demandé", "Not asked"), is_missing=True),
    TableCode("refus", Text("Refus", "Refused"), is_missing=True),
)


def text(fr: str) -> Text:
    return Text(fr, f"{fr} (en)")


def cell(codes, value) -> ReleaseCell:
    if isinstance(value, CellStatus):
        return ReleaseCell(codes, None, value)
    return ReleaseCell(codes, value, CellStatus.SHOWN)


def dimension(name, labels, *, ordered=False, multi=False, missing=MISSING, title="Réponse") -> TableDimension:
    """`labels` maps a code to its label, or to a pair of the label and the labels of its details."""
    codes = []
    for code, label in labels.items():
        own, details = label if isinstance(label, tuple) else (label, {})
        codes.append(TableCode(code, text(own)))
        codes.extend(TableCode(detail, text(name), parent=code) for detail, name in details.items())
    return TableDimension(name, text(title), (*codes, *missing), is_ordered=ordered, is_multi_answer=multi)


def table(table_id, side, counts, *, title="Titre", unit=Unit.REQUEST, total=None, notes=()) -> ReleaseTable:
    """A one-way table; `counts` gives each code a number or a status, the codes left out are zero."""
    values = {code.code: counts.get(code.code, 0) for code in side.codes}
    if total is None:
        upper = [code.code for code in side.codes if not code.parent]
        total = sum(values[code] for code in upper if isinstance(values[code], int))
    cells = (cell((TOTAL,), total), *(cell((code,), value) for code, value in values.items()))
    label, population = _UNITS[unit]
    return ReleaseTable(table_id, text(title), unit, label, population, PERIOD_LABEL, (side,), cells, tuple(notes))


def not_collected(table_id, side, **settings) -> ReleaseTable:
    whole = table(table_id, side, {}, **settings)
    cells = (not_collected_cell(1),)
    note = text("Le centre ne note pas la date de l'agression.")
    return replace(whole, cells=cells, is_collected=False, notes=(note,))


def cross_table(table_id, first, second, count, *, title="Titre", unit=Unit.REQUEST) -> ReleaseTable:
    """A two-way table; `count(code_1, code_2)` gives the inner numbers, the margins are added up."""
    inner = {(a.code, b.code): count(a.code, b.code) for a in upper(first) for b in upper(second)}
    rows = {a.code: sum(inner[a.code, b.code] for b in upper(second)) for a in upper(first)}
    columns = {b.code: sum(inner[a.code, b.code] for a in upper(first)) for b in upper(second)}
    cells = [cell(codes, value) for codes, value in inner.items()]
    cells += [cell((a, TOTAL), value) for a, value in rows.items()]
    cells += [cell((TOTAL, b), value) for b, value in columns.items()]
    cells.append(cell((TOTAL, TOTAL), sum(rows.values())))
    label, population = _UNITS[unit]
    return ReleaseTable(table_id, text(title), unit, label, population, PERIOD_LABEL, (first, second), tuple(cells))


def upper(side: TableDimension) -> tuple[TableCode, ...]:
    return tuple(code for code in side.codes if not code.parent)


def by_year(source: ReleaseTable, years=YEARS) -> ReleaseTable:
    """A comparison of years, the earlier ones a little smaller."""
    periods = TableDimension("period", text("Année"), tuple(TableCode(year, Text(year, year)) for year in years), True)
    if not source.is_collected:
        return replace(
            source, id=f"{source.id}_by_year", dimensions=(periods, *source.dimensions), cells=(not_collected_cell(2),)
        )
    cells = []
    for distance, year in enumerate(reversed(years)):
        for one in source.cells:
            value = one.status if one.value is None else max(one.value - 2 * distance, 0)
            cells.append(cell((year, *one.codes), value))
    return replace(
        source,
        id=f"{source.id}_by_year",
        title=text(f"{source.title.fr}, selon l'année"),
        dimensions=(periods, *source.dimensions),
        cells=tuple(cells),
    )


RELATIONSHIP = dimension(
    "relationship",
    {
        "classe_partenaire": (
            "Partenaire amoureux/intime",
            {"conjoint": "Conjoint(e)", "ex_conjoint": "Ex-conjoint(e)"},
        ),
        "classe_famille": ("Famille proche", {"pere": "Père", "mere": "Mère", "fratrie": "Frère ou soeur"}),
        "classe_entourage": ("Entourage", {"ami": "Ami(e)", "voisin": "Voisin(e)"}),
        "classe_inconnu": ("Inconnu", {"inconnu": "Inconnu"}),
        "classe_ordre": ("Forces de l'ordre", {"police": "Police"}),
    },
    title="Lien avec l'agresseur",
)
AGE = dimension(
    "age_at_aggression",
    {
        "groupe_00_11": ("0-11 ans", {"age_00_05": "0-5 ans", "age_06_11": "6-11 ans"}),
        "groupe_12_17": ("12-17 ans", {"age_12_17": "12-17 ans"}),
        "groupe_18_24": ("18-24 ans", {"age_18_24": "18-24 ans"}),
        "groupe_25_plus": ("25 ans et plus", {"age_25_plus": "25 ans et plus"}),
    },
    ordered=True,
    title="Âge au moment de l'agression",
)
FORM = dimension(
    "aggression_form",
    {
        "penetration": "Agression sexuelle avec pénétration (viol)",
        "attouchements": "Attouchements, contacts sexuels",
        "cyberviolence": "Cyberagression, partage d'images intimes, leurre",
        "autre": "Autre",
    },
    multi=True,
    title="Formes d'agression",
)
REFERRAL = dimension(
    "referral_source",
    {
        "elle_meme": "Elle-même",
        "proche": "Parent, ami(e), conjoint(e)",
        "ecole": "École, cégep, université",
        "police": "Police, procureur",
        "hopital": "Hôpital, clinique, GMF",
        "clsc": "CLSC, CISSS, Aire ouverte",
    },
    title="Source de référence",
)
AFTER = dimension(
    "disposition_after_request",
    {
        "rencontre": "Première rencontre fixée",
        "attente": "Liste d'attente",
        "refere": "Référée ailleurs",
        "info": "Information donnée",
    },
    title="Suite à la demande",
)


#: What the notebooks on services show: the side of each table, and its tables with their units.
SERVICE_TABLES = {
    "service_type": {
        "services": Unit.MEETING,
        "service_persons": Unit.PERSON_MET,
        "service_hours": Unit.MEETING_MINUTE,
    },
    "accompaniment_purpose": {
        "accompaniments": Unit.ACCOMPANIMENT,
        "accompaniment_persons": Unit.PERSON_ACCOMPANIED,
        "accompaniment_hours": Unit.ACCOMPANIMENT_MINUTE,
    },
    "kit_reached": {"kits_reached": Unit.KIT},
    "call_delay": {"kits_delay": Unit.KIT},
    "activity_type": {
        "activities": Unit.ACTIVITY,
        "activity_groups": Unit.ACTIVITY_GROUP,
        "activity_participants": Unit.PARTICIPANT,
        "animation_hours": Unit.ANIMATION_MINUTE,
        "travel_hours": Unit.TRAVEL_MINUTE,
        "activity_hours": Unit.ACTIVITY_MINUTE,
    },
    "audience_role": {"participants_by_role": Unit.PARTICIPANT},
    "task": {"work_hours": Unit.WORK_MINUTE},
    "project_step": {"project_hours": Unit.WORK_MINUTE},
    "school_part": {
        "school_activities": Unit.ACTIVITY,
        "school_groups": Unit.ACTIVITY_GROUP,
        "school_participants": Unit.PARTICIPANT,
        "school_animation_hours": Unit.ANIMATION_MINUTE,
    },
    "unmet_need_reason": {"unmet_needs": Unit.UNMET_NEED},
    "member_type": {
        "members": Unit.MEMBER,
        "new_members": Unit.NEW_MEMBER,
        "new_member_organisations": Unit.NEW_MEMBER_ORGANISATION,
    },
    "volunteering_type": {
        "volunteering_hours": Unit.VOLUNTEERING_MINUTE,
        "volunteering_times": Unit.VOLUNTEERING,
        "volunteers": Unit.VOLUNTEER,
    },
    "volunteer_role": {"volunteers_by_role": Unit.VOLUNTEER},
    "training_level": {"volunteers_by_level": Unit.VOLUNTEER},
    "training_topic": {
        "trainings": Unit.TRAINING,
        "training_participants": Unit.TRAINING_PARTICIPANT,
        "training_hours": Unit.TRAINING_MINUTE,
    },
    "training_audience": {
        "trainings_by_audience": Unit.TRAINING,
        "training_participants_by_audience": Unit.TRAINING_PARTICIPANT,
        "training_hours_by_audience": Unit.TRAINING_MINUTE,
    },
    "committee": {
        "committee_hours": Unit.COMMITTEE_MINUTE,
        "committee_meetings": Unit.COMMITTEE_MEETING,
        "committee_participants": Unit.COMMITTEE_PARTICIPANT,
    },
    "area": {"committee_hours_by_area": Unit.COMMITTEE_MINUTE},
    "communication_channel": {
        "communications": Unit.COMMUNICATION_ITEM,
        "communication_reach": Unit.COMMUNICATION_REACH,
        "communication_best_reach": Unit.COMMUNICATION_BEST_REACH,
        "communication_interactions": Unit.COMMUNICATION_INTERACTION,
        "communication_places": Unit.COMMUNICATION_PLACE,
        "communication_speakers": Unit.COMMUNICATION_SPEAKER,
    },
    "aid_purpose": {"aid_amounts": Unit.AID_CENT, "aids": Unit.AID},
    "aid_kind": {"aid_amounts_by_kind": Unit.AID_CENT, "aids_by_kind": Unit.AID},
    "complaint_nature": {"complaints_by_nature": Unit.COMPLAINT},
    "complaint_outcome": {"complaints_by_outcome": Unit.COMPLAINT},
    "gender": {"gender": Unit.REQUEST},
    "language": {"language": Unit.REQUEST},
    "person_public": {"person_public": Unit.REQUEST},
    "discrimination": {"discrimination": Unit.REQUEST},
    "group_type": {
        "group_sessions": Unit.SESSION,
        "groups": Unit.GROUP,
        "group_persons": Unit.GROUP_PERSON,
        "group_attendances": Unit.ATTENDANCE,
        "group_hours": Unit.GROUP_MINUTE,
        "group_animation_hours": Unit.GROUP_ANIMATION_MINUTE,
        "group_preparation_hours": Unit.GROUP_PREPARATION_MINUTE,
        "group_beginners": Unit.GROUP_BEGINNER,
        "group_finishers": Unit.GROUP_FINISHER,
    },
    "follow_up_type": {"follow_ups_opened": Unit.FOLLOW_UP_OPENED, "follow_ups_ended": Unit.FOLLOW_UP_ENDED},
    "follow_up_end": {"follow_up_ends": Unit.FOLLOW_UP_ENDED},
    "priority": {"waiting_at_year_end": Unit.WAIT_AT_YEAR_END, "waiting_begun": Unit.WAIT_BEGUN},
    "evaluation_occasion": {"evaluation_respondents": Unit.RESPONDENT},
    "funder": {"hours_by_funder": Unit.WORK_MINUTE},
    "claim": {
        "claimed_hours": Unit.WORK_MINUTE,
        "claimed_activities": Unit.ACTIVITY,
        "claimed_activity_hours": Unit.ACTIVITY_MINUTE,
    },
    "activity_funder": {"activities_by_funder": Unit.ACTIVITY, "activity_hours_by_funder": Unit.ACTIVITY_MINUTE},
}
#: And their two-way tables, by their sides.
SERVICE_CROSS_TABLES = {
    "waiting_started": ("priority", "waiting_delay", Unit.WAIT_STARTED),
    "evaluation_answers": ("evaluation_item", "evaluation_level", Unit.EVALUATION_ANSWER),
}
#: Those that are told since the first year, and by school year.
SINCE = ("services", "service_persons", "accompaniments", "accompaniment_persons")
BY_SCHOOL_YEAR = ("activity_groups", "activity_participants", "animation_hours")


def service_tables() -> tuple[ReleaseTable, ...]:
    """The centre's own: a public release does not hold them."""
    made = []
    for name, units in SERVICE_TABLES.items():
        side = dimension(name, {"premier": "Premier", "second": "Second"}, missing=())
        for size, (table_id, unit) in enumerate(units.items(), start=1):
            counted = table(table_id, side, {"premier": 90 * size, "second": 45 * size}, title=f"Tableau {name}")
            label = text(unit.value.replace("_", " "))
            made.append(replace(counted, unit=unit, unit_label=label))
    one_way = tuple(made)
    for table_id, (*names, unit) in SERVICE_CROSS_TABLES.items():
        sides = [dimension(name, {"premier": "Premier", "second": "Second"}, missing=()) for name in names]
        crossed = cross_table(table_id, *sides, lambda a, b: 30 * len(a) + len(b), title=f"Tableau {names[0]}")
        made.append(replace(crossed, unit=unit, unit_label=text(unit.value.replace("_", " "))))
    area = dimension("task", {"aide": "Aide directe", "autre": "Autre volet"}, missing=())
    funder = dimension("funder", {"premier": "Premier", "second": "Second"}, missing=())
    crossed = cross_table("hours_by_area_and_funder", area, funder, lambda _, code: 90 if code == "premier" else 45)
    made.append(replace(crossed, unit=Unit.WORK_MINUTE, unit_label=text("heures")))
    return (*made, *over_years(one_way))


def over_years(tables) -> Iterator[ReleaseTable]:
    """What services are told by besides their year."""
    for one in tables:
        compared = by_year(one)
        yield compared
        if one.id in SINCE:
            yield replace(one, id=f"{one.id}_since", title=text(f"{one.title.fr}, depuis"))
        if one.id in BY_SCHOOL_YEAR:
            schools = replace(compared.dimensions[0], name="school_year")
            yield replace(compared, id=f"{one.id}_school_year", dimensions=(schools, *one.dimensions))


def made_up_tables() -> tuple[ReleaseTable, ...]:
    request, aggression, link = Unit.REQUEST, Unit.AGGRESSION, Unit.AGGRESSOR_LINK
    requester = dimension(
        "requester_type",
        {"femme": "Femme victime (18 ans et plus)", "ado": "Adolescente victime (12-17 ans)", "proche": "Proche"},
        title="Qui demande",
    )
    age_now = dimension(
        "age_at_request",
        {"age_12_17": "12-17 ans", "age_18_29": "18-29 ans", "age_30_plus": "30 ans et plus"},
        ordered=True,
        title="Âge à la demande",
    )
    home = dimension(
        "residence",
        {
            "desservi": ("Territoire desservi", {"joliette": "Joliette", "dautray": "D'Autray"}),
            "hors": ("Hors région", {"ailleurs": "Ailleurs"}),
        },
        title="Lieu de résidence",
    )
    met = dimension(
        "disposition_after_first_meeting",
        {"suivi": "Suivi individuel", "groupe": "Groupe", "fin": "Fin du service"},
        title="Suite à la première rencontre",
    )
    delay = dimension(
        "delay", {"delai_0_4": "Moins de 5 jours", "delai_5_plus": "5 jours et plus"}, ordered=True, title="Délai"
    )
    one_way = (
        table(
            "requester_type",
            requester,
            {"femme": 1201, "ado": 153, "proche": 20, "refus": 4},
            title="Qui demande de l'aide",
            unit=request,
        ),
        table(
            "age_at_request",
            age_now,
            {"age_12_17": 150, "age_18_29": 403, "age_30_plus": 800, "non_demande": 25},
            title="Âge à la demande",
            unit=request,
        ),
        table(
            "residence",
            home,
            {"desservi": 1300, "joliette": 900, "dautray": 400, "hors": 70, "ailleurs": 70, "refus": 8},
            title="Lieu de résidence",
            unit=request,
        ),
        table(
            "age_at_aggression",
            AGE,
            {
                "groupe_00_11": 50,
                "age_00_05": 20,
                "age_06_11": 30,
                "groupe_12_17": 60,
                "age_12_17": 60,
                "groupe_18_24": 31,
                "age_18_24": 31,
                "groupe_25_plus": 12,
                "age_25_plus": 12,
                "non_demande": 9,
            },
            title="Âge au moment de l'agression",
            unit=aggression,
        ),
        table(
            "aggression_form",
            FORM,
            {"penetration": 90, "attouchements": 110, "cyberviolence": 14, "non_demande": 6},
            total=162,
            title="Formes d'agression sexuelle",
            unit=aggression,
        ),
        not_collected("delay", delay, title="Délai entre l'agression et la demande", unit=aggression),
        table(
            "relationship",
            RELATIONSHIP,
            {
                "classe_partenaire": 42,
                "conjoint": 12,
                "ex_conjoint": 30,
                "classe_famille": 35,
                "pere": 20,
                "mere": 1,
                "fratrie": 14,
                "classe_entourage": 43,
                "ami": 25,
                "voisin": 18,
                "classe_inconnu": 8,
                "inconnu": 8,
                "classe_ordre": 1,
                "police": 1,
                "non_demande": 20,
            },
            title="Lien avec l'agresseur",
            unit=link,
        ),
        table(
            "referral_source",
            REFERRAL,
            {"elle_meme": 700, "proche": 300, "ecole": 120, "police": 110, "hopital": 90, "clsc": 58},
            title="Source de référence",
            unit=request,
        ),
        table(
            "disposition_after_request",
            AFTER,
            {"rencontre": 801, "attente": 300, "refere": 177, "info": 100},
            title="Suite à la demande",
            unit=request,
        ),
        table(
            "disposition_after_first_meeting",
            met,
            {"suivi": 300, "groupe": 40, "refus": 3},
            title="Suite à la première rencontre",
            unit=request,
        ),
    )
    cross = (
        cross_table(
            "age_by_relationship",
            AGE,
            RELATIONSHIP,
            lambda a, b: max(len(a) + 2 * len(b) - 20, 0),
            title="Âge et lien avec l'agresseur",
            unit=link,
        ),
        cross_table(
            "referral_by_disposition",
            REFERRAL,
            AFTER,
            lambda a, b: 3 * len(a) + len(b),
            title="Source de référence et suite",
            unit=request,
        ),
        cross_table("form_by_age", FORM, AGE, lambda a, b: len(a) + len(b), title="Formes et âge", unit=aggression),
    )
    return (*one_way, *cross, *(by_year(source) for source in one_way))


#: What makes a release of one that may leave the centre.
FOR_THE_PUBLIC = {
    "audience": "public",
    "protection": Protection(5, SafetyLevel.S1, True, ((Unit.REQUEST, Unit.AGGRESSION, Unit.AGGRESSOR_LINK),)),
}


def made_up_release(**changes) -> Release:
    """The centre's own release; a public one does not hold the tables of services."""
    tables = made_up_tables() if changes.get("protection") else (*made_up_tables(), *service_tables())
    release = Release("exemple", text("Centre d'exemple (fictif)"), True, PERIOD_LABEL, "internal", tables)
    return replace(release, **changes)
