"""Two engines, one reader: what is too large for memory is read as what is not, or refused."""

from pathlib import Path

import pytest

from pipelines.config import SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest import large_ends, large_lines, read_export
from pipelines.ingest.convert_export import Conversion, convert_export
from pipelines.language import Language

HEADER = "No;Date;Âge;Note\n"
ROWS = "".join(f'{n};{n % 28 + 1:02}/03/2024;{n % 60},5;"mot ""{n}""; et\nsuite"\n' for n in range(1, 400))


def convert(folder: Path, content: bytes, name: str) -> Conversion:
    (folder / f"{name}.csv").write_bytes(content)
    return convert_export(folder / f"{name}.csv", folder / name / "t.csv", SourceSettings(id="x", files="*"))


@pytest.fixture
def ends_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small file has a beginning, a middle and an end."""
    monkeypatch.setattr(read_export, "MAX_FILE_BYTES", 1_000)
    monkeypatch.setattr(large_ends, "_HEAD_BYTES", 3_000)
    monkeypatch.setattr(large_ends, "_TAIL_BYTES", 900)
    monkeypatch.setattr(large_ends, "_CHUNK_BYTES", 1_000)
    monkeypatch.setattr(large_lines, "_CHUNK_BYTES", 1_000)


@pytest.mark.parametrize(
    "text",
    [
        HEADER + ROWS,
        "Rapport des demandes\n\n" + HEADER + ROWS,
        HEADER + ROWS + "Total;399;12;\n\nSource : la plateforme des centres\n",
        (HEADER + ROWS).replace("\n", "\r\n").replace("et\r\nsuite", "et\nsuite"),
        HEADER + ROWS + "\n\n" + ROWS[:-1],
        HEADER + ROWS + "400;x\n401;x;y;z;t\n" + ROWS,
    ],
    ids=["plain", "title", "total and note", "returns", "empty lines, open end", "ragged"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_large_file_is_read_as_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, encoding: str
) -> None:
    if encoding == "cp1252" and "Total" in text:
        pytest.skip("the end of a file that must be encoded again is not looked at apart")
    small = convert(tmp_path, text.encode(encoding), "small")
    for module, name, value in (
        (read_export, "MAX_FILE_BYTES", 1_000), (large_ends, "_HEAD_BYTES", 3_000), (large_ends, "_TAIL_BYTES", 900),
        (large_ends, "_CHUNK_BYTES", 1_000), (large_lines, "_CHUNK_BYTES", 1_000),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, value)
    large = convert(tmp_path, text.encode(encoding), "large")

    assert large.account.facts() == small.account.facts()
    assert large.rejects.read_bytes() == small.rejects.read_bytes()
    assert large.table.read_text(encoding="utf-8") == small.table.read_text(encoding="utf-8")


@pytest.mark.usefixtures("ends_are_short")
@pytest.mark.parametrize(
    "damage", ['1;01/03/2024;5;say "x" now\n', '1;01/03/2024;5;"never closed\n', "1;01/03/2024;5;a\x00\n", "1;a\r2;b\n"]
)
def test_a_large_file_that_is_not_regular_is_refused_and_nothing_is_written(tmp_path: Path, damage: str) -> None:
    with pytest.raises(InputRefused) as caught:
        convert(tmp_path, (HEADER + ROWS + damage + ROWS).encode(), "large")

    assert "not regular" in caught.value.one_line(Language("en"))
    assert list((tmp_path / "large").iterdir()) == []


@pytest.mark.usefixtures("ends_are_short")
def test_a_large_file_whose_lines_end_in_two_ways_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        convert(tmp_path, (HEADER + ROWS.replace('"\n', '"\r\n')).encode(), "large")


@pytest.mark.parametrize(
    "inside",
    [
        ";;;\n \t; ;\u00a0;\n",
        HEADER,
        f'9;01/03/2024;5;"{"x" * 5_000}"\n',
        "9;01/03/2024;5;z\u200bw\u202e\n",
        "\n\n",
        '\n9;01/03/2024;5;"a\nb"\n\n',
    ],
    ids=["blank cells", "header again", "long cell", "invisible", "empty lines", "lines in a cell"],
)
def test_what_stands_in_the_middle_of_a_large_file_is_what_it_is_in_a_small_one(
    tmp_path: Path, ends_are_short: None, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    text = (HEADER + ROWS + inside + ROWS + inside + ROWS).encode()
    large = convert(tmp_path, text, "large")
    monkeypatch.setattr(read_export, "MAX_FILE_BYTES", 1_000_000)
    small = convert(tmp_path, text, "small")

    assert large.account.facts() == small.account.facts()
    assert large.rejects.read_bytes() == small.rejects.read_bytes()
    assert large.table.read_text(encoding="utf-8") == small.table.read_text(encoding="utf-8")


@pytest.mark.usefixtures("ends_are_short")
def test_a_total_in_the_middle_of_a_large_file_refuses_it_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as caught:
        convert(tmp_path, (HEADER + ROWS + "Total :;;12;\n" + ROWS).encode(), "large")

    # Each of the 399 rows before takes two lines.
    assert "line 800" in caught.value.one_line(Language("en")).lower()
