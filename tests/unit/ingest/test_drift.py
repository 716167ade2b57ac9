"""What changed since the export before is told by columns and counts; words stay in a private file."""

from pipelines.ingest.drift import CHANGES, compare_profiles, describe_drift, tell_drift, write_profile
from pipelines.language import Language

ENGLISH = Language("en")
WORDS = {"Père": 40, "Voisin": 30, "Inconnu": 30}


def told(before, now) -> list[str]:
    return [ENGLISH.text(line) for line in describe_drift(compare_profiles({"f": before}, {"f": now}), None)]


def test_an_export_like_the_one_before_tells_nothing():
    assert told({"Lien": WORDS, "No": {}}, {"Lien": dict(WORDS), "No": {}}) == []


def test_new_and_missing_columns_are_named():
    assert told({"Lien": WORDS, "Canal": {}}, {"Lien": WORDS, "Durée": {}}) == [
        "f: the column Canal is no longer there",
        "f: the column Durée is new",
    ]


def test_a_column_with_the_same_words_under_another_name_seems_renamed():
    assert told({"Lien": WORDS}, {"Qui": dict(WORDS)}) == ["f: the column Lien now seems to be called Qui"]


def test_a_column_with_nearly_the_same_name_seems_renamed():
    assert told({"Date demande": {}}, {"date_de_demande": {}}) == [
        "f: the column Date demande now seems to be called date_de_demande"
    ]


def test_new_words_and_words_no_longer_used_are_counted_and_not_said():
    lines = told({"Lien": WORDS}, {"Lien": {"Père": 40, "Voisin": 30, "Entraîneur": 1, "Coach": 1}})

    assert lines[:2] == ["f, Lien: 2 new words", "f, Lien: 1 word is no longer used"]
    assert not any(word in line for line in lines for word in ("Entraîneur", "Coach", "Inconnu"))


def test_a_share_that_moved_is_told_in_points():
    assert told({"Lien": WORDS}, {"Lien": {"Père": 65, "Voisin": 20, "Inconnu": 15}}) == [
        "f, Lien: the share of an answer moved by 25 points"
    ]


def test_shares_of_few_answers_move_by_chance_and_are_not_told():
    assert told({"Lien": {"Père": 6, "Voisin": 3}}, {"Lien": {"Père": 3, "Voisin": 6}}) == []


def test_the_words_are_left_in_a_private_file_of_the_newer_load(tmp_path):
    before, now = tmp_path / "a", tmp_path / "b"
    for folder, words in ((before, WORDS), (now, {**WORDS, "Coach": 2})):
        folder.mkdir()
        write_profile(folder, {"f": {"Lien": words}})

    lines = [ENGLISH.text(line) for line in tell_drift(before, now)]
    assert lines == ["f, Lien: 1 new word", f"The words that are new or gone are in {now / CHANGES}"]
    assert "f,Lien,new,Coach,2" in (now / CHANGES).read_text(encoding="utf-8-sig")
    assert (now / CHANGES).stat().st_mode & 0o777 == 0o600


def test_a_load_of_an_earlier_version_tells_nothing(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write_profile(tmp_path / "b", {"f": {"Lien": WORDS}})

    assert tell_drift(tmp_path / "a", tmp_path / "b") == ()
