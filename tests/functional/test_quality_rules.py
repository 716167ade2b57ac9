"""Each declared rule sees the defect that it is there for, and no other rule does.

A validation takes a second, so a database gets one defect a table: of the rules on a table exactly
one must turn red, and what a defect would do to the rules on another table would show as well.
"""

import datetime
import functools
import json
import shutil
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import pytest

from pipelines.config import Centre
from pipelines.language import Language
from pipelines.quality.checks import QualityReport, Result, ValidationFault, raise_if_failed
from pipelines.quality.quality_report import write_quality_report
from pipelines.quality.validate import ValidationProcess
from tests.functional.quality_database import (
    DAY,
    MARKER,
    centre_that_collects,
    request_for,
    write_database,
    write_defect,
)

#: All in one worker, so that Great Expectations is imported once.
pytestmark = pytest.mark.xdist_group("quality")

_EXPECTATIONS = Path(__file__).resolve().parents[2] / "expectations"
DECLARED = {
    entry["meta"]["id"]: path.stem
    for path in sorted(_EXPECTATIONS.glob("core_*.json"))
    for entry in json.loads(path.read_text(encoding="utf-8"))["expectations"]
}


def on_first(table: str, change: str) -> str:
    return f"update {table} set {change} where rowid = (select min(rowid) from {table})"


def again(table: str, replaced: str = "source_row + 500 as source_row") -> str:
    """The first row of a table once more, with something else in it."""
    first = f"where rowid = (select min(rowid) from {table})"
    return f"insert into {table} select * replace ({replaced}) from {table} {first}"


def faults_of_code(slug: str, table: str, column: str, rows: int) -> dict[str, tuple[str, int]]:
    return {
        f"{slug}-present": (on_first(table, f"{column} = null"), 1),
        f"{slug}-known": (on_first(table, f"{column} = 'zqx-inconnu'"), 1),
        f"{slug}-mapped": (on_first(table, f"{column} = 'a_classer'"), 1),
        f"{slug.removesuffix('-code')}-answered": (f"update {table} set {column} = 'ne_sait_pas'", rows),
    }


def faults_of_child(slug: str, table: str, column: str, other: str = "") -> dict[str, tuple[str, int]]:
    return {
        f"{slug}-present": (again(table, f"null as {column}{other}"), 1),
        f"{slug}-known": (again(table, f"'zqx-orphelin' as {column}{other}"), 1),
    }


def faults_of_record(slug: str, table: str, number: str, day: str) -> dict[str, tuple[str, int]]:
    """The rules that every dated kind of record has."""
    return {
        f"{slug}-id-present": (again(table, f"null as {number}"), 1),
        f"{slug}-id-unique": (again(table), 2),
        f"{slug}-date-present": (on_first(table, f"{day} = null"), 1),
        f"{slug}-date-not-future": (on_first(table, f"{day} = date '{DAY}' + 1"), 1),
        f"{slug}-period-present": (on_first(table, "period = null"), 1),
    }


def too_long(rule: str, table: str, column: str, minutes: int = 1441) -> dict[str, tuple[str, int]]:
    return {rule: (on_first(table, f"{column} = {minutes}"), 1)}


def below_zero(rule: str, table: str, column: str) -> dict[str, tuple[str, int]]:
    return {rule: (on_first(table, f"{column} = -1"), 1)}


_EMPTIED = ";".join(f"delete from {table}" for table in dict.fromkeys(DECLARED.values()))
_FIRST_REQUEST = "request_id = (select request_id from core_request where rowid = 0)"
_FIRST_AGGRESSION = "aggression_id = (select aggression_id from core_aggression where rowid = 0)"

