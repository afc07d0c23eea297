"""How well scores rank those who went above those who stayed, and whether stated chances come true."""

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import rankdata

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CALIBRATION_BINS = 10
# Chances are kept this far from 0 and 1 before their log odds are taken.
CERTAINTY = 0.005
NEWTON_STEPS, LARGEST_STEP, SMALL_STEP = 50, 5.0, 1e-9


def auc(gone: Flags, score: Floats) -> float:
    """Return the chance that one who went scores higher than one who stayed; ties count half.

    Parameters
    ----------
    gone : bool array, shape (n,)
        Both outcomes must occur.
    score : float array, shape (n,)

    Notes
    -----
    The Mann-Whitney statistic over its largest value (Hanley & McNeil 1982).
    """
    left = int(gone.sum())
    ranks = rankdata(score)[gone].sum() - left * (left + 1) / 2
    return float(ranks / (left * (len(gone) - left)))


def auc_of_counts(gone: npt.ArrayLike, stayed: npt.ArrayLike) -> Floats:
    """Return the same from counts by score, for many samples at once.

    Parameters
    ----------
    gone, stayed : array of float, shape (..., n_scores)
        How many of each outcome had each score, the lowest score first.

    Returns
    -------
    float array, shape (...)
        NaN where one outcome does not occur.
    """
    went, remained = np.asarray(gone, dtype=float), np.asarray(stayed, dtype=float)
    below = np.cumsum(remained, axis=-1) - remained / 2
    pairs = went.sum(axis=-1) * remained.sum(axis=-1)
    wins = (went * below).sum(axis=-1)
    return np.asarray(np.divide(wins, pairs, out=np.full(np.shape(pairs), np.nan), where=pairs > 0))


def average_precision(gone: Flags, score: Floats) -> float:
    """Return the mean of the precision at each one who went, from the highest score down."""
    ordered = gone[np.argsort(-score, kind="stable")]
    return float((np.cumsum(ordered) / np.arange(1, len(ordered) + 1))[ordered].mean())


def calibration_error(gone: Flags, chance: Floats) -> float:
    """Return the expected calibration error over ten bins of equal size."""
    bins = np.array_split(np.argsort(chance, kind="stable"), CALIBRATION_BINS)
    return float(sum(len(rows) * abs(chance[rows].mean() - gone[rows].mean()) for rows in bins) / len(gone))


def calibration_slope(chance: npt.ArrayLike, gone: npt.ArrayLike, cases: npt.ArrayLike) -> float:
    """Return the slope of outcomes on stated log odds: 1 is right, below 1 the chances are too extreme.

    Parameters
    ----------
    chance : array of float, shape (n,)
        Stated chances, each for a group of cases.
    gone, cases : array of float, shape (n,)
        How many of each group went, and how many there are.

    Returns
    -------
    float
        NaN where it cannot be told: one outcome or one chance only, or they part without overlap.

    Notes
    -----
    Logistic regression with intercept by Newton's method (Cox 1958; Van Calster et al. 2016 on its reading).
    """
    stated, went, total = (np.asarray(part, dtype=float) for part in (chance, gone, cases))
    used = total > 0
    stated, went, total = stated[used], went[used], total[used]
    if len(np.unique(stated)) < 2 or not 0 < went.sum() < total.sum():
        return float("nan")
    table = np.column_stack([np.ones(len(stated)), logit(np.clip(stated, CERTAINTY, 1 - CERTAINTY))])
    found = _newton(table, went, total)
    return float("nan") if found is None else float(found[1])


def _newton(table: Floats, went: Floats, total: Floats) -> Floats | None:
    found = np.array([0.0, 1.0])
    for _step in range(NEWTON_STEPS):
        expected = expit(table @ found)
        curvature = (table * (total * expected * (1 - expected))[:, None]).T @ table
        try:
            step = np.linalg.solve(curvature, table.T @ (went - total * expected))
        except np.linalg.LinAlgError:
            return None
        found = np.asarray(found + np.clip(step, -LARGEST_STEP, LARGEST_STEP), dtype=np.float64)
        if np.abs(step).max() < SMALL_STEP:
            return np.asarray(found, dtype=np.float64)
    return None
