"""The only place that opens DuckDB, always with everything that could reach out of the file closed.

A query never scans a dataframe by the name of its variable: data comes in through files and bound
parameters only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import CentreBusy
from pipelines.language import msg

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


@contextmanager
def create_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new, writable database; it is checkpointed and closed at the end."""
    connection = duckdb.connect(str(path), config=_SETTINGS)
    try:
        yield connection
        connection.execute("checkpoint")
    finally:
        connection.close()


@contextmanager
def read_database(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An existing database, read-only and cut off from all other files."""
    try:
        connection = duckdb.connect(str(path), read_only=True, config=_SETTINGS | {"enable_external_access": False})
    except duckdb.IOException:
        raise CentreBusy(
            msg("The centre's database is open in another program"),
            to_do=msg("Close the notebook or program that uses it, then run the command again"),
        ) from None
    try:
        yield connection
    finally:
        connection.close()
