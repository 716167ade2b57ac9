"""`bilan convert`: plain CSV, and beside it every record that is not in it."""

import csv
import json
import stat
from pathlib import Path

import pytest

from pipelines import cli

MESSY = 'Rapport\n\nNo;Date;Réponse\n1;01/02/2024;"à; ""b""\nc"\n2;x\n3;03/02/2024;Mère\nTotal;2;\n4;"y\n'


def convert(folder: Path, content: bytes, *options: str) -> int:
    (folder / "export.csv").write_bytes(content)
    return cli.main(["convert", str(folder / "export.csv"), "--out", str(folder / "out" / "t.csv"), *options], {})


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_messy_file_becomes_a_plain_one_and_a_list_of_what_is_not_in_it(tmp_path: Path, encoding: str) -> None:
    assert convert(tmp_path, MESSY.encode(encoding)) == 0

    assert rows(tmp_path / "out" / "t.csv") == [
        ["No", "Date", "Réponse"],
        ["1", "01/02/2024", 'à; "b"\nc'],
        ["3", "03/02/2024", "Mère"],
    ]
    assert rows(tmp_path / "out" / "t.rejects.csv") == [
        ["row", "status", "reason"],
        ["1", "recognised", "preamble"],
        ["6", "rejected", "too_few_cells"],
        ["8", "recognised", "total"],
        ["9", "rejected", "open_quote"],
    ]


def test_the_plain_file_is_utf8_with_commas_and_line_feeds(tmp_path: Path) -> None:
    convert(tmp_path, "a;b\r\né,;1\r\n".encode("cp1252"))

    assert (tmp_path / "out" / "t.csv").read_bytes() == 'a,b\n"é,",1\n'.encode()


def test_both_files_are_private(tmp_path: Path) -> None:
    convert(tmp_path, MESSY.encode())

    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_converting_what_was_converted_changes_nothing(tmp_path: Path) -> None:
    convert(tmp_path, MESSY.encode())
    once = (tmp_path / "out" / "t.csv").read_bytes()

    convert(tmp_path, once)

    assert (tmp_path / "out" / "t.csv").read_bytes() == once
    assert len(rows(tmp_path / "out" / "t.rejects.csv")) == 1


def test_the_account_is_told_in_words_without_a_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    convert(tmp_path, MESSY.encode(), "--lang", "en")

    told = capsys.readouterr().out
    assert "physical records: 8" in told
    assert "REJECTED: line 6: it has fewer cells than the header names" in told
    assert "Mère" not in told


def test_json_tells_the_account_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    convert(tmp_path, MESSY.encode(), "--json")

    facts = json.loads(capsys.readouterr().out)
    assert facts["records"] == facts["loaded"] + sum(facts["recognised"].values()) + sum(facts["rejected"].values())
    assert facts["rejected"] == {"open_quote": 1, "too_few_cells": 1}


def test_what_is_said_is_obeyed(tmp_path: Path) -> None:
    convert(tmp_path, "a,b;c\n1,2;\u00e9\n".encode("cp850"), "--delimiter", ";", "--encoding", "cp850")

    assert rows(tmp_path / "out" / "t.csv") == [["a,b", "c"], ["1,2", "é"]]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"PK\x03\x04rest", "été\n".encode().decode("cp1252").encode()])
def test_what_holds_no_table_or_cannot_be_read_is_refused_and_nothing_is_written(
    tmp_path: Path, content: bytes
) -> None:
    assert convert(tmp_path, content) == 3

    assert not (tmp_path / "out").exists()


def test_a_file_is_never_written_over_itself(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(b"a;b\n1;2\n")

    assert cli.main(["convert", str(path), "--out", str(path)], {}) == 2
    assert path.read_bytes() == b"a;b\n1;2\n"


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert cli.main(["convert", str(tmp_path / "x.csv"), "--out", str(tmp_path / "y.csv")], {}) == 2
