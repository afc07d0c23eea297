"""Days until a renewal model expects the next order: its survival function, inverted."""

import numpy as np
import numpy.typing as npt

from signals.compute.renewal import SMALLEST_CHANCE, FloatArray, Predictive

# A tenth of an hour to 270 years: wider than any rhythm, narrow enough for 60 halvings to reach a minute.
SHORTEST_DAYS, LONGEST_DAYS = 0.004, 1e5
TOLERANCE = 1e-4  # in ln days: a hundredth of a per cent
MAX_STEPS = 60


def gap_quantile(predictive: Predictive, chance: FloatArray) -> FloatArray:
    """Return the gap that is exceeded with a given chance.

    Parameters
    ----------
    predictive : Predictive
        Of n accounts.
    chance : float array, shape (n,)
        In (0, 1).

    Returns
    -------
    float array, shape (n,)
        Days, within `SHORTEST_DAYS` and `LONGEST_DAYS`.

    Notes
    -----
    Bisection in ln days, sped up by Newton steps on the log odds of the survival, which are close to straight
    lines at both ends. An account that has arrived is left alone, so that its result does not depend on which
    others are still under way.
    """
    n = len(chance)
    low = np.full(n, np.log(SHORTEST_DAYS))
    high = np.full(n, np.log(LONGEST_DAYS))
    x = np.clip(_start(predictive), low, high)
    rows = np.arange(n)
    part, goal = predictive, _log_odds(chance)
    for _ in range(MAX_STEPS):
        here = x[rows]
        miss, slope = _miss(part, here, goal)
        # Positive miss: the survival is still too high, so the gap must be longer.
        low[rows] = np.where(miss > 0, here, low[rows])
        high[rows] = np.where(miss > 0, high[rows], here)
        x[rows] = _step(here, miss, slope, low[rows], high[rows])
        moving = np.abs(x[rows] - here) > TOLERANCE
        if not moving.any():
            break
        rows, goal = rows[moving], goal[moving]
        part = part.take(np.flatnonzero(moving))
    return np.exp(x)


def _start(predictive: Predictive) -> FloatArray:
    prior, sums = predictive.prior, predictive.sums
    return np.asarray(np.log((prior.alpha + sums.days) / (prior.r + sums.count)))


def _log_odds(chance: FloatArray) -> FloatArray:
    inner = np.clip(chance, SMALLEST_CHANCE, 1 - 1e-15)
    return np.asarray(np.log(inner) - np.log1p(-inner))


def _miss(part: Predictive, x: FloatArray, goal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how far the log odds lie above the goal, and their fall per unit of ln days."""
    gap = np.exp(x)
    survival = np.minimum(part.survival(gap), 1 - 1e-15)
    fall = gap * part.density(gap) / (survival * (1 - survival))
    return _log_odds(survival) - goal, fall


def _step(x: FloatArray, miss: FloatArray, fall: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    newton = x + miss / np.maximum(fall, 1e-9)
    inside = (newton > low) & (newton < high)
    return np.where(inside, newton, (low + high) / 2)


def gap_quantiles(predictive: Predictive, silence: FloatArray, shares: tuple[float, ...]) -> npt.NDArray[np.float64]:
    """Return how long the present gap will be in all, in quantiles, given how long it is already.

    Parameters
    ----------
    predictive : Predictive
        Of n accounts.
    silence : float array, shape (n,)
        Days since the last order.
    shares : tuple of float
        Wanted quantiles, in (0, 1).

    Returns
    -------
    float array, shape (len(shares), n)
        Days since the last order, never below `silence`.
    """
    left = predictive.survival(silence)
    rows = [np.maximum(gap_quantile(predictive, left * (1 - share)), silence) for share in shares]
    return np.array(rows)
