"""What a backtest came to: the records of any set of accounts, added up."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from signals.compute.backtest_course import WHOLE, LossKind
from signals.compute.backtest_replay import MARKED
from signals.compute.backtest_tally import SCORES, THRESHOLDS
from signals.compute.backtest_verdicts import WINDOW_DAYS, Verdict
from signals.compute.ranking import auc_of_counts, calibration_slope

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]

DAYS_OF_MONTH = 365.25 / 12
RESAMPLES, SEED, INTERVAL = 1000, 7, (0.025, 0.975)
# Below this many losses one more or less changes every figure; 30 outcomes are what a probability needs (design).
FEW_LOSSES = 30
# From fewer losses or alarms than this no interval is given.
LEAST_CASES = 5
CALIBRATION_STEP = 10
HISTOGRAM_DAYS = 30


def figures(account_ids: Sequence[int], records: Sequence[Json], step_days: int) -> Json:
    """Add up the records of some accounts.

    Parameters
    ----------
    account_ids : sequence of int
    records : sequence of dict
        As `tally` returns them, in the same order.
    step_days : int
        Days from one day replayed to the next.

    Returns
    -------
    dict
        JSON-able; a figure that cannot be told is None. `accounts`, `months` (account-months under watch),
        `losses` by kind, `is_small`; `methods` by key; `thresholds`, one row for each; `calibration`;
        `missed` and `reds`, lists of accounts.

    Notes
    -----
    precision = hits / (hits + false); recall = detected / lost; false alarms per 100 account-months = 100 ·
    false / months. Alarms acted on, late, undecided or standing from the beginning enter none of them.
    Intervals: 95 %, bootstrap percentile over accounts (Efron 1979), since cases of one account depend on
    each other.
    """
    months = sum(record["watched"] for record in records) * step_days / DAYS_OF_MONTH
    losses = [
        loss | {"account": pk} for pk, record in zip(account_ids, records, strict=True) for loss in record["losses"]
    ]
    whole = [loss for loss in losses if loss["kind"] in WHOLE]
    weights = _weights(len(records))
    methods = tuple(records[0]["alarms"]) if records else ()
    return {
        "accounts": len(records),
        "months": round(months, 1),
        "step_days": step_days,
        "losses": {kind: sum(loss["kind"] == kind for loss in losses) for kind in LossKind if kind != LossKind.PENDING}
        | {"whole": len(whole)},
        "is_small": len(whole) < FEW_LOSSES,
        "methods": {key: method_figures(key, records, whole, months, weights) for key in methods},
        "thresholds": [threshold_figures(place, records, whole, months) for place in range(len(THRESHOLDS))],
        "calibration": calibration(records),
        "missed": [_missed(loss) for loss in whole if loss["leads"][MARKED] is None],
        "reds": [
            red | {"account": pk} for pk, record in zip(account_ids, records, strict=True) for red in record["reds"]
        ],
    }


def _weights(size: int) -> Floats:
    """How often each account is drawn in each resample, shape (RESAMPLES, size)."""
    if size == 0:
        return np.zeros((RESAMPLES, 0))
    return np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), RESAMPLES).astype(float)


def method_figures(key: str, records: Sequence[Json], whole: Sequence[Json], months: float, weights: Floats) -> Json:
    """Return what one method would have seen: see `figures`."""
    counts = np.array([record["alarms"][key] for record in records], dtype=float).reshape(-1, len(Verdict))
    gone, stayed = (_histogram(records, name, key) for name in ("gone", "stayed"))
    leads = sorted(loss["leads"][key] for loss in whole if loss["leads"][key] is not None)
    late = [loss["late"][key] for loss in whole if loss["leads"][key] is None and loss["late"][key] is not None]
    watched = sum(record["watched"] for record in records)
    lost, seen = _losses_by_account(key, records)
    total = counts.sum(axis=0)
    cases = gone.sum() + stayed.sum()
    known = _histogram(records, "gone", MARKED).sum() + _histogram(records, "stayed", MARKED).sum()
    hits, false = counts[:, Verdict.HIT], counts[:, Verdict.FALSE]
    return {
        "detected": len(leads),
        "missed": len(whole) - len(leads),
        "leads": leads,
        "lead": quartiles(leads),
        "late": len(late),
        "late_median": _number(np.median(late)) if late else None,
        "alarms": {verdict.name.lower(): int(total[verdict]) for verdict in Verdict},
        "alarm_share": _ratio(sum(record["alarm_days"][key] for record in records), watched),
        "known_share": _ratio(float(cases), float(known)),
        "false_per_100_months": _ratio(100 * float(false.sum()), months),
        "precision": _ratio(float(hits.sum()), float((hits + false).sum())),
        "precision_interval": _interval(hits, hits + false, weights),
        "recall": _ratio(len(leads), len(whole)),
        "recall_interval": _interval(seen, lost, weights),
        "auc": _number(auc_of_counts(gone.sum(axis=0), stayed.sum(axis=0))),
        "auc_interval": _auc_interval(gone, stayed, weights),
    }


def _losses_by_account(key: str, records: Sequence[Json]) -> tuple[Floats, Floats]:
    own = [[loss["leads"][key] for loss in record["losses"] if loss["kind"] in WHOLE] for record in records]
    lost = np.array([len(leads) for leads in own], dtype=float)
    return lost, np.array([sum(lead is not None for lead in leads) for leads in own], dtype=float)


def threshold_figures(place: int, records: Sequence[Json], whole: Sequence[Json], months: float) -> Json:
    """Return what one threshold of risk would have done."""
    total = np.sum([record["thresholds"][place] for record in records], axis=0, initial=0) * np.ones(len(Verdict))
    leads = sorted(loss["thresholds"][place] for loss in whole if loss["thresholds"][place] is not None)
    hits, false = total[Verdict.HIT], total[Verdict.FALSE]
    return {
        "threshold": int(THRESHOLDS[place]),
        "detected": len(leads),
        "missed": len(whole) - len(leads),
        "lead": quartiles(leads),
        "alarms": {verdict.name.lower(): int(total[verdict]) for verdict in Verdict},
        "false_per_100_months": _ratio(100 * float(false), months),
        "precision": _ratio(float(hits), float(hits + false)),
        "recall": _ratio(len(leads), len(whole)),
    }


def calibration(records: Sequence[Json]) -> Json:
    """Return what share was lost within 180 days, by the risk shown.

    Returns
    -------
    dict
        `bins`: `from`, `to` points, `cases`, `lost`, `shown` and `went` (means, 0 to 1); `error` the expected
        calibration error over these bins; `slope` (see `calibration_slope`); `cases`, `lost`.
    """
    gone, stayed = (_histogram(records, name, MARKED).sum(axis=0) for name in ("gone", "stayed"))
    cases, points = gone + stayed, np.arange(SCORES)
    bins = [_bin(low, cases, gone) for low in range(0, 100, CALIBRATION_STEP)]
    total = float(cases.sum())
    gaps = [row["cases"] * abs(row["shown"] - row["went"]) for row in bins if row["cases"]]
    return {
        "window_days": WINDOW_DAYS,
        "bins": bins,
        "cases": int(total),
        "lost": int(gone.sum()),
        "error": _ratio(sum(gaps), total, digits=4),
        "slope": _number(calibration_slope(points / 100, gone, cases)),
    }


def _bin(low: int, cases: Floats, gone: Floats) -> Json:
    high = low + CALIBRATION_STEP
    part = slice(low, high if high < 100 else SCORES)
    count, points = float(cases[part].sum()), np.arange(SCORES)[part]
    return {
        "from": low,
        "to": high,
        "cases": int(count),
        "lost": int(gone[part].sum()),
        "shown": _ratio(float((cases[part] * points).sum()) / 100, count, digits=4),
        "went": _ratio(float(gone[part].sum()), count, digits=4),
    }


def quartiles(leads: Sequence[int]) -> Json | None:
    """Return median, quartiles and extremes in days; None without any."""
    if not leads:
        return None
    names = ("least", "low", "median", "high", "most")
    return dict(zip(names, np.quantile(leads, [0, 0.25, 0.5, 0.75, 1]).round(1).tolist(), strict=True))


def histogram(leads: Sequence[int]) -> list[Json]:
    """Count lead times by months of 30 days, the longest first."""
    edges = range(WINDOW_DAYS - HISTOGRAM_DAYS, -1, -HISTOGRAM_DAYS)
    return [
        {
            "from": low + 1,
            "to": low + HISTOGRAM_DAYS,
            "count": sum(low < lead <= low + HISTOGRAM_DAYS for lead in leads),
        }
        for low in edges
    ]


def _histogram(records: Sequence[Json], name: str, key: str) -> Floats:
    """Cases by points, shape (n_accounts, SCORES)."""
    table = np.zeros((len(records), SCORES))
    for row, record in zip(table, records, strict=True):
        for points, count in record[name][key].items():
            row[int(points)] = count
    return table


def _auc_interval(gone: Floats, stayed: Floats, weights: Floats) -> list[float] | None:
    if np.count_nonzero(gone.sum(axis=1)) < LEAST_CASES:
        return None
    drawn = auc_of_counts(weights @ gone, weights @ stayed)
    return _quantiles(drawn)


def _interval(above: Floats, below: Floats, weights: Floats) -> list[float] | None:
    """Return the interval of a share; None where few cases, or cases all alike, would feign a width of nothing."""
    if below.sum() < LEAST_CASES or above.sum() in {0, below.sum()}:
        return None
    drawn = weights @ below
    return _quantiles(np.divide(weights @ above, drawn, out=np.full(len(drawn), np.nan), where=drawn > 0))


def _quantiles(drawn: Floats) -> list[float] | None:
    told = drawn[~np.isnan(drawn)]
    return np.quantile(told, INTERVAL).round(3).tolist() if len(told) else None


def _ratio(above: float, below: float, digits: int = 3) -> float | None:
    return round(above / below, digits) if below else None


def _number(value: Any, digits: int = 3) -> float | None:
    return None if np.isnan(value) else round(float(value), digits)


def _missed(loss: Json) -> Json:
    return {name: loss[name] for name in ("account", "day", "kind", "healthy", "risk")} | {"late": loss["late"][MARKED]}
