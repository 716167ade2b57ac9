"""Write the files of a made-up export: CSV as a French platform delivers it, a workbook, a word of warning.

CSV files have semicolons, Windows-1252, CRLF line ends, dd/mm/yyyy and the decimal comma, and quote a cell
only where it must be.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import xlsxwriter

from pipelines.language import Text
from pipelines.storage import publish_file, staging_name

NOTICE_FILE = "LISEZMOI.txt"
_WORKBOOK_FILE = "orientations.xlsx"
_SHEET = "Orientations"
#: A workbook holds the moment it was made: a fixed one keeps the bytes the same.
_CREATED = datetime.datetime(2024, 4, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
_WORKBOOK_COLUMNS = {
    "No demande": "request_id",
    "Date de la suite": "date",
    "Suite à la demande": "after_request",
    "Suite à la première rencontre": "after_first_meeting",
}


def _publish(path: Path, write: Callable[[Path], None]) -> Path:
    temporary = staging_name(path)
    # Private from the first byte, whatever the umask of the user.
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        write(temporary)
        publish_file(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def write_csv(path: Path, frame: pd.DataFrame, columns: Mapping[str, str]) -> Path:
    """The columns that the frame holds, under the platform's words."""
    shown = pd.DataFrame({title: frame[name] for title, name in columns.items() if name in frame})

    def write(temporary: Path) -> None:
        shown.to_csv(
            temporary,
            sep=";",
            decimal=",",
            date_format="%d/%m/%Y",
            encoding="cp1252",
            lineterminator="\r\n",
            index=False,
        )

    return _publish(path, write)


def write_dispositions(dispositions: pd.DataFrame, folder: Path) -> Path:
    """The dispositions as a workbook with real dates."""
    return _publish(folder / _WORKBOOK_FILE, lambda path: _write_workbook(path, dispositions))


def _write_workbook(path: Path, dispositions: pd.DataFrame) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": _CREATED})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet(_SHEET)
        sheet.set_column(0, len(_WORKBOOK_COLUMNS) - 1, 28)
        sheet.write_row(0, 0, list(_WORKBOOK_COLUMNS))
        records = dispositions[list(_WORKBOOK_COLUMNS.values())].itertuples(index=False)
        for row, (request_id, date, after_request, after_first_meeting) in enumerate(records, start=1):
            sheet.write_string(row, 0, request_id)
            sheet.write_datetime(row, 1, date.to_pydatetime(), day)
            sheet.write_string(row, 2, after_request)
            sheet.write_string(row, 3, after_first_meeting)


def write_notice(notice: Text, folder: Path) -> Path:
    """The word of warning, in both languages."""
    text = f"{notice.fr.strip()}\n\n{notice.en.strip()}\n"

    def write(temporary: Path) -> None:
        # The byte order mark tells Windows' notepad that the text is UTF-8.
        temporary.write_text(text, encoding="utf-8-sig", newline="\r\n")

    return _publish(folder / NOTICE_FILE, write)
