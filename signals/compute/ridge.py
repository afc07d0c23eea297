"""Logistic regression that starts from known log odds and is drawn towards them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from signals.compute.base import Json
from signals.compute.order_days import FloatArray

Flags = npt.NDArray[np.bool_]

STEPS, HALVINGS, TOLERANCE = 50, 30, 1e-8
# A value further out than this many standard deviations is taken for one there.
FURTHEST = 4.0
LEAST_SPREAD = 1e-6
# Keeps the step finite where all outcomes agree.
INTERCEPT_PENALTY = 1e-3


@dataclass(frozen=True)
class Correction:
    """What is added to the log odds that were known: intercept + sum of weight x standardised feature.

    Parameters
    ----------
    intercept : float
    weights, means, spreads : dict of str to float
        By feature.
    """

    intercept: float
    weights: dict[str, float]
    means: dict[str, float]
    spreads: dict[str, float]

    def chance(self, odds: FloatArray, features: dict[str, FloatArray], share: FloatArray | float = 1.0) -> FloatArray:
        """Return the corrected chance.

        Parameters
        ----------
        odds : float array, shape (n,)
            Log odds that were known.
        features : dict of float array, shape (n,)
        share : float array, shape (n,), or float
            How much of the correction is made, 0 to 1.

        Returns
        -------
        float array, shape (n,)
            In (0, 1).
        """
        total = np.full(len(odds), self.intercept)
        # One feature after the other, no product of matrices: the same digits whoever is computed beside it.
        for name, weight in self.weights.items():
            total = total + weight * _standardised(features[name], self.means[name], self.spreads[name])
        return np.asarray(expit(odds + share * total))

    def to_json(self) -> Json:
        """Return plain numbers."""
        return {
            "intercept": self.intercept,
            "weights": self.weights,
            "means": self.means,
            "spreads": self.spreads,
        }

    @classmethod
    def from_json(cls, stored: Json) -> "Correction":
        """Read what `to_json` wrote."""
        return cls(**stored)


def fit_correction(odds: FloatArray, features: dict[str, FloatArray], happened: Flags, penalty: float) -> Correction:
    """Fit by maximum likelihood less `penalty` / 2 x the sum of squared weights.

    Parameters
    ----------
    odds : float array, shape (n,)
        Log odds known beforehand; with all weights 0 they stay as they are but for the intercept.
    features : dict of float array, shape (n,)
    happened : bool array, shape (n,)
    penalty : float
        In cases: a weight must raise the likelihood by more than this costs.

    Returns
    -------
    Correction
    """
    means = {name: float(values.mean()) for name, values in features.items()}
    spreads = {name: max(float(values.std()), LEAST_SPREAD) for name, values in features.items()}
    columns = [_standardised(values, means[name], spreads[name]) for name, values in features.items()]
    table = np.column_stack([np.ones(len(odds)), *columns])
    penalties = np.array([INTERCEPT_PENALTY, *(penalty for _ in columns)])
    point = np.zeros(table.shape[1])
    for _ in range(STEPS):
        before, point = point, _climb(point, odds, table, happened, penalties)
        if np.abs(point - before).max() < TOLERANCE:
            break
    return Correction(float(point[0]), dict(zip(features, point[1:].tolist(), strict=True)), means, spreads)


def _climb(
    point: FloatArray, odds: FloatArray, table: FloatArray, happened: Flags, penalties: FloatArray
) -> FloatArray:
    """Take one Newton step, halved until it leads upwards: where outcomes are all but sorted a whole one runs away."""

    def height(at: FloatArray) -> float:
        total = odds + np.einsum("ij,j->i", table, at)
        return float(np.sum(happened * total - np.logaddexp(0, total)) - (penalties * at * at).sum() / 2)

    # einsum and not @: the last bits of a product of matrices may depend on how many threads there are.
    chance = expit(odds + np.einsum("ij,j->i", table, point))
    slope = np.einsum("ij,i->j", table, happened - chance) - penalties * point
    weighted = table * (chance * (1 - chance))[:, np.newaxis]
    step = np.linalg.solve(np.einsum("ij,ik->jk", weighted, table) + np.diag(penalties), slope)
    ground = height(point)
    for _ in range(HALVINGS):
        if height(point + step) >= ground:
            return point + step
        step = step / 2
    return point


def _standardised(values: FloatArray, mean: float, spread: float) -> FloatArray:
    return np.asarray(np.clip((values - mean) / spread, -FURTHEST, FURTHEST))
