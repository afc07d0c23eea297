import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from signals.compute.wilson import wilson_interval


@pytest.mark.parametrize(("hits", "total"), [(0, 5), (5, 5), (2, 9), (37, 200)])
def test_the_interval_is_that_of_scipy(hits: int, total: int) -> None:
    other = binomtest(hits, total).proportion_ci(method="wilson")
    assert wilson_interval(hits, total) == pytest.approx((other.low, other.high), abs=1e-12)


def test_without_a_case_anything_is_possible() -> None:
    assert wilson_interval(0, 0) == (0, 1)


@pytest.mark.parametrize(("hits", "total"), [(-1, 3), (4, 3)])
def test_what_cannot_be_counted_is_refused(hits: int, total: int) -> None:
    with pytest.raises(ValueError, match="hits must be"):
        wilson_interval(hits, total)


@given(st.integers(0, 200).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_share_lies_within_its_interval(counted: tuple[int, int]) -> None:
    hits, total = counted
    low, high = wilson_interval(hits, total)
    assert 0 <= low <= high <= 1
    assert not total or low - 1e-12 <= hits / total <= high + 1e-12
