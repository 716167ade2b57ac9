"""Percentages that add up: the largest-remainder method, in tenths of a percent.

Printed reports of the field round each share alone and then push the last one to reach 100; here
every share is within a tenth of its exact value and the parts of a whole make exactly 100.0.
"""

from collections.abc import Sequence

#: A whole, in tenths of a percent.
WHOLE = 1000


def apportion(counts: Sequence[int], whole: int = WHOLE) -> list[int]:
    """Share `whole` among the counts in proportion; ties go to the larger count, then to the first.

    An empty list, or counts that are all zero, get nothing. Raises `ValueError` on a negative count.
    """
    if any(count < 0 for count in counts):
        raise ValueError("counts are never negative")
    total = sum(counts)
    if total == 0:
        return [0] * len(counts)
    shares = [count * whole // total for count in counts]
    remainders = [count * whole % total for count in counts]
    order = sorted(range(len(counts)), key=lambda index: (-remainders[index], -counts[index], index))
    for index in order[: whole - sum(shares)]:
        shares[index] += 1
    return shares


def share_of(count: int, base: int) -> int:
    """One share on its own, in tenths of a percent, halves up: for answers that may overlap."""
    return (2 * count * WHOLE + base) // (2 * base) if base else 0
