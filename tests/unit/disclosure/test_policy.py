"""The rules that the person in charge edits: each value says why, and a fault is told before any work."""

import shutil
from pathlib import Path

import pytest

from pipelines.codes import load_vocabularies
from pipelines.disclosure.policy import MergingStep, Step, audience_ids, load_audience, load_claims, load_policy
from pipelines.errors import ConfigurationError, QualityGateFailed, UsageError
from pipelines.language import Language
from tests.small_centre import REPOSITORY


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A copy of the rules that a test may edit."""
    shutil.copytree(REPOSITORY / "config", tmp_path / "config")
    return tmp_path / "config"


def edit(config: Path, old: str, new: str, name: str = "disclosure.toml") -> None:
    text = (config / name).read_text(encoding="utf-8")
    assert old in text
    (config / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_rules_that_are_shipped_are_those_of_the_specification(config: Path) -> None:
    profile = load_policy(config).profile_of("demo")

    assert (profile.k, profile.level.value, profile.zeros_are_published) == (5, "S1", True)


def test_a_centre_may_follow_a_stricter_profile(config: Path) -> None:
    edit(config, "[centres]", '[centres]\n"petit-centre" = "strict"')

    assert load_policy(config).profile_of("petit-centre").k == 10
    assert load_policy(config).profile_of("demo").k == 5


FAULTS = {
    "a value without its reason": ('k = "Règle de moins de 5', 'other = "Règle de moins de 5'),
    "a reason that is empty": ('max_share = "Un centre qui fait presque tout un total', 'max_share = ""#'),
    "an unknown profile": ('profile = "standard"', 'profile = "lenient"'),
    "a threshold that protects nobody": ("k = 5 ", "k = 2 "),
    "a level that does not exist": ('level = "S1"', 'level = "S0"'),
    "a sensitive dimension that does not exist": ('dimensions = ["relationship"', 'dimensions = ["colour"'),
    "a step that does not exist": ('step = "drop"', 'step = "blur"'),
    "a key that nobody knows": ("time_limit_s = 60", "time_limit_s = 60\nlenient = true"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rules_with_a_fault_are_refused(fault: str, config: Path) -> None:
    edit(config, *FAULTS[fault])

    with pytest.raises(ConfigurationError) as refusal:
        load_policy(config)

    assert "disclosure.toml" in refusal.value.one_line(Language("en"))


def test_a_step_is_read_back_from_its_name() -> None:
    step = MergingStep(table="form_by_age", step=Step.DROP)

    assert MergingStep.named(step.name) == step


def test_the_funder_gets_fewer_tables_than_everybody(config: Path) -> None:
    assert not load_audience(config, "psoc").gets("form_by_age")
    assert load_audience(config, "public").gets("form_by_age")


def test_an_audience_that_is_not_described_is_refused_with_those_that_are(config: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        load_audience(config, "voisin")

    assert "assemblee, internal, msp, psoc, public, scf" in refusal.value.one_line(Language("en"))


@pytest.mark.parametrize(("name", "is_protected"), [("public", "false"), ("internal", "true")])
def test_true_numbers_are_for_the_centre_alone(name: str, is_protected: str, config: Path) -> None:
    file = config / "audiences" / f"{name}.toml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if "is_protected" not in line]
    file.write_text("\n".join([f"is_protected = {is_protected}", *kept]), encoding="utf-8")

    with pytest.raises(UsageError):
        load_audience(config, name)


FUNDERS_COPIES = ("psoc", "msp", "scf", "assemblee")


def claims(config: Path):
    return load_claims(config, load_vocabularies(config / "vocabularies", {})["funder"])


@pytest.mark.parametrize("name", FUNDERS_COPIES)
def test_a_funders_copy_says_what_was_agreed_and_lists_its_tables(name: str, config: Path) -> None:
    audience = load_audience(config, name)

    assert audience.is_protected
    assert audience.tables
    assert audience.agreement is not None


@pytest.mark.parametrize("table", ["requester_typ", "hours_by_funder"])
def test_a_table_that_cannot_be_published_is_refused_by_its_name(table: str, config: Path) -> None:
    edit(config, '"requester_type",', f'"{table}",', "audiences/psoc.toml")

    with pytest.raises(ConfigurationError) as refusal:
        load_audience(config, "psoc")

    assert f"psoc.toml: {table}" in refusal.value.one_line(Language("en"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('[agreement]\nfr = "', '[other]\nfr = "'),
        ("tables = [", "tablets = ["),
    ],
    ids=["without its words", "without its tables"],
)
def test_a_list_of_tables_needs_the_words_of_its_agreement(old: str, new: str, config: Path) -> None:
    edit(config, old, new, "audiences/scf.toml")

    with pytest.raises(ConfigurationError):
        load_audience(config, "scf")


def test_each_audience_that_is_shipped_can_be_used(config: Path) -> None:
    assert [load_audience(config, name).title.fr for name in audience_ids(config)]


def test_each_funder_is_claimed_by_one_audience(config: Path) -> None:
    assert [(claim.audience, claim.funders) for claim in claims(config)] == [
        ("msp", ("msp",)),
        ("psoc", ("psoc",)),
        ("scf", ("scf",)),
    ]


def test_a_funder_that_two_audiences_claim_stops_every_report(config: Path) -> None:
    edit(config, 'funders = ["msp"]', 'funders = ["msp", "scf"]', "audiences/msp.toml")

    with pytest.raises(QualityGateFailed) as stop:
        claims(config)

    assert stop.value.exit_code == 4
    assert "msp, scf" in stop.value.one_line(Language("en"))


def test_a_funder_that_no_list_has_is_refused(config: Path) -> None:
    edit(config, 'funders = ["msp"]', 'funders = ["mps"]', "audiences/msp.toml")

    with pytest.raises(ConfigurationError) as refusal:
        claims(config)

    assert "mps" in refusal.value.one_line(Language("en"))
