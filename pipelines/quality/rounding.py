"""Which counts a printed percentage can come from, and by which way of rounding.

Exact arithmetic only: a percentage printed with d decimals stands for every share within half a step of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import ceil, floor, prod

#: More ways than that to choose the counts of a line: some of them surely fits.
_MOST_WAYS = 20_000
_LARGEST_N = 100


@dataclass(frozen=True)
class Percentage:
    """A printed percentage, and the decimals it was printed with."""

    value: Decimal
    decimals: int

    @property
    def step(self) -> Fraction:
        return Fraction(1, 10**self.decimals)

    def counts_of(self, n: int) -> range:
        """The counts out of n that are printed so by ordinary rounding; a half may go either way."""
        value = Fraction(self.value)
        lowest = ceil((value - self.step / 2) * n / 100)
        highest = floor((value + self.step / 2) * n / 100)
        return range(max(0, lowest), min(n, highest) + 1)

    def counts_within_a_step(self, n: int) -> range:
        """The counts out of n whose exact percentage is less than one step away: rounded up or down at will."""
        value = Fraction(self.value)
        lowest = floor((value - self.step) * n / 100) + 1
        highest = ceil((value + self.step) * n / 100) - 1
        return range(max(0, lowest), min(n, highest) + 1)


def printed_share(count: int | Fraction, n: int, decimals: int) -> Decimal:
    """The percentage as ordinary rounding prints it, a half going up."""
    scaled = floor(Fraction(count) * 100 * 10**decimals / n + Fraction(1, 2))
    return Decimal(scaled).scaleb(-decimals)


def fits_by_rounding(line: Sequence[Percentage], n: int) -> bool:
    """Whether whole counts that add up to n are printed so, each percentage rounded by itself."""
    ranges = [percentage.counts_of(n) for percentage in line]
    if not all(ranges):
        return False
    return sum(counts[0] for counts in ranges) <= n <= sum(counts[-1] for counts in ranges)


def fits_by_largest_remainder(line: Sequence[Percentage], n: int) -> bool:
    """Whether whole counts that add up to n are printed so by the method of largest remainders.

    All are rounded down; the steps that lack to 100 go to the largest remainders, so that the line makes 100.
    """
    if sum((percentage.value for percentage in line), Decimal(0)) != 100:
        return False
    step = min(percentage.step for percentage in line)
    ranges = [Percentage(each.value, _decimals(step)).counts_within_a_step(n) for each in line]
    if prod(len(counts) for counts in ranges) > _MOST_WAYS:
        return True
    return any(_is_largest_remainder(line, counts, n, step) for counts in product(*ranges) if sum(counts) == n)


def _decimals(step: Fraction) -> int:
    return len(str(step.denominator)) - 1


def _is_largest_remainder(line: Sequence[Percentage], counts: Sequence[int], n: int, step: Fraction) -> bool:
    kept: list[Fraction] = []
    raised: list[Fraction] = []
    for percentage, count in zip(line, counts, strict=True):
        exact = Fraction(100 * count, n) / step
        printed = Fraction(percentage.value) / step
        remainder = exact - floor(exact)
        (kept if printed == floor(exact) else raised).append(remainder)
    return not raised or not kept or min(raised) >= max(kept)


def fits_all_but_one(line: Sequence[Percentage], n: int) -> tuple[int, int] | None:
    """Where one percentage alone was moved so that the line makes 100: its place, and the count it stands for."""
    ranges = [percentage.counts_of(n) for percentage in line]
    odd = [place for place, counts in enumerate(ranges) if not counts]
    if len(odd) != 1:
        return None
    others = [counts for place, counts in enumerate(ranges) if place != odd[0]]
    lowest, highest = n - sum(counts[-1] for counts in others), n - sum(counts[0] for counts in others)
    moved = line[odd[0]]
    allowed = max(percentage.step for percentage in line) / 2 * len(line)
    value = Fraction(moved.value)
    near = [count for count in range(max(0, lowest), highest + 1) if abs(Fraction(100 * count, n) - value) <= allowed]
    return (odd[0], min(near, key=lambda count: abs(Fraction(100 * count, n) - value))) if near else None


def possible_numbers(line: Sequence[Percentage], most: int) -> tuple[int, ...]:
    """The smallest numbers of answers, up to 100, that the line can come from by ordinary rounding."""
    found = (n for n in range(1, _LARGEST_N + 1) if fits_by_rounding(line, n))
    return tuple(n for _, n in zip(range(most), found, strict=False))
