"""Months missing in a whole feed raise no mass alarm: a real history with two of them, and a made one."""

import datetime as dt
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from benchmarks.replay.histories import read
from signals.compute.base import Facts, Json
from signals.compute.order_rhythm import OrderRhythm
from signals.compute.score_table import facts_of_table

SIGNAL = OrderRhythm()
RAISED, ALARM_CHANCE = 0.7, 0.01  # an alert opens at this level, or at so small a chance of the gap


@lru_cache
def london() -> Facts:
    return read("london")


@lru_cache
def made() -> Facts:
    """Sixty accounts order every 5 to 24 days; of days 400 to 445 nothing was delivered to us."""
    rng = np.random.default_rng(2)
    rows = []
    for account in range(60):
        days = np.cumsum(rng.gamma(3, rng.uniform(5, 24) / 3, 200)).astype(int)
        rows += [(f"{account:02d}", day) for day in days if day < 700 and not 400 <= day <= 445]
    names, numbers = zip(*rows, strict=True)
    dates = pd.Series(pd.Timestamp("2023-01-02") + pd.to_timedelta(numbers, unit="D")).astype("datetime64[s]")
    return facts_of_table(pd.DataFrame({"customer": names, "day": dates, "amount": 100.0}))[0]


def shares(facts: Facts, params: Json, as_of: dt.date) -> tuple[float, float]:
    """Return the shares of accounts with a level that an alert would open for: by the gap, and by the level."""
    found = SIGNAL.compute(facts, params, as_of)
    details = pd.DataFrame(list(found["details"]), index=found.index)
    active = found["level"].notna() & (details["elapsed_days"] < 200)
    chance = details.loc[active, "p_gap_this_long"].astype(float)
    return float((chance < ALARM_CHANCE).mean()), float((found.loc[active, "level"] >= RAISED).mean())


@pytest.mark.data
@pytest.mark.parametrize("as_of", ["2014-05-28", "2014-06-16", "2016-05-27", "2016-06-10"])
def test_missing_months_of_a_real_history_raise_no_mass_alarm(as_of: str) -> None:
    day = dt.date.fromisoformat(as_of)
    by_gap, by_level = shares(london(), SIGNAL.fit(london(), day), day)
    assert by_gap < 0.02
    assert by_level < 0.03


@pytest.mark.parametrize("number", [430, 445, 447])
def test_missing_month_of_a_made_history_raises_no_mass_alarm(number: int) -> None:
    day = dt.date(2023, 1, 2) + dt.timedelta(days=number)
    params = SIGNAL.fit(made(), day)
    assert max(shares(made(), params, day)) < 0.05
    unaware = shares(made(), {**params, "missing": []}, day)
    assert unaware[0] > 0.3
