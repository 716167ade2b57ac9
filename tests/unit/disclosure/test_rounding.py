"""Rounding to 5: what the settings allow, which way a count goes, and what the attack makes of rounded numbers."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipelines.charts.counted_rows import read_rows
from pipelines.codes import TOTAL
from pipelines.disclosure.attacker.attack import attack
from pipelines.disclosure.attacker.certificate import certify
from pipelines.disclosure.attacker.certificate_check import check_certificates
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.policy import Profile, load_policy
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet, publish_releases
from pipelines.disclosure.release_files import parse_release, release_texts
from pipelines.disclosure.release_table import Protection, Release, ReleaseCell, ReleaseTable, SafetyLevel
from pipelines.disclosure.rounding import require_one_convention
from pipelines.disclosure.rounding_key import KEY_FILE, read_salt, rounded
from pipelines.errors import DisclosureGateFailed
from pipelines.language import Language, Text
from pipelines.tables.dimension import TableCode, TableDimension
from pipelines.units import Unit

CONFIG = Path(__file__).resolve().parents[3] / "config"
SALT = b"s" * 32
WORD = Text("mot", "word")


def profile(**changes) -> Profile:
    return Profile.model_validate({**load_policy(CONFIG).profiles["rounded"].model_dump(), **changes})


def published(total: int, *, spread: int = 4, **parts: int | None) -> PublishedSet:
    """A one-way table whose numbers are rounded; None is hidden."""
    cells = [PublishedCell("t", (), total, spread=spread)]
    for code, value in parts.items():
        cells.append(PublishedCell("t", (("d", code),), value, spread=0 if value is None else spread))
    return PublishedSet({"d": tuple(parts)}, tuple(cells), zeros_are_published=False, k=5)


def intervals(of: PublishedSet) -> dict[str, tuple[int | None, int | None]]:
    report = attack(of, time_limit_s=10)
    return {dict(finding.where).get("d", ""): (finding.low, finding.high) for finding in report.findings}


def release_of(*, rounding: int = 5, **parts: int | None) -> Release:
    """A one-way table of requests, rounded to 5, as a public release."""
    codes = tuple(TableCode(code, Text(code, code), "", code == "absent", "") for code in parts if code != "total")
    cells = [
        ReleaseCell(
            (TOTAL if code == "total" else code,),
            value,
            CellStatus.SHOWN if value is not None else CellStatus.HIDDEN,
        )
        for code, value in parts.items()
    ]
    side = TableDimension("residence", WORD, codes, is_ordered=True, is_multi_answer=False)
    table = ReleaseTable("t", WORD, Unit.REQUEST, WORD, WORD, "2024", (side,), tuple(cells), rounding=rounding)
    rule = Protection(5, SafetyLevel.S1, rounding == 1, ((Unit.REQUEST,),), rounding)
    return Release("un-centre", WORD, True, "2024", "public", (table,), rule)


def test_the_shipped_profile_rounds_to_five_and_says_why() -> None:
    shipped = load_policy(CONFIG).profiles["rounded"]

    assert (shipped.rounding, shipped.k) == (5, 5)
    assert shipped.reason["rounding"]


@pytest.mark.parametrize("changes", [{"k": 10}, {"zeros": "published"}, {"level": SafetyLevel.S2}, {"rounding": 3}])
def test_a_rounded_profile_that_could_not_be_kept_is_refused(changes: dict) -> None:
    with pytest.raises(ValidationError):
        profile(**changes)


def test_rounding_without_its_reason_is_refused() -> None:
    reasons = {name: why for name, why in profile().reason.items() if name != "rounding"}

    with pytest.raises(ValidationError, match="rounding"):
        profile(reason=reasons)


def test_the_mean_of_many_rounded_groups_is_the_true_count() -> None:
    for count in range(11):
        values = [rounded(count, 5, group, SALT) for group in range(4000)]
        assert abs(sum(values) / len(values) - count) < 0.15


def test_a_count_goes_to_one_of_the_two_nearest_multiples() -> None:
    for count in range(30):
        values = {rounded(count, 5, group, SALT) for group in range(200)}
        assert values == ({count} if count % 5 == 0 else {count - count % 5, count - count % 5 + 5})


def test_another_secret_rounds_another_way() -> None:
    ways = [[rounded(2, 5, group, salt * 32) for group in range(60)] for salt in (b"a", b"b")]

    assert ways[0] != ways[1]


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first = read_salt(tmp_path / "ledger")

    assert read_salt(tmp_path / "ledger") == first
    assert stat.S_IMODE((tmp_path / "ledger" / KEY_FILE).stat().st_mode) == 0o600


def test_a_spoilt_secret_is_refused_without_being_told(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("abcdef")

    with pytest.raises(DisclosureGateFailed) as refused:
        read_salt(tmp_path)

    assert "abcdef" not in str(refused.value)


def test_a_rounded_zero_leaves_zero_to_four() -> None:
    assert intervals(published(40, a=40, b=0))["b"] == (0, 4)


def test_a_rounded_five_leaves_one_to_nine() -> None:
    assert intervals(published(40, a=35, b=5))["b"] == (1, 9)


def test_a_rounded_number_that_its_neighbours_narrow_is_found() -> None:
    # At least 6 in all, and no more than 4 in each of two: nobody can be alone.
    report = attack(published(10, a=0, b=0), time_limit_s=10)

    assert {finding.low for finding in report.unsafe} == {2}


def test_exact_numbers_with_the_same_values_are_judged_as_before() -> None:
    report = attack(replace(published(40, spread=0, a=35, b=5), zeros_are_published=True), time_limit_s=10)

    assert report.findings == ()


def test_a_difference_of_two_rounded_numbers_is_no_small_group() -> None:
    assert attack(published(45, a=40, b=5), time_limit_s=10).is_safe


def test_certificates_of_rounded_numbers_hold() -> None:
    told = published(40, a=35, b=5, c=0, d=None)

    certificates = certify(told, time_limit_s=10)

    assert {dict(cell.where)["d"] for cell in certificates.cells} == {"b", "c", "d"}
    assert check_certificates(told, certificates.sets, certificates.cells) == []


def test_a_certificate_beyond_the_rounding_is_refused() -> None:
    told = published(40, a=35, b=5, c=0, d=None)
    certificates = certify(told, time_limit_s=10)
    # The same release, if its numbers were exact.
    exact = replace(told, cells=tuple(replace(cell, spread=0) for cell in told.cells))

    assert check_certificates(exact, certificates.sets, certificates.cells)


def test_the_files_of_a_rounded_release_say_so_and_are_read_back() -> None:
    release = release_of(total=40, a=35, b=5)

    assert parse_release(*release_texts(release)) == release


def test_a_file_never_tells_a_count_that_is_not_rounded() -> None:
    with pytest.raises(ValueError, match="not rounded"):
        release_texts(release_of(total=41, a=35, b=5))


def test_the_files_of_an_exact_release_do_not_change() -> None:
    assert "rounding" not in release_texts(release_of(rounding=1, total=41, a=35, b=6))[0]


def test_the_attacker_reads_the_rounding_from_the_release() -> None:
    cells = publish_releases([release_of(total=40, a=35, b=5)]).cells

    assert {(cell.value, cell.least, cell.most) for cell in cells} == {(40, 36, 44), (35, 31, 39), (5, 1, 9)}


@pytest.mark.parametrize(("before", "now"), [(1, "rounded"), (5, "standard")])
def test_a_centre_cannot_change_its_rounding(before: int, now: str) -> None:
    out = release_of(rounding=before, total=40, a=35, b=5)

    with pytest.raises(DisclosureGateFailed):
        require_one_convention([out], load_policy(CONFIG).profiles[now])


def test_a_centre_may_go_on_as_it_was() -> None:
    require_one_convention([release_of(total=40, a=35, b=5)], profile())


def test_shares_of_rounded_parts_are_not_bent_to_make_a_whole() -> None:
    rows = read_rows(release_of(total=50, a=20, b=20, c=20).tables[0], Language("fr"), None)

    assert [row.share for row in rows.answered] == [400, 400, 400]


def test_a_rounded_part_above_its_whole_has_no_share() -> None:
    rows = read_rows(release_of(total=10, a=10, absent=5).tables[0], Language("fr"), None)

    assert (rows.base, rows.answered[0].share) == (5, None)
