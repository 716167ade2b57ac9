"""Write a proposed configuration as text that a person reads, corrects and accepts.

`config/centres/<id>.toml` carries the confidence of each column as a comment, and a `[proposal]` that keeps it from
being used; `config/mappings/<id>/*.csv` carry, beside each word and its code, how sure that is and what else it could
be, the least certain first. Words of the export stand in those files alone, never on the screen.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipelines.config import CENTRE_ID, Workspace
from pipelines.entities import ENTITIES, Kind
from pipelines.errors import UsageError
from pipelines.ingest.find_sources import FoundSource
from pipelines.ingest.match_words import ValueMatch
from pipelines.ingest.propose_mapping import ColumnProposal, EntityProposal, Proposal
from pipelines.ingest.read_mappings import PROPOSED_COLUMNS, compare_form
from pipelines.language import Language, msg
from pipelines.storage import make_folder, new_folder, publish_folder, write_text

#: Above so many, the numbers that cannot be ages are not each a sign of the platform.
_MOST_SENTINELS = 20
_NUMBERS = (Kind.INTEGER, Kind.DURATION, Kind.AMOUNT)


def write_proposal(proposal: Proposal, workspace: Workspace, language: Language, made_on: datetime.date) -> Path:
    """Write the draft of a centre's configuration; returns its TOML file.

    Raises `UsageError` where the centre has a configuration already: no work of a person is written over.
    """
    require_new_centre(workspace, proposal.centre_id)
    config = _own_config(workspace)
    settings = config / "centres" / f"{proposal.centre_id}.toml"
    mappings = config / "mappings" / proposal.centre_id
    make_folder(settings.parent)
    with new_folder(mappings) as staging:
        for entity in proposal.entities:
            for column in entity.columns:
                if column.vocabulary:
                    write_text(staging / f"{mapping_name(entity, column)}.csv", mapping_text(column.values))
        publish_folder(staging, mappings)
    write_text(settings, settings_text(proposal, language, made_on))
    return settings


def require_new_centre(workspace: Workspace, centre_id: str) -> None:
    """Refuse, before the export is read, an id that cannot be one or that has a configuration already."""
    if not CENTRE_ID.fullmatch(centre_id):
        raise UsageError(
            msg("This cannot be the id of a centre"),
            why=msg("an id holds a to z, 0 to 9, - and _, and at most 40 of them"),
            to_do=msg("Give another name with --centre"),
        )
    config = workspace.root / "config"
    if (config / "centres" / f"{centre_id}.toml").exists() or (config / "mappings" / centre_id).exists():
        raise UsageError(
            msg("This centre has a configuration already"),
            where=msg("in {folder}", folder="config/centres, config/mappings"),
            to_do=msg("Move both away, or give another name with --centre"),
        )


def _own_config(workspace: Workspace) -> Path:
    """The workspace's own `config/`: a copy of the one that came with the program, where it has none yet."""
    own = workspace.root / "config"
    if not own.is_dir():
        shutil.copytree(workspace.config, own)
    return own


def mapping_name(entity: EntityProposal, column: ColumnProposal) -> str:
    """The mapping file of a column is called as its code list."""
    return ENTITIES[entity.name][column.name].vocabulary


