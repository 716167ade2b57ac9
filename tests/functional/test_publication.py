"""What is out for ever, from outside: two years released in turn with late entries between, then a funder's copy."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.disclosure.reading.find_leaks import find_leaks
from tests.functional.conftest import Installation, tables_of_the_centre_alone

BEFORE, NOW = "2022-2023", "2023-2024"
PERSONS = ("--prepared-by", "Ève Tremblay", "--approved-by", "Andrée Côté")
LATE_ENTRIES = 4
Cell = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Story:
    """The centre after its three releases, the first one as it was left, and all that the commands said."""

    installation: Installation
    first: dict[str, bytes]
    said: str

    @property
    def reports(self) -> Path:
        return self.installation.root / "reports" / "demo"

    @property
    def folders(self) -> list[Path]:
        return [self.reports / BEFORE / "public", self.reports / NOW / "public", self.reports / NOW / "psoc"]

    def copied(self, folder: Path) -> "Story":
        """The same, for a test that is going to spoil it."""
        shutil.copytree(self.installation.root, folder / "copy")
        return Story(Installation(folder / "copy"), self.first, self.said)

    def verified(self) -> int:
        return self.installation.run("ledger", "verify", "--centre", "demo").returncode


def enter_late(installation: Installation) -> None:
    """Some requests of the year that is out, as those of persons who asked for their dates to be corrected."""
    file = installation.raw / "demandes.csv"
    header, *rows = file.read_bytes().decode("cp1252").strip("\r\n").split("\r\n")
    place = header.split(";").index("Date de la demande")
    of_year = [row for row in rows if row.split(";")[place].endswith(("/06/2022", "/07/2022", "/08/2022", "/09/2022"))]
    late = [";".join((f"D22-9000{n}", *row.split(";")[1:])) for n, row in enumerate(of_year[:LATE_ENTRIES])]
    assert len(late) == LATE_ENTRIES
    file.write_bytes("\r\n".join([header, *rows, *late, ""]).encode("cp1252"))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    installation = Installation(tmp_path_factory.mktemp("publication"))
    said: list[str] = []

    def run(*arguments: str) -> None:
        ended = installation.run(*arguments)
        assert ended.returncode == 0, ended.stderr
        said.append(ended.stdout + ended.stderr)

    def approve(year: str, audience: str) -> None:
        run("approve", "--centre", "demo", "--year", year, "--audience", audience, *PERSONS)

    run("demo", "--out", str(installation.raw), "--rows", "150")
    run("ingest", "--centre", "demo")
    run("protect", "--centre", "demo", "--year", BEFORE)
    approve(BEFORE, "public")
    first = contents(installation.root / "reports" / "demo" / BEFORE)
    enter_late(installation)
    run("report", "--centre", "demo", "--year", NOW)
    approve(NOW, "public")
    run("protect", "--centre", "demo", "--year", NOW, "--audience", "psoc")
    approve(NOW, "psoc")
    return Story(installation, first, "".join(said))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cells_of(folder: Path) -> dict[Cell, int | None]:
    """The cells of a release, None where a number is hidden."""
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as text:
        return {
            (row["table_id"], tuple(row[f"code_{side}"] for side in (1, 2, 3) if row[f"code_{side}"])): (
                int(row["value"]) if row["value"] else None
            )
            for row in csv.DictReader(text)
        }


def is_frozen(cell: Cell) -> bool:
    return cell[0].endswith("_by_year") and cell[1][0] != NOW


def test_the_attack_on_all_that_is_out_proves_nothing(story: Story) -> None:
    ended = story.installation.run("attack", *map(str, story.folders))

    assert ended.returncode == 0, ended.stderr


def test_a_year_that_is_out_is_told_again_as_it_was(story: Story) -> None:
    """The late entries are in none of the copies, and what was hidden stays hidden."""
    years = {"": cells_of(story.folders[0])}
    before = {
        (table, codes if table.endswith("_by_year") else (BEFORE, *codes)): value
        for table, codes in years[""]
        for value in [years[""][table, codes]]
    }

    for folder in story.folders[1:]:
        now = {cell: value for cell, value in cells_of(folder).items() if is_frozen(cell) and cell[1][0] == BEFORE}
        common = {cell: (value, before[cell]) for cell, value in now.items() if cell in before}
        assert common
        assert [cell for cell, (one, other) in common.items() if None not in (one, other) and one != other] == []
        assert [cell for cell, (one, other) in common.items() if other is None and one is not None] == []


def test_the_first_release_is_untouched(story: Story) -> None:
    assert contents(story.reports / BEFORE) == story.first


def test_internal_and_public_differ_only_where_protection_requires(story: Story) -> None:
    internal, public = cells_of(story.reports / NOW / "internal"), cells_of(story.folders[1])
    untold = json.loads((story.folders[1] / "tables.json").read_text(encoding="utf-8"))["untold"]

    named = {table for table, _ in public} | {table["id"] for table in untold}
    not_collected = {table for (table, _), value in internal.items() if value is None}
    over_years = {table for table, _ in internal if table.endswith(("_by_year", "_since", "_school_year"))}
    assert {table for table, _ in internal} == named | tables_of_the_centre_alone() | over_years | not_collected
    differing = {cell for cell, value in public.items() if value != internal.get(cell)}
    assert {cell for cell in differing if public[cell] is not None and not is_frozen(cell)} == set()


def test_late_entries_are_in_the_internal_report(story: Story) -> None:
    internal, public = cells_of(story.reports / NOW / "internal"), cells_of(story.folders[1])
    total = ("requester_type_by_year", (BEFORE, "_total"))

    assert internal[total] == public[total] + LATE_ENTRIES


def test_no_file_of_the_public_release_holds_a_hidden_number(story: Story) -> None:
    internal, public = cells_of(story.reports / NOW / "internal"), cells_of(story.folders[1])
    hidden = {cell: internal[cell] for cell, value in public.items() if value is None and not is_frozen(cell)}
    assert hidden

    assert find_leaks(story.folders[1], hidden) == []


def test_the_ledger_of_what_is_out_verifies(story: Story) -> None:
    assert story.verified() == 0


def test_what_stands_in_the_ledger_tells_its_number_of_entries(story: Story) -> None:
    ended = story.installation.run("ledger", "list", "--centre", "demo", "--json")

    entries = json.loads(ended.stdout)["entries"]
    assert [(entry["period"], entry["audience"]) for entry in entries] == [
        (BEFORE, "public"),
        (NOW, "public"),
        (NOW, "psoc"),
    ]


def test_why_a_cell_is_hidden_is_told_without_its_number(story: Story) -> None:
    public = cells_of(story.folders[1])
    hidden = next(cell for cell, value in public.items() if value is None and not cell[0].endswith("_by_year"))

    ended = story.installation.run("ledger", "why", f"{hidden[0]}:{','.join(hidden[1])}", "--centre", "demo")

    assert ended.returncode == 0, ended.stderr
    assert "masqu" in ended.stdout


def edit(path: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def editing(root: Path) -> None:
        file = root / path
        honest = file.read_bytes()
        file.write_bytes(change(honest))
        assert file.read_bytes() != honest

    return editing


def without_line(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[:1] + lines[2:])


def with_other_digit(content: bytes) -> bytes:
    place = next(at for at, byte in enumerate(content) if chr(byte) in "12345678")
    return content[:place] + bytes([content[place] + 1]) + content[place + 1 :]


TAMPERINGS = {
    "a line of the ledger": edit("data/ledger/demo/ledger.jsonl", with_other_digit),
    "a line taken out of the ledger": edit("data/ledger/demo/ledger.jsonl", without_line),
    "its head": edit("data/ledger/demo/head.json", with_other_digit),
    "the cells of a release": edit(f"reports/demo/{BEFORE}/public/cells.csv", with_other_digit),
    "the page of a release": edit(f"reports/demo/{NOW}/public/dashboard.html", lambda page: page + b"\n"),
    "a ledger that is gone": lambda root: shutil.rmtree(root / "data" / "ledger" / "demo"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_tampered_with_is_found(what: str, story: Story, tmp_path: Path) -> None:
    copy = story.copied(tmp_path)
    TAMPERINGS[what](copy.installation.root)

    assert copy.verified() == 5


def test_an_approved_year_whose_records_are_gone_stops_the_next_release(story: Story, tmp_path: Path) -> None:
    copy = story.copied(tmp_path)
    (copy.installation.root / "data" / "ledger" / "demo" / "records" / f"{BEFORE}.parquet").unlink()
    before = contents(copy.reports)

    ended = copy.installation.run("protect", "--centre", "demo", "--year", "2021-2022")

    assert ended.returncode == 5
    assert BEFORE in ended.stderr
    assert {name: before[name] for name in before} == {name: contents(copy.reports)[name] for name in before}
