"""Shiryaev filter over the gaps of an account: have its orders become rarer?

It weighs, order by order, the account's usual rate against a half and a quarter of it, and so sees a slowing
before there is any silence to see.
"""

import numpy as np
import pandas as pd

from signals.compute.gaps import Gaps, age_weights, weighted_sums
from signals.compute.renewal import FloatArray, GapSums, Predictive, Prior

# Rates after the change, as shares of the usual one, and how the chance of a change is split between them.
SLOWED_RATES = ((0.5, 0.5), (0.25, 0.5))
CHANGE_CHANCE = 0.02  # per order
LAST_GAPS = 13


def slowed_chance(prior: Prior, gaps: Gaps, silence: FloatArray, half_life_days: float) -> FloatArray:
    """Return the chance that an account's ordering has slowed within its last gaps.

    Parameters
    ----------
    prior : Prior
    gaps : Gaps
        Of n accounts.
    silence : float array, shape (n,)
        Operational days since the last order: the open gap.
    half_life_days : float
        Forgetting of the gaps that say what is usual.

    Returns
    -------
    float array, shape (n,)

    Notes
    -----
    R_j = (R_{j-1} + h q) rho f(rho g_j | past) / f(g_j | past) for each slowed rate rho, in logs; the open gap
    counts with S(rho c) / S(c). Every gap is judged by what was known before it. The chance is the sum of the
    R over 1 plus that sum.

    References
    ----------
    Shiryaev, A. N. (1963). On optimum methods in quickest detection problems. Theory of Probability and Its
    Applications 8, 22-46.
    """
    weights = age_weights(gaps, half_life_days)
    past = past_sums(gaps, weights)
    log_odds = np.full((len(SLOWED_RATES), len(gaps.order_days)), -np.inf)
    ends = np.cumsum(gaps.count)
    for back in range(LAST_GAPS, 0, -1):
        accounts = np.flatnonzero(gaps.count >= back)
        rows = ends[accounts] - back
        usual = Predictive(prior, past.take(rows))
        ratios = _gap_ratios(usual, gaps.length[rows])
        log_odds[:, accounts] = _entered(log_odds[:, accounts]) + ratios
    present = Predictive(prior, weighted_sums(gaps, weights))
    log_odds = _entered(log_odds) + _open_ratios(present, silence)
    changed = np.logaddexp(log_odds[0], log_odds[1])
    return np.asarray(np.exp(changed - np.logaddexp(0, changed)))


def past_sums(gaps: Gaps, weights: FloatArray) -> GapSums:
    """Return for every gap the sums over the account's earlier gaps, aged at the order that began it.

    Parameters
    ----------
    gaps : Gaps
    weights : float array, shape (n_gaps,)
        Of `age_weights`.

    Returns
    -------
    GapSums
        Of n_gaps.
    """
    by_account = gaps.account
    # Weights count back from the last order; dividing by the previous gap's lets them count back from its end.
    previous = pd.Series(weights).groupby(by_account).shift(fill_value=1.0).to_numpy()

    def before(part: FloatArray) -> FloatArray:
        running = pd.Series(weights * part).groupby(by_account).cumsum()
        return running.groupby(by_account).shift(fill_value=0.0).to_numpy() / previous

    ones = np.ones_like(gaps.length)
    return GapSums(before(ones), before(gaps.length), before(np.log(gaps.length)))


def _entered(log_odds: FloatArray) -> FloatArray:
    """Add the chance that the change came with this order."""
    entry = [[np.log(CHANGE_CHANCE * share)] for _, share in SLOWED_RATES]
    return np.asarray(np.logaddexp(log_odds, entry))


def _gap_ratios(usual: Predictive, length: FloatArray) -> FloatArray:
    """Return ln of how much better each slowed rate explains a completed gap."""
    log_usual = np.log(usual.density(length))
    return np.array([np.log(rate * usual.density(rate * length)) - log_usual for rate, _ in SLOWED_RATES])


def _open_ratios(usual: Predictive, silence: FloatArray) -> FloatArray:
    """Return the same for a gap that is still open."""
    log_usual = np.log(usual.survival(silence))
    return np.array([np.log(usual.survival(rate * silence)) - log_usual for rate, _ in SLOWED_RATES])
