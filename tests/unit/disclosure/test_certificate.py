"""Certificates hold by adding up alone, and the check finds whatever was changed in them."""

import stat
from dataclasses import replace

import pytest

from pipelines.disclosure.attacker.certificate import certify
from pipelines.disclosure.attacker.certificate_check import check_certificates
from pipelines.disclosure.attacker.certificate_files import Certificates, read_certificates, write_certificates
from pipelines.disclosure.reading.published import Nesting, PublishedCell, PublishedSet
from pipelines.errors import InputRefused

HIDDEN = None


def cell(value, table="t", universe="", **where):
    return PublishedCell(table, tuple(sorted(where.items())), value, universe)


PUBLISHED = PublishedSet(
    dimensions={"age": ("a", "b", "c"), "town": ("m", "n"), "sex": ("f", "h")},
    cells=(
        cell(90), cell(30, age="a"), cell(28, age="b"), cell(32, age="c"), cell(46, town="m"), cell(44, town="n"),
        cell(HIDDEN, age="a", town="m"), cell(HIDDEN, age="a", town="n"), cell(HIDDEN, age="b", town="m"),
        cell(HIDDEN, age="b", town="n"), cell(32, age="c", town="m"), cell(0, age="c", town="n"),
        cell(60, "u", sex="f"), cell(30, "u", sex="h"), cell(27, "u", age="a", sex="f"),
        cell(8, "u", age="b", sex="h"),
    ),
    zeros_are_published=True,
    k=5,
)  # fmt: skip

SEVERAL = PublishedSet(
    dimensions={"form": ("p1", "p2", "q"), "sex": ("f", "h")},
    groups={"form": {"p": frozenset({"p1", "p2"})}},
    multi_answer=frozenset({"form"}),
    cells=(
        cell(20), cell(12, sex="f"), cell(8, sex="h"),
        *(cell(value, form=form, sex=sex) for form, sex, value in [
            ("p", "f", 9), ("p", "h", 6), ("p1", "f", HIDDEN), ("p2", "f", HIDDEN), ("p1", "h", HIDDEN),
            ("p2", "h", HIDDEN), ("q", "f", HIDDEN), ("q", "h", HIDDEN)]),
    ),
    zeros_are_published=True,
    k=5,
)  # fmt: skip

NESTED = PublishedSet(
    dimensions={"village": ("v1", "v2", "v3"), "county": ("x", "y")},
    nestings=(Nesting("village", "county", {"v1": "x", "v2": "x", "v3": "y"}),),
    cells=(
        cell(50), cell(30, county="x"), cell(20, county="y"),
        cell(HIDDEN, village="v1"), cell(HIDDEN, village="v2"), cell(20, village="v3"),
    ),
    zeros_are_published=True,
    k=5,
)  # fmt: skip

TWO_UNIVERSES = PublishedSet(
    dimensions={"age": ("a", "b", "c"), "place": ("d", "e", "g")},
    cells=(
        *(cell(value, "requests", "requests", **where) for value, where in [
            (60, {}), (40, {"age": "a"}), (HIDDEN, {"age": "b"}), (HIDDEN, {"age": "c"})]),
        *(cell(value, "calls", "calls", **where) for value, where in [
            (80, {}), (50, {"place": "d"}), (HIDDEN, {"place": "e"}), (HIDDEN, {"place": "g"})]),
    ),
    zeros_are_published=True,
    k=5,
)  # fmt: skip


def faults(published, certificates):
    return [fault.msgid for fault in check_certificates(published, certificates.sets, certificates.cells)]


def with_records(certificates, change):
    """The same certificates with the records of the first set changed."""
    first = certificates.sets[0]
    return Certificates(
        (replace(first, records=change(dict(first.records))), *certificates.sets[1:]), certificates.cells
    )


@pytest.mark.parametrize(
    "published",
    [PUBLISHED, SEVERAL, NESTED, TWO_UNIVERSES],
    ids=["crossed", "several_answers", "nested", "two_universes"],
)
def test_certificates_hold_by_adding_up(published):
    certificates = certify(published, time_limit_s=10)

    assert faults(published, certificates) == []


def test_a_hidden_cell_is_shown_at_its_lowest_value_and_at_k_minus_one():
    certificates = certify(PUBLISHED, time_limit_s=10)

    ends = {one.where: (one.value_low, one.value_high) for one in certificates.cells}
    assert [ends[(("age", age), ("town", "m"))] for age in "ab"] == [(1, 4), (1, 4)]


def test_one_set_serves_several_cells():
    certificates = certify(PUBLISHED, time_limit_s=10)

    assert len(certificates.sets) < 2 * len(certificates.cells)


def test_certificates_are_read_back_as_they_were_written(tmp_path):
    certificates = certify(TWO_UNIVERSES, time_limit_s=10)

    write_certificates(certificates, tmp_path / "out")

    assert read_certificates(tmp_path / "out") == certificates


