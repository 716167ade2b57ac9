"""Files that belong together: each join and each choice on drawn tables, every record accounted for."""

import hashlib
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from pipelines.config import ColumnSource, SourceSettings
from pipelines.errors import InputRefused
from pipelines.ingest.read_export import RawTable
from pipelines.ingest.relate_sources import find_repeated_files, relate_sources
from pipelines.ingest.source_cells import raw_cells
from pipelines.ingest.source_records import SourceTable, all_records, identical_records
from pipelines.language import Language, Text
from pipelines.relations import JoinSettings, faults_of_relations
from tests.small_centre import rows_of

WHY = {"fr": "pas à nous", "en": "not ours"}

VICTIMS = """
    victim | incident | age
    V1     | I1       | 20
    V2     | I2       | 30
    V3     |          | 40
    V4     | I9       | 50
"""
INCIDENTS = """
    incident | place
    I1       | home
    I2       | street
    I3       | home
"""


def table(drawing: str, name: str = "file.csv", content: str = "") -> SourceTable:
    header, *rows = rows_of(drawing)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    fingerprint = hashlib.sha256((content or drawing).encode()).hexdigest()
    return all_records(RawTable(name=name, sha256=fingerprint, encoding="utf-8", frame=frame))


def source(name: str, **settings: Any) -> SourceSettings:
    return SourceSettings(id=name, files="*", **settings)


def related(incidents: str = INCIDENTS, **join: Any) -> SourceTable:
    sources = [source("victim", join=[{"source": "incident", "on": "incident", **join}]), source("incident")]
    tables = {"victim": [table(VICTIMS, "victims.csv")], "incident": [table(incidents, "incidents.csv")]}
    return relate_sources(sources, tables)["victim"][0]


def test_the_columns_of_the_other_file_stand_beside_under_its_name() -> None:
    victims = related(columns=["place"], unmatched="empty")

    assert victims.frame["incident.place"].to_list() == ["home", "street", "", ""]
    assert victims.rows.to_list() == [2, 3, 4, 5]


def test_a_key_that_the_other_file_lacks_refuses_the_export_with_its_row_and_without_the_key() -> None:
    with pytest.raises(InputRefused) as refused:
        related(columns=["place"])

    line = refused.value.one_line(Language("en"))
    assert "victims.csv" in line and "row 5" in line
    assert "I9" not in line


def test_records_without_a_match_are_set_aside_with_their_reason_and_keep_their_rows() -> None:
    victims = related(columns=["place"], unmatched="set_aside", reason=WHY)

    assert victims.rows.to_list() == [2, 3]
    assert [(part.reason.fr, part.count) for part in victims.set_aside] == [("pas à nous", 2)]


def test_a_mark_says_whether_the_other_file_holds_the_key_however_often() -> None:
    victims = related(INCIDENTS + "    I1       | school\n", mark="known", unmatched="empty")

    assert victims.frame["known"].to_list() == ["yes", "yes", "no", "no"]
    assert victims.height == 4


def test_a_key_with_two_contents_is_refused_where_a_column_is_asked_for() -> None:
    with pytest.raises(InputRefused) as refused:
        related(INCIDENTS + "    I1       | school\n", columns=["place"], unmatched="empty")

    assert "school" not in refused.value.one_line(Language("en"))


def test_a_key_that_is_repeated_with_the_same_content_is_one() -> None:
    victims = related(INCIDENTS + "    I1       | home\n", columns=["place"], unmatched="empty")

    assert victims.height == 4


def test_a_choice_keeps_the_records_whose_word_is_listed_and_counts_the_others() -> None:
    sources = [source("incident", keep=[{"column": "place", "values": ["Home"], "reason": WHY}])]

    incidents = relate_sources(sources, {"incident": [table(INCIDENTS)]})["incident"][0]

    assert incidents.frame["incident"].to_list() == ["I1", "I3"]
    assert incidents.rows.to_list() == [2, 4]
    assert [part.count for part in incidents.set_aside] == [1]


