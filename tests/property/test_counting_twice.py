"""Two ways of counting, by SQL over the database and from coded records, agree on every cell of drawn centres."""

import random
from pathlib import Path

import pytest

from pipelines.config import load_centre_vocabularies
from pipelines.model.database import read_database
from pipelines.tables.coded_records import (
    load_coded_records,
    read_coded_records,
    read_family_records,
    write_coded_records,
)
from pipelines.tables.count_records import count_records
from pipelines.tables.count_table import Counted, count_units
from pipelines.tables.table_spec import load_catalogue
from pipelines.units import FAMILIES, RECORD_DIMENSIONS, RECORD_UNITS, family_of
from tests.small_centre import SmallCentre

FORMS = frozenset({"aggression_form"})
#: Dates of three fiscal years; the unknown one belongs to no year, and is in no table.
DAYS = ("2022-03-31", "2022-04-01", "2023-02-11", "2023-05-06", "2024-03-31")


def drawn(chance: random.Random, codes: dict[str, list[str]], requests: int) -> dict[str, str]:
    """The files of a centre: several aggressions, forms, links and referrals a request, or none of them."""
    files = {
        "request": ["request_id | person_id | request_date | requester_type_code | age_at_request"],
        "aggression": ["aggression_id | request_id | aggression_date | age_at_aggression"],
        "aggression_form": ["aggression_id | form_code"],
        "aggressor_link": ["aggression_id | relationship_code"],
        "referral": ["request_id | referral_source_code | is_main"],
        "disposition": ["request_id | after_request_code | after_first_meeting_code"],
        "residence": ["request_id | residence_code"],
    }

    def code(name: str) -> str:
        return chance.choice([*codes[name], "?"])

    for request in range(requests):
        of = f"D{request}"
        person = chance.choice((f"P{chance.randrange(requests // 2)}", "?"))
        age = chance.choice(("?", str(chance.randint(12, 70))))
        files["request"].append(f"{of} | {person} | {chance.choice(DAYS)} | {code('requester_type')} | {age}")
        for number in range(chance.choice((0, 1, 1, 2, 3))):
            told = f"A{request}x{number}"
            day, age = chance.choice(("?", "2020-01-01")), chance.choice(("?", str(chance.randint(0, 12))))
            files["aggression"].append(f"{told} | {of} | {day} | {age}")
            for form in chance.sample(codes["aggression_form"], chance.randint(0, 3)):
                files["aggression_form"].append(f"{told} | {form}")
            # Two aggressors of one relation are two links.
            for _ in range(chance.choice((0, 1, 1, 2))):
                files["aggressor_link"].append(f"{told} | {code('relationship')}")
        sources = chance.sample(codes["referral_source"], chance.randint(0, 2))
        for place, source in enumerate(sources):
            files["referral"].append(f"{of} | {source} | {'non' if place else chance.choice(('oui', 'non'))}")
        if chance.random() < 0.9:
            after = code("disposition_after_request"), code("disposition_after_first_meeting")
            files["disposition"].append(f"{of} | {after[0]} | {after[1]}")
        if chance.random() < 0.9:
            files["residence"].append(f"{of} | {code('residence')}")
    return {name: "\n".join(lines) for name, lines in files.items()}


