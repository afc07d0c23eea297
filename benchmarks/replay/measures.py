"""How scores and chances are judged: ranking, calibration, and intervals by bootstrap over accounts."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logit
from scipy.stats import rankdata

from benchmarks.replay.histories import Flags, Floats

BINS, RESAMPLES, SEED = 10, 400, 7
SMALLEST_CHANCE = 1e-6

Measure = Callable[[Flags, Floats], float]


def auc(gone: Flags, score: Floats) -> float:
    """Chance that an account that went scores higher than one that stayed; ties count half."""
    left = int(gone.sum())
    ranks = rankdata(score)[gone].sum() - left * (left + 1) / 2
    return float(ranks / (left * (len(gone) - left)))


def average_precision(gone: Flags, score: Floats) -> float:
    """Mean of the precision at each account that went, from the highest score down; ties share theirs."""
    values, place = np.unique(-score, return_inverse=True)
    went, many = np.bincount(place, gone, len(values)), np.bincount(place, minlength=len(values))
    return float((went * np.cumsum(went) / np.cumsum(many)).sum() / gone.sum())


def lift(gone: Flags, score: Floats) -> float:
    """Share gone among the tenth with the highest scores, over the share gone of all; ties by order of rows."""
    top = np.argsort(-score, kind="stable")[: max(len(gone) // 10, 1)]
    return float(gone[top].mean() / gone.mean())


def calibration_error(gone: Flags, chance: Floats) -> float:
    """Expected calibration error over ten bins of equal size."""
    return float(_calibration_errors(gone[np.newaxis], chance)[0])


def perfect_calibration_error(chance: Floats) -> float:
    """95th percentile of the calibration error that these chances would show on this sample if all were true."""
    drawn = np.random.default_rng(SEED).random((1000, len(chance))) < chance
    return float(np.quantile(_calibration_errors(drawn, chance), 0.95))


def _calibration_errors(gone: npt.NDArray[np.bool_], chance: Floats) -> Floats:
    bins = np.array_split(np.argsort(chance, kind="stable"), BINS)
    off = [len(rows) * np.abs(gone[:, rows].mean(axis=1) - chance[rows].mean()) for rows in bins if len(rows)]
    return np.asarray(np.sum(off, axis=0) / len(chance))


def brier_skill(gone: Flags, chance: Floats) -> float:
    """1 less the squared error over that of saying the mean share to everyone."""
    return float(1 - np.mean((chance - gone) ** 2) / np.mean((gone.mean() - gone) ** 2))


def slope(gone: Flags, chance: Floats) -> float:
    """Slope of the logistic regression of what happened on the log odds that were said; 1 is right."""
    odds = logit(np.clip(chance, SMALLEST_CHANCE, 1 - SMALLEST_CHANCE))

    def loss(line: Floats) -> float:
        at = line[0] + line[1] * odds
        return float(np.mean(np.logaddexp(0, at) - gone * at))

    return float(minimize(loss, [0.0, 1.0], method="BFGS").x[1])


def resampled(rows: pd.DataFrame, scores: Sequence[str], measure: Measure) -> dict[str, Floats]:
    """Return the measure of each score on the same `RESAMPLES` draws of accounts, so that differences are paired."""
    places = [np.asarray(where) for where in rows.groupby("account").indices.values()]
    gone = rows["gone"].to_numpy(bool)
    columns = {name: rows[name].to_numpy(float) for name in scores}
    rng = np.random.default_rng(SEED)
    found: dict[str, list[float]] = {name: [] for name in scores}
    for _ in range(RESAMPLES):
        drawn = np.concatenate([places[place] for place in rng.integers(0, len(places), len(places))])
        for name, score in columns.items():
            found[name].append(measure(gone[drawn], score[drawn]))
    return {name: np.array(values) for name, values in found.items()}


def interval(values: Floats) -> tuple[float, float]:
    """Return the middle 95 %."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
