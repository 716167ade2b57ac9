"""How a centre calls the people it serves: the words in braces of tables and notebooks, filled in so that they agree.

The choices are in `config/wordings.toml`; a centre makes its own in its configuration. Everything that a reader
sees of a release comes from the catalogue of tables or the notebooks, and both are filled in here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from pipelines.errors import ConfigurationError
from pipelines.language import Text, msg
from pipelines.settings_file import read_settings

_Model = TypeVar("_Model", bound=BaseModel)
_VOWELS = "aeiouhàâéèêëîïôœù"


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WordingSettings(_Settings):
    """`[wording]` of a centre: which of the choices it makes; the first of each where it makes none."""

    people: str | None = None
    survivor: str | None = None


class _Forms(_Settings):
    """One of them, several, one with its article, and the pronoun of several."""

    one: str
    many: str
    a: str
    they: str


class _People(_Settings):
    """`is_feminine`: how French agrees with the word, in the singular and the plural."""

    is_feminine: bool
    fr: _Forms
    en: _Forms


class _Choices(_Settings):
    people: Annotated[dict[str, _People], Field(min_length=1)]
    survivor: Annotated[dict[str, Text], Field(min_length=1)]


@dataclass(frozen=True)
class PeopleWords:
    """The words of one centre."""

    people: _People
    survivor: Text

    @property
    def is_feminine(self) -> bool:
        """How French agrees with what the people served are called."""
        return self.people.is_feminine

    def fill(self, text: str, language_code: str) -> str:
        """The text with these words in the place of their braces; other braces stay for who fills them."""
        words = self._by_name(language_code)
        return _BRACES.sub(lambda found: words[found.group(1)], text)

    def fill_settings(self, settings: _Model) -> _Model:
        """The same for every text of a part of the configuration."""
        return settings.model_copy(update={name: self._filled(value) for name, value in settings})

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Text):
            return Text(self.fill(value.fr, "fr"), self.fill(value.en, "en"))
        if isinstance(value, BaseModel):
            return self.fill_settings(value)
        if isinstance(value, Mapping):
            return {key: self._filled(each) for key, each in value.items()}
        if isinstance(value, tuple):
            return tuple(self._filled(each) for each in value)
        return value

    def _by_name(self, language_code: str) -> dict[str, str]:
        forms: _Forms = getattr(self.people, language_code)
        of = "d'" if forms.many[0] in _VOWELS else "de "
        words = {
            "person": forms.one,
            "persons": forms.many,
            "a_person": forms.a,
            "of_persons": of + forms.many if language_code == "fr" else f"of {forms.many}",
            "they": forms.they,
            "survivor": getattr(self.survivor, language_code),
        }
        return {
            **words,
            **{name.capitalize(): word[0].upper() + word[1:] for name, word in words.items()},
            "e": "e" if self.is_feminine else "",
        }


_NAMES = ("person", "persons", "a_person", "of_persons", "they", "survivor")
_BRACES = re.compile(r"\{(" + "|".join((*_NAMES, *(name.capitalize() for name in _NAMES), "e")) + r")\}")


def load_words(config: Path, wording: WordingSettings, centre_id: str) -> PeopleWords:
    """What a centre calls people; a choice that does not exist is a `ConfigurationError` that names those that do."""
    choices = read_settings(config / "wordings.toml", _Choices)
    asked: dict[str, tuple[str | None, Mapping[str, Any]]] = {
        "people": (wording.people, choices.people),
        "survivor": (wording.survivor, choices.survivor),
    }
    faults = tuple(
        msg(
            "{file}, wording.{key}: “{given}” is no choice; they are {choices}",
            file=f"{centre_id}.toml",
            key=key,
            given=given,
            choices=", ".join(known),
        )
        for key, (given, known) in asked.items()
        if given is not None and given not in known
    )
    if faults:
        raise ConfigurationError(
            msg("The configuration cannot be used:"),
            faults=faults,
            to_do=msg("Give one of the choices of config/wordings.toml, or describe yours there"),
        )
    first, survivor = next(iter(choices.people)), next(iter(choices.survivor))
    return PeopleWords(choices.people[wording.people or first], choices.survivor[wording.survivor or survivor])


@lru_cache(maxsize=1)
def usual_words() -> PeopleWords:
    """The words of a centre that chooses none, as the package brings them."""
    package = Path(__file__).resolve().parent
    config = next(folder for folder in (package.parent / "config", package / "_share" / "config") if folder.is_dir())
    return load_words(config, WordingSettings(), "")