@pytest.mark.parametrize("seed", range(4))
def test_two_ways_of_counting_agree_on_every_cell(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    empty = SmallCentre(tmp_path / "codes", request="request_id | request_date\nD1 | 2023-05-06")
    vocabularies = load_centre_vocabularies(empty.workspace, empty.centre)
    codes = {name: [code.code for code in vocabularies[name].leaves] for name in vocabularies}
    centre = SmallCentre(tmp_path / "drawn", **drawn(chance, codes, 40))
    catalogue = load_catalogue(centre.workspace.config)
    told = [
        spec
        for spec in catalogue.table
        if spec.unit in RECORD_UNITS and set(spec.dimensions) <= RECORD_DIMENSIONS.keys()
    ]
    centre.build()

    with read_database(centre.database) as connection:
        records = read_coded_records(connection, FORMS)
        by_query = [count_units(connection, spec) for spec in told]
    from_records = [count_records(records, spec, vocabularies) for spec in told]

    assert from_records == by_query


def contacts(chance: random.Random, codes: dict[str, list[str]], number: int) -> dict[str, str]:
    """Meetings and accompaniments of persons who come back, anonymous ones among them, and kits."""
    files = {
        "meeting": ["meeting_id | person_id | meeting_date | service_type_code | direct_minutes"],
        "accompaniment": ["accompaniment_id | person_id | accompaniment_date | purpose_code | minutes"],
        "kit": ["kit_id | person_id | received_date | first_call_date | is_reached"],
    }

    def person() -> str:
        return chance.choice((f"P{chance.randrange(number // 3)}", f"P{chance.randrange(number // 3)}", "?"))

    def length() -> str:
        return chance.choice(("?", "20", "45", "90"))

    for one in range(number):
        service, purpose = (chance.choice([*codes[name], "?"]) for name in ("service_type", "accompaniment_purpose"))
        files["meeting"].append(f"M{one} | {person()} | {chance.choice(DAYS)} | {service} | {length()}")
        files["accompaniment"].append(f"A{one} | {person()} | {chance.choice(DAYS)} | {purpose} | {length()}")
        called = chance.choice(("?", "2024-04-01"))
        files["kit"].append(
            f"K{one} | {person()} | {chance.choice(DAYS)} | {called} | {chance.choice(('oui', 'non', '?'))}"
        )
    return {name: "\n".join(lines) for name, lines in files.items()}


def numbers_of(counted: dict[str, Counted]) -> dict[str, dict[str, dict[tuple[str, ...], tuple[int, int]]]]:
    """Units and persons: records keep no sign of a length that nobody wrote, which counts as none."""
    return {
        table: {year: {codes: tally[:2] for codes, tally in cells.items()} for year, cells in years.items()}
        for table, years in counted.items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_two_ways_of_counting_services_agree_on_every_cell(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    asked = "request_id | request_date\nD1 | 2023-05-06"
    empty = SmallCentre(tmp_path / "codes", request=asked)
    vocabularies = load_centre_vocabularies(empty.workspace, empty.centre)
    codes = {name: [code.code for code in vocabularies[name].leaves][:4] for name in vocabularies}
    centre = SmallCentre(tmp_path / "drawn", request=asked, **contacts(chance, codes, 40))
    told = [spec for spec in load_catalogue(centre.workspace.config).table if family_of(spec.unit) in FAMILIES[1:]]
    centre.build()

    with read_database(centre.database) as connection:
        records = {family.name: read_family_records(connection, family, FORMS) for family in FAMILIES}
        by_query = {spec.id: count_units(connection, spec) for spec in told}

    own = {spec.id: count_records(records[family_of(spec.unit).name], spec, vocabularies) for spec in told}
    assert numbers_of(own) == numbers_of(by_query)
    assert {"service_persons", "service_hours", "accompaniments", "kits_delay"} <= {
        name for name, of in own.items() if of
    }


def test_records_are_kept_and_read_back_the_same(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request="request_id | request_date\nD1 | 2023-05-06\nD2 | 2022-05-06",
        aggression="aggression_id | request_id\nA1 | D1\nA2 | D1",
        aggression_form="aggression_id | form_code\nA1 | attouchements\nA1 | penetration",
    )
    centre.build()
    with read_database(centre.database) as connection:
        records = read_coded_records(connection, FORMS)

    write_coded_records(records, tmp_path / "kept.parquet")

    assert load_coded_records(tmp_path / "kept.parquet") == records
    assert (tmp_path / "kept.parquet").stat().st_mode & 0o777 == 0o600
