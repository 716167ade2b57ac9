"""What chooses the cells to hide and what attacks them know nothing of each other: that is what the gate rests on."""

import pytest

from tests.code.test_import_law import imported_names

METHOD, ATTACKER, READING = (f"pipelines.disclosure.{name}" for name in ("method", "attacker", "reading"))


def imports_of(modules, package: str) -> set[str]:
    folder = package.replace(".", "/") + "/"
    return {name for path, tree in modules.items() if path.startswith(folder) for name in imported_names(tree)}


@pytest.mark.parametrize(
    ("package", "stranger"),
    [(METHOD, ATTACKER), (METHOD, READING), (ATTACKER, METHOD), (READING, METHOD), (READING, ATTACKER)],
)
def test_they_share_no_code(modules, package, stranger):
    imported = imports_of(modules, package)

    assert imported
    assert [name for name in sorted(imported) if name.startswith(stranger)] == []
