"""The run log says things in the user's language and keeps names, seconds and whole numbers."""

import json
from pathlib import Path

import pytest

from pipelines.language import Language, msg
from pipelines.run_log import RunLog


def test_a_message_is_said_in_the_language_of_the_user() -> None:
    said: list[str] = []

    RunLog(Language("fr"), said.append).say(msg("Export already read: {records} records", records=1378))

    assert said == ["Export déjà chargé\u00a0: 1\u00a0378 enregistrements"]


def test_a_step_is_kept_with_its_counts(tmp_path: Path) -> None:
    log = RunLog(Language("fr"), lambda line: None, now=lambda: 1000.9)
    log.keep_in(tmp_path)

    with log.step("ingest") as counts:
        counts["records"] = 3

    entry = json.loads((tmp_path / "runs.jsonl").read_text())
    assert entry.pop("seconds") >= 0
    assert entry == {"at": 1000, "step": "ingest", "outcome": "done", "records": 3}


def test_a_step_that_fails_is_kept_without_the_words_of_its_error(tmp_path: Path) -> None:
    log = RunLog(Language("fr"), lambda line: None)
    log.keep_in(tmp_path)

    with pytest.raises(ValueError, match="Marguerite"), log.step("ingest"):
        raise ValueError("Marguerite")

    written = (tmp_path / "runs.jsonl").read_text()
    assert json.loads(written)["outcome"] == "failed"
    assert "Marguerite" not in written


def test_only_whole_numbers_can_be_kept(tmp_path: Path) -> None:
    log = RunLog(Language("fr"), lambda line: None)
    log.keep_in(tmp_path)

    with pytest.raises(ValueError, match="invalid literal"), log.step("ingest") as counts:
        counts["name"] = "Marguerite"  # type: ignore[assignment]
