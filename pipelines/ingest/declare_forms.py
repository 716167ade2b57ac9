"""What a person may write in the contract where the cells of a column cannot be read."""

from __future__ import annotations

import polars as pl

from pipelines.config import SourceSettings
from pipelines.ingest.cell_forms import date_forms
from pipelines.language import Message, msg

_DECLARE = msg("Correct the export, or declare the form or the missing marker in the centre's configuration")


def way_to_declare(present: pl.Series, source: SourceSettings, *, is_date: bool) -> Message:
    """The line to write for these cells: for dates, where a form fits all of them; a person chooses between two."""
    if not is_date:
        return _DECLARE
    found = date_forms(present)
    told = {"forms": ", ".join(found.forms), "source": source.id}
    if found.is_ambiguous:
        return msg(
            "Day and month cannot be told apart in this column: declare date_format, one of {forms}, in [[source]] "
            "{source} of the centre's configuration, as the platform writes its dates",
            **told,
        )
    if found.forms:
        return msg("Declare date_format = {forms} in [[source]] {source} of the centre's configuration", **told)
    return _DECLARE
