"""Chance of no order, learnt from one's own earlier days: how it is trained, and where it is used."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from signals.compute.base import Json
from signals.compute.gaps import age_weights, weighted_sums
from signals.compute.order_days import FloatArray, IntArray, day_numbers
from signals.compute.order_features import EVER_DAYS, LATELY_DAYS, Outlook, features
from signals.compute.order_history import OrderHistory
from signals.compute.order_horizon import RARE_GAP, own_horizon
from signals.compute.order_season import order_season
from signals.compute.order_states import OrderStates, history_of, past_states, present_states
from signals.compute.renewal import Prior
from signals.compute.renewal_fit import fit_gaps, fit_stops, sample_rows
from signals.compute.ridge import Correction, fit_correction

Flags = npt.NDArray[np.bool_]

# Days between the past days that are learnt from; how far back they go; the first year only teaches the season.
STEP_DAYS, MOST_DAYS_BACK, FIRST_YEAR = 30, 3650, 365

# Most cases that are learnt from, and most gaps of the accounts they are taken from: what a fit may cost.
MOST_CASES, MOST_GAPS = 60_000, 600_000

# Own cases of no order within the horizon that are needed (detection.md).
LEAST_GONE = 100

# Drawn towards the plain renewal chance; from 10 to 100 makes no difference on london.
PENALTY = 10.0

# What is left of the correction at the end of the horizon and beyond; up to half the horizon it counts in full.
LEAST_SHARE = 0.5

# Only accounts with a mean gap up to this learn and are corrected: for rarer ones the plain chance was the better
# (london, early zone, 60 to 180 days: AUC .698 against .691).
RAREST_GAP = float(RARE_GAP)


@dataclass(frozen=True)
class LearntChance:
    """What was learnt from earlier days.

    Parameters
    ----------
    outlook : Outlook
    correction : Correction
    gone : int
        Cases without an order within the horizon that it rests on.
    """

    outlook: Outlook
    correction: Correction
    gone: int

    def to_json(self) -> Json:
        """Return plain numbers and lists."""
        return {"outlook": self.outlook.to_json(), "correction": self.correction.to_json(), "gone": self.gone}

    @classmethod
    def from_json(cls, stored: Json, own: Prior, half_life_days: float) -> "LearntChance":
        """Read what `to_json` wrote."""
        outlook = Outlook.from_json(stored["outlook"], own, half_life_days)
        return cls(outlook, Correction.from_json(stored["correction"]), stored["gone"])

    def chances(
        self, history: OrderHistory, plain: FloatArray, horizon: FloatArray, least: int
    ) -> tuple[FloatArray, FloatArray]:
        """Return the chance of no order of every account with an order, and on how many own cases it rests.

        Parameters
        ----------
        history : OrderHistory
        plain : float array, shape (n,)
            Chance by the renewal model alone, of the accounts `history.ordered`.
        horizon : float array, shape (n,)
            Operational days.
        least : int
            Order days needed.

        Returns
        -------
        chance : float array, shape (n,)
            The plain one where nothing was learnt for accounts like this one.
        gone : float array, shape (n,)
            NaN where the chance is the plain one.

        Notes
        -----
        Most cases learnt from were silent for less than half their horizon, none for longer than all of it. From
        the one to the other the correction fades to a half: the mean of both log odds, the learnt and the plain.
        """
        states = present_states(history)
        chance, rests_on = plain.copy(), np.full(len(plain), np.nan)
        chosen = (history.mean_gap[states.account] <= RAREST_GAP) & (states.order_days >= least)
        some = states.take(chosen)
        found = features(some, horizon[chosen], self.outlook)
        share = np.clip(1 - some.silence / horizon[chosen] + LEAST_SHARE, LEAST_SHARE, 1.0)
        chance[chosen] = self.correction.chance(found["own"], found, share)
        rests_on[chosen] = self.gone
        return chance, rests_on


def learn_chance(
    history: OrderHistory,
    ids: IntArray,
    missing: pd.DataFrame,
    own: Prior,
    *,
    least_order_days: int,
    horizon_days: float | None,
) -> LearntChance | None:
    """Learn from every earlier month which accounts ordered no more within their horizon.

    Parameters
    ----------
    history : OrderHistory
        Of the whole portfolio.
    ids : int array, shape (n_accounts,)
        Account ids; a hash of them chooses the accounts of a large portfolio.
    missing : DataFrame
        Stretches in which the whole feed is silent.
    own : Prior
        Fitted with the history's half-life.
    least_order_days : int
    horizon_days : float or None
        One horizon for all, or None for the own one.

    Returns
    -------
    LearntChance or None
        None with too few cases.

    Notes
    -----
    The priors are those of today for the past days too: a few numbers of the whole portfolio, which say next to
    nothing of what one account did afterwards. The season of a past day is that of the years before it.
    """
    cases = _cases(history, ids, missing, least_order_days, horizon_days)
    gone = int(cases.gone.sum())
    if gone < LEAST_GONE:
        return None
    priors = {days: _prior(history, ids, days, own) for days in (LATELY_DAYS, EVER_DAYS)}
    season = order_season(history.days, missing, history.as_of_day)
    outlook = Outlook(priors | {history.half_life_days: own}, history.half_life_days, season)
    found = features(cases.states, cases.horizon, outlook)
    return LearntChance(outlook, fit_correction(found["own"], found, cases.gone, PENALTY), gone)


def _prior(history: OrderHistory, ids: IntArray, half_life_days: float, start: Prior) -> Prior:
    rows = history.ordered[sample_rows(ids[history.ordered])]
    sums = weighted_sums(history.gaps, age_weights(history.gaps, half_life_days)).take(rows)
    passed = history.gaps.count[rows].astype(float)
    return fit_stops(fit_gaps(sums, start), sums, passed, history.silence[rows])


@dataclass(frozen=True)
class Cases:
    """Past states whose horizon is over, and whether no order came in it."""

    states: OrderStates
    horizon: FloatArray
    gone: Flags


def _cases(
    history: OrderHistory, ids: IntArray, missing: pd.DataFrame, least_order_days: int, horizon_days: float | None
) -> Cases:
    chosen = _sample(history, ids, least_order_days)
    some = history_of(history, chosen)
    states = past_states(some, np.flatnonzero(chosen), _past_days(history))
    states = states.take(states.order_days >= max(least_order_days, 2))
    mean_gap = states.mean_gap
    horizon = own_horizon(mean_gap) if horizon_days is None else np.full(len(mean_gap), horizon_days)
    known = (states.silence <= horizon) & (mean_gap <= RAREST_GAP) & _over(states, horizon)
    known &= ~_hidden(states.day, horizon, missing)
    known &= _within_budget(states.account, known, ids)
    kept, horizon = states.take(known), horizon[known]
    return Cases(kept, horizon, kept.next_position() > kept.position + horizon)


def _sample(history: OrderHistory, ids: IntArray, least_order_days: int) -> Flags:
    """Choose accounts, by a hash of their ids, until their gaps are as many as a fit may cost."""
    able = np.flatnonzero(history.gaps.order_days >= least_order_days)
    size = max(int(MOST_GAPS * len(able) / max(history.gaps.count[able].sum(), 1)), 1)
    chosen = np.zeros(len(ids), dtype=bool)
    chosen[able[sample_rows(ids[able], size)]] = True
    return chosen


def _past_days(history: OrderHistory) -> IntArray:
    orders = history.days.day
    first = int(orders.min()) + FIRST_YEAR if len(orders) else history.as_of_day
    return np.arange(history.as_of_day - STEP_DAYS, max(first, history.as_of_day - MOST_DAYS_BACK), -STEP_DAYS)


def _over(states: OrderStates, horizon: FloatArray) -> Flags:
    today = states.history.clock.position(states.account, np.full(len(horizon), states.history.as_of_day))
    return np.asarray(states.position + horizon <= today)


def _hidden(day: IntArray, horizon: FloatArray, missing: pd.DataFrame) -> Flags:
    """Mark the cases whose horizon touches missing data: whether an order came there is not known."""
    found = np.zeros(len(day), dtype=bool)
    for begin, end in zip(day_numbers(missing["from_day"]), day_numbers(missing["until_day"]), strict=True):
        found |= (day <= end) & (day + horizon >= begin)
    return found


def _within_budget(account: IntArray, known: Flags, ids: IntArray) -> Flags:
    """Keep the cases of as many accounts, by a hash of their ids, as a fit may cost."""
    each = np.bincount(account[known], minlength=len(ids))
    if each.sum() <= MOST_CASES:
        return np.ones(len(account), dtype=bool)
    some = np.flatnonzero(each)
    size = max(int(MOST_CASES * len(some) / each.sum()), 1)
    kept = np.zeros(len(ids), dtype=bool)
    kept[some[sample_rows(ids[some], size)]] = True
    return kept[account]
