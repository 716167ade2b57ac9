"""Check certificates by adding up, and by nothing else: no solver, and nothing of what made them.

Anybody may write these few loops again, in any language or in a spreadsheet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from pipelines.disclosure.attacker.certificate_files import SEVERAL, CertificateCell, CertificateSet
from pipelines.disclosure.reading.published import PublishedCell, PublishedSet, Where
from pipelines.language import Message, msg


def check_certificates(
    published: PublishedSet, sets: Sequence[CertificateSet], cells: Sequence[CertificateCell]
) -> list[Message]:
    """What does not hold, as sentences without any count; empty if all of it holds.

    Each set gives every shown number, or less than the base away from it where it is rounded. It puts somebody
    in every hidden cell where zeros are published, and holds only records that can be. Each hidden cell has
    the two values told, in the two sets told, and they differ.
    """
    faults: list[Message] = []
    sums: dict[int, Mapping[Where, int]] = {}
    for one in sets:
        told = [cell for cell in published.cells if cell.universe == one.universe]
        sums[one.number] = _add_up(published, one, told)
        are_whole = all(count >= 1 for count in one.records.values())
        can_be = all(_can_be(published, one.dimensions, codes) for codes in one.records)
        in_order = all(
            sums[one.number][each.line.where] <= sums[one.number][each.total.where]
            for each in published.person_lines
            if each.line.universe == one.universe
        )
        if not (are_whole and can_be and in_order and _has_answered(published, one, told)):
            faults.append(msg("the set {number} holds a record that cannot be", number=str(one.number)))
        tables = {cell.table for cell in told if not _is_given(published, cell, sums[one.number][cell.where])}
        for table in sorted(tables):
            faults.append(msg("the set {number} does not give the table {table}", number=str(one.number), table=table))
    ends = {(cell.table, cell.where, cell.universe): cell for cell in cells}
    for cell in published.cells:
        told_of = ends.get((cell.table, cell.where, cell.universe))
        # Of a rounded cell the number itself says what it may be: its certificate is more than is asked.
        if (cell.value is None or told_of) and not _is_certified(told_of, sums):
            faults.append(msg("a hidden cell of the table {table} has no valid certificate", table=cell.table))
    return faults


def _is_given(published: PublishedSet, cell: PublishedCell, found: int) -> bool:
    if cell.value is not None:
        return cell.least <= found <= cell.most
    # A zero would have been published: what is hidden is somebody.
    return found >= int(published.zeros_are_published and not cell.may_be_zero)


def _is_certified(cell: CertificateCell | None, sums: Mapping[int, Mapping[Where, int]]) -> bool:
    if cell is None or cell.set_low not in sums or cell.set_high not in sums:
        return False
    found = (sums[cell.set_low].get(cell.where), sums[cell.set_high].get(cell.where))
    return found == (cell.value_low, cell.value_high) and cell.value_low != cell.value_high


def _can_be(published: PublishedSet, dimensions: Sequence[str], codes: Sequence[str]) -> bool:
    record = dict(zip(dimensions, codes, strict=True))
    for name, told in record.items():
        if name in published.multi_answer:
            known = {"", *published.dimensions[name], *published.groups.get(name, ())}
            if not known.issuperset(told.split(SEVERAL)):
                return False
        elif told not in published.dimensions.get(name, ()):
            return False
    return all(
        nesting.parent_of.get(record[nesting.fine]) == record[nesting.coarse]
        for nesting in published.nestings
        if nesting.fine in record and nesting.coarse in record
    )


def _has_answered(published: PublishedSet, one: CertificateSet, cells: Sequence[PublishedCell]) -> bool:
    """Whether each record gives one answer at least to the questions that a table asks of it."""
    for name in published.multi_answer & set(one.dimensions):
        asked = {tuple(pair for pair in cell.where if pair[0] != name) for cell in cells if name in dict(cell.where)}
        place = one.dimensions.index(name)
        silent = replace(one, records={codes: count for codes, count in one.records.items() if not codes[place]})
        told = [PublishedCell("", where, None) for where in asked]
        if any(_add_up(published, silent, told).values()):
            return False
    return True


def _add_up(published: PublishedSet, one: CertificateSet, cells: Iterable[PublishedCell]) -> Mapping[Where, int]:
    """How many records of a set each cell holds; the cells of the same dimensions are counted in one round."""
    places = {name: place for place, name in enumerate(one.dimensions)}
    wheres = {cell.where for cell in cells}
    found: dict[Where, int] = dict.fromkeys(wheres, 0)
    for names in sorted({tuple(name for name, _ in where) for where in wheres}):
        if any(name not in places for name in names):
            continue
        sides: Counter[tuple[str, ...]] = Counter()
        for codes, count in one.records.items():
            sides[tuple(codes[places[name]] for name in names)] += count
        for told, count in sides.items():
            for choice in product(*(_names_of(published, *side) for side in zip(names, told, strict=True))):
                where = tuple(zip(names, choice, strict=True))
                if where in found:
                    found[where] += count
    return found


def _names_of(published: PublishedSet, dimension: str, told: str) -> Iterator[str]:
    """Every code that a record is counted under: those it carries, and the classes that cover one of them."""
    answers = set(told.split(SEVERAL)) if dimension in published.multi_answer else {told}
    yield from sorted(answers)
    for code, leaves in published.groups.get(dimension, {}).items():
        if answers & leaves and code not in answers:
            yield code
