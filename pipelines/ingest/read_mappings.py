"""The words of a centre and the standard codes they stand for: `config/mappings/<centre>/*.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from pipelines.codes import UNMAPPED, Vocabularies
from pipelines.config import Centre
from pipelines.entities import ENTITIES
from pipelines.errors import ConfigurationError
from pipelines.ingest.read_export import compose
from pipelines.language import Message, msg

Mappings = Mapping[str, Mapping[str, str]]
#: What `bilan map` writes beside each line for the person who reads it; it changes nothing here.
PROPOSED_COLUMNS = ("confidence", "candidates", "label")


def compare_form(text: str) -> str:
    """The form in which source values are compared."""
    return compose(text).casefold()


def compare_forms(cells: pl.Series) -> pl.Series:
    """`compare_form` of each cell; what is plain ASCII, nearly all of it, needs no rule of Unicode."""
    is_plain = cells.str.contains(r"^[ -~]*$")
    forms = cells.str.strip_chars(" ").str.to_lowercase()
    if is_plain.all():
        return forms
    others = {cell: compare_form(cell) for cell in cells.filter(~is_plain).unique()}
    composed = cells.replace_strict(list(others), list(others.values()), default=None, return_dtype=pl.String)
    return pl.select(pl.when(is_plain).then(forms).otherwise(composed)).to_series()


def read_mappings(folder: Path, centre: Centre, vocabularies: Vocabularies) -> dict[str, dict[str, str]]:
    """Read `config/mappings/<centre>/*.csv` (`source_value,code`), by file name.

    Raises `ConfigurationError` with all the faults: a file that is asked for and absent, a code that
    its vocabulary does not hold, a value mapped twice.
    """
    faults: list[Message] = []
    mappings: dict[str, dict[str, str]] = {}
    for entity in centre.entity:
        for name, source in entity.columns.items():
            if source.mapping is None:
                continue
            path = folder / f"{source.mapping}.csv"
            if not path.is_file():
                faults.append(msg("the file {file} of {column} does not exist", file=path.name, column=name))
                continue
            allowed = vocabularies.allowed(ENTITIES[entity.name][name].vocabulary)
            mappings[source.mapping] = _read_mapping(path, allowed, faults)
    if faults:
        raise ConfigurationError(
            msg("The mappings cannot be used:"),
            faults=tuple(faults),
            to_do=msg("Correct these lines in config/mappings/{centre}, then run the command again", centre=centre.id),
        )
    return mappings


def _read_mapping(path: Path, allowed: frozenset[str], faults: list[Message]) -> dict[str, str]:
    mapping: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        header = tuple(reader.fieldnames or ())
        if header not in (("source_value", "code"), ("source_value", "code", *PROPOSED_COLUMNS)):
            faults.append(
                msg("{file}, line 1: the header must be {columns}", file=path.name, columns="source_value,code")
            )
            return mapping
        for row in reader:
            line = str(reader.line_num)
            # A line without a code is one that nobody has classified: its cells are counted as such.
            value, code = compare_form(row["source_value"]), row["code"] or UNMAPPED
            if code not in allowed | {UNMAPPED}:
                faults.append(msg("{file}, line {line}: the code is not in its code list", file=path.name, line=line))
            if mapping.get(value, code) != code:
                faults.append(msg("{file}, line {line}: the value is mapped to two codes", file=path.name, line=line))
            mapping[value] = code
    return mapping
