"""Count a table from coded records: what a year that is published already is told from.

The same counts as the query of `count_table` gives, by another way; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from pipelines.codes import TOTAL, Vocabularies
from pipelines.tables.coded_records import PERSON, CodedRecords, answers_of, mark_of
from pipelines.tables.count_table import Counted, Tally
from pipelines.tables.dimension import PERIOD
from pipelines.tables.table_spec import TableSpec
from pipelines.units import DIMENSIONS


def count_records(records: CodedRecords, spec: TableSpec, vocabularies: Vocabularies) -> Counted:
    """Units and persons of every year of the records, by leaf code, class code and margin."""
    parents = [
        {code.code: code.parent for code in vocabularies[DIMENSIONS[name].vocabulary].codes if code.parent}
        for name in spec.dimensions
    ]
    names = (PERIOD, PERSON, mark_of(spec.unit), *spec.dimensions)
    counts: dict[str, dict[tuple[str, ...], int]] = {period: {} for period in records.periods}
    persons: dict[str, dict[tuple[str, ...], set[str]]] = {period: {} for period in records.periods}
    for period, person, counts_as_unit, *values in zip(*(records.by_column[name] for name in names), strict=True):
        if counts_as_unit == "yes":
            for codes in _cells_of(values, parents, spec.leaves_out):
                counts[period][codes] = counts[period].get(codes, 0) + 1
                persons[period].setdefault(codes, set()).add(person)
    return {
        period: {codes: Tally(count, len(persons[period][codes])) for codes, count in of_period.items()}
        for period, of_period in counts.items()
    }


def _cells_of(
    values: Iterable[str], parents: Iterable[Mapping[str, str]], leaves_out: tuple[str, ...]
) -> set[tuple[str, ...]]:
    """Every cell that one unit is in, each once."""
    told = [answers_of(value) for value in values]
    if told:
        told[0] = told[0].difference(leaves_out)
    sides = []
    for answers, parent_of in zip(told, parents, strict=True):
        margin = {TOTAL} if answers else set()
        sides.append(answers | {parent_of.get(answer, answer) for answer in answers} | margin)
    return set(product(*sides))
