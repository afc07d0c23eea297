"""Weights of the signals learned from known outcomes, with the elicited ones as prior."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, log_expit, logit

from signals.compute.risk import CERTAINTY
from signals.compute.rules import RuleSetValues

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Assumption: an elicited odds factor is right within a factor of 2.7 either way, nineteen times out of twenty.
PRIOR_SD = 0.5
NORMAL_95 = 1.959964
MOST_STEPS = 100
CLOSE_ENOUGH = 1e-9
# Which signal of a family counts fully depends on the weights: settled within a few rounds, and if not, the last holds.
MOST_ROUNDS = 8


@dataclass(frozen=True)
class LearnedRatio:
    """Odds factor at level 1 of one signal, and its 95 % interval; none is below 1."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class LearnedWeights:
    """What to put in the place of the elicited weights.

    Attributes
    ----------
    eta : float
        1 once something was learned, since what overlaps is then in the ratios; the elicited one before.
    ratios : mapping of str to LearnedRatio
        By signal; those whose level is a chance itself and those that give no points are left out.
    cases : int
        How many cases were learned from, those that stayed among them.
    """

    eta: float
    ratios: Mapping[str, LearnedRatio]
    cases: int


def learn_weights(
    levels: pd.DataFrame, gone: pd.Series, rules: RuleSetValues, base_rate: float, prior_sd: float = PRIOR_SD
) -> LearnedWeights:
    """Learn odds factors by Bayesian logistic regression.

    Parameters
    ----------
    levels : DataFrame of float, shape (n, m)
        One row a case, one column a signal by key; levels 0 to 1, NaN where unknown.
    gone : Series of bool, shape (n,)
        Whether the case ended badly; its index is that of `levels`.
    rules : RuleSetValues
        The elicited weights: η · ln(LR) of each is the mean of its prior.
    base_rate : float
        b, the chance used where the order rhythm is unknown.
    prior_sd : float
        Standard deviation of the prior of each log odds factor.

    Returns
    -------
    LearnedWeights
        With no case, the elicited weights with the intervals of the prior.

    Raises
    ------
    ValueError
        If the indexes differ, or a level lies outside 0 and 1.

    Notes
    -----
    P(gone) = expit(logit p + Σ β x), p the chance of the order rhythm (b where unknown), x the level, halved
    for all but the heaviest of a family as in the risk, 0 where unknown. β ~ N(η ln LR, prior_sd²), held at
    0 or above: distance never reads as safety. The mode comes from Newton steps on the free coefficients,
    the intervals from the Laplace approximation there; a coefficient held at 0 has the interval about the
    mode it would have alone. There is no intercept, for the risk has none.

    References
    ----------
    .. [1] Gelman, Jakulin, Pittau, Su: A weakly informative default prior distribution for logistic and other
       regression models. Annals of Applied Statistics 2 (2008).
    """
    _check(levels, gone)
    keys = [key for key in levels.columns if _is_learnable(key, rules)]
    means = np.array([rules.eta * math.log(rules.weights[key].likelihood_ratio or 1) for key in keys])
    offset = _order_log_odds(levels, rules, base_rate)
    known = levels[keys].fillna(0.0).to_numpy(dtype=float)
    families = [rules.weights[key].family for key in keys]
    problem = _Problem(np.empty_like(known), offset, gone.to_numpy(dtype=float), means, prior_sd**-2)
    found = means.copy()
    for _round in range(MOST_ROUNDS):
        design = known * _shares(known * found, families)
        if np.array_equal(design, problem.design):
            break
        problem = _Problem(design, offset, problem.gone, means, problem.precision)
        found = _mode(problem, found)
    if levels.empty:
        return _elicited(keys, rules, prior_sd)
    return LearnedWeights(1.0, dict(zip(keys, _intervals(problem, found), strict=True)), len(levels))


def _check(levels: pd.DataFrame, gone: pd.Series) -> None:
    if not levels.index.equals(gone.index):
        raise ValueError("levels and outcomes must be about the same cases in the same order")
    values = levels.to_numpy(dtype=float)
    if ((values < 0) | (values > 1)).any():
        raise ValueError("levels must lie from 0 to 1")


