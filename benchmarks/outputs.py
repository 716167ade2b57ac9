"""All the outputs of one centre beside its dashboard alone, and how large they are.

One report of the demonstration centre for each audience, with nothing kept from before; what each step took is read in
the run's own log, so that both figures are of one run. The dashboard alone is the run without the workbook, the
pictures, the annex and the sentences. Usage: python benchmarks/outputs.py
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
YEAR = "2023-2024"
BESIDE = ("workbook", "pictures", "document")
PROMISED_RATIO = 2
PROMISED_PAGE_MB = 1.5


def measure(audience: str, root: Path) -> None:
    """Make one report and print its figures."""
    bilan = [sys.executable, "-m", "pipelines"]
    subprocess.run([*bilan, "demo", "--out", "data/raw/demo"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    begun = time.perf_counter()
    report = [*bilan, "report", "--centre", "demo", "--year", YEAR, "--audience", audience]
    subprocess.run(report, cwd=root, check=True, stdout=subprocess.DEVNULL)
    whole = time.perf_counter() - begun
    log = (root / "data" / "processed" / "demo" / "runs.jsonl").read_text(encoding="utf-8")
    took = {entry["step"]: entry["seconds"] for entry in map(json.loads, log.splitlines())}
    # The centre's own report has no pictures (decision 0026).
    beside = {step: took[step] for step in BESIDE if step in took}
    folder = root / "reports" / "demo" / YEAR / audience
    page = (folder / "dashboard.html").read_text(encoding="utf-8")
    charts = page.count('class="plot"')
    megabytes = len(page.encode()) / 1_000_000
    # The drawing library is there once, however many charts there are.
    library = max(map(len, page.split("<script"))) / 1_000_000
    of_twenty = library + (megabytes - library) * 20 / charts
    pictures = [path.stat().st_size for path in (folder / "figures").glob("*")]
    annex = (folder / "annexe_statistique.docx").stat().st_size / 1_000_000
    print(f"outputs.py: {audience}")
    print(f"  dashboard.html              {megabytes:6.2f} MB, {charts} drawings")
    print(f"    for twenty drawings       {of_twenty:6.2f} MB (promised: {PROMISED_PAGE_MB} MB)")
    print(f"  pictures                    {sum(pictures) / 1_000_000:6.2f} MB, {len(pictures)} files")
    print(f"  annexe_statistique.docx     {annex:6.2f} MB")
    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in beside.items())
    alone = whole - sum(beside.values())
    print(f"  all outputs                 {whole:6.2f} s ({steps})")
    print(f"  dashboard alone             {alone:6.2f} s")
    print(f"  ratio                       {whole / alone:6.2f} (promised: {PROMISED_RATIO})")


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    for each in ("internal", "public"):
        with tempfile.TemporaryDirectory() as temporary:
            measure(each, Path(temporary))
