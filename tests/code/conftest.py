"""The project read as text: its modules parsed once, and the files that git holds or would take."""

import ast
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def modules(repository: Path) -> dict[str, ast.Module]:
    """Every module of the package by its path from the repository's root."""
    return {
        path.relative_to(repository).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((repository / "pipelines").rglob("*.py"))
    }


@pytest.fixture(scope="session")
def repository_files(repository: Path) -> list[str]:
    """The files that git tracks, and the new ones that it does not ignore."""
    if not (repository / ".git").exists():
        pytest.skip("not a git repository: what is committed cannot be listed")
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return sorted(name for name in listing.split("\0") if name and (repository / name).is_file())
