"""The child process seen from its parent: early, never trusted when it fails, never left behind."""

import json
import shutil
import sys

import pytest

from pipelines.errors import MachineBusy
from pipelines.language import Language
from pipelines.quality.checks import ValidationFault
from pipelines.quality.validate import ValidationProcess
from tests.functional.quality_database import centre_that_collects, request_for

TEXT = {"fr": "Une règle", "en": "A rule"}


@pytest.fixture
def request_to_send(tmp_path):
    rule = {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": {"min_value": 1},
        "meta": {"id": "rows", "severity": "error", "title": TEXT, "advice": TEXT},
    }
    suite = {"name": "core_request", "expectations": [rule]}
    (tmp_path / "core_request.json").write_text(json.dumps(suite), encoding="utf-8")
    return request_for(tmp_path / "cases.duckdb", tmp_path, centre_that_collects())


def test_a_child_that_the_machine_kills_is_to_be_tried_again_and_no_pass(request_to_send):
    with ValidationProcess() as process:
        process.submit(request_to_send)
        assert process._child is not None
        process._child.kill()

        with pytest.raises(MachineBusy) as stopped:
            process.result()

    assert "pendant la vérification des données" in stopped.value.one_line(Language("fr")).lower()


def test_a_child_that_ends_by_itself_is_a_fault_and_not_a_pass(request_to_send, monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with ValidationProcess() as process, pytest.raises(ValidationFault, match="ended"):
        process.submit(request_to_send)
        process.result()


def test_a_child_that_takes_too_long_is_to_be_tried_again(request_to_send):
    with ValidationProcess(timeout_s=0.01) as process:
        process.submit(request_to_send)

        with pytest.raises(MachineBusy):
            process.result()


def test_the_child_ends_with_the_block_that_fails(request_to_send):
    process = ValidationProcess()
    with pytest.raises(KeyError), process:
        process.start()
        child = process._child
        raise KeyError

    assert child is not None
    assert child.poll() is not None


def test_a_child_is_started_once(request_to_send):
    with ValidationProcess() as process:
        process.start()
        child = process._child
        process.start()

        assert process._child is child


def test_a_result_that_was_not_asked_for_is_a_fault():
    with pytest.raises(ValidationFault):
        ValidationProcess().result()
