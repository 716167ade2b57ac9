"""One report of the demonstration centre, made once through the command line and looked at by many tests."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.tables.table_spec import load_catalogue

REPOSITORY = Path(__file__).resolve().parents[2]
YEAR = "2023-2024"


def tables_of_the_centre_alone() -> set[str]:
    """The ids of the tables that no audience can have, and that no public page names."""
    catalogue = load_catalogue(REPOSITORY / "config", "demo")
    claimed = catalogue.allocation.table if catalogue.allocation else ()
    return {table.id for table in catalogue.table if table.is_internal} | {table.id for table in claimed}


@dataclass(frozen=True)
class Installation:
    """A folder with data/ and reports/, and the command run on it as a user would."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / "demo"

    @property
    def release(self) -> Path:
        return self.root / "reports" / "demo" / YEAR / "internal"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "HOME": str(self.root / "home")}
        return subprocess.run(
            [sys.executable, "-m", "pipelines", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def report(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("report", "--centre", "demo", "--year", YEAR, *arguments)


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, subprocess.CompletedProcess[str]]:
    """The demonstration's report, and what the command said; tests that read it do not change it."""
    installation = Installation(tmp_path_factory.mktemp("installation"))
    assert installation.run("demo", "--out", str(installation.raw)).returncode == 0
    return installation, installation.report()
