"""The rule book, as far as printed totals can tell: averages above a limit, groups too large, wrong orders.

What is above a limit may have its reason; so a person is asked to explain, and nothing is called wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from pipelines.language import Message, msg
from pipelines.quality.audit_settings import AuditSettings, AuditWords, Limit, NoMoreThan
from pipelines.quality.printed_figure import (
    COUNT,
    Check,
    Figure,
    Outcome,
    Part,
    State,
    Tables,
    holds,
    lines_of,
    rows_of,
)

_SINCE = re.compile(r"\b(?:depuis|since)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}(?:-(?:19|20)?\d{2})?")


def check_rules(tables: Tables, settings: AuditSettings) -> Iterator[Outcome]:
    """One outcome for each line that a limit, or an order between two numbers, is about."""
    for figures in tables.values():
        for row in rows_of(figures).values():
            counts = [figure for figure in row if figure.unit == COUNT and figure.part is not Part.TOTAL]
            yield from _check_limits(counts, settings.limits)
            for order in settings.orders:
                yield from _check_order(counts, order, settings.words)
        yield from _check_periods(figures)


def _check_limits(row: Sequence[Figure], limits: Sequence[Limit]) -> Iterator[Outcome]:
    done: set[Figure] = set()
    for limit in _limits_of(row, limits):
        for count in row:
            if count in done or not holds(count.measure, limit.words.of):
                continue
            if not limit.words.per:
                done.add(count)
                yield _judge_limit(count, None, limit)
                continue
            per = [figure for figure in row if holds(figure.measure, limit.words.per) and figure.value > 0]
            if len(per) == 1:
                done.add(count)
                yield _judge_limit(count, per[0], limit)


def _limits_of(row: Sequence[Figure], limits: Sequence[Limit]) -> list[Limit]:
    """The limits that the label speaks of; where it speaks of none, those that the name of the table speaks of."""
    if not row:
        return []
    named = [limit for limit in limits if holds(row[0].row, limit.words.about)]
    return named or [limit for limit in limits if holds(row[0].place.table, limit.words.about)]


def _judge_limit(count: Figure, per: Figure | None, limit: Limit) -> Outcome:
    most = limit.at_most * (per.value if per else 1)
    is_kept = count.value <= most
    if per is None:
        told = msg("{value} for a limit of {limit}: {reason}", value=count.value, **_said(limit))
    else:
        mean = (count.value / per.value).quantize(Decimal("0.1"))
        told = msg("{mean} on average for a limit of {limit}: {reason}", mean=mean, **_said(limit))
    return Outcome(
        check=Check.RULE,
        state=State.VERIFIED if is_kept else State.TO_EXPLAIN,
        place=count.place,
        row=count.row,
        measure=count.measure,
        told=told,
        line=count.line,
        lines=lines_of([count, *([per] if per else [])]),
        printed=count.value,
        recomputed=None if is_kept else Decimal(most),
        causes=() if is_kept else (_why_above(per),),
    )


def _said(limit: Limit) -> dict[str, object]:
    return {"limit": limit.at_most, "reason": limit.words.reason}


def _why_above(per: Figure | None) -> Message:
    if per is None:
        return msg("several groups are in one line, or an exception was made")
    return msg("other contacts were counted with the meetings, or an exception was made")


def _check_order(row: Sequence[Figure], order: NoMoreThan, words: AuditWords) -> Iterator[Outcome]:
    few = [figure for figure in row if holds(figure.measure, order.few)]
    many = [figure for figure in row if holds(figure.measure, order.many) and figure not in few]
    if len(many) != 1 or any(_is_together(figure, words) for figure in few):
        return
    for less, more in product(few, many):
        is_kept = less.value <= more.value
        broken = State.DISAGREES if order.is_certain else State.TO_EXPLAIN
        if is_kept:
            told = msg("{less} is no more than {more} ({name})", less=less.value, more=more.value, name=more.measure)
        else:
            told = msg("{less} is more than {more} ({name})", less=less.value, more=more.value, name=more.measure)
        causes = (msg("the two numbers changed places, or do not count the same people"),)
        yield _order_outcome(less, more, State.VERIFIED if is_kept else broken, told, () if is_kept else causes)


def _is_together(figure: Figure, words: AuditWords) -> bool:
    """Whether several persons meet at once, so that there may be more of them than meetings."""
    labels = (figure.row, figure.place.table)
    return any(holds(label, words.together) for label in labels) and not holds(figure.row, words.individual)


def _check_periods(figures: Sequence[Figure]) -> Iterator[Outcome]:
    """A year is a part of "since 2018": it cannot count more."""
    since = [figure for figure in figures if _SINCE.search(figure.row)]
    for more in since:
        for less in figures:
            if (less.measure, less.unit) == (more.measure, more.unit) and _YEAR.fullmatch(less.row.strip()):
                is_kept = less.value <= more.value
                state = State.VERIFIED if is_kept else State.DISAGREES
                if is_kept:
                    told = msg(
                        "{less} is no more than {more} ({name})", less=less.value, more=more.value, name=more.row
                    )
                else:
                    told = msg("{less} is more than {more} ({name})", less=less.value, more=more.value, name=more.row)
                causes = (msg("the two numbers changed places, or do not count the same people"),)
                yield _order_outcome(less, more, state, told, () if is_kept else causes)


def _order_outcome(less: Figure, more: Figure, state: State, told: Message, causes: tuple[Message, ...]) -> Outcome:
    return Outcome(
        check=Check.ORDER,
        state=state,
        place=less.place,
        row=less.row,
        measure=less.measure,
        told=told,
        line=less.line,
        lines=lines_of([less, more]),
        printed=less.value,
        recomputed=more.value if causes else None,
        causes=causes,
    )
