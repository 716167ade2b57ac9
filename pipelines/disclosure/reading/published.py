"""What an attacker holds: published cells, and what everybody knows of the codes they are told in.

Nothing here knows a true count that was not published. A cell is a group of records, said by the codes
that define it; a margin leaves its dimension out, so the same group has one meaning in every table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable
from pipelines.errors import InputRefused
from pipelines.language import msg
from pipelines.tables.dimension import PERIOD, TableDimension

#: The (dimension, code) pairs that define a group of records, sorted; the empty one is everybody.
Where = tuple[tuple[str, str], ...]
#: The code of the records that no published code of a dimension keeps.
REST = "_rest"
#: The dimensions that releases are told apart by, beside the period.
CENTRE = "centre"
UNIT = "unit"
#: Before the codes that a class leaves out: all the other codes of the dimension.
EXCEPT = "_except+"
_SEPARATOR = "+"


@dataclass(frozen=True)
class PublishedCell:
    """One published cell; `value` is None where it is hidden.

    `universe` says what is counted and among whom (requests, aggressions): cells of two universes are
    never added together. `spread`: how far the true count may be from a rounded value.
    `is_certain_zero`: everybody knows that nothing can be there. `may_be_zero`: hidden
    in a table that hides zeros as well.
    """

    table: str
    where: Where
    value: int | None
    universe: str = ""
    is_certain_zero: bool = False
    may_be_zero: bool = False
    spread: int = 0

    @property
    def least(self) -> int:
        """The least that a shown value stands for."""
        return max((self.value or 0) - self.spread, 0)

    @property
    def most(self) -> int:
        """The most that a shown value stands for."""
        return (self.value or 0) + self.spread


@dataclass(frozen=True)
class Nesting:
    """Every code of the dimension `fine` belongs to one code of `coarse`, and everybody knows which."""

    fine: str
    coarse: str
    parent_of: Mapping[str, str]


@dataclass(frozen=True)
class PublishedSet:
    """All that was ever published about the same people, to be attacked together.

    `dimensions`: all the leaf codes of each dimension, which together hold every record. `groups`: for a
    dimension, its class codes with the leaves each covers. `multi_answer`: dimensions of which one unit
    may carry several codes, and carries one at least. `watched`: groups that no table publishes and
    that must not be deduced either.
    """

    dimensions: Mapping[str, tuple[str, ...]]
    cells: tuple[PublishedCell, ...]
    zeros_are_published: bool
    k: int
    groups: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    nestings: tuple[Nesting, ...] = ()
    multi_answer: frozenset[str] = frozenset()
    watched: tuple[PublishedCell, ...] = ()

    @property
    def is_rounded(self) -> bool:
        return any(cell.spread for cell in self.cells)

    def is_open(self, cell: PublishedCell) -> bool:
        """Whether a cell may be small for all that it says itself: hidden, or rounded and low."""
        return cell.value is None or (cell.spread > 0 and cell.least < self.k)

    @property
    def universes(self) -> tuple[str, ...]:
        return tuple(sorted({cell.universe for cell in self.cells}))

    def leaves_of(self, dimension: str, code: str) -> frozenset[str]:
        """The leaf codes that a code of a dimension covers; a `KeyError` if it is neither leaf nor class."""
        classes = self.groups.get(dimension, {})
        if code in classes:
            return classes[code]
        if code not in self.dimensions[dimension]:
            raise KeyError(f"a code of the dimension {dimension} is not among its codes")
        return frozenset({code})


def publish_releases(releases: Sequence[Release]) -> PublishedSet:
    """Everything that these releases of one or several centres and years say, as one attacker reads it.

    All their tables are sums over the same records, whatever unit they count: `unit` is a dimension whose
    leaves are the kinds of record and whose classes are the units. A centre and a period are dimensions too,
    so that a comparison of years meets the years' own reports. The strictest k holds for all.
    Raises `InputRefused` for a release without protection: its numbers are true, there is nothing to attack.
    """
    rules = [_rule_of(release) for release in releases]
    tables = [(release, table) for release in releases for table in release.tables if table.is_collected]
    codes, groups = _codes_and_groups(tables)
    kinds = tuple(dict.fromkeys(kind for rule in rules for kind in rule.record_kinds))
    codes[UNIT] = tuple(_SEPARATOR.join(kind) for kind in kinds)
    groups[UNIT] = {
        unit.value: frozenset(_SEPARATOR.join(kind) for kind in kinds if unit in kind)
        for unit in sorted({table.unit for _, table in tables} | {unit for kind in kinds for unit in kind})
    }
    several = frozenset(side.name for _, table in tables for side in table.dimensions if side.is_multi_answer)
    told = tuple(cell for release, table in tables for cell in _cells_of(release, table))
    zeros = tuple(cell for release, table in tables for cell in _unlisted(release, table, codes, groups))
    # What a table leaves out may be the subject of another, which hides or shows it.
    published = {cell.where for cell in told}
    rests = {cell.where: cell for release, table in tables for cell in _left_out(release, table)}
    return PublishedSet(
        dimensions=codes,
        groups=groups,
        cells=told + zeros,
        zeros_are_published=all(rule.zeros_are_published for rule in rules),
        k=max(rule.k for rule in rules),
        multi_answer=several,
        watched=tuple(cell for where, cell in rests.items() if where not in published),
    )


def where_of(release: Release, table: ReleaseTable, codes: Sequence[str]) -> Where:
    """The group of records that a cell of a release's table is about."""
    pairs = {CENTRE: release.centre_id, UNIT: table.unit.value}
    if all(dimension.name != PERIOD for dimension in table.dimensions):
        pairs[PERIOD] = table.period
    first = _first_answer(table)
    for dimension, code in zip(table.dimensions, codes, strict=True):
        if code != TOTAL:
            pairs[dimension.name] = code
        elif dimension.name == PERIOD:
            # The years that this table adds up, which another comparison may not.
            pairs[PERIOD] = _SEPARATOR.join(_span(dimension))
        elif table.leaves_out and dimension is first:
            pairs[dimension.name] = _kept(table)
    return tuple(sorted(pairs.items()))


