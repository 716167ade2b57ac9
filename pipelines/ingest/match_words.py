"""How alike two names are, and which codes a word of an export may stand for: candidates, never a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from pipelines.ingest.read_synonyms import Synonyms, plain, plain_words

#: A word at least so alike is proposed; below, it is left to the person.
PROPOSED = 0.75
#: A candidate at least so alike is shown beside it.
SHOWN = 0.5
_CANDIDATES = 3
# Two words so alike are one word with another ending or a slip of the keyboard.
_SAME_WORD = 85.0
# Letters that a name and its phrase share, when the name says more (`Vecino de la cuadra`).
_PHRASE_WEIGHT, _NAME_WEIGHT = 0.65, 0.3
# Words that make another person or the contrary of the same: one more or one less, and nothing is proposed.
_TURNING = frozenset(
    ["autre", "beau", "belle", "demi", "ex", "foster", "former", "grand", "grande", "great", "half", "medio", "meio"]
    + ["no", "non", "not", "nao", "outra", "outro", "other", "otra", "otro", "quasi", "sans", "sin", "step", "without"]
)
_TURNED = 0.7


@dataclass(frozen=True)
class Candidate:
    """A code and how alike its words are to the export's, from 0 to 1."""

    code: str
    similarity: float


@dataclass(frozen=True)
class ValueMatch:
    """One word of an export with the codes it may stand for, the most alike first."""

    value: str
    candidates: tuple[Candidate, ...]
    #: What the export itself calls it, where the value is the key of another file.
    label: str = ""
    #: The synonyms say that no single code is right for this word (an empty code): a person decides.
    is_left: bool = False

    @property
    def code(self) -> str:
        """The code that is proposed, or nothing: then the word goes to be classified."""
        is_likely = self.confidence >= PROPOSED and not self.is_left
        return self.candidates[0].code if is_likely else ""

    @property
    def confidence(self) -> float:
        return self.candidates[0].similarity if self.candidates else 0.0


def name_similarity(words: Sequence[str], synonyms: Iterable[Sequence[str]]) -> float:
    """How well a column's name says one of these phrases, from 0 to 1; words that it adds count a little against it."""
    return max((_phrase_similarity(words, phrase) for phrase in synonyms), default=0.0)


def _phrase_similarity(words: Sequence[str], phrase: Sequence[str]) -> float:
    found = [word for word in phrase if any(_is_same(word, other) for other in words)]
    said = sum(map(len, found)) / sum(map(len, phrase))
    told = sum(any(_is_same(word, other) for word in phrase) for other in words) / len(words)
    return 0.75 * said + 0.25 * told if said > 0.5 else 0.5 * said


def _is_same(one: str, other: str) -> bool:
    if one == other:
        return True
    # Platforms cut words short: `notific`, `resi`, `prov`.
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and long.startswith(short):
        return True
    return len(short) >= 4 and fuzz.ratio(one, other) >= _SAME_WORD


def match_values(
    values: Iterable[str], vocabulary: str, synonyms: Synonyms, labels: Mapping[str, str]
) -> tuple[ValueMatch, ...]:
    """Each word with its candidates in a code list, and the kind of missing answer where the export's label is one."""
    phrases = synonyms.values[vocabulary]
    listed = list(values)
    said = [plain(labels.get(value, value)) for value in listed]
    alike = _similarities(said, [phrase for phrase, _ in phrases])
    matches = []
    for place, value in enumerate(listed):
        best: dict[str, float] = defaultdict(float)
        for (_, code), similarity in zip(phrases, alike[place], strict=True):
            best[code] = max(best[code], similarity)
        if value in labels and (kind := synonyms.missing_kind(labels[value])):
            best[kind] = 1.0
        left = best.pop("", 0.0)
        ranked = sorted(best.items(), key=lambda item: -item[1])[:_CANDIDATES]
        shown = tuple(Candidate(code, round(similarity, 2)) for code, similarity in ranked if similarity >= SHOWN)
        is_left = left > (ranked[0][1] if ranked else 0.0)
        matches.append(ValueMatch(value, shown, labels.get(value, ""), is_left))
    return tuple(matches)


def _similarities(values: list[str], phrases: list[str]) -> list[list[float]]:
    """By value and phrase: the likeness of their letters in any order of words, or of the words that they share."""
    straight = process.cdist(values, phrases, scorer=fuzz.ratio)
    sorted_words = process.cdist(values, phrases, scorer=fuzz.token_sort_ratio)
    rows: list[list[float]] = (np.maximum(straight, sorted_words) / 100).tolist()
    holding: dict[str, list[int]] = defaultdict(list)
    phrase_words = [frozenset(plain_words(phrase)) for phrase in phrases]
    for place, words in enumerate(phrase_words):
        for word in words:
            holding[word].append(place)
    for row, value in zip(rows, values, strict=True):
        words = frozenset(plain_words(value))
        for place in {place for word in words for place in holding[word]}:
            row[place] = max(row[place], _shared(words, phrase_words[place]))
        turning = words & _TURNING
        for place, phrase in enumerate(phrase_words):
            if row[place] > _TURNED and phrase & _TURNING != turning:
                row[place] = _TURNED
    return rows


def _shared(words: frozenset[str], phrase: frozenset[str]) -> float:
    letters = sum(map(len, words & phrase))
    return _PHRASE_WEIGHT * letters / sum(map(len, phrase)) + _NAME_WEIGHT * letters / sum(map(len, words))


def list_similarity(matches: Sequence[ValueMatch], counts: Mapping[str, int]) -> float:
    """How well a code list fits a column: the share of its words, and of its records, that have a likely code."""
    if not matches:
        return 0.0
    # A word that the synonyms leave to a person belongs to the list all the same.
    fits = {match.value: 1.0 if match.is_left else match.confidence if match.code else 0.0 for match in matches}
    by_word = sum(fits.values()) / len(fits)
    total = sum(counts[value] for value in fits) or 1
    return 0.5 * by_word + 0.5 * sum(fit * counts[value] for value, fit in fits.items()) / total
