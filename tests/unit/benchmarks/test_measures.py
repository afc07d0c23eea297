"""Measures of the detection benchmark, by hand."""

import numpy as np
import pytest

from benchmarks.replay.measures import (
    auc,
    average_precision,
    brier_skill,
    calibration_error,
    lift,
    perfect_calibration_error,
    slope,
)

GONE = np.array([True, False, True, False])


def test_ranking_by_hand() -> None:
    """Of four pairs of one that went and one that stayed, three are in order; precision 1 and 2/3."""
    score = np.array([0.9, 0.8, 0.7, 0.1])
    assert auc(GONE, score) == 0.75
    assert average_precision(GONE, score) == pytest.approx((1 + 2 / 3) / 2)


def test_ties_count_half_and_share_their_precision() -> None:
    assert auc(GONE, np.zeros(4)) == 0.5
    assert average_precision(GONE, np.zeros(4)) == 0.5


def test_lift_is_that_of_the_top_tenth() -> None:
    gone = np.arange(40) < 10
    assert lift(gone, -np.arange(40.0)) == 4
    assert lift(gone, np.arange(40.0)) == 0


def test_calibration_of_chances_that_are_right_and_wrong() -> None:
    random = np.random.default_rng(3)
    chance = random.uniform(0.05, 0.6, 20_000)
    gone = random.random(len(chance)) < chance
    assert calibration_error(gone, chance) < perfect_calibration_error(chance) < 0.015
    assert slope(gone, chance) == pytest.approx(1, abs=0.05)
    assert calibration_error(gone, chance / 2) == pytest.approx(chance.mean() / 2, abs=0.01)
    assert brier_skill(gone, np.full(len(gone), gone.mean())) == pytest.approx(0)
    assert brier_skill(gone, chance) > 0.05
