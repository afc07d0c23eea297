"""Learned weights recover what outcomes were drawn from, and stay at the elicited ones where nothing is known."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logit

from signals.compute.learned_weights import learn_weights
from signals.compute.rules import DEFAULT_RULES, RuleSetValues, SignalWeight

ONE = RuleSetValues(
    weights={
        "order_rhythm": SignalWeight("orders", None, 30),
        "contact_change": SignalWeight("people", 3.0, 8),
        "incident_delay": SignalWeight("service", 1.8, 7),
        "notice_window": SignalWeight("money", 1.0, 2),
    }
)


def drawn(cases: int, truth: dict[str, float], seed: int = 11) -> tuple[pd.DataFrame, pd.Series]:
    """Outcomes drawn from known odds factors, with a fifth of the levels unknown."""
    random = np.random.default_rng(seed)
    levels = pd.DataFrame({key: random.uniform(0, 1, cases) for key in ONE.weights})
    levels = levels.mask(random.uniform(size=levels.shape) < 0.2)
    score = logit(levels["order_rhythm"].fillna(0.1).clip(0.01, 0.99))
    for key, ratio in truth.items():
        score += levels[key].fillna(0) * math.log(ratio)
    return levels, pd.Series(random.uniform(size=cases) < expit(score))


def test_known_weights_are_recovered_within_their_intervals() -> None:
    """Of 40 draws 95 % of the intervals should hold the truth; the prior pulls a little, so fewer may."""
    truth = {"contact_change": 6.0, "incident_delay": 1.2}
    draws = [learn_weights(*drawn(6000, truth, seed), ONE, base_rate=0.1) for seed in range(40)]
    for key, ratio in truth.items():
        found = [draw.ratios[key] for draw in draws]
        assert sum(one.low <= ratio <= one.high for one in found) >= 35
        assert np.mean([math.log(one.ratio / ratio) for one in found]) == pytest.approx(0, abs=0.05)
        assert all(one.low <= one.ratio <= one.high and one.high / one.low < 1.7 for one in found)
    assert {(draw.eta, draw.cases) for draw in draws} == {(1.0, 6000)}
    assert set(draws[0].ratios) == set(truth)


def test_the_mode_is_that_of_a_general_optimiser() -> None:
    levels, gone = drawn(400, {"contact_change": 4.0, "incident_delay": 2.0})
    found = learn_weights(levels, gone, ONE, base_rate=0.1, prior_sd=0.5)
    keys = ["contact_change", "incident_delay"]
    x = levels[keys].fillna(0).to_numpy()
    offset = np.asarray(logit(levels["order_rhythm"].fillna(0.1).clip(0.01, 0.99)))
    means = 0.7 * np.log([3.0, 1.8])

    def loss(beta: np.ndarray) -> float:
        score = offset + x @ beta
        sign = np.where(gone, 1, -1)
        return float(np.logaddexp(0, -sign * score).sum() + 2 * ((beta - means) ** 2).sum())

    best = minimize(loss, means, bounds=[(0, None)] * 2, tol=1e-12).x
    assert [math.log(found.ratios[key].ratio) for key in keys] == pytest.approx(best, abs=1e-4)


def test_without_outcomes_the_elicited_weights_are_returned() -> None:
    nothing = pd.DataFrame(columns=list(DEFAULT_RULES.weights), dtype=float)
    found = learn_weights(nothing, pd.Series(dtype=bool, index=nothing.index), DEFAULT_RULES, base_rate=0.1)
    elicited = {key: weight.likelihood_ratio for key, weight in DEFAULT_RULES.weights.items()}
    assert (found.eta, found.cases) == (0.7, 0)
    assert {key: one.ratio for key, one in found.ratios.items()} == {
        key: pytest.approx(ratio) for key, ratio in elicited.items() if ratio is not None and ratio > 1
    }
    assert all(1 <= one.low <= one.ratio <= one.high for one in found.ratios.values())


def test_few_outcomes_move_little_and_many_move_far() -> None:
    truth = {"contact_change": 12.0, "incident_delay": 1.0}
    elicited = 0.7 * math.log(3)
    moved = [
        math.log(learn_weights(*drawn(cases, truth), ONE, base_rate=0.1).ratios["contact_change"].ratio) - elicited
        for cases in (30, 300, 3000)
    ]
    assert moved == sorted(moved)
    assert abs(moved[0]) < 0.5
    assert moved[2] > 1


def test_no_weight_falls_below_one_and_its_interval_neither() -> None:
    levels, _gone = drawn(3000, {})
    protected = pd.Series(levels["contact_change"].fillna(0) < 0.5)  # the closer, the more often gone
    one = learn_weights(levels, protected, ONE, base_rate=0.1).ratios["contact_change"]
    assert (one.ratio, one.low) == (1, 1)
    assert one.high == pytest.approx(1, abs=0.05)


def test_within_a_family_the_heaviest_counts_fully_and_the_others_half() -> None:
    twins = RuleSetValues(
        weights={
            "order_rhythm": SignalWeight("orders", None, 30),
            "contact_change": SignalWeight("people", 3.0, 8),
            "single_thread": SignalWeight("people", 1.5, 5),
        }
    )
    random = np.random.default_rng(5)
    levels = pd.DataFrame({key: random.uniform(0, 1, 8000) for key in twins.weights})
    contributions = levels[["contact_change", "single_thread"]] * np.log([8.0, 2.0])
    halves = contributions.to_numpy() / 2
    score = logit(levels["order_rhythm"].clip(0.01, 0.99)) + halves.sum(axis=1) + halves.max(axis=1)
    found = learn_weights(levels, pd.Series(random.uniform(size=8000) < expit(score)), twins, base_rate=0.1)
    for key, ratio in {"contact_change": 8.0, "single_thread": 2.0}.items():
        assert found.ratios[key].low <= ratio <= found.ratios[key].high


def test_order_of_cases_and_columns_changes_nothing() -> None:
    levels, gone = drawn(500, {"contact_change": 4.0})
    first = learn_weights(levels, gone, ONE, base_rate=0.1)
    turned = learn_weights(levels.iloc[::-1, ::-1], gone.iloc[::-1], ONE, base_rate=0.1)
    for key, one in first.ratios.items():
        assert dataclasses.astuple(turned.ratios[key]) == pytest.approx(dataclasses.astuple(one), rel=1e-6)


@pytest.mark.parametrize("wrong", ["index", "level"])
def test_what_does_not_fit_is_refused(wrong: str) -> None:
    levels, gone = drawn(5, {})
    with pytest.raises(ValueError, match="same cases" if wrong == "index" else "from 0 to 1"):
        learn_weights(
            levels + 2 if wrong == "level" else levels, gone.iloc[::-1] if wrong == "index" else gone, ONE, 0.1
        )
