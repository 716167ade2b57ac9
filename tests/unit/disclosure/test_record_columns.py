"""A published cell as the columns and codes that tell its records apart."""

from dataclasses import dataclass

import pytest

from pipelines.codes import TOTAL, Code, Vocabularies, Vocabulary
from pipelines.disclosure.record_columns import RecordColumns
from pipelines.tables.coded_records import CodedRecords
from pipelines.tables.dimension import TableDimension
from pipelines.units import RECORD_UNITS, Unit
from tests.made_up_release import dimension

REQUEST, AGGRESSION, LINK = RECORD_UNITS
RELATION = dimension(
    "relationship", {"kin": ("Famille", {"father": "Père", "brother": "Frère"}), "known": ("Connu", {"friend": "Ami"})}
)
CLASSES = dimension("relationship", {"kin": "Famille", "known": "Connu"})
LEAVES = dimension("relationship", {"father": "Père", "brother": "Frère"})
FORM = dimension("aggression_form", {"touch": "Attouchement", "threat": "Menace"}, multi=True, missing=())
YEARS = dimension("period", {"2022-2023": "2022-2023", "2023-2024": "2023-2024"}, missing=())
RESIDENCE = dimension("residence", {"north": "Nord", "south": "Sud"}, missing=())


@dataclass(frozen=True)
class Head:
    """The head of a table."""

    dimensions: tuple[TableDimension, ...]
    unit: Unit = REQUEST
    period: str = "2023-2024"
    leaves_out: tuple[str, ...] = ()
    cells: tuple = ()


def coded(name: str, *codes: tuple[str, str]) -> Vocabulary:
    return Vocabulary(name, tuple(Code(code, code, code, above, 0, None, None, "") for code, above in codes))


@pytest.fixture
def columns() -> RecordColumns:
    relation = coded(
        "relationship", ("kin", ""), ("father", "kin"), ("brother", "kin"), ("known", ""), ("friend", "known")
    )
    form = coded("aggression_form", ("touch", ""), ("threat", ""))
    residence = coded("residence", ("north", ""), ("south", ""))
    lists = {"relationship": relation, "aggression_form": form, "residence": residence}
    return RecordColumns(Vocabularies(lists), frozenset({"aggression_form"}))


IN_2023 = ("period", "2023-2024")


def test_a_total_is_all_the_units_of_the_year(columns: RecordColumns) -> None:
    assert columns.definition(Head((RESIDENCE,)), (TOTAL,)) == (("is_request", "yes"), IN_2023)


def test_a_detail_and_its_class_stand_in_two_columns(columns: RecordColumns) -> None:
    head = Head((RELATION,), LINK)

    assert ("relationship", "father") in columns.definition(head, ("father",))
    assert ("relationship/class", "kin") in columns.definition(head, ("kin",))


def test_the_year_of_a_comparison_is_the_code_of_its_line(columns: RecordColumns) -> None:
    alone = columns.definition(Head((RESIDENCE,), period="2022-2023"), ("north",))

    assert columns.definition(Head((YEARS, RESIDENCE)), ("2022-2023", "north")) == alone


def test_the_total_of_a_table_that_leaves_a_code_out_is_another_group(columns: RecordColumns) -> None:
    part = Head((RESIDENCE,), leaves_out=("south",))

    assert columns.definition(part, (TOTAL,)) != columns.definition(Head((RESIDENCE,)), (TOTAL,))
    assert columns.definition(part, ("north",)) == columns.definition(Head((RESIDENCE,)), ("north",))


def test_each_of_several_answers_is_a_question_of_its_own(columns: RecordColumns) -> None:
    found = columns.definition(Head((FORM,), AGGRESSION), ("touch",))

    assert found == (("aggression_form=touch", "yes"), ("is_aggression", "yes"), IN_2023)


def test_who_does_not_give_an_answer_is_a_group_too(columns: RecordColumns) -> None:
    given = columns.definition(Head((FORM,), AGGRESSION), ("touch",))

    assert dict(columns.complement(given) or ())["aggression_form=touch"] == "no"
    assert columns.complement(columns.definition(Head((RESIDENCE,)), ("north",))) is None


def test_the_attack_and_the_method_mean_the_same_group(columns: RecordColumns) -> None:
    head = Head((RELATION,), LINK)
    where = (("centre", "us"), IN_2023, ("relationship", "father"), ("unit", "aggressor_link"))

    assert columns.of_where(where) == columns.definition(head, ("father",))


def test_the_attack_and_the_method_mean_the_same_total_without_what_is_left_out(columns: RecordColumns) -> None:
    head = Head((RESIDENCE,), leaves_out=("south",))
    where = (("centre", "us"), IN_2023, ("residence", "_except+south"), ("unit", "request"))

    assert columns.of_where(where) == columns.definition(head, (TOTAL,))


@pytest.mark.parametrize(
    ("listed", "code", "is_empty"),
    [
        pytest.param(CLASSES, "father", False, id="a detail of a class that is listed may be somebody"),
        pytest.param(LEAVES, "kin", False, id="a class of which details are listed may be somebody"),
        pytest.param(LEAVES, "friend", True, id="a detail that is not listed among others is nobody"),
        pytest.param(CLASSES, "other", True, id="an answer that is not listed is nobody"),
        pytest.param(CLASSES, "kin", False, id="an answer that is listed tells itself"),
    ],
)
def test_a_code_that_a_table_does_not_list(
    columns: RecordColumns, listed: TableDimension, code: str, *, is_empty: bool
) -> None:
    assert columns.is_left_empty(listed, code) is is_empty


def test_everybody_gives_one_of_several_answers_at_least(columns: RecordColumns) -> None:
    head = Head((FORM,), AGGRESSION)

    (cover,) = columns.covers(head, (TOTAL,))

    assert cover.whole == columns.definition(head, (TOTAL,))
    assert set(cover.parts) == {columns.definition(head, (code,)) for code in ("touch", "threat")}


def test_the_groups_around_a_group_have_an_answer_less_or_the_class_of_one(columns: RecordColumns) -> None:
    father = columns.definition(Head((RELATION,), LINK), ("father",))

    around = set(columns.wider(father, [(REQUEST, AGGRESSION, LINK), (LINK,)]))

    assert columns.definition(Head((RELATION,), LINK), ("kin",)) in around
    assert columns.definition(Head((RELATION,), LINK), (TOTAL,)) in around


def test_a_finer_unit_is_around_a_coarser_one_only_where_every_record_is_both(columns: RecordColumns) -> None:
    whole = columns.definition(Head((RESIDENCE,)), (TOTAL,))
    links = columns.definition(Head((RESIDENCE,), LINK), (TOTAL,))

    assert links in set(columns.wider(whole, [(REQUEST, LINK), (LINK,)]))
    assert links not in set(columns.wider(whole, [(REQUEST, LINK), (REQUEST,)]))


def test_records_are_read_by_class_and_by_what_is_left_out(columns: RecordColumns) -> None:
    records = CodedRecords(("relationship",), (("father",), ("friend",), ("refus",)))

    assert columns.values(records, "relationship/class") == ("kin", "known", "refus")
    assert columns.values(records, "relationship/except+kin") == ("no", "yes", "yes")


def test_the_codes_of_records_are_told_with_their_classes(columns: RecordColumns) -> None:
    records = CodedRecords(("relationship",), (("father",), ("refus",)))

    assert columns.codes_in(records, "relationship") == ("father", "kin", "refus")
    assert columns.codes_in(records, "residence") == ()
