"""The locks name exact versions and their fingerprints, and no address: a private index stays private."""

import re
import tomllib

import pytest

LOCKS = ("requirements.lock", "requirements-dev.lock")
_REQUIREMENT = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)( ; [^\\]+)?(?= \\$)")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def read_lock(text: str) -> dict[str, set[str]]:
    """The hashes of each `name==version ; marker`; a line of any other form is an error."""
    hashes: dict[str, set[str]] = {}
    requirement = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _REQUIREMENT.match(line):
            requirement = found.group()
            hashes[requirement] = set()
        elif requirement and _HASH.match(line):
            hashes[requirement].add(line.strip(" \\"))
        else:
            raise ValueError(f"line {number} is neither a version nor a fingerprint")
    return hashes


@pytest.fixture
def locks(repository) -> dict[str, dict[str, set[str]]]:
    return {name: read_lock((repository / name).read_text(encoding="utf-8")) for name in LOCKS}


@pytest.mark.parametrize("name", LOCKS)
def test_each_locked_version_has_a_fingerprint(locks, name):
    assert [requirement for requirement, hashes in locks[name].items() if not hashes] == []


@pytest.mark.parametrize(
    "line",
    ["--index-url https://registry.example/simple", "duckdb @ https://registry.example/duckdb.whl", "# from somewhere"],
)
def test_an_address_in_a_lock_is_found(line):
    with pytest.raises(ValueError, match="line 1"):
        read_lock(line + "\n")


def test_the_development_lock_adds_to_the_run_time_lock_and_changes_nothing(locks):
    # Markers may be written otherwise; versions and fingerprints are what gets installed.
    run_time, development = ({line.split(" ;")[0]: hashes for line, hashes in locks[name].items()} for name in LOCKS)

    assert {version: development.get(version) for version in run_time} == run_time


def test_every_declared_dependency_is_locked(repository, locks):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [requirement for extra in project["optional-dependencies"].values() for requirement in extra]
    declared = {re.split(r"[<>=]", requirement)[0] for requirement in [*project["dependencies"], *extras]}
    locked = {requirement.split("==")[0] for requirement in locks["requirements-dev.lock"]}

    assert declared - locked == set()


def test_the_run_time_lock_can_install_the_project_without_network(locks):
    locked = {requirement.split("==")[0] for requirement in locks["requirements.lock"]}

    assert {"pip", "hatchling", "editables"} <= locked
