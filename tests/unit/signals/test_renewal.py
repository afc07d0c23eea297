import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma

from signals.compute.renewal import (
    SHAPES,
    VAGUE_PRIOR,
    FloatArray,
    GapSums,
    Predictive,
    Prior,
    log_marginal,
    no_order_chance,
    shape_posterior,
    stopped_chance,
)
from signals.compute.renewal_quantile import gap_quantile, gap_quantiles

# As fitted on london, rounded.
PRIOR = Prior(
    r=1.1,
    alpha=80.0,
    weights=(0.001, 0.04, 0.3, 0.369, 0.2, 0.04, 0.015, 0.005, 0.01, 0.01, 0.005, 0.003, 0.002),
    a=0.4,
    b=1.1,
)
GAPS = np.array([12.0, 19.0, 15.0, 8.0, 30.0])


def sums_of(*accounts: FloatArray) -> GapSums:
    return GapSums(
        np.array([float(len(gaps)) for gaps in accounts]),
        np.array([gaps.sum() for gaps in accounts]),
        np.array([np.log(gaps).sum() for gaps in accounts]),
    )


NOTHING, SOME = np.array([]), GAPS
BOTH = Predictive(PRIOR, sums_of(NOTHING, SOME))
gap_lists = st.lists(st.floats(0.5, 400), min_size=0, max_size=12).map(np.array)


def integrated(gaps: FloatArray, of_next: object) -> float:
    """Integrate over rate and shape by brute force what `of_next(shape, rate)` says of the next gap."""
    assert callable(of_next)
    above = below = 0.0
    for shape, weight in zip(SHAPES, PRIOR.weights, strict=True):

        def joint(rate: float, shape: float = shape) -> float:
            likelihood = gamma.pdf(gaps, shape, scale=1 / (shape * rate)).prod()
            return float(likelihood * gamma.pdf(rate, PRIOR.r, scale=1 / PRIOR.alpha))

        # The rate is near 1/17 with these gaps and near 1/80 without; beyond .6 nothing is left.
        points = [0.005, 0.02, 0.05, 0.1, 0.2]
        above += weight * quad(lambda rate: joint(rate) * of_next(shape, rate), 0, 0.6, points=points, limit=200)[0]  # noqa: B023
        below += weight * quad(joint, 0, 0.6, points=points, limit=200)[0]
    return above / below


@pytest.mark.parametrize("gap", [3.0, 17.0, 60.0])
@pytest.mark.parametrize("account", [0, 1])
def test_survival_and_density_agree_with_integration_over_rate_and_shape(account: int, gap: float) -> None:
    gaps = (NOTHING, SOME)[account]
    both = np.array([gap, gap])
    survival = integrated(gaps, lambda shape, rate: gamma.sf(gap, shape, scale=1 / (shape * rate)))
    density = integrated(gaps, lambda shape, rate: gamma.pdf(gap, shape, scale=1 / (shape * rate)))
    assert BOTH.survival(both)[account] == pytest.approx(survival, rel=1e-6)
    assert BOTH.density(both)[account] == pytest.approx(density, rel=1e-6)


def test_marginal_agrees_with_integration_over_the_rate() -> None:
    def joint(rate: float) -> float:
        return float(
            gamma.pdf(GAPS, 2.2, scale=1 / (2.2 * rate)).prod() * gamma.pdf(rate, PRIOR.r, scale=1 / PRIOR.alpha)
        )

    whole = quad(joint, 0, 0.6, points=[0.02, 0.05, 0.1], epsabs=0, limit=200)[0]
    assert log_marginal(2.2, PRIOR.r, PRIOR.alpha, sums_of(GAPS))[0] == pytest.approx(np.log(whole), abs=1e-8)


def test_one_shape_without_gaps_is_the_lomax_distribution() -> None:
    # A gamma mixture of exponentials: S(c) = (alpha / (alpha + c))^r, known in closed form.
    exponential = Prior(2.0, 50.0, tuple(1.0 if shape == 1.0 else 1e-300 for shape in SHAPES), 1.0, 1.0)
    survival = Predictive(exponential, sums_of(NOTHING)).survival(np.array([25.0]))
    assert survival[0] == pytest.approx((50 / 75) ** 2, rel=1e-12)