#: Of each rule: what plants its defect, and how many rows the rule must then count.
DEFECTS: dict[str, tuple[str, int]] = {
    "request-rows": (_EMPTIED, 0),
    "request-id-present": (again("core_request", "null as request_id"), 1),
    "request-id-unique": (again("core_request"), 2),
    "request-date-present": (on_first("core_request", "request_date = null"), 1),
    "request-date-not-future": (on_first("core_request", f"request_date = date '{DAY}' + 1"), 1),
    "request-date-plausible": (on_first("core_request", "request_date = date '1969-12-31'"), 1),
    "request-period-present": (on_first("core_request", "period = null"), 1),
    **faults_of_code("requester-type", "core_request", "requester_type_code", 12),
    "age-at-request-plausible": (on_first("core_request", "age_at_request = 140"), 1),
    **faults_of_code("age-at-request-code", "core_request", "age_at_request_code", 12),
    "request-has-referral": (f"delete from core_referral where {_FIRST_REQUEST}", 1),
    "request-has-disposition": (f"delete from core_disposition where {_FIRST_REQUEST}", 1),
    "request-has-residence": (f"delete from core_residence where {_FIRST_REQUEST}", 1),
    "aggression-id-present": (again("core_aggression", "null as aggression_id"), 1),
    "aggression-id-unique": (again("core_aggression"), 2),
    "aggression-request-present": (on_first("core_aggression", "request_id = null"), 1),
    "aggression-request-known": (on_first("core_aggression", "request_id = 'zqx-orphelin'"), 1),
    "aggression-has-form": (f"delete from core_aggression_form where {_FIRST_AGGRESSION}", 1),
    "aggression-has-link": (f"delete from core_aggressor_link where {_FIRST_AGGRESSION}", 1),
    "aggression-before-request": (on_first("core_aggression", "aggression_date = request_date + 1"), 1),
    "aggression-date-plausible": (on_first("core_aggression", "aggression_date = date '1899-12-31'"), 1),
    **faults_of_code("delay", "core_aggression", "delay_code", 12),
    "age-at-aggression-plausible": (on_first("core_aggression", "age_at_aggression = -1"), 1),
    "age-at-aggression-not-above-request": (on_first("core_aggression", "age_at_aggression = 119"), 1),
    **faults_of_code("age-at-aggression-code", "core_aggression", "age_at_aggression_code", 12),
    **faults_of_code("location", "core_aggression", "location_code", 12),
    **faults_of_code("aggressor-count", "core_aggression", "aggressor_count_code", 12),
    **faults_of_child("form-aggression", "core_aggression_form", "aggression_id"),
    "form-once": (again("core_aggression_form"), 2),
    **faults_of_code("form", "core_aggression_form", "form_code", 12),
    # Every form unknown would also be the same form twice: one form an aggression is kept.
    "form-answered": (
        "delete from core_aggression_form where form_code = 'forme_b';"
        "update core_aggression_form set form_code = 'ne_sait_pas'",
        12,
    ),
    "link-id-present": (again("core_aggressor_link", "null as link_id"), 1),
    "link-id-unique": (again("core_aggressor_link"), 2),
    **faults_of_child("link-aggression", "core_aggressor_link", "aggression_id", ", 'zqx-lien' as link_id"),
    **faults_of_code("relationship", "core_aggressor_link", "relationship_code", 12),
    **faults_of_child("referral-request", "core_referral", "request_id"),
    "referral-main-once": (f"update core_referral set is_main = true where {_FIRST_REQUEST}", 2),
    "referral-has-main": (f"update core_referral set is_main = false where {_FIRST_REQUEST}", 2),
    **faults_of_code("referral-source", "core_referral", "referral_source_code", 24),
    **faults_of_child("disposition-request", "core_disposition", "request_id"),
    "disposition-once": (again("core_disposition"), 2),
    **faults_of_code("after-request", "core_disposition", "after_request_code", 12),
    **faults_of_code("after-first-meeting", "core_disposition", "after_first_meeting_code", 12),
    **faults_of_child("residence-request", "core_residence", "request_id"),
    "residence-once": (again("core_residence"), 2),
    **faults_of_code("residence", "core_residence", "residence_code", 12),
    **faults_of_child("person-request", "core_person", "request_id"),
    "person-once": (again("core_person"), 2),
    **faults_of_code("gender", "core_person", "gender_code", 12),
    **faults_of_code("language", "core_person", "language_code", 12),
    **faults_of_child("public-request", "core_person_public", "request_id"),
    "public-once": (again("core_person_public"), 2),
    **faults_of_code("public", "core_person_public", "public_code", 12),
    **faults_of_child("discrimination-request", "core_discrimination", "request_id"),
    "discrimination-once": (again("core_discrimination"), 2),
    **faults_of_code("discrimination", "core_discrimination", "discrimination_code", 12),
    **faults_of_record("meeting", "core_meeting", "meeting_id", "meeting_date"),
    **faults_of_code("service-type", "core_meeting", "service_type_code", 12),
    **faults_of_code("meeting-mode", "core_meeting", "mode_code", 12),
    **too_long("meeting-direct-plausible", "core_meeting", "direct_minutes"),
    **too_long("meeting-preparation-plausible", "core_meeting", "preparation_minutes"),
    **too_long("meeting-debrief-plausible", "core_meeting", "debrief_minutes"),
    "meeting-travel-plausible": (on_first("core_meeting", "travel_minutes = -1"), 1),
    **too_long("meeting-minutes-plausible", "core_meeting", "minutes"),
    "meeting-direct-answered": ("update core_meeting set direct_minutes = null", 12),
    **faults_of_record("accompaniment", "core_accompaniment", "accompaniment_id", "accompaniment_date"),
    **faults_of_code("purpose", "core_accompaniment", "purpose_code", 12),
    **faults_of_code("accompaniment-mode", "core_accompaniment", "mode_code", 12),
    **too_long("accompaniment-minutes-plausible", "core_accompaniment", "minutes"),
    "accompaniment-minutes-answered": ("update core_accompaniment set minutes = null", 12),
    **faults_of_record("kit", "core_kit", "kit_id", "received_date"),
    # Where nobody called, the day of the letter is alone: a call would be before it.
    "kit-date-not-future": (f"update core_kit set received_date = date '{DAY}' + 1 where first_call_date is null", 1),
    "kit-before-reception": (on_first("core_kit", "kit_date = received_date + 1"), 1),
    "kit-call-after-reception": (on_first("core_kit", "first_call_date = received_date - 1"), 1),
    "kit-call-not-future": (on_first("core_kit", f"first_call_date = date '{DAY}' + 1"), 1),
    **faults_of_code("kit-reached", "core_kit", "reached_code", 12),
    **faults_of_code("call-delay", "core_kit", "call_delay_code", 12),
    **faults_of_code("kit-age-group", "core_kit", "age_group_code", 12),
    **faults_of_record("activity", "core_activity", "activity_id", "activity_date"),
    **faults_of_code("activity-type", "core_activity", "activity_type_code", 12),
    **faults_of_code("setting", "core_activity", "setting_code", 12),
    "group-count-plausible": (on_first("core_activity", "group_count = 101"), 1),
    **too_long("animation-plausible", "core_activity", "animation_minutes"),
    **too_long("activity-preparation-plausible", "core_activity", "preparation_minutes"),
    **too_long("activity-travel-plausible", "core_activity", "travel_minutes"),
    **faults_of_code("activity-funder", "core_activity", "funder_code", 12),
    "audience-key-present": (again("core_audience", "null as audience_key, 'role_b' as role_code"), 1),
    "audience-key-unique": (again("core_audience", "'role_b' as role_code"), 2),
    **faults_of_child("audience-activity", "core_audience", "activity_id", ", 'zqx-public' as audience_key"),
    "audience-role-once": (again("core_audience", "'zqx-public' as audience_key"), 2),
    **faults_of_code("audience-role", "core_audience", "role_code", 12),
    "participant-count-present": (on_first("core_audience", "participant_count = null"), 1),
    "participant-count-plausible": (on_first("core_audience", "participant_count = -1"), 1),
    **faults_of_record("work-hours", "core_work_hours", "work_id", "work_date"),
    **faults_of_code("task", "core_work_hours", "task_code", 12),
    **faults_of_code("project-step", "core_work_hours", "project_step_code", 12),
    "work-minutes-present": (on_first("core_work_hours", "minutes = null"), 1),
    **too_long("work-minutes-plausible", "core_work_hours", "minutes"),
    **faults_of_code("funder", "core_work_hours", "funder_code", 12),
    **faults_of_record("member", "core_member", "member_id", "since_date"),
    **faults_of_code("member-type", "core_member", "member_type_code", 12),
    "member-until-after-since": (on_first("core_member", "until_date = since_date - 1"), 1),
    **faults_of_record("volunteering", "core_volunteering", "volunteering_id", "volunteering_date"),
    **faults_of_code("volunteering-type", "core_volunteering", "volunteering_type_code", 12),
    **faults_of_code("volunteer-role", "core_volunteering", "volunteer_role_code", 12),
    **faults_of_code("training-level", "core_volunteering", "training_level_code", 12),
    **too_long("volunteering-minutes-plausible", "core_volunteering", "minutes"),
    "volunteering-minutes-answered": ("update core_volunteering set minutes = null", 12),
    **faults_of_record("training", "core_training", "training_id", "training_date"),
    **faults_of_code("training-topic", "core_training", "training_topic_code", 12),
    **faults_of_code("training-audience", "core_training", "training_audience_code", 12),
    "training-participants-plausible": (on_first("core_training", "participant_count = 1001"), 1),
    **too_long("training-minutes-plausible", "core_training", "minutes", 60_001),
    **faults_of_record("communication", "core_communication", "communication_id", "communication_date"),
    **faults_of_code("channel", "core_communication", "channel_code", 12),
    **faults_of_code("topic", "core_communication", "topic_code", 12),
    **below_zero("communication-item-count-plausible", "core_communication", "item_count"),
    **below_zero("communication-place-count-plausible", "core_communication", "place_count"),
    **below_zero("communication-reach-plausible", "core_communication", "reach_count"),
    **below_zero("communication-interactions-plausible", "core_communication", "interaction_count"),
    **below_zero("communication-speakers-plausible", "core_communication", "speaker_count"),
    **faults_of_record("committee-work", "core_committee_work", "committee_work_id", "committee_date"),
    **faults_of_code("area", "core_committee_work", "area_code", 12),
    **faults_of_code("committee", "core_committee_work", "committee_code", 12),
    **faults_of_code("committee-task", "core_committee_work", "committee_task_code", 12),
    "meeting-count-plausible": (on_first("core_committee_work", "meeting_count = 101"), 1),
    **below_zero("committee-participants-plausible", "core_committee_work", "participant_count"),
    **too_long("committee-work-minutes-plausible", "core_committee_work", "minutes", 60_001),
    **faults_of_record("aid", "core_aid", "aid_id", "aid_date"),
    **faults_of_code("aid-purpose", "core_aid", "aid_purpose_code", 12),
    **faults_of_code("aid-kind", "core_aid", "aid_kind_code", 12),
    "aid-amount-present": (on_first("core_aid", "amount_cents = null"), 1),
    "aid-amount-plausible": (on_first("core_aid", "amount_cents = 1000001"), 1),
    **faults_of_record("complaint", "core_complaint", "complaint_id", "complaint_date"),
    # The complaint that is not closed: a closing would be before its day.
    "complaint-date-not-future": (
        f"update core_complaint set complaint_date = date '{DAY}' + 1 where closed_date is null",
        1,
    ),
    **faults_of_code("complaint-nature", "core_complaint", "complaint_nature_code", 12),
    **faults_of_code("complaint-outcome", "core_complaint", "complaint_outcome_code", 12),
    "complaint-closed-after-received": (on_first("core_complaint", "closed_date = complaint_date - 1"), 1),
    "complaint-closed-not-future": (on_first("core_complaint", f"closed_date = date '{DAY}' + 1"), 1),
    **faults_of_record("group", "core_group", "group_id", "start_date"),
    # Where no end is known, the first day is alone: the end would be before it.
    "group-date-not-future": (f"update core_group set start_date = date '{DAY}' + 1 where end_date is null", 1),
    "group-end-after-start": (on_first("core_group", "end_date = start_date - 1"), 1),
    "group-capacity-plausible": (on_first("core_group", "capacity = 0"), 1),
    **faults_of_code("group-type", "core_group", "group_type_code", 12),
    **faults_of_record("session", "core_session", "session_id", "session_date"),
    "session-group-present": (on_first("core_session", "group_id = null"), 1),
    "session-group-known": (on_first("core_session", "group_id = 'zqx-orphelin'"), 1),
    "facilitator-count-plausible": (on_first("core_session", "facilitator_count = 0"), 1),
    **too_long("session-length-plausible", "core_session", "session_minutes"),
    **too_long("session-preparation-plausible", "core_session", "preparation_minutes"),
    "session-length-answered": ("update core_session set session_minutes = null", 12),
    "facilitator-count-answered": ("update core_session set facilitator_count = null", 12),
    "attendance-key-present": (again("core_attendance", "null as attendance_key, 'zqx-p2' as person_id"), 1),
    "attendance-key-unique": (again("core_attendance", "'zqx-p2' as person_id"), 2),
    **faults_of_child("attendance-session", "core_attendance", "session_id", ", 'zqx-presence' as attendance_key"),
    "attendance-once": (again("core_attendance", "'zqx-presence' as attendance_key"), 2),
    **faults_of_record("follow-up", "core_follow_up", "follow_up_id", "start_date"),
    "follow-up-date-not-future": (f"update core_follow_up set start_date = date '{DAY}' + 1 where end_date is null", 1),
    "follow-up-end-after-start": (on_first("core_follow_up", "end_date = start_date - 1"), 1),
    "follow-up-end-not-future": (on_first("core_follow_up", f"end_date = date '{DAY}' + 1"), 1),
    **faults_of_code("follow-up-type", "core_follow_up", "service_type_code", 12),
    **faults_of_code("follow-up-ending", "core_follow_up", "end_reason_code", 12),
    **faults_of_record("waiting", "core_waiting", "waiting_id", "waiting_since"),
    # Who still waits has no other day: it would be before the beginning.
    "waiting-date-not-future": (f"update core_waiting set waiting_since = date '{DAY}' + 1 where source_row = 8", 1),
    "waiting-request-known": (on_first("core_waiting", "request_id = 'zqx-orphelin'"), 1),
    "waiting-offer-after-beginning": (on_first("core_waiting", "offer_date = waiting_since - 1"), 1),
    "waiting-offer-not-future": (on_first("core_waiting", f"offer_date = date '{DAY}' + 1"), 1),
    "waiting-start-after-beginning": (on_first("core_waiting", "start_date = waiting_since - 1"), 1),
    "waiting-start-not-future": (on_first("core_waiting", f"start_date = date '{DAY}' + 1"), 1),
    "waiting-closed-after-beginning": (on_first("core_waiting", "closed_date = waiting_since - 1"), 1),
    "waiting-closed-not-future": (on_first("core_waiting", f"closed_date = date '{DAY}' + 1"), 1),
    "waiting-ended-once": (on_first("core_waiting", "is_ended_twice = true"), 1),
    "waiting-end-dated": (on_first("core_waiting", "is_ended_undated = true"), 1),
    **faults_of_code("waiting-service", "core_waiting", "service_type_code", 12),
    **faults_of_code("priority", "core_waiting", "priority_code", 12),
    **faults_of_code("waiting-delay", "core_waiting", "delay_code", 12),
    **faults_of_code("unmet-need", "core_waiting", "unmet_need_code", 12),
    **faults_of_child("criterion-waiting", "core_priority_criterion", "waiting_id"),
    "criterion-once": (again("core_priority_criterion"), 2),
    **faults_of_code("criterion", "core_priority_criterion", "criterion_code", 12),
    **faults_of_record("evaluation", "core_evaluation", "evaluation_id", "evaluation_date"),
    **faults_of_code("occasion", "core_evaluation", "occasion_code", 12),
    "respondent-count-plausible": (on_first("core_evaluation", "respondent_count = -1"), 1),
    "answer-key-present": (again("core_evaluation_answer", "null as answer_key, 'non' as level_code"), 1),
    "answer-key-unique": (again("core_evaluation_answer", "'non' as level_code"), 2),
    **faults_of_child("answer-evaluation", "core_evaluation_answer", "evaluation_id", ", 'zqx-reponse' as answer_key"),
    "answer-once": (again("core_evaluation_answer", "'zqx-reponse' as answer_key"), 2),
    **faults_of_code("evaluation-item", "core_evaluation_answer", "item_code", 12),
    **faults_of_code("evaluation-level", "core_evaluation_answer", "level_code", 12),
    "answer-count-present": (on_first("core_evaluation_answer", "answer_count = null"), 1),
    "answer-count-plausible": (on_first("core_evaluation_answer", "answer_count = -1"), 1),
    "answers-not-above-respondents": (on_first("core_evaluation_answer", "answers_to_item = 10"), 1),
}
# A membership may have begun long before the years of the requests; a step of training and a topic are told where
# there is one.
for _rule in ("member-period-present", "training-level-answered", "topic-answered"):
    del DEFECTS[_rule]
