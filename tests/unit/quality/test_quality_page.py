"""The page that a coordinator opens first: may the report be made, and if not, what to do."""

import html
import json
import re
import stat

import pytest

from pipelines.language import Language, Text
from pipelines.quality.quality_report import write_quality_report
from tests.functional.quality_database import centre_that_collects
from tests.unit.quality.made_up_report import BROKEN, ERRORED, NOT_APPLICABLE, PASSED, WARNED, report_with


def page(folder, *checks, language: str = "fr", is_fictitious: bool = True) -> str:
    centre = centre_that_collects(is_fictitious=is_fictitious)
    _, path = write_quality_report(report_with(*checks), folder, Language(language), centre)
    return path.read_text(encoding="utf-8")


def verdict(text: str) -> str:
    found = re.search(r'<p class="verdict (\w+)"', text)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ((PASSED,), "ready"),
        ((PASSED, WARNED), "ready"),
        ((PASSED, BROKEN), "stopped"),
        ((PASSED, BROKEN, ERRORED), "incomplete"),
    ],
)
def test_the_first_line_says_whether_the_report_may_be_made(tmp_path, checks, expected):
    assert verdict(page(tmp_path, *checks)) == expected


@pytest.mark.parametrize(
    "part", ["Un âge est entre 0 et 120", "4, 9", "demandes.csv", "Corrigez l'âge dans la plateforme"]
)
def test_a_broken_rule_is_told_with_its_rows_and_what_to_do(tmp_path, part):
    assert part in html.unescape(page(tmp_path, PASSED, BROKEN))


def test_counts_are_written_as_quebec_writes_them(tmp_path):
    assert "1\u00a0378" in page(tmp_path, PASSED)


def test_what_is_not_collected_is_listed_apart(tmp_path):
    assert "Le délai est dans la liste" in page(tmp_path, PASSED, NOT_APPLICABLE)


def test_missing_answers_are_named_in_words(tmp_path):
    assert "Préfère ne pas répondre" in page(tmp_path, PASSED)


def test_the_totals_of_unmapped_and_sentinels_are_shown(tmp_path):
    foot = page(tmp_path, PASSED).rsplit("<tfoot>", 1)[1].split("</tfoot>")[0]

    assert re.findall(r'class="n">(\d+)<', foot) == ["36", "3", "4", "7"]


def test_made_up_data_are_said_to_be_so(tmp_path):
    assert 'class="banner"' in page(tmp_path, PASSED)


def test_real_data_are_not_said_to_be_made_up(tmp_path):
    assert 'class="banner"' not in page(tmp_path, PASSED, is_fictitious=False)


def test_a_label_cannot_become_markup(tmp_path):
    report = report_with(PASSED)
    hostile = Text("<script>alert(1)</script>", "<script>alert(1)</script>")
    centre = centre_that_collects().model_copy(update={"name": hostile})
    _, path = write_quality_report(report, tmp_path, Language("fr"), centre)

    assert "<script" not in path.read_text(encoding="utf-8")


def test_the_page_asks_for_nothing_from_anywhere(tmp_path):
    text = page(tmp_path, PASSED, BROKEN, WARNED)

    assert re.findall(r"(?:\ssrc=|\shref=|url\(|@import|https?:)", text) == []


def test_the_page_forbids_scripts_by_policy(tmp_path):
    assert "default-src &#39;none&#39;" in page(tmp_path, PASSED) or "default-src 'none'" in page(tmp_path, PASSED)


@pytest.mark.parametrize(("language", "tag"), [("fr", "fr-CA"), ("en", "en-CA")])
def test_the_page_says_its_language(tmp_path, language, tag):
    assert f'<html lang="{tag}">' in page(tmp_path, PASSED, language=language)


def test_every_table_has_a_caption_and_scoped_headings(tmp_path):
    text = page(tmp_path, PASSED, BROKEN)

    assert text.count("<table>") == text.count("<caption>")
    assert "<th>" not in text


def test_quality_json_counts_every_outcome(tmp_path):
    data, _ = write_quality_report(
        report_with(PASSED, BROKEN, WARNED, NOT_APPLICABLE, ERRORED), tmp_path, Language("fr"), centre_that_collects()
    )
    counts = json.loads(data.read_text(encoding="utf-8"))["counts"]

    assert counts == {
        "declared": 5,
        "executed": 3,
        "not_applicable": 1,
        "passed": 1,
        "failed_errors": 1,
        "failed_warnings": 1,
        "errored": 1,
    }


def test_quality_json_says_whether_the_report_may_be_made(tmp_path):
    data, _ = write_quality_report(report_with(BROKEN), tmp_path, Language("fr"), centre_that_collects())

    assert json.loads(data.read_text(encoding="utf-8"))["may_report"] is False


def test_the_same_report_gives_the_same_bytes(tmp_path):
    first, second = (page(tmp_path / folder, PASSED, BROKEN) for folder in ("a", "b"))

    assert first == second


def test_the_files_are_private(tmp_path):
    paths = write_quality_report(report_with(PASSED), tmp_path / "reports", Language("fr"), centre_that_collects())

    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