def _is_learnable(key: str, rules: RuleSetValues) -> bool:
    """A signal that gives no points by design (odds factor 1) is not given any by chance."""
    ratio = rules.weights[key].likelihood_ratio
    return ratio is not None and ratio > 1


def _order_log_odds(levels: pd.DataFrame, rules: RuleSetValues, base_rate: float) -> Floats:
    own = [key for key in levels.columns if rules.is_own_odds(key)]
    total = np.full(len(levels), logit(base_rate))
    for key in own:
        chance = levels[key].fillna(base_rate).to_numpy(dtype=float)
        total += logit(np.clip(chance, CERTAINTY, 1 - CERTAINTY)) - logit(base_rate)
    return total


def _shares(contributions: Floats, families: list[str]) -> Floats:
    """1 for the heaviest contribution of each family, a half for the others."""
    shares = np.ones_like(contributions)
    for family in dict.fromkeys(families):
        columns = np.array([place for place, one in enumerate(families) if one == family])
        if len(columns) > 1 and len(contributions):
            shares[:, columns] = 0.5
            heaviest = columns[contributions[:, columns].argmax(axis=1)]
            shares[np.arange(len(shares)), heaviest] = 1.0
    return shares


@dataclass(frozen=True)
class _Problem:
    design: Floats
    offset: Floats
    gone: Floats
    means: Floats
    precision: float

    def height(self, beta: Floats) -> float:
        """Log posterior up to a constant."""
        score = self.offset + self.design @ beta
        fit = np.where(self.gone > 0, log_expit(score), log_expit(-score)).sum()
        return float(fit - self.precision / 2 * ((beta - self.means) ** 2).sum())

    def slope(self, beta: Floats) -> Floats:
        chance = expit(self.offset + self.design @ beta)
        slope: Floats = self.design.T @ (self.gone - chance) - self.precision * (beta - self.means)
        return slope

    def curvature(self, beta: Floats) -> Floats:
        chance = expit(self.offset + self.design @ beta)
        bend: Floats = (self.design * (chance * (1 - chance))[:, None]).T @ self.design
        return bend + self.precision * np.eye(len(beta))


def _mode(problem: _Problem, start: Floats) -> Floats:
    """The highest point with no coefficient below 0; the log posterior is concave, so there is one."""
    beta = start
    for _step in range(MOST_STEPS):
        slope = problem.slope(beta)
        free = (beta > 0) | (slope > 0)
        if not free.any():
            break
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(problem.curvature(beta)[np.ix_(free, free)], slope[free])
        following = _no_lower(problem, beta, step)
        if np.abs(following - beta).max() < CLOSE_ENOUGH:
            break
        beta = following
    return beta


def _no_lower(problem: _Problem, beta: Floats, step: Floats) -> Floats:
    """The step, halved until it does not lead downhill."""
    height = problem.height(beta)
    for halvings in range(30):
        candidate: Floats = np.maximum(beta + step / 2**halvings, 0.0)
        if problem.height(candidate) >= height:
            return candidate
    return beta


def _intervals(problem: _Problem, beta: Floats) -> list[LearnedRatio]:
    curvature = problem.curvature(beta)
    spread = np.sqrt(np.diag(np.linalg.inv(curvature)))
    held = (beta == 0) & (problem.slope(beta) < 0)
    centre = beta + np.where(held, problem.slope(beta) / np.diag(curvature), 0.0)
    return [_ratio(mode, middle, sd) for mode, middle, sd in zip(beta, centre, spread, strict=True)]


def _ratio(mode: float, middle: float, sd: float) -> LearnedRatio:
    low, high = (math.exp(max(0.0, middle + side * NORMAL_95 * sd)) for side in (-1, 1))
    return LearnedRatio(math.exp(mode), low, high)


def _elicited(keys: list[str], rules: RuleSetValues, prior_sd: float) -> LearnedWeights:
    ratios = {}
    for key in keys:
        elicited = rules.weights[key].likelihood_ratio or 1
        # On the scale of the elicited factors, which the damping η stands before.
        low, high = (math.exp(max(0.0, math.log(elicited) + side * NORMAL_95 * prior_sd)) for side in (-1, 1))
        ratios[key] = LearnedRatio(elicited, low, high)
    return LearnedWeights(rules.eta, ratios, 0)
