"""What a learned chance of no order looks at, beside the plain renewal chance."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import logit

from signals.compute.base import Json
from signals.compute.change_filter import slowed_chance_after
from signals.compute.order_days import FloatArray
from signals.compute.order_season import OrderSeason
from signals.compute.order_states import OrderStates, running
from signals.compute.renewal import Predictive, Prior, no_order_chance

# Half-lives beside the signal's own: what held lately, and what held ever (as good as no forgetting).
LATELY_DAYS, EVER_DAYS = 180.0, 1e6

# Stretches of days in which an order was placed or not: steadier than counts where orders come in bursts.
STRETCHES, STRETCH_DAYS = 6, 30
RECENT_DAYS = 60

# Own gaps that are compared with the silence, and the counts that keep few of them from deciding.
COMPARED_GAPS, LONGER_PRIOR, LONG_PRIOR = 26, 0.2, 2.0

# Chances closer to 0 or 1 than this say the same.
LEAST_CHANCE = 1e-4

FEATURES = ("lately", "own", "ever", "slowed", "recent", "active", "long_gaps", "last_amount", "size", "season")


@dataclass(frozen=True)
class Outlook:
    """What the portfolio teaches the features: a prior for each half-life, and its season.

    Parameters
    ----------
    priors : dict of float to Prior
        By half-life in days; the signal's own among them.
    half_life_days : float
        The signal's own.
    season : OrderSeason
    """

    priors: dict[float, Prior]
    half_life_days: float
    season: OrderSeason

    def to_json(self) -> Json:
        """Return plain numbers, the signal's own prior left out: it is stored anyway."""
        return {
            "lately": self.priors[LATELY_DAYS].to_json(),
            "ever": self.priors[EVER_DAYS].to_json(),
            "season": self.season.to_json(),
        }

    @classmethod
    def from_json(cls, stored: Json, own: Prior, half_life_days: float) -> "Outlook":
        """Read what `to_json` wrote."""
        priors = {LATELY_DAYS: Prior.from_json(stored["lately"]), EVER_DAYS: Prior.from_json(stored["ever"])}
        return cls(priors | {half_life_days: own}, half_life_days, OrderSeason.from_json(stored["season"]))


def log_odds(chance: FloatArray) -> FloatArray:
    """Return ln of the odds, kept finite."""
    return np.asarray(logit(np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE)))


def features(states: OrderStates, horizon: FloatArray, outlook: Outlook) -> dict[str, FloatArray]:
    """Return what is known of each state beside the plain chance.

    Parameters
    ----------
    states : OrderStates
        n of them, each with two order days at least.
    horizon : float array, shape (n,)
        Operational days.
    outlook : Outlook

    Returns
    -------
    dict of float array, shape (n,)
        By the names of `FEATURES`.
    """
    own = states.sums(outlook.half_life_days)
    prior = outlook.priors[outlook.half_life_days]
    usual = (prior.alpha + own.days) / (prior.r + own.count)
    slowed = slowed_chance_after(
        prior,
        states.history.gaps,
        outlook.half_life_days,
        ends=states.gap_end,
        count=states.order_days - 1,
        sums=own,
        silence=states.silence,
    )
    last_amount, size = _amounts(states)
    return {
        "lately": renewal_odds(states, horizon, outlook, LATELY_DAYS),
        "own": renewal_odds(states, horizon, outlook, outlook.half_life_days),
        "ever": renewal_odds(states, horizon, outlook, EVER_DAYS),
        "slowed": log_odds(slowed),
        "recent": np.log((states.orders_since(RECENT_DAYS) + 0.5) / (RECENT_DAYS / usual + 0.5)),
        "active": _active_share(states),
        "long_gaps": _long_gaps(states, horizon),
        "last_amount": last_amount,
        "size": size,
        "season": outlook.season.ahead(states.day, horizon),
    }


def renewal_odds(states: OrderStates, horizon: FloatArray, outlook: Outlook, half_life_days: float) -> FloatArray:
    """Return ln of the odds of no order in the horizon by the renewal model with that forgetting."""
    prior = outlook.priors[half_life_days]
    predictive = Predictive(prior, states.sums(half_life_days))
    now, later = predictive.survival(states.silence), predictive.survival(states.silence + horizon)
    return log_odds(no_order_chance(prior, (states.order_days - 1).astype(float), now, later))


def _active_share(states: OrderStates) -> FloatArray:
    """Return the share of the last stretches with an order in them."""
    counts = [states.orders_since(STRETCH_DAYS * number) for number in range(STRETCHES + 1)]
    active = sum((later > before).astype(float) for before, later in pairwise(counts))
    return np.asarray(active / STRETCHES)


def _long_gaps(states: OrderStates, horizon: FloatArray) -> FloatArray:
    """Return ln of the share of gaps longer than silence and horizon among the own ones longer than the silence."""
    gaps, silence = states.history.gaps, states.silence
    longer, longest = np.full(len(silence), LONG_PRIOR), np.full(len(silence), LONGER_PRIOR)
    for back in range(1, COMPARED_GAPS + 1):
        known = states.order_days > back
        length = gaps.length[np.where(known, states.gap_end - back, 0)]
        longer += known & (length > silence)
        longest += known & (length > silence + horizon)
    return np.asarray(np.log(longest / longer))


def _amounts(states: OrderStates) -> tuple[FloatArray, FloatArray]:
    """Return ln of the last order day's amount over its usual one, and ln of all ordered so far."""
    days = states.history.days
    if days.amount is None:
        return np.zeros(len(states.row)), np.zeros(len(states.row))
    logs = np.log(days.amount)
    mean = running(days.account, logs)[states.row] / states.order_days
    return logs[states.row] - mean, np.log(running(days.account, days.amount)[states.row])
