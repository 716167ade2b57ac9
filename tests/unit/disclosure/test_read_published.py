"""Folders of protect-table that a stranger may have made: refused in one line, never a crash."""

import json

import pytest

from pipelines.disclosure.reading.read_published import read_protected_folder
from pipelines.errors import InputRefused
from pipelines.language import Language

CELLS = "age,table,value,status\n_total,0,60,shown\na,0,,hidden\nb,0,,hidden\nc,0,50,shown\n"
SPEC = {"tables": [["age"]], "k": 5}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cells.csv").write_text(CELLS)
    (tmp_path / "SPEC.json").write_text(json.dumps(SPEC))
    (tmp_path / "record.json").write_text("{}")
    return tmp_path


def test_the_cells_of_a_folder_are_read(folder):
    assert [cell.value for cell in read_protected_folder(folder).cells] == [60, None, None, 50]


@pytest.mark.parametrize("name", ["cells.csv", "SPEC.json", "record.json"])
@pytest.mark.parametrize("spoilt", [b"\xff", b"[]", b"3", b'"', b"[" * 100_000])
def test_a_spoilt_file_is_refused_in_one_line(folder, name, spoilt):
    (folder / name).write_bytes(spoilt)

    with pytest.raises(InputRefused) as refused:
        read_protected_folder(folder)

    assert "protect-table" in refused.value.one_line(Language("en"))


@pytest.mark.parametrize("row", ["a,7,3,shown", "a,-1,3,shown", "a,0,many,shown", "a,0,3,hidden", "a,0,3,secret", "a"])
def test_a_spoilt_row_is_refused(folder, row):
    (folder / "cells.csv").write_text(CELLS + row + "\n")

    with pytest.raises(InputRefused):
        read_protected_folder(folder)