# Most first meetings have not taken place: no share of missing answers is too large there.
del DEFECTS["after-first-meeting-answered"]
# A group whose first day nobody wrote begins with its first session.
del DEFECTS["group-date-present"]
# Who waits, or waited for nothing, has no delay: a share of missing ones says nothing.
del DEFECTS["waiting-delay-answered"]


def rounds() -> list[tuple[str, ...]]:
    """The rules to be broken together: one a table. A table without rows breaks alone, for it takes all with it."""
    of_tables: dict[str, list[str]] = {}
    for rule, table in DECLARED.items():
        of_tables.setdefault(table, []).append(rule)
    of_tables["core_request"].remove("request-rows")
    together = [tuple(rule for rule in rules if rule) for rules in zip_longest(*of_tables.values())]
    return [("request-rows",), *together]


@pytest.fixture(scope="module")
def process():
    """One child for all the databases of this file: importing Great Expectations takes seconds."""
    with ValidationProcess(timeout_s=120) as child:
        child.start()
        yield child


@pytest.fixture(scope="module")
def good_database(tmp_path_factory) -> Path:
    return write_database(tmp_path_factory.mktemp("good") / "cases.duckdb")


@pytest.fixture(scope="module")
def report_of(process, good_database, tmp_path_factory) -> Callable[[tuple[str, ...]], QualityReport]:
    """The report on the good tables with the defects of these rules planted."""

    @functools.cache
    def validate_with(rules: tuple[str, ...]) -> QualityReport:
        database = tmp_path_factory.mktemp("defect") / "cases.duckdb"
        shutil.copy(good_database, database)
        write_defect(database, ";".join(DEFECTS[rule][0] for rule in rules))
        return validated(process, database)

    return validate_with