@given(gaps=gap_lists)
@settings(max_examples=20)
def test_density_integrates_to_one_and_is_the_fall_of_survival(gaps: FloatArray) -> None:
    one = Predictive(PRIOR, sums_of(gaps))
    log_gap = np.linspace(np.log(1e-7), np.log(1e9), 12_001)
    gap = np.exp(log_gap)
    many = one.take(np.zeros(len(gap), dtype=np.intp))
    density, survival = many.density(gap), many.survival(gap)
    assert np.trapezoid(density * gap, log_gap) == pytest.approx(1 - survival[-1], abs=2e-3)
    middle = (survival > 0.02) & (survival < 0.98)
    slope = -np.gradient(survival, log_gap) / gap
    np.testing.assert_allclose(slope[middle], density[middle], rtol=1e-3)


@given(gaps=gap_lists, chance=st.floats(0.001, 0.999))
def test_quantile_inverts_survival(gaps: FloatArray, chance: float) -> None:
    one = Predictive(PRIOR, sums_of(gaps))
    gap = gap_quantile(one, np.array([chance]))
    if gap[0] < 9e4:  # a vague account can leave the range
        assert one.survival(gap)[0] == pytest.approx(chance, abs=1e-5)


@given(gaps=gap_lists, silence=st.floats(0, 500))
def test_quantiles_of_the_open_gap_rise_and_lie_ahead(gaps: FloatArray, silence: float) -> None:
    days = gap_quantiles(Predictive(PRIOR, sums_of(gaps)), np.array([silence]), (0.05, 0.5, 0.95))
    assert (np.diff(days[:, 0]) >= 0).all()
    assert (days >= silence).all()


def test_quantiles_are_the_same_alone_and_in_company() -> None:
    rng = np.random.default_rng(3)
    accounts = [rng.gamma(2, 10, size) for size in (0, 1, 4, 40, 300)]
    together = Predictive(PRIOR, sums_of(*accounts))
    silence = np.array([3.0, 0.0, 900.0, 11.0, 40.0])
    whole = gap_quantiles(together, silence, (0.05, 0.5, 0.95))
    for place in range(5):
        row = np.array([place])
        alone = gap_quantiles(together.take(row), silence[row], (0.05, 0.5, 0.95))
        np.testing.assert_array_equal(alone[:, 0], whole[:, place])


def test_posterior_of_the_shape_finds_a_regular_and_an_irregular_account() -> None:
    rng = np.random.default_rng(1)
    regular, irregular = rng.gamma(12, 30 / 12, 60), rng.gamma(0.6, 30 / 0.6, 60)
    found = Predictive(VAGUE_PRIOR, sums_of(regular, irregular)).regularity
    assert 8 < found[0] < 17
    assert 0.45 < found[1] < 0.75
    weights, _ = shape_posterior(VAGUE_PRIOR, sums_of(regular, irregular))
    np.testing.assert_allclose(weights.sum(axis=0), 1)


def test_stopped_and_no_order_by_hand() -> None:
    prior = Prior(1.0, 30.0, VAGUE_PRIOR.weights, a=0.5, b=4.0)
    passed, survival, later = np.array([6.0]), np.array([0.2]), np.array([0.01])
    # Odds .5 / 10 against .2, so 1 in 5; then .2 + .8 x .01 / .2.
    assert stopped_chance(prior, passed, survival)[0] == pytest.approx(0.2)
    assert no_order_chance(prior, passed, survival, later)[0] == pytest.approx(0.2 + 0.8 * 0.05)


@given(
    gaps=st.lists(st.floats(2, 60), min_size=4, max_size=40).map(np.array),
    more=st.floats(1, 300),
)
def test_no_order_grows_likelier_with_silence_beyond_the_usual_gap(gaps: FloatArray, more: float) -> None:
    one, count, horizon = Predictive(PRIOR, sums_of(gaps)), np.array([float(len(gaps))]), 3 * gaps.mean()

    def chance(silence: float) -> float:
        now, later = (one.survival(np.array([days])) for days in (silence, silence + horizon))
        return float(no_order_chance(PRIOR, count, now, later)[0])

    silence = float(gaps.max())
    assert 0 <= chance(silence) <= chance(silence + more) <= 1


@pytest.mark.parametrize("silence", [0.0, 1e5])
def test_extremes_stay_finite(silence: float) -> None:
    minute = np.full(2000, 0.5)
    decades = np.full(3, 9000.0)
    found = Predictive(PRIOR, sums_of(minute, decades, NOTHING))
    days = np.full(3, silence)
    chance = no_order_chance(PRIOR, np.array([2000.0, 3.0, 0.0]), found.survival(days), found.survival(days + 30))
    assert ((chance >= 0) & (chance <= 1)).all()
    assert np.isfinite(gap_quantiles(found, days, (0.05, 0.95))).all()


def test_prior_survives_json() -> None:
    assert Prior.from_json(PRIOR.to_json()) == PRIOR
