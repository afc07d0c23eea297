"""BG/NBD, Pareto/NBD and MBG/CNBD-k: the textbook models of customers who stop without saying so.

All three weigh two explanations of a silence: the customer is alive and merely has not ordered, or is gone since some
day after the last order. Each model gives the log likelihood of both, up to a factor they share; with them

    P(alive) = alive(T) / (alive(T) + gone(T)),  P(no order in H) = (alive(T + H) + gone(T + H)) / (alive(T) + gone(T)).

References
----------
Schmittlein, Morrison, Colombo (1987), Management Science 33, 1-24; Fader, Hardie, Lee (2005), Marketing Science 24,
275-284; Fader, Hardie (2005), A note on deriving the Pareto/NBD model; Platzer, Reutterer (2016), Marketing Science
35, 779-799; Reutterer, Platzer, Schroeder (2021), International Journal of Research in Marketing 38, 194-215.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from benchmarks.replay.histories import Floats

# Bounds of ln of every parameter, times in weeks. A fit that ends there is kept, and flagged.
BOUND = 8.0
STARTS = ((1.0, 10.0, 1.0, 5.0), (0.3, 3.0, 0.3, 10.0), (3.0, 10.0, 0.5, 1.0))
SHAPES = (1, 2, 3, 4, 6, 8, 12)
NODES, NODE_WEIGHTS = leggauss(16)


@dataclass(frozen=True)
class Customers:
    """Orders of n customers: repeat orders, time of the last and time observed since the first, sum of ln gap."""

    repeats: Floats
    last: Floats
    observed: Floats
    log_gaps: Floats

    def later(self, wait: Floats) -> "Customers":
        """Return the same customers after waiting in silence."""
        return Customers(self.repeats, self.last, self.observed + wait, self.log_gaps)


Parts = tuple[Floats, Floats, Floats]
Model = Callable[[Floats, Customers], Parts]


def bg_nbd(parameters: Floats, who: Customers) -> Parts:
    """Return the factor both share, alive and gone, in logs; parameters r, alpha, a, b."""
    r, alpha, a, b = parameters
    shape = r + who.repeats
    shared = gammaln(shape) - gammaln(r) + r * np.log(alpha) + betaln(a, b + who.repeats) - betaln(a, b)
    stop = np.log(a) - np.log(b + np.maximum(who.repeats, 1) - 1) - shape * np.log(alpha + who.last)
    # A customer of this model can only leave after a repeat order.
    return shared, -shape * np.log(alpha + who.observed), np.where(who.repeats > 0, stop, -np.inf)


def pareto_nbd(parameters: Floats, who: Customers) -> Parts:
    """Return the same; parameters r, alpha, s, beta.

    gone is s times the integral over the day of leaving y, from the last order to now, of
    (alpha + y)^-(r+x) (beta + y)^-(s+1). In w = ((alpha + last) / (alpha + y))^(r+x) it is smooth however many
    orders there are, so 16 nodes do where the hypergeometric function of the textbook form overflows.
    """
    r, alpha, s, beta = parameters
    shape = r + who.repeats
    shared = gammaln(shape) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    alive = -shape * np.log(alpha + who.observed) - s * np.log(beta + who.observed)
    at_last = np.log(alpha + who.last)
    lowest = np.exp(shape * (at_last - np.log(alpha + who.observed)))
    half = (1 - lowest) / 2
    total = np.zeros_like(half)
    for node, weight in zip(NODES, NODE_WEIGHTS, strict=True):
        log_w = np.log(lowest + half * (1 + node))
        since = np.exp(at_last - log_w / shape)  # alpha + y
        total += weight * np.exp(-log_w / shape - (s + 1) * np.log(since - alpha + beta))
    with np.errstate(divide="ignore"):  # no time since the last order: nobody is gone
        gone = np.log(s) + (1 - shape) * at_last - np.log(shape) + np.log(half * total)
    return shared, alive, gone


def mbg_cnbd(k: int) -> Model:
    """Return MBG/CNBD-k: gaps are Erlang-k, and every order, the first included, may be the last."""

    def model(parameters: Floats, who: Customers) -> Parts:
        r, alpha, a, b = parameters
        shape = r + k * who.repeats
        shared = gammaln(shape) - gammaln(r) + r * np.log(alpha) + betaln(a, b + who.repeats + 1) - betaln(a, b)
        shared = shared + (k - 1) * who.log_gaps - who.repeats * gammaln(k)
        log_all = np.log(alpha + who.observed)
        share = (who.observed - who.last) / (alpha + who.observed)
        term = total = np.ones_like(share)
        for passed in range(1, k):
            term = term * share * (shape + passed - 1) / passed
            total = total + term
        alive = np.log(total) - shape * log_all
        return shared, alive, np.log(a) - np.log(b + who.repeats) - shape * np.log(alpha + who.last)

    return model


MODELS: dict[str, tuple[Model, ...]] = {
    "BG/NBD": (bg_nbd,),
    "Pareto/NBD": (pareto_nbd,),
    "MBG/CNBD-k": tuple(mbg_cnbd(k) for k in SHAPES),
}


@dataclass(frozen=True)
class Fit:
    """One fitted model; at_bound where the likelihood has no inner maximum."""

    model: Model
    parameters: Floats
    log_likelihood: float
    at_bound: bool

    def chances(self, who: Customers, horizon: Floats) -> tuple[Floats, Floats]:
        """Return 1 - P(alive) and P(no order in the horizon)."""
        _, alive, gone = self.model(self.parameters, who)
        _, alive_later, gone_later = self.model(self.parameters, who.later(horizon))
        now = np.logaddexp(alive, gone)
        return np.exp(gone - now), np.exp(np.minimum(np.logaddexp(alive_later, gone_later) - now, 0))


def fit(models: tuple[Model, ...], who: Customers, start: Fit | None = None) -> Fit:
    """Fit by maximum likelihood from several starts, of some models the likeliest."""
    return max((_fit(model, who, start) for model in models), key=lambda found: found.log_likelihood)


def _fit(model: Model, who: Customers, start: Fit | None) -> Fit:
    def loss(point: Floats) -> float:
        shared, alive, gone = model(np.exp(point), who)
        return -float(np.mean(shared + np.logaddexp(alive, gone)))

    starts = [np.log(each) for each in STARTS] + ([np.log(start.parameters)] if start else [])
    bounds = [(-BOUND, BOUND)] * len(STARTS[0])
    # The most promising two of the starts are followed to the end.
    starts = sorted(starts, key=loss)[:2]
    found = min(
        (minimize(loss, point, method="L-BFGS-B", bounds=bounds) for point in starts), key=lambda end: float(end.fun)
    )
    at_bound = bool((np.abs(found.x) > BOUND - 0.01).any())
    return Fit(model, np.exp(found.x), -float(found.fun) * len(who.repeats), at_bound)
