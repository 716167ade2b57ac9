"""What the protection of a release means, in words that both its pages use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.disclosure.policy import Step
from pipelines.disclosure.release_table import Protection, SafetyLevel
from pipelines.language import Language, Message, Text, msg


def rule_sentences(protection: Protection) -> tuple[Message, ...]:
    """What is never shown, and what nobody can deduce: the threshold and the level in plain words."""
    if protection.is_rounded:
        return (
            msg(
                "Every count, totals too, is rounded at random to a multiple of {base}; 0 stands for 0 to {most}",
                base=protection.rounding,
                most=protection.rounding - 1,
            ),
            msg(
                "From all that is published, every number from {least} to {most} stays possible for a cell about so "
                "few people",
                least=1,
                most=protection.k - 1,
            ),
        )
    least, most = (1 if protection.zeros_are_published else 0), protection.k - 1
    told = [
        msg("No cell about {least} to {most} people is shown", least=least, most=most),
        msg(
            "From all that is published, every number from {least} to {most} stays possible for such a cell, "
            "save those that a published zero excludes",
            least=least,
            most=most,
        ),
    ]
    if protection.level is SafetyLevel.S2:
        told.append(msg("Nobody can prove that a hidden cell is about fewer than {k} people", k=protection.k))
    return tuple(told)


def technique_sentence(protection: Protection) -> Message:
    """How the counts were changed."""
    if protection.is_rounded:
        return msg("Counts are rounded by a secret key, so that one group has one number in all that is published")
    return msg("Small cells are hidden, then further cells so that no subtraction gives them back")


def merging_sentences(steps: Sequence[str], titles: Mapping[str, Text]) -> tuple[Message, ...]:
    """Each step of the merging plan, named as the ledger keeps it, with its table's title; the id if it has none."""
    told = []
    for step in steps:
        table_id, _, kind = step.partition(":")
        title = titles.get(table_id, table_id)
        if Step(kind) is Step.CLASSES:
            told.append(msg("{table}: classes only", table=title))
        else:
            told.append(msg("{table}: not published", table=title))
    return tuple(told)


def enumerate_words(words: Sequence[str], language: Language) -> str:
    """`a, b et c`."""
    from babel.lists import format_list

    return str(format_list(list(words), locale=language.locale))


def quote(words: str, language: Language) -> str:
    """Between the quotation marks of the language."""
    return language.say("“{words}”", words=words)


def as_sentence(text: str) -> str:
    """With its full stop, whoever wrote it: settings may bring their own."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
