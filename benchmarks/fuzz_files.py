"""Damaged files: cut off, encoded again, bytes flipped, quotation marks and delimiters planted.

Nine in ten are texts; one in ten is a workbook or a ZIP, damaged as a whole or in its parts. `bilan`
must read each, screen included, or refuse it in words, within two seconds, and account for every record.
What took longer is read twice again, and slow only where it is so every time: the machine may have other work.
Run by hand: `python benchmarks/fuzz_files.py [COUNT] [FOLDER ...]`; the tests run a few.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter

from pipelines.errors import InputRefused
from pipelines.ingest.file_table import FileTable
from pipelines.ingest.inspect_export import inspect_export
from pipelines.ingest.read_text import TextContract, read_text

MAX_SECONDS = 2.0
RETRIES = 2
#: One file in so many is a workbook or a ZIP.
CONTAINER_EVERY = 10
_PLANTED = (
    b'"', b"'", b'""', b";", b",", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe",
    "\ufffd".encode(), "é".encode(), "é".encode("cp1252"), "Ã©".encode(), b"\x81", b"\\", b"=1+1", b"#", b"Total;12",
    b'"a\nb"', b"x" * 5_000, b" ", b"\xc2\xa0", b"\x1a", b"\x0b", b"\x0c", "\u2028".encode(), b'""""', b'";"',
)  # fmt: skip
_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp850", "mac_roman")


def made_up_export(chance: random.Random) -> bytes:
    """A small sound export, as a platform might write it."""
    delimiter = chance.choice(";,\t|")
    end = chance.choice(["\n", "\r\n", "\r"])
    words = ["Mère", "père", "ami, amie", "l'école", "sœur", "", "n/d", 'dit "oui"', "à Joliette", "deux\nlignes"]
    names = ["No", "Date", "Âge", "Réponse", "Heures"]
    rows = [names] + [
        [str(row), f"{row % 28 + 1:02}/03/2024", str(chance.randint(12, 80)), chance.choice(words), f"{row},5"]
        for row in range(chance.randint(0, 60))
    ]
    if chance.random() < 0.3:
        rows.append(["Total", "", "12", "", "99,5"])
    lines = (delimiter.join(_quoted(cell, delimiter) for cell in row) for row in rows)
    return (end.join(lines) + chance.choice(["", end])).encode("utf-8")


def _quoted(cell: str, delimiter: str) -> str:
    if any(sign in cell for sign in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def mutate(content: bytes, chance: random.Random) -> bytes:
    """One to four damages, one after the other."""
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(_DAMAGES)(content, chance)
    return content


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _plant(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 5)):
        place = chance.randint(0, len(content))
        content = content[:place] + chance.choice(_PLANTED) + content[place:]
    return content


def _encode_again(content: bytes, chance: random.Random) -> bytes:
    return content.decode("utf-8", errors="replace").encode(chance.choice(_ENCODINGS), errors="replace")


def _encode_twice(content: bytes, chance: random.Random) -> bytes:
    return content.decode("cp1252", errors="replace").encode()


def _move(content: bytes, chance: random.Random) -> bytes:
    """Lines taken away, repeated or put elsewhere."""
    lines = content.splitlines(keepends=True)
    chance.shuffle(lines) if chance.random() < 0.3 else lines.extend(lines[: chance.randint(0, 5)])
    return b"".join(lines[chance.randint(0, 3) :])


def _swap_signs(content: bytes, chance: random.Random) -> bytes:
    before, after = chance.sample([b";", b",", b"\t", b"|", b'"', b"\n"], 2)
    return content.replace(before, after, chance.choice([-1, 1, 3]))


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _flip, _plant, _encode_again, _encode_twice, _move, _swap_signs,
)  # fmt: skip


def made_up_container(chance: random.Random) -> bytes:
    """A small sound export, as a workbook or as a ZIP of two tables."""
    content = io.BytesIO()
    if chance.random() < 0.5:
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("demandes.csv", made_up_export(chance))
            archive.writestr("liens.csv", made_up_export(chance))
        return content.getvalue()
    rows = csv.reader(io.StringIO(made_up_export(chance).decode(), newline=""), delimiter=";")
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Demandes")
        for place, cells in enumerate(rows):
            sheet.write_row(place, 0, cells)
        sheet.write_comment(0, 0, "une note")
    return content.getvalue()


