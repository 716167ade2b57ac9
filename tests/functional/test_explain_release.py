"""Why each cell is hidden, as the centre alone is told, and what could be published instead."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.codes import TOTAL
from pipelines.disclosure.alternatives import alternatives
from pipelines.disclosure.explain_release import explain
from pipelines.disclosure.method.linked_tables import InnerCounts, link_cells
from pipelines.disclosure.method.secondary import Requirements, suppress
from pipelines.disclosure.protect_release import ProtectedRelease
from pipelines.disclosure.protection_report import AlternativeKind, HiddenBecause, ProtectionReport
from pipelines.language import Text
from pipelines.tables.count_table import CountedCell, CountTable
from pipelines.units import Unit
from tests.judge_releases import Register
from tests.made_up_release import RELATIONSHIP, dimension
from tests.random_centre import Size, draw_centre

WORD = Text("mot", "word")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> ProtectedRelease:
    centre = draw_centre(8, Size(persons=(50, 80), dimensions=(3, 3), years=(1, 1)))
    register = Register(centre, tmp_path_factory.mktemp("release"))
    return register.publish(centre.requests, centre.requests[0].period, "public").protected


@pytest.fixture(scope="module")
def report(published: ProtectedRelease) -> ProtectionReport:
    return explain(published, ["relationship"], frozen=["2021-2022"], late_records={"2021-2022": 2}, ledger_version=3)


def test_every_hidden_cell_has_its_reason(published: ProtectedRelease, report: ProtectionReport) -> None:
    hidden = {(table.id, cell.codes) for table in published.release.tables for cell in table.cells if not cell.value}
    zeros = {(table.id, cell.codes) for table in published.release.tables for cell in table.cells if cell.value == 0}

    assert {(table.table_id, codes) for table in report.tables for codes in table.hidden} == hidden - zeros


def test_a_cell_is_small_where_few_persons_stand_behind_it(
    published: ProtectedRelease, report: ProtectionReport
) -> None:
    persons = {(table.id, cell.codes): cell.person_count for table in published.tables for cell in table.cells}
    small = {(table.table_id, codes) for table in report.tables for codes in table.because(HiddenBecause.SMALL)}

    assert small == {place for place, count in persons.items() if 0 < count < 5}


def test_what_is_hidden_for_others_is_told_so(report: ProtectionReport) -> None:
    reasons = {reason for table in report.tables for reason in table.hidden.values()}

    assert HiddenBecause.PROTECTS_OTHERS in reasons
    assert HiddenBecause.HIDDEN_BEFORE not in reasons


def test_the_report_tells_what_was_frozen_and_entered_since(report: ProtectionReport) -> None:
    assert (report.frozen, dict(report.late_records), report.ledger_version) == (("2021-2022",), {"2021-2022": 2}, 3)


def test_the_narrowest_interval_keeps_four_values(report: ProtectionReport) -> None:
    assert report.narrowest is not None
    assert report.narrowest >= 4


def test_a_part_of_the_counts_is_shown(report: ProtectionReport) -> None:
    assert 0 < report.share_of_counts_shown < 1


def test_an_internal_release_has_no_reasons_to_tell(published: ProtectedRelease) -> None:
    internal = replace(published, release=replace(published.release, protection=None))

    with pytest.raises(ValueError, match="hides nothing"):
        explain(internal, [], frozen=[], late_records={}, ledger_version=0)


def one_way(counts: dict[str, int], side=None) -> CountTable:
    side = side or dimension("age_at_request", {code: code for code in counts}, ordered=True, missing=())
    cells = [CountedCell((code,), count, count) for code, count in counts.items()]
    total = sum(counts[code.code] for code in side.codes if not code.parent)
    return CountTable(
        "ages", WORD, Unit.REQUEST, WORD, WORD, "2023-2024", (side,),
        (*cells, CountedCell((TOTAL,), total, total)), (), is_collected=True,
    )  # fmt: skip


def truly_hidden(counts: dict[str, int]) -> int:
    """What the method itself hides of one table that is linked to no other."""
    inner = InnerCounts(("age",), {(code,): count for code, count in counts.items()}, ())
    linked = link_cells([(), *((("age", code),) for code in counts)], inner)
    none = np.zeros(len(linked.counts), dtype=bool)
    whole = none.copy()
    whole[linked.numbers[()]] = True
    ones = np.ones(len(none), dtype=np.int64)
    small = (linked.counts > 0) & (linked.counts < 5)
    needs = Requirements(small, ones, 4 * ones, whole | (linked.counts == 0), ones, 4)
    return int(suppress(linked, needs, none, deadline=float("inf")).hidden.sum())


@pytest.mark.parametrize(
    "counts",
    [
        {"a": 3, "b": 12, "c": 30, "d": 21},
        {"a": 2, "b": 3, "c": 30, "d": 21},
        {"a": 1, "b": 1, "c": 1, "d": 44},
        {"a": 20, "b": 4, "c": 4, "d": 4, "e": 9},
        {"a": 1, "b": 40, "c": 2, "d": 50, "e": 7},
    ],
)
def test_two_ages_told_as_one_hide_what_is_announced(counts: dict[str, int]) -> None:
    today = truly_hidden(counts)

    (found,) = (each for each in alternatives(one_way(counts), today, today, 5) if each.codes)

    merged = {code: count for code, count in counts.items() if code not in found.codes}
    assert found.kind is AlternativeKind.MERGE_CODES
    assert found.hidden_cells == truly_hidden({**merged, "both": sum(counts[code] for code in found.codes)})


def test_only_ages_that_follow_each_other_are_told_as_one() -> None:
    counts = {"a": 2, "b": 40, "c": 30, "d": 2, "e": 50}

    (found,) = alternatives(one_way(counts), 3, 3, 5)

    codes = list(counts)
    assert codes.index(found.codes[1]) == codes.index(found.codes[0]) + 1


def test_a_table_that_hides_little_is_offered_nothing() -> None:
    assert list(alternatives(one_way({"a": 30, "b": 40, "c": 50}), 0, 0, 5)) == []


def test_classes_alone_are_offered_where_they_hide_less() -> None:
    counts = {code.code: 20 for code in RELATIONSHIP.codes} | {"conjoint": 2, "ex_conjoint": 18}

    found = list(alternatives(one_way(counts, RELATIONSHIP), 4, 9, 5))

    assert [(each.kind, each.hidden_cells) for each in found] == [(AlternativeKind.CLASSES_ONLY, 5)]
