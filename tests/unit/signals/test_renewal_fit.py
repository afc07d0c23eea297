from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest

from signals.compute.renewal import SHAPES, VAGUE_PRIOR, FloatArray, GapSums, Predictive, Prior
from signals.compute.renewal_fit import fit_gaps, fit_stops, sample_rows

TRUE_R, TRUE_ALPHA = 3.0, 60.0
TRUE_SHAPES = {1.0: 0.3, 3.0: 0.7}


def simulated(accounts: int, gaps: int, seed: int = 5) -> tuple[list[FloatArray], GapSums]:
    rng = np.random.default_rng(seed)
    rate = rng.gamma(TRUE_R, 1 / TRUE_ALPHA, accounts)
    shape = rng.choice(list(TRUE_SHAPES), accounts, p=list(TRUE_SHAPES.values()))
    drawn = [rng.gamma(k, 1 / (k * theta), gaps) for k, theta in zip(shape, rate, strict=True)]
    return drawn, sums_of(drawn)


def sums_of(drawn: list[FloatArray]) -> GapSums:
    table = np.array(drawn)
    return GapSums(np.full(len(table), float(table.shape[1])), table.sum(axis=1), np.log(table).sum(axis=1))


def test_fit_recovers_what_was_simulated() -> None:
    prior = fit_gaps(simulated(2_000, 20)[1])
    assert prior.r == pytest.approx(TRUE_R, rel=0.1)
    assert prior.alpha == pytest.approx(TRUE_ALPHA, rel=0.1)
    weight = dict(zip(SHAPES, prior.weights, strict=True))
    # The grid is fine, so neighbours share the weight of the shape between them.
    assert weight[0.8] + weight[1.0] + weight[1.3] == pytest.approx(0.3, abs=0.04)
    assert weight[2.2] + weight[3.0] + weight[4.0] == pytest.approx(0.7, abs=0.04)
    assert sum(prior.weights) == pytest.approx(1)


def test_place_of_the_next_gap_in_its_prediction_is_uniform() -> None:
    drawn, _ = simulated(3_000, 9, seed=8)
    past = sums_of([gaps[:-1] for gaps in drawn])
    prior = fit_gaps(past)
    place = Predictive(prior, past).survival(np.array([gaps[-1] for gaps in drawn]))
    assert kstest(place, "uniform").pvalue > 0.05


def test_warm_start_arrives_at_the_same_place_from_there() -> None:
    sums = simulated(400, 12)[1]
    cold = fit_gaps(sums)
    warm = fit_gaps(sums, cold)
    assert warm.r == pytest.approx(cold.r, rel=0.02)
    assert warm.alpha == pytest.approx(cold.alpha, rel=0.02)


def test_fit_is_the_same_to_the_last_bit() -> None:
    sums = simulated(100, 6)[1]
    assert fit_gaps(sums) == fit_gaps(sums)


def test_accounts_without_a_gap_say_nothing() -> None:
    nothing = GapSums(np.zeros(3), np.zeros(3), np.zeros(3))
    assert fit_gaps(nothing) == VAGUE_PRIOR
    assert fit_stops(VAGUE_PRIOR, nothing.take(np.array([], dtype=np.intp)), np.array([]), np.array([])) == VAGUE_PRIOR


@pytest.mark.parametrize("accounts", [1, 2])
def test_a_handful_of_identical_accounts_stays_plausible(accounts: int) -> None:
    prior = fit_gaps(sums_of([np.full(30, 7.0)] * accounts))
    usual = Predictive(prior, sums_of([np.full(30, 7.0)])).survival(np.array([6.0]))
    assert np.isfinite([prior.r, prior.alpha, *prior.weights]).all()
    assert 0.5 < usual[0] < 0.99


def test_stops_are_recovered_from_silences() -> None:
    # After every order one in ten stops; all began 1,000 days ago, so that who stopped is plainly silent.
    rng = np.random.default_rng(2)
    passed, silence = np.zeros(3_000), np.zeros(3_000)
    for account in range(3_000):
        day = 0.0
        while True:
            gap = rng.gamma(3.0, 10.0)
            if rng.random() < 0.1 or day + gap > 1_000:
                break
            day += gap
            passed[account] += 1
        silence[account] = 1_000 - day
    known = replace(VAGUE_PRIOR, r=50.0, alpha=1_500.0, weights=tuple(1.0 if k == 3.0 else 1e-300 for k in SHAPES))
    nothing = GapSums(np.zeros(3_000), np.zeros(3_000), np.zeros(3_000))
    fitted: Prior = fit_stops(known, nothing, passed, silence)
    assert fitted.a / (fitted.a + fitted.b) == pytest.approx(0.1, abs=0.02)


def test_sample_is_the_same_accounts_whatever_their_order() -> None:
    ids = np.arange(1, 20_001, dtype=np.int64)
    chosen = set(ids[sample_rows(ids)].tolist())
    shuffled = np.random.default_rng(1).permutation(ids)
    assert len(chosen) == 5_000
    assert set(shuffled[sample_rows(shuffled)].tolist()) == chosen
    # Accounts that join push out few of those chosen.
    more = np.arange(1, 21_001, dtype=np.int64)
    assert len(chosen & set(more[sample_rows(more)].tolist())) > 4_500


def test_small_portfolio_is_taken_whole() -> None:
    ids = np.array([30, 10, 20], dtype=np.int64)
    assert ids[sample_rows(ids)].tolist() == [10, 20, 30]
