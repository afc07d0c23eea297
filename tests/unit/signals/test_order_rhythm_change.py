"""The change filter: slowing is seen before silence."""

import numpy as np
import pytest

from signals.compute.change_filter import slowed_chance
from signals.compute.gaps import Gaps
from signals.compute.renewal import FloatArray, GapSums, Predictive, Prior
from tests.unit.signals.test_renewal import PRIOR, sums_of

HALF_LIFE = 365.0


def gaps_of(*accounts: FloatArray) -> Gaps:
    counts = np.array([len(gaps) for gaps in accounts], dtype=np.int64)
    ends = [np.cumsum(gaps).astype(np.int64) for gaps in accounts]
    return Gaps(
        np.repeat(np.arange(len(accounts)), counts),
        np.concatenate(ends),
        np.concatenate(accounts).astype(float),
        counts + 1,
        np.zeros(len(accounts), dtype=np.int64),
        np.array([end[-1] if len(end) else 0 for end in ends], dtype=np.int64),
    )


def slowed(gaps: FloatArray, silence: float = 0.0, prior: Prior = PRIOR) -> float:
    return float(slowed_chance(prior, gaps_of(gaps), np.array([silence]), HALF_LIFE)[0])


def test_one_gap_by_hand() -> None:
    gap, silence = np.array([30.0]), np.array([12.0])
    before, after = Predictive(PRIOR, sums_of(np.array([]))), Predictive(PRIOR, sums_of(gap))
    odds = 0.0
    for rate in (0.5, 0.25):
        first = 0.01 * rate * before.density(rate * gap)[0] / before.density(gap)[0]
        odds += (first + 0.01) * after.survival(rate * silence)[0] / after.survival(silence)[0]
    assert slowed(gap, 12.0) == pytest.approx(odds / (1 + odds), rel=1e-9)


def paths(slower: float) -> tuple[FloatArray, FloatArray]:
    """Simulate 200 accounts whose gaps grow by a factor after 40 orders.

    Returns the highest chance of slowing, and of no gap so long, up to each of the 20 orders that follow.
    """
    rng = np.random.default_rng(11)
    accounts = [np.concatenate([rng.gamma(3, 14 / 3, 40), rng.gamma(3, 14 * slower / 3, 20)]) for _ in range(200)]
    slowing, silence = [], []
    for seen in range(41, 61):
        now = [gaps[:seen] for gaps in accounts]
        slowing.append(slowed_chance(PRIOR, gaps_of(*now), np.zeros(200), HALF_LIFE))
        usual = Predictive(PRIOR, sums_of(*(gaps[:-1] for gaps in now)))
        silence.append(1 - usual.survival(np.array([gaps[-1] for gaps in now])))
    return np.maximum.accumulate(slowing), np.maximum.accumulate(silence)


def test_halved_rate_is_seen_before_a_silence_alarm() -> None:
    orders_needed = []
    for steady, halved in zip(paths(1), paths(2), strict=True):
        # Both may alarm one steady account in ten within 20 orders.
        line = np.quantile(steady[-1], 0.9)
        seen = halved > line
        orders_needed.append(np.where(seen.any(axis=0), seen.argmax(axis=0) + 1, 21))
    by_filter, by_silence = orders_needed
    assert np.median(by_filter) <= 5
    assert np.median(by_filter) < np.median(by_silence)
    assert by_filter.mean() < 0.8 * by_silence.mean()


def test_steady_accounts_are_rarely_called_slowed() -> None:
    rng = np.random.default_rng(4)
    steady = [rng.gamma(2.2, 14 / 2.2, 40) for _ in range(300)]
    chance = slowed_chance(PRIOR, gaps_of(*steady), np.full(300, 7.0), HALF_LIFE)
    assert (chance > 0.5).mean() < 0.1
    assert chance.mean() < 0.25


def test_faster_orders_are_no_slowing() -> None:
    steady = np.full(30, 14.0)
    assert slowed(np.concatenate([steady, np.full(5, 7.0)])) < slowed(steady) < 0.05


def test_only_the_last_thirteen_gaps_count_each_by_its_past() -> None:
    gaps = np.round(np.random.default_rng(9).gamma(3, 7, 20) + 1)
    ends, odds = np.cumsum(gaps), {0.5: 0.0, 0.25: 0.0}

    def aged(until: int) -> Predictive:
        weights = 0.5 ** ((ends[until - 1] - ends[:until]) / HALF_LIFE)
        sums = (np.array([(weights * part).sum()]) for part in (np.ones(until), gaps[:until], np.log(gaps[:until])))
        return Predictive(PRIOR, GapSums(*sums))

    for place in range(7, 20):
        for rate, before in odds.items():
            slow, usual = (aged(place).density(np.array([factor * gaps[place]]))[0] for factor in (rate, 1.0))
            odds[rate] = (before + 0.01) * rate * slow / usual
    total = sum(odds.values()) + 0.02  # silent for no day yet, the open gap tells nothing apart
    assert slowed(gaps) == pytest.approx(total / (1 + total), rel=1e-9)


def test_open_gap_counts_as_it_grows() -> None:
    steady = np.full(30, 14.0)
    chances = [slowed(steady, silence) for silence in (0.0, 20.0, 40.0, 80.0)]
    assert chances == sorted(chances)
    assert chances[-1] > 0.5


def test_account_without_gaps_has_the_chance_of_one_change() -> None:
    assert slowed(np.array([])) == pytest.approx(0.02 / 1.02)
