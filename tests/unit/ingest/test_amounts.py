"""Sums of money: the ways that platforms write them give whole cents, or the file is refused with its place."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import InputRefused
from pipelines.ingest.amounts import read_cents
from pipelines.language import Language
from tests.small_centre import SmallCentre

REQUESTS = """
    request_id | request_date
    D1         | 2023-04-01
"""


def aids(*cells: str) -> str:
    rows = [f"A{number} | 2023-05-01 | {cell}" for number, cell in enumerate(cells, start=1)]
    return "\n".join(["aid_id | aid_date | amount_cents", *rows])


@given(cents=st.integers(0, 99_999_999), decimal=st.sampled_from(",."), sign=st.sampled_from(["", " $", "$", " CAD"]))
def test_dollars_and_cents_are_read_to_the_cent(cents, decimal, sign):
    dollars, rest = divmod(cents, 100)

    assert read_cents(f"{dollars}{decimal}{rest:02d}{sign}", decimal) == cents
    assert read_cents(f"${dollars}{decimal}{rest:02d}", decimal) == cents


@given(dollars=st.integers(0, 999_999_999), gap=st.sampled_from([" ", "\u00a0", "\u202f"]))
def test_thousands_may_be_parted_by_spaces(dollars, gap):
    assert read_cents(f"{dollars:,}".replace(",", gap), ",") == 100 * dollars


@pytest.mark.parametrize(
    ("cell", "decimal", "cents"),
    [("1,234.50", ".", 123_450), ("1.234,50", ",", 123_450), ("12,5", ",", 1_250), ("40,000", ".", 4_000_000)],
)
def test_the_decimal_sign_is_that_of_the_file(cell, decimal, cents):
    assert read_cents(cell, decimal) == cents


@pytest.mark.parametrize(
    "cell", ["12,345", "40,000", "-5", "1 23", "12 3456", "1.5", "1 234.567", "douze", "$", "", "1e3", "5 $ 5", "1,2,3"]
)
def test_what_is_no_sum_of_dollars_and_cents_is_not_read(cell):
    assert read_cents(cell, ",") is None


@given(cell=st.text(max_size=14), decimal=st.sampled_from(",."))
def test_any_text_is_a_sum_or_nothing(cell, decimal):
    cents = read_cents(cell, decimal)

    assert cents is None or cents >= 0


def test_a_column_of_money_is_kept_in_cents_with_the_kind_of_what_is_missing(tmp_path: Path):
    load = SmallCentre(tmp_path, request=REQUESTS, aid=aids("25 000 $", "12,50", "?", "0")).load()
    frame = pl.read_parquet(load.frame_file("aid"))

    assert frame["amount_cents"].to_list() == [2_500_000, 1_250, None, 0]
    assert frame["amount_cents_missing"].to_list() == [None, None, "ne_sait_pas", None]


def test_a_sum_that_cannot_be_read_refuses_the_file_with_its_rows_and_without_its_value(tmp_path: Path):
    with pytest.raises(InputRefused) as refused:
        SmallCentre(tmp_path, request=REQUESTS, aid=aids("25", "12,345", "zqx")).load()
    line = refused.value.one_line(Language("fr"))

    assert "aid.csv" in line
    assert "3, 4" in line
    assert "montant en dollars et en cents" in line
    assert "12,345" not in line
    assert "zqx" not in line
