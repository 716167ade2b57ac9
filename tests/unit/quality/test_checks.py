"""The gate: what stops a report, with which words, and when a check need not be done again."""

import dataclasses
import datetime

import pytest

from pipelines.errors import QualityGateFailed
from pipelines.language import Language
from pipelines.quality.checks import ValidationFault, raise_if_failed, read_current_report, read_quality_report
from pipelines.quality.quality_report import write_quality_report
from tests.functional.quality_database import centre_that_collects
from tests.unit.quality.made_up_report import BROKEN, ERRORED, NOT_APPLICABLE, PASSED, WARNED, report_with


def test_a_report_whose_rules_hold_passes_the_gate():
    assert raise_if_failed(report_with(PASSED, NOT_APPLICABLE)) is None


def test_a_broken_warning_passes_the_gate():
    assert raise_if_failed(report_with(PASSED, WARNED)) is None


def test_a_broken_error_rule_stops_with_the_exit_code_of_quality():
    with pytest.raises(QualityGateFailed) as raised:
        raise_if_failed(report_with(PASSED, BROKEN))

    assert raised.value.exit_code == 4


@pytest.mark.parametrize("part", ["Un âge", "1 378 lignes", "demandes.csv", "4, 9", "Corrigez l'âge"])
def test_the_line_of_the_gate_says_what_where_and_what_to_do(part):
    with pytest.raises(QualityGateFailed) as raised:
        raise_if_failed(report_with(PASSED, dataclasses.replace(BROKEN, rows_failing=1378)))

    assert part.replace("1 378 lignes", "1\u00a0378") in raised.value.one_line(Language("fr"))


def test_at_most_three_broken_rules_are_named():
    checks = [dataclasses.replace(BROKEN, id=f"rule-{number}") for number in range(5)]
    with pytest.raises(QualityGateFailed) as raised:
        raise_if_failed(report_with(*checks))

    assert raised.value.one_line(Language("en")).count("An age") == 3


def test_a_rule_that_raised_is_a_fault_of_the_program_even_beside_a_broken_one():
    with pytest.raises(ValidationFault):
        raise_if_failed(report_with(BROKEN, ERRORED))


def test_a_declared_check_without_a_verdict_is_a_fault_of_the_program():
    report = report_with(PASSED)
    with pytest.raises(ValidationFault):
        raise_if_failed(dataclasses.replace(report, declared=report.declared + 1))


def test_quality_json_gives_back_the_report(tmp_path):
    report = report_with(PASSED, BROKEN, WARNED, NOT_APPLICABLE)
    data, _ = write_quality_report(report, tmp_path, Language("fr"), centre_that_collects())

    assert read_quality_report(data) == report


def written(folder, *checks):
    return write_quality_report(report_with(*checks), folder, Language("fr"), centre_that_collects())[0]


def test_a_report_of_the_same_fingerprint_is_current(tmp_path):
    assert read_current_report(written(tmp_path, PASSED, WARNED), "fingerprint") is not None


def test_a_report_of_another_fingerprint_is_not_current(tmp_path):
    assert read_current_report(written(tmp_path, PASSED), "another") is None


@pytest.mark.parametrize("check", [BROKEN, ERRORED])
def test_a_report_that_stopped_is_not_current(tmp_path, check):
    assert read_current_report(written(tmp_path, PASSED, check), "fingerprint") is None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"schema_version": 99}', '{"schema_version": 1, "checks": [{}]}'])
def test_a_file_that_cannot_be_understood_is_no_report(tmp_path, content):
    (tmp_path / "quality.json").write_text(content, encoding="utf-8")

    assert read_quality_report(tmp_path / "quality.json") is None


def test_an_absent_file_is_no_report(tmp_path):
    assert read_quality_report(tmp_path / "quality.json") is None


def test_a_date_is_read_back_as_a_date(tmp_path):
    report = read_quality_report(written(tmp_path, PASSED))

    assert report is not None
    assert report.checked_on == datetime.date(2024, 4, 1)
