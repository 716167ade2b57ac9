"""The suites are read strictly, and all their faults are told at once."""

import copy
import datetime
import json
from pathlib import Path

import pytest

from pipelines.errors import ConfigurationError
from pipelines.language import Language
from pipelines.quality.load_suites import load_suites
from tests.functional.quality_database import centre_that_collects, vocabularies

TODAY = datetime.date(2024, 6, 30)
SHIPPED = Path(__file__).resolve().parents[3] / "expectations"
TEXT = {"fr": "Une règle", "en": "A rule"}
GOOD = {
    "name": "core_request",
    "expectations": [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "requester_type_code", "value_set": {"$vocabulary": "requester_type"}},
            "meta": {
                "id": "requester-type-known",
                "severity": "error",
                "title": TEXT,
                "advice": TEXT,
                "needs": ["request", "requester_type_code"],
            },
        }
    ],
}


def loaded(folder: Path, *suites: dict, centre=None):
    for suite in suites:
        (folder / f"{suite['name']}.json").write_text(json.dumps(suite), encoding="utf-8")
    return load_suites(folder, centre or centre_that_collects(), vocabularies(), TODAY)


def changed(*path_and_value) -> dict:
    """The good suite with one value set deep inside its first expectation."""
    *path, last, value = path_and_value
    suite = copy.deepcopy(GOOD)
    place = suite["expectations"][0]
    for part in path:
        place = place[part]
    place[last] = value
    return suite


def faults_of(folder: Path, *suites: dict) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        loaded(folder, *suites)
    return [Language("en").text(fault) for fault in raised.value.faults]


def test_a_value_set_comes_from_the_code_list_with_the_missing_kinds(tmp_path):
    (expectation,) = loaded(tmp_path, GOOD)

    assert expectation.kwargs["value_set"] == ["ne_sait_pas", "non_demande", "refus", "sans_objet", "victime"]


def test_a_value_set_may_hold_more_than_the_code_list(tmp_path):
    more = changed("kwargs", "value_set", {"$vocabulary": "requester_type", "$also": ["a_classer"]})
    (expectation,) = loaded(tmp_path, more)

    assert "a_classer" in expectation.kwargs["value_set"]


def test_a_value_set_may_hold_less_than_the_code_list(tmp_path):
    less = changed("kwargs", "value_set", {"$vocabulary": "requester_type", "$without": ["sans_objet"]})
    (expectation,) = loaded(tmp_path, less)

    assert "sans_objet" not in expectation.kwargs["value_set"]


def test_today_is_the_day_given(tmp_path):
    suite = changed("kwargs", {"column": "request_date", "max_value": {"$today": True}})
    suite["expectations"][0]["type"] = "expect_column_values_to_be_between"
    (expectation,) = loaded(tmp_path, suite)

    assert expectation.kwargs["max_value"] == {"$date": "2024-06-30"}


def test_a_rule_on_what_is_not_collected_needs_no_code_list(tmp_path):
    suite = changed("kwargs", "value_set", {"$vocabulary": "residence"})
    suite["expectations"][0]["meta"]["needs"] = ["residence", "residence_code"]
    without_residence = vocabularies()
    del without_residence._by_name["residence"]
    (tmp_path / "core_request.json").write_text(json.dumps(suite), encoding="utf-8")
    (expectation,) = load_suites(tmp_path, centre_that_collects("request"), without_residence, TODAY)

    assert not expectation.is_applicable


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        (changed("kwargs", "value_set", {"$vocabulary": "no_such_list"}), "no_such_list"),
        (changed("kwargs", "value_set", {"$vocabulary": "relationship", "$more": []}), "a reference is one of"),
        (changed("kwargs", "value_set", {"$column": "core_request; drop"}), "a reference is one of"),
        (changed("kwargs", "mostly", {"$today": False}), "a reference is one of"),
        (changed("kwargs", "column", 'request_id" from core_request; --'), "a plain word"),
        (changed("kwargs", "value_set", {"$date": "2024-01-01"}), "value_set cannot be"),
        (changed("kwargs", "mosty", 0.5), "mosty"),
        (changed("type", "expect_column_values_to_be_lovely"), "expect_column_values_to_be_lovely"),
        (changed("severity", "error"), "severity"),
        (changed("meta", "needs", ["request", "shoe_size"]), "request.shoe_size"),
        (changed("meta", "severity", "fatal"), "severity"),
        (changed("meta", "title", {"fr": "Une règle"}), "title"),
        (changed("meta", "id", "Not a slug"), "id"),
        ({**GOOD, "owner": "x"}, "owner"),
    ],
)
def test_a_fault_is_told_with_its_name(tmp_path, suite, said):
    (fault,) = faults_of(tmp_path, suite)

    assert said in fault


def test_the_faults_of_all_files_are_told_at_once(tmp_path):
    other = {**changed("meta", "severity", "fatal"), "name": "core_referral"}

    assert len(faults_of(tmp_path, changed("kwargs", "mosty", 1), other)) == 2


def test_an_id_given_twice_is_a_fault(tmp_path):
    (fault,) = faults_of(tmp_path, GOOD, {**GOOD, "name": "core_referral"})

    assert "requester-type-known" in fault


def test_a_suite_is_named_as_its_file(tmp_path):
    (tmp_path / "core_referral.json").write_text(json.dumps(GOOD), encoding="utf-8")

    assert len(faults_of(tmp_path)) == 1


def test_a_key_given_twice_is_a_fault(tmp_path):
    (tmp_path / "core_request.json").write_text('{"name": "core_request", "name": "core_request"}', encoding="utf-8")

    assert "given twice" in faults_of(tmp_path)[0]


def test_a_file_that_is_not_json_is_a_fault(tmp_path):
    (tmp_path / "core_request.json").write_text("{", encoding="utf-8")

    assert "core_request.json" in faults_of(tmp_path)[0]


def test_a_folder_without_suites_is_a_fault(tmp_path):
    assert "no expectation suite" in faults_of(tmp_path)[0]


def test_the_suites_of_the_house_load():
    expectations = load_suites(SHIPPED, centre_that_collects(), vocabularies(), TODAY)

    assert len({expectation.suite for expectation in expectations}) == 20


@pytest.mark.parametrize("language", [Language("fr"), Language("en")])
def test_titles_and_advice_are_sentences_without_their_full_stop(language):
    """The line of an error and the page put the stop themselves."""
    expectations = load_suites(SHIPPED, centre_that_collects(), vocabularies(), TODAY)
    texts = [text.in_language(language) for e in expectations for text in (e.title, e.advice)]

    assert [text for text in texts if text.endswith(".") or not text[0].isupper()] == []


def test_french_titles_and_advice_use_non_breaking_spaces():
    expectations = load_suites(SHIPPED, centre_that_collects(), vocabularies(), TODAY)
    texts = [text.fr for e in expectations for text in (e.title, e.advice)]

    assert [text for text in texts if " :" in text or " %" in text] == []
