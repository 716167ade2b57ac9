"""The analyst's own questions to a centre's records, which are not protected: for this machine and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.config import CENTRE_ID, Workspace
from pipelines.errors import UsageError
from pipelines.language import msg
from pipelines.model.database import read_database

if TYPE_CHECKING:
    import pandas as pd


def ask_cases(query: str, centre_id: str, home: str = "..") -> pd.DataFrame:
    """The answer to an SQL query on the database of a centre, as true records and counts.

    The database is opened read-only and cut off from all other files, and closed at once, so that `bilan ingest`
    never waits for a notebook. `home`: the folder that holds `data/`. Raises `UsageError` where the centre has no
    database yet.
    """
    database = Workspace(Path(home)).processed(centre_id) / "cases.duckdb"
    if not CENTRE_ID.fullmatch(centre_id) or not database.is_file():
        raise UsageError(
            msg("This centre has no database yet"),
            to_do=msg("Run `bilan ingest` for this centre first"),
        )
    with read_database(database) as connection:
        return connection.execute(query).df()