def mapping_text(values: Iterable[ValueMatch]) -> str:
    """The lines of a mapping: with a byte order mark, so that a spreadsheet shows the accents."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("source_value", "code", *PROPOSED_COLUMNS))
    for match in values:
        others = " | ".join(f"{one.code} {one.similarity:.2f}" for one in match.candidates if one.code != match.code)
        writer.writerow((match.value, match.code, f"{match.confidence:.2f}", others, match.label))
    return "\ufeff" + text.getvalue()


def settings_text(proposal: Proposal, language: Language, made_on: datetime.date) -> str:
    """The TOML of the draft, its comments in the language given."""
    say = language.say
    undecided = [language.text(one) for one in proposal.to_decide]
    centre = proposal.centre_id
    lines = [
        f"# {say('Proposed by bilan map. Nothing is read with this file until a person accepts it:')}",
        f"# {say('1. read each line, and each file of config/mappings/{centre}; correct them;', centre=centre)}",
        f"# {say('2. choose what is listed in to_decide, then leave it empty: [];')}",
        f"# {say('3. write your name in accepted_by.')}",
        f"id = {_quoted(proposal.centre_id)}",
        "",
        "[proposal]",
        f"made_on = {made_on.isoformat()}",
        'accepted_by = ""',
        f"to_decide = [{', '.join(map(_quoted, undecided))}]",
        "",
        f"# {say('The name of the centre, as it is written on the report.')}",
        "[name]",
        f"fr = {_quoted(proposal.centre_id)}",
        f"en = {_quoted(proposal.centre_id)}",
        "",
        f"# {say('fiscal: from the first of start_month; calendar: from January 1.')}",
        "[period]",
        'kind = "fiscal"',
        "start_month = 4",
        "",
        *_vocabulary_lines(proposal),
        *_left_aside(proposal, language),
    ]
    for source in proposal.sources:
        lines += ["", *_source_lines(source, proposal)]
    for entity in proposal.entities:
        lines += ["", *_entity_lines(entity, proposal, language)]
    return "\n".join(lines) + "\n"


def _vocabulary_lines(proposal: Proposal) -> Iterator[str]:
    own = {
        ENTITIES[entity.name][column.name].vocabulary: column.vocabulary
        for entity in proposal.entities
        for column in entity.columns
        if column.vocabulary
    }
    yield "[vocabularies]"
    yield from (f"{name} = {_quoted(taken)}" for name, taken in own.items() if name != taken)
    yield ""


def _left_aside(proposal: Proposal, language: Language) -> Iterator[str]:
    if proposal.unmapped_columns:
        yield f"# {language.say('Columns of the export that nothing is made from:')}"
        by_source: dict[str, list[str]] = {}
        for source, name in proposal.unmapped_columns:
            by_source.setdefault(source, []).append(name)
        yield from (f"#   {source}: {', '.join(map(_one_line, names))}" for source, names in by_source.items())
    if proposal.not_found:
        yield f"# {language.say('Of our columns, not found in the export:')}"
        yield "#   " + ", ".join(f"{entity}.{column}" for entity, column in proposal.not_found)
    yield from (f"# {_one_line(language.text(note))}" for note in proposal.notes)


def _source_lines(source: FoundSource, proposal: Proposal) -> Iterator[str]:
    columns = [
        (entity.name, column) for entity in proposal.entities if entity.source == source.id for column in entity.columns
    ]
    dates = [form for name, column in columns for form in _date_formats(name, column)]
    # A point in a word is no decimal sign.
    numbers = [match for _, column in columns for match in column.matches if match.column.kind in _NUMBERS]
    decimals = [sign for match in numbers if (sign := match.profile.decimal)]
    yield "[[source]]"
    yield f"id = {_quoted(source.id)}"
    yield f"files = {_quoted(source.pattern)}"
    if source.sheet:
        yield f"sheet = {_quoted(source.sheet)}"
    if source.delimiter:
        yield f"delimiter = {_quoted(source.delimiter)}"
    if decimals:
        yield f"decimal = {_quoted(decimals[0])}"
    if dates:
        yield f"date_format = {_quoted(dates[0])}"
    yield "[source.missing]"
    yield from (f"{_quoted(word)} = {_quoted(kind)}" for word, kind in missing_words(source, proposal).items())
    yield '"" = "non_disponible"'


def _date_formats(entity: str, column: ColumnProposal) -> tuple[str, ...]:
    if ENTITIES[entity][column.name].kind is not Kind.DATE:
        return ()
    return tuple(match.profile.date_formats[0] for match in column.matches)


def missing_words(source: FoundSource, proposal: Proposal) -> Mapping[str, str]:
    """What stands for a missing answer in the columns that are read, unless it is a code of one of them (`Inconnu`)."""
    used = [one for entity in proposal.entities if entity.source == source.id for one in entity.columns]
    coded = {compare_form(value.value) for column in used for value in column.values}
    profiles = [match.profile for column in used for match in column.matches]
    profiles += [profile for column in used if column.flags for profile in column.flags.profiles]
    words = {compare_form(word): (word, kind) for profile in profiles for word, kind in profile.missing.items()}
    return dict(sorted(pair for form, pair in words.items() if form not in coded))


def _entity_lines(entity: EntityProposal, proposal: Proposal, language: Language) -> Iterator[str]:
    source = next(source for source in proposal.sources if source.id == entity.source)
    yield "[[entity]]"
    yield f"name = {_quoted(entity.name)}"
    yield f"source = {_quoted(entity.source)}"
    yield "[entity.columns]"
    for column in entity.columns:
        others = ", ".join(_one_line(match.profile.name) for match in column.others)
        sure = language.say("{share} out of 100", share=round(column.confidence * 100))
        comment = language.say("{sure}; or: {others}", sure=sure, others=others) if others else sure
        shown = "" if column.key and column.key.is_row else f"  # {comment}"
        yield f"{column.name} = {{ {', '.join(_origin(entity, column, missing_words(source, proposal)))} }}{shown}"


def _origin(entity: EntityProposal, column: ColumnProposal, missing: Mapping[str, str]) -> Iterator[str]:
    kind = ENTITIES[entity.name][column.name].kind
    if column.key:
        yield "row_key = true" if column.key.is_row else f"from = {_quoted(column.key.column)}"
        return
    if column.flags:
        yield f"flags = true, yes = {_list(column.flags.yes)}, no = {_list(column.flags.no)}"
    else:
        yield f"from = {_list(column.source_names) if len(column.matches) > 1 else _quoted(column.source_names[0])}"
    if kind is Kind.DURATION:
        yield f"duration = {_quoted(column.matches[0].profile.duration_forms[0])}"
    if kind is Kind.BOOLEAN:
        yield f"yes = {_list(column.matches[0].profile.yes)}, no = {_list(column.matches[0].profile.no)}"
    if column.split:
        yield f"split = {_quoted(column.split)}"
    if column.vocabulary:
        yield f"mapping = {_quoted(mapping_name(entity, column))}"
    forms = set(_date_formats(entity.name, column))
    if len(forms) == 1:
        yield f"date_format = {_quoted(forms.pop())}"
    signs = (
        {word: "non_disponible" for match in column.matches for word in match.profile.impossible_ages}
        if kind is Kind.INTEGER and column.name.startswith("age_")
        else {}
    )
    if kind in (*_NUMBERS, Kind.DATE):
        # A word that is a code elsewhere in the file is told to be missing in this column alone.
        own = {word: sign for match in column.matches for word, sign in match.profile.missing.items()}
        signs |= {word: sign for word, sign in own.items() if compare_form(word) not in map(compare_form, missing)}
    if signs and len(signs) <= _MOST_SENTINELS:
        yield f"sentinels = {{ {', '.join(f'{_quoted(word)} = {_quoted(sign)}' for word, sign in signs.items())} }}"


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's too; only the delete character is one that TOML wants escaped and JSON does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    return " ".join(text.split())
