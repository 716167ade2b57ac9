"""The attacker's equations fall apart: what is known takes unknowns away, and the rest splits into parts.

An agreement between two tables about a group whose number is published says two things that have nothing
to do with each other: each table gives that number. Each part is then attacked alone, and solutions of
the parts put together are a solution of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from pipelines.disclosure.attacker.attack_model import NO_BOUND, Bools, Ints, System


class Contradiction(Exception):
    """No set of records gives what was published."""


@dataclass(frozen=True)
class Part:
    """Equations that share no unknown with any other part.

    `columns`: the columns of the whole system that its own stand for, in order. `row_at`: its row for each
    row of the whole that it holds something of.
    """

    system: System
    columns: Ints
    row_at: Mapping[int, int]


@dataclass(frozen=True)
class Parts:
    """`known`: the columns whose value is certain, `NO_BOUND` for the others; `constants`: their sum in each row."""

    parts: tuple[Part, ...]
    known: Ints
    constants: Ints


def split_system(system: System) -> Parts:
    """The system as parts that have nothing in common; raises `Contradiction` where one is met on the way."""
    simple = _use_known_groups(system)
    known = _known_columns(simple)
    of_entry = np.repeat(np.arange(len(simple.low)), np.diff(simple.starts))
    is_open = known[simple.columns] == NO_BOUND
    constants = _add_up(of_entry, np.where(is_open, 0, simple.weights * known[simple.columns]), len(simple.low))
    rest = _take_away(simple, constants, of_entry, is_open)
    return Parts(tuple(_parts(rest, of_entry, is_open)), known, constants)


def _take_away(system: System, constants: Ints, of_entry: Ints, is_open: Bools) -> System:
    """What the rows still say of the open unknowns, with no bound below zero that is not one."""
    low = system.low - constants
    has_end = system.high != NO_BOUND
    high = np.where(has_end, system.high - constants, 0)
    negative = np.bincount(of_entry[is_open & (system.weights < 0)], minlength=len(low)) > 0
    is_empty = np.bincount(of_entry[is_open], minlength=len(low)) == 0
    if (is_empty & ((low > 0) | (has_end & (high < 0)))).any() or (~negative & has_end & (high < 0)).any():
        raise Contradiction
    turned = negative & has_end & (high < 0)
    sign = np.where(turned, -1, 1)
    return replace(
        system,
        weights=system.weights * sign[of_entry],
        low=np.where(negative, low * sign, np.maximum(low, 0)),
        high=np.where(has_end, high * sign, NO_BOUND),
    )


def _add_up(of_entry: Ints, values: Ints, count: int) -> Ints:
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, of_entry, values)
    return sums


def _has_negative(system: System, of_entry: Ints) -> Bools:
    negative: Bools = np.bincount(of_entry[system.weights < 0], minlength=len(system.low)) > 0
    return negative


def _key(columns: Ints, weights: Ints) -> bytes:
    return columns.tobytes() + b"|" + weights.tobytes()


def _use_known_groups(system: System) -> System:
    """Every agreement about a group of known number, as that number told of the other side alone."""
    rows = [slice(*pair) for pair in zip(system.starts[:-1].tolist(), system.starts[1:].tolist(), strict=True)]
    columns, weights = [system.columns[row] for row in rows], [system.weights[row] for row in rows]
    low, high = system.low.copy(), system.high.copy()
    equal = np.flatnonzero(low == high).tolist()
    numbers = {_key(columns[row], weights[row]): int(low[row]) for row in equal if len(columns[row])}
    waiting = [row for row in equal if low[row] == 0 and (weights[row] < 0).any()]
    is_changing = True
    while is_changing:
        is_changing = False
        for row in list(waiting):
            for sign in (1, -1):
                ours = sign * weights[row] > 0
                number = numbers.get(_key(columns[row][ours], abs(weights[row][ours])))
                if number is not None:
                    low[row] = high[row] = number
                    columns[row], weights[row] = columns[row][~ours], abs(weights[row][~ours])
                    numbers.setdefault(_key(columns[row], weights[row]), number)
                    waiting.remove(row)
                    is_changing = True
                    break
    starts = np.concatenate(([0], np.cumsum([len(row) for row in columns]))).astype(np.int64)
    nothing = np.zeros(0, dtype=np.int64)
    return replace(
        system,
        starts=starts,
        columns=np.concatenate([nothing, *columns]),
        weights=np.concatenate([nothing, *weights]),
        low=low,
        high=high,
    )


def _known_columns(system: System) -> Ints:
    """The unknowns that one equation after the other gives away; `NO_BOUND` for the others."""
    known = np.full(system.column_count, NO_BOUND, dtype=np.int64)
    of_entry = np.repeat(np.arange(len(system.low)), np.diff(system.starts))
    has_negative = _has_negative(system, of_entry)
    while True:
        is_open = known[system.columns] == NO_BOUND
        sums = np.where(is_open, 0, system.weights * known[system.columns])
        constants = _add_up(of_entry, sums, len(system.low))
        left = np.bincount(of_entry[is_open], minlength=len(system.low))
        rest = np.where(system.high == NO_BOUND, 1, system.high - constants)
        gives_zeros = ~has_negative & (rest == 0)
        gives_one = (left == 1) & (system.low == system.high)
        found = np.flatnonzero(is_open & (gives_zeros | gives_one)[of_entry])
        if not len(found):
            return known
        rows = of_entry[found]
        values = np.where(gives_zeros[rows], 0, rest[rows])
        if (values % system.weights[found] != 0).any() or (values // system.weights[found] < 0).any():
            raise Contradiction
        # Two equations that disagree on one unknown leave a row that does not hold: it is met when rows are checked.
        known[system.columns[found]] = values // system.weights[found]


def _parts(system: System, of_entry: Ints, is_open: Bools) -> Iterator[Part]:
    """The rows and columns that hang together, each group as a system of its own."""
    rows, columns, weights = of_entry[is_open], system.columns[is_open], system.weights[is_open]
    label = np.arange(system.column_count)
    before = None
    while before is None or (label != before).any():
        before = label.copy()
        row_label = np.full(len(system.low), system.column_count)
        np.minimum.at(row_label, rows, label[columns])
        np.minimum.at(label, columns, row_label[rows])
    order = np.lexsort((columns, rows, label[columns]))
    labels = label[columns][order]
    for places in np.split(order, np.flatnonzero(np.diff(labels)) + 1) if len(order) else ():
        yield _part(system, rows[places], columns[places], weights[places])


def _part(system: System, rows: Ints, columns: Ints, weights: Ints) -> Part:
    own_columns, local = np.unique(columns, return_inverse=True)
    bounds: dict[bytes, list[int]] = {}
    kept: list[tuple[Ints, Ints]] = []
    row_at: dict[int, int] = {}
    own_rows, starts = np.unique(rows, return_index=True)
    for row, entries in zip(own_rows.tolist(), np.split(np.arange(len(rows)), starts[1:]), strict=True):
        key = _key(local[entries], weights[entries])
        low, high = int(system.low[row]), int(system.high[row])
        if key not in bounds:
            bounds[key] = [low, high, len(kept)]
            kept.append((local[entries], weights[entries]))
        else:
            of = bounds[key]
            of[0] = max(of[0], low)
            of[1] = max(of[1], high) if NO_BOUND in (of[1], high) else min(of[1], high)
        row_at[row] = bounds[key][2]
    lows, highs, _ = zip(*bounds.values(), strict=True)
    own = System(
        column_count=len(own_columns),
        starts=np.cumsum([0, *(len(of) for of, _ in kept)]).astype(np.int64),
        columns=np.concatenate([of for of, _ in kept]),
        weights=np.concatenate([of for _, of in kept]),
        low=np.array(lows, dtype=np.int64),
        high=np.array(highs, dtype=np.int64),
        row_of={},
        published=np.zeros(0, dtype=np.int64),
    )
    return Part(own, own_columns, row_at)
