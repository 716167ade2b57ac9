"""Files appear whole or not at all, private, and a stopped run is put right by the next one."""

import errno
import stat
from pathlib import Path

import pytest

from pipelines.errors import CentreBusy, StorageError
from pipelines.storage import (
    fingerprint_files,
    fingerprint_text,
    hold_centre,
    new_folder,
    publish_folder,
    recover,
    storage_faults,
    write_text,
)


def test_a_published_folder_replaces_the_one_before_it(tmp_path: Path) -> None:
    target = tmp_path / "internal"
    for text in ("before", "after"):
        with new_folder(target) as staging:
            (staging / "page.html").write_text(text)
            publish_folder(staging, target)

    assert (target / "page.html").read_text() == "after"
    assert [path.name for path in tmp_path.iterdir()] == ["internal"]


def test_work_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "internal"
    with new_folder(target) as staging:
        (staging / "page.html").write_text("before")
        publish_folder(staging, target)

    with pytest.raises(ValueError, match="half way"), new_folder(target) as staging:
        (staging / "page.html").write_text("half")
        raise ValueError("half way")

    assert (target / "page.html").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["internal"]


def test_a_run_killed_between_the_two_renames_is_put_right(tmp_path: Path) -> None:
    moved_aside = tmp_path / ".previous-internal"
    moved_aside.mkdir()
    (moved_aside / "page.html").write_text("before")
    (tmp_path / ".staging-internal-123").mkdir()

    recover(tmp_path)

    assert (tmp_path / "internal" / "page.html").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["internal"]


def test_a_run_killed_after_both_renames_keeps_the_new_folder(tmp_path: Path) -> None:
    for name in ("internal", ".previous-internal"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(name)

    recover(tmp_path)

    assert (tmp_path / "internal" / "page.html").read_text() == "internal"


def test_what_is_written_is_private(tmp_path: Path) -> None:
    target = tmp_path / "internal"
    with new_folder(target) as staging:
        page = staging / "page.html"
        page.write_text("x")
        page.chmod(0o644)
        publish_folder(staging, target)
    write_text(tmp_path / "record.json", "{}")

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (target, target / "page.html", tmp_path / "record.json")]
    assert modes == [0o700, 0o600, 0o600]


def test_a_centre_is_held_by_one_run_at_a_time(tmp_path: Path) -> None:
    with hold_centre(tmp_path), pytest.raises(CentreBusy) as caught, hold_centre(tmp_path):
        pass

    assert caught.value.exit_code == 6


def test_a_centre_is_free_again_after_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fault"), hold_centre(tmp_path):
        raise ValueError("fault")

    with hold_centre(tmp_path):
        assert (tmp_path / ".lock").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ENOTDIR])
def test_a_full_disk_a_refused_permission_or_a_file_in_the_way_is_told_as_such(tmp_path: Path, number: int) -> None:
    with pytest.raises(StorageError) as caught, storage_faults(tmp_path):
        raise OSError(number, "x")

    assert caught.value.exit_code == 7


def test_another_fault_of_the_system_is_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="x"), storage_faults(tmp_path):
        raise OSError(errno.EPIPE, "x")


def test_a_fingerprint_tells_names_and_contents_apart(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").write_text("2")
    before = fingerprint_files(tmp_path, tmp_path.iterdir())
    (tmp_path / "a").write_text("2")
    (tmp_path / "b").write_text("1")

    assert fingerprint_files(tmp_path, tmp_path.iterdir()) != before
    assert fingerprint_text("ab", "c") != fingerprint_text("a", "bc")