def validated(
    process: ValidationProcess,
    database: Path,
    *,
    suites: Path = _EXPECTATIONS,
    centre: Centre | None = None,
    day: datetime.date = DAY,
) -> QualityReport:
    process.submit(request_for(database, suites, centre or centre_that_collects(), day))
    return process.result()


def red_rules(report: QualityReport) -> dict[str, int | None]:
    return {check.id: check.rows_failing for check in report.having(Result.FAILED)}


def test_every_rule_holds_in_good_tables(report_of):
    assert {check.outcome.value for check in report_of(()).checks} == {"passed"}


def test_every_declared_rule_is_executed(report_of):
    report = report_of(())

    assert (report.declared, report.executed, report.is_complete) == (len(DECLARED), len(DECLARED), True)


def test_every_declared_rule_has_its_planted_defect():
    assert set(DEFECTS) == set(DECLARED)


@pytest.mark.parametrize("rule", DECLARED)
def test_a_planted_defect_turns_its_own_rule_red_and_no_other(rule, report_of):
    broken_together = next(rules for rules in rounds() if rule in rules)

    assert red_rules(report_of(broken_together)) == {broken: DEFECTS[broken][1] for broken in broken_together}


@pytest.mark.parametrize(
    "rule", [rule for rule, (_, rows) in DEFECTS.items() if rows and not rule.endswith("-answered")]
)
def test_a_broken_rule_names_the_rows_to_look_up(rule, report_of):
    report = report_of(next(rules for rules in rounds() if rule in rules))
    check = next(check for check in report.checks if check.id == rule)

    assert len(check.source_rows) == min(DEFECTS[rule][1], 20)


