"""A centre's settings: every fault is told, at once, with its line, and nothing is guessed."""

import datetime
import textwrap
from pathlib import Path

import pytest

from pipelines.config import Centre, PeriodSettings, Workspace, load_centre, period_of, read_period, read_settings
from pipelines.errors import ConfigurationError, UsageError
from pipelines.language import Language
from pipelines.rules import load_rules

ENGLISH = Language("en")
FISCAL = PeriodSettings(kind="fiscal")
CALENDAR = PeriodSettings(kind="calendar")

GOOD = textwrap.dedent(
    """\
    id = "riviere"
    name = { fr = "Centre de la rivière", en = "River centre" }
    period = { kind = "fiscal" }

    [[source]]
    id = "demandes"
    files = "demandes.csv"

    [[entity]]
    name = "request"
    source = "demandes"
    [entity.columns]
    request_id = { from = "No" }
    request_date = { from = ["Date", "Date de la demande"] }
    """
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "config" / "centres").mkdir(parents=True)
    return Workspace(tmp_path)


def write_centre(workspace: Workspace, text: str, name: str = "riviere") -> Path:
    path = workspace.root / "config" / "centres" / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(workspace: Workspace, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        read_settings(write_centre(workspace, text), Centre)
    return [ENGLISH.text(fault) for fault in raised.value.faults]


def test_a_good_file_is_read(workspace):
    write_centre(workspace, GOOD)

    assert load_centre(workspace, "riviere").entity[0].columns["request_date"].source_names == (
        "Date",
        "Date de la demande",
    )


def test_one_source_name_is_a_list_of_one(workspace):
    write_centre(workspace, GOOD)

    assert load_centre(workspace, "riviere").entity[0].columns["request_id"].source_names == ("No",)


def test_an_unknown_key_is_a_fault_with_its_line(workspace):
    [fault] = faults_of(workspace, GOOD.replace('files = "demandes.csv"', 'files = "demandes.csv"\nseparator = ";"'))

    assert fault.startswith("riviere.toml, line 8, source.0.separator:")


def test_two_faults_are_told_at_once_each_with_its_line(workspace):
    text = GOOD.replace('kind = "fiscal"', 'kind = "lunar"').replace('files = "demandes.csv"', "files = 3")

    assert [fault.split(":")[0] for fault in faults_of(workspace, text)] == [
        "riviere.toml, line 3, period.kind",
        "riviere.toml, line 7, source.0.files",
    ]


def test_a_fault_of_the_second_source_has_the_line_of_the_second_source(workspace):
    second = '[[source]]\nid = "liens"\nfiles = 3\n\n[[entity]]'

    [fault] = faults_of(workspace, GOOD.replace("[[entity]]", second))

    assert fault.startswith("riviere.toml, line 11, source.1.files:")


def test_an_unknown_entity_is_named_with_those_that_exist(workspace):
    [fault] = faults_of(workspace, GOOD.replace('name = "request"', 'name = "demand"'))

    assert "unknown entity demand" in fault
    assert "aggressor_link" in fault


def test_an_unknown_column_is_named(workspace):
    [fault] = faults_of(workspace, GOOD + 'colour = { from = "Couleur" }\n')

    assert "request has no column colour" in fault


def test_a_required_column_that_is_not_described_is_named(workspace):
    [fault] = faults_of(workspace, GOOD.replace('request_id = { from = "No" }\n', ""))

    assert "request needs request_id" in fault


@pytest.mark.parametrize(
    "column",
    ['{ from = "No", value = "1" }', "{ }", '{ flags = true, yes = ["SI"] }'],
    ids=["two origins", "none", "flags alone"],
)
def test_a_column_has_one_origin_wholly_described(workspace, column):
    assert len(faults_of(workspace, GOOD.replace('{ from = "No" }', column))) == 1


def test_an_entity_of_an_unknown_source_is_a_fault(workspace):
    [fault] = faults_of(workspace, GOOD.replace('source = "demandes"', 'source = "liens"'))

    assert "no [[source]] has the id liens" in fault


def test_text_that_is_not_toml_is_a_fault_of_that_file(workspace):
    [fault] = faults_of(workspace, GOOD + "= broken\n")

    assert fault.startswith("riviere.toml: ")
    assert "line 15" in fault


def test_faults_tell_no_value_of_the_file(workspace):
    text = GOOD.replace('kind = "fiscal"', 'kind = "telephone 450 555-0199"')

    assert "555-0199" not in "".join(faults_of(workspace, text))


def test_an_unknown_centre_is_answered_with_those_that_exist(workspace):
    write_centre(workspace, GOOD)

    with pytest.raises(UsageError) as raised:
        load_centre(workspace, "montagne")

    assert "riviere" in raised.value.one_line(ENGLISH)


@pytest.mark.parametrize("centre_id", ["../riviere", "Riviere", "", "a" * 41])
def test_a_centre_id_cannot_be_a_path(workspace, centre_id):
    write_centre(workspace, GOOD)

    with pytest.raises(UsageError):
        load_centre(workspace, centre_id)


def test_the_id_is_the_name_of_the_file(workspace):
    write_centre(workspace, GOOD, name="montagne")

    with pytest.raises(ConfigurationError):
        load_centre(workspace, "montagne")


def test_a_workspace_uses_its_own_folder_before_the_one_that_comes_with_the_program(workspace):
    assert workspace.shared("config") == workspace.root / "config"


def test_a_workspace_without_its_own_uses_what_comes_with_the_program(tmp_path, repository):
    assert Workspace(tmp_path).shared("config") == repository / "config"


def test_a_folder_that_nobody_brings_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError):
        Workspace(tmp_path).shared("poems")


@pytest.mark.parametrize(
    ("settings", "day", "label"),
    [
        (FISCAL, datetime.date(2024, 3, 31), "2023-2024"),
        (FISCAL, datetime.date(2024, 4, 1), "2024-2025"),
        (CALENDAR, datetime.date(2019, 12, 31), "2019"),
        (CALENDAR, datetime.date(2020, 1, 1), "2020"),
        (PeriodSettings(kind="fiscal", start_month=7), datetime.date(2024, 6, 30), "2023-2024"),
        (PeriodSettings(kind="fiscal", start_month=1), datetime.date(2024, 6, 30), "2024"),
    ],
)
def test_a_day_belongs_to_one_year(settings, day, label):
    assert period_of(settings, day).label == label


def test_a_fiscal_year_runs_from_april_to_march_both_days_included():
    period = read_period(FISCAL, "2023-2024")

    assert (period.first_day, period.last_day) == (datetime.date(2023, 4, 1), datetime.date(2024, 3, 31))


def test_a_year_ends_on_the_last_of_february_where_it_starts_in_march():
    period = read_period(PeriodSettings(kind="fiscal", start_month=3), "2023-2024")

    assert period.last_day == datetime.date(2024, 2, 29)


@pytest.mark.parametrize(
    "label", ["2023", "2023-2025", "2023-24", "23-24", "", "2023-2024 ", "2023-2024\n", "0000-0001", "9999-10000"]
)
def test_a_year_in_another_form_is_refused(label):
    with pytest.raises(UsageError):
        read_period(FISCAL, label)


def test_the_refusal_shows_the_form_of_the_centre():
    with pytest.raises(UsageError) as raised:
        read_period(CALENDAR, "2023-2024")

    assert "2023" in raised.value.one_line(ENGLISH)


def test_a_file_of_settings_that_is_absent_is_named_with_its_folder(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        load_rules(tmp_path)

    [fault] = [ENGLISH.text(fault) for fault in caught.value.faults]
    assert fault == f"rules.toml: there is no such file in {tmp_path}"
