"""The system of record, from outside: nothing twice, nothing lost, nothing guessed, and a stop harms nothing."""

import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines import storage
from pipelines.errors import ConfigurationError, InputRefused, StorageError
from pipelines.ingest.apply_corrections import HEADER
from pipelines.ingest.load_package import LoadPackage, open_load
from pipelines.language import Language
from pipelines.storage import recover
from tests.foreign_centre import REPOSITORY, read_csv, run_bilan
from tests.small_centre import SmallCentre

REQUESTS = """
    request_id | request_date | requester_type_code | age_at_request
    D1         | 2023-04-01   | victime_femme       | 30
    D2         | 2023-05-01   | victime_ado         | 15
    D3         | 2023-06-01   | parent              |
"""
MARKER = "Zqxvalue"


def centre_of(folder: Path) -> SmallCentre:
    centre = SmallCentre(folder, request=REQUESTS)
    text = centre.settings.read_text(encoding="utf-8")
    centre.settings.write_text(text.replace('"request.csv"', '"request*.csv"'), encoding="utf-8")
    return centre


def add_file(centre: SmallCentre, name: str, *rows: str) -> None:
    header = "request_id;request_date;requester_type_code;age_at_request"
    (centre.raw / name).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")


def correct(centre: SmallCentre, *lines: tuple[str, ...]) -> None:
    folder = centre.workspace.config / "corrections"
    folder.mkdir(exist_ok=True)
    with (folder / "petit.csv").open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows((HEADER, *lines))


def requests_of(load: LoadPackage) -> list[str]:
    return sorted(pl.read_parquet(load.frame_file("request"))["request_id"].to_list())


def line_of(error: ConfigurationError | InputRefused | StorageError) -> str:
    return error.one_line(Language("en"))


# --- The same thing twice -------------------------------------------------------------------------


