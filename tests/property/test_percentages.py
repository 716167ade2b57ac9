"""Whatever the counts, printed shares make exactly 100.0 and none is a tenth away from the truth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tables.percentages import WHOLE, apportion, share_of

counts = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40)
some_counts = counts.filter(any)


@given(some_counts)
def test_shares_make_exactly_the_whole(values):
    assert sum(apportion(values)) == WHOLE


@given(some_counts)
def test_each_share_is_less_than_a_tenth_from_its_exact_value(values):
    exact = [Fraction(value * WHOLE, sum(values)) for value in values]

    assert all(abs(share - true) < 1 for share, true in zip(apportion(values), exact, strict=True))


@given(some_counts)
def test_a_larger_count_never_has_a_smaller_share(values):
    shares = [share for _, share in sorted(zip(values, apportion(values), strict=True))]

    assert shares == sorted(shares)


@given(some_counts)
def test_nothing_has_no_share(values):
    assert all(share == 0 for value, share in zip(values, apportion(values), strict=True) if value == 0)


@given(some_counts, st.integers(min_value=0, max_value=WHOLE))
def test_a_class_is_shared_among_its_codes_without_rest(values, whole):
    assert sum(apportion(values, whole)) == whole


@given(st.integers(min_value=0, max_value=40))
def test_no_unit_at_all_gives_no_share_at_all(size):
    assert apportion([0] * size) == [0] * size


@given(counts, st.integers(max_value=-1))
def test_a_negative_count_is_refused(values, negative):
    with pytest.raises(ValueError, match="never negative"):
        apportion([*values, negative])


def test_equal_counts_give_the_spare_tenth_to_the_first():
    assert apportion([1, 1, 1]) == [334, 333, 333]


def test_the_published_relationships_make_one_hundred():
    assert apportion([42, 43, 35, 15, 8, 5, 1]) == [282, 288, 235, 101, 54, 33, 7]


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=10**9))
def test_a_share_on_its_own_is_at_most_half_a_tenth_away(count, base):
    assert abs(share_of(count, base) - Fraction(count * WHOLE, base)) <= Fraction(1, 2)


def test_a_share_of_nothing_is_nothing():
    assert share_of(0, 0) == 0
