"""The door: what may pass, and in what state."""

import dataclasses

import pytest

from pipelines.codes import TOTAL
from pipelines.config import read_period
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.protect import release_head, show_everything
from pipelines.disclosure.release_table import Release, ReleaseCell
from tests.small_centre import SmallCentre

REQUESTS = """
    request_id | request_date | requester_type_code
    D1         | 2023-04-01   | victime_femme
    D2         | 2023-05-01   | ?
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Release:
    centre = SmallCentre(tmp_path_factory.mktemp("centre"), request=REQUESTS)
    counted = centre.count_all()
    period = read_period(centre.centre.period, "2023-2024")
    return show_everything(counted, release_head(centre.centre, period, "internal"))


def test_an_internal_release_shows_every_count_as_it_is(released: Release) -> None:
    table = released.table("requester_type")

    assert table.cell("victime_femme") == ReleaseCell(("victime_femme",), 1, CellStatus.SHOWN)
    assert table.total.value == 2
    assert table.missing_count == 1


def test_a_table_that_was_not_collected_has_one_cell_that_says_so(released: Release) -> None:
    table = released.table("age_by_relationship")

    assert table.cells == (ReleaseCell((TOTAL, TOTAL), None, CellStatus.NOT_COLLECTED),)


@pytest.mark.parametrize("status", [status for status in CellStatus if status is not CellStatus.SHOWN])
def test_a_cell_that_is_not_shown_cannot_hold_a_value(status: CellStatus) -> None:
    with pytest.raises(ValueError, match="a value if, and only if"):
        ReleaseCell(("a",), 3, status)


def test_a_shown_cell_cannot_lack_its_value() -> None:
    with pytest.raises(ValueError, match="a value if, and only if"):
        ReleaseCell(("a",), None, CellStatus.SHOWN)


def test_a_release_table_cannot_be_changed(released: Release) -> None:
    table = released.table("requester_type")

    with pytest.raises(dataclasses.FrozenInstanceError):
        table.id = "x"  # type: ignore[misc]
