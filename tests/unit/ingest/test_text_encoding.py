"""Which characters the bytes stand for: said, marked, proved, or weighed; never half guessed."""

import pytest

from pipelines.errors import InputRefused
from pipelines.ingest.text_encoding import decode_text
from pipelines.language import Language

FRENCH = (
    "No;Réponse\n1;Agression à la maternité\n2;mère, père, sœur ou frère\n3;l'été où elle reçut de l'aide\n"
    "4;École secondaire, après-midi\n5;hôpital de Repentigny, été 2023\n6;Forêt, Noël, où, ça, là-bas\n"
)
SPANISH = "No;Respuesta\n1;niña de la señora, violación\n2;año pasado, teléfono público\n3;agresión, opción, país\n"


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman", "utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [FRENCH, SPANISH])
def test_accents_are_read_in_every_encoding_of_the_ladder(text: str, encoding: str) -> None:
    if not _can_write(text, encoding):
        text = text.replace("œ", "oe")

    assert decode_text(text.encode(encoding), "auto", "x.csv").text == text


def _can_write(text: str, encoding: str) -> bool:
    return text.encode(encoding, errors="ignore").decode(encoding) == text


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize("word", ["été", "Église", "reçu", "là", "naïve", "dépôt", "MÈRE", "PÈRE ÂGÉ"])
def test_one_accented_word_is_read_or_refused_but_never_read_wrong(word: str, encoding: str) -> None:
    content = f"a;b\n1;{word}\n".encode(encoding)
    try:
        read = decode_text(content, "auto", "x.csv").text
    except InputRefused:
        return

    assert read == f"a;b\n1;{word}\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_is_believed_and_taken_off(encoding: str) -> None:
    assert decode_text(FRENCH.encode(encoding), "auto", "x.csv").text == FRENCH


def test_a_mark_in_front_of_another_is_taken_off_too() -> None:
    assert decode_text(b"\xef\xbb\xbf" * 2 + b"a;b\n", "auto", "x.csv").text == "a;b\n"


def refusal(content: bytes, encoding: str = "auto") -> str:
    with pytest.raises(InputRefused) as caught:
        decode_text(content, encoding, "x.csv")
    return caught.value.one_line(Language("en"))


def test_text_that_was_encoded_twice_is_refused_with_the_way_to_declare_it() -> None:
    twice = FRENCH.encode().decode("cp1252", errors="ignore").encode()

    assert "utf-8-twice" in refusal(twice)


def test_text_that_is_declared_to_be_encoded_twice_is_mended() -> None:
    once = "No;Réponse\n1;sœur à l’école\n"
    twice = once.encode().decode("cp1252").encode()

    assert decode_text(twice, "utf-8-twice", "x.csv").text == once


def test_a_few_groups_that_look_encoded_twice_are_counted_and_left() -> None:
    text = "été, père, mère, forêt, Noël; Ã© dans une cellule\n"

    decoded = decode_text(text.encode(), "auto", "x.csv")

    assert (decoded.text, decoded.twice_encoded) == (text, 1)


def test_a_damaged_utf8_file_stays_utf8_and_shows_where_it_is_damaged() -> None:
    content = FRENCH.encode() + b"7;\xff\n"

    decoded = decode_text(content, "auto", "x.csv")

    assert decoded.encoding == "utf-8"
    assert decoded.text == FRENCH + "7;\ufffd\n"


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "latin-1", "cp1252"])
def test_what_is_said_is_obeyed(encoding: str) -> None:
    content = b"a\n\x8e\x9d\n" if encoding != "cp1252" else b"a\n\x8e\n"

    assert decode_text(content, encoding, "x.csv").text == content.decode(encoding)


@pytest.mark.parametrize(
    ("content", "encoding"), [("é".encode("cp1252"), "utf-8"), (b"\x81", "cp1252"), ("é".encode("utf-16"), "utf-8")]
)
def test_what_is_said_and_does_not_fit_is_refused(content: bytes, encoding: str) -> None:
    assert "not written in" in refusal(content, encoding)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\x1f\x8b\x08", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1"])
def test_an_archive_or_a_workbook_called_csv_is_refused_for_what_it_is(start: bytes) -> None:
    assert "not a text file" in refusal(start + b"\x00" * 20)
