"""Logistic regression drawn towards log odds that were known."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from signals.compute.ridge import Correction, fit_correction


def drawn(count: int, seed: int = 3) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    odds, kind = rng.normal(-2, 1, count), rng.normal(5, 3, count)
    happened = rng.random(count) < expit(odds + 0.5 * (kind - 5) / 3 + 0.3)
    return odds, {"kind": kind, "noise": rng.normal(0, 1, count)}, happened


def test_fit_agrees_with_a_general_optimiser() -> None:
    odds, features, happened = drawn(400)
    found = fit_correction(odds, features, happened, penalty=10)
    table = np.column_stack([np.clip((each - each.mean()) / each.std(), -4, 4) for each in features.values()])

    def loss(point: np.ndarray) -> float:
        at = odds + point[0] + table @ point[1:]
        return float(np.sum(np.logaddexp(0, at) - happened * at) + 5 * (point[1:] ** 2).sum() + 5e-4 * point[0] ** 2)

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8}).x
    assert [found.intercept, *found.weights.values()] == pytest.approx(best.tolist(), abs=1e-5)


def test_fit_finds_what_was_drawn_and_leaves_noise_alone() -> None:
    found = fit_correction(*drawn(20_000), penalty=10)
    assert found.intercept == pytest.approx(0.3, abs=0.06)
    assert found.weights == pytest.approx({"kind": 0.5, "noise": 0.0}, abs=0.06)


def test_heavy_penalty_leaves_the_known_odds_but_for_their_mean() -> None:
    odds, features, happened = drawn(2_000)
    found = fit_correction(odds, features, happened, penalty=1e9)
    assert found.weights == pytest.approx({"kind": 0, "noise": 0}, abs=1e-6)
    assert found.chance(odds, features).mean() == pytest.approx(happened.mean(), abs=0.001)


def test_constant_feature_and_outcomes_that_all_agree_stay_finite() -> None:
    odds = np.full(50, -1.0)
    found = fit_correction(odds, {"same": np.ones(50)}, np.zeros(50, dtype=bool), penalty=10)
    assert np.isfinite(found.intercept)
    assert (found.chance(odds, {"same": np.full(50, 9.0)}) < 0.2).all()


def test_outcomes_that_are_all_but_sorted_do_not_run_away() -> None:
    """Found on a simulated portfolio: whole Newton steps from here end at weights of 40."""
    rng = np.random.default_rng(1)
    odds, kind = np.full(3_000, -3.5), rng.normal(0, 1, 3_000)
    features = {"kind": kind, "again": kind + rng.normal(0, 0.1, 3_000)}
    found = fit_correction(odds, features, kind > 1.7, penalty=10)
    table = np.column_stack([np.clip((each - each.mean()) / each.std(), -4, 4) for each in features.values()])
    weights = np.array(list(found.weights.values()))
    slope = table.T @ ((kind > 1.7) - found.chance(odds, features)) - 10 * weights
    assert slope == pytest.approx([0, 0], abs=1e-4)
    assert np.abs(weights).max() < 5


def test_far_values_count_as_four_spreads() -> None:
    correction = Correction(0.0, {"kind": 1.0}, {"kind": 0.0}, {"kind": 2.0})
    assert logit(correction.chance(np.zeros(2), {"kind": np.array([8.0, 800.0])})) == pytest.approx([4, 4])


def test_stored_and_read_again_says_the_same() -> None:
    odds, features, happened = drawn(300)
    found = fit_correction(odds, features, happened, penalty=10)
    assert Correction.from_json(found.to_json()) == found
