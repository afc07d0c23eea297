"""One risk per account from the readings of all signals, in points that add up."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from signals.compute.bands import assign_bands
from signals.compute.base import Json, Status, json_records
from signals.compute.rules import RuleSetValues

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Nothing is certain: chances are kept this far from 0 and 1, so that risk shows 1 to 99.
CERTAINTY = 0.01
# Below this sum of log odds (P - b) / sum is noise; its limit b (1 - b) is exact to as many digits.
NEGLIGIBLE_LOG_ODDS = 1e-9


def portfolio_base_rate(levels: pd.Series, rules: RuleSetValues) -> float:
    """Return b, the portfolio's mean chance of no order within the own horizon.

    Parameters
    ----------
    levels : Series of float
        Level of order_rhythm of **all** accounts of the portfolio, NaN where it is unknown.
    rules : RuleSetValues
        `default_base_rate` where no level is known; `max_base_rate` bounds the mean.

    Notes
    -----
    b matters only where an account's own chance is unknown: elsewhere o = logit p - logit b cancels it. A
    portfolio of mostly lapsed customers would make every unknown account Drifting by its mean alone. Rounded
    to whole points, so that every account of a run shows the same starting point.
    """
    known = levels.dropna()
    mean = rules.default_base_rate if known.empty else float(known.mean())
    return round(float(np.clip(mean, CERTAINTY, rules.max_base_rate)), 2)


def assess(
    readings: Mapping[str, pd.DataFrame],
    rules: RuleSetValues,
    base_rate: float,
    previous_band: pd.Series | None = None,
) -> pd.DataFrame:
    """Judge every account from the readings of the registered signals.

    Parameters
    ----------
    readings : mapping of str to DataFrame
        What each signal's `compute` returned, all with the same index; the order of keys breaks ties.
    rules : RuleSetValues
        Must name a weight for each key.
    base_rate : float
        b, see `portfolio_base_rate`: the same for all accounts of a run.
    previous_band : Series of str, optional
        Band before, by account.

    Returns
    -------
    DataFrame
        Index = accounts. `risk` int 1 to 99; `probability` float; `band` str; `coverage` float 0 to 1;
        `starting_points` int; `contributions` list of dict, the most points first, each the reading with its
        `key` and `points`; `top_key` of the first with at least one point, else None.
        `starting_points` and all `points` add up to `risk`.

    Raises
    ------
    ValueError
        If a key has no weight, indexes differ, no reading is given, or base_rate is not within 0 and 1.

    Notes
    -----
    P = expit(logit b + o + Σ c). o = logit p - logit b for the signal whose level is a chance itself, 0 where
    unknown. c = η · level · ln(LR), 0 where unknown; within a family the largest counts fully, the others
    half. Points are each share of P - b in proportion to o and c, rounded by largest remainder.
    """
    result, log_odds, base = _judged(readings, rules, base_rate, previous_band)
    exact = _exact_points(log_odds, result["probability"].to_numpy(), base)
    points = largest_remainder(exact, result["risk"].to_numpy())
    contributions = _contributions(readings, points[:, 1:])
    return result.assign(
        starting_points=points[:, 0],
        contributions=pd.Series(contributions, index=result.index, dtype=object),
        top_key=pd.Series([_top_key(items) for items in contributions], index=result.index, dtype=object),
    )


def judge(
    readings: Mapping[str, pd.DataFrame],
    rules: RuleSetValues,
    base_rate: float,
    previous_band: pd.Series | None = None,
) -> pd.DataFrame:
    """Judge every account as `assess` does, without what each signal contributes.

    Parameters
    ----------
    readings : mapping of str to DataFrame
        `level` and `status` of each signal, all with the same index.
    rules, base_rate, previous_band
        As for `assess`, and so are the errors.

    Returns
    -------
    DataFrame
        `risk`, `probability`, `coverage` and `band` of `assess`.

    Notes
    -----
    For comparing rules over a whole portfolio: the contributions are a dict an account and signal, which takes
    most of the time of `assess`.
    """
    return _judged(readings, rules, base_rate, previous_band)[0]


def coverage(readings: Mapping[str, pd.DataFrame], rules: RuleSetValues) -> pd.Series:
    """Return the share of signal weight whose status is ok.

    Notes
    -----
    Counts the signals given, that is those of the registry: a signal that does not exist yet is no gap in
    what is known. A signal "not used here" leaves the denominator; nothing used at all is coverage 0.
    Too little history counts as unknown: it cannot show that all is well.
    """
    status = pd.DataFrame({key: frame["status"] for key, frame in readings.items()})
    weight = pd.Series({key: rules.weights[key].coverage for key in readings}, dtype=float)
    fresh = (status == Status.OK).mul(weight, axis=1).sum(axis=1)
    used = (status != Status.NOT_USED).mul(weight, axis=1).sum(axis=1)
    return (fresh / used.where(used > 0)).fillna(0.0)


def largest_remainder(exact: Floats, totals: Integers) -> Integers:
    """Round each row to integers with the given sum.

    Parameters
    ----------
    exact : ndarray of float, shape (n, m)
        Rows whose sums lie within 1/2 of `totals`.
    totals : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of int, shape (n, m)
        Each entry is `exact` rounded down or up; the largest fractions are rounded up, the first of equals.
    """
    exact = exact.round(9)  # 2.9999999999 is 3: a sum of floats must not cost a point
    down = np.floor(exact)
    missing = totals - down.sum(axis=1)
    order = np.argsort(down - exact, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    rounded: Integers = (down + (rank < missing[:, None])).astype(np.int64)
    return rounded


def _judged(
    readings: Mapping[str, pd.DataFrame], rules: RuleSetValues, base_rate: float, previous_band: pd.Series | None
) -> tuple[pd.DataFrame, Floats, float]:
    """Return risk and band of each account, the log odds they come from (columns as keys), and b as it was used."""
    _check(readings, rules, base_rate)
    keys, index = list(readings), next(iter(readings.values())).index
    levels = np.column_stack([readings[key]["level"].to_numpy(dtype=float) for key in keys])
    known = np.column_stack([(readings[key]["status"] == Status.OK).to_numpy() for key in keys])
    base = float(np.clip(base_rate, CERTAINTY, 1 - CERTAINTY))
    log_odds = _log_odds(np.where(known, levels, np.nan), keys, rules, base)
    probability = np.clip(expit(logit(base) + log_odds.sum(axis=1)), CERTAINTY, 1 - CERTAINTY)
    risk = np.floor(100 * probability + 0.5).astype(np.int64)
    share = coverage(readings, rules)
    result = pd.DataFrame({"risk": risk, "probability": probability, "coverage": share}, index=index)
    previous = pd.Series(index=index, dtype="str") if previous_band is None else previous_band
    return result.assign(band=assign_bands(result["risk"], share, previous, rules)), log_odds, base


def _check(readings: Mapping[str, pd.DataFrame], rules: RuleSetValues, base_rate: float) -> None:
    if not readings:
        raise ValueError("no readings are given")
    unweighted = [key for key in readings if key not in rules.weights]
    if unweighted:
        raise ValueError(f"the rule set has no weight for {', '.join(unweighted)}")
    first, *others = (frame.index for frame in readings.values())
    if not all(first.equals(other) for other in others):
        raise ValueError("readings must be about the same accounts in the same order")
    if not 0 < base_rate < 1:
        raise ValueError(f"base_rate must lie within 0 and 1, got {base_rate}")


def _log_odds(levels: Floats, keys: Sequence[str], rules: RuleSetValues, base: float) -> Floats:
    """Return o and c of each signal (columns as keys), 0 where the level is unknown."""
    result = np.zeros_like(levels)
    by_family: dict[str, list[int]] = {}
    for column, key in enumerate(keys):
        if rules.is_own_odds(key):
            own = np.clip(levels[:, column], CERTAINTY, 1 - CERTAINTY)
            result[:, column] = logit(own) - logit(base)
        else:
            result[:, column] = rules.eta * levels[:, column] * np.log(rules.weights[key].likelihood_ratio or 1)
            by_family.setdefault(rules.weights[key].family, []).append(column)
    result = np.where(np.isnan(levels), 0.0, result)
    for shared in by_family.values():
        result[:, shared] = _halved_but_largest(result[:, shared])
    return result


def _halved_but_largest(overlapping: Floats) -> Floats:
    if overlapping.shape[1] < 2:
        return overlapping
    rows = np.arange(len(overlapping))
    largest = overlapping.argmax(axis=1)
    halved = overlapping / 2
    halved[rows, largest] = overlapping[rows, largest]
    return halved


def _exact_points(log_odds: Floats, probability: Floats, base: float) -> Floats:
    """Return b and each signal's share of P - b, in points before rounding; rows sum to 100 P."""
    total = log_odds.sum(axis=1)
    counts = np.abs(total) > NEGLIGIBLE_LOG_ODDS
    per_unit = np.where(counts, (probability - base) / np.where(counts, total, 1.0), base * (1 - base))
    return 100 * np.column_stack([np.full(len(total), base), log_odds * per_unit[:, None]])


def _contributions(readings: Mapping[str, pd.DataFrame], points: Integers) -> list[list[Json]]:
    """Return each account's readings with key and points, the most points first."""
    digits = {"value": 3, "baseline": 3, "level": 4}
    columns = [
        [
            {"key": key, "points": won, **reading}
            for won, reading in zip(column, json_records(frame.round(digits)), strict=True)
        ]
        for (key, frame), column in zip(readings.items(), points.T.tolist(), strict=True)
    ]
    return [sorted(row, key=lambda item: -int(item["points"])) for row in zip(*columns, strict=True)]


def _top_key(contributions: list[Json]) -> str | None:
    first = contributions[0]
    return str(first["key"]) if first["points"] >= 1 else None
