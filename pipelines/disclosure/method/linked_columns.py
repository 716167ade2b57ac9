"""What everybody knows of the columns of linked tables: which codes can stand together.

A code of a fine column belongs to one code of each column that it is nested in. Two definitions that
leave the same codes possible count the same records, whatever the columns they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

#: One cell of a table: the code of each column that it depends on, sorted; the columns that it sums over are absent.
Definition = tuple[tuple[str, str], ...]
#: The columns that a definition narrows, with the codes that it leaves; None where it leaves no record.
Domain = frozenset[tuple[str, frozenset[str]]]


@dataclass(frozen=True)
class Cover:
    """Several answers a unit: each record with all of `whole` has at least one of `parts`."""

    whole: Definition
    parts: tuple[Definition, ...]


@dataclass(frozen=True)
class InnerCounts:
    """The counts of records by every combination of codes that occurs; the others are zero."""

    columns: tuple[str, ...]
    rows: Mapping[tuple[str, ...], int]
    #: (column, other): each code of the column belongs to one code of the other, as everyone knows.
    nested: Sequence[tuple[str, str]]
    covers: Sequence[Cover] = ()
    #: (lesser, greater): the first count is at most the second, though its records are others.
    orders: Sequence[tuple[Definition, Definition]] = ()

    @cached_property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of each column, sorted."""
        return {column: tuple(sorted({row[place] for row in self.rows})) for place, column in enumerate(self.columns)}


class Nestings:
    """The nested columns, each reached from every column below it, and what a definition leaves possible."""

    def __init__(self, inner: InnerCounts) -> None:
        self.codes = {column: frozenset(codes) for column, codes in inner.codes.items()}
        self._above = _all_above(inner.nested)
        places = {column: place for place, column in enumerate(inner.columns)}
        self._parents = {
            (fine, coarse): {row[places[fine]]: row[places[coarse]] for row in inner.rows}
            for fine, above in self._above.items()
            for coarse in above
        }
        self._family_of = _families(inner.columns, self._parents)
        self._left: dict[Definition, Domain | None] = {}
        self._short: dict[Definition, Definition] = {}

    def is_related(self, one: str, other: str) -> bool:
        """Whether one of the columns is nested in the other."""
        return (one, other) in self._parents or (other, one) in self._parents

    def parents(self, fine: str, coarse: str) -> Mapping[str, str] | None:
        """The code above each code of the fine column; None if it is not nested in the other."""
        return self._parents.get((fine, coarse))

    def relatives(self, column: str) -> frozenset[str]:
        """The columns that are nested in this one, or it in them."""
        return frozenset(other for pair in self._parents if column in pair for other in pair if other != column)

    def domain(self, definition: Iterable[tuple[str, str]]) -> Domain | None:
        """The codes that the definition leaves: equal for two definitions of the same records."""
        found: set[tuple[str, frozenset[str]]] = set()
        for part in self._by_family(definition):
            if part not in self._left:
                self._left[part] = self._narrow(part)
            left = self._left[part]
            if left is None:
                return None
            found |= left
        return frozenset(found)

    def shorten(self, definition: Definition, context: Definition = ()) -> Definition:
        """The same records with as few pairs as say it, where the context is already said."""
        known = self._by_family(context)
        kept: list[tuple[str, str]] = []
        for part in self._by_family(definition):
            family = self._family_of[part[0][0]]
            beside = next((other for other in known if self._family_of[other[0][0]] == family), ())
            kept += self._shorten_part(part, beside)
        return tuple(sorted(kept))

    def _shorten_part(self, part: Definition, beside: Definition) -> Definition:
        key = (*part, ("", ""), *beside)
        if key not in self._short:
            whole = self.domain((*part, *beside))
            kept = part
            # The coarsest first: what a fine code says of it needs no second word.
            for pair in sorted(part, key=lambda pair: (len(self.codes[pair[0]]), pair)):
                fewer = tuple(other for other in kept if other != pair)
                if self.domain((*fewer, *beside)) == whole:
                    kept = fewer
            self._short[key] = kept
        return self._short[key]

    def _by_family(self, definition: Iterable[tuple[str, str]]) -> list[Definition]:
        parts: dict[str, list[tuple[str, str]]] = {}
        for pair in definition:
            parts.setdefault(self._family_of[pair[0]], []).append(pair)
        return [tuple(sorted(set(part))) for _, part in sorted(parts.items())]

    def _narrow(self, part: Definition) -> Domain | None:
        left = {column: self.codes[column] for column in self._members(part[0][0])}
        for column, code in part:
            left[column] &= {code}
        before = None
        while before != left:
            before = dict(left)
            for (fine, coarse), parent_of in self._parents.items():
                if fine in left:
                    left[fine] = frozenset(code for code in left[fine] if parent_of[code] in left[coarse])
                    left[coarse] &= {parent_of[code] for code in left[fine]}
        if not all(left.values()):
            return None
        return frozenset((column, codes) for column, codes in left.items() if codes != self.codes[column])

    def _members(self, column: str) -> list[str]:
        return [other for other, family in self._family_of.items() if family == self._family_of[column]]


def _all_above(nested: Sequence[tuple[str, str]]) -> dict[str, set[str]]:
    above: dict[str, set[str]] = {}
    for fine, coarse in nested:
        above.setdefault(fine, set()).add(coarse)
    for _ in range(len(above)):  # as many rounds as the longest chain can need
        for coarser in above.values():
            coarser.update(*(above.get(column, ()) for column in tuple(coarser)))
    return {fine: coarser - {fine} for fine, coarser in sorted(above.items())}


def _families(columns: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For each column the name of its family: the columns that some chain of nestings joins."""
    family_of = {column: column for column in columns}
    for one, other in pairs:
        joined, kept = family_of[one], family_of[other]
        family_of = {column: kept if family == joined else family for column, family in family_of.items()}
    return family_of
