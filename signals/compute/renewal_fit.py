"""Fit of the renewal model's priors to a portfolio, by maximum likelihood."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, digamma

from signals.compute.renewal import (
    SHAPES,
    VAGUE_PRIOR,
    FloatArray,
    GapSums,
    Predictive,
    Prior,
    log_marginal,
    shape_posterior,
)

SAMPLE_SIZE = 5_000
ROUNDS, EM_STEPS = 40, 30
TOLERANCE = 1e-5  # change of the mean log likelihood an account at which the alternation ends

# Kept inside what is plausible, so that a handful of identical accounts does not end at infinity. In ln; r is
# the number of own gaps the prior is worth, alpha that times the usual gap.
RATE_BOUNDS = ((-3.0, 4.0), (-5.0, 9.0))
STOP_BOUNDS = ((-6.0, 3.0), (-3.0, 6.0))

# As if this many accounts of every shape had been seen beside the portfolio: no shape is ever ruled out.
SHAPE_PSEUDO_ACCOUNTS = 0.05


def sample_rows(account_ids: npt.NDArray[np.int64], size: int = SAMPLE_SIZE) -> npt.NDArray[np.intp]:
    """Choose at most `size` accounts, always the same ones, by a hash of their ids.

    Parameters
    ----------
    account_ids : int array, shape (n,)
    size : int

    Returns
    -------
    int array, shape (min(n, size),)
        Positions in `account_ids`, in the order of the ids.

    Notes
    -----
    The same accounts are chosen night after night, whichever join or leave.
    """
    # Fibonacci hashing: the multiplier is 2^64 divided by the golden ratio.
    hashed = account_ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    chosen = np.argsort(hashed, kind="stable")[:size]
    return chosen[np.argsort(account_ids[chosen], kind="stable")]


def fit_gaps(sums: GapSums, start: Prior = VAGUE_PRIOR) -> Prior:
    """Fit the prior of rates and the weights of the shapes to the accounts' gaps.

    Parameters
    ----------
    sums : GapSums
        Of n accounts; those without a gap say nothing and are left out.
    start : Prior
        Where to begin: yesterday's result, or `VAGUE_PRIOR`. Its a and b are kept.

    Returns
    -------
    Prior

    Notes
    -----
    Alternates EM steps for the weights of the shapes with a maximum likelihood step for (r, alpha). No product
    of matrices: its last bits may depend on how many threads the machine lends it.
    """
    seen = sums.take(np.flatnonzero(sums.count > 0))
    if not len(seen.count):
        return start
    prior, before = start, -np.inf
    for _ in range(ROUNDS):
        prior = _fit_shapes(prior, seen)
        prior, likelihood = _fit_rate(prior, seen)
        if likelihood - before < TOLERANCE:
            break
        before = likelihood
    return prior


def _fit_shapes(prior: Prior, sums: GapSums) -> Prior:
    """Improve the weights of the shapes by EM; what each account's gaps say of each shape stays the same."""
    logs = np.array([log_marginal(shape, prior.r, prior.alpha, sums) for shape in SHAPES])
    likelihood = np.exp(logs - logs.max(axis=0))
    weights = np.array(prior.weights)
    for _ in range(EM_STEPS):
        joint = weights[:, np.newaxis] * likelihood
        weights = (joint / joint.sum(axis=0)).sum(axis=1) + SHAPE_PSEUDO_ACCOUNTS
        weights /= weights.sum()
    return replace(prior, weights=tuple(weights.tolist()))


def _fit_rate(prior: Prior, sums: GapSums) -> tuple[Prior, float]:
    """Improve r and alpha by maximum likelihood; return the mean log likelihood of an account too."""

    def loss(point: FloatArray) -> tuple[float, FloatArray]:
        r, alpha = np.exp(point)
        trial = replace(prior, r=float(r), alpha=float(alpha))
        posterior, likelihood = shape_posterior(trial, sums)
        slope_r, slope_alpha = 0.0, 0.0
        for shape, weight in zip(SHAPES, posterior, strict=True):
            count, rate = r + shape * sums.count, alpha + shape * sums.days
            slope_r += float(np.sum(weight * (np.log(alpha) - digamma(r) + digamma(count) - np.log(rate))))
            slope_alpha += float(np.sum(weight * (r / alpha - count / rate)))
        slope = np.array([slope_r * r, slope_alpha * alpha])
        return -float(likelihood.mean()), -slope / len(sums.count)

    start = np.clip(np.log([prior.r, prior.alpha]), *np.transpose(RATE_BOUNDS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=RATE_BOUNDS)
    r, alpha = np.exp(found.x).tolist()
    return replace(prior, r=r, alpha=alpha), -float(found.fun)


def fit_stops(prior: Prior, sums: GapSums, gap_count: FloatArray, silence: FloatArray) -> Prior:
    """Fit the chance that an order is the last, from the silences under way.

    Parameters
    ----------
    prior : Prior
        With its gap part fitted.
    sums : GapSums
        Of n accounts.
    gap_count, silence : float arrays, shape (n,)
        Completed gaps, not weighted; days since the last order.

    Returns
    -------
    Prior
        With a and b replaced.

    Notes
    -----
    Maximises the sum of ln[B(a, b+x+1) S(c) + B(a+1, b+x)] - ln B(a, b): the account has passed x chances to
    stop, and then either goes on and is merely silent, or has stopped.
    """
    if not len(gap_count):
        return prior
    survival = Predictive(prior, sums).survival(silence)

    def loss(point: FloatArray) -> float:
        a, b = np.exp(point)
        going_on = (b + gap_count) / (a + b + gap_count) * survival
        stopped = a / (a + b + gap_count)
        passed = betaln(a, b + gap_count) - betaln(a, b)
        return -float(np.mean(passed + np.log(going_on + stopped)))

    start = np.clip(np.log([prior.a, prior.b]), *np.transpose(STOP_BOUNDS))
    found = minimize(loss, start, method="L-BFGS-B", bounds=STOP_BOUNDS)
    a, b = np.exp(found.x).tolist()
    return replace(prior, a=a, b=b)
