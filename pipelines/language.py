"""French first: messages, numbers and dates as Quebec writes them, and their English twins.

Messages are English in the code and looked up in `locale/<code>/bilan.po`; the language is chosen
at the border (command line, notebook parameter), never inside. Numbers come from Babel's `fr_CA`
and `en_CA`: `fr_CA` groups with U+00A0, where plain `fr` would use U+202F.
"""

from __future__ import annotations

import datetime
import gettext
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from importlib import resources

LANGUAGES = ("fr", "en")
_LOCALES = {"fr": "fr_CA", "en": "en_CA"}
NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class Message:
    """A sentence in waiting: its English text and what fills its braces."""

    msgid: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 1


def msg(msgid: str, /, **parameters: object) -> Message:
    """A message to be said later in the user's language; the catalogues are extracted from calls to it."""
    return Message(msgid, parameters)


def msg_count(singular: str, plural: str, count: int, /, **parameters: object) -> Message:
    """A message that agrees in number with `count`, which fills `{count}`."""
    return Message(singular, {"count": count, **parameters}, plural, count)


def join(messages: Iterable[Message], separator: str = "; ") -> Message:
    """Several messages as one, each said in the reader's language."""
    parts = {f"part_{number}": message for number, message in enumerate(messages)}
    return Message(separator.join("{" + name + "}" for name in parts), parts)


@dataclass(frozen=True)
class Text:
    """A text that a configuration file or a code list gives in both languages."""

    # Read by pydantic: a misspelt language is an error, as any unknown key.
    __pydantic_config__ = {"extra": "forbid", "str_min_length": 1}

    fr: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.fr if language.code == "fr" else self.en


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(code: str) -> gettext.NullTranslations:
    source = resources.files("pipelines") / "locale" / code / "bilan.po"
    if not source.is_file():
        return gettext.NullTranslations()
    # The readable .po is compiled in memory: no build step can leave a stale binary beside it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as text:
        write_mo(compiled, read_po(text, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True)
class Language:
    """Everything that is written for a reader passes through one of these."""

    code: str

    def __post_init__(self) -> None:
        if self.code not in LANGUAGES:
            raise ValueError(f"language must be one of {LANGUAGES}")

    @property
    def locale(self) -> str:
        return _LOCALES[self.code]

    @property
    def html_tag(self) -> str:
        return self.locale.replace("_", "-")

    def text(self, message: Message) -> str:
        """The message in this language; counts among its parameters are written as numbers."""
        catalogue = _catalogue(self.code)
        if message.plural is None:
            pattern = catalogue.gettext(message.msgid)
        else:
            pattern = catalogue.ngettext(message.msgid, message.plural, message.count)
        if not message.parameters:
            return pattern
        return pattern.format(**{name: self._written(value) for name, value in message.parameters.items()})

    def say(self, msgid: str, /, **parameters: object) -> str:
        """Translate at once, for templates and notebooks that already know their language."""
        return self.text(Message(msgid, parameters))

    def gettext(self, msgid: str) -> str:
        """The bare translation of a library's own sentence (argparse's words)."""
        return _catalogue(self.code).gettext(msgid)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The bare translation, agreeing with `count`, of a library's own sentence."""
        return _catalogue(self.code).ngettext(singular, plural, count)

    def _written(self, value: object) -> object:
        if isinstance(value, Message):
            return self.text(value)
        if isinstance(value, Text):
            return value.in_language(self)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return value
        return self.number(value)

    def number(self, value: int | float | Decimal) -> str:
        """`1378.5` is written `1 378,5` (U+00A0) in French and `1,378.5` in English."""
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.locale)

    def percent(self, tenths: int) -> str:
        """A percentage given in tenths of a percent: 421 is written `42,1 %` (U+00A0)."""
        from babel.numbers import format_decimal

        digits = format_decimal(Decimal(tenths) / 10, format="#,##0.0", locale=self.locale)
        return f"{digits}{NO_BREAK_SPACE}%" if self.code == "fr" else f"{digits}%"

    def duration(self, minutes: int) -> str:
        """Whole minutes as hours: 12 930 is written `215 h 30` (U+00A0), 2 520 `42 h`."""
        hours, rest = divmod(minutes, 60)
        whole = f"{self.number(hours)}{NO_BREAK_SPACE}h"
        return f"{whole}{NO_BREAK_SPACE}{rest:02}" if rest else whole

    def amount(self, cents: int) -> str:
        """Whole cents as dollars: 123 450 is written `1 234,50 $` (U+00A0), 2 500 000 `25 000 $`; `$1,234.50`."""
        from babel.numbers import format_decimal

        form = "#,##0.00" if cents % 100 else "#,##0"
        dollars = format_decimal(Decimal(cents) / 100, format=form, locale=self.locale)
        return f"{dollars}{NO_BREAK_SPACE}$" if self.code == "fr" else f"${dollars}"

    def date(self, value: datetime.date) -> str:
        """`1er avril 2023` (Babel alone would write `1 avril`), `April 1, 2023`."""
        from babel.dates import format_date

        written = format_date(value, format="long", locale=self.locale)
        if self.code == "fr":
            if value.day == 1:
                written = written.replace("1 ", "1er ", 1)
            return written.replace(" ", NO_BREAK_SPACE, 1)
        return written


def both_languages(sentence: Message) -> Text:
    """A sentence of the catalogue as a text that carries both languages."""
    return Text(fr=Language("fr").text(sentence), en=Language("en").text(sentence))
