"""Nothing done to the ledger by hand, by a stop or by two approvals at once goes unseen or breaks the chain."""

import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.ledger.ledger import HEAD_FILE, LEDGER_FILE, append_release, examine_ledger, read_ledger
from pipelines.disclosure.ledger.ledger_check import verify_ledger
from pipelines.errors import DisclosureGateFailed
from tests.made_up_ledger import approve_draft, facts, write_draft

ENTRIES = 3


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    for number in range(1, ENTRIES + 1):
        append_release(folder, facts(number))
    return folder


@pytest.fixture(scope="module")
def copied(whole, tmp_path_factory):
    """A copy of the ledger of which one file holds other bytes."""
    folders = {name: tmp_path_factory.mktemp("copy") for name in (LEDGER_FILE, HEAD_FILE)}
    for folder in folders.values():
        for name in folders:
            (folder / name).write_bytes((whole / name).read_bytes())

    def copy(name: str, content: bytes) -> Path:
        (folders[name] / name).write_bytes(content)
        return folders[name]

    return copy


def places(content: bytes) -> list[int]:
    """Every seventh byte, and those about each line feed."""
    feeds = [place for place, byte in enumerate(content) if byte == ord("\n")]
    near = {feed + step for feed in feeds for step in (-1, 0, 1)}
    return sorted((near | set(range(0, len(content), 7))) & set(range(len(content))))


def is_refused(folder: Path) -> bool:
    try:
        read_ledger(folder)
    except DisclosureGateFailed:
        return True
    return False


@pytest.mark.parametrize("name", [LEDGER_FILE, HEAD_FILE])
def test_any_byte_changed_is_found(whole, copied, name):
    content = (whole / name).read_bytes()
    unseen = [
        place
        for place, byte in enumerate(content)
        if not is_refused(copied(name, content[:place] + bytes([byte ^ 1 << place % 8]) + content[place + 1 :]))
    ]

    assert unseen == []


@pytest.mark.parametrize("name", [LEDGER_FILE, HEAD_FILE])
def test_any_byte_removed_is_found(whole, copied, name):
    content = (whole / name).read_bytes()
    unseen = [
        place for place in places(content) if not is_refused(copied(name, content[:place] + content[place + 1 :]))
    ]

    assert unseen == []


@pytest.mark.parametrize("added", [b" ", b"\n", b"\x00"])
@pytest.mark.parametrize("name", [LEDGER_FILE, HEAD_FILE])
def test_any_byte_added_is_found(whole, copied, name, added):
    content = (whole / name).read_bytes()
    unseen = [
        place
        for place in [*places(content), len(content)]
        if not is_refused(copied(name, content[:place] + added + content[place:]))
    ]

    # After the last line feed, what is not a whole line is what a stop leaves: told, and no entry is touched.
    is_unfinished_line = name == LEDGER_FILE and added != b"\n"
    assert unseen == ([len(content)] if is_unfinished_line else [])


@pytest.mark.parametrize("name", [LEDGER_FILE, HEAD_FILE])
def test_any_end_cut_off_is_found(whole, copied, name):
    content = (whole / name).read_bytes()

    assert all(is_refused(copied(name, content[:length])) for length in places(content))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_other_set_of_lines_is_found(whole, copied, data):
    """Lines removed, swapped, told twice, put in from another ledger, in any number."""
    lines = (whole / LEDGER_FILE).read_bytes().splitlines(keepends=True)
    others = [b"\n", b"{}\n", lines[0].replace(b"load-1", b"load-2")]
    chosen = data.draw(st.lists(st.sampled_from(lines + others), max_size=ENTRIES + 2).filter(lambda one: one != lines))

    assert is_refused(copied(LEDGER_FILE, b"".join(chosen)))


@settings(max_examples=100, deadline=None)
@given(content=st.one_of(st.binary(max_size=300), st.recursive(st.none() | st.integers(), st.lists).map(json.dumps)))
def test_any_bytes_are_judged_without_a_crash(copied, content):
    other = content if isinstance(content, bytes) else content.encode()
    for name in (LEDGER_FILE, HEAD_FILE):
        _, faults = examine_ledger(copied(name, other + b"\n"))
        assert faults


def test_a_line_cut_anywhere_by_a_stop_is_kept_aside(whole, tmp_path):
    lines = (whole / LEDGER_FILE).read_bytes().splitlines(keepends=True)
    for length in range(1, len(lines[2]), 23):
        folder = tmp_path / str(length)
        for number in (1, 2):
            append_release(folder, facts(number))
        path = folder / LEDGER_FILE
        path.write_bytes(path.read_bytes() + lines[2][:length])

        append_release(folder, facts(3))

        assert read_ledger(folder).entries == read_ledger(whole).entries
        assert read_ledger(folder).notices == ()
        assert [aside.read_bytes() for aside in folder.glob("torn-*")] == [lines[2][:length]]


_APPENDING = """
import sys
from pathlib import Path
from pipelines.disclosure.ledger.ledger import append_release
from tests.made_up_ledger import facts
for number in range(6):
    append_release(Path(sys.argv[1]), facts(number, prepared_by=sys.argv[2]))
"""


def test_approvals_at_once_keep_the_chain(tmp_path, repository):
    folder = tmp_path / "exemple"
    names = ["première", "deuxième", "troisième"]
    processes = [
        subprocess.Popen([sys.executable, "-c", _APPENDING, str(folder), name], cwd=repository) for name in names
    ]
    # Read all the while: a reader between the two files of an approval is not told of a fault.
    while any(process.poll() is None for process in processes):
        read_ledger(folder)

    assert [process.returncode for process in processes] == [0, 0, 0]
    entries = read_ledger(folder).entries
    assert sorted(entry.prepared_by for entry in entries) == sorted(names * 6)


#: Approve a draft, and die at the n-th of the calls that touch the disk.
_DYING = """
import os, signal, sys
from pathlib import Path
from tests.made_up_ledger import approve_draft

left = int(sys.argv[3])

def dying(call):
    def instead(*arguments, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)
    return instead

def half(descriptor, content):
    return write(descriptor, content[: len(content) // 2 + 1])

write = os.write
os.write = dying(half)
for owner, name in ((os, "fsync"), (os, "ftruncate"), (Path, "replace")):
    setattr(owner, name, dying(getattr(owner, name)))
approve_draft(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("earlier", [0, 1])
def test_an_approval_killed_at_any_moment_is_finished_by_the_next_one(tmp_path, repository, earlier):
    kills = 0
    for moment in itertools.count(1):
        reports, folder = tmp_path / str(moment) / "reports", tmp_path / str(moment) / "ledger"
        if earlier:
            approve_draft(write_draft(reports / "2022-2023" / "public"), folder)
        draft = write_draft(reports / "2023-2024" / "public", ledger_version=earlier)
        command = [sys.executable, "-c", _DYING, str(draft), str(folder), str(moment)]
        code = subprocess.run(command, cwd=repository, check=False).returncode
        if code == 0:
            break
        assert code == -signal.SIGKILL
        kills += 1
        approve_draft(draft, folder)
        assert read_ledger(folder).version == earlier + 1
        assert verify_ledger(folder, reports) == []

    assert kills > 8
