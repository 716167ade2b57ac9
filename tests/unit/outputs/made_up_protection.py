"""A made-up protected release and the report of its protection, for the two pages that tell of it."""

import datetime
from dataclasses import replace
from typing import Any

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.protection_report import (
    Alternative,
    AlternativeKind,
    HiddenBecause,
    ProtectionReport,
    TableProtectionReport,
)
from pipelines.disclosure.register_settings import RegisterSettings
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.language import Text
from pipelines.outputs.register_page import RegisterFacts
from tests.made_up_release import FOR_THE_PUBLIC, cell, made_up_release

SMALL, OTHERS = HiddenBecause.SMALL, HiddenBecause.PROTECTS_OTHERS
#: The true counts are in `tests/made_up_release.py`: 1 person for the first two.
RELATIONSHIP = {
    ("mere",): SMALL,
    ("classe_ordre",): SMALL,
    ("police",): SMALL,
    ("fratrie",): OTHERS,
    ("classe_inconnu",): OTHERS,
    ("inconnu",): OTHERS,
}
CROSSED = {
    ("groupe_00_11", "classe_famille"): SMALL,
    ("groupe_00_11", "classe_inconnu"): OTHERS,
    ("groupe_12_17", "classe_famille"): SMALL,
    ("groupe_12_17", "classe_entourage"): SMALL,
    ("groupe_12_17", "classe_inconnu"): HiddenBecause.HIDDEN_BEFORE,
    ("groupe_18_24", TOTAL): OTHERS,
    ("groupe_25_plus", "classe_partenaire"): HiddenBecause.GROUP,
}
HIDDEN = {"relationship": RELATIONSHIP, "age_by_relationship": CROSSED}
TITLES = {
    "relationship": Text("Lien avec l'agresseur", "Relationship to the aggressor"),
    "form_by_age": Text("Formes et âge", "Forms and age"),
}


def protected_release(**changes) -> Release:
    release = made_up_release(**FOR_THE_PUBLIC)
    tables = tuple(hide(table) for table in release.tables if table.id != "form_by_age")
    return replace(release, tables=tables, **changes)


def hide(table: ReleaseTable) -> ReleaseTable:
    hidden = HIDDEN.get(table.id, {})
    cells = tuple(cell(one.codes, CellStatus.HIDDEN) if one.codes in hidden else one for one in table.cells)
    return replace(table, cells=cells)


def protection_report(**changes) -> ProtectionReport:
    release = protected_release()
    alternatives = {
        "relationship": (
            Alternative(AlternativeKind.CLASSES_ONLY, (), 9, 10),
            Alternative(AlternativeKind.MERGE_CODES, ("classe_inconnu", "classe_ordre"), 8, 1),
        ),
        "age_by_relationship": (Alternative(AlternativeKind.DROP_TABLE, (), 6, 42),),
    }
    tables = tuple(
        TableProtectionReport(table.id, len(table.cells), HIDDEN.get(table.id, {}), alternatives.get(table.id, ()))
        for table in release.tables
        if table.is_collected
    )
    report = ProtectionReport(
        protection=FOR_THE_PUBLIC["protection"],
        tables=tables,
        narrowest=4,
        share_of_counts_shown=0.9736,
        proven_least=5,
        further=6,
        merged=("form_by_age:drop", "relationship:classes"),
        frozen=("2021-2022", "2022-2023"),
        late_records={"2022-2023": 7},
        ledger_version=2,
        solver="HiGHS 1.15.1",
        seconds=3.42,
        insider={1: 2},
    )
    return replace(report, **changes)


def register_facts(**changes) -> RegisterFacts:
    facts = RegisterFacts(
        made_on=datetime.date(2024, 6, 1),
        narrowest=4,
        merged=("form_by_age:drop",),
        reasons={"k": "La règle de moins de 5 est d'usage", "min_centres": "Un centre seul y serait reconnu"},
        ledger_version=2,
        solver="HiGHS 1.15.1",
        seconds=3.42,
    )
    return replace(facts, **changes)


def register_settings(**changes: Any) -> RegisterSettings:
    written = {
        "person_in_charge": "Dominique Exemple",
        "role": {"fr": "Responsable de la protection des renseignements", "en": "Privacy officer"},
        "purpose": {"fr": "Faire connaître les besoins.", "en": "To make needs known."},
        "security_measures": [
            {"fr": "Les dossiers restent au centre, sur un disque chiffré.", "en": "Records stay on an encrypted disk."}
        ],
    }
    return RegisterSettings.model_validate({**written, **changes})
