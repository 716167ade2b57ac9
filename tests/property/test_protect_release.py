"""Random centres are counted, protected, written, read back and attacked: nothing small can be found.

`BILAN_PROPERTY_RUNS=1000 pytest -s tests/property/test_protect_release.py` plays that many centres.
"""

import os
from pathlib import Path

from pipelines.errors import DisclosureGateFailed
from tests.judge_releases import Register, faults_of
from tests.random_centre import RandomCentre, Size, draw_centre, more_requests

#: Once gave up tables for ever that were given up already.
REMEMBERED = (144,)
RUNS = int(os.environ.get("BILAN_PROPERTY_RUNS", "25"))


def play(seed: int, folder: Path, size: Size | None = None) -> Register:
    """One year, or years in their turn with late entries between, and sometimes a copy of fewer tables."""
    centre = draw_centre(seed, size)
    register = Register(centre, folder)
    years = sorted({request.period for request in centre.requests})
    entered = centre.requests
    first = centre.chance.randrange(len(years))
    try:
        for year in years[first:]:
            register.publish(entered, year, "public")
            if centre.chance.random() < 0.4:
                register.publish(entered, year, "bailleur", some_tables(centre))
            entered += more_requests(centre, years, centre.chance.randint(1, 8))
    except DisclosureGateFailed:
        # Refused: what is out before it must be safe all the same.
        pass
    return register


def some_tables(centre: RandomCentre) -> list[str]:
    ids = [spec.id for spec in centre.catalogue.table]
    return centre.chance.sample(ids, centre.chance.randint(1, len(ids)))


def test_nothing_small_is_found_in_what_random_centres_publish(tmp_path: Path) -> None:
    faults: list[tuple[int, str]] = []
    releases = 0

    for seed in (*REMEMBERED, *range(RUNS)):
        register = play(seed, tmp_path / str(seed))
        releases += len(register.out)
        faults += [(seed, fault) for fault in faults_of(register.centre, register.out)] if register.out else []

    print(f"{RUNS} random centres, {releases} releases attacked, {len(faults)} faults")  # noqa: T201
    assert faults == []
    # A method that refused everything would be safe, and of no use.
    assert releases > 0.9 * RUNS
