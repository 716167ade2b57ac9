"""What a run says and keeps: progress for the person, counts and seconds for the log.

The log is an allow-list: a step has a name, a duration and whole numbers, and nothing else can be
written to it. Neither the screen nor the log ever holds a cell's value.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.language import Language, Message, msg

LOG_FILE = "runs.jsonl"
#: What a person who waits is told of each step, when it begins.
STEP_TITLES = {
    "ingest": msg("Reading the export"),
    "model": msg("Building the database"),
    "tables": msg("Counting the tables"),
    "protection": msg("Protecting the tables, then attacking them"),
    "certificates": msg("Proving what stays uncertain"),
    "notebooks": msg("Running the notebooks"),
    "quality": msg("Waiting for the quality checks"),
    "dashboard": msg("Writing the page"),
    "workbook": msg("Writing the workbook"),
    "pictures": msg("Taking the pictures"),
    "document": msg("Writing the annex and the sentences"),
}


class RunLog:
    """Says each message once, in the user's language, and keeps the steps of a centre's runs.

    `progress` is given the lines for a person who waits; without it they are not said.
    """

    def __init__(
        self,
        language: Language,
        say: Callable[[str], None],
        *,
        progress: Callable[[str], None] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.language = language
        self._say = say
        self._progress = progress
        self._now = now
        self._begun = time.perf_counter()
        self._file: Path | None = None

    def keep_in(self, folder: Path) -> None:
        """From now on, write the steps to `runs.jsonl` in this private folder."""
        self._file = folder / LOG_FILE

    def say(self, message: Message) -> None:
        """Tell the person."""
        self._say(self.language.text(message))

    def progress(self, message: Message) -> None:
        """Tell who waits what begins now, with the seconds since the command began."""
        if self._progress is not None:
            seconds = round(time.perf_counter() - self._begun)
            self._progress(self.language.say("[{seconds} s] {step}", seconds=seconds, step=message))

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, int]]:
        """Time a step; the whole numbers put in the dictionary go to the log with it."""
        if name in STEP_TITLES:
            self.progress(STEP_TITLES[name])
        counts: dict[str, int] = {}
        begun = time.perf_counter()
        outcome = "failed"
        try:
            yield counts
            outcome = "done"
        finally:
            self._write(name, outcome, time.perf_counter() - begun, counts)

    def _write(self, name: str, outcome: str, seconds: float, counts: dict[str, int]) -> None:
        if self._file is None:
            return
        entry = {"at": int(self._now()), "step": name, "outcome": outcome, "seconds": round(seconds, 3)}
        entry |= {key: int(value) for key, value in counts.items()}
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
