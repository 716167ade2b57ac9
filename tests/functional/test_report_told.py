"""What `bilan report` tells the person who runs it: progress, the closing summary, a dry run, the page opened."""

import json
import os
import re
import shutil
import stat
from pathlib import Path

import pytest

from pipelines.language import Language
from pipelines.run_log import STEP_TITLES
from tests.functional.conftest import YEAR, Installation

FRENCH = Language("fr")


def record_of(installation: Installation, audience: str) -> dict[str, dict[str, int]]:
    return json.loads((installation.release.with_name(audience) / "record.json").read_text(encoding="utf-8"))


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder, with its size and the time of its last change."""
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*"))}


def test_the_summary_names_what_was_made_and_where(reported):
    installation, ended = reported

    for audience in ("internal", "public"):
        folder = installation.release.with_name(audience)
        line = next(line for line in ended.stdout.splitlines() if line.endswith(f", dans {folder}"))
        assert all(path.name in line for path in folder.iterdir())


def test_the_summary_says_how_many_numbers_are_hidden_and_why(reported):
    installation, ended = reported
    record = record_of(installation, "public")

    hidden = FRENCH.number(record["cells"]["hidden"])
    told = next(line for line in ended.stdout.splitlines() if f"{hidden} nombres masqués" in line)
    assert f"moins de {record['protection']['k']} personnes" in told
    assert str(installation.root / f"reports/demo/protection-{YEAR}.html") in ended.stdout


def test_the_summary_names_the_rules_that_need_a_look_and_where_to_see_them(reported):
    installation, ended = reported
    quality = json.loads((installation.root / "reports/demo/quality.json").read_text(encoding="utf-8"))
    broken = [check["title"]["fr"] for check in quality["checks"] if check["outcome"] == "failed"]

    assert broken
    assert [title for title in broken if title not in ended.stdout] == []
    assert str(installation.root / "reports/demo/quality.html") in ended.stdout


def test_a_report_that_is_up_to_date_is_told_in_the_same_words(reported):
    installation, ended = reported
    closing = ended.stdout.splitlines()[-9:]

    assert installation.report().stdout.splitlines()[-9:] == closing


def test_a_script_gets_no_progress(reported):
    assert reported[1].stderr == ""


def test_a_person_at_a_terminal_sees_each_step_with_the_seconds(reported):
    installation, _ = reported
    reader, writer = os.openpty()
    ended = installation.report("--audience", "internal", stderr=writer)
    os.close(writer)
    seen = os.read(reader, 10_000).decode("utf-8")
    os.close(reader)

    assert ended.returncode == 0
    assert "s] Lecture des données exportées" in seen
    assert seen.rstrip().endswith("s] Terminé")
    assert all(re.match(r"\[\d+\u00a0s\] \w", line) for line in seen.splitlines())


def test_every_step_that_is_timed_has_a_title(repository):
    source = "".join(path.read_text(encoding="utf-8") for path in (repository / "pipelines").rglob("*.py"))

    assert set(re.findall(r'log\.step\("(\w+)"', source)) == set(STEP_TITLES)


def test_a_dry_run_writes_nothing_at_all(reported, tmp_path):
    installation = Installation(tmp_path / "fresh")
    shutil.copytree(reported[0].raw, installation.raw)
    before = tree(installation.root)

    ended = installation.report("--dry-run")

    assert ended.returncode == 0, ended.stderr
    assert tree(installation.root) == before


def test_a_dry_run_changes_no_report_that_is_there(reported):
    installation, _ = reported
    before = tree(installation.root)

    ended = installation.report("--dry-run")

    assert tree(installation.root) == before
    assert ended.stdout.count("À jour, resterait tel quel") == 2


def test_a_dry_run_promises_what_is_then_read_checked_and_made(reported, tmp_path):
    installation = Installation(tmp_path / "fresh")
    shutil.copytree(reported[0].raw, installation.raw)

    plan = json.loads(installation.report("--dry-run", "--json").stdout)

    record = record_of(reported[0], "public")
    assert set(plan["reads"]) == {file["name"] for file in record["inputs"]}
    assert plan["checks"] == record["checks"]["executed"]
    for report in plan["reports"]:
        folder = reported[0].release.with_name(report["audience"])
        made = {f"{path.name}/" if path.is_dir() else path.name for path in folder.iterdir()}
        # Without a browser there are no pictures; of true numbers there are none anywhere.
        pictures = {"figures/"} if report["audience"] == "public" else set()
        assert set(report["files"]) == made | pictures
    assert [report["is_current"] for report in plan["reports"]] == [False, False]


@pytest.mark.parametrize(
    ("asked", "exit_code", "words"),
    [(("--audience", "voisine"), 2, "public"), (("--raw", "nulle-part"), 3, "nulle-part"), (("--open",), 2, "--open")],
)
def test_a_dry_run_tells_what_would_stop_the_report(reported, asked, exit_code, words):
    ended = reported[0].report("--dry-run", *asked)

    assert ended.returncode == exit_code
    assert words in ended.stderr


def test_the_page_is_opened_in_the_browser_of_the_machine(reported, tmp_path):
    installation, _ = reported
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n', encoding="utf-8")
    browser.chmod(stat.S_IRWXU)

    ended = installation.report("--open", BROWSER=f"{browser} %s")

    page = installation.release.with_name("public") / "dashboard.html"
    assert (tmp_path / "opened").read_text(encoding="utf-8").strip() == page.as_uri()
    assert ended.stdout.splitlines()[-1] == str(page)


def test_a_machine_without_a_browser_gets_one_line_and_its_report(reported, tmp_path):
    ended = reported[0].report("--open", BROWSER=str(tmp_path / "absent"), PATH=str(tmp_path), DISPLAY="")

    assert ended.returncode == 0
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "navigateur" in ended.stderr
    assert ended.stdout.splitlines()[-1].endswith("dashboard.html")
