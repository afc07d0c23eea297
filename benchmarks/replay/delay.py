"""Alarms week by week: how long after the last order of those who left, at how many false ones.

A spell is the silence after one order day. It counts as a departure when no order follows for a year. An alarm comes
on the first Monday-to-Monday step at which a score reaches its threshold, once a spell; it is false when an order
follows within the account's own horizon after all. Thresholds are set on the spells of the first half of time and
judged on those of the second. Spells that touch missing data are left out for every method alike.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmarks.replay.histories import RARE_GAP, Floats, Histories, eligible
from benchmarks.replay.scoring import PRODUCT, Fitted, scores
from signals.compute.alarm_control import gap_tests
from signals.compute.base import Facts, Status
from signals.compute.rules import DEFAULT_RULES

STEP, YEAR, DAYS_A_MONTH = 7, 365, 30.4375
# Whether the nightly run would have opened an alert: at its own line, not at one set here.
NIGHT = "order rhythm, alert of the night"
MEAN_GAPS = ((0, 10), (10, 20), (20, 35), (35, 60))
BISECTIONS = 40


def weeks(facts: Facts, past: Histories, learnt: Sequence[Fitted]) -> pd.DataFrame:
    """Return one row per account and week of every spell, with its scores; a spell is named by its order row."""
    begin, end = past.origins[0], int(past.table["day"].max())
    parts = []
    for day in range(begin, end, STEP):
        # Rarer buyers and spells that are left out are among those that the night tests together.
        rows = eligible(past.on(day))
        if len(rows):
            fitted = [each for each in learnt if each.day <= day][-1]
            said = scores(fitted, rows, facts, past)
            said[NIGHT] = _opened(said)
            parts.append(pd.concat([rows, said], axis=1)[_watched(rows, past, begin, end)])
    table = pd.concat(parts)
    table = table.assign(spell=table.index, left=table["next"] > table["day"] + YEAR)
    return table.sort_values(["spell", "origin"], ignore_index=True)


def _watched(rows: pd.DataFrame, past: Histories, begin: int, end: int) -> pd.Series:
    last_day = rows["day"]
    hidden = past.hidden(last_day.to_numpy(), np.minimum(rows["next"].to_numpy(), last_day.to_numpy() + YEAR))
    in_time = (last_day >= begin) & (last_day + YEAR <= end)
    return (rows["mean_gap"] <= RARE_GAP) & (rows["silence"] <= YEAR) & in_time & ~hidden


def _opened(said: pd.DataFrame) -> Floats:
    """Return 1 where the night's line for all gaps tested together is crossed."""
    tests = gap_tests(said.assign(status=Status.OK, level=said[PRODUCT]), DEFAULT_RULES.rhythm_alert_chance)
    return np.asarray(said["p_gap_this_long"] < tests.corrected_line, dtype=np.float64)


def halves(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the spells at the middle of time."""
    middle = (table["day"].min() + table["day"].max()) / 2
    return table[table["day"] <= middle], table[table["day"] > middle]


def alarms(table: pd.DataFrame, score: Floats, threshold: float) -> pd.DataFrame:
    """Return the row of the first alarm of every spell that raises one."""
    return table[score >= threshold].drop_duplicates("spell")


def false_rate(table: pd.DataFrame, found: pd.DataFrame) -> float:
    """False alarms per 100 account-months watched."""
    months = len(table) * STEP / DAYS_A_MONTH
    return float(100 * (~found["gone"]).sum() / months)


def threshold_for(table: pd.DataFrame, score: Floats, rate: float) -> float:
    """Return the lowest threshold with at most `rate` false alarms per 100 account-months."""
    levels = np.unique(score)
    low, high = 0, len(levels) - 1
    for _ in range(BISECTIONS):
        if low >= high:
            break
        middle = (low + high) // 2
        if false_rate(table, alarms(table, score, levels[middle])) <= rate:
            high = middle
        else:
            low = middle + 1
    return float(levels[low])


def delays(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return each departure's mean gap and the days from its last order to the alarm; a year where none came."""
    left = table[table["left"]].drop_duplicates("spell").set_index("spell")
    silence = found.set_index("spell")["silence"].reindex(left.index)
    return pd.DataFrame({"mean_gap": left["mean_gap"], "delay": silence.fillna(YEAR)})


def by_gap(delay: pd.DataFrame) -> list[tuple[str, float, int]]:
    """Return the median delay of each stratum of mean gaps, and how many departures it rests on."""
    found = [("all", float(delay["delay"].median()), len(delay))]
    for low, high in MEAN_GAPS:
        part = delay[delay["mean_gap"].between(low, high, inclusive="right")]
        found.append((f"{low}-{high} d", float(part["delay"].median()), len(part)))
    return found
