"""Consistent reports have nothing to tell; one planted defect is always found."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.quality.printed_figure import COUNT, HOUR, PERCENT, Figure, Part, TableKey
from pipelines.quality.rounding import Percentage, fits_by_largest_remainder, fits_by_rounding, printed_share
from pipelines.tables.percentages import apportion
from tests.made_up_figures import FAULTS, audit

hours = st.integers(min_value=1, max_value=4_000).map(lambda quarters: Decimal(quarters) / 4)
columns = st.lists(hours, min_size=2, max_size=12)
reports = st.lists(columns, min_size=1, max_size=4)
counts_of_answers = st.lists(st.integers(min_value=0, max_value=15), min_size=2, max_size=5).filter(any)


def hour(table: str, row: str, value: Decimal, part: Part) -> Figure:
    return Figure(TableKey("rapport", "section", table), row, "heures", HOUR, value, 2, part, 0)


def report_of(tables: list[list[Decimal]]) -> list[Figure]:
    """Tables with their totals, and a summary that repeats each under the name of its table."""
    made: list[Figure] = []
    for number, values in enumerate(tables):
        made += [hour(f"activité {number}", f"ligne {row}", value, Part.PART) for row, value in enumerate(values)]
        made.append(hour(f"activité {number}", "Total", sum(values, Decimal(0)), Part.TOTAL))
    made += [
        hour("résumé", f"Activité {number}", sum(values, Decimal(0)), Part.PART) for number, values in enumerate(tables)
    ]
    made.append(hour("résumé", "Total", sum((sum(values, Decimal(0)) for values in tables), Decimal(0)), Part.TOTAL))
    return [replace(figure, line=line) for line, figure in enumerate(made, start=2)]


def percentages(counts: list[int], n: int) -> list[Decimal]:
    return [printed_share(count, n, 0) for count in counts]


def answers(lines: list[list[Decimal]], n: int) -> list[Figure]:
    place = TableKey("rapport", "section", "évaluation")
    made = [Figure(place, "Répondantes", "personnes", COUNT, Decimal(n), 0, Part.FIGURE, 2)]
    for number, values in enumerate(lines):
        for level, value in enumerate(values):
            made.append(
                Figure(place, f"question {number}", f"niveau {level}", PERCENT, value, 0, Part.PART, 3 + len(made))
            )
    return made


def faults(listed: list[Figure]) -> list[object]:
    return [outcome for outcome in audit(listed).outcomes if outcome.state in FAULTS]


@given(reports)
def test_a_report_that_agrees_has_nothing_to_tell(tables):
    found = audit(report_of(tables))

    assert not [outcome for outcome in found.outcomes if outcome.state in FAULTS]
    assert found.judged_figures == found.figures


@given(reports, st.data(), st.integers(min_value=-40, max_value=40).filter(bool))
def test_any_number_that_is_changed_is_found(tables, data, quarters):
    listed = report_of(tables)
    place = data.draw(st.integers(min_value=0, max_value=len(listed) - 1))
    value = listed[place].value + Decimal(quarters) / 4
    assume(value >= 0)
    changed = [*listed[:place], replace(listed[place], value=value), *listed[place + 1 :]]

    assert faults(changed)


@given(reports, st.data())
def test_any_line_that_is_dropped_is_found(tables, data):
    listed = report_of(tables)
    lines = [n for n, figure in enumerate(listed) if figure.part is Part.PART and figure.place.table != "résumé"]
    kept = data.draw(st.sampled_from(lines))

    assert faults([*listed[:kept], *listed[kept + 1 :]])


@given(st.lists(counts_of_answers, min_size=1, max_size=5), st.integers(min_value=3, max_value=60))
def test_percentages_that_come_from_counts_are_possible(lines, n):
    whole = [[*counts, max(0, n - sum(counts))] for counts in lines]
    assume(all(sum(counts) == n for counts in whole))

    assert not faults(answers([percentages(counts, n) for counts in whole], n))


@given(st.lists(counts_of_answers, min_size=1, max_size=6))
def test_the_way_in_which_bilan_itself_rounds_is_right(lines):
    made: list[Figure] = []
    for number, counts in enumerate(lines):
        place = TableKey("rapport", "section", f"évaluation {number}")
        made.append(Figure(place, "Répondantes", "personnes", COUNT, Decimal(sum(counts)), 0, Part.FIGURE, 0))
        for level, tenths in enumerate(apportion(counts)):
            share = Decimal(tenths) / 10
            made.append(Figure(place, "question", f"niveau {level}", PERCENT, share, 1, Part.PART, 0))

    assert not faults([replace(figure, line=line) for line, figure in enumerate(made, start=2)])


@given(counts_of_answers, st.integers(min_value=2, max_value=60), st.integers(min_value=1, max_value=60))
def test_a_percentage_that_no_count_gives_is_found(counts, n, moved):
    assume(sum(counts) <= n)
    values = percentages([*counts, n - sum(counts)], n)
    values[0] = values[0] + moved
    printed = [Percentage(value, 0) for value in values]
    impossible = not printed[0].counts_of(n) and values[0] <= 100
    assume(impossible and not fits_by_rounding(printed, n) and not fits_by_largest_remainder(printed, n))
    # The other lines say that one answer was allowed.
    good = percentages([*counts, n - sum(counts)], n)

    assert faults(answers([good, values, good], n))


@given(st.lists(st.integers(min_value=0, max_value=12), min_size=2, max_size=5), st.integers(min_value=2, max_value=40))
def test_the_nearest_range_of_counts_is_exact(counts, n):
    for count in counts:
        assume(count <= n)
        share = printed_share(count, n, 1)
        found = Percentage(share, 1).counts_of(n)

        assert count in found
        assert all(abs(Fraction(100 * each, n) - Fraction(share)) <= Fraction(1, 20) for each in found)
