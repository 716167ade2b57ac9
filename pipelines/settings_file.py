"""Read a TOML file into its model; every fault of it is told at once, with its line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipelines.errors import ConfigurationError
from pipelines.language import Message, msg

SettingsModel = TypeVar("SettingsModel", bound=BaseModel)


def read_settings(path: Path, model: type[SettingsModel]) -> SettingsModel:
    """Read a TOML file into its model; every fault of it ends in one `ConfigurationError`."""
    text = _read(path)
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        faults: tuple[Message, ...] = (msg("{file}: {fault}", file=path.name, fault=str(error)),)
    except ValidationError as error:
        faults = tuple(
            msg(
                "{file}, line {line}, {key}: {fault}",
                file=path.name,
                line=str(_line_of(text, detail["loc"])),
                key=".".join(str(part) for part in detail["loc"]) or "-",
                fault=_FAULTS.get(detail["type"], detail["msg"]),
            )
            for detail in error.errors(include_input=False, include_url=False)
        )
    raise ConfigurationError(
        msg("The configuration cannot be used:"),
        faults=faults,
        to_do=msg("Correct these lines, then run the command again"),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            msg("The configuration cannot be used:"),
            faults=(msg("{file}: there is no such file in {folder}", file=path.name, folder=str(path.parent)),),
            to_do=msg("Put it back from the program's own config/ folder, then run the command again"),
        ) from None


#: The commonest faults in the user's language; the others keep the words of the validation library.
_FAULTS = {
    "extra_forbidden": msg("this key is not known"),
    "missing": msg("this key is needed"),
    "string_type": msg("a text between quotation marks is needed"),
    "int_type": msg("a whole number is needed"),
    "bool_type": msg("true or false is needed"),
}


def _line_of(text: str, location: tuple[int | str, ...]) -> int:
    """The line of a key: the n-th table of its name, then the key itself; the table's line if it is absent."""
    lines = text.splitlines()
    line = 0
    for position, part in enumerate(location):
        if isinstance(part, int):
            continue
        follower = location[position + 1] if position + 1 < len(location) else None
        wanted = follower if isinstance(follower, int) else 0
        pattern = re.compile(rf'\s*\[*(?:[\w".-]+\.)?"?{re.escape(part)}"?(\]|\s*=)')
        found = [number for number in range(line, len(lines)) if pattern.match(lines[number])]
        if len(found) <= wanted:
            break
        line = found[wanted]
    return line + 1