def test_a_rule_on_a_share_of_missing_answers_names_no_row(report_of):
    report = report_of(next(rules for rules in rounds() if "relationship-answered" in rules))
    check = next(check for check in report.checks if check.id == "relationship-answered")

    assert (check.rows_failing, check.source_rows) == (12, ())


def test_the_rows_named_are_those_of_the_defect(process, good_database, tmp_path):
    database = shutil.copy(good_database, tmp_path / "cases.duckdb")
    write_defect(database, "update core_request set age_at_request = 140 where source_row in (4, 9)")
    report = validated(process, database)

    assert [check.source_rows for check in report.having(Result.FAILED)] == [((1, 4), (1, 9))]


def test_rules_on_what_the_centre_does_not_collect_are_counted_apart(process, good_database):
    report = validated(process, good_database, centre=centre_that_collects("request"))
    about_requests = {check.suite for check in report.checks if check.outcome is not Result.NOT_APPLICABLE}

    assert (report.declared, report.is_complete, about_requests) == (len(DECLARED), True, {"core_request"})


def test_empty_tables_of_what_is_collected_break_no_rule_but_that_of_requests(report_of):
    assert list(red_rules(report_of(("request-rows",)))) == ["request-rows"]


def test_the_day_of_the_check_is_the_one_given(process, good_database):
    report = validated(process, good_database, day=datetime.date(2023, 8, 1))

    assert set(red_rules(report)) == {rule for rule in DECLARED if rule.endswith("-not-future")}


