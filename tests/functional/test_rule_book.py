"""Each rule of the rule book sees the case that breaks it, counts it once, and names the row to look up."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.config import load_centre_vocabularies
from pipelines.errors import ConfigurationError
from pipelines.quality.checks import QualityReport, Result
from pipelines.quality.validate import ValidationProcess, ValidationRequest
from pipelines.rules import load_rules
from tests.small_centre import REPOSITORY, SmallCentre

#: All in one worker, so that Great Expectations is imported once.
pytestmark = pytest.mark.xdist_group("quality")

BOOK = load_rules(REPOSITORY / "config")
TODAY = datetime.date(2024, 6, 30)
REQUESTS = """
    request_id | person_id | request_date | requester_type_code | age_at_request
    D1         | P1        | 2023-04-01   | victime_femme       | 30
    D2         | P2        | 2023-06-15   | victime_ado         | {age}
"""
DISPOSITIONS = """
    request_id | after_request_code | after_first_meeting_code
    D1         | premiere_rencontre | attente_p3
    D2         | premiere_rencontre | {after}
"""
KITS = """
    kit_id | person_id | kit_date   | received_date | first_call_date | is_reached
    K1     | P1        | 2023-05-01 | 2023-05-01    | 2023-05-03      | oui
    K2     | P2        | 2023-05-01 | 2023-05-02    | {called}        | oui
"""

GROUPS = """
    group_id | group_type_code    | start_date | end_date
    G1       | groupe_cheminement | 2023-05-01 | 2023-12-01
"""
WAITS = """
    waiting_id | request_id | person_id | priority_code | waiting_since
    W1         | D1         | P1        | priorite_1    | 2023-05-01
    W2         | D2         | P2        | {waits}       | 2023-07-01
"""
CRITERIA = """
    waiting_id | criterion_code
    W1         | detresse_elevee
    W1         | signes_stress
    W2         | {criterion}
"""


def sessions(count: int, minutes: int) -> str:
    """So many sessions of one group, the first of that length."""
    lines = ["session_id | group_id | session_date | session_minutes"]
    days = [datetime.date(2023, 5, 1) + datetime.timedelta(7 * n) for n in range(count)]
    lengths = [f"{minutes // 60}h{minutes % 60:02}", *["2h00"] * (count - 1)]
    return "\n".join(
        [*lines, *(f"S{n} | G1 | {day} | {lasts}" for n, (day, lasts) in enumerate(zip(days, lengths, strict=True)))]
    )


def attendances(persons: int) -> str:
    """So many persons at the first session, and one who has no key at the second."""
    came = [f"S0 | P{n}" for n in range(persons)]
    return "\n".join(["session_id | person_id", *came, "S1 | P0", "S1 |"])


def meetings(service: str, count: int, minutes: int = 60) -> str:
    """A person with so many meetings, and another, with one, who is nobody's concern."""
    lines = ["meeting_id | person_id | meeting_date | service_type_code | direct_minutes"]
    days = [datetime.date(2023, 5, 1) + datetime.timedelta(n) for n in range(count)]
    length = f"{minutes // 60}h{minutes % 60:02}"
    lines += [f"R{n} | P1 | {day} | {service} | {length}" for n, day in enumerate(days)]
    return "\n".join([*lines, f"S1 | P2 | 2023-05-01 | {service} | 1h00"])


@dataclass(frozen=True)
class Case:
    """What is drawn; by default nothing breaks any rule."""

    age: int = 15
    after: str = "attente_p2"
    called: str = "2023-05-04"
    service: str = "suivi_femme"
    count: int = 3
    minutes: int = 60
    persons: int = 3
    sessions: int = 2
    lasts: int = 60
    waits: str = "priorite_2"
    criterion: str = "situation_stable"

    def centre(self, root: Path) -> SmallCentre:
        return SmallCentre(
            root,
            request=REQUESTS.format(age=self.age),
            disposition=DISPOSITIONS.format(after=self.after),
            kit=KITS.format(called=self.called),
            meeting=meetings(self.service, self.count, self.minutes),
            group=GROUPS,
            session=sessions(self.sessions, self.lasts),
            attendance=attendances(self.persons),
            waiting=WAITS.format(waits=self.waits),
            priority_criterion=CRITERIA.format(criterion=self.criterion),
        )


#: By rule: the last case that keeps it, and the first that breaks it.
CASES = {
    "individual-meetings": (Case(count=15), Case(count=16)),
    "emergency-meetings": (Case(service="rencontre_urgence", count=5), Case(service="rencontre_urgence", count=6)),
    "relatives-meetings": (Case(service="soutien_entourage", count=5), Case(service="soutien_entourage", count=6)),
    "meeting-length": (Case(count=1, minutes=720), Case(count=1, minutes=721)),
    "kit-call-delay": (Case(called="2023-05-04"), Case(called="2023-05-05")),
    "age-at-request-mandate": (Case(age=12), Case(age=11)),
    "no-teen-in-priority-3": (Case(age=18, after="attente_p3"), Case(age=17, after="attente_p3")),
    "group-size": (Case(persons=8), Case(persons=9)),
    "group-sessions": (Case(sessions=22), Case(sessions=23)),
    "group-session-length": (Case(lasts=180), Case(lasts=181)),
    "no-teen-waiting-in-priority-3": (Case(age=18, waits="priorite_3"), Case(age=17, waits="priorite_3")),
    "urgent-criteria-first": (
        Case(waits="priorite_1", criterion="idees_suicidaires"),
        Case(waits="priorite_2", criterion="idees_suicidaires"),
    ),
    "first-help-before-return": (
        Case(age=30, waits="priorite_2", criterion="jamais_aidee"),
        Case(age=30, waits="priorite_3", criterion="jamais_aidee"),
    ),
}


