"""What every kind of test may ask for: the folder of the project, the real exports, a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

_REPOSITORY = Path(__file__).resolve().parent.parent
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session", autouse=True)
def no_pictures_unless_asked() -> Iterator[None]:
    """A report draws its pictures in seconds of a browser: the tests that look at them ask for it by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BILAN_BROWSER", "")
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    return _REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public exports, which are not part of the project: where they are absent, the test skips."""
    folder = _REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real exports (../shared/data) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def browser_path() -> str:
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip("no Chrome or Chromium on this machine: .ci/run installs one")


@pytest.fixture(scope="module")
def browser(browser_path):
    """One browser for the tests of a file."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    # As root in a container Chromium cannot make its own sandbox; the pages are ours.
    flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=browser_path, args=flags)
        yield started
        started.close()