def test_certificate_files_are_private(tmp_path):
    write_certificates(certify(NESTED, time_limit_s=10), tmp_path / "out")

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()}
    assert (modes, stat.S_IMODE((tmp_path / "out").stat().st_mode)) == ({0o600}, 0o700)


def test_a_count_changed_by_one_is_found():
    def one_more(records):
        combination = min(records)
        return records | {combination: records[combination] + 1}

    changed = with_records(certify(PUBLISHED, time_limit_s=10), one_more)

    assert "the set {number} does not give the table {table}" in faults(PUBLISHED, changed)


def test_a_person_moved_to_an_empty_cell_is_found():
    certificates = certify(PUBLISHED, time_limit_s=10)
    age, town = (certificates.sets[0].dimensions.index(name) for name in ("age", "town"))

    def fill(records):
        combination = next(codes for codes in records if codes[age] == "c")
        moved = list(combination)
        moved[town] = "n"
        return records | {combination: records[combination] - 1, tuple(moved): 1}

    assert "the set {number} does not give the table {table}" in faults(PUBLISHED, with_records(certificates, fill))


def test_a_hidden_cell_emptied_within_its_margins_is_found():
    """Every shown number holds: only that a zero would have been published tells."""
    published = replace(
        NESTED, cells=tuple(one for one in NESTED.cells if one.value is None or "village" not in dict(one.where))
    )
    certificates = certify(published, time_limit_s=10)

    def empty(records):
        v1, v2 = (next(codes for codes in records if village in codes) for village in ("v1", "v2"))
        return {codes: count for codes, count in records.items() if codes != v1} | {v2: records[v1] + records[v2]}

    changed = with_records(certificates, empty)
    assert "the set {number} does not give the table {table}" in faults(published, changed)


def test_a_village_in_another_county_is_found():
    certificates = certify(NESTED, time_limit_s=10)
    county = certificates.sets[0].dimensions.index("county")

    def misplace(records):
        return {
            tuple("y" if place == county and "v1" in codes else code for place, code in enumerate(codes)): count
            for codes, count in records.items()
        }

    assert "the set {number} holds a record that cannot be" in faults(NESTED, with_records(certificates, misplace))


def test_a_record_without_any_answer_is_found():
    certificates = certify(SEVERAL, time_limit_s=10)
    form = certificates.sets[0].dimensions.index("form")

    def silence(records):
        combination = min(codes for codes in records if codes[form] == "q")
        silent = tuple("" if place == form else code for place, code in enumerate(combination))
        return records | {silent: records[combination]}

    assert "the set {number} holds a record that cannot be" in faults(SEVERAL, with_records(certificates, silence))


def test_a_value_that_its_set_does_not_give_is_found():
    certificates = certify(PUBLISHED, time_limit_s=10)
    first = replace(certificates.cells[0], value_high=certificates.cells[0].value_high + 1)

    changed = Certificates(certificates.sets, (first, *certificates.cells[1:]))

    assert faults(PUBLISHED, changed) == ["a hidden cell of the table {table} has no valid certificate"]


def test_one_set_told_twice_is_no_certificate():
    certificates = certify(PUBLISHED, time_limit_s=10)
    first = certificates.cells[0]
    same = replace(first, set_high=first.set_low, value_high=first.value_low)

    changed = Certificates(certificates.sets, (same, *certificates.cells[1:]))

    assert faults(PUBLISHED, changed) == ["a hidden cell of the table {table} has no valid certificate"]


def test_answers_go_first_to_who_has_none():
    """Ten and ten answers of twenty records: nobody gives two."""
    published = PublishedSet(
        dimensions={"age": ("a", "b", "c"), "form": ("p", "q")},
        multi_answer=frozenset({"form"}),
        cells=(
            cell(20), cell(10, age="a"), cell(HIDDEN, age="b"), cell(HIDDEN, age="c"),
            cell(10, form="p"), cell(10, form="q"),
        ),
        zeros_are_published=True,
        k=5,
    )  # fmt: skip

    certificates = certify(published, time_limit_s=10)

    assert faults(published, certificates) == []


def test_a_cell_that_is_known_exactly_has_no_certificate():
    published = replace(NESTED, cells=(*NESTED.cells, cell(26, village="v1")))

    assert len(faults(published, certify(published, time_limit_s=10))) == 2


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="cannot be read"):
        read_certificates(tmp_path)


def test_a_file_in_another_form_is_refused(tmp_path):
    write_certificates(certify(NESTED, time_limit_s=10), tmp_path)
    (tmp_path / "certificate_cells.csv").write_text("table,universe\nt,many,few\n", encoding="utf-8")

    with pytest.raises(InputRefused, match="cannot be read"):
        read_certificates(tmp_path)
