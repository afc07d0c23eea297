"""All figures of the order rhythm, one row per account."""

import numpy as np
import pandas as pd

from signals.compute.alarm_control import WINDOW_DAYS
from signals.compute.change_filter import slowed_chance
from signals.compute.gaps import weighted_quantiles
from signals.compute.order_days import IntArray
from signals.compute.order_history import OrderHistory
from signals.compute.order_horizon import own_horizon
from signals.compute.order_outlook import LearntChance
from signals.compute.renewal import FloatArray, Predictive, Prior, no_order_chance, stopped_chance
from signals.compute.renewal_quantile import gap_quantile, gap_quantiles

# Below this the posterior mean of the shape means: more irregular than chance alone (detection.md).
DEPENDABLE = 0.8

# Median, 50 % and 90 % band of the day of the next order.
EXPECTED = {"expected_next": 0.5, "half_from": 0.25, "half_until": 0.75, "most_from": 0.05, "most_until": 0.95}

# Beyond this no day is worth naming.
FURTHEST_DAYS = 3650

# Decimals that are stored: more would say less about the account than about the machine.
DECIMALS = {
    "p_no_order": 6,
    "p_renewal": 6,
    "p_stopped": 6,
    "p_slowed": 6,
    "p_gap_this_long": 6,
    "p_gap_before": 6,
    "mean_gap_days": 1,
    "regularity": 2,
    "recent_gap_days": 1,
    "earlier_gap_days": 1,
}


def rhythm_figures(
    history: OrderHistory,
    prior: Prior,
    learnt: LearntChance | None,
    least_order_days: int,
    horizon_days: float | None,
) -> pd.DataFrame:
    """Compute what the order rhythm says of every account.

    Parameters
    ----------
    history : OrderHistory
        Of n accounts.
    prior : Prior
    learnt : LearntChance or None
        What earlier days taught; without it the chance of no order is the renewal model's.
    least_order_days : int
        With fewer the horizon leans on the portfolio too, and the row is marked.
    horizon_days : float or None
        One horizon for all, or None for the own one.

    Returns
    -------
    DataFrame
        n rows in the order of the accounts. Days are operational ones except `elapsed_days`; chances in 0..1;
        NaN and NaT throughout for accounts without an order.
    """
    rows, n = history.ordered, len(history.gaps.order_days)
    predictive = Predictive(prior, history.sums.take(rows))
    silence, passed = history.silence[rows], history.gaps.count[rows].astype(float)
    few = history.gaps.order_days[rows] < least_order_days
    horizon = _horizon(history, prior, few, horizon_days)
    survival = predictive.survival(silence)
    renewal = no_order_chance(prior, passed, survival, predictive.survival(silence + horizon))
    chance, gone = renewal, np.full(len(rows), np.nan)
    if learnt is not None:
        chance, gone = learnt.chances(history, renewal, horizon, least_order_days)
    table = {
        "last_order": _as_days(history.gaps.last_day[rows]),
        "elapsed_days": (history.as_of_day - history.gaps.last_day[rows]).astype(float),
        "silence_days": silence,
        "p_no_order": chance,
        "p_renewal": renewal,
        "learnt_from": gone,
        "horizon_days": horizon,
        "p_stopped": stopped_chance(prior, passed, survival),
        "p_slowed": slowed_chance(prior, history.gaps, history.silence, history.half_life_days)[rows],
        "p_gap_this_long": survival,
        "p_gap_before": predictive.survival(np.maximum(silence - WINDOW_DAYS, 0.0)),
        "mean_gap_days": history.mean_gap[rows],
        "regularity": predictive.regularity,
        **_expected(history, predictive),
    }
    filled = pd.DataFrame(table).reindex(_places(rows, n))
    filled.index = pd.RangeIndex(n)
    filled["from_portfolio"] = history.gaps.order_days < least_order_days
    filled["dependable"] = filled["regularity"] >= DEPENDABLE
    filled["order_days"] = history.gaps.order_days
    return filled.join(_usual(history))


def _places(rows: IntArray, n: int) -> IntArray:
    """Return for each account its place in `rows`, -1 where it has none."""
    places = np.full(n, -1)
    places[rows] = np.arange(len(rows))
    return places


def _horizon(history: OrderHistory, prior: Prior, few: np.ndarray, horizon_days: float | None) -> FloatArray:
    rows = history.ordered
    if horizon_days is not None:
        return np.full(len(rows), float(horizon_days))
    sums = history.sums.take(rows)
    shrunk = (prior.alpha + sums.days) / (prior.r + sums.count)
    return own_horizon(np.where(few, shrunk, history.mean_gap[rows]))


def _expected(history: OrderHistory, predictive: Predictive) -> dict[str, FloatArray]:
    """Return the days on which the next order is expected: given the silence so far, and going on at all."""
    rows = history.ordered
    silence = history.silence[rows]
    waits = gap_quantiles(predictive, silence, tuple(EXPECTED.values()))
    # It has not come until now, so tomorrow is the first day it can.
    days = {
        name: _day_after(history, np.maximum(wait, silence + 1)) for name, wait in zip(EXPECTED, waits, strict=True)
    }
    return {**days, "due": _day_after(history, gap_quantile(predictive, np.full(len(rows), 0.5)))}


def _day_after(history: OrderHistory, wait: FloatArray) -> FloatArray:
    rows = history.ordered
    whole = np.ceil(np.minimum(wait, history.silence[rows] + FURTHEST_DAYS)).astype(np.int64)
    return _as_days(history.clock.day_at(rows, history.last_position[rows] + whole))


def _as_days(numbers: IntArray) -> np.ndarray:
    return numbers.astype("datetime64[D]").astype("datetime64[s]")


def _usual(history: OrderHistory) -> pd.DataFrame:
    """Return what was usual for each account, from its own gaps alone."""
    low, median, high = weighted_quantiles(history.gaps, history.weights, (0.25, 0.5, 0.75))
    recent, earlier, year_ago = history.recent_and_earlier_gap()
    return pd.DataFrame(
        {
            "gaps": history.gaps.count,
            "usual_gap_days": median,
            "usual_from_days": low,
            "usual_until_days": high,
            "recent_gap_days": recent,
            "earlier_gap_days": earlier,
            "earlier_is_year_ago": year_ago,
        }
    )
