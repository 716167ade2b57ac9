"""Codes of a table that come each from a column of their own: where the export lacks it, the code is not collected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from pipelines.codes import Vocabularies
from pipelines.config import Centre
from pipelines.entities import ENTITIES
from pipelines.language import Text, both_languages, msg
from pipelines.tables.dimension import TableDimension
from pipelines.units import Dimension


def untold_codes(dimension: Dimension, centre: Centre, vocabularies: Vocabularies) -> Iterator[str]:
    """The codes whose own column the centre's export does not hold, or does not tell in words of its own."""
    for code, source in dimension.code_sources.items():
        listed = ENTITIES[source.entity][source.column].vocabulary
        if not centre.collects(source.entity, source.column) or source.code and source.code not in vocabularies[listed]:
            yield code


def without_codes(
    dimensions: Sequence[TableDimension], codes: Collection[str]
) -> tuple[tuple[TableDimension, ...], tuple[Text, ...]]:
    """The sides without these codes, and the note that names them: what is not collected is not zero."""
    left = [code for dimension in dimensions for code in dimension.codes if code.code in codes]
    if not left:
        return tuple(dimensions), ()
    kept = (tuple(code for code in dimension.codes if code.code not in codes) for dimension in dimensions)
    names = Text("; ".join(code.label.fr for code in left), "; ".join(code.label.en for code in left))
    return (
        tuple(replace(dimension, codes=of) for dimension, of in zip(dimensions, kept, strict=True)),
        (both_languages(msg("Not collected by this centre's export: {units}.", units=names)),),
    )
