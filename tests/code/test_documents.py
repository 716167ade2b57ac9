"""The documents say what the program does: same commands in both languages, every verb, option and exit code."""

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pipelines import cli, entities, errors, units
from pipelines.disclosure.cell_status import CellStatus

READMES = ("README.md", "LISEZMOI.md")
DOCUMENTS = (*READMES, "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/benchmarks.md")

_FENCED = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
_BAD_FRENCH_SPACE = re.compile(r"(?<=\w) [:%»](?=\s|$)|« |(?<=[a-zé]):(?=\s|$)|\s[;!?](?=\s|$)")


def read(repository: Path, name: str) -> str:
    return (repository / name).read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    return _FENCED.findall(text)


def test_both_readmes_give_the_same_commands(repository):
    english, french = (commands(read(repository, name)) for name in READMES)

    assert english == french
    assert len(english) > 5


def test_both_readmes_have_the_same_parts(repository):
    english, french = (re.findall(r"^(#+) ", read(repository, name), re.MULTILINE) for name in READMES)

    assert english == french


def test_both_readmes_have_the_same_rows_in_their_tables(repository):
    english, french = (
        re.findall(r"^\| (`bilan \w+|`\w+/|\d+)", read(repository, name), re.MULTILINE) for name in READMES
    )

    assert english == french


@pytest.mark.parametrize("name", READMES)
def test_make_targets_in_a_readme_exist(repository, name):
    targets = set(re.findall(r"^\.PHONY: (\S+)$", read(repository, "Makefile"), re.MULTILINE))
    used = set(re.findall(r"make ([a-z]+)", "".join(commands(read(repository, name)))))

    assert used <= targets


def help_of(*arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments, "--lang", "en", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """The options of each verb, as the program itself tells them."""
    verbs = re.findall(r"^    ([\w-]+)", help_of().split("verbs:")[1], re.MULTILINE)
    return {verb: set(re.findall(r"--[a-z-]+", help_of(verb))) for verb in verbs}


@pytest.mark.parametrize("name", READMES)
def test_every_verb_and_option_is_in_the_readme(repository, options, name):
    text = read(repository, name)
    rows = {verb: " ".join(re.findall(rf"^\| `bilan {verb}\b.*$", text, re.MULTILINE)) for verb in options}
    shared = re.search(r"^(?:For all of them|Pour tous).*?\n\n", text, re.MULTILINE | re.DOTALL)
    assert shared is not None
    untold = {
        verb: {option for option in found if f"`{option}" not in rows[verb] + shared.group()}
        for verb, found in options.items()
    }

    assert options
    assert {verb: missing for verb, missing in untold.items() if missing} == {}


@pytest.mark.parametrize("name", READMES)
def test_a_readme_promises_no_option_that_does_not_exist(repository, options, name):
    rows = re.findall(r"^\| `bilan ([\w-]+)\b(.*)$", read(repository, name), re.MULTILINE)
    promised = {verb: set(re.findall(r"`(--[a-z-]+)`", row)) for verb, row in rows}

    assert {
        verb: told - options.get(verb, set()) for verb, told in promised.items() if told - options.get(verb, set())
    } == {}


def exit_codes() -> set[int]:
    kinds = [
        kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.PipelineUserError)
    ]
    return {0, cli.FAULT_OF_THE_PROGRAM, cli.INTERRUPTED, *(kind.exit_code for kind in kinds)}


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_exit_codes_is_that_of_the_program(repository, name):
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", read(repository, name), re.MULTILINE)}

    assert told == exit_codes()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(repository, name):
    broken = [
        link for link in _LINK.findall(read(repository, name)) if not (repository / name).parent.joinpath(link).exists()
    ]

    assert broken == []


def test_every_place_that_contributing_sends_to_exists(repository):
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| ([^|]+) \|$", read(repository, "CONTRIBUTING.md"), re.MULTILINE)
    places = {place for row in rows for cell in row for place in re.findall(r"`([\w/.-]+[/.][\w/.-]*)`", cell)}

    assert len(places) > 20
    assert sorted(place for place in places if not (repository / place).exists()) == []


def test_the_glossary_holds_the_words_of_the_code(repository):
    glossary = read(repository, "GLOSSARY.md").lower()
    counted = {unit.value for unit in units.Unit}
    statuses = {status.value for status in CellStatus}
    words = {word.replace("_", " ") for word in counted | statuses | entities.ENTITIES.keys()}

    assert sorted(word for word in words if word not in glossary) == []


def test_the_changelog_speaks_of_the_present_version(repository):
    version = tomllib.loads(read(repository, "pyproject.toml"))["project"]["version"]
    changelog = read(repository, "CHANGELOG.md")

    assert f"## [{version}]" in changelog or "## [Unreleased]" in changelog


def test_decisions_are_numbered_and_say_why(repository):
    records = sorted((repository / "docs" / "decisions").glob("*.md"))
    headings = [re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE) for record in records]

    assert [record.name[:4] for record in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    assert all(found == ["Context", "Decision", "Consequences"] for found in headings)


def test_every_dependency_has_its_reason(repository):
    project = tomllib.loads(read(repository, "pyproject.toml"))["project"]
    declared = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    reasons = read(repository, "docs/decisions/0001-dependencies.md")

    assert [name for name in (re.split(r"[<>=]", line)[0] for line in declared) if name not in reasons] == []


def test_french_spaces_of_the_readme_do_not_break(repository):
    prose = re.sub(
        r"```.*?```|`[^`]*`|^\|?[-| ]+$", "x", read(repository, "LISEZMOI.md"), flags=re.MULTILINE | re.DOTALL
    )

    assert [line for line in prose.splitlines() if _BAD_FRENCH_SPACE.search(line.replace("In English:", ""))] == []
