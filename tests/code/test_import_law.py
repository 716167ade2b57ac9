"""One way through the house: a room knows the rooms before it, never those after (architecture.md, 1)."""

import ast
import sys
import tomllib
from pathlib import Path

import pytest

ROOMS = ("ingest", "model", "quality", "tables", "disclosure", "charts", "outputs")
#: In the order of the way: everything may use the leaves, and only `cli` may use `main`.
ORDER = {
    **{room: rank for rank, room in enumerate(ROOMS, start=1)},
    "job": 95,
    "publication": 96,
    "orders": 97,
    "steps": 97,
    "report_plan": 98,
    "main": 98,
    "audits": 98,
    "demonstrations": 98,
    "cli_options": 98,
    "cli": 99,
    "__main__": 100,
}
#: The package's front door hands out names of the rooms, lazily; the law is not about it.
FRONT_DOOR = "pipelines/__init__.py"
#: The distribution of an imported name, where they differ.
DISTRIBUTIONS = {
    "docx": "python-docx",
    "great_expectations": "great-expectations",
    "jupyter_client": "jupyter-client",
    "python_calamine": "python-calamine",
}
#: Found by another library at run time: DuckDB, polars and pandas hand columns over through it.
FOUND_BY_OTHERS = {"pyarrow"}


def imported_names(tree: ast.Module) -> set[str]:
    """The dotted names of every import, at the top or inside a function; `from pipelines import x` is `pipelines.x`."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level)
    return names


def room_of(dotted: str) -> str:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "pipelines" and len(parts) > 1 else ""


def breaches(path: str, tree: ast.Module) -> list[str]:
    here = ORDER.get(Path(path).relative_to("pipelines").parts[0].removesuffix(".py"), 0)
    return [f"{path} imports {name}" for name in sorted(imported_names(tree)) if ORDER.get(room_of(name), 0) > here]


def test_no_module_imports_a_later_room(modules):
    found = [breach for path, tree in modules.items() if path != FRONT_DOOR for breach in breaches(path, tree)]

    assert found == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("pipelines/tables/count_table.py", "from pipelines.charts import theme"),
        ("pipelines/tables/count_table.py", "import pipelines.outputs.dashboard"),
        ("pipelines/errors.py", "def late():\n    from pipelines import ingest"),
        ("pipelines/outputs/dashboard.py", "from pipelines.main import report"),
    ],
)
def test_an_import_against_the_way_is_found(path, line):
    assert breaches(path, ast.parse(line)) != []


def test_imports_name_the_whole_module(modules):
    relative = [path for path, tree in modules.items() if any(name.startswith(".") for name in imported_names(tree))]

    assert relative == []


def test_charts_and_outputs_never_open_the_database(modules):
    """Safe by construction: what makes a page has no way to the rows of the cases."""
    forbidden = ("duckdb", "pipelines.model")
    found = [
        f"{path} imports {name}"
        for path, tree in modules.items()
        if path.startswith(("pipelines/charts/", "pipelines/outputs/"))
        for name in sorted(imported_names(tree))
        if f"{name}.".startswith(tuple(f"{module}." for module in forbidden))
    ]

    assert found == []


def test_great_expectations_is_imported_by_the_validating_process_alone(modules):
    importers = [
        path
        for path, tree in modules.items()
        if any(name.startswith("great_expectations") for name in imported_names(tree))
    ]

    assert importers in ([], ["pipelines/quality/run_suites.py"])


def test_the_package_has_two_levels_of_folders_at_most(modules):
    deeper = [path for path in modules if len(Path(path).parts) > 4]

    assert deeper == []


def test_no_room_is_a_catch_all(modules):
    names = {"utils.py", "helpers.py", "common.py", "misc.py"}

    assert [path for path in modules if Path(path).name in names] == []


def test_every_library_that_is_imported_is_declared_and_every_declared_one_imported(modules, repository):
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {requirement.split(">")[0].split("=")[0] for requirement in project["dependencies"]}
    imported = {name.split(".")[0] for tree in modules.values() for name in imported_names(tree)}
    libraries = {DISTRIBUTIONS.get(name, name) for name in imported if name not in sys.stdlib_module_names}

    assert (libraries | FOUND_BY_OTHERS) - {"pipelines"} == declared