@pytest.fixture
def raising_suites(tmp_path) -> Path:
    """A suite whose second rule cannot be evaluated: it compares words with numbers."""
    rules = [
        ("request-rows", "expect_table_row_count_to_be_between", {"min_value": 1}),
        ("impossible", "expect_column_values_to_be_between", {"column": "request_id", "min_value": 1}),
    ]
    text = {"fr": "Règle", "en": "Rule"}
    suite = {
        "name": "core_request",
        "expectations": [
            {"type": kind, "kwargs": kwargs, "meta": {"id": id, "severity": "warning", "title": text, "advice": text}}
            for id, kind, kwargs in rules
        ],
    }
    folder = tmp_path / "expectations"
    folder.mkdir()
    (folder / "core_request.json").write_text(json.dumps(suite), encoding="utf-8")
    return folder


def test_a_rule_that_raises_is_errored_and_the_others_keep_their_verdict(process, good_database, raising_suites):
    report = validated(process, good_database, suites=raising_suites)

    assert {check.id: check.outcome.value for check in report.checks} == {
        "request-rows": "passed",
        "impossible": "errored",
    }


def test_a_rule_that_raises_stops_with_an_internal_fault(process, good_database, raising_suites):
    report = validated(process, good_database, suites=raising_suites)

    with pytest.raises(ValidationFault, match="impossible"):
        raise_if_failed(report)


