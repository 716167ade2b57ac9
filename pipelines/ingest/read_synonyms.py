"""The words that platforms use for our columns, codes and answers: `config/synonyms/*.csv`, text that a person edits.

`headers.csv` (`entity,column,language,words,sense`): what a column may be called (`for`), and words that speak
against it. `values.csv` (`vocabulary,language,words,code`): words for a code beside its labels. `answers.csv`
(`language,words,meaning`): yes, no, and the kinds of missing answer. They only help to propose: a mapping is what a
person accepted.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.codes import Code, Vocabularies, Vocabulary
from pipelines.entities import ENTITIES
from pipelines.errors import ConfigurationError
from pipelines.language import Message, msg

YES, NO = "yes", "no"
Field = tuple[str, str]
_HEADERS = ("entity", "column", "language", "words", "sense")
_VALUES = ("vocabulary", "language", "words", "code")
_ANSWERS = ("language", "words", "meaning")
#: Words that join others, in the four languages: two names that differ by them alone are the same name.
_JOINING = frozenset(
    ["a", "al", "au", "aux", "com", "con", "d", "da", "das", "de", "del", "des", "do", "dos", "du", "e", "el", "en"]
    + ["et", "for", "from", "in", "l", "la", "las", "le", "les", "los", "o", "of", "ou", "par", "para", "por", "que"]
    + ["the", "to", "un", "una", "une", "with", "y", "avec"]
)


@dataclass(frozen=True)
class Synonyms:
    """Everything in the form in which names are compared (`plain_words`)."""

    headers: Mapping[Field, tuple[tuple[str, ...], ...]]
    against: Mapping[Field, tuple[tuple[str, ...], ...]]
    #: By vocabulary: the words and the code that they stand for, labels of the code list included.
    values: Mapping[str, tuple[tuple[str, str], ...]]
    #: By word: `yes`, `no`, or a kind of missing answer; several where languages differ.
    answers: Mapping[str, frozenset[str]]

    def missing_kind(self, text: str) -> str | None:
        """The kind of missing answer that a word stands for, if it does."""
        # Numbers and dates, of which a column has thousands, are no words: 999 is judged where ages are read.
        if text[:1].isdigit() and len(text) > 1:
            return None
        kinds = self.answers.get(plain(text), frozenset()) - {YES, NO}
        return min(kinds) if kinds else None

    def means(self, text: str, answer: str) -> bool:
        """Whether a word is a yes (or a no) in one of the languages."""
        return answer in self.answers.get(plain(text), frozenset())


def plain(text: str) -> str:
    """Lower case without accents, words apart by one space: `Llamado_Fecha-Hora` is `llamado fecha hora`."""
    # The ending of the other gender is no word: `Conjoint(e)`, `Amoureux(-euse)`.
    bare = re.sub(r"(?<=\w)\(-?\w{1,6}\)", "", text)
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ][a-zà-ÿ])", " ", bare)
    decomposed = unicodedata.normalize("NFD", apart.casefold().replace("œ", "oe"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9]+", letters)) or text.strip()


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a name that say something; all of them where none does."""
    words = plain(text).split()
    return tuple(word for word in words if word not in _JOINING) or tuple(words)


def read_synonyms(folder: Path, vocabularies: Vocabularies) -> Synonyms:
    """Read the three files; raises `ConfigurationError` with every line that names nothing we know."""
    faults: list[Message] = []
    headers: dict[Field, list[tuple[str, ...]]] = defaultdict(list)
    against: dict[Field, list[tuple[str, ...]]] = defaultdict(list)
    for line, row in _rows(folder / "headers.csv", _HEADERS, faults):
        field = (row["entity"], row["column"])
        if field[0] not in ENTITIES or field[1] not in ENTITIES[field[0]] or row["sense"] not in ("for", "against"):
            faults.append(_unknown("headers.csv", line))
            continue
        (headers if row["sense"] == "for" else against)[field].append(plain_words(row["words"]))
    values = {name: dict(_labels(vocabularies, name)) for name in vocabularies}
    for line, row in _rows(folder / "values.csv", _VALUES, faults):
        # An empty code: these words have no single code, and no likeness may propose one.
        known = row["vocabulary"] in values and (not row["code"] or row["code"] in vocabularies[row["vocabulary"]])
        if not known:
            faults.append(_unknown("values.csv", line))
            continue
        values[row["vocabulary"]][plain(row["words"])] = row["code"]
    answers: dict[str, set[str]] = defaultdict(set)
    meanings = {YES, NO} | {code.code for code in vocabularies.missing.codes}
    for line, row in _rows(folder / "answers.csv", _ANSWERS, faults):
        if row["meaning"] not in meanings:
            faults.append(_unknown("answers.csv", line))
        answers[plain(row["words"])].add(row["meaning"])
    if faults:
        raise ConfigurationError(
            msg("The synonyms cannot be used:"),
            faults=tuple(faults),
            to_do=msg("Correct these lines in config/synonyms, then run the command again"),
        )
    return Synonyms(
        {field: tuple(words) for field, words in headers.items()},
        {field: tuple(words) for field, words in against.items()},
        {name: tuple(words.items()) for name, words in values.items()},
        {word: frozenset(found) for word, found in answers.items()},
    )


def _labels(vocabularies: Vocabularies, name: str) -> Iterator[tuple[str, str]]:
    """The labels of the codes that data may carry; what stands in parentheses is also left out.

    A label that stands under several classes has no single code by itself; in such a list every code is also called
    by its class and its own label, as a platform writes them together.
    """
    vocabulary = vocabularies[name]
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for code in vocabulary.leaves:
        for label, above in _names(vocabulary, code):
            for text in (re.sub(r"\([^)]*\)", " ", label), label):
                said[plain(text)][code.code] = plain(f"{above} {text}")
    needs_class = any(len(codes) > 1 for codes in said.values())
    for text, codes in said.items():
        yield text, next(iter(codes)) if len(codes) == 1 else ""
        if needs_class:
            yield from ((with_class, code) for code, with_class in codes.items() if with_class != text)


def _names(vocabulary: Vocabulary, code: Code) -> Iterator[tuple[str, str]]:
    """What a code is called, with what its class is: by its code, in English, in French."""
    above = vocabulary[code.parent] if code.parent else None
    yield code.code.replace("_", " "), above.code.replace("_", " ") if above else ""
    yield code.label_en, above.label_en if above else ""
    yield code.label_fr, above.label_fr if above else ""


def _rows(path: Path, header: tuple[str, ...], faults: list[Message]) -> Iterator[tuple[int, Mapping[str, str]]]:
    if not path.is_file():
        faults.append(msg("{folder} holds no file {name}.csv", folder=path.parent.name, name=path.stem))
        return
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text, strict=True)
        if tuple(reader.fieldnames or ()) != header:
            faults.append(msg("{file}, line 1: the header must be {columns}", file=path.name, columns=",".join(header)))
            return
        for row in reader:
            yield reader.line_num, row


def _unknown(file: str, line: int) -> Message:
    return msg("{file}, line {line}: this column, code list or code is not known", file=file, line=str(line))
