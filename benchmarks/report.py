"""The annual report of the demonstration centre against a hand-written script that makes the same ten charts.

Both start from the same export and from a cold interpreter, in turn, in one run; the report starts
with no load, no database, no validation and no notebook of an earlier run. Prints the median of each
and of their ratio, pair by pair. Usage: python benchmarks/report.py [ROUNDS]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
YEAR = "2023-2024"
#: So many times the hand-written script for each ten charts that the report holds.
PROMISED_FOR_TEN = 4


def seconds(arguments: list[str], folder: Path) -> float:
    """Wall seconds of one command, which must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main(rounds: int) -> None:
    """Run the pairs and print the medians."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        raw = root / "data" / "raw" / "demo"
        bilan = ["-m", "pipelines"]
        os.environ["PYTHONPATH"] = str(REPOSITORY)
        # The script by hand makes a page alone: pictures are measured by outputs.py.
        os.environ["BILAN_BROWSER"] = ""
        seconds([*bilan, "demo", "--out", str(raw)], root)
        report = [*bilan, "report", "--centre", "demo", "--year", YEAR, "--audience", "internal"]
        by_hand = [str(REPOSITORY / "benchmarks" / "hand_written.py"), str(raw), str(root / "by_hand.html")]
        pairs = []
        # The first pair warms the disk's and the interpreter's caches and is not counted.
        for _ in range(rounds + 1):
            shutil.rmtree(root / "reports", ignore_errors=True)
            shutil.rmtree(root / "data" / "processed", ignore_errors=True)
            pairs.append((seconds(report, root), seconds(by_hand, root)))
        again = seconds(report, root)
        page = (root / "reports" / "demo" / YEAR / "internal" / "dashboard.html").read_text(encoding="utf-8")
        charts = page.count("<figure")
    counted = pairs[1:]
    whole, reference = (statistics.median(column) for column in zip(*counted, strict=True))
    ratio = statistics.median(one / other for one, other in counted)
    print(f"report.py: {rounds} pairs, medians")
    print(f"  annual report, nothing kept from before    {whole:6.2f} s, {charts} charts")
    print(f"  hand-written pandas + plotly, ten charts   {reference:6.2f} s")
    print(f"  ratio                                      {ratio:6.2f}, for ten charts {ratio * 10 / charts:.2f}")
    print(f"    promised for ten charts                  {PROMISED_FOR_TEN:6.2f}")
    print(f"  annual report again, nothing changed       {again:6.2f} s, ratio {again / reference:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
