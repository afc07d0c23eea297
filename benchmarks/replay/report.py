"""Prints what the replay found."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmarks.replay import delay
from benchmarks.replay.histories import Floats
from benchmarks.replay.learners import LEARNERS
from benchmarks.replay.measures import (
    auc,
    average_precision,
    brier_skill,
    calibration_error,
    interval,
    lift,
    perfect_calibration_error,
    resampled,
    slope,
)
from benchmarks.replay.scoring import BTYD, METHODS, PLAIN, PRODUCT

LEAST_GONE = 5
FALSE_RATES = (1.0, 2.0, 4.0)
ALARM = "order rhythm, chance of the gap"
RULE = "90 days"
OWN = (PRODUCT, PLAIN, ALARM)
OTHERS = ("gradient boosting", "c", "c / median gap", "c / p90 gap")


def zone(name: str, rows: pd.DataFrame) -> None:
    """Print every method's ranking and, of chances, their calibration; then the paired differences."""
    gone = rows["gone"].to_numpy(bool)
    print(f"\n{name}: {len(rows):,} cases, {gone.sum():,} gone")
    if gone.sum() < LEAST_GONE:
        return
    print(f"  {'':38s}  AUC [95 %]             AP    lift   skill  slope    ECE (95th percentile of perfect chances)")
    for method in METHODS:
        seen = rows[rows[method].notna()]
        print(f"  {method:38s}{_line(seen, method)}")
    _differences(rows)


def _line(rows: pd.DataFrame, method: str) -> str:
    gone, score = rows["gone"].to_numpy(bool), rows[method].to_numpy(float)
    low, high = interval(resampled(rows, [method], auc)[method])
    precision, top = average_precision(gone, score), lift(gone, score)
    text = f" {auc(gone, score):.3f} [{low:.3f}, {high:.3f}]  {precision:.3f}  {top:.2f}"
    if method not in (PRODUCT, PLAIN, *BTYD, *LEARNERS):
        return text
    chance = np.clip(score, 0, 1)
    calibrated = f"{brier_skill(gone, chance):7.3f} {slope(gone, chance):6.2f}  {calibration_error(gone, chance):.3f}"
    few = f" ({len(rows):,} cases)" if method in LEARNERS else ""
    return f"{text} {calibrated} ({perfect_calibration_error(chance):.3f}){few}"


def _differences(rows: pd.DataFrame) -> None:
    gone = rows["gone"].to_numpy(bool)
    best = max(BTYD, key=lambda name: auc(gone, rows[name].to_numpy(float)))
    taught = rows.dropna(subset=list(LEARNERS))
    print(f"  order rhythm less the best BTYD score of these cases ({best}): {_paired(rows, best)}")
    for name in LEARNERS:
        if taught["gone"].sum() >= LEAST_GONE:
            print(f"  order rhythm less {name} ({len(taught):,} cases): {_paired(taught, name)}")


def _paired(rows: pd.DataFrame, other: str) -> str:
    gone = rows["gone"].to_numpy(bool)
    product, peer = rows[PRODUCT].to_numpy(float), rows[other].to_numpy(float)
    drawn = resampled(rows, [PRODUCT, other], auc)
    low, high = interval(drawn[PRODUCT] - drawn[other])
    ratio = average_precision(gone, product) / average_precision(gone, peer)
    return (
        f"AUC {auc(gone, product) - auc(gone, peer):+.3f} [{low:+.3f}, {high:+.3f}], AP x {ratio:.2f}, "
        f"lift {lift(gone, product):.2f} against {lift(gone, peer):.2f}"
    )


def strata(rows: pd.DataFrame) -> None:
    """Print the AUC of the product, of the best textbook score and of gradient boosting by rhythm and regularity."""
    best = max(BTYD, key=lambda name: auc(rows["gone"].to_numpy(bool), rows[name].to_numpy(float)))
    print(f"  {'':24s}product  {best}  gradient boosting")
    groups = {
        f"mean gap {low}-{high} d": rows["mean_gap"].between(low, high, inclusive="right")
        for low, high in delay.MEAN_GAPS
    } | {
        "regularity under 1.3": rows["regularity"] < 1.3,
        "regularity 1.3-3": rows["regularity"].between(1.3, 3),
        "regularity over 3": rows["regularity"] > 3,
    }
    for name, chosen in groups.items():
        part = rows[chosen].dropna(subset=list(LEARNERS))
        gone = part["gone"].to_numpy(bool)
        if LEAST_GONE <= gone.sum() < len(part):
            found = "  ".join(
                f"{auc(gone, part[each].to_numpy(float)):.3f}" for each in (PRODUCT, best, "gradient boosting")
            )
            print(f"  {name:24s}{found}   {len(part):,} cases, {gone.sum()} gone")


def alarms(weeks: pd.DataFrame, textbook: str) -> None:
    """Print the median delay after the last order of those who left, at equal false alarms."""
    first, second = delay.halves(weeks)
    print(f"\nalarms: {second['spell'].nunique():,} spells of the second half, days from the last order, median")
    for name in (RULE, delay.NIGHT):
        found = delay.alarms(second, second[name].to_numpy(float), 1.0)
        _delay_line(name, delay.false_rate(second, found), delay.delays(second, found))
    by_rule = [delay.false_rate(half, delay.alarms(half, half[RULE].to_numpy(float), 1.0)) for half in (first, second)]
    for target in (by_rule[0], *FALSE_RATES):
        print(f"  thresholds for {target:.2f} false alarms per 100 account-months on the first half")
        _at_equal_alarms(first, second, (*OWN, textbook, *OTHERS), target)
    print(f"  thresholds for the {by_rule[1]:.2f} of the rule on the second half itself")
    _at_equal_alarms(second, second, (*OWN, textbook, *OTHERS), by_rule[1])


def _at_equal_alarms(taught: pd.DataFrame, judged: pd.DataFrame, names: Sequence[str], target: float) -> None:
    for name in names:
        threshold = delay.threshold_for(taught, _alarm_score(taught, name), target)
        found = delay.alarms(judged, _alarm_score(judged, name), threshold)
        _delay_line(f"  {name}", delay.false_rate(judged, found), delay.delays(judged, found))


def _alarm_score(weeks: pd.DataFrame, name: str) -> Floats:
    # Before a learner could be trained it raises no alarm.
    return -weeks["p_gap_this_long"].to_numpy(float) if name == ALARM else weeks[name].fillna(-1).to_numpy(float)


def _delay_line(name: str, rate: float, found: pd.DataFrame) -> None:
    strata_text = "  ".join(f"{label} {median:.0f} ({count})" for label, median, count in delay.by_gap(found))
    print(f"  {name:42s} {rate:5.2f} false   {strata_text}")


def best_textbook(rows: pd.DataFrame) -> str:
    """Return the BTYD score with the highest AUC."""
    gone = rows["gone"].to_numpy(bool)
    return max(BTYD, key=lambda name: auc(gone, rows[name].to_numpy(float)))


def at_bound(learnt: Sequence[tuple[int, list[str]]]) -> None:
    """Say how often a textbook model's likelihood had no inner maximum."""
    names = pd.Series([name for _, found in learnt for name in found], dtype="object").value_counts()
    text = ", ".join(f"{name}: {count}" for name, count in names.items()) or "none"
    print(f"\nfits at the boundary, of {len(learnt)} days each: {text}")
