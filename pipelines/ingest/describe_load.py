"""What a person reads about a load besides its records: what was left out, repeated, or not understood."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.ingest.load_package import LoadPackage
from pipelines.language import Language, Message, msg_count


def describe_load(load: LoadPackage, language: Language) -> Iterator[Message]:
    """Records that were left out or repeated, and words that no mapping knows: each with its number."""
    for reason, count in load.set_aside:
        text = reason.in_language(language)
        yield msg_count("{count} record left out: {reason}", "{count} records left out: {reason}", count, reason=text)
    if load.repeated:
        yield msg_count(
            "{count} record stood in two files with the same content: counted once",
            "{count} records stood in two files with the same content: counted once",
            load.repeated,
        )
    if load.unmapped:
        yield msg_count(
            "{count} cell holds a word that no mapping knows; the words are in {file}",
            "{count} cells hold a word that no mapping knows; the words are in {file}",
            load.unmapped,
            file=str(load.to_classify),
        )
