"""Made-up checks, one of each kind, and the report that holds some of them."""

import datetime

from pipelines.language import Text
from pipelines.quality.checks import Check, QualityReport, Result
from pipelines.quality.load_suites import Severity
from tests.functional.quality_database import INTAKE

PASSED = Check(
    "request-id-unique",
    "core_request",
    Text("Chaque numéro est unique", "Each number is unique"),
    Text("Cherchez la ligne en double", "Look for the repeated row"),
    Severity.ERROR,
    Result.PASSED,
    1378,
    0,
)
BROKEN = Check(
    "age-plausible",
    "core_request",
    Text("Un âge est entre 0 et 120\u00a0ans", "An age is between 0 and 120"),
    Text("Corrigez l'âge dans la plateforme", "Correct the age in the platform"),
    Severity.ERROR,
    Result.FAILED,
    1378,
    2,
    ((1, 4), (1, 9)),
)
WARNED = Check(
    "relationship-answered",
    "core_aggressor_link",
    Text("Au plus 30\u00a0% de réponses manquantes", "At most 30% of answers are missing"),
    Text("Dites-le dans les notes", "Say so in the notes"),
    Severity.WARNING,
    Result.FAILED,
    169,
    60,
    ((2, 3), (2, 8)),
)
ERRORED = Check(
    "impossible",
    "core_residence",
    Text("Une règle impossible", "An impossible rule"),
    Text("Rien", "Nothing"),
    Severity.WARNING,
    Result.ERRORED,
)
NOT_APPLICABLE = Check(
    "delay-known",
    "core_aggression",
    Text("Le délai est dans la liste", "The delay is in its list"),
    Text("Corrigez le code", "Correct the code"),
    Severity.ERROR,
    Result.NOT_APPLICABLE,
)
MISSING_LABELS = {
    "refus": Text("Préfère ne pas répondre", "Prefers not to answer"),
    "ne_sait_pas": Text("Ne sait pas", "Does not know"),
}


def report_with(*checks: Check) -> QualityReport:
    verdicts = (Result.PASSED, Result.FAILED)
    return QualityReport(
        checks=checks,
        declared=len(checks),
        executed=sum(check.outcome in verdicts for check in checks),
        not_applicable=sum(check.outcome is Result.NOT_APPLICABLE for check in checks),
        intake=INTAKE,
        missing_labels=MISSING_LABELS,
        fingerprint="fingerprint",
        checked_on=datetime.date(2024, 4, 1),
    )
