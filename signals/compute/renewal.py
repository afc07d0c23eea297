"""Empirical-Bayes gamma renewal model: how long until the next order, given an account's own gaps.

A gap is gamma distributed with the account's own regularity (shape k) and rate. Both carry priors learnt from
the portfolio, so that a short history leans on the peers and a long one on itself.

Every sum over the grid of shapes is a loop that adds in one fixed order: results stay the same to the last bit
whichever accounts are computed together, and memory stays at a few numbers an account.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, gammaln

FloatArray = npt.NDArray[np.float64]

# Regularity of a rhythm: 1 = chance alone (Poisson), 2.3 = typical between companies, 20 = by the calendar.
SHAPES = (0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2, 3.0, 4.0, 5.5, 8.0, 12.0, 20.0)

# Below the smallest normal double a ratio of survivals would be noise; the alarm is certain long before.
SMALLEST_CHANCE = 1e-300


@dataclass(frozen=True)
class Prior:
    """What the portfolio teaches about an account before its own gaps are seen.

    Parameters
    ----------
    r, alpha : float
        Gamma prior of the rate parameter; alpha in days.
    weights : tuple of float, one per shape of `SHAPES`
        Share of accounts with that regularity; sums to 1.
    a, b : float
        Beta prior of the chance that an order is the last one.
    """

    r: float
    alpha: float
    weights: tuple[float, ...]
    a: float
    b: float

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Prior":
        """Read what `to_json` wrote."""
        return cls(**{**stored, "weights": tuple(stored["weights"])})

    def to_json(self) -> dict[str, Any]:
        """Return plain numbers and lists."""
        return {
            "r": self.r,
            "alpha": self.alpha,
            "weights": list(self.weights),
            "a": self.a,
            "b": self.b,
        }


# For a portfolio without a single gap, and as the start of the first fit: any rhythm between a week and a
# quarter, somewhat regular, one order in twenty the last.
VAGUE_PRIOR = Prior(r=1.0, alpha=30.0, weights=(1.0 / len(SHAPES),) * len(SHAPES), a=1.0, b=19.0)


@dataclass(frozen=True)
class GapSums:
    """Sufficient statistics of the gaps of n accounts, weighted by age.

    Parameters
    ----------
    count, days, log_days : float arrays, shape (n,)
        Sums over the gaps of the weight, weight x gap (days) and weight x ln gap. All 0 without a gap.
    """

    count: FloatArray
    days: FloatArray
    log_days: FloatArray

    def take(self, rows: npt.NDArray[np.intp]) -> "GapSums":
        """Return the sums of some accounts."""
        return GapSums(self.count[rows], self.days[rows], self.log_days[rows])


def log_marginal(shape: float, r: float, alpha: float, sums: GapSums) -> FloatArray:
    """Return the log likelihood of each account's gaps at one shape, its rate integrated out.

    Parameters
    ----------
    shape : float
    r, alpha : float
        Prior of the rate parameter.
    sums : GapSums
        Of n accounts.

    Returns
    -------
    float array, shape (n,)
    """
    posterior_r = r + shape * sums.count
    return np.asarray(
        (shape - 1) * sums.log_days
        + sums.count * (shape * np.log(shape) - gammaln(shape))
        + r * np.log(alpha)
        - gammaln(r)
        + gammaln(posterior_r)
        - posterior_r * np.log(alpha + shape * sums.days)
    )


def shape_posterior(prior: Prior, sums: GapSums) -> tuple[FloatArray, FloatArray]:
    """Return each account's weights over the shapes, and the log likelihood of its gaps.

    Returns
    -------
    weights : float array, shape (n_shapes, n)
        Columns sum to 1.
    log_likelihood : float array, shape (n,)
    """
    joint = np.empty((len(SHAPES), len(sums.count)))
    for place, (shape, weight) in enumerate(zip(SHAPES, prior.weights, strict=True)):
        joint[place] = np.log(weight) + log_marginal(shape, prior.r, prior.alpha, sums)
    top = joint.max(axis=0)
    total = np.zeros_like(top)
    for row in joint:
        np.exp(row - top, out=row)
        total += row
    return joint / total, top + np.log(total)


@dataclass(frozen=True)
class Predictive:
    """Distribution of the next gap of n accounts: a mixture over the shapes of compound gammas.

    Parameters
    ----------
    prior : Prior
    sums : GapSums
        Of the gaps seen so far, n accounts.
    """

    prior: Prior
    sums: GapSums

    @cached_property
    def weights(self) -> FloatArray:
        """Posterior of the shape, shape (n_shapes, n)."""
        return shape_posterior(self.prior, self.sums)[0]

    @cached_property
    def regularity(self) -> FloatArray:
        """Posterior mean of the shape, shape (n,)."""
        mean = np.zeros(len(self.sums.count))
        for shape, weight in zip(SHAPES, self.weights, strict=True):
            mean += shape * weight
        return mean

    @cached_property
    def _log_beta(self) -> FloatArray:
        """What the density at any gap is divided by, shape (n_shapes, n)."""
        return np.array([betaln(shape, self.prior.r + shape * self.sums.count) for shape in SHAPES])

    def take(self, rows: npt.NDArray[np.intp]) -> "Predictive":
        """Return the distribution of some accounts."""
        return Predictive(self.prior, self.sums.take(rows))

    def survival(self, gap: FloatArray) -> FloatArray:
        """Return the chance of a gap longer than `gap`.

        Parameters
        ----------
        gap : float array, shape (n,)
            Days, 0 or more.

        Returns
        -------
        float array, shape (n,)
            In (0, 1], never below `SMALLEST_CHANCE`.

        Notes
        -----
        1 - I_z(k, A) is taken as I_{1-z}(A, k), which keeps its digits where it is small.
        """
        total = np.zeros(len(self.sums.count))
        for shape, weight in zip(SHAPES, self.weights, strict=True):
            rate = self.prior.alpha + shape * self.sums.days
            upper = rate / (rate + shape * gap)
            total += weight * betainc(self.prior.r + shape * self.sums.count, shape, upper)
        return np.clip(total, SMALLEST_CHANCE, 1.0)

    def density(self, gap: FloatArray) -> FloatArray:
        """Return the predictive density of a gap.

        Parameters
        ----------
        gap : float array, shape (n,)
            Days, above 0.

        Returns
        -------
        float array, shape (n,)
            Per day; never below `SMALLEST_CHANCE`, so that ratios and logs stay finite.
        """
        total = np.zeros(len(self.sums.count))
        for shape, weight, log_beta in zip(SHAPES, self.weights, self._log_beta, strict=True):
            count = self.prior.r + shape * self.sums.count
            scaled = shape * gap / (self.prior.alpha + shape * self.sums.days)
            log_part = shape * np.log(scaled) - np.log(gap) - (count + shape) * np.log1p(scaled) - log_beta
            total += weight * np.exp(log_part)
        return np.maximum(total, SMALLEST_CHANCE)


def stopped_chance(prior: Prior, gap_count: FloatArray, survival: FloatArray) -> FloatArray:
    """Return the chance that the last order was the last for good.

    Parameters
    ----------
    prior : Prior
    gap_count : float array, shape (n,)
        Completed gaps, not weighted: each order passed was a chance to stop.
    survival : float array, shape (n,)
        Chance of a gap as long as the present silence, had nothing stopped.

    Returns
    -------
    float array, shape (n,)
    """
    stop = prior.a / (prior.b + gap_count)
    return stop / (stop + survival)


def no_order_chance(
    prior: Prior,
    gap_count: FloatArray,
    survival: FloatArray,
    survival_later: FloatArray,
) -> FloatArray:
    """Return the chance of no order within a horizon: stopped already, or merely not due.

    Parameters
    ----------
    prior : Prior
    gap_count, survival : float arrays, shape (n,)
        As in `stopped_chance`.
    survival_later : float array, shape (n,)
        Chance of a gap as long as the present silence and the horizon together.

    Returns
    -------
    float array, shape (n,)
        stopped + (1 - stopped) * survival_later / survival, written without the subtraction.
    """
    stop = prior.a / (prior.b + gap_count)
    return np.minimum((stop + survival_later) / (stop + survival), 1.0)
