"""`bilan --help` against an interpreter that does nothing: how long a person waits for the first word.

Usage: python benchmarks/start_up.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def seconds(arguments: list[str]) -> float:
    """Wall seconds of one command, which must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=REPOSITORY, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main(rounds: int) -> None:
    """Run the pairs and print the medians."""
    pairs = [(seconds(["-m", "pipelines", "--help"]), seconds(["-c", "pass"])) for _ in range(rounds + 1)][1:]
    helped, nothing = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"start_up.py: {rounds} pairs, medians")
    print(f"  bilan --help                               {helped:6.3f} s")
    print(f"  an interpreter that does nothing           {nothing:6.3f} s")
    print(f"  ratio                                      {ratio:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
