"""Folders of public releases read back together, as a stranger who found them would."""

import json
import re
from dataclasses import replace

import pytest

from pipelines.disclosure.reading.read_release_folder import read_folders
from pipelines.disclosure.release_files import write_release_tables
from pipelines.errors import InputRefused
from pipelines.language import Language
from tests.made_up_release import made_up_release
from tests.published_folder import FRENCH, public_release, write_public_folder, write_workbook

FEW = ("requester_type", "relationship", "relationship_by_year")


def write_release(folder, **changes):
    release, _ = public_release(FEW)
    write_release_tables(replace(release, **changes), folder)
    return folder


def fault_of(*folders):
    with pytest.raises(InputRefused) as refused:
        read_folders(folders)
    return refused.value.one_line(Language("en"))


def test_a_release_with_its_page_is_read_back(tmp_path):
    release, hidden = write_public_folder(tmp_path / "release", FRENCH, FEW)

    published = read_folders([tmp_path / "release"])

    own = [cell for cell in published.cells if not cell.is_certain_zero]
    assert len(own) == sum(len(table.cells) for table in release.tables)
    assert sum(cell.value is None for cell in own) == len(hidden)


def test_the_digits_of_a_centres_name_are_no_number(tmp_path):
    write_public_folder(tmp_path / "release", FRENCH, FEW, centre_id="ligne137")

    assert read_folders([tmp_path / "release"]).dimensions["centre"] == ("ligne137",)


def test_two_releases_are_held_together(tmp_path):
    one = write_release(tmp_path / "one")
    two = write_release(tmp_path / "two", centre_id="autre")

    assert read_folders([one, two]).dimensions["centre"] == ("exemple", "autre")


def test_an_internal_release_is_refused(tmp_path):
    write_release_tables(made_up_release(), tmp_path / "internal")

    assert "internal" in fault_of(tmp_path / "internal")


def test_no_folder_is_refused():
    assert "No folder" in fault_of()


def test_a_folder_without_a_release_is_refused(tmp_path):
    assert "tables.json is absent" in fault_of(tmp_path)


def test_protected_tables_of_elsewhere_stand_alone(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "SPEC.json").write_text("{}")

    assert "same people" in fault_of(tmp_path / "elsewhere", write_release(tmp_path / "one"))


@pytest.mark.parametrize(
    "spoilt", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"schema_version": 2, "tables": 3}']
)
def test_tables_that_are_not_ours_are_refused_in_one_line(tmp_path, spoilt):
    folder = write_release(tmp_path / "one")
    (folder / "tables.json").write_bytes(spoilt)

    assert "changed" in fault_of(folder)


@pytest.mark.parametrize("spoilt", [b"", b"a,b\n", b'"', b"\xff", b"requester_type,1\n"])
def test_cells_that_are_not_ours_are_refused_in_one_line(tmp_path, spoilt):
    folder = write_release(tmp_path / "one")
    (folder / "cells.csv").write_bytes(spoilt)

    assert "changed" in fault_of(folder)


@pytest.mark.parametrize(
    "row",
    [
        "relationship,count,aggressor_link,relationship,unheard_of,,,,,9,shown",
        "relationship,count,aggressor_link,relationship,mere,a,b,,,9,shown",
        "relationship,count,aggressor_link,relationship,pere,,,,,9,shown",
        "relationship,count,aggressor_link,,,,,,,-9,shown",
    ],
)
def test_cells_that_their_table_does_not_have_are_refused(tmp_path, row):
    folder = write_release(tmp_path / "one")
    with (folder / "cells.csv").open("a", encoding="utf-8") as cells:
        cells.write(row + "\n")

    assert "changed" in fault_of(folder)


@pytest.mark.parametrize("rule", [{"k": 10**9}, {"k": 0}, {"k": "5"}, {"record_kinds": []}])
def test_a_rule_that_none_of_our_releases_has_is_refused(tmp_path, rule):
    folder = write_release(tmp_path / "one")
    described = json.loads((folder / "tables.json").read_text())
    described["protection"] |= rule
    (folder / "tables.json").write_text(json.dumps(described))

    assert "changed" in fault_of(folder)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html>",
        '<html lang="fr"><figure id="chart-none"></figure>',
        '<html lang="fr"><figure id="chart-relationship"><script type="application/json">{"data": 3}</script></figure>',
        '<html lang="fr"><figure id="chart-relationship"><script type="application/json">'
        '{"data": [{"y": "a"}], "layout": {}}</script></figure>',
    ],
)
def test_a_page_that_is_not_ours_is_refused_in_one_line(tmp_path, page):
    folder = write_release(tmp_path / "one")
    (folder / "dashboard.html").write_text(page)

    assert "page" in fault_of(folder)


def test_a_page_that_says_more_is_told_by_its_place_and_never_by_its_number(tmp_path):
    release, hidden = write_public_folder(tmp_path / "release", FRENCH, FEW)
    page = tmp_path / "release" / "dashboard.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"(Mère</th>)<td.*?</td>", r"\1<td>987</td>", text, count=1))

    fault = fault_of(tmp_path / "release")

    assert "relationship mere (table row detail)" in fault
    assert "987" not in fault


def test_a_shown_number_that_the_page_tells_otherwise_is_refused(tmp_path):
    write_public_folder(tmp_path / "release", FRENCH, FEW)
    page = tmp_path / "release" / "dashboard.html"
    text = page.read_text(encoding="utf-8")
    changed = re.sub(r'(data-raw="1201"[^>]*>)1\u00a0201<', "\\g<1>1\u00a0202<", text)
    assert changed != text
    page.write_text(changed, encoding="utf-8")

    assert "requester_type" in fault_of(tmp_path / "release")


def test_a_workbook_with_a_number_where_the_cells_have_none_is_refused(tmp_path):
    folder = write_release(tmp_path / "one")
    write_workbook(folder / "tables.xlsx", ["Père", "Mère"], [20, 987])

    fault = fault_of(folder)

    assert "relationship mere (tables.xlsx/xl/worksheets/sheet1.xml)" in fault
    assert "987" not in fault


def test_a_workbook_with_the_same_signs_is_accepted(tmp_path):
    folder = write_release(tmp_path / "one")
    write_workbook(folder / "tables.xlsx", ["Père", "Mère"], [20, "s"])

    assert read_folders([folder]).cells


def test_missing_answers_that_are_hidden_are_not_counted_elsewhere(tmp_path):
    folder = write_release(tmp_path / "one")
    described = json.loads((folder / "tables.json").read_text())
    described["tables"][0]["missing"] = 4
    (folder / "tables.json").write_text(json.dumps(described))

    assert "tables.json" in fault_of(folder)
