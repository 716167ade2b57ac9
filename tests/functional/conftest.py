"""Reports of made-up organisations, made once through the command line and looked at by many tests."""

import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable
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

    def run(self, *arguments: str, stderr: int = subprocess.PIPE, **environ: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "HOME": str(self.root / "home"), **environ}
        return subprocess.run(
            [sys.executable, "-m", "pipelines", *arguments],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            timeout=300,
            check=False,
        )

    def report(
        self, *arguments: str, stderr: int = subprocess.PIPE, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        return self.run("report", "--centre", "demo", "--year", YEAR, *arguments, stderr=stderr, **environ)


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, subprocess.CompletedProcess[str]]:
    """The demonstration's report, and what the command said; tests that read it do not change it."""
    installation = Installation(tmp_path_factory.mktemp("installation"))
    assert installation.run("demo", "--out", str(installation.raw)).returncode == 0
    return installation, installation.report()


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """The folder of a report of a made-up organisation, for one audience; each is made when it is first asked for."""
    installation = Installation(tmp_path_factory.mktemp("organisations"))

    @functools.cache
    def made(centre_id: str, audience: str) -> Path:
        raw = installation.root / "data" / "raw" / centre_id
        export = installation.run("demo", "--centre", centre_id, "--out", str(raw))
        assert export.returncode == 0, export.stdout + export.stderr
        report = installation.run("report", "--centre", centre_id, "--year", YEAR, "--audience", audience)
        assert report.returncode == 0, report.stdout + report.stderr
        return installation.root / "reports" / centre_id / YEAR / audience

    return made


@pytest.fixture(scope="module")
def open_page(browser):
    """Opens a file without a network, in one window after the other; `page.faults` is all that it complained of."""
    # axe-core is not among the scripts that a page allows.
    context = browser.new_context(viewport={"width": 1200, "height": 900}, bypass_csp=True)
    asked = []
    context.route(re.compile("^(?!file:|blob:|data:)"), lambda route: (asked.append(route.request.url), route.abort()))

    def open_file(path):
        page = context.new_page()
        page.faults = asked
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_file
    context.close()
