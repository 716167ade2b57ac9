"""Which way a count is rounded: decided by the records behind it and a secret, the same in every table and release.

Random rounding hides nothing if it is drawn again: the mean of many drawings is the true count. So there is no
drawing. The records of a group, whatever it is called, give a number by a keyed hash, and that number decides.
Who does not have the key cannot try out which counts would give the published ones.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence, Set
from pathlib import Path

import numpy as np

from pipelines.disclosure.joint_cells import JointCells
from pipelines.errors import DisclosureGateFailed
from pipelines.language import msg
from pipelines.storage import make_folder, write_text

KEY_FILE = "rounding.key"
_KEY_BYTES = 32


def read_salt(ledger: Path) -> bytes:
    """The secret of a centre, kept in its ledger's folder and made once; `DisclosureGateFailed` if it was spoilt."""
    path = ledger / KEY_FILE
    if not path.is_file():
        make_folder(ledger)
        write_text(path, secrets.token_hex(_KEY_BYTES) + "\n")
    try:
        salt = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        salt = b""
    if len(salt) == _KEY_BYTES:
        return salt
    raise DisclosureGateFailed(
        msg("The secret key that numbers are rounded by cannot be read"),
        where=msg("in {folder}", folder=str(path)),
        why=msg("it was changed after it was written"),
        to_do=msg("Bring the file back from the last backup"),
    )


def round_groups(cells: JointCells, numbers: Set[int], base: int, salt: bytes) -> Mapping[int, int]:
    """The rounded count of each of these distinct cells.

    Up with a chance of remainder/base, so that the mean over many groups is the true count; a multiple of
    the base stays as it is. A `ValueError` without a secret.
    """
    if not salt:
        raise ValueError("counts are rounded by a secret")
    marks = _marks(cells, salt)
    return {
        number: rounded(int(cells.counts[number]), base, _add_up(marks, np.flatnonzero(held).tolist()), salt)
        for number, held in cells.records_of(numbers)
    }


def rounded(count: int, base: int, group: int, salt: bytes) -> int:
    """The count as a multiple of the base; `group` is the number of the records that it counts."""
    remainder = count % base
    chance = hashlib.blake2b(group.to_bytes(16, "big"), digest_size=8, key=salt, person=b"bilan.round").digest()
    is_up = int.from_bytes(chance, "big") % base < remainder
    return count - remainder + (base if is_up else 0)


def _marks(cells: JointCells, salt: bytes) -> list[int]:
    """A number for each record, the same whatever the order of the records or of their columns."""
    places = sorted(range(len(cells.records.columns)), key=lambda place: cells.records.columns[place])
    names = [cells.records.columns[place] for place in places]
    marks = []
    for row in cells.records.rows:
        text = "\x00".join(f"{name}\x01{row[place]}" for name, place in zip(names, places, strict=True))
        digest = hashlib.blake2b(text.encode(), digest_size=16, key=salt, person=b"bilan.record").digest()
        marks.append(int.from_bytes(digest, "big"))
    return marks


def _add_up(marks: Sequence[int], held: Sequence[int]) -> int:
    # A sum, not an exclusive or: two records that say the same would be none.
    return sum(marks[place] for place in held) % (1 << 128)