def _rule_of(release: Release) -> Protection:
    if release.protection is None:
        raise InputRefused(
            msg("An internal release cannot be attacked"),
            where=msg("{centre}, {period}", centre=release.centre_id, period=release.period),
            why=msg("its numbers are true: it hides nothing, and must not leave the centre"),
            to_do=msg("Give the folders of public releases"),
        )
    return release.protection


def _first_answer(table: ReleaseTable) -> TableDimension | None:
    """The dimension that `leaves_out` is about: the first that is not the year."""
    return next((side for side in table.dimensions if side.name != PERIOD), None)


def _kept(table: ReleaseTable) -> str:
    """The class of all the codes but those that the table leaves out."""
    return EXCEPT + _SEPARATOR.join(sorted(table.leaves_out))


def _span(dimension: TableDimension) -> tuple[str, ...]:
    return tuple(sorted(code.code for code in dimension.codes))


_Codes = dict[str, tuple[str, ...]]
_Groups = dict[str, dict[str, frozenset[str]]]


def _codes_and_groups(tables: Sequence[tuple[Release, ReleaseTable]]) -> tuple[_Codes, _Groups]:
    """The leaf codes of every dimension, and its classes; a class whose codes nobody tells is itself a leaf."""
    classes: dict[str, dict[str, set[str]]] = {}
    codes: dict[str, dict[str, None]] = {}
    kept: dict[str, dict[str, tuple[str, ...]]] = {}
    for _, table in tables:
        for dimension in table.dimensions:
            codes.setdefault(dimension.name, {}).update(dict.fromkeys(code.code for code in dimension.codes))
            for code in dimension.codes:
                if above := code.parent or code.within:
                    classes.setdefault(dimension.name, {}).setdefault(above, set()).add(code.code)
        first = _first_answer(table)
        if table.leaves_out and first is not None:
            codes[first.name].update(dict.fromkeys(table.leaves_out))
            kept.setdefault(first.name, {})[_kept(table)] = table.leaves_out
    spans = {_span(side) for _, table in tables for side in table.dimensions if side.name == PERIOD}
    # A table without years of its own is of one period; the label of a comparison is no period's name.
    years = {code for span in spans for code in span} | {
        table.period for _, table in tables if all(side.name != PERIOD for side in table.dimensions)
    }
    codes[CENTRE] = dict.fromkeys(release.centre_id for release, _ in tables)
    codes[PERIOD] = dict.fromkeys(sorted(years))
    groups = {name: {code: frozenset(below) for code, below in of.items()} for name, of in classes.items()}
    leaves = {name: tuple(code for code in of if code not in groups.get(name, {})) for name, of in codes.items()}
    groups[PERIOD] = {_SEPARATOR.join(span): frozenset(span) for span in spans if len(span) > 1}
    for name, of in kept.items():
        for group, left_out in of.items():
            out = frozenset().union(*(groups.get(name, {}).get(code, {code}) for code in left_out))
            groups.setdefault(name, {})[group] = frozenset(leaves[name]) - out
    return leaves, groups


