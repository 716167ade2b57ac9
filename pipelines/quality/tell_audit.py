"""What an audit found, in words for a person, and as facts for a program.

The figures told are printed ones of a report: aggregates that are out already. Nobody is at fault in any sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.language import Language, Message, msg, msg_count
from pipelines.quality.audit_figures import Audit
from pipelines.quality.printed_figure import Check, Outcome, State, TableKey

#: A label longer than this is a sentence: its beginning is enough to find it.
_LONGEST_LABEL = 80

_CHECKS = {
    Check.TOTAL: msg("totals and their parts"),
    Check.PERCENTAGES: msg("lines of percentages and their number of answers"),
    Check.SHARE: msg("percentages and what they are of"),
    Check.EVOLUTION: msg("changes between two years"),
    Check.AVERAGE: msg("averages"),
    Check.TWICE: msg("figures told twice"),
    Check.RULE: msg("limits of the rule book"),
    Check.ORDER: msg("figures that cannot exceed another"),
}


def tell_audit(audit: Audit) -> Iterator[Message]:
    """The lines that a person reads: what does not agree first, table by table, then what was verified."""
    yield msg(
        "{file}: {figures} printed figures, {judged} of them checked",
        file=audit.file,
        figures=audit.figures,
        judged=audit.judged_figures,
    )
    for notice in audit.notices:
        yield msg("  {notice}", notice=notice)
    disagreeing = audit.of(State.DISAGREES)
    if disagreeing:
        yield msg("DOES NOT AGREE: {count}", count=len(disagreeing))
        yield from _tell_by_table(audit, disagreeing)
    elif audit.judged_figures:
        yield msg("Nothing printed disagrees with what could be checked")
    else:
        yield msg("Nothing could be checked: no total, percentage or repeated figure was recognised")
    if explained := audit.of(State.TO_EXPLAIN):
        yield msg("TO EXPLAIN: {count}. This may be right; a person of the centre knows", count=len(explained))
        yield from _tell_by_table(audit, explained)
    yield from _tell_verified(audit.of(State.VERIFIED))
    if unjudged := audit.of(State.NOT_JUDGED):
        yield msg("NOT JUDGED: {count}", count=len(unjudged))
        for (place, told), count in Counter((outcome.place, outcome.told.msgid) for outcome in unjudged).items():
            reason = next(each.told for each in unjudged if (each.place, each.told.msgid) == (place, told))
            yield msg("    {table}: {reason} ({count})", table=_name(place), reason=reason, count=count)


def _tell_by_table(audit: Audit, outcomes: Sequence[Outcome]) -> Iterator[Message]:
    place = None
    for outcome in outcomes:
        if outcome.place != place:
            place = outcome.place
            yield msg("  {table}", table=_name(place))
        if audit.has_lines:
            line = str(outcome.line)
            yield msg("    {label} (line {line}): {told}", label=_label(outcome), line=line, told=outcome.told)
        else:
            yield msg("    {label}: {told}", label=_label(outcome), told=outcome.told)
        for cell in outcome.cells:
            if cell.nearest is not None:
                yield msg(
                    "      {cell}: {printed} printed, {nearest} recomputed",
                    cell=cell.measure,
                    printed=cell.printed,
                    nearest=cell.nearest,
                )
        for cause in outcome.causes:
            yield msg("      possible cause: {cause}", cause=cause)


def _tell_verified(outcomes: Sequence[Outcome]) -> Iterator[Message]:
    yield msg("VERIFIED: {count}", count=len(outcomes))
    by_check = Counter(outcome.check for outcome in outcomes)
    for check, name in _CHECKS.items():
        if by_check[check]:
            yield msg("  {name}: {count}", name=name, count=by_check[check])
    for place, count in Counter(outcome.place for outcome in outcomes).items():
        yield msg_count("    {table}: {count} check", "    {table}: {count} checks", count, table=_name(place))


def _name(place: TableKey) -> str:
    return " / ".join(_short(part) for part in (place.report, place.section, place.table) if part)


def _label(outcome: Outcome) -> str:
    label = _short(outcome.row)
    return label if outcome.check is Check.PERCENTAGES else f"{label}, {_short(outcome.measure)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"


_LISTS = {
    State.DISAGREES: "disagreements",
    State.TO_EXPLAIN: "to_explain",
    State.VERIFIED: "verified",
    State.NOT_JUDGED: "not_judged",
}


def audit_facts(audit: Audit, language: Language) -> dict[str, object]:
    """All that was found, one entry a check; numbers are as printed, texts in the language asked for."""
    verified = Counter(outcome.check.value for outcome in audit.of(State.VERIFIED))
    return {
        "file": audit.file,
        "figures": audit.figures,
        "checked_figures": audit.judged_figures,
        "counts": {name: audit.counts[state] for state, name in _LISTS.items()},
        "verified_by_check": dict(verified),
        "notices": [language.text(notice) for notice in audit.notices],
        **{name: [_facts(audit, outcome, language) for outcome in audit.of(state)] for state, name in _LISTS.items()},
    }


def _facts(audit: Audit, outcome: Outcome, language: Language) -> dict[str, object]:
    facts: dict[str, object] = {
        "check": outcome.check.value,
        "report": outcome.place.report,
        "section": outcome.place.section,
        "table": outcome.place.table,
        "row": outcome.row,
        "measure": outcome.measure,
        "printed": _number(outcome.printed),
        "recomputed": _number(outcome.recomputed),
        "told": language.text(outcome.told),
        "causes": [language.text(cause) for cause in outcome.causes],
    }
    if audit.has_lines:
        facts |= {"line": outcome.line, "lines": list(outcome.lines)}
    if outcome.cells:
        facts["cells"] = [
            {"measure": cell.measure, "printed": _number(cell.printed), "recomputed": _number(cell.nearest)}
            for cell in outcome.cells
        ]
    if outcome.possible_n:
        facts["possible_n"] = list(outcome.possible_n)
    return facts


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)