def test_the_same_export_is_the_same_load_and_is_not_read_again(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    first = centre.load()

    again = centre.load()

    assert first.is_new and not again.is_new
    assert again.manifest == first.manifest


def test_the_same_file_under_another_name_is_already_loaded(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    shutil.copy(centre.raw / "request.csv", centre.raw / "request_copy.csv")

    load = centre.load()

    copy = load.manifest["files"][1]
    assert (copy["records"], copy["loaded"]) == (3, 0)
    assert copy["set_aside"] == [
        {
            "fr": "Déjà chargé : même contenu que request.csv",
            "en": "Already loaded: same content as request.csv",
            "count": 3,
        }
    ]
    assert requests_of(load) == ["D1", "D2", "D3"]


def test_a_record_that_two_deliveries_hold_word_for_word_is_counted_once(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    add_file(centre, "request_more.csv", "D3;2023-06-01;parent;", "D4;2023-07-01;parent;")

    load = centre.load()

    assert requests_of(load) == ["D1", "D2", "D3", "D4"]
    assert load.manifest["repeated"]["request"] == 1
    assert load.manifest["entities"]["request"] == 4


def test_a_file_says_in_which_load_it_was_first(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    first = centre.load()
    add_file(centre, "request_more.csv", "D4;2023-07-01;parent;")

    second = centre.load()

    assert [file["first_load"] for file in second.manifest["files"]] == [first.load_id, None]


def test_the_command_says_already_loaded_the_second_time(tmp_path: Path) -> None:
    centre_of(tmp_path)
    chosen = ("ingest", "--home", str(tmp_path), "--centre", "petit")
    assert run_bilan(*chosen).returncode == 0

    again = run_bilan(*chosen)

    assert again.returncode == 0
    assert "déjà chargé" in again.stdout + again.stderr


# --- The same number with another content ---------------------------------------------------------


def conflicting(folder: Path) -> SmallCentre:
    centre = centre_of(folder)
    add_file(centre, "request_more.csv", "D3;2023-06-01;parent;17", "D4;2023-07-01;parent;")
    return centre


def test_a_number_with_two_contents_is_refused_and_listed_without_the_number(tmp_path: Path) -> None:
    centre = conflicting(tmp_path)

    with pytest.raises(InputRefused) as refused:
        centre.load()

    listed = centre.workspace.processed("petit") / "conflicts.csv"
    rows = read_csv(listed)
    assert [(row["entity"], row["file"], row["rows"]) for row in rows] == [
        ("request", "request.csv", "4"),
        ("request", "request_more.csv", "2"),
    ]
    assert len({row["number_sha256"] for row in rows}) == 1
    assert "D3" not in listed.read_text(encoding="utf-8-sig") + line_of(refused.value)
    assert listed.stat().st_mode & 0o777 == 0o600
    assert not list((centre.workspace.processed("petit") / "loads").glob("*/manifest.json"))


def test_a_person_settles_a_conflict_by_a_line_of_the_corrections(tmp_path: Path) -> None:
    centre = conflicting(tmp_path)
    with pytest.raises(InputRefused):
        centre.load()
    correct(centre, ("request.csv", "request_id", "D3", "drop", "", "version corrigée depuis", "accepted", "1"))

    load = centre.load()

    assert requests_of(load) == ["D1", "D2", "D3", "D4"]
    assert not (centre.workspace.processed("petit") / "conflicts.csv").exists()


def test_the_rows_below_a_repeated_number_are_compared_as_a_whole(tmp_path: Path) -> None:
    centre = SmallCentre(
        tmp_path,
        request="""
            request_id | request_date | requester_type_code | age_at_request
            D1         | 2023-04-01   | victime_femme       | 30
        """,
        referral="""
            request_id | referral_source_code | is_main
            D1         | police               | oui
            D1         | proche               | non
        """,
    )
    text = centre.settings.read_text(encoding="utf-8")
    centre.settings.write_text(text.replace('"referral.csv"', '"referral*.csv"'), encoding="utf-8")
    same = (centre.raw / "referral.csv").read_text(encoding="utf-8").splitlines()
    (centre.raw / "referral_again.csv").write_text("\n".join([same[0], same[2], same[1]]) + "\n", encoding="utf-8")

    assert centre.load().manifest["entities"]["referral"] == 2

    (centre.raw / "referral_again.csv").write_text("\n".join(same[:2]) + "\n\n", encoding="utf-8")
    with pytest.raises(InputRefused):
        centre.load()


# --- Corrections ----------------------------------------------------------------------------------


def test_a_correction_changes_what_it_matches_and_is_counted(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    correct(centre, ("request", "request_id", "D3", "set:age_at_request", "16", "âge oublié", "accepted", "1"))

    load = centre.load()

    ages = dict(pl.read_parquet(load.frame_file("request")).select("request_id", "age_at_request").iter_rows())
    assert ages == {"D1": 30, "D2": 15, "D3": 16}
    assert load.manifest["files"][0]["corrected"] == 1


def test_a_record_that_a_correction_leaves_out_is_counted_under_its_reason(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    correct(centre, ("request", "request_id", "D2", "drop", "", "dossier d'essai", "accepted", "1"))

    load = centre.load()

    assert requests_of(load) == ["D1", "D3"]
    assert load.manifest["files"][0]["set_aside"] == [{"fr": "dossier d'essai", "en": "dossier d'essai", "count": 1}]


@pytest.mark.parametrize(("match", "expect"), [(MARKER, "1"), ("D2", "2")])
def test_a_correction_that_does_not_match_what_it_expects_fails_without_telling_the_value(
    tmp_path: Path, match: str, expect: str
) -> None:
    centre = centre_of(tmp_path)
    correct(centre, ("request", "request_id", match, "drop", "", "essai", "accepted", expect))

    with pytest.raises(ConfigurationError) as failed:
        centre.load()

    assert "petit.csv, line 2" in line_of(failed.value)
    assert match not in line_of(failed.value)


def test_a_correction_that_waits_for_a_person_changes_nothing(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    correct(centre, ("request", "request_id", "D2", "drop", "", "à voir", "proposed", "1"))

    assert requests_of(centre.load()) == ["D1", "D2", "D3"]


def test_all_the_faults_of_the_corrections_are_told_at_once_by_line(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    correct(
        centre,
        ("nothing", "request_id", "D2", "drop", "", "essai", "accepted", "1"),
        ("request", "request_id", "D2", "erase", "", "essai", "accepted", "1"),
        ("request", "request_id", "D2", "drop", "", "", "accepted", "1"),
        ("request", "request_id", "D2", "drop", "", "essai", "maybe", "1"),
        ("request", "request_id", "D2", "drop", "", "essai", "accepted", "0"),
    )

    with pytest.raises(ConfigurationError) as failed:
        centre.load()

    assert [f"line {number}" in line_of(failed.value) for number in range(2, 7)] == [True] * 5


def test_corrected_data_are_another_load_under_another_contract(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    before = centre.load()
    correct(centre, ("request", "request_id", "D2", "drop", "", "essai", "accepted", "1"))

    after = centre.load()

    assert after.load_id != before.load_id
    assert after.manifest["contract"] != before.manifest["contract"]
    assert requests_of(before) == ["D1", "D2", "D3"]


# --- Whole or not at all --------------------------------------------------------------------------


def contents(load: LoadPackage) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(load.folder.iterdir())}


def test_a_stop_at_any_point_leaves_no_half_load_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = contents(centre_of(tmp_path / "whole").load())
    real_sync = storage._sync

    for stop in range(1, 100):
        centre = centre_of(tmp_path / f"stop-{stop}")
        calls = iter(range(1, 1000))

        def stopping(path: Path, stop: int = stop, calls: object = calls) -> None:
            if next(calls) == stop:  # type: ignore[call-overload]
                raise KeyboardInterrupt
            real_sync(path)

        monkeypatch.setattr(storage, "_sync", stopping)
        try:
            centre.load()
        except KeyboardInterrupt:
            stopped = True
        else:
            stopped = False
        monkeypatch.setattr(storage, "_sync", real_sync)
        loads = centre.workspace.processed("petit") / "loads"
        recover(loads)

        assert contents(centre.load()) == expected
        assert [path.name for path in loads.iterdir()] == [centre.load().load_id]
        if not stopped:
            break
    assert stop > 10


def test_a_process_that_is_killed_leaves_nothing_that_hinders_the_next(tmp_path: Path) -> None:
    centre = centre_of(tmp_path)
    chosen = [sys.executable, "-m", "pipelines", "ingest", "--home", str(tmp_path), "--centre", "petit"]
    for delay in (0.3, 0.6, 0.9):
        process = subprocess.Popen(chosen, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()

    done = run_bilan(*chosen[3:])

    assert done.returncode == 0, done.stderr
    loads = centre.workspace.processed("petit") / "loads"
    assert all((folder / "manifest.json").is_file() for folder in loads.iterdir())


def test_a_changed_byte_of_a_load_is_found_and_the_way_out_is_told(tmp_path: Path) -> None:
    load = centre_of(tmp_path).load()
    frame = load.frame_file("request")
    damaged = bytearray(frame.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    frame.write_bytes(damaged)

    with pytest.raises(StorageError) as found:
        open_load(load.folder.parent, load.load_id)

    assert "request.parquet" in line_of(found.value)
    assert "bilan ingest" in line_of(found.value)


def test_the_manifest_tells_what_went_in_and_what_came_of_it(tmp_path: Path) -> None:
    load = centre_of(tmp_path).load()

    manifest = json.loads((load.folder / "manifest.json").read_text(encoding="utf-8"))
    (file,) = manifest["files"]
    assert file["sha256"] == storage.fingerprint_file(tmp_path / "data" / "raw" / "petit" / "request.csv")
    assert file["records"] == file["loaded"] == manifest["entities"]["request"] == 3
    assert len(manifest["contract"]) == 64
    assert set(manifest["frames"]) == {path.name for path in load.folder.iterdir()} - {"manifest.json"}


def test_a_load_is_private(tmp_path: Path) -> None:
    load = centre_of(tmp_path).load()

    assert load.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in load.folder.iterdir()} == {0o600}
