"""A browser of this machine that nobody sees: opens a file of ours without a network, and gives back what it became."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
#: Where macOS keeps it, which is on no search path.
_ELSEWHERE = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
#: Nothing is looked up, fetched or reported, and no question is asked.
_ALONE = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
#: How far the page's own clock may go, which runs as fast as its work is done.
_PAGE_CLOCK_MS = 600_000


class BrowserFailed(Exception):
    """The browser did not start, was stopped, or did not end in time; it holds no text of the page."""


def find_browser(environ: Mapping[str, str]) -> str | None:
    """Chrome, Chromium or another of their family on this machine; None where there is none.

    The variable `BILAN_BROWSER` names the one to take; where it is there and empty, none is.
    """
    if "BILAN_BROWSER" in environ:
        return environ["BILAN_BROWSER"] or None
    found = (shutil.which(name) for name in _NAMES)
    beside = (str(path) for path in _ELSEWHERE if path.is_file())
    return next(filter(None, (*found, *beside)), None)


def read_page_once_drawn(browser: str, page: Path, work: Path, *, time_limit_s: float) -> str:
    """The HTML that a page has become once its scripts are done; `work`: a private folder for the browser's own files.

    Raises `BrowserFailed`.
    """
    # As root there is no sandbox to be made; the page is ours.
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    own = [f"--user-data-dir={work}", f"--virtual-time-budget={_PAGE_CLOCK_MS}", "--dump-dom", page.as_uri()]
    try:
        done = subprocess.run(
            [browser, *_ALONE, *flags, *own],
            capture_output=True,
            check=True,
            timeout=time_limit_s,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        # What it said may hold a piece of the page.
        failed = BrowserFailed()
    else:
        return done.stdout.decode("utf-8", errors="replace")
    raise failed
