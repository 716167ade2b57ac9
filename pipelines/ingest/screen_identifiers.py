"""Find what must not be in a depersonalised export: by rules, without a model.

The screen tells the kind, the column, the number of cells and the rows; never a value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from pipelines.errors import InputRefused
from pipelines.ingest.read_export import FIRST_RECORD_ROW, RawTable, first_numbers
from pipelines.language import Message, join, msg


class IdentifierKind(StrEnum):
    """What kind of thing that names a person."""

    EMAIL = "email"
    PHONE = "phone"
    HEALTH_INSURANCE_NUMBER = "health_insurance_number"
    SOCIAL_INSURANCE_NUMBER = "social_insurance_number"
    POSTAL_CODE = "postal_code"
    NAMING_COLUMN = "naming_column"


_KIND_NAMES = {
    IdentifierKind.EMAIL: msg("e-mail address"),
    IdentifierKind.PHONE: msg("telephone number"),
    IdentifierKind.HEALTH_INSURANCE_NUMBER: msg("health insurance number"),
    IdentifierKind.SOCIAL_INSURANCE_NUMBER: msg("social insurance number"),
    IdentifierKind.POSTAL_CODE: msg("postal code"),
    IdentifierKind.NAMING_COLUMN: msg("name of a column that holds personal data"),
}


@dataclass(frozen=True)
class Finding:
    """Cells of one column that look like one kind of identifier; `rows` are those of the file, the header being 1."""

    kind: IdentifierKind
    column: str
    count: int
    rows: tuple[int, ...]

    def message(self) -> Message:
        """The finding in words: column, kind, how many cells, which rows."""
        kind = _KIND_NAMES[self.kind]
        if not self.rows:
            return msg("column {column}: {kind}", column=self.column, kind=kind)
        return msg(
            "column {column}: {kind}, {count} cells, rows {rows}",
            column=self.column,
            kind=kind,
            count=self.count,
            rows=first_numbers(self.rows),
        )


# The health-insurance number (RAMQ): four letters, then year, month (plus 50 for women), day, two digits.
_PATTERNS = {
    IdentifierKind.EMAIL: r"[\w.+-]+@[\w-]+\.[\w.]{2,}",
    IdentifierKind.PHONE: r"(?:^|[^\d])(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[ .-]\d{4}(?:$|[^\d])",
    IdentifierKind.HEALTH_INSURANCE_NUMBER: (
        r"(?i)\b[A-Z]{4}[ -]?\d{2}(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])\d{2}\b"
    ),
    IdentifierKind.SOCIAL_INSURANCE_NUMBER: r"(?:^|[^\d])\d{3}[ -]\d{3}[ -]\d{3}(?:$|[^\d])",
    IdentifierKind.POSTAL_CODE: r"(?i)\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?-?\d[ABCEGHJ-NPRSTV-Z]\d\b",
}
_NAMING_WORDS = re.compile(
    r"(?:^|[ _(])(nom|prenom|noms|prenoms|courriel|email|e-mail|telephone|cellulaire|adresse|nam|ramq|nas|nip"
    r"|naissance|name|firstname|lastname|phone|address|birthdate|apellido|direccion|telefono)(?:$|[ _)])"
)


def screen_identifiers(table: RawTable) -> tuple[Finding, ...]:
    """Every finding of a table, column by column."""
    findings = [
        Finding(IdentifierKind.NAMING_COLUMN, column, table.records, ())
        for column in table.frame.columns
        if _NAMING_WORDS.search(_plain(column))
    ]
    for column in table.frame.columns:
        values = table.frame[column]
        for kind, pattern in _PATTERNS.items():
            rows = (values.str.contains(pattern).fill_null(value=False).arg_true() + FIRST_RECORD_ROW).to_list()
            if kind is IdentifierKind.SOCIAL_INSURANCE_NUMBER:
                rows = [row for row in rows if _has_valid_social_insurance_number(values[row - FIRST_RECORD_ROW])]
            if rows:
                findings.append(Finding(kind, column, len(rows), tuple(rows)))
    return tuple(findings)


def refuse_identifiers(table: RawTable) -> None:
    """Raise `InputRefused` when the table holds anything that names a person."""
    findings = screen_identifiers(table)
    if findings:
        raise InputRefused(
            msg("The file {file} may name people", file=table.name),
            where=join(finding.message() for finding in findings),
            to_do=msg(
                "Remove these columns from the export of the case platform, then export again; "
                "nothing was kept of this file"
            ),
        )


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _has_valid_social_insurance_number(text: str) -> bool:
    """The Luhn check: one random number of nine digits in ten passes it, a case number rarely has the spaces too."""
    for match in re.finditer(r"\d{3}[ -]\d{3}[ -]\d{3}", text):
        digits = [int(letter) for letter in match.group() if letter.isdigit()]
        doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
        if sum(doubled) % 10 == 0:
            return True
    return False