def _cells_of(release: Release, table: ReleaseTable) -> Iterator[PublishedCell]:
    spread = _rule_of(release).rounding - 1
    for cell in table.cells:
        if cell.status is not CellStatus.NOT_COLLECTED:
            is_zero = cell.status is CellStatus.STRUCTURAL_ZERO
            value = 0 if is_zero else cell.value
            where = where_of(release, table, cell.codes)
            may_be_zero = value is None and table.hides_zeros
            of = 0 if is_zero or value is None else spread
            yield PublishedCell(table.id, where, value, is_certain_zero=is_zero, may_be_zero=may_be_zero, spread=of)


def _unlisted(release: Release, table: ReleaseTable, codes: _Codes, groups: _Groups) -> Iterator[PublishedCell]:
    """The total of a table is the sum of the codes it lists: it says of all the others that nobody is there."""
    for place, dimension in enumerate(table.dimensions):
        if dimension.name == PERIOD:
            continue
        listed = {code.code for code in dimension.codes}
        detailed = {code.parent for code in dimension.codes}
        of = groups.get(dimension.name, {})
        covered = listed.union(*(of.get(code, ()) for code in listed - detailed))
        if dimension is _first_answer(table):
            covered |= frozenset().union(*(of.get(code, {code}) for code in table.leaves_out))
        # Where a unit gives several answers, each line must say of all of them what it says of one.
        lines = _lines(table, place) if dimension.is_multi_answer else [(TOTAL,) * len(table.dimensions)]
        for line in lines:
            for code in codes[dimension.name]:
                if code not in covered:
                    where = where_of(release, table, (*line[:place], code, *line[place + 1 :]))
                    yield PublishedCell(table.id, where, 0, is_certain_zero=True)


def _lines(table: ReleaseTable, place: int) -> Iterator[tuple[str, ...]]:
    """The margins of a table over one of its dimensions."""
    return (cell.codes for cell in table.cells if cell.codes[place] == TOTAL)


def _left_out(release: Release, table: ReleaseTable) -> Iterator[PublishedCell]:
    """The groups that a table leaves out, in each of its lines: the rest of another table's total."""
    first = _first_answer(table)
    if table.leaves_out and first is not None:
        place = table.dimensions.index(first)
        for line in _lines(table, place):
            for code in table.leaves_out:
                yield PublishedCell(table.id, where_of(release, table, (*line[:place], code, *line[place + 1 :])), None)