def test_a_join_sees_what_the_other_source_kept() -> None:
    sources = [
        source("victim", join=[{"source": "incident", "on": "incident", "unmatched": "set_aside", "reason": WHY}]),
        source("incident", keep=[{"column": "place", "values": ["home"], "reason": WHY}]),
    ]
    tables = {"victim": [table(VICTIMS)], "incident": [table(INCIDENTS)]}

    assert relate_sources(sources, tables)["victim"][0].frame["victim"].to_list() == ["V1"]


def test_a_column_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(InputRefused) as refused:
        related(columns=["town"], unmatched="empty")

    line = refused.value.one_line(Language("en"))
    assert "town" in line and "incident, place" in line


@pytest.mark.parametrize(
    ("joins", "fault"),
    [
        ({"a": "b"}, "does not exist"),
        ({"a": "b", "b": "a"}, "in a circle"),
        ({"a": "b", "b": ""}, ""),
    ],
)
def test_joins_to_nothing_or_in_a_circle_are_faults_of_the_configuration(joins: dict[str, str], fault: str) -> None:
    settings = {name: [JoinSettings(source=other, on="x")] if other else [] for name, other in joins.items()}

    found = faults_of_relations(settings)

    assert (fault in found) if fault else found == ""


@pytest.mark.parametrize("join", [{"unmatched": "set_aside"}, {"reason": WHY}])
def test_a_reason_goes_with_what_is_set_aside_and_with_nothing_else(join: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        JoinSettings(source="a", on="x", **join)


def test_several_cells_are_read_together_and_all_empty_is_no_answer() -> None:
    drawn = table("code | end\n11A | C\n | \n11A | ")

    cells = raw_cells(drawn, "aggression_form.form_code", ColumnSource.model_validate({"combine": ["code", "end"]}))

    assert cells.to_list() == ["11A | C", "", "11A | "]


def test_the_words_of_another_column_are_taken_where_they_say_more() -> None:
    drawn = table("kind | age\n5 | 30\n6 | \n4 | 1")
    origin = ColumnSource.model_validate({"from": "age", "unless": {"column": "kind", "values": {"6": "99", "4": ""}}})

    assert raw_cells(drawn, "aggression.age_at_aggression", origin).to_list() == ["30", "99", ""]


def test_a_header_in_capitals_is_the_same_header() -> None:
    drawn = table("AGE | OTHER\n30 | x")

    assert raw_cells(drawn, "request.age_at_request", ColumnSource.model_validate({"from": "age"})).to_list() == ["30"]


def test_the_same_bytes_twice_are_read_once() -> None:
    one, other = find_repeated_files([table(INCIDENTS, "a.csv").file, table(INCIDENTS, "b.csv").file])

    assert one is None
    assert other == Text("Déjà chargé : même contenu que a.csv", "Already loaded: same content as a.csv")


def test_the_same_table_in_another_format_is_read_once() -> None:
    text = table("Age | Town\n32,0 | A\n7 | B", "x.csv").file
    workbook = table("AGE | TOWN\n32 | A\n7 | B", "x.xlsx").file

    one, other = find_repeated_files([text, workbook])

    assert (one is None, other is None) == (True, False)


@pytest.mark.parametrize("other", ["AGE | TOWN\n32 | A\n8 | B", "AGE | TOWN\n32 | A", "AGE | CITY\n32 | A\n7 | B"])
def test_the_same_name_with_another_table_is_refused(other: str) -> None:
    with pytest.raises(InputRefused):
        find_repeated_files([table("Age | Town\n32,0 | A\n7 | B", "x.csv").file, table(other, "x.xlsx").file])


def test_the_same_name_in_two_folders_is_two_files() -> None:
    assert find_repeated_files([table("age\n32", "x.csv").file, table("age\n7", "x.csv").file]) == (None, None)


def test_identical_records_are_counted_beyond_the_first() -> None:
    assert identical_records(table("a | b\n1 | 2\n1 | 2\n1 | 3\n1 | 2").file) == 2
