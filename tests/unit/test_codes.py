"""The code lists in config/vocabularies, and the faults that a hand-edited list may hold."""

from pathlib import Path

import pytest

from pipelines.codes import Vocabularies, Vocabulary, load_vocabularies
from pipelines.errors import ConfigurationError
from pipelines.language import Language

HEADER = "code,label_fr,label_en,parent,order,valid_from,valid_to,source"
BANDED = HEADER + ",lower,upper"
MISSING = HEADER + "\nrefus,Préfère ne pas répondre,Prefers not to answer,,1,,,essai\n"


@pytest.fixture(scope="module")
def lists(repository: Path) -> Vocabularies:
    return load_vocabularies(repository / "config" / "vocabularies", {})


def bands_of(vocabulary: Vocabulary, value: int) -> list[str]:
    return [
        band.code
        for band in vocabulary.leaves
        if band.lower is not None and band.lower <= value and (band.upper is None or value <= band.upper)
    ]


@pytest.mark.parametrize("name", ["age_at_aggression", "age_at_request"])
def test_every_age_from_0_to_120_is_in_exactly_one_band(lists: Vocabularies, name: str) -> None:
    found = {age: bands_of(lists[name], age) for age in range(121)}

    assert {age: bands for age, bands in found.items() if len(bands) != 1} == {}


def test_every_delay_up_to_a_century_is_in_exactly_one_band(lists: Vocabularies) -> None:
    found = {days: bands_of(lists["delay"], days) for days in range(36_525)}

    assert {days: bands for days, bands in found.items() if len(bands) != 1} == {}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("age_at_aggression", 11, "age_06_11"),
        ("age_at_aggression", 12, "age_12_13"),
        ("age_at_aggression", 17, "age_14_17"),
        ("age_at_aggression", 18, "age_18_24"),
        ("age_at_aggression", 65, "age_65_plus"),
        ("age_at_request", 11, "age_00_11"),
        ("age_at_request", 12, "age_12_13"),
        ("age_at_request", 60, "age_60_plus"),
        ("delay", 4, "delai_moins_5_jours"),
        ("delay", 5, "delai_5_30_jours"),
        ("delay", 365, "delai_1_5_ans"),
        ("delay", 4748, "delai_13_ans_plus"),
    ],
)
def test_a_limit_belongs_to_the_band_that_the_field_says(lists: Vocabularies, name: str, value: int, code: str) -> None:
    assert bands_of(lists[name], value) == [code]


def test_the_public_age_groups_hold_the_finer_bands(lists: Vocabularies) -> None:
    groups = {code.code: code.parent for code in lists["age_at_aggression"].leaves}

    assert [code.code for code in lists["age_at_aggression"].classes] == [
        "groupe_00_11",
        "groupe_12_17",
        "groupe_18_24",
        "groupe_25_plus",
    ]
    assert (groups["age_06_11"], groups["age_12_13"], groups["age_25_34"]) == (
        "groupe_00_11",
        "groupe_12_17",
        "groupe_25_plus",
    )


def test_the_relationship_classes_are_named_as_in_the_public_report(lists: Vocabularies) -> None:
    assert [code.label_fr for code in lists["relationship"].classes] == [
        "Partenaire amoureux/intime",
        "Famille proche",
        "Famille élargie",
        "Entourage",
        "Proxénète/client",
        "Forces de l'ordre",
        "Inconnu",
    ]


def test_no_label_or_code_can_be_taken_for_a_date_by_a_spreadsheet(lists: Vocabularies) -> None:
    texts = [text for name in lists for code in lists[name].codes for text in (code.code, code.label_fr, code.label_en)]

    assert [text for text in texts if text.replace("-", "").replace("/", "").isdigit()] == []


def test_labels_write_the_feminine_with_parentheses_only(lists: Vocabularies) -> None:
    labels = [code.label_fr for name in lists for code in lists[name].codes]

    assert [label for label in labels if "·" in label or "/e" in label or ".e" in label] == []


def refusal_of(folder: Path, name: str, text: str) -> str:
    (folder / "missing_kind.csv").write_text(MISSING, encoding="utf-8")
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_vocabularies(folder, {})
    return caught.value.one_line(Language("en"))


@pytest.mark.parametrize(
    ("bands", "fault"),
    [
        ("a,A,A,,1,,,essai,0,11\nb,B,B,,2,,,essai,11,\n", "overlap or leave a hole"),
        ("a,A,A,,1,,,essai,0,11\nb,B,B,,2,,,essai,13,\n", "overlap or leave a hole"),
        ("a,A,A,,1,,,essai,0,\nb,B,B,,2,,,essai,12,\n", "overlap or leave a hole"),
        ("a,A,A,,1,,,essai,1,11\nb,B,B,,2,,,essai,12,\n", "begin at 0 and have no end"),
        ("a,A,A,,1,,,essai,0,11\nb,B,B,,2,,,essai,12,99\n", "begin at 0 and have no end"),
    ],
    ids=["overlap", "hole", "endless in the middle", "not from 0", "with an end"],
)
def test_bands_that_do_not_cover_every_number_once_are_refused(tmp_path: Path, bands: str, fault: str) -> None:
    assert fault in refusal_of(tmp_path, "age", f"{BANDED}\n{bands}")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("a,A,A,,1,,,essai\na,B,B,,2,,,essai\n", "the code a is given twice"),
        ("a,A,A,nulle_part,1,,,essai\n", "the parent of a does not exist"),
        ("c,C,C,,1,,,essai\nd,D,D,,2,,,essai\na,A,A,c,3,,,essai\n", "the class d has no code below it"),
        ("a,,A,,1,,,essai\n", "the code a lacks a label"),
        ("12-13,A,A,,1,,,essai\n", "a code may only hold a to z"),
        ("a,A,A,,premier,,,essai\n", "line 2"),
    ],
    ids=["duplicate", "unknown parent", "empty class", "no label", "a date in a spreadsheet", "order is no number"],
)
def test_a_faulty_code_list_is_refused_with_the_code_that_is_wrong(tmp_path: Path, rows: str, fault: str) -> None:
    assert fault in refusal_of(tmp_path, "lieu", f"{HEADER}\n{rows}")


def test_a_header_of_other_columns_is_refused(tmp_path: Path) -> None:
    assert "line 1" in refusal_of(tmp_path, "lieu", "code,libelle\na,A\n")


def test_the_faults_of_all_the_lists_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "lieu.csv").write_text(f"{HEADER}\na,,A,,1,,,essai\n", encoding="utf-8")

    told = refusal_of(tmp_path, "lien", f"{HEADER}\nb,,B,,1,,,essai\n")

    assert "lieu.csv" in told
    assert "lien.csv" in told
