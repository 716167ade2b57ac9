"""Dates and numbers of a column: one form, proved on every cell; two that fit are never chosen between."""

import datetime

import polars as pl
import pytest

from pipelines.ingest.cell_forms import date_forms, decimal_sign, is_typed, may_be_serial_dates, read_dates


@pytest.mark.parametrize(
    ("cells", "forms"),
    [
        (["2024-03-01", "2024-12-31"], ("%Y-%m-%d",)),
        (["01/03/2024", "31/12/2024"], ("%d/%m/%Y",)),
        (["03/01/2024", "12/31/2024"], ("%m/%d/%Y",)),
        (["01/03/2024", "02/04/2024"], ("%d/%m/%Y", "%m/%d/%Y")),
        (["03/03/2024", "04/04/2024"], ("%d/%m/%Y",)),
        (["31.12.2024 13:05", "01.02.2024 00:00"], ("%d.%m.%Y %H:%M",)),
        (["31/12/2024", "12/31/2024"], ()),
        (["2024-02-30"], ()),
        (["un mot"], ()),
        (["", " "], ()),
    ],
)
def test_the_form_of_dates_is_proved_on_every_cell(cells: list[str], forms: tuple[str, ...]) -> None:
    assert date_forms(pl.Series(cells)).forms == forms


def test_day_and_month_that_cannot_be_told_apart_are_ambiguous() -> None:
    assert date_forms(pl.Series(["01/03/2024", "02/04/2024"])).is_ambiguous
    assert not date_forms(pl.Series(["01/03/2024", "22/04/2024"])).is_ambiguous


@pytest.mark.parametrize(
    ("form", "cell", "day"),
    [
        ("excel", "45352", datetime.date(2024, 3, 1)),
        ("excel", "45352,75", datetime.date(2024, 3, 1)),
        ("excel-1904", "43890", datetime.date(2024, 3, 1)),
        ("excel", "60", None),
        ("excel", "2024-03-01", None),
        ("%d/%m/%Y", "01/03/2024", datetime.date(2024, 3, 1)),
        ("%d/%m/%Y", "01/03/24", None),
    ],
)
def test_a_declared_form_is_read_and_no_other(form: str, cell: str, day: datetime.date | None) -> None:
    assert read_dates(pl.Series("d", [cell]), form).to_list() == [day]


def test_numbers_that_could_be_days_of_a_spreadsheet_are_told() -> None:
    assert may_be_serial_dates(pl.Series(["45352", "45400"]))
    assert not may_be_serial_dates(pl.Series(["45352", "12"]))


@pytest.mark.parametrize(
    ("cells", "sign"),
    [
        (["1 378,5", "2,25"], ","),
        (["1\u00a0378,5", "3"], ","),
        (["1\u202f378,5"], ","),
        (["1378.5", "2.25"], "."),
        (["1,378.50", "2.25"], "."),
        (["1.378,50"], ","),
        (["1,378", "2,500"], None),
        (["1,5", "2.5"], None),
        (["12", "13"], None),
    ],
)
def test_the_decimal_sign_is_proved_or_not_told(cells: list[str], sign: str | None) -> None:
    assert decimal_sign(pl.Series(cells)) == sign


@pytest.mark.parametrize("cell", ["12", "-1,5", "1 378,50 $", "42,1\u00a0%", "2024-03-01", "13:05", "1e-5", ".5"])
def test_numbers_dates_and_hours_are_known(cell: str) -> None:
    assert is_typed(cell)


@pytest.mark.parametrize("cell", ["", "2019-2020", "<=5", "A1", "D2024-01", "Apr-16", "12 ans"])
def test_words_are_not_taken_for_numbers(cell: str) -> None:
    assert not is_typed(cell)
