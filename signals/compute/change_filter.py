"""Shiryaev filter over the gaps of an account: have its orders become rarer?

It weighs, order by order, the account's usual rate against a half and a quarter of it, and so sees a slowing
before there is any silence to see.
"""

import numpy as np

from signals.compute.gaps import Gaps, age_weights, weighted_sums
from signals.compute.order_days import IntArray
from signals.compute.renewal import FloatArray, GapSums, Predictive, Prior

# Rates after the change, as shares of the usual one, and how the chance of a change is split between them.
SLOWED_RATES = ((0.5, 0.5), (0.25, 0.5))
CHANGE_CHANCE = 0.02  # per order
LAST_GAPS = 13
# Gaps judged together: as many as a processor's cache holds.
AT_ONCE = 8192


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
    sums = weighted_sums(gaps, age_weights(gaps, half_life_days))
    return slowed_chance_after(
        prior, gaps, half_life_days, ends=gaps.ends, count=gaps.count, sums=sums, silence=silence
    )


def slowed_chance_after(
    prior: Prior,
    gaps: Gaps,
    half_life_days: float,
    *,
    ends: IntArray,
    count: IntArray,
    sums: GapSums,
    silence: FloatArray,
) -> FloatArray:
    """Return the same for accounts as they stood after some of their gaps.

    Parameters
    ----------
    prior : Prior
    gaps : Gaps
    half_life_days : float
        Forgetting of the gaps that say what is usual.
    ends : int array, shape (n,)
        One past the row of the last gap that is known.
    count : int array, shape (n,)
        Gaps of the account up to there.
    sums : GapSums
        Of those gaps.
    silence : float array, shape (n,)
        Operational days since the last order that is known.

    Returns
    -------
    float array, shape (n,)
    """
    rows = _last_rows(ends, count, len(gaps.length))
    past = past_sums(gaps, half_life_days)
    # States of one account share gaps: each is judged once.
    parts = [rows[begin : begin + AT_ONCE] for begin in range(0, len(rows), AT_ONCE)] or [rows]
    ratios = np.hstack([_gap_ratios(Predictive(prior, past.take(part)), gaps.length[part]) for part in parts])
    places = np.zeros(len(gaps.length), dtype=np.int64)
    places[rows] = np.arange(len(rows))
    log_odds = np.full((len(SLOWED_RATES), len(ends)), -np.inf)
    for back in range(LAST_GAPS, 0, -1):
        states = np.flatnonzero(count >= back)
        log_odds[:, states] = _entered(log_odds[:, states]) + ratios[:, places[ends[states] - back]]
    log_odds = _entered(log_odds) + _open_ratios(Predictive(prior, sums), silence)
    changed = np.logaddexp(log_odds[0], log_odds[1])
    return np.asarray(np.exp(changed - np.logaddexp(0, changed)))


def _last_rows(ends: IntArray, count: IntArray, n_gaps: int) -> IntArray:
    """Return the rows of the last gaps of every state, each once, in order."""
    wanted = np.zeros(n_gaps, dtype=bool)
    for back in range(1, LAST_GAPS + 1):
        wanted[(ends - back)[count >= back]] = True
    return np.flatnonzero(wanted)


def past_sums(gaps: Gaps, half_life_days: float) -> GapSums:
    """Return for every gap the sums over the account's earlier gaps, aged at the order that began it.

    Parameters
    ----------
    gaps : Gaps
    half_life_days : float

    Returns
    -------
    GapSums
        Of n_gaps.
    """
    aged, first = gaps.aged(half_life_days), np.diff(gaps.account, prepend=-1) != 0

    def before(running: FloatArray) -> FloatArray:
        # Weights count back from the last order; dividing by the previous gap's lets them count back from its end.
        found = np.zeros(len(running))
        found[1:] = running[:-1] / aged.weights[:-1]
        found[first] = 0.0
        return found

    running = aged.running
    return GapSums(before(running.count), before(running.days), before(running.log_days))


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
