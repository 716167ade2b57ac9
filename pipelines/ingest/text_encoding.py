"""Which characters the bytes of a text file stand for: by evidence, from the surest to the least sure.

The ladder: what the centre's contract says; a byte order mark; the zero bytes of UTF-16; strict UTF-8;
then Windows-1252, DOS 850 and Mac Roman, of which the one that reads as French or Spanish is taken.
A contract that does not fit is a refusal, never a repair.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pipelines.errors import InputRefused
from pipelines.language import msg

AUTO = "auto"
#: Written as UTF-8 by a program that took UTF-8 for Windows-1252: `Ã©` stands for `é`.
UTF8_TWICE = "utf-8-twice"
#: What stands for a character that was lost before the file came here.
LOST = "\ufffd"

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: What a file begins with that is no text at all, whatever its name says.
_CONTAINERS = (b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF", b"PAR1", b"7z\xbc\xaf", b"SQLite format 3\x00")
_SINGLE_BYTE = ("cp1252", "latin-1", "cp850", "mac_roman")
_HEAD_BYTES = 65_536
_MOST_RUNS = 20_000
#: How much a letter speaks for the encoding that makes it: roughly its rank in written French, then Spanish.
_LETTERS = {
    **dict.fromkeys("é", 3.0),
    **dict.fromkeys("èàêç", 2.0),
    **dict.fromkeys("ôîûùâëïœ’", 1.5),
    **dict.fromkeys("ñáíóúüæ", 1.0),
    **dict.fromkeys("ÉÈÊÀÇ", 1.5),
    **dict.fromkeys("ÔÎÂŒËÏÛÙ", 0.7),
    **dict.fromkeys("ÑÁÍÓ«»“”‘–—…€°²³½£©®µ±\u00a0¿¡ªº", 0.5),
}
_STRANGE = -2.0
#: Few words begin with a small letter of these: être, ôter, ça.
_RARELY_FIRST = 0.5
#: Windows-1252 is far the commonest: between equals, it is taken.
_FIRST_CHOICE = 0.6
_SURE = 0.5


@dataclass(frozen=True)
class DecodedText:
    """The characters of a file, and the name of the encoding that they were written in."""

    text: str
    encoding: str
    #: Groups of characters that look encoded twice, in a file that on the whole is not.
    twice_encoded: int = 0


def decode_text(content: bytes, declared: str, file: str) -> DecodedText:
    """The text of a file; `declared` is `auto` or the encoding that is said.

    Raises `InputRefused` where the bytes are not a text, are not in the encoding that is said, or
    where two encodings read equally well.
    """
    if content.startswith(_CONTAINERS):
        raise InputRefused(
            msg("The file {file} is not a text file", file=file),
            why=msg("it begins like an archive, a workbook or another program's file"),
            to_do=msg("Export the file again as CSV UTF-8, or give it the ending of what it is"),
        )
    if declared != AUTO:
        return _decode_as_said(content, declared, file)
    encoding = _marked(content) or _zeroes_of_utf16(content)
    if encoding:
        return DecodedText(_without_marks(content.decode(encoding, errors="replace")), _plain_name(encoding))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_single_byte(content, file)
    return _checked_utf8(text, file)


def _decode_as_said(content: bytes, declared: str, file: str) -> DecodedText:
    marked = _marked(content)
    try:
        if marked and not marked.startswith(declared.removesuffix("-twice")):
            raise UnicodeError
        if declared == UTF8_TWICE:
            return DecodedText(_without_marks(_decode_again(content.decode("utf-8-sig"))), declared)
        encoding = marked or (_zeroes_of_utf16(content) if declared == "utf-16" else None) or declared
        return DecodedText(_without_marks(content.decode(encoding)), _plain_name(encoding))
    except UnicodeError:
        raise _not_readable(file, declared) from None


def _not_readable(file: str, encodings: str) -> InputRefused:
    return InputRefused(
        msg("The characters of {file} cannot be read", file=file),
        why=msg("it is not written in {encoding}", encoding=encodings),
        to_do=msg("Export the file again as CSV UTF-8, or correct the encoding in the centre's configuration"),
    )


def _marked(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _zeroes_of_utf16(content: bytes) -> str | None:
    """UTF-16 without a mark: in Latin scripts nearly every second byte is zero, on one side."""
    head = content[:_HEAD_BYTES]
    pairs = len(head) // 2
    if pairs < 2 or b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0) / pairs, head[1::2].count(0) / pairs
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.05 else None


def _plain_name(encoding: str) -> str:
    return "utf-16" if encoding.startswith("utf-16") else encoding


def _without_marks(text: str) -> str:
    """Files put end to end, or saved twice, begin with more than one mark."""
    return text.lstrip("\ufeff")


def _checked_utf8(text: str, file: str) -> DecodedText:
    runs = [match.group() for match, _ in zip(re.finditer(r"[^\x00-\x7f]+", text), range(_MOST_RUNS), strict=False)]
    twice = sum(_is_encoded_twice(run) for run in runs)
    if twice and twice >= 0.9 * len(runs):
        raise InputRefused(
            msg("The accents of {file} were damaged before it came here", file=file),
            why=msg("{count} groups of characters are encoded twice", count=twice),
            to_do=msg(
                "Export the file again; or declare the encoding {encoding} and each is read as the letter it was",
                encoding=UTF8_TWICE,
            ),
        )
    return DecodedText(_without_marks(text), "utf-8", twice)


def _is_encoded_twice(run: str) -> bool:
    return len(run) > 1 and _decode_again(run) != run


def _decode_again(text: str) -> str:
    """Undo one encoding too many, group by group; what was encoded once stays."""

    def mend(match: re.Match[str]) -> str:
        try:
            return b"".join(map(_windows_byte, match.group())).decode("utf-8")
        except UnicodeError:
            return match.group()

    return re.sub(r"[^\x00-\x7f]{2,}", mend, text)


def _windows_byte(letter: str) -> bytes:
    # Windows-1252 leaves five bytes without a letter; programs write the control character of that number.
    return letter.encode("latin-1" if ord(letter) < 0xA0 else "cp1252")


def _decode_single_byte(content: bytes, file: str) -> DecodedText:
    damaged = content.decode("utf-8", errors="replace")
    accents = sum(1 for letter in damaged if letter > "\x7f" and letter != LOST)
    lost = damaged.count(LOST)
    # In a single-byte file hardly two bytes in a row form UTF-8; here most do, so the others are damaged.
    if accents > 2 * lost:
        return DecodedText(_without_marks(damaged), "utf-8")
    encoding = _best_single_byte(content, file)
    return DecodedText(content.decode(encoding), encoding)


def _best_single_byte(content: bytes, file: str) -> str:
    around = Counter(
        (content[max(match.start() - 1, 0) : match.start()], match.group(), content[match.end() : match.end() + 1])
        for match, _ in zip(re.finditer(rb"[\x80-\xff]", content), range(_MOST_RUNS), strict=False)
    )
    scores = {encoding: _score(around, encoding) for encoding in _SINGLE_BYTE if _can_decode(content, encoding)}
    if "cp1252" in scores:
        scores["cp1252"] += _FIRST_CHOICE
    best = max(scores, key=lambda encoding: scores[encoding])
    text = content.decode(best)
    rivals = [
        encoding
        for encoding, score in scores.items()
        if scores[best] - score < _SURE and content.decode(encoding) != text
    ]
    if rivals:
        raise InputRefused(
            msg("The accents of {file} can be read in two ways", file=file),
            why=msg("{encodings} fit equally well", encodings=", ".join([best, *rivals])),
            to_do=msg("Export the file again as CSV UTF-8, or declare the encoding"),
        )
    return best


def _can_decode(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _score(around: Counter[tuple[bytes, bytes, bytes]], encoding: str) -> float:
    """How well the letters sit among their neighbours."""
    return sum(count * _weight(*(part.decode(encoding) for part in neighbours)) for neighbours, count in around.items())


def _weight(before: str, letter: str, after: str) -> float:
    weight = _LETTERS.get(letter, _STRANGE)
    if letter.isupper() and weight > 0 and (before.islower() or (after.islower() and before.isalpha())):
        return _STRANGE
    if letter.islower() and before.isupper() and after.isupper():
        return _STRANGE / 2
    if weight > _RARELY_FIRST and letter.islower() and letter not in "éà" and not before.isalpha() and after.isalpha():
        return _RARELY_FIRST
    return weight
