import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from signals.compute.ranking import auc, auc_of_counts, average_precision, calibration_error, calibration_slope

CASES = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40).filter(
    lambda rows: 0 < sum(gone for gone, _score in rows) < len(rows)
)


def test_auc_counts_pairs_with_ties_half() -> None:
    gone, score = np.array([True, False, True, False]), np.array([3.0, 2.0, 1.0, 1.0])
    assert auc(gone, score) == pytest.approx((1 + 1 + 0 + 0.5) / 4)


@given(CASES)
def test_auc_of_counts_is_that_of_the_cases(rows: list[tuple[bool, int]]) -> None:
    gone, score = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    went, stayed = (np.bincount(score[which], minlength=6) for which in (gone, ~gone))
    assert auc_of_counts(went, stayed) == pytest.approx(auc(gone, score.astype(float)))


def test_auc_of_counts_takes_many_samples_and_says_where_it_cannot_tell() -> None:
    found = auc_of_counts([[0, 1], [0, 0]], [[1, 0], [1, 1]])
    assert found[0] == 1.0
    assert np.isnan(found[1])


def test_average_precision_by_hand() -> None:
    gone = np.array([True, False, True])
    assert average_precision(gone, np.array([3.0, 2.0, 1.0])) == pytest.approx((1 + 2 / 3) / 2)


def test_calibration_error_by_hand() -> None:
    # Ten bins of one case: |.9 - 1| and nine times |.1 - 0|.
    gone, chance = np.arange(10) == 9, np.array([0.1] * 9 + [0.9])
    assert calibration_error(gone, chance) == pytest.approx(0.1)


def test_slope_is_that_with_which_the_outcomes_were_made() -> None:
    chance = np.linspace(0.05, 0.95, 19)
    odds = np.log(chance / (1 - chance))
    cases = np.full(19, 1e6)
    assert calibration_slope(chance, cases * expit(0.3 + 0.5 * odds), cases) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("chance", "gone"), [([0.2, 0.2], [1, 0]), ([0.1, 0.5], [0, 0]), ([0.1, 0.9], [0, 5])])
def test_slope_is_unknown_where_it_cannot_be_told(chance: list[float], gone: list[float]) -> None:
    assert np.isnan(calibration_slope(chance, gone, [5, 5]))
