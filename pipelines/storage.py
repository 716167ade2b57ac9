"""Files and folders: private, written under another name first, then put in place whole.

Everything the program writes goes through here, so that a run that is stopped at any moment leaves
either what was there before or what is new, never a part of it. Folders are 0700, files 0600.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import CentreBusy, StorageError
from pipelines.language import msg

PRIVATE_UMASK = 0o077
_STAGING = ".staging-"
_PREVIOUS = ".previous-"


def make_folder(folder: Path) -> Path:
    """The folder and its parents, private."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A private folder beside `target` to work in; it is gone at the end, published or not."""
    make_folder(target.parent)
    staging = target.parent / f"{_STAGING}{target.name}-{os.getpid()}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def publish_folder(staging: Path, target: Path) -> None:
    """Put a finished folder in place of the one of that name; `recover` mends a stop in between."""
    for path in staging.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        if path.is_file():
            _sync(path)
    _sync(staging)
    previous = target.parent / f"{_PREVIOUS}{target.name}"
    if target.exists():
        shutil.rmtree(previous, ignore_errors=True)
        target.rename(previous)
    staging.rename(target)
    _sync(target.parent)
    shutil.rmtree(previous, ignore_errors=True)


def recover(folder: Path) -> None:
    """After a run that was stopped: what was moved aside comes back, half-made work goes."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.startswith(_PREVIOUS):
            target = folder / path.name.removeprefix(_PREVIOUS)
            if target.exists():
                shutil.rmtree(path)
            else:
                path.rename(target)
        elif path.name.startswith(_STAGING):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_text(path: Path, text: str) -> None:
    """Write a small file so that it is whole or absent, private and on the disk."""
    temporary = path.with_name(f"{_STAGING}{path.name}-{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    publish_file(temporary, path)


def publish_file(temporary: Path, path: Path) -> None:
    """Put a finished file in place of the one of that name."""
    temporary.chmod(0o600)
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def staging_name(path: Path) -> Path:
    """The name under which a file is made before it is published; `recover` removes it if it is left."""
    return path.with_name(f"{_STAGING}{path.name}-{os.getpid()}")


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fingerprint_files(root: Path, paths: Iterable[Path]) -> str:
    """One SHA-256 of the names and contents of files, names relative to `root`."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(fingerprint_file(path).encode())
    return total.hexdigest()


def fingerprint_file(path: Path) -> str:
    """The SHA-256 of a file's content."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def fingerprint_text(*parts: str) -> str:
    """One SHA-256 of several texts, none of which can be taken for a part of another."""
    total = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        total.update(len(encoded).to_bytes(8, "big"))
        total.update(encoded)
    return total.hexdigest()


@contextmanager
def hold_centre(folder: Path, wait_s: float = 0) -> Iterator[None]:
    """Keep other runs off a centre's folders; raises `CentreBusy` (exit 6) if one is under way."""
    # Imported here: it brings asyncio, and `bilan --help` locks nothing.
    from filelock import FileLock, Timeout

    make_folder(folder)
    lock = FileLock(folder / ".lock", mode=0o600)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise CentreBusy(
            msg("Another run is working on this centre"),
            to_do=msg("Wait until it ends, then run the command again"),
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def storage_faults(folder: Path) -> Iterator[None]:
    """Turn a full disk or a refused permission into a `StorageError` (exit 7)."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            why = msg("the disk is full")
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            why = msg("this user may not write there")
        elif error.errno in (errno.ENOTDIR, errno.EISDIR, errno.EEXIST):
            why = msg("a file stands where a folder should be, or the other way round")
        else:
            raise
        raise StorageError(
            msg("A file could not be written"),
            where=msg("in {folder}", folder=str(folder)),
            why=why,
            to_do=msg("Free some space, or correct the folder or its permissions; the last good report is untouched"),
        ) from error
