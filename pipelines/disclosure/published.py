"""What an attacker holds: published cells, and what everybody knows of the codes they are told in.

Nothing here knows a true count that was not published. A cell is a group of records, said by the codes
that define it; a margin leaves its dimension out, so the same group has one meaning in every table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.release_table import Release, ReleaseTable
from pipelines.tables.dimension import PERIOD, TableDimension

#: The (dimension, code) pairs that define a group of records, sorted; the empty one is everybody.
Where = tuple[tuple[str, str], ...]
#: The code of the records that no published code of a dimension keeps.
REST = "_rest"
_CENTRE = "centre"


@dataclass(frozen=True)
class PublishedCell:
    """One published cell; `value` is None where it is hidden.

    `universe` says what is counted and among whom (requests, aggressions): cells of two universes are
    never added together. `is_certain_zero`: everybody knows that nothing can be there.
    """

    table: str
    where: Where
    value: int | None
    universe: str = ""
    is_certain_zero: bool = False


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


def publish_releases(releases: Sequence[Release], *, k: int, zeros_are_published: bool = True) -> PublishedSet:
    """Everything that these releases of one or several centres and years say, as one attacker reads it.

    A centre and a period are dimensions like the others, so that a comparison of years meets the years'
    own reports.
    """
    tables = [(release, table) for release in releases for table in release.tables if table.is_collected]
    classes: dict[str, dict[str, set[str]]] = {}
    codes: dict[str, dict[str, None]] = {_CENTRE: {}, PERIOD: {}}
    for release, table in tables:
        codes[_CENTRE].setdefault(release.centre_id)
        codes[PERIOD].setdefault(table.period)
        for dimension in table.dimensions:
            codes.setdefault(dimension.name, {}).update(dict.fromkeys(code.code for code in dimension.codes))
            for code in dimension.codes:
                if code.parent:
                    classes.setdefault(dimension.name, {}).setdefault(code.parent, set()).add(code.code)
    spans = {_span(dimension) for _, table in tables for dimension in table.dimensions if dimension.name == PERIOD}
    # A table without years of its own is of one period; the label of a comparison is no period's name.
    years = {code for span in spans for code in span} | {
        table.period for _, table in tables if all(side.name != PERIOD for side in table.dimensions)
    }
    codes[PERIOD] = dict.fromkeys(sorted(years))
    groups = {name: {code: frozenset(below) for code, below in of.items()} for name, of in classes.items()}
    groups[PERIOD] = {"+".join(span): frozenset(span) for span in spans if len(span) > 1}
    leaves = {name: tuple(code for code in of if code not in groups.get(name, {})) for name, of in codes.items()}
    return PublishedSet(
        dimensions=leaves,
        groups=groups,
        cells=tuple(cell for release, table in tables for cell in _cells_of(release, table, leaves, groups)),
        zeros_are_published=zeros_are_published,
        k=k,
        multi_answer=frozenset(
            dimension.name for _, table in tables for dimension in table.dimensions if dimension.is_multi_answer
        ),
    )


def _span(dimension: TableDimension) -> tuple[str, ...]:
    return tuple(sorted(code.code for code in dimension.codes))


def _cells_of(
    release: Release,
    table: ReleaseTable,
    leaves: Mapping[str, tuple[str, ...]],
    groups: Mapping[str, Mapping[str, frozenset[str]]],
) -> Iterator[PublishedCell]:
    universe = f"{table.unit.value}: {table.population.en}"
    for cell in table.cells:
        if cell.status is not CellStatus.NOT_COLLECTED:
            where = _where(release, table, cell.codes)
            is_zero = cell.status is CellStatus.STRUCTURAL_ZERO
            yield PublishedCell(table.id, where, 0 if is_zero else cell.value, universe, is_zero)
    # The total of a table is the sum of the codes it lists: it says of all the others that nobody is there.
    for place, dimension in enumerate(table.dimensions):
        if dimension.name == PERIOD:
            continue
        listed = {code.code for code in dimension.codes}
        covered = listed.union(*(groups.get(dimension.name, {}).get(code, ()) for code in listed))
        for code in leaves[dimension.name]:
            if code not in covered:
                codes = [TOTAL] * len(table.dimensions)
                codes[place] = code
                yield PublishedCell(table.id, _where(release, table, codes), 0, universe, is_certain_zero=True)


def _where(release: Release, table: ReleaseTable, codes: Sequence[str]) -> Where:
    pairs = {_CENTRE: release.centre_id}
    if all(dimension.name != PERIOD for dimension in table.dimensions):
        pairs[PERIOD] = table.period
    for dimension, code in zip(table.dimensions, codes, strict=True):
        if code != TOTAL:
            pairs[dimension.name] = code
        elif dimension.name == PERIOD:
            # The years that this table adds up, which another comparison may not.
            pairs[PERIOD] = "+".join(_span(dimension))
    return tuple(sorted(pairs.items()))
