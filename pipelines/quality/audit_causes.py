"""Why a printed total may differ from its parts: what people do to numbers when they copy them by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from pipelines.language import Message, msg
from pipelines.quality.printed_figure import COUNT, HOUR, Figure, total_of

_TOLD = 2
#: With more lines than that, some pair or other makes any difference.
_MOST_PAIRED = 40
#: More lines than that with the value that lacks: none of them stands out.
_MOST_ALIKE = 3
_QUARTERS = {Decimal(".15"): Decimal(".25"), Decimal(".30"): Decimal(".50"), Decimal(".45"): Decimal(".75")}


def likely_causes(total: Figure, parts: Sequence[Figure], elsewhere: Mapping[str, Decimal]) -> tuple[Message, ...]:
    """The likeliest causes first, two at most; `elsewhere` holds other sums that may have been copied by mistake."""
    gap = total.value - total_of(parts)
    if gap > 0:
        otherwise = msg("a line of {gap} may be missing from the printed table", gap=gap)
    else:
        otherwise = msg("a line may have been added or changed after the total was made")
    return tuple([*_causes(total, parts, elsewhere), otherwise][:_TOLD])


def _causes(total: Figure, parts: Sequence[Figure], elsewhere: Mapping[str, Decimal]) -> Iterator[Message]:
    printed, right = total.value, total_of(parts)
    gap = printed - right
    if 0 < len(forgotten := [part.row for part in parts if part.value == -gap]) <= _MOST_ALIKE:
        yield msg("a line was forgotten in the total: {rows}", rows=_or(forgotten))
    if 0 < len(doubled := [part.row for part in parts if part.value == gap]) <= _MOST_ALIKE:
        yield msg("a line was counted twice in the total: {rows}", rows=_or(doubled))
    if right in _swapped(printed):
        yield msg("two digits of the total changed places")
    yield from _of_hours(total, parts)
    for name, value in elsewhere.items():
        if value == printed:
            yield msg("the total was copied from elsewhere: {name}", name=name)
    if printed and (printed * 10 == right or printed == right * 10):
        yield msg("the decimal sign of the total moved")
    swapped = [part.row for part in parts if any(part.value - other == -gap for other in _swapped(part.value))]
    if len(swapped) == 1:
        yield msg("two digits of a line changed places: {rows}", rows=swapped[0])
    pairs = _pairs(parts, -gap)
    if len(pairs) == 1:
        yield msg("two lines were forgotten in the total: {rows}", rows=" + ".join(pairs[0]))
    if _differ_by_one_digit(printed, right):
        yield msg("one digit of the total was mistyped")
    if total.unit != COUNT and abs(gap) < 1:
        yield msg("rounding, or a half hour")


def _of_hours(total: Figure, parts: Sequence[Figure]) -> Iterator[Message]:
    """3h30 is 3.5 hours, and is often typed 3.30."""
    if total.unit != HOUR:
        return
    of_parts = sum((_from_minutes(part.value) for part in parts), Decimal(0))
    readings = (of_parts, _from_minutes(total.value))
    if readings[0] == total.value or (readings[1] != total.value and readings[1] in (readings[0], total_of(parts))):
        yield msg("hours and minutes were added as decimals: 3h30 is 3.5, not 3.30")


def _from_minutes(value: Decimal) -> Decimal:
    whole = Decimal(int(value))
    return whole + _QUARTERS.get(value - whole, value - whole)


def _or(rows: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(rows))


def _swapped(value: Decimal) -> set[Decimal]:
    """The value with any two neighbouring digits exchanged."""
    text = f"{value.normalize():f}"
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    found = set()
    for left, right in zip(places, places[1:], strict=False):
        if text[left] != text[right]:
            letters = list(text)
            letters[left], letters[right] = letters[right], letters[left]
            found.add(Decimal("".join(letters)))
    return found


def _differ_by_one_digit(first: Decimal, second: Decimal) -> bool:
    decimals = max(0, -_exponent(first), -_exponent(second))
    texts = [f"{value:.{decimals}f}" for value in (first, second)]
    return len(texts[0]) == len(texts[1]) and sum(a != b for a, b in zip(*texts, strict=True)) == 1


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _pairs(parts: Sequence[Figure], wanted: Decimal) -> list[tuple[str, str]]:
    if wanted <= 0 or len(parts) > _MOST_PAIRED:
        return []
    return [(a.row, b.row) for a, b in combinations(parts, 2) if a.value + b.value == wanted and a.value and b.value]
