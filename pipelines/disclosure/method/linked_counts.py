"""The true counts of records over the columns of one clique, for every combination that could hold somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipelines.disclosure.method.linked_columns import Definition, InnerCounts, Nestings

Whole = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]


class TooManyInnerCells(Exception):
    """The tables cross too many columns to be protected together."""


@dataclass(frozen=True)
class CliqueTable:
    """One table of unknowns: the code of each column (a line each), the true counts, the number of the first."""

    columns: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    codes: Whole
    counts: Whole
    first: int
    _masks: dict[tuple[str, str], Booleans] = field(default_factory=dict)

    def where(self, mask: Booleans) -> Whole:
        """The numbers of these unknowns."""
        return np.flatnonzero(mask) + self.first

    def mask(self, definition: Definition) -> Booleans:
        """The unknowns that the definition counts."""
        found = np.ones(len(self.counts), dtype=bool)
        for column, code in definition:
            if (column, code) not in self._masks:
                place = self.columns.index(column)
                self._masks[column, code] = self.codes[place] == self.names[place].index(code)
            found &= self._masks[column, code]
        return found

    def by_codes(self, columns: Sequence[str], mask: Booleans | None = None) -> Iterator[tuple[tuple[str, ...], Whole]]:
        """The unknowns, among those kept, by their codes in some of the columns."""
        places = [self.columns.index(column) for column in columns]
        kept = np.arange(len(self.counts)) if mask is None else np.flatnonzero(mask)
        keys = _mixed(self.codes[places][:, kept], [len(self.names[place]) for place in places])
        order = np.argsort(keys, kind="stable")
        for group in np.split(kept[order], np.flatnonzero(np.diff(keys[order])) + 1):
            if len(group):
                yield tuple(self.names[place][self.codes[place, group[0]]] for place in places), group + self.first


class Records:
    """The rows of the inner counts as whole numbers, once for all the cliques."""

    def __init__(self, inner: InnerCounts, nestings: Nestings) -> None:
        self._nestings = nestings
        self._names = inner.codes
        self._places = {column: place for place, column in enumerate(inner.columns)}
        numbers = [{code: number for number, code in enumerate(inner.codes[column])} for column in inner.columns]
        coded = [[of[code] for of, code in zip(numbers, row, strict=True)] for row in inner.rows]
        self._codes = np.array(coded, dtype=np.int64).reshape(len(coded), len(numbers)).T
        self._counts = np.array(list(inner.rows.values()), dtype=np.int64)

    def table(self, clique: frozenset[str], context: Definition, first: int) -> CliqueTable:
        """Every combination of these columns that the context and the nestings leave possible."""
        columns = tuple(sorted(clique))
        names = tuple(self._names[column] for column in columns)
        codes = self._combinations(columns, context)
        sizes = [len(of) for of in names]
        keys = _mixed(codes, sizes)
        held = np.ones(len(self._counts), dtype=bool)
        for column, code in context:
            held &= self._codes[self._places[column]] == self._names[column].index(code)
        places = [self._places[column] for column in columns]
        rows = _mixed(self._codes[places][:, held], sizes)
        order = np.argsort(keys)
        found = order[np.searchsorted(keys[order], rows)]
        counts = np.bincount(found, weights=self._counts[held], minlength=len(keys)).astype(np.int64)
        return CliqueTable(columns, names, codes, counts, first)

    def _combinations(self, columns: tuple[str, ...], context: Definition) -> Whole:
        left = dict(self._nestings.domain(context) or ())
        codes = np.zeros((0, 1), dtype=np.int64)
        for place, column in enumerate(columns):
            names = self._names[column]
            allowed = left.get(column, self._nestings.codes[column])
            own = np.array([number for number, name in enumerate(names) if name in allowed], dtype=np.int64)
            codes = np.vstack([np.repeat(codes, len(own), axis=1), np.tile(own, codes.shape[1])])
            kept = np.ones(codes.shape[1], dtype=bool)
            for other in range(place):
                kept &= self._agree(columns[other], codes[other], column, codes[place])
            codes = codes[:, kept]
        return codes

    def _agree(self, one: str, ones: Whole, other: str, others: Whole) -> Booleans:
        """Whether a code of a column and one of another can stand together."""
        for fine, finer, coarse, coarser in ((one, ones, other, others), (other, others, one, ones)):
            parents = self._nestings.parents(fine, coarse)
            if parents is not None:
                number = {name: place for place, name in enumerate(self._names[coarse])}
                above = np.array([number[parents[name]] for name in self._names[fine]], dtype=np.int64)
                return np.asarray(above[finer] == coarser)
        return np.ones(len(ones), dtype=bool)


def _mixed(codes: Whole, sizes: Sequence[int]) -> Whole:
    """One number for each combination of codes."""
    keys = np.zeros(codes.shape[1], dtype=np.int64)
    for line, size in zip(codes, sizes, strict=True):
        keys = keys * size + line
    return keys
