"""Tell a proposed configuration: which columns, how sure, how many words; never a word of the export itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.ingest.propose_mapping import ColumnProposal, Proposal
from pipelines.language import Language, Message, msg, msg_count


def describe_proposal(proposal: Proposal, file: Path) -> Iterator[Message]:
    """What a person reads of a draft, line by line."""
    for entity in proposal.entities:
        yield msg("{entity}, from {source}:", entity=entity.name, source=entity.source)
        for column in entity.columns:
            yield _column_line(column)
    for source, names in _by_source(proposal).items():
        yield msg("{source}: nothing is made from {columns}", source=source, columns=", ".join(names))
    if proposal.not_found:
        wanted = ", ".join(f"{entity}.{column}" for entity, column in proposal.not_found)
        yield msg("Of our columns, not found in the export: {columns}", columns=wanted)
    yield from (msg("To look at: {note}", note=note) for note in proposal.notes)
    for one in proposal.export.sources:
        yield from (msg("  TO REMOVE: {finding}", finding=finding.message()) for finding in one.findings)
    yield from (msg("Not read: {problem}", problem=problem.what) for problem in proposal.export.unread)
    yield from (msg("To decide: {point}", point=point) for point in proposal.to_decide)
    yield msg_count(
        "{count} word of the export has no code yet; it will be counted apart until someone gives it one",
        "{count} words of the export have no code yet; they will be counted apart until someone gives them one",
        _without_code(proposal),
    )
    yield msg(
        "The proposal is in {file} and in config/mappings/{centre}. Read and correct both, then write your name in "
        "accepted_by: until then nothing is read with it",
        file=str(file),
        centre=proposal.centre_id,
    )


def _column_line(column: ColumnProposal) -> Message:
    if column.key and column.key.is_row:
        return msg("  {column}: each row is its own", column=column.name)
    names = " / ".join(name for name in column.all_names if name)
    line = msg("  {column}: {names} ({sure})", column=column.name, names=names, sure=_percent(column.confidence))
    if not column.vocabulary:
        return line
    return msg(
        "{line}; {coded} of {words} words with a code",
        line=line,
        coded=sum(bool(match.code) for match in column.values),
        words=len(column.values),
    )


def _percent(share: float) -> Message:
    return msg("{share} out of 100", share=round(share * 100))


def _without_code(proposal: Proposal) -> int:
    return sum(not match.code for entity in proposal.entities for column in entity.columns for match in column.values)


def _by_source(proposal: Proposal) -> Mapping[str, list[str]]:
    read = {source.id for source in proposal.sources}
    names: dict[str, list[str]] = {}
    for source, name in proposal.unmapped_columns:
        if source in read:
            names.setdefault(source, []).append(name)
    return names


def proposal_facts(proposal: Proposal, file: Path, language: Language) -> dict[str, Any]:
    """The same for a program."""
    return {
        "file": str(file),
        "columns": [
            {
                "entity": entity.name,
                "column": column.name,
                "source": entity.source,
                "from": [name for name in column.all_names if name],
                "confidence": column.confidence,
                "words": len(column.values),
                "words_without_code": sum(not match.code for match in column.values),
            }
            for entity in proposal.entities
            for column in entity.columns
        ],
        "unmapped_columns": [{"source": source, "column": name} for source, name in proposal.unmapped_columns],
        "not_found": [{"entity": entity, "column": column} for entity, column in proposal.not_found],
        "notes": [language.text(note) for note in proposal.notes],
        "to_decide": [language.text(point) for point in proposal.to_decide],
        "identifiers": [
            {"source": one.id, "column": finding.column, "kind": finding.kind.value, "count": finding.count}
            for one in proposal.export.sources
            for finding in one.findings
        ],
        "not_read": [problem.one_line(language) for problem in proposal.export.unread],
    }