@pytest.fixture(scope="module")
def process():
    with ValidationProcess(timeout_s=120) as child:
        child.start()
        yield child


def checked(process: ValidationProcess, centre: SmallCentre) -> QualityReport:
    centre.build()
    vocabularies = load_centre_vocabularies(centre.workspace, centre.centre)
    suites = REPOSITORY / "expectations"
    rules = load_rules(centre.workspace.config)
    process.submit(
        ValidationRequest(centre.database, suites, centre.centre, vocabularies, TODAY, {}, "fingerprint", rules)
    )
    return process.result()


def broken_rules(report: QualityReport) -> dict[str, int | None]:
    return {
        check.id.removeprefix("rule-"): check.rows_failing
        for check in report.having(Result.FAILED)
        if check.id.startswith("rule-")
    }


def test_every_rule_of_the_book_has_its_cases() -> None:
    assert set(CASES) == {rule.id for rule in BOOK.rule}


@pytest.mark.parametrize("rule", CASES)
def test_the_last_case_within_a_rule_keeps_it(rule: str, process: ValidationProcess, tmp_path: Path) -> None:
    report = checked(process, CASES[rule][0].centre(tmp_path))

    assert broken_rules(report) == {}


@pytest.mark.parametrize("rule", CASES)
def test_the_first_case_beyond_a_rule_breaks_it_and_no_other(
    rule: str, process: ValidationProcess, tmp_path: Path
) -> None:
    report = checked(process, CASES[rule][1].centre(tmp_path))

    assert broken_rules(report) == {rule: 1}
    assert [len(check.source_rows) for check in report.checks if check.id == f"rule-{rule}"] == [1]


def test_every_rule_is_counted_among_the_checks(process: ValidationProcess, tmp_path: Path) -> None:
    report = checked(process, Case().centre(tmp_path))

    executed = {check.id for check in report.checks if check.outcome in (Result.PASSED, Result.FAILED)}
    assert {f"rule-{rule.id}" for rule in BOOK.rule} <= executed
    assert report.is_complete


def test_a_rule_on_what_the_centre_does_not_collect_is_counted_apart(
    process: ValidationProcess, tmp_path: Path
) -> None:
    report = checked(process, SmallCentre(tmp_path, request=REQUESTS.format(age=15)))

    apart = {check.id for check in report.having(Result.NOT_APPLICABLE)}
    assert "rule-individual-meetings" in apart
    assert "rule-age-at-request-mandate" not in apart


def test_cases_that_were_looked_at_do_not_break_the_rule_and_one_more_does(
    process: ValidationProcess, tmp_path: Path
) -> None:
    centre = Case(age=11).centre(tmp_path)
    path = centre.workspace.config / "rules.toml"
    accepted = 'accepted = { petit = { count = 1, reason = { fr = "Vu", en = "Seen" } } }'
    path.write_text(path.read_text(encoding="utf-8").replace("at_least = 12", f"at_least = 12\n{accepted}"), "utf-8")

    assert broken_rules(checked(process, centre)) == {}

    path.write_text(path.read_text(encoding="utf-8").replace("at_least = 12", "at_least = 31"), "utf-8")
    assert broken_rules(checked(process, centre)) == {"age-at-request-mandate": 2}


def test_a_rule_holds_from_its_day_on(process: ValidationProcess, tmp_path: Path) -> None:
    centre = Case(age=11).centre(tmp_path)
    path = centre.workspace.config / "rules.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("at_least = 12", "at_least = 12\nvalid_from = 2023-06-16"), "utf-8"
    )

    assert broken_rules(checked(process, centre)) == {}


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ("at_least = 12\n", ""),
        ('kind = "age_at_request"\n', 'kind = "age_at_request"\ncodes = ["suivi_femme"]\n'),
        ('id = "kit-call-delay"', 'id = "meeting-length"'),
        ("at_most = 720", "at_most = 720\nmost = 3"),
    ],
)
def test_a_rule_book_that_cannot_be_used_is_refused(given: str, changed: str, tmp_path: Path) -> None:
    text = (REPOSITORY / "config" / "rules.toml").read_text(encoding="utf-8")
    assert given in text
    (tmp_path / "rules.toml").write_text(text.replace(given, changed), encoding="utf-8")

    with pytest.raises(ConfigurationError):
        load_rules(tmp_path)
