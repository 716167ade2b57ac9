"""The seal of a made-up export: what it was made from, so that it is not made twice.

A hidden file beside the export. It imports nothing heavy: asking whether there is work to do must
not cost the work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelines.storage import fingerprint_file, write_text

SEAL = ".demonstration.json"


def sealed_requests(folder: Path, fingerprint: str) -> Mapping[str, int] | None:
    """The requests of each year, if the folder holds exactly the export of this fingerprint; else None."""
    path = folder / SEAL
    if not path.is_file():
        return None
    seal = json.loads(path.read_text(encoding="utf-8"))
    if seal["fingerprint"] != fingerprint:
        return None
    unchanged = all(
        (folder / name).is_file() and fingerprint_file(folder / name) == content
        for name, content in seal["files"].items()
    )
    requests: Mapping[str, int] = seal["requests"]
    return requests if unchanged else None


def seal(folder: Path, fingerprint: str, files: Iterable[Path], requests: Mapping[str, int]) -> None:
    """Write the seal, once every file of the export is in place."""
    content = {
        "fingerprint": fingerprint,
        "files": {path.name: fingerprint_file(path) for path in files},
        "requests": dict(requests),
    }
    write_text(folder / SEAL, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