def mutate_container(content: bytes, chance: random.Random) -> bytes:
    """Damage to the bytes of the archive, or to those of some of its parts."""
    if chance.random() < 0.4:
        return chance.choice((_cut, _flip, _plant))(content, chance)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as sound, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as damaged:
        parts = sound.namelist()
        chosen = chance.sample(parts, min(len(parts), chance.randint(1, 3)))
        for part in parts:
            damaged.writestr(part, mutate(sound.read(part), chance) if part in chosen else sound.read(part))
    return made.getvalue()


def damaged_files(count: int, seed: int, samples: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbered damaged files, made from the samples and from made-up exports; the same seed gives the same."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        if number % CONTAINER_EVERY == CONTAINER_EVERY - 1:
            yield number, mutate_container(made_up_container(chance), chance)
            continue
        sound = chance.choice(samples) if samples and chance.random() < 0.5 else made_up_export(chance)
        yield number, mutate(sound, chance)


def faults_of(content: bytes, work: Path) -> tuple[list[str], float]:
    """What is wrong with how one file was read (nothing, where all promises held), and the seconds that it takes."""
    faults, seconds = _read_once(content, work)
    for _ in range(RETRIES):
        if seconds <= MAX_SECONDS:
            break
        seconds = min(seconds, _read_once(content, work)[1])
    return [*faults, *(["slow"] if seconds > MAX_SECONDS else [])], seconds


def _read_once(content: bytes, work: Path) -> tuple[list[str], float]:
    path = work / "x.csv"
    path.write_bytes(content)
    seconds, begun = 0.0, time.perf_counter()
    try:
        faults = [fault for fault in _faults_of_inspection(path) if fault]
        # What follows reads the file a second time, for its account: no user waits for it.
        seconds = time.perf_counter() - begun
        if not content.startswith(b"PK"):
            faults += _unaccounted(read_text(content, TextContract(), path.name))
    except InputRefused:
        faults = []
    except Exception as fault:  # noqa: BLE001 (a crash is what is looked for)
        faults = [f"{type(fault).__name__}: {fault}"]
    return faults, seconds or time.perf_counter() - begun


def _faults_of_inspection(path: Path) -> Iterator[str]:
    """Guards, reader and screen, as `bilan inspect` runs them."""
    for inspection in inspect_export(path):
        if inspection.account is not None:
            inspection.account.check()
            yield "" if inspection.records == inspection.account.loaded else "a row of the account is not there"
        elif inspection.problem is None:
            yield "neither read nor refused"


def _unaccounted(table: FileTable) -> list[str]:
    account = table.account
    faults = []
    if account.records != len(table.rows) + account.recognised.total() + account.rejected.total():
        faults.append("records do not add up")
    if len([record for record in table.set_aside if record.is_rejected]) != account.rejected.total():
        faults.append("a reject is not listed")
    if any(len(row) != table.width for row in table.rows):
        faults.append("a row of another width was loaded")
    if len(set(table.lines)) != len(table.rows):
        faults.append("a line was read twice")
    return faults


def main(arguments: list[str]) -> int:
    """Print the figures; 1 where a promise was broken."""
    count = int(arguments[0]) if arguments else 10_000
    paths = [path for folder in arguments[1:] for path in sorted(Path(folder).rglob("*.csv"))]
    samples = [path.read_bytes() for path in paths if path.stat().st_size < 100_000]
    broken, slowest = [], 0.0
    with tempfile.TemporaryDirectory() as work:
        for number, content in damaged_files(count, 4, samples):
            faults, seconds = faults_of(content, Path(work))
            broken += [(number, fault) for fault in faults]
            slowest = max(slowest, seconds)
    containers = count // CONTAINER_EVERY
    print(
        f"damaged files: {count} from {len(samples)} samples and made-up ones, {containers} of them workbooks or ZIP;"
    )
    print(f"broken promises: {len(broken)};")
    print(f"slowest: {slowest:.2f} s (promised: {MAX_SECONDS:.0f} s)")
    for number, fault in broken[:20]:
        print(f"  file {number}: {fault}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
