"""What releases publish, as one attacker reads all of them together: from tables to groups of records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipelines.codes import TOTAL
from pipelines.disclosure.cell_status import CellStatus
from pipelines.disclosure.reading.published_set import (
    CENTRE,
    EXCEPT,
    NOT_IN_LINE,
    REST,
    UNIT,
    Nesting,
    PersonLine,
    PublishedCell,
    PublishedSet,
    Where,
)
from pipelines.disclosure.release_table import Protection, Release, ReleaseTable
from pipelines.errors import InputRefused
from pipelines.language import msg
from pipelines.tables.dimension import PERIOD, TableDimension
from pipelines.units import FAMILIES, HOURS_OF, LINE_UNITS, Family, Unit, counted_as, family_of

__all__ = [
    "CENTRE",
    "EXCEPT",
    "NOT_IN_LINE",
    "REST",
    "UNIT",
    "Nesting",
    "PersonLine",
    "PublishedCell",
    "PublishedSet",
    "Where",
    "publish_releases",
    "where_of",
]

_SEPARATOR = "+"


def publish_releases(releases: Sequence[Release]) -> PublishedSet:
    """Everything that these releases of one or several centres and years say, as one attacker reads it.

    The tables of one family of records are sums over the same records, whatever unit they count: its dimension
    of units (`Family.unit_side`) has the kinds of record as leaves and the units as classes. Each family is a
    universe of its own. A centre and a period are dimensions too,
    so that a comparison of years meets the years' own reports. The strictest k holds for all.
    Raises `InputRefused` for a release without protection: its numbers are true, there is nothing to attack.
    """
    rules = [_rule_of(release) for release in releases]
    every = [(release, table) for release in releases for table in release.tables if table.is_collected]
    tables = [(release, table) for release, table in every if table.unit not in HOURS_OF]
    codes, groups = _codes_and_groups(tables)
    kinds = tuple(dict.fromkeys(kind for rule in rules for kind in rule.record_kinds))
    for family in FAMILIES:
        of_family = [kind for kind in kinds if set(kind) <= set(family.units)]
        if of_family or any(table.unit in family.units for _, table in tables):
            _tell_units(family, of_family, codes, groups)
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
        watched=(
            *(cell for where, cell in rests.items() if where not in published),
            *dict.fromkeys(cell for release, table in tables for cell in _of_several_lines(release, table)),
        ),
        hours=tuple(cell for release, table in every if table.unit in HOURS_OF for cell in _cells_of(release, table)),
        person_lines=tuple(line for release, table in tables for line in _person_lines(release, table)),
    )


def _tell_units(family: Family, kinds: Sequence[tuple[Unit, ...]], codes: _Codes, groups: _Groups) -> None:
    """The kinds of record of a family, the units that each counts as, and the lines that persons are in twice."""
    of = {unit: frozenset(_SEPARATOR.join(kind) for kind in kinds if unit in kind) for unit in family.units}
    codes[family.unit_side] = tuple(_SEPARATOR.join(kind) for kind in kinds)
    groups[family.unit_side] = {unit.value: members for unit, members in of.items()}
    for whole, line in LINE_UNITS.items():
        if whole in of:
            groups[family.unit_side][_again(whole)] = of[line] - of[whole]


def _again(persons: Unit) -> str:
    """The group of the lines that a person is in beside her first."""
    return LINE_UNITS[persons].value + EXCEPT + persons.value


def where_of(release: Release, table: ReleaseTable, codes: Sequence[str]) -> Where:
    """The group of records that a cell of a release's table is about."""
    is_line = any(code != TOTAL for side, code in zip(table.dimensions, codes, strict=True) if side.name != PERIOD)
    unit = counted_as(HOURS_OF.get(table.unit, table.unit), is_line=is_line)
    pairs = {CENTRE: release.centre_id, _family(table).unit_side: unit.value}
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


def _family(table: ReleaseTable) -> Family:
    """The family of records that a table is a sum over; raises `InputRefused` for a unit that is in none."""
    family = family_of(table.unit)
    if family is None:
        raise InputRefused(
            msg("A published table cannot be attacked"),
            where=msg("table {table}", table=table.id),
            why=msg("it counts what no protection knows: it must not leave the centre"),
            to_do=msg("Do not publish this folder; make the report again"),
        )
    return family


def _of_several_lines(release: Release, table: ReleaseTable) -> Iterator[PublishedCell]:
    """The lines that persons of a total are in beside their first: what the lines add up to, less the total."""
    if table.unit in LINE_UNITS:
        family = _family(table)
        for total in _totals(table):
            where = dict(where_of(release, table, total)) | {family.unit_side: _again(table.unit)}
            yield PublishedCell(table.id, tuple(sorted(where.items())), None, family.universe)


def _person_lines(release: Release, table: ReleaseTable) -> Iterator[PersonLine]:
    if table.unit in LINE_UNITS:
        told = {cell.where: cell for cell in _cells_of(release, table)}
        for codes in _totals(table):
            total = told[where_of(release, table, codes)]
            for place, side in enumerate(table.dimensions):
                if side.name != PERIOD:
                    for code in side.codes:
                        line = (*codes[:place], code.code, *codes[place + 1 :])
                        yield PersonLine(told[where_of(release, table, line)], total)


def _totals(table: ReleaseTable) -> Iterator[tuple[str, ...]]:
    """The totals of a table, one for each of its years."""
    sides = [place for place, side in enumerate(table.dimensions) if side.name != PERIOD]
    return (cell.codes for cell in table.cells if all(cell.codes[place] == TOTAL for place in sides))


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
            universe = _family(table).universe
            yield PublishedCell(table.id, where, value, universe, is_zero, may_be_zero, of)


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
                    yield PublishedCell(table.id, where, 0, _family(table).universe, is_certain_zero=True)


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
                where = where_of(release, table, (*line[:place], code, *line[place + 1 :]))
                yield PublishedCell(table.id, where, None, _family(table).universe)