def test_a_table_that_is_missing_is_a_fault_and_not_a_pass(process, good_database, tmp_path):
    database = shutil.copy(good_database, tmp_path / "cases.duckdb")
    write_defect(database, "drop table core_disposition")
    report = validated(process, database)

    with pytest.raises(ValidationFault):
        raise_if_failed(report)


def test_a_database_that_cannot_be_opened_is_a_fault(process, tmp_path):
    (tmp_path / "cases.duckdb").write_bytes(b"not a database" * 100)

    with pytest.raises(ValidationFault):
        validated(process, tmp_path / "cases.duckdb")


def test_neither_file_holds_a_value_of_the_cases(process, good_database, tmp_path):
    database = shutil.copy(good_database, tmp_path / "cases.duckdb")
    planted = [DEFECTS[rule][0] for rule in DECLARED if rule.endswith(("-known", "-unique", "-once", "-plausible"))]
    write_defect(database, ";".join(planted))
    report = validated(process, database)
    paths = write_quality_report(report, tmp_path / "reports", Language("fr"), centre_that_collects())

    assert len(red_rules(report)) > 20
    assert [path.name for path in paths if MARKER in path.read_text(encoding="utf-8")] == []


def test_the_child_is_gone_after_its_block(tmp_path):
    with ValidationProcess() as child:
        child.start()
        started = child._child

    assert started is not None
    assert started.returncode is not None
