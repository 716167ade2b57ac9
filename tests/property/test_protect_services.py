"""Random centres publish persons, meetings, accompaniments and kits: nobody is found, by either of two attackers.

`BILAN_PROPERTY_RUNS=1000 pytest -s tests/property/test_protect_services.py` plays that many centres.
"""

import os
from pathlib import Path

from pipelines.disclosure.attacker.attack import Verdict, attack
from pipelines.disclosure.reading.read_release_folder import read_folders
from pipelines.errors import DisclosureGateFailed
from tests.attack_services import faults_of_services
from tests.random_services import Entered, ServiceRegister, draw_services

RUNS = int(os.environ.get("BILAN_PROPERTY_RUNS", "10"))


def play(seed: int, folder: Path) -> ServiceRegister:
    """Years in their turn with late entries between, and sometimes a copy of fewer tables."""
    centre = draw_services(seed)
    register = ServiceRegister(centre, folder)
    entered = centre.entered
    ids = [spec.id for spec in centre.catalogue.table]
    try:
        for year in centre.years:
            if centre.chance.random() < 0.3:
                some = centre.chance.sample(ids, centre.chance.randint(1, len(ids)))
                register.publish(entered, year, ["meeting", *some])
            register.publish(entered, year)
            entered = entered.with_more(centre.draw.entered(centre.years, 3))
    except DisclosureGateFailed:
        # Refused: what is out before it must be safe all the same.
        pass
    return register


def known_of(register: ServiceRegister) -> Entered:
    """What all that is out was counted from: each year as the first release told it."""
    return register._frozen_or(register.out[-1].entered)


def faults_of(register: ServiceRegister) -> list[str]:
    folders = [one.folder for one in register.out]
    report = attack(read_folders(folders), time_limit_s=120, exact_ends=False)
    found = [
        f"{finding.table} {finding.where}: {finding.verdict}"
        for finding in report.findings
        if finding.verdict in (Verdict.NOT_PROVEN, Verdict.IMPLICIT_SMALL, Verdict.SHOWN_SMALL, Verdict.HOURS_TELL)
    ]
    return [*found, *faults_of_services(folders, known_of(register))]


def test_nobody_is_found_in_what_random_centres_publish_of_their_services(tmp_path: Path) -> None:
    faults: list[tuple[int, str]] = []
    releases = told = asked = 0

    for seed in range(RUNS):
        register = play(seed, tmp_path / str(seed))
        releases += len(register.out)
        for one in register.out:
            told += len(one.protected.release.tables)
            asked += len(one.protected.release.tables) + len(one.protected.release.untold)
        if register.out:
            faults += [(seed, fault) for fault in faults_of(register)]

    print(f"{RUNS} random centres, {releases} releases, {told} of {asked} tables told, {len(faults)} faults")  # noqa: T201
    assert faults == []
    # A method that refused everything would be safe, and of no use.
    assert told > 0.9 * asked
